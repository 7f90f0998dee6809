"""What the tests with real installers share: a server, the build backends from PyPI, and pip and uv themselves."""

from __future__ import annotations

import html
import os
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from scripts.site.pointer import pointer
from tests.site import projects
from tests.site.indexes import Scratch, every_kind
from tests.site.serving import served
from tests.site.unpacked import unpacked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scripts.model import Release
    from scripts.site.pointer import Pointer

NEWEST = f"{sys.version_info[0]}.{sys.version_info[1]}"
OLDEST = "3.8"
OLDEST_PIP = "20.3"
BACKENDS = (
    "setuptools",
    "wheel",
    "flit_core",
    "hatchling",
    "hatch-vcs",
    "setuptools-scm",
    "poetry-core",
    "uv-build",
    "pdm-backend",
)
BACKENDS_FOR_OLDEST = ("setuptools", "wheel", "flit_core", "hatchling")


def find_python(version: str) -> str | None:
    """A Python of that version, from the PATH or from pyenv; None without one."""
    if version == NEWEST:
        return sys.executable
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions")
    for candidate in [shutil.which(f"python{version}"), *pyenv.glob(f"{version}.*/bin/python")]:
        if candidate and not subprocess.run([candidate, "-c", ""], capture_output=True, check=False).returncode:
            return str(candidate)
    return None


def once(folder: Path, make: Callable[[Path], None]) -> Path:
    """A folder that the first worker of a test run makes, and the others wait for."""
    with suppress(FileExistsError):
        folder.mkdir()
        make(folder)
        (folder / "made").touch()
    deadline = time.monotonic() + 300
    while not (folder / "made").exists():
        assert time.monotonic() < deadline, f"nobody made {folder.name}"
        time.sleep(0.2)
    return folder


@dataclass
class Index:
    """Package pages with pointers, the repositories that they point at, and the build backends beside them."""

    root: Path
    url: str
    wheels: Path

    def repository(self, name: str) -> Path:
        return self.root / "git" / name

    def add(self, name: str, project: str, release: Release) -> Pointer:
        """Publishes a release of the package `name` with all that installers read (PEP 503, PEP 658)."""
        made = pointer(name, project, release)
        folder = self.root / "simple" / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / made.file_name).write_bytes(made.content)
        attributes = ""
        if made.metadata is not None:
            (folder / (made.file_name + ".metadata")).write_text(made.metadata)
            digest = f'"sha256={made.metadata_sha256}"'
            attributes = f" data-core-metadata={digest} data-dist-info-metadata={digest}"
        if release.requires_python:
            attributes += f' data-requires-python="{html.escape(release.requires_python)}"'
        with (folder / "index.html").open("a") as page:
            page.write(f'<a href="{made.file_name}#sha256={made.sha256}"{attributes}>{made.file_name}</a><br>\n')
        return made

    def add_sample(self, name: str, room: str = "git", package: str = "", **changes: Any) -> Pointer:
        """Publishes one of the samples from a repository of its own, as the package of that name or another."""
        sample = projects.SAMPLES[name]
        commit = projects.commit(self.repository(name), sample.files, "v1.0")
        release = projects.release(f"{self.url}/{room}/{name}", commit, **{**sample.record, **changes})
        return self.add(package or name.replace("_", "-"), name, release)


