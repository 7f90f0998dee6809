"""What the entry points read: the index, and what Actions says of its surroundings."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Protocol

from scripts.change_set import Texts
from scripts.errors import BadValue
from scripts.pages import cards
from scripts.pages.record import path_of
from scripts.sources import address, git, handover

if TYPE_CHECKING:
    from pathlib import Path

    from scripts.model import Findings

TEMPLATE = "pkg_template.html"


class Index(Protocol):
    """Where an index is read: a folder on disk, or the default branch on GitHub."""

    def entries(self) -> frozenset[str]: ...
    def files(self, folder: str) -> dict[str, str]: ...
    def read(self, path: str) -> str: ...


def texts(index: Index, name: str) -> Texts:
    """The index as far as the package `name` is concerned."""
    files = index.files(name)
    return Texts(
        index=index.read(cards.PATH),
        template=index.read(TEMPLATE),
        page=index.read(path_of(name)) if "index.html" in files else None,
        files=files,
        entries=index.entries(),
    )


def server() -> str:
    """The address of the GitHub that this index is on."""
    return (os.environ.get("GITHUB_SERVER_URL") or address.GITHUB).rstrip("/")


def credential(repository: str) -> git.Credential | None:
    """The token for private repositories, for a repository on the GitHub that it is of."""
    token = os.environ.get("PACKAGES_TOKEN")
    return git.Credential(server(), token) if token and repository.startswith(f"{server()}/") else None


def handed_over(path: Path) -> Findings:
    """The findings of a describe job."""
    try:
        return handover.load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError):
        raise BadValue("release file", str(path), "cannot be read: make it with describe") from None
