"""One issue that says how things stand: opened, rewritten, and closed again, never twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scripts.forge.client import refusals

if TYPE_CHECKING:
    from github.Issue import Issue
    from github.Repository import Repository

LABEL = "index-audit"
MARK = "<!-- index-audit -->"  # an issue without it is somebody's own, whatever label it has


@dataclass(frozen=True)
class Shown:
    """Where the issue is ("" without one), and what became of it."""

    url: str
    outcome: str


def show(repository: Repository, title: str, body: str) -> Shown:
    """Open the issue, or bring the one that is open up to date. Raises Refused.

    Two runs at one time, or a lost answer, can open two: the first one stays, the others are closed. What an issue
    said when somebody closed it is known: that alone opens none.
    """
    body = f"{MARK}\n{body}"
    with refusals(repository.full_name):
        ours = _ours(repository)
        if _open(ours):
            return _bring_up_to_date(_only(_open(ours)), title, body)
        if ours and _lines(body) <= _lines(ours[0].body or ""):
            return Shown(ours[0].html_url, "was closed by somebody, and there is nothing new since")
        created = repository.create_issue(title, body, labels=[LABEL])
        if LABEL not in [label.name for label in created.labels]:  # GitHub drops it where the rights do not suffice
            created.add_to_labels(LABEL)
        return _bring_up_to_date(_only(_open(_ours(repository)) or [created]), title, body, "opened")


def close(repository: Repository, title: str, body: str) -> Shown:
    """Close the issue, if there is an open one, with a last word. Raises Refused."""
    with refusals(repository.full_name):
        found = _open(_ours(repository))
        for issue in found:
            issue.edit(title=title, body=f"{MARK}\n{body}", state="closed")
        return Shown(found[0].html_url, "closed") if found else Shown("", "there is none")


def _ours(repository: Repository) -> list[Issue]:
    """The issues of this kind, newest first: a page of them is enough."""
    listed = repository.get_issues(state="all", labels=[LABEL]).get_page(0)
    return [issue for issue in listed if "/pull/" not in issue.html_url and MARK in (issue.body or "")]


def _open(issues: list[Issue]) -> list[Issue]:
    return [issue for issue in issues if issue.state == "open"]


def _only(issues: list[Issue]) -> Issue:
    first = min(issues, key=lambda issue: issue.number)
    for issue in issues:
        if issue.number != first.number:
            said = f"{MARK}\nThe same as #{first.number}.\n"
            issue.edit(body=said, state="closed", state_reason="not_planned")
    return first


def _bring_up_to_date(issue: Issue, title: str, body: str, outcome: str = "") -> Shown:
    if issue.title == title and _same(issue, body):
        return Shown(issue.html_url, outcome or "is up to date already")
    issue.edit(title=title, body=body)
    return Shown(issue.html_url, outcome or "brought up to date")


def _lines(body: str) -> set[str]:
    return {line.strip() for line in body.splitlines()}


def _same(issue: Issue, body: str) -> bool:
    return (issue.body or "").replace("\r\n", "\n").strip() == body.strip()
