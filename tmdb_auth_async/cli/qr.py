"""A QR code for a terminal: two of its rows in each line."""

from __future__ import annotations

import segno
from rich.text import Text

_BORDER = 2
_SIGNS = {(0, 0): "█", (0, 1): "▀", (1, 0): "▄", (1, 1): " "}
"""What stands for an upper and a lower module, of which 1 is dark."""

_STYLE = "bright_white on black"


def qr_code(text: str, *, columns: int, lines: int) -> Text | None:
    """Return *text* as a QR code, or `None` when it does not fit into so many columns and lines."""
    try:
        code = segno.make(text, error="l", micro=False)
    except segno.DataOverflowError:  # no QR code is that large
        return None
    rows = [bytes(row) for row in code.matrix_iter(border=_BORDER)]
    if len(rows[0]) > columns or (len(rows) + 1) // 2 > lines:
        return None
    rows += [bytes(len(rows[0]))] * (len(rows) % 2)
    drawn = ["".join(_SIGNS[pair] for pair in zip(*rows[at : at + 2], strict=True)) for at in range(0, len(rows), 2)]
    return Text("\n".join(drawn), style=_STYLE, no_wrap=True)
