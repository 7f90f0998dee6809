"""What installers meet in the tests: a published index, the repositories behind it, and a PyPI with build backends.

All is made as people make it: projects are tagged, the verbs register them, `publish` builds the site.
"""

from __future__ import annotations

import hashlib
import os
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from packaging.utils import canonicalize_name

from tests.samples import table
from tests.site.projects import commit, git
from tests.site.serving import PASSWORD, USER
from tests.verbs import contents, copy_index, run

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

# Settings of the machine that no installer, and no git that one starts, may see.
FOREIGN = ("GIT_", "GITHUB_", "PACKAGES_", "PDM_", "PIP", "POETRY_", "PYPI_", "PYTHON", "SSH_", "UV_", "VIRTUAL_ENV")

PLAIN = ("mydependency", "leaf", "public-hello", "future", "acme-tool", "needs-old", "moved", "deleted", "dynamic")
ENVIRONMENT = dict(os.environ)  # as it was when the tests started


def clean(environment: dict[str, str], home: Path) -> dict[str, str]:
    """An environment without this machine's settings, whose home is the folder `home`."""
    kept = {key: value for key, value in environment.items() if not key.startswith(FOREIGN)}
    return {
        key: value for key, value in kept.items() if not key.lower().endswith(("_proxy", "_cert", "ca_bundle"))
    } | {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_CACHE_HOME": str(home / ".cache"),
        "LANG": "C.UTF-8",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "UV_NO_CONFIG": "1",
        "UV_CACHE_DIR": str(home / ".cache" / "uv"),
    }


def log_in(home: Path) -> None:
    """Give git the login for private repositories, as people do."""
    (home / ".netrc").write_text(f"machine 127.0.0.1 login {USER} password {PASSWORD}\n")
    (home / ".netrc").chmod(0o600)


def project(name: str, version: str, dynamic: bool = False, **more: Any) -> dict[str, str]:
    """The files of a project that flit builds, or setuptools where what it needs is `dynamic`."""
    module = canonicalize_name(name).replace("-", "_")
    dependencies, extras = more.pop("dependencies", []), more.pop("optional-dependencies", None)
    facts = {"name": name, "version": version, "description": f"A {name}", "requires-python": ">=3.8", **more}
    system = {"requires": ["flit_core>=3.4"], "build-backend": "flit_core.buildapi"}
    files = {f"{module}.py": f'"""A {name}."""\n\nVALUE = "{name} {version}"\n', "README.md": f"# {name}\n"}
    if dynamic:
        system = {"requires": ["setuptools>=61"], "build-backend": "setuptools.build_meta"}
        facts |= {"dynamic": ["dependencies"]}
        needed = table("tool.setuptools.dynamic", {"dependencies": {"file": ["needs.txt"]}})
        files["needs.txt"] = "\n".join(dependencies)
        tail = table("tool.setuptools", {"py-modules": [module]}) + needed
    else:
        facts |= {"dependencies": dependencies}
        tail = table("project.optional-dependencies", extras) if extras else ""
    return {**files, "pyproject.toml": table("build-system", system) + table("project", facts) + tail}


@dataclass(frozen=True)
class World:
    """One folder that is served at `url`: the site, the PyPI, and the repositories in `git`."""

    folder: Path
    url: str

    @property
    def site(self) -> str:
        return f"{self.url}/site/"

    @property
    def pypi(self) -> str:
        return f"{self.url}/pypi/"

    def constraints(self, name: str = "") -> str:
        return f"{self.site}{name}/constraints.txt" if name else f"{self.site}constraints.txt"

    def repository(self, name: str) -> Path:
        return self.folder / "git" / name

    def release(self, name: str, version: str, inside: str = "", **facts: Any) -> str:
        """Commit a version of a project in its repository, and tag it."""
        files = project(name, version, **facts)
        repository = self.repository(inside.partition("/")[0] or name)
        folder = inside.partition("/")[2]
        placed = {f"{folder}/{path}" if folder else path: text for path, text in files.items()}
        return commit(repository, placed, f"{name}/v{version}" if inside else f"v{version}")

    def verb(self, verb: str, *arguments: str) -> None:
        assert run(verb, *arguments, "--root", self.folder / "index").said

    def register(self, name: str, *arguments: str, room: str = "git") -> None:
        self.verb("register", f"{self.url}/{room}/{name}", "--all-tags", *arguments)

    def publish(self) -> None:
        out = self.folder / "site"
        assert run("publish", "--root", self.folder / "index", "--out", out, "--base-url", self.site).said


