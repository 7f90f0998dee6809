"""sync and audit of many packages, each with a repository of its own on a GitHub of this machine."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scripts import changes
from scripts.cli import syncing
from scripts.cli.index import texts
from scripts.model import About, Described, Findings, Release
from scripts.workspace import Folder
from tests.bench.measure import Result, measure
from tests.conftest import clean, propose_to, put_on_github
from tests.pypi import PyPI
from tests.samples import add_release, on_github
from tests.servers.forge import GitHubServer
from tests.verbs import contents, copy_index, run

if TYPE_CHECKING:
    from tests.verbs import Hub

PACKAGES = 200
PROMISE = 60.0  # seconds, until all that is new is found and proposed


def fill(hub: Hub, count: int) -> None:
    """Put packages on an index, each with release 1.0."""
    folder = Folder(hub.checkout)
    for number in range(count):
        name = f"package-{number:03}"
        repository = on_github(hub.github, f"octo/{name}", "1.0")
        commit = repository.git.commit_at("v1.0") or ""
        release = Release("1.0", "v1.0", commit, "2026-01-01T00:00:00Z", repository.url)
        findings = Findings(repository.url, "", False, (Described(name, release, About()),))
        folder.write(changes.register(texts(folder, name), findings).files)
    hub.index.commit(contents(hub.checkout))


def release_all(hub: Hub, count: int) -> None:
    """Give each of them release 1.1."""
    for number in range(count):
        add_release(hub.github.repository(f"octo/package-{number:03}"), "1.1")


def results() -> list[Result]:
    with tempfile.TemporaryDirectory() as place, pytest.MonkeyPatch.context() as environment:
        folder = Path(place)
        clean(environment, folder / "home")
        with GitHubServer(folder / "github") as github, PyPI() as pypi:
            environment.setenv("PYPI_URL", pypi.url)
            hub = put_on_github(github, copy_index(folder / "checkout"), folder)
            propose_to(environment, hub)
            fill(hub, PACKAGES)
            return _measured(hub, folder / "releases", environment)


def _measured(hub: Hub, out: Path, environment: pytest.MonkeyPatch) -> list[Result]:
    root = ("--root", hub.checkout)
    quiet = measure(lambda: run("sync", *root).said, times=3)
    with environment.context() as changed:
        changed.setattr(syncing, "AT_ONCE", 1)
        alone = measure(lambda: run("sync", *root).said, times=3)
    audited = measure(lambda: run("audit", *root).said, times=3)
    release_all(hub, PACKAGES)
    found = measure(lambda: run("sync", "--out", out, *root).said, times=1)
    hub.calls()
    proposed = measure(lambda: hub.run("sync", "--releases", out).said, times=0)
    calls = len(hub.calls())
    again = measure(lambda: hub.run("sync", "--releases", out).said, times=3)
    return [
        Result(
            f"sync of {PACKAGES} packages without news",
            quiet,
            PROMISE,
            compared=f"one repository after the other: {alone.clock / quiet.clock:.1f} times as long",
        ),
        Result(f"news of each of {PACKAGES} found", found, PROMISE),
        Result("the same proposed", proposed, PROMISE - found.clock, compared=f"{calls} calls"),
        Result("the same, once they wait for a review", again),
        Result(f"audit of {PACKAGES} packages", audited),
    ]
