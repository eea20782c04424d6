"""The QR codes that the command line draws."""

from __future__ import annotations

import segno

from tmdb_auth_async.cli.qr import qr_code

URL = "https://www.themoviedb.org/authenticate/" + "0123456789" * 4
MODULES = {"█": (0, 0), "▀": (0, 1), "▄": (1, 0), " ": (1, 1)}


def test_what_is_drawn_is_the_code() -> None:
    """Read back, module by module, it is segno's matrix with its light border."""
    drawn = qr_code(URL, columns=80, lines=40)
    assert drawn is not None
    assert drawn.style == "bright_white on black"
    halves = [[MODULES[sign] for sign in line] for line in drawn.plain.splitlines()]
    rows = [bytes(pair[half] for pair in line) for line in halves for half in (0, 1)]
    matrix = [bytes(row) for row in segno.make(URL, error="l", micro=False).matrix_iter(border=2)]
    assert rows[: len(matrix)] == matrix
    assert not any(map(any, rows[len(matrix) :]))


def test_a_code_that_does_not_fit_is_none() -> None:
    """Too few columns or lines for the whole of it."""
    drawn = qr_code(URL, columns=80, lines=40)
    assert drawn is not None
    lines = drawn.plain.splitlines()
    assert qr_code(URL, columns=len(lines[0]), lines=len(lines)) is not None
    assert qr_code(URL, columns=len(lines[0]) - 1, lines=len(lines)) is None
    assert qr_code(URL, columns=len(lines[0]), lines=len(lines) - 1) is None


def test_a_text_too_long_for_any_code_is_none() -> None:
    """However large the terminal."""
    assert qr_code(URL * 100, columns=10_000, lines=10_000) is None
