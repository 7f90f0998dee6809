"""Tools that lock: each locks the hash of the pointer, and installs from its lock file what was locked."""

from __future__ import annotations

import json
import tomllib
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest

from tests.installers import tools
from tests.installers.conftest import Installer
from tests.installers.world import log_in

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.installers.world import World

pytestmark = pytest.mark.slow

LOCKED = {"mydependency": "1.0", "my-cool-tensorflow": "1.0", "private-hello": "1.0", "public-hello": "0.2"}
NEEDS = '"public-hello>=0.2", "my-cool-tensorflow", "private-hello", "mydependency<99"'
PROJECT = '[project]\nname = "app"\nversion = "1.0"\nrequires-python = ">=3.11,<4"\ndependencies = [{needs}]\n{more}'


def hashes(world: World) -> dict[str, str]:
    """The hashes of the files that a lock must name."""
    files = {f"{name.replace('-', '_')}-{version}.tar.gz": name for name, version in LOCKED.items()}
    site = world.folder / "site"
    return {name: sha256((site / name / file).read_bytes()).hexdigest() for file, name in files.items()}


def locked(packages: list[dict[str, Any]]) -> dict[str, str]:
    """The versions in a lock file that is TOML."""
    return {one["name"]: one["version"] for one in packages if one["name"] != "app"}


@pytest.fixture
def tool(world: World, tmp_path: Path, target: Path, environment: dict[str, str]) -> Callable[..., Installer]:
    """Makes one of the tools, with an empty environment to install into and git's login."""

    def make(name: str, *command: str, **settings: str) -> Installer:
        venv = {"VIRTUAL_ENV": str(target.parent.parent), "PATH": f"{target.parent}:{environment['PATH']}"}
        found = [str(tools.tool(name).with_name(command[0])), *command[1:]]
        log_in(tmp_path / "home")
        return Installer(world, tmp_path, found, [], target, {**environment, **venv, **settings})

    return make


def test_uv(tool: Callable[..., Installer]) -> None:
    uv = tool("uv", "uv", UV_PROJECT_ENVIRONMENT="target")
    indexes = (
        f'[[tool.uv.index]]\nurl = "{uv.world.site}"\n[[tool.uv.index]]\nurl = "{uv.world.pypi}"\ndefault = true\n'
    )
    uv.write("pyproject.toml", PROJECT.format(needs=NEEDS, more=indexes))
    del uv.environment["UV_NO_CONFIG"]  # it would pass over the project's own table, too
    uv.did("lock")
    lock = (uv.folder / "uv.lock").read_text("utf-8")
    assert locked(tomllib.loads(lock)["package"]) == LOCKED
    assert all(f"sha256:{digest}" in lock for digest in hashes(uv.world).values())
    uv.did("sync", "--locked")
    assert uv.installed() == LOCKED
    (uv.folder / "uv.lock").write_text(lock.replace(hashes(uv.world)["public-hello"], "0" * 64))
    done = uv.run("sync", "--frozen", "--reinstall", "--no-cache")
    assert done.returncode != 0
    assert "ash mismatch" in done.stdout


def test_poetry(tool: Callable[..., Installer]) -> None:
    poetry = tool("poetry", "poetry", "--no-interaction")
    sources = "".join(
        f'[[tool.poetry.source]]\nname = "{name}"\nurl = "{url}"\npriority = "{priority}"\n'
        for name, url, priority in (
            ("ours", poetry.world.site, "explicit"),
            ("others", poetry.world.pypi, "primary"),
        )
    )
    pinned = "".join(f'{name} = {{source = "ours"}}\n' for name in LOCKED)
    more = f"[tool.poetry]\npackage-mode = false\n[tool.poetry.dependencies]\n{pinned}{sources}"
    poetry.write("pyproject.toml", PROJECT.format(needs=NEEDS, more=more))
    poetry.did("lock")
    lock = (poetry.folder / "poetry.lock").read_text("utf-8")
    assert locked(tomllib.loads(lock)["package"]) == LOCKED
    assert all(f"sha256:{digest}" in lock for digest in hashes(poetry.world).values())
    poetry.did("install")
    assert {name: version for name, version in poetry.installed().items() if name != "pip"} == LOCKED


