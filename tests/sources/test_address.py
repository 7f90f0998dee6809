"""Where a repository is: the many ways to write it, and the one that the index keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scripts.errors import BadValue
from scripts.sources.address import Address, parse

if TYPE_CHECKING:
    from pathlib import Path

NAME = "https://github.com/octo/hello"


@pytest.mark.parametrize(
    "written",
    [
        "octo/hello",
        "octo/hello/",
        "octo/hello.git",
        "octo/hello.git/",
        "https://github.com/octo/hello",
        "https://github.com/octo/hello/",
        "https://github.com/octo/hello.git",
        "https://www.github.com/octo/hello.git/",
        "HTTPS://GitHub.com/octo/hello",
        "http://github.com/octo/hello",
        "git://github.com/octo/hello.git",
        "git@github.com:octo/hello.git",
        "github.com:octo/hello",
        "ssh://git@github.com/octo/hello.git",
        "ssh://git@github.com:22/octo/hello",
        "git+https://github.com/octo/hello.git",
        "git+ssh://git@github.com/octo/hello.git",
        "https://github.com/octo/hello?tab=readme#install",
    ],
)
def test_a_repository_on_github_has_one_form(written: str) -> None:
    assert parse(written) == Address(NAME)


@pytest.mark.parametrize(
    ("written", "tag", "subdirectory"),
    [
        ("git+https://github.com/octo/hello.git@v1.0", "v1.0", ""),
        ("git+https://github.com/octo/hello@hello/v1.0", "hello/v1.0", ""),
        ("git+https://github.com/octo/hello.git@v1.0#egg=hello", "v1.0", ""),
        ("git+https://github.com/octo/hello#subdirectory=packages/a", "", "packages/a"),
        ("git+ssh://git@github.com/octo/hello@v1#egg=a&subdirectory=packages%2Fa", "v1", "packages/a"),
    ],
)
def test_what_pip_reads_behind_an_address(written: str, tag: str, subdirectory: str) -> None:
    assert parse(written) == Address(NAME, tag, subdirectory)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("https://gitlab.com/group/team/hello.git", "https://gitlab.com/group/team/hello.git"),
        ("https://git.example.org:8443/hello/", "https://git.example.org:8443/hello"),
        ("git@gitlab.com:group/hello.git", "ssh://git@gitlab.com/group/hello.git"),
        ("deploy@git.example.org:hello", "ssh://deploy@git.example.org/hello"),
        ("ssh://git.example.org:2222/hello", "ssh://git.example.org:2222/hello"),
        ("git+file:///srv/git/hello@v1", "file:///srv/git/hello"),
        ("http://127.0.0.1:8000/hello", "http://127.0.0.1:8000/hello"),
        ("https://[2001:db8::1]:8443/hello", "https://[2001:db8::1]:8443/hello"),
    ],
)
def test_other_hosts_keep_theirs(written: str, kept: str) -> None:
    assert parse(written).url == kept
    assert parse(kept).url == kept


def test_a_server_of_ones_own() -> None:
    server = "https://github.example.com/"
    for written in ("octo/hello", "git@github.example.com:octo/hello.git", "https://github.example.com/octo/hello/"):
        assert parse(written, server).url == "https://github.example.com/octo/hello"
    assert parse("https://github.com/octo/hello.git", server).url == "https://github.com/octo/hello.git"


def test_a_path_on_this_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = tmp_path / "a project #1"
    project.mkdir()
    monkeypatch.chdir(project)
    monkeypatch.setenv("HOME", str(tmp_path))
    for written in (str(project), f"{project}/", ".", "../a project #1", "~/a project #1"):
        assert parse(written).url == project.as_uri()
    assert parse(project.as_uri()).url == project.as_uri()


@pytest.mark.parametrize(
    "written",
    [
        "",
        "hello",
        "octo/hello/tree/main",
        "octo/..",
        "octo/.",
        "octo/.git",
        "../octo/\nhello",
        " octo/hello",
        "octo/hello\x1b[31m",
        "octo/<b>",
        'octo/"hello"',
        "x" * 10_000,
        "https://github.com/octo",
        "https://github.com/octo/..",
        "https://github.com/octo/hello/tree/main",
        "https://",
        "https://[::1/hello",
        "https://git.example.org:x/hello",
        "http://git.example.org/hello",
        "ftp://git.example.org/hello",
        "ext::sh -c touch% hacked",
        "--upload-pack=touch hacked",
        "~nobody-of-this-name/hello",
        "file://elsewhere/hello",
        "javascript:alert(1)",
    ],
)
def test_what_is_no_address(written: str) -> None:
    with pytest.raises(BadValue) as refused:
        parse(written)
    assert len(str(refused.value)) < 300


@pytest.mark.parametrize(
    "written",
    [
        "https://octocat:hunter2@github.com/octo/hello",
        "https://hunter2@github.com/octo/hello",
        "git+https://octocat:hunter2@git.example.org/hello@v1",
        "ssh://git:hunter2@git.example.org/hello",
        "HTTPS://octocat:hunter2@git.example.org/hello",
        "https://octocat:hunter2@github.com/octo/hello ",
        "https://octocat:hunter2@github.com/octo/hello\n",
        "https://octocat:hunter2@[::1/hello",
        "https://octocat:hunter2@git.example.org:x/hello",
        "https://octocat:hunter2@git.example.org/" + "x" * 500,
        "octocat:hunter2@git.example.org/hello",
        "octocat:hunter2@git.example.org:hello",
    ],
)
def test_a_credential_is_refused_and_not_shown(written: str) -> None:
    with pytest.raises(BadValue, match="leave them out") as refused:
        parse(written)
    assert "hunter2" not in str(refused.value)
    assert "hunter2" not in repr(refused.value)
