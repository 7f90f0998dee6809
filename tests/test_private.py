"""Private repositories: what is published of them, and where the token that reads them is not to be found."""

from __future__ import annotations

import base64
import os
import secrets
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests import samples
from tests.samples import project_files, table
from tests.servers.forge import GitHubServer
from tests.servers.forge.wire import Answer, WireServer
from tests.verbs import Index, command, contents

if TYPE_CHECKING:
    from tests.servers.forge import Repository
    from tests.verbs import Hub

SECRETS: dict[str, Any] = {
    "description": "secret-summary",
    "authors": [{"name": "secret-author"}],
    "keywords": ["secret-keyword"],
    "license": None,
    "classifiers": ["License :: OSI Approved :: secret-license"],
    "urls": {"Homepage": "https://secret-homepage.example", "Docs": "https://secret-docs.example"},
    "dependencies": ["secret-dependency"],
    "optional_dependencies": {"secret-extra": ["secret-optional"]},
    "requires_python": ">=3.9",
}


@pytest.fixture
def token(github: GitHubServer, clean_environment: pytest.MonkeyPatch) -> str:
    """PACKAGES_TOKEN, which may read octo/closed, and looks like no other text."""
    made = f"packages{secrets.token_hex(12)}"
    github.add_token(made, {"octo/closed": {"contents": "read"}}, user="octocat")
    clean_environment.setenv("PACKAGES_TOKEN", made)
    clean_environment.setenv("GITHUB_SERVER_URL", github.url)
    return made


@pytest.fixture
def closed(github: GitHubServer, token: str) -> Repository:
    """A private repository with one release, whose metadata and README are full of secrets."""
    repository = github.create_repository("octo/closed", private=True)
    repository.commit(project_files("closed", "1.0", **SECRETS) | {"README.md": "secret-readme\n"})
    repository.tag("v1.0")
    return repository


def published(index: Index) -> str:
    """All that the index holds of the package, and its card."""
    return "\n".join(path + content.decode() for path, content in contents(index.root).items() if "static" not in path)


def traces(token: str, text: bytes) -> list[bytes]:
    """The forms of a token that are found in some bytes."""
    user = base64.b64encode(f"x-access-token:{token}".encode())
    return [form for form in (token.encode(), user, base64.b64encode(token.encode())) if form in text]


@pytest.mark.parametrize("options", [(), ("--publish-metadata", "auto"), ("--publish-metadata", "never")])
def test_only_the_least_is_published(index: Index, closed: Repository, options: tuple[str, ...]) -> None:
    index.did("register", "octo/closed", *options)
    assert "secret-" not in published(index)
    made = index.package("closed")
    (release,) = made.releases
    assert (made.name, made.private, made.repository) == ("closed", True, closed.url)
    assert (release.version, release.tag, release.commit) == ("1.0", "v1.0", closed.branch("main"))
    assert (release.requires_python, release.build_requires) == (">=3.9", ("flit_core>=3.4",))
    assert release.build_backend == "flit_core.buildapi"
    assert release.dynamic == ("requires-dist", "provides-extra"), "unknown, not none"


def test_all_is_published_when_the_request_says_so(index: Index, closed: Repository) -> None:
    index.did("register", "octo/closed", "--publish-metadata", "always")
    made = index.package("closed")
    assert (made.private, made.about.summary) == (True, "secret-summary")
    assert made.releases[0].requires_dist == ("secret-dependency", 'secret-optional; extra == "secret-extra"')
    assert index.read("closed/1.0.md") == "secret-readme\n"


def test_what_is_typed_is_published(index: Index, closed: Repository) -> None:
    index.did("register", "octo/closed", "--summary", "For everybody to read")
    assert index.package("closed").about.summary == "For everybody to read"
    assert "secret-" not in published(index)


