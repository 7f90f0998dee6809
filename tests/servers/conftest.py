"""What the tests of the servers start from: a server with one public repository, and a token for it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from github import Auth, Github

from tests.servers.forge import GitHubServer, Repository

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from github.Repository import Repository as RemoteRepository

SECRET = "secret"
FILES = {"index.html": "<p>index</p>\n", "hello/index.html": "hello\n", "hello/0.1.md": "# 0.1\n"}


@pytest.fixture(autouse=True)
def plain_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No git of a test reads this machine's configuration, or asks anybody for a password."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_TERMINAL_PROMPT", "0")
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.fixture
def github(tmp_path: Path) -> Iterator[GitHubServer]:
    """A running server without repositories."""
    with GitHubServer(tmp_path / "github") as server:
        yield server


@pytest.fixture
def repository(github: GitHubServer) -> Repository:
    """`octo/index` with one commit, and a token, SECRET, that may write to it."""
    made = github.create_repository("octo/index")
    made.commit(FILES, "The index")
    github.add_token(SECRET, {"octo/index": {"contents": "write", "pull_requests": "write", "issues": "write"}})
    return made


def connect(github: GitHubServer, token: str | None = SECRET, name: str = "octo/index") -> RemoteRepository:
    """The repository as PyGithub sees it, without waiting and without trying again."""
    client = Github(
        auth=Auth.Token(token) if token else None,
        base_url=github.api_url,
        retry=None,
        timeout=5,
        seconds_between_requests=None,
        seconds_between_writes=None,
    )
    return client.get_repo(name)


@pytest.fixture
def remote(github: GitHubServer, repository: Repository) -> RemoteRepository:
    """`octo/index` as PyGithub sees it. The call that fetched it is not on the server's list."""
    found = connect(github)
    github.requests.clear()
    return found
