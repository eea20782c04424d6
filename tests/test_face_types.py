"""The types of the face say what they mean: `Any` stands nowhere but where the language has no better word."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator

import tmdb_auth_async

ALLOWED = re.compile(r"\bCoroutine\[Any, Any, |\bStrategy\[Any\]")
"""What a coroutine yields and is sent, and a strategy whose session may be of any class."""


def _annotations() -> Iterator[tuple[str, str]]:
    """Name each annotation of each public method and property of the classes of the face, with its text."""
    classes = [one for name in tmdb_auth_async.__all__ if inspect.isclass(one := getattr(tmdb_auth_async, name))]
    for one in classes:
        for name, member in inspect.getmembers(one):
            function = member.fget if isinstance(member, property) else member
            if inspect.isfunction(function) and (not name.startswith("_") or name in {"__init__", "__call__"}):
                for part, annotation in function.__annotations__.items():
                    yield f"{one.__name__}.{name}, {part}", str(annotation)


def test_nothing_public_is_untyped() -> None:
    """Answers, arguments and properties have types of their own."""
    found = dict(_annotations())
    assert len(found) > 100
    assert not {where: text for where, text in found.items() if re.search(r"\bAny\b", ALLOWED.sub("", text))}
