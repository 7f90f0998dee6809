"""Whether a repository is private: whether a client without credentials is refused."""

from __future__ import annotations

import urllib.error
import urllib.request
from urllib.parse import urlsplit

from scripts.errors import Unreadable

TIMEOUT = 20  # seconds


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
        with urllib.request.urlopen(request, timeout=TIMEOUT):  # noqa: S310
            return False
    except urllib.error.HTTPError as error:
        if error.code in (401, 403, 404):
            return True
        why = f"status {error.code}"
    except (OSError, ValueError) as error:
        why = str(error)
    raise Unreadable(repository, f"cannot tell whether it is private ({why}): run again later")
