"""Whether what was reviewed is still true: records, and what was seen of the world, in; findings out. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from packaging.version import Version

from scripts import values
from scripts.errors import BadPage
from scripts.pages.record import path_of
from scripts.site import files

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from scripts.model import OnPyPI, Package, Release

# The same on each day, whatever the network said: nobody is told twice of one server.
NO_ANSWER = "its server gave no answer, so nothing is known of its tags; if that lasts, ask who runs it"


@dataclass(frozen=True)
class Seen:
    """What was seen of a repository. `tags` is None where it could not be read, and `why` says why not, or is "" where
    its server gave no answer; `private` is None where that could not be told; `moved_to` is the address that its own
    one leads to, if another."""

    tags: Mapping[str, str] | None
    moved_to: str = ""
    private: bool | None = None
    why: str = ""


@dataclass(frozen=True)
class Finding:
    """Something of a package that is no longer as it was reviewed, and what to do. `version` is "" for all of it."""

    name: str
    version: str
    what: str
    mend: str


def of_package(
    package: Package, seen: Mapping[str, Seen], pypi: OnPyPI, index: Mapping[str, Package]
) -> list[Finding]:
    """The findings of one package; `seen` has every repository that its record names."""
    return [
        *_repositories(package, seen),
        *(finding for release in package.releases for finding in _release(package, release, seen)),
        *_names(package, pypi, index.values()),
    ]


def repositories(package: Package) -> list[str]:
    """Every repository that a record names: releases keep the one that they came from."""
    return list(dict.fromkeys([package.repository, *(release.repository for release in package.releases)]))


def _repositories(package: Package, seen: Mapping[str, Seen]) -> Iterator[Finding]:
    def finding(what: str, mend: str) -> Finding:
        return Finding(package.name, "", what, mend)

    for repository in repositories(package):
        sight = seen[repository]
        if sight.tags is None:
            yield finding(f"{repository} could not be {'read' if sight.why else 'reached'}", sight.why or NO_ANSWER)
        if repository != package.repository:
            continue
        if sight.moved_to not in ("", repository.removesuffix(".git")):
            mend = "run update with its new address; who gets the old name could take the place of the project"
            yield finding(f"{repository} has moved to {sight.moved_to}", mend)
        if sight.private is not None and sight.private != package.private:
            now, before = ("private", "public") if sight.private else ("public", "private")
            mend = "run update: the record then says so"
            if sight.private:
                mend = "run update: what the record shows of the project is public until then"
            yield finding(f"{repository} is {now} now, the record says {before}", mend)


def _release(package: Package, release: Release, seen: Mapping[str, Seen]) -> Iterator[Finding]:
    tags = seen[release.repository].tags
    if tags is not None:
        now = tags.get(release.tag)
        if now is None:
            mend = "ask the project why; installs work as long as its server keeps the commit"
            yield Finding(package.name, release.version, f"the tag {release.tag} is gone", mend)
        elif now != release.commit:
            what = f"the tag {release.tag} names {now[:12]} now, reviewed was {release.commit[:12]}"
            mend = "ask the project why; installs refuse it. Tag a new version, and delete or yank this one"
            yield Finding(package.name, release.version, what, mend)
    try:
        files.of(package, release, path_of(package.name))
    except BadPage as error:
        what, _, mend = error.why.removeprefix(f"release {release.version}: ").partition("; ")
        yield Finding(package.name, release.version, what, mend or "bring the record back from git's history")


def _names(package: Package, pypi: OnPyPI, everyone: Iterable[Package]) -> Iterator[Finding]:
    kind = "alias" if package.is_alias else "name"
    if pypi.exists:
        newest, here = pypi.newest, package.latest
        what = f"PyPI has a project of this {kind}, "
        mend = "install with the index's constraints; register it under another name if the project is not yours"
        if newest and Version(newest) >= here.parsed_version:
            what += f"newest {newest}, not lower than {here.version} here"
            mend = f"pip --extra-index-url takes that one. {mend.capitalize()}"
        else:  # which version that is does not matter: somebody who knows need not hear of each new one
            what += "all of it lower than what is here" if newest else "without a release"
        yield Finding(package.name, "", what, mend)
    for other in everyone if package.is_alias else ():
        if other.name != package.name and values.package_name(other.project) == package.name:
            what = f"the alias is the own name of a project of this index, registered as {other.name}"
            yield Finding(package.name, "", what, "give one of the two another name: delete it and register it anew")
