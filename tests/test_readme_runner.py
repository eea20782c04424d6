"""The examples of a page are found, and run as their reader would run them."""

from __future__ import annotations

from pathlib import Path

import pytest

from .readme_blocks import Block, python_blocks
from .readme_runner import asked_for, imports_by_itself, is_test_file, run, run_pytest

PAGE = """
# A page

```python
import asyncio
answer = await asyncio.sleep(0, result=7)
```

```sh
python -m nothing
```

- in a list:

  ```python
  raise LookupError("here")
  ```

<!-- not run: it needs a server -->

```python
raise AssertionError
```
"""


def _page(folder: Path, text: str) -> Path:
    page = folder / "PAGE.md"
    page.write_text(text, encoding="utf-8")
    return page


def _block(source: str) -> Block:
    return Block(Path("PAGE.md"), 1, source)


def test_python_blocks_are_found_with_their_lines(tmp_path: Path) -> None:
    """Only what is fenced as Python counts, and an indented block is read from its own margin."""
    blocks = python_blocks(_page(tmp_path, PAGE))
    assert [(block.name, block.not_run) for block in blocks] == [
        ("PAGE.md:5", None),
        ("PAGE.md:16", None),
        ("PAGE.md:22", "it needs a server"),
    ]
    assert blocks[1].source == 'raise LookupError("here")\n'


@pytest.mark.parametrize("mark", ["<!-- not run -->", "<!-- not run: -->", "<!-- test: skip because it is slow -->"])
def test_a_mark_without_a_reason_is_refused(mark: str, tmp_path: Path) -> None:
    """A block can only be left out by saying why."""
    with pytest.raises(ValueError, match=r"PAGE\.md:2: .*not run: reason"):
        python_blocks(_page(tmp_path, f"{mark}\n```python\nwork()\n```\n"))


def test_a_fence_that_stays_open_is_refused(tmp_path: Path) -> None:
    """A block whose end was forgotten is not passed over in silence."""
    with pytest.raises(ValueError, match=r"PAGE\.md:2: .*never closed"):
        python_blocks(_page(tmp_path, "text\n```python\nwork()\n"))


async def test_a_block_may_await_and_is_given_names(tmp_path: Path) -> None:
    """Its names are there afterwards, and what it needs is handed in."""
    first = python_blocks(_page(tmp_path, PAGE))[0]
    assert (await run(first, {}))["answer"] == 7
    assert (await run(_block("total = given + 1"), {"given": 1}))["total"] == 2


async def test_a_block_that_never_awaits_may_run_a_loop(tmp_path: Path) -> None:
    """A whole program with `asyncio.run` in it works as it stands."""
    source = "import asyncio\nif __name__ == '__main__':\n    done = asyncio.run(asyncio.sleep(0, result='done'))"
    assert (await run(_block(source), {}))["done"] == "done"


async def test_an_error_points_into_the_page(tmp_path: Path) -> None:
    """A failing block's traceback names the page's own line."""
    block = python_blocks(_page(tmp_path, PAGE))[1]
    with pytest.raises(LookupError, match="here") as caught:
        await run(block, {})
    assert (str(caught.traceback[-1].path), caught.traceback[-1].lineno + 1) == (str(block.file), 16)


async def test_a_block_that_hangs_is_ended() -> None:
    """A block that waits for ever fails within its time."""
    with pytest.raises(TimeoutError):
        await run(_block("import asyncio\nawait asyncio.Event().wait()"), {}, timeout_s=0.01)


def test_what_a_block_asks_for_is_known() -> None:
    """Names that it makes itself, by assignment, `as` or as a parameter, are not asked for."""
    block = _block(
        "async with manager.session(guest) as ada:\n    mine = ada.id\ndef show(text):\n    send(text, mine)\n"
    )
    assert asked_for(block) == {"manager", "guest", "send"}
    assert not imports_by_itself(block)
    assert imports_by_itself(_block("def later():\n    import json"))


async def test_a_block_of_tests_is_run_by_pytest(tmp_path: Path) -> None:
    """Tests in an example pass in a project of their own, and what fails there fails here."""
    passing = _block("async def test_it():\n    assert True\n")
    assert is_test_file(passing)
    assert not is_test_file(_block("def tested():\n    pass\n"))
    await run_pytest(passing, tmp_path)
    with pytest.raises(AssertionError, match="1 failed"):
        await run_pytest(_block("def test_it():\n    assert False\n"), tmp_path)
