"""pip, and uv, on an index that is served as it stands: what was registered is what is installed."""

from __future__ import annotations

import functools
import http.server
import importlib.metadata
import os
import shutil
import subprocess
import sys
import threading
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests import wheelhouse
from tests.conftest import clean
from tests.samples import Project, self_building
from tests.servers.forge import GitHubServer
from tests.verbs import Index, copy_index

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.slow
OLD_PYTHONS = ("3.9", "3.8", "3.7", "3.6")  # the newest that pip 20.3.4 works on comes first
PYENV = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions")


@dataclass(frozen=True)
class Served:
    """An index that is served, and an empty index, which stands for PyPI."""

    index: Index
    url: str
    pypi: str


@dataclass(frozen=True)
class Pip:
    """A pip in an environment of its own."""

    python: Path

    def install(self, served: Served, target: Path, *wanted: str, fine: bool = True, **environment: str) -> str:
        """Install into a folder; what pip says. It must go well, or must not."""
        command = [
            str(self.python),
            "-m",
            "pip",
            "install",
            "--no-cache-dir",
            "--no-compile",
            "--target",
            str(target),
            *wanted,
        ]
        done = subprocess.run(
            [*command, "--index-url", served.pypi, "--extra-index-url", served.url],
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=120,
            check=False,
        )
        said = done.stdout.decode()
        assert (done.returncode == 0) == fine, said
        return said


def installed(target: Path) -> dict[str, str]:
    """The versions of what lies in a folder, by name."""
    found = importlib.metadata.distributions(path=[str(target)])
    return {distribution.metadata["Name"]: distribution.version for distribution in found}


@pytest.fixture(scope="module", autouse=True)
def _environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No settings of this machine; build backends come from the wheelhouse, and all else from an index."""
    wheelhouse.fill()
    with pytest.MonkeyPatch.context() as patch:
        clean(patch, tmp_path_factory.mktemp("settings") / "home")
        patch.delenv("PIP_NO_INDEX")
        yield


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, _environment: None) -> Iterator[Served]:
    """An index with sample packages, served by Python's own server of files."""
    folder = tmp_path_factory.mktemp("served")
    index = Index(copy_index(folder / "index"))
    (folder / "pypi").mkdir()
    register_samples(index, folder / "projects")

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        yield Served(index, f"{url}/index/", f"{url}/pypi/")
        server.shutdown()


def register_samples(index: Index, projects: Path) -> None:
    """Register the packages that the tests install."""
    dependency = Project(projects / "mydependency", "mydependency")
    dependency.commit(self_building("mydependency", "1.0"))
    dependency.tag("v1.0")
    index.did("register", dependency)

    hello = Project(projects / "public-hello", "public-hello")
    for version, fields in (
        ("0.1", {}),
        ("0.2", {"dependencies": ["mydependency>=1.0"]}),
        ("0.3", {}),
        ("0.4", {"requires_python": ">=99"}),
        ("0.5.dev0", {}),
    ):
        hello.commit(self_building("public-hello", version, **fields))
        hello.tag(f"v{version}")
    index.did("register", hello, "--all-tags")
    index.did("yank", "public-hello", "0.3", "--reason", "It breaks <everything>")

    odd = Project(projects / "odd", "odd")
    for version in ("1.0", "1!0.5", "1.1+local.1"):
        odd.commit(self_building("odd", version))
        odd.tag(f"v{version}")
    index.did("register", odd, "--all-tags")

    several = Project(projects / "several", "several")
    several.commit({f"packages/inner-one/{path}": text for path, text in self_building("inner-one", "1.0").items()})
    several.tag("inner-one-1.0")
    several.commit({f"packages/inner two é/{path}": text for path, text in self_building("inner-two", "1.0").items()})
    several.tag("inner-two-1.0")
    index.did("register", several, "--subdirectory", "packages/inner-one")
    index.did("register", several, "--subdirectory", "packages/inner two é", "--tag", "inner-two-1.0")

    for build in ("flit", "setuptools"):
        made = Project(projects / build, f"made-by-{build}")
        made.release("1.0", build=build)
        index.did("register", made)


