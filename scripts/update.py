"""Bring a package up to date: add releases that are not there yet, or change what the index says of it."""

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
    parser = cli.parser("update", __doc__)
    parser.add_argument("package", metavar="PACKAGE", help="the package's name on this index")
    cli.add_tags(parser)
    parser.add_argument("--repository", default="", metavar="URL", help="where the project has moved to")
    cli.add_texts(parser)
    cli.add_follow(parser)
    cli.add_release_file(parser)
    cli.add_index(parser)
    return parser


def change(arguments: argparse.Namespace, index: Index) -> ChangeSet:
    from scripts import changes
    from scripts.cli.findings import find
    from scripts.cli.index import credential, server, texts
    from scripts.sources import address, git

    typed = changes.Typed(arguments.summary, arguments.author, arguments.homepage)
    written = address.parse(arguments.repository, server()) if arguments.repository else address.Address("")
    tag = cli.tag("update", arguments, written.tag)
    name = changes.known_name(index.read("index.html"), arguments.package)
    found = texts(index, name)
    package = changes.package(found, name)
    findings = None
    if tag or arguments.all_tags or arguments.release or not (typed.given() or written.url or arguments.follow):
        findings = find(
            arguments,
            written.url or package.repository,
            tag=tag,
            subdirectory=package.subdirectory,
            names=[package.name, package.project],
            known=[release.version for release in package.releases],
            publish_metadata=package.publish_metadata,
        )
    elif written.url:
        git.tags(written.url, credential(written.url))  # it must be there, though nothing of it is added
    return changes.update(found, name, findings, typed, written.url, tag, arguments.follow)


def main(argv: Sequence[str] | None = None) -> int:
    return run(parser(), argv, change)


if __name__ == "__main__":
    start(main)
