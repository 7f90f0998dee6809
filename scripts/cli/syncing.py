"""New releases of the packages of an index: looked for in their repositories, handed over, and proposed."""

from __future__ import annotations

import contextlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

from scripts import changes
from scripts.cli.index import credential, handed_over, texts
from scripts.cli.proposing import propose_change
from scripts.errors import BadValue, Error, Refused, Unreadable
from scripts.forge import earlier, report
from scripts.pages import cards, record
from scripts.pages.record import path_of
from scripts.sources import git, handover, tags
from scripts.sources.describe import Visit, names_in_tags

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from scripts.change_set import ChangeSet
    from scripts.cli.run import Failures
    from scripts.forge.earlier import Waiting
    from scripts.forge.main_branch import MainBranch
    from scripts.model import Findings, Package
    from scripts.workspace import Folder

AT_ONCE = 16  # repositories that are asked at the same time


def find(folder: Folder, asked: Sequence[str], failures: Failures) -> dict[str, Findings]:
    """The new releases of packages (all without a name), for those that have some.

    Everything is fetched before the first project is built: see `Visit`. Raises NotRegistered, BadPage.
    """
    followed = _followed(folder, asked, failures)
    addresses = list(dict.fromkeys(package.repository for package in followed))
    with contextlib.ExitStack() as ended, ThreadPoolExecutor(AT_ONCE) as pool:
        seen = dict(zip(addresses, pool.map(_look, addresses), strict=True))
        visits: dict[str, Visit] = {}
        for package in followed:
            refs = seen[package.repository]
            if isinstance(refs, Unreadable):
                failures.add(f"{package.name}: {refs}")
            elif wanted := _wanted(package, refs.tags):
                visits[package.name] = ended.enter_context(_visit(package, wanted))
        fetched = pool.map(lambda visit: _tried(lambda: visit.fetch(credential(visit.repository))), visits.values())
        for name, error in zip(tuple(visits), tuple(fetched), strict=True):
            if error:
                failures.add(f"{name}: {error}")
                del visits[name]
        found: dict[str, Findings] = {}
        for name, visit in visits.items():
            with failures.of(name):
                visit.build()
                found[name] = visit.findings()
    return found


def _followed(folder: Folder, asked: Sequence[str], failures: Failures) -> list[Package]:
    index = folder.read(cards.PATH)
    names = [changes.known_name(index, name) for name in asked] or cards.names(index)
    followed = []
    for name in dict.fromkeys(names):
        with failures.of(name):
            package = record.read(path_of(name), folder.read(path_of(name)))
            if package.follow != "none":
                followed.append(package)
            elif asked:
                report.notice(f"{name} is not followed, as its record says: use update, or set --follow")
    return followed


def _look(repository: str) -> git.Refs | Unreadable:
    try:
        return git.look(repository, credential(repository))
    except Unreadable as error:
        return error


def _wanted(package: Package, commits: Mapping[str, str]) -> dict[str, str]:
    """The tags of a package's new releases, newest first, with their commits."""
    names = names_in_tags(package.repository, package.subdirectory, [package.name, package.project])
    found = tags.releases(commits, names)
    return {found[version]: commits[found[version]] for version in package.newer(found)}


def _visit(package: Package, commits: Mapping[str, str]) -> Visit:
    names = names_in_tags(package.repository, package.subdirectory, [package.name, package.project])
    return Visit(package.repository, package.subdirectory, names, commits, package.publish_metadata, leave_out=True)


def _tried(work: Callable[[], None]) -> Error | None:
    try:
        work()
    except Error as error:
        return error
    return None


