"""The JSON that GitHub answers with: the fields that PyGithub reads, each as GitHub fills it."""

from __future__ import annotations

import base64
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tests.servers.forge.state import ACTIONS, PullRequest

if TYPE_CHECKING:
    from tests.servers.forge.repository import Repository
    from tests.servers.forge.state import Comment, Issue, Label, Token

Json = dict[str, Any]
SIGNATURE = re.compile(r"(?P<name>.*) <(?P<email>.*)> (?P<seconds>\d+) [+-]\d{4}")


def user(repository: Repository, login: str) -> Json:
    """An account."""
    bot = login.endswith("[bot]")
    return {
        "login": login,
        "id": 41898282 if login == ACTIONS else sum(login.encode()),
        "type": "Bot" if bot else "User",
        "url": f"{repository.github.api_url}/users/{login}",
        "html_url": f"{repository.github.url}/{'apps/' if bot else ''}{login.removesuffix('[bot]')}",
        "site_admin": False,
    }


def repository(repo: Repository, token: Token | None) -> Json:
    """A repository, with what the token may do."""
    writes = token is not None and token.allows(repo.full_name, "contents", "write")
    return {
        "id": repo.id,
        "name": repo.name,
        "full_name": repo.full_name,
        "owner": user(repo, repo.owner),
        "private": repo.private,
        "visibility": "private" if repo.private else "public",
        "html_url": repo.url,
        "clone_url": f"{repo.url}.git",
        "url": repo.api_url,
        "default_branch": repo.default_branch,
        "fork": repo.parent is not None,
        "archived": False,
        "disabled": False,
        "has_issues": True,
        "delete_branch_on_merge": repo.delete_branch_on_merge,
        "permissions": {"admin": False, "maintain": False, "push": writes, "triage": writes, "pull": True},
    }


def label(repo: Repository, item: Label) -> Json:
    """A label."""
    url = f"{repo.api_url}/labels/{item.name}"
    facts = {"name": item.name, "color": item.color, "description": item.description}
    return {"id": sum(item.name.encode()), "url": url, "default": False} | facts


def comment(repo: Repository, issue: Issue, item: Comment) -> Json:
    """A comment on an issue or a pull request."""
    kind = "pull" if isinstance(issue, PullRequest) else "issues"
    return {
        "id": item.id,
        "url": f"{repo.api_url}/issues/comments/{item.id}",
        "html_url": f"{repo.url}/{kind}/{issue.number}#issuecomment-{item.id}",
        "issue_url": f"{repo.api_url}/issues/{issue.number}",
        "user": user(repo, item.user),
        "body": item.body,
        "created_at": item.created_at,
        "updated_at": item.updated_at,
    }


def _thread(repo: Repository, thread: Issue) -> Json:
    return {
        "id": repo.id * 100_000 + thread.number,
        "number": thread.number,
        "title": thread.title,
        "body": thread.body,
        "state": thread.state,
        "user": user(repo, thread.user),
        "labels": [label(repo, repo.label(name)) for name in thread.labels],
        "assignees": [user(repo, login) for login in thread.assignees],
        "milestone": None,
        "locked": False,
        "comments_url": f"{repo.api_url}/issues/{thread.number}/comments",
        "created_at": thread.created_at,
        "updated_at": thread.updated_at,
        "closed_at": thread.closed_at,
    }


def issue(repo: Repository, item: Issue) -> Json:
    """An issue, or a pull request seen as one."""
    facts = _thread(repo, item) | {
        "url": f"{repo.api_url}/issues/{item.number}",
        "html_url": f"{repo.url}/issues/{item.number}",
        "labels_url": f"{repo.api_url}/issues/{item.number}/labels{{/name}}",
        "repository_url": repo.api_url,
        "comments": len(item.comments),
        "state_reason": item.state_reason,
    }
    if isinstance(item, PullRequest):
        links = {"url": f"{repo.api_url}/pulls/{item.number}", "html_url": f"{repo.url}/pull/{item.number}"}
        facts |= {"html_url": links["html_url"], "pull_request": links | {"merged_at": item.merged_at}}
    return facts


