"""The connection to GitHub: what it is told, what it tries again, and what its refusals come out as."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from github import GithubException

from scripts.errors import BadValue, Refused
from scripts.forge import client
from scripts.forge.main_branch import MainBranch
from scripts.forge.proposal import Proposal, propose
from tests.servers import forge
from tests.servers.forge import ALWAYS, Refusal

if TYPE_CHECKING:
    from tests.verbs import Hub

CHANGE = Proposal("index/register/hello", "Register hello 1.0", "A body", {"hello/index.html": "<h1>\n"})
PRIMARY = "API rate limit exceeded for installation ID 1."


def proposed(hub: Hub, change: Proposal = CHANGE) -> str:
    """Propose a change, as a verb does; how it went."""
    return propose(MainBranch(client.connect(), hub.checkout), change).outcome


def refused(hub: Hub) -> str:
    with pytest.raises(Refused) as error:
        proposed(hub)
    assert str(error.value).isprintable()
    return str(error.value)


def limited(seconds: int) -> Refusal:
    """GitHub's answer when an hour's calls are used up, and more come in so many seconds."""
    headers = {"X-RateLimit-Limit": "1000", "X-RateLimit-Remaining": "0"}
    return Refusal(403, {"message": PRIMARY}, {**headers, "X-RateLimit-Reset": str(int(time.time()) + seconds)})


TOO_MANY = Refusal(429, {"message": "Too Many Requests"}, {"Retry-After": "1"})
PASSING: dict[str, Refusal | forge.Cut | forge.Hang] = {
    "500": forge.SERVER_ERROR,
    "502": forge.BAD_GATEWAY,
    "503": forge.UNAVAILABLE,
    "cut": forge.CUT,
    "hang": forge.Hang(5),
    "secondary": forge.secondary_limit(1),
    "secondary without a time": forge.secondary_limit(None),
    "429": TOO_MANY,
}
# A call that is refused, one that gets no answer, and one that was carried out all the same.
FAULTS = [("502", False), ("cut", False), ("cut", True)]
CALLS = {
    "the repository": ("GET", "/repos/octo/index$"),
    "the branch": ("GET", "/branches/main$"),
    "the tree": ("GET", "/git/trees/"),
    "a new tree": ("POST", "/git/trees$"),
    "a commit": ("POST", "/git/commits$"),
    "a branch": ("POST", "/git/refs$"),
    "a pull request": ("POST", "/pulls$"),
    "the label": ("POST", "/labels$"),
}


@pytest.mark.slow
@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(("fault", "after"), FAULTS)
def test_each_call_survives_a_fault_before_and_after_the_deed(hub: Hub, fault: str, call: str, after: bool) -> None:
    method, path = CALLS[call]
    switched = hub.github.faults.add(PASSING[fault], method=method, path=path, after=after)
    assert proposed(hub) in ("opened", "brought up to date")
    assert switched.hits == 1
    (pull,) = hub.index.pulls
    assert (pull.title, pull.body, pull.labels) == (CHANGE.title, CHANGE.body, ["index"])
    assert hub.index.read("hello/index.html", pull.head) == "<h1>\n"
    assert hub.branches() == [CHANGE.branch]


CALLS_AGAIN = {
    "a branch that is there": ("POST", "/git/refs$"),
    "its pull request": ("GET", "/pulls"),
    "its commit": ("GET", "/git/commits/"),
    "the branch": ("PATCH", "/git/refs/heads/index/register/hello$"),
    "the text": ("PATCH", "/pulls/1$"),
}


@pytest.mark.slow
@pytest.mark.parametrize("call", CALLS_AGAIN)
@pytest.mark.parametrize(("fault", "after"), FAULTS)
def test_so_does_each_call_of_a_second_run(hub: Hub, fault: str, call: str, after: bool) -> None:
    proposed(hub)
    change = replace(CHANGE, body="Another body", files={"hello/index.html": "<h2>\n"})
    method, path = CALLS_AGAIN[call]
    switched = hub.github.faults.add(PASSING[fault], method=method, path=path, after=after)
    assert proposed(hub, change) == "brought up to date"
    assert switched.hits == 1
    (pull,) = hub.index.pulls
    assert (pull.body, hub.index.read("hello/index.html", pull.head)) == ("Another body", "<h2>\n")


@pytest.mark.slow
@pytest.mark.parametrize("fault", PASSING)
def test_what_passes_is_waited_for(hub: Hub, monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    monkeypatch.setattr(client, "TIMEOUT", 1)
    for path in ("/git/trees$",) if fault == "hang" else ("/branches/main$", "/git/trees$", "/pulls$"):
        hub.github.faults.add(PASSING[fault], path=path, times=1 if fault == "hang" else 2)
    assert proposed(hub) == "opened"
    assert len(hub.index.pulls) == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ("500", "GitHub does not answer as it should (status 500): run again later"),
        ("503", "GitHub does not answer as it should (status 503): run again later"),
        ("secondary", "GitHub asks to slow down: run again in some minutes"),
        ("secondary without a time", "GitHub asks to slow down: run again in some minutes"),
        ("429", "GitHub asks to slow down: run again in some minutes"),
        ("cut", "GitHub cannot be reached (ConnectionError): check the network and run again"),
        ("hang", "GitHub cannot be reached (ConnectionError): check the network and run again"),
    ],
)
def test_what_does_not_pass_is_told(hub: Hub, monkeypatch: pytest.MonkeyPatch, fault: str, says: str) -> None:
    monkeypatch.setattr(client, "TIMEOUT", 1)
    monkeypatch.setattr(client, "RETRIES", 1 if fault == "hang" else 3)
    switched = hub.github.faults.add(PASSING[fault], method="POST", times=ALWAYS)
    assert says in refused(hub)
    assert switched.hits == 1 + client.RETRIES
    assert hub.branches() == []


def test_pauses_grow(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "PAUSE", 0.1)
    monkeypatch.setattr(client, "LONGEST_PAUSE", 0.3)
    hub.github.faults.add(forge.BAD_GATEWAY, times=ALWAYS)
    started = time.monotonic()
    refused(hub)
    assert 0.2 + 0.3 * 3 < time.monotonic() - started < 5, "0, 0.2, then 0.3 each time"


def test_the_limit_of_an_hour_is_waited_for_only_when_it_is_near(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "LONGEST_PAUSE", 3)
    hub.github.faults.add(limited(-1), path="/branches/main$")
    assert proposed(hub) == "opened"
    hub.github.faults.add(limited(1800), path="/branches/main$")
    started = time.monotonic()
    assert refused(hub) == "GitHub asks to slow down: run again in some minutes"
    assert time.monotonic() - started < 1


# Tokens, names, addresses


@pytest.mark.parametrize("missing", ["GITHUB_TOKEN", "GITHUB_REPOSITORY"])
@pytest.mark.parametrize("empty", [False, True])
def test_without_its_environment(hub: Hub, monkeypatch: pytest.MonkeyPatch, missing: str, empty: bool) -> None:
    monkeypatch.setenv(missing, "") if empty else monkeypatch.delenv(missing)
    assert refused(hub) == f"--pull-request needs GitHub: set {missing}, or leave --pull-request out"
    assert hub.calls() == []


def test_a_token_that_has_expired(hub: Hub) -> None:
    hub.github.revoke(hub.token)
    assert refused(hub) == "GitHub does not know the token: give GITHUB_TOKEN one that is valid, and not expired"


def test_a_token_that_expires_on_the_way(hub: Hub) -> None:
    hub.github.faults.add(forge.BAD_CREDENTIALS, method="POST", times=ALWAYS)
    assert "GitHub does not know the token" in refused(hub)


@pytest.mark.parametrize(
    "rights",
    [
        {"contents": "read"},
        {"contents": "read", "pull_requests": "write"},
        {"contents": "write"},
        {"pull_requests": "write", "issues": "write"},
        {},
    ],
)
def test_a_token_without_rights(hub: Hub, rights: dict[str, Any]) -> None:
    hub.github.add_token(hub.token, {"octo/index": rights})
    said = refused(hub)
    assert "GitHub does not let this token work on octo/index (Resource not accessible by integration)" in said
    assert "the token needs the rights contents" in said
    assert hub.index.pulls == []


def test_a_token_that_may_not_make_the_label(hub: Hub, capsys: pytest.CaptureFixture[str]) -> None:
    hub.github.faults.add(Refusal(403, {"message": "Resource not accessible by integration"}), path="/labels")
    assert proposed(hub) == "opened"
    assert hub.index.pulls[0].labels == []
    assert "the label index could not be put on" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["octo/nothing", "nothing", "octo/index/more", "../index", "octo/<b>"])
def test_a_repository_that_is_not_there(hub: Hub, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("GITHUB_REPOSITORY", name)
    said = refused(hub)
    hub.github.unknown.clear()
    assert "GitHub" in said


def test_nobody_answers(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_API_URL", "http://127.0.0.1:9")
    assert "GitHub cannot be reached (ConnectionError): check the network" in refused(hub)


@pytest.mark.parametrize("address", ["example.com", "ftp://example.com", "http://[::1", "http://", " "])
def test_an_address_that_is_none(hub: Hub, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("GITHUB_API_URL", address)
    with pytest.raises(BadValue, match="GITHUB_API_URL"):
        client.connect()


def test_an_enterprise_server_is_asked_where_it_is(hub: Hub) -> None:
    assert hub.github.api_url.endswith("/api/v3")
    proposed(hub)
    assert all(call.token == hub.token for call in hub.github.requests)
    assert hub.calls()[0] == "GET "


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"message": "No"}, "No"),
        ({"message": "No", "errors": [{"message": "Really"}, "no"]}, "No Really no"),
        ({"message": "No", "errors": [{"code": "x"}]}, "No"),
        ({"errors": None}, ""),
        ('{"message": "No"}', "No"),
        ("<html>", "<html>"),
        (None, ""),
        ([], ""),
    ],
)
def test_all_that_github_says(data: Any, said: str) -> None:
    assert client.messages(GithubException(422, data)) == said
