"""What a run of a workflow has to itself: an environment that nothing of this machine leaks into, and its outcome."""

from __future__ import annotations

import os
import secrets
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.servers.forge import GitHubServer, Repository

INDEX = "acme/index"


@dataclass
class Outcome:
    """How a run ended: each job's result, and all that its steps printed and wrote into summaries."""

    results: dict[str, str] = field(default_factory=dict)
    log: str = ""
    summary: str = ""

    @property
    def ok(self) -> bool:
        return "failure" not in self.results.values()


@dataclass(frozen=True)
class Machine:
    """A place to run workflows of `index` on, below `folder`. `secrets` are those of the index's settings;
    `job_tokens` what the jobs so far got as `github.token`."""

    folder: Path
    github: GitHubServer
    index: Repository
    secrets: Mapping[str, str]
    job_tokens: list[str] = field(default_factory=list)
    prepared: set[str] = field(default_factory=set)

    def job_token(self, permissions: Mapping[str, str]) -> str:
        """A token for one job, with the rights that the job asks for in its YAML and no other."""
        token = f"job-{secrets.token_hex(8)}"
        rights = {scope.replace("-", "_"): level for scope, level in permissions.items()}
        self.github.add_token(token, {self.index.full_name: rights})  # type: ignore[dict-item]
        self.job_tokens.append(token)
        return token

    def new_folder(self, name: str) -> Path:
        """An empty folder, another one each time."""
        path = self.folder / f"{len(list(self.folder.iterdir()))}-{name}"
        path.mkdir()
        return path

    def environment(self) -> dict[str, str]:
        """What every step starts with: the Python of the tests as `python`, and no settings for pip or git.

        pip is told to change nothing and to ask no index: it checks that the libraries of requirements.txt are there.
        """
        home, temp = self.folder / "home", self.folder / "tmp"
        home.mkdir(exist_ok=True)
        temp.mkdir(exist_ok=True)
        return {
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]),
            "HOME": str(home),
            "XDG_CACHE_HOME": str(home / "cache"),
            "XDG_CONFIG_HOME": str(home / "config"),
            "TMPDIR": str(temp),
            "LANG": "C.UTF-8",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "PIP_DRY_RUN": "1",
            "PIP_NO_INDEX": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "PYPI_URL": self.github.url,  # where there is no package of any name
            "GITHUB_API_URL": self.github.api_url,
            "GITHUB_SERVER_URL": self.github.url,
            "GITHUB_REPOSITORY": self.index.full_name,
        }


class Presser(Protocol):
    """One way to press a form's button and wait for the run to end."""

    def __call__(self, machine: Machine, form: str, given: Mapping[str, str]) -> Outcome: ...
