"""The way of a pull request through the server, by the real PyGithub and the real git."""

from __future__ import annotations

import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
import requests
from github import GithubException, InputGitTreeElement

from tests.servers.conftest import connect
from tests.servers.forge import GitHubServer, MergeConflict, Repository

if TYPE_CHECKING:
    from pathlib import Path

    from github.PullRequest import PullRequest
    from github.Repository import Repository as RemoteRepository


def put(path: str, text: str) -> InputGitTreeElement:
    return InputGitTreeElement(path, "100644", "blob", content=text)


def take(path: str) -> InputGitTreeElement:
    return InputGitTreeElement(path, "100644", "blob", sha=None)


def propose(remote: RemoteRepository, branch: str, *changes: InputGitTreeElement) -> PullRequest:
    """What the scripts do: branch → tree → commit → ref → pull request."""
    main = remote.get_branch("main").commit
    tree = remote.create_git_tree(list(changes), base_tree=remote.get_git_tree(main.commit.tree.sha))
    commit = remote.create_git_commit(branch, tree, [remote.get_git_commit(main.sha)])
    remote.create_git_ref(f"refs/heads/{branch}", commit.sha)
    return remote.create_pull(base="main", head=branch, title=f"About {branch}", body="A body")


def test_a_request_goes_from_branch_to_merge_to_clone(
    github: GitHubServer, repository: Repository, remote: RemoteRepository, tmp_path: Path
) -> None:
    pull = propose(remote, "index/register/new", put("new/index.html", "new\n"), take("hello/0.1.md"))
    pull.add_to_labels("index")
    assert [str(call) for call in github.requests] == [
        "GET /repos/octo/index/branches/main → 200",
        f"GET /repos/octo/index/git/trees/{repository.git.text('rev-parse', 'main^{tree}')} → 200",
        "POST /repos/octo/index/git/trees → 201",
        f"GET /repos/octo/index/git/commits/{repository.branch('main')} → 200",
        "POST /repos/octo/index/git/commits → 201",
        "POST /repos/octo/index/git/refs → 201",
        "POST /repos/octo/index/pulls → 201",
        "POST /repos/octo/index/issues/1/labels → 200",
    ]

    pull = remote.get_pull(pull.number)
    assert (pull.state, pull.mergeable, pull.mergeable_state) == ("open", True, "clean")
    assert (pull.head.label, pull.base.ref, pull.user.login) == (
        "octo:index/register/new",
        "main",
        "github-actions[bot]",
    )
    assert (pull.commits, pull.changed_files, pull.additions, pull.deletions) == (1, 2, 1, 1)
    assert {file.filename: file.status for file in pull.get_files()} == {
        "hello/0.1.md": "removed",
        "new/index.html": "added",
    }
    commit = remote.get_git_commit(pull.head.sha)
    assert commit.verification.verified
    assert (commit.author.name, commit.committer.name) == ("github-actions[bot]", "GitHub")

    assert pull.merge().merged
    assert repository.pull(1).merged and repository.pull(1).labels == ["index"]
    subprocess.run(["git", "clone", "-q", repository.url, str(tmp_path / "clone")], check=True)
    assert (tmp_path / "clone/new/index.html").read_text() == "new\n"
    assert not (tmp_path / "clone/hello/0.1.md").exists()


def test_what_was_pushed_and_what_was_made_by_hand_is_seen_at_once(
    repository: Repository, remote: RemoteRepository
) -> None:
    sha = repository.commit({"index.html": "by hand\n"}, branch="index/by-hand")
    assert remote.get_branch("index/by-hand").commit.sha == sha
    assert [ref.ref for ref in remote.get_git_matching_refs("heads/index/")] == ["refs/heads/index/by-hand"]
    file = remote.get_contents("index.html", ref="index/by-hand")
    assert not isinstance(file, list)
    assert file.decoded_content == b"by hand\n"
    found = remote.compare("main", "index/by-hand")
    assert (found.status, found.ahead_by, found.behind_by) == ("ahead", 1, 0)


def test_tags_light_and_annotated(repository: Repository, remote: RemoteRepository) -> None:
    repository.tag("v1")
    commit = repository.tag("v2", message="Version 2")
    assert remote.get_git_ref("tags/v1").object.type == "commit"
    assert remote.get_git_ref("tags/v2").object.type == "tag"
    assert remote.get_commit("v2").sha == commit


