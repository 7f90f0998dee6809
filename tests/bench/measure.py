"""Timing and the table: medians of several runs, what was promised, and how two ways compare."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

TIMES = 7


@dataclass(frozen=True)
class Result:
    """A line of the table: how long it takes (median, in seconds), or another number with its unit.

    `promise` is the most that it may be, None without one; `times` says how many times as long as this another way
    takes, with that way's name.
    """

    what: str
    value: float
    promise: float | None = None
    unit: str = "s"
    times: tuple[float, str] | None = None

    @property
    def holds(self) -> bool:
        return self.promise is None or self.value <= self.promise


def measure(work: Callable[[], object], times: int = TIMES, prepare: Callable[[], object] | None = None) -> float:
    """The median of how long some work takes, in seconds, after one run that does not count."""
    taken = []
    for _ in range(times + 1):
        if prepare:
            prepare()
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken[1:])


def table(results: Iterable[Result]) -> str:
    """The results as lines of text."""
    rows = [("", "median", "promise", "compared")]
    for result in results:
        promise = "" if result.promise is None else f"≤ {_number(result.promise, result.unit)}"
        compared = f"{result.times[1]}: {result.times[0]:.1f} × as long" if result.times else ""
        shown = _number(result.value, result.unit) + ("" if result.holds else "  MISSED")
        rows.append((result.what, shown, promise, compared))
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def _number(value: float, unit: str) -> str:
    return f"{value:.3f} {unit}" if unit == "s" else f"{value:g} {unit}"
