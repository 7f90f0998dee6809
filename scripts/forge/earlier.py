"""Earlier pull requests of this index: those that wait for a review, and those that were turned down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from github import GithubException

from scripts.forge.body import SYNCED
from scripts.forge.client import branch_reference, messages, refusals
from scripts.forge.proposal import label

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from github.PullRequest import PullRequest

    from scripts.forge.main_branch import MainBranch
    from scripts.model import Release

SUPERSEDED = "<!-- superseded -->"


@dataclass(frozen=True)
class Waiting:
    """An open pull request from a branch of this repository, and what its body says."""

    branch: str
    url: str
    body: str
    pull: PullRequest

    @property
    def is_by_sync(self) -> bool:
        """Whether `sync` wrote what it says: nobody has asked for it again by hand."""
        return SYNCED in self.body

    def holds(self, releases: Iterable[Release]) -> bool:
        """Whether it is about all of these releases, each at its commit."""
        return _holds(self.body, releases)

    def shows(self, private: bool) -> bool:
        """Whether it says that the repository is private, or public, as it is now."""
        return f"| Visibility | {'private' if private else 'public'}" in self.body


def waiting(main: MainBranch) -> dict[str, Waiting]:
    """The open pull requests to the default branch from branches of this repository, by branch. Raises Refused.

    One API call for a hundred of them.
    """
    own = main.repository.full_name
    with refusals(own):
        pulls = main.repository.get_pulls(state="open", base=main.branch)
        return {
            pull.head.ref: Waiting(pull.head.ref, pull.html_url, pull.body or "", pull)
            for pull in pulls
            if pull.head.repo and pull.head.repo.full_name == own
        }


def _holds(body: str, releases: Iterable[Release]) -> bool:
    return all(release.commit in body and release.version in body for release in releases)


def turned_down(main: MainBranch, branches: Iterable[str], releases: Collection[Release]) -> dict[str, str]:
    """Those of the releases that stand in a closed pull request from one of these branches, with its address.

    They are not on the index: somebody has closed the pull request unmerged, or has deleted the release after it.
    One API call a branch. Raises Refused.
    """
    found: dict[str, str] = {}
    with refusals(main.repository.full_name):
        for branch in branches:
            head = f"{main.repository.owner.login}:{branch}"
            for pull in main.repository.get_pulls(state="closed", head=head, base=main.branch):
                body = pull.body or ""
                if SUPERSEDED not in body:
                    found |= {release.version: pull.html_url for release in releases if _holds(body, [release])}
    return found


def complete(main: MainBranch, waiting: Waiting) -> None:
    """Give a pull request its label, which a run that was ended has left out. Raises Refused."""
    with refusals(main.repository.full_name):
        label(waiting.pull)


def supersede(main: MainBranch, older: Waiting, by: str) -> None:
    """Delete the branch of a pull request whose releases stand in another one, `by`: GitHub closes it. Raises Refused.

    Before that its body says so, and that nobody turned it down.
    """
    told = f"{SUPERSEDED}\nClosed by `sync`: the releases of this pull request stand in {by}, with newer ones.\n"
    with refusals(main.repository.full_name):
        if SUPERSEDED not in older.body:
            older.pull.edit(body=f"{told}\n{older.body}")
        try:
            branch_reference(main.repository, older.branch).delete()
        except GithubException as error:
            if "does not exist" not in messages(error):  # it is gone already
                raise
