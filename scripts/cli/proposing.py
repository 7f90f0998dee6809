"""A change set as a pull request that says all that a reviewer needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scripts.cli.index import server
from scripts.forge import report
from scripts.forge.body import Review, body
from scripts.forge.proposal import Proposal, Proposed, propose
from scripts.review import rules
from scripts.sources.pypi import look_up

if TYPE_CHECKING:
    from scripts.change_set import ChangeSet
    from scripts.forge.main_branch import MainBranch


def propose_change(main: MainBranch, change_set: ChangeSet) -> Proposed:
    """Open the pull request of a change, or bring the one that it has up to date; say so. Raises Refused."""
    review = Review(
        change_set.verb,
        change_set.name,
        change_set.before,
        change_set.after,
        change_set.added,
        change_set.left_out,
        look_up(change_set.name),
        tuple(rules.of_change(change_set)),
    )
    text = body(review, server())
    proposed = propose(main, Proposal(change_set.branch, change_set.title, text, change_set.files))
    report.notice(f"{change_set.title}: pull request {proposed.outcome}: {proposed.url}")
    report.summary(f"### [{change_set.title}](<{proposed.url}>)\n\nThe pull request {proposed.outcome}.\n\n{text}")
    return proposed