@dataclass
class Installer:
    """One installer, with an environment to install into, and nothing of this machine's settings."""

    command: list[str]
    python: Path
    index: Index
    environment: dict[str, str]
    options: list[str] = field(default_factory=list)

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*self.command, *arguments],
            env={**self.environment, **environment},
            cwd=self.environment["HOME"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=False,
        )

    def install(self, *arguments: str, **environment: str) -> str:
        done = self.run("install", *self.options, *arguments, **environment)
        assert done.returncode == 0, done.stdout
        return done.stdout

    def refuse(self, *arguments: str, **environment: str) -> str:
        done = self.run("install", *self.options, *arguments, **environment)
        assert done.returncode != 0, done.stdout
        return done.stdout

    def python_says(self, code: str) -> str:
        """What Python prints where the packages were installed."""
        command = [str(self.python), "-c", f"from importlib.metadata import *; {code}"]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """A folder that the workers of one test run have in common."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if hasattr(request.config, "workerinput") else base


@pytest.fixture(scope="session")
def newest_pip(shared: Path) -> Path:
    """The Python of an environment with the newest pip."""

    def make(folder: Path) -> None:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([folder / "bin/python", "-m", "pip", "install", "--quiet", "--upgrade", "pip"], check=True)

    return once(shared / "newest-pip", make) / "bin/python"


@pytest.fixture(scope="session")
def oldest_pip(shared: Path) -> Path:
    """The Python of an environment with the oldest pip and the oldest Python that pointers are for."""
    found = find_python(OLDEST)
    if found is None:
        pytest.skip(f"no Python {OLDEST} here")

    def make(folder: Path) -> None:
        subprocess.run([found, "-m", "venv", folder], check=True)
        pip = [str(folder / "bin/python"), "-m", "pip", "install", "--quiet", f"pip=={OLDEST_PIP}"]
        subprocess.run(pip, check=True)

    return once(shared / "oldest-pip", make) / "bin/python"


@pytest.fixture(scope="session")
def wheels(shared: Path) -> Path:
    """The build backends and what they need, as PyPI has them, for the newest and the oldest Python."""

    def make(folder: Path) -> None:
        for version, names in ((NEWEST, BACKENDS), (OLDEST, BACKENDS_FOR_OLDEST)):
            if found := find_python(version):
                command = [
                    found,
                    "-m",
                    "pip",
                    "download",
                    "--quiet",
                    "--only-binary",
                    ":all:",
                    "--dest",
                    folder,
                    *names,
                ]
                subprocess.run(command, check=True)

    return once(shared / "wheels", make)


@pytest.fixture
def index(tmp_path: Path, wheels: Path) -> Iterator[Index]:
    """An index that is served, with one package that others depend on."""
    root = tmp_path / "served"
    (root / "simple").mkdir(parents=True)
    (root / "git").mkdir()
    with served(root) as url:
        made = Index(root, url, wheels)
        leaf = projects.in_tree("leaf")
        commit = projects.commit(made.repository("leaf"), leaf.files, "v1.0")
        made.add("leaf", "leaf", projects.release(f"{url}/git/leaf", commit, provides_extra=("soft",), **leaf.record))
        yield made


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """All that an installer of a test knows of this machine."""
    (tmp_path / "home").mkdir()
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path / "home"),
        "LANG": "C.UTF-8",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "UV_NO_CONFIG": "1",
        "UV_CACHE_DIR": str(tmp_path / "uv-cache"),
    }


def empty_environment(folder: Path, version: str) -> Path:
    subprocess.run([find_python(version) or "", "-m", "venv", "--without-pip", folder], check=True)
    return folder / "bin/python"


@pytest.fixture
def pip(tmp_path: Path, index: Index, newest_pip: Path, environment: dict[str, str]) -> Installer:
    target = empty_environment(tmp_path / "venv-pip", NEWEST)
    options = [f"--index-url={index.url}/simple", f"--find-links={index.wheels}"]
    return Installer([str(newest_pip), "-m", "pip", "--python", str(target)], target, index, environment, options)


@pytest.fixture
def old_pip(tmp_path: Path, index: Index, oldest_pip: Path, environment: dict[str, str]) -> Installer:
    target = empty_environment(tmp_path / "venv-old-pip", OLDEST)
    folder = target.parent.parent / "lib" / f"python{OLDEST}" / "site-packages"
    options = [f"--index-url={index.url}/simple", f"--find-links={index.wheels}", f"--target={folder}"]
    return Installer([str(oldest_pip), "-m", "pip"], target, index, environment, options)


@pytest.fixture
def uv(tmp_path: Path, index: Index, environment: dict[str, str]) -> Installer:
    target = empty_environment(tmp_path / "venv-uv", NEWEST)
    options = [f"--python={target}", f"--default-index={index.url}/simple", f"--find-links={index.wheels}"]
    command = [str(Path(sys.executable).with_name("uv")), "pip"]
    return Installer(command, target, index, environment, options)


@pytest.fixture(params=["pip", "uv"])
def installer(request: pytest.FixtureRequest) -> Installer:
    """The newest pip, then uv."""
    found: Installer = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def scratch(tmp_path: Path, clean_environment: pytest.MonkeyPatch) -> Scratch:
    """An index without packages, for `publish`."""
    return Scratch(tmp_path)


@pytest.fixture
def filled(scratch: Scratch) -> Scratch:
    """An index with a package of every kind, and its site."""
    return every_kind(scratch)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return tmp_path / "repository"


@pytest.fixture
def own(tmp_path: Path, repository: Path) -> Path:
    """An unpacked pointer at a project with a backend of its own."""
    sample = projects.SAMPLES["own_backend"]
    commit = projects.commit(repository, sample.files, "v1.0")
    release = projects.release(repository.as_uri(), commit, **sample.record)
    return unpacked(tmp_path / "sdist", "own-backend", "own_backend", release)
