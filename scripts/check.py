"""Hold an index, or what a pull request changes of it, to the rules that its records and cards keep.

Ends with 1 where something has to be mended; each problem is a line.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from scripts.cli import arguments as cli
from scripts.cli.run import Failures, guarded
from scripts.cli.start import start
from scripts.forge import report

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence


def parser() -> cli.Parser:
    parser = cli.parser("check", __doc__)
    cli.add_root(parser)
    parser.add_argument("--base", default="", metavar="REV", help="only what differs from this commit (default: all)")
    parser.add_argument(
        "--branch",
        default="",
        help="the branch that is checked (default: as Actions or git say): on index/… no other file may change",
    )
    parser.add_argument(
        "--install",
        action="store_true",
        help="install the changed releases from the site, with pip and uv: their code runs",
    )
    return parser


def work(arguments: argparse.Namespace, failures: Failures) -> None:
    from scripts.cli import checking
    from scripts.sources import git
    from scripts.workspace import Folder

    folder = Folder(arguments.root)
    before = checking.Before.at(folder.root, arguments.base) if arguments.base else None
    if arguments.install:
        checking.try_installing(folder, checking.changed_releases(folder, before), failures)
        return
    branch = arguments.branch or os.environ.get("GITHUB_HEAD_REF", "") or (git.branch(folder.root) if before else "")
    for problem in checking.problems(folder, before, branch):
        failures.add(problem)
    if not failures.lines:
        done = "All is well: what was checked keeps the rules."
        print(done)
        report.summary(done)


def main(argv: Sequence[str] | None = None) -> int:
    failures = Failures()
    return guarded(lambda: work(parser().parse_args(argv), failures)) or int(bool(failures.lines))


if __name__ == "__main__":
    start(main)