def make(world: World, wheels: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fill a world: each package is there for one of the cases that installers have to do with."""
    home = world.folder / "home"
    home.mkdir()
    for key in os.environ:
        monkeypatch.delenv(key)
    for key, value in {**clean(ENVIRONMENT, home), "PIP_INDEX_URL": world.pypi}.items():
        monkeypatch.setenv(key, value)
    log_in(home)
    copy_index(world.folder / "index")
    _pypi(world, wheels)
    _projects(world)
    for name in (
        "mydependency",
        "leaf",
        "public-hello",
        "future",
        "acme-tool",
        "needs-old",
        "moved",
        "deleted",
        "dynamic",
    ):
        world.register(name)
    world.register("cool-tensorflow", "--name", "my-cool-tensorflow")
    world.register("monorepo", "--subdirectory", "packages/inner")
    world.register("private-hello", room="private")
    world.verb("yank", "public-hello", "0.2.1", "--reason", "it says good-bye")
    world.publish()
    git(world.repository("moved"), "tag", "--force", "v1.0", commit(world.repository("moved"), {"more": "more"}))
    commit(world.repository("deleted"), {"more": "more"})
    git(world.repository("deleted"), "tag", "--delete", "v1.0")


def _projects(world: World) -> None:
    fancy = {"fancy": ["leaf>=1.0"]}
    world.release("mydependency", "1.0")
    world.release("leaf", "1.0")
    world.release("public-hello", "0.1")
    for version in ("0.2", "0.2.1", "0.3rc1"):
        needs: dict[str, Any] = {"dependencies": ["mydependency>=1.0"], "optional-dependencies": fancy}
        world.release("public-hello", version, **needs)
    world.release("needs-old", "1.0", dependencies=["public-hello<0.2"])
    world.release("future", "1.0")
    world.release("future", "2.0", **{"requires-python": ">=3.99"})
    world.release("acme-tool", "1.0", dependencies=["acme-part"])
    world.release("moved", "1.0")
    world.release("deleted", "1.0")
    world.release("dynamic", "1.0", dynamic=True, dependencies=["leaf"])
    world.release("cool-tensorflow", "1.0")
    world.release("outer", "9.0", inside="monorepo")
    world.release("inner", "1.0", inside="monorepo/packages/inner")
    world.release("private-hello", "1.0", dependencies=["mydependency"])


def _pypi(world: World, wheels: Path) -> None:
    """Another index: build backends, and what others have put there under the names of our packages."""
    for name, version in (("acme-tool", "99.0"), ("acme-part", "1.0"), ("mydependency", "99.0")):
        _wheel(world.folder / "pypi" / name, name, version)
    for wheel in wheels.glob("*.whl"):
        folder = world.folder / "pypi" / canonicalize_name(wheel.name.split("-")[0])
        folder.mkdir(exist_ok=True)
        (folder / wheel.name).hardlink_to(wheel)
    for folder in (world.folder / "pypi").iterdir():
        links = [
            f'<a href="{file}#sha256={hashlib.sha256(content).hexdigest()}">{file}</a><br>\n'
            for file, content in contents(folder).items()
        ]
        (folder / "index.html").write_text(f"<!DOCTYPE html><title>{folder.name}</title>{''.join(links)}")


def _wheel(folder: Path, name: str, version: str) -> None:
    """A wheel whose module says that it is not ours."""
    module = name.replace("-", "_")
    info = f"{module}-{version}.dist-info"
    folder.mkdir(parents=True)
    with zipfile.ZipFile(folder / f"{module}-{version}-py3-none-any.whl", "w") as wheel:
        wheel.writestr(f"{module}.py", f'VALUE = "a stranger\'s {name} {version}"\n')
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "".join(f"{path},,\n" for path in wheel.namelist()))
