"""Timing and the table: medians of several runs, what was promised, and how two ways compare."""

from __future__ import annotations

import resource
import statistics
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

TIMES = 7


class Taken(NamedTuple):
    """How long some work takes by the clock, and on processors (its child processes too), in seconds."""

    clock: float
    processor: float


@dataclass(frozen=True)
class Result:
    """A line of the table: how long something takes, or a count with its unit.

    `promise` is the most that it may be by the clock, None without one; `compared` says how it stands to another way.
    """

    what: str
    value: Taken | float
    promise: float | None = None
    unit: str = "s"
    compared: str = ""

    @property
    def holds(self) -> bool:
        value = self.value.clock if isinstance(self.value, Taken) else self.value
        return self.promise is None or value <= self.promise

    def cells(self) -> tuple[str, ...]:
        value, processor = self.value if isinstance(self.value, Taken) else (self.value, None)
        promise = "" if self.promise is None else f"{'' if self.holds else 'MISSED '}<= {self._number(self.promise)}"
        return (
            self.what,
            self._number(value),
            "" if processor is None else self._number(processor),
            promise,
            self.compared,
        )

    def _number(self, value: float) -> str:
        return f"{value:.3f} s" if self.unit == "s" else f"{value:g} {self.unit}"


def measure(work: Callable[[], object], times: int = TIMES, prepare: Callable[[], object] | None = None) -> Taken:
    """The medians of how long some work takes, after one run that does not count; 0: of what can be done but once."""
    taken = []
    for _ in range(times + 1):
        if prepare:
            prepare()
        clock, processor = time.perf_counter(), _processor()
        work()
        taken.append((time.perf_counter() - clock, _processor() - processor))
    return Taken(*(statistics.median(column) for column in zip(*(taken[1:] or taken), strict=True)))


def ratio(other: Taken, ours: Taken, name: str) -> str:
    """How much longer another way takes, on processors, which other work on the machine disturbs least."""
    return f"{name}: {other.processor / ours.processor:.1f} times as long"


def _processor() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def table(results: Iterable[Result]) -> str:
    """The results as lines of text."""
    rows = [("", "clock", "processor", "promise", "compared"), *(result.cells() for result in results)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    return "\n".join(line.rstrip() for line in lines)
