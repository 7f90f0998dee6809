"""Whether a repository is private: what a client without credentials is told."""

from __future__ import annotations

import pytest

from scripts.errors import Unreadable
from scripts.sources.visibility import is_private
from tests import samples
from tests.servers.forge import CUT, UNAVAILABLE, GitHubServer
from tests.servers.forge.wire import Answer, Request, WireServer

SMART = {"Content-Type": "application/x-git-upload-pack-advertisement"}
REFS = b"0123456789012345678901234567890123456789\trefs/heads/main\n"


def test_public_and_private_on_github(github: GitHubServer) -> None:
    public = samples.on_github(github, "octo/public", "0.1")
    private = samples.on_github(github, "octo/private", "0.1", private=True)
    assert not is_private(public.url)
    assert not is_private(f"{public.url}.git")
    assert is_private(private.url)


def test_a_renamed_repository_is_as_private_as_it_is_now(github: GitHubServer) -> None:
    repository = samples.on_github(github, "octo/hello", "0.1")
    old = repository.url
    github.rename(repository, "octo/renamed")
    assert not is_private(old)
    repository.private = True
    assert is_private(old)


@pytest.mark.parametrize(
    ("answer", "private"),
    [
        (
            Answer(
                200,
                b"001e# service=git-upload-pack\n",
                {"Content-Type": "application/x-git-upload-pack-advertisement"},
            ),
            False,
        ),
        (Answer(200, REFS, {"Content-Type": "text/plain"}), False),
        (Answer(200, REFS, {"Content-Type": "application/octet-stream"}), False),
        (Answer(200, b"<title>Log in</title>", {"Content-Type": "text/html"}), True),
        (Answer(200, b"", {"Content-Type": "text/plain"}), True),
        (Answer(401, b""), True),
        (Answer(403, b""), True),
        (Answer(404, b""), True),
    ],
)
def test_answers(answer: Answer, private: bool) -> None:
    assert asked(answer) == private


@pytest.mark.parametrize("answer", [Answer(500, b""), Answer(429, b""), None])
def test_a_doubt_is_an_error(answer: Answer | None) -> None:
    with pytest.raises(Unreadable, match=r"cannot tell whether it is private .*: run again later"):
        asked(answer)


def asked(answer: Answer | None) -> bool:
    """What is made of an answer (None: the connection is cut) of some server."""
    seen: list[Request] = []

    def give(request: Request) -> Answer | None:
        seen.append(request)
        return answer

    server = WireServer(give)
    server.start()
    try:
        return is_private(f"http://127.0.0.1:{server.server_port}/hello")
    finally:
        server.stop()
        assert {request.target for request in seen} == {"/hello/info/refs?service=git-upload-pack"}
        assert not [request for request in seen if "Authorization" in request.headers]


def test_a_server_that_speaks_no_http() -> None:
    with pytest.raises(Unreadable):
        is_private("http://127.0.0.1:9/octo/hello")


def test_faults_of_github(github: GitHubServer) -> None:
    repository = samples.on_github(github, "octo/hello", "0.1")
    for fault in (UNAVAILABLE, CUT):
        github.git_faults.add(fault)
        with pytest.raises(Unreadable):
            is_private(repository.url)


@pytest.mark.parametrize(("repository", "private"), [("ssh://git@example.org/x", True), ("file:///srv/x", False)])
def test_what_nobody_can_be_asked_about(repository: str, private: bool) -> None:
    assert is_private(repository) == private
