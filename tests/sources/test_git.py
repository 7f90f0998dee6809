"""The git command: what it runs in, that it never asks, and what its refusals come out as."""

from __future__ import annotations

import os
import pty
import select
import shutil
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from scripts.errors import Unreadable
from scripts.sources import git
from tests import samples
from tests.servers.forge import Hang
from tests.verbs import ROOT, contents

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import MakeProject
    from tests.samples import Project
    from tests.servers.forge import GitHubServer
    from tests.verbs import Index


def test_tags_name_commits_whether_light_or_annotated(hello: Project) -> None:
    first = samples.git(hello.path, "rev-parse", "HEAD")
    second = hello.commit({"more": ""})
    samples.git(hello.path, "tag", "-m", "Version 0.2", "v0.2")
    samples.git(hello.path, "tag", "-m", "A tag of a tag", "hello/v0.2", "v0.2")
    assert git.tags(hello.url) == {"v0.1": first, "v0.2": second, "hello/v0.2": second}


def test_one_commit_is_fetched_and_nothing_else(hello: Project, tmp_path: Path) -> None:
    hello.release("0.2")
    commits = git.tags(hello.url)
    folder = tmp_path / "checkout"
    git.fetch(hello.url, "v0.2", folder)
    assert samples.git(folder, "rev-list", "--all") == commits["v0.2"]
    assert git.check_out(hello.url, commits["v0.2"], folder) == 1769860800
    assert 'version" = "0.2"' in (folder / "pyproject.toml").read_text()


def test_a_checkout_leaves_nothing_of_the_one_before(hello: Project, tmp_path: Path) -> None:
    hello.commit({"only-then": "", ".gitignore": "*.built\n"})
    hello.tag("v0.2")
    commits, folder = git.tags(hello.url), tmp_path / "checkout"
    for tag in ("v0.1", "v0.2"):
        git.fetch(hello.url, tag, folder)
    git.check_out(hello.url, commits["v0.2"], folder)
    before = samples.git(folder, "status", "--short", "--ignored")
    (folder / "x.built").touch()
    (folder / "pyproject.toml").write_text("changed by a build")
    samples.git(folder, "init", "-q", "nested")
    git.check_out(hello.url, commits["v0.1"], folder)
    assert sorted(path.name for path in folder.iterdir()) == [".git", "README.md", "public_hello.py", "pyproject.toml"]
    assert before == samples.git(folder, "status", "--short", "--ignored") == ""


def test_signatures_that_the_users_settings_show_are_no_part_of_a_date(
    hello: Project, tmp_path: Path, clean_environment: pytest.MonkeyPatch
) -> None:
    key, settings = tmp_path / "key", tmp_path / "gitconfig"
    if not shutil.which("ssh-keygen"):
        pytest.skip("there is no ssh-keygen to sign with")
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    settings.write_text("[log]\n\tshowSignature = true\n")
    signing = ("-c", "gpg.format=ssh", "-c", f"user.signingKey={key}", "-c", "commit.gpgSign=true")
    samples.git(hello.path, *signing, "commit", "--quiet", "--allow-empty", "-m", "Signed")
    hello.tag("v0.2")
    clean_environment.setenv("GIT_CONFIG_GLOBAL", str(settings))
    git.fetch(hello.url, "v0.2", tmp_path / "checkout")
    assert git.check_out(hello.url, git.tags(hello.url)["v0.2"], tmp_path / "checkout") == 1769860800


# The caller's repository


def test_a_hook_of_the_callers_repository_can_register(index: Index, project: MakeProject, hello: Project) -> None:
    """git tells a hook of the repository that it runs in by GIT_DIR and others: none of that is ours."""
    caller = project("caller", "1.0")
    hook = caller.path / ".git/hooks/pre-commit"
    log = caller.path / ".git/hook-says"
    register = f"{sys.executable} -m scripts.register {hello} --root {index.root}"
    hook.parent.mkdir()
    hook.write_text(f"#!/bin/sh\nenv | grep ^GIT_ > {log}\ncd {ROOT} && {register} >> {log} 2>&1\n")
    hook.chmod(0o755)
    caller.commit({"new": "as committed\n"}, "A commit with a hook")
    assert "GIT_INDEX_FILE=" in log.read_text()
    assert "Register public-hello 0.1" in log.read_text()
    assert samples.git(caller.path, "status", "--short") == ""
    assert samples.git(caller.path, "ls-files").split() == ["README.md", "caller.py", "new", "pyproject.toml"]
    assert samples.git(caller.path, "tag") == "v1.0"
    samples.git(caller.path, "fsck", "--strict")


