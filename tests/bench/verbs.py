"""The verbs on an index of 10,000 packages: their work after start-up, and how long the diff is."""

from __future__ import annotations

import difflib
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from bs4 import BeautifulSoup

from scripts import changes
from scripts.cli.index import texts
from scripts.model import About
from scripts.pages import cards, elements, record
from scripts.workspace import Folder
from tests.bench.measure import Result, measure, ratio
from tests.factories import TEMPLATE, described, findings, package, with_cards

if TYPE_CHECKING:
    from collections.abc import Callable

    from scripts.change_set import ChangeSet
    from scripts.model import Findings, Package

PACKAGES, RELEASES = 10_000, 300
PROMISE = 0.5  # seconds
README = "# A package\n\n" + "It does what it says, and says what it does.\n" * 200
NEW, OLD = "package-05000-a", "package-05000"


def _package(name: str) -> Package:
    return package("1.0", "1.1", "2.0rc1", name=name, project=name, about=_about(name))


def _findings(name: str, version: str) -> Findings:
    return findings(described(version, README + version, project=name, about=_about(name)))


def _about(name: str) -> About:
    return About(summary=f"The package {name}, & <more> of it.", author="Ann Example")


def _index() -> str:
    """index.html with the cards of every package, made in one go."""
    names = (f"package-{number:05}" for number in range(PACKAGES))
    lines = [f"      {line}\n" for name in names for line in elements.card(_package(name))]
    return with_cards("".join(lines))


class Bench:
    """An index of PACKAGES packages on disk; the one in the middle has its folder too."""

    def __init__(self, root: Path) -> None:
        self.root, self.folder = root, Folder(root)
        page = record.write("index.html", TEMPLATE, _package(OLD))
        self.first = {"index.html": _index(), "pkg_template.html": TEMPLATE, f"{OLD}/index.html": page}
        self.restore()

    def restore(self) -> None:
        """The index as it was at first, and not read yet."""
        cards._page.cache_clear()
        there = {path.relative_to(self.root).as_posix() for path in self.root.rglob("*") if path.is_file()}
        self.folder.write({**dict.fromkeys(there), **self.first})

    def register(self) -> ChangeSet:
        return self._done(changes.register(texts(self.folder, NEW), _findings(NEW, "1.0")))

    def update(self) -> ChangeSet:
        return self._done(changes.update(texts(self.folder, self._known()), OLD, _findings(OLD, "2.0")))

    def yank(self) -> ChangeSet:
        return self._done(changes.yank(texts(self.folder, self._known()), OLD, "1.1", "broken"))

    def delete(self) -> ChangeSet:
        return self._done(changes.delete(texts(self.folder, self._known()), OLD))

    def _known(self) -> str:
        """The name that a verb is asked for, looked up as entry points do."""
        return changes.known_name(self.folder.read("index.html"), OLD)

    def _done(self, change: ChangeSet) -> ChangeSet:
        self.folder.write(change.files)
        return change

    def diff(self, verb: Callable[[], ChangeSet]) -> int:
        """How many lines of the pages a verb takes away or adds."""
        self.restore()
        before = {path: self.folder.read(path) for path in self.first}
        return sum(_diff(before[path], text or "") for path, text in verb().files.items() if path in before)


def _diff(before: str, after: str) -> int:
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return sum(not line.startswith(("---", "+++", "@@")) for line in lines)


def _serialised(text: str) -> str:
    """A card put in as is common: the whole page is parsed, and written anew."""
    soup = BeautifulSoup(text, "lxml")
    card = BeautifulSoup("\n".join(elements.card(_package(NEW))), "lxml").article
    assert card
    after = next(each for each in soup.select("[data-field=packages] > *") if str(each["data-package"]) > NEW)
    after.insert_before(card)
    return str(soup)


def _put(text: str) -> str:
    cards._page.cache_clear()
    return cards.put(text, _package(NEW))


def results() -> list[Result]:
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        verbs = (bench.register, bench.update, bench.yank, bench.delete)
        text = bench.first["index.html"]
        ours, theirs = measure(lambda: _put(text)), measure(lambda: _serialised(text), times=3)
        # The version in the card; its release, with two lines each for its description and its hash.
        lines = 2 + len(elements.release_lines(OLD, described("2.0").release)) + 4
        return [
            *(
                Result(f"{verb.__name__} on {PACKAGES:,} packages", measure(verb, prepare=bench.restore), PROMISE)
                for verb in verbs
            ),
            Result("a card put into that page", ours, compared=ratio(theirs, ours, "parsed and written anew")),
            Result("the same, its diff", _diff(text, _put(text)), len(elements.card(_package(NEW))), "lines"),
            Result("the diff of an update: a card's version, a release", bench.diff(bench.update), lines, "lines"),
            *_long_record(),
        ]


def _long_record() -> list[Result]:
    """A package with very many releases."""
    versions = [f"{number}.0" for number in range(RELEASES)]
    page, more = record.write("x", TEMPLATE, package(*versions)), package(*versions, "9999")
    return [
        Result(f"a record of {RELEASES} releases, read", measure(lambda: record.read("x", page))),
        Result("a release added to it", measure(lambda: record.write("x", page, more))),
    ]
