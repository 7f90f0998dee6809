"""index.html: one card a package, sorted by name, in the element that carries `data-field="packages"`."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from bs4 import BeautifulSoup

from scripts.errors import BadPage
from scripts.pages import elements
from scripts.pages.edits import (
    apply,
    insert_after,
    insert_before,
    insert_first,
    remove,
    replace_content,
    replace_text,
)
from scripts.pages.markup import Page

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bs4.element import Tag

    from scripts.model import Package
    from scripts.pages.edits import Edit
    from scripts.pages.markup import Element

PATH = "index.html"


def names(text: str) -> list[str]:
    """The packages that index.html lists, in the order of the page. Raises BadPage when one stands there twice."""
    return list(places(_page(text)))


def title(text: str) -> str:
    """What index.html calls itself."""
    head = BeautifulSoup(text.partition("<body")[0], "lxml").title
    return " ".join(head.get_text().split()) if head else "Python packages"


def put(text: str, package: Package) -> str:
    """index.html with the card of a package added in its place, or brought up to date where it is.

    Only the facts that the card shows are touched when it is there (people may have taken away its date and its
    badges): the rest of a card is the people's.
    """
    page = _page(text)
    cards = places(page)
    if package.name in cards:
        edits = [edit for _, _, mends in _mends(page, cards[package.name], package) for edit in mends]
        return apply(text, edits)
    return apply(text, [insert(page, cards, package.name, elements.card(package))])


def insert(page: Page, cards: Mapping[str, Element], name: str, lines: list[str]) -> Edit:
    """Put a new card, given as lines, in its place among the cards that stay."""
    after = next((card for other, card in cards.items() if other > name), None)
    if after:
        return insert_before(page.text, after, lines)
    if cards:
        return insert_after(page.text, list(cards.values())[-1], lines)
    return insert_first(page.text, page.field("packages"), lines)


def show_badges(page: Page, element: Element, badges: list[Tag]) -> list[Edit]:
    """Make a list of badges hold these; no edit when it does already."""
    if [text for _, text in page.items(element)] == [badge.get_text() for badge in badges]:
        return []
    return [replace_content(page, element, [line for badge in badges for line in elements.lines(badge)])]


def differing(text: str, package: Package) -> dict[str, str]:
    """What the card of a package should say and does not: facts with their values."""
    page = _page(text)
    return {fact: value for fact, value, _ in _mends(page, places(page)[package.name], package)}


def _mends(page: Page, card: Element, package: Package) -> Iterator[tuple[str, str, list[Edit]]]:
    """Each fact that a card does not say as the record does, its value, and the edits that bring it there."""
    facts = {"version": package.latest.version, "summary": package.about.summary, "date": package.latest.date}
    for fact, value in facts.items():
        for element in page.found(fact, within=card) if fact == "date" else page.fields(fact, within=card):
            if edits := replace_text(page, element, value):
                yield fact, value, edits
    badges = elements.badges(package)
    for element in page.found("badges", within=card):
        if edits := show_badges(page, element, badges):
            yield "badges", ", ".join(badge.get_text() for badge in badges), edits


def drop(text: str, name: str) -> str:
    """index.html without the card of a package."""
    card = places(_page(text)).get(name)
    return apply(text, [remove(text, card)]) if card else text


@functools.lru_cache(maxsize=1)
def _page(text: str) -> Page:
    """index.html, scanned once for each verb: first for its names, then for the edit."""
    return Page(PATH, text)


def places(page: Page) -> dict[str, Element]:
    """The cards of a page by package, in the order of the page. Raises BadPage when one stands there twice."""
    cards: dict[str, Element] = {}
    for element in page.parts("data-package", page.field("packages"), "version"):
        name = element.attributes["data-package"]
        if name in cards:
            raise BadPage(PATH, f'two cards have data-package="{name}": take one away')
        cards[name] = element
    return cards
