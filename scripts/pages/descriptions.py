"""The long descriptions beside a record: one file a release that changed it, named by that release (0.2.md)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from scripts.model import DESCRIPTION_TYPES, Described, Package
from scripts.values import blob_id

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


def assign(package: Package, added: tuple[Described, ...], files: Mapping[str, str]) -> tuple[Package, dict[str, str]]:
    """Give each added release the file of its long description, and the texts of the files that are new.

    `files` are those of the package's folder with their git blob ids: a text that another release has already is not
    written again, the release names the same file.
    """
    named = {release.description for release in package.releases}
    known = {(blob, _ending(file)): file for file, blob in files.items() if file in named}
    new = {}
    for described in sorted(added, key=lambda described: described.release.parsed_version):
        if not described.description:
            continue
        ending = DESCRIPTION_TYPES[described.description_type]
        key = blob_id(described.description.encode()), ending
        if key not in known:
            known[key] = _free(described.release.version, ending, files)
            new[known[key]] = described.description
        release = package.release(described.release.version) or described.release
        package = package.with_release(replace(release, description=known[key]))
    return package, new


def _ending(file: str) -> str:
    return file.rpartition(".")[2]


def _free(stem: str, ending: str, taken: Collection[str]) -> str:
    """A file name for a release's description; a deleted release may have left its file to another one."""
    names = [f"{stem}.{ending}", *(f"{stem}_{number}.{ending}" for number in range(2, len(taken) + 3))]
    return next(name for name in names if name not in taken)
