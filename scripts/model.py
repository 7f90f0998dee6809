"""What the index knows: packages and their releases, as values that refuse what is not valid."""

from __future__ import annotations

import itertools
import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import InvalidName, NormalizedName, canonicalize_name
from packaging.version import InvalidVersion, Version

from scripts.errors import BadValue

PUBLISH_METADATA = ("auto", "always", "never")
DESCRIPTION_TYPES = {"text/markdown": "md", "text/x-rst": "rst", "text/plain": "txt"}
# Fields of core metadata that an installer resolves with, and that a release may not know.
DYNAMIC_FIELDS = ("requires-python", "requires-dist", "provides-extra")

_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_COMMIT = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")
_DATE_FORMAT = "%Y-%m-%dT%H:%M:%SZ"
_DESCRIPTION_FILE = re.compile(r"[0-9a-z][0-9a-z.!+_]*\.(md|rst|txt)")
_BACKEND = re.compile(r"[A-Za-z_][\w.]*(:[A-Za-z_][\w.]*)?")
_TAG_REFUSED = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|^[-/.]|/\.|[/.]$|\.lock(/|$)")


def one_line(field: str, value: str, limit: int = 512) -> str:
    """Give `value` back when it is one line of at most `limit` plain characters; else raise BadValue."""
    if len(value) > limit:
        raise BadValue(field, value, f"is longer than {limit} characters: shorten it")
    if any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in value) or _BIDI.search(value):
        raise BadValue(field, value, "holds a line break or a control character: take it out")
    if value != " ".join(value.split()):
        raise BadValue(field, value, "has spaces at its ends or in a row: take them out")
    return value


def package_name(value: str) -> NormalizedName:
    """Give the normalized form of a project name (PyPA "Name normalization"); else raise BadValue."""
    one_line("name", value, 100)
    try:
        return canonicalize_name(value, validate=True)
    except InvalidName:
        mend = "is no valid project name: use letters, digits and . - _, first and last a letter or a digit"
        raise BadValue("name", value, mend) from None


def version(value: str) -> Version:
    """Read a version (PyPA "Version specifiers", PEP 440); else raise BadValue."""
    one_line("version", value, 100)
    try:
        return Version(value)
    except InvalidVersion:
        raise BadValue("version", value, "is no version that PEP 440 knows: write it like 1.0 or 1.0rc1") from None


def web_address(field: str, value: str) -> str:
    """Give an http or https address back; else raise BadValue."""
    one_line(field, value, 2000)
    try:
        parts = urlsplit(value)
        valid = parts.scheme in ("http", "https") and parts.hostname and " " not in value
    except ValueError:
        valid = False
    if not valid:
        raise BadValue(field, value, "is no web address: write it with https:// in front")
    return value


def subdirectory(value: str) -> str:
    """Give a folder inside a repository in its shortest form ("" is the top); else raise BadValue."""
    one_line("subdirectory", value, 255)
    path = PurePosixPath(value)
    bad = path.is_absolute() or ".." in path.parts or re.search(r'[\\:"<>|?*#&@%]|^[-~]', value)
    if bad:
        raise BadValue("subdirectory", value, "is not a folder inside the repository: write it like packages/name")
    return "" if path == PurePosixPath() else str(path)


def _requirement(field: str, value: str) -> None:
    one_line(field, value, 2000)
    try:
        Requirement(value)
    except InvalidRequirement:
        raise BadValue(field, value, "is no dependency that PEP 508 knows: mend it in the project") from None


def _repository(value: str) -> None:
    one_line("repository", value, 500)
    try:
        parts = urlsplit(value)
        valid = (
            parts.scheme in ("https", "http", "ssh", "file")
            and not (parts.query or parts.fragment or parts.password)
            and not (parts.username and parts.scheme != "ssh")
            and bool(parts.hostname) == (parts.scheme != "file")
            and len(parts.path) > 1
            and not re.search(r'[\s"\'<>\\^`{|}]', value)
        )
    except ValueError:
        valid = False
    if not valid:
        raise BadValue("repository", value, "is no address of a git repository: write it like owner/name")


