"""A release file must be about what was asked for; and where it must be there at all."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.verbs import Hub, Index, contents, run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import MakeProject
    from tests.samples import Project


@pytest.fixture
def release(tmp_path: Path, hello: Project) -> Path:
    """What describe found of public-hello 0.1."""
    path = tmp_path / "release.json"
    assert run("describe", hello, "--out", path).said
    return path


def changed(release: Path, change: Callable[[dict[str, Any]], None]) -> None:
    data = json.loads(release.read_text())
    change(data)
    release.write_text(json.dumps(data))


def test_a_release_file_says_what_reading_says(index: Index, tmp_path: Path, hello: Project, release: Path) -> None:
    hello.path.rename(tmp_path / "moved-away")
    assert index.did("register", hello, "--release", release) == [
        "index.html",
        "public-hello/0.1.md",
        "public-hello/index.html",
    ]
    handed_over = contents(index.root)
    (tmp_path / "moved-away").rename(hello.path)
    index.did("delete", "public-hello")
    index.did("register", hello)
    assert contents(index.root) == handed_over


OTHER = "https://github.com/octo/other"


def set_repository(data: dict[str, Any]) -> None:
    data["repository"] = OTHER


def set_repository_of_a_release(data: dict[str, Any]) -> None:
    data["found"][0]["release"]["repository"] = OTHER


def set_subdirectory(data: dict[str, Any]) -> None:
    data["subdirectory"] = data["found"][0]["release"]["subdirectory"] = "elsewhere"


def set_subdirectory_of_a_release(data: dict[str, Any]) -> None:
    data["found"][0]["release"]["subdirectory"] = "elsewhere"


def set_subdirectory_out_of_the_repository(data: dict[str, Any]) -> None:
    data["subdirectory"] = "../.."


def add_a_release(data: dict[str, Any]) -> None:
    more = json.loads(json.dumps(data["found"][0]))
    more["release"] |= {"version": "99.0", "tag": "v99.0"}
    data["found"].append(more)


def set_nothing(data: dict[str, Any]) -> None:
    data["found"] = []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (set_repository, f'"{OTHER}" is not what was asked for'),
        (set_repository_of_a_release, f'"{OTHER}" is not what was asked for'),
        (set_subdirectory, '"elsewhere" is not what was asked for'),
        (set_subdirectory_of_a_release, '"elsewhere" is not what was asked for'),
        (set_subdirectory_out_of_the_repository, '"../.." is not what was asked for'),
        (add_a_release, '"2 releases" is not what was asked for, one release'),
        (set_nothing, "no release was found"),
    ],
)
def test_a_release_file_about_something_else(
    index: Index, hello: Project, release: Path, change: Callable[[dict[str, Any]], None], says: str
) -> None:
    changed(release, change)
    before = contents(index.root)
    assert says in index.run("register", hello, "--release", release).error
    assert contents(index.root) == before


def test_a_release_file_of_another_tag(index: Index, hello: Project, release: Path) -> None:
    asked = index.run("register", hello, "--tag", "v0.2", "--release", release)
    assert '"v0.1" is not what was asked for, v0.2: make it anew with describe' in asked.error
    index.did("register", hello, "--tag", "v0.1", "--release", release)


def test_a_release_file_of_another_project(
    index: Index, project: MakeProject, hello: Project, release: Path, tmp_path: Path
) -> None:
    other = project("other", "0.1")
    index.did("register", other)
    before = contents(index.root)
    assert "is not what was asked for" in index.run("update", "other", "--release", release).error
    data = json.loads(release.read_text())
    data["repository"] = data["found"][0]["release"]["repository"] = other.url
    data["found"][0]["release"] |= {"version": "0.2", "tag": "v0.2"}
    release.write_text(json.dumps(data))
    said = index.run("update", "other", "--release", release).error
    assert "its metadata names the project public-hello, not other" in said
    assert contents(index.root) == before


@pytest.mark.parametrize("what", ["missing", "folder", "binary", "no JSON", "empty"])
def test_a_release_file_that_is_none(index: Index, hello: Project, tmp_path: Path, what: str) -> None:
    path = tmp_path / "release.json"
    if what == "folder":
        path.mkdir()
    elif what != "missing":
        path.write_bytes({"binary": b"\xff\xfe", "no JSON": b"<html>", "empty": b""}[what])
    before = contents(index.root)
    assert "make it with describe" in index.run("register", hello, "--release", path).error
    assert contents(index.root) == before


def test_in_actions_the_job_that_may_write_reads_no_project(
    hub: Hub, clean_environment: pytest.MonkeyPatch, hello: Project
) -> None:
    """DESIGN, decision 8: not even when a form is filled in so that no describe job has run."""
    hub.merged("register", hello)
    hello.release("0.2")
    clean_environment.setenv("GITHUB_ACTIONS", "true")
    for request in (("register", hello, "--name", "alias"), ("update", "public-hello")):
        asked = hub.run(*request)
        assert (asked.status, asked.out.count("::error::")) == (1, 1)
        assert "takes releases from describe alone" in asked.err
    assert len(hub.index.pulls) == 1
