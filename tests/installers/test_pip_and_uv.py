"""pip and uv with the published site: what people ask of an index, in the words of each tool."""

from __future__ import annotations

import re
import subprocess
import sys
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from tests.installers.world import log_in

if TYPE_CHECKING:
    from tests.installers.conftest import Installer

pytestmark = pytest.mark.slow


def test_the_newest_stable_release_and_what_it_needs(installer: Installer) -> None:
    installer.install("Public_Hello", "mydependency<99")
    assert installer.installed() == {"mydependency": "1.0", "public-hello": "0.2"}
    assert installer.has("public_hello", "mydependency") == ["public-hello 0.2", "mydependency 1.0"]


def test_a_specific_version(installer: Installer) -> None:
    installer.install("public-hello==0.1")
    assert installer.installed() == {"public-hello": "0.1"}


def test_a_pre_release_only_when_asked(installer: Installer) -> None:
    installer.install("--no-deps", "public-hello")
    assert installer.installed() == {"public-hello": "0.2"}
    installer.install("--no-deps", "public-hello>=0.3rc1")
    assert installer.installed() == {"public-hello": "0.3rc1"}


def test_all_pre_releases(installer: Installer) -> None:
    installer.install("--no-deps", "--prerelease=allow" if "uv" in installer.command[0] else "--pre", "public-hello")
    assert installer.installed() == {"public-hello": "0.3rc1"}


def test_extras(installer: Installer) -> None:
    installer.install("public-hello[fancy]", "mydependency<99")
    assert installer.installed() == {"leaf": "1.0", "mydependency": "1.0", "public-hello": "0.2"}


def test_a_python_that_is_too_old(installer: Installer) -> None:
    installer.install("future")
    assert installer.installed() == {"future": "1.0"}
    assert re.search(r"(?i)requires.python|requires a different python|Python>=3.99", installer.refuse("future==2.0"))


def test_a_yanked_release(installer: Installer) -> None:
    installer.install("--no-deps", "public-hello>=0.2")
    assert installer.installed() == {"public-hello": "0.2"}
    assert "it says good-bye" in installer.install("--no-deps", "public-hello==0.2.1")
    assert installer.installed() == {"public-hello": "0.2.1"}


def test_an_alias(installer: Installer) -> None:
    installer.install("my-cool-tensorflow")
    assert installer.installed() == {"my-cool-tensorflow": "1.0"}
    assert installer.has("cool_tensorflow") == ["cool-tensorflow 1.0"]


def test_a_folder_of_a_monorepo(installer: Installer) -> None:
    installer.install("inner")
    assert installer.installed() == {"inner": "1.0"}


def test_a_release_whose_needs_only_a_build_tells(installer: Installer) -> None:
    """`dynamic` reads them from a file; of `private-hello` the index may not show them."""
    log_in(installer.home)
    assert not list((installer.world.folder / "site" / "private-hello").glob("*.metadata"))
    installer.install("dynamic", "private-hello", "mydependency<99")
    assert installer.installed() == {"dynamic": "1.0", "leaf": "1.0", "mydependency": "1.0", "private-hello": "1.0"}


def test_a_private_package_without_access(installer: Installer) -> None:
    said = installer.refuse("private-hello")
    assert f"private-hello 1.0: git cannot read {installer.world.url}/private/private-hello (fatal: " in said
    assert "~/.netrc" in said


def test_a_moved_tag(installer: Installer) -> None:
    assert re.search(r"the tag v1\.0 of \S+/git/moved now names \w+, and was registered as", installer.refuse("moved"))


def test_a_deleted_tag(installer: Installer) -> None:
    installer.install("deleted")
    assert installer.has("deleted") == ["deleted 1.0"]


def test_no_build_isolation(installer: Installer) -> None:
    installer.install("flit_core")
    installer.install("--no-build-isolation", "leaf")
    assert installer.has("leaf") == ["leaf 1.0"]


def test_hashes_that_are_checked(installer: Installer) -> None:
    world = installer.world
    file = world.folder / "site" / "leaf" / "leaf-1.0.tar.gz"
    digest = sha256(file.read_bytes()).hexdigest()
    wanted = installer.write("requirements.txt", f"leaf==1.0 --hash=sha256:{digest}\n")
    installer.install("--require-hashes", "-r", wanted)
    wrong = installer.write("wrong.txt", f"leaf==1.0 --hash=sha256:{'0' * 64}\n")
    reinstall = ["--reinstall"] if "uv" in installer.command[0] else ["--force-reinstall"]
    assert re.search("(?i)hash", installer.refuse(*reinstall, "--no-cache-dir", "--require-hashes", "-r", wrong))


# Constraints, and no extra index at all


def constrained(installer: Installer, *arguments: str) -> str:
    """Install with the other index alone."""
    only = [
        option for option in installer.options if option not in (installer.world.site, "--extra-index-url", "--index")
    ]
    installer.options = only
    return installer.install(*arguments)


