"""Bring a new pkg_template.html to the packages that are there: every page anew, every record kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scripts.cli import arguments as cli
from scripts.cli.run import guarded
from scripts.cli.start import start

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scripts.forge.main_branch import MainBranch
    from scripts.workspace import Folder

BRANCH = "index/restyle"
BODY = """\
{count} package pages written anew from `pkg_template.html`. Every record in them is kept: versions, commits, hashes,
texts. What had been changed by hand on a single page is gone from it.

What to check:

- [ ] the changes to a page or two are those that the template was meant to bring
- [ ] no page had changes of its own that are to stay

<sub>Made by the form `restyle`. Running the form again brings this branch up to date.</sub>
"""


def parser() -> cli.Parser:
    parser = cli.parser("restyle", __doc__)
    cli.add_index(parser)
    return parser


def restyled(index: Folder | MainBranch) -> dict[str, str]:
    """The pages that change, by their paths. Raises BadPage, and then nothing changes."""
    from scripts.pages import cards, record
    from scripts.pages.record import path_of

    template = index.read(record.TEMPLATE)
    pages = {path: index.read(path) for path in map(path_of, cards.names(index.read(cards.PATH)))}
    written = {path: record.restyle(path, text, template) for path, text in pages.items()}
    return {path: text for path, text in written.items() if text != pages[path]}


def title_of(files: Mapping[str, str]) -> str:
    return f"Restyle the pages of {len(files)} package{'' if len(files) == 1 else 's'}"


def propose(main: MainBranch, files: Mapping[str, str], title: str) -> None:
    from scripts.forge import proposal, report

    proposed = proposal.propose(main, proposal.Proposal(BRANCH, title, BODY.format(count=len(files)), files))
    report.notice(f"{title}: pull request {proposed.outcome}: {proposed.url}")
    report.summary(f"### [{title}](<{proposed.url}>)\n\nThe pull request {proposed.outcome}.")


def work(argv: Sequence[str] | None) -> None:
    from scripts.forge import report
    from scripts.workspace import Folder

    arguments = parser().parse_args(argv)
    folder = Folder(arguments.root)
    if arguments.pull_request:
        from scripts.forge.client import connect
        from scripts.forge.main_branch import MainBranch

        main = MainBranch(connect(), folder.root)
        main.survey()
        if files := restyled(main):
            propose(main, files, title_of(files))
    else:
        with folder.locked():
            files = restyled(folder)
            folder.write(files)
        if files:
            print("\n".join([title_of(files), *(f"  wrote {path}" for path in files)]))
    if not files:
        report.notice("nothing to change: every page is as the template has it")


def main(argv: Sequence[str] | None = None) -> int:
    return guarded(lambda: work(argv))


if __name__ == "__main__":
    start(main)
