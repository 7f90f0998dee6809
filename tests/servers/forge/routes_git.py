"""The Git Data API: refs, trees, blobs and commits, each made by git itself."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tests.servers.forge import render
from tests.servers.forge.plumbing import BAD_REF, SHA, Change, GitError
from tests.servers.forge.routing import Call, Refused, Routes, not_found
from tests.servers.forge.wire import Answer

if TYPE_CHECKING:
    from tests.servers.forge.reader import GitObject

routes = Routes()
ONE_OF_BOTH = "Must supply either tree.sha or tree.content. Request will be rejected if both are present."
MODES = {"100644": "blob", "100755": "blob", "120000": "blob", "040000": "tree", "160000": "commit"}


def _refuse_if_empty(call: Call) -> None:
    if call.repository.is_empty:
        raise Refused(409, "Git Repository is empty.")


def _object(call: Call, sha: object, kind: str) -> GitObject | None:
    """The object of that id when it is there and of that kind."""
    found = call.repository.git.read(sha) if isinstance(sha, str) and SHA.fullmatch(sha) else None
    return found if found and found.kind == kind else None


# Refs


@routes.on("GET", "git/ref/{ref...}", reads=["contents"])
def get_ref(call: Call) -> Answer:
    """One ref by its exact name, `heads/…` or `tags/…`."""
    name = f"refs/{call.arguments['ref']}"
    _refuse_if_empty(call)
    found = call.repository.git.ref(name)
    if found is None:
        raise not_found()
    return Answer(200, render.ref(call.repository, name, *found))


@routes.on("GET", "git/refs/{ref...}", reads=["contents"])
def get_ref_by_its_own_url(call: Call) -> Answer:
    """The same at the address that a ref's JSON gives for itself."""
    return get_ref(call)


@routes.on("GET", "git/matching-refs/{ref...}", reads=["contents"])
def matching_refs(call: Call) -> Answer:
    """All refs whose names start so."""
    refs = call.repository.git.refs(f"refs/{call.arguments['ref']}")
    return call.page(list(refs.items()), lambda item: render.ref(call.repository, item[0], *item[1]))


@routes.on("POST", "git/refs", writes=["contents"])
def create_ref(call: Call) -> Answer:
    """A new branch or tag."""
    repository, sent = call.repository, call.body
    name, sha = str(sent.get("ref", "")), sent.get("sha")
    if name.count("/") < 2 or not name.startswith("refs/"):
        raise Refused(422, "Reference name must contain at least three slash-separated components.")
    if BAD_REF.search(name):
        raise Refused(422, f"{name} is not a valid ref name.")
    _refuse_if_empty(call)
    found = repository.git.read(sha) if isinstance(sha, str) and SHA.fullmatch(sha) else None
    if found is None:
        raise Refused(422, "Object does not exist")
    if repository.git.ref(name):
        raise Refused(422, "Reference already exists")
    _move(call, name, found.sha)
    url = {"Location": f"{repository.api_url}/git/{name}"}
    return Answer(201, render.ref(repository, name, found.sha, found.kind), url)


@routes.on("PATCH", "git/refs/{ref...}", writes=["contents"])
def update_ref(call: Call) -> Answer:
    """Move a branch or tag; only forward, unless forced."""
    repository, sha = call.repository, call.body.get("sha")
    name = f"refs/{call.arguments['ref']}"
    old = repository.git.ref(name)
    if old is None:
        raise Refused(422, "Reference does not exist")
    found = repository.git.read(sha) if isinstance(sha, str) and SHA.fullmatch(sha) else None
    if found is None:
        raise Refused(422, "Object does not exist")
    forward = found.kind == old[1] == "commit" and repository.git.is_ancestor(old[0], found.sha)
    if not forward and call.body.get("force") is not True:
        raise Refused(422, "Update is not a fast forward")
    _move(call, name, found.sha)
    return Answer(200, render.ref(repository, name, found.sha, found.kind))


@routes.on("DELETE", "git/refs/{ref...}", writes=["contents"])
def delete_ref(call: Call) -> Answer:
    """Take a branch or tag away."""
    name = f"refs/{call.arguments['ref']}"
    if call.repository.git.ref(name) is None:
        raise Refused(422, "Reference does not exist")
    call.repository.move(name, None)
    return Answer(204)


def _move(call: Call, name: str, sha: str) -> None:
    try:
        call.repository.move(name, sha)
    except GitError:  # such as refs/heads/a/b while refs/heads/a is there
        raise Refused(422, "Reference update failed") from None


# Blobs


@routes.on("POST", "git/blobs", writes=["contents"])
def create_blob(call: Call) -> Answer:
    """A new blob from text or base64."""
    _refuse_if_empty(call)
    sent = call.body
    content, encoding = sent.get("content"), sent.get("encoding", "utf-8")
    if not isinstance(content, str):
        raise Refused(422, 'Invalid request.\n\n"content" wasn\'t supplied.')
    try:
        data = base64.b64decode(content) if encoding == "base64" else content.encode()
    except binascii.Error:
        raise Refused(422, "Problems parsing content as base64") from None
    sha = call.repository.git.write("blob", data)
    return Answer(201, {"sha": sha, "url": f"{call.repository.api_url}/git/blobs/{sha}"})


@routes.on("GET", "git/blobs/{sha}", reads=["contents"])
def get_blob(call: Call) -> Answer:
    """A blob, in base64."""
    found = _object(call, call.arguments["sha"], "blob")
    if found is None:
        raise not_found()
    return Answer(
        200,
        {
            "sha": found.sha,
            "size": len(found.data),
            "url": f"{call.repository.api_url}/git/blobs/{found.sha}",
            "encoding": "base64",
            "content": render.base64_lines(found.data),
        },
    )


