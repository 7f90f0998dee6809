"""The files that a release is published as."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scripts.errors import BadPage, BadValue
from scripts.site.pointer import BACKENDS, pointer

if TYPE_CHECKING:
    from scripts.model import Package, Release


@dataclass(frozen=True)
class File:
    """A pointer sdist as pages, constraints and catalogues name it. `metadata_sha256` is None without a .metadata."""

    name: str
    sha256: str
    size: int
    metadata_sha256: str | None


def of(package: Package, release: Release, path: str) -> tuple[File, dict[str, bytes]]:
    """A release's file, and the bytes of what is published: the pointer sdist and its metadata (PEP 658).

    Raises BadPage, which names the record at `path`, where the bytes are not those that were reviewed.
    """
    if not release.sha256:
        raise BadPage(path, f"release {release.version} has no sha256: delete the release and add it anew")
    try:
        versions = [pointer(package.name, package.project, release, backend) for backend in BACKENDS]
    except BadValue as error:
        raise BadPage(path, f"release {release.version}: {error}") from error
    made = next((one for one in versions if one.sha256 == release.sha256), None)
    if made is None:
        why = f"release {release.version}: its sha256 is {release.sha256}, its pointer sdist has {versions[-1].sha256}"
        raise BadPage(path, f"{why}; somebody edited the record: bring it back, or delete the release and add it anew")
    written = {made.file_name: made.content}
    if made.metadata is not None:
        written[f"{made.file_name}.metadata"] = made.metadata.encode()
    return File(made.file_name, made.sha256, len(made.content), made.metadata_sha256), written
