"""The connection to GitHub, and its refusals in words that say what to do."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import requests
from github import Auth, Github, GithubException, GithubRetry
from github.GitRef import GitRef

from scripts import values
from scripts.errors import Declined, Error, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from github.Repository import Repository

logging.getLogger("github").setLevel(logging.WARNING)  # it would tell of each retry on standard error

TIMEOUT = 30  # seconds, for one call
RETRIES = 5
PAUSE = 1.0  # seconds, before the second retry; twice as long before each further one
LONGEST_PAUSE = 60.0  # seconds; also what GitHub asks for when it names no time


def connect(option: str = "--pull-request") -> Repository:
    """The repository that Actions names in the environment. One API call. Raises Refused, BadValue.

    A call that meets a server error, a timeout or a rate limit is tried again, with longer and longer pauses; not
    when GitHub asks to wait longer than LONGEST_PAUSE.
    """
    missing = [name for name in ("GITHUB_TOKEN", "GITHUB_REPOSITORY") if not os.environ.get(name)]
    if missing:
        raise Refused(f"{option} needs GitHub", f"set {' and '.join(missing)}, or leave {option} out")
    retry = GithubRetry(
        total=RETRIES,
        backoff_factor=PAUSE,
        backoff_max=LONGEST_PAUSE,
        retry_after_max=LONGEST_PAUSE,
        secondary_rate_wait=LONGEST_PAUSE,
        max_rate_limit_wait=LONGEST_PAUSE,
        allowed_methods={"GET", "POST", "PATCH", "PUT", "DELETE"},
    )
    client = Github(
        base_url=values.web_address("GITHUB_API_URL", os.environ.get("GITHUB_API_URL") or "https://api.github.com"),
        auth=Auth.Token(os.environ["GITHUB_TOKEN"]),
        timeout=TIMEOUT,
        retry=retry,
        per_page=100,
        seconds_between_requests=None,  # a run makes some ten calls, far from what needs slowing down
        seconds_between_writes=None,
    )
    name = os.environ["GITHUB_REPOSITORY"]
    with refusals(name):
        return client.get_repo(name)


@contextlib.contextmanager
def refusals(repository: str) -> Iterator[None]:
    """Turn what PyGithub raises into one line that says what to mend."""
    try:
        yield
    except Error:
        raise
    except GithubException as error:
        raise _refused(repository, error) from error
    except requests.exceptions.RetryError as error:
        status = re.search(r"too many (\d+) error responses", str(error))
        raise _gave_up(int(status[1]) if status else 0) from error
    except requests.RequestException as error:
        mend = "check the network and run again: a second run completes the work"
        raise Refused(f"GitHub cannot be reached ({type(error).__name__})", mend) from error


def branch_reference(repository: Repository, branch: str) -> GitRef:
    """A branch that can be moved or deleted without being read first."""
    url = f"{repository.url}/git/refs/heads/{quote(branch)}"
    return GitRef(repository.requester, {}, {"url": url}, completed=True)


def messages(error: GithubException) -> str:
    """All that GitHub says of an error: its message and those of its `errors`."""
    data: Any = error.data
    if isinstance(data, str):
        with contextlib.suppress(ValueError):
            data = json.loads(data)
    if not isinstance(data, dict):
        return str(data or "")
    details = data.get("errors")
    listed = details if isinstance(details, list) else []
    said = [str(item.get("message", "")) if isinstance(item, dict) else str(item) for item in listed]
    return " ".join(filter(None, [str(data.get("message", "")), *said]))


def _gave_up(status: int) -> Refused:
    """GitHub did not do it, time and again, for a reason that passes."""
    if status in (403, 429):
        return Refused("GitHub asks to slow down", "run again in some minutes")
    return Refused(f"GitHub does not answer as it should (status {status})", "run again later")


def _refused(repository: str, error: GithubException) -> Refused:
    said = messages(error)
    if error.status == 401:
        return Refused("GitHub does not know the token", "give GITHUB_TOKEN one that is valid, and not expired")
    if error.status == 429 or (error.status == 403 and "rate limit" in said.lower()):
        return _gave_up(error.status)
    if error.status in (403, 404):
        mend = "the token needs the rights contents, pull requests and issues: write on it"
        return Refused(f"GitHub does not let this token work on {repository} ({said})", mend)
    if error.status == 409:
        return Declined(f"GitHub cannot do this on {repository} now ({said})", "run again")
    if error.status >= 500:
        return _gave_up(error.status)
    return Declined(f"GitHub refuses with status {error.status}", said or "look at the repository's settings")
