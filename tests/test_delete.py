"""delete: one release, or the package with all that is in its folder, on disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.verbs import Index, command, contents

if TYPE_CHECKING:
    from tests.conftest import MakeProject
    from tests.samples import Project


@pytest.fixture
def registered(index: Index, hello: Project) -> Index:
    """An index with three releases of public-hello."""
    hello.release("0.2")
    hello.release("0.3rc1")
    index.did("register", hello, "--all-tags")
    return index


def test_one_release(registered: Index) -> None:
    done = registered.run("delete", "public-hello", "--version", "0.2")
    assert done.said.splitlines() == [
        "Delete public-hello 0.2",
        "  wrote index.html",
        "  removed public-hello/0.2.md",
        "  wrote public-hello/index.html",
    ]
    assert registered.versions("public-hello") == ["0.3rc1", "0.1"]
    assert registered.package("public-hello").latest.version == "0.1"
    assert ">0.1<" in registered.read("index.html")


@pytest.mark.parametrize("version", ["0.2.0", "v0.2", "00.2"])
def test_a_version_in_another_spelling(registered: Index, version: str) -> None:
    registered.did("delete", "Public_Hello", "--version", version)
    assert registered.versions("public-hello") == ["0.3rc1", "0.1"]


def test_the_last_release_takes_the_package_with_it(registered: Index) -> None:
    for version in ("0.1", "0.3rc1"):
        registered.did("delete", "public-hello", "--version", version)
    assert registered.names() == ["public-hello"]
    changed = registered.did("delete", "public-hello", "--version", "0.2")
    assert changed == ["index.html", "public-hello/0.2.md", "public-hello/index.html"]
    assert registered.names() == []
    assert not (registered.root / "public-hello").exists()


def test_the_whole_package(registered: Index) -> None:
    (registered.root / "public-hello" / "logo.svg").write_text("<svg/>")
    done = command("delete", "public-hello", cwd=registered.root)
    assert "Delete public-hello\n" in done.said
    assert "removed public-hello/logo.svg" in done.said
    assert not (registered.root / "public-hello").exists()
    assert sorted(path.name for path in registered.root.iterdir()) == ["index.html", "pkg_template.html", "static"]


def test_nothing_of_another_package(registered: Index, project: MakeProject) -> None:
    registered.did("register", project("public-hello-more", "1.0"))
    before = contents(registered.root / "public-hello-more")
    registered.did("delete", "public-hello")
    assert registered.names() == ["public-hello-more"]
    assert contents(registered.root / "public-hello-more") == before


def test_a_package_whose_page_is_broken_can_still_go(registered: Index) -> None:
    page = registered.root / "public-hello" / "index.html"
    page.write_text("<p>by hand")
    assert 'no element has data-field="' in registered.run("delete", "public-hello", "--version", "0.1").error
    assert page.read_text() == "<p>by hand"
    registered.did("delete", "public-hello")
    assert registered.names() == []


def test_and_it_can_be_registered_again(registered: Index, hello: Project) -> None:
    before = contents(registered.root)
    registered.did("delete", "public-hello")
    registered.did("register", hello, "--all-tags")
    assert contents(registered.root) == before
