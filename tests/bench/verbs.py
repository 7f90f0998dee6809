"""register, update, yank and delete on an index of 10,000 packages: the work after start-up, and the size of the diff."""

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
from tests.bench.measure import Result, measure
from tests.factories import INDEX, TEMPLATE, described, findings, package

if TYPE_CHECKING:
    from collections.abc import Callable

    from scripts.change_set import ChangeSet
    from scripts.model import Findings, Package

PACKAGES, RELEASES = 10_000, 300
PROMISE = 0.5  # seconds
README = "# A package\n\n" + "It does what it says, and says what it does.\n" * 200


def _package(number: int) -> Package:
    name = f"package-{number:05}"
    return package("1.0", "1.1", "2.0rc1", name=name, project=name, about=About(summary=f"Number {number} & <more>."))


def _findings(name: str, *versions: str) -> Findings:
    return findings(*(described(version, README + version, project=name) for version in versions))


def _index() -> str:
    """index.html with the cards of every package, made in one go."""
    mark = '<section class="packages" data-field="packages">\n'
    lines = [f"      {line}\n" for number in range(PACKAGES) for line in elements.card(_package(number))]
    assert mark in INDEX
    return INDEX.replace(mark, mark + "".join(lines))


class Bench:
    """An index of PACKAGES packages on disk; one of them, the one in the middle, also with its folder."""

    def __init__(self, root: Path) -> None:
        self.root, self.folder = root, Folder(root)
        self.name = f"package-{PACKAGES // 2:05}"
        page = record.write("index.html", TEMPLATE, _package(PACKAGES // 2))
        self.first = {"index.html": _index(), "pkg_template.html": TEMPLATE, f"{self.name}/index.html": page}
        for number in range(0, PACKAGES, 10):  # folders, as far as the listing of the top needs some
            (root / f"package-{number:05}").mkdir()
        self.restore()

    def restore(self) -> None:
        """The index as it was at first."""
        there = {path.relative_to(self.root).as_posix() for path in self.root.rglob("*") if path.is_file()}
        self.folder.write({**dict.fromkeys(there), **self.first})

    def verb(self, name: str, verb: Callable[..., ChangeSet], *arguments: object) -> Callable[[], ChangeSet]:
        """All that a verb does once it knows what is asked for: read, change, write."""

        def work() -> ChangeSet:
            index = self.folder.read("index.html")
            (changes.known_name if name == self.name else _free)(index, name)
            change = verb(texts(self.folder, name), *arguments)
            self.folder.write(change.files)
            return change

        return work

    def diff(self, work: Callable[[], ChangeSet]) -> int:
        """How many lines of index.html and of the record a verb adds or takes away."""
        self.restore()
        before = {path: self.folder.read(path) for path in self.first}
        changed = work().files
        return sum(
            line[0] in "+-" and not line.startswith(("+++", "---"))
            for path, text in changed.items()
            if path.endswith(".html")
            for line in difflib.unified_diff(before.get(path, "").splitlines(), (text or "").splitlines(), n=0)
        )


def _free(index: str, name: str) -> None:
    changes.free_name(index, frozenset(), name)


def _serialised(text: str, name: str) -> str:
    """The card of a package put in by parsing the whole page and writing it anew, as is common."""
    soup = BeautifulSoup(text, "lxml")
    container = soup.select_one("[data-field=packages]")
    assert container
    card = BeautifulSoup("\n".join(elements.card(package(name=name, project=name))), "lxml").article
    assert card
    after = next(each for each in container.select("[data-package]") if str(each["data-package"]) > name)
    after.insert_before(card)
    return str(soup)


def results() -> list[Result]:
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        new, text = "package-05000a", bench.first["index.html"]
        register = bench.verb(new, changes.register, _findings(new, "1.0"))
        update = bench.verb(bench.name, changes.update, bench.name, _findings(bench.name, "2.0"))
        yank = bench.verb(bench.name, changes.yank, bench.name, "1.1", "broken")
        delete = bench.verb(bench.name, changes.delete, bench.name)
        on = f"on {PACKAGES:,} packages"
        made = [
            Result(f"{what} {on}", measure(work, prepare=bench.restore), PROMISE)
            for what, work in (("register", register), ("update", update), ("yank", yank), ("delete", delete))
        ]
        card, release = len(elements.card(_package(0))), len(elements.release_lines(new, described("1.0").release)) + 2
        made += [
            Result(
                "lines in the diff of an update (one of the card, and the release)",
                bench.diff(update),
                2 + release,
                "lines",
            ),
            Result(
                "lines in the diff of index.html by a register (the card)", _lines_of_a_card(text, new), card, "lines"
            ),
        ]
        ours = measure(lambda: cards.put(text, package(name=new, project=new)))
        theirs = measure(lambda: _serialised(text, new), times=3)
        made.append(
            Result(
                f"a card put into index.html {on}",
                ours,
                None,
                times=(theirs / ours, "the page parsed and written anew"),
            )
        )
    return [*made, *_long_record()]


def _lines_of_a_card(text: str, name: str) -> int:
    after = cards.put(text, package(name=name, project=name))
    return len(after.splitlines()) - len(text.splitlines())


def _long_record() -> list[Result]:
    """A package with very many releases."""
    many = package(*(f"{number}.0" for number in range(RELEASES)))
    page = record.write("x", TEMPLATE, many)
    more = package(*(f"{number}.0" for number in range(RELEASES + 1)))
    return [
        Result(f"a record of {RELEASES} releases read", measure(lambda: record.read("x", page))),
        Result(f"a release added to a record of {RELEASES}", measure(lambda: record.write("x", page, more))),
    ]
