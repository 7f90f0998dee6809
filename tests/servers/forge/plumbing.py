"""git's plumbing over one bare repository: objects, trees, commits, refs, merges.

Every git runs in an environment that the machine's own git configuration cannot reach.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import tempfile
import zlib
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from tests.servers.forge.reader import GitObject, ObjectReader
from tests.servers.forge.trees import Tree

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
SHA = re.compile(r"[0-9a-f]{40}")
# What `git check-ref-format` refuses.
BAD_REF = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|/\.|^[./]|[./]$|\.lock(/|$)|^@$")


def git_environment(home: Path) -> dict[str, str]:
    """The environment that every git of this server runs in: no setting of the machine, a fixed identity."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return kept | {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home),
        "LC_ALL": "C",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_AUTHOR_NAME": "GitHub",
        "GIT_AUTHOR_EMAIL": "noreply@github.com",
        "GIT_COMMITTER_NAME": "GitHub",
        "GIT_COMMITTER_EMAIL": "noreply@github.com",
    }


class GitError(Exception):
    """A git command that ended with a status nobody expected: its arguments and its last words."""

    def __init__(self, arguments: tuple[str, ...], said: str) -> None:
        super().__init__(arguments, said)
        self.arguments, self.said = arguments, said

    def __str__(self) -> str:
        return f"git {' '.join(self.arguments)}: {self.said}"


@dataclass(frozen=True)
class Entry:
    """One line of a tree: what `git ls-tree` says of it. `size` is None for all but blobs."""

    mode: str
    kind: str
    sha: str
    size: int | None
    path: str


@dataclass(frozen=True)
class Change:
    """What a new tree does to one path: another blob or tree there, or (`sha` None) nothing any more."""

    path: str
    mode: str
    sha: str | None


@dataclass(frozen=True)
class FileChange:
    """A file that differs between two trees: git's letter for how, its blob, lines added and removed."""

    path: str
    status: str
    sha: str
    added: int
    removed: int


def remembered(ask: Callable[[Plumbing, str, str], T]) -> Callable[[Plumbing, str, str], T]:
    """Ask git once for what can never change: a question about two objects by their ids."""
    about_trees = ask.__name__.startswith("_")  # answered alike by every repository

    def answer(plumbing: Plumbing, one: str, other: str) -> T:
        known = plumbing.known_of_trees if about_trees else plumbing.known
        key = (ask.__name__, one, other)
        if key not in known:
            known[key] = ask(plumbing, one, other)
        found: T = known[key]
        return found

    return answer


