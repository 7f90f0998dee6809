"""The cards of index.html, brought together: by package, and a card that both sides changed field by field."""

from __future__ import annotations

from typing import TYPE_CHECKING

from packaging.version import InvalidVersion, Version

from scripts.errors import MergeConflict
from scripts.pages import cards, elements
from scripts.pages.edits import apply, remove, replace_element, replace_text
from scripts.pages.markup import Page
from scripts.pages.merging.parts import lines_of, pick
from scripts.pages.merging.threeway import Differ, merge_lines, three_way

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scripts.pages.edits import Edit
    from scripts.pages.merging.parts import Lines

_BADGES = "badges"
_FIELDS = ("version", "summary", "date", _BADGES)  # people may have taken the last two away
_OF_NEWEST = ("version", "date")  # what a card says of the newest release
Shown = tuple[str, ...]
_Rank = tuple[()] | tuple[bool, Version]  # whether it is stable, and the version


class MergedCards:
    """The cards of three texts. Raises MergeConflict, BadPage."""

    def __init__(self, path: str, base: str | None, ours: str, theirs: str) -> None:
        self.path = path
        self.cards: dict[str, Lines] = {}
        conflicts: list[str] = []
        sides = [_cards(path, text) if text else {} for text in (base, ours, theirs)]
        for name in dict.fromkeys(name for side in sides for name in side):
            three = [side.get(name) for side in sides]
            try:
                card = pick(*three)
            except Differ:
                card = _both_changed(path, name, three, conflicts)
            if card:
                self.cards[name] = card
        if conflicts:
            raise MergeConflict(path, conflicts)

    def without_parts(self, text: str) -> str:
        page = Page(self.path, text)
        return apply(text, [remove(text, card) for card in cards.places(page).values()])

    def bring(self, text: str) -> str:
        page = Page(self.path, text)
        there = cards.places(page)
        kept = {name: card for name, card in there.items() if name in self.cards}
        edits = [remove(text, card) for name, card in there.items() if name not in kept]
        for name, card in kept.items():
            if lines_of(page, card) != self.cards[name]:
                edits.append(replace_element(text, card, list(self.cards[name])))
        new = sorted(self.cards.keys() - kept.keys())
        return apply(text, edits + [cards.insert(page, kept, name, list(self.cards[name])) for name in new])


def _cards(path: str, text: str) -> Mapping[str, Lines]:
    page = Page(path, text)
    return {name: lines_of(page, card) for name, card in cards.places(page).items()}


def _both_changed(path: str, name: str, three: list[Lines | None], conflicts: list[str]) -> Lines | None:
    """A card that both sides changed: what the scripts write there field by field, the rest by line."""
    _, ours, theirs = three
    if ours is None or theirs is None:
        conflicts.append(f"the card of {name} (taken away and changed)")
        return None
    texts = ["\n".join(lines or ()) for lines in three]
    newer, wrong = _newer(path, texts)
    for field in _FIELDS:
        values = [_shown(path, text, field) for text in texts]
        try:
            if newer and field in _OF_NEWEST and (said := values[newer]) is not None:
                value = said
            else:
                value = tuple(text for text in _value(field, *values) if text not in wrong)
        except Differ:
            conflicts.append(f"the {field} on the card of {name}")
            return ours
        texts = [_with(path, text, field, value) for text in texts]
    try:
        return tuple(merge_lines(*texts).split("\n"))
    except Differ:
        conflicts.append(f"the card of {name}")
        return ours


def _newer(path: str, texts: list[str]) -> tuple[int, tuple[str, ...]]:
    """Which of the texts has brought the newest release (0 where that is not sure), and the badges that it belies.

    A release that ranks above the one of the base was added by that side, or given back, so the merged record offers
    it. Nothing there ranks higher: what is offered there is offered on one of the sides.
    """
    base, ours, theirs = (_rank(path, text) for text in texts)
    if base is None or ours is None or theirs is None or ours == theirs or max(ours, theirs) <= base:
        return 0, ()
    is_stable = max(ours, theirs)[:1] == (True,)
    return 1 if ours > theirs else 2, ("only pre-releases", "deprecated") if is_stable else ("deprecated",)


def _rank(path: str, card: str) -> _Rank | None:
    """How `Package.latest` ranks the version on a card: () for one that is not offered, as where there is no card.

    None where the card does not tell, since people have taken something away.
    """
    if not card:
        return ()
    version, badges = _shown(path, card, "version"), _shown(path, card, _BADGES)
    try:
        found = Version(*version or ("",))
    except InvalidVersion:
        return None
    return None if badges is None else () if "deprecated" in badges else (not found.is_prerelease, found)


def _value(field: str, base: Shown | None, ours: Shown | None, theirs: Shown | None) -> Shown:
    """What a field is to show; a side that took it away has no say (that it is gone is merged by line)."""
    ours, theirs = (base if side is None else side for side in (ours, theirs))
    if field != _BADGES:
        return three_way(base, ours, theirs) or ()
    known = list(elements.BADGES)
    found = {text for side in (base, ours, theirs) for text in side or ()}
    # Each is there or not: two values never differ.
    kept = [text for text in found if three_way(*(text in (side or ()) for side in (base, ours, theirs)))]
    return tuple(sorted(kept, key=lambda text: (known.index(text) if text in known else len(known), text)))


def _shown(path: str, card: str, field: str) -> Shown | None:
    """The text of a field, or each of its items; None where the card has none."""
    page = Page(path, card)
    found = page.found(field, within=page.marked("data-package")[0]) if card else []
    if not found:
        return None
    return tuple(text for _, text in page.items(found[0])) if field == _BADGES else (page.shown(found[0]),)


def _with(path: str, card: str, field: str, value: Shown) -> str:
    if not card:
        return ""
    page = Page(path, card)
    (element,) = page.marked("data-package")
    edits: list[Edit] = []
    for place in page.found(field, within=element):
        if field == _BADGES:
            edits += cards.show_badges(page, place, [elements.badge(text) for text in value])
        else:
            edits += replace_text(page, place, "".join(value))
    return apply(card, edits)
