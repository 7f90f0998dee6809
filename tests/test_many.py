"""Two hundred packages: sync and audit look at all of them in good time. And runs at one time in one folder."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from scripts import changes
from scripts.cli.index import texts
from scripts.model import About, Described, Findings, Release
from scripts.workspace import Folder
from tests.samples import add_release, on_github
from tests.verbs import ROOT, Hub, Index, contents, run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import MakeProject, Say

pytestmark = pytest.mark.slow
PACKAGES = 200
LIMIT = 60  # seconds


@pytest.fixture
def many(hub: Hub) -> Hub:
    """An index on GitHub with two hundred packages, each with release 1.0 from a repository of its own."""
    folder = Folder(hub.checkout)
    for number in range(PACKAGES):
        name = f"package-{number:03}"
        repository = on_github(hub.github, f"octo/{name}", "1.0")
        commit = repository.git.commit_at("v1.0") or ""
        release = Release("1.0", "v1.0", commit, "2026-01-01T00:00:00Z", repository.url)
        findings = Findings(repository.url, "", False, (Described(name, release, About()),))
        folder.write(changes.register(texts(folder, name), findings).files)
    hub.index.commit(contents(hub.checkout))
    return hub


def timed(work: Callable[[], object]) -> float:
    started = time.monotonic()
    work()
    return time.monotonic() - started


def test_two_hundred_packages(many: Hub, tmp_path: Path, say: Say) -> None:
    quiet = timed(lambda: run("sync", "--root", many.checkout).said)
    looked = len([call for call in many.github.git_requests if call.method == "POST"])
    assert looked == PACKAGES, "one look at each repository"
    audited = timed(lambda: run("audit", "--root", many.checkout).said)
    for number in range(PACKAGES):
        add_release(many.github.repository(f"octo/package-{number:03}"), "1.1")
    out = tmp_path / "releases"
    found = timed(lambda: run("sync", "--out", out, "--root", many.checkout).said)
    many.calls()
    proposed = timed(lambda: many.run("sync", "--releases", out).said)
    calls = len(many.calls())
    assert len([pull for pull in many.index.pulls if pull.state == "open"]) == PACKAGES
    again = timed(lambda: many.run("sync", "--releases", out).said)
    say(
        f"{PACKAGES} packages: sync without news {quiet:.1f} s, audit {audited:.1f} s;"
        f" news of each found in {found:.1f} s, proposed in {proposed:.1f} s with {calls} calls, again {again:.1f} s"
    )
    assert max(quiet, audited, found + proposed) < LIMIT


def test_runs_at_one_time_in_one_folder(index: Index, project: MakeProject) -> None:
    """Each waits for the one before it: no card is lost."""
    projects = [project(f"hello-{number}", "1.0") for number in range(4)]
    command = [sys.executable, "-m", "scripts.register", "--root", str(index.root)]
    runs = [
        subprocess.Popen([*command, str(each)], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for each in projects
    ]
    for one in runs:
        _, err = one.communicate(timeout=120)
        assert one.returncode == 0, err.decode()
    assert index.names() == [each.name for each in projects]
    assert index.run("check").said