def pull(repo: Repository, item: PullRequest) -> Json:
    """A pull request as it stands in a list: nothing in it had to be computed."""
    head = {
        "label": item.label,
        "ref": item.head,
        "sha": item.head_sha,
        "user": user(repo, item.source.owner),
        "repo": repository(item.source, None),
    }
    base = {
        "label": f"{repo.owner}:{item.base}",
        "ref": item.base,
        "sha": item.base_sha,
        "user": user(repo, repo.owner),
        "repo": repository(repo, None),
    }
    return _thread(repo, item) | {
        "url": f"{repo.api_url}/pulls/{item.number}",
        "html_url": f"{repo.url}/pull/{item.number}",
        "issue_url": f"{repo.api_url}/issues/{item.number}",
        "head": head,
        "base": base,
        "draft": item.draft,
        "merged_at": item.merged_at,
        "merge_commit_sha": item.merge_commit_sha,
        "requested_reviewers": [],
        "auto_merge": None,
    }


def ref(repo: Repository, name: str, sha: str, kind: str) -> Json:
    """A ref and what it points at."""
    target = {"type": kind, "sha": sha, "url": f"{repo.api_url}/git/{kind}s/{sha}"}
    return {"ref": name, "url": f"{repo.api_url}/git/{name}", "object": target}


def _signature(text: str) -> Json:
    found = SIGNATURE.fullmatch(text)
    assert found is not None, text
    when = datetime.fromtimestamp(int(found["seconds"]), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"name": found["name"], "email": found["email"], "date": when}


def git_commit(repo: Repository, sha: str) -> Json:
    """A commit as the Git Data API shows it. The commit must be there."""
    found = repo.git.read(sha)
    assert found is not None and found.kind == "commit", sha
    head, _, message = found.data.decode(errors="replace").partition("\n\n")
    headers = [line.split(" ", 1) for line in head.split("\n") if not line.startswith(" ")]
    facts = {name: value for name, value in headers if name != "parent"}
    verified = sha in repo.verified
    return {
        "sha": sha,
        "url": f"{repo.api_url}/git/commits/{sha}",
        "html_url": f"{repo.url}/commit/{sha}",
        "author": _signature(facts["author"]),
        "committer": _signature(facts["committer"]),
        "message": message.removesuffix("\n"),
        "tree": {"sha": facts["tree"], "url": f"{repo.api_url}/git/trees/{facts['tree']}"},
        "parents": [
            {
                "sha": parent,
                "url": f"{repo.api_url}/git/commits/{parent}",
                "html_url": f"{repo.url}/commit/{parent}",
            }
            for name, parent in headers
            if name == "parent"
        ],
        "verification": {
            "verified": verified,
            "reason": "valid" if verified else "unsigned",
            "signature": None,
            "payload": None,
        },
    }


def commit(repo: Repository, sha: str) -> Json:
    """A commit as the rest of the API shows it: the same facts, arranged another way."""
    facts = git_commit(repo, sha)
    parents = [parent | {"url": f"{repo.api_url}/commits/{parent['sha']}"} for parent in facts.pop("parents")]
    return {
        "sha": facts.pop("sha"),
        "url": f"{repo.api_url}/commits/{sha}",
        "html_url": facts.pop("html_url"),
        "commit": facts | {"comment_count": 0},
        "author": None,
        "committer": None,
        "parents": parents,
    }


def files(repo: Repository, base: str, head: str) -> list[Json]:
    """The files that differ between two commits or trees."""
    words = {"A": "added", "D": "removed", "M": "modified", "T": "changed"}
    return [
        {
            "sha": file.sha,
            "filename": file.path,
            "status": words[file.status],
            "additions": file.added,
            "deletions": file.removed,
            "changes": file.added + file.removed,
            "contents_url": f"{repo.api_url}/contents/{file.path}?ref={head}",
        }
        for file in repo.git.files_between(base, head)
    ]


def base64_lines(data: bytes) -> str:
    """Bytes in base64, broken into lines as GitHub does."""
    return base64.encodebytes(data).decode()