def test_every_variable_that_names_a_repository_is_dropped(
    project: MakeProject, hello: Project, tmp_path: Path, clean_environment: pytest.MonkeyPatch
) -> None:
    caller = project("caller", "1.0")
    for name, path in {"GIT_DIR": ".git", "GIT_WORK_TREE": "", "GIT_INDEX_FILE": ".git/index"}.items():
        clean_environment.setenv(name, str(caller.path / path))
    clean_environment.setenv("GIT_OBJECT_DIRECTORY", str(caller.path / ".git/objects"))
    clean_environment.setenv("GIT_NAMESPACE", "elsewhere")
    before = contents(caller.path)
    commits, folder = git.tags(hello.url), tmp_path / "checkout"
    git.fetch(hello.url, "v0.1", folder)
    git.check_out(hello.url, commits["v0.1"], folder)
    assert contents(caller.path) == before
    assert (folder / "public_hello.py").exists()


def test_what_git_says_names_a_repository_is_what_is_dropped(clean_environment: pytest.MonkeyPatch) -> None:
    """The list is git's own, less the settings, which may hold a credential."""
    local = samples.git(ROOT, "rev-parse", "--local-env-vars").split()
    for name in local:
        clean_environment.setenv(name, "x")
    kept = set(local) & git.environment().keys()
    assert kept == {"GIT_CONFIG", "GIT_CONFIG_PARAMETERS", "GIT_CONFIG_COUNT"}


# No question, ever

TERMINAL = """
import os, sys
terminal = os.open(sys.argv[1], os.O_RDWR)  # a session without a terminal makes the one it opens its own
for stream in (0, 1, 2):
    os.dup2(terminal, stream)
os.execv(sys.executable, [sys.executable, *sys.argv[2:]])
"""


def on_a_terminal(*arguments: str, seconds: float = 20) -> tuple[int, str]:
    """Run Python with a terminal of its own; its status and what it wrote there. Fails when it does not end."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", TERMINAL, os.ttyname(theirs), *arguments], cwd=ROOT, start_new_session=True
    )
    printed, end = b"", time.monotonic() + seconds
    try:
        while time.monotonic() < end and process.poll() is None:
            if select.select([ours], [], [], 0.05)[0]:
                printed += os.read(ours, 65536)
        assert process.poll() is not None, f"it waits for an answer: {printed.decode()}"
        while select.select([ours], [], [], 0.1)[0]:
            printed += os.read(ours, 65536)
    finally:
        process.kill()
        process.wait()
        os.close(ours)
        os.close(theirs)
    return process.returncode, printed.decode()


def test_nobody_is_asked_for_a_password_on_a_terminal(github: GitHubServer, index: Index) -> None:
    samples.on_github(github, "octo/secret", "0.1", private=True)
    register = ("-m", "scripts.register", f"{github.url}/octo/secret", "--root", str(index.root))
    status, printed = on_a_terminal(*register)
    assert status == 1
    assert "Username" not in printed
    assert printed.startswith("error: cannot read")


def test_no_window_asks_for_a_password(
    github: GitHubServer, tmp_path: Path, clean_environment: pytest.MonkeyPatch
) -> None:
    repository = samples.on_github(github, "octo/secret", "0.1", private=True)
    asked, window = tmp_path / "asked", tmp_path / "window"
    window.write_text(f"#!/bin/sh\ntouch {asked}\n")
    window.chmod(0o755)
    clean_environment.setenv("SSH_ASKPASS", str(window))
    clean_environment.setenv("DISPLAY", ":0")
    with pytest.raises(Unreadable):
        git.tags(repository.url)
    assert not asked.exists()


# Credentials


def test_a_credential_that_the_user_has_is_used(
    github: GitHubServer, tmp_path: Path, clean_environment: pytest.MonkeyPatch
) -> None:
    repository = samples.on_github(github, "octo/secret", "0.1", private=True)
    github.add_token("of-the-user", {"octo/secret": {"contents": "read"}})
    settings = tmp_path / "gitconfig"
    settings.write_text('[credential]\n\thelper = "!echo username=x; echo password=of-the-user; true"\n')
    clean_environment.setenv("GIT_CONFIG_GLOBAL", str(settings))
    assert list(git.tags(repository.url)) == ["v0.1"]


def test_a_token_stands_beside_settings_that_are_there_already(clean_environment: pytest.MonkeyPatch) -> None:
    clean_environment.setenv("GIT_CONFIG_COUNT", "1")
    clean_environment.setenv("GIT_CONFIG_KEY_0", "url.https://mirror.example/.insteadOf")
    clean_environment.setenv("GIT_CONFIG_VALUE_0", "https://github.com/")
    made = git.environment(git.Credential("https://github.com/", "token"))
    assert (made["GIT_CONFIG_COUNT"], made["GIT_CONFIG_KEY_0"]) == ("3", "url.https://mirror.example/.insteadOf")
    assert made["GIT_CONFIG_KEY_1"] == made["GIT_CONFIG_KEY_2"] == "credential.https://github.com.helper"
    assert "token" not in repr(git.Credential("https://github.com", "token"))


# What refusals come out as


def test_no_repository_there(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="no such repository"):
        git.tags((tmp_path / "nothing").as_uri())


def test_a_server_that_nobody_answers_at() -> None:
    with pytest.raises(Unreadable, match=r"cannot be reached .*check the network"):
        git.tags("http://127.0.0.1:9/octo/hello")


def test_a_server_that_does_not_answer_in_time(github: GitHubServer, monkeypatch: pytest.MonkeyPatch) -> None:
    repository = samples.on_github(github, "octo/hello", "0.1")
    github.git_faults.add(Hang(20))
    monkeypatch.setattr(git, "TIMEOUT", 0.5)
    started = time.monotonic()
    with pytest.raises(Unreadable, match=r"no answer within 0\.5 seconds"):
        git.tags(repository.url)
    assert time.monotonic() - started < 5


def test_git_is_not_installed(tmp_path: Path, clean_environment: pytest.MonkeyPatch) -> None:
    clean_environment.setenv("PATH", str(tmp_path))
    with pytest.raises(Unreadable, match="git is not installed: install it"):
        git.tags("https://github.com/octo/hello")


TAIL = """fatal: Could not read from remote repository.

