"""A look at everything that the records of an index name, and what it found as a table."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scripts.cli.index import credential
from scripts.errors import Error, Refused, Unreadable
from scripts.forge.body import table
from scripts.forge.report import code
from scripts.pages import cards, record
from scripts.pages.record import path_of
from scripts.review import drift
from scripts.review.drift import Finding, Seen
from scripts.sources import git, pypi
from scripts.sources.visibility import is_private

if TYPE_CHECKING:
    from scripts.model import Package
    from scripts.workspace import Folder

AT_ONCE = 16  # servers that are asked at the same time
SHOWN = 200  # findings in the issue: GitHub takes 65,536 characters


@dataclass(frozen=True)
class Audit:
    """What was found, what could not be found out, and how much was looked at."""

    findings: tuple[Finding, ...]
    unknown: tuple[str, ...]
    looked_at: str

    @property
    def title(self) -> str:
        count = len(self.findings)
        return f"Index audit: {count} finding{'' if count == 1 else 's'}"

    @property
    def body(self) -> str:
        """The findings as a table. The same findings make the same text, whenever they are made."""
        rows = [
            (code(each.name), code(each.version) if each.version else "all", code(each.what), code(each.mend))
            for each in self.findings[:SHOWN]
        ]
        more = len(self.findings) - SHOWN
        parts = [
            "What was reviewed is no longer true. `audit` rewrites this as things change, and closes it when all is"
            " well. Close it yourself to say that you know: it comes back when something else is found.",
            table(("Package", "Release", "Found", "What to do"), rows) if rows else "",
            f"And {more} more: `python -m scripts.audit` lists them." if more > 0 else "",
        ]
        return "\n\n".join(part for part in parts if part) + "\n"

    @property
    def summary(self) -> str:
        """The same for the summary of a run, with what could not be found out."""
        told = f"### {self.title}\n\n{self.body}\nLooked at {self.looked_at}." if self.findings else self.well
        return "\n\n".join([told, *(f"Not known: {unknown}." for unknown in self.unknown)])

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
        reason = next(look.seen.why for look in looks.values())
        raise Refused(f"none of {len(looks)} repositories could be reached ({reason})", "check the network, run again")
    seen = {address: look.seen for address, look in looks.items()}
    for name, package in packages.items():
        findings += drift.of_package(package, seen, on_pypi[name], packages)
    unknown = [f"PyPI could not be asked for {name}" for name, said in on_pypi.items() if not said.known]
    unknown += [
        f"whether {address} is private could not be told"
        for address, sight in seen.items()
        if sight.tags is not None and sight.private is None
    ]
    releases = sum(len(package.releases) for package in packages.values())
    counted = f"{len(names)} packages with {releases} releases, in {len(addresses)} repositories"
    return Audit(tuple(findings), tuple(unknown), counted)


@dataclass(frozen=True)
class _Look:
    """What was seen, and whether there was an answer at all."""

    seen: Seen
    reached: bool


def _look(repository: str) -> _Look:
    try:
        refs = git.look(repository, credential(repository))
    except Unreadable as error:
        return _Look(Seen(None, why=error.why), error.answered)
    try:
        private: bool | None = is_private(repository)
    except Unreadable:
        private = None
    return _Look(Seen(refs.tags, refs.moved_to, private), reached=True)
