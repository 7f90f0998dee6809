"""Bring every open pull request of this index up to date with main, by element: no conflict is left to a person."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from scripts.cli import arguments as cli
from scripts.cli.run import guarded
from scripts.cli.start import start

if TYPE_CHECKING:
    from collections.abc import Sequence


def parser() -> cli.Parser:
    parser = cli.parser("refresh", __doc__)
    parser.add_argument("numbers", nargs="*", type=int, metavar="NUMBER", help="only these pull requests")
    parser.add_argument("--root", type=Path, default=Path(), metavar="DIR", help="a checkout of main (default: here)")
    return parser


def work(argv: Sequence[str] | None) -> None:
    arguments = parser().parse_args(argv)
    from scripts.cli.refreshing import refresh
    from scripts.forge.client import connect
    from scripts.forge.open_requests import OpenRequests
    from scripts.workspace import Folder

    refresh(OpenRequests(connect(), Folder(arguments.root).root), arguments.numbers)


def main(argv: Sequence[str] | None = None) -> int:
    return guarded(lambda: work(argv))


if __name__ == "__main__":
    start(main)
