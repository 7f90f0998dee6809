"""What `pip install` takes, for many requirements in one process.

Run as a script: reads {options: […], requirements: […]} as JSON from standard input and writes, for each requirement,
the URL of the file that `pip install --dry-run` with these options would install, or null where it finds none.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from pip._internal.cli.main import main

FLAGS = ("--isolated", "--no-cache-dir", "--disable-pip-version-check", "--no-input", "--quiet")
WHAT = ("--dry-run", "--ignore-installed", "--no-deps", "--no-build-isolation")


def choice(options: list[str], requirement: str) -> str | None:
    """The URL of what pip takes for one requirement. Raises RuntimeError where pip fails but to find something."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        said = io.StringIO()
        with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
            status = main(["install", *FLAGS, *WHAT, "--report", str(report), *options, requirement])
        if status == 0:
            [taken] = json.loads(report.read_text())["install"]
            url: str = taken["download_info"]["url"]
            return url
        if "No matching distribution found" in said.getvalue():
            return None
        raise RuntimeError(said.getvalue())


if __name__ == "__main__":
    asked: dict[str, Any] = json.load(sys.stdin)
    json.dump([choice(asked["options"], requirement) for requirement in asked["requirements"]], sys.stdout)
