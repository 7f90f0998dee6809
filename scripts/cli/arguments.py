"""The arguments that the verbs have in common."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import NoReturn

from scripts.errors import BadUsage


class Parser(argparse.ArgumentParser):
    """A parser whose complaints are errors like all others: one line that says what to do."""

    def error(self, message: str) -> NoReturn:
        raise BadUsage(self.prog, message if len(message) <= 300 else f"{message[:300]}…")


def parser(verb: str, purpose: str) -> Parser:
    """The parser of a verb. An option that is given an empty text counts as not given: forms send those."""
    return Parser(prog=f"python -m scripts.{verb}", description=purpose, allow_abbrev=False)


def path(text: str) -> Path | None:
    """The value of an option that names a file or a folder."""
    return Path(text) if text else None


def add_root(parser: Parser) -> None:
    """Where the index is."""
    parser.add_argument("--root", type=Path, default=Path(), metavar="DIR", help="the index's folder (default: here)")


def add_index(parser: Parser) -> None:
    """Where the index is, and what becomes of the change."""
    add_root(parser)
    parser.add_argument(
        "--pull-request",
        action="store_true",
        help="open a pull request on GITHUB_REPOSITORY with GITHUB_TOKEN, and leave the files under DIR as they are",
    )


def add_tags(parser: Parser) -> None:
    """Which releases to take."""
    parser.add_argument("--tag", default="", help="the release's tag (default: the newest release that is not there)")
    parser.add_argument("--all-tags", action="store_true", help="every release tag that is not there")


def add_release_file(parser: Parser) -> None:
    parser.add_argument(
        "--release",
        type=path,
        metavar="FILE",
        help="what describe found, instead of reading the repository",
    )


def add_texts(parser: Parser) -> None:
    """What a person says of the package, whatever the project says."""
    parser.add_argument("--summary", default="", metavar="TEXT", help="one line about the package")
    parser.add_argument("--author", default="", metavar="TEXT", help="who makes it")
    parser.add_argument("--homepage", default="", metavar="URL", help="where to read more")


def add_publish_metadata(parser: Parser) -> None:
    parser.add_argument(
        "--publish-metadata",
        type=lambda text: text or "auto",
        default="auto",
        choices=("auto", "always", "never"),
        help="show summary, dependencies, README …: auto shows them unless the repository is private (default)",
    )


def _follow(text: str) -> str:
    if text not in ("", "stable", "pre", "none"):
        raise argparse.ArgumentTypeError(f"{text!r} is none of stable, pre, none")
    return text


def add_follow(parser: Parser) -> None:
    parser.add_argument(
        "--follow",
        type=_follow,
        default="",
        metavar="stable|pre|none",
        help="which new releases sync proposes by itself: stable ones, pre-releases too, or none",
    )


def tag(verb: str, arguments: argparse.Namespace, written: str = "") -> str:
    """The tag that a request names, as an option or (`written`) behind the address; "" for none.

    Raises BadUsage when the request asks for all tags, too.
    """
    named: str = arguments.tag or written
    if named and arguments.all_tags:
        raise BadUsage(f"python -m scripts.{verb}", "--tag and --all-tags exclude each other: give one of them")
    return named
