"""Times and sizes of a command, as the benchmarks of the published site take them."""

from __future__ import annotations

import contextlib
import resource
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True)
class Cost:
    """What a command took: seconds by the clock and of all processors, and the most memory at once, in MB.

    What its children took is in it. Processes that end meanwhile in this one's other threads count as well.
    """

    seconds: float
    processors: float
    memory: float


def cost(
    command: Sequence[str], environment: Mapping[str, str], cwd: Path | None = None, *, memory: bool = False
) -> Cost:
    """Run a command, which must go well. To look at its `memory` ten times a second takes some time itself."""
    started, most, before = time.perf_counter(), 0.0, _processors()
    with subprocess.Popen(
        command,
        env=environment,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    ) as process:
        while True:
            try:
                printed, _ = process.communicate(timeout=0.1 if memory else None)
                break
            except subprocess.TimeoutExpired:
                most = max(most, _memory(process.pid))
    assert process.returncode == 0, printed.decode()
    return Cost(time.perf_counter() - started, _processors() - before, most)


def _processors() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _memory(session: int) -> float:
    """The memory of all processes of a session in MB, pages that they share counted once (Linux alone tells)."""
    total = 0
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, ValueError):
            if int((folder / "stat").read_text().rpartition(")")[2].split()[3]) == session:
                lines = (folder / "smaps_rollup").read_text().splitlines()
                total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024
