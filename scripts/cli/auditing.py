"""A look at everything that the records of an index name, and what it found as a table."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scripts.cli.index import credential
from scripts.errors import Error, Refused, Unreadable
from scripts.forge.body import cut, table
from scripts.forge.report import code
from scripts.pages import cards, record
from scripts.pages.record import path_of
from scripts.review import drift
from scripts.review.drift import Finding, Seen
from scripts.sources import git, pypi
from scripts.sources.visibility import is_private

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scripts.model import Package
    from scripts.workspace import Folder

AT_ONCE = 16  # servers that are asked at the same time
SHOWN = 10  # names in a line about many


@dataclass(frozen=True)
class Audit:
    """What was found, what could not be found out, and how many packages, releases and repositories were looked at."""

    findings: tuple[Finding, ...]
    unknown: tuple[str, ...]
    counts: tuple[int, int, int]

    @property
    def looked_at(self) -> str:
        packages, releases, repositories = self.counts
        return (
            f"{_many(packages, 'package', 'packages')} with {_many(releases, 'release', 'releases')},"
            f" in {_many(repositories, 'repository', 'repositories')}"
        )

    @property
    def title(self) -> str:
        return f"Index audit: {_many(len(self.findings), 'finding', 'findings')}"

    @property
    def body(self) -> str:
        """The findings as a table. The same findings make the same text, whenever they are made."""
        rows = [
            (code(each.name), code(each.version) if each.version else "all", code(each.what), code(each.mend))
            for each in self.findings
        ]
        parts = [
            "This is no longer as it was reviewed, or could not be looked at. `audit` rewrites this as things"
            " change, and closes it when all is well. Close it yourself to say that you know: it comes back when"
            " something else is found.",
            table(("Package", "Release", "Found", "What to do"), rows),
        ]
        return cut("\n\n".join(parts) + "\n", "`python -m scripts.audit` lists all")

    @property
    def summary(self) -> str:
        """The same for the summary of a run, with what was looked at and what could not be found out."""
        told = f"### {self.title}\n\n{self.body}" if self.findings else "### Index audit: nothing found"
        looks = zip(("Packages", "Releases", "Repositories"), map(str, self.counts), strict=True)
        looked_at = table(("Looked at", "How many"), [*looks, ("Findings", str(len(self.findings)))])
        return "\n\n".join([told, looked_at, *(f"Not known: {code(unknown)}" for unknown in self.unknown)])

    @property
    def well(self) -> str:
        return f"All is well: {self.looked_at}.\n"


def audit(folder: Folder) -> Audit:
    """Look at every repository once, and at PyPI for every name. Raises Refused where nothing could be reached."""
    findings: list[Finding] = []
    packages: dict[str, Package] = {}
    names = cards.names(folder.read(cards.PATH))
    for name in names:
        try:
            packages[name] = record.read(path_of(name), folder.read(path_of(name)))
        except Error as error:
            findings.append(Finding(name, "", str(error), "bring the record back from git's history"))
    addresses = list(dict.fromkeys(one for package in packages.values() for one in drift.repositories(package)))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        on_pypi = dict(zip(packages, pool.map(pypi.look_up, packages), strict=True))
        looks = dict(zip(addresses, pool.map(_look, addresses), strict=True))
        again = [address for address, look in looks.items() if look.reached is False]
        looks |= zip(again, pool.map(_look, again), strict=True)
    if looks and not any(look.reached for look in looks.values()):
        reason = next(look.why for look in looks.values())
        raise Refused(f"none of {len(looks)} repositories could be reached ({reason})", "check the network, run again")
    seen = {address: look.seen for address, look in looks.items()}
    for name, package in packages.items():
        findings += drift.of_package(package, seen, on_pypi[name], packages)
    unknown = [f"the tags of {address}: {look.why}" for address, look in looks.items() if not look.reached]
    if unasked := [name for name, said in on_pypi.items() if not said.known]:
        unknown.append(f"PyPI could not be asked for {_some(unasked)}")
    doubtful = [address for address, sight in seen.items() if sight.tags is not None and sight.private is None]
    if doubtful:
        unknown.append(f"whether it is private could not be told of {_some(doubtful)}")
    releases = sum(len(package.releases) for package in packages.values())
    return Audit(tuple(findings), tuple(unknown), (len(names), releases, len(addresses)))


def _many(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def _some(names: Sequence[str]) -> str:
    more = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {more} more" if more > 0 else "")


@dataclass(frozen=True)
class _Look:
    """What was seen, and whether there was an answer at all; `why` says in git's words why there was none."""

    seen: Seen
    reached: bool
    why: str = ""


def _look(repository: str) -> _Look:
    try:
        refs = git.look(repository, credential(repository))
    except Unreadable as error:
        return _Look(Seen(None, why=error.why if error.answered else ""), error.answered, error.why)
    try:
        private: bool | None = is_private(repository)
    except Unreadable:
        private = None
    return _Look(Seen(refs.tags, refs.moved_to, private), reached=True)