def test_two_requests_for_one_line_conflict_and_say_so(repository: Repository, remote: RemoteRepository) -> None:
    first = propose(remote, "one", put("index.html", "one\n"))
    second = propose(remote, "two", put("index.html", "two\n"))
    repository.merge(first.number)
    second = remote.get_pull(second.number)
    assert (second.mergeable, second.mergeable_state) == (False, "dirty")
    with pytest.raises(MergeConflict, match=r"#2 conflicts in index\.html"):
        repository.merge(second.number)
    with pytest.raises(GithubException) as refused:
        second.merge()
    assert (refused.value.status, refused.value.data["message"]) == (405, "Pull Request is not mergeable")
    with pytest.raises(GithubException, match="merge conflict between base and head"):
        remote.requester.requestJsonAndCheck("PUT", f"{second.url}/update-branch", input={})


def test_a_branch_is_brought_up_to_date(repository: Repository, remote: RemoteRepository) -> None:
    pull = propose(remote, "one", put("one.txt", "one\n"))
    repository.commit({"two.txt": "two\n"})
    repository.requires_up_to_date = True
    assert remote.get_pull(1).mergeable_state == "behind"
    assert pull.update_branch()
    assert remote.get_pull(1).mergeable_state == "clean"
    assert {"one.txt", "two.txt"} <= set(repository.files("one"))
    with pytest.raises(GithubException, match="no new commits on the base branch"):
        remote.requester.requestJsonAndCheck("PUT", f"{pull.url}/update-branch", input={})


def test_github_takes_its_time_to_know_whether_it_can_merge(repository: Repository, remote: RemoteRepository) -> None:
    repository.mergeability_delay = 2
    propose(remote, "one", put("one.txt", "one\n"))
    assert [remote.get_pull(1).mergeable for _ in range(3)] == [None, None, True]


def test_a_pull_request_follows_its_branch(repository: Repository, remote: RemoteRepository) -> None:
    propose(remote, "moved", put("a.txt", "a\n"))
    sha = repository.commit({"b.txt": "b\n"}, branch="moved")
    assert remote.get_pull(1).head.sha == sha
    remote.get_git_ref("heads/moved").edit(repository.branch("main") or "", force=True)
    assert repository.pull(1).state == "closed", "nothing left to merge closes a pull request"

    propose(remote, "deleted", put("c.txt", "c\n"))
    remote.get_git_ref("heads/deleted").delete()
    assert repository.pull(2).state == "closed"

    propose(remote, "pushed", put("d.txt", "d\n"))
    remote.get_git_ref("heads/main").edit(repository.branch("pushed") or "")
    assert repository.pull(3).merged, "a base that holds the head has merged it"


def test_a_merge_can_delete_the_branch_and_squash(repository: Repository, remote: RemoteRepository) -> None:
    repository.delete_branch_on_merge = True
    pull = propose(remote, "one", put("one.txt", "one\n"))
    pull.merge(merge_method="squash")
    assert repository.branch("one") is None
    head = remote.get_branch("main").commit
    assert (len(head.parents), head.commit.message) == (1, "About one (#1)")


def test_a_fork_offers_its_branch(github: GitHubServer, repository: Repository, remote: RemoteRepository) -> None:
    fork = github.fork(repository, "stranger")
    fork.commit({"index.html": "from outside\n"}, branch="index/register/x")
    repository.open_pull("stranger:index/register/x", "From outside")
    (pull,) = remote.get_pulls(state="open")
    assert pull.head.repo.full_name == "stranger/index" != pull.base.repo.full_name
    assert pull.mergeable
    repository.merge(pull.number)
    assert repository.read("index.html") == "from outside\n"


def test_pull_requests_are_found_by_head_base_and_state(repository: Repository, remote: RemoteRepository) -> None:
    for name in ("one", "two", "three"):
        propose(remote, name, put(f"{name}.txt", name))
    repository.merge(1)
    assert [pull.number for pull in remote.get_pulls(state="open")] == [3, 2]
    assert [pull.number for pull in remote.get_pulls(state="open", head="octo:two")] == [2]
    assert [pull.number for pull in remote.get_pulls(state="closed")] == [1]
    assert [pull.number for pull in remote.get_pulls(state="all", base="other")] == []


