"""A package installed from a published site, as those who use the index do."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

from scripts.errors import Refused
from scripts.forge import report
from scripts.values import web_address

PATIENCE = 300  # seconds, until what was deployed is to be seen everywhere
PAUSE = 10  # seconds
LONGEST = 200  # characters of a line that a tool prints
# What pip and uv put around the words of a build that fails.
_FRAME = re.compile(r"note: This error|hint: Build failures|│ exit code|╰─>|\[|error: subprocess-exited-with")


def install_from(url: str) -> None:
    """Install the newest public package of the site at `url` with pip and, where it is there, with uv.

    The package's own code runs: a process that does this has no rights. Raises Refused.
    """
    site = web_address("--try-install", url).rstrip("/") + "/"
    package = _newest(site)
    if package is None:
        print(f"{site} has no package that everyone may install: nothing to try")
        return
    constraints, name = f"{site}{package['name']}/constraints.txt", str(package["name"])
    _install(["-c", constraints, name], f"{name} {package['version']}")


def install_release(name: str, version: str, constraints: str) -> None:
    """Install one release as its constraints, given as text, say. Its own code runs, as above. Raises Refused."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "constraints.txt")
        path.write_text(constraints, "utf-8")
        _install(["-c", str(path), name], f"{name} {version}")


def _install(arguments: list[str], said: str) -> None:
    """Install into a new environment with pip, and into another with uv where that is there; say which have."""
    commands = {"pip": [sys.executable, "-m", "pip", "install", "--quiet", "--no-cache-dir", *arguments]}
    if uv := shutil.which("uv"):
        commands["uv"] = [uv, "pip", "install", "--quiet", "--no-cache", *arguments]
    for tool, command in commands.items():
        with tempfile.TemporaryDirectory() as folder:
            _run("venv", [sys.executable, "-m", "venv", folder])
            scripts = sysconfig.get_path("scripts", "venv", vars={"base": folder})
            where = ["--python", str(Path(scripts, "python"))]
            _run(tool, [*command[:3], *where, *command[3:]] if tool == "pip" else [*command, *where])
        print(f"{tool} installs {said}")
    if not uv:
        report.notice("uv is not on PATH: not tried")


def _newest(site: str) -> dict[str, Any] | None:
    """The public package with the newest release, once the site answers."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(f"{site}packages.json", timeout=30) as answer:  # noqa: S310 - the user's own
                packages = json.load(answer)["packages"]
        except (OSError, ValueError, KeyError) as error:
            if time.monotonic() > deadline:
                raise Refused(f"{site} is not there ({error})", "look at the deployment, and run again") from error
            time.sleep(PAUSE)
            continue
        return max((one for one in packages if not one["private"]), key=lambda one: str(one["date"]), default=None)


def _run(tool: str, command: list[str]) -> None:
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", errors="replace", check=False
    )
    if done.returncode:
        told = [line.strip() for line in (done.stdout + done.stderr).splitlines()]
        lines = " | ".join([line[:LONGEST] for line in told if line and not _FRAME.match(line)][-4:])
        raise Refused(f"{tool} cannot install it from the site", lines)