@dataclass(frozen=True)
class Release:
    """One version of a package: a git tag, pinned to the commit that it named when it was registered.

    `version` is in PEP 440's normal form, `date` the commit's, in UTC. The build fields are those of the
    project's `[build-system]` (PEP 517, PEP 518). `dynamic` names the fields of core metadata that are not
    known for certain. `description` is the file of its long description beside the record, "" without one.
    `yanked` is None, or the reason, which may be empty (PEP 592).
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

    def __post_init__(self) -> None:
        if str(version(self.version)) != self.version:
            raise BadValue("version", self.version, f"is not in normal form: write {version(self.version)}")
        one_line("tag", self.tag, 255)
        if _TAG_REFUSED.search(self.tag) or not self.tag:
            raise BadValue("tag", self.tag, "is no name that git allows for a tag")
        if not _COMMIT.fullmatch(self.commit):
            raise BadValue("commit", self.commit, "is no full commit id of 40 hexadecimal digits")
        try:
            datetime.strptime(self.date, _DATE_FORMAT)
        except ValueError:
            raise BadValue("date", self.date, "is no time in UTC like 2026-01-31T12:00:00Z") from None
        _repository(self.repository)
        if subdirectory(self.subdirectory) != self.subdirectory:
            raise BadValue("subdirectory", self.subdirectory, "is not in its shortest form")
        self._check_metadata()
        if self.description and not _DESCRIPTION_FILE.fullmatch(self.description):
            raise BadValue("description", self.description, "is no file name like 1.0.md")
        one_line("reason", self.yanked or "")

    def _check_metadata(self) -> None:
        one_line("requires-python", self.requires_python)
        try:
            SpecifierSet(self.requires_python)
        except InvalidSpecifier:
            mend = "is no version specifier that PEP 440 knows: mend it in the project"
            raise BadValue("requires-python", self.requires_python, mend) from None
        for requirement in self.requires_dist:
            _requirement("dependency", requirement)
        for requirement in self.build_requires:
            _requirement("build requirement", requirement)
        for extra in self.provides_extra:
            if package_name(extra) != extra:
                raise BadValue("extra", extra, f"is not in normal form: write {package_name(extra)}")
        for field in self.dynamic:
            if field not in DYNAMIC_FIELDS:
                raise BadValue("dynamic", field, f"is none of {', '.join(DYNAMIC_FIELDS)}")
        if self.build_backend and not _BACKEND.fullmatch(self.build_backend):
            raise BadValue("build-backend", self.build_backend, "is no module that PEP 517 knows")
        for path in self.backend_path:
            subdirectory(path)

    @cached_property
    def parsed_version(self) -> Version:
        return Version(self.version)

    @property
    def is_prerelease(self) -> bool:
        return self.parsed_version.is_prerelease


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
        one_line("summary", self.summary)
        one_line("author", self.author)
        one_line("license", self.license)
        if self.homepage:
            web_address("homepage", self.homepage)
        for keyword in self.keywords:
            one_line("keyword", keyword, 100)
        for label, address in self.urls:
            one_line("project URL's label", label, 64)
            web_address("project URL", address)


@dataclass(frozen=True)
class Package:
    """A project on the index. Releases are kept newest first, whatever order they are given in.

    `name` is normalized; `project` is the name that the project gives itself, which differs for an alias.
    `private`: an anonymous client could not read the repository when it was last looked at.
    `publish_metadata` is one of PUBLISH_METADATA: whether a private project's metadata is shown.
    """

    name: str
    project: str
    repository: str
    subdirectory: str
    private: bool
    publish_metadata: str
    about: About
    releases: tuple[Release, ...]

    def __post_init__(self) -> None:
        if package_name(self.name) != self.name:
            raise BadValue("name", self.name, f"is not in normal form: write {package_name(self.name)}")
        package_name(self.project)
        _repository(self.repository)
        if subdirectory(self.subdirectory) != self.subdirectory:
            raise BadValue("subdirectory", self.subdirectory, "is not in its shortest form")
        if self.publish_metadata not in PUBLISH_METADATA:
            raise BadValue("publish-metadata", self.publish_metadata, f"is none of {', '.join(PUBLISH_METADATA)}")
        if not self.releases:
            raise BadValue("package", self.name, "has no release: add one, or delete the package")
        ordered = sorted(self.releases, key=lambda release: release.parsed_version, reverse=True)
        object.__setattr__(self, "releases", tuple(ordered))
        for newer, older in itertools.pairwise(ordered):
            if newer.parsed_version == older.parsed_version:
                raise BadValue("version", older.version, f"stands twice in {self.name}: take one away")

    @property
    def is_alias(self) -> bool:
        return package_name(self.project) != self.name

    @property
    def latest(self) -> Release:
        """The newest stable release that is not yanked; without one the newest not yanked; else the newest."""
        offered = [release for release in self.releases if release.yanked is None]
        stable = [release for release in offered if not release.is_prerelease]
        return (stable or offered or list(self.releases))[0]

    def release(self, wanted: str) -> Release | None:
        """The release of a version, in any spelling that PEP 440 takes for the same; None without one."""
        parsed = version(wanted)
        return next((release for release in self.releases if release.parsed_version == parsed), None)

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
        package_name(self.project)
        if self.description_type not in DESCRIPTION_TYPES:
            raise BadValue("description's content type", self.description_type, "is none that PyPI knows")
        if len(self.description) > 1_000_000:
            raise BadValue("description", self.description, "is longer than 1,000,000 characters: shorten it")
        if any(unicodedata.category(char) == "Cs" for char in self.description) or "\0" in self.description:
            raise BadValue("description", self.description, "holds characters that are no text: take them out")


@dataclass(frozen=True)
class Findings:
    """All that `describe` hands over: where it looked, what it found, and the tags that it left out and why."""

    repository: str
    subdirectory: str
    private: bool
    found: tuple[Described, ...]
    left_out: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        _repository(self.repository)
        for tag, reason in self.left_out:
            one_line("tag", tag, 255)
            one_line("reason", reason, 2000)
