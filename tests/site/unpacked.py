"""An unpacked pointer, its hooks run one by one: no installer, no network."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from typing import TYPE_CHECKING

from scripts.site.pointer import pointer
from tests.site import projects

if TYPE_CHECKING:
    from pathlib import Path

    from scripts.model import Release


def unpacked(folder: Path, name: str, project: str, release: Release) -> Path:
    """A pointer as an installer unpacks it."""
    made = pointer(name, project, release)
    folder.mkdir(exist_ok=True)
    (folder / made.file_name).write_bytes(made.content)
    with tarfile.open(folder / made.file_name) as archive:
        archive.extractall(folder, filter="data")
    return folder / made.file_name.removesuffix(".tar.gz")


def hook(sdist: Path, call: str, python: str = sys.executable, **environment: str) -> subprocess.CompletedProcess[str]:
    """One hook in a process of its own, as installers run it; it prints what it gives back."""
    (sdist.parent / "out").mkdir(exist_ok=True)
    code = f"import sys; sys.path.insert(0, 'backend'); import pointer_v1 as backend; print(backend.{call})"
    home = {**projects.GIT, "HOME": str(sdist.parent)}
    return subprocess.run(
        [python, "-c", code], cwd=sdist, env={**home, **environment}, capture_output=True, text=True, check=False
    )


def built(sdist: Path, call: str = "build_wheel('../out')", **environment: str) -> zipfile.ZipFile:
    done = hook(sdist, call, **environment)
    assert done.returncode == 0, done.stderr
    return zipfile.ZipFile(sdist.parent / "out" / done.stdout.splitlines()[-1])


def stopped(sdist: Path, call: str = "build_wheel('../out')", **environment: str) -> str:
    """The one sentence that a hook ends with."""
    done = hook(sdist, call, **environment)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr.strip()
