"""Sample projects: the files that a package's repository holds, and local git repositories of them."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.servers.forge import GitHubServer, Repository

BUILD_SYSTEMS = {
    "flit": ("flit_core>=3.4", "flit_core.buildapi"),
    "hatchling": ("hatchling", "hatchling.build"),
    "hatch-vcs": ("hatch-vcs", "hatchling.build"),
    "pdm": ("pdm-backend", "pdm.backend"),
    "poetry": ("poetry-core", "poetry.core.masonry.api"),
    "setuptools": ("setuptools>=61", "setuptools.build_meta"),
}
# A build backend in the project's own folder: it needs nothing, and works with every pip that knows such backends.
OWN_BACKEND = '''
import pathlib, zipfile

NAME, VERSION = {name!r}, {version!r}
METADATA = """{metadata}"""
FOLDER = NAME.replace("-", "_") + "-" + VERSION + ".dist-info"

def _files():
    yield FOLDER + "/METADATA", METADATA
    yield FOLDER + "/WHEEL", "Wheel-Version: 1.0\\nGenerator: own\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"

def prepare_metadata_for_build_wheel(directory, config_settings=None):
    for path, text in _files():
        pathlib.Path(directory, FOLDER).mkdir(exist_ok=True)
        pathlib.Path(directory, path).write_text(text)
    return FOLDER

def build_wheel(directory, config_settings=None, metadata_directory=None):
    name = NAME.replace("-", "_") + "-" + VERSION + "-py3-none-any.whl"
    module = NAME.replace("-", "_") + ".py"
    with zipfile.ZipFile(pathlib.Path(directory, name), "w") as wheel:
        wheel.writestr(module, pathlib.Path(module).read_text())
        for path, text in _files():
            wheel.writestr(path, text)
        wheel.writestr(FOLDER + "/RECORD", "".join(path + ",,\\n" for path in wheel.namelist()))
    return name
'''


def toml(value: object) -> str:
    """A value as TOML writes it: texts, lists and inline tables."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {toml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def table(name: str, fields: Mapping[str, object]) -> str:
    """A table of a TOML file; a field that is None is left out."""
    lines = [f"{json.dumps(key)} = {toml(value)}" for key, value in fields.items() if value is not None]
    return "\n".join([f"[{name}]", *lines, ""])


def build_system(build: str) -> str:
    requires, backend = BUILD_SYSTEMS[build]
    return table("build-system", {"requires": [requires], "build-backend": backend})


def project_files(name: str, version: str | None, build: str = "flit", **project: Any) -> dict[str, str]:
    """The files of a project with a `[project]` table, which gets the fields of `project` too.

    A field that is None is left out; `requires_python` stands for `requires-python`, as Python's names have no hyphen.
    """
    fields = {"name": name, "version": version, "description": f"Says hello, as {name}", "readme": "README.md"}
    fields |= {key.replace("_", "-"): value for key, value in project.items()}
    module = name.replace("-", "_").lower()
    return {
        "pyproject.toml": build_system(build) + table("project", fields),
        "README.md": f"# {name} {version}\n",
        f"{module}.py": f'"""Says hello."""\n\ndef hi():\n    return "hello from {name} {version}"\n',
    }


def self_building(name: str, version: str, **project: Any) -> dict[str, str]:
    """The files of a project that brings its own build backend, so that installing it needs no other project."""
    dependencies = project.get("dependencies", [])
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    metadata += "".join(f"Requires-Dist: {dependency}\n" for dependency in dependencies)
    if "requires_python" in project:
        metadata += f"Requires-Python: {project['requires_python']}\n"
    system = {"requires": [], "build-backend": "own_backend", "backend-path": ["."]}
    files = project_files(name, version, **project)
    files["pyproject.toml"] = files["pyproject.toml"].replace(build_system("flit"), table("build-system", system))
    return {**files, "own_backend.py": OWN_BACKEND.format(name=name, version=version, metadata=metadata)}


def git(folder: Path, *arguments: str) -> str:
    """What a git command in a folder prints. It reads no settings of this machine."""
    facts = {"NAME": "Octocat", "EMAIL": "octocat@example.org", "DATE": "2026-01-31T12:00:00Z"}
    identity = {f"GIT_{who}_{what}": fact for who in ("AUTHOR", "COMMITTER") for what, fact in facts.items()}
    plain = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    done = subprocess.run(
        ["git", *arguments], cwd=folder, env={**kept, **identity, **plain}, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode().strip()


class Project:
    """A project in a local git repository. `release` commits and tags; `path` and `url` say where it is."""

    def __init__(self, path: Path, name: str) -> None:
        self.path, self.name = path, name
        path.mkdir(parents=True)
        git(path, "init", "--quiet", "--template=", "--initial-branch=main")

    @property
    def url(self) -> str:
        return self.path.as_uri()

    def __str__(self) -> str:
        return str(self.path)

    def commit(self, files: Mapping[str, str | None], message: str = "A commit") -> str:
        """Bring files to these texts (None takes one away) and commit all there is; the commit's id."""
        for name, text in files.items():
            path = self.path / name
            if text is None:
                path.unlink()
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        git(self.path, "add", "--all", "--force")
        git(self.path, "commit", "--quiet", "--allow-empty", "-m", message)
        return git(self.path, "rev-parse", "HEAD")

    def tag(self, *names: str) -> None:
        """Put light tags on the last commit."""
        for name in names:
            git(self.path, "tag", name)

    def release(self, version: str, tag: str | None = None, **fields: Any) -> str:
        """Commit the project as of a version, and tag it (`v` and the version); the commit's id."""
        commit = self.commit(project_files(self.name, version, **fields), f"Release {version}")
        self.tag(tag or f"v{version}")
        return commit


def on_github(
    github: GitHubServer, full_name: str, *versions: str, private: bool = False, **fields: Any
) -> Repository:
    """A repository on the GitHub test server with a project named after it, and a tag for each version."""
    repository = github.create_repository(full_name, private=private)
    for version in versions:
        add_release(repository, version, **fields)
    return repository


def add_release(repository: Repository, version: str, tag: str | None = None, **fields: Any) -> str:
    """Commit a version of the project in a repository on the test server, and tag it; the commit's id."""
    commit = repository.commit(project_files(repository.name, version, **fields), f"Release {version}")
    repository.tag(tag or f"v{version}")
    return commit
