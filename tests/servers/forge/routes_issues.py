"""Issues, their comments and labels; pull requests are issues here too, as on GitHub."""

from __future__ import annotations

from typing import Any

from tests.servers.forge import render
from tests.servers.forge.routing import Call, Routes, invalid, not_found
from tests.servers.forge.state import Comment, Issue, Label
from tests.servers.forge.wire import Answer

routes = Routes()
READ, WRITE = ["issues"], ["issues"]
READ_ANY, WRITE_ANY = ["issues", "pull_requests"], ["issues", "pull_requests"]


def _issue(call: Call) -> Issue:
    return call.repository.threads[call.number]


# Issues


@routes.on("GET", "issues", reads=READ)
def list_issues(call: Call) -> Answer:
    """Issues and pull requests, newest first; by `state`, `labels` (all of them), `creator`."""
    query = call.request.query
    state, creator = query.get("state", "open"), query.get("creator")
    wanted = {name.lower() for name in query.get("labels", "").split(",") if name}
    found = [
        thread
        for thread in call.repository.threads.values()
        if state in ("all", thread.state)
        and creator in (None, thread.user)
        and wanted <= {name.lower() for name in thread.labels}
    ]
    by_update = query.get("sort") == "updated"
    found.sort(
        key=lambda thread: thread.updated_at if by_update else f"{thread.number:09}",
        reverse=query.get("direction", "desc") == "desc",
    )
    return call.page(found, lambda thread: render.issue(call.repository, thread))


@routes.on("POST", "issues", writes=WRITE)
def create_issue(call: Call) -> Answer:
    """Open an issue; without the right to push, its labels are silently dropped (REST API, "Create an issue")."""
    title, sent = call.text("Issue", "title"), call.body
    issue = call.repository.add_issue(title, sent.get("body"), user=call.user)
    if call.token and call.token.allows(call.repository.full_name, "contents", "write"):
        issue.labels = _named(call, sent.get("labels") or [])
    issue.assignees = list(sent.get("assignees") or [])
    url = f"{call.repository.api_url}/issues/{issue.number}"
    return Answer(201, render.issue(call.repository, issue), {"Location": url})


@routes.on("GET", "issues/{number}", reads=READ_ANY)
def get_issue(call: Call) -> Answer:
    """One issue."""
    return Answer(200, render.issue(call.repository, _issue(call)))


@routes.on("PATCH", "issues/{number}", writes=WRITE_ANY)
def update_issue(call: Call) -> Answer:
    """Change title, body, state, labels or assignees."""
    issue, sent, now = _issue(call), call.body, call.github.clock.tick()
    if sent.get("state") not in (None, "open", "closed"):
        raise invalid("Issue", "state")
    if sent.get("state") == "closed" and issue.state == "open":
        issue.close(now, sent.get("state_reason") or "completed")
    elif sent.get("state") == "open" and issue.state == "closed":
        issue.reopen(now)
    issue.title = sent.get("title") or issue.title
    issue.body = sent.get("body", issue.body)
    if "labels" in sent:
        issue.labels = _named(call, sent["labels"])
    issue.assignees = list(sent.get("assignees", issue.assignees))
    issue.updated_at = now
    return Answer(200, render.issue(call.repository, issue))


# Comments


@routes.on("GET", "issues/{number}/comments", reads=READ_ANY)
def list_comments(call: Call) -> Answer:
    """The comments, oldest first."""
    issue = _issue(call)
    return call.page(issue.comments, lambda item: render.comment(call.repository, issue, item))


@routes.on("POST", "issues/{number}/comments", writes=WRITE_ANY)
def create_comment(call: Call) -> Answer:
    """Comment on an issue or a pull request."""
    issue = _issue(call)
    comment = call.repository.add_comment(issue.number, call.text("IssueComment", "body"), user=call.user)
    issue.updated_at = comment.created_at
    return Answer(201, render.comment(call.repository, issue, comment))


def _comment(call: Call) -> tuple[Issue, Comment]:
    for issue in call.repository.threads.values():
        for comment in issue.comments:
            if str(comment.id) == call.arguments["id"]:
                return issue, comment
    raise not_found()


