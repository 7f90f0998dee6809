"""What static/pypi.js makes of PyPI's answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.static.simple_index import JSON, Reply, Server, page, project

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.static.node import Node

MODULE = "pypi.js"
UNKNOWN = {"known": False, "exists": False, "versions": []}
ABSENT = {"known": True, "exists": False, "versions": []}
SDIST = "hello-1.0.tar.gz"
FILE = {"filename": SDIST, "yanked": False}


def exists(*versions: str) -> dict[str, Any]:
    """The answer with these versions; a `~` at the end marks a yanked one."""
    offered = [{"version": text.removesuffix("~"), "yanked": text.endswith("~")} for text in versions]
    return {"known": True, "exists": True, "versions": offered}


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        yield server


def ask(node: Node, server: Server, reply: Reply | None, name: str = "hello", **options: Any) -> Any:
    """The answer about a name whose page is this."""
    if reply:
        server.replies[f"/simple/{name}/"] = reply
    return node.values(MODULE, [["ask", name, {"base": server.url, **options}]])[0]


def test_the_request(node: Node, server: Server) -> None:
    server.replies["/simple/my-cool-name/"] = page(project("My.Cool_name", "my_cool.name-1.0.tar.gz"))
    assert ask(node, server, None, "my--Cool._name") == exists("1.0")
    [(path, headers)] = server.requests
    assert path == "/simple/my-cool-name/"
    assert headers["accept"] == JSON
    assert not {"cookie", "referer", "authorization"} & headers.keys()


def test_what_is_no_name_is_not_asked(node: Node, server: Server) -> None:
    names: list[Any] = ["", "../hello", "a/b", "-a", "a-", "hello?", "hé", "\u212a", "a b", "a\n", None, 1, {}]
    assert node.values(MODULE, [["ask", name, {"base": server.url}] for name in names]) == [UNKNOWN] * len(names)
    assert server.requests == []


# Pages, and what is made of them. /moved/ is the project's page, /loop/ leads to itself, /nowhere/ is not found.
PAGES: list[tuple[Reply, dict[str, Any]]] = [
    (page(project("hello", SDIST)), exists("1.0")),
    (page(project("hello", SDIST), content_type=JSON.upper() + "; charset=utf-8"), exists("1.0")),
    (page(project("hello")), exists()),
    (page(project("hello", versions=["1.0", "2.0"])), exists()),
    (page(project("hello", SDIST, meta={"api-version": "1.99"})), exists("1.0")),
    (page({"meta": {"api-version": "1.0"}, "name": "hello", "files": [{"filename": SDIST}]}), exists("1.0")),
    (page(project("hello", **{"project-status": {"status": "quarantined"}})), exists()),
    (page(project("hello", SDIST, **{"project-status": {"status": "archived"}})), exists("1.0")),
    (Reply(b"404 Not Found", "text/plain", 404), ABSENT),
    (Reply(status=302, headers={"Location": "/moved/"}), exists("1.0")),
    (Reply(status=302, headers={"Location": "/nowhere/"}), UNKNOWN),
    (Reply(status=302, headers={"Location": "/loop/"}), UNKNOWN),
    (page(project("hello", SDIST), status=500), UNKNOWN),
    (page(project("hello", SDIST), status=203), UNKNOWN),
    (Reply(status=403), UNKNOWN),
    (Reply(status=410), UNKNOWN),
    (Reply(status=429), UNKNOWN),
    (Reply(status=503, headers={"Retry-After": "1"}), UNKNOWN),
    (Reply(b"<!DOCTYPE html><a href=hello-1.0.tar.gz>", "text/html"), UNKNOWN),
    (Reply(b"<!DOCTYPE html>"), UNKNOWN),
    (page(project("hello", SDIST), content_type="application/json"), UNKNOWN),
    (page(project("hello", SDIST), content_type="application/vnd.pypi.simple.v2+json"), UNKNOWN),
    (page(project("hello", SDIST), content_type=""), UNKNOWN),
    (page(project("hello", SDIST), cut=50), UNKNOWN),
    (page(project("hello", SDIST), cut=50, headers={"Content-Length": "50"}), UNKNOWN),
    (page(project("other", SDIST)), UNKNOWN),
    (page(project("hello", SDIST, name=None)), UNKNOWN),
    (page(project("hello", SDIST, meta={"api-version": "2.0"})), UNKNOWN),
    (page(project("hello", SDIST, meta={})), UNKNOWN),
    (page(project("hello", SDIST, meta=None)), UNKNOWN),
    (page(project("hello", files=None)), UNKNOWN),
    (page(project("hello", files="")), UNKNOWN),
    (page(project("hello", files={"0": FILE})), UNKNOWN),
    (page(project("hello", files=[FILE, None])), UNKNOWN),
    (page(project("hello", files=[FILE, SDIST])), UNKNOWN),
    (page(project("hello", files=[{"filename": 1}])), UNKNOWN),
    (page(project("hello", files=[{"filename": SDIST, "yanked": None}])), UNKNOWN),
    (page(project("hello", files=[{"filename": SDIST, "yanked": {}}])), UNKNOWN),
    (page([]), UNKNOWN),
    (page(None), UNKNOWN),
    (page("hello"), UNKNOWN),
    (Reply(), UNKNOWN),
]
# The names of a project's files, and its versions.
FILES = [
    ([SDIST, "hello-1.0-py3-none-any.whl"], ["1.0"]),
    (["hello-1.0.zip", "hello-1.1.tar.bz2", "hello-1.2.tgz", "hello-1.3.tar.xz"], ["1.3", "1.2", "1.1", "1.0"]),
    (["hello-1.9.tar.gz", "hello-1.10.tar.gz", "hello-1!0.1.tar.gz"], ["1!0.1", "1.10", "1.9"]),
    (["hello-1.0.0.tar.gz", "hello-1.0-py3-none-any.whl"], ["1.0.0"]),
    (["hello-1.0+cu118-cp312-cp312-manylinux_2_17_x86_64.whl", "hello-2-1abc-py3-none-any.whl"], ["2", "1.0+cu118"]),
    (["hello-1.0_1-py3-none-any.whl"], ["1.0.post1"]),
    (["Hello-1.0RC1.tar.gz", "hello-1.0-1.tar.gz", "hello-2.0-py2.7.tar.gz"], ["2.0", "1.0.post1", "1.0rc1"]),
    # Nothing that pip would install:
    (["hello-1.0.exe", "hello-1.0-py2.7.egg", "hello-1.0.rpm", "hello-1.0.tar.gz.asc", "hello-1.0"], []),
    (["hello-1.0.linux-x86_64.tar.gz", "hello-1.0.win32.zip", "hello-2004d.tar.gz", "hello-.tar.gz"], []),
    (["hello-1.0-x-py3-none-any.whl", "hello-1.0-any.whl", "hello-1.0.whl", "hello-a-py3-none-any.whl"], []),
    (["hello-1.0-1-1-py3-none-any.whl", "hello-1.0-py3-none-any.whl.metadata"], []),
    # Of other projects:
    (["hello-world-1.0.tar.gz", "hello_world-1.0-py3-none-any.whl", "hell-o-1.0.tar.gz", "1.0.tar.gz"], []),
]
# What is said of the files of one version, and whether it is yanked then. A text is a reason.
YANKED: list[tuple[list[bool | str], bool]] = [
    ([True], True),
    (["it was broken"], True),
    ([""], False),
    ([True, True], True),
    ([True, False], False),
    ([False, "it was broken"], False),
]


def files_yanked(marks: list[bool | str]) -> list[dict[str, Any]]:
    names = [SDIST, "hello-1.0-py3-none-any.whl"]
    return [{"filename": name, "yanked": mark} for name, mark in zip(names, marks, strict=False)]


CASES = [
    *PAGES,
    *((page(project("hello", *files)), exists(*versions)) for files, versions in FILES),
    *(
        (page(project("hello", files=files_yanked(marks))), exists("1.0~" if all_of_it else "1.0"))
        for marks, all_of_it in YANKED
    ),
]


@pytest.fixture(scope="module")
def answers(node: Node) -> list[Any]:
    """What is made of each page of CASES, each at an address of its own."""
    with Server() as server:
        server.replies["/moved/"] = page(project("hello", SDIST))
        server.replies["/loop/"] = Reply(status=302, headers={"Location": "/loop/"})
        server.replies |= {f"/{number}/simple/hello/": reply for number, (reply, _) in enumerate(CASES)}
        bases = [f"{server.url}/{number}" for number in range(len(CASES))]
        return node.values(MODULE, [["ask", "hello", {"base": base}] for base in bases])


@pytest.mark.parametrize("number", range(len(CASES)))
def test_answers(answers: list[Any], number: int) -> None:
    assert (CASES[number][0], answers[number]) == CASES[number]


@pytest.mark.parametrize("hang", ["head", "body"])
def test_no_answer_in_time(node: Node, server: Server, hang: str) -> None:
    """Without a limit these would never end."""
    reply = page(project("hello", SDIST), hang=hang, cut=20)
    assert ask(node, server, reply, limit=200) == UNKNOWN
    assert ask(node, server, reply, limit=2**30, signal={"abort after": 200}) == UNKNOWN


def test_a_signal_given_before(node: Node, server: Server) -> None:
    assert ask(node, server, page(project("hello", SDIST)), signal={"abort after": 0}) == UNKNOWN
    assert server.requests == []


def test_nobody_there(node: Node) -> None:
    """Port 1 is closed, and the domain `invalid` has no hosts."""
    bases = ["http://127.0.0.1:1", "http://host.invalid", "no address", "", None, 1]
    assert node.values(MODULE, [["ask", "hello", {"base": base}] for base in bases]) == [UNKNOWN] * len(bases)


def test_a_name_of_many_parts(node: Node, server: Server) -> None:
    files = ["a.b--c-1.0.tar.gz", "A_B_C-1.1.zip", "a_b_c-1.2-py3-none-any.whl", "a-b-2.0.tar.gz", "a-b-c-d-3.tar.gz"]
    assert ask(node, server, page(project("a_b.c", *files)), "a-b-c") == exists("1.2", "1.1", "1.0")


@pytest.mark.parametrize(
    "filename",
    [
        "hello-" * 300_000 + "1.tar.gz",
        "hello" + "-" * 2_000_000 + ".tar.gz",
        "hello-1" + ".tar" * 500_000,
        "hello-1" + "-py3" * 500_000 + ".zip",
        "h" * 2_000_000 + "-1-py3-none-any.whl!",
        "-" * 2_000_000 + ".whl",
    ],
    ids=lambda filename: filename[:9],
)
def test_long_file_names_end(node: Node, server: Server, filename: str) -> None:
    """With time that grows as the square of their length they would not."""
    assert ask(node, server, page(project("hello", filename, SDIST)), limit=600_000) == exists("1.0")
