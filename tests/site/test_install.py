"""Pointers in the hands of pip and uv: every way of building, and what installers are asked to do with packages."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
from typing import TYPE_CHECKING

import pytest

from tests.site import projects

if TYPE_CHECKING:
    from pathlib import Path

    from tests.site.conftest import Index, Installer

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", sorted(projects.SAMPLES))
def test_each_way_of_building(installer: Installer, index: Index, name: str) -> None:
    index.add_sample(name)
    installer.install(name)
    assert installer.python_says(f"import {name}; print({name}.VALUE, version('{name}'))") == f"{name} 1.0"


@pytest.mark.parametrize(
    "name", ["setup_py", "by_setuptools", "by_flit", "by_hatchling", "own_backend", "dynamic_needs"]
)
def test_the_oldest_pip(old_pip: Installer, index: Index, name: str) -> None:
    index.add_sample(name)
    old_pip.install(name)
    assert old_pip.python_says(f"import {name}; print({name}.VALUE, version('{name}'))") == f"{name} 1.0"


def test_a_folder_of_a_repository(installer: Installer, index: Index) -> None:
    sample = projects.SAMPLES["by_flit"]
    files = {f"packages/here/{path}": text for path, text in sample.files.items()}
    commit = projects.commit(index.repository("many"), {**files, "pyproject.toml": "broken"}, "v1.0")
    record = {**sample.record, "subdirectory": "packages/here"}
    index.add("by-flit", "by_flit", projects.release(f"{index.url}/git/many", commit, **record))
    installer.install("by-flit")
    assert installer.python_says("import by_flit; print(by_flit.VALUE)") == "by_flit"


def test_submodules_with_relative_addresses(installer: Installer, index: Index) -> None:
    sample = projects.SAMPLES["own_backend"]
    inner, outer = index.repository("inner"), index.repository("outer")
    projects.commit(inner, {"inner.txt": "from the innermost"})
    projects.commit(index.repository("middle"), {"x": "x"})
    projects.git(index.repository("middle"), "submodule", "add", "--quiet", "../inner", "deep")
    # The backend takes its module from the submodule of the submodule.
    backend = sample.files["tools/own_backend.py"].replace(
        '"VALUE = " + repr(NAME)', "'VALUE = %r' % open('sub/deep/inner.txt').read()"
    )
    projects.commit(index.repository("middle"), {})
    projects.commit(outer, {**sample.files, "tools/own_backend.py": backend})
    projects.git(outer, "submodule", "add", "--quiet", "../middle", "sub")
    commit = projects.commit(outer, {}, "v1.0")
    index.add("own-backend", "own_backend", projects.release(f"{index.url}/git/outer", commit, **sample.record))
    installer.install("own-backend")
    assert installer.python_says("import own_backend; print(own_backend.VALUE)") == "from the innermost"


def test_dependencies_that_only_the_build_knows(installer: Installer, index: Index) -> None:
    made = index.add_sample(
        "by_setuptools", requires_dist=(), provides_extra=(), dynamic=("requires-dist", "provides-extra")
    )
    assert made.metadata is None
    installer.install("by_setuptools[all]")
    assert installer.python_says("import leaf; print(leaf.VALUE)") == "leaf"


def test_dependencies_that_only_the_build_knows_for_the_oldest_pip(old_pip: Installer, index: Index) -> None:
    index.add_sample("by_flit", requires_dist=(), provides_extra=(), dynamic=("requires-dist", "provides-extra"))
    old_pip.install("by_flit[all]")
    assert old_pip.python_says("import leaf; print(leaf.VALUE)") == "leaf"


ORIGINAL = """
try:
    print(version("NAME"))
except PackageNotFoundError:
    print("not there")