def test_lists_come_in_pages(repository: Repository, remote: RemoteRepository, github: GitHubServer) -> None:
    for number in range(65):
        repository.add_issue(f"Issue {number}")
    assert [issue.number for issue in remote.get_issues()] == list(range(65, 0, -1))
    assert len(github.requests) == 3


def test_issues_comments_and_labels(repository: Repository, remote: RemoteRepository) -> None:
    propose(remote, "one", put("one.txt", "one\n"))
    issue = remote.create_issue("Audit", "Findings", labels=["index-audit"])
    assert issue.number == 2, "issues and pull requests share their numbers"
    issue.create_comment("Still so").edit("No longer so")
    issue.edit(state="closed", body="All is well")
    assert [found.number for found in remote.get_issues(labels=["index-audit"], state="all")] == [2]
    (kept,) = repository.issues
    assert (kept.state, kept.state_reason, kept.body) == ("closed", "completed", "All is well")
    assert [comment.body for comment in kept.comments] == ["No longer so"]

    pull = remote.get_pull(1)
    pull.add_to_labels("Index", "stale")
    pull.add_to_labels("index")
    pull.remove_from_labels("stale")
    assert repository.pull(1).labels == ["Index"], "labels are made when missing, in any case the same"
    assert remote.get_issue(1).pull_request is not None
    pull.set_labels("other")
    assert [label.name for label in pull.get_labels()] == ["other"]
    assert {label.name for label in remote.get_labels()} == {"index-audit", "Index", "stale", "other"}


def test_a_tree_of_blobs_trees_and_modes(repository: Repository, remote: RemoteRepository) -> None:
    blob = remote.create_git_blob("aGVsbG8K", "base64").sha
    hello = next(e for e in remote.get_git_tree("main").tree if e.path == "hello").sha
    tree = remote.create_git_tree(
        [
            InputGitTreeElement("run.sh", "100755", "blob", sha=blob),
            InputGitTreeElement("copy", "040000", "tree", sha=hello),
            InputGitTreeElement("hello", "040000", "tree", sha=None),
        ],
        base_tree=remote.get_git_tree("main"),
    )
    found = {e.path: e.mode for e in remote.get_git_tree(tree.sha, recursive=True).tree}
    assert found == {
        "copy": "040000",
        "copy/0.1.md": "100644",
        "copy/index.html": "100644",
        "index.html": "100644",
        "run.sh": "100755",
    }
    assert remote.get_git_blob(blob).content == "aGVsbG8K\n"


def test_a_file_above_a_megabyte_comes_without_its_content(repository: Repository, remote: RemoteRepository) -> None:
    repository.commit({"large.txt": "x" * (1024 * 1024 + 1)})
    file = remote.get_contents("large.txt")
    assert not isinstance(file, list)
    assert (file.encoding, file.content, file.size) == ("none", "", 1024 * 1024 + 1)
    assert len(remote.get_git_blob(file.sha).content) > file.size


def test_dispatches_are_kept(repository: Repository, remote: RemoteRepository) -> None:
    assert remote.create_repository_dispatch("release", {"package": "hello"})
    assert repository.dispatches == [{"event_type": "release", "client_payload": {"package": "hello"}}]


def test_many_at_once_lose_nothing(github: GitHubServer, repository: Repository) -> None:
    def one(number: int) -> int:
        return propose(connect(github), f"branch-{number}", put(f"{number}.txt", "x\n")).number

    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(one, range(16)))
    assert sorted(numbers) == list(range(1, 17))
    assert len(repository.branches()) == 17
    for number in numbers:
        repository.merge(number)
    assert {f"{number}.txt" for number in range(16)} <= set(repository.files())


def test_it_leaves_nothing_behind(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    before = threading.active_count()
    with GitHubServer(tmp_path / "other") as github:
        github.create_repository("octo/index").commit({"a.txt": "a"})
        remote = connect(github, None)
        assert remote.get_branch("main")
        assert threading.active_count() > before
    assert threading.active_count() == before
    with pytest.raises(requests.ConnectionError):
        remote.get_branch("main")
    assert capfd.readouterr() == ("", "")


def test_two_servers_make_the_same_commits(tmp_path: Path) -> None:
    def run(folder: Path) -> str:
        with GitHubServer(folder) as github:
            return github.create_repository("octo/index").commit({"a.txt": "a"}, "A commit")

    assert run(tmp_path / "one") == run(tmp_path / "two")