def test_what_was_chosen_stays_chosen(index: Index, closed: Repository) -> None:
    index.did("register", "octo/closed")
    closed.commit(project_files("closed", "1.1", **SECRETS))
    closed.tag("v1.1")
    index.did("update", "closed")
    assert index.versions("closed") == ["1.1", "1.0"]
    assert "secret-" not in published(index)


def test_of_a_public_repository_with_the_choice_never(index: Index, closed: Repository) -> None:
    closed.private = False
    index.did("register", "octo/closed", "--publish-metadata", "never")
    assert not index.package("closed").private
    assert "secret-" not in published(index)
    closed.commit(project_files("closed", "1.1", **SECRETS))
    closed.tag("v1.1")
    index.did("update", "closed")
    assert "secret-" not in published(index)


def test_the_pull_request_tells_nothing_either(hub: Hub, closed: Repository, token: str) -> None:
    pull = hub.proposed("register", "octo/closed")
    said = f"{pull.title}{pull.body}{hub.summary.read_text('utf-8')}"
    said += "".join(str(hub.index.read(path, pull.head)) for path in hub.index.files(pull.head))
    assert "secret-" not in said
    assert token not in said
    assert "| Dependencies | not published; known when it is built |" in said


def test_a_describe_job_hands_over_nothing_either(closed: Repository, tmp_path: Path) -> None:
    command("describe", "octo/closed", "--out", tmp_path / "release.json")
    assert "secret-" not in (tmp_path / "release.json").read_text()
    command("describe", "octo/closed", "--publish-metadata", "always", "--out", tmp_path / "release.json")
    assert "secret-readme" in (tmp_path / "release.json").read_text()


# The token


def test_the_token_reads_and_without_it_nothing_is_read(
    index: Index, closed: Repository, clean_environment: pytest.MonkeyPatch
) -> None:
    clean_environment.delenv("PACKAGES_TOKEN")
    said = index.run("register", "octo/closed").error
    assert "set the secret PACKAGES_TOKEN" in said
    clean_environment.setenv("PACKAGES_TOKEN", "expired")
    assert "one that is there may have expired" in index.run("register", "octo/closed").error


def test_the_token_is_sent_to_its_own_server_alone(index: Index, closed: Repository, tmp_path: Path) -> None:
    with GitHubServer(tmp_path / "elsewhere") as elsewhere:
        samples.on_github(elsewhere, "octo/closed", "1.0")
        index.did("register", elsewhere.repository("octo/closed").url)
        assert {call.token for call in elsewhere.git_requests} == {None}
        assert elsewhere.git_requests


def test_the_token_does_not_follow_a_redirect_to_another_server(
    index: Index, token: str, tmp_path: Path, clean_environment: pytest.MonkeyPatch
) -> None:
    with GitHubServer(tmp_path / "elsewhere") as elsewhere:
        samples.on_github(elsewhere, "octo/closed", "1.0")
        elsewhere.add_token(token)
        moved = elsewhere.url.replace("127.0.0.1", "localhost")
        redirect = WireServer(lambda request: Answer(302, b"", {"Location": f"{moved}{request.target}"}))
        redirect.start()
        clean_environment.setenv("GITHUB_SERVER_URL", f"http://127.0.0.1:{redirect.server_port}")
        try:
            index.run("register", "octo/closed")
        finally:
            redirect.stop()
        assert elsewhere.git_requests
        assert {call.token for call in elsewhere.git_requests} == {None}


