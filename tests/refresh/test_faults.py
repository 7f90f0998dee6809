"""Each API call of refresh fails in turn: it recovers, or says so in one line and a second run completes the work."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from scripts import changes
from tests.refresh.conftest import Place, found
from tests.scenarios import impatient_at
from tests.servers import forge

if TYPE_CHECKING:
    from tests.conftest import Say
    from tests.servers.forge import PullRequest, Repository
    from tests.servers.forge.faults import What

pytestmark = pytest.mark.slow
HELLO = "public-hello"
PASSING: dict[str, What] = {
    "500": forge.SERVER_ERROR,
    "502": forge.BAD_GATEWAY,
    "no answer": forge.Hang(5),
    "cut": forge.CUT,
    "slow down": forge.secondary_limit(0),
}
LASTING: dict[str, What] = {
    "slow down for long": forge.secondary_limit(60),
    "409": forge.CONFLICT,
    "422": forge.UNPROCESSABLE,
}


@dataclass
class Scene:
    """Five requests, each of which needs something else: two moves of a branch, a label off, two comments, a label."""

    place: Place
    pulls: list[PullRequest]

    def __post_init__(self) -> None:
        self.main = self.repository.branch("main")
        self.heads = [pull.head_sha for pull in self.pulls]
        self._threads = dict(self.repository.threads)
        self._facts = {number: self._copied(vars(thread)) for number, thread in self._threads.items()}
        self._refs = self.repository.git.refs("refs/heads/")

    @property
    def repository(self) -> Repository:
        return self.place.hub.index

    @staticmethod
    def _copied(facts: dict[str, object]) -> dict[str, object]:
        return {name: copy.copy(value) if isinstance(value, list) else value for name, value in facts.items()}

    def reset(self) -> None:
        """Everything as it was before the first run."""
        for ref, (sha, _) in self.repository.git.refs("refs/heads/").items():
            if self._refs[ref][0] != sha:
                self.repository.git.update_ref(ref, self._refs[ref][0])
        for number, facts in self._facts.items():
            vars(self._threads[number]).update(self._copied(facts))
        self.place.hub.github.faults.clear()
        self.place.hub.github.requests.clear()

    def trees(self) -> list[str]:
        return [self.repository.git.tree_of(pull.head_sha) for pull in self.pulls]

    def told(self) -> list[tuple[list[str], list[str]]]:
        return [([comment.body for comment in pull.comments], pull.labels) for pull in self.pulls]

    def assert_whole(self, done: list[str]) -> None:
        """Each branch is where it was, or one merge further."""
        for pull, head, tree, whole in zip(self.pulls, self.heads, self.trees(), done, strict=True):
            if pull.head_sha != head:
                parents = self.repository.git.text("rev-parse", f"{pull.head_sha}^@").split()
                assert (parents, tree) == ([head, self.main], whole)


@pytest.fixture
def scene(place: Place) -> Scene:
    index = place.hub.index
    conflicting = place.request(changes.register, "b-two", found("1.0"), "b-two")
    same = place.request(changes.update, HELLO, HELLO, found("1.9"))
    labelled = place.request(changes.yank, "z-last", "z-last", "1.0")
    moot = place.request(changes.yank, "a-first", "a-first", "1.0")
    contrary = place.request(changes.delete, HELLO, HELLO)
    labelled.labels = [index.label("stale").name]
    index.add_comment(labelled.number, "Nothing left.\n\n<!-- refresh: stale 0123456789ab -->")
    place.merge(changes.register, "b-one", found("1.0"), "b-one")
    index.commit(changes.update(place.base.texts(HELLO), HELLO, found("2.0")).files)
    index.commit({f"a-first/{file}": text for file, text in without(place, "a-first", "1.0").items()})
    return Scene(place, [conflicting, same, labelled, moot, contrary])


def without(place: Place, name: str, version: str) -> dict[str, str | None]:
    files = changes.delete(place.base.texts(name), name, version).files
    return {path.partition("/")[2]: text for path, text in files.items() if path.startswith(name)}


@pytest.fixture
def done(scene: Scene) -> tuple[list[str], list[tuple[list[str], list[str]]], list[str]]:
    """What a run without faults makes of it: trees, comments and labels; and the calls that it takes."""
    assert scene.place.run().said
    trees, told = scene.trees(), [(list(comments), list(labels)) for comments, labels in scene.told()]
    assert [(len(comments), labels) for comments, labels in told] == [
        (0, []),
        (0, []),
        (1, []),
        (1, ["stale"]),
        (1, []),
    ]
    calls = [f"{call.method} {call.path}" for call in scene.place.hub.github.requests]
    assert scene.place.run().said
    assert (scene.trees(), scene.told()) == (trees, told)
    return trees, told, calls


Done = tuple[list[str], list[tuple[list[str], list[str]]], list[str]]


def fail(scene: Scene, done: Done, what: What, nth: int, times: int = 1, *, after: bool = False) -> int:
    """Run with one fault, look at what is left, and run again; the status of the first run."""
    trees, told, _ = done
    scene.reset()
    scene.place.hub.github.faults.add(what, nth=nth, times=times, after=after)
    with pytest.MonkeyPatch.context() as patched:
        if isinstance(what, forge.Hang):
            impatient_at(nth, patched)
        first = scene.place.run()
    if first.status:
        assert first.error
    scene.assert_whole(trees)
    scene.place.hub.github.faults.clear()
    second = scene.place.run()
    assert second.said
    scene.assert_whole(trees)
    assert (scene.trees(), scene.told()) == (trees, told)
    return first.status


@pytest.mark.parametrize("name", [*PASSING, *LASTING])
def test_each_call_fails_once(scene: Scene, done: Done, name: str, say: Say) -> None:
    what, cases = {**PASSING, **LASTING}[name], 0
    for nth, call in enumerate(done[2], 1):
        for after in (False, True) if not call.startswith("GET") else (False,):
            status = fail(scene, done, what, nth, after=after)
            assert status == 0 or name in LASTING or "/comments" in call, f"{call} did not recover"
            cases += 1
    say(f"refresh, {name}: {cases} cases")


@pytest.mark.parametrize(("name", "what"), [("expires", forge.BAD_CREDENTIALS), ("down", forge.BAD_GATEWAY)])
def test_nothing_works_from_some_call_on(scene: Scene, done: Done, name: str, what: What, say: Say) -> None:
    for nth in range(1, len(done[2]) + 1):
        assert fail(scene, done, what, nth, forge.ALWAYS) == 1
    say(f"refresh, {name} from some call on: {len(done[2])} cases")
