"""An index in a folder on disk. The only code that writes there: contained paths, all files or none."""

from __future__ import annotations

import contextlib
import os
import shutil
from typing import TYPE_CHECKING

from scripts.errors import BadPage, BadValue, MissingFile, Refused
from scripts.journal import Journal, contained
from scripts.values import blob_id

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


class Folder:
    """The index at `root`. Paths are relative to it, with forward slashes, and never lead out of it."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        if not self.root.is_dir():
            raise BadValue("--root", str(root), "is no folder")
        self._journal = Journal(self.root)
        self._locked = False
        if self._journal.interrupted():
            with self.locked():
                pass  # what another process has left is brought to its end

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

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Keep every other process from changing the index meanwhile: what was read is what is still there."""
        if self._locked:
            yield
            return
        with contextlib.ExitStack() as stack:
            try:
                stack.enter_context(self._journal.lock())
            except OSError as error:
                mend = f"{error.strerror}: mend that, and run again"
                raise Refused(f"cannot complete the change that was interrupted in {self.root}", mend) from error
            self._locked = True
            stack.callback(setattr, self, "_locked", False)
            yield

    def write(self, files: Mapping[str, str | None]) -> None:
        """Bring files to these texts, None takes one away. When anything fails, every file is as it was.

        That holds for a process that is ended too: the next one that opens the folder completes the change, or drops
        it. index.html changes after the pages that it links.
        """
        order = sorted(files, key=lambda path: (files[path] is None, path == "index.html"))
        for path in order:
            self._path(path)
        contents = {path: None if (text := files[path]) is None else text.encode() for path in order}
        try:
            with self.locked():
                if contents:
                    self._journal.change(contents)
        except OSError as error:
            where = next((path for path in order if path in str(error.filename2 or error.filename or "")), "files")
            raise Refused(f"cannot write {where} in {self.root}", f"{error.strerror}; nothing was changed") from error

    def _path(self, path: str) -> Path:
        return contained(self.root, path)


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
