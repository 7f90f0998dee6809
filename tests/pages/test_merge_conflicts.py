"""One element that both sides changed: brought together fact by fact where that can be, and reported where not."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from scripts.errors import MergeConflict
from scripts.model import About, Package
from scripts.pages import cards, record
from scripts.pages.merging.page import merge
from tests.factories import INDEX, package, release
from tests.pages import by_hand
from tests.pages.test_merge import PATH, index_of, page_of, together

if TYPE_CHECKING:
    from collections.abc import Callable

# Records


def with_version(made: Package, version: str, **facts: Any) -> Package:
    found = made.release(version)
    assert found
    return made.with_release(replace(found, **facts))


def drop(made: Package, version: str) -> Package:
    return replace(made, releases=tuple(each for each in made.releases if each.version != version))


def about(made: Package, *typed: str, **facts: Any) -> Package:
    return replace(made, about=About(**{**vars(made.about), **facts}), typed=(*made.typed, *typed))


HELLO = package("0.1", "1.0", about=About(summary="Says hello.", author="Ann"))


@pytest.mark.parametrize(
    ("ours", "theirs", "named"),
    [
        (with_version(HELLO, "1.0", yanked="a"), with_version(HELLO, "1.0", yanked="b"), "release 1.0: yanked"),
        (drop(HELLO, "1.0"), with_version(HELLO, "1.0", yanked=""), "release 1.0 (taken away and changed)"),
        (
            HELLO.with_release(release("2.0", tag="v2.0")),
            HELLO.with_release(release("2.0", tag="2.0")),
            "release 2.0 (added twice, with different facts)",
        ),
        (
            replace(HELLO, repository="https://github.com/acme/a"),
            replace(HELLO, repository="https://github.com/acme/b"),
            "repository",
        ),
        (about(HELLO, "summary", summary="a"), about(HELLO, "summary", summary="b"), "summary"),
        (about(HELLO, summary="a"), about(HELLO, summary="b"), "summary"),
        (drop(HELLO, "1.0"), drop(HELLO, "0.1"), "every release"),
    ],
)
def test_a_conflict_names_what_both_changed(ours: Package, theirs: Package, named: str) -> None:
    base = page_of(HELLO)
    for sides in ((ours, theirs), (theirs, ours)):
        with pytest.raises(MergeConflict) as conflict:
            merge(PATH, base, *(page_of(side, base) for side in sides))
        assert [named] == [element.partition(" (together")[0] for element in conflict.value.elements]
        assert str(conflict.value).startswith(f"{PATH}: both sides changed {named}")


def test_a_release_is_merged_fact_by_fact() -> None:
    base = package(release("1.0", description="1.0.md"))
    ours, theirs = with_version(base, "1.0", yanked="broken"), with_version(base, "1.0", description="")
    both = with_version(ours, "1.0", description="")
    start = page_of(base)
    assert together(start, page_of(ours, start), page_of(theirs, start)) == both


def test_a_note_in_a_release_that_is_yanked_is_kept_or_reported() -> None:
    base = page_of(HELLO)
    yanked = with_version(HELLO, "1.0", yanked="broken")
    noted = base.replace("<dt>Date</dt>", "<dt>Seen by</dt><dd>Ann</dd><dt>Date</dt>")
    merged = merge(PATH, base, page_of(yanked, base), noted)
    assert record.read(PATH, merged) == yanked
    assert merged.count("Seen by") == 2
    changed = base.replace("hello 1.0</a>", "hello 1.0</a> (the good one)")
    with pytest.raises(MergeConflict, match=r"both sides changed release 1\.0: "):
        merge(PATH, base, page_of(yanked, base), changed)


@pytest.mark.parametrize("newer", ["2.0", "1.5"])
def test_what_a_project_says_of_itself_comes_with_its_newest_release(newer: str) -> None:
    """Also where the newer release says what was said before, and the older one does not."""
    base = page_of(HELLO)
    two = about(HELLO.with_release(release("1.9")), summary="Of 1.9.", keywords=("b",), author="Ben")
    one = about(HELLO.with_release(release(newer)), summary="Of the other.")
    said = together(base, page_of(one, base), page_of(two, base)).about
    assert said == (one if newer == "2.0" else two).about


def test_what_a_person_typed_stays() -> None:
    base = page_of(HELLO)
    typed = about(HELLO, "summary", summary="Typed.")
    released = about(HELLO.with_release(release("2.0")), summary="Of 2.0.", author="Ben")
    found = together(base, page_of(typed, base), page_of(released, base))
    assert (found.about.summary, found.about.author, found.typed) == ("Typed.", "Ben", ("summary",))


def test_what_became_private_is_not_published_by_a_request_from_before() -> None:
    base = page_of(HELLO)
    private = replace(HELLO, private=True, about=About())
    released = about(HELLO.with_release(release("2.0")), summary="Of 2.0.")
    assert together(base, page_of(private, base), page_of(released, base)).about == About()


@pytest.mark.parametrize(
    "told", [{"requires_dist": ("secret-thing",)}, {"provides_extra": ("secret",)}, {"description": "2.0.md"}]
)
@pytest.mark.parametrize("silent", [{"private": True}, {"publish_metadata": "never"}])
def test_a_release_that_tells_of_what_became_private_is_described_anew(
    told: dict[str, Any], silent: dict[str, Any]
) -> None:
    base = page_of(HELLO)
    private = replace(HELLO, **silent, about=About())
    released = HELLO.with_release(release("2.0", **told))
    for sides in ((private, released), (released, private)):
        with pytest.raises(MergeConflict, match=r"both sides changed release 2\.0 \(it tells what"):
            merge(PATH, base, *(page_of(side, base) for side in sides))
    published = replace(private, publish_metadata="always", about=HELLO.about)
    assert together(base, page_of(published, base), page_of(released, base)).release("2.0") == released.release("2.0")


# Cards


def card(name: str, version: str, summary: str) -> Package:
    return package(version, name=name, about=About(summary=summary))


def test_a_card_is_merged_field_by_field_and_by_line() -> None:
    base = cards.put(INDEX, card("a", "1.0", "Old."))
    ours = cards.put(base, card("a", "2.0", "Old."))
    theirs = cards.put(base, card("a", "1.0", "New.")).replace("<h3>", '<h3 class="new">')
    merged = merge("index.html", base, ours, theirs)
    assert merged == cards.put(theirs, card("a", "2.0", "New.")) == merge("index.html", base, theirs, ours)


LIVELY = package("1.0rc1", name="a", private=True, about=About(summary="Old.", keywords=("x",)))


def dated(version: str, date: str, **facts: Any) -> Package:
    return replace(LIVELY, releases=(release(version, date=date),), **facts)


def both_cards(ours: str, theirs: str) -> str:
    """The cards brought together, which is the same whichever side is called ours."""
    base = cards.put(INDEX, LIVELY)
    merged = merge("index.html", base, ours, theirs)
    assert merged == merge("index.html", base, theirs, ours)
    return merged


def test_the_date_and_the_badges_of_a_card_come_together() -> None:
    """One side has a stable release, the other is public."""
    base = cards.put(INDEX, LIVELY)
    released = dated("2.0", "2027-01-02T00:00:00Z")
    public = replace(LIVELY, private=False, about=About(summary="New."))
    wanted = replace(released, private=False, about=About(summary="New."))
    merged = both_cards(cards.put(base, released), cards.put(base, public))
    assert merged == cards.put(base, wanted)
    assert "only pre-releases" in base and "only pre-releases" not in merged


@pytest.mark.parametrize("field", ["date", "badges"])
def test_what_somebody_took_from_a_card_stays_away(field: str) -> None:
    base = cards.put(INDEX, LIVELY)
    taken = re.sub(rf'(?s)\n[^\n]*data-field="{field}".*?</(?:time|ul)>', "", base)
    assert field not in taken
    released = dated("2.0", "2027-01-02T00:00:00Z")
    merged = both_cards(cards.put(base, released), cards.put(taken, replace(LIVELY, about=About(summary="New."))))
    assert merged == cards.put(taken, replace(released, about=About(summary="New.")))
    assert both_cards(taken, cards.put(base, released)) == cards.put(taken, released)
    assert both_cards(taken, cards.put(taken, released)) == cards.put(taken, released)


def test_badges_stand_in_the_order_of_the_scripts_whoever_adds_them() -> None:
    base = cards.put(INDEX, package("1.0", name="a"))
    ours = base.replace(
        '<ul class="badges" data-field="badges"></ul>',
        '<ul class="badges" data-field="badges"><li class="badge">private</li></ul>',
    )
    theirs = ours.replace('<li class="badge">private', '<li class="badge caution">deprecated')
    assert base != ours != theirs
    for one, two in ((ours, theirs), (theirs, ours)):
        merged = merge("index.html", base, one, two)
        assert re.findall(r"<li class=.badge.*?>(.*?)</li>", merged) == ["private", "deprecated"]


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (["2.0"], ["3.0"]),
        (["1.5"], ["2.0a1"]),
        (["2.0a1"], ["2.0a2", "1.0.post1"]),
        (["2.0"], ["-1.0"]),
        (["2.0", "-1.0"], ["0.9", "-1.0", "-0.5"]),
        (["+0.1", "1.2"], ["1.3"]),
        (["1.1"], ["1.2rc1", "+1.5"]),
        (["2.0"], ["~0.5", "~1.0"]),
        (["1.1"], ["2.0rc1", "-0.1", "-0.5", "-1.0", "-1.5"]),
    ],
)
def test_both_sides_bring_releases(ours: list[str], theirs: list[str]) -> None:
    """The card says what it would say of the merged record: - takes a release away, ~ yanks it, + gives it back."""
    there = package("0.1", "0.5", "1.0", "1.5", name="a")
    base = with_version(with_version(there, "0.1", yanked=""), "1.5", yanked="Breaks")

    def done(made: Package, steps: list[str]) -> Package:
        for step in steps:
            made = drop(made, step[1:]) if step[0] == "-" else made
            made = with_version(made, step[1:], yanked=None if step[0] == "+" else "") if step[0] in "+~" else made
            if step[0] not in "+-~" and not made.release(step):
                made = made.with_release(release(step, date=f"2027-01-{len(step):02}T00:00:00Z"))
        return made

    expected = done(done(base, ours), theirs)
    sides = [done(base, ours), done(base, theirs)]
    for one, two in (sides, sides[::-1]):
        merged = merge("index.html", *(cards.put(INDEX, side) for side in (base, one, two)))
        assert merged == cards.put(INDEX, expected)


def test_a_card_without_badges_does_not_tell_what_is_newest() -> None:
    """All releases of one side may have been yanked, and then the version is not what the merged record offers."""
    base, *sides = (cards.put(INDEX, package(version, name="a")) for version in ("1.0", "2.0", "3.0"))
    pages = [re.sub(r".*badges.*\n", "", text) for text in (base, *sides)]
    with pytest.raises(MergeConflict, match="both sides changed the version on the card of a:"):
        merge("index.html", *pages)


def test_two_dates_are_a_conflict() -> None:
    base = cards.put(INDEX, LIVELY)
    sides = [cards.put(base, dated("1.0rc1", f"2027-01-0{day}T00:00:00Z")) for day in (2, 3)]
    with pytest.raises(MergeConflict, match="both sides changed the date on the card of a:"):
        merge("index.html", base, *sides)


@pytest.mark.parametrize(
    ("ours", "theirs", "named"),
    [
        (lambda text: cards.drop(text, "a"), lambda text: cards.put(text, card("a", "2", "")), "the card of a (taken"),
        (
            lambda text: cards.put(text, card("a", "0.8", "Old.")),
            lambda text: cards.put(text, card("a", "0.9", "Old.")),
            "the version on the card of a",
        ),
        (lambda text: text.replace("<h3>", "<h4>"), lambda text: text.replace("<h3>", "<h5>"), "the card of a:"),
        (lambda text: text.replace("Our", "My"), lambda text: text.replace("Our", "Your"), "the text between"),
    ],
)
def test_a_conflict_of_cards_is_named(ours: Callable[[str], str], theirs: Callable[[str], str], named: str) -> None:
    base = cards.put(INDEX, card("a", "1.0", "Old."))
    with pytest.raises(MergeConflict) as conflict:
        merge("index.html", base, ours(base), theirs(base))
    assert str(conflict.value).startswith(f"index.html: both sides changed {named}")


def test_both_sides_may_edit_different_text_and_different_cards() -> None:
    base = index_of(["a", "c"])
    ours = index_of(["b"], base).replace("<h2>Packages", "<h2>All packages")
    theirs = cards.drop(index_of(["d"], base), "c").replace("<h1>Our", "<h1>Your")
    wanted = index_of(["a", "b", "d"]).replace("<h2>Packages", "<h2>All packages").replace("<h1>Our", "<h1>Your")
    assert merge("index.html", base, ours, theirs) == wanted == merge("index.html", base, theirs, ours)


def test_a_line_break_around_releases_is_no_conflict() -> None:
    """The last release, behind which the end tag stands, goes on one side; another one on the other."""
    base = by_hand.end_tag_behind(page_of(package("0.1", "2.0")))
    sides = [page_of(package(*versions), base) for versions in (("1.0", "2.0"), ("0.1",))]
    assert together(base, *sides) == package("1.0")


def test_what_was_added_twice_and_alike_is_there_once() -> None:
    page = page_of(HELLO)
    assert merge(PATH, None, page, page) == merge(PATH, "", page, page) == page
    two = page_of(HELLO.with_release(release("2.0")))
    assert merge(PATH, None, page, two) == two
    with pytest.raises(MergeConflict, match=r"both sides changed release 1\.0 "):
        merge(PATH, None, page, page_of(with_version(HELLO, "1.0", yanked="")))
