"""audit: what is no longer as it was reviewed is found, told in one issue, and forgotten when it is mended."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest

from scripts.cli.auditing import Audit
from scripts.review.drift import Finding
from tests.samples import add_release, on_github
from tests.servers.forge import ALWAYS, BAD_GATEWAY, CUT
from tests.verbs import Hub, Index, Run, run

if TYPE_CHECKING:
    from tests.conftest import MakeProject
    from tests.pypi import PyPI
    from tests.servers.forge import Issue

LABEL = "index-audit"


@pytest.fixture
def watched(hub: Hub) -> Hub:
    """An index on GitHub with public-hello 0.1 and 0.2, whose files are those of the checkout."""
    on_github(hub.github, "octo/public-hello", "0.1", "0.2")
    run("register", "octo/public-hello", "--all-tags", "--root", hub.checkout).said  # noqa: B018
    hub.github.git_requests.clear()
    return hub


def audit(hub: Hub, *arguments: str) -> Run:
    return run("audit", *arguments, "--root", hub.checkout)


def found(hub: Hub) -> list[str]:
    """What a run says it found, without its last line when that says that all is well."""
    return [line for line in audit(hub).said.splitlines() if not line.startswith("All is well")]


def open_issues(hub: Hub) -> list[Issue]:
    return [issue for issue in hub.index.issues if issue.state == "open"]


def test_all_is_well(watched: Hub) -> None:
    assert audit(watched, "--issue").said.splitlines() == [
        "All is well: 1 package with 2 releases, in 1 repository.",
        "issue: there is none",
    ]
    assert watched.index.issues == []
    assert watched.summary.read_text().startswith("### Index audit: nothing found\n\n| Looked at | How many |\n")
    assert "| Releases | 2 |" in watched.summary.read_text()


def test_one_look_at_each_repository(watched: Hub) -> None:
    for name in ("tool", "tool-too"):
        run("register", "octo/public-hello", "--name", name, "--root", watched.checkout).said  # noqa: B018
    watched.github.git_requests.clear()
    audit(watched).said  # noqa: B018
    listed = [call for call in watched.github.git_requests if call.method == "POST"]
    assert len(listed) == 1


def test_a_tag_that_moved_and_one_that_is_gone(watched: Hub) -> None:
    repository = watched.github.repository("octo/public-hello")
    add_release(repository, "0.1")
    repository.move("refs/tags/v0.2", None)
    gone, moved = found(watched)
    assert "public-hello 0.2: the tag v0.2 is gone" in gone
    assert "public-hello 0.1: the tag v0.1 names" in moved


@pytest.mark.parametrize("fault", ["away", "broken", "cut"])
def test_what_cannot_be_read_is_not_said_to_be_gone(watched: Hub, fault: str) -> None:
    on_github(watched.github, "octo/other", "1.0")
    run("register", "octo/other", "--root", watched.checkout).said  # noqa: B018
    if fault == "away":
        watched.github.delete(watched.github.repository("octo/public-hello"))
    else:
        what = BAD_GATEWAY if fault == "broken" else CUT
        watched.github.git_faults.add(what, path="octo/public-hello", times=ALWAYS)
    lines = found(watched)
    says = "could not be read: there is no such repository, or this account" if fault == "away" else "not be reached:"
    assert says in lines[0]
    assert [line.startswith("not known: the tags of ") for line in lines[1:]] == [True] * (fault != "away")
    assert not any(re.search(r"\b(gone|deleted|vanished)\b", line) for line in lines)


def test_it_could_not_look(watched: Hub) -> None:
    watched.github.repository("octo/public-hello").move("refs/tags/v0.2", None)
    audit(watched, "--issue").said  # noqa: B018
    (issue,) = open_issues(watched)
    before = issue.body
    watched.github.git_faults.add(CUT, times=ALWAYS)
    assert "could be reached" in audit(watched, "--issue").error
    assert (issue.state, issue.body) == ("open", before)


def test_a_server_that_does_not_answer_is_a_finding_until_it_does(watched: Hub) -> None:
    on_github(watched.github, "octo/other", "1.0")
    run("register", "octo/other", "--root", watched.checkout).said  # noqa: B018
    watched.github.git_faults.add(CUT, path="octo/other", times=ALWAYS)
    audit(watched, "--issue").said  # noqa: B018
    (issue,) = open_issues(watched)
    assert "octo/other could not be reached" in (issue.body or "")
    watched.github.git_faults.clear()
    assert "closed" in audit(watched, "--issue").said
    assert open_issues(watched) == []
    assert "All is well" in (issue.body or "")


def test_what_somebody_closed_is_known_while_others_come_and_go(watched: Hub, pypi: PyPI) -> None:
    watched.github.repository("octo/public-hello").move("refs/tags/v0.2", None)
    pypi.projects["public-hello"] = ["0.1"]
    audit(watched, "--issue").said  # noqa: B018
    open_issues(watched)[0].close("2026-02-01T00:00:00Z")
    pypi.cut = True
    assert "nothing new since" in audit(watched, "--issue").said
    pypi.cut = False
    assert "nothing new since" in audit(watched, "--issue").said
    assert open_issues(watched) == []


def test_a_private_repository_without_the_secret(watched: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    on_github(watched.github, "octo/secret", "1.0", private=True)
    watched.github.add_token("reader", {"octo/secret": {"contents": "read"}})
    monkeypatch.setenv("PACKAGES_TOKEN", "reader")
    run("register", "octo/secret", "--root", watched.checkout).said  # noqa: B018
    assert found(watched) == []
    monkeypatch.delenv("PACKAGES_TOKEN")
    (line,) = found(watched)
    assert "could not be read: there is no such repository, or this account may not read it" in line
    assert "set the secret PACKAGES_TOKEN" in line


def test_names_that_are_no_markdown_and_an_issue_that_is_full() -> None:
    tag = "v1`|@octocat|<b>`` <!-- index-audit -->"
    one = Finding("hello", "1.0", f"the tag {tag} is gone", "ask")
    (row,) = [line for line in Audit((one,), (), (1, 1, 1)).body.splitlines() if "octocat" in line]
    assert row == "| `hello` | `1.0` | ```the tag v1`\\|@octocat\\|<b>`` <!-- index-audit --> is gone``` | `ask` |"
    full = Audit((one,) * 5000, (tag,), (1, 1, 1))
    assert len(full.body) < 65_400
    last, _, rest = full.body.rstrip().splitlines()[-3:]
    assert (last, rest) == (row, "The rest is too long to show: `python -m scripts.audit` lists all.")
    assert "Not known: ```v1`" in full.summary
    assert "| Findings | 5000 |" in full.summary


def test_a_repository_that_fails_once_is_asked_again(watched: Hub) -> None:
    watched.github.git_faults.add(BAD_GATEWAY)
    assert found(watched) == []


def test_visibility(watched: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    repository = watched.github.repository("octo/public-hello")
    repository.private = True
    assert "could not be read" in found(watched)[0]
    watched.github.add_token("reader", {"octo/public-hello": {"contents": "read"}})
    monkeypatch.setenv("PACKAGES_TOKEN", "reader")
    (line,) = found(watched)
    assert "is private now, the record says public" in line
    monkeypatch.delenv("PACKAGES_TOKEN")
    run("delete", "public-hello", "--root", watched.checkout).said  # noqa: B018
    monkeypatch.setenv("PACKAGES_TOKEN", "reader")
    run("register", "octo/public-hello", "--all-tags", "--root", watched.checkout).said  # noqa: B018
    assert found(watched) == []
    repository.private = False
    (line,) = found(watched)
    assert "is public now, the record says private" in line


@pytest.mark.parametrize("private", [False, True])
def test_a_renamed_repository(watched: Hub, monkeypatch: pytest.MonkeyPatch, private: bool) -> None:
    repository = watched.github.repository("octo/public-hello")
    repository.private = private
    watched.github.add_token("reader", {"octo/public-hello": {"contents": "read"}})
    monkeypatch.setenv("PACKAGES_TOKEN", "reader")
    watched.github.rename(repository, "octo/new-hello")
    line = found(watched)[0]
    assert f"{watched.github.url}/octo/public-hello has moved to {watched.github.url}/octo/new-hello" in line
    run("update", "public-hello", "--repository", "octo/new-hello", "--root", watched.checkout).said  # noqa: B018
    assert not [line for line in found(watched) if "moved" in line]


@pytest.mark.parametrize(
    ("versions", "says"),
    [
        (["0.1"], "PyPI has a project of this name, all of it lower"),
        ([], "PyPI has a project of this name, without a release"),
        (["0.2"], "not lower than 0.2 here"),
        (["1.0"], "not lower than 0.2 here"),
        (["0.1", "1.0rc1"], "all of it lower than what is here: "),
    ],
)
def test_the_name_on_pypi(watched: Hub, pypi: PyPI, versions: list[str], says: str) -> None:
    pypi.projects["public-hello"] = versions
    (line,) = found(watched)
    assert says in line


def test_pypi_that_does_not_answer_closes_nothing(watched: Hub, pypi: PyPI) -> None:
    pypi.projects["public-hello"] = ["9"]
    audit(watched, "--issue").said  # noqa: B018
    pypi.cut = True
    assert "left as it is" in audit(watched, "--issue").said
    assert len(open_issues(watched)) == 1
    assert "PyPI could not be asked for public-hello" in watched.summary.read_text()


def test_an_alias_that_is_a_real_name(watched: Hub, pypi: PyPI) -> None:
    run("register", "octo/public-hello", "--name", "tool", "--root", watched.checkout).said  # noqa: B018
    assert found(watched) == []
    pypi.projects["tool"] = ["0.0.1"]
    (line,) = found(watched)
    assert "tool: PyPI has a project of this alias" in line
    pypi.projects.clear()
    on_github(watched.github, "octo/tool", "1.0")
    run("register", "octo/tool", "--name", "other", "--root", watched.checkout).said  # noqa: B018
    (line,) = found(watched)
    assert "the alias is the own name of a project of this index, registered as other" in line


def test_a_record_that_was_edited(watched: Hub) -> None:
    page = watched.checkout / "public-hello" / "index.html"
    whole = page.read_text()
    page.write_text(whole.replace('<dd data-field="tag">v0.1</dd>', '<dd data-field="tag">v0.2</dd>'))
    assert [line for line in found(watched) if "public-hello 0.1: its sha256 is" in line]
    page.write_text(whole.replace('data-field="project"', ""))
    (line,) = found(watched)
    assert line.startswith("public-hello: public-hello/index.html: no element has")
    shutil.rmtree(page.parent)
    (line,) = found(watched)
    assert line.startswith("public-hello: public-hello/index.html is not there")


def test_a_package_on_this_machine(index: Index, project: MakeProject, pypi: PyPI) -> None:
    hello = project("public-hello", "0.1")
    index.did("register", hello)
    assert "All is well" in index.run("audit").said
    shutil.rmtree(hello.path)
    assert "could not be read" in index.run("audit").said


def test_the_issue_follows_what_is_found(watched: Hub, pypi: PyPI) -> None:
    repository = watched.github.repository("octo/public-hello")
    commit = repository.git.commit_at("refs/tags/v0.2")
    repository.move("refs/tags/v0.2", None)
    audit(watched, "--issue").said  # noqa: B018
    (issue,) = open_issues(watched)
    assert (issue.labels, issue.title) == ([LABEL], "Index audit: 1 finding")
    assert "| `public-hello` | `0.2` | `the tag v0.2 is gone` |" in (issue.body or "")
    said = issue.body
    watched.calls()
    assert "up to date already" in audit(watched, "--issue").said
    assert [call.partition(" ")[0] for call in watched.calls()] == ["GET", "GET"]
    pypi.projects["public-hello"] = ["1.0"]
    audit(watched, "--issue").said  # noqa: B018
    assert open_issues(watched) == [issue]
    assert issue.title == "Index audit: 2 findings"
    pypi.projects.clear()
    repository.move("refs/tags/v0.2", commit)
    assert "closed" in audit(watched, "--issue").said
    assert open_issues(watched) == []
    assert "All is well" in (issue.body or "")
    repository.move("refs/tags/v0.2", None)
    audit(watched, "--issue").said  # noqa: B018
    (second,) = open_issues(watched)
    assert (second.number != issue.number, second.body) == (True, said)


def test_an_issue_that_a_person_closed_comes_back_when_something_changes(watched: Hub, pypi: PyPI) -> None:
    pypi.projects["public-hello"] = ["0.1"]
    audit(watched, "--issue").said  # noqa: B018
    (issue,) = open_issues(watched)
    issue.close("2026-02-01T00:00:00Z")
    assert "was closed by somebody" in audit(watched, "--issue").said
    assert open_issues(watched) == []
    pypi.projects["public-hello"] = ["1.0"]
    audit(watched, "--issue").said  # noqa: B018
    assert len(open_issues(watched)) == 1


def test_rights_to_issues_alone_are_enough(watched: Hub, pypi: PyPI) -> None:
    """The workflow's job has no others: GitHub makes the issue without its label then."""
    watched.github.add_token(watched.token, {"octo/index": {"contents": "read", "issues": "write"}})
    pypi.projects["public-hello"] = ["1.0"]
    for _ in range(2):
        audit(watched, "--issue").said  # noqa: B018
    (issue,) = open_issues(watched)
    assert issue.labels == [LABEL]


def test_somebodys_own_issue_is_left_alone(watched: Hub, pypi: PyPI) -> None:
    own = watched.index.add_issue("What does the audit say?", "A question")
    watched.index.label(LABEL)
    own.labels.append(LABEL)
    pypi.projects["public-hello"] = ["1.0"]
    audit(watched, "--issue").said  # noqa: B018
    assert (own.state, own.body) == ("open", "A question")
    assert len(open_issues(watched)) == 2


def test_without_an_index_or_github(index: Index, project: MakeProject, pypi: PyPI) -> None:
    index.did("register", project("public-hello", "0.1"))
    assert "--issue needs GitHub" in index.run("audit", "--issue").error
    (index.root / "index.html").unlink()
    assert "index.html is not there" in index.run("audit").error
