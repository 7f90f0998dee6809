"""Runs a workflow with act (github.com/nektos/act), which reads the same YAML as GitHub, on this machine itself.

No engine for containers is needed (`-P ubuntu-latest=-self-hosted`), and nothing is fetched: act leaves out the
checkout of its own repository, and the other actions are small stand-ins from `actions/`.
"""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.workflows.documents import PINS, STAND_INS, WORKFLOWS, jobs, load, tool
from tests.workflows.machine import Machine, Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def press(machine: Machine, form: str, given: Mapping[str, str]) -> Outcome:
    """Press a form's button under act. Its log has no results job by job: `results` holds the run's own."""
    program = tool("act")
    if program is None:
        pytest.skip("act is not on PATH; get it with: go install github.com/nektos/act@latest")
    folder = machine.new_folder(f"act-{form}")
    artifacts, checkout = folder / "artifacts", folder / "checkout"
    artifacts.mkdir()
    environment = {**machine.environment(), "TEST_ARTIFACTS": str(artifacts)}
    _run(["git", "clone", "--quiet", machine.index.path.as_uri(), str(checkout)], folder, environment)
    done = _run([program, "workflow_dispatch", *_options(machine, form, given, folder)], checkout, environment)
    shown = "\n".join(line.partition("] ")[2] or line for line in done.stdout.splitlines())
    return Outcome({form: "failure" if done.returncode else "success"}, shown, shown)


def _options(machine: Machine, form: str, given: Mapping[str, str], folder: Path) -> list[str]:
    token = machine.job_token(jobs(load(WORKFLOWS / f"{form}.yml"))["propose"]["permissions"])
    secrets = {**machine.secrets, "GITHUB_TOKEN": token}
    (folder / "secrets").write_text("".join(f"{name}={value}\n" for name, value in secrets.items()))
    (folder / "event.json").write_text(json.dumps({"inputs": dict(given)}))
    (folder / "nothing").touch()
    options = ["--workflows", f".github/workflows/{form}.yml", "--platform", "ubuntu-latest=-self-hosted"]
    options += ["--secret-file", str(folder / "secrets"), "--eventpath", str(folder / "event.json")]
    options += ["--action-cache-path", str(folder / "cache"), "--no-cache-server", "--actor", "octocat"]
    for kind in ("env", "var", "input"):  # what lies about under their default names is none of the run's business
        options += [f"--{kind}-file", str(folder / "nothing")]
    for name in ("GITHUB_API_URL", "GITHUB_SERVER_URL", "GITHUB_REPOSITORY"):  # else act asks the checkout's remote
        options += ["--env", f"{name}={machine.environment()[name]}"]
    for action, (commit, _) in PINS.items():
        stand_in = STAND_INS / action.removeprefix("actions/")
        options += ["--local-repository", f"{action}@{commit}={stand_in}"] if stand_in.exists() else []
    return options


def _run(command: list[str], folder: Path, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        check=False,
    )
