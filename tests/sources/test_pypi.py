"""What PyPI says of a name; whatever it says, nothing is raised."""

from __future__ import annotations

import socket
import threading
from typing import TYPE_CHECKING

import pytest

from scripts.model import OnPyPI
from scripts.sources.pypi import look_up
from tests.servers.forge.wire import Answer

if TYPE_CHECKING:
    from tests.pypi import PyPI

UNKNOWN = OnPyPI(known=False)


@pytest.mark.parametrize(
    ("versions", "newest"),
    [
        (["0.9", "0.10", "0.2"], "0.10"),
        (["1.0", "2.0rc1"], "1.0"),
        (["2.0rc1", "2.0.dev1"], "2.0rc1"),
        (["1.0", "no version", "x" * 10_000], "1.0"),
        ([], None),
    ],
)
def test_a_project_and_its_newest_release(pypi: PyPI, versions: list[str], newest: str | None) -> None:
    pypi.projects["hello"] = versions
    assert look_up("hello") == OnPyPI(known=True, exists=True, newest=newest)


def test_no_project_of_the_name(pypi: PyPI) -> None:
    assert look_up("hello") == OnPyPI(known=True)
    assert pypi.asked == ["hello"]


@pytest.mark.parametrize(
    "answer",
    [
        Answer(500, b""),
        Answer(429, b""),
        Answer(200, b"<html>"),
        Answer(200, b"\xff\xfe"),
        Answer(200, []),
    ],
)
def test_an_answer_that_tells_nothing(pypi: PyPI, answer: Answer) -> None:
    pypi.fault = answer
    assert look_up("hello") == UNKNOWN


@pytest.mark.parametrize("listed", [{"versions": None}, {"versions": "1.0"}, {"versions": [None, 1, {}]}, {}])
def test_an_answer_of_another_shape(pypi: PyPI, listed: object) -> None:
    pypi.fault = Answer(200, listed)
    found = look_up("hello")
    assert (found.exists, found.newest) == (True, "1" if listed == {"versions": [None, 1, {}]} else None)


def test_no_answer(pypi: PyPI) -> None:
    pypi.cut = True
    assert look_up("hello") == UNKNOWN


def test_nobody_there(clean_environment: pytest.MonkeyPatch) -> None:
    clean_environment.setenv("PYPI_URL", "http://127.0.0.1:9")
    assert look_up("hello") == UNKNOWN


@pytest.mark.parametrize("says", [b"220 mail.example.org ESMTP", b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{}"])
def test_something_that_speaks_no_http(clean_environment: pytest.MonkeyPatch, says: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def chat() -> None:
            connection, _ = server.accept()
            with connection:
                connection.sendall(says + b"\r\n")
                connection.recv(65536)

        threading.Thread(target=chat, daemon=True).start()
        clean_environment.setenv("PYPI_URL", f"http://127.0.0.1:{server.getsockname()[1]}")
        assert look_up("hello") == UNKNOWN
