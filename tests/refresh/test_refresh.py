"""refresh: which branches it moves and how, with how many calls, and what it leaves alone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from scripts import changes
from scripts.cli.refreshing import refresh
from scripts.forge.client import connect
from scripts.forge.open_requests import OpenRequest, OpenRequests
from scripts.pages import cards
from tests.factories import TEMPLATE
from tests.refresh.conftest import NAMES, Place, found
from tests.servers import forge
from tests.verbs import run

if TYPE_CHECKING:
    from tests.servers.forge import PullRequest

REGISTER = changes.register


def names(place: Place, ref: str | None = None) -> list[str]:
    return cards.names(place.hub.index.read("index.html", ref) or "")


def contains(place: Place, pull: PullRequest, commit: str | None) -> bool:
    assert commit
    return place.hub.index.git.is_ancestor(commit, pull.head_sha)


def test_a_branch_that_conflicts_is_merged_with_main(place: Place) -> None:
    one, two = (place.request(REGISTER, name, found("1.0"), name) for name in ("b-one", "b-two"))
    head = two.head_sha
    place.hub.index.merge(one.number)
    assert place.hub.index.trial_merge(two)[0] is None
    assert place.run().said == f"#{two.number} Register b-two 1.0: brought up to date with main\n"
    commit = place.hub.index.git.read(two.head_sha)
    assert commit
    parents = [line[7:] for line in commit.data.decode().splitlines() if line.startswith("parent ")]
    assert parents == [head, place.hub.index.branch("main")]
    assert two.head_sha in place.hub.index.verified, "GitHub signs it"
    assert b"\n\nMerge main into index/register/b-two" in commit.data
    place.hub.index.merge(two.number)
    assert names(place) == sorted([*NAMES, "b-one", "b-two"])
    assert "brought up to date" in place.hub.summary.read_text("utf-8")


def test_calls(place: Place) -> None:
    """Four for a run, three for what its requests start from; then five for each that is behind, else one."""
    pulls = [place.request(REGISTER, name, found("1.0"), name) for name in ("b-one", "b-two", "b-three")]
    place.hub.index.merge(pulls[0].number)
    place.hub.calls()
    assert place.run().said
    kinds = [call.split("?")[0].rpartition("/")[0] for call in place.hub.calls()]
    assert kinds[:3] == ["", "GET /branches", "GET /git/trees"]  # the repository, main's tip, its files
    assert kinds[3] == "GET "  # the pull requests
    pushing = ["POST /git", "POST /git", "PATCH /git/refs/heads/index/register"]
    reading = ["GET /git/blobs"]
    first = ["GET /compare", "GET /git/trees", *reading * 3, *pushing]  # and index.html of the base and of main
    assert kinds[4:] == [*first, "GET /compare", *reading, *pushing]
    assert place.run().said
    kinds = [call.split("?")[0].rpartition("/")[0] for call in place.hub.calls()]
    assert kinds[4:] == ["GET /compare"] * 2


def test_nothing_to_do(place: Place) -> None:
    assert place.run().said == "there is no open pull request of this index to bring up to date\n"
    place.request(REGISTER, "b", found("1.0"), "b")
    assert "up to date" in place.run().said


def test_other_pull_requests_are_left_alone(place: Place) -> None:
    """Those from forks, from other branches, and for other branches."""
    index, github = place.hub.index, place.hub.github
    fork = github.fork(index, "mallory")
    change = changes.register(place.base.texts("b"), found("1.0"), "b")
    fork.commit(change.files, branch=change.branch)
    index.commit(change.files, branch="by-hand")
    index.commit(change.files, branch="index/register/b")
    index.commit({"a.txt": "a"}, branch="release")
    pulls = [
        index.open_pull(f"mallory:{change.branch}"),
        index.open_pull("by-hand"),
        index.open_pull("index/register/b", base="release"),
    ]
    heads = [pull.head_sha for pull in pulls]
    index.commit({"a.txt": "a"})
    assert "no open pull request" in place.run().said
    assert [pull.head_sha for pull in pulls] == heads


def test_a_branch_that_is_only_behind_is_brought_up_to_date(place: Place) -> None:
    pull = place.request(changes.yank, "public-hello", "public-hello", "1.0", "old")
    main = place.hub.index.commit({"a.txt": "a"})
    assert place.run().said
    assert contains(place, pull, main)
    assert place.hub.index.read("a.txt", pull.head_sha) == "a"


def test_what_a_reviewer_pushed_stays(place: Place) -> None:
    index = place.hub.index
    pull = place.request(REGISTER, "b-two", found("1.0"), "b-two")
    text = (index.read("index.html", pull.head) or "").replace(">Packages<", ">All packages<")
    pushed = index.commit(
        {
            "index.html": text,
            "tools/a.sh": "#!/bin/sh\n",
            "pkg_template.html": TEMPLATE.replace(">Install<", ">Get it<"),
        },
        branch=pull.head,
    )
    place.merge(REGISTER, "b-one", found("1.0"), "b-one")
    index.commit({"pkg_template.html": TEMPLATE.replace(">About<", ">Facts<"), "tools/b.sh": "b\n"})
    assert place.run().said
    assert contains(place, pull, pushed)
    index.merge(pull.number)
    assert ">All packages<" in (index.read("index.html") or "")
    assert index.read("tools/a.sh") == "#!/bin/sh\n" and index.read("tools/b.sh") == "b\n"
    assert index.read("pkg_template.html") == TEMPLATE.replace(">Install<", ">Get it<").replace(">About<", ">Facts<")


@pytest.mark.parametrize("count", [299, 300, 400])
def test_many_files(place: Place, count: int) -> None:
    """GitHub lists the first 300 files of a comparison."""
    index = place.hub.index
    pull = place.request(REGISTER, "b-two", found("1.0"), "b-two")
    index.commit({f"b-two/{number}.md": f"{number}\n" for number in range(count)}, branch=pull.head)
    place.merge(REGISTER, "b-one", found("1.0"), "b-one")
    assert place.run().said
    index.merge(pull.number)
    assert {f"b-two/{number}.md" for number in range(count)} < set(index.files())


def test_a_push_meanwhile_is_merged_too(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    index = place.hub.index
    pull = place.request(REGISTER, "b-two", found("1.0"), "b-two")
    place.merge(REGISTER, "b-one", found("1.0"), "b-one")
    pushes = iter(["a reviewer's", ""])
    pushed: list[str] = []
    push = OpenRequests.push

    def late(remote: OpenRequests, request: OpenRequest, *files: object) -> bool:
        if text := next(pushes):
            pushed.append(index.commit({"b-two/1.0.md": text}, branch=pull.head))
        return push(remote, request, *files)  # type: ignore[arg-type]

    monkeypatch.setattr(OpenRequests, "push", late)
    assert "brought up to date" in place.run().said
    assert contains(place, pull, pushed[0]) and contains(place, pull, index.branch("main"))
    assert index.read("b-two/1.0.md", pull.head) == "a reviewer's"


def test_a_branch_that_is_pushed_to_all_the_time_is_left_alone(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    index = place.hub.index
    pull = place.request(REGISTER, "b-two", found("1.0"), "b-two")
    place.merge(REGISTER, "b-one", found("1.0"), "b-one")
    push = OpenRequests.push

    def late(remote: OpenRequests, request: OpenRequest, *files: object) -> bool:
        index.commit({"b-two/1.0.md": request.head}, branch=pull.head)
        return push(remote, request, *files)  # type: ignore[arg-type]

    monkeypatch.setattr(OpenRequests, "push", late)
    assert "others push to index/register/b-two all the time" in place.run().error


@pytest.mark.parametrize("gone", ["closed", "deleted", "merged"])
def test_a_request_that_ends_meanwhile(place: Place, monkeypatch: pytest.MonkeyPatch, gone: str) -> None:
    index = place.hub.index
    pull = place.request(REGISTER, "z-new", found("1.0"), "z-new")
    place.merge(REGISTER, "b-one", found("1.0"), "b-one")
    push = OpenRequests.push

    def late(remote: OpenRequests, request: OpenRequest, *files: object) -> bool:
        if gone == "deleted":
            index.move(f"refs/heads/{pull.head}", None)
        elif gone == "merged":
            index.merge(pull.number)
            index.move(f"refs/heads/{pull.head}", None)
        else:
            index.commit({"b-two/1.0.md": "a"}, branch=pull.head)
            pull.close(place.hub.github.clock.tick())
        return push(remote, request, *files)  # type: ignore[arg-type]

    monkeypatch.setattr(OpenRequests, "push", late)
    assert "closed meanwhile" in place.run().said


def test_two_runs_at_the_same_time(place: Place) -> None:
    pulls = [place.request(REGISTER, name, found("1.0"), name) for name in ("b-one", "b-two", "b-three", "b-four")]
    gone = place.request(changes.yank, "a-first", "a-first", "1.0")
    place.hub.index.merge(pulls[0].number)
    place.merge(changes.delete, "a-first", "a-first", "1.0")
    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(refresh, OpenRequests(connect(), place.hub.checkout)) for _ in range(2)]:
            done.result()
    for pull in pulls[1:]:
        assert contains(place, pull, place.hub.index.branch("main"))
    assert gone.labels == ["stale"]
    for pull in pulls[1:]:
        assert place.run().said
        place.hub.index.merge(pull.number)
    assert names(place) == sorted([*NAMES, "b-one", "b-two", "b-three", "b-four"])


def test_one_failure_does_not_stop_the_others(place: Place) -> None:
    index = place.hub.index
    pulls = [place.request(REGISTER, name, found("1.0"), name) for name in ("b-one", "b-two", "b-three")]
    index.merge(pulls[0].number)
    place.hub.github.faults.add(forge.CONFLICT, path=f"/compare/.*{pulls[1].head_sha}")
    error = place.run().error
    assert error.startswith(f"not every pull request was brought up to date, run again: #{pulls[1].number}: GitHub")
    assert contains(place, pulls[2], index.branch("main")) and not contains(place, pulls[1], index.branch("main"))
    assert place.run().said
    assert contains(place, pulls[1], index.branch("main"))


def test_a_github_that_refuses_all_is_soon_left_alone(place: Place) -> None:
    for number in range(6):
        place.request(REGISTER, f"b-{number}", found("1.0"), f"b-{number}")
    place.hub.index.commit({"a.txt": "a"})
    place.hub.github.faults.add(forge.BAD_CREDENTIALS, path="/compare/", times=forge.ALWAYS)
    error = place.run().error
    assert "#1, #2, #3: GitHub does not know the token" in error
    assert "#4, #5, #6: not tried any more" in error
    assert len([call for call in place.hub.calls() if "compare" in call]) == 3


@pytest.mark.parametrize("status", [403, 422])
def test_branches_that_may_not_be_pushed_to_do_not_stop_the_others(place: Place, status: int) -> None:
    """A rule of the team for branches; there may be many of them in a row."""
    index = place.hub.index
    pulls = [place.request(REGISTER, name, found("1.0"), name) for name in ("b-1", "b-2", "b-3", "b-4", "c")]
    main = index.commit({"a.txt": "a"})
    said = "Repository rule violations found\n\nChanges must be made through a pull request."
    rule = forge.Refusal(status, {"message": said, "status": str(status)})
    place.hub.github.faults.add(rule, path="/git/refs/heads/index/register/b-", times=forge.ALWAYS)
    error = place.run().error
    assert "#1: index/register/b-1 may not be pushed to (Repository rule violations found Changes must be" in error
    assert "let GitHub Actions push to the branches index/…" in error and "#4: index/register/b-4 may not" in error
    assert [contains(place, pull, main) for pull in pulls] == [False] * 4 + [True]


def test_more_requests_than_fit_on_a_page(place: Place) -> None:
    index = place.hub.index
    for number in range(101):
        index.commit({f"x-{number}.md": "x"}, branch=f"index/x/{number}", start=place.start)
        index.open_pull(f"index/x/{number}")
    place.hub.calls()
    assert len(place.run().said.splitlines()) == 101


def test_a_draft_is_brought_up_to_date_too(place: Place) -> None:
    pull = place.request(REGISTER, "b-two", found("1.0"), "b-two")
    pull.draft = True
    main = place.hub.index.commit({"a.txt": "a"})
    assert place.run().said
    assert contains(place, pull, main)


def test_two_files_that_changed_names_with_each_other(place: Place) -> None:
    """GitHub tells of a renamed file by its old name and its new one."""
    index = place.hub.index
    texts = {"c/1.md": "one\n" * 99, "c/2.md": "two\n" * 99}
    place.start = index.commit(texts)
    index.commit({"c/1.md": texts["c/2.md"], "c/2.md": texts["c/1.md"]}, branch="index/swap", start=place.start)
    moved = index.commit({"c/2.md": None, "c/3.md": texts["c/2.md"]}, branch="index/move", start=place.start)
    pulls = [index.open_pull(branch) for branch in ("index/swap", "index/move")]
    index.commit({"a.txt": "a"})
    assert moved and place.run().said
    assert index.read("c/1.md", pulls[0].head_sha) == texts["c/2.md"]
    assert index.read("c/2.md", pulls[0].head_sha) == texts["c/1.md"]
    assert index.read("c/2.md", pulls[1].head_sha) is None
    assert index.read("c/3.md", pulls[1].head_sha) == texts["c/2.md"]


def test_only_some(place: Place) -> None:
    pulls = [place.request(REGISTER, name, found("1.0"), name) for name in ("b-one", "b-two")]
    main = place.hub.index.commit({"a.txt": "a"})
    assert run("refresh", "--root", place.hub.checkout, pulls[1].number).said
    assert [contains(place, pull, main) for pull in pulls] == [False, True]


def test_help_needs_no_github() -> None:
    assert "checkout of main" in run("refresh", "--help").out


@pytest.mark.parametrize("number", [0, 3, 10**20])
def test_a_number_that_is_no_open_request_is_an_error(place: Place, number: int) -> None:
    request = place.request(changes.yank, "a-first", "a-first", "1.0")
    place.merge(changes.delete, "z-last", "z-last")
    before = place.hub.index.branches()
    outcome = run("refresh", request.number, number, "--root", place.hub.checkout)
    assert outcome.error.startswith(f'pull request "#{number}" is no open one from a branch index/')
    assert place.hub.index.branches() == before
    assert run("refresh", request.number, "--root", place.hub.checkout).said.startswith(f"#{request.number} ")
