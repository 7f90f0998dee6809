"""What the index knows: packages and their releases, as values that refuse what is not valid."""

from __future__ import annotations

import itertools
import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from scripts import values
from scripts.errors import BadValue

if TYPE_CHECKING:
    from collections.abc import Iterable

    from packaging.version import Version

PUBLISH_METADATA = ("auto", "always", "never")
# Which new releases `sync` proposes by itself: stable ones, pre-releases too, or none.
FOLLOW = ("stable", "pre", "none")
TYPED_FIELDS = ("summary", "author", "homepage")
DESCRIPTION_TYPES = {"text/markdown": "md", "text/x-rst": "rst", "text/plain": "txt"}
# Fields of core metadata that an installer resolves with, and that a release may not know.
DYNAMIC_FIELDS = ("requires-python", "requires-dist", "provides-extra")

_SHA256 = re.compile(r"[0-9a-f]{64}")
_COMMIT = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")
_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
_DESCRIPTION_FILE = re.compile(r"[0-9a-z][0-9a-z.!+_]*\.(md|rst|txt)")
_BACKEND = re.compile(r"[A-Za-z_][\w.]*(:[A-Za-z_][\w.]*)?")
_TAG_REFUSED = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|^[-/.]|/\.|[/.]$|\.lock(/|$)")


@dataclass(frozen=True)
class Release:
    """One version of a package: a git tag, pinned to the commit that it named when it was registered.

    `version` is in PEP 440's normal form, `date` the commit's, in UTC. The build fields are those of the
    project's `[build-system]` (PEP 517, PEP 518). `dynamic` names the fields of core metadata that are not
    known for certain. `description` is the file of its long description beside the record, "" without one.
    `yanked` is None, or the reason, which may be empty (PEP 592). `sha256` is that of the pointer sdist that it is
    published as.
    """

    version: str
    tag: str
    commit: str
    date: str
    repository: str
    subdirectory: str = ""
    requires_python: str = ""
    requires_dist: tuple[str, ...] = ()
    provides_extra: tuple[str, ...] = ()
    dynamic: tuple[str, ...] = ()
    build_requires: tuple[str, ...] = ()
    build_backend: str = ""
    backend_path: tuple[str, ...] = ()
    description: str = ""
    yanked: str | None = None
    sha256: str = ""

    def __post_init__(self) -> None:
        if str(values.version(self.version)) != self.version:
            raise BadValue("version", self.version, f"is not in normal form: write {values.version(self.version)}")
        values.one_line("tag", self.tag, 255)
        if _TAG_REFUSED.search(self.tag) or not self.tag:
            raise BadValue("tag", self.tag, "is no name that git allows for a tag")
        if not _COMMIT.fullmatch(self.commit):
            raise BadValue("commit", self.commit, "is no full commit id of 40 hexadecimal digits")
        if not _is_date(self.date):
            raise BadValue("date", self.date, "is no time in UTC like 2026-01-31T12:00:00Z")
        values.repository(self.repository)
        if values.subdirectory(self.subdirectory) != self.subdirectory:
            raise BadValue("subdirectory", self.subdirectory, "is not in its shortest form")
        self._check_metadata()
        if self.description and not _DESCRIPTION_FILE.fullmatch(self.description):
            raise BadValue("description", self.description, "is no file name like 1.0.md")
        values.one_line("reason", self.yanked or "")
        if self.sha256 and not _SHA256.fullmatch(self.sha256):
            raise BadValue("sha256", self.sha256, "is no SHA-256 of 64 hexadecimal digits")

    def _check_metadata(self) -> None:
        values.specifiers("requires-python", self.requires_python)
        for dependency in self.requires_dist:
            values.requirement("dependency", dependency)
        for dependency in self.build_requires:
            values.requirement("build requirement", dependency)
        for extra in self.provides_extra:
            if values.package_name(extra) != extra:
                raise BadValue("extra", extra, f"is not in normal form: write {values.package_name(extra)}")
        for field in self.dynamic:
            if field not in DYNAMIC_FIELDS:
                raise BadValue("dynamic", field, f"is none of {', '.join(DYNAMIC_FIELDS)}")
        if self.build_backend and not _BACKEND.fullmatch(self.build_backend):
            raise BadValue("build-backend", self.build_backend, "is no module that PEP 517 knows")
        for path in self.backend_path:
            values.subdirectory(path)

    @cached_property
    def parsed_version(self) -> Version:
        return values.version(self.version)

    @property
    def is_prerelease(self) -> bool:
        return self.parsed_version.is_prerelease


def _is_date(text: str) -> bool:
    """Whether it is a time in the one form that the index keeps."""
    try:
        return bool(_DATE.fullmatch(text) and datetime.fromisoformat(text))
    except ValueError:
        return False


@dataclass(frozen=True)
class About:
    """What a project says of itself, for people to read; every text is one line, and may be empty.

    `urls` are pairs of a label and a web address.
    """

    summary: str = ""
    author: str = ""
    license: str = ""
    homepage: str = ""
    keywords: tuple[str, ...] = ()
    urls: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        values.one_line("summary", self.summary)
        values.one_line("author", self.author)
        values.one_line("license", self.license)
        if self.homepage:
            values.web_address("homepage", self.homepage)
        for keyword in self.keywords:
            values.one_line("keyword", keyword, 100)
        for label, address in self.urls:
            values.one_line("project URL's label", label, 64)
            values.web_address("project URL", address)


