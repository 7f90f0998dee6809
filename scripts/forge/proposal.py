"""A change as a pull request: one branch a request, made and brought up to date through the Git Data API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from github import GithubException, InputGitTreeElement

from scripts.errors import Refused
from scripts.forge import report
from scripts.forge.client import branch_reference, messages, refusals

if TYPE_CHECKING:
    from collections.abc import Mapping

    from github.PullRequest import PullRequest
    from github.Repository import Repository

    from scripts.forge.main_branch import MainBranch

LABEL = "index"
SETTING = (
    "Settings → Actions → General → Workflow permissions → Allow GitHub Actions to create and approve pull requests"
)


@dataclass(frozen=True)
class Proposal:
    """What a pull request holds. `files` are the texts of whole files; None takes one away."""

    branch: str
    title: str
    body: str
    files: Mapping[str, str | None]


@dataclass(frozen=True)
class Proposed:
    """A pull request, and whether this run opened it, updated it, or found it as it should be."""

    url: str
    outcome: str


def propose(main: MainBranch, proposal: Proposal) -> Proposed:
    """Open the pull request of a change, or bring the one that its branch has up to date. Raises Refused.

    The branch is one commit on top of the default branch. No author is given, so that GitHub signs the commit.
    """
    repository = main.repository
    with refusals(repository.full_name):
        tree = repository.create_git_tree(
            [
                InputGitTreeElement(path, "100644", "blob", content=text)
                if text is not None
                else InputGitTreeElement(path, "100644", "blob", sha=None)
                for path, text in proposal.files.items()
            ],
            base_tree=main.tree,
        )
        commit = repository.create_git_commit(proposal.title, tree, [main.commit])
        if _create_branch(repository, proposal.branch, commit.sha):
            return Proposed(_create(main, proposal).html_url, "opened")
        pull = _open_pull(main, proposal.branch)
        changed = pull is None or repository.get_git_commit(pull.head.sha).tree.sha != tree.sha
        if changed:
            branch_reference(repository, proposal.branch).edit(commit.sha, force=True)  # whatever it was at
        if pull is None:
            return Proposed(_create(main, proposal).html_url, "opened")
        if pull.title != proposal.title or (pull.body or "") != proposal.body:
            pull.edit(title=proposal.title, body=proposal.body)
            changed = True
        label(pull)
        return Proposed(pull.html_url, "brought up to date" if changed else "is up to date already")


def _open_pull(main: MainBranch, branch: str) -> PullRequest | None:
    head = f"{main.repository.owner.login}:{branch}"
    return next(iter(main.repository.get_pulls(state="open", head=head, base=main.branch)), None)


def _create_branch(repository: Repository, branch: str, sha: str) -> bool:
    """Make a branch; False when there is one of that name."""
    try:
        repository.create_git_ref(f"refs/heads/{branch}", sha)
    except GithubException as error:
        if error.status != 422 or "already exists" not in messages(error):
            raise
        return False
    return True


def _create(main: MainBranch, proposal: Proposal) -> PullRequest:
    repository = main.repository
    try:
        pull = repository.create_pull(base=main.branch, head=proposal.branch, title=proposal.title, body=proposal.body)
    except GithubException as error:
        said = messages(error)
        if error.status == 422 and "already exists" in said:  # another run, or a lost answer, was quicker
            found = _open_pull(main, proposal.branch)
            if found:
                label(found)
                return found
        if error.status == 403 and "not permitted to create" in said:
            raise _not_permitted(main, proposal) from error
        raise
    label(pull)
    return pull


def _not_permitted(main: MainBranch, proposal: Proposal) -> Refused:
    compare = f"{main.repository.html_url}/compare/{quote(main.branch)}...{quote(proposal.branch)}?expand=1"
    what = "GitHub Actions may not open pull requests here"
    return Refused(what, f"turn on {SETTING}, or open it by hand: the branch is there, {compare}")


def label(pull: PullRequest) -> None:
    """Put the label on where it is missing; GitHub makes it where the repository does not have it."""
    if LABEL in [label.name for label in pull.labels]:
        return
    try:
        pull.add_to_labels(LABEL)
    except GithubException as error:
        if error.status not in (403, 404):
            raise
        report.notice(f"the label {LABEL} could not be put on: the token needs the right issues: write to make it")
