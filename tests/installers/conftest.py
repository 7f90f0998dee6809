"""What the tests of the installers share: a world for each worker, and installers that know nothing of the machine."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.installers import tools
from tests.installers.world import ENVIRONMENT, World, clean, make
from tests.site.serving import served

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A published index and a PyPI, served on this machine. No test changes it."""
    folder = tmp_path_factory.mktemp("world")
    with served(folder) as url, pytest.MonkeyPatch.context() as monkeypatch:
        made = World(folder, url)
        with monkeypatch.context() as inside:
            make(made, tools.wheels(), inside)
        yield made


@dataclass
class Installer:
    """An installer, a folder to work in, and an environment to install into."""

    world: World
    folder: Path
    command: list[str]
    options: list[str]
    python: Path
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def home(self) -> Path:
        return Path(self.environment["HOME"])

    @property
    def alone(self) -> list[str]:
        """The options without the site: with the other index alone."""
        return [one for one in self.options if one not in (self.world.site, "--extra-index-url", "--index")]

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*self.command, *arguments],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=180,
            check=False,
        )

    def did(self, *arguments: str) -> str:
        """What a run printed, that had to go well."""
        done = self.run(*arguments)
        assert done.returncode == 0, done.stdout
        return done.stdout

    def install(self, *arguments: str) -> str:
        return self.did("install", *self.options, *arguments)

    def refuse(self, *arguments: str) -> str:
        done = self.run("install", *self.options, *arguments)
        assert done.returncode != 0, done.stdout
        assert "Traceback" not in done.stdout
        return " ".join(done.stdout.split())  # uv breaks lines

    def write(self, path: str, text: str) -> str:
        (self.folder / path).write_text(text, "utf-8")
        return path

    def has(self, *modules: str) -> list[str]:
        """What the modules that were installed say of themselves."""
        code = f"import importlib; print(*[importlib.import_module(name).VALUE for name in {modules}], sep='\\n')"
        return self._says(code)

    def installed(self) -> dict[str, str]:
        """The distributions in the environment, with their versions."""
        each = "[print(one.metadata['Name'], one.version) for one in importlib.metadata.distributions()]"
        code = f"import importlib.metadata; {each}"
        return dict(sorted((line.split()[0], line.split()[1]) for line in self._says(code)))

    def _says(self, code: str) -> list[str]:
        done = subprocess.run(
            [self.python, "-c", code],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "home").mkdir()
    return clean(ENVIRONMENT, tmp_path / "home")


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """The Python of a new environment without any package."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "target"], check=True)
    return tmp_path / "target" / "bin" / "python"


@pytest.fixture
def pip(world: World, tmp_path: Path, target: Path, environment: dict[str, str]) -> Installer:
    """The newest pip, with the site as an extra index."""
    command = [str(tools.tool("pip")), "-m", "pip", "--python", str(target)]
    options = ["--index-url", world.pypi, "--extra-index-url", world.site]
    return Installer(world, tmp_path, command, options, target, environment)


@pytest.fixture
def uv(world: World, tmp_path: Path, target: Path, environment: dict[str, str]) -> Installer:
    """uv, with the site before the other index, as it reads `--index`."""
    command = [str(tools.tool("uv").with_name("uv")), "pip"]
    options = ["--python", str(target), "--default-index", world.pypi, "--index", world.site]
    return Installer(world, tmp_path, command, options, target, environment)


@pytest.fixture(params=["pip", "uv"])
def installer(request: pytest.FixtureRequest) -> Installer:
    """pip, then uv."""
    found: Installer = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def old_pip(world: World, tmp_path: Path, environment: dict[str, str]) -> Installer:
    """The oldest pip, which installs into a folder."""
    python = tools.tool("old-pip")
    folder = tmp_path / "target"
    options = ["--index-url", world.pypi, "--extra-index-url", world.site, "--target", str(folder)]
    found = {**environment, "PYTHONPATH": str(folder)}
    return Installer(world, tmp_path, [str(python), "-m", "pip"], options, python, found)
