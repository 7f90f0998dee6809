"""Whether a repository is private: whether a client without credentials is refused."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from http.client import HTTPException
from urllib.parse import urlsplit

from scripts.errors import Unreadable

TIMEOUT = 20  # seconds
_DUMB = re.compile(rb"[0-9a-f]{40,64}\t")


def is_private(repository: str) -> bool:
    """Ask as an anonymous git client would (gitprotocol-http, "Discovering References").

    Any answer but a clear yes or no is an error: a doubt neither publishes a private project's metadata nor takes
    a public one's away. A repository that is read over ssh is private; one on this machine's disk is not.
    Raises Unreadable.
    """
    scheme = urlsplit(repository).scheme
    if scheme not in ("http", "https"):
        return scheme != "file"
    request = urllib.request.Request(  # noqa: S310 - the scheme is checked above
        f"{repository}/info/refs?service=git-upload-pack", headers={"User-Agent": "git/2"}
    )
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310
            return not _is_git(answer.headers.get_content_type(), answer.read(100))
    except urllib.error.HTTPError as error:
        if error.code in (401, 403, 404):
            return True
        why = f"status {error.code}"
    except (OSError, ValueError, HTTPException) as error:
        why = str(error) or type(error).__name__
    raise Unreadable(repository, f"cannot tell whether it is private ({why}): run again later")


def _is_git(content_type: str, start: bytes) -> bool:
    """Whether an answer is a list of refs, by the smart or the dumb protocol, and not the page where people log in."""
    return content_type == "application/x-git-upload-pack-advertisement" or bool(_DUMB.match(start))
