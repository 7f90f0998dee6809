"""What a repository holds: its release tags, and for each the commit and the project's own metadata there."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from packaging.utils import canonicalize_name

from scripts import values
from scripts.errors import BadProject, NoSuchTag
from scripts.model import Described, Findings, withholds
from scripts.sources import git, metadata, reading, tags
from scripts.sources.visibility import is_private

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from packaging.version import Version

    from scripts.sources.git import Credential


def describe(
    repository: str,
    *,
    tag: str = "",
    all_tags: bool = False,
    subdirectory: str = "",
    names: Collection[str] = (),
    known: Collection[str] = (),
    publish_metadata: str = "auto",
    credential: Credential | None = None,
) -> Findings:
    """Read a repository's releases: the one of `tag`, or all, or the newest; those in `known` are left alone.

    `repository` is canonical; `names` are those by which its tags may call the project, beside its own. What a
    private project does not publish is not in the findings. With `all_tags`, tags that cannot become a release are
    left out, and the findings say why. Raises Unreadable, NoSuchTag, BadProject; finds nothing where nothing is new.
    """
    subdirectory = values.subdirectory(subdirectory)
    commits = git.tags(repository, credential)
    own = {canonicalize_name(name) for name in (*names, *_guesses(repository, subdirectory))}
    chosen = _choose(repository, commits, own, tag, all_tags, {values.version(version) for version in known})
    private = is_private(repository)
    found: list[Described] = []
    left_out: list[tuple[str, str]] = []
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        for name in chosen:
            source = metadata.Source(repository, name, Path(folder, "project"), subdirectory)
            try:
                found.append(_describe(source, commits[name], own, credential))
            except BadProject as error:
                if not all_tags:
                    raise
                left_out.append((name, error.why))
    if left_out and not found:
        raise BadProject(repository, *left_out[0])
    if withholds(private, publish_metadata):
        found = [described.withheld() for described in found]
    return Findings(repository, subdirectory, private, tuple(found), tuple(left_out))


def _guesses(repository: str, subdirectory: str) -> list[str]:
    """The names that tags of the project are likely to carry."""
    paths = (repository.removesuffix(".git"), subdirectory)
    return [path.rstrip("/").rpartition("/")[2] for path in paths if path]


def _choose(
    repository: str,
    commits: Mapping[str, str],
    names: Collection[str],
    tag: str,
    all_tags: bool,
    known: Collection[Version],
) -> list[str]:
    if not commits or (tag and tag not in commits):
        raise NoSuchTag(repository, tag, commits)
    if tag:
        return [tag]
    found = tags.releases(commits, names)
    if not found:
        raise NoSuchTag(repository, "", commits)
    if all_tags:
        return [name for version, name in found.items() if version not in known]
    newest = tags.default(found, known)
    return [newest] if newest else []


def _describe(
    source: metadata.Source, commit: str, names: Collection[str], credential: Credential | None
) -> Described:
    """Read one tag: fetched, checked out, and described."""
    git.fetch(source.repository, source.tag, source.top, credential)
    seconds = git.check_out(source.repository, commit, source.top)
    if not metadata.is_static(source):
        git.submodules(source.repository, source.top, credential)
    date = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    found = reading.described(source, metadata.read(source), commit, date)
    named = tags.version_of(source.tag, {*names, canonicalize_name(found.project)})
    if named is not None and named != found.release.parsed_version:
        mend = "tag the commit that has this version, or mend the version in the project and tag anew"
        raise source.error(f"its metadata says version {found.release.version}, its tag says {named}: {mend}")
    return found
