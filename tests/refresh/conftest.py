"""An index on GitHub with three packages, for requests to be opened and merged on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from scripts import changes
from tests.factories import described, findings, release
from tests.memory import Files, new_index
from tests.verbs import Run, run

if TYPE_CHECKING:
    from collections.abc import Callable

    from scripts.change_set import ChangeSet
    from scripts.model import Findings
    from tests.servers.forge import PullRequest
    from tests.verbs import Hub

NAMES = ("a-first", "public-hello", "z-last")


def found(version: str, text: str = "") -> Findings:
    """What describe finds at a tag, with a description of its own."""
    return findings(described(release(version), text or f"# {version}\n"))


@dataclass
class Place:
    """An index on GitHub as it was when every request was made, and what it was made of."""

    hub: Hub
    base: Files
    start: str

    def request(self, verb: Callable[..., ChangeSet], name: str, *arguments: object, **options: object) -> PullRequest:
        """The open pull request of a verb, made from the base."""
        change = verb(self.base.texts(name), *arguments, **options)
        self.hub.index.commit(change.files, change.title, branch=change.branch, start=self.start)
        return self.hub.index.open_pull(change.branch, change.title)

    def merge(self, verb: Callable[..., ChangeSet], name: str, *arguments: object, **options: object) -> None:
        """The same, merged at once."""
        self.hub.index.merge(self.request(verb, name, *arguments, **options).number)

    def run(self) -> Run:
        """Run refresh."""
        return run("refresh", "--root", self.hub.checkout)


@pytest.fixture
def place(hub: Hub) -> Place:
    files = new_index()
    for name in NAMES:
        files = files.do(changes.register, name, findings(*found("1.0").found, *found("1.1").found), name)
    start = hub.index.commit(files.files, "The index")
    return Place(hub, files, start)