# Trees


def _tree_answer(call: Call, status: int, sha: str, *, recursive: bool) -> Answer:
    api = f"{call.repository.api_url}/git"
    listed: list[dict[str, Any]] = []
    for entry in call.repository.git.entries(sha, recursive=recursive):
        item = {"path": entry.path, "mode": entry.mode, "type": entry.kind, "sha": entry.sha}
        size = {} if entry.size is None else {"size": entry.size}
        listed.append(item | size | {"url": f"{api}/{entry.kind}s/{entry.sha}"})
    return Answer(status, {"sha": sha, "url": f"{api}/trees/{sha}", "tree": listed, "truncated": False})


@routes.on("GET", "git/trees/{name...}", reads=["contents"])
def get_tree(call: Call) -> Answer:
    """A tree by its own id, or by the commit, branch or tag that it belongs to."""
    git, name = call.repository.git, call.arguments["name"]
    _refuse_if_empty(call)
    own = _object(call, name, "tree")
    commit = None if own else git.commit_at(name)
    found = own or (git.read(f"{commit}^{{tree}}") if commit else None)
    if found is None:
        raise not_found()
    return _tree_answer(call, 200, found.sha, recursive=bool(call.request.query.get("recursive")))


@routes.on("POST", "git/trees", writes=["contents"])
def create_tree(call: Call) -> Answer:
    """A new tree: `base_tree` (or nothing) with entries put in, replaced and taken away."""
    _refuse_if_empty(call)
    sent, git = call.body, call.repository.git
    base = sent.get("base_tree")
    if base is not None:
        found = _object(call, base, "tree") or _object(call, base, "commit")
        tree = git.read(f"{found.sha}^{{tree}}") if found else None
        if tree is None:
            raise Refused(422, "base_tree is not a valid tree oid")
        base = tree.sha
    entries = sent.get("tree")
    if not isinstance(entries, list) or not entries:
        raise Refused(422, "Invalid tree info")
    changes = [change for entry in entries for change in _changes(call, base, entry)]
    return _tree_answer(call, 201, git.write_tree(base, changes), recursive=False)


def _changes(call: Call, base: str | None, entry: dict[str, Any]) -> list[Change]:
    path, mode, git = str(entry.get("path", "")), str(entry.get("mode", "")), call.repository.git
    if not path or any(part in ("", ".", "..", ".git") for part in path.split("/")):
        raise Refused(422, "tree.path contains a malformed path component")
    if mode not in MODES:
        raise Refused(422, "tree.mode must be one of 100644, 100755, 040000, 160000 or 120000")
    if ("sha" in entry) == ("content" in entry):
        raise Refused(422, ONE_OF_BOTH)
    if "content" in entry:
        return [Change(path, mode, git.write("blob", str(entry["content"]).encode()))]
    if entry["sha"] is not None:
        if MODES[mode] != "commit" and _object(call, entry["sha"], MODES[mode]) is None:
            raise Refused(422, f"tree.sha {entry['sha']} is not a valid {MODES[mode]}")
        return [Change(path, mode, entry["sha"])]
    paths = git.paths_under(base, path) if base else []
    if not paths:  # GitHub's own words for taking away what is not there
        raise Refused(422, "GitRPC::BadObjectState")
    return [Change(each, mode, None) for each in paths]


# Commits


@routes.on("GET", "git/commits/{sha}", reads=["contents"])
def get_commit(call: Call) -> Answer:
    """A commit by its id."""
    found = _object(call, call.arguments["sha"], "commit")
    if found is None:
        raise not_found()
    return Answer(200, render.git_commit(call.repository, found.sha))


@routes.on("POST", "git/commits", writes=["contents"])
def create_commit(call: Call) -> Answer:
    """A new commit. With neither author nor committer given, GitHub signs it: it is verified."""
    _refuse_if_empty(call)
    sent, repository = call.body, call.repository
    message = call.text("Commit", "message")
    tree = _object(call, sent.get("tree"), "tree")
    if tree is None:
        raise Refused(422, "Tree SHA does not exist")
    parents = [_object(call, parent, "commit") for parent in sent.get("parents") or []]
    if None in parents:
        raise Refused(422, "Parent SHA does not exist or is not a commit object")
    ids = [parent.sha for parent in parents if parent]
    signed = not sent.get("author") and not sent.get("committer")
    author = _signature(call, sent["author"]) if sent.get("author") else _own_signature(call)
    committer = f"GitHub <noreply@github.com> {repository.github.seconds()} +0000" if signed else author
    if sent.get("committer"):
        committer = _signature(call, sent["committer"])
    sha = repository.write_commit(tree.sha, ids, message, user=call.user, author=author, committer=committer)
    if signed:
        repository.verified.add(sha)
    return Answer(201, render.git_commit(repository, sha))


def _own_signature(call: Call) -> str:
    number = f"{render.user(call.repository, call.user)['id']}+"
    address = f"{number}{call.user}@users.noreply.github.com"
    return f"{call.user} <{address}> {call.repository.github.seconds()} +0000"


def _signature(call: Call, given: dict[str, str]) -> str:
    if not given.get("name") or not given.get("email"):
        raise Refused(422, 'Invalid request.\n\n"name" and "email" weren\'t supplied.')
    when = given.get("date")
    seconds = int(datetime.fromisoformat(when).timestamp()) if when else call.repository.github.seconds()
    name, email = (given[key].translate(str.maketrans("", "", "<>\n")) for key in ("name", "email"))
    return f"{name} <{email}> {seconds} +0000"
