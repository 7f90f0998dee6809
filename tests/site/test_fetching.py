"""How a pointer's backend comes by the commit: tags that moved or went, logins, git-lfs, a caller that is git."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.site import projects
from tests.site.unpacked import built, hook, stopped, unpacked

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow


def test_a_tag_that_moved(own: Path, repository: Path) -> None:
    pinned = projects.git(repository, "rev-parse", "HEAD")
    moved = projects.commit(repository, {"more": "more"})
    projects.git(repository, "tag", "--force", "v1.0")
    sentence = stopped(own)
    assert f"the tag v1.0 of {repository.as_uri()} now names {moved}, and was registered as {pinned}" in sentence


def test_a_tag_of_something_else_than_a_commit(own: Path, repository: Path) -> None:
    projects.git(repository, "tag", "--force", "v1.0", "HEAD:pyproject.toml")
    assert "now names no commit, and was" in stopped(own)


def test_a_tag_that_is_gone(own: Path, repository: Path) -> None:
    """The commit is enough, and the tag is made again for backends that read the version from it."""
    projects.git(repository, "tag", "--delete", "v1.0")
    projects.commit(repository, {"more": "more"})
    hook(own, "get_requires_for_build_wheel()")
    assert projects.git(own / "checkout", "describe", "--tags", "--long").startswith("v1.0-0-g")
    built(own)


def test_a_tag_and_a_commit_that_are_gone(own: Path, repository: Path) -> None:
    projects.git(repository, "tag", "--delete", "v1.0")
    projects.git(repository, "checkout", "--quiet", "--orphan", "new")
    projects.git(repository, "commit", "--quiet", "--message", "new")
    projects.git(repository, "branch", "--delete", "--force", "main")
    projects.git(repository, "-c", "gc.reflogExpire=now", "reflog", "expire", "--expire=now", "--all")
    projects.git(repository, "gc", "--quiet", "--prune=now")
    assert "no longer has the tag v1.0, nor gives out the commit" in stopped(own)


@pytest.mark.parametrize("tag", ["release/1.0", "v1.0;touch${IFS}x", "v1.0-ü", "v1.0--upload-pack=x"])
def test_tags_of_all_kinds(tmp_path: Path, repository: Path, tag: str) -> None:
    sample = projects.SAMPLES["own_backend"]
    commit = projects.commit(repository, sample.files, tag)
    release = projects.release(repository.as_uri(), commit, **{**sample.record, "tag": tag})
    built(unpacked(tmp_path / "sdist", "own-backend", "own_backend", release))


@pytest.mark.parametrize(
    ("key", "value"),
    [("repository", "ext::sh -c touch% pwned"), ("repository", "--upload-pack=touch pwned"), ("commit", "--output=x")],
)
def test_a_forged_pointer_runs_nothing(own: Path, key: str, value: str) -> None:
    facts = json.loads((own / "pointer.json").read_text())
    (own / "pointer.json").write_text(json.dumps({**facts, key: value}))
    assert "pointer.json names no git repository and commit" in stopped(own)


def test_a_repository_that_is_not_there(own: Path, repository: Path) -> None:
    repository.rename(repository.with_name("gone"))
    sentence = stopped(own, LANG="de_DE.UTF-8")
    assert sentence.startswith(f"own-backend 1.0: git cannot read {repository.as_uri()} (fatal: ")
    assert all(word in sentence for word in ("~/.netrc", "credential helper", "insteadOf", "Docker", "CI"))


def test_a_login_in_a_rewritten_address_is_not_shown(own: Path, repository: Path) -> None:
    settings = own.parent / "settings"
    settings.write_text(f'[url "http://me:hush@127.0.0.1:1/x"]\n\tinsteadOf = {repository.as_uri()}\n')
    sentence = stopped(own, GIT_CONFIG_GLOBAL=str(settings))
    assert "http://127.0.0.1:1/x" in sentence
    assert "hush" not in sentence


@pytest.mark.parametrize("repository_url", ["ssh://git@host.example", "https://host.example"])
def test_ssh_and_an_address_rewritten_to_it(tmp_path: Path, repository: Path, repository_url: str) -> None:
    """The program that stands in for ssh runs on this machine what it is asked to run on the other."""
    ssh = tmp_path / "ssh"
    ssh.write_text('#!/bin/sh\nshift\nexec sh -c "$*"\n')
    ssh.chmod(0o755)
    (tmp_path / "settings").write_text('[url "ssh://git@host.example/"]\n\tinsteadOf = https://host.example/\n')
    sample = projects.SAMPLES["own_backend"]
    commit = projects.commit(repository, sample.files, "v1.0")
    release = projects.release(f"{repository_url}{repository}", commit, **sample.record)
    sdist = unpacked(tmp_path / "sdist", "own-backend", "own_backend", release)
    settings = {"GIT_SSH_VARIANT": "simple", "GIT_CONFIG_GLOBAL": str(tmp_path / "settings")}
    built(sdist, GIT_SSH_COMMAND=str(ssh), **settings)
    denied = "echo 'git@host.example: Permission denied (publickey).' >&2; exit 255;"
    assert "(git@host.example: Permission denied (publickey).; fatal: Could not read from remote repository.)" in (
        stopped(sdist, GIT_SSH_COMMAND=denied, **settings)
    )


def test_without_git(own: Path) -> None:
    assert stopped(own, PATH="/nowhere").endswith("there is no git on the PATH: install git")


def test_inside_a_git_hook_the_callers_repository_is_left_alone(own: Path, repository: Path, tmp_path: Path) -> None:
    caller = tmp_path / "caller"
    before = projects.commit(caller, {"mine": "mine"})
    git = {
        "GIT_DIR": str(caller / ".git"),
        "GIT_WORK_TREE": str(caller),
        "GIT_INDEX_FILE": str(caller / ".git" / "index"),
        "GIT_OBJECT_DIRECTORY": str(caller / ".git" / "objects"),
        "GIT_NAMESPACE": "other",
        "GIT_DEFAULT_HASH": "sha256",
    }
    built(own, **git)
    assert projects.git(caller, "rev-parse", "HEAD") == before
    assert projects.git(caller, "status", "--porcelain") == ""
    assert projects.git(caller, "remote") == ""


def test_configuration_in_the_environment_reaches_git(own: Path, repository: Path) -> None:
    repository.rename(repository.with_name("moved"))
    settings = {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.{repository.with_name('moved').as_uri()}.insteadOf",
        "GIT_CONFIG_VALUE_0": repository.as_uri(),
    }
    built(own, **settings)


def test_a_broken_git_init_never_reaches_a_repository_around_the_sdist(own: Path, tmp_path: Path) -> None:
    projects.commit(tmp_path / "sdist", {"mine": "mine"})
    (own / "checkout").mkdir()
    fake = tmp_path / "bin"
    fake.mkdir()
    script = '#!/bin/sh\nfor word in "$@"; do [ "$word" = init ] && exit 1; done\nexec {} "$@"\n'
    real = subprocess.run(["sh", "-c", "command -v git"], capture_output=True, text=True, check=True).stdout.strip()
    (fake / "git").write_text(script.format(real))
    (fake / "git").chmod(0o755)
    assert "not a git repository" in stopped(own, PATH=f"{fake}{os.pathsep}{os.environ['PATH']}")
    assert projects.git(tmp_path / "sdist", "remote") == ""


LFS = "version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 1\n"


def test_git_lfs_that_is_missing_is_named(tmp_path: Path, repository: Path) -> None:
    sample = projects.SAMPLES["own_backend"]
    files = {**sample.files, ".gitattributes": "*.bin filter=lfs\n", "data/big one.bin": LFS}
    commit = projects.commit(repository, files, "v1.0")
    release = projects.release(repository.as_uri(), commit, **sample.record)
    sentence = stopped(unpacked(tmp_path / "sdist", "own-backend", "own_backend", release))
    assert sentence.endswith("data/big one.bin is in git-lfs: install git-lfs and run `git lfs install`")


def test_a_text_about_git_lfs_is_no_pointer(tmp_path: Path, repository: Path) -> None:
    sample = projects.SAMPLES["own_backend"]
    commit = projects.commit(repository, {**sample.files, "sample.txt": LFS}, "v1.0")
    release = projects.release(repository.as_uri(), commit, **sample.record)
    built(unpacked(tmp_path / "sdist", "own-backend", "own_backend", release))


def test_a_sha256_repository(tmp_path: Path, repository: Path) -> None:
    repository.mkdir()
    projects.git(repository, "init", "--quiet", "--object-format=sha256")
    sample = projects.SAMPLES["own_backend"]
    commit = projects.commit(repository, sample.files, "v1.0")
    assert len(commit) == 64
    release = projects.release(repository.as_uri(), commit, **sample.record)
    built(unpacked(tmp_path / "sdist", "own-backend", "own_backend", release))
