"""An index in a folder held to its rules, and compared with what it was before a pull request."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.cli.preview import serving
from scripts.cli.publishing import publish
from scripts.cli.trial import install_release
from scripts.errors import BadPage, Error
from scripts.forge import report
from scripts.pages import cards, record
from scripts.pages.record import path_of
from scripts.review import rules
from scripts.site import constraints, files
from scripts.sources import git

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from scripts.cli.run import Failures
    from scripts.model import Package, Release
    from scripts.site.files import File
    from scripts.workspace import Folder

OWN_BRANCHES = "index/"  # what forms, sync and refresh write to


@dataclass(frozen=True)
class Before:
    """The index at another commit: `changed` are the paths that differ from it, and whether each is gone."""

    folder: Path
    revision: str
    changed: Mapping[str, bool]

    @classmethod
    def at(cls, folder: Path, revision: str) -> Before:
        """Raises BadValue where there is no such commit, Unreadable where there is no git."""
        commit = git.commit_at(folder, revision)
        return cls(folder, commit, git.changed(folder, commit))

    def read(self, path: str) -> str | None:
        return git.show(self.folder, self.revision, path)

    def files(self, path: str) -> dict[str, str]:
        """The SHA-256 of each release's file, by version, as a record had them; none of one that could not be read."""
        try:
            return {one.version: one.sha256 for one in record.read(path, self.read(path) or "").releases}
        except BadPage:
            return {}

    def names(self) -> list[str]:
        """The packages that were listed; none where index.html was not there, or broken: this may be what mends it."""
        try:
            return cards.names(self.read(cards.PATH) or "")
        except BadPage:
            return []


def problems(folder: Folder, before: Before | None = None, branch: str = "") -> list[str]:
    """All that is wrong with an index; with `before`, in the packages that were changed since.

    On a branch of this index, nothing but records and index.html may change.
    """
    try:
        text = folder.read(cards.PATH)
        names = cards.names(text)
    except Error as error:
        return [str(error)]
    found: list[str] = []
    packages: dict[str, Package] = {}
    whole = before is None or cards.PATH in before.changed
    for name in [*names, *_unlisted(folder, names)]:
        changed = before is None or any(path.startswith(f"{name}/") for path in before.changed)
        if not changed and not whole:
            continue
        try:
            page = folder.read(path_of(name))
            packages[name] = record.read(path_of(name), page)
            if changed:
                was = before.read(path_of(name)) if before else None
                found += rules.of_record(name, page, folder.names(name), was)
        except Error as error:
            found.append(str(error))
    if before and branch.startswith(OWN_BRANCHES):
        found = _foreign(before, names, packages) + found
    return found + rules.of_cards(text, packages)


def _foreign(before: Before, names: Collection[str], packages: Mapping[str, Package]) -> list[str]:
    """What a request has changed that no request may; what is in the folder of a broken record is not judged."""
    known = {name: package for name, package in packages.items() if name in names}
    taken_away = dict.fromkeys(set(before.names()) - {*names})
    broken = tuple(f"{name}/" for name in names if name not in known)
    judged = {path: gone for path, gone in before.changed.items() if not path.startswith(broken)}
    return rules.of_paths(judged, {**taken_away, **known})


def _unlisted(folder: Folder, names: Iterable[str]) -> list[str]:
    """The folders that hold a record, and have no card."""
    others = sorted(folder.entries() - {*names})
    return [name for name in others if _holds_record(folder, name)]


def _holds_record(folder: Folder, name: str) -> bool:
    path = folder.root / name
    if path.is_symlink() or not (path / "index.html").is_file() or name.startswith("."):
        return False
    return (path / "index.html").is_symlink() or "data-release" in folder.read(path_of(name))


def changed_releases(folder: Folder, before: Before | None) -> list[tuple[Package, Release]]:
    """The releases whose files are not those of before: a yank or other words about them need no installing."""
    found = []
    for name in cards.names(folder.read(cards.PATH)):
        path = path_of(name)
        if before and path not in before.changed:
            continue
        package = record.read(path, folder.read(path))
        known = before.files(path) if before else {}
        found += [(package, one) for one in package.releases if known.get(one.version) != one.sha256]
    return found


def try_installing(folder: Folder, releases: Iterable[tuple[Package, Release]], failures: Failures) -> None:
    """Build the site, and install these releases from it. Their code runs: a process that does this has no rights.

    A private package cannot be read here: it is passed over, and so is what fails and needs one. A notice says so.
    """
    with tempfile.TemporaryDirectory() as place:
        out = Path(place, "site")
        out.mkdir()
        with serving(out) as site:
            publish(folder.root, out, site)
            names = cards.names(folder.read(cards.PATH))
            index = {name: record.read(path_of(name), folder.read(path_of(name))) for name in names}
            for package, release in releases:
                said = f"{package.name} {release.version}"
                if package.private:
                    report.notice(f"{said} is private: install it yourself")
                    continue
                only = replace(package, releases=(release,))
                every = {**index, package.name: only}
                try:
                    install_release(package.name, release.version, _constraints(only, every, site))
                except Error as error:
                    private = [name for name in constraints.closed(only, every) if every[name].private]
                    if private:
                        report.notice(f"{said} may need {private[0]}, which is private: install it yourself ({error})")
                    else:
                        failures.add(f"{said}: {error}")


def _constraints(only: Package, index: Mapping[str, Package], site: str) -> str:
    """The constraints of the one release of a package, newest or not: itself, and what it needs of this index."""

    def file(name: str, version: str) -> File:
        wanted = index[name].release(version)
        assert wanted, f"{name} {version} is what was resolved"
        return files.of(index[name], wanted, path_of(name))[0]

    return constraints.one(only, index, file, site)
