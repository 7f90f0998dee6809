"""See whether what was reviewed is still true: tags, repositories, hashes, and the packages' names on PyPI.

Ends with 0 whatever is found, and with 1 where it could not look.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scripts.cli import arguments as cli
from scripts.cli.run import guarded
from scripts.cli.start import start
from scripts.forge import report

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scripts.cli.auditing import Audit


def parser() -> cli.Parser:
    parser = cli.parser("audit", __doc__)
    cli.add_root(parser)
    parser.add_argument(
        "--issue",
        action="store_true",
        help="say it in an issue of GITHUB_REPOSITORY with GITHUB_TOKEN, and close that when all is well",
    )
    return parser


def work(argv: Sequence[str] | None) -> None:
    arguments = parser().parse_args(argv)
    from scripts.cli.auditing import audit
    from scripts.workspace import Folder

    found = audit(Folder(arguments.root))
    for finding in found.findings:
        report.notice(f"{finding.name} {finding.version}".strip() + f": {finding.what}: {finding.mend}")
    for unknown in found.unknown:
        report.notice(f"not known: {unknown}")
    report.summary(found.summary)
    if not (found.findings or found.unknown):
        print(found.well.strip())
    if arguments.issue:
        keep_issue(found)


def keep_issue(found: Audit) -> None:
    """Open, rewrite or close the issue. What could not be found out closes none."""
    from scripts.forge import issues
    from scripts.forge.client import connect

    if found.unknown and not found.findings:
        print("the issue is left as it is: not everything could be looked at")
        return
    repository = connect("--issue")
    if found.findings:
        shown = issues.show(repository, found.title, found.body)
    else:
        shown = issues.close(repository, "Index audit: all is well", found.well)
    report.notice(f"issue: {shown.outcome} {shown.url}".strip())


def main(argv: Sequence[str] | None = None) -> int:
    return guarded(lambda: work(argv))


if __name__ == "__main__":
    start(main)
