"""Pull requests. Whether one can be merged, and the merging, are git's answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.servers.forge import render
from tests.servers.forge.repository import MergeConflict, Repository
from tests.servers.forge.routing import Call, Refused, Routes, invalid, not_found, refused_by_rule
from tests.servers.forge.state import ACTIONS, PullRequest
from tests.servers.forge.wire import Answer

if TYPE_CHECKING:
    from tests.servers.forge.render import Json

routes = Routes()
READ, WRITE = ["pull_requests"], ["pull_requests"]
UNKNOWN = {"mergeable": None, "rebaseable": None, "mergeable_state": "unknown"}


def _pull(call: Call) -> PullRequest:
    thread = call.repository.threads[call.number]
    if not isinstance(thread, PullRequest):
        raise not_found()
    return thread


@routes.on("GET", "pulls", reads=READ)
def list_pulls(call: Call) -> Answer:
    """Pull requests, newest first; by `state` (open, closed, all), `head` (owner:branch) and `base`."""
    query = call.request.query
    state, head, base = query.get("state", "open"), query.get("head", ""), query.get("base")
    found = [
        pull
        for pull in call.repository.pulls
        if state in ("all", pull.state)
        and (":" not in head or pull.label.lower() == head.lower())  # without an owner GitHub ignores it
        and base in (None, pull.base)
    ]
    by_update = query.get("sort") == "updated"
    found.sort(key=lambda pull: pull.updated_at if by_update else f"{pull.number:09}")
    if query.get("direction", "desc" if "sort" not in query else "asc") == "desc":
        found.reverse()
    return call.page(found, lambda pull: render.pull(call.repository, pull))


@routes.on("POST", "pulls", writes=WRITE)
def create_pull(call: Call) -> Answer:
    """Open a pull request."""
    repository, sent = call.repository, call.body
    if call.user == ACTIONS and not repository.actions_may_open_pull_requests:
        raise Refused(403, "GitHub Actions is not permitted to create or approve pull requests.")
    title, head, base = (call.text("PullRequest", field) for field in ("title", "head", "base"))
    base_sha = repository.branch(base)
    if base_sha is None:
        raise invalid("PullRequest", "base")
    source, branch = _source(call, head)
    head_sha = source.branch(branch) if source else None
    if source is None or head_sha is None:
        raise invalid("PullRequest", "head")
    label = f"{source.owner}:{branch}"
    if any(p.state == "open" and p.label == label and p.base == base for p in repository.pulls):
        raise refused_by_rule("PullRequest", f"A pull request already exists for {label}.")
    if repository.git.merge_base(base_sha, head_sha) is None:
        raise refused_by_rule("PullRequest", f"The {branch} branch has no history in common with {base}")
    if repository.git.is_ancestor(head_sha, base_sha):
        raise refused_by_rule("PullRequest", f"No commits between {base} and {branch}")
    pull = repository.add_pull(
        title=title, body=sent.get("body"), user=call.user, head=branch, base=base, source=source
    )
    pull.draft = sent.get("draft") is True
    return Answer(201, _detailed(call, pull, UNKNOWN), {"Location": f"{repository.api_url}/pulls/{pull.number}"})


def _source(call: Call, head: str) -> tuple[Repository | None, str]:
    """The repository and the branch that `branch` or `owner:branch` names."""
    owner, _, branch = head.rpartition(":")
    if not owner or owner.lower() == call.repository.owner.lower():
        return call.repository, branch
    try:
        fork = call.github.repository(f"{owner}/{call.repository.name}")
    except KeyError:
        return None, branch
    return (fork if fork.parent is call.repository else None), branch


@routes.on("GET", "pulls/{number}", reads=READ)
def get_pull(call: Call) -> Answer:
    """A pull request with all that had to be computed for it."""
    return Answer(200, _detailed(call, _pull(call)))


def _detailed(call: Call, pull: PullRequest, mergeability: Json | None = None) -> Json:
    """The JSON of one pull request. `mergeability` is asked of git when it is not given."""
    repository = call.repository
    files = render.files(repository, _fork_point(repository, pull), pull.head_sha)
    counts = {
        "merged": pull.merged,
        "merged_by": render.user(repository, pull.merged_by) if pull.merged_by else None,
        "comments": len(pull.comments),
        "review_comments": 0,
        "maintainer_can_modify": False,
        "commits": len(_commits(repository, pull)),
        "additions": sum(file["additions"] for file in files),
        "deletions": sum(file["deletions"] for file in files),
        "changed_files": len(files),
    }
    return render.pull(repository, pull) | counts | (mergeability or _mergeability(repository, pull))


def _fork_point(repository: Repository, pull: PullRequest) -> str:
    return repository.git.merge_base(pull.base_sha, pull.head_sha) or pull.base_sha


def _commits(repository: Repository, pull: PullRequest) -> list[str]:
    return repository.git.commits_between(pull.base_sha, pull.head_sha)


def _mergeability(repository: Repository, pull: PullRequest) -> dict[str, Any]:
    """`mergeable`, `rebaseable` and `mergeable_state`, unknown at first when that is switched on."""
    base = repository.branch(pull.base)
    if pull.state != "open" or base is None:
        return UNKNOWN
    pair = (base, pull.head_sha)
    asked = repository.asked_mergeable[pair] = repository.asked_mergeable.get(pair, 0) + 1
    if asked <= repository.mergeability_delay:
        return UNKNOWN
    tree, _ = repository.trial_merge(pull)
    if tree is None:
        return {"mergeable": False, "rebaseable": False, "mergeable_state": "dirty"}
    behind = repository.requires_up_to_date and not repository.git.is_ancestor(base, pull.head_sha)
    return {"mergeable": True, "rebaseable": True, "mergeable_state": "behind" if behind else "clean"}


@routes.on("PATCH", "pulls/{number}", writes=WRITE)
def update_pull(call: Call) -> Answer:
    """Change title, body, base or state."""
    pull, sent, now = _pull(call), call.body, call.github.clock.tick()
    if sent.get("state") == "open" and pull.state == "closed":
        _refuse_to_reopen(pull)
        pull.reopen(now)
    elif sent.get("state") == "closed" and pull.state == "open":
        pull.close(now)
    if sent.get("base"):
        if call.repository.branch(sent["base"]) is None:
            raise invalid("PullRequest", "base")
        pull.base = sent["base"]
    pull.title = sent.get("title") or pull.title
    pull.body = sent.get("body", pull.body)
    pull.updated_at = now
    return Answer(200, _detailed(call, pull))


def _refuse_to_reopen(pull: PullRequest) -> None:
    now_at = pull.source.branch(pull.head)
    if pull.merged:
        reason = "The pull request cannot be reopened."
    elif now_at is None:
        reason = f"The {pull.head} branch has been deleted."
    elif now_at != pull.head_sha and not pull.source.git.is_ancestor(pull.head_sha, now_at):
        reason = f"The {pull.head} branch was force-pushed or recreated."
    else:
        return
    raise refused_by_rule("PullRequest", f"state cannot be changed. {reason}", field="state")


@routes.on("GET", "pulls/{number}/files", reads=READ)
def list_files(call: Call) -> Answer:
    """The files that a pull request changes."""
    pull = _pull(call)
    files = render.files(call.repository, _fork_point(call.repository, pull), pull.head_sha)
    return call.page(files, lambda file: file)


@routes.on("GET", "pulls/{number}/commits", reads=READ)
def list_commits(call: Call) -> Answer:
    """The commits of a pull request, oldest first."""
    return call.page(_commits(call.repository, _pull(call)), lambda sha: render.commit(call.repository, sha))


@routes.on("GET", "pulls/{number}/merge", reads=READ)
def is_merged(call: Call) -> Answer:
    """204 when it has been merged, else 404."""
    if not _pull(call).merged:
        raise not_found()
    return Answer(204)


@routes.on("PUT", "pulls/{number}/merge", writes=["contents"])
def merge(call: Call) -> Answer:
    """Merge: 405 when that cannot be, 409 when the head is not at `sha`."""
    pull, sent = _pull(call), call.body
    if sent.get("sha") not in (None, pull.head_sha):
        raise Refused(409, "Head branch was modified. Review and try the merge again.")
    method = sent.get("merge_method", "merge")
    if method not in ("merge", "squash"):
        raise Refused(405, f"{method.capitalize()} merges are not allowed on this repository.")
    if pull.draft:
        raise Refused(405, "Pull Request is still a draft")
    try:
        sha = call.repository.merge(
            pull.number, squash=method == "squash", title=sent.get("commit_title", ""), user=call.user
        )
    except MergeConflict:
        raise Refused(405, "Pull Request is not mergeable") from None
    return Answer(200, {"sha": sha, "merged": True, "message": "Pull Request successfully merged"})


@routes.on("PUT", "pulls/{number}/update-branch", writes=WRITE)
def update_branch(call: Call) -> Answer:
    """Merge the base branch into the head branch."""
    pull, repository = _pull(call), call.repository
    base = repository.branch(pull.base)
    if call.body.get("expected_head_sha") not in (None, pull.head_sha):
        raise refused_by_rule("PullRequest", "expected head sha didn’t match current head ref.")  # noqa: RUF001
    if base is None or repository.git.is_ancestor(base, pull.head_sha):
        raise Refused(422, "There are no new commits on the base branch.")
    tree, _ = repository.trial_merge(pull)
    if tree is None:
        raise Refused(422, "merge conflict between base and head")
    message = f"Merge branch '{pull.base}' into {pull.head}"
    sha = repository.write_commit(tree, [pull.head_sha, base], message, user=call.user)
    repository.verified.add(sha)
    pull.source.move(f"refs/heads/{pull.head}", sha)
    url = f"{repository.url}/pull/{pull.number}"
    return Answer(202, {"message": "Updating pull request branch.", "url": url})
