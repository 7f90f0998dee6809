"""sync, audit, check and refresh: their workflows' own steps, with the real scripts, on the GitHub test server."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from scripts.pages import cards, record
from tests.samples import add_release, self_building
from tests.workflows import projects, steps
from tests.workflows.documents import ROOT, files

if TYPE_CHECKING:
    from pathlib import Path

    from tests.servers.forge import PullRequest
    from tests.workflows.machine import Machine, Outcome

pytestmark = pytest.mark.slow


@pytest.fixture
def index(machine: Machine) -> Machine:
    """The machine, for an index with this repository's scripts and workflows, and one package on it."""
    paths = [*(ROOT / "scripts").rglob("*.py"), *(ROOT / "static").rglob("*"), *files()]
    paths += [ROOT / name for name in ("index.html", "pkg_template.html", "requirements.txt")]
    own = {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in paths if path.is_file()}
    machine.index.commit(own)
    machine.index.delete_branch_on_merge = True
    projects.hello(machine.github, "acme/public-hello", "0.1")
    assert steps.press(machine, "register", {"repository": "acme/public-hello"}).ok
    (pull,) = waiting(machine)
    machine.index.merge(pull.number)
    return machine


def waiting(machine: Machine) -> list[PullRequest]:
    return [pull for pull in machine.index.pulls if pull.state == "open"]


def errors(outcome: Outcome) -> list[str]:
    assert "Traceback" not in outcome.log
    return re.findall("^error: (.*)", outcome.log, re.MULTILINE)


def test_sync(index: Machine) -> None:
    outcome = steps.press(index, "sync", {})
    assert outcome.ok, outcome.log
    assert waiting(index) == []
    add_release(index.github.repository("acme/public-hello"), "0.2")
    outcome = steps.press(index, "sync", {"package": "Public_Hello"})
    assert outcome.ok, outcome.log
    (pull,) = waiting(index)
    assert pull.head == "index/update/public-hello-0.2"
    page = index.index.read("public-hello/index.html", pull.head) or ""
    assert [release.version for release in record.read("x", page).releases] == ["0.2", "0.1"]


def test_one_that_fails_is_red_and_holds_up_no_other(index: Machine) -> None:
    projects.hello(index.github, "acme/other", "1.0")
    assert steps.press(index, "register", {"repository": "acme/other"}).ok
    index.index.merge(waiting(index)[0].number)
    index.github.delete(index.github.repository("acme/other"))
    add_release(index.github.repository("acme/public-hello"), "0.2")
    outcome = steps.press(index, "sync", {})
    assert outcome.results == {"find": "failure", "propose": "success"}
    (error,) = errors(outcome)
    assert error.startswith("other: cannot read")
    assert [pull.head for pull in waiting(index)] == ["index/update/public-hello-0.2"]


def test_a_package_that_is_not_there(index: Machine) -> None:
    outcome = steps.press(index, "sync", {"package": "--root=/"})
    assert not outcome.ok
    assert len(errors(outcome)) == 1


def test_a_release_workflow_asks(index: Machine) -> None:
    add_release(index.github.repository("acme/public-hello"), "0.2")
    outcome = steps.press(index, "sync", {}, {"client_payload": {"package": "public-hello"}})
    assert outcome.ok, outcome.log
    assert [pull.head for pull in waiting(index)] == ["index/update/public-hello-0.2"]
    outcome = steps.press(index, "sync", {}, {"client_payload": {"package": "$(id) `id`; --root=/"}})
    assert outcome.results == {"find": "failure", "propose": "success"}
    assert "is no valid project name" in errors(outcome)[0]


def test_refresh(index: Machine) -> None:
    for name in ("beta", "gamma"):
        projects.hello(index.github, f"acme/{name}", "1.0")
        assert steps.press(index, "register", {"repository": f"acme/{name}"}).ok
    first, second = waiting(index)
    index.index.merge(first.number)
    outcome = steps.press(index, "refresh", {})
    assert outcome.ok, outcome.log
    index.index.merge(second.number)
    assert cards.names(index.index.read("index.html") or "") == ["beta", "gamma", "public-hello"]


def checked(index: Machine, head: str) -> Outcome:
    index.prepared.add("astral-sh/setup-uv")  # the tests' own uv is there
    return steps.press(index, "check", {}, steps.pull_request(index, head))


def test_check(index: Machine) -> None:
    add_release(index.github.repository("acme/public-hello"), "0.2")
    repository = index.github.repository("acme/public-hello")
    repository.commit(self_building("public-hello", "0.3"))
    repository.tag("v0.3")
    assert steps.press(index, "update", {"package": "public-hello", "tag": "v0.3"}).ok
    (pull,) = waiting(index)
    outcome = checked(index, pull.head)
    assert outcome.ok, outcome.log
    assert outcome.results == {"check": "success", "install": "success"}
    assert "pip installs public-hello 0.3" in outcome.log
    assert "uv installs public-hello 0.3" in outcome.log
    index.index.commit({"scripts/check.py": "raise SystemExit(0)", "README.md": "x"}, branch=pull.head)
    outcome = checked(index, pull.head)
    assert outcome.results == {"check": "failure", "install": "skipped"}
    assert [error.partition(":")[0] for error in errors(outcome)] == ["README.md", "scripts/check.py"]


def test_the_code_of_a_package_sees_no_token(index: Machine, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    token = index.secrets["PACKAGES_TOKEN"]
    repository = index.github.repository("acme/public-hello")
    files = self_building("public-hello", "0.2")
    files["pyproject.toml"] = files["pyproject.toml"].replace('"version" = "0.2"', '"dynamic" = ["version"]')
    spy = f"import os\nopen({str(notes)!r}, 'a').write('was here' + repr(dict(os.environ)))\n"
    repository.commit({**files, "own_backend.py": files["own_backend.py"] + spy})
    repository.tag("v0.2")
    outcome = steps.press(index, "sync", {})
    assert outcome.ok, outcome.log
    assert len(waiting(index)) == 1
    seen = notes.read_text()
    assert "was here" in seen
    assert token not in seen + outcome.log + outcome.summary
    assert not [job for job in index.job_tokens if job in seen]


def test_audit(index: Machine) -> None:
    outcome = steps.press(index, "audit", {})
    assert outcome.ok, outcome.log
    assert "| Looked at | How many |" in outcome.summary
    index.github.repository("acme/public-hello").move("refs/tags/v0.1", None)
    for _ in range(2):
        outcome = steps.press(index, "audit", {})
        assert outcome.ok, outcome.log
    (issue,) = index.index.issues
    assert (issue.state, issue.labels) == ("open", ["index-audit"])
    assert "the tag v0.1 is gone" in outcome.summary
