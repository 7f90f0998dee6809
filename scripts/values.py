"""Checks of single values: each gives a value back in the form that the index keeps, or raises BadValue."""

from __future__ import annotations

import functools
import hashlib
import re
import unicodedata
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import InvalidName, NormalizedName, canonicalize_name
from packaging.version import InvalidVersion, Version

from scripts.errors import BadValue

_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def one_line(field: str, value: str, limit: int = 512) -> str:
    """Give `value` back when it is one line of at most `limit` plain characters; else raise BadValue."""
    if len(value) > limit:
        raise BadValue(field, value, f"is longer than {limit} characters: shorten it")
    plain = value.isascii() and value.isprintable()  # as nearly all are
    if not plain and (any(map(_is_control, value)) or _BIDI.search(value)):
        raise BadValue(field, value, "holds a line break or a control character: take it out")
    if value != " ".join(value.split()):
        raise BadValue(field, value, "has spaces at its ends or in a row: take them out")
    return value


def _is_control(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")


def package_name(value: str) -> NormalizedName:
    """Give the normalized form of a project name (PyPA "Name normalization"); else raise BadValue."""
    one_line("name", value, 100)
    try:
        if not value.isascii():  # without case, a regular expression takes the Kelvin sign for a k
            raise InvalidName(value)
        return canonicalize_name(value, validate=True)
    except InvalidName:
        mend = "is no valid project name: use letters, digits and . - _, first and last a letter or a digit"
        raise BadValue("name", value, mend) from None


@functools.lru_cache(maxsize=4096)
def version(value: str) -> Version:
    """Read a version (PyPA "Version specifiers", PEP 440); else raise BadValue."""
    one_line("version", value, 100)
    try:
        if not value.isascii():
            raise InvalidVersion(value)
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


@functools.lru_cache(maxsize=4096)
def requirement(field: str, value: str) -> str:
    """Give a dependency specifier back (PyPA "Dependency specifiers", PEP 508); else raise BadValue."""
    one_line(field, value, 2000)
    try:
        Requirement(value)
    except (InvalidRequirement, RecursionError):  # the parser goes one call deeper for each parenthesis
        raise BadValue(field, value, "is no dependency that PEP 508 knows: mend it in the project") from None
    return value


@functools.lru_cache(maxsize=4096)
def specifiers(field: str, value: str) -> str:
    """Give version specifiers back (PyPA "Version specifiers", PEP 440); else raise BadValue."""
    one_line(field, value)
    try:
        SpecifierSet(value)
    except InvalidSpecifier:
        raise BadValue(field, value, "is no version specifier that PEP 440 knows: mend it in the project") from None
    return value


def repository(value: str) -> str:
    """Give the canonical address of a git repository back; else raise BadValue."""
    one_line("repository", value, 500)
    try:
        parts = urlsplit(value)
        valid = (
            parts.scheme in ("https", "http", "ssh", "file")
            and not (parts.query or parts.fragment or parts.password)
            and not (parts.username and parts.scheme != "ssh")
            and bool(parts.hostname) == (parts.scheme != "file")
            and len(parts.path) > 1
            and parts.port != 0  # which also reads it
            and unquote(value, errors="strict")  # %ff makes uv refuse the whole page
            and not re.search(r'[\s"\'<>\\^`{|}]', value)
        )
    except ValueError:
        valid = False
    if not valid:
        value = re.sub(r"//[^/@]*@", "//***@", value)  # it may hold a password, and errors are public
        raise BadValue("repository", value, "is no address of a git repository: write it like owner/name")
    return value


def blob_id(content: bytes) -> str:
    """The name that git gives to a file's content, so that a folder and a repository compare without reading."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()
