"""Bring the open pull requests of an index up to date with main, and say what became of each."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scripts.errors import BadValue, Declined, Error, Refused, Unfinished, plain
from scripts.forge import report
from scripts.pages.merging.trees import merge_trees

if TYPE_CHECKING:
    from collections.abc import Collection

    from scripts.forge.open_requests import OpenRequest, OpenRequests

STALE = "refresh: stale"  # how the mark of each comment begins that says so
TRIES = 3  # for a branch that others push to meanwhile
IN_A_ROW = 3  # so many refusals of everything, one after the other, and GitHub is left alone


@dataclass(frozen=True)
class Result:
    """What became of a pull request: an outcome, and whether this run changed something."""

    outcome: str
    new: bool = True


def refresh(remote: OpenRequests, numbers: Collection[int] = ()) -> None:
    """Merge main into every open request (or those of some numbers) that lacks something of it.

    Raises BadValue for a number that is no open request, Unfinished after all were tried.
    """
    listed = remote.listed()
    for number in sorted({*numbers} - {request.number for request in listed}):
        raise BadValue("pull request", f"#{number}", "is no open one from a branch index/… here: leave it out")
    requests = [request for request in listed if not numbers or request.number in numbers]
    results: list[tuple[OpenRequest, str]] = []
    failures: dict[int, str] = {}
    refused = 0
    for request in requests:
        if refused == IN_A_ROW:
            failures[request.number] = "not tried any more"
            continue
        try:
            result = bring_up_to_date(remote, request)
            refused = 0
        except Error as error:
            failures[request.number] = str(error)
            refused = refused + 1 if isinstance(error, Refused) and not isinstance(error, Declined) else 0
            results.append((request, f"failed: {error}"))
            continue
        results.append((request, result.outcome))
        say = report.notice if result.new else print
        say(plain(f"#{request.number} {request.title}: {result.outcome}"))
    _sum_up(results)
    if failures:
        raise Unfinished(failures)


def bring_up_to_date(remote: OpenRequests, request: OpenRequest) -> Result:
    """Bring one branch up to date. What was pushed to it meanwhile is read, and merged too."""
    now: OpenRequest | None = request
    for _ in range(TRIES):
        if now is None:
            return Result("closed meanwhile")
        request = now
        comparison = remote.compare(request)
        if comparison is None:
            _not_stale(remote, request)
            return Result("up to date", new=False)
        together = merge_trees(comparison.base, remote.main, comparison.changed, remote.read)
        if together.moot:
            return _moot(remote, request, together.moot)
        if together.conflicts:
            return _conflict(remote, request, together.conflicts)
        if remote.push(request, together.texts, together.blobs):
            _not_stale(remote, request)
            return Result(f"brought up to date with {remote.branch}")
        now = remote.again(request)
    raise Declined(f"others push to {request.branch} all the time", "run again later")


def _not_stale(remote: OpenRequests, request: OpenRequest) -> None:
    """A request that has something to do: take the label back that an earlier run has put on, but none of others."""
    if request.stale and remote.told(request, STALE):
        remote.label(request, stale=False)


def _moot(remote: OpenRequests, request: OpenRequest, why: list[str]) -> Result:
    text = f"There is nothing left to do for this request:\n\n{_listed(why)}\n\nClose it, or press its form again."
    new = remote.tell(request, _mark(STALE, why), text)
    if not request.stale:
        remote.label(request, stale=True)
    return Result(f"nothing left to do: {', '.join(why)}", new)


def _conflict(remote: OpenRequests, request: OpenRequest, conflicts: list[str]) -> Result:
    text = (
        f"This cannot be brought together with `{remote.branch}`, which has changed the same since:\n\n"
        f"{_listed(conflicts)}\n\nPress the form again to have the request made anew, or merge by hand."
    )
    new = remote.tell(request, _mark("refresh: conflict", conflicts), text)
    _not_stale(remote, request)
    return Result(f"a conflict is left: {'; '.join(conflicts)}", new)


def _listed(items: list[str]) -> str:
    return "\n".join(f"- {report.code(item)}" for item in items)


def _mark(kind: str, said: list[str]) -> str:
    """What tells a comment from others, so that it is made once."""
    return f"{kind} {hashlib.sha256(chr(0).join(said).encode()).hexdigest()[:12]}"


def _sum_up(results: list[tuple[OpenRequest, str]]) -> None:
    if not results:
        report.notice("there is no open pull request of this index to bring up to date")
        return
    rows = [
        f"| [#{request.number}](<{request.url}>) | {_cell(request.title)} | {_cell(outcome)} |"
        for request, outcome in results
    ]
    report.summary("\n".join(["### Open requests", "", "| | Request | |", "| --- | --- | --- |", *rows]))


def _cell(text: str) -> str:
    return report.code(text).replace("|", "\\|")
