"""describe: what a repository holds, as a file for the job that may write."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from scripts.sources import handover
from tests.verbs import Index, contents, run

if TYPE_CHECKING:
    from pathlib import Path

    from tests.samples import Project


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "release.json"


def test_a_repository(hello: Project, out: Path) -> None:
    hello.release("0.2")
    done = run("describe", hello, "--tag", "v0.1", "--out", out)
    findings = handover.load(out.read_text())
    (found,) = findings.found
    assert (findings.repository, findings.private, found.release.version) == (hello.url, False, "0.1")
    assert found.description == "# public-hello 0.1\n"
    assert done.said == f"public-hello 0.1: v0.1, {found.release.commit}\n"


def test_every_tag_and_what_is_left_out(hello: Project, out: Path) -> None:
    hello.commit({"pyproject.toml": "[project"})
    hello.tag("v0.2")
    done = run("describe", hello, "--all-tags", "--out", out)
    assert "left out the tag v0.2: pyproject.toml cannot be read" in done.said
    assert [tag for tag, _ in handover.load(out.read_text()).left_out] == ["v0.2"]


def test_a_package_of_the_index_here(
    index: Index, hello: Project, out: Path, clean_environment: pytest.MonkeyPatch
) -> None:
    index.did("register", hello)
    for version in ("0.2", "0.3"):
        hello.release(version)
    before = contents(index.root)
    clean_environment.chdir(index.root)
    for name, options, versions in (
        ("public-hello", (), ["0.3"]),
        ("Public_Hello", ("--all-tags",), ["0.3", "0.2"]),
        ("public-hello", ("--tag", "v0.2"), ["0.2"]),
    ):
        assert run("describe", name, *options, "--out", out).said
        assert [found.release.version for found in handover.load(out.read_text()).found] == versions
    assert contents(index.root) == before
    assert index.did("update", "public-hello", "--tag", "v0.2", "--release", out)


def test_a_package_without_anything_new(
    index: Index, hello: Project, out: Path, clean_environment: pytest.MonkeyPatch
) -> None:
    index.did("register", hello)
    clean_environment.chdir(index.root)
    assert run("describe", "public-hello", "--out", out).said == "public-hello: no release that is not there already\n"
    assert index.run("update", "public-hello", "--release", out).said.startswith("public-hello: nothing to change")


def test_a_package_that_has_moved(
    index: Index, hello: Project, out: Path, clean_environment: pytest.MonkeyPatch
) -> None:
    index.did("register", hello)
    hello.release("0.2")
    moved = hello.path.rename(hello.path.with_name("moved"))
    clean_environment.chdir(index.root)
    assert run("describe", "public-hello", "--repository", moved, "--out", out).said
    index.did("update", "public-hello", "--repository", moved, "--release", out)
    assert index.package("public-hello").repository == moved.as_uri()


def test_an_alias_by_which_the_tags_go(hello: Project, out: Path) -> None:
    hello.commit({})
    hello.tag("alias-0.1")
    assert "alias-0.1" in run("describe", hello, "--name", "alias", "--out", out).said


@pytest.mark.parametrize(
    ("subject", "says"),
    [
        ("public-hallo", "is no package of this index, and no repository: write a repository as owner/name"),
        ("public-hallo", "did you mean public-hello?"),
        ("..", 'cannot read "file://'),
        ("-x", "the following arguments are required"),
        ("<b>", "is no address of a git repository"),
        ("", "is no address of a git repository"),
    ],
)
def test_what_is_neither(
    index: Index, hello: Project, out: Path, clean_environment: pytest.MonkeyPatch, subject: str, says: str
) -> None:
    index.did("register", hello)
    clean_environment.chdir(index.root)
    assert says in run("describe", subject, "--out", out).error
    assert not out.exists()


@pytest.mark.parametrize("place", ["no/such/folder/release.json", "."])
def test_a_file_that_cannot_be_written(hello: Project, tmp_path: Path, place: str) -> None:
    said = run("describe", hello, "--out", tmp_path / place).error
    assert said.startswith(f"cannot write {tmp_path / place}: ")
    assert said.endswith("check --out")


def test_the_file_is_plain_data(hello: Project, out: Path) -> None:
    hello.release("0.2", description="<script>é")
    run("describe", hello, "--out", out)
    assert out.read_bytes().isascii()
    assert json.loads(out.read_text())["found"][0]["about"]["summary"] == "<script>é"
