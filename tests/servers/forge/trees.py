"""Trees of files in memory, from git's bytes and back: a new tree costs no process."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

TREE = "40000"


class Tree:
    """A folder: by name the mode and the id of what git has there, or a folder that was looked into.

    `read` gives the bytes of a tree by its id, `write` stores such bytes and gives their id.
    """

    def __init__(self, read: Callable[[str], bytes], write: Callable[[bytes], str], base: str | None = None) -> None:
        self._read, self._write = read, write
        self.entries: dict[bytes, tuple[str, str] | Tree] = {}
        data = read(base) if base else b""
        while data:
            head, _, rest = data.partition(b"\0")
            mode, _, name = head.partition(b" ")
            self.entries[name] = (mode.decode(), rest[:20].hex())
            data = rest[20:]

    def put(self, path: bytes, entry: tuple[str, str] | None) -> None:
        """Set what is at a path, in folders that are made where there are none; None takes a file away."""
        name, _, below = path.partition(b"/")
        if below:
            self._folder(name).put(below, entry)
        elif entry is None:
            self.entries.pop(name, None)
        else:
            self.entries[name] = entry

    def _folder(self, name: bytes) -> Tree:
        found = self.entries.get(name)
        if not isinstance(found, Tree):
            found = Tree(self._read, self._write, found[1] if found and found[0] == TREE else None)
            self.entries[name] = found
        return found

    def stored(self) -> str:
        """The id of this folder, stored with all that was changed below it. Empty folders are none."""
        lines = []
        for name, entry in self.entries.items():
            if not isinstance(entry, Tree):
                lines.append((*entry, name))
            elif entry.entries and (sha := entry.stored()) != EMPTY:
                lines.append((TREE, sha, name))
        # Git sorts a folder as if its name ended in a slash.
        lines.sort(key=lambda line: line[2] + b"/" * (line[0] == TREE))
        return self._write(
            b"".join(b"%s %s\0%s" % (mode.encode(), name, bytes.fromhex(sha)) for mode, sha, name in lines)
        )


EMPTY = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"  # the id that git gives a tree without entries
