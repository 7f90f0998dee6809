"""Put a package on the index: a new card, and a record with its first release."""

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
    parser = cli.parser("register", __doc__)
    parser.add_argument("repository", metavar="REPOSITORY", help="owner/name, a git URL, or a local path")
    cli.add_tags(parser)
    parser.add_argument("--name", default="", help="an alias (default: the name that the project gives itself)")
    parser.add_argument("--subdirectory", default="", metavar="DIR", help="the project's folder in the repository")
    cli.add_texts(parser)
    cli.add_publish_metadata(parser)
    cli.add_release_file(parser)
    cli.add_index(parser)
    return parser


def change(arguments: argparse.Namespace, index: Index) -> ChangeSet:
    from scripts import changes
    from scripts.cli.findings import find
    from scripts.cli.index import server, texts
    from scripts.sources import address

    typed = changes.Typed(arguments.summary, arguments.author, arguments.homepage)
    written = address.parse(arguments.repository, server())
    tag = cli.tag("register", arguments, written.tag)
    if arguments.name:  # before a repository is read for nothing
        changes.free_name(index.read("index.html"), index.entries(), arguments.name)
    findings = find(
        arguments,
        written.url,
        tag=tag,
        subdirectory=arguments.subdirectory or written.subdirectory,
        names=[arguments.name] if arguments.name else [],
        publish_metadata=arguments.publish_metadata,
    )
    name = changes.name_for(findings, arguments.name)
    return changes.register(texts(index, name), findings, arguments.name, typed, arguments.publish_metadata)


def main(argv: Sequence[str] | None = None) -> int:
    return run(parser(), argv, change)


if __name__ == "__main__":
    start(main)
