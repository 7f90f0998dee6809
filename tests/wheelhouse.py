"""The wheels that tests build and install with, in .venv/wheelhouse. `python -m tests.wheelhouse` downloads them.

That happens once, with the machine's own settings for pip. From then on no test needs the network.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HOME = Path(__file__).parent.parent / ".venv"
FOLDER = HOME / "wheelhouse"
STAMP = "wheels.txt"
NEW_PIP, OLD_PIP = "pip==26.3", "pip==20.3.4"
# Each line is downloaded with all that it needs, by a pip of its own: two versions of a project cannot share one.
LINES = (
    "flit_core==4.2.0 hatchling==1.33.0 hatch-vcs==0.5.0 pdm-backend==2.5.0 poetry-core==2.5.0"
    f" setuptools==84.2.1 setuptools-scm==10.3.4 wheel==0.48.0 {NEW_PIP}",
    OLD_PIP,
)
_SETTINGS = dict(os.environ)  # as they were when the tests started, before any fixture


def fill() -> Path:
    """The folder with all the wheels; they are downloaded when it is not there, or of another list."""
    if _is_full():
        return FOLDER
    HOME.mkdir(exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix="wheelhouse-", dir=HOME))
    for line in LINES:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--only-binary=:all:", "--dest", str(made)]
        subprocess.run([*command, *line.split()], env=_SETTINGS, check=True)
    (made / STAMP).write_text("\n".join(LINES), "utf-8")
    if not _is_full():  # else another process was quicker
        shutil.rmtree(FOLDER, ignore_errors=True)
        with contextlib.suppress(OSError):
            made.replace(FOLDER)
    shutil.rmtree(made, ignore_errors=True)
    return FOLDER


def _is_full() -> bool:
    stamp = FOLDER / STAMP
    return stamp.is_file() and stamp.read_text("utf-8") == "\n".join(LINES)


def wheel(requirement: str) -> Path:
    """The wheel of a requirement like `pip==20.3.4`."""
    name, _, version = requirement.partition("==")
    (found,) = FOLDER.glob(f"{name.replace('-', '_')}-{version}-*.whl")
    return found


if __name__ == "__main__":
    print(fill())
