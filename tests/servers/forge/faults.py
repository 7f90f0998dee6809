"""Faults to switch on: what a call meets, which call meets it, and whether it was carried out first."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field
from typing import Any

ALWAYS = 1_000_000_000


@dataclass(frozen=True)
class Refusal:
    """An answer with this status, body and headers instead of the real one."""

    status: int
    body: dict[str, Any]
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Hang:
    """No answer for so many seconds, then the connection is cut."""

    seconds: float


@dataclass(frozen=True)
class Cut:
    """The connection is cut without an answer."""


What = Refusal | Hang | Cut

SERVER_ERROR = Refusal(500, {"message": "Server Error"})
BAD_GATEWAY = Refusal(502, {"message": "Server Error"})
UNAVAILABLE = Refusal(503, {"message": "Service Unavailable"})
BAD_CREDENTIALS = Refusal(
    401, {"message": "Bad credentials", "documentation_url": "https://docs.github.com/rest", "status": "401"}
)
CONFLICT = Refusal(409, {"message": "Conflict", "status": "409"})
UNPROCESSABLE = Refusal(422, {"message": "Reference update failed", "status": "422"})
CUT = Cut()


def secondary_limit(retry_after: int | None = 1) -> Refusal:
    """GitHub's answer to too many writes in a short time, with the seconds to wait."""
    message = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
    page = "https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api"
    body = {"documentation_url": f"{page}#about-secondary-rate-limits", "message": message}
    return Refusal(403, body, {} if retry_after is None else {"Retry-After": str(retry_after)})


@dataclass
class Fault:
    """One fault: `what` befalls the calls that match, from the `nth` on, `times` times; `hits` counts them."""

    what: What
    method: re.Pattern[str]
    path: re.Pattern[str]
    nth: int
    times: int
    after: bool
    seen: int = 0
    hits: int = 0


class Faults:
    """The faults that are switched on. Without any, every call is answered as GitHub would."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = threading.Lock()

    def add(
        self,
        what: What,
        *,
        method: str = ".*",
        path: str = ".*",
        nth: int = 1,
        times: int = 1,
        after: bool = False,
    ) -> Fault:
        """Switch a fault on.

        `method` matches whole, `path` is searched for in the path with its query (`/repos/…`, or
        `/owner/name/info/refs?…` for git). The `nth` matching call meets it and the `times - 1` after
        that (ALWAYS: all). With `after`, the call is carried out and only its answer is lost.
        """
        fault = Fault(what, re.compile(method), re.compile(path), nth, times, after)
        with self._lock:
            self._faults.append(fault)
        return fault

    def clear(self) -> None:
        """Switch all faults off."""
        with self._lock:
            self._faults.clear()

    def meet(self, method: str, path: str) -> Fault | None:
        """The fault that this call meets, None for none. Each call is asked about once: it is counted."""
        met = None
        with self._lock:
            for fault in self._faults:
                if not (fault.method.fullmatch(method) and fault.path.search(path)):
                    continue
                fault.seen += 1
                if met is None and fault.nth <= fault.seen < fault.nth + fault.times:
                    fault.hits += 1
                    met = fault
        return met
