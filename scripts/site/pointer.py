"""Pointer sdists: source distributions that say where the code is, and hold none of it.

A pointer is a pure function of a package's name, its project's name, and those facts of a release that never
change: not of its date, its description, or whether it is yanked. Layout and backend go together under one version:
what `v1` writes today it writes for ever, and a change of one byte is a `v2`.
"""

from __future__ import annotations

import hashlib
import json
import re
import struct
import zlib
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from typing import TYPE_CHECKING

from packaging.utils import canonicalize_name

from scripts.errors import BadValue

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scripts.model import Release

# The frozen backends, oldest first. A release keeps to the one whose bytes have the hash in its record.
BACKENDS = ("v1",)
# PEP 517 gives projects without a build-backend this one, and setuptools has it from this version on.
LEGACY_BACKEND = "setuptools.build_meta:__legacy__"
LEGACY_REQUIRES = ("setuptools>=40.8.0",)
# All that a wheel may add, as core metadata 2.4 names it, but for the fields that a release knows. uv reads these
# names by letter case.
UNKNOWN_FIELDS = (
    "Platform",
    "Supported-Platform",
    "Summary",
    "Description",
    "Description-Content-Type",
    "Keywords",
    "Home-page",
    "Download-URL",
    "Author",
    "Author-email",
    "Maintainer",
    "Maintainer-email",
    "License",
    "License-Expression",
    "License-File",
    "Classifier",
    "Requires-External",
    "Project-URL",
    "Provides-Dist",
    "Obsoletes-Dist",
)
_TIME = 315532800  # 1980-01-01, the earliest that zip archives can hold, in seconds since 1970
_STORED = 0xFFFF  # bytes, the most that a stored deflate block holds
_BLOCK = 512  # bytes, the unit of tar


@dataclass(frozen=True)
class Pointer:
    """A pointer sdist, and what stands beside it.

    `metadata` is the text of the `.metadata` file (PEP 658), and None where the release does not know all that
    installers resolve with: they would take what is not there for nothing needed.
    """

    file_name: str
    content: bytes
    pkg_info: str
    metadata: str | None

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @cached_property
    def metadata_sha256(self) -> str | None:
        return None if self.metadata is None else hashlib.sha256(self.metadata.encode()).hexdigest()


def pointer(name: str, project: str, release: Release, backend: str = BACKENDS[-1]) -> Pointer:
    """The pointer sdist of a release of the package `name`; raise BadValue where no archive can hold its name.

    `project` is the name that the project gives itself; the package is an alias where they differ.
    """
    stem = f"{canonicalize_name(name).replace('-', '_')}-{release.version}"
    described = pkg_info(name, project, release)
    members = {
        "PKG-INFO": described,
        "pyproject.toml": _pyproject(release, backend),
        "pointer.json": _facts(project, release),
        f"backend/pointer_{backend}.py": _backend(backend),
    }
    content = _gzip(_tar((f"{stem}/{path}", text.encode()) for path, text in members.items()))
    return Pointer(f"{stem}.tar.gz", content, described, None if release.dynamic else described)


def pkg_info(name: str, project: str, release: Release) -> str:
    """The core metadata of a release under the package's name; see "Core metadata specifications" for `Dynamic`."""
    fields = [("Metadata-Version", "2.4"), ("Name", name), ("Version", release.version)]
    known = {
        "requires-python": [("Requires-Python", release.requires_python)] if release.requires_python else [],
        "requires-dist": [("Requires-Dist", renamed(one, project, name)) for one in release.requires_dist],
        "provides-extra": [("Provides-Extra", extra) for extra in release.provides_extra],
    }
    for field, lines in known.items():
        fields += [("Dynamic", field.title())] if field in release.dynamic else lines
    fields += [("Dynamic", field) for field in UNKNOWN_FIELDS]
    return "".join(f"{field}: {value}\n" for field, value in fields)


def renamed(requirement: str, project: str, name: str) -> str:
    """A dependency; where the project asks for extras of its own, those of the package instead."""
    found = re.match(r"[A-Za-z0-9][A-Za-z0-9._-]*", requirement)
    if found is None or canonicalize_name(found[0]) != canonicalize_name(project):
        return requirement
    return requirement if canonicalize_name(name) == canonicalize_name(project) else name + requirement[found.end() :]


def _pyproject(release: Release, backend: str) -> str:
    """The project's own build requirements, and the backend in this archive (PEP 517, PEP 518)."""
    requires = release.build_requires or (() if release.build_backend else LEGACY_REQUIRES)
    # A TOML string of printable characters is written as JSON writes it.
    lines = "".join(f"  {json.dumps(requirement, ensure_ascii=False)},\n" for requirement in requires)
    listed = f"[\n{lines}]" if lines else "[]"
    return f'[build-system]\nrequires = {listed}\nbuild-backend = "pointer_{backend}"\nbackend-path = ["backend"]\n'


def _facts(project: str, release: Release) -> str:
    facts = {
        "repository": release.repository,
        "tag": release.tag,
        "commit": release.commit,
        "subdirectory": release.subdirectory,
        "project": project,
        "build-backend": release.build_backend or LEGACY_BACKEND,
        "backend-path": list(release.backend_path),
    }
    return json.dumps(facts, indent=2, ensure_ascii=False) + "\n"


@cache
def _backend(version: str) -> str:
    return (resources.files("scripts.site.backend") / f"{version}.py").read_bytes().decode()


def _tar(files: Iterable[tuple[str, bytes]]) -> bytes:
    """A tar archive in the USTAR format (POSIX.1-1988), by hand: what `tarfile` writes differs between Pythons."""
    archive = b"".join(_header(path, len(content)) + _padded(content) for path, content in files)
    return archive + bytes(2 * _BLOCK)


def _padded(content: bytes) -> bytes:
    return content + bytes(-len(content) % _BLOCK)


def _header(path: str, size: int) -> bytes:
    folder, _, file = path.partition("/")
    if len(folder) > 155:
        raise BadValue("version", folder, "is too long with its name before it: an archive takes 155 characters")
    header = bytearray(
        struct.pack(
            "100s8s8s8s12s12s8sc100s6s2s32s32s8s8s155s12x",
            file.encode("ascii"),
            b"0000644\0",  # mode
            b"0000000\0",  # owner
            b"0000000\0",  # group
            b"%011o\0" % size,
            b"%011o\0" % _TIME,
            b" " * 8,  # checksum, counted as spaces
            b"0",  # a file
            b"",  # link
            b"ustar\0",
            b"00",
            b"root",
            b"root",
            b"0000000\0",
            b"0000000\0",
            folder.encode("ascii"),
        )
    )
    header[148:156] = b"%06o\0 " % sum(header)
    return bytes(header)


def _gzip(content: bytes) -> bytes:
    """One gzip member (RFC 1952) of stored deflate blocks (RFC 1951): compressors differ, copies do not."""
    blocks = b""
    for start in range(0, max(len(content), 1), _STORED):
        part = content[start : start + _STORED]
        last = start + _STORED >= len(content)
        blocks += struct.pack("<BHH", last, len(part), len(part) ^ 0xFFFF) + part
    header = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"  # deflate, no name, no time, no word on the system
    return header + blocks + struct.pack("<II", zlib.crc32(content), len(content))
