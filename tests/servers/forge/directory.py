"""What there is on the server: repositories by name, tokens, numbers and the time."""

from __future__ import annotations

import itertools
import shutil
import subprocess
from datetime import datetime
from typing import TYPE_CHECKING

from tests.servers.forge.plumbing import git_environment
from tests.servers.forge.repository import Repository
from tests.servers.forge.state import ACTIONS, Clock, Level, Token

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

# No repacking behind the tests' back, and no waiting for the disk.
SETTINGS = "[gc]\n\tauto = 0\n[receive]\n\tautogc = false\n[core]\n\tfsync = none\n"


class Directory:
    """Repositories and tokens; git's data lies below `folder`. `url` and `api_url` are where they are served."""

    url: str
    api_url: str

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = Clock()
        self.git_environment = git_environment(folder)
        self.repositories: dict[str, Repository] = {}
        self.moved: dict[str, Repository] = {}
        self.tokens: dict[str, Token] = {}
        self._ids = itertools.count(1001)

    def create_repository(self, full_name: str, *, private: bool = False, default_branch: str = "main") -> Repository:
        """Make an empty repository, `owner/name`."""
        path = self._new_path(full_name)
        self._git("init", "-q", "--bare", "--template=", f"--initial-branch={default_branch}", str(path))
        return self._add(full_name, path, default_branch, private)

    def fork(self, repository: Repository, owner: str) -> Repository:
        """Make a fork of a repository in another account. The two share their objects, as on GitHub."""
        full_name = f"{owner}/{repository.name}"
        path = self._new_path(full_name)
        self._git("clone", "-q", "--bare", "--template=", str(repository.path), str(path))
        shutil.rmtree(path / "objects")
        (path / "objects").symlink_to(repository.path / "objects")
        fork = self._add(full_name, path, repository.default_branch, repository.private)
        fork.parent = repository
        return fork

    def rename(self, repository: Repository, full_name: str) -> None:
        """Give a repository another name or owner. Its old addresses redirect to the new ones."""
        old = repository.full_name.lower()
        self.moved[old] = self.repositories.pop(old)
        for token in self.tokens.values():
            if old in token.rights:
                token.rights[full_name.lower()] = token.rights[old]
        repository.full_name = full_name
        self.repositories[full_name.lower()] = repository

    def delete(self, repository: Repository) -> None:
        """Take a repository away: from now on it is not found."""
        del self.repositories[repository.full_name.lower()]
        repository.git.close()
        shutil.rmtree(repository.path)

    def repository(self, full_name: str) -> Repository:
        """The repository of that name, in any case; KeyError for none."""
        return self.repositories[full_name.lower()]

    def add_token(
        self, token: str, rights: Mapping[str, Mapping[str, Level]] | None = None, *, user: str = ACTIONS
    ) -> Token:
        """Make a token valid, with rights (`read`, `write`) by repository and permission.

        The permissions are GitHub's: `contents`, `pull_requests`, `issues`. The default user is the
        one behind `GITHUB_TOKEN`, which alone `actions_may_open_pull_requests` is about.
        """
        known = {name.lower(): dict(levels) for name, levels in (rights or {}).items()}
        self.tokens[token] = Token(token, user, known)
        return self.tokens[token]

    def revoke(self, token: str) -> None:
        """Let a token expire."""
        self.tokens[token].revoked = True

    def next_id(self) -> int:
        """A number that nothing else has."""
        return next(self._ids)

    def seconds(self) -> int:
        """The server's time as git counts it."""
        return int(datetime.fromisoformat(self.clock.tick()).timestamp())

    def _new_path(self, full_name: str) -> Path:
        path = self.folder / f"{full_name}.git"
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def _add(self, full_name: str, path: Path, branch: str, private: bool) -> Repository:
        repository = Repository(self, self.next_id(), full_name, path, branch=branch)
        repository.private = private
        with (path / "config").open("a") as config:
            config.write(SETTINGS)
        self.repositories[full_name.lower()] = repository
        return repository

    def _git(self, *arguments: str) -> None:
        subprocess.run(["git", *arguments], env=self.git_environment, check=True, capture_output=True)
