"""yank: PEP 592's mark on a release, and taking it back, on disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup

from tests.verbs import Index, command, contents

if TYPE_CHECKING:
    from tests.samples import Project

REASON = "Breaks on <Windows> & 'others', see \"#1\" | é"


@pytest.fixture
def registered(index: Index, hello: Project) -> Index:
    """An index with two releases of public-hello."""
    hello.release("0.2")
    index.did("register", hello, "--all-tags")
    return index


def marks(index: Index) -> dict[str, str | None]:
    """What installers read on the links of public-hello, by their text."""
    soup = BeautifulSoup(index.read("public-hello/index.html"), "lxml")
    return {link.get_text(): link.get("data-yanked") for link in soup.select("a[href^='git+']")}  # type: ignore[misc]


def test_a_release_with_a_reason(registered: Index) -> None:
    assert registered.did("yank", "public-hello", "0.2", "--reason", REASON) == [
        "index.html",
        "public-hello/index.html",
    ]
    assert marks(registered) == {"public-hello 0.2": REASON, "public-hello 0.1": None}
    made = registered.package("public-hello")
    assert [release.yanked for release in made.releases] == [REASON, None]
    assert made.latest.version == "0.1"
    assert ">0.1<" in registered.read("index.html"), "the card shows the newest that is not yanked"
    assert "yanked: Breaks on &lt;Windows&gt;" in registered.read("public-hello/index.html")


def test_a_release_without_a_reason(registered: Index) -> None:
    done = command("yank", "Public_Hello", "0.1", cwd=registered.root)
    assert done.said == "Yank public-hello 0.1\n  wrote public-hello/index.html\n"
    assert marks(registered) == {"public-hello 0.2": None, "public-hello 0.1": ""}


def test_undo_leaves_nothing(registered: Index) -> None:
    before = contents(registered.root)
    registered.did("yank", "public-hello", "0.2", "--reason", REASON)
    done = registered.run("yank", "public-hello", "0.2.0", "--undo")
    assert "Undo the yank of public-hello 0.2" in done.said
    assert contents(registered.root) == before


def test_again_with_another_reason_and_with_the_same(registered: Index) -> None:
    registered.did("yank", "public-hello", "0.1", "--reason", "one")
    registered.did("yank", "public-hello", "0.1", "--reason", "two")
    assert marks(registered)["public-hello 0.1"] == "two"
    assert "nothing to change" in registered.run("yank", "public-hello", "0.1", "--reason", "two").said


def test_undo_of_what_is_not_yanked(registered: Index) -> None:
    assert "nothing to change" in registered.run("yank", "public-hello", "0.1", "--undo").said


def test_all_of_them(registered: Index) -> None:
    for version in ("0.1", "0.2"):
        registered.did("yank", "public-hello", version)
    assert registered.package("public-hello").latest.version == "0.2"


def test_a_yank_outlives_an_update(registered: Index, hello: Project) -> None:
    registered.did("yank", "public-hello", "0.2", "--reason", REASON)
    hello.release("0.3")
    registered.did("update", "public-hello")
    assert marks(registered) == {"public-hello 0.3": None, "public-hello 0.2": REASON, "public-hello 0.1": None}


def test_a_reason_and_an_undo_exclude_each_other(registered: Index) -> None:
    before = contents(registered.root)
    said = registered.run("yank", "public-hello", "0.2", "--undo", "--reason", "x").error
    assert "--undo takes no --reason: give one of the two" in said
    assert contents(registered.root) == before
