"""What a repository holds: its release tags, and for each the commit and the project's own metadata there."""

from __future__ import annotations

import contextlib
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from packaging.utils import canonicalize_name

from scripts import values
from scripts.errors import BadProject, NoSuchTag, Unreadable
from scripts.model import Described, Findings, withholds
from scripts.sources import git, metadata, reading, tags
from scripts.sources.visibility import is_private

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from packaging.version import Version

    from scripts.sources.git import Credential
    from scripts.sources.metadata import Source


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
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        sources = [metadata.Source(repository, name, Path(folder, "project"), subdirectory) for name in chosen]
        found, left_out = _describe_all(sources, commits, own, all_tags, credential)
    if left_out and not found and not known:
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


def _describe_all(
    sources: list[Source],
    commits: Mapping[str, str],
    names: Collection[str],
    all_tags: bool,
    credential: Credential | None,
) -> tuple[list[Described], list[tuple[str, str]]]:
    """What was found at each tag, and the tags that are left out.

    Nothing is fetched any more once the first project was built: a build is another project's code, and could lie in
    wait, in git's own settings or as a process, for a git that has the credential.
    """
    found: dict[str, Described] = {}
    left_out: dict[str, str] = {}
    to_build: list[Source] = []

    @contextlib.contextmanager
    def leaving_out(source: Source) -> Iterator[None]:
        try:
            yield
        except BadProject as error:
            if not all_tags:
                raise
            left_out[source.tag] = error.why

    for source in sources:
        with leaving_out(source):
            git.fetch(source.repository, source.tag, source.top, credential)
            date = _check_out(source, commits[source.tag])
            if metadata.is_static(source):
                found[source.tag] = _described(source, commits[source.tag], date, names)
            else:
                _submodules(source, credential)
                to_build.append(source)
    for source in to_build:
        with leaving_out(source):
            date = _check_out(source, commits[source.tag])
            _submodules(source)
            found[source.tag] = _described(source, commits[source.tag], date, names)
    order = [source.tag for source in sources]
    return [found[tag] for tag in order if tag in found], [(tag, left_out[tag]) for tag in order if tag in left_out]


def _check_out(source: Source, commit: str) -> str:
    """Check a fetched commit out; its time."""
    try:
        seconds = git.check_out(source.repository, commit, source.top)
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except Unreadable as error:
        raise source.error(f"it cannot be checked out: {error.why}") from error
    except (ValueError, OverflowError, OSError):
        raise source.error("its commit has a date that is none: tag another commit") from None


def _submodules(source: Source, credential: Credential | None = None) -> None:
    try:
        git.submodules(source.repository, source.top, credential)
    except Unreadable as error:
        raise source.error(f"its submodules cannot be read: {error.why}") from error


def _described(source: Source, commit: str, date: str, names: Collection[str]) -> Described:
    """Read what is checked out."""
    found = reading.described(source, metadata.read(source), commit, date)
    named = tags.version_of(source.tag, {*names, canonicalize_name(found.project)})
    if named is not None and named != found.release.parsed_version:
        mend = "tag the commit that has this version, or mend the version in the project and tag anew"
        raise source.error(f"its metadata says version {found.release.version}, its tag says {named}: {mend}")
    return found
