"""What can go wrong: one base class, caught once in `cli`, whose text is one line that says what to do."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def plain(text: str) -> str:
    """Text from outside, safe to print: on one line, and what would not show is escaped."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


def _line(text: str) -> str:
    return plain(" ".join(text.split()))


def shown(value: str, limit: int = 80) -> str:
    """A value from outside, safe to print: quoted, on one line, cut to `limit` characters."""
    return f'"{plain(value if len(value) <= limit else value[: limit - 1] + "…")}"'


def nearest(wanted: str, known: Iterable[str]) -> str:
    """The sentence that names what was probably meant; "" where nothing is near."""
    names = sorted(map(plain, known))
    close = difflib.get_close_matches(wanted, names, n=3, cutoff=0.5)
    if close:
        return f"; did you mean {', '.join(close)}?"
    return f"; known: {', '.join(names[:8])}{', …' if len(names) > 8 else ''}" if names else ""


class Error(Exception):
    """Base of every error that a person can mend. `str()` of it is one line: what is wrong and what to do."""


class BadValue(Error):
    """A value that the index does not take."""

    def __init__(self, field: str, value: str, why: str) -> None:
        super().__init__(field, value, why)
        self.field, self.value, self.why = field, value, why

    def __str__(self) -> str:
        return f"{self.field} {shown(self.value)} {self.why}"


class BadPage(Error):
    """A page that lacks something the scripts need, or says something that cannot be true."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(path, why)
        self.path, self.why = path, why

    def __str__(self) -> str:
        return f"{plain(self.path)}: {_line(self.why)}"


class MergeConflict(Error):
    """Elements of a page that two sides changed, and not alike."""

    def __init__(self, path: str, elements: Iterable[str]) -> None:
        self.path, self.elements = path, tuple(elements)
        super().__init__(path, self.elements)

    def __str__(self) -> str:
        return f"{self.path}: both sides changed {_line(', '.join(self.elements))}: decide which of them stands"


class MissingFile(Error):
    """A file of the index that is not there."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path

    def __str__(self) -> str:
        mend = "bring it back from git's history, or name the index's folder with --root"
        return f"{plain(self.path)} is not there: {mend}"


class NotRegistered(Error):
    """A request about a package that the index does not have."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(name)
        self.name, self.known = name, tuple(known)

    @property
    def hint(self) -> str:
        return nearest(self.name, self.known)

    def __str__(self) -> str:
        return f"{shown(self.name)} is not registered here{self.hint or ': register it first'}"


class AlreadyRegistered(Error):
    """A register of a name that the index has, in this or another spelling."""

    def __init__(self, wanted: str, name: str) -> None:
        super().__init__(wanted, name)
        self.wanted, self.name = wanted, name

    def __str__(self) -> str:
        spelling = "" if self.wanted == self.name else f" (another spelling of {shown(self.wanted)})"
        return f"{self.name}{spelling} is registered already: use update to add a release"


class ReservedName(Error):
    """A package name that a file or folder of the repository has already."""

    def __init__(self, name: str, entry: str) -> None:
        super().__init__(name, entry)
        self.name, self.entry = name, entry

    def __str__(self) -> str:
        return f"the name {self.name} is taken by this repository's own {shown(self.entry)}: give another with --name"


class NoSuchRelease(Error):
    """A request about a release that the package does not have."""

    def __init__(self, package: str, version: str, known: Iterable[str]) -> None:
        super().__init__(package, version)
        self.package, self.version, self.known = package, version, tuple(known)

    def __str__(self) -> str:
        return f"{self.package} has no release {shown(self.version)}{nearest(self.version, self.known)}"


class ReleaseExists(Error):
    """An update to a version that the record has already."""

    def __init__(self, package: str, version: str, commit: str, found: str) -> None:
        super().__init__(package, version, commit, found)
        self.package, self.version, self.commit, self.found = package, version, commit, found

    def __str__(self) -> str:
        moved = (
            f", pinned to {self.commit[:12]} while its tag now names {self.found[:12]}; a release never changes:"
            if self.commit != self.found
            else ":"
        )
        return f"{self.package} {self.version} is there already{moved} tag a new version and update to that"


class BadUsage(Error):
    """A command line that asks for nothing, or for two things at once."""

    def __init__(self, command: str, why: str) -> None:
        super().__init__(command, why)
        self.command, self.why = command, why

    def __str__(self) -> str:
        return f"{self.command}: {self.why} (--help tells more)"


class Unreadable(Error):
    """A repository that cannot be read: not there or not allowed (its server has `answered`), or not reached."""

    def __init__(self, repository: str, why: str, answered: bool = False) -> None:
        super().__init__(repository, why, answered)
        self.repository, self.why, self.answered = repository, why, answered

    def __str__(self) -> str:
        return f"cannot read {shown(self.repository, 300)}: {_line(self.why)}"


class NoSuchTag(Error):
    """A tag that is not in the repository, or no release tag at all (`tag` is "")."""

    def __init__(self, repository: str, tag: str, known: Iterable[str]) -> None:
        super().__init__(repository, tag)
        self.repository, self.tag, self.known = repository, tag, tuple(known)

    def __str__(self) -> str:
        if not self.known:
            return f"{self.repository} has no tag at all: tag a release there (git tag v1.0; git push --tags)"
        if not self.tag:
            return f"{self.repository} has no tag that reads as a version: name one (--tag){nearest('', self.known)}"
        return f"{self.repository} has no tag {shown(self.tag)}{nearest(self.tag, self.known)}"


class BadProject(Error):
    """A project, at a tag, that cannot become a release."""

    def __init__(self, repository: str, tag: str, why: str) -> None:
        super().__init__(repository, tag, why)
        self.repository, self.tag, self.why = repository, tag, why

    def __str__(self) -> str:
        return f"{self.repository} at {self.tag}: {_line(self.why)}"


class Refused(Error):
    """GitHub's refusal, or its silence."""

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(what, mend)
        self.what, self.mend = what, mend

    def __str__(self) -> str:
        return _line(f"{self.what}: {self.mend}")


class Declined(Refused):
    """GitHub's refusal of one thing, while it may well do others."""


class Unfinished(Error):
    """Pull requests that a run could not bring up to date, by number, each with the reason."""

    def __init__(self, failures: Mapping[int, str]) -> None:
        super().__init__(failures)
        self.failures = dict(failures)

    def __str__(self) -> str:
        numbers: dict[str, list[str]] = {}
        for number, why in self.failures.items():
            numbers.setdefault(why, []).append(f"#{number}")
        said = [f"{', '.join(each)}: {why}" for why, each in numbers.items()]
        more = f"; and {len(said) - 5} reasons more" if len(said) > 5 else ""
        return f"not every pull request was brought up to date, run again: {_line('; '.join(said[:5]))}{more}"
