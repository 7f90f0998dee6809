"""How a run ends: what it prints, and its exit status."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from scripts.cli.run import guarded
from scripts.errors import BadProject, BadUsage
from tests import samples
from tests.servers.forge import Hang
from tests.verbs import ROOT, Index, contents, interruptible

if TYPE_CHECKING:
    from tests.servers.forge import GitHubServer


def test_work_that_goes_well(capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(lambda: None) == 0
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (BadUsage("python -m scripts.yank", "give one"), "python -m scripts.yank: give one (--help tells more)"),
        (BadProject("https://x/y", "v1", "a\nb\x1b[31m"), "https://x/y at v1: a b\\x1b[31m"),
    ],
)
def test_an_error_is_one_line(capsys: pytest.CaptureFixture[str], error: Exception, line: str) -> None:
    def fail() -> None:
        raise error

    assert guarded(fail) == 1
    assert capsys.readouterr() == ("", f"error: {line}\n")


def test_a_mistake_of_ours_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError):
        guarded(lambda: print(1 / 0))


def test_an_interrupt_is_no_traceback_and_changes_nothing(index: Index, github: GitHubServer) -> None:
    repository = samples.on_github(github, "octo/hello", "0.1")
    fault = github.git_faults.add(Hang(60), path="git-upload-pack$")
    before = contents(index.root)
    process = subprocess.Popen(
        [sys.executable, "-m", "scripts.register", repository.url, "--root", str(index.root)],
        cwd=ROOT,
        env=os.environ,
        stderr=subprocess.PIPE,
        preexec_fn=interruptible,
    )
    end = time.monotonic() + 20
    while not fault.hits and time.monotonic() < end:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, printed = process.communicate(timeout=20)
    assert printed == b"error: interrupted: run again, a second run completes the work\n"
    assert process.returncode == 130
    assert contents(index.root) == before
