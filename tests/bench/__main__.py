"""Print the table."""

from __future__ import annotations

import argparse
import importlib
import os
import platform

from tests.bench.measure import table

SUBJECTS = ("startup", "verbs", "installing", "sites", "watching")  # each a module with `results()`


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("subjects", nargs="*", metavar="SUBJECT", help=f"one of {', '.join(SUBJECTS)} (default: all)")
    wanted = parser.parse_args(argv).subjects or SUBJECTS
    if unknown := set(wanted) - set(SUBJECTS):
        parser.error(f"no such subject: {', '.join(sorted(unknown))}")
    results = []
    for subject in wanted:
        results += importlib.import_module(f"tests.bench.{subject}").results()
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    print(f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} processors, load {load}\n")
    print(table(results))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
