"""How soon the commands answer: a process of its own each time, as people start them."""

from __future__ import annotations

import functools
import subprocess
import sys
from pathlib import Path

from tests.bench.measure import Result, measure, ratio

ROOT = Path(__file__).parent.parent.parent
PROMISE = 0.2  # seconds
VERBS = ("register", "update", "delete", "yank", "describe")


def _run(*arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def results() -> list[Result]:
    taken = {verb: measure(functools.partial(_run, "-m", f"scripts.{verb}", "--help")) for verb in VERBS}
    everything = measure(lambda: _run("-c", "import scripts.changes, scripts.forge.client, scripts.sources.describe"))
    compared = {"register": ratio(everything, taken["register"], "with all that it imports for its work")}
    return [
        Result("python -c pass", measure(lambda: _run("-c", "pass"))),
        *(
            Result(f"python -m scripts.{verb} --help", taken[verb], PROMISE, compared=compared.get(verb, ""))
            for verb in VERBS
        ),
    ]
