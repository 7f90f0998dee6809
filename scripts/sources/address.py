"""Where a repository is: every way in which people write it, in the one form that the index keeps."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from scripts import values
from scripts.errors import BadValue

GITHUB = "https://github.com"
_SHORT = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+")
_SCP = re.compile(r"(?:(?P<user>[\w.-]+)@)?(?P<host>[\w.-]+\.[\w.-]+|localhost):(?P<path>[^/\\].*)")
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True)
class Address:
    """A repository's address in canonical form, and the tag that was written behind it with @ ("" without one)."""

    url: str
    tag: str = ""


def parse(text: str, server: str = GITHUB) -> Address:
    """Read `owner/name`, an https, ssh or file URL (with or without git+), `git@host:path`, or a local path.

    `server` is the GitHub that `owner/name` is on; its repositories all get the form `https://server/owner/name`.
    Raises BadValue, also for a URL that holds a password: the index is public.
    """
    values.one_line("repository", text, 500)
    server = server.rstrip("/")
    if text.startswith((".", "/", "~")):
        return Address(Path(text).expanduser().resolve().as_uri())
    if _SHORT.fullmatch(text):
        return Address(f"{server}/{_bare(text)}")
    if match := _SCP.fullmatch(text):
        text = f"ssh://{match['user'] or 'git'}@{match['host']}/{match['path']}"
    tag = ""
    if text.startswith("git+"):
        text = text.removeprefix("git+").partition("#")[0]
        scheme, separator, rest = text.partition("://")
        authority, slash, path = rest.partition("/")
        path, _, tag = path.partition("@")
        text = scheme + separator + authority + slash + path
    return Address(_canonical(text, server), tag)


def _canonical(text: str, server: str) -> str:
    """A URL in canonical form."""
    try:
        parts = urlsplit(text)
        port, host = parts.port, parts.hostname or ""
    except ValueError:
        raise BadValue("repository", text, "is no address of a git repository: write it like owner/name") from None
    if parts.password or (parts.username and parts.scheme != "ssh"):
        raise BadValue("repository", "…", "holds a user or a password, which would be published: leave them out")
    github = urlsplit(server)
    path = parts.path.rstrip("/")
    if host.removeprefix("www.") == github.hostname and (parts.scheme == "ssh" or port == github.port):
        path = _bare(path.strip("/"))
        if not _SHORT.fullmatch(path):
            raise BadValue("repository", text, f"is not a repository's own address: write it like {server}/owner/name")
        return f"{server}/{path}"
    if parts.scheme == "http" and host not in _LOOPBACK:
        raise BadValue("repository", text, "is read without encryption: write it with https://")
    user = f"{parts.username}@" if parts.username else ""
    bracketed = f"[{host}]" if ":" in host else host
    authority = user + bracketed + (f":{port}" if port else "")
    return values.repository(urlunsplit((parts.scheme.lower(), authority, path, "", "")))


def _bare(path: str) -> str:
    return path.removesuffix(".git")
