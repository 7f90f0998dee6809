"""The open pull requests of this index: read, brought up to date, and told what became of them.

API calls: three for a run (the pull requests, main's tip, its files), then for a pull request that is up to date one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import requests
from github import GithubException, InputGitTreeElement
from github.GitCommit import GitCommit
from github.Requester import Requester

from scripts.errors import Declined
from scripts.forge import report
from scripts.forge.blobs import text_of
from scripts.forge.client import branch_reference, messages, refusals

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from github.GitTree import GitTree
    from github.GitTreeElement import GitTreeElement
    from github.PullRequest import PullRequest
    from github.Repository import Repository

PREFIX = "index/"
STALE = "stale"
SHOWN_FILES = 300  # so many of a comparison's files does GitHub tell
FILE = "100644"


@dataclass(frozen=True)
class OpenRequest:
    """An open pull request; `head` is the commit that its branch was at."""

    number: int
    title: str
    url: str
    branch: str
    head: str
    stale: bool


@dataclass(frozen=True)
class Comparison:
    """What a branch has changed since it left main, at the commit `base`: blobs by path, None where one is gone."""

    base: Snapshot
    changed: Mapping[str, str | None]


class Snapshot:
    """The files of a commit. One API call, and one for each folder that is looked into."""

    def __init__(self, repository: Repository, commit: str) -> None:
        self.repository, self.commit = repository, commit
        with refusals(repository.full_name):
            self.tree: GitTree = repository.get_git_tree(commit)
        self._top = {entry.path: entry for entry in self.tree.tree}
        self._folders: dict[str, dict[str, GitTreeElement]] = {}

    def names(self) -> set[str]:
        return set(self._top)

    def entry(self, name: str) -> str | None:
        """The id of what is at the top under a name."""
        return self._top[name].sha if name in self._top else None

    def files(self, folder: str) -> dict[str, str]:
        """The files below a folder at the top, by their path in it; {} where there is none."""
        return {path: entry.sha for path, entry in self._listed(folder).items()}

    def mode(self, path: str) -> str:
        """The mode of a file that is there."""
        folder, _, rest = path.partition("/")
        return (self._listed(folder)[rest] if rest else self._top[folder]).mode

    def _listed(self, folder: str) -> dict[str, GitTreeElement]:
        if folder not in self._folders:
            top = self._top.get(folder)
            with refusals(self.repository.full_name):
                tree = self.repository.get_git_tree(top.sha, recursive=True).tree if top and top.type == "tree" else []
            self._folders[folder] = {entry.path: entry for entry in tree if entry.type != "tree"}
        return self._folders[folder]


class OpenRequests:
    """The open pull requests from branches `index/…` of a repository, and its main branch as it is now.

    Everything raises Refused where GitHub refuses.
    """

    def __init__(self, repository: Repository, checkout: Path) -> None:
        self.repository, self.checkout = repository, checkout
        repository.requester.per_page = 100
        self._once = Requester(**{**repository.requester.kwargs, "retry": None})
        self._pulls: dict[int, PullRequest] = {}
        self._snapshots: dict[str, Snapshot] = {}
        self._texts: dict[str, str] = {}
        with refusals(repository.full_name):
            self.branch = repository.default_branch
            self.main = self._snapshot(repository.get_branch(self.branch).commit.sha)

    def listed(self) -> list[OpenRequest]:
        """The pull requests, oldest first; none from a fork, none that is for another branch than main."""
        with refusals(self.repository.full_name):
            pulls = self.repository.get_pulls(state="open", base=self.branch, sort="created", direction="asc")
            return [self._request(pull) for pull in pulls if self._is_ours(pull)]

    def _is_ours(self, pull: PullRequest) -> bool:
        return pull.head.ref.startswith(PREFIX) and bool(pull.head.repo) and pull.head.repo.id == self.repository.id

    def _request(self, pull: PullRequest) -> OpenRequest:
        self._pulls[pull.number] = pull
        stale = STALE in [label.name.lower() for label in pull.labels]  # GitHub does not tell cases apart
        return OpenRequest(pull.number, pull.title, pull.html_url, pull.head.ref, pull.head.sha, stale)

    def again(self, request: OpenRequest) -> OpenRequest | None:
        """The pull request as it is now; None when it is no longer open."""
        with refusals(self.repository.full_name):
            pull = self.repository.get_pull(request.number)
            return self._request(pull) if pull.state == "open" else None

    def compare(self, request: OpenRequest) -> Comparison | None:
        """What a branch has changed; None when it has all of main. One API call, and two for a base that is new."""
        with refusals(self.repository.full_name):
            found = self.repository.compare(self.main.commit, request.head, comparison_commits_per_page=1)
            if found.behind_by == 0:
                return None
            base, files = self._snapshot(found.merge_base_commit.sha), found.files
            if len(files) >= SHOWN_FILES:
                return Comparison(base, _differences(base, self._snapshot(request.head)))
            changed: dict[str, str | None] = {}
            for file in files:
                if file.status == "renamed":
                    changed.setdefault(file.previous_filename, None)
                changed[file.filename] = None if file.status == "removed" else file.sha
            return Comparison(base, changed)

    def _snapshot(self, commit: str) -> Snapshot:
        if commit not in self._snapshots:
            self._snapshots[commit] = Snapshot(self.repository, commit)
        return self._snapshots[commit]

    def read(self, path: str, blob: str) -> str:
        """The text of a file. One API call, unless the checkout has it or it was read before. Raises BadPage."""
        if blob not in self._texts:
            self._texts[blob] = text_of(self.repository, self.checkout, path, blob)
        return self._texts[blob]

    def push(self, request: OpenRequest, texts: Mapping[str, str], blobs: Mapping[str, str | None]) -> bool:
        """Put a merge of main on a branch, three API calls; False when somebody was quicker: the branch has moved.

        The files are those that the branch has beyond main. The branch only ever moves forward: what was pushed to it
        since `request.head` is never lost.
        """
        repository = self.repository
        with refusals(repository.full_name):
            entries = [
                InputGitTreeElement(path, self._mode(path), "blob", content=texts[path]) for path in sorted(texts)
            ]
            for path in sorted(blobs):
                mode = FILE if blobs[path] is None or _is_ours(path) else self._snapshot(request.head).mode(path)
                entries.append(InputGitTreeElement(path, mode, "blob", sha=blobs[path]))
            tree = repository.create_git_tree(entries, base_tree=self.main.tree)
            parents = [self._commit(request.head), self._commit(self.main.commit)]
            commit = repository.create_git_commit(f"Merge {self.branch} into {request.branch}", tree, parents)
            try:
                branch_reference(repository, request.branch).edit(commit.sha, force=False)
            except GithubException as error:
                if error.status == 422 and any(why in messages(error) for why in ("fast forward", "does not exist")):
                    return False
                if error.status in (403, 422) and "rate limit" not in messages(error).lower():
                    mend = "let GitHub Actions push to the branches index/…, or merge by hand"
                    raise Declined(f"{request.branch} may not be pushed to ({messages(error)})", mend) from error
                raise
        return True

    def _commit(self, sha: str) -> GitCommit:
        return GitCommit(self.repository.requester, {}, {"sha": sha}, completed=True)

    def _mode(self, path: str) -> str:
        return FILE if _is_ours(path) else self.main.mode(path)

    def told(self, request: OpenRequest, mark: str) -> bool:
        """Whether a pull request has a comment whose mark begins so."""
        with refusals(self.repository.full_name):
            comments = self._pulls[request.number].get_issue_comments()
            return any(f"<!-- {mark}" in (comment.body or "") for comment in comments)

    def tell(self, request: OpenRequest, mark: str, text: str) -> bool:
        """Comment on a pull request, unless it has the comment with this mark; whether it was new.

        A lost answer is no reason to say it twice: before each try the comments are read again.
        """
        pull, marker, last = self._pulls[request.number], f"<!-- {mark} -->", 3
        with refusals(self.repository.full_name):
            for attempt in range(1, last + 1):
                if any(marker in (comment.body or "") for comment in pull.get_issue_comments()):
                    return attempt > 1
                try:
                    self._once.requestJsonAndCheck(
                        "POST", f"{pull.issue_url}/comments", input={"body": f"{text}\n\n{marker}"}
                    )
                except (GithubException, requests.RequestException) as error:
                    if attempt == last or (isinstance(error, GithubException) and error.status < 500):
                        raise
                else:
                    return True
        return False

    def label(self, request: OpenRequest, stale: bool) -> None:
        """Put the label `stale` on, or take it off."""
        pull = self._pulls[request.number]
        with refusals(self.repository.full_name):
            try:
                if stale:
                    pull.add_to_labels(STALE)
                else:
                    pull.remove_from_labels(STALE)
            except GithubException as error:
                if error.status != 404:  # somebody has taken it off
                    raise
                report.notice(f"the label {STALE} on #{request.number} could not be changed")


def _is_ours(path: str) -> bool:
    """Whether it is a file that the scripts write: never a link, never a program."""
    folder, _, file = path.partition("/")
    if not file:
        return folder == "index.html"
    return file == "index.html" or ("/" not in file and file.endswith((".md", ".rst", ".txt")))


def _differences(base: Snapshot, head: Snapshot) -> dict[str, str | None]:
    """The same as GitHub's list of changed files, read from the folders that differ."""
    changed: dict[str, str | None] = {}
    for name in base.names() | head.names():
        if base.entry(name) == head.entry(name):
            continue
        old, new = ({f"{name}/{path}": blob for path, blob in side.files(name).items()} for side in (base, head))
        for side, files in ((base, old), (head, new)):
            if side.entry(name) and not files:
                files[name] = side.entry(name) or ""
        changed |= {path: new.get(path) for path in old.keys() | new.keys() if old.get(path) != new.get(path)}
    return changed
