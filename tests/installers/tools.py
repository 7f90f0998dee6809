"""The installers that the tests run, each in an environment of its own in .venv/installers.

They are installed from PyPI with the machine's own settings for pip, once: `python -m tests.installers.tools`.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

FOLDER = Path(__file__).parent.parent.parent / ".venv" / "installers"
OLDEST_PYTHON = "3.8"
TOOLS = {
    "pip": ("pip==26.3",),
    "old-pip": ("pip==20.3",),
    "uv": ("uv==0.13.9",),
    "poetry": ("poetry==2.5.1",),
    "pdm": ("pdm==2.29.3", "hishel>=1.1,<2", "unearth<0.18"),
    "pipenv": ("pipenv==2026.10.3",),
    "pip-tools": ("pip-tools==7.6.2", "pip==26.3"),
    "dumb-pypi": ("dumb-pypi==1.15",),
}
# What `publish` alone imports, in the versions that it runs on, on a Python other than that of the tests.
SITE = ("beautifulsoup4", "lxml", "packaging", "readme-renderer", "resolvelib")
OTHER_PYTHONS = ("3.13", "3.12", "3.11", "3.14")
# What the projects of the tests are built with, and what Poetry and PDM want for a build beside it.
WHEELS = ("flit_core>=3.12", "setuptools>=80", "wheel", "poetry-core>=2", "hatchling", "hatch-vcs")
_SETTINGS = dict(os.environ)  # as they were when the tests started, before any fixture


def tool(name: str) -> Path:
    """The Python of the environment that holds an installer; it is made when it is not there, or of other versions."""
    return _made(name, "\n".join(TOOLS[name]), _install) / "bin" / "python"


def other_python() -> Path | None:
    """A Python of another version than this one, with what `publish` imports; None where there is no other."""
    own = f"{sys.version_info[0]}.{sys.version_info[1]}"
    found = next((found for one in OTHER_PYTHONS if one != own and (found := find_python(one))), None)
    pinned = (FOLDER.parent.parent / "requirements.txt").read_text("utf-8")
    pins = dict(re.findall(r"^([a-z0-9-]+)(?:\[md\])?==([^\s;]+)", pinned, re.MULTILINE))
    wanted = [f"{name}{'[md]' if name == 'readme-renderer' else ''}=={pins[name]}" for name in SITE]

    def make(_: str, folder: Path) -> None:
        assert found
        _environment(found, folder, wanted)

    return _made("site", "\n".join([found, *wanted]), make) / "bin" / "python" if found else None


def wheels() -> Path:
    """A folder with the wheels that builds need."""
    return _made("wheels", "\n".join(WHEELS), _download)


def find_python(version: str) -> str | None:
    """A Python of that version, from the PATH or from pyenv; None without one."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path(_SETTINGS.get("HOME", "/"), ".pyenv")), "versions")
    for candidate in [shutil.which(f"python{version}"), *pyenv.glob(f"{version}.*/bin/python")]:
        if candidate and not subprocess.run([candidate, "-c", ""], capture_output=True, check=False).returncode:
            return str(candidate)
    return None


def _install(name: str, folder: Path) -> None:
    python = find_python(OLDEST_PYTHON) if name == "old-pip" else sys.executable
    assert python, f"{name} needs a Python {OLDEST_PYTHON}"
    _environment(python, folder, TOOLS[name])


def _environment(python: str, folder: Path, wanted: Sequence[str]) -> None:
    _run(python, "-m", "venv", str(folder))
    _run(str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", *wanted)


def _download(_: str, folder: Path) -> None:
    _run(sys.executable, "-m", "pip", "download", "--quiet", "--only-binary=:all:", "--dest", str(folder), *WHEELS)


def _made(name: str, what: str, make: Callable[[str, Path], None]) -> Path:
    folder = FOLDER / name
    stamp = FOLDER / f"{name}.txt"
    with _alone(FOLDER / f"{name}.lock"):
        if not stamp.is_file() or stamp.read_text("utf-8") != what:
            shutil.rmtree(folder, ignore_errors=True)
            make(name, folder)
            stamp.write_text(what, "utf-8")
    return folder


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Hold a lock that the other processes of a test run wait for."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _run(*command: str) -> None:
    done = subprocess.run(command, env=_SETTINGS, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)}: {done.stdout}{done.stderr}"


if __name__ == "__main__":
    for each in TOOLS:
        print(tool(each))
    print(wheels())
