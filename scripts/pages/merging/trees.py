"""A request and the index as it is now, brought together: which files a branch gets on top of main. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from scripts.errors import BadPage, MergeConflict
from scripts.pages import cards, record
from scripts.pages.merging.facts import merge_facts
from scripts.pages.merging.page import merge
from scripts.pages.merging.threeway import Differ, merge_lines, three_way
from scripts.pages.record import path_of
from scripts.values import blob_id

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from scripts.model import Package

PAGE = "index.html"  # in a package's folder


class Tree(Protocol):
    """The files of a commit, by git's name for their content."""

    def entry(self, name: str) -> str | None:
        """What is at the top under a name, a file or a folder."""

    def files(self, folder: str) -> Mapping[str, str]:
        """The files below a folder at the top, by their path in it; {} where there is none."""


@dataclass
class Together:
    """What a branch is to hold beyond main: texts that are new, and files of the branch that stay (None: go away).

    `moot` says why nothing is left for the request to do, `conflicts` what it and main changed differently; where
    one of them is there, the files are of no use.
    """

    texts: dict[str, str] = field(default_factory=dict)
    blobs: dict[str, str | None] = field(default_factory=dict)
    moot: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)


def merge_trees(
    base: Tree, main: Tree, changed: Mapping[str, str | None], read: Callable[[str, str], str]
) -> Together:
    """Bring the files that a branch has changed since `base` together with what main has become since then.

    `read` gives the text of a path and a blob, and raises BadPage where it is none.
    """
    merging = _Merging(base, main, changed, read)
    for top in sorted({path.partition("/")[0] for path in changed} - {cards.PATH}):
        merging.top(top)
    merging.index()
    return merging.outcome()


