"""One run of a verb: read the index, ask for the change, write it or propose it, and say what became of it.

What takes long to import is imported where it is used, here and in the entry points: --help does not wait for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scripts.errors import Error
from scripts.forge import report

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

    from scripts.change_set import ChangeSet
    from scripts.cli.arguments import Parser
    from scripts.cli.index import Index
    from scripts.forge.main_branch import MainBranch


def run(parser: Parser, argv: Sequence[str] | None, change: Callable[[argparse.Namespace, Index], ChangeSet]) -> int:
    """Carry out a verb; its exit status. `change` makes the change set, from the arguments and the index."""
    return guarded(lambda: _run(parser.parse_args(argv), change))


def guarded(work: Callable[[], None]) -> int:
    """Do some work; 0, or 1 after saying in one line what went wrong, or 130 when somebody has interrupted it."""
    try:
        work()
    except Error as error:
        report.failure(str(error))
        return 1
    except KeyboardInterrupt:
        report.failure("interrupted: run again, a second run completes the work")
        return 130
    return 0


def _run(arguments: argparse.Namespace, change: Callable[[argparse.Namespace, Index], ChangeSet]) -> None:
    from scripts.workspace import Folder

    folder = Folder(arguments.root)
    if arguments.pull_request:
        from scripts.forge.client import connect
        from scripts.forge.main_branch import MainBranch

        main = MainBranch(connect(), folder.root)
        _propose(main, change(arguments, main))
    else:
        change_set = change(arguments, folder)
        folder.write(change_set.files)
        _say(change_set)


def _propose(main: MainBranch, change_set: ChangeSet) -> None:
    from scripts.cli.index import server
    from scripts.forge.body import Review, body
    from scripts.forge.proposal import Proposal, propose
    from scripts.sources.pypi import look_up

    if not change_set.files:
        _say(change_set)
        return
    review = Review(
        change_set.verb,
        change_set.name,
        change_set.before,
        change_set.after,
        change_set.added,
        change_set.left_out,
        look_up(change_set.name),
    )
    text = body(review, server())
    proposed = propose(main, Proposal(change_set.branch, change_set.title, text, change_set.files))
    report.notice(f"{change_set.title}: pull request {proposed.outcome}: {proposed.url}")
    report.summary(f"### [{change_set.title}](<{proposed.url}>)\n\nThe pull request {proposed.outcome}.\n\n{text}")


def _say(change_set: ChangeSet) -> None:
    """Print what changed in the folder."""
    if change_set.files:
        print(change_set.title)
    else:
        report.notice(f"{change_set.name}: nothing to change, the index says it already")
    for path, text in sorted(change_set.files.items()):
        print(f"  {'removed' if text is None else 'wrote'} {path}")
    for tag, reason in change_set.left_out:
        report.notice(f"left out the tag {tag}: {reason}")