def hand_over(found: Mapping[str, Findings], folder: Path) -> None:
    """Write what was found, a file for each package. Raises Refused."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, findings in found.items():
            (folder / f"{name}.json").write_text(handover.dump(findings), "utf-8")
    except OSError as error:
        raise Refused(f"cannot write to {folder}", f"{error.strerror}: check --out") from error


def take_over(folder: Path, failures: Failures) -> dict[str, Findings]:
    """What was handed over; nothing where there is no such folder, as nothing was new. Raises BadValue for a file."""
    if folder.is_file():
        raise BadValue("--releases", str(folder), "is a file: give the folder that --out wrote")
    found = {}
    for path in sorted(folder.glob("*.json")):
        with failures.of(path.stem):
            found[path.stem] = handed_over(path)
    return found


def edit(folder: Folder, found: Mapping[str, Findings], failures: Failures) -> Iterator[ChangeSet]:
    """Add the releases that were found to the files of an index; what was changed, one package after the other."""
    for name, findings in found.items():
        with failures.of(name), folder.locked():
            before = texts(folder, changes.known_name(folder.read(cards.PATH), name))
            _check_subject(changes.package(before, name), findings)
            change = changes.sync(before, name, findings)
            if change.added:
                folder.write(change.files)
                yield change
            else:
                _say_left_out(change)


def propose(main: MainBranch, found: Mapping[str, Findings], failures: Failures) -> None:
    """Propose the releases that were found, a pull request for each package. Raises Refused."""
    waiting = earlier.waiting(main) if found else {}
    for name, findings in found.items():
        with failures.of(name):
            changes.known_name(main.read(cards.PATH), name)
            _propose(main, name, findings, waiting)


def _propose(main: MainBranch, name: str, findings: Findings, waiting: Mapping[str, Waiting]) -> None:
    before = texts(main, name)
    _check_subject(changes.package(before, name), findings)
    growing = changes.new_releases_branch(name) in waiting
    change = changes.sync(before, name, findings, growing)
    _say_left_out(change)
    if not change.added:
        return
    pull, whole = waiting.get(change.branch), waiting.get(changes.all_tags_branch(name))
    if whole and whole.holds(change.added):
        pull = whole
    # What sync has shown of a project that is private by now is taken back; a person's request is left alone.
    if pull and pull.holds(change.added) and (pull.shows(findings.private) or not pull.is_by_sync):
        earlier.complete(main, pull)
        report.notice(f"{change.title}: waits for a review: {pull.url}")
        url = pull.url
    elif pull and not pull.is_by_sync:
        report.notice(f"{change.title}: somebody's own pull request is about that, at another commit: {pull.url}")
        return
    else:
        change = _without_turned_down(main, change, lambda kept: changes.sync(before, name, kept, growing), findings)
        if not change.added:
            return
        url = propose_change(main, change).url
    for release in change.added:
        older = waiting.get(changes.update_branch(name, release))
        if older and older.branch != change.branch and older.is_by_sync:
            earlier.supersede(main, older, url)


def _without_turned_down(
    main: MainBranch, change: ChangeSet, again: Callable[[Findings], ChangeSet], findings: Findings
) -> ChangeSet:
    """The change without what a person has turned down, and what is older than that."""
    branches = [changes.update_branch(change.name, release) for release in change.added]
    branches.append(changes.new_releases_branch(change.name))
    turned_down = earlier.turned_down(main, dict.fromkeys([*branches, change.branch]), change.added)
    refused = [release for release in change.added if release.version in turned_down]
    if not refused:
        return change
    floor = refused[0]  # the newest one
    mend = "open it again, or use update"
    report.notice(f"{change.name} {floor.version}: was turned down in {turned_down[floor.version]}: {mend}")
    newer = [one for one in findings.found if one.release.parsed_version > floor.parsed_version]
    return again(replace(findings, found=tuple(newer)))


def _check_subject(package: Package, findings: Findings) -> None:
    """Refuse findings of another repository than the record's: they may have been handed over."""
    releases = [described.release for described in findings.found]
    said: Collection[tuple[str, str]] = {
        (findings.repository, findings.subdirectory),
        *((release.repository, release.subdirectory) for release in releases),
    }
    for repository, subdirectory in said:
        if (repository, subdirectory) != (package.repository, package.subdirectory):
            why = f"is not what the record of {package.name} says: run sync again"
            raise BadValue("release file", f"{repository} {subdirectory}".strip(), why)


def _say_left_out(change: ChangeSet) -> None:
    for tag, reason in change.left_out:
        report.notice(f"{change.name}: left out the tag {tag}: {reason}")
