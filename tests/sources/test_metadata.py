"""A project's own metadata at a commit, where it is written down: what is read, and that no code runs for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scripts.errors import BadProject
from scripts.model import About, Described
from scripts.sources import metadata, reading
from scripts.sources.metadata import Source
from tests.samples import build_system, project_files, table, toml

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

REPOSITORY, COMMIT, DATE = "https://github.com/octo/hello", "0" * 40, "2026-01-31T12:00:00Z"
# A backend that leaves a trace when anything of it runs.
TRACE = "import pathlib\npathlib.Path({trace!r}).touch()\nraise SystemExit('it ran')\n"
OWN = table("build-system", {"requires": [], "build-backend": "backend", "backend-path": ["."]})


@pytest.fixture
def top(tmp_path: Path) -> Path:
    """Where a commit is checked out."""
    folder = tmp_path / "checkout"
    folder.mkdir()
    return folder


def put(top: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_text(text, "utf-8")


def read(top: Path, subdirectory: str = "") -> Described:
    source = Source(REPOSITORY, "v1.0", top, subdirectory)
    return reading.described(source, metadata.read(source), COMMIT, DATE)


def refused(top: Path, subdirectory: str = "") -> str:
    """Why a project is refused; as one line that can be shown."""
    with pytest.raises(BadProject) as error:
        read(top, subdirectory)
    assert str(error.value).isprintable()
    assert len(str(error.value)) < 1000
    return error.value.why


FULL = """
[build-system]
requires = ["hatchling>=1.26", "hatch-fancy ; python_version < '3.12'"]
build-backend = "hatchling.build"

[project]
name = "Public.Hello"
version = "1.0.0-RC1"
description = "Says  hello, <b>loudly</b>"
readme = "docs/README.rst"
requires-python = ">=3.9,!=3.9.1"
license = "MIT OR Apache-2.0"
license-files = ["no-such-file-in-this-checkout"]
authors = [{name = "Ada Lovelace", email = "ada@example.org"}, {email = "team@example.org"}, {name = "Grace Hopper"}]
keywords = ["hello", "world, wide"]
classifiers = ["Programming Language :: Python :: 3"]
dependencies = ["MyDependency >=1.0, <2 ; python_version<'3.13'", "other[fast] @ https://example.org/other.zip"]

[project.urls]
"Home-Page" = "https://example.org/hello"
Source = "https://github.com/octo/hello"
Bad = "javascript:alert(1)"

[project.optional-dependencies]
"Cli_Tools" = ["click"]

