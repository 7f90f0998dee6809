"""Where a repository is: every way in which people write it, in the one form that the index keeps."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit, urlunsplit

from scripts import values
from scripts.errors import BadValue

GITHUB = "https://github.com"
_SHORT = re.compile(r"([A-Za-z0-9][A-Za-z0-9-]*/(?!\.+(?:git)?(?:/|$))[A-Za-z0-9._-]+?)(?:\.git)?/?")
_SCP = re.compile(r"(?:(?P<user>[\w.-]+)@)?(?P<host>[\w.-]+\.[\w.-]+|localhost):(?P<path>[^/\\].*)")
_SECRET = re.compile(r"(?<!ssh)://[^/?#]*@|://[^/?#@]*:[^/?#]*@|^[^/:@]+:[^/@]+@", re.IGNORECASE)
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True)
class Address:
    """A repository's address in canonical form, and what was written behind it: `@tag`, `#subdirectory=…`, or ""."""

    url: str
    tag: str = ""
    subdirectory: str = ""


def parse(text: str, server: str = GITHUB) -> Address:
    """Read `owner/name`, an https, ssh or file URL (with or without git+), `git@host:path`, or a local path.

    `server` is the GitHub that `owner/name` is on; its repositories all get the form `https://server/owner/name`.
    Raises BadValue, also for a URL that holds a password: the index is public.
    """
    if _SECRET.search(text):  # first of all, as the other errors show the text
        raise BadValue("repository", "…", "holds a user or a password, which would be published: leave them out")
    values.one_line("repository", text, 500)
    server = server.rstrip("/")
    if text.startswith((".", "/", "~")):
        return Address(_path(text).as_uri())
    if match := _SHORT.fullmatch(text):
        return Address(f"{server}/{match[1]}")
    if match := _SCP.fullmatch(text):
        text = f"ssh://{match['user'] or 'git'}@{match['host']}/{match['path']}"
    tag = subdirectory = ""
    if text.startswith("git+"):
        text, _, fragment = text.removeprefix("git+").partition("#")
        subdirectory = parse_qs(fragment).get("subdirectory", [""])[0]
        scheme, separator, rest = text.partition("://")
        authority, slash, path = rest.partition("/")
        path, _, tag = path.partition("@")
        text = scheme + separator + authority + slash + path
    return Address(_canonical(text, server), tag, subdirectory)


def _path(text: str) -> Path:
    try:
        return Path(text).expanduser().resolve()
    except (OSError, RuntimeError):  # nobody of this name, or links in a circle
        raise BadValue("repository", text, "is no folder on this machine: check the path") from None


def _canonical(text: str, server: str) -> str:
    """A URL in canonical form."""
    try:
        parts = urlsplit(text)
        port, host = parts.port, parts.hostname or ""
    except ValueError:
        raise BadValue("repository", text, "is no address of a git repository: write it like owner/name") from None
    github = urlsplit(server)
    path = parts.path.rstrip("/")
    if host.removeprefix("www.") == github.hostname and (parts.scheme == "ssh" or port == github.port):
        match = _SHORT.fullmatch(path.strip("/"))
        if not match:
            raise BadValue("repository", text, f"is not a repository's own address: write it like {server}/owner/name")
        return f"{server}/{match[1]}"
    if parts.scheme == "http" and host not in _LOOPBACK:
        raise BadValue("repository", text, "is read without encryption: write it with https://")
    user = f"{parts.username}@" if parts.username else ""
    bracketed = f"[{host}]" if ":" in host else host
    authority = user + bracketed + (f":{port}" if port else "")
    return values.repository(urlunsplit((parts.scheme.lower(), authority, path, "", "")))
