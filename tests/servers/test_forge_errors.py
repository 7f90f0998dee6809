"""GitHub's own refusals: status, message and errors of each."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import requests
from github import BadCredentialsException, GithubException, UnknownObjectException

from tests.servers.conftest import SECRET, connect
from tests.servers.forge import GitHubServer, Repository

if TYPE_CHECKING:
    from pathlib import Path

    from github.Repository import Repository as RemoteRepository

NOWHERE = "f" * 40


def ask(
    github: GitHubServer, method: str, path: str, body: Any = None, token: str | None = SECRET
) -> tuple[int, Any, Any]:
    """Status, message and errors of one call to `octo/index`."""
    answer = requests.request(
        method,
        f"{github.api_url}/repos/octo/index{path}",
        json=body,
        headers={"Authorization": f"Bearer {token}"} if token else {},
        timeout=5,
    )
    sent = answer.json()
    assert sent["status"] == str(answer.status_code)
    assert sent["documentation_url"].startswith("https://docs.github.com/")
    return answer.status_code, sent["message"], sent.get("errors")


def tree(**entry: Any) -> dict[str, Any]:
    return {"path": "a.txt", "mode": "100644", "type": "blob"} | entry


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "message"),
    [
        ("GET", "/branches/none", None, 404, "Branch not found"),
        ("GET", "/git/ref/heads/mai", None, 404, "Not Found"),
        ("GET", "/git/ref/heads/main%5E", None, 404, "Not Found"),
        ("GET", f"/git/trees/{NOWHERE}", None, 404, "Not Found"),
        ("GET", f"/git/commits/{NOWHERE}", None, 404, "Not Found"),
        ("GET", "/commits/none", None, 422, "No commit found for SHA: none"),
        ("GET", "/compare/main...none", None, 404, "Not Found"),
        ("GET", "/contents/none", None, 404, "Not Found"),
        ("GET", "/contents/index.html?ref=none", None, 404, "No commit found for the ref none"),
        ("GET", "/pulls/99", None, 404, "Not Found"),
        ("GET", "/issues/x", None, 404, "Not Found"),
        ("POST", "/git/refs", {"ref": "refs/heads/main", "sha": "HEAD"}, 422, "Reference already exists"),
        ("POST", "/git/refs", {"ref": "refs/heads/x", "sha": NOWHERE}, 422, "Object does not exist"),
        (
            "POST",
            "/git/refs",
            {"ref": "heads/x", "sha": "HEAD"},
            422,
            "Reference name must contain at least three slash-separated components.",
        ),
        (
            "POST",
            "/git/refs",
            {"ref": "refs/heads/a..b", "sha": "HEAD"},
            422,
            "refs/heads/a..b is not a valid ref name.",
        ),
        ("POST", "/git/refs", {"ref": "refs/heads/main/below", "sha": "HEAD"}, 422, "Reference update failed"),
        ("PATCH", "/git/refs/heads/none", {"sha": "HEAD"}, 422, "Reference does not exist"),
        ("PATCH", "/git/refs/heads/main", {"sha": NOWHERE}, 422, "Object does not exist"),
        ("PATCH", "/git/refs/heads/main", {"sha": "OTHER"}, 422, "Update is not a fast forward"),
        ("DELETE", "/git/refs/heads/none", None, 422, "Reference does not exist"),
        (
            "POST",
            "/git/trees",
            {"base_tree": NOWHERE, "tree": [tree(content="")]},
            422,
            "base_tree is not a valid tree oid",
        ),
        ("POST", "/git/trees", {"base_tree": "HEAD", "tree": [tree(sha=None)]}, 422, "GitRPC::BadObjectState"),
        (
            "POST",
            "/git/trees",
            {"tree": [tree(sha=NOWHERE, content="")]},
            422,
            "Must supply either tree.sha or tree.content. Request will be rejected if both are present.",
        ),
        ("POST", "/git/trees", {"tree": [tree(sha=NOWHERE)]}, 422, f"tree.sha {NOWHERE} is not a valid blob"),
        (
            "POST",
            "/git/trees",
            {"tree": [tree(path="../x", content="")]},
            422,
            "tree.path contains a malformed path component",
        ),
        ("POST", "/git/commits", {"message": "m", "tree": NOWHERE}, 422, "Tree SHA does not exist"),
        (
            "POST",
            "/git/commits",
            {"message": "m", "tree": "TREE", "parents": [NOWHERE]},
            422,
            "Parent SHA does not exist or is not a commit object",
        ),
        ("PUT", "/pulls/1/merge", {"sha": NOWHERE}, 409, "Head branch was modified. Review and try the merge again."),
        (
            "PUT",
            "/pulls/1/merge",
            {"merge_method": "rebase"},
            405,
            "Rebase merges are not allowed on this repository.",
        ),
        ("DELETE", "/issues/1/labels/none", None, 404, "Label does not exist"),
        ("POST", "/issues", "text", 400, "Body should be a JSON object"),
    ],
)
def test_refusals_in_a_sentence(
    github: GitHubServer, repository: Repository, method: str, path: str, body: Any, status: int, message: str
) -> None:
    repository.commit({"a.txt": "a"}, branch="topic")
    repository.open_pull("topic", "A topic")
    repository.commit({"b.txt": "b"})
    names = {"HEAD": "main", "OTHER": "topic", "TREE": "main^{tree}"}
    if isinstance(body, dict):
        for key, value in body.items():
            if isinstance(value, str) and value in names:
                body = body | {key: repository.git.text("rev-parse", names[value])}
    assert ask(github, method, path, body) == (status, message, None)


@pytest.mark.parametrize(
    ("method", "path", "body", "error"),
    [
        (
            "POST",
            "/pulls",
            {"title": "t", "head": "topic", "base": "main"},
            {
                "resource": "PullRequest",
                "code": "custom",
                "message": "A pull request already exists for octo:topic.",
            },
        ),
        (
            "POST",
            "/pulls",
            {"title": "t", "head": "same", "base": "main"},
            {"resource": "PullRequest", "code": "custom", "message": "No commits between main and same"},
        ),
        (
            "POST",
            "/pulls",
            {"title": "t", "head": "none", "base": "main"},
            {"resource": "PullRequest", "field": "head", "code": "invalid"},
        ),
        (
            "POST",
            "/pulls",
            {"title": "t", "head": "topic", "base": "none"},
            {"resource": "PullRequest", "field": "base", "code": "invalid"},
        ),
        (
            "POST",
            "/pulls",
            {"head": "topic", "base": "main"},
            {"resource": "PullRequest", "field": "title", "code": "missing_field"},
        ),
        (
            "PATCH",
            "/pulls/2",
            {"state": "open"},
            {
                "resource": "PullRequest",
                "code": "custom",
                "field": "state",
                "message": "state cannot be changed. The gone branch has been deleted.",
            },
        ),
        ("POST", "/labels", {"name": "Known"}, {"resource": "Label", "field": "name", "code": "already_exists"}),
        (
            "POST",
            "/issues/1/labels",
            ["x" * 51],
            {"resource": "Label", "field": "name", "code": "invalid", "value": "x" * 51},
        ),
    ],
)
def test_refusals_by_field(
    github: GitHubServer, repository: Repository, method: str, path: str, body: Any, error: dict[str, str]
) -> None:
    for branch in ("topic", "gone"):
        repository.commit({f"{branch}.txt": "a"}, branch=branch)
        repository.open_pull(branch, "A topic")
    repository.move("refs/heads/same", repository.branch("main"))
    repository.move("refs/heads/gone", None)
    repository.label("known")
    assert ask(github, method, path, body) == (422, "Validation Failed", [error])


def test_an_empty_repository(github: GitHubServer) -> None:
    github.create_repository("octo/index")
    github.add_token("secret", {"octo/index": {"contents": "write"}})
    for method, path in [("GET", "/git/ref/heads/main"), ("POST", "/git/blobs"), ("POST", "/git/trees")]:
        assert ask(github, method, path, {}) == (409, "Git Repository is empty.", None)
    assert ask(github, "GET", "/branches/main")[0] == 404


def test_who_may_do_what(github: GitHubServer, repository: Repository) -> None:
    github.add_token("reader", {"octo/index": {"contents": "read"}})
    github.add_token("stranger", {"octo/other": {"contents": "write"}})
    issue = {"title": "t"}
    assert ask(github, "POST", "/issues", issue, None)[:2] == (401, "Requires authentication")
    assert ask(github, "POST", "/issues", issue, "wrong")[:2] == (401, "Bad credentials")
    for token in ("reader", "stranger"):
        assert ask(github, "POST", "/issues", issue, token)[:2] == (403, "Resource not accessible by integration")
        assert connect(github, token).get_branch("main")
    assert connect(github, None).permissions.push is False
    assert connect(github).permissions.push is True

    repository.private = True
    for nobody in (None, "stranger"):
        assert ask(github, "GET", "", token=nobody)[:2] == (404, "Not Found")
        with pytest.raises(UnknownObjectException):
            connect(github, nobody)
    assert connect(github, "reader").private
    assert ask(github, "GET", "/pulls", token="reader")[:2] == (403, "Resource not accessible by integration")


def test_a_token_that_expires(github: GitHubServer, repository: Repository, remote: RemoteRepository) -> None:
    remote.get_branch("main")
    github.revoke("secret")
    with pytest.raises(BadCredentialsException):
        remote.get_branch("main")


def test_the_setting_that_forbids_pull_requests(github: GitHubServer, repository: Repository) -> None:
    repository.commit({"a.txt": "a"}, branch="topic")
    repository.actions_may_open_pull_requests = False
    sent = {"title": "t", "head": "topic", "base": "main"}
    refusal = "GitHub Actions is not permitted to create or approve pull requests."
    assert ask(github, "POST", "/pulls", sent) == (403, refusal, None)
    github.add_token("personal", {"octo/index": {"pull_requests": "write"}}, user="person")
    pull = connect(github, "personal").create_pull(base="main", head="topic", title="t")
    assert pull.user.login == "person"


def test_a_repository_that_moved_and_one_that_went(github: GitHubServer, repository: Repository) -> None:
    github.rename(repository, "octo/renamed")
    assert connect(github, name="octo/index").full_name == "octo/renamed"
    github.delete(repository)
    with pytest.raises(UnknownObjectException):
        connect(github, name="octo/renamed")


def test_an_unknown_call_is_noticed(tmp_path: Path) -> None:
    said = re.escape("does not know: ['GET /api/v3/repos/octo/index/hooks']")
    with pytest.raises(AssertionError, match=said), GitHubServer(tmp_path / "other") as github:
        github.create_repository("octo/index")
        with pytest.raises(GithubException) as refused:
            list(connect(github, None).get_hooks())
        assert refused.value.status == 501
