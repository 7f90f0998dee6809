"""The index as it stands on the repository's default branch, read through the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from github.GitCommit import GitCommit

from scripts.errors import MissingFile
from scripts.forge.blobs import text_of
from scripts.forge.client import refusals

if TYPE_CHECKING:
    from pathlib import Path

    from github.GitTree import GitTree
    from github.Repository import Repository


class MainBranch:
    """The files at the tip of the default branch. Two API calls, and one for each folder that is looked into.

    A file that is the same in the local checkout, by git's own name for its content, is read from there.
    """

    def __init__(self, repository: Repository, checkout: Path) -> None:
        self.repository, self.checkout = repository, checkout
        with refusals(repository.full_name):
            self.branch = repository.default_branch
            tip = repository.get_branch(self.branch).commit.sha
            self.tree: GitTree = repository.get_git_tree(tip)
        attributes = {"sha": tip}
        self.commit = GitCommit(repository.requester, {}, attributes, completed=True)
        self._top = {entry.path: entry.sha for entry in self.tree.tree}
        self._blobs = {entry.path: entry.sha for entry in self.tree.tree if entry.type == "blob"}

    def survey(self) -> None:
        """Learn of every file in one API call, where many are going to be read (GitHub tells of 100,000)."""
        with refusals(self.repository.full_name):
            listed = self.repository.get_git_tree(self.tree.sha, recursive=True).tree
        self._blobs |= {entry.path: entry.sha for entry in listed if entry.type == "blob"}

    def entries(self) -> frozenset[str]:
        """The names of the files and folders at the top of the repository."""
        return frozenset(self._top)

    def files(self, folder: str) -> dict[str, str]:
        """The files below a top folder, by their path in it, each with its blob id; {} where there is none."""
        if folder not in self._top or folder in self._blobs:
            return {}
        with refusals(self.repository.full_name):
            listed = self.repository.get_git_tree(self._top[folder], recursive=True).tree
        found = {entry.path: entry.sha for entry in listed if entry.type == "blob"}
        self._blobs |= {f"{folder}/{path}": sha for path, sha in found.items()}
        return found

    def read(self, path: str) -> str:
        """The text of a file at the top, or in a folder whose files were listed. Raises MissingFile, BadPage."""
        wanted = self._blobs.get(path)
        if wanted is None:
            raise MissingFile(path)
        return text_of(self.repository, self.checkout, path, wanted)
