"""Reading objects through one `git cat-file --batch` that stays open: a process a read would cost more."""

from __future__ import annotations

import subprocess
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True)
class GitObject:
    """One object as git stores it: its name, its kind (blob, tree, commit, tag) and its bytes."""

    sha: str
    kind: str
    data: bytes


class ObjectReader:
    """Reads from the bare repository at `path`. The process begins with the first read and ends with `close`."""

    def __init__(self, path: Path, environment: Mapping[str, str]) -> None:
        self._command = ["git", "--git-dir", str(path), "cat-file", "--batch"]
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def read(self, name: str) -> GitObject | None:
        """The object that a name stands for, None for none."""
        if "\n" in name:
            return None
        with self._lock:
            if self._process is None:
                self._process = subprocess.Popen(
                    self._command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    env=self._environment,
                )
            requests, answers = self._process.stdin, self._process.stdout
            assert requests is not None and answers is not None
            requests.write(name.encode(errors="surrogateescape") + b"\n")
            requests.flush()
            header = answers.readline().decode(errors="surrogateescape").rstrip("\n")
            if header in (f"{name} missing", f"{name} ambiguous"):
                return None
            sha, kind, size = header.split(" ")
            data = answers.read(int(size))
            answers.read(1)
        return GitObject(sha, kind, data)

    def close(self) -> None:
        """End the process."""
        with self._lock:
            if self._process is not None:
                self._process.communicate()
                self._process = None
