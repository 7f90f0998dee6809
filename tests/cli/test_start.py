"""How a process starts: what it does not want to be seen has left its environment before anything else runs."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.verbs import ROOT

if TYPE_CHECKING:
    from pathlib import Path

LOOK = """
import os, pathlib, subprocess, sys
from scripts.cli.start import start

def main():
    own = pathlib.Path("/proc/self/environ")
    print("started with:", own.read_text().count("hunter2") if own.exists() else 0)
    print("has:", os.environ.get("GITHUB_TOKEN"), os.environ.get("PACKAGES_TOKEN"), os.environ.get("OTHER"))
    print("left over:", [name for name in os.environ if name.startswith("INDEX_")])
    print("arguments:", sys.argv[1:], sys.orig_argv[-2:])
    print("standard input:", sys.stdin.read())
    return 7

if __name__ == "__main__":
    start(main)
"""


def look(folder: Path, **environment: str) -> dict[str, str]:
    """Run a program that starts as the verbs do; what it tells of itself."""
    (folder / "look.py").write_text(LOOK)
    command = [sys.executable, "-X", "utf8", "-m", "look", "--option", "a b"]
    search = os.pathsep.join([str(folder), str(ROOT)])
    done = subprocess.run(
        command,
        env={**os.environ, "PYTHONPATH": search, **environment},
        input="from the caller",
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (7, "")
    return dict(line.split(": ", 1) for line in done.stdout.splitlines())


def test_secrets_are_in_the_process_and_not_in_what_it_was_started_with(tmp_path: Path) -> None:
    told = look(tmp_path, GITHUB_TOKEN="hunter2", PACKAGES_TOKEN="hunter2 with é, \" and '", OTHER="seen")
    assert told["started with"] == "0"
    assert told["has"] == "hunter2 hunter2 with é, \" and ' seen"
    assert told["left over"] == "[]"


@pytest.mark.parametrize("environment", [{}, {"GITHUB_TOKEN": "x"}, {"PACKAGES_TOKEN": ""}])
def test_the_command_line_and_its_input_are_the_same(tmp_path: Path, environment: dict[str, str]) -> None:
    told = look(tmp_path, **environment)
    assert told["arguments"] == "['--option', 'a b'] ['--option', 'a b']"
    assert told["standard input"] == "from the caller"
    assert told["has"] == f"{environment.get('GITHUB_TOKEN')} {environment.get('PACKAGES_TOKEN')} None"


def test_nothing_is_started_anew_without_a_secret(tmp_path: Path) -> None:
    """That would cost the time of a second start."""
    program = "import os, scripts.cli.start as s; os.execve = None; s.start(lambda: 3)"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False)
    assert done.returncode == 3
