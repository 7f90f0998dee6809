"""A repository: real git underneath, issues and pull requests beside it, and what a person does by hand."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from tests.servers.forge.plumbing import Change, Plumbing
from tests.servers.forge.state import Comment, Issue, Label, PullRequest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.servers.forge.directory import Directory

NO_OBJECT = "0" * 40
PERSON = "octocat"


class MergeConflict(Exception):
    """The pull request cannot be merged as it stands: its number and the paths in conflict."""

    def __init__(self, number: int, paths: list[str]) -> None:
        super().__init__(number, paths)
        self.number, self.paths = number, paths

    def __str__(self) -> str:
        return f"pull request #{self.number} conflicts in {', '.join(self.paths) or 'its history'}"


class Repository:
    """One repository of the server.

    The attributes without an underscore are there for tests to look at, and these to switch:
    `private`, `actions_may_open_pull_requests`, `partial_clone` (whether `git clone --filter` is
    honoured), `delete_branch_on_merge`, `requires_up_to_date` (branch protection: a pull request that
    lacks commits of its base is `behind`) and `mergeability_delay` (how often a pull request answers
    `mergeable: null` before it knows, as GitHub does after a push).
    """

    def __init__(self, github: Directory, number: int, full_name: str, path: Path, *, branch: str) -> None:
        self.github = github
        self.id = number
        self.full_name = full_name
        self.path = path
        self.default_branch = branch
        self.git = Plumbing(path, github.git_environment)
        self.lock = threading.RLock()
        self.parent: Repository | None = None
        self.private = False
        self.actions_may_open_pull_requests = True
        self.partial_clone = True
        self.delete_branch_on_merge = False
        self.requires_up_to_date = False
        self.mergeability_delay = 0
        self.labels: dict[str, Label] = {}
        self.threads: dict[int, Issue] = {}
        self.dispatches: list[dict[str, Any]] = []
        self.verified: set[str] = set()
        self.asked_mergeable: dict[tuple[str, str], int] = {}

    @property
    def owner(self) -> str:
        """The account that the repository is in."""
        return self.full_name.partition("/")[0]

    @property
    def name(self) -> str:
        """The name without the owner."""
        return self.full_name.partition("/")[2]

    @property
    def url(self) -> str:
        """The web address, which git clones from too (with or without `.git`)."""
        return f"{self.github.url}/{self.full_name}"

    @property
    def api_url(self) -> str:
        """Where the REST calls of this repository start."""
        return f"{self.github.api_url}/repos/{self.full_name}"

    @property
    def pulls(self) -> list[PullRequest]:
        """The pull requests, oldest first."""
        return [thread for thread in self.threads.values() if isinstance(thread, PullRequest)]

    @property
    def issues(self) -> list[Issue]:
        """The issues that are no pull requests, oldest first."""
        return [thread for thread in self.threads.values() if not isinstance(thread, PullRequest)]

    def pull(self, number: int) -> PullRequest:
        """The pull request of that number; KeyError for none."""
        thread = self.threads[number]
        if not isinstance(thread, PullRequest):
            raise KeyError(number)
        return thread

    # Git, by the shortest way

    def branch(self, name: str) -> str | None:
        """The commit that a branch is at, None when there is no such branch."""
        return self.git.commit_at(f"refs/heads/{name}")

    @property
    def is_empty(self) -> bool:
        """Whether there is no branch at all yet."""
        return self.branch(self.default_branch) is None and not self.branches()

    def branches(self) -> dict[str, str]:
        """Every branch and its commit."""
        refs = self.git.refs("refs/heads/")
        return {name.removeprefix("refs/heads/"): sha for name, (sha, _) in refs.items()}

    def read(self, path: str, ref: str | None = None) -> str | None:
        """The text of a file at a branch, tag or commit (the default branch), None when it is not there."""
        commit = self.git.commit_at(ref or self.default_branch)
        found = self.git.read(f"{commit}:{path}") if commit else None
        return found.data.decode() if found and found.kind == "blob" else None

    def files(self, ref: str | None = None) -> list[str]:
        """The paths of all files at a branch, tag or commit (the default branch), in git's order."""
        commit = self.git.commit_at(ref or self.default_branch)
        return [e.path for e in self.git.entries(commit, recursive=True) if e.kind != "tree"] if commit else []

    def commit(
        self,
        files: Mapping[str, str | bytes | None],
        message: str = "A commit",
        *,
        branch: str | None = None,
        start: str | None = None,
        user: str = PERSON,
    ) -> str:
        """Put a commit on a branch, as a person's push does, and give its id.

        `files` are texts by path, None for a file to take away. A branch that is not there yet starts
        at `start`, by default at the default branch (the first commit of all has no parent).
        """
        branch = branch or self.default_branch
        with self.lock:
            parent = self.branch(branch) or self.git.commit_at(start or self.default_branch)
            changes = []
            for path, text in files.items():
                data = text.encode() if isinstance(text, str) else text
                changes.append(Change(path, "100644", None if data is None else self.git.write("blob", data)))
            tree = self.git.write_tree(parent, changes)
            sha = self.write_commit(tree, [parent] if parent else [], message, user=user)
            self.move(f"refs/heads/{branch}", sha)
            return sha

    def tag(self, name: str, at: str | None = None, *, message: str | None = None) -> str:
        """Tag a commit (the default branch's), annotated when there is a message; the tagged commit's id."""
        commit = self.git.commit_at(at or self.default_branch)
        assert commit is not None, f"nothing to tag at {at}"
        target = commit
        if message is not None:
            lines = [f"object {commit}", "type commit", f"tag {name}", f"tagger {self.signature(PERSON)}"]
            target = self.git.write("tag", "\n".join([*lines, "", message, ""]).encode())
        self.move(f"refs/tags/{name}", target)
        return commit

    def signature(self, user: str) -> str:
        """Name, address and time as they stand in a commit."""
        return f"{user} <{user}@users.noreply.github.com> {self.github.seconds()} +0000"

    def write_commit(
        self, tree: str, parents: list[str], message: str, *, user: str, author: str = "", committer: str = ""
    ) -> str:
        """Store a commit and give its id. `author` and `committer` are whole signatures, when given."""
        author = author or self.signature(user)
        lines = [f"tree {tree}", *(f"parent {parent}" for parent in parents)]
        lines += [f"author {author}", f"committer {committer or author}", "", message]
        return self.git.write("commit", "\n".join(lines).encode())

    def move(self, ref: str, new: str | None, old: str | None = None) -> None:
        """Set or delete a ref, and do to pull requests what GitHub does when a branch moves."""
        with self.lock:
            self.git.update_ref(ref, new, old)
            if ref.startswith("refs/heads/"):
                self.branch_moved(ref.removeprefix("refs/heads/"), new)

    def branch_moved(self, branch: str, new: str | None) -> None:
        """Let the open pull requests follow a branch.

        A head that moves takes its pull requests along; one that is gone, or has nothing left to offer,
        closes them. A base that has come to hold a head has merged it.
        """
        homes = [self, self.parent] if self.parent else [self]
        for home in homes:
            waiting = [pull for pull in home.pulls if pull.state == "open"]
            for pull in [p for p in waiting if p.source is self and p.head == branch]:
                base = home.branch(pull.base)
                if new is None or base is None or home.git.is_ancestor(new, base):
                    pull.close(self.github.clock.tick())
                elif new != pull.head_sha:
                    pull.head_sha, pull.base_sha, pull.updated_at = new, base, self.github.clock.tick()
        based = [pull for pull in self.pulls if pull.state == "open" and pull.base == branch]
        if new is None:
            for pull in based:
                pull.close(self.github.clock.tick())
        elif based:
            behind = self.git.text("for-each-ref", "--format=%(refname)", f"--merged={new}", "refs/heads/")
            held = set(behind.splitlines())
            for pull in based:
                if pull.source is self and f"refs/heads/{pull.head}" in held:
                    self._mark_merged(pull, new, PERSON)

    # What a person does

    def open_pull(self, head: str, title: str = "", body: str = "", *, base: str | None = None) -> PullRequest:
        """Open a pull request from a branch (`other:branch`: from that owner's fork)."""
        owner, _, branch = head.rpartition(":")
        source = self.github.repository(f"{owner}/{self.name}") if owner else self
        base = base or self.default_branch
        head_sha, base_sha = source.branch(branch), self.branch(base)
        assert head_sha and base_sha, f"no branch {head} or {base}"
        return self.add_pull(title=title or branch, body=body, user=PERSON, head=branch, base=base, source=source)

    def merge(self, number: int, *, squash: bool = False, title: str = "", user: str = PERSON) -> str:
        """Press the merge button: the new commit of the base branch, MergeConflict when it cannot be."""
        with self.lock:
            pull = self.pull(number)
            base = self.branch(pull.base)
            tree, conflicts = self.trial_merge(pull)
            if pull.state != "open" or base is None or tree is None:
                raise MergeConflict(number, conflicts)
            if squash:
                message = f"{title or pull.title} (#{number})\n"
            else:
                origin = f"{pull.source.owner}/{pull.head}"
                message = f"{title or f'Merge pull request #{number} from {origin}'}\n\n{pull.title}\n"
            parents = [base] if squash else [base, pull.head_sha]
            sha = self.write_commit(tree, parents, message, user=user)
            self.verified.add(sha)
            self.git.update_ref(f"refs/heads/{pull.base}", sha, base)
            self._mark_merged(pull, sha, user)
            self.branch_moved(pull.base, sha)
            if self.delete_branch_on_merge and pull.source is self:
                self.move(f"refs/heads/{pull.head}", None)
            return sha

    # What the routes ask for

    def trial_merge(self, pull: PullRequest) -> tuple[str | None, list[str]]:
        """The tree that merging a pull request would give (None: it cannot be merged) and its conflicts."""
        base = self.branch(pull.base)
        return self.git.merge_tree(base, pull.head_sha) if base else (None, [])

    def _mark_merged(self, pull: PullRequest, sha: str, user: str) -> None:
        now = self.github.clock.tick()
        pull.merged, pull.merged_at, pull.merged_by, pull.merge_commit_sha = True, now, user, sha
        pull.close(now)

    def add_pull(
        self, *, title: str, body: str | None, user: str, head: str, base: str, source: Repository
    ) -> PullRequest:
        """Give a pull request the next number."""
        now = self.github.clock.tick()
        with self.lock:
            pull = PullRequest(
                number=len(self.threads) + 1,
                title=title,
                body=body,
                user=user,
                created_at=now,
                updated_at=now,
                head=head,
                base=base,
                source=source,
                head_sha=source.branch(head) or NO_OBJECT,
                base_sha=self.branch(base) or NO_OBJECT,
            )
            self.threads[pull.number] = pull
        return pull

    def add_issue(self, title: str, body: str | None = None, *, user: str = PERSON) -> Issue:
        """Give an issue the next number."""
        now = self.github.clock.tick()
        with self.lock:
            issue = Issue(len(self.threads) + 1, title, body, user, now, now)
            self.threads[issue.number] = issue
        return issue

    def add_comment(self, number: int, body: str, *, user: str = PERSON) -> Comment:
        """Comment on an issue or a pull request."""
        now = self.github.clock.tick()
        comment = Comment(self.github.next_id(), user, body, now, now)
        self.threads[number].comments.append(comment)
        return comment

    def label(self, name: str) -> Label:
        """The label of that name (GitHub does not tell cases apart), made when it is not there."""
        return self.labels.setdefault(name.lower(), Label(name))
