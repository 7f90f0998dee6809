"""git over http: who may clone and push, and how."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
import requests

from tests.servers.conftest import connect

if TYPE_CHECKING:
    from pathlib import Path

    from tests.servers.forge import GitHubServer, Repository


def git(*arguments: str | Path, fine: bool = True) -> str:
    """What a git command says; on both streams when it is to fail."""
    done = subprocess.run(["git", *arguments], capture_output=True, text=True, check=False)
    assert (done.returncode == 0) == fine, done.stderr
    return done.stdout.strip() if fine else done.stdout + done.stderr


def with_password(repository: Repository, token: str) -> str:
    return repository.url.replace("://", f"://anybody:{token}@")


@pytest.mark.parametrize("suffix", ["", ".git"])
def test_anybody_clones_a_public_repository(
    github: GitHubServer, repository: Repository, tmp_path: Path, suffix: str
) -> None:
    git("clone", "-q", repository.url + suffix, tmp_path / "clone")
    assert git("-C", tmp_path / "clone", "rev-parse", "HEAD") == repository.branch("main")
    assert [call.status for call in github.git_requests] == [200, 200, 200]
    assert sum(call.sent for call in github.git_requests) > 500
    assert github.requests == []


def test_a_private_repository_asks_who_is_there(github: GitHubServer, repository: Repository, tmp_path: Path) -> None:
    repository.private = True
    github.add_token("blind", {"octo/index": {"issues": "write"}})
    answer = requests.get(f"{repository.url}/info/refs?service=git-upload-pack", timeout=5)
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, 'Basic realm="GitHub"')
    assert "could not read Username" in git("ls-remote", repository.url, fine=False)
    assert "Authentication failed" in git("ls-remote", with_password(repository, "wrong"), fine=False)
    assert "not found" in git("ls-remote", with_password(repository, "blind"), fine=False)
    git("clone", "-q", with_password(repository, "secret"), tmp_path / "clone")
    header = "http.extraHeader=Authorization: Bearer secret"
    assert git("-c", header, "ls-remote", repository.url, "HEAD").startswith(repository.branch("main") or "")
    assert requests.get(repository.url, timeout=5).status_code == 404
    repository.private = False
    assert requests.get(repository.url, timeout=5).status_code == 200


def test_what_is_not_there_looks_like_what_is_private(github: GitHubServer, repository: Repository) -> None:
    answer = requests.get(f"{github.url}/octo/none.git/info/refs?service=git-upload-pack", timeout=5)
    assert answer.status_code == 401
    assert "not found" in git("ls-remote", with_password(repository, "secret").replace("index", "none"), fine=False)


def test_a_push_needs_the_right_to_write(github: GitHubServer, repository: Repository, tmp_path: Path) -> None:
    github.add_token("reader", {"octo/index": {"contents": "read"}})
    clone = tmp_path / "clone"
    git("clone", "-q", repository.url, clone)
    (clone / "large.bin").write_bytes(bytes(range(256)) * 8192)  # sent in chunks
    git("-C", clone, "add", ".")
    git("-C", clone, "-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "-qm", "A push")
    push = ["-C", str(clone), "-c", "http.postBuffer=65536", "push", "-q"]
    refspec = "HEAD:refs/heads/pushed"
    assert "could not read Username" in git(*push, repository.url, refspec, fine=False)
    assert "403" in git(*push, with_password(repository, "reader"), refspec, fine=False)
    git(*push, with_password(repository, "secret"), refspec)
    head = git("-C", clone, "rev-parse", "HEAD")
    assert connect(github).get_branch("pushed").commit.sha == head


def test_a_push_moves_pull_requests(github: GitHubServer, repository: Repository, tmp_path: Path) -> None:
    repository.commit({"a.txt": "a"}, branch="topic")
    pull = repository.open_pull("topic")
    git("clone", "-q", with_password(repository, "secret"), tmp_path / "clone")
    git("-C", tmp_path / "clone", "push", "-q", "origin", "origin/topic:main")
    assert pull.merged


def test_one_commit_by_its_id_without_the_rest(repository: Repository, tmp_path: Path) -> None:
    first = repository.branch("main") or ""
    repository.commit({"index.html": "later\n"})
    git("init", "-q", tmp_path / "one")
    git("-C", tmp_path / "one", "fetch", "-q", "--depth=1", "--filter=blob:none", repository.url, first)
    assert git("-C", tmp_path / "one", "rev-parse", "FETCH_HEAD") == first


def test_partial_clones_can_be_switched_off(github: GitHubServer, repository: Repository, tmp_path: Path) -> None:
    repository.commit({"large.txt": "".join(f"{number}\n" for number in range(200_000))})

    def bytes_of_a_clone(name: str) -> int:
        github.git_requests.clear()
        git("clone", "-q", "--bare", "--filter=blob:none", repository.url, tmp_path / name)
        return sum(call.sent for call in github.git_requests)

    filtered = bytes_of_a_clone("filtered")
    repository.partial_clone = False
    assert bytes_of_a_clone("whole") > 10 * filtered


def test_a_renamed_repository_is_found_at_its_old_address(
    github: GitHubServer, repository: Repository, tmp_path: Path
) -> None:
    old = repository.url
    github.rename(repository, "octo/renamed")
    git("clone", "-q", old, tmp_path / "clone")
    assert github.git_requests[0].status == 301
