"""What runs on GitHub can be about, each on an index of its own: for tests of what goes wrong on the way."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from requests.adapters import HTTPAdapter

from tests.samples import add_release, on_github
from tests.servers.forge import PullRequest, Repository
from tests.verbs import Hub, Run, contents, run

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import pytest

MOMENT = 0.3  # seconds
RIGHTS = {"contents": "write", "pull_requests": "write", "issues": "write"}

State = dict[str, Any]


@dataclass(frozen=True)
class Scenario:
    """A command line that is carried out on GitHub, and what was done on the index before."""

    name: str
    arguments: tuple[str, ...]
    before: tuple[tuple[str, ...], ...] = ()
    tag: str = ""  # of public-hello, which is gone while `before` runs
    gone: str = ""  # the tag that is gone when the command runs


SCENARIOS = [
    Scenario("register", ("register", "octo/other", "--release={other}")),
    Scenario("update", ("update", "public-hello", "--release={hello}")),
    Scenario("delete", ("delete", "public-hello")),
    Scenario("yank", ("yank", "public-hello", "0.1", "--reason", "broken")),
    Scenario("restyle", ("restyle",)),
    Scenario("sync", ("sync", "--releases={one}")),
    Scenario("sync that grows", ("sync", "--releases={two}"), before=(("sync", "--releases={one}"),)),
    Scenario("audit that finds", ("audit", "--issue"), gone="v0.1"),
    Scenario("audit that is well", ("audit", "--issue"), before=(("audit", "--issue"),), tag="v0.1"),
]


class Stage:
    """A GitHub with two projects, what was found in them, and as many indexes as are asked for."""

    def __init__(self, hub: Hub, folder: Path, environment: pytest.MonkeyPatch) -> None:
        self.hub, self.environment = hub, environment
        self.numbers = itertools.count(1)
        self.files = {name: folder / name for name in ("other", "hello", "one", "two")}
        self.hello = on_github(hub.github, "octo/public-hello", "0.1")
        on_github(hub.github, "octo/other", "1.0")
        run("register", "octo/public-hello", "--root", hub.checkout).said  # noqa: B018
        self.content = contents(hub.checkout)
        template = self.content["pkg_template.html"]
        self.content["pkg_template.html"] = template.replace(b">Install<", b">Get it<")  # restyle has something to do
        run("describe", "octo/other", "--out", self.files["other"]).said  # noqa: B018
        for name, version in (("one", "0.2"), ("two", "0.3")):
            add_release(self.hello, version)
            run("sync", "--out", self.files[name], "--root", hub.checkout).said  # noqa: B018
        self.commits = {tag: self.hello.git.commit_at(f"refs/tags/{tag}") for tag in ("v0.1", "v0.2", "v0.3")}
        self.files["hello"].write_bytes((self.files["one"] / "public-hello.json").read_bytes())

    def new_index(self) -> Repository:
        """An index with public-hello 0.1, which is the one that scripts work on from now on."""
        name = f"octo/index-{next(self.numbers)}"
        repository = self.hub.github.create_repository(name)
        repository.commit(self.content)
        self.hub.github.tokens[self.hub.token].rights[name] = dict(RIGHTS)  # type: ignore[arg-type]
        self.environment.setenv("GITHUB_REPOSITORY", name)
        return repository

    def start(self, scenario: Scenario) -> Repository:
        """An index on which all is done that a scenario begins with."""
        repository = self.new_index()
        self._tags(scenario.tag)
        for arguments in scenario.before:
            self.run(arguments).said  # noqa: B018
        self._tags(scenario.gone)
        return repository

    def _tags(self, gone: str) -> None:
        """Let all tags of public-hello be there but this one."""
        for tag, commit in self.commits.items():
            at = None if tag == gone else commit
            if self.hello.git.commit_at(f"refs/tags/{tag}") != at:
                self.hello.move(f"refs/tags/{tag}", at)

    def run(self, arguments: tuple[str, ...]) -> Run:
        """Carry out a command line on the index that is set."""
        filled = [text.format(**self.files) for text in arguments]
        proposes = [] if "--issue" in filled else ["--pull-request"]
        return run(*filled, *proposes, "--root", self.hub.checkout)

    def close(self, repository: Repository) -> None:
        self.hub.github.delete(repository)


def state(repository: Repository) -> State:
    """What there is to see of an index on GitHub, without numbers, times and the ids of its own commits."""

    def plain(text: str | None) -> str:
        return (text or "").replace(repository.full_name, "octo/index")

    shown = [thread for thread in repository.threads.values() if thread.state == "open"]
    return {
        "branches": {branch: files(repository, branch) for branch in repository.branches()},
        "pulls": sorted(
            (pull.head, pull.title, plain(pull.body), tuple(pull.labels))
            for pull in shown
            if isinstance(pull, PullRequest)
        ),
        "issues": [
            (issue.title, plain(issue.body), tuple(issue.labels))
            for issue in shown
            if not isinstance(issue, PullRequest)
        ],
    }


def files(repository: Repository, branch: str) -> Mapping[str, str]:
    return {entry.path: entry.sha for entry in repository.git.entries(repository.branch(branch) or "", recursive=True)}


def before_call(hub: Hub, number: int, work: Callable[[], object], environment: pytest.MonkeyPatch) -> None:
    """Let some work be done after the API call before this number, and before the call itself is answered."""
    faults, count = hub.github.faults, itertools.count(1)
    meet = faults.meet
    busy: list[bool] = []

    def watched(method: str, path: str) -> Any:
        if not busy and next(count) == number:
            busy.append(True)
            work()
            busy.clear()
        return meet(method, path)

    environment.setattr(faults, "meet", watched)


def impatient_at(number: int, environment: pytest.MonkeyPatch) -> None:
    """Let a client wait only a moment for the call of this number from now on, and for all others as it does."""
    send, count = HTTPAdapter.send, itertools.count(1)

    def counted(self: HTTPAdapter, *arguments: Any, **options: Any) -> Any:
        return send(self, *arguments, **(options | {"timeout": MOMENT} if next(count) == number else options))

    environment.setattr(HTTPAdapter, "send", counted)
