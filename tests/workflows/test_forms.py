"""Every verb through its workflow's own steps, with the real scripts, against the GitHub test server."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from scripts.pages import record
from tests.workflows import projects, steps
from tests.workflows.documents import ROOT, files

if TYPE_CHECKING:
    from pathlib import Path

    from scripts.model import Package
    from tests.servers.forge import PullRequest
    from tests.workflows.machine import Machine, Outcome, Presser

pytestmark = pytest.mark.slow

NO_RELEASE = "no release, only the texts below"
HOSTILE = "<script>alert('1')</script> $(touch hacked) `touch hacked` \" ' && ; ${{ github.token }} %0A::warning::x"


@pytest.fixture
def index(machine: Machine) -> Machine:
    """The machine, for an index that is this very repository, as it stands."""
    paths = [*files(), *(ROOT / name for name in ("requirements.txt", "index.html", "pkg_template.html"))]
    paths += [*ROOT.glob("scripts/**/*.py"), *(path for path in ROOT.glob("static/**/*") if path.is_file())]
    machine.index.commit({path.relative_to(ROOT).as_posix(): path.read_bytes() for path in paths}, "The template")
    return machine


def proposed(machine: Machine, outcome: Outcome) -> PullRequest:
    """The pull request that a run has opened."""
    assert outcome.ok, outcome.log
    waiting = [pull for pull in machine.index.pulls if pull.state == "open"]
    assert len(waiting) == 1, outcome.log
    assert f"/pull/{waiting[0].number}" in outcome.summary
    return waiting[0]


def merged(machine: Machine, outcome: Outcome) -> list[str]:
    """Merge the pull request that a run has opened; the files that it changed."""
    pull = proposed(machine, outcome)
    assert [label.lower() for label in pull.labels] == ["index"]
    before = _contents(machine)
    machine.index.merge(pull.number)
    after = _contents(machine)
    return sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))


def _contents(machine: Machine) -> dict[str, str | None]:
    return {path: machine.index.read(path) for path in machine.index.files()}


def package(machine: Machine, name: str) -> Package:
    """What the index says of a package."""
    page = machine.index.read(f"{name}/index.html")
    assert page is not None, machine.index.files()
    return record.read(f"{name}/index.html", page)


def versions(machine: Machine, name: str) -> list[str]:
    return [release.version for release in package(machine, name).releases]


def refused(machine: Machine, outcome: Outcome, says: str) -> None:
    """The run failed in one line that says what to do, and left no branch."""
    assert not outcome.ok, outcome.log
    assert len(re.findall("::error::", outcome.log)) == 1, outcome.log
    assert re.search(rf"::error::.*{says}", outcome.log), outcome.log
    assert "Traceback" not in outcome.log
    assert list(machine.index.branches()) == ["main"]


def test_life_of_a_package(index: Machine, press: Presser) -> None:
    projects.hello(index.github, "acme/public-hello", "0.1", "0.2")
    start = index.index.read("index.html")

    assert merged(index, press(index, "register", {"repository": "acme/public-hello", "tag": "v0.1"})) == [
        "index.html",
        "public-hello/0.1.md",
        "public-hello/index.html",
    ]
    assert merged(index, press(index, "update", {"package": "Public_Hello"})) == [
        "index.html",
        "public-hello/0.2.md",
        "public-hello/index.html",
    ]
    assert versions(index, "public-hello") == ["0.2", "0.1"]

    merged(index, press(index, "yank", {"package": "public-hello", "version": "0.1", "reason": "too old"}))
    assert [release.yanked for release in package(index, "public-hello").releases] == [None, "too old"]

    merged(index, press(index, "delete", {"package": "public-hello", "version": "0.1"}))
    assert versions(index, "public-hello") == ["0.2"]

    merged(index, press(index, "delete", {"package": "public-hello"}))
    assert not [path for path in index.index.files() if path.startswith("public-hello/")]
    assert index.index.read("index.html") == start


def test_pressed_again(index: Machine) -> None:
    projects.hello(index.github, "acme/public-hello", "0.1")
    press = {"repository": f"{index.github.url}/acme/public-hello.git"}
    first = proposed(index, steps.press(index, "register", press))
    assert first.head == "index/register/public-hello"
    commit = first.head_sha
    again = proposed(index, steps.press(index, "register", {**press, "summary": "Says more"}))
    assert again is first
    assert again.head_sha != commit
    assert "Says more" in str(index.index.read("index.html", again.head))


def test_every_missing_release_and_then_texts_alone(index: Machine) -> None:
    projects.hello(index.github, "acme/public-hello", "0.1", "0.2", "0.3")
    merged(index, steps.press(index, "register", {"repository": "acme/public-hello", "tag": "v0.2"}))
    merged(index, steps.press(index, "update", {"package": "public-hello", "what": "every release that is missing"}))
    assert versions(index, "public-hello") == ["0.3", "0.2", "0.1"]

    texts = {"summary": "Better", "author": "A. N. Other", "homepage": "https://example.com/"}
    merged(index, steps.press(index, "update", {"package": "public-hello", "what": NO_RELEASE, **texts}))
    about = package(index, "public-hello").about
    assert {name: getattr(about, name) for name in texts} == texts


def test_nothing_new_is_no_failure(index: Machine) -> None:
    projects.hello(index.github, "acme/public-hello", "0.1")
    merged(index, steps.press(index, "register", {"repository": "acme/public-hello"}))
    outcome = steps.press(index, "update", {"package": "public-hello"})
    assert outcome.results == {"describe": "success", "propose": "success"}, outcome.log
    assert "nothing to change" in outcome.log
    assert [pull.state for pull in index.index.pulls] == ["closed"]


def test_undo_a_yank(index: Machine) -> None:
    projects.hello(index.github, "acme/public-hello", "0.1")
    merged(index, steps.press(index, "register", {"repository": "acme/public-hello"}))
    merged(index, steps.press(index, "yank", {"package": "public-hello", "version": "0.1"}))
    assert package(index, "public-hello").releases[0].yanked == ""
    merged(index, steps.press(index, "yank", {"package": "public-hello", "version": "0.1", "undo": "true"}))
    assert package(index, "public-hello").releases[0].yanked is None


def with_right_to_read(machine: Machine, repository: str) -> str:
    """Let the secret PACKAGES_TOKEN read a repository; the secret."""
    token = machine.secrets["PACKAGES_TOKEN"]
    machine.github.add_token(token, {repository: {"contents": "read"}}, user="octocat")
    return token


def test_private_package(index: Machine) -> None:
    projects.hello(index.github, "acme/secret", "0.1", private=True)
    refused(index, steps.press(index, "register", {"repository": "acme/secret"}), "PACKAGES_TOKEN")

    token = with_right_to_read(index, "acme/secret")
    outcome = steps.press(index, "register", {"repository": "acme/secret"})
    assert token not in outcome.log + outcome.summary
    assert {call.token for call in index.github.requests}.isdisjoint({token, None})
    merged(index, outcome)
    assert package(index, "secret").private
    assert package(index, "secret").about.summary == ""


def test_code_of_a_package_sees_no_token_and_runs_in_describe_alone(index: Machine, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    projects.spy(index.github, "acme/spy", notes)
    token = with_right_to_read(index, "acme/spy")
    outcome = steps.press(index, "register", {"repository": "acme/spy"})
    merged(index, outcome)
    seen = notes.read_bytes()
    assert seen.count(b"was here") == 1
    assert token.encode() not in seen
    assert not [job for job in index.job_tokens if job.encode() in seen]


@pytest.mark.parametrize("given", [{}, {"tag": "2.0"}, {"tag": "2.0", "summary": "new"}])
def test_propose_describes_nothing_by_itself(index: Machine, tmp_path: Path, given: dict[str, str]) -> None:
    """A form that asks for no release, and then for one, must not bring package code to where the write token is."""
    notes = tmp_path / "notes"
    repository = projects.spy(index.github, "acme/spy", notes)
    with_right_to_read(index, "acme/spy")
    index.index.delete_branch_on_merge = True
    merged(index, steps.press(index, "register", {"repository": "acme/spy"}))
    repository.private = False
    repository.commit({"more": ""})
    repository.tag("2.0")
    notes.unlink()
    outcome = steps.press(index, "update", {"package": "spy", "what": NO_RELEASE, **given})
    assert not notes.exists(), "the code of a package ran where the write token is"
    refused(index, outcome, "release|describe")


@pytest.mark.parametrize(
    ("form", "given", "says"),
    [
        ("register", {"repository": "acme/nowhere"}, "nowhere"),
        ("register", {"repository": "acme/public-hello", "tag": "v9"}, "v0.1"),
        ("register", {"repository": "acme/public-hello", "tag": "v0.1", "all-tags": "true"}, "--all-tags"),
        ("register", {"repository": HOSTILE}, "repository"),
        ("register", {"repository": "--help"}, "--help"),
        ("update", {"package": "other"}, "other"),
        ("update", {"package": HOSTILE}, "name"),
        ("update", {"package": "other", "what": NO_RELEASE, "summary": "x"}, "other"),
        ("delete", {"package": "../scripts"}, "name"),
        ("delete", {"package": "--root=/"}, "name"),
        ("yank", {"package": "other", "version": "1.0"}, "other"),
        ("yank", {"package": "other", "version": "--undo"}, ""),
    ],
)
def test_bad_input_fails_in_one_line(index: Machine, form: str, given: dict[str, str], says: str) -> None:
    projects.hello(index.github, "acme/public-hello", "0.1")
    refused(index, steps.press(index, form, given), says)
    assert not list(index.folder.rglob("hacked"))


def test_hostile_texts_are_texts(index: Machine) -> None:
    projects.hello(index.github, "acme/public-hello", "0.1")
    given = {"repository": "acme/public-hello", "summary": HOSTILE, "author": HOSTILE}
    merged(index, steps.press(index, "register", given))
    about = package(index, "public-hello").about
    assert (about.summary, about.author) == (HOSTILE, HOSTILE)
    assert not list(index.folder.rglob("hacked"))
