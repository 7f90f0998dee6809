"""Small projects, one for each way of building that a pointer has to carry, and git repositories of them."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from scripts.model import Release

if TYPE_CHECKING:
    from pathlib import Path

GIT = {
    "PATH": os.environ["PATH"],
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "A",
    "GIT_AUTHOR_EMAIL": "a@example.org",
    "GIT_COMMITTER_NAME": "A",
    "GIT_COMMITTER_EMAIL": "a@example.org",
    "GIT_AUTHOR_DATE": "2026-01-01T00:00:00Z",
    "GIT_COMMITTER_DATE": "2026-01-01T00:00:00Z",
}


@dataclass(frozen=True)
class Sample:
    """A project: its files, and what a record says of its release 1.0 beyond name and place."""

    files: dict[str, str]
    record: dict[str, Any] = field(default_factory=dict)


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-c", "init.defaultBranch=main", "-c", "protocol.file.allow=always", *arguments]
    return subprocess.run(command, cwd=folder, env=GIT, check=True, capture_output=True, text=True).stdout.strip()


def commit(folder: Path, files: dict[str, str], tag: str = "") -> str:
    """Writes files into a repository, new or not, commits and tags them; gives the commit."""
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / ".git").exists():
        git(folder, "init", "--quiet")
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", "a commit")
    if tag:
        git(folder, "tag", "--annotate", "--message", tag, tag)
    return git(folder, "rev-parse", "HEAD")


def release(repository: str, commit: str, **record: Any) -> Release:
    facts = {"version": "1.0", "tag": "v1.0", "date": "2026-01-01T00:00:00Z", **record}
    return Release(repository=repository, commit=commit, **facts)


def address(server: str, folder: Path, room: str = "git") -> str:
    return f"{server}/{room}/{quote(folder.name)}"


def pyproject(backend: str, requires: str, name: str, more: str = "", version: str = 'version = "1.0"') -> str:
    return (
        f'[build-system]\nrequires = [{requires}]\nbuild-backend = "{backend}"\n'
        f'[project]\nname = "{name}"\n{version}\nrequires-python = ">=3.8"\ndescription = "A {name}"\n{more}'
    )


DEPENDENCIES = """\
dependencies = ["leaf>=1.0; python_version >= '3'"]
[project.optional-dependencies]
one = ["leaf ~= 1.0"]
Two_More = ["leaf[soft] < 9; python_version < '3' or python_version >= '3.8'"]
all = ["NAME[one,two-more]"]
[project.scripts]
NAME = "NAME:main"
"""
# As a record holds them: what `pyproject-metadata` and `packaging` make of the lines above.
KNOWN: dict[str, Any] = {
    "requires_python": ">=3.8",
    "requires_dist": (
        'leaf>=1.0; python_version >= "3"',
        'leaf~=1.0; extra == "one"',
        'leaf[soft]<9; (python_version < "3" or python_version >= "3.8") and extra == "two-more"',
        'NAME[one,two-more]; extra == "all"',
    ),
    "provides_extra": ("one", "two-more", "all"),
}
CODE = 'VALUE = "NAME"\n\n\ndef main():\n    print(VALUE)\n'


def standard(name: str, backend: str, *requires: str, more: str = "", module: str = "{}.py") -> Sample:
    """A project with dependencies and extras in its [project] table, as most are."""
    listed = ", ".join(f'"{one}"' for one in requires)
    table = pyproject(backend, listed, name, DEPENDENCIES.replace("NAME", name)) + more
    known = {key: tuple(one.replace("NAME", name) for one in value) for key, value in KNOWN.items()}
    record = {**known, "requires_python": ">=3.8", "build_requires": requires, "build_backend": backend}
    return Sample({"pyproject.toml": table, module.format(name): CODE.replace("NAME", name)}, record)


def from_tag(name: str, backend: str, *requires: str, more: str) -> Sample:
    """A project whose version is the tag's."""
    listed = ", ".join(f'"{one}"' for one in requires)
    table = pyproject(backend, listed, name, more, version='dynamic = ["version"]')
    record = {"requires_python": ">=3.8", "build_requires": requires, "build_backend": backend}
    return Sample({"pyproject.toml": table, f"{name}.py": CODE.replace("NAME", name)}, record)


