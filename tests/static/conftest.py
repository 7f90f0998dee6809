"""Node, where there is one, and chance that repeats itself."""

from __future__ import annotations

import shutil
from random import Random

import pytest

from tests.static.node import Node


@pytest.fixture(scope="session")
def node(tmp_path_factory: pytest.TempPathFactory) -> Node:
    """Runs functions of the pages' scripts."""
    if shutil.which("node") is None:
        pytest.skip("node is not on PATH: install Node.js 20 or newer to test the scripts of the pages")
    return Node(tmp_path_factory.mktemp("node"))


@pytest.fixture
def random() -> Random:
    """The same in every run."""
    return Random(440)  # noqa: S311 - for cases, not for secrets
