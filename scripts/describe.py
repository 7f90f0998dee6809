"""Read a project's releases at their tags, and write what was found as plain data for register or update."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.cli import arguments as cli
from scripts.cli.run import guarded
from scripts.cli.start import start
from scripts.errors import BadValue, NotRegistered, Refused

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from scripts.model import Findings


def parser() -> cli.Parser:
    parser = cli.parser("describe", __doc__)
    parser.add_argument("subject", metavar="REPOSITORY|PACKAGE", help="a repository, or a package of the index here")
    cli.add_tags(parser)
    parser.add_argument("--name", default="", help="the alias that it will be registered under")
    parser.add_argument("--subdirectory", default="", metavar="DIR", help="the project's folder in the repository")
    parser.add_argument("--repository", default="", metavar="URL", help="where the package has moved to")
    cli.add_publish_metadata(parser)
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="where to write what was found")
    return parser


def of_package(arguments: argparse.Namespace) -> Findings:
    """The releases of a package that are not in its record yet."""
    from scripts import changes
    from scripts.cli.index import credential, server, texts
    from scripts.sources import address
    from scripts.sources.describe import describe
    from scripts.workspace import Folder

    index = Folder(Path())
    try:
        name = changes.known_name(index.read("index.html"), arguments.subject)
    except NotRegistered as error:
        why = f"is no package of this index, and no repository: write a repository as owner/name{error.hint}"
        raise BadValue("REPOSITORY|PACKAGE", arguments.subject, why) from None
    package = changes.package(texts(index, name), name)
    written = address.parse(arguments.repository, server()) if arguments.repository else address.Address("")
    repository = written.url or package.repository
    return describe(
        repository,
        tag=cli.tag("describe", arguments, written.tag),
        all_tags=arguments.all_tags,
        subdirectory=arguments.subdirectory or package.subdirectory,
        names=[package.name, package.project],
        known=[release.version for release in package.releases],
        publish_metadata=package.publish_metadata,
        credential=credential(repository),
    )


def of_repository(arguments: argparse.Namespace) -> Findings:
    """The releases of a repository that is to be registered."""
    from scripts.cli.index import credential, server
    from scripts.sources import address
    from scripts.sources.describe import describe

    written = address.parse(arguments.subject, server())
    return describe(
        written.url,
        tag=cli.tag("describe", arguments, written.tag),
        all_tags=arguments.all_tags,
        subdirectory=arguments.subdirectory or written.subdirectory,
        names=[arguments.name] if arguments.name else [],
        publish_metadata=arguments.publish_metadata,
        credential=credential(written.url),
    )


def work(argv: Sequence[str] | None) -> None:
    arguments = parser().parse_args(argv)
    from scripts.forge import report
    from scripts.sources import handover

    is_name = re.fullmatch(r"[\w.-]+", arguments.subject) and not arguments.subject.startswith(".")
    findings = of_package(arguments) if is_name else of_repository(arguments)
    try:
        arguments.out.write_text(handover.dump(findings), "utf-8")
    except OSError as error:
        raise Refused(f"cannot write {arguments.out}", f"{error.strerror}: check --out") from error
    for described in findings.found:
        print(f"{described.project} {described.release.version}: {described.release.tag}, {described.release.commit}")
    for tag, reason in findings.left_out:
        report.notice(f"left out the tag {tag}: {reason}")
    if not findings.found:
        print(f"{arguments.subject}: no release that is not there already")


def main(argv: Sequence[str] | None = None) -> int:
    return guarded(lambda: work(argv))


if __name__ == "__main__":
    start(main)
