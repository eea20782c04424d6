"""Many measurements as a median and its spread."""

from __future__ import annotations

from collections.abc import Iterable
from statistics import median, quantiles
from typing import Self

import attrs


@attrs.frozen
class Spread:
    """The median of some numbers, their quartiles, and the least and the most."""

    median: float
    low: float
    high: float
    least: float
    most: float

    @classmethod
    def of(cls, numbers: Iterable[float]) -> Self:
        """Describe *numbers*, of which there is at least one."""
        known = sorted(numbers)
        low, _, high = quantiles(known, n=4, method="inclusive") if len(known) > 1 else known * 3
        return cls(median(known), low, high, known[0], known[-1])

    def __format__(self, spec: str) -> str:
        """Show the median and, after it, the least and the most."""
        return f"{self.median:{spec}} ({self.least:{spec}}..{self.most:{spec}})"


def ratios(numbers: Iterable[float], others: Iterable[float]) -> Spread:
    """Describe the ratios of *numbers* to *others*, pair by pair, as each round has measured both."""
    return Spread.of(number / other for number, other in zip(numbers, others, strict=True))