Please make sure you have the correct access rights
and the repository exists.
"""
DUBIOUS = """fatal: detected dubious ownership in repository at '/srv/x'
To add an exception for this directory, call:

\tgit config --global --add safe.directory /srv/x
"""


@pytest.mark.parametrize(
    ("printed", "why"),
    [
        ("fatal: could not read Username for 'https://github.com': terminal prompts disabled", "PACKAGES_TOKEN"),
        ("remote: Repository not found.\nfatal: repository 'https://github.com/o/n/' not found", "no such repository"),
        ("fatal: unable to access 'https://x/': The requested URL returned error: 403", "no such repository"),
        (f"git@x: Permission denied (publickey).\n{TAIL}", "no such repository"),
        ("fatal: unable to access 'https://x/': Could not resolve host: x", "cannot be reached"),
        ("fatal: unable to access 'https://x/': The requested URL returned error: 503", "cannot be reached"),
        ("fatal: unable to access 'https://x/': SSL certificate problem: expired", "SSL certificate problem"),
        (f"ssh: connect to host x port 22: Connection refused\n{TAIL}", "cannot be reached (ssh: connect to host x"),
        (f"ssh: Could not resolve hostname x: Name or service not known\n{TAIL}", "cannot be reached"),
        (DUBIOUS + TAIL, "git says: detected dubious ownership in repository at '/srv/x'"),
        ("error: something new\nfatal: which nobody has seen", "git says: which nobody has seen"),
        ("", "git says: nothing"),
        ("fatal: " + "x" * 10_000, "git says: xxx"),
    ],
)
def test_words_of_git_for_the_person_who_asked(
    tmp_path: Path, clean_environment: pytest.MonkeyPatch, printed: str, why: str
) -> None:
    words, program = tmp_path / "words", tmp_path / "git"
    words.write_text(printed)
    program.write_text(f"#!/bin/sh\n/bin/cat {words} >&2\nexit 128\n")
    program.chmod(0o755)
    clean_environment.setenv("PATH", str(tmp_path))
    with pytest.raises(Unreadable) as refused:
        git.tags("https://github.com/octo/hello")
    assert why in str(refused.value)
    assert len(str(refused.value)) < 600


def test_git_speaks_english_to_us(clean_environment: pytest.MonkeyPatch) -> None:
    clean_environment.setenv("LANGUAGE", "de")
    clean_environment.setenv("LANG", "de_DE.UTF-8")
    made = git.environment()
    assert made["LC_ALL"] == "C.UTF-8"
    assert "LANGUAGE" not in made
