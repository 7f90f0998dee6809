"""The repository itself: its facts, branches, commits, comparisons and files; and who is asking."""

from __future__ import annotations

import posixpath
import time
from typing import Any

from tests.servers.forge import render
from tests.servers.forge.routing import Call, Refused, Routes, invalid, not_found
from tests.servers.forge.wire import Answer

routes = Routes()
MEGABYTE = 1024 * 1024


@routes.on("GET", "")
def get_repository(call: Call) -> Answer:
    """The repository, with what the caller may do."""
    return Answer(200, render.repository(call.repository, call.token))


@routes.on("GET", "branches/{branch...}", reads=["contents"])
def get_branch(call: Call) -> Answer:
    """A branch and its commit."""
    name = call.arguments["branch"]
    sha = call.repository.branch(name)
    if sha is None:
        raise not_found("Branch not found")
    return Answer(
        200,
        {
            "name": name,
            "commit": render.commit(call.repository, sha),
            "protected": False,
            "protection_url": f"{call.repository.api_url}/branches/{name}/protection",
            "_links": {"self": f"{call.repository.api_url}/branches/{name}"},
        },
    )


@routes.on("GET", "branches", reads=["contents"])
def list_branches(call: Call) -> Answer:
    """All branches."""

    def short(item: tuple[str, str]) -> dict[str, Any]:
        url = f"{call.repository.api_url}/commits/{item[1]}"
        return {"name": item[0], "commit": {"sha": item[1], "url": url}, "protected": False}

    return call.page(sorted(call.repository.branches().items()), short)


@routes.on("GET", "commits/{ref...}", reads=["contents"])
def get_commit(call: Call) -> Answer:
    """A commit by branch, tag or id, with the files it changes."""
    ref, git = call.arguments["ref"], call.repository.git
    if call.repository.is_empty:
        raise Refused(409, "Git Repository is empty.")
    sha = git.commit_at(ref)
    if sha is None:
        raise Refused(422, f"No commit found for SHA: {ref}")
    facts = render.commit(call.repository, sha)
    before = facts["parents"][0]["sha"] if facts["parents"] else git.write("tree", b"")
    return Answer(200, facts | _changes(call, before, sha))


def _changes(call: Call, base: str, head: str) -> dict[str, Any]:
    files = render.files(call.repository, base, head)
    added, removed = (sum(file[key] for file in files) for key in ("additions", "deletions"))
    return {"files": files, "stats": {"additions": added, "deletions": removed, "total": added + removed}}


@routes.on("GET", "compare/{range...}", reads=["contents"])
def compare(call: Call) -> Answer:
    """`base...head`: how far the one is ahead of the other, and with what."""
    repository, git = call.repository, call.repository.git
    names = call.arguments["range"].split("...")
    ends = [git.commit_at(name.removeprefix(f"{repository.owner}:")) for name in names]
    if len(ends) != 2 or ends[0] is None or ends[1] is None:
        raise not_found()
    base, head = ends[0], ends[1]
    origin = git.merge_base(base, head)
    if origin is None:
        raise not_found(f"No common ancestor between {names[0]} and {names[1]}.")
    behind, ahead = git.behind_and_ahead(base, head)
    status = {(False, False): "identical", (False, True): "ahead", (True, False): "behind"}
    url = f"{repository.url}/compare/{names[0]}...{names[1]}"
    return Answer(
        200,
        {
            "url": f"{repository.api_url}/compare/{names[0]}...{names[1]}",
            "html_url": url,
            "permalink_url": url,
            "diff_url": f"{url}.diff",
            "patch_url": f"{url}.patch",
            "base_commit": render.commit(repository, base),
            "merge_base_commit": render.commit(repository, origin),
            "status": status.get((behind > 0, ahead > 0), "diverged"),
            "ahead_by": ahead,
            "behind_by": behind,
            "total_commits": ahead,
            "commits": [render.commit(repository, sha) for sha in git.commits_between(base, head)],
            "files": render.files(repository, origin, head),
        },
    )


@routes.on("GET", "contents", reads=["contents"])
def get_root(call: Call) -> Answer:
    """The files and folders at the top."""
    return get_contents(call)


@routes.on("GET", "contents/{path...}", reads=["contents"])
def get_contents(call: Call) -> Answer:
    """A file, or what is in a folder, at `ref` (the default branch)."""
    git, path = call.repository.git, posixpath.normpath(call.arguments.get("path", "")).strip("/.")
    ref = call.request.query.get("ref") or call.repository.default_branch
    commit = git.commit_at(ref)
    if commit is None:
        raise not_found(f"No commit found for the ref {ref}")
    found = git.read(f"{commit}:{path}")
    if found is None:
        raise not_found()
    if found.kind == "tree":
        folder = f"{path}/" if path else ""
        return Answer(
            200,
            [
                _described(call, ref, f"{folder}{e.path}", e.sha, e.size or 0, "dir" if e.kind == "tree" else "file")
                for e in git.entries(found.sha)
            ],
        )
    size = len(found.data)
    if "raw" in call.request.headers.get("Accept", ""):
        return Answer(200, found.data, {"Content-Type": "application/vnd.github.raw+json; charset=utf-8"})
    # "Between 1-100 MB: … the content field will be an empty string and the encoding field will be "none"."
    small = size <= MEGABYTE
    content = {
        "encoding": "base64" if small else "none",
        "content": render.base64_lines(found.data) if small else "",
    }
    return Answer(200, _described(call, ref, path, found.sha, size, "file") | content)


def _described(call: Call, ref: str, path: str, sha: str, size: int, kind: str) -> dict[str, Any]:
    repository, view = call.repository, "tree" if kind == "dir" else "blob"
    links = {
        "url": f"{repository.api_url}/contents/{path}?ref={ref}",
        "html_url": f"{repository.url}/{view}/{ref}/{path}",
        "git_url": f"{repository.api_url}/git/{view}s/{sha}",
        "download_url": f"{repository.url}/raw/{ref}/{path}" if kind == "file" else None,
    }
    return {"type": kind, "name": posixpath.basename(path), "path": path, "sha": sha, "size": size} | links


@routes.on("POST", "dispatches", writes=["contents"])
def dispatch(call: Call) -> Answer:
    """An event of the caller's own, kept in `repository.dispatches`."""
    if not isinstance(call.body.get("event_type"), str):
        raise invalid("RepositoryDispatch", "event_type", "missing_field")
    call.repository.dispatches.append(call.body)
    return Answer(204)


@routes.on("GET", "/rate_limit")
def rate_limit(call: Call) -> Answer:
    """How many calls are left. They are counted, and never run out."""
    used = len(call.github.requests)
    rate = {"limit": 5000, "used": used, "remaining": 5000 - used, "reset": int(time.time()) + 3600}
    names = ("core", "search", "graphql")
    return Answer(200, {"resources": dict.fromkeys(names, rate), "rate": rate})


@routes.on("GET", "/user")
def get_user(call: Call) -> Answer:
    """Who is asking. The token of a workflow run may not ask that."""
    if call.token is None:
        raise Refused(401, "Requires authentication")
    if call.user.endswith("[bot]"):
        raise Refused(403, "Resource not accessible by integration")
    return Answer(200, {"login": call.user, "id": sum(call.user.encode()), "type": "User"})
