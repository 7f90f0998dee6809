"""What two sides made of one package, brought together fact by fact."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from scripts.errors import BadValue, MergeConflict
from scripts.model import TYPED_FIELDS, About, Package, Release, withholds
from scripts.pages.merging.threeway import Differ, three_way

if TYPE_CHECKING:
    from collections.abc import Mapping

_BY_RULE = ("about", "releases", "typed")  # the facts of a package that have rules of their own
_NONE = object()  # what a package that was not there says of itself


def merge_facts(path: str, base: Package | None, ours: Package, theirs: Package) -> Package | None:
    """The package with the changes of both sides since `base`; None when they leave it no release.

    What the project says of itself comes with its newest release, so the side that brought that one has the word.
    Raises MergeConflict, which names every fact that both sides changed.
    """
    merging = _Merging(base, ours, theirs)
    releases = merging.releases()
    facts = {
        field.name: merging.pick(field.name.replace("_", "-"), *(_fact(side, field.name) for side in merging.sides))
        for field in fields(Package)
        if field.name not in _BY_RULE
    }
    if merging.conflicts:
        raise MergeConflict(path, merging.conflicts)
    if not releases:
        return None
    try:
        merged = Package(**facts, about=About(), releases=tuple(releases.values()), typed=merging.typed())
    except BadValue as error:
        raise MergeConflict(path, [str(error)]) from error
    merged = replace(merged, about=merging.about(merged))
    merging.withhold(merged)
    if merging.conflicts:
        raise MergeConflict(path, merging.conflicts)
    return merged


def _is_silent(side: Package) -> bool:
    return withholds(side.private, side.publish_metadata)


def _fact(side: Any, name: str) -> Any:
    return _NONE if side is None else getattr(side, name)


class _Merging:
    """One merge: its three sides, and what both changed so far."""

    def __init__(self, base: Package | None, ours: Package, theirs: Package) -> None:
        self.base, self.ours, self.theirs = base, ours, theirs
        self.sides = (base, ours, theirs)
        self.conflicts: list[str] = []

    def pick(self, what: str, base: Any, ours: Any, theirs: Any) -> Any:
        try:
            return three_way(base, ours, theirs)
        except Differ:
            self.conflicts.append(what)
            return ours

    def releases(self) -> Mapping[str, Release]:
        known = [{release.version: release for release in side.releases} if side else {} for side in self.sides]
        merged = {}
        for version in dict.fromkeys(version for side in known for version in side):
            base, ours, theirs = (side.get(version) for side in known)
            try:
                release = three_way(base, ours, theirs)
            except Differ:
                release = self._release(version, base, ours, theirs)
            if release:
                merged[version] = release
        return merged

    def _release(
        self, version: str, base: Release | None, ours: Release | None, theirs: Release | None
    ) -> Release | None:
        """A release that both changed, fact by fact."""
        if ours is None or theirs is None:
            self.conflicts.append(f"release {version} (taken away and changed)")
            return None
        if base is None:
            self.conflicts.append(f"release {version} (added twice, with different facts)")
            return None
        facts = {
            field.name: self.pick(
                f"release {version}: {field.name.replace('_', '-')}",
                *(getattr(side, field.name) for side in (base, ours, theirs)),
            )
            for field in fields(Release)
        }
        return Release(**facts)

    def typed(self) -> tuple[str, ...]:
        """The fields that a person gave, on either side."""
        said = [set(side.typed) if side else set() for side in self.sides]
        return tuple(
            field
            for field in TYPED_FIELDS
            if three_way(*(field in side for side in said))  # two values never differ
        )

    def about(self, merged: Package) -> About:
        return About(**{field.name: self._said(field.name, merged) for field in fields(About)})

    def _said(self, field: str, merged: Package) -> Any:
        """One fact about the project: what a person typed, else what came with the newest release, else the change."""
        values = [side.about if side else None for side in self.sides]
        base, ours, theirs = (_fact(about, field) for about in values)
        kept = self.base.typed if self.base else ()
        if field in merged.typed:
            new = [field in side.typed and field not in kept for side in (self.ours, self.theirs)]
            if new[0] != new[1]:
                return ours if new[0] else theirs
            return self.pick(field, base, ours, theirs)
        if _is_silent(merged):
            silent = [_is_silent(side) for side in (self.ours, self.theirs)]
            if silent[0] != silent[1]:  # what one side published before it was known to be private
                return ours if silent[0] else theirs
        by = self._brought(merged)
        if len(by) == 2:
            return ours if by[0] is self.ours else theirs
        try:
            return three_way(base, ours, theirs)
        except Differ:
            if not by:
                self.conflicts.append(field)
            return theirs if by and by[0] is self.theirs else ours

    def withhold(self, merged: Package) -> None:
        """Report the new releases that tell more than the package does, now that the other side has made it silent.

        What they may tell has another hash: that takes a new description of the commit.
        """
        for side, other in ((self.ours, self.theirs), (self.theirs, self.ours)):
            if _is_silent(merged) and _is_silent(other) and not _is_silent(side):
                there = {release.version for each in (self.base, other) if each for release in each.releases}
                self.conflicts += [
                    f"release {new.version} (it tells what the package withholds now)"
                    for new in side.releases
                    if new.version not in there and (new.requires_dist or new.provides_extra or new.description)
                ]

    def _brought(self, merged: Package) -> list[Package]:
        """The sides that have brought a newest release, the one whose release is the newest first.

        Two that brought the same one are none: nothing tells which of them has the word.
        """
        there = {release.version for release in self.base.releases} if self.base else set()
        by = [side for side in (self.ours, self.theirs) if side.latest.version not in there]
        if len(by) == 2 and by[0].latest.version == by[1].latest.version:
            return []
        newest = merged.latest.version
        return sorted(by, key=lambda side: (side.latest.version == newest, side.latest.parsed_version), reverse=True)
