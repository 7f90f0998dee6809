"""Propose the new releases of packages: tags that are newer than what the index has, read from their repositories.

One update for each package. Ends with 1 where a package could not be looked at or proposed; the others were.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from scripts.cli import arguments as cli
from scripts.cli.run import Failures, guarded, say
from scripts.cli.start import start
from scripts.errors import BadUsage

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence


def parser() -> cli.Parser:
    parser = cli.parser("sync", __doc__)
    parser.add_argument("packages", nargs="*", metavar="PACKAGE", help="packages of this index (default: all)")
    parser.add_argument("--out", type=cli.path, metavar="DIR", help="only look, and write what is new into DIR")
    parser.add_argument("--releases", type=cli.path, metavar="DIR", help="what --out wrote, instead of looking")
    cli.add_index(parser)
    return parser


def work(arguments: argparse.Namespace, failures: Failures) -> None:
    from scripts.cli import syncing
    from scripts.workspace import Folder

    folder = Folder(arguments.root)
    if arguments.out and (arguments.releases or arguments.pull_request):
        raise BadUsage("python -m scripts.sync", "--out only looks: leave --releases and --pull-request out")
    if arguments.pull_request and not arguments.releases and os.environ.get("GITHUB_ACTIONS") == "true":
        raise BadUsage("--pull-request", "in Actions, sync takes releases from its own --out alone: give --releases")
    if arguments.releases:
        found = syncing.take_over(arguments.releases, failures)
    else:
        found = syncing.find(folder, [name for name in arguments.packages if name], failures)
    if arguments.out:
        syncing.hand_over(found, arguments.out)
    elif arguments.pull_request:
        from scripts.forge.client import connect
        from scripts.forge.main_branch import MainBranch

        syncing.propose(MainBranch(connect(), folder.root), found, failures)
    else:
        for change in syncing.edit(folder, found, failures):
            say(change)
    count = "1 package" if len(found) == 1 else f"{len(found) or 'no'} packages"
    print(f"{count} with new releases" + (f", {len(failures.lines)} failed" if failures.lines else ""))


def main(argv: Sequence[str] | None = None) -> int:
    failures = Failures()
    return guarded(lambda: work(parser().parse_args(argv), failures)) or int(bool(failures.lines))


if __name__ == "__main__":
    start(main)
