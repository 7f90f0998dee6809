"""What each verb does to the index: its texts and what was found go in, the files to write come out. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from scripts import values
from scripts.change_set import ChangeSet, Request, Texts, branch_version, compare
from scripts.errors import (
    AlreadyRegistered,
    BadPage,
    BadProject,
    BadUsage,
    NoSuchRelease,
    NotRegistered,
    ReleaseExists,
    ReservedName,
)
from scripts.model import (
    TYPED_FIELDS,
    About,
    Described,
    Findings,
    Package,
    Release,
    withholds,
)
from scripts.pages import cards, descriptions, record
from scripts.pages.record import path_of
from scripts.site.pointer import pointer

_ALL_TAGS = "all_tags"  # no version: what the branch of an update to several is called
# Folders of this repository, and of what it publishes, that no package may take, wherever the scripts run.
RESERVED = ("assets", "docs", "scripts", "static", "tests")


@dataclass(frozen=True)
class Typed:
    """What a request says of a package in its own words; "" where it says nothing."""

    summary: str = ""
    author: str = ""
    homepage: str = ""

    def over(self, about: About) -> About:
        return About(**{**vars(about), **self.given()})

    def given(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in TYPED_FIELDS if getattr(self, name)}


def known_name(index: str, wanted: str) -> str:
    """The normalized name of a package that index.html lists; raises NotRegistered, BadValue."""
    name = values.package_name(wanted)
    names = cards.names(index)
    if name not in names:
        raise NotRegistered(wanted, names)
    return name


def free_name(index: str, entries: frozenset[str], wanted: str) -> str:
    """The normalized name under which a package can be registered; raises AlreadyRegistered, ReservedName."""
    name = values.package_name(wanted)
    if name in cards.names(index):
        raise AlreadyRegistered(wanted, name)
    for entry in (*RESERVED, *sorted(entries)):
        if entry.casefold() == name:  # some file systems hold LICENSE and license for the same
            raise ReservedName(name, entry)
    return name


def name_for(findings: Findings, wanted: str = "") -> str:
    """The normalized name that a package gets: the one that was asked for, or its newest release's own."""
    return values.package_name(wanted or _newest(findings).project)


def package(texts: Texts, name: str) -> Package:
    """The record of a package that index.html lists. Raises BadPage where the two do not agree."""
    if texts.page is None:
        raise BadPage(path_of(name), "is not there, though index.html lists it: bring it back, or delete the package")
    found = record.read(path_of(name), texts.page)
    if found.name != name:
        raise BadPage(path_of(name), f"records {found.name}, not {name}: the name and the folder must agree")
    return found


def register(
    texts: Texts, findings: Findings, name: str = "", typed: Typed | None = None, publish_metadata: str = "auto"
) -> ChangeSet:
    """Put a new package on the index, with every release that was found; `name` makes it an alias."""
    typed = typed or Typed()
    newest = _newest(findings)
    name = free_name(texts.index, texts.entries, name or newest.project)
    for described in findings.found:
        _agree(findings.repository, described, newest.project)
    shown = _shown(findings, publish_metadata)
    after = Package(
        name=name,
        project=newest.project,
        repository=findings.repository,
        subdirectory=findings.subdirectory,
        private=findings.private,
        publish_metadata=publish_metadata,
        about=About(),
        releases=tuple(described.release for described in shown),
        typed=tuple(typed.given()),
    )
    after = replace(after, about=typed.over(_about(after, shown)))
    after, texts_beside = descriptions.assign(_sealed(after, shown), shown, {})
    request = Request("register", name, f"Register {name} {after.latest.version}")
    return compare(request, texts, None, after, texts_beside, findings)


def update(
    texts: Texts,
    name: str,
    findings: Findings | None,
    typed: Typed | None = None,
    repository: str = "",
    tag: str = "",
    follow: str = "",
) -> ChangeSet:
    """Add the releases that were found and are not there yet, and bring in what the request says of the package.

    `tag` is the one that the request named: its release must be new. Raises ReleaseExists, BadProject.
    """
    typed = typed or Typed()
    before = package(texts, name)
    after = replace(before, repository=repository or before.repository, follow=follow or before.follow)
    added: tuple[Described, ...] = ()
    if findings:
        for described in findings.found:
            _agree(findings.repository, described, before.project)
        added = tuple(new for new in _shown(findings, before.publish_metadata) if _is_new(before, new, tag))
        after = replace(
            after,
            private=findings.private,
            repository=findings.repository,
            releases=(*before.releases, *(described.release for described in added)),
        )
    found = _about(after, added)
    kept = {field: getattr(before.about, field) for field in before.typed}
    after = replace(
        after,
        about=typed.over(About(**{**vars(found), **kept})),
        typed=tuple(field for field in TYPED_FIELDS if field in {*before.typed, *typed.given()}),
    )
    after, texts_beside = descriptions.assign(_sealed(after, added), added, texts.files)
    facts = {**dict.fromkeys(typed.given(), True), "repository": repository, "follow": follow}
    asked = [fact for fact, given in facts.items() if given] or ["visibility"]  # found changed by itself
    request = _update(name, added, asked, several=bool(findings and len(findings.found) > 1))
    return compare(request, texts, before, after, texts_beside, findings)


