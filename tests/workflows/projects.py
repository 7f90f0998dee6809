"""Sample projects: the packages that forms put on an index. None needs anything to be installed for its build."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.servers.forge import GitHubServer, Repository

PYPROJECT = """
[build-system]
requires = ["flit_core"]
build-backend = "flit_core.buildapi"

[project]
name = "{name}"
version = "{version}"
description = "Says hello, version {version}"
readme = "README.md"
requires-python = ">=3.9"
"""

ASKS_BACKEND = """
[build-system]
requires = []
build-backend = "spy"
backend-path = ["."]
"""

# A build backend that notes all that a package's code can see: the environment of every process it can look into.
SPY = """
import pathlib

def prepare_metadata_for_build_wheel(directory, config_settings=None):
    with open({notes!r}, "ab") as notes:
        for environment in pathlib.Path("/proc").glob("*/environ"):
            try:
                notes.write(environment.read_bytes())
            except OSError:
                pass
        notes.write(b"was here")
    made = pathlib.Path(directory, "spy-1.0.dist-info")
    made.mkdir()
    (made / "METADATA").write_text("Metadata-Version: 2.1\\nName: spy\\nVersion: 1.0\\n")
    (made / "WHEEL").write_text("Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    return made.name
"""


def hello(github: GitHubServer, full_name: str, *versions: str, private: bool = False) -> Repository:
    """A repository with a project named after it, and a tag for each version; its metadata is static."""
    repository = github.create_repository(full_name, private=private)
    for version in versions:
        text = PYPROJECT.format(name=repository.name, version=version)
        module = repository.name.replace("-", "_")
        repository.commit({"pyproject.toml": text, "README.md": f"# {version}\n", f"{module}.py": ""}, version)
        repository.tag(f"v{version}")
    return repository


def spy(github: GitHubServer, full_name: str, notes: Path) -> Repository:
    """A repository whose project runs code to tell its metadata, and writes what that code saw into `notes`."""
    repository = github.create_repository(full_name, private=True)
    repository.commit({"pyproject.toml": ASKS_BACKEND, "spy.py": SPY.format(notes=str(notes))})
    repository.tag("1.0")
    return repository
