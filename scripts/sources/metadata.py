"""A project's own metadata at a commit: read from `[project]` where it is static, else asked of its build backend."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
import tomllib
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyproject_metadata import ConfigurationError, StandardMetadata

from scripts.errors import BadProject, plain

BUILD_TIMEOUT = 900  # seconds
SAID = 700  # characters that an error shows of what a project says

# What pip assumes of a project that does not say it (PEP 517, "Source trees"; PEP 518).
LEGACY_REQUIRES = ("setuptools>=40.8.0",)
LEGACY_BACKEND = "setuptools.build_meta:__legacy__"
# The keys of [project] that the index reads: when one of them is dynamic, only the backend knows it.
_READ = frozenset(
    (
        *("version", "description", "readme", "requires-python", "license", "authors", "keywords", "urls"),
        *("dependencies", "optional-dependencies"),
    )
)
_DYNAMIC = {
    "requires-python": {"requires-python"},
    "dependencies": {"requires-dist"},
    "optional-dependencies": {"requires-dist", "provides-extra"},
}
_SECRET = re.compile(
    r"^(ACTIONS_|GITHUB_|RUNNER_|INPUT_|GIT_|SSH_)|TOKEN|SECRET|PASSW|CREDENTIAL|PRIVATE_KEY|API_?KEY", re.IGNORECASE
)


@dataclass(frozen=True)
class Metadata:
    """Core metadata as text (PyPA "Core metadata specifications"), how it was learnt, and the build system.

    `dynamic` names the fields of the text that another machine might build differently.
    """

    text: str
    dynamic: frozenset[str]
    build_requires: tuple[str, ...]
    build_backend: str
    backend_path: tuple[str, ...]


@dataclass(frozen=True)
class Source:
    """A checked out commit: the repository's files are in `top`, the project in its `subdirectory`."""

    repository: str
    tag: str
    top: Path
    subdirectory: str

    @property
    def project(self) -> Path:
        return self.top / self.subdirectory

    def error(self, why: str) -> BadProject:
        """The error of this project; `why` may hold its own words, of any length and kind."""
        line = plain(" ".join(why.split()))
        return BadProject(self.repository, self.tag, line if len(line) <= SAID else line[: SAID - 1] + "…")

    def has(self, name: str) -> bool:
        """Whether the project has a file of that name, which is no link to somewhere outside the repository."""
        path = self.project / name
        try:
            if path.exists() and not path.resolve().is_relative_to(self.top.resolve()):
                raise self.error(f"{name} is a link that leads out of the repository: put the file itself there")
            return path.is_file()
        except (OSError, ValueError):  # no name that a file can have
            return False


def is_static(source: Source) -> bool:
    """Whether the metadata can be read without running the project's code."""
    data = _pyproject(source)
    project = data.get("project")
    if project is None or _READ & set(_strings(source, project, "dynamic")):
        return False
    return not (_writes_anew(data) and {"dependencies", "optional-dependencies"} & project.keys())


def _writes_anew(data: dict[str, Any]) -> bool:
    """Whether the backend puts dependencies in words of its own: then only it knows what stands in the wheel.

    poetry-core merges specifiers, hatchling drops the marker of an extra that names the project itself.
    """
    backend = str(data.get("build-system", {}).get("build-backend", ""))
    project = data["project"]
    own, extras = f"{project.get('name')}[", str(project.get("optional-dependencies"))
    refers_to_itself = own in extras and ";" in extras
    return backend.startswith("poetry.core") or (backend.startswith("hatchling") and refers_to_itself)


def read(source: Source) -> Metadata:
    """The metadata of a project. Runs its build backend when it is not static. Raises BadProject."""
    data = _pyproject(source)
    system = data.get("build-system", {})
    text = _static(source, data) if is_static(source) else _built(source)
    return Metadata(
        text=text,
        dynamic=_dynamic(source, data, text),
        build_requires=tuple(_strings(source, system, "requires", LEGACY_REQUIRES)),
        build_backend=str(system.get("build-backend", LEGACY_BACKEND)),
        backend_path=tuple(_strings(source, system, "backend-path")),
    )