def environment(folder: Path, python: str | Path, pip: str) -> Pip:
    """A fresh environment of a Python, with a pip of the wheelhouse unpacked into it."""
    subprocess.run([str(python), "-m", "venv", "--without-pip", str(folder)], check=True)
    own = folder / "bin" / "python"
    where = "import sysconfig; print(sysconfig.get_path('purelib'))"
    site = subprocess.run([str(own), "-c", where], capture_output=True, text=True, check=True).stdout.strip()
    with zipfile.ZipFile(wheelhouse.wheel(pip)) as wheel:
        wheel.extractall(site)
    return Pip(own)


@pytest.fixture(scope="module")
def newest(tmp_path_factory: pytest.TempPathFactory, _environment: None) -> Pip:
    """The newest pip, on the Python of the tests."""
    return environment(tmp_path_factory.mktemp("newest") / "venv", sys.executable, wheelhouse.NEW_PIP)


@pytest.fixture(scope="module")
def oldest(tmp_path_factory: pytest.TempPathFactory, _environment: None) -> Pip:
    """pip 20.3.4, the first with today's resolver, on a Python of its time."""
    found = [path for version in OLD_PYTHONS for path in sorted(PYENV.glob(f"{version}.*/bin/python"))]
    found += [Path(path) for version in OLD_PYTHONS if (path := shutil.which(f"python{version}"))]
    if not found:
        pytest.skip(f"pip 20.3.4 needs a Python of {', '.join(OLD_PYTHONS)}; none is here (pyenv install 3.9)")
    return environment(tmp_path_factory.mktemp("oldest") / "venv", found[0], wheelhouse.OLD_PIP)


@pytest.fixture(params=["newest", "oldest"])
def pip(request: pytest.FixtureRequest) -> Pip:
    """Both pips, one after the other."""
    found: Pip = request.getfixturevalue(request.param)
    return found


def test_the_newest_release_and_what_it_depends_on(pip: Pip, served: Served, tmp_path: Path) -> None:
    said = pip.install(served, tmp_path / "a", "public-hello")
    assert installed(tmp_path / "a") == {"public-hello": "0.2", "mydependency": "1.0"}, said
    code = "import public_hello, mydependency; print(public_hello.hi(), '|', mydependency.hi())"
    done = subprocess.run(
        [str(pip.python), "-c", code], env={"PYTHONPATH": str(tmp_path / "a")}, capture_output=True, check=True
    )
    assert done.stdout == b"hello from public-hello 0.2 | hello from mydependency 1.0\n"


@pytest.mark.parametrize(
    ("wanted", "version"),
    [
        (["public-hello==0.1"], "0.1"),
        (["--pre", "public-hello"], "0.5.dev0"),
        (["public-hello==0.3"], "0.3"),
        (["public-hello==0.4"], None),
    ],
)
def test_which_release(pip: Pip, served: Served, tmp_path: Path, wanted: list[str], version: str | None) -> None:
    """A version, a pre-release only with --pre, a yanked one only when pinned, none that excludes this Python."""
    said = pip.install(served, tmp_path / "a", "--no-deps", *wanted, fine=version is not None)
    assert installed(tmp_path / "a").get("public-hello") == version
    assert ("It breaks <everything>" in said) == (version == "0.3"), said


@pytest.mark.parametrize(
    ("wanted", "version"),
    [
        ("Public_Hello<0.2", "0.1"),
        ("public-hello==0.5.dev0", "0.5.dev0"),
        ("public-hello>=0.3,<0.4", None),
        ("public-hello==7", None),
    ],
)
def test_which_release_with_todays_pip(
    newest: Pip, served: Served, tmp_path: Path, wanted: str, version: str | None
) -> None:
    newest.install(served, tmp_path / "a", "--no-deps", wanted, fine=version is not None)
    assert installed(tmp_path / "a").get("public-hello") == version


def test_versions_that_have_no_link_of_their_own_do_not_break_the_page(
    pip: Pip, served: Served, tmp_path: Path
) -> None:
    """An epoch and a local part: pip passes over these two, and takes the third."""
    pip.install(served, tmp_path / "a", "odd")
    assert installed(tmp_path / "a") == {"odd": "1.0"}


