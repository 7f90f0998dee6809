"""Requests of every kind, in any order and with hostile values, on an index on disk, beside a plain model of it.

After each of them the pages still parse, no file outside of the package's folder and index.html has changed, and what
is read back is what was given.
"""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from packaging.version import Version

from scripts import changes
from scripts.changes import Typed
from scripts.cli.index import texts
from scripts.errors import AlreadyRegistered, Error, NoSuchRelease, NotRegistered, ReleaseExists
from scripts.model import DESCRIPTION_TYPES, PUBLISH_METADATA, About, Described, Findings, Package, Release
from scripts.pages import cards, elements, record
from scripts.workspace import Folder
from tests import factories, golden
from tests.factories import findings
from tests.links import links
from tests.memory import deleted, registered, updated, yanked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scripts.change_set import ChangeSet, Texts

NAMES = ("a", "b-2", "public-hello", "z")
VERSIONS = ("0.1", "0.2rc1", "1.0", "1.0+local", "1!0.1", "2.0.dev0")
INDEXES = (factories.INDEX, golden.page("empty.html"), "\ufeff" + factories.INDEX.replace("\n", "\r\n"))
TEMPLATES = (factories.TEMPLATE, golden.page("pkg_template.html"), factories.TEMPLATE.replace("\n", "\r\n"))

typed_texts = st.one_of(st.just(""), factories.lines(least=1))
requests = st.builds(Typed, typed_texts, typed_texts, st.sampled_from(("", *factories.ADDRESSES)))
found_releases = st.builds(
    Described,
    project=st.just("Some_Project"),
    release=factories.releases(st.sampled_from(VERSIONS)).map(lambda release: replace(release, yanked=None)),
    about=factories.abouts(),
    description=factories.texts(),
    description_type=st.sampled_from(sorted(DESCRIPTION_TYPES)),
)
some_releases = st.lists(found_releases, min_size=1, max_size=3, unique_by=lambda found: found.release.version)


@dataclass
class Known:
    """What the index must say of a package."""

    publish_metadata: str
    private: bool = False
    about: About = field(default_factory=About)
    typed: dict[str, str] = field(default_factory=dict)
    releases: dict[str, Release] = field(default_factory=dict)
    texts: dict[str, tuple[str, str]] = field(default_factory=dict)

    def shown(self) -> Release:
        """The release on the card: the newest, those that are stable before others, those that are yanked last."""
        offered = [each for each in self.releases.values() if each.yanked is None]
        stable = [each for each in offered if not Version(each.version).is_prerelease]
        return max(stable or offered or self.releases.values(), key=lambda each: Version(each.version))

    def add(self, found: list[Described], private: bool, typed: Typed) -> None:
        withheld = self.publish_metadata == "never" or (private and self.publish_metadata == "auto")
        new = {each.release.version: each for each in found if each.release.version not in self.releases}
        for version, each in new.items():
            self.releases[version] = each.withheld().release if withheld else each.release
            self.texts[version] = (
                ("", "") if withheld else (each.description, DESCRIPTION_TYPES[each.description_type])
            )
        if self.shown().version in new:
            self.about = new[self.shown().version].about
        self.private = private
        self.about = About() if withheld else self.about
        self.typed |= typed.given()
        self.about = Typed(**self.typed).over(self.about)