def _update(name: str, added: tuple[Described, ...], asked: list[str], *, several: bool) -> Request:
    """An update as a request: to one release, to several, or only to the facts that were `asked` for."""
    newest = max((described.release for described in added), key=lambda release: release.parsed_version, default=None)
    if not newest:  # a branch for each choice of facts, or the second request would take the place of the first
        return Request("update", name, f"Update {name}: {', '.join(asked)}", "_".join(["set", *asked]))
    if several:
        title = f"Update {name}: add {len(added)} releases, {newest.version} last"
        return Request("update", name, title, _ALL_TAGS)
    return Request("update", name, f"Update {name}: add {newest.version}", branch_version(newest))


def sync(texts: Texts, name: str, findings: Findings, growing: bool = False) -> ChangeSet:
    """Add those of the releases that were found that the package follows, and that are newer than what it has.

    One release is the same request as an update to it. Several are a request of their own, whatever versions they
    are: when more come before it is merged, it grows. `growing` says that there is such a request already. A tag that
    holds another project is left out, and holds up no other.
    """
    before = package(texts, name)
    found, left_out = {}, [*findings.left_out]
    for described in findings.found:
        try:
            _agree(findings.repository, described, before.project)
            found[described.release.parsed_version] = described
        except BadProject as error:
            left_out.append((error.tag, error.why))
    newer = tuple(found[version] for version in before.newer(found))
    kept = replace(findings, found=newer, left_out=tuple(left_out))
    change = update(texts, name, kept)
    joined = growing or len(change.added) > 1
    return replace(change, verb="sync", branch=new_releases_branch(name) if joined else change.branch)


def new_releases_branch(name: str) -> str:
    """The branch on which several new releases of a package are proposed; no name has its underscore."""
    return Request("update", name, "", "new_releases").branch


def all_tags_branch(name: str) -> str:
    """The branch on which a person proposes all tags that are not there."""
    return Request("update", name, "", _ALL_TAGS).branch


def update_branch(name: str, release: Release) -> str:
    """The branch on which an update to one release is proposed."""
    return Request("update", name, "", branch_version(release)).branch


def delete(texts: Texts, name: str, wanted: str = "") -> ChangeSet:
    """Take a release away, or the package with all that is in its folder: without a version, or with its last one."""
    if not wanted:
        before = _readable(texts, name)
        return compare(Request("delete", name, f"Delete {name}"), texts, before, None, {}, None)
    before = package(texts, name)
    gone = _release(before, wanted)
    left = tuple(release for release in before.releases if release is not gone)
    after = replace(before, releases=left) if left else None
    request = Request("delete", name, f"Delete {name} {gone.version}", branch_version(gone))
    return compare(request, texts, before, after, {}, None)


def yank(texts: Texts, name: str, wanted: str, reason: str = "", undo: bool = False) -> ChangeSet:
    """Mark a release as yanked (PEP 592), so that installers take it only when it is asked for; or take that back."""
    if undo and reason:
        raise BadUsage("yank", "--undo takes no --reason: give one of the two")
    before = package(texts, name)
    release = _release(before, wanted)
    after = before.with_release(replace(release, yanked=None if undo else reason or release.yanked or ""))
    title = f"Undo the yank of {name} {release.version}" if undo else f"Yank {name} {release.version}"
    request = Request("unyank" if undo else "yank", name, title, branch_version(release))
    return compare(request, texts, before, after, {}, None)


def _readable(texts: Texts, name: str) -> Package | None:
    """The record, or None: a package whose record is broken can still be deleted."""
    try:
        return package(texts, name)
    except BadPage:
        return None


def _release(found: Package, wanted: str) -> Release:
    values.version(wanted)
    release = found.release(wanted)
    if release is None:
        raise NoSuchRelease(found.name, wanted, [known.version for known in found.releases])
    return release


def _agree(repository: str, described: Described, project: str) -> None:
    """Every release must be of the same project: a repository, or a tag in it, may hold another one."""
    if values.package_name(described.project) != values.package_name(project):
        why = f"its metadata names the project {described.project}, not {project}: check tag and subdirectory"
        raise BadProject(repository, described.release.tag, why)


def _newest(findings: Findings) -> Described:
    if not findings.found:
        raise BadProject(findings.repository, "its tags", "no release was found: name one with --tag")
    return max(findings.found, key=lambda described: described.release.parsed_version)


def _sealed(after: Package, added: tuple[Described, ...]) -> Package:
    """Give each new release the hash of the file that it will be published as; from now on it cannot change."""
    for described in added:
        made = pointer(after.name, after.project, described.release)
        after = after.with_release(replace(described.release, sha256=made.sha256))
    return after


def _is_new(before: Package, described: Described, tag: str) -> bool:
    there = before.release(described.release.version)
    if there and tag:
        raise ReleaseExists(before.name, there.version, there.commit, described.release.commit)
    return there is None


def _shown(findings: Findings, publish_metadata: str) -> tuple[Described, ...]:
    """The findings, without what may not be published."""
    if withholds(findings.private, publish_metadata):
        return tuple(described.withheld() for described in findings.found)
    return findings.found


def _about(after: Package, added: tuple[Described, ...]) -> About:
    """What the newest release says of the project, if it is one of those that are added; else what is known."""
    latest = after.latest.version
    found = next((described.about for described in added if described.release.version == latest), after.about)
    return About() if withholds(after.private, after.publish_metadata) else found
