"""Take a release away, or a whole package: without a version, or with its last one."""

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
    parser = cli.parser("delete", __doc__)
    parser.add_argument("package", metavar="PACKAGE", help="the package's name on this index")
    parser.add_argument("--version", default="", help="the release to take away (default: the whole package)")
    cli.add_index(parser)
    return parser


def change(arguments: argparse.Namespace, index: Index) -> ChangeSet:
    from scripts import changes
    from scripts.cli.index import texts

    name = changes.known_name(index.read("index.html"), arguments.package)
    return changes.delete(texts(index, name), name, arguments.version)


def main(argv: Sequence[str] | None = None) -> int:
    return run(parser(), argv, change)


if __name__ == "__main__":
    start(main)
