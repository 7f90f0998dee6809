"""One run of a verb: read the index, ask for the change, write it or propose it, and say what became of it.

What takes long to import is imported where it is used, here and in the entry points: --help does not wait for it.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scripts.errors import Declined, Error, Refused
from scripts.forge import report

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator, Sequence

    from scripts.change_set import ChangeSet
    from scripts.cli.arguments import Parser
    from scripts.cli.index import Index


@dataclass
class Failures:
    """What went wrong with single packages, while the others went on: a line each."""

    lines: list[str] = field(default_factory=list)

    @contextlib.contextmanager
    def of(self, name: str) -> Iterator[None]:
        """Report an error of this package, and go on; but not where GitHub refuses altogether."""
        try:
            yield
        except Error as error:
            if isinstance(error, Refused) and not isinstance(error, Declined):
                raise
            self.add(f"{name}: {error}")

    def add(self, line: str) -> None:
        report.failure(line, more=bool(self.lines))
        self.lines.append(line)


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
    except ModuleNotFoundError as error:
        if (error.name or "scripts").partition(".")[0] == "scripts":
            raise
        mend = "pip install -r requirements.txt, or use .venv/bin/python once `make demo` has made it"
        report.failure(f"this Python has no {error.name}: {mend}")
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
        change_set = change(arguments, main)
        if change_set.files:
            from scripts.cli.proposing import propose_change

            propose_change(main, change_set)
        else:
            say(change_set)
    else:
        with folder.locked():
            change_set = change(arguments, folder)
            folder.write(change_set.files)
        say(change_set)


def say(change_set: ChangeSet) -> None:
    """Print what changed in the folder."""
    if change_set.files:
        print(change_set.title)
    else:
        report.notice(f"{change_set.name}: nothing to change, the index says it already")
    for path, text in sorted(change_set.files.items()):
        print(f"  {'removed' if text is None else 'wrote'} {path}")
    for tag, reason in change_set.left_out:
        report.notice(f"left out the tag {tag}: {reason}")
