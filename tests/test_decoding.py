"""An answer's JSON is the same, whether msgspec is installed or not."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tmdb_auth_async import JSON
from tmdb_auth_async.service.decoding import by_python, decoded

values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=10,
)
texts = st.builds(json.dumps, values, ensure_ascii=st.booleans(), indent=st.sampled_from([None, 1])).map(
    lambda text: text.encode("utf-8", "surrogatepass")
)
pieces = st.sampled_from([*'[]{},:"\\-+.eEu0179 \t\n\r', "null", "true", "NaN", "\\ud83d", "\x00", "\ufeff"])
scraps = st.binary(max_size=12) | st.lists(pieces, max_size=12).map(lambda parts: "".join(parts).encode())


def read(body: bytes, reader: Callable[[bytes], JSON]) -> str:
    """Tell what *body* is read as: its repr, which tells `1` from `1.0` and `True`, or that it is no JSON."""
    try:
        return repr(reader(body))
    except (ValueError, RecursionError):
        return "no JSON"


@given(texts | scraps)
@example(b"1E400")
@example(b"-0")
@example(b"18446744073709551616")
@example(b"-9223372036854775809")
@example(b'"\\ud800"')
@example(b'{"a":1,"a":2}')
@example(b"\xef\xbb\xbf{}")
@example(b"[" * 100_000)
@example(b"")
def test_both_read_the_same(body: bytes) -> None:
    """Whatever comes, msgspec and Python make one thing of it, or nothing."""
    assert read(body, decoded) == read(body, by_python)


@pytest.mark.parametrize("reader", [decoded, by_python])
def test_numbers_keep_their_digits(reader: Callable[[bytes], JSON]) -> None:
    """An integer beyond 64 bits is one, and no constant of JavaScript's is a number."""
    assert read(b"[123456789012345678901234567890, 0.1]", reader) == "[123456789012345678901234567890, 0.1]"
    assert read(b"[NaN]", reader) == read(b"-Infinity", reader) == "no JSON"


def test_it_does_without_msgspec() -> None:
    """A bare install reads by Python."""
    program = (
        "import sys; sys.modules['msgspec'] = None;"
        "from tmdb_auth_async.service.decoding import by_python, decoded;"
        "assert decoded is by_python; print(decoded(b' {\"id\": 548} '))"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert done.stdout == "{'id': 548}\n"


def test_it_does_with_msgspec() -> None:
    """Where the extra is installed it is used; else nothing here compares two readers."""
    pytest.importorskip("msgspec", reason="msgspec is the speedups extra")
    assert decoded is not by_python
