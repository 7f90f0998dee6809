"""Bring two edits of index.html or of a record together, by element. A git merge driver: %O %A %B %P."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.cli import arguments as cli
from scripts.cli.run import guarded
from scripts.cli.start import start

if TYPE_CHECKING:
    from collections.abc import Sequence


def parser() -> cli.Parser:
    parser = cli.parser("merge", __doc__)
    parser.add_argument("base", type=Path, metavar="BASE", help="the page as both sides had it (empty: neither did)")
    parser.add_argument("ours", type=Path, metavar="OURS", help="the page of one side; the result is written here")
    parser.add_argument("theirs", type=Path, metavar="THEIRS", help="the page of the other side")
    parser.add_argument("path", nargs="?", default="", metavar="PATH", help="what to call the page in messages")
    return parser


def work(argv: Sequence[str] | None) -> None:
    """Merge. Where that leaves a conflict, OURS gets git's own markers, line by line, and the error is raised."""
    arguments = parser().parse_args(argv)
    from scripts.errors import Error, Refused

    try:
        from scripts.pages.merging.page import merge
        from scripts.pages.merging.threeway import marked_lines
        from scripts.workspace import Folder
    except ModuleNotFoundError:  # or git would take one side for the merge
        subprocess.run(["git", "merge-file", arguments.ours, arguments.base, arguments.theirs], check=False)
        raise

    files = (arguments.base, arguments.ours, arguments.theirs)
    for file in files:
        if not (file.is_file() or file.is_char_device()):  # /dev/null is an empty base
            raise Refused(f"{file} is not there, or no file", "give BASE, OURS and THEIRS, as git does")
    base, ours, theirs = (Folder(file.parent).read(file.name) for file in files)
    result = arguments.ours
    try:
        text = merge(arguments.path or str(result), base, ours, theirs)
    except Error:
        Folder(result.parent).write({result.name: marked_lines(base, ours, theirs)})
        raise
    Folder(result.parent).write({result.name: text})


def main(argv: Sequence[str] | None = None) -> int:
    return guarded(lambda: work(argv))


if __name__ == "__main__":
    start(main)
