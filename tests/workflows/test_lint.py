"""actionlint and zizmor find nothing."""

from __future__ import annotations

import subprocess

import pytest

from tests.workflows.documents import ROOT, tool, workflows


def lint(name: str, get: str, *arguments: str) -> None:
    program = tool(name)
    if program is None:
        pytest.skip(f"{name} is not on PATH; get it with: {get}")
    done = subprocess.run(
        [program, *arguments], cwd=ROOT, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_actionlint() -> None:
    # shellcheck and pyflakes are switched off: whether they are on PATH must not change what this test says.
    lint(
        "actionlint",
        "go install github.com/rhysd/actionlint/cmd/actionlint@latest",
        *("-no-color", "-shellcheck=", "-pyflakes="),
        *map(str, workflows()),
    )


def test_zizmor() -> None:
    lint(
        "zizmor",
        "pip install zizmor",
        *("--offline", "--no-progress", "--strict-collection", "--persona=pedantic", "--color=never", ".github"),
    )