"""


@pytest.mark.parametrize("name", ["by_setuptools", "by_hatchling", "by_poetry"])
@pytest.mark.parametrize("dynamic", [(), ("requires-dist", "provides-extra")])
def test_an_alias_with_extras(installer: Installer, index: Index, name: str, dynamic: tuple[str, ...]) -> None:
    index.add_sample(name, package="my-cool-alias", dynamic=dynamic)
    installer.install("My.Cool_Alias[all]")
    assert (
        installer.python_says("print(version('my-cool-alias'), metadata('my-cool-alias')['Name'])")
        == "1.0 my-cool-alias"
    )
    code = ORIGINAL.replace("NAME", name).replace("\n", "\\n")
    assert installer.python_says(f"exec({code!r})".replace("\\\\n", "\\n")) == "not there"
    assert installer.python_says("import leaf; print(leaf.VALUE)") == "leaf"
    script = installer.python.with_name(name)
    assert subprocess.run([script], capture_output=True, text=True, check=True).stdout == f"{name}\n"
    assert installer.run("check", *installer.options[:1] if "uv" in installer.command[0] else ()).returncode == 0
    assert installer.python_says("print(all(file.locate().exists() for file in files('my-cool-alias')))") == "True"


def test_the_oldest_pip_and_an_alias(old_pip: Installer, index: Index) -> None:
    index.add_sample("by_setuptools", package="my-cool-alias")
    old_pip.install("my-cool-alias[all]")
    assert old_pip.python_says("import leaf; print(version('my-cool-alias'))") == "1.0"


def test_hashes_and_a_hash_that_is_wrong(pip: Installer, index: Index, tmp_path: Path) -> None:
    made = index.add_sample("own_backend")
    requirements = tmp_path / "requirements.txt"
    requirements.write_text(f"own-backend==1.0 --hash=sha256:{made.sha256}\n")
    pip.install("--require-hashes", "--requirement", str(requirements))
    requirements.write_text(f"own-backend==1.0 --hash=sha256:{'0' * 64}\n")
    assert "DO NOT MATCH" in pip.refuse("--require-hashes", "--force-reinstall", "--requirement", str(requirements))


def test_without_build_isolation(installer: Installer, index: Index) -> None:
    index.add_sample("by_flit")
    index.add_sample("own_backend")
    installer.install("flit_core")
    installer.install("--no-build-isolation", "by_flit", "own_backend")
    assert installer.python_says("import by_flit; print(by_flit.VALUE)") == "by_flit"


def test_config_settings_reach_the_backend(installer: Installer, index: Index) -> None:
    sample = projects.SAMPLES["own_backend"]
    backend = sample.files["tools/own_backend.py"].replace("repr(NAME)", "repr(config_settings['key'])")
    commit = projects.commit(index.repository("own"), {**sample.files, "tools/own_backend.py": backend}, "v1.0")
    index.add("own-backend", "own_backend", projects.release(f"{index.url}/git/own", commit, **sample.record))
    installer.install("--config-settings", "key=spoken", "own-backend")
    assert installer.python_says("import own_backend; print(own_backend.VALUE)") == "spoken"


def test_resolving_fetches_no_code(uv: Installer, pip: Installer, index: Index, tmp_path: Path) -> None:
    index.add_sample("by_hatchling")
    shutil.rmtree(index.repository("by_hatchling"))
    shutil.rmtree(index.repository("leaf"))
    (tmp_path / "wanted.in").write_text("by-hatchling[all]\n")
    compiled = uv.run("compile", *uv.options[1:], "--generate-hashes", str(tmp_path / "wanted.in"))
    assert "leaf==1.0" in compiled.stdout
    assert compiled.returncode == 0
    done = pip.run("install", *pip.options, "--dry-run", "by-hatchling[all]")
    assert done.returncode == 0, done.stdout


def unpack(index: Index, name: str, folder: Path) -> Path:
    made = index.add_sample(name)
    archive = index.root / "simple" / name.replace("_", "-") / made.file_name
    with tarfile.open(archive) as files:
        files.extractall(folder, filter="data")
    return folder / made.file_name.removesuffix(".tar.gz")


def test_an_unpacked_pointer_is_installed_editable(installer: Installer, index: Index, tmp_path: Path) -> None:
    sdist = unpack(index, "by_flit", tmp_path)
    installer.install("--editable", str(sdist))
    assert installer.python_says("import by_flit; print(by_flit.__file__)").startswith(str(sdist / "checkout"))


def test_an_sdist_of_the_project_is_built_from_a_pointer(
    index: Index, environment: dict[str, str], tmp_path: Path
) -> None:
    sdist = unpack(index, "by_flit", tmp_path)
    command = [sys.executable, "-m", "build", "--sdist", "--outdir", str(tmp_path / "out"), str(sdist)]
    offline = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(index.wheels)}
    subprocess.run(command, env={**environment, **offline}, check=True, capture_output=True)
    with tarfile.open(tmp_path / "out" / "by_flit-1.0.tar.gz") as files:
        assert "by_flit-1.0/by_flit.py" in files.getnames()


def test_a_pointer_is_saved_and_a_real_wheel_is_built(pip: Installer, index: Index, tmp_path: Path) -> None:
    made = index.add_sample("own_backend")
    for command in ("download", "wheel"):
        done = pip.run(
            command, *pip.options, "--dest" if command == "download" else "--wheel-dir", str(tmp_path), "own-backend"
        )
        assert done.returncode == 0, done.stdout
    assert (tmp_path / made.file_name).read_bytes() == made.content
    assert (tmp_path / "own_backend-1.0-py3-none-any.whl").exists()
