"""An index in a folder on disk. The only code that writes there: contained paths, all files or none."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from scripts.errors import BadPage, BadValue, MissingFile, Refused
from scripts.values import blob_id

if TYPE_CHECKING:
    from collections.abc import Mapping


class Folder:
    """The index at `root`. Paths are relative to it, with forward slashes, and never lead out of it."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        if not self.root.is_dir():
            raise BadValue("--root", str(root), "is no folder")

    def entries(self) -> frozenset[str]:
        """The names of the files and folders at the top of the repository."""
        return frozenset(entry.name for entry in self.root.iterdir())

    def files(self, folder: str) -> dict[str, str]:
        """The files below a folder, by their path in it, each with its blob id; {} where there is no such folder."""
        top = self._path(folder)
        found = (path for path in top.rglob("*") if path.is_file() and not path.is_symlink())
        return {path.relative_to(top).as_posix(): blob_id(path.read_bytes()) for path in found}

    def names(self, folder: str) -> list[str]:
        """The names of the files in a folder."""
        with os.scandir(self._path(folder)) as entries:
            return sorted(entry.name for entry in entries if entry.is_file(follow_symlinks=False))

    def read(self, path: str) -> str:
        """The text of a file, line endings as they are. Raises MissingFile, Refused, BadPage where it is not UTF-8."""
        try:
            return self._path(path).read_bytes().decode()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            raise MissingFile(path) from None
        except OSError as error:
            raise Refused(f"cannot read {path} in {self.root}", f"{error.strerror}") from None
        except UnicodeDecodeError as error:
            raise BadPage(path, f"is not UTF-8 at byte {error.start}: save it as UTF-8") from None

    def write(self, files: Mapping[str, str | None]) -> None:
        """Bring files to these texts, None takes one away. When anything fails, every file is as it was.

        The new texts, and the old ones to go back to, lie on the disk before the first file changes; index.html
        changes after the pages that it links.
        """
        order = sorted(files, key=lambda path: (files[path] is None, path == "index.html"))
        targets = {path: self._path(path) for path in order}
        before: dict[str, Path] = {}
        after: dict[str, Path] = {}
        made = [folder for path in order for folder in _missing_folders(targets[path].parent)]
        path = ""
        try:
            for path, target in targets.items():
                if target.exists():
                    before[path] = _stage(target, target.read_bytes())
                if (text := files[path]) is not None:
                    after[path] = _stage(target, text.encode())
            done: list[str] = []
            try:
                for path, target in targets.items():
                    done.append(path)
                    _put(after.get(path), target)
            except BaseException:
                for changed in done:
                    _put(before.get(changed), targets[changed])
                raise
        except OSError as error:
            raise Refused(f"cannot write {path} in {self.root}", f"{error.strerror}; nothing was changed") from error
        finally:
            for temporary in (*before.values(), *after.values()):
                temporary.unlink(missing_ok=True)
            for folder in {*made, *(target.parent for target in targets.values())}:
                self._remove_empty(folder)

    def _path(self, path: str) -> Path:
        parts = PurePosixPath(path).parts
        whole = self.root.joinpath(*parts)
        if not parts or ".." in parts or PurePosixPath(path).is_absolute() or "\\" in path or "\0" in path:
            raise BadValue("path", path, "is not inside the index")
        # No part of it may be a link, wherever it leads: git would write through it to another file of the index.
        if any(self.root.joinpath(*parts[:count]).is_symlink() for count in range(1, len(parts) + 1)):
            raise BadPage(path, "is a link or lies behind one: put a real file in its place")
        return whole

    def _remove_empty(self, folder: Path) -> None:
        while folder != self.root and folder.is_relative_to(self.root):
            with contextlib.suppress(OSError):  # it is not empty, or gone already
                folder.rmdir()
            folder = folder.parent


def _missing_folders(folder: Path) -> list[Path]:
    return [] if folder.exists() else [folder, *_missing_folders(folder.parent)]


def _stage(target: Path, content: bytes) -> Path:
    """Write what a file will be beside it, and on to the disk."""
    target.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        Path(name).chmod(target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask())
    except BaseException:
        Path(name).unlink()
        raise
    return Path(name)


def _put(staged: Path | None, target: Path) -> None:
    if staged is None:
        target.unlink(missing_ok=True)
    else:
        staged.replace(target)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


class Site:
    """A folder that is published: written beside the one that is there, and put in its place whole.

    As a context manager: on success the new folder is at `out`, on any error the old one still is.
    """

    def __init__(self, out: Path) -> None:
        self.out = out.resolve()
        self.staged = self.out.with_name(f".{self.out.name}.new")
        self.old = self.out.with_name(f".{self.out.name}.old")

    def __enter__(self) -> Site:
        if self.old.exists() and not self.out.exists():  # a run ended between the two renames
            self.old.rename(self.out)
        shutil.rmtree(self.staged, ignore_errors=True)
        self.staged.mkdir(parents=True)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            shutil.rmtree(self.staged, ignore_errors=True)
            return
        shutil.rmtree(self.old, ignore_errors=True)
        if self.out.exists():
            self.out.rename(self.old)
        self.staged.rename(self.out)
        shutil.rmtree(self.old, ignore_errors=True)

    def write(self, folder: str, files: Mapping[str, bytes]) -> None:
        """Write files into a folder of the site ("" for its top)."""
        target = self.staged / folder
        target.mkdir(exist_ok=True)
        for name, content in files.items():
            with (target / name).open("wb") as file:
                file.write(content)

    def copy(self, source: Path, name: str) -> None:
        """Copy a file or a folder of the repository to the top of the site."""
        if source.is_dir():
            shutil.copytree(source, self.staged / name)
        else:
            shutil.copyfile(source, self.staged / name)
