"""Whether PyPI has a project of a name, and its newest release there."""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.request
from http.client import HTTPException

from packaging.version import InvalidVersion, Version

from scripts.model import OnPyPI

PYPI = "https://pypi.org"
TIMEOUT = 10  # seconds


def look_up(name: str) -> OnPyPI:
    """Ask PyPI's simple API in its JSON form (PEP 691) for a normalized name. Never raises: a doubt is an answer.

    The newest release is the one that an installer would take: stable where there is one. PYPI_URL names another
    server, for a mirror or a test.
    """
    request = urllib.request.Request(  # noqa: S310 - an https address, or the user's own
        f"{os.environ.get('PYPI_URL') or PYPI}/simple/{name}/",
        headers={"Accept": "application/vnd.pypi.simple.v1+json", "User-Agent": "github-pages-python-index"},
    )
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310
            listed = json.load(answer).get("versions", [])
    except urllib.error.HTTPError as error:
        return OnPyPI(known=error.code == 404)
    except (OSError, ValueError, AttributeError, HTTPException):
        return OnPyPI(known=False)
    versions = sorted(filter(None, map(_version, listed if isinstance(listed, list) else [])))
    stable = [version for version in versions if not version.is_prerelease]
    newest = (stable or versions)[-1:]
    return OnPyPI(known=True, exists=True, newest=str(newest[0]) if newest else None)


def _version(text: object) -> Version | None:
    try:
        return Version(str(text)[:100])
    except InvalidVersion:
        return None
