"""Switchable faults: which call meets them, what the client sees, what was done all the same."""

from __future__ import annotations

import subprocess
import time
from typing import TYPE_CHECKING

import pytest
import requests
from github import BadCredentialsException, GithubException, RateLimitExceededException

from tests.servers import forge

if TYPE_CHECKING:
    from pathlib import Path

    from github.Repository import Repository as RemoteRepository


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (forge.SERVER_ERROR, 500),
        (forge.BAD_GATEWAY, 502),
        (forge.UNAVAILABLE, 503),
        (forge.CONFLICT, 409),
        (forge.UNPROCESSABLE, 422),
        (forge.BAD_CREDENTIALS, 401),
        (forge.secondary_limit(7), 403),
    ],
)
@pytest.mark.parametrize("after", [False, True])
def test_a_refusal_before_or_after_the_deed(
    github: forge.GitHubServer,
    repository: forge.Repository,
    remote: RemoteRepository,
    fault: forge.Refusal,
    status: int,
    *,
    after: bool,
) -> None:
    github.faults.add(fault, method="POST", path="/issues$", after=after)
    with pytest.raises(GithubException) as refused:
        remote.create_issue("Lost?")
    assert refused.value.status == status
    assert len(repository.issues) == (1 if after else 0)
    assert str(github.requests[-1]) == f"POST /repos/octo/index/issues → {status}"
    remote.create_issue("The next call is answered again")


def test_limits_and_credentials_are_what_pygithub_knows(github: forge.GitHubServer, remote: RemoteRepository) -> None:
    github.faults.add(forge.secondary_limit(7))
    with pytest.raises(RateLimitExceededException) as limited:
        remote.get_branch("main")
    assert (limited.value.headers or {})["retry-after"] == "7"
    github.faults.add(forge.BAD_CREDENTIALS, nth=2, times=forge.ALWAYS)
    remote.get_branch("main")
    for _ in range(3):
        with pytest.raises(BadCredentialsException):
            remote.get_branch("main")


@pytest.mark.parametrize("after", [False, True])
def test_a_connection_that_is_cut(
    github: forge.GitHubServer, repository: forge.Repository, remote: RemoteRepository, *, after: bool
) -> None:
    fault = github.faults.add(forge.CUT, method="POST", after=after)
    with pytest.raises(requests.ConnectionError):
        remote.create_issue("Lost?")
    assert fault.hits == 1
    assert len(repository.issues) == (1 if after else 0)
    assert github.requests[-1].status is None


def test_an_answer_that_does_not_come(github: forge.GitHubServer, repository: forge.Repository) -> None:
    github.faults.add(forge.Hang(20))
    started = time.monotonic()
    with pytest.raises(requests.Timeout):
        requests.get(f"{github.api_url}/repos/octo/index", timeout=0.2)
    github.stop()
    assert time.monotonic() - started < 5, "stopping does not wait for what hangs"


def test_the_nth_call_and_some_more(github: forge.GitHubServer, remote: RemoteRepository) -> None:
    github.faults.add(forge.BAD_GATEWAY, path="/branches/", nth=2, times=2)

    def status() -> int:
        try:
            remote.get_branch("main")
        except GithubException as error:
            return error.status
        return 200

    remote.get_git_ref("heads/main")
    assert [status() for _ in range(4)] == [200, 502, 502, 200]
    github.faults.add(forge.BAD_GATEWAY, times=forge.ALWAYS)
    assert status() == 502
    github.faults.clear()
    assert status() == 200


def test_git_meets_faults_of_its_own(github: forge.GitHubServer, repository: forge.Repository, tmp_path: Path) -> None:
    github.git_faults.add(forge.UNAVAILABLE, path="^/octo/index/info/refs")
    command = ["git", "ls-remote", repository.url]
    assert "503" in subprocess.run(command, capture_output=True, text=True, check=False).stderr
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    assert github.requests == []
