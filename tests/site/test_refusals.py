"""What pip and uv show when a pointer cannot be built: one sentence that says what to do, and never a question."""

from __future__ import annotations

import os
import pty
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.site import projects
from tests.site.serving import PASSWORD, USER

if TYPE_CHECKING:
    from tests.site.conftest import Index, Installer

pytestmark = pytest.mark.slow


def sentence(output: str, package: str) -> str:
    """The line in which the backend speaks; there is no traceback around it."""
    assert "Traceback" not in output
    lines = {line.strip() for line in output.splitlines() if line.strip().startswith(f"{package} 1.0: ")}
    assert len(lines) == 1, output
    return lines.pop()


def test_a_private_repository_without_a_login(installer: Installer, index: Index) -> None:
    index.add_sample("own_backend", room="private")
    started = time.monotonic()
    said = sentence(installer.refuse("own-backend"), "own-backend")
    assert time.monotonic() - started < 20
    assert said.startswith(f"own-backend 1.0: git cannot read {index.url}/private/own_backend (fatal: ")
    assert "~/.netrc" in said


def test_a_private_repository_without_a_login_for_the_oldest_pip(old_pip: Installer, index: Index) -> None:
    index.add_sample("own_backend", room="private")
    assert f"git cannot read {index.url}/private/own_backend" in sentence(old_pip.refuse("own-backend"), "own-backend")


def test_a_private_repository_with_a_login_in_netrc(installer: Installer, index: Index) -> None:
    index.add_sample("own_backend", room="private")
    netrc = Path(installer.environment["HOME"], ".netrc")
    netrc.write_text(f"machine 127.0.0.1 login {USER} password {PASSWORD}\n")
    netrc.chmod(0o600)
    installer.install("own-backend")


def test_a_private_repository_with_a_login_that_is_wrong(installer: Installer, index: Index) -> None:
    index.add_sample("own_backend", room="private")
    netrc = Path(installer.environment["HOME"], ".netrc")
    netrc.write_text(f"machine 127.0.0.1 login {USER} password wrong\n")
    netrc.chmod(0o600)
    assert "give git a login that it can use" in sentence(installer.refuse("own-backend"), "own-backend")


def test_a_token_in_a_rewritten_address_is_not_shown(uv: Installer, index: Index, tmp_path: Path) -> None:
    """Git itself hides a password there, but shows a user, which a token can stand for."""
    index.add_sample("own_backend", room="private")
    settings = tmp_path / "settings"
    settings.write_text(f'[url "{index.url.replace("//", "//a-token@")}/"]\n\tinsteadOf = {index.url}/\n')
    output = uv.refuse("own-backend", GIT_CONFIG_GLOBAL=str(settings))
    assert "could not read Password for 'http://127.0.0.1" in sentence(output, "own-backend")
    assert "a-token" not in output


@pytest.mark.parametrize("way", ["helper", "header", "askpass"])
def test_a_private_repository_with_other_logins_of_git(uv: Installer, index: Index, tmp_path: Path, way: str) -> None:
    index.add_sample("own_backend", room="private")
    askpass = tmp_path / "askpass"
    askpass.write_text(f'#!/bin/sh\ncase "$1" in Username*) echo {USER};; *) echo {PASSWORD};; esac\n')
    askpass.chmod(0o755)
    settings = tmp_path / "settings"
    settings.write_text(f'[credential]\n\thelper = "!f() {{ echo username={USER}; echo password={PASSWORD}; }}; f"\n')
    environment = {
        "helper": {"GIT_CONFIG_GLOBAL": str(settings)},
        "askpass": {"GIT_ASKPASS": str(askpass)},
        "header": {
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": f"http.{index.url}/.extraHeader",
            "GIT_CONFIG_VALUE_0": "Authorization: Basic c29tZW9uZTphLXNlY3JldA==",
        },
    }
    uv.install("own-backend", **environment[way])


def test_on_a_terminal_nothing_is_asked(installer: Installer, index: Index) -> None:
    index.add_sample("own_backend", room="private")
    main, terminal = pty.openpty()
    process = subprocess.Popen(
        [*installer.command, "install", *installer.options, "own-backend"],
        env=installer.environment,
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        start_new_session=True,
        preexec_fn=lambda: os.close(os.open(os.ttyname(0), os.O_RDWR)),  # makes it the terminal that programs ask on
    )
    os.close(terminal)
    shown = b""
    started = time.monotonic()
    while time.monotonic() - started < 60:
        try:
            shown += os.read(main, 4096)
        except OSError:
            break
        if b"Username for" in shown.replace(b"read Username for", b""):
            process.kill()
            break
    assert process.wait(60) not in (0, -9)
    assert b"git cannot read" in shown


def test_a_tag_that_moved(installer: Installer, index: Index) -> None:
    index.add_sample("own_backend")
    moved = projects.commit(index.repository("own_backend"), {"more": "more"})
    projects.git(index.repository("own_backend"), "tag", "--force", "v1.0")
    assert f"now names {moved}, and was registered as" in sentence(installer.refuse("own-backend"), "own-backend")


@pytest.mark.parametrize("name", ["by_hatch_vcs", "by_scm"])
def test_a_tag_that_is_gone_still_gives_the_version(installer: Installer, index: Index, name: str) -> None:
    index.add_sample(name)
    projects.commit(index.repository(name), {"more": "more"})
    projects.git(index.repository(name), "tag", "--delete", "v1.0")
    installer.install(name)
    assert installer.python_says(f"print(version('{name}'))") == "1.0"


def test_dependencies_that_are_not_as_promised(installer: Installer, index: Index) -> None:
    index.add_sample("by_flit", requires_dist=("leaf>=1.0",), provides_extra=())
    said = sentence(installer.refuse("by_flit"), "by-flit")
    assert "promises Requires-Dist ['leaf>=1.0'], and commit" in said
    assert "ask the maintainers of the index" in said