IN_TREE = """\
import zipfile

NEEDS = {needs!r}
NAME = "{name}"


def get_requires_for_build_wheel(config_settings=None):
    return NEEDS


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    for need in NEEDS:
        __import__(need)
    file = NAME + "-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel_directory + "/" + file, "w") as wheel:
        info = NAME + "-1.0.dist-info/"
        files = {{
            NAME + ".py": "VALUE = " + repr(NAME),
            info + "METADATA": "Metadata-Version: 2.1\\nName: " + NAME + "\\nVersion: 1.0\\n{more}",
            info + "WHEEL": "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
        }}
        for path, text in files.items():
            wheel.writestr(path, text)
        wheel.writestr(info + "RECORD", "".join(path + ",,\\n" for path in [*files, info + "RECORD"]))
    return file
"""


def in_tree(name: str, needs: list[str] | None = None, more: str = "", **record: Any) -> Sample:
    """A project with a backend of its own, that has only the hooks that PEP 517 demands."""
    table = '[build-system]\nrequires = []\nbuild-backend = "own_backend"\nbackend-path = ["tools"]\n'
    backend = IN_TREE.format(name=name, needs=needs or [], more=more)
    known = {"build_backend": "own_backend", "backend_path": ("tools",), **record}
    return Sample({"pyproject.toml": table, "tools/own_backend.py": backend}, known)


SETUP = (
    'from setuptools import setup\nsetup(name="{0}", version="1.0", py_modules=["{0}"], python_requires=">=3.8"{1})\n'
)
SETUP_REQUIRES = """\
try:
    import pathspec
    version = "1.0"
except ImportError:
    version = "0"
from setuptools import setup
setup(name="setup_requires", version=version, py_modules=["setup_requires"], setup_requires=["pathspec"])
"""
SCM = '[tool.setuptools]\npy-modules = ["by_scm"]\n[tool.setuptools_scm]\n'

SAMPLES: dict[str, Sample] = {
    "by_setuptools": standard("by_setuptools", "setuptools.build_meta", "setuptools>=61"),
    "setup_py": Sample(
        {"setup.py": SETUP.format("setup_py", ', install_requires=["leaf"]'), "setup_py.py": 'VALUE = "setup_py"\n'},
        {"requires_python": ">=3.8", "requires_dist": ("leaf",)},
    ),
    "setup_requires": Sample({"setup.py": SETUP_REQUIRES, "setup_requires.py": 'VALUE = "setup_requires"\n'}),
    "by_flit": standard("by_flit", "flit_core.buildapi", "flit_core>=3.2"),
    "by_hatchling": standard("by_hatchling", "hatchling.build", "hatchling"),
    "by_poetry": standard(
        "by_poetry",
        "poetry.core.masonry.api",
        "poetry-core>=2",
        more='[tool.poetry]\npackages=[{include="by_poetry.py"}]\n',
    ),
    "by_pdm": standard("by_pdm", "pdm.backend", "pdm-backend"),
    # It writes markers anew: `python_version < "3.9"` becomes `python_full_version < '3.9'`.
    "by_uv": standard("by_uv", "uv_build", "uv_build", module="src/{}/__init__.py"),
    "by_hatch_vcs": from_tag(
        "by_hatch_vcs", "hatchling.build", "hatchling", "hatch-vcs", more='[tool.hatch.version]\nsource = "vcs"\n'
    ),
    "by_scm": from_tag("by_scm", "setuptools.build_meta", "setuptools>=64", "setuptools-scm>=8", more=SCM),
    "own_backend": in_tree("own_backend"),
    "dynamic_needs": in_tree("dynamic_needs", ["pathspec"]),
}
