"""`publish --serve` as people use it, and `--try-install` where nothing can be tried."""

from __future__ import annotations

import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Self

import pytest

from scripts.cli.preview import serving
from tests.factories import package, release
from tests.verbs import ROOT, interruptible, run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.site.indexes import Scratch


class Preview:
    """A running `publish --serve`. `out` and `root` are as a person would type them, in the index's folder."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-m", "scripts.publish", "--serve", *arguments],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            preexec_fn=interruptible,
        )
        self.lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()
        self.url = self.line().split()[0]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    def _listen(self) -> None:
        assert self.process.stdout
        with self.process.stdout as printed:
            for line in printed:
                self.lines.put(line)

    def line(self) -> str:
        """The next line that it prints, which must come soon."""
        return self.lines.get(timeout=20)

    def get(self, path: str) -> str:
        with urllib.request.urlopen(self.url + path, timeout=10) as answer:
            return str(answer.read().decode())

    def silent(self, seconds: float) -> bool:
        """Whether nothing is said for a while."""
        time.sleep(seconds)
        return self.lines.empty()


@pytest.mark.slow
@pytest.mark.parametrize("arguments", [(), ("--root", "{root}"), ("--root", "{root}", "--out", "../elsewhere")])
def test_a_preview_is_built_anew_when_a_record_changes(filled: Scratch, arguments: tuple[str, ...]) -> None:
    with Preview(filled.root, *(one.format(root=filled.root) for one in arguments)) as preview:
        assert preview.line() == "built: 3 packages\n"
        assert f"leaf @ {preview.url}leaf/leaf-1.0.tar.gz#sha256=" in preview.get("constraints.txt")
        assert preview.silent(1.3), "it must be built once"
        filled.add(package(release("2.0"), name="newer", project="newer"))
        while (line := preview.line()) != "built: 4 packages\n":  # the files come one by one
            assert line.startswith("error: ")
        assert "newer-2.0.tar.gz" in preview.get("newer/")
        (filled.root / "newer" / "index.html").unlink()
        assert preview.line().startswith("error: newer/index.html is not there")
        assert "newer-2.0.tar.gz" in preview.get("newer/"), "the last good site stays"
        with pytest.raises(urllib.error.HTTPError, match="404"):
            preview.get("no-such-package/")
        preview.process.send_signal(signal.SIGINT)
        assert preview.process.wait(10) == 0


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_port_that_is_taken(filled: Scratch, taken: int) -> None:
    assert filled.run("--serve", taken).error.startswith(f"cannot serve on port {taken}: ")
    assert filled.run("--serve", 70000).error.startswith("cannot serve on port 70000: ")


def test_a_site_without_a_public_package_is_not_tried(scratch: Scratch) -> None:
    scratch.add(package(private=True))
    scratch.publish()
    with serving(scratch.out) as url:
        said = run("publish", "--try-install", url).said
    assert said == f"{url} has no package that everyone may install: nothing to try\n"


def test_an_address_that_is_none_is_not_waited_for() -> None:
    assert run("publish", "--try-install", "octo.github.io").error.startswith('--try-install "octo.github.io" is ')