[project.scripts]
hello = "public_hello:hi"
"""


def test_all_that_a_project_table_says(top: Path) -> None:
    put(top, {"pyproject.toml": FULL, "docs/README.rst": "Hello\r\n=====\r\n\r\nIt says <hello>.\n\n\n"})
    found = read(top)
    assert (found.project, found.release.version) == ("Public.Hello", "1.0.0rc1")
    assert found.about == About(
        summary="Says hello, <b>loudly</b>",
        author="Grace Hopper, Ada Lovelace",
        license="MIT OR Apache-2.0",
        homepage="https://example.org/hello",
        keywords=("hello", "world", "wide"),
        urls=(("Home-Page", "https://example.org/hello"), ("Source", "https://github.com/octo/hello")),
    )
    assert found.release.requires_python == "!=3.9.1,>=3.9"
    assert found.release.requires_dist == (
        'MyDependency<2,>=1.0; python_version < "3.13"',
        "other[fast] @ https://example.org/other.zip",
        'click; extra == "cli-tools"',
    )
    assert found.release.provides_extra == ("cli-tools",)
    assert found.release.dynamic == ()
    assert found.release.build_requires == ("hatchling>=1.26", "hatch-fancy ; python_version < '3.12'")
    assert found.release.build_backend == "hatchling.build"
    assert (found.description, found.description_type) == ("Hello\n=====\n\nIt says <hello>.\n", "text/x-rst")
    assert (found.release.tag, found.release.commit, found.release.date) == ("v1.0", COMMIT, DATE)


def test_nothing_is_run_for_what_is_written_down(top: Path, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    files = project_files("hello", "1.0")
    files["pyproject.toml"] = files["pyproject.toml"].replace(build_system("flit"), OWN)
    files |= dict.fromkeys(("backend.py", "setup.py", "sitecustomize.py"), TRACE.format(trace=str(trace)))
    put(top, files)
    assert read(top).release.version == "1.0"
    assert not trace.exists()


@pytest.mark.slow
def test_and_the_trace_would_show(top: Path, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    put(top, {"pyproject.toml": OWN, "backend.py": TRACE.format(trace=str(trace))})
    assert "it ran" in refused(top)
    assert trace.exists()


def test_a_project_that_only_names_itself(top: Path) -> None:
    put(top, {"pyproject.toml": '[project]\nname = "hello"\nversion = "1.0"\n'})
    found = read(top)
    assert found.about == About()
    assert (found.description, found.release.dynamic) == ("", ())
    assert (found.release.build_requires, found.release.build_backend) == (
        ("setuptools>=40.8.0",),
        "setuptools.build_meta:__legacy__",
    )


def test_a_backend_in_the_projects_own_folder(top: Path) -> None:
    put(top, {**project_files("hello", "1.0"), "pyproject.toml": OWN + '[project]\nname = "hello"\nversion = "1.0"\n'})
    found = read(top).release
    assert (found.build_requires, found.build_backend, found.backend_path) == ((), "backend", (".",))


@pytest.mark.parametrize(
    ("dynamic", "static"),
    [
        ([], True),
        (["classifiers", "scripts", "license-files"], True),
        (["version"], False),
        (["dependencies"], False),
        (["optional-dependencies", "classifiers"], False),
        (["requires-python"], False),
        (["readme"], False),
        (["description"], False),
    ],
)
def test_only_what_the_index_reads_must_be_static(top: Path, dynamic: list[str], static: bool) -> None:
    put(top, {"pyproject.toml": table("project", {"name": "hello", "dynamic": dynamic})})
    assert metadata.is_static(Source(REPOSITORY, "v1.0", top, "")) == static


@pytest.mark.parametrize(
    ("license_", "classifier", "shown"),
    [
        ("MIT", None, "MIT"),
        ({"text": "MIT"}, None, ""),
        ({"file": "LICENSE"}, "License :: OSI Approved :: BSD License", "BSD License"),
        ({"file": "no-such-file"}, None, ""),
        (None, "License :: OSI Approved :: MIT License", "MIT License"),
        (None, None, ""),
    ],
)
def test_the_licence(top: Path, license_: object, classifier: str | None, shown: str) -> None:
    classifiers = [classifier] if classifier else None
    put(
        top,
        {**project_files("hello", "1.0", license=license_, classifiers=classifiers), "LICENSE": "Do what you like"},
    )
    assert read(top).about.license == shown


@pytest.mark.parametrize(
    ("readme", "kind"),
    [
        ("README.md", "text/markdown"),
        ("README.rst", "text/x-rst"),
        ("README.txt", "text/plain"),
        ({"file": "README", "content-type": "text/markdown; variant=GFM"}, "text/markdown"),
        ({"text": "Hello", "content-type": "text/plain"}, "text/plain"),
    ],
)
def test_the_readme_and_its_kind(top: Path, readme: object, kind: str) -> None:
    put(top, project_files("hello", "1.0", readme=readme))
    put(top, dict.fromkeys(("README", "README.md", "README.rst", "README.txt"), "Hello"))
    found = read(top)
    assert (found.description, found.description_type) == ("Hello\n", kind)


def test_a_project_in_a_subdirectory(top: Path) -> None:
    put(top, {"packages/hello/" + name: text for name, text in project_files("hello", "1.0").items()})
    assert read(top, "packages/hello").release.subdirectory == "packages/hello"
    assert "no pyproject.toml and no setup.py: name the project's folder with --subdirectory" in refused(top)
    assert "there is no folder packages/other" in refused(top, "packages/other")


# Links that lead out of the repository

SECRET = "the secret of another file"


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A project, and a secret, beside the repository."""
    folder = tmp_path / "outside"
    put(folder, project_files("hello", "1.0") | {"secret": SECRET, "x": SECRET})
    return folder


@pytest.mark.parametrize("name", ["README.md", "pyproject.toml"])
def test_a_file_that_is_a_link_out_of_the_repository(top: Path, outside: Path, name: str) -> None:
    put(top, project_files("hello", "1.0"))
    (top / name).unlink()
    (top / name).symlink_to(outside / name)
    assert f"{name} is a link that leads out of the repository" in refused(top)


@pytest.mark.parametrize(
    "readme", ["../outside/secret", "{outside}/secret", "docs/../../outside/secret", "link/secret"]
)
@pytest.mark.parametrize("shape", [str, lambda file: {"file": file, "content-type": "text/plain"}])
def test_a_readme_elsewhere(top: Path, outside: Path, readme: str, shape: Callable[[str], object]) -> None:
    put(top, project_files("hello", "1.0", readme=shape(readme.format(outside=outside))))
    (top / "docs").mkdir()
    (top / "link").symlink_to(outside)
    why = refused(top)
    assert "leads out of the repository" in why
    assert SECRET not in why


def test_a_subdirectory_that_is_a_link_out_of_the_repository(top: Path, outside: Path) -> None:
    (top / "packages").symlink_to(outside)
    assert "leads out of the repository" in refused(top, "packages")