class _Merging:
    def __init__(
        self, base: Tree, main: Tree, changed: Mapping[str, str | None], read: Callable[[str, str], str]
    ) -> None:
        self.base, self.main, self.changed, self.read = base, main, changed, read
        self.together = Together()
        self.there: dict[str, str | None] = {}  # what main has at each path that was looked at
        self.packages: dict[str, Package] = {}  # those that both sides changed, merged
        self.gone: set[str] = set()  # those that both sides together leave without a release
        self.done: list[str] = []  # why there may be nothing left to do

    def outcome(self) -> Together:
        found = self.together
        found.texts = {path: text for path, text in found.texts.items() if blob_id(text.encode()) != self.there[path]}
        found.blobs = {path: blob for path, blob in found.blobs.items() if blob != self.there[path]}
        if not (found.texts or found.blobs or found.conflicts or found.moot):
            found.moot += self.done or ["the index says it already"]
        return found

    def top(self, name: str) -> None:
        """What the branch changed at or below a name at the top of the repository."""
        below = {path: blob for path, blob in self.changed.items() if path.partition("/")[0] == name}
        if self.base.entry(name) == self.main.entry(name):  # main has not touched it
            self.there |= dict.fromkeys(below, "")
            self.together.blobs |= below
        elif name in below:
            self._file(name, self.base.entry(name), self.main.entry(name), below[name])
        else:
            base, main = dict(self.base.files(name)), dict(self.main.files(name))
            head = {**base, **{path.partition("/")[2]: blob for path, blob in below.items()}}
            self._folder(name, base, main, {path: blob for path, blob in head.items() if blob})

    def _file(self, path: str, base: str | None, main: str | None, head: str | None) -> None:
        """A file that is no page, as git merges it."""
        self.there[path] = main
        try:
            self.together.blobs[path] = three_way(base, main, head)
            return
        except Differ:
            pass
        if base and main and head:
            try:
                self.together.texts[path] = merge_lines(*(self.read(path, blob) for blob in (base, main, head)))
                return
            except (Differ, BadPage):
                pass
        self.together.conflicts.append(str(MergeConflict(path, ["its text"])))

    def _folder(self, name: str, base: dict[str, str], main: dict[str, str], head: dict[str, str]) -> None:
        pages = [files.get(PAGE) for files in (base, main, head)]
        before, now, asked = pages
        if before and not now:
            why = f"the package {name} is no longer on the index"
            (self.together.moot if asked else self.done).append(why)
        elif before and not asked:
            self._delete(name, main, changed=now != before)
        else:
            try:
                named = self._record(name, pages)
            except (MergeConflict, BadPage) as error:
                self.together.conflicts.append(str(error))
                return
            self._beside(name, [base, main, head], named)

    def _delete(self, name: str, main: dict[str, str], changed: bool) -> None:
        """The branch takes the whole package away."""
        if changed:
            self.together.conflicts.append(
                str(MergeConflict(path_of(name), [f"the package {name} (taken away and changed)"]))
            )
        self.there |= {f"{name}/{file}": blob for file, blob in main.items()}
        self.together.blobs |= {f"{name}/{file}": None for file in main}

    def _record(self, name: str, pages: list[str | None]) -> tuple[set[str], set[str]]:
        """Merge the record; the description files that its releases name, and those that some side's did."""
        path = path_of(name)
        before, now, asked = (record.read(path, self.read(path, blob)) if blob else None for blob in pages)
        self.there[path] = pages[1]
        known = {release.description for side in (before, now, asked) if side for release in side.releases}
        try:
            self.together.blobs[path] = three_way(*pages)
            merged = three_way(before, now, asked)
        except Differ:
            assert now is not None and asked is not None  # or one of the pages would not be there
            try:
                merged = merge_facts(path, before, now, asked)
            except MergeConflict:
                if why := _moot(before, now, asked):
                    self.together.moot += why
                    return set(), set()
                raise
            if merged is None:
                self.gone.add(name)
                self.together.blobs[path] = None
            else:
                texts = [self.read(path, blob) if blob else None for blob in pages]
                self.together.texts[path] = merge(path, texts[0], texts[1] or "", texts[2] or "")
                self.packages[name] = merged
        if now and asked:
            self.done += _moot(before, now, asked)
        named = {release.description for release in merged.releases} if merged else set()
        return named, known

    def _beside(self, name: str, sides: list[dict[str, str]], named: tuple[set[str], set[str]]) -> None:
        """The other files of a package: a description stays where a release names it, and goes where none does."""
        now, known = named
        for file in sorted({file for side in sides for file in side} - {PAGE}):
            path, three = f"{name}/{file}", [side.get(file) for side in sides]
            self.there[path] = three[1]
            if name in self.gone or (file in known and file not in now):
                self.together.blobs[path] = None
            elif file in now and None in three[1:]:
                self.together.blobs[path] = three[1] or three[2] or three[0]
            else:
                self._file(path, *three)

    def index(self) -> None:
        """The list of packages. What a card says of its record is taken from the merged record."""
        path = cards.PATH
        base, main = self.base.entry(path), self.main.entry(path)
        head = self.changed.get(path, base)
        self.there[path] = main
        if not (self.packages or self.gone) and (head == base or main == base):
            self.together.blobs[path] = three_way(base, main, head)
            return
        if not (base and main and head):
            self.together.conflicts.append(str(MergeConflict(path, ["the whole page (taken away and changed)"])))
            return
        try:
            texts = [self.read(path, blob) for blob in (base, main, head)]
            try:
                self.together.texts[path] = self._cards(texts)
            except MergeConflict:
                self._derive()
                self.together.texts[path] = self._cards(texts)
        except (MergeConflict, BadPage) as error:
            self.together.conflicts.append(str(error))

    def _cards(self, texts: list[str]) -> str:
        return merge(cards.PATH, *(self._levelled(text) for text in texts))

    def _levelled(self, text: str) -> str:
        """A list of packages that says of the merged ones what their records say."""
        for name in self.gone:
            text = cards.drop(text, name)
        listed = set(cards.names(text))
        for name, package in self.packages.items():
            if name in listed:
                text = cards.put(text, package)
        return text

    def _derive(self) -> None:
        """Read the other records of the branch too: their cards say what they say."""
        for path in self.changed:
            name, _, file = path.partition("/")
            blob = self.together.blobs.get(path)
            if file == PAGE and blob and name not in self.packages:
                self.packages[name] = record.read(path, self.read(path, blob))


def _moot(before: Package | None, now: Package, asked: Package) -> list[str]:
    """Why main leaves nothing to do for a request about a package: what it adds is there, what it changes is gone."""
    old, new, wanted = (
        {release.version: release for release in side.releases} if side else {} for side in (before, now, asked)
    )
    added = [version for version in wanted if version not in old]
    changed = [version for version in wanted if version in old and wanted[version] != old[version]]
    taken = [version for version in old if version not in wanted]
    if added:
        there = all(version in new for version in added)
        pins = {version: _pin(new[version].commit, wanted[version].commit) for version in added} if there else {}
        return [f"{now.name} {version} is there already{pin}" for version, pin in pins.items()]
    touched = [*changed, *taken]
    if any(version in new for version in touched):
        return []
    return [f"{now.name} {version} is no longer there" for version in touched]


def _pin(there: str, asked: str) -> str:
    return "" if there == asked else f", pinned to {there[:12]} and not to {asked[:12]}: a release never changes"
