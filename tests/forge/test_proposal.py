"""A change as a pull request: one branch, one commit, and a second run that brings it up to date."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from scripts.errors import Refused
from scripts.forge import client
from scripts.forge.main_branch import MainBranch
from scripts.forge.proposal import Proposal, Proposed, propose

if TYPE_CHECKING:
    from tests.verbs import Hub

BRANCH = "index/register/hello"
CHANGE = Proposal(BRANCH, "Register hello 1.0", "A body\n", {"index.html": "<p>hello\r\n", "hello/index.html": "é"})


def proposed(hub: Hub, change: Proposal = CHANGE) -> Proposed:
    return propose(MainBranch(client.connect(), hub.checkout), change)


def commits(hub: Hub, branch: str = BRANCH) -> list[str]:
    """The commits of a branch that main does not have, newest first."""
    return hub.index.git.text("rev-list", f"main..{branch}").split()


def test_a_branch_of_one_signed_commit_on_top_of_main(hub: Hub) -> None:
    result = proposed(hub)
    (pull,) = hub.index.pulls
    assert result == Proposed(f"{hub.index.url}/pull/1", "opened")
    assert (pull.head, pull.base, pull.title, pull.body) == (BRANCH, "main", CHANGE.title, CHANGE.body)
    assert (pull.labels, pull.user, pull.draft) == (["index"], "github-actions[bot]", False)
    (commit,) = commits(hub)
    assert commit in hub.index.verified, "no author was given, so GitHub has signed it"
    assert hub.index.git.text("log", "-1", "--format=%s%b|%P", commit) == f"{CHANGE.title}|{hub.index.branch('main')}"
    changed = hub.index.git.text("diff", "--name-status", "main", commit).split()
    assert changed == ["A", "hello/index.html", "M", "index.html"]
    assert hub.index.read("index.html", BRANCH) == "<p>hello\r\n"
    assert hub.index.read("hello/index.html", BRANCH) == "é"


def test_files_go_away(hub: Hub) -> None:
    hub.index.commit({"hello/index.html": "x", "hello/0.1.md": "y", "other/index.html": "z"})
    proposed(hub, replace(CHANGE, files={"hello/index.html": None, "hello/0.1.md": None}))
    assert [path for path in hub.index.files(BRANCH) if "/" in path and "static" not in path] == ["other/index.html"]


def test_run_again_it_is_the_same_pull_request(hub: Hub) -> None:
    proposed(hub)
    before = hub.index.branch(BRANCH)
    hub.calls()
    again = proposed(hub)
    assert again == Proposed(f"{hub.index.url}/pull/1", "is up to date already")
    assert hub.index.branch(BRANCH) == before
    assert {call for call in hub.calls() if call[:3] != "GET"} == {
        "POST /git/trees",
        "POST /git/commits",
        "POST /git/refs",
    }
    assert len(hub.index.pulls) == 1


@pytest.mark.parametrize(
    "changed",
    [
        replace(CHANGE, files={"index.html": "other"}),
        replace(CHANGE, title="Another title"),
        replace(CHANGE, body="Another body\n"),
    ],
    ids=["files", "title", "body"],
)
def test_run_again_with_a_change_it_is_brought_up_to_date(hub: Hub, changed: Proposal) -> None:
    proposed(hub)
    assert proposed(hub, changed) == Proposed(f"{hub.index.url}/pull/1", "brought up to date")
    (pull,) = hub.index.pulls
    assert (pull.title, pull.body) == (changed.title, changed.body)
    assert len(commits(hub)) == 1
    assert hub.index.read("index.html", BRANCH) == changed.files["index.html"]
    assert proposed(hub, changed).outcome == "is up to date already"


def test_when_main_has_moved_the_branch_is_on_top_of_it_again(hub: Hub) -> None:
    proposed(hub)
    tip = hub.index.commit({"by-hand.txt": "x"})
    assert proposed(hub).outcome == "brought up to date"
    (commit,) = commits(hub)
    assert hub.index.git.text("rev-parse", f"{commit}^") == tip
    assert hub.index.merge(1)


def test_what_was_pushed_to_the_branch_is_replaced(hub: Hub) -> None:
    proposed(hub)
    hub.index.commit({"index.html": "by hand"}, branch=BRANCH)
    assert proposed(hub).outcome == "brought up to date"
    assert hub.index.read("index.html", BRANCH) == CHANGE.files["index.html"]


def test_a_label_that_was_taken_off_comes_back(hub: Hub) -> None:
    proposed(hub)
    hub.index.pulls[0].labels.clear()
    proposed(hub)
    assert hub.index.pulls[0].labels == ["index"]


def test_a_branch_without_a_pull_request_is_used(hub: Hub) -> None:
    """As when a first run was cut off, or a person has closed the pull request."""
    hub.index.commit({"index.html": "left over"}, branch=BRANCH)
    assert proposed(hub).outcome == "opened"
    assert len(commits(hub)) == 1
    hub.index.pulls[0].close("2026-01-31T12:00:00Z")
    assert proposed(hub).outcome == "opened"
    assert [pull.state for pull in hub.index.pulls] == ["closed", "open"]


def test_a_pull_request_of_a_fork_is_another_one(hub: Hub) -> None:
    hub.github.fork(hub.index, "stranger").commit({"index.html": "from outside"}, branch=BRANCH)
    hub.index.open_pull(f"stranger:{BRANCH}", "From outside")
    assert proposed(hub).outcome == "opened"
    assert [pull.title for pull in hub.index.pulls] == ["From outside", CHANGE.title]


def test_two_runs_at_once(hub: Hub) -> None:
    """The other run opens the pull request between this one's look for it and its own try."""
    main = MainBranch(client.connect(), hub.checkout)
    looked = main.repository.create_git_commit

    def meanwhile(*arguments: object) -> object:
        proposed(hub)
        main.repository.create_git_commit = looked  # type: ignore[method-assign]
        return looked(*arguments)  # type: ignore[arg-type]

    main.repository.create_git_commit = meanwhile  # type: ignore[method-assign,assignment]
    assert propose(main, CHANGE).url == f"{hub.index.url}/pull/1"
    assert len(hub.index.pulls) == 1


def test_actions_may_not_open_pull_requests(hub: Hub) -> None:
    hub.index.actions_may_open_pull_requests = False
    change = replace(CHANGE, branch="index/update/hello-1!2.0+x.1")
    with pytest.raises(Refused) as refused:
        proposed(hub, change)
    said = str(refused.value)
    assert "Allow GitHub Actions to create and approve pull requests" in said
    assert "Settings → Actions → General → Workflow permissions" in said
    link = f"{hub.index.url}/compare/main...index/update/hello-1%212.0%2Bx.1?expand=1"
    assert said.endswith(f"the branch is there, {link}")
    assert hub.branches() == [change.branch]
    assert len(commits(hub, change.branch)) == 1
    hub.index.actions_may_open_pull_requests = True
    assert proposed(hub, change).outcome == "opened"
    assert len(commits(hub, change.branch)) == 1