def test_the_token_is_in_no_argument_and_no_file(index: Index, closed: Repository, token: str, tmp_path: Path) -> None:
    """A git that stands in for the real one notes each command line, and all that lies in its folder.

    The settings ask for every password to be kept in a file, too.
    """
    (tmp_path / "gitconfig").write_text("[credential]\n\thelper = store\n")
    notes, bin_, temporary = tmp_path / "notes", tmp_path / "bin", tmp_path / "temporary"
    notes.mkdir()
    bin_.mkdir()
    temporary.mkdir()
    real = subprocess.run(["which", "git"], capture_output=True, text=True, check=True).stdout.strip()
    (bin_ / "git").write_text(
        f'#!/bin/sh\necho "$@" >> {notes}/arguments\n{real} "$@"\nstatus=$?\n'
        f"cat $(find {temporary} -type f -not -path '*/objects/*') /dev/null >> {notes}/files\nexit $status\n"
    )
    (bin_ / "git").chmod(0o755)
    path = os.pathsep.join([str(bin_), os.environ["PATH"]])
    settings = str(tmp_path / "gitconfig")
    arguments = ("register", "octo/closed", "--root", index.root)
    done = command(*arguments, PATH=path, TMPDIR=str(temporary), GIT_CONFIG_GLOBAL=settings)
    assert "Register closed 1.0" in done.said
    assert not traces(token, done.out.encode())
    assert "ls-remote" in (notes / "arguments").read_text()
    assert "[remote" in (notes / "files").read_text(errors="replace")
    for path_ in (*notes.iterdir(), *(path for path in tmp_path.rglob("*") if path.is_file())):
        assert not traces(token, path_.read_bytes()), path_


SPY = """
import os, pathlib

def look():
    yield repr(dict(os.environ)).encode()
    number = os.getpid()
    while number > 1:
        process = pathlib.Path("/proc", str(number))
        for name in ("environ", "cmdline"):
            try:
                yield process.joinpath(name).read_bytes()
            except OSError:
                pass
        try:
            number = int(process.joinpath("stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            break
    for path in pathlib.Path("..").resolve().rglob("*"):
        try:
            yield path.read_bytes()
        except OSError:
            pass

pathlib.Path({notes!r}).write_bytes(b"\\n".join(look()))
"""


@pytest.mark.slow
@pytest.mark.usefixtures("wheels")
@pytest.mark.parametrize("kind", ["setup.py", "backend"])
def test_a_build_finds_the_token_in_no_environment_and_no_file(
    index: Index, closed: Repository, token: str, tmp_path: Path, kind: str
) -> None:
    notes = tmp_path / "notes"
    spy = SPY.format(notes=str(notes))
    if kind == "setup.py":
        setup = 'from setuptools import setup\nsetup(name="closed", version="1.1", py_modules=["closed"])\n'
        closed.commit({"pyproject.toml": None, "setup.py": spy + setup})
    else:
        system = {"requires": ["flit_core"], "build-backend": "spy", "backend-path": ["."]}
        closed.commit(
            {
                "pyproject.toml": table("build-system", system)
                + '[project]\nname = "closed"\nversion = "1.1"\ndynamic = ["description"]\n',
                "spy.py": spy + "from flit_core.buildapi import *\n",
            }
        )
    closed.tag("v1.1")
    arguments = ("register", "octo/closed", "--root", index.root)
    assert "Register closed 1.1" in command(*arguments, GITHUB_TOKEN=f"job{token}").said
    seen = notes.read_bytes()
    assert b"scripts.register" in seen, "the ancestors were looked into"
    assert b"[remote" in seen, "so were the files of the repository"
    assert not traces(token, seen)
    assert index.versions("closed") == ["1.1"]


def test_and_without_the_second_start_it_would(closed: Repository, token: str) -> None:
    """That is what `start` is for: a process that was started with a secret shows it to its children."""
    if not Path("/proc/self/environ").exists():
        pytest.skip("there is no /proc here to look into")
    look = "import os, pathlib; print(pathlib.Path(f'/proc/{os.getppid()}/environ').read_bytes())"
    hide = "import os, subprocess, sys; del os.environ['PACKAGES_TOKEN']\n"
    start = f"{hide}subprocess.run([sys.executable, '-c', {look!r}], check=True)"
    done = subprocess.run([sys.executable, "-c", start], capture_output=True, check=True)
    assert traces(token, done.stdout)