def _pyproject(source: Source) -> dict[str, Any]:
    """pyproject.toml as a table; {} for a project that has only a setup.py."""
    if not source.project.is_dir():
        raise source.error(f"there is no folder {source.subdirectory}: check --subdirectory")
    if not source.has("pyproject.toml"):
        if source.has("setup.py"):  # a setup.cfg alone is nothing that pip installs
            return {}
        raise source.error("there is no pyproject.toml and no setup.py: name the project's folder with --subdirectory")
    try:
        data = tomllib.loads((source.project / "pyproject.toml").read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise source.error(f"pyproject.toml cannot be read: {error}") from None
    for name in ("project", "build-system"):
        if not isinstance(data.get(name, {}), dict):
            raise source.error(f"[{name}] in pyproject.toml is no table: mend it")
    legacy = source.has("setup.py") or source.has("setup.cfg")
    if not legacy and "project" not in data and "build-system" not in data:
        raise source.error("pyproject.toml has neither [project] nor [build-system]: this is no Python project yet")
    return data


def _strings(source: Source, table: dict[str, Any], key: str, default: tuple[str, ...] = ()) -> list[str]:
    value = table.get(key, list(default))
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise source.error(f"{key} in pyproject.toml is no list of texts: mend it")
    return value


def _static(source: Source, data: dict[str, Any]) -> str:
    readme = data["project"].get("readme")
    file = readme.get("file") if isinstance(readme, dict) else readme
    if isinstance(file, str) and not source.has(file):
        raise source.error(f"the readme {file} is not there: add it, or take it out of pyproject.toml")
    project = {key: value for key, value in data["project"].items() if key != "license-files"}
    if isinstance(readme, str) and readme.lower().endswith(".txt"):  # as setuptools, flit and hatchling take it
        project["readme"] = {"file": readme, "content-type": "text/plain"}
    license_ = project.get("license")
    if isinstance(license_, dict):  # a file or a text, which is too long to show: the classifiers may name it
        project.pop("license")
    try:
        with warnings.catch_warnings(action="ignore"):  # of what its backend may mind, and the index does not
            return str(StandardMetadata.from_pyproject({"project": project}, source.project).as_rfc822())
    except (ConfigurationError, OSError, UnicodeDecodeError) as error:
        raise source.error(f"[project] in pyproject.toml is not valid: {' '.join(str(error).split())}") from None


def _dynamic(source: Source, data: dict[str, Any], text: str) -> frozenset[str]:
    """The fields that another machine may build differently: what is not written down, setuptools computes."""
    if "project" in data:
        keys = _strings(source, data["project"], "dynamic")
        return frozenset(field for key in keys for field in _DYNAMIC.get(key, ()))
    backend = str(data.get("build-system", {}).get("build-backend", LEGACY_BACKEND))
    if not backend.startswith("setuptools"):
        declared = re.findall(r"^Dynamic: *(\S+)", text.partition("\n\n")[0], re.MULTILINE)
        return frozenset(field.lower() for field in declared) & frozenset().union(*_DYNAMIC.values())
    return frozenset().union(*_DYNAMIC.values())


def build_environment() -> dict[str, str]:
    """The environment that a project's code runs in: the machine's settings, none of its secrets."""
    return {name: value for name, value in os.environ.items() if not _SECRET.search(name)}


def _built(source: Source) -> str:
    """METADATA as the project's backend makes it, in an isolated environment and a process of its own."""
    script = Path(__file__).with_name("backend_process.py")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        out, log = Path(folder, "METADATA"), Path(folder, "log")
        with log.open("wb") as printed:
            process = subprocess.Popen(
                [sys.executable, "-I", str(script), str(source.project), str(out)],
                cwd=source.project,
                env={**build_environment(), "TMPDIR": folder},
                stdin=subprocess.DEVNULL,
                stdout=printed,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            try:
                code = process.wait(BUILD_TIMEOUT)
            except BaseException as error:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                if isinstance(error, subprocess.TimeoutExpired):
                    raise source.error(f"its build backend gave no metadata within {BUILD_TIMEOUT} seconds") from None
                raise
        if code:
            raise source.error(f"its build backend failed: {_last_lines(log.read_text('utf-8', 'replace'))}")
        return out.read_text("utf-8", "replace")


def _last_lines(printed: str) -> str:
    """The end of a log, where builds say what is wrong, as one line."""
    lines = [line.strip() for line in printed.splitlines() if line.strip()]
    return " | ".join(lines[-3:])[-600:] or "it printed nothing"
