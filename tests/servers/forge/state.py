"""What the server remembers beside git: tokens, labels, issues, pull requests, and the time."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from tests.servers.forge.repository import Repository

ACTIONS = "github-actions[bot]"
Level = Literal["none", "read", "write"]


class Clock:
    """A clock that moves on by one second each time it is read, so that two runs give the same commits."""

    def __init__(self) -> None:
        self._now = datetime(2026, 1, 1, tzinfo=UTC)
        self._lock = threading.Lock()

    def tick(self) -> str:
        """The next second, as GitHub writes times."""
        with self._lock:
            self._now += timedelta(seconds=1)
            return self._now.strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass
class Token:
    """A token: whose it is, and its rights by repository and permission. Once `revoked` it is no token."""

    value: str
    user: str
    rights: dict[str, dict[str, Level]]
    revoked: bool = False

    def knows(self, repository: str) -> bool:
        """Whether the token was given for this repository at all."""
        return repository.lower() in self.rights

    def allows(self, repository: str, permission: str, level: Literal["read", "write"]) -> bool:
        """Whether the token may read, or write, what a permission covers."""
        granted = self.rights.get(repository.lower(), {}).get(permission, "none")
        return granted == "write" or granted == level


@dataclass
class Label:
    """A label of a repository."""

    name: str
    color: str = "ededed"
    description: str | None = None


@dataclass
class Comment:
    """One comment of an issue or a pull request."""

    id: int
    user: str
    body: str
    created_at: str
    updated_at: str


@dataclass
class Issue:
    """An issue, or what a pull request has in common with one. They share one row of numbers."""

    number: int
    title: str
    body: str | None
    user: str
    created_at: str
    updated_at: str
    state: Literal["open", "closed"] = "open"
    state_reason: str | None = None
    closed_at: str | None = None
    labels: list[str] = field(default_factory=list)
    assignees: list[str] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)

    def close(self, now: str, reason: str | None = None) -> None:
        """Close it."""
        self.state, self.state_reason, self.closed_at, self.updated_at = "closed", reason, now, now

    def reopen(self, now: str) -> None:
        """Open it again."""
        self.state, self.state_reason, self.closed_at, self.updated_at = "open", "reopened", None, now


@dataclass(kw_only=True)
class PullRequest(Issue):
    """A pull request.

    `head` and `base` are branch names; `source` is the repository that the head branch is in, another
    one for a pull request from a fork. `head_sha` follows the branch while the request is open.
    `base_sha` is the base branch's commit when the head last moved: as on GitHub it grows stale.
    """

    head: str
    base: str
    source: Repository
    head_sha: str
    base_sha: str
    draft: bool = False
    merged: bool = False
    merged_at: str | None = None
    merged_by: str | None = None
    merge_commit_sha: str | None = None

    @property
    def label(self) -> str:
        """The head branch as GitHub names it: `owner:branch`."""
        return f"{self.source.owner}:{self.head}"