def test_pdm(tool: Callable[..., Installer]) -> None:
    pdm = tool("pdm", "pdm")
    indexes = "".join(
        f'[[tool.pdm.source]]\nname = "{name}"\nurl = "{url}"\n'
        for name, url in (("pypi", pdm.world.pypi), ("ours", pdm.world.site))
    )
    pdm.write("pyproject.toml", PROJECT.format(needs=NEEDS, more=f"{indexes}[tool.pdm]\ndistribution = false\n"))
    pdm.did("lock")
    lock = (pdm.folder / "pdm.lock").read_text("utf-8")
    assert locked(tomllib.loads(lock)["package"]) == LOCKED
    assert all(f"sha256:{digest}" in lock for digest in hashes(pdm.world).values())
    pdm.did("sync")
    assert {name: version for name, version in pdm.installed().items() if name != "pip"} == LOCKED


def test_pipenv(tool: Callable[..., Installer]) -> None:
    pipenv = tool("pipenv", "pipenv", PIPENV_NOSPIN="1", PIPENV_YES="1", PIPENV_VERBOSITY="-1")
    sources = "".join(
        f'[[source]]\nname = "{name}"\nurl = "{url}"\nverify_ssl = false\n'
        for name, url in (("pypi", pipenv.world.pypi), ("ours", pipenv.world.site))
    )
    needs = "".join(f'{name} = {{version = "{version}", index = "ours"}}\n' for name, version in LOCKED.items())
    pipenv.write("Pipfile", f"{sources}[packages]\n{needs}[pipenv]\ninstall_search_all_sources = true\n")
    pipenv.did("lock")
    lock = json.loads((pipenv.folder / "Pipfile.lock").read_text("utf-8"))["default"]
    assert {name: one["version"] for name, one in lock.items()} == {name: f"=={one}" for name, one in LOCKED.items()}
    for name, digest in hashes(pipenv.world).items():  # it also lists those of versions that begin alike
        assert f"sha256:{digest}" in lock[name]["hashes"]
    pipenv.did("sync")
    assert {name: version for name, version in pipenv.installed().items() if name != "pip"} == LOCKED


def test_pip_tools(tool: Callable[..., Installer], pip: Installer) -> None:
    compile_ = tool("pip-tools", "pip-compile")
    compile_.write("wanted.in", NEEDS.replace('"', "").replace(", ", "\n"))
    options = ["--index-url", compile_.world.pypi, "--extra-index-url", compile_.world.site]
    compile_.did(
        "--quiet", "--generate-hashes", "--no-strip-extras", *options, "--output-file", "all.txt", "wanted.in"
    )
    text = (compile_.folder / "all.txt").read_text("utf-8")
    for name, digest in hashes(compile_.world).items():
        assert f"{name}=={LOCKED[name]} \\\n    --hash=sha256:{digest}" in text
    pip.did("install", "--require-hashes", "-r", "all.txt")
    assert pip.installed() == LOCKED


def test_a_public_package_of_the_same_name(tool: Callable[..., Installer]) -> None:
    """Poetry's explicit source keeps acme-tool 99.0 of the other index out."""
    poetry = tool("poetry", "poetry", "--no-interaction")
    sources = (
        f'[[tool.poetry.source]]\nname = "ours"\nurl = "{poetry.world.site}"\npriority = "explicit"\n'
        f'[[tool.poetry.source]]\nname = "others"\nurl = "{poetry.world.pypi}"\npriority = "primary"\n'
    )
    more = '[tool.poetry]\npackage-mode = false\n[tool.poetry.dependencies]\nacme-tool = {source = "ours"}\n'
    poetry.write("pyproject.toml", PROJECT.format(needs='"acme-tool"', more=more + sources))
    poetry.did("lock")
    lock = tomllib.loads((poetry.folder / "poetry.lock").read_text("utf-8"))
    assert locked(lock["package"]) == {"acme-tool": "1.0", "acme-part": "1.0"}
