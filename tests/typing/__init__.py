"""Programs that are never run: mypy and pyright read them, see tests/test_typing.py."""