@dataclass(frozen=True)
class Package:
    """A project on the index. Releases are kept newest first, whatever order they are given in.

    `name` is normalized; `project` is the name that the project gives itself, which differs for an alias.
    `private`: an anonymous client could not read the repository when it was last looked at.
    `publish_metadata` is one of PUBLISH_METADATA: whether the project's own metadata is shown.
    `typed` names the fields of `about` that a person gave: no later release changes them.
    `follow` is one of FOLLOW.
    """

    name: str
    project: str
    repository: str
    subdirectory: str
    private: bool
    publish_metadata: str
    about: About
    releases: tuple[Release, ...]
    typed: tuple[str, ...] = ()
    follow: str = FOLLOW[0]

    def __post_init__(self) -> None:
        if values.package_name(self.name) != self.name:
            raise BadValue("name", self.name, f"is not in normal form: write {values.package_name(self.name)}")
        values.package_name(self.project)
        values.repository(self.repository)
        if values.subdirectory(self.subdirectory) != self.subdirectory:
            raise BadValue("subdirectory", self.subdirectory, "is not in its shortest form")
        if self.publish_metadata not in PUBLISH_METADATA:
            raise BadValue("publish-metadata", self.publish_metadata, f"is none of {', '.join(PUBLISH_METADATA)}")
        if unknown := set(self.typed) - set(TYPED_FIELDS):
            raise BadValue("typed", min(unknown), f"is none of {', '.join(TYPED_FIELDS)}")
        if self.follow not in FOLLOW:
            raise BadValue("follow", self.follow, f"is none of {', '.join(FOLLOW)}")
        if not self.releases:
            raise BadValue("package", self.name, "has no release: add one, or delete the package")
        ordered = sorted(self.releases, key=lambda release: release.parsed_version, reverse=True)
        object.__setattr__(self, "releases", tuple(ordered))
        for newer, older in itertools.pairwise(ordered):
            if newer.parsed_version == older.parsed_version:
                raise BadValue("version", older.version, f"stands twice in {self.name}: take one away")

    @property
    def is_alias(self) -> bool:
        return values.package_name(self.project) != self.name

    @property
    def latest(self) -> Release:
        """The newest stable release that is not yanked; without one the newest not yanked; else the newest."""
        offered = [release for release in self.releases if release.yanked is None]
        stable = [release for release in offered if not release.is_prerelease]
        return (stable or offered or list(self.releases))[0]

    @property
    def only_prereleases(self) -> bool:
        """Whether nothing but pre-releases is there, so that installers take one without being asked to."""
        return all(release.is_prerelease for release in self.releases)

    @property
    def is_deprecated(self) -> bool:
        """Whether every release has been yanked: its makers have taken the package back."""
        return all(release.yanked is not None for release in self.releases)

    def release(self, wanted: str) -> Release | None:
        """The release of a version, in any spelling that PEP 440 takes for the same; None without one."""
        parsed = values.version(wanted)
        return next((release for release in self.releases if release.parsed_version == parsed), None)

    def newer(self, versions: Iterable[Version]) -> list[Version]:
        """Which of some versions are new releases that the package follows, newest first.

        New is a stable version that is higher than every stable one here, and a pre-release that is higher than
        every version here; what is lower and not here was left out on purpose. Pre-releases count where the record
        says so, or where neither the package nor `versions` has a stable one.
        """
        if self.follow == "none":
            return []
        here = [release.parsed_version for release in self.releases]
        floor = max((version for version in here if not version.is_prerelease), default=max(here))
        found = sorted(set(versions) - set(here), reverse=True)
        stable = [version for version in found if not version.is_prerelease and version > floor]
        if self.follow == "stable" and (stable or not floor.is_prerelease):
            return stable
        return [version for version in found if version in stable or (version.is_prerelease and version > max(here))]

    def with_release(self, release: Release) -> Package:
        """This package with a release added, or put in place of the one of the same version."""
        others = [other for other in self.releases if other.parsed_version != release.parsed_version]
        return replace(self, releases=(*others, release))


@dataclass(frozen=True)
class Described:
    """One release as `describe` found it at a tag, with the project's long description as it wrote it."""

    project: str
    release: Release
    about: About
    description: str = ""
    description_type: str = "text/plain"

    def __post_init__(self) -> None:
        values.package_name(self.project)
        if self.description_type not in DESCRIPTION_TYPES:
            raise BadValue("description's content type", self.description_type, "is none that PyPI knows")
        if len(self.description) > 1_000_000:
            raise BadValue("description", self.description, "is longer than 1,000,000 characters: shorten it")
        if any(unicodedata.category(char) == "Cs" for char in self.description) or "\0" in self.description:
            raise BadValue("description", self.description, "holds characters that are no text: take them out")

    def withheld(self) -> Described:
        """What of it may be published of a private project: its dependencies become unknown, not none."""
        known = {"requires-python"} - {*self.release.dynamic}
        unknown = tuple(field for field in DYNAMIC_FIELDS if field not in known)
        release = replace(self.release, requires_dist=(), provides_extra=(), dynamic=unknown)
        return replace(self, release=release, about=About(), description="", description_type="text/plain")


def withholds(private: bool, publish_metadata: str) -> bool:
    """Whether a project's own metadata stays out of the index."""
    return publish_metadata == "never" or (private and publish_metadata == "auto")


@dataclass(frozen=True)
class Findings:
    """All that `describe` hands over: where it looked, what it found, the tags that it left out and why."""

    repository: str
    subdirectory: str
    private: bool
    found: tuple[Described, ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        values.repository(self.repository)
        for tag, reason in self.left_out:
            values.one_line("tag", tag, 255)
            values.one_line("reason", reason, 2000)


@dataclass(frozen=True)
class OnPyPI:
    """What PyPI says of a name: not `known` where it could not be asked; `newest` is None without a release."""

    known: bool
    exists: bool = False
    newest: str | None = None
