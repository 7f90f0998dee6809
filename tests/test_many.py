"""Many packages: each repository is looked at once, and each proposed once. And runs at one time in one folder."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.bench.watching import fill, release_all
from tests.verbs import ROOT, Hub, Index, run

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import MakeProject

pytestmark = pytest.mark.slow
PACKAGES = 40  # `make bench` has 200


def looks(hub: Hub) -> int:
    """How many times tags were listed since the last question."""
    count = len([call for call in hub.github.git_requests if call.method == "POST"])
    hub.github.git_requests.clear()
    return count


def test_one_look_at_each_repository_and_one_request_for_each(hub: Hub, tmp_path: Path) -> None:
    fill(hub, PACKAGES)
    looks(hub)
    hub.calls()
    assert run("sync", "--root", hub.checkout).said
    assert looks(hub) == PACKAGES
    assert run("audit", "--root", hub.checkout).said
    assert looks(hub) == PACKAGES
    assert hub.calls() == [], "neither asks GitHub's API"
    release_all(hub, PACKAGES)
    out = tmp_path / "releases"
    assert run("sync", "--out", out, "--root", hub.checkout).said
    for _ in range(2):
        assert hub.run("sync", "--releases", out).said
        assert len([pull for pull in hub.index.pulls if pull.state == "open"]) == PACKAGES


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
