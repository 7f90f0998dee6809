"""A change of several files that is made whole or not at all, even where the process is ended within it.

The new files, the old ones and a plan lie in a folder of their own before the first file changes. One rename of that
folder decides that the change is made, another that it is undone; whoever finds it brings to its end what it says.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: two runs at one time are not told apart there
    fcntl = None  # type: ignore[assignment]

NAME = ".index-change"


class Journal:
    """The change under way in the folder `root`, if there is one. All but `interrupted` needs the lock."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.preparing, self.doing, self.undoing, self.done = (
            root / f"{NAME}{state}" for state in (".new", "", ".undo", ".done")
        )

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        """Wait until no other process changes the folder, and keep others from it. It ends with the process.

        What a process has left that was ended is brought to its end first. Raises OSError.
        """
        descriptor = os.open(self.root, os.O_RDONLY) if fcntl else -1
        try:
            if fcntl:
                with contextlib.suppress(OSError):  # a file system without locks
                    fcntl.flock(descriptor, fcntl.LOCK_EX)
            if self.interrupted():
                self._recover()
            yield
        finally:
            if fcntl:
                os.close(descriptor)

    def interrupted(self) -> bool:
        """Whether there is a change that a process has left, or is still at."""
        return any(folder.exists() for folder in (self.preparing, self.doing, self.undoing, self.done))

    def _recover(self) -> None:
        """Make the change that was left where that was decided, else drop it."""
        if self.undoing.exists():
            self._undo()
        elif self.doing.exists():
            self._do()
        for folder in (self.preparing, self.done):
            shutil.rmtree(folder, ignore_errors=True)

    def change(self, files: Mapping[str, bytes | None]) -> None:
        """Bring files to these contents in this order, None takes one away. Raises OSError; then all is as before."""
        try:
            self._prepare(files)
            self.preparing.rename(self.doing)
        except BaseException:
            shutil.rmtree(self.preparing, ignore_errors=True)
            raise
        try:
            self._do()
        except BaseException:
            if self.doing.exists():  # else all of it is done
                self.doing.rename(self.undoing)
                self._undo()
            raise

    def _prepare(self, files: Mapping[str, bytes | None]) -> None:
        self.preparing.mkdir()
        for number, (path, content) in enumerate(files.items()):
            target = self.root / path
            _check_place(target, self.root)
            if target.exists():
                shutil.copy2(target, self.preparing / f"old-{number}")
            if content is not None:
                mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
                _write(self.preparing / f"new-{number}", content, mode)
        plan = [(path, (self.root / path).exists(), content is not None) for path, content in files.items()]
        _write(self.preparing / "plan.json", json.dumps(plan).encode(), 0o666 & ~_umask())

    def _do(self) -> None:
        """Put the new files in their places; those that are there already are no longer in the journal."""
        plan = self._plan(self.doing)
        for number, (target, _, is_to_be) in enumerate(plan):
            if not is_to_be:
                target.unlink(missing_ok=True)
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            with contextlib.suppress(FileNotFoundError):
                (self.doing / f"new-{number}").replace(target)
        self._forget(self.doing, plan)

    def _undo(self) -> None:
        """Put the old files back; those that are there already are no longer in the journal."""
        plan = self._plan(self.undoing)
        for number, (target, was_there, _) in enumerate(plan):
            if not was_there:
                target.unlink(missing_ok=True)
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            with contextlib.suppress(FileNotFoundError):
                (self.undoing / f"old-{number}").replace(target)
        self._forget(self.undoing, plan)

    def _plan(self, folder: Path) -> list[tuple[Path, bool, bool]]:
        """The files, whether each was there before, and whether it is to be there after."""
        listed = json.loads((folder / "plan.json").read_bytes())
        return [(self.root / path, was_there, is_to_be) for path, was_there, is_to_be in listed]

    def _forget(self, folder: Path, plan: list[tuple[Path, bool, bool]]) -> None:
        for target, _, _ in plan:
            _remove_empty(target.parent, self.root)
        shutil.rmtree(self.done, ignore_errors=True)
        folder.rename(self.done)
        shutil.rmtree(self.done, ignore_errors=True)


def _check_place(target: Path, root: Path) -> None:
    """Raises OSError where a folder is in the file's place, or a file in the place of a folder that it lies in."""
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(target))
    for folder in target.parents[: len(target.relative_to(root).parts) - 1]:
        if folder.exists() and not folder.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(target))


def _write(path: Path, content: bytes, mode: int) -> None:
    """Write a file, and on to the disk."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    path.chmod(mode)


def _remove_empty(folder: Path, root: Path) -> None:
    while folder != root and folder.is_relative_to(root):
        with contextlib.suppress(OSError):  # it is not empty, or gone already
            folder.rmdir()
        folder = folder.parent


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
