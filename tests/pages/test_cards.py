"""index.html: cards are added in their place, changed and taken away, and the rest of the page stays to the byte."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from scripts.errors import BadPage
from scripts.model import About
from scripts.pages import cards
from scripts.pages.markup import Page
from tests import factories, golden
from tests.factories import INDEX, package, release
from tests.pages import by_hand

if TYPE_CHECKING:
    from collections.abc import Callable

    from scripts.model import Package
    from scripts.pages.markup import Element

EMPTY, FULL = golden.page("empty.html"), golden.page("index.html")
NAMES = ["a-dependency", "public-hello", "zebra"]


def card(page: str, name: str) -> Element:
    (found,) = [
        element
        for element in Page("index.html", page).marked("data-package")
        if element.attributes["data-package"] == name
    ]
    return found


def named(name: str, summary: str = "") -> Package:
    return package(name=name, project=name, about=About(summary=summary))


def shown(page: str) -> dict[str, tuple[str, str]]:
    """What each card says, as a browser reads it: version and summary."""
    found = BeautifulSoup(page, "lxml").select("[data-field=packages] [data-package]")
    return {
        str(each["data-package"]): tuple(
            each.select(f"[data-field={field}]")[0].get_text() for field in ("version", "summary")
        )  # type: ignore[misc]
        for each in found
    }


# Golden files


def test_the_names_are_read_in_the_order_of_the_page() -> None:
    assert cards.names(FULL) == NAMES
    assert cards.names(EMPTY) == cards.names(INDEX) == []


@pytest.mark.parametrize("order", list(itertools.permutations(golden.CARDS)))
def test_cards_are_sorted_in_whatever_order_they_come(order: tuple[Package, ...]) -> None:
    page = EMPTY
    for each in order:
        page = cards.put(page, each)
    assert page == FULL
    for each in order:
        page = cards.drop(page, each.name)
    assert page == EMPTY


def test_what_is_there_already_changes_nothing() -> None:
    for each in golden.CARDS:
        assert cards.put(FULL, each) == FULL
    assert cards.drop(FULL, "hello") == FULL


# Pages that people edited


def pages() -> st.SearchStrategy[str]:
    """index.html with three cards, edited by hand."""
    made = INDEX
    for each in golden.CARDS:
        made = cards.put(made, each)
    return st.builds(by_hand.edited, st.sampled_from((made, FULL)), by_hand.hands())


each_edit = pytest.mark.parametrize("edit", by_hand.EDITS, ids=lambda edit: edit.__name__)


@each_edit
@pytest.mark.parametrize("page", [INDEX, EMPTY, FULL])
def test_each_edit_by_hand_leaves_every_verb_at_work(edit: Callable[[str], str], page: str) -> None:
    page = edit(page)
    names = cards.names(page)
    for name in ("0", "b", "zz"):
        added = cards.put(page, named(name, "A <b>"))
        by_hand.assert_only_added(page, added, card(added, name))
        assert cards.names(added) == sorted([*names, name])
        assert cards.drop(added, name) == page


@given(pages(), factories.packages(st.sampled_from(("0", "b", "public", "public-hello-2", "zz"))))
def test_a_card_is_added_and_nothing_else(page: str, new: Package) -> None:
    added = cards.put(page, new)
    by_hand.assert_only_added(page, added, card(added, new.name))
    assert cards.names(added) == sorted([*NAMES, new.name])
    assert shown(added) == {**shown(page), new.name: (new.latest.version, new.about.summary)}
    assert cards.drop(added, new.name) == page


@given(pages(), factories.packages(st.sampled_from(NAMES)))
def test_a_card_is_brought_up_to_date_and_nothing_else(page: str, new: Package) -> None:
    changed = cards.put(page, new)
    by_hand.assert_same_outside(page, changed, card(page, new.name))
    assert shown(changed) == {**shown(page), new.name: (new.latest.version, new.about.summary)}
    assert cards.put(changed, new) == changed
    again = cards.put(changed, next(each for each in golden.CARDS if each.name == new.name))
    assert shown(again) == shown(page)


@given(pages(), st.permutations(NAMES))
def test_cards_are_taken_away_and_nothing_else(page: str, names: list[str]) -> None:
    for left, name in zip((2, 1, 0), names, strict=True):
        dropped = cards.drop(page, name)
        by_hand.assert_only_added(dropped, page, card(page, name))
        assert cards.names(dropped) == [each for each in cards.names(page) if each != name]
        assert len(cards.names(dropped)) == left
        page = dropped


@given(pages())
def test_line_endings_are_kept(page: str) -> None:
    page = by_hand.crlf(page)
    for changed in (cards.put(page, named("b")), cards.put(page, named("zebra", "new")), cards.drop(page, "zebra")):
        assert not re.search(r"(?<!\r)\n|\r(?!\n)", changed)


def test_a_card_goes_to_its_place_in_the_first_group_that_has_one() -> None:
    """People group cards; a new one comes before the first that is greater, wherever that stands."""
    page = re.sub(r"(\n *)<article", r"\1<h3>G</h3>\1<article", cards.put(cards.put(INDEX, named("m")), named("z")))
    assert cards.names(cards.put(page, named("n"))) == ["m", "n", "z"]
    assert "<h3>G</h3>" in cards.put(page, named("n"))


def test_what_people_did_inside_a_card_stays() -> None:
    page = FULL.replace('<h3><a href="zebra/">', '<img src="zebra.png" alt=""><h3><a href="zebra/" title="Zebra">')
    page = page.replace(
        "Stripes &amp; &lt;em&gt;more&lt;/em&gt;", "Stripes &amp; <!-- sic -->&lt;em&gt;more<b>&lt;/em></b>"
    )
    version = replace(golden.CARDS[2], releases=(release("3.0"),))
    assert cards.put(page, version) == page.replace(">1.9<", ">3.0<")


def test_cards_elsewhere_on_the_page_are_the_people_s_own() -> None:
    featured = '<article data-package="zebra"><b data-field="version">zebra</b></article>'
    page = FULL.replace("<main>", featured + "<main>")
    assert cards.names(page) == NAMES
    assert featured in cards.put(page, replace(golden.CARDS[2], releases=(release("3.0"),)))
    assert featured in cards.drop(page, "zebra")


# Marks that are gone


def without(page: str, mark: str, place: int = 0) -> str:
    """The page without the `place`th attribute that a pattern matches."""
    match = list(re.finditer(rf" ?{mark}", page))[place]
    return page[: match.start()] + page[match.end() :]


def error(page: str, do: Callable[[str], object]) -> str:
    with pytest.raises(BadPage) as caught:
        do(page)
    assert str(caught.value).isprintable()
    return str(caught.value)


@pytest.mark.parametrize("mark", ["version", "summary"])
def test_a_card_that_lost_a_field_is_named(mark: str) -> None:
    page = without(FULL, f'data-field="{mark}"', 1)
    said = error(page, lambda page: cards.put(page, golden.CARDS[1]))
    assert said.startswith(
        f'index.html: no element has data-field="{mark}" in <article class="card" data-package="public-hello">'
    )
    cards.put(page, golden.CARDS[0])  # the others are well
    cards.drop(page, "public-hello")  # and it can be taken away


VERBS = [cards.names, lambda page: cards.put(page, golden.CARDS[0]), lambda page: cards.drop(page, "zebra")]


@pytest.mark.parametrize("do", VERBS)
@pytest.mark.parametrize(
    ("page", "said"),
    [
        (without(INDEX, 'data-field="packages"', -1), 'index.html: no element has data-field="packages": put it back'),
        (without(FULL, "data-field=packages"), 'index.html: no element has data-field="packages"'),
        ("", 'index.html: no element has data-field="packages"'),
        (
            without(FULL, 'data-package="zebra"'),
            'index.html: <p class="version" data-field="version"> stands in no element with data-package',
        ),
        (
            FULL.replace("zebra", "public-hello"),
            'index.html: two cards have data-package="public-hello": take one away',
        ),
        (
            FULL.replace("<main>", "<main><p data-field=packages></p>"),
            'index.html: data-field="packages" stands on 2 elements',
        ),
        (FULL.replace("</div>", ""), "index.html: <div class=cards data-field=packages> is never closed"),
        (
            FULL.replace("</article>", "", 1),
            'index.html: <article class="card" data-package="a-dependency"> is never closed',
        ),
        (
            FULL.replace("</article>", "", 1).replace("</div>", "</article></div>"),
            'index.html: <article class="card" data-package="public-hello"> stands in <article class="card"',
        ),
    ],
)
def test_a_page_that_cannot_be_edited_says_why(do: Callable[[str], object], page: str, said: str) -> None:
    assert error(page, do).startswith(said)
