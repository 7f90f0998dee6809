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
    from collections.abc import Collection, Iterable, Iterator, Mapping

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
    own = names_in_tags(repository, subdirectory, names)
    chosen = _choose(repository, commits, own, tag, all_tags, {values.version(version) for version in known})
    visit = Visit(repository, subdirectory, own, {name: commits[name] for name in chosen}, publish_metadata, all_tags)
    with visit:
        visit.fetch(credential)
        visit.build()
    if visit.left_out and not visit.found and not known:
        raise BadProject(repository, *next(iter(visit.left_out.items())))
    return visit.findings()


def names_in_tags(repository: str, subdirectory: str, names: Iterable[str]) -> set[str]:
    """The normalized names by which tags may call a project: those it is known by, and what its address says."""
    return {canonicalize_name(name) for name in (*names, *_guesses(repository, subdirectory))}


class Visit:
    """A look at some tags of a repository, given with their commits: first all that is fetched, then what is built.

    Nothing is fetched any more, of any repository, once the first project was built: a build is another project's
    code, and could lie in wait, in git's own settings or as a process, for a git that has the credential. A context
    manager: the files that were fetched go away at its end.
    """

    def __init__(
        self,
        repository: str,
        subdirectory: str,
        names: Collection[str],
        commits: Mapping[str, str],
        publish_metadata: str,
        leave_out: bool,
    ) -> None:
        self.repository, self.subdirectory, self.names, self.commits = repository, subdirectory, names, commits
        self.publish_metadata, self.leave_out = publish_metadata, leave_out
        self.private = True
        self.found: dict[str, Described] = {}
        self.left_out: dict[str, str] = {}
        self._to_build: list[Source] = []
        self._folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)

    def __enter__(self) -> Visit:
        return self

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()

    def fetch(self, credential: Credential | None = None) -> None:
        """Fetch every tag, and read the projects whose metadata is static. Raises Unreadable, BadProject."""
        self.private = is_private(self.repository)
        top = Path(self._folder.name, "project")
        for tag, commit in self.commits.items():
            source = metadata.Source(self.repository, tag, top, self.subdirectory)
            with self._leaving_out(source):
                git.fetch(self.repository, tag, top, credential)
                date = _check_out(source, commit)
                if metadata.is_static(source):
                    self.found[tag] = _described(source, commit, date, self.names)
                else:
                    _submodules(source, credential)
                    self._to_build.append(source)
        if not self._to_build:
            self._folder.cleanup()  # of many repositories, only what is needed stays on the disk

    def build(self) -> None:
        """Ask the build backends of the other projects: their code runs. Raises BadProject."""
        for source in self._to_build:
            with self._leaving_out(source):
                date = _check_out(source, self.commits[source.tag])
                _submodules(source)
                self.found[source.tag] = _described(source, self.commits[source.tag], date, self.names)

    def findings(self) -> Findings:
        """What was found, in the order of the tags, without what may not be published."""
        found = [self.found[tag] for tag in self.commits if tag in self.found]
        if withholds(self.private, self.publish_metadata):
            found = [described.withheld() for described in found]
        left_out = [(tag, self.left_out[tag]) for tag in self.commits if tag in self.left_out]
        return Findings(self.repository, self.subdirectory, self.private, tuple(found), tuple(left_out))

    @contextlib.contextmanager
    def _leaving_out(self, source: Source) -> Iterator[None]:
        try:
            yield
        except BadProject as error:
            if not self.leave_out:
                raise
            self.left_out[source.tag] = error.why


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