def test_a_link_within_the_repository_is_a_file_like_others(top: Path) -> None:
    put(top, {f"docs/{name}": text for name, text in project_files("hello", "1.0").items()})
    for name in ("README.md", "pyproject.toml"):
        (top / name).symlink_to(f"docs/{name}")
    assert read(top).description == "# hello 1.0\n"


def test_a_link_that_leads_nowhere_or_in_a_circle(top: Path) -> None:
    put(top, project_files("hello", "1.0"))
    (top / "README.md").unlink()
    (top / "README.md").symlink_to("nothing")
    assert "the readme README.md is not there" in refused(top)
    (top / "README.md").unlink()
    (top / "README.md").symlink_to("README.md")
    assert "the readme README.md is not there" in refused(top)


# What is not valid


HELLO = '[project]\nname = "hello"\nversion = "1.0"\n'


@pytest.mark.parametrize(
    ("pyproject", "why"),
    [
        (None, "there is no pyproject.toml and no setup.py"),
        ("", "neither [project] nor [build-system]"),
        ("[tool.black]", "neither [project] nor [build-system]"),
        ("[project", "pyproject.toml cannot be read"),
        ("x = " + "[" * 10_000, "pyproject.toml cannot be read"),
        ("project = 1", "[project] in pyproject.toml is no table"),
        ("build-system = []", "[build-system] in pyproject.toml is no table"),
        ('[project]\nname = "hello"', "version"),
        ('[project]\nversion = "1.0"', "name"),
        (HELLO.replace("1.0", "one"), "version"),
        (HELLO.replace("hello", "-hello"), "name"),
        (HELLO + 'dynamic = "version"', "dynamic in pyproject.toml is no list"),
        (HELLO + 'requires-python = "new"', "requires-python"),
        (HELLO + 'dependencies = ["a b"]', "dependencies"),
        (HELLO + 'readme = "README.md"', "the readme README.md is not there"),
        (HELLO + 'readme = "README"', "the readme README is not there"),
        (HELLO + '[build-system]\nrequires = "hatchling"', "requires in pyproject.toml is no list"),
        (HELLO + '[build-system]\nrequires = ["a b"]', 'build requirement "a b" is no dependency'),
        (HELLO + "[build-system]\nbuild-backend = 1", 'build-backend "1" is no module'),
        (HELLO + '[build-system]\nbackend-path = ["../.."]', "is not a folder inside the repository"),
    ],
)
def test_a_project_that_is_not_valid(top: Path, pyproject: str | None, why: str) -> None:
    put(top, {} if pyproject is None else {"pyproject.toml": pyproject})
    assert why in refused(top)


def test_a_pyproject_that_is_no_text(top: Path) -> None:
    (top / "pyproject.toml").write_bytes(b"\xff\xfe[project]")
    assert "pyproject.toml cannot be read" in refused(top)


KEYS = (
    *("name", "version", "description", "readme", "requires-python", "license", "license-files", "authors"),
    *("maintainers", "keywords", "classifiers", "urls", "scripts", "gui-scripts", "entry-points", "dependencies"),
    *("optional-dependencies", "dynamic", "import-names", "unknown"),
)
VALUES: tuple[object, ...] = (
    *(1, 1.5, True, "", " ", "x", "a\nb", "\x00", "\x1b[31m", "\x7f", "\u202e", "x" * 10_000, "é" * 300, "../" * 99),
    *([], [1], [[]], ["x", "x"], ["\n"], [{}], [{"name": 1}], [{"name": "a\nRequires-Dist: evil"}], [{"email": "@"}]),
    *({}, {"x": 1}, {"": ""}, {"file": 1}, {"text": "x"}, {"file": "\x00"}, {"x": "https://[::1"}, {"x\n": ["a"]}),
    *({"file": "x" * 300, "content-type": "text/plain"}, {"text": "\x00", "content-type": "text/markdown"}),
    *({"text": "x", "content-type": "text/html"}, {"x": {"y": "z"}}, {"<b>": "http://x", "a|b": "ftp://x"}),
)


@pytest.mark.parametrize("key", KEYS)
def test_whatever_stands_in_a_field_is_read_or_refused(top: Path, key: str) -> None:
    """Nothing else may happen: no traceback, and no second line."""
    for value in VALUES:
        project = {"name": "hello", "version": "1.0", key: value}
        if project.get("dynamic") == ["x", "x"]:
            continue
        put(top, {"pyproject.toml": table("project", project)})
        try:
            found = read(top)
        except BadProject as error:
            assert str(error).isprintable(), toml(value)
            assert len(str(error)) < 1000, toml(value)
        else:
            assert "evil" not in "".join(found.release.requires_dist)
