"""Installing from pointers against installing from `git+` links: the same records, repositories and pip.

`python -m tests.bench.installing`: the records as they stand in the repository are the links, the site the pointers.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass, field
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from scripts.cli.git_http import GitCall, serve_git
from tests.bench.clock import cost
from tests.bench.measure import Result, table
from tests.installers import tools
from tests.installers.world import ENVIRONMENT, World, clean
from tests.samples import project_files, self_building
from tests.site.projects import GIT, commit
from tests.site.serving import Handler
from tests.verbs import copy_index

if TYPE_CHECKING:
    from collections.abc import Iterator

TIMES = 7
# How many times as long links are promised to take; a tenth is what one run differs from another.
FASTER, NO_SLOWER, FASTER_WHOLE = 40, 0.9, 1.8
COMMITS, BLOB = 3000, 50_000  # of the large history: 150 MB
FILES = 40  # that are there at once


@dataclass
class Wire:
    """What the git server counts and allows."""

    sent: int = 0  # bytes
    partial_clone: bool = True


class Counting(Handler):
    """The server of the tests, which counts what git fetches."""

    wire: Wire

    def _git(self) -> None:
        address = urlsplit(self.path)
        _, _, name, service = address.path.split("/", 3)
        call = GitCall(self.command, service, address.query, self.headers, self._body(), None)
        repository = self.root / "git" / name
        status, headers, body = serve_git(repository, call, GIT, partial_clone=self.wire.partial_clone)
        self.send_response(status)
        for header, value in headers.items():
            self.send_header(header, value)
        self.end_headers()
        self.wire.sent += len(body)
        self.wfile.write(body)


@contextlib.contextmanager
def counting(folder: Path, wire: Wire) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Served", (Counting,), {"root": folder, "wire": wire}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@dataclass
class Bench:
    """A world with some packages, and pip."""

    world: World
    wire: Wire
    runs: Iterator[int] = field(default_factory=itertools.count)

    def pip(self, index: str, *arguments: str) -> float:
        """The seconds of one install into an empty environment, nothing of it cached."""
        folder = self.world.folder / f"run-{next(self.runs)}"
        folder.mkdir()
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / "target"], check=True)
        options = ["--index-url", f"{self.world.url}/{index}/", "--no-cache-dir", "--quiet"]
        options += ["--find-links", str(tools.wheels())]  # what projects are built with
        command = [str(tools.tool("pip")), "-m", "pip"]
        if "--dry-run" in arguments:  # which changes no environment: pip need not start itself in another one
            command += ["install", "--ignore-installed"]
        else:
            command += ["--python", str(folder / "target/bin/python"), "install"]
        took = cost([*command, *options, *arguments], clean(ENVIRONMENT, folder)).seconds
        shutil.rmtree(folder)
        return took

    def compare(self, what: str, least: float, *arguments: str, times: int = TIMES) -> Iterator[Result]:
        """What an install takes by pointers, measured in turns with the same by links, and what git fetched for it.

        `least` says how many times as long the links are promised to take.
        """
        seconds: dict[str, list[float]] = {"index": [], "site": []}
        fetched = dict.fromkeys(seconds, 0.0)
        for index in [*seconds] * times:
            self.wire.sent = 0
            seconds[index].append(self.pip(index, *arguments))
            fetched[index] = round(self.wire.sent / 1e6, 1)
        links, pointers = (statistics.median(found) for found in seconds.values())
        yield Result(what, pointers, links / least, compared=f"git+ links: {links / pointers:.1f} times as long")
        yield Result(f"  fetched, of {fetched['index']:g} MB by links", fetched["site"], fetched["index"], "MB")


def backtracking(world: World, count: int) -> None:
    """A package, built with flit, of which only the oldest release goes with dep<2."""
    name = f"many-{count}"
    for number in range(1, count + 1):
        needs = ["dep<2" if number == 1 else "dep>=2"]
        commit(world.repository(name), project_files(name, f"{number}.0", dependencies=needs), f"v{number}.0")
    world.register(name)


def large(world: World) -> None:
    """A package with 3,000 commits and 150 MB behind it."""
    repository = world.repository("large")
    commit(repository, self_building("large", "1.0"), "v1.0")
    history = subprocess.Popen(["git", "fast-import", "--quiet"], cwd=repository, env=GIT, stdin=subprocess.PIPE)
    assert history.stdin
    with history.stdin as stream:
        for number in range(COMMITS):
            blob = random.Random(number).randbytes(BLOB)  # noqa: S311 - only that it cannot be compressed matters
            first = b"from refs/heads/main^0\n" if number == 0 else b""
            stream.write(b"commit refs/heads/main\ncommitter A <a@example.org> 1767225600 +0000\ndata 1\nx\n" + first)
            stream.write(b"M 100644 inline data/%d.bin\ndata %d\n%s\n" % (number % FILES, BLOB, blob))
    assert history.wait() == 0
    subprocess.run(["git", "reset", "--hard", "--quiet"], cwd=repository, env=GIT, check=True)
    commit(repository, self_building("large", "2.0"), "v2.0")
    world.register("large")


@contextlib.contextmanager
def prepared() -> Iterator[Bench]:
    wire = Wire()
    with (
        tempfile.TemporaryDirectory() as folder,
        pytest.MonkeyPatch.context() as patch,
        counting(Path(folder), wire) as url,
    ):
        world = World(Path(folder), url)
        (world.folder / "home").mkdir()
        for name in os.environ:
            patch.delenv(name)
        for name, value in clean(ENVIRONMENT, world.folder / "home").items():
            patch.setenv(name, value)
        copy_index(world.folder / "index")
        for version in ("1.0", "2.0"):
            commit(world.repository("dep"), self_building("dep", version), f"v{version}")
        world.register("dep")
        backtracking(world, 20)
        backtracking(world, 60)
        large(world)
        world.publish()
        yield Bench(world, wire)


def results() -> list[Result]:
    found: list[Result] = []
    with prepared() as bench:
        for count, times in ((20, 3), (60, 1)):
            what = f"resolve, backtracking over {count} releases"
            found += bench.compare(what, FASTER, "--dry-run", f"many-{count}", "dep<2", times=times)
        found += bench.compare("install, 3,000 commits and 150 MB behind it", NO_SLOWER, "large")
        bench.wire.partial_clone = False
        found += bench.compare("the same, from a server without partial clone", FASTER_WHOLE, "large", times=3)
    return found


if __name__ == "__main__":
    print(table(results()))
