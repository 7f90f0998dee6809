"""How soon the commands answer: a process of its own each time, as people start them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.bench.measure import Result, measure

ROOT = Path(__file__).parent.parent.parent
PROMISE = 0.2  # seconds
VERBS = ("register", "update", "delete", "yank", "describe")


def _run(*arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def results() -> list[Result]:
    bare = measure(lambda: _run("-c", "pass"))
    everything = measure(lambda: _run("-c", "import scripts.changes, scripts.forge.client, scripts.sources.describe"))
    made = [Result("python -c pass", bare)]
    for verb in VERBS:
        taken = measure(lambda verb=verb: _run("-m", f"scripts.{verb}", "--help"))  # type: ignore[misc]
        made.append(Result(f"python -m scripts.{verb} --help", taken, PROMISE))
    register = made[1].value
    made[1] = Result(made[1].what, register, PROMISE, times=(everything / register, "with all that a verb imports"))
    return made
