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
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from scripts.errors import BadPage, BadValue

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: two runs at one time are not told apart there
    fcntl = None  # type: ignore[assignment]

NAME = ".index-change"
# All of a journal lies in a folder of this name. Git takes no path that has such a part, so no pull request can bring
# a journal along whose plan names files to write or to remove.
INSIDE = ".git"


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
        return any(map(_is_own, (self.preparing, self.doing, self.undoing, self.done)))

    def _recover(self) -> None:
        """Make the change that was left where that was decided, else drop it."""
        if _is_own(self.undoing):
            self._undo()
        elif _is_own(self.doing):
            self._do()
        for folder in (self.preparing, self.done):
            _drop(folder)

    def change(self, files: Mapping[str, bytes | None]) -> None:
        """Bring files to these contents in this order, None takes one away. Raises OSError; then all is as before."""
        try:
            self._prepare(files)
            self.preparing.rename(self.doing)
        except BaseException:
            _drop(self.preparing)
            raise
        try:
            self._do()
        except BaseException:
            if _is_own(self.doing):  # else all of it is done
                self.doing.rename(self.undoing)
                self._undo()
            raise

    def _prepare(self, files: Mapping[str, bytes | None]) -> None:
        for folder in (self.preparing, self.done):
            _drop(folder)  # an empty one, of a process that was ended
        for folder in (self.preparing, self.doing, self.undoing, self.done):
            if os.path.lexists(folder):
                raise FileExistsError(errno.EEXIST, f"{folder.name} is in the way, take it out", str(folder))
        inside = self.preparing / INSIDE
        self.preparing.mkdir()
        inside.mkdir()
        for number, (path, content) in enumerate(files.items()):
            target = self.root / path
            _check_place(target, self.root)
            if target.exists():
                shutil.copy2(target, inside / f"old-{number}")
            if content is not None:
                mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
                _write(inside / f"new-{number}", content, mode)
        plan = [(path, (self.root / path).exists(), content is not None) for path, content in files.items()]
        _write(inside / "plan.json", json.dumps(plan).encode(), 0o666 & ~_umask())

    def _do(self) -> None:
        """Put the new files in their places."""
        self._put(self.doing, "new", [(target, is_to_be) for target, _, is_to_be in self._plan(self.doing)])

    def _undo(self) -> None:
        """Put the old files back."""
        self._put(self.undoing, "old", [(target, was_there) for target, was_there, _ in self._plan(self.undoing)])

    def _put(self, folder: Path, kind: str, plan: list[tuple[Path, bool]]) -> None:
        """Let each file be there or not; those in their places already are no longer in the journal."""
        for number, (target, is_to_be) in enumerate(plan):
            if not is_to_be:
                target.unlink(missing_ok=True)
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            with contextlib.suppress(FileNotFoundError):
                (folder / INSIDE / f"{kind}-{number}").replace(target)
        self._forget(folder, [target for target, _ in plan])

    def _plan(self, folder: Path) -> list[tuple[Path, bool, bool]]:
        """The files, whether each was there before, and whether it is to be there after."""
        listed = json.loads((folder / INSIDE / "plan.json").read_bytes())
        return [(contained(self.root, path), was_there, is_to_be) for path, was_there, is_to_be in listed]

    def _forget(self, folder: Path, targets: list[Path]) -> None:
        for target in targets:
            _remove_empty(target.parent, self.root)
        _drop(self.done)
        folder.rename(self.done)
        _drop(self.done)


def contained(root: Path, path: str) -> Path:
    """Where a path of the index is. Raises BadValue for one that leads out of it, BadPage for one behind a link."""
    parts = PurePosixPath(path).parts
    if not parts or ".." in parts or PurePosixPath(path).is_absolute() or "\\" in path or "\0" in path:
        raise BadValue("path", path, "is not inside the index")
    # No part of it may be a link, wherever it leads: git would write through it to another file of the index.
    if any(root.joinpath(*parts[:count]).is_symlink() for count in range(1, len(parts) + 1)):
        raise BadPage(path, "is a link or lies behind one: put a real file in its place")
    return root.joinpath(*parts)


def _is_own(folder: Path) -> bool:
    """Whether a folder is one that a process has made here, and nothing that lies in the repository."""
    inside = folder / INSIDE
    return inside.is_dir() and not (folder.is_symlink() or inside.is_symlink())


def _drop(folder: Path) -> None:
    """Take a journal away, and nothing else that may be in its place."""
    if _is_own(folder):
        shutil.rmtree(folder / INSIDE, ignore_errors=True)
    if not folder.is_symlink():
        with contextlib.suppress(OSError):
            folder.rmdir()


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
