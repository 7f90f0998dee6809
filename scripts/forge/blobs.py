"""The text of a file at a commit on GitHub, taken from a checkout where that has it already."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from scripts.errors import BadPage
from scripts.forge.client import refusals
from scripts.values import blob_id

if TYPE_CHECKING:
    from pathlib import Path

    from github.Repository import Repository


def text_of(repository: Repository, checkout: Path, path: str, blob: str) -> str:
    """The text at a path, whose id git says is `blob`. One API call at most. Raises Refused, BadPage."""
    content = _local(checkout / path)
    if content is None or blob_id(content) != blob:
        with refusals(repository.full_name):
            content = base64.b64decode(repository.get_git_blob(blob).content)
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise BadPage(path, f"is not UTF-8 at byte {error.start}: save it as UTF-8") from None


def _local(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None
