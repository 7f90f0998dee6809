"""Constraints files: the index's packages as direct URLs with hashes, so that no other index is asked for them.

A line is a direct reference (PyPA "Dependency specifiers", PEP 440 "Direct references"): `name @ URL#sha256=…`.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from resolvelib import AbstractProvider, BaseReporter, ResolutionError, Resolver

from scripts.site.pointer import renamed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from scripts.model import Package, Release
    from scripts.site.files import File


def everything(newest: Iterable[tuple[str, File]], base_url: str) -> str:
    """constraints.txt of the whole index: the newest release of every package."""
    lines = [_line(name, file, base_url) for name, file in sorted(newest, key=lambda pair: pair[0])]
    return f"# pip install -c {base_url}constraints.txt NAME\n" + "".join(lines)


def closed(package: Package, index: Mapping[str, Package]) -> dict[str, Release]:
    """The newest release of a package, and of what it needs of this index a release that fits, by name.

    A dependency with a marker may not apply, and two may exclude each other: when all cannot hold at once, those with
    markers only name what takes part. Where nothing fits even then, all that takes part is named all the same, by its
    newest release: an installer then says which constraint does not fit, and looks up none of them elsewhere.
    """
    if not any(needs(package, release, index) for release in package.releases):
        return {package.name: package.latest}
    for strict in (True, False):
        try:
            resolved = Resolver(_Provider(index, strict), BaseReporter()).resolve([Requirement(package.name)], 1000)
        except (ResolutionError, RecursionError):  # resolvelib goes round a cycle that it has cut off from the root
            continue
        return {name: candidate.release for name, candidate in sorted(resolved.mapping.items())}
    return {name: index[name].latest for name in sorted(_reached(package, index))}


def one(package: Package, index: Mapping[str, Package], file: Callable[[str, str], File], base_url: str) -> str:
    """constraints.txt of one package: itself and what it needs of this index. `file` gives that of a release.

    Where it is not known what a release needs, that can be any package of the index: all of them are named, else one
    would be looked up elsewhere.
    """
    chosen = closed(package, index)
    head = f"# pip install -c {base_url}{package.name}/constraints.txt {package.name}\n"
    if any("requires-dist" in release.dynamic for release in chosen.values()):
        head += "# What it needs is not published, or not all of it: any package of this index may take part.\n"
        if all(release is index[name].latest for name, release in chosen.items()):
            head += f"-c {base_url}constraints.txt\n"
        else:
            chosen = {name: chosen.get(name, other.latest) for name, other in sorted(index.items())}
    return head + "".join(_line(name, file(name, one.version), base_url) for name, one in chosen.items())


def needs(package: Package, release: Release, index: Mapping[str, Package]) -> list[Requirement]:
    """The dependencies of a release that are on this index, those of its extras too.

    Not itself, with other extras; nor what has an address of its own, for which no index is asked.
    """
    texts = [renamed(text, package.project, package.name) for text in release.requires_dist]
    found = [(canonicalize_name(one.name), one) for one in map(_parsed, texts) if not one.url]
    return [one for name, one in found if name in index and name != package.name]


def _reached(package: Package, index: Mapping[str, Package]) -> set[str]:
    """The names of all packages that take part when every one is of its newest release."""
    reached, waiting = {package.name}, [package]
    while waiting:
        one = waiting.pop()
        new = {canonicalize_name(need.name) for need in needs(one, one.latest, index)} - reached
        reached |= new
        waiting += [index[name] for name in new]
    return reached


@functools.lru_cache(maxsize=4096)
def _parsed(text: str) -> Requirement:
    return Requirement(text)


def _line(name: str, file: File, base_url: str) -> str:
    return f"{name} @ {base_url}{name}/{file.name}#sha256={file.sha256}\n"


@dataclass(frozen=True)
class _Candidate:
    name: str
    release: Release


class _Provider(AbstractProvider[Requirement, _Candidate, str]):
    """The index as resolvelib asks for it: newest releases first, yanked and pre-releases as installers take them."""

    def __init__(self, index: Mapping[str, Package], strict: bool) -> None:
        self.index, self.strict = index, strict

    def identify(self, requirement_or_candidate: Requirement | _Candidate) -> str:
        return canonicalize_name(requirement_or_candidate.name)

    def get_preference(self, identifier: str, *_: Any, **__: Any) -> str:
        return identifier

    def find_matches(
        self,
        identifier: str,
        requirements: Mapping[str, Iterator[Requirement]],
        incompatibilities: Mapping[str, Iterator[_Candidate]],
    ) -> Sequence[_Candidate]:
        wanted = list(requirements[identifier])
        out = {candidate.release.version for candidate in incompatibilities[identifier]}
        package = self.index[identifier]
        offered = [release for release in package.releases if release.yanked is None] or list(package.releases)
        stable = [release for release in offered if not release.is_prerelease]
        # "ignore yanked releases, unless … specified … with an exact match version specifier" (PEP 592)
        exact = any(
            one.operator in ("==", "===") and "*" not in one.version for need in wanted for one in need.specifier
        )
        for releases in (stable, offered, package.releases if exact else ()):
            found = [
                _Candidate(identifier, release)
                for release in releases
                if release.version not in out
                and all(one.specifier.contains(release.version, prereleases=True) for one in wanted)
            ]
            if found:
                return found
        return []

    def is_satisfied_by(self, requirement: Requirement, candidate: _Candidate) -> bool:
        return requirement.specifier.contains(candidate.release.version, prereleases=True)

    def get_dependencies(self, candidate: _Candidate) -> list[Requirement]:
        found = needs(self.index[candidate.name], candidate.release, self.index)
        return [one if self.strict or one.marker is None else Requirement(one.name) for one in found]
