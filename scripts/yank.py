"""Yank a release (PEP 592): installers take it only when its version is asked for. Or take that back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scripts.cli import arguments as cli
from scripts.cli.run import run
from scripts.cli.start import start

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from scripts.change_set import ChangeSet
    from scripts.cli.index import Index


def parser() -> cli.Parser:
    parser = cli.parser("yank", __doc__)
    parser.add_argument("package", metavar="PACKAGE", help="the package's name on this index")
    parser.add_argument("version", metavar="VERSION", help="the release")
    parser.add_argument("--reason", default="", metavar="TEXT", help="why; installers show it")
    parser.add_argument("--undo", action="store_true", help="offer the release again")
    cli.add_index(parser)
    return parser


def change(arguments: argparse.Namespace, index: Index) -> ChangeSet:
    from scripts import changes
    from scripts.cli.index import texts

    name = changes.known_name(index.read("index.html"), arguments.package)
    return changes.yank(texts(index, name), name, arguments.version, arguments.reason, arguments.undo)


def main(argv: Sequence[str] | None = None) -> int:
    return run(parser(), argv, change)


if __name__ == "__main__":
    start(main)
