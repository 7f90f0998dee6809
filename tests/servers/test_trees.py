"""Trees that the server makes are those that git's own index makes of the same files."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.servers.forge.plumbing import Change

if TYPE_CHECKING:
    from pathlib import Path

    from tests.servers.forge import Repository

# What each commit does: text by path; None takes away.
COMMITS: list[dict[str, str | None]] = [
    {"a": "1", "a.b": "2", "a-b": "3", "a0": "4", "é/x y": "5", "b/c/d": "6", "b/c-d": "7", "b/c.d": "8"},
    {"a": None, "a/b": "9", "b/c/e/f": "", "b/c/d": "10"},  # a file becomes a folder
    {"b/c": "a folder becomes a file", "a/b": None, "nothing": None},
    {"b/c": None, "b/c-d": None, "b/c.d": None, "é/x y": None},  # the last file of a folder
    {"a.b": None, "a-b": None, "a0": None},  # of all
]


@pytest.mark.parametrize("number", range(1, len(COMMITS) + 1))
def test_as_git_makes_them(repository: Repository, tmp_path: Path, number: int) -> None:
    def git(*arguments: str, stdin: str = "") -> str:
        environment = {**repository.git.environment, "GIT_INDEX_FILE": str(tmp_path / "index")}
        command = ["git", "--git-dir", str(repository.path), *arguments]
        done = subprocess.run(command, env=environment, input=stdin.encode(), capture_output=True, check=True)
        return done.stdout.decode().strip()

    tree = None
    git("read-tree", "--empty")
    for texts in COMMITS[:number]:
        changes = []
        for path, text in texts.items():
            sha = None if text is None else git("hash-object", "-w", "--stdin", stdin=text)
            assert text is None or sha == repository.git.write("blob", text.encode())
            changes.append(Change(path, "100644", sha))
            git("update-index", "--index-info", stdin=f"{'100644' if sha else '0'} {sha or '0' * 40}\t{path}\n")
        tree = repository.git.write_tree(tree, changes)
    assert tree == git("write-tree")
    under = repository.git.write_tree(tree, [Change("below/here", "040000", tree)])
    listed = git("ls-tree", "-r", "-z", tree).replace("\t", "\tbelow/here/")
    git("update-index", "-z", "--index-info", stdin=listed)
    assert under == git("write-tree")
    git("fsck", "--strict")
