"""The index as it stands on the default branch: read from the checkout where that is the same, else asked for."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from scripts.errors import BadPage, MissingFile, Refused
from scripts.forge import client
from scripts.forge.main_branch import MainBranch

if TYPE_CHECKING:
    from tests.verbs import Hub


def main_branch(hub: Hub) -> MainBranch:
    return MainBranch(client.connect(), hub.checkout)


def test_a_checkout_that_is_up_to_date_is_read_from_the_disk(hub: Hub) -> None:
    main = main_branch(hub)
    assert main.entries() == {"index.html", "pkg_template.html", "static"}
    assert main.read("index.html") == (hub.checkout / "index.html").read_text("utf-8")
    assert main.files("no-such-package") == {}
    assert main.files("index.html") == {}
    assert len(hub.calls()) == 3


def test_what_main_says_wins_over_a_stale_checkout(hub: Hub) -> None:
    hub.index.commit({"index.html": "newer\r\n", "hello/index.html": "new", "hello/0.1.md": "é"})
    (hub.checkout / "pkg_template.html").write_text("changed here")
    (hub.checkout / "hello").mkdir()
    (hub.checkout / "hello/index.html").write_text("another")
    (hub.checkout / "other").mkdir()
    main = main_branch(hub)
    assert main.read("index.html") == "newer\r\n"
    assert main.read("pkg_template.html").startswith("<!DOCTYPE html>")
    assert main.entries() == {"hello", "index.html", "pkg_template.html", "static"}
    assert main.files("hello").keys() == {"index.html", "0.1.md"}
    assert main.read("hello/index.html") == "new"
    assert main.read("hello/0.1.md") == "é"


def test_no_checkout_at_all(hub: Hub) -> None:
    shutil.rmtree(hub.checkout)
    assert main_branch(hub).read("index.html").startswith("<!DOCTYPE html>")


def test_a_large_file_comes_whole(hub: Hub) -> None:
    text = "é" * 1_000_000
    hub.index.commit({"index.html": text})
    assert main_branch(hub).read("index.html") == text


def test_another_default_branch(hub: Hub) -> None:
    hub.index.commit({"index.html": "of trunk"}, branch="trunk")
    hub.index.default_branch = "trunk"
    main = main_branch(hub)
    assert (main.branch, main.read("index.html")) == ("trunk", "of trunk")


def test_a_file_that_is_not_there(hub: Hub) -> None:
    hub.index.commit({"pkg_template.html": None})
    with pytest.raises(MissingFile, match=r"pkg_template\.html is not there"):
        main_branch(hub).read("pkg_template.html")


def test_a_file_that_is_no_text(hub: Hub) -> None:
    hub.index.commit({"index.html": b"<p>\xff\n"})
    with pytest.raises(BadPage, match=r"index\.html: is not UTF-8 at byte 3"):
        main_branch(hub).read("index.html")


def test_a_repository_without_a_commit(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    hub.github.create_repository("octo/empty")
    hub.github.add_token(hub.token, {"octo/empty": {"contents": "write"}})
    monkeypatch.setenv("GITHUB_REPOSITORY", "octo/empty")
    with pytest.raises(Refused, match="octo/empty"):
        main_branch(hub)
