"""How tests run the verbs: in this process or as a command, on an index in a folder or on the GitHub test server."""

from __future__ import annotations

import contextlib
import importlib
import io
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.pages import cards, record

if TYPE_CHECKING:
    from scripts.model import Package
    from tests.servers.forge import GitHubServer, PullRequest, Repository

ROOT = Path(__file__).parent.parent
INDEX_FILES = ("index.html", "pkg_template.html", "static")
VERBS = ("register", "update", "delete", "yank", "describe")


@dataclass(frozen=True)
class Run:
    """How a verb ended: its exit status, and what it printed."""

    status: int
    out: str
    err: str

    @property
    def said(self) -> str:
        """What a run that went well printed."""
        assert self.status == 0, self.err
        assert self.err == ""
        return self.out

    @property
    def error(self) -> str:
        """The one line of a run that was refused."""
        assert self.status == 1, self.out
        assert "Traceback" not in self.err
        (line,) = self.err.splitlines()
        assert line.startswith("error: ")
        assert all(char.isprintable() for char in line), ascii(line)
        assert len(line) < 1000, f"{len(line)} characters"
        return line.removeprefix("error: ")


def run(verb: str, *arguments: object) -> Run:
    """Run a verb in this process."""
    main = importlib.import_module(f"scripts.{verb}").main
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()) as err:
        try:
            status = main([str(argument) for argument in arguments])
        except SystemExit as end:
            status = end.code
    return Run(status, out.getvalue(), err.getvalue())


def command(verb: str, *arguments: object, cwd: Path = ROOT, **environment: str) -> Run:
    """Run a verb as people and workflows do, as a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", f"scripts.{verb}", *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=120,
        check=False,
    )
    return Run(done.returncode, done.stdout.decode(), done.stderr.decode())


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by its path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def copy_index(folder: Path) -> Path:
    """A scratch copy of this repository's own index, as a template is when it is new."""
    folder.mkdir()
    for name in INDEX_FILES:
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, folder / name)
    return folder


@dataclass(frozen=True)
class Index:
    """An index in a folder."""

    root: Path

    def run(self, verb: str, *arguments: object) -> Run:
        return run(verb, *arguments, "--root", self.root)

    def did(self, verb: str, *arguments: object) -> list[str]:
        """Run a verb that must go well; the paths of the files that are not as they were before."""
        before = contents(self.root)
        assert self.run(verb, *arguments).said
        after = contents(self.root)
        return sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))

    def read(self, path: str) -> str:
        return (self.root / path).read_bytes().decode()

    def names(self) -> list[str]:
        return cards.names(self.read("index.html"))

    def package(self, name: str) -> Package:
        return record.read(f"{name}/index.html", self.read(f"{name}/index.html"))

    def versions(self, name: str) -> list[str]:
        return [release.version for release in self.package(name).releases]


@dataclass(frozen=True)
class Hub:
    """An index on the GitHub test server, a checkout of it, and what Actions would put into the environment."""

    github: GitHubServer
    index: Repository
    checkout: Path
    summary: Path
    token: str = field(repr=False)

    def run(self, verb: str, *arguments: object) -> Run:
        return run(verb, *arguments, "--pull-request", "--root", self.checkout)

    def proposed(self, verb: str, *arguments: object) -> PullRequest:
        """Run a verb that must go well; its pull request, the only one that is open."""
        assert self.run(verb, *arguments).said
        (pull,) = [pull for pull in self.index.pulls if pull.state == "open"]
        return pull

    def merged(self, verb: str, *arguments: object) -> PullRequest:
        """Run a verb and merge its pull request."""
        pull = self.proposed(verb, *arguments)
        self.index.merge(pull.number)
        return pull

    def check_out(self) -> None:
        """Bring the checkout to what the default branch has."""
        for path in self.index.files():
            (self.checkout / path).parent.mkdir(exist_ok=True)
            (self.checkout / path).write_bytes((self.index.read(path) or "").encode())

    def branches(self) -> list[str]:
        """The branches beside the default one."""
        return sorted(self.index.branches().keys() - {self.index.default_branch})

    def package(self, name: str, ref: str | None = None) -> Package:
        page = self.index.read(f"{name}/index.html", ref)
        assert page is not None
        return record.read(f"{name}/index.html", page)

    def calls(self) -> list[str]:
        """The API calls since the last time this was asked: method and path below the repository."""
        prefix = f"/repos/{self.index.full_name}"
        made = [f"{call.method} {call.path.removeprefix(prefix)}" for call in self.github.requests]
        self.github.requests.clear()
        return made


def interruptible() -> None:
    """For a child process: Ctrl-C ends it, also where the tests run in the background of a shell that ignores it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