class Plumbing:
    """The git commands that the server needs, on the bare repository at `path`."""

    known_of_trees: ClassVar[dict[tuple[str, str, str], Any]] = {}

    def __init__(self, path: Path, environment: dict[str, str]) -> None:
        self.path = path
        self.environment = environment
        self.known: dict[tuple[str, str, str], Any] = {}
        self._reader = ObjectReader(path, environment)

    def run(self, *arguments: str, stdin: bytes = b"", fine: tuple[int, ...] = (0,)) -> tuple[int, bytes]:
        """Exit status and output of one git command; GitError for a status that is not in `fine`."""
        done = subprocess.run(
            ["git", "--git-dir", str(self.path), *arguments],
            input=stdin,
            capture_output=True,
            env=self.environment,
            check=False,
        )
        if done.returncode not in fine:
            raise GitError(arguments, (done.stderr or done.stdout).decode(errors="replace").strip())
        return done.returncode, done.stdout

    def text(self, *arguments: str, stdin: bytes = b"") -> str:
        """The output of a git command that must succeed, without the newline at its end."""
        return self.run(*arguments, stdin=stdin)[1].decode().rstrip("\n")

    # Objects

    def read(self, name: str) -> GitObject | None:
        """The object that a name stands for (an id, a full ref name, `<id>:<path>`), None for none."""
        return self._reader.read(name)

    def commit_at(self, name: str) -> str | None:
        """The id of the commit that a branch, a tag or an id names (in that order), None for none."""
        if SHA.fullmatch(name):
            candidates = [name]
        elif BAD_REF.search(name):
            return None
        else:
            candidates = [name] if name.startswith("refs/") else []
            candidates += [f"refs/heads/{name}", f"refs/tags/{name}", f"refs/{name}"]
        found = (self.read(f"{candidate}^{{commit}}") for candidate in candidates)
        return next((each.sha for each in found if each and each.kind == "commit"), None)

    def write(self, kind: str, data: bytes) -> str:
        """Store an object and give its id. Git checks that it is well formed, but for a blob, which always is."""
        return (
            self._store(kind, data)
            if kind == "blob"
            else self.text("hash-object", "-t", kind, "-w", "--stdin", stdin=data)
        )

    def _store(self, kind: str, data: bytes) -> str:
        """Store a loose object as git does, without a process for each."""
        whole = f"{kind} {len(data)}".encode() + b"\0" + data
        sha = hashlib.sha1(whole, usedforsecurity=False).hexdigest()
        path = self.path / "objects" / sha[:2] / sha[2:]
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=path.parent, prefix="tmp_obj_", delete=False) as file:
                file.write(zlib.compress(whole, 1))
            Path(file.name).replace(path)
        return sha

    def close(self) -> None:
        """End the process that reads."""
        self._reader.close()

    # Trees

    def entries(self, tree: str, *, recursive: bool = False) -> list[Entry]:
        """The lines of a tree (a commit's), with the trees in it when `recursive`."""
        return self._listed(self.tree_of(tree), "-rt" if recursive else "-l")

    @remembered
    def _listed(self, tree: str, option: str) -> list[Entry]:
        lines = self.run("ls-tree", "-z", "-l", option, tree)[1].decode(errors="surrogateescape").split("\0")
        found = []
        for line in filter(None, lines):
            facts, _, path = line.partition("\t")
            mode, kind, sha, size = facts.split()
            found.append(Entry(mode, kind, sha, None if size == "-" else int(size), path))
        return found

    def write_tree(self, base: str | None, changes: list[Change]) -> str:
        """The id of the tree `base` (None: the empty tree) with the changes made to it."""
        tree = Tree(self._bytes, partial(self._store, "tree"), self.tree_of(base) if base else None)
        for change in changes:
            path = os.fsencode(change.path)
            if change.mode == "040000" and change.sha:
                for entry in self._blobs(change.sha):
                    tree.put(path + b"/" + os.fsencode(entry.path), (entry.mode, entry.sha))
            else:
                tree.put(path, (change.mode, change.sha) if change.sha else None)
        return tree.stored()

    def tree_of(self, name: str) -> str:
        """The id of the tree of a commit, or of a tree itself."""
        found = self.read(f"{name}^{{tree}}")
        assert found is not None, f"no tree: {name}"
        return found.sha

    def _bytes(self, sha: str) -> bytes:
        found = self.read(sha)
        assert found is not None, f"no object: {sha}"
        return found.data

    def _blobs(self, tree: str) -> list[Entry]:
        return [entry for entry in self.entries(tree, recursive=True) if entry.kind != "tree"]

    def paths_under(self, tree: str, path: str) -> list[str]:
        """The files that `path` stands for in a tree: itself, all below it, or none."""
        found = self.read(f"{tree}:{path}")
        if found is None:
            return []
        return [f"{path}/{e.path}" for e in self._blobs(found.sha)] if found.kind == "tree" else [path]

    # Refs

    def ref(self, name: str) -> tuple[str, str] | None:
        """The id and kind of the object at a ref, by its full name; None for no such ref."""
        found = None if BAD_REF.search(name) or not name.startswith("refs/") else self.read(name)
        return (found.sha, found.kind) if found else None

    def refs(self, prefix: str = "refs/") -> dict[str, tuple[str, str]]:
        """Every ref whose name starts with `prefix`: its object's id and kind."""
        lines = self.text("for-each-ref", "--format=%(objectname) %(objecttype) %(refname)").splitlines()
        found = (line.split(" ", 2) for line in lines)
        return {name: (sha, kind) for sha, kind, name in found if name.startswith(prefix)}

    def update_ref(self, ref: str, new: str | None, old: str | None = None) -> None:
        """Set a ref (`new` None: delete it), only if it stands at `old` when that is given."""
        if new is None:
            self.run("update-ref", "-d", ref)
        else:
            self.run("update-ref", ref, new, *([old] if old else []))

    # History, asked about by full ids

    @remembered
    def is_ancestor(self, ancestor: str, commit: str) -> bool:
        """Whether the one commit is the other or comes before it."""
        return self.run("merge-base", "--is-ancestor", ancestor, commit, fine=(0, 1))[0] == 0

    @remembered
    def merge_base(self, one: str, other: str) -> str | None:
        """The commit that two histories have in common, None for none."""
        status, output = self.run("merge-base", one, other, fine=(0, 1))
        return output.decode().strip() if status == 0 else None

    @remembered
    def behind_and_ahead(self, base: str, head: str) -> tuple[int, int]:
        """How many commits `head` lacks of `base`, and has beyond it."""
        behind, ahead = self.text("rev-list", "--left-right", "--count", f"{base}...{head}").split()
        return int(behind), int(ahead)

    @remembered
    def commits_between(self, base: str, head: str) -> list[str]:
        """The commits that `head` has and `base` has not, oldest first."""
        return self.text("rev-list", "--reverse", "--topo-order", f"{base}..{head}").split()

    def files_between(self, base: str, head: str) -> list[FileChange]:
        """The files that differ between two commits or trees. Renames are not looked for."""
        return self._differing(self.tree_of(base), self.tree_of(head))

    @remembered
    def _differing(self, base: str, head: str) -> list[FileChange]:
        options = ("-r", "-z", "--no-renames", "--raw", "--numstat")
        parts = iter(self.text("diff-tree", *options, base, head).split("\0")[:-1])
        blobs, files = {}, []
        for part in parts:
            if part.startswith(":"):
                _, _, old, new, status = part.split(" ")
                blobs[next(parts)] = (status, old if status == "D" else new)
            else:
                added, removed, path = part.split("\t", 2)
                lines = (0, 0) if added == "-" else (int(added), int(removed))
                files.append(FileChange(path, *blobs[path], *lines))
        return files

    @remembered
    def merge_tree(self, ours: str, theirs: str) -> tuple[str | None, list[str]]:
        """The tree that merging two commits gives, None when they conflict; and the paths in conflict."""
        options = ("--write-tree", "-z", "--name-only", "--no-messages")
        try:
            status, output = self.run("merge-tree", *options, ours, theirs, fine=(0, 1))
        except GitError as error:
            if "unrelated histories" in error.said:
                return None, []
            raise
        tree, *conflicts = output.decode(errors="surrogateescape").rstrip("\0").split("\0")
        return (None, conflicts) if status else (tree, [])
