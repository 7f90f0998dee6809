"""Earlier pull requests of this index: those that wait for a review, and those that were turned down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from github import GithubException

from scripts.forge.body import SYNCED
from scripts.forge.client import refusals

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from github.PullRequest import PullRequest

    from scripts.forge.main_branch import MainBranch
    from scripts.model import Release

SUPERSEDED = "<!-- superseded -->"


def waiting(main: MainBranch) -> dict[str, PullRequest]:
    """The open pull requests to the default branch from branches of this repository, by branch. Raises Refused.

    One API call for a hundred of them.
    """
    own = main.repository.full_name
    with refusals(own):
        pulls = main.repository.get_pulls(state="open", base=main.branch)
        return {pull.head.ref: pull for pull in pulls if pull.head.repo and pull.head.repo.full_name == own}


def is_by_sync(pull: PullRequest) -> bool:
    """Whether `sync` wrote what the pull request says: nobody has asked for it again by hand."""
    return SYNCED in (pull.body or "")


def holds(pull: PullRequest, releases: Iterable[Release]) -> bool:
    """Whether a pull request is about all of these releases, each at its commit, by what its body says."""
    body = pull.body or ""
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
                if SUPERSEDED not in (pull.body or ""):
                    found |= {release.version: pull.html_url for release in releases if holds(pull, [release])}
    return found


def supersede(main: MainBranch, pull: PullRequest, by: str) -> None:
    """Delete the branch of a pull request whose releases stand in another one, `by`: GitHub closes it. Raises Refused.

    Before that its body says so, and that nobody turned it down.
    """
    told = f"{SUPERSEDED}\nClosed by `sync`: the releases of this pull request stand in {by}, with newer ones.\n"
    with refusals(main.repository.full_name):
        if SUPERSEDED not in (pull.body or ""):
            pull.edit(body=f"{told}\n{pull.body or ''}")
        try:
            main.repository.get_git_ref(f"heads/{pull.head.ref}").delete()
        except GithubException as error:
            if error.status not in (404, 422):  # it is gone already
                raise
