"""Two edits of one page: what touches different elements comes together, what touches one is reported."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from hypothesis import assume, given
from hypothesis import strategies as st

from scripts.errors import MergeConflict
from scripts.model import FOLLOW, Package, withholds
from scripts.pages import cards, record
from scripts.pages.markup import Page
from scripts.pages.merging.page import merge
from scripts.pages.merging.parts import lines_of, squeezed
from tests.factories import INDEX, TEMPLATE, package, packages, release
from tests.pages import by_hand

if TYPE_CHECKING:
    from scripts.model import Release

PATH = "public-hello/index.html"
FACTS = tuple(field.name for field in fields(Package) if field.name not in ("name", "about", "releases", "typed"))
hostile = packages(st.just("public-hello"))


@st.composite
def plain_packages(draw: st.DrawFn) -> Package:
    """Packages whose values no edit by hand takes for markup."""
    versions = draw(st.lists(st.sampled_from(("0.1", "0.2", "1.0", "1.1rc1", "2.0")), unique=True, min_size=1))
    made = [
        release(
            version,
            yanked=draw(st.sampled_from((None, "", "a reason"))),
            requires_dist=draw(st.sampled_from(((), ("mydependency",), ("mydependency", "other>=2")))),
            description=draw(st.sampled_from(("", f"{version}.md"))),
        )
        for version in versions
    ]
    return package(
        *made,
        repository=draw(st.sampled_from(("https://github.com/acme/public-hello", "https://github.com/acme/moved"))),
        private=draw(st.booleans()),
        subdirectory=draw(st.sampled_from(("", "packages/hello"))),
        follow=draw(st.sampled_from(FOLLOW)),
    )


def page_of(made: Package, start: str = TEMPLATE) -> str:
    return record.write(PATH, start, made)


def together(base: str | None, ours: str, theirs: str) -> Package:
    """The package on the merged page, which is the same whichever side is called ours."""
    merged = record.read(PATH, merge(PATH, base, ours, theirs))
    assert record.read(PATH, merge(PATH, base, theirs, ours)) == merged
    return merged


# Laws


@given(first=hostile, second=hostile)
def test_a_side_without_changes_gives_way(first: Package, second: Package) -> None:
    base, side = page_of(first), page_of(second)
    assert merge(PATH, base, base, side) == merge(PATH, base, side, base) == merge(PATH, base, side, side) == side
    assert merge(PATH, base, base, base) == base


# Different elements


Split = tuple[Package, Package, Package, Package]


@st.composite
def split(draw: st.DrawFn, made: st.SearchStrategy[Package]) -> Split:
    """A package, what two sides made of different elements of it, and what both together make of it."""
    base, donor = draw(made), draw(made)
    donor = replace(donor, about=base.about, typed=base.typed)
    old, new = ({each.parsed_version: each for each in side.releases} for side in (base, donor))
    sides: list[dict[Any, Release]] = [dict(old), dict(old), dict(old)]
    for version in old.keys() | new.keys():
        for side in draw(st.sampled_from(([], [0, 2], [1, 2]))):
            sides[side].pop(version, None)
            if version in new:
                sides[side][version] = new[version]
    assume(all(sides))
    facts: list[dict[str, Any]] = [{}, {}, {}]
    for name in FACTS:
        for side in draw(st.sampled_from(([], [0, 2], [1, 2]))):
            facts[side][name] = getattr(donor, name)
    ours, theirs, both = (
        replace(base, releases=tuple(releases.values()), **changed)
        for releases, changed in zip(sides, facts, strict=True)
    )
    assume(not any(tells_too_much(side, other, base, both) for side, other in ((ours, theirs), (theirs, ours))))
    return base, ours, theirs, both


def tells_too_much(side: Package, other: Package, base: Package, both: Package) -> bool:
    """Whether a side has new releases that tell what the other one withholds: that is for a person to decide."""
    silent = [withholds(each.private, each.publish_metadata) for each in (both, other, side)]
    new = [each for each in side.releases if not (base.release(each.version) or other.release(each.version))]
    return silent == [True, True, False] and any(
        each.requires_dist or each.provides_extra or each.description for each in new
    )


@given(made=split(hostile))
def test_changes_of_different_elements_come_together(made: Split) -> None:
    base, ours, theirs, both = made
    page = page_of(base)
    assert together(page, page_of(ours, page), page_of(theirs, page)) == both


@given(made=split(plain_packages()), before=by_hand.hands())
def test_they_do_on_a_page_that_was_edited_by_hand(made: Split, before: by_hand.Hand) -> None:
    base, ours, theirs, both = made
    page = by_hand.edited(page_of(base), before)
    sides = page_of(ours, page), page_of(theirs, page)
    assert together(page, *sides) == both


@given(made=split(plain_packages()), before=by_hand.hands(), after=by_hand.hands())
def test_what_one_side_edited_by_hand_is_kept(made: Split, before: by_hand.Hand, after: by_hand.Hand) -> None:
    base, ours, theirs, both = made
    page = by_hand.edited(page_of(base), before)
    one, two = page_of(ours, page), by_hand.edited(page_of(theirs, page), after)
    try:
        merged = merge(PATH, page, one, two)
    except MergeConflict as conflict:
        assert hand_met(page, one, two), conflict
        return
    assert record.read(PATH, merged) == both
    if not hand_met(page, one, two) and two != page_of(theirs, page):
        wanted = page_of(both, two)  # but for the line breaks of a release that the other page has on one line
        assert squeezed(tuple(merged.splitlines())) == squeezed(tuple(wanted.splitlines()))


@given(made=split(plain_packages()), before=by_hand.hands(), one=by_hand.hands(), two=by_hand.hands())
def test_two_hands_lose_no_fact(made: Split, before: by_hand.Hand, one: by_hand.Hand, two: by_hand.Hand) -> None:
    """Where both sides edited by hand too, all of both is there or the merge is a conflict."""
    base, ours, theirs, both = made
    page = by_hand.edited(page_of(base), before)
    sides = by_hand.edited(page_of(ours, page), one), by_hand.edited(page_of(theirs, page), two)
    try:
        merged = merge(PATH, page, *sides)
    except MergeConflict:
        return
    assert record.read(PATH, merged) == both


def parts(page: str) -> dict[str, str]:
    found = Page(PATH, page)
    releases = found.parts("data-release", found.field("releases"), "commit")
    return {each.attributes["data-release"]: squeezed(lines_of(found, each)) for each in releases}


def hand_met(base: str, ours: str, theirs: str) -> bool:
    """Whether a release is written in three ways: a hand was in what the other side changed."""
    old, one, two = parts(base), parts(ours), parts(theirs)
    return any(len({old.get(key), one.get(key), two.get(key)}) == 3 for key in old.keys() | one.keys() | two.keys())


names = st.lists(st.sampled_from(("a", "b", "b-c", "c", "public-hello", "z")), unique=True, max_size=6)


def index_of(listed: list[str], start: str = INDEX, version: str = "1.0") -> str:
    for name in listed:
        start = cards.put(start, package(version, name=name))
    return start


@given(old=names, one=names, two=names, before=by_hand.hands(), after=by_hand.hands())
def test_cards_come_together(
    old: list[str], one: list[str], two: list[str], before: by_hand.Hand, after: by_hand.Hand
) -> None:
    base = by_hand.edited(index_of(old), before)
    ours, theirs = base, base
    for name in one:
        ours = cards.drop(ours, name) if name in old else index_of([name], ours)
    for name in two:
        if name not in one:
            theirs = cards.drop(theirs, name) if name in old else index_of([name], theirs)
    wanted = set(old) ^ set(one) ^ (set(two) - set(one))
    merged = merge("index.html", base, ours, theirs)
    assert sorted(cards.names(merged)) == sorted(wanted)
    assert cards.names(merge("index.html", base, theirs, ours)) == cards.names(merged)
    edited = by_hand.edited(ours, after)
    try:
        kept = merge("index.html", base, edited, theirs)
    except MergeConflict as conflict:
        assert "taken away and changed" in str(conflict)
        return
    assert sorted(cards.names(kept)) == sorted(wanted)
