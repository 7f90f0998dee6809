"""Which tags are releases, and of what version."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

LONGEST = 255  # characters of a tag that can be a release
# What may stand before a version, with a separator behind it, beside the project's own name.
_ANYBODYS = frozenset(("release", "releases", "rel", "version", "ver", "v"))


def version_of(tag: str, names: Collection[str]) -> Version | None:
    """The version that a tag names, for a project that goes by one of `names` (normalized); else None."""
    found = _read(tag, names)
    return found[1] if found else None


def releases(tags: Iterable[str], names: Collection[str]) -> dict[Version, str]:
    """The release tags among `tags` by version, newest first.

    Where tags carry the project's name, as in a repository of several projects, only those count.
    """
    own: dict[Version, str] = {}
    plain: dict[Version, str] = {}
    for tag in sorted(tags):
        if len(tag) <= LONGEST and (found := _read(tag, names)):
            (own if found[0] else plain)[found[1]] = tag
    chosen = own or plain
    return {version: chosen[version] for version in sorted(chosen, reverse=True)}


def default(found: Mapping[Version, str], known: Collection[Version] = ()) -> str | None:
    """The tag to take when none is named: the newest stable release not in `known`.

    A pre-release is taken only from a repository that has nothing else (PEP 440, "Handling of pre-releases").
    """
    stable = [version for version in found if not version.is_prerelease]
    return next((found[version] for version in stable or found if version not in known), None)


def _read(tag: str, names: Collection[str]) -> tuple[bool, Version] | None:
    """Whether a tag carries the project's name, and its version."""
    for match in _splits(tag):
        prefix = canonicalize_name(match["prefix"] or "v")
        named = prefix in names
        if not named and prefix not in _ANYBODYS:
            continue
        try:
            return named, Version(match["version"])
        except InvalidVersion:
            continue
    return None


def _splits(tag: str) -> Iterable[re.Match[str]]:
    """Every way to take a tag apart into a prefix and a version: `name-2-1.0`, after `name` or after `name-2`."""
    starts = [separator.start() for separator in re.finditer(r"[-_/@]", tag[:200])]
    for pattern in (r"(?P<prefix>)", *(rf"(?P<prefix>.{{{start}}})[-_/@]" for start in starts)):
        if match := re.fullmatch(pattern + r"v?(?P<version>\d.*)", tag, re.IGNORECASE):
            yield match
