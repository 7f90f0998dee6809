"""What is asked of a project's build backend, for real: in an isolated environment, with wheels of the wheelhouse."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from scripts.errors import BadProject
from scripts.sources import metadata
from scripts.sources.describe import describe
from tests.samples import Project, build_system, git, project_files, table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from scripts.model import Described

pytestmark = pytest.mark.slow
OWN = table("build-system", {"requires": [], "build-backend": "backend", "backend-path": ["."]})
# A backend in the project's own folder that says what it knows; `{extra}` runs first.
BACKEND = """
import pathlib
{extra}
def prepare_metadata_for_build_wheel(directory, config_settings=None):
    made = pathlib.Path(directory, "hello-1.0.dist-info")
    made.mkdir()
    made.joinpath("METADATA").write_text("Metadata-Version: 2.1\\nName: hello\\nVersion: {version}\\n" + facts())
    made.joinpath("WHEEL").write_text("Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    return made.name

def facts():
    return ""
"""


@pytest.fixture
def made(tmp_path: Path) -> Project:
    """A repository without any file."""
    return Project(tmp_path / "hello", "hello")


def described(project: Project, files: Mapping[str, str], tag: str = "v1.0") -> Described:
    """What is found in a repository that has these files, and one tag."""
    project.commit(files)
    project.tag(tag)
    (found,) = describe(project.url).found
    return found


def own(extra: str = "", more: str = "", version: str = "1.0") -> dict[str, str]:
    """The files of a project with a backend of its own; `more` follows in that backend's file."""
    return {"pyproject.toml": OWN, "backend.py": BACKEND.format(extra=extra, version=version) + more}


FLIT = """
[build-system]
requires = ["flit_core>=3.4"]
build-backend = "flit_core.buildapi"

[project]
name = "hello"
dynamic = ["version", "description"]
dependencies = ["mydependency"]
"""
HATCH_VCS = """
[build-system]
requires = ["hatchling", "hatch-vcs"]
build-backend = "hatchling.build"

[project]
name = "hello"
dynamic = ["version"]
dependencies = ["mydependency"]

[tool.hatch.version]
source = "vcs"
"""
SETUPTOOLS_SCM = """
[build-system]
requires = ["setuptools>=64", "setuptools-scm>=8"]
build-backend = "setuptools.build_meta"

[project]
name = "hello"
dynamic = ["version", "dependencies"]

[tool.setuptools]
py-modules = ["hello"]

[tool.setuptools.dynamic]
dependencies = {file = ["requirements.txt"]}

[tool.setuptools_scm]
"""
POETRY = """
[build-system]
requires = ["poetry-core>=1.0.0"]
build-backend = "poetry.core.masonry.api"

[tool.poetry]
name = "hello"
version = "1.0"
description = "Says hello"
authors = ["Ada Lovelace <ada@example.org>"]
license = "MIT"
readme = "README.md"
repository = "https://example.org/hello"

[tool.poetry.dependencies]
python = "^3.9"
mydependency = "^1.2"
click = {version = "*", optional = true}

[tool.poetry.extras]
cli = ["click"]
"""
PDM = """
[build-system]
requires = ["pdm-backend"]
build-backend = "pdm.backend"

[project]
name = "hello"
dynamic = ["version"]
requires-python = ">=3.9"

[tool.pdm.version]
source = "scm"
"""
SETUP_CFG = """
[metadata]
name = hello
version = attr: hello.__version__
description = Says hello

[options]
py_modules = hello
python_requires = >=3.8
install_requires = mydependency>=1.0
"""
SETUP_PY = """
from setuptools import setup
setup(name="hello", version="1.0", description="Says hello", author="Ada Lovelace", author_email="ada@example.org",
      url="https://example.org/hello", license="MIT", py_modules=["hello"], python_requires=">=3.7",
      install_requires=["mydependency" + ">=1.0"], extras_require={"cli": ["click"]})
"""
MODULE = {"hello.py": '"""Says hello."""\n__version__ = "1.0"\n', "README.md": "# Hello\n"}
EVERYTHING = ("provides-extra", "requires-dist", "requires-python")


@pytest.mark.usefixtures("wheels")
class TestTheBackendsThatPeopleUse:
    def test_flit_reads_the_module(self, made: Project) -> None:
        found = described(made, MODULE | {"pyproject.toml": FLIT})
        assert (found.release.version, found.about.summary) == ("1.0", "Says hello.")
        assert found.release.requires_dist == ("mydependency",)
        assert found.release.dynamic == ()

    def test_hatch_vcs_reads_the_tag(self, made: Project) -> None:
        found = described(made, MODULE | {"pyproject.toml": HATCH_VCS}, "v1.2.3rc1")
        assert found.release.version == "1.2.3rc1"
        assert found.release.build_requires == ("hatchling", "hatch-vcs")
        assert found.release.requires_dist == ("mydependency",)

    def test_setuptools_scm_reads_the_tag_and_a_file(self, made: Project) -> None:
        files = {"pyproject.toml": SETUPTOOLS_SCM, "requirements.txt": "mydependency>=1.0\n"}
        found = described(made, MODULE | files, "hello-1.2")
        assert found.release.version == "1.2"
        assert found.release.requires_dist == ("mydependency>=1.0",)
        assert found.release.dynamic == ("requires-dist",)

    def test_pdm_reads_the_tag(self, made: Project) -> None:
        found = described(made, MODULE | {"pyproject.toml": PDM}, "1.2")
        assert (found.release.version, found.release.requires_python) == ("1.2", ">=3.9")

    def test_poetry_with_its_own_table(self, made: Project) -> None:
        found = described(made, MODULE | {"pyproject.toml": POETRY})
        assert found.release.requires_dist == ('click; extra == "cli"', "mydependency<2.0,>=1.2")
        assert (found.release.requires_python, found.release.provides_extra) == (">=3.9,<4.0", ("cli",))
        assert (found.about.author, found.about.license) == ("Ada Lovelace", "MIT")
        assert found.about.urls == (("Repository", "https://example.org/hello"),)
        assert (found.description, found.description_type) == ("# Hello\n", "text/markdown")
        assert found.release.build_backend == "poetry.core.masonry.api"
        assert found.release.dynamic == ()

    def test_a_setup_py_alone(self, made: Project) -> None:
        found = described(made, MODULE | {"setup.py": SETUP_PY})
        assert found.release.requires_dist == ("mydependency>=1.0", 'click; extra == "cli"')
        assert (found.release.requires_python, found.release.provides_extra) == (">=3.7", ("cli",))
        assert (found.about.summary, found.about.author) == ("Says hello", "Ada Lovelace")
        assert (found.about.homepage, found.about.license) == ("https://example.org/hello", "MIT")
        assert found.release.build_requires == ("setuptools>=40.8.0",)
        assert found.release.build_backend == "setuptools.build_meta:__legacy__"
        assert found.release.dynamic == EVERYTHING

    def test_a_setup_cfg_and_a_pyproject_of_tools(self, made: Project) -> None:
        found = described(made, MODULE | {"setup.cfg": SETUP_CFG, "pyproject.toml": "[tool.black]\n"})
        assert (found.release.version, found.release.requires_python) == ("1.0", ">=3.8")
        assert found.release.requires_dist == ("mydependency>=1.0",)

    def test_a_setup_py_that_fails(self, made: Project) -> None:
        with pytest.raises(BadProject, match=r"RuntimeError: no compiler here$"):
            described(made, {"setup.py": "raise RuntimeError('no compiler here')\n"})

    def test_a_requirement_that_is_nowhere(self, made: Project) -> None:
        system = table("build-system", {"requires": ["no-such-backend"], "build-backend": "nothing"})
        with pytest.raises(BadProject, match="No matching distribution found for no-such-backend"):
            described(made, {"pyproject.toml": system})


def test_a_backend_that_builds_a_wheel_only(made: Project) -> None:
    build = """
import zipfile
prepare = prepare_metadata_for_build_wheel
del prepare_metadata_for_build_wheel

def build_wheel(directory, config_settings=None, metadata_directory=None):
    name = "hello-1.0-py3-none-any.whl"
    made = pathlib.Path(directory, prepare(directory))
    with zipfile.ZipFile(pathlib.Path(directory, name), "w") as wheel:
        for file in made.iterdir():
            wheel.write(file, made.name + "/" + file.name)
        wheel.writestr(made.name + "/RECORD", "")
    return name
"""
    assert described(made, own(more=build)).release.version == "1.0"


def test_what_is_dynamic_is_what_the_backend_declares(made: Project) -> None:
    facts = 'def facts():\n    return "Dynamic: Requires-Dist\\nDynamic: License-File\\nRequires-Dist: click\\n"\n'
    found = described(made, own(more=facts))
    assert (found.release.requires_dist, found.release.dynamic) == (("click",), ("requires-dist",))


def test_each_tag_is_built_from_a_clean_checkout(made: Project) -> None:
    trace = "def facts():\n    pathlib.Path('left').touch(exist_ok=False)\n    return ''\n"
    for version in ("1.0", "1.1", "1.2"):
        made.commit(own(more=trace, version=version) | {".gitignore": "left\n"})
        made.tag(version)
    found = describe(made.url, all_tags=True)
    assert [described.release.version for described in found.found] == ["1.2", "1.1", "1.0"]


def test_submodules_are_there_for_a_build(made: Project, tmp_path: Path, github_submodule: str) -> None:
    git(made.path, "clone", "--quiet", github_submodule, "vendored")
    git(made.path, "submodule", "--quiet", "add", github_submodule, "vendored")
    facts = 'def facts():\n    return "Summary: " + pathlib.Path("vendored/words.txt").read_text()\n'
    assert described(made, own(more=facts)).about.summary == "Words of the submodule"


@pytest.fixture
def github_submodule(request: pytest.FixtureRequest) -> str:
    """The address of a repository that is to be a submodule. (git takes none from a path on this machine.)"""
    repository = request.getfixturevalue("github").create_repository("octo/vendored")
    repository.commit({"words.txt": "Words of the submodule\n"})
    return str(repository.url)


# Builds that fail


@pytest.mark.parametrize(
    ("extra", "says"),
    [
        ("raise SystemExit('it ran, and stopped')", "it ran, and stopped"),
        ("print('one', 'two', 'three', 'four', sep='\\n')\nraise SystemExit(1)", "two | three | four"),
        ("raise RuntimeError('no compiler here')", "RuntimeError: no compiler here"),
        ("print('\\x1b[31merror:\\x1b[0m \\x07red')\nraise SystemExit(1)", r"\x1b[31merror:\x1b[0m \x07red"),
        ("print('x' * 100_000)\nraise SystemExit(1)", "xxx"),
        ("import sys\nsys.stdout.buffer.write(b'\\xff\\xfe')\nraise SystemExit(1)", "\ufffd"),
        ("raise SystemExit(1)", "get_requires_for_build_wheel"),
        ("import no_such_module", "No module named 'no_such_module'"),
    ],
)
def test_a_build_that_fails_says_its_own_last_lines(made: Project, extra: str, says: str) -> None:
    with pytest.raises(BadProject) as refused:
        described(made, own(extra=extra))
    line = str(refused.value)
    assert "its build backend failed: " in line
    assert says in line
    assert line.isprintable()
    assert len(line) < 1000


@pytest.mark.parametrize(
    ("metadata_text", "why"),
    [
        ("", "metadata is not valid"),
        ("Name: hello\n", "metadata is not valid: version"),
        ("Name: hello\nVersion: one\n", 'version "one" is no version'),
        ("Name: -hello\nVersion: 1.0\n", "name"),
        ("Name: hello\nVersion: 1.0\nRequires-Dist: a b\n", 'dependency "a b"'),
        ("Name: hello\nVersion: 1.0\nRequires-Python: new\n", "requires-python"),
        ("Name: hello\nVersion: 1.0\nVersion: 2.0\n", "metadata is not valid: version"),
        ("Name: hello\nVersion: 2.0\n", "its metadata says version 2.0, its tag says 1.0"),
        ("Name: hello\nVersion: 1.0\n\nHello\0\n", "characters that are no text"),
        ("Name: hello\nVersion: 1.0\n\n" + "x" * 1_000_001, "longer than 1,000,000 characters"),
    ],
)
def test_metadata_that_is_not_valid(made: Project, metadata_text: str, why: str) -> None:
    files = own()
    whole = '"Metadata-Version: 2.1\\nName: hello\\nVersion: 1.0\\n" + facts()'
    assert whole in files["backend.py"]
    text = repr(metadata_text) if len(metadata_text) < 1000 else f"{metadata_text[:30]!r} + 'x' * 1_000_001"
    files["backend.py"] = files["backend.py"].replace(whole, text)
    with pytest.raises(BadProject) as refused:
        described(made, files)
    assert why in str(refused.value)


def test_a_build_that_never_ends(made: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    beats = tmp_path / "beats"
    monkeypatch.setattr(metadata, "BUILD_TIMEOUT", 1)
    beat = f"import time\nfor _ in range(600):\n    open({str(beats)!r}, 'a').write('.')\n    time.sleep(0.05)\n"
    started = time.monotonic()
    with pytest.raises(BadProject, match="gave no metadata within 1 seconds"):
        described(made, own(extra=beat))
    assert time.monotonic() - started < 20
    count = beats.stat().st_size
    time.sleep(0.3)
    assert beats.stat().st_size == count > 0, "it was ended, and not only left alone"


# What a build gets to see


def test_a_build_sees_the_settings_of_the_machine_and_none_of_its_secrets(
    made: Project, tmp_path: Path, clean_environment: pytest.MonkeyPatch
) -> None:
    seen = tmp_path / "seen"
    secrets = (
        *("PACKAGES_TOKEN", "GITHUB_TOKEN", "GH_TOKEN", "ACTIONS_RUNTIME_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_URL"),
        *("AWS_SECRET_ACCESS_KEY", "TWINE_PASSWORD", "MY_API_KEY", "SSH_AUTH_SOCK", "GIT_CONFIG_VALUE_0"),
        *("GITHUB_ENV", "GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "INPUT_TOKEN", "npm_config_token"),
    )
    for name in secrets:
        clean_environment.setenv(name, f"hunter2-{name}")
    clean_environment.setenv("CC", "clang")
    described(made, own(extra=f"import os\npathlib.Path({str(seen)!r}).write_text(repr(dict(os.environ)))"))
    assert "hunter2" not in seen.read_text()
    assert "'CC': 'clang'" in seen.read_text()
    assert "'PIP_NO_INDEX': '1'" in seen.read_text()


def test_a_build_is_asked_nothing_and_asks_nothing(made: Project) -> None:
    found = described(made, own(extra="import sys\nassert sys.stdin.read() == ''"))
    assert found.release.version == "1.0"


def test_project_files_are_as_the_tests_think() -> None:
    assert build_system("flit") in project_files("hello", "1.0")["pyproject.toml"]
