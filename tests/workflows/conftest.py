"""The machine that forms are pressed on, and the two ways to press them."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import pytest

from tests.servers.forge import GitHubServer
from tests.workflows import act, steps
from tests.workflows.machine import INDEX, Machine

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.workflows.machine import Presser


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    """A machine for the workflows of an index whose repository is empty, with the secret PACKAGES_TOKEN set.

    The secret is a valid token that may not read any private repository yet.
    """
    folder = tmp_path / "machine"
    folder.mkdir()
    with GitHubServer(tmp_path / "github") as github:
        token = f"packages-{secrets.token_hex(8)}"
        github.add_token(token, user="octocat")
        yield Machine(folder, github, github.create_repository(INDEX), {"PACKAGES_TOKEN": token})


@pytest.fixture(params=[steps, pytest.param(act, marks=pytest.mark.slow)], ids=["steps", "act"])
def press(request: pytest.FixtureRequest) -> Presser:
    """Both ways to run a workflow: its steps one by one, and act."""
    presser: Presser = request.param.press
    return presser