def test_dependency_confusion(installer: Installer) -> None:
    """Others have put acme-tool 99.0 and mydependency 99.0 on the public index."""
    first = ["--index-strategy", "unsafe-best-match"] if "uv" in installer.command[0] else []
    installer.install(*first, "acme-tool")
    assert installer.has("acme_tool") == ["a stranger's acme-tool 99.0"], "without constraints the stranger wins"
    constrained(installer, "-c", installer.world.constraints("acme-tool"), "acme-tool")
    assert installer.has("acme_tool", "acme_part") == ["acme-tool 1.0", "a stranger's acme-part 1.0"]
    constrained(installer, "-c", installer.world.constraints("public-hello"), "public-hello")
    assert installer.has("public_hello", "mydependency") == ["public-hello 0.2", "mydependency 1.0"]


def test_confusion_by_what_a_private_package_needs(installer: Installer) -> None:
    """Its needs are not published: its constraints name all packages of the index."""
    log_in(installer.home)
    constrained(installer, "-c", installer.world.constraints("private-hello"), "private-hello")
    assert installer.has("private_hello", "mydependency") == ["private-hello 1.0", "mydependency 1.0"]


def test_constraints_of_the_whole_index(installer: Installer) -> None:
    constrained(installer, "-c", installer.world.constraints(), "public-hello[fancy]", "my-cool-tensorflow")
    versions = {"leaf": "1.0", "my-cool-tensorflow": "1.0", "mydependency": "1.0", "public-hello": "0.2"}
    assert installer.installed() == versions


def test_constraints_in_older_versions_where_a_package_asks(installer: Installer) -> None:
    constrained(installer, "-c", installer.world.constraints("needs-old"), "needs-old")
    assert installer.installed() == {"needs-old": "1.0", "public-hello": "0.1"}


def test_constraints_that_do_not_fit(installer: Installer) -> None:
    only = ["--no-deps", "-c", installer.world.constraints(), "public-hello==0.1"]
    installer.options = [
        one for one in installer.options if one not in (installer.world.site, "--extra-index-url", "--index")
    ]
    assert re.search("(?i)constraint|conflicting urls|unsatisfiable", installer.refuse(*only))


# pip alone


def test_pip_downloads_the_pointer(pip: Installer) -> None:
    pip.did("download", *pip.options, "--no-deps", "--dest", "saved", "public-hello")
    (saved,) = (pip.folder / "saved").iterdir()
    published = pip.world.folder / "site" / "public-hello" / "public_hello-0.2.tar.gz"
    assert saved.name == published.name
    assert saved.read_bytes() == published.read_bytes()


def test_pip_tells_the_versions(pip: Installer) -> None:
    said = pip.did("index", "versions", *pip.options, "public-hello")
    assert "Available versions: 0.2, 0.1\n" in said
    said = pip.did("index", "versions", "--pre", *pip.options, "public-hello")
    assert "Available versions: 0.3rc1, 0.2, 0.1\n" in said


def test_pip_resolves_without_fetching_code(pip: Installer) -> None:
    """The repository of `moved` would be refused."""
    report = pip.did("install", *pip.options, "--dry-run", "--quiet", "--report", "-", "moved")
    assert '"version": "1.0"' in report


def test_the_oldest_pip(old_pip: Installer) -> None:
    old_pip.install("public-hello[fancy]", "mydependency<99", "my-cool-tensorflow", "inner", "future")
    versions = {"future": "1.0", "inner": "1.0", "leaf": "1.0", "my-cool-tensorflow": "1.0"}
    found = {name: version for name, version in old_pip.installed().items() if name not in ("pip", "setuptools")}
    assert found == {**versions, "mydependency": "1.0", "public-hello": "0.2"}


def test_the_oldest_pip_and_a_private_package(old_pip: Installer) -> None:
    assert "git cannot read" in old_pip.refuse("private-hello", "mydependency<99")
    log_in(old_pip.home)
    old_pip.install("private-hello", "mydependency<99")
    assert old_pip.has("private_hello", "mydependency") == ["private-hello 1.0", "mydependency 1.0"]


def test_hashes_from_constraints_are_requirements(pip: Installer) -> None:
    """As `make demo` shows: a constraints file is a requirements file with hashes, too."""
    pip.install("--require-hashes", "--no-deps", "-r", pip.world.constraints("public-hello"))
    assert pip.installed() == {"leaf": "1.0", "mydependency": "1.0", "public-hello": "0.2"}


def test_the_site_is_tried_as_its_workflow_does(pip: Installer) -> None:
    """`publish --try-install`, with the other index in the place of PyPI."""
    settings = {"PIP_INDEX_URL": pip.world.pypi, "UV_DEFAULT_INDEX": pip.world.pypi}
    command = [sys.executable, "-m", "scripts.publish", "--try-install", pip.world.site]
    done = subprocess.run(
        command, env={**pip.environment, **settings}, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("pip installs ")


def test_uv_and_the_time_of_a_release(uv: Installer) -> None:
    """The site tells when each release was made: its commit's time."""
    uv.install("--dry-run", "--exclude-newer", "2026-01-02T00:00:00Z", "leaf")
    assert "exclude-newer" in uv.refuse("--dry-run", "--exclude-newer", "2025-12-31T00:00:00Z", "leaf")
