"""No test of the GitHub edge sees this machine's settings."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _clean(clean_environment: pytest.MonkeyPatch) -> None:
    """Each test has an environment of its own."""