@routes.on("GET", "issues/comments/{id}", reads=READ_ANY)
def get_comment(call: Call) -> Answer:
    """One comment."""
    return Answer(200, render.comment(call.repository, *_comment(call)))


@routes.on("PATCH", "issues/comments/{id}", writes=WRITE_ANY)
def update_comment(call: Call) -> Answer:
    """Rewrite a comment."""
    issue, comment = _comment(call)
    comment.body, comment.updated_at = call.text("IssueComment", "body"), call.github.clock.tick()
    return Answer(200, render.comment(call.repository, issue, comment))


@routes.on("DELETE", "issues/comments/{id}", writes=WRITE_ANY)
def delete_comment(call: Call) -> Answer:
    """Take a comment away."""
    issue, comment = _comment(call)
    issue.comments.remove(comment)
    return Answer(204)


# Labels of an issue


def _named(call: Call, given: list[Any]) -> list[str]:
    """The labels that a list of names (or objects with a name) means, made when they are not there."""
    names = [item["name"] if isinstance(item, dict) else item for item in given]
    for name in names:
        if not isinstance(name, str) or not name.strip() or len(name) > 50:
            raise invalid("Label", "name", value=name)
    return list(dict.fromkeys(call.repository.label(name).name for name in names))


def _sent_labels(call: Call) -> list[str]:
    """Labels are sent as `{"labels": […]}` or as the list alone, which PyGithub does."""
    sent = call.json
    return _named(call, sent.get("labels") or [] if isinstance(sent, dict) else sent)


def _labels_answer(call: Call, issue: Issue) -> Answer:
    repository = call.repository
    return Answer(200, [render.label(repository, repository.label(name)) for name in issue.labels])


@routes.on("GET", "issues/{number}/labels", reads=READ_ANY)
def list_issue_labels(call: Call) -> Answer:
    """The labels of an issue."""
    repository = call.repository
    return call.page(_issue(call).labels, lambda name: render.label(repository, repository.label(name)))


@routes.on("POST", "issues/{number}/labels", writes=WRITE_ANY)
def add_labels(call: Call) -> Answer:
    """Add labels to those that are there."""
    issue = _issue(call)
    issue.labels = list(dict.fromkeys([*issue.labels, *_sent_labels(call)]))
    return _labels_answer(call, issue)


@routes.on("PUT", "issues/{number}/labels", writes=WRITE_ANY)
def set_labels(call: Call) -> Answer:
    """Replace all labels."""
    issue = _issue(call)
    issue.labels = _sent_labels(call)
    return _labels_answer(call, issue)


@routes.on("DELETE", "issues/{number}/labels", writes=WRITE_ANY)
def remove_labels(call: Call) -> Answer:
    """Take all labels away."""
    _issue(call).labels = []
    return Answer(204)


@routes.on("DELETE", "issues/{number}/labels/{name}", writes=WRITE_ANY)
def remove_label(call: Call) -> Answer:
    """Take one label away."""
    issue, name = _issue(call), call.arguments["name"].lower()
    left = [label for label in issue.labels if label.lower() != name]
    if len(left) == len(issue.labels):
        raise not_found("Label does not exist")
    issue.labels = left
    return _labels_answer(call, issue)


# Labels of the repository


@routes.on("GET", "labels", reads=READ_ANY)
def list_labels(call: Call) -> Answer:
    """All labels."""
    return call.page(list(call.repository.labels.values()), lambda item: render.label(call.repository, item))


@routes.on("GET", "labels/{name}", reads=READ_ANY)
def get_label(call: Call) -> Answer:
    """One label."""
    found = call.repository.labels.get(call.arguments["name"].lower())
    if found is None:
        raise not_found()
    return Answer(200, render.label(call.repository, found))


@routes.on("POST", "labels", writes=WRITE_ANY)
def create_label(call: Call) -> Answer:
    """A new label."""
    name, sent = call.text("Label", "name"), call.body
    if name.lower() in call.repository.labels:
        raise invalid("Label", "name", "already_exists")
    item = Label(name, sent.get("color") or "ededed", sent.get("description"))
    call.repository.labels[name.lower()] = item
    return Answer(201, render.label(call.repository, item))
