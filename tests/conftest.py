"""What the tests of the verbs start from: an index, sample projects, and none of this machine's settings."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Protocol

import pytest
from hypothesis import HealthCheck, settings

from scripts.forge import client
from tests import wheelhouse
from tests.pypi import PyPI
from tests.samples import Project
from tests.servers.forge import GitHubServer
from tests.verbs import Hub, Index, contents, copy_index

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

# A machine that is busy is no failure. HYPOTHESIS_PROFILE=thorough looks for longer, quick (`make check`) for less.
settings.register_profile("usual", deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("quick", settings.get_profile("usual"), max_examples=10)
settings.register_profile("thorough", settings.get_profile("usual"), max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "usual"))

TOKEN = "token-of-the-job"
# Settings of the machine, or of a workflow run that runs these tests.
_FOREIGN = ("ACTIONS_", "GIT_", "GITHUB_", "PACKAGES_", "PIP_", "PYPI_", "RUNNER_", "SSH_", "UV_")


def clean(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    """Take this machine's settings out of the environment; builds take what they need from the wheelhouse."""
    for name in os.environ:
        if name.startswith(_FOREIGN) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    home.mkdir(exist_ok=True)
    for name, value in {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_CACHE_HOME": str(home / ".cache"),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(wheelhouse.FOLDER),
        "PYPI_URL": "http://127.0.0.1:9",  # where nothing listens
    }.items():
        monkeypatch.setenv(name, value)


def propose_to(monkeypatch: pytest.MonkeyPatch, hub: Hub) -> None:
    """Put into the environment what Actions would, for an index on GitHub; calls are tried again almost at once."""
    for name, value in {
        "GITHUB_TOKEN": hub.token,
        "GITHUB_REPOSITORY": hub.index.full_name,
        "GITHUB_API_URL": hub.github.api_url,
        "GITHUB_SERVER_URL": hub.github.url,
        "GITHUB_STEP_SUMMARY": str(hub.summary),
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(client, "PAUSE", 0.005)
    monkeypatch.setattr(client, "LONGEST_PAUSE", 0.02)


def put_on_github(github: GitHubServer, index: Path, folder: Path) -> Hub:
    """The index of a folder as the repository `octo/index`, and a token that may propose changes to it."""
    repository = github.create_repository("octo/index")
    repository.commit(contents(index))
    github.add_token(TOKEN, {"octo/index": {"contents": "write", "pull_requests": "write", "issues": "write"}})
    return Hub(github, repository, index, folder / "summary.md", TOKEN)


@pytest.fixture
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """An environment without this machine's settings."""
    clean(monkeypatch, tmp_path / "home")
    return monkeypatch


@pytest.fixture(scope="session")
def wheels() -> Path:
    """The folder of wheels that builds and installs use."""
    return wheelhouse.fill()


@pytest.fixture
def pypi(clean_environment: pytest.MonkeyPatch) -> Iterator[PyPI]:
    """A PyPI without any project, which is the one that the scripts ask."""
    with PyPI() as server:
        clean_environment.setenv("PYPI_URL", server.url)
        yield server


@pytest.fixture
def index(tmp_path: Path, clean_environment: pytest.MonkeyPatch) -> Index:
    """A new index in a folder."""
    return Index(copy_index(tmp_path / "index"))


class Say(Protocol):
    """Says a line at the end of all tests, such as how many cases there were."""

    def __call__(self, line: str) -> None: ...


@pytest.fixture
def say(record_property: Callable[[str, object], None]) -> Say:
    """Tells what is shown at the end of all tests; with several workers too."""
    return lambda line: record_property("said", line)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What starts a GitHub of its own, or lets git merge, is slow; not so the tests of forge itself."""
    for item in items:
        if {"hub", "clone"} & {*getattr(item, "fixturenames", ())} and item.path.parent.name != "forge":
            item.add_marker(pytest.mark.slow)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show what tests that went well have to say."""
    for report in terminalreporter.getreports("passed"):
        for name, line in report.user_properties:
            if name == "said":
                terminalreporter.write_line(str(line))


class MakeProject(Protocol):
    """Makes a project in a local git repository, with one release."""

    def __call__(self, name: str, version: str, tag: str | None = None, **project: Any) -> Project: ...


@pytest.fixture
def project(tmp_path: Path, clean_environment: pytest.MonkeyPatch) -> MakeProject:
    """Makes sample projects: `project("public-hello", "0.1", dependencies=["mydependency"])`, tagged v0.1."""

    def make(name: str, version: str, tag: str | None = None, **project: Any) -> Project:
        made = Project(tmp_path / "projects" / name, name)
        made.release(version, tag, **project)
        return made

    return make


@pytest.fixture
def hello(project: MakeProject) -> Project:
    """A project with one release, public-hello 0.1."""
    return project("public-hello", "0.1")


@pytest.fixture
def github(tmp_path: Path, clean_environment: pytest.MonkeyPatch) -> Iterator[GitHubServer]:
    """A running GitHub without repositories."""
    with GitHubServer(tmp_path / "github") as server:
        yield server


@pytest.fixture
def hub(github: GitHubServer, pypi: PyPI, clean_environment: pytest.MonkeyPatch, tmp_path: Path) -> Hub:
    """A new index on GitHub, `octo/index`, with a checkout of it and a token that may propose changes."""
    made = put_on_github(github, copy_index(tmp_path / "checkout"), tmp_path)
    propose_to(clean_environment, made)
    return made