def contents(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


class AnyRequests(RuleBasedStateMachine):
    """The verbs as rules."""

    @initialize(index=st.sampled_from(INDEXES), template=st.sampled_from(TEMPLATES))
    def start(self, index: str, template: str) -> None:
        self.temporary = tempfile.TemporaryDirectory()
        self.root = Path(self.temporary.name)
        self.known: dict[str, Known] = {}
        for path, text in {
            "index.html": index,
            "pkg_template.html": template,
            "LICENSE": "MIT",
            "static/x": "x",
        }.items():
            (self.root / path).parent.mkdir(exist_ok=True)
            (self.root / path).write_bytes(text.encode())
        self.folder = Folder(self.root)
        self.first = contents(self.root)

    def teardown(self) -> None:
        if hasattr(self, "temporary"):
            self.temporary.cleanup()

    def do(self, name: str, verb: Callable[[Texts], ChangeSet]) -> ChangeSet:
        """Carry a verb out; only the package's folder and index.html may change."""
        before = contents(self.root)
        change = verb(texts(self.folder, name))
        self.folder.write(change.files)
        after = contents(self.root)
        differing = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
        assert differing == change.files.keys()
        assert all(path == "index.html" or path.startswith(f"{name}/") for path in differing)
        return change

    @contextmanager
    def refused(self, error: type[Error]) -> Iterator[None]:
        before = contents(self.root)
        with pytest.raises(error) as caught:
            yield
        assert str(caught.value).isprintable()
        assert contents(self.root) == before

    def draw(self, data: st.DataObject) -> tuple[str, Known]:
        name = data.draw(st.sampled_from(sorted(self.known)))
        return name, self.known[name]

    @rule(
        name=st.sampled_from(NAMES),
        found=some_releases,
        typed=requests,
        private=st.booleans(),
        publish_metadata=st.sampled_from(PUBLISH_METADATA),
    )
    def register(self, name: str, found: list[Described], typed: Typed, private: bool, publish_metadata: str) -> None:
        def verb(texts: Texts) -> ChangeSet:
            return changes.register(texts, findings(*found, private=private), name, typed, publish_metadata)

        if name in self.known:
            with self.refused(AlreadyRegistered):
                self.do(name, verb)
        else:
            change = self.do(name, verb)
            self.known[name] = Known(publish_metadata)
            self.known[name].add(found, private, typed)
            assert change.before is None

    @precondition(lambda self: self.known)
    @rule(data=st.data(), found=st.one_of(st.just([]), some_releases), typed=requests, private=st.booleans())
    def update(self, data: st.DataObject, found: list[Described], typed: Typed, private: bool) -> None:
        name, known = self.draw(data)
        there = set(known.releases)
        found_now: Findings | None = findings(*found, private=private) if found else None
        change = self.do(name, lambda texts: changes.update(texts, name, found_now, typed))
        known.add(found, private if found else known.private, typed)
        assert {release.version for release in change.added} == {each.release.version for each in found} - there

    @precondition(lambda self: self.known)
    @rule(data=st.data(), found=found_releases)
    def update_to_a_tag(self, data: st.DataObject, found: Described) -> None:
        name, known = self.draw(data)
        now = findings(found, private=known.private)
        if found.release.version in known.releases:
            with self.refused(ReleaseExists):
                self.do(name, lambda texts: changes.update(texts, name, now, tag=found.release.tag))
        else:
            self.do(name, lambda texts: changes.update(texts, name, now, tag=found.release.tag))
            known.add([found], known.private, Typed())

    @precondition(lambda self: self.known)
    @rule(data=st.data(), version=st.sampled_from(VERSIONS), reason=factories.lines(), undo=st.booleans())
    def yank(self, data: st.DataObject, version: str, reason: str, undo: bool) -> None:
        name, known = self.draw(data)
        given: dict[str, Any] = {"undo": True} if undo else {"reason": reason}
        if version not in known.releases:
            with self.refused(NoSuchRelease):
                self.do(name, lambda texts: changes.yank(texts, name, version, **given))
        else:
            self.do(name, lambda texts: changes.yank(texts, name, version, **given))
            known.releases[version] = replace(known.releases[version], yanked=None if undo else reason)

    @precondition(lambda self: self.known)
    @rule(data=st.data(), version=st.sampled_from(("", *VERSIONS)))
    def delete(self, data: st.DataObject, version: str) -> None:
        name, known = self.draw(data)
        if version and version not in known.releases:
            with self.refused(NoSuchRelease):
                self.do(name, lambda texts: changes.delete(texts, name, version))
            return
        self.do(name, lambda texts: changes.delete(texts, name, version))
        known.releases.pop(version, None)
        if not version or not known.releases:
            del self.known[name]

    @rule(name=st.sampled_from(NAMES))
    def ask_for_a_name(self, name: str) -> None:
        index = self.folder.read("index.html")
        if name in self.known:
            assert changes.known_name(index, name.upper()) == name
        else:
            with self.refused(NotRegistered):
                changes.known_name(index, name)

    @invariant()
    def the_index_lists_what_is_known(self) -> None:
        if not hasattr(self, "known"):
            return
        page = self.folder.read("index.html")
        assert cards.names(page) == sorted(self.known)
        if not self.known:
            assert contents(self.root) == self.first
        for card in BeautifulSoup(page, "lxml").select("[data-package]"):
            known = self.known[str(card["data-package"])]
            shown = [card.select(f'[data-field="{field}"]')[0].get_text() for field in ("version", "summary")]
            assert shown == [known.shown().version, known.about.summary]
            assert [link["href"] for link in card.select("a")] == [f"{card['data-package']}/"]

    @invariant()
    def the_records_say_what_was_given(self) -> None:
        for name, known in getattr(self, "known", {}).items():
            path = f"{name}/index.html"
            page = self.folder.read(path)
            found = record.read(path, page)
            assert found == self.package(name, known, {each.version: each.description for each in found.releases})
            assert [link["href"] for link in links(page)] == [elements.link(name, each) for each in found.releases]

    @invariant()
    def the_descriptions_are_what_was_given(self) -> None:
        for name, known in getattr(self, "known", {}).items():
            found = record.read("x", self.folder.read(f"{name}/index.html"))
            named = {each.version: each.description for each in found.releases}
            for version, file in named.items():
                text, ending = known.texts[version]
                assert bool(file) == bool(text)
                if file:
                    assert file.endswith(f".{ending}")
                    assert self.folder.read(f"{name}/{file}") == text
            assert set(self.folder.files(name)) == {"index.html", *named.values()} - {""}

    def package(self, name: str, known: Known, descriptions: dict[str, str]) -> Package:
        """The package that the record of a name must be."""
        return Package(
            name=name,
            project="Some_Project",
            repository=factories.REPOSITORY,
            subdirectory="",
            private=known.private,
            publish_metadata=known.publish_metadata,
            about=known.about,
            releases=tuple(
                replace(factories.sealed(each, name, "Some_Project"), description=descriptions[each.version])
                for each in known.releases.values()
            ),
            typed=tuple(field for field in ("summary", "author", "homepage") if field in known.typed),
        )


TestAnyRequests = AnyRequests.TestCase
TestAnyRequests.settings = settings(max_examples=settings().max_examples // 2, stateful_step_count=12)


hostile = st.one_of(
    st.text(max_size=30), st.sampled_from((*factories.HOSTILE, "x" * 10_000, "../../x", "\ud800", "a\0", "1.0"))
)


@given(name=hostile, version=hostile, text=hostile, reason=hostile)
def test_any_request_is_done_or_refused_in_one_line(name: str, version: str, text: str, reason: str) -> None:
    index = registered("1.0")
    page = index.files["index.html"]
    for do in (
        lambda: changes.known_name(page, name),
        lambda: changes.free_name(page, frozenset(), name),
        lambda: registered("1.0", typed=Typed(text, text, text)),
        lambda: registered("1.0", publish_metadata=text),
        lambda: registered("1.0", name=name),
        lambda: updated(index, typed=Typed(summary=text)),
        lambda: updated(index, repository=text),
        lambda: deleted(index, version or "x"),
        lambda: yanked(index, version, reason=reason),
    ):
        try:
            do()
        except Error as error:
            assert str(error).isprintable()
            assert len(str(error)) < 500