def test_a_project_in_a_subdirectory(pip: Pip, served: Served, tmp_path: Path) -> None:
    pip.install(served, tmp_path / "a", "inner-one")
    assert installed(tmp_path / "a") == {"inner-one": "1.0"}


@pytest.mark.xfail(reason="pip takes the link's subdirectory as it is written, and it is written quoted", strict=True)
def test_a_subdirectory_of_more_than_plain_words(newest: Pip, served: Served, tmp_path: Path) -> None:
    newest.install(served, tmp_path / "a", "inner-two")
    assert installed(tmp_path / "a") == {"inner-two": "1.0"}


def test_what_other_backends_build(newest: Pip, served: Served, tmp_path: Path) -> None:
    wanted = {f"made-by-{build}": "1.0" for build in ("flit", "setuptools")}
    newest.install(served, tmp_path / "a", *wanted)
    assert installed(tmp_path / "a") == wanted


def test_a_private_package_for_those_who_can_read_its_repository(
    newest: Pip, served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with GitHubServer(tmp_path / "github") as github:
        repository = github.create_repository("octo/closed", private=True)
        repository.commit(self_building("closed", "1.0"))
        repository.tag("v1.0")
        github.add_token("reader", {"octo/closed": {"contents": "read"}})
        monkeypatch.setenv("PACKAGES_TOKEN", "reader")
        monkeypatch.setenv("GITHUB_SERVER_URL", github.url)
        served.index.did("register", "octo/closed")
        assert "could not read Username" in newest.install(
            served, tmp_path / "a", "closed", fine=False, GIT_TERMINAL_PROMPT="0"
        )
        netrc = Path(os.environ["HOME"], ".netrc")
        netrc.write_text("machine 127.0.0.1 login x-access-token password reader\n")
        netrc.chmod(0o600)
        newest.install(served, tmp_path / "a", "closed")
        netrc.unlink()
        served.index.did("delete", "closed")
    assert installed(tmp_path / "a") == {"closed": "1.0"}


def uv_installs(served: Served, url: str, folder: Path, name: str) -> bool:
    """Whether uv, with this index, installs a package that also lies as a wheel somewhere else."""
    uv = Path(sys.executable).with_name("uv")
    if not uv.exists():
        pytest.skip("there is no uv beside the Python of the tests")
    (folder / "elsewhere").mkdir(exist_ok=True)
    build_wheel(folder, folder / "elsewhere", name, "0.9")
    command = [
        str(uv),
        "pip",
        "install",
        "--no-cache",
        "--python",
        sys.executable,
        "--target",
        str(folder / "a"),
        name,
    ]
    indexes = ["--default-index", served.pypi, "--index", url, "--find-links", str(folder / "elsewhere")]
    done = subprocess.run([*command, *indexes], capture_output=True, text=True, check=False)
    assert (done.returncode == 0) == (installed(folder / "a") == {name: "0.9"}), done.stderr
    return done.returncode == 0


def test_uv_passes_over_the_links_without_failing_on_the_page(served: Served, tmp_path: Path) -> None:
    assert uv_installs(served, served.url, tmp_path, "public-hello")
    # In the form that uv fails on, so that the above says something.
    broken = served.index.root / "broken" / "public-hello"
    broken.mkdir(parents=True)
    page = served.index.read("public-hello/index.html").replace("subdirectory=.&amp;egg=", "egg=")
    (broken / "index.html").write_text(page, "utf-8")
    (tmp_path / "again").mkdir()
    assert not uv_installs(served, f"{served.url}broken/", tmp_path / "again", "public-hello")
    shutil.rmtree(broken.parent)


def test_nor_on_one_with_versions_that_have_no_link_of_their_own(served: Served, tmp_path: Path) -> None:
    assert uv_installs(served, served.url, tmp_path, "odd")


def build_wheel(folder: Path, out: Path, name: str, version: str) -> None:
    """Build a wheel of a sample project."""
    source = folder / "source"
    for path, text in self_building(name, version).items():
        source.mkdir(exist_ok=True)
        (source / path).write_text(text)
    code = f"import own_backend; own_backend.build_wheel({str(out)!r})"
    subprocess.run([sys.executable, "-c", code], cwd=source, check=True)
