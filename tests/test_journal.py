"""What lies in a folder under the journal's name: only what a process left there is ever carried out."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scripts import journal
from scripts.errors import BadPage, BadValue, Refused
from scripts.workspace import Folder
from tests.test_interrupted import ended_before
from tests.test_workspace import snapshot
from tests.verbs import run

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import MakeProject
    from tests.verbs import Index

STATES = ("", ".new", ".undo", ".done")
PLAN = [["../secret", True, False], ["../made", False, True], ["index.html", True, False]]
FILES = {"index.html": "index", "a/index.html": "a"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "index"
    for path, text in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    (tmp_path / "secret").write_text("secret")
    return root


def lay(folder: Path, plan: object = PLAN) -> None:
    """A journal's files, whose plan says to write outside of the index."""
    folder.mkdir(parents=True)
    (folder / "plan.json").write_text(json.dumps(plan))
    for number in range(3):
        (folder / f"new-{number}").write_text("new")
        (folder / f"old-{number}").write_text("old")


@pytest.mark.parametrize("state", STATES)
def test_a_journal_that_a_pull_request_brings_is_none(root: Path, state: str) -> None:
    lay(root / f"{journal.NAME}{state}")
    before = snapshot(root.parent)
    folder = Folder(root)
    with folder.locked():
        pass
    assert folder.read("index.html") == "index"
    with pytest.raises(Refused, match=rf"\.index-change{state} is in the way, take it out; nothing was changed$"):
        folder.write({"index.html": "x"})
    assert snapshot(root.parent) == before


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("to", ["elsewhere", "nowhere"])
def test_a_link_is_no_journal(root: Path, state: str, to: str) -> None:
    lay(root.parent / "elsewhere" / journal.INSIDE)
    (root / f"{journal.NAME}{state}").symlink_to(f"../{to}")
    before = snapshot(root.parent)
    with pytest.raises(Refused, match=r"is in the way, take it out; nothing was changed$"):
        Folder(root).write({"index.html": "x"})
    (root / f"{journal.NAME}{state}").unlink()
    (root / f"{journal.NAME}{state}").mkdir()
    (root / f"{journal.NAME}{state}" / journal.INSIDE).symlink_to(f"../../{to}/{journal.INSIDE}")
    Folder(root)
    assert (root.parent / "secret").read_text() == "secret"
    assert before.items() - snapshot(root.parent).items() == {(f"index/{journal.NAME}{state}", (f"-> ../{to}", 0))}


def test_git_takes_no_journal(root: Path) -> None:
    """The ground on which a journal is trusted: no commit brings one, however it was made, and none gets into one."""

    def git(*arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
        who = ("-c", "user.name=a", "-c", "user.email=a@example.org")
        return subprocess.run(["git", *who, *arguments], cwd=root, input=text, capture_output=True, text=True)

    git("init", "-q")
    lay(root / journal.NAME / journal.INSIDE)
    git("add", "-A")
    assert sorted(git("ls-files").stdout.split()) == sorted(FILES)
    blob = git("hash-object", "-w", "--stdin", text="{}").stdout.strip()
    for name in (".git", ".GIT", ".Git"):
        tree = git("mktree", text=f"100644 blob {blob}\tplan.json\n").stdout.strip()
        for folder in (name, journal.NAME):
            tree = git("mktree", text=f"040000 tree {tree}\t{folder}\n").stdout.strip()
        commit = git("commit-tree", "-m", "x", tree).stdout.strip()
        refused = git("checkout", "-qf", commit)
        assert (refused.returncode, "invalid path" in refused.stderr) == (128, True)


@pytest.mark.parametrize("state", ["", ".undo"])
@pytest.mark.parametrize("path", ["../secret", "/etc/x", "a/../../secret", "link", "link/secret", "", "a\\..\\b"])
def test_a_plan_never_leads_out(root: Path, state: str, path: str) -> None:
    (root / "link").symlink_to("..")
    lay(root / f"{journal.NAME}{state}" / journal.INSIDE, [["index.html", True, True], [path, False, False]])
    before = snapshot(root.parent)
    with pytest.raises((BadValue, BadPage)):
        Folder(root)
    assert snapshot(root.parent) == before


@pytest.mark.parametrize("state", [".new", ".done"])
def test_an_empty_one_is_taken_away(root: Path, state: str) -> None:
    """A process may be ended between its first two folders, or its last two."""
    (root / f"{journal.NAME}{state}").mkdir()
    Folder(root).write({"index.html": "x"})
    assert sorted(entry.name for entry in root.iterdir()) == ["a", "index.html"]


@pytest.mark.parametrize("verb", [("check",), ("publish", "--out", "{site}")], ids=lambda verb: verb[0])
def test_what_only_reads_changes_no_file(
    index: Index, project: MakeProject, tmp_path: Path, verb: tuple[str, ...]
) -> None:
    """So a checkout that may not be written to can be checked and published."""
    index.did("register", project("public-hello", "0.1"))
    arguments = [text.format(site=tmp_path / "site") for text in verb]

    def work() -> None:
        assert run(*arguments, "--root", index.root).said

    assert ended_before(1, index.root, work) == 0


@pytest.mark.parametrize("state", [".new", ".done"])
def test_a_folder_that_may_only_be_read_is_read_where_its_files_are_whole(
    root: Path, monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    lay(root / f"{journal.NAME}{state}" / journal.INSIDE)

    def refuse(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    _forbid(monkeypatch, refuse)
    assert Folder(root).read("index.html") == "index"


@pytest.mark.parametrize("state", ["", ".undo"])
def test_half_a_change_is_not_read(root: Path, monkeypatch: pytest.MonkeyPatch, state: str) -> None:
    lay(root / f"{journal.NAME}{state}" / journal.INSIDE, [["index.html", True, True]])

    def refuse(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    _forbid(monkeypatch, refuse)
    with pytest.raises(
        Refused, match=r"^cannot complete the change that was interrupted in .*: Read-only file system"
    ):
        Folder(root)


def _forbid(monkeypatch: pytest.MonkeyPatch, refuse: Callable[..., None]) -> None:
    for name in ("unlink", "rmdir", "rename", "replace", "mkdir"):
        monkeypatch.setattr(os, name, refuse)
        monkeypatch.setattr(Path, name, refuse)


def test_without_locks_a_change_is_made_all_the_same(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(fcntl, "flock", refuse)
    Folder(root).write({"index.html": "x"})
    assert (root / "index.html").read_text() == "x"
