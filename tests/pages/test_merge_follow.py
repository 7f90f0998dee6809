"""data-follow, which stands on any element of a record: its value is a fact, its place is the people's."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from scripts.errors import MergeConflict
from scripts.pages import record
from scripts.pages.merging.page import merge
from tests.factories import package, release
from tests.pages import by_hand
from tests.pages.test_merge import PATH, page_of, together

if TYPE_CHECKING:
    from scripts.model import Package

HELLO = package("1.0")
PLAIN = page_of(HELLO)
PRE, NONE = (replace(HELLO, follow=follow) for follow in ("pre", "none"))
NEWER = HELLO.with_release(release("2.0"))


def test_a_change_of_it_and_a_new_release_come_together() -> None:
    for base in (HELLO, PRE):
        page = page_of(base, PLAIN)
        newer = replace(NEWER, follow=base.follow)
        both = together(page, page_of(replace(base, follow="none"), page), page_of(newer, page))
        assert both == replace(NEWER, follow="none")


def test_it_may_be_set_where_the_other_side_edits_by_hand() -> None:
    for base in (PLAIN, page_of(PRE, PLAIN)):
        edited = by_hand.untidy(base)
        assert together(base, page_of(NONE, base), edited) == NONE
        assert merge(PATH, base, page_of(NONE, base), edited) == page_of(NONE, edited)


@pytest.mark.parametrize("changed", [NEWER, NONE, replace(NEWER, follow="none")])
def test_where_somebody_moved_it_to_stays(changed: Package) -> None:
    changed = replace(changed, follow="pre") if changed is NEWER else changed
    base = page_of(PRE, PLAIN)
    moved = by_hand.follow_elsewhere(base)
    assert moved != base and '<h1 data-follow="pre"' in moved
    for sides in ((page_of(changed, base), moved), (moved, page_of(changed, base))):
        assert merge(PATH, base, *sides) == page_of(changed, moved)


def test_taken_away_by_hand_it_is_the_usual_one_again() -> None:
    base = page_of(PRE, PLAIN)
    taken = re.sub(r' data-follow="pre"', "", base)
    newer = page_of(replace(NEWER, follow="pre"), base)
    assert together(base, taken, newer) == NEWER
    assert "data-follow=" not in merge(PATH, base, taken, newer)


@pytest.mark.parametrize("base", [HELLO, replace(HELLO, follow="none")])
def test_two_values_are_a_conflict(base: Package) -> None:
    page = page_of(base, PLAIN)
    others = [follow for follow in ("stable", "pre", "none") if follow != base.follow]
    one, two = (page_of(replace(HELLO, follow=follow), page) for follow in others)
    for sides in ((one, two), (two, one), (by_hand.follow_elsewhere(one), two)):
        with pytest.raises(MergeConflict) as conflict:
            merge(PATH, page, *sides)
        assert conflict.value.elements == ("follow",)


def test_the_same_value_in_two_places_is_none() -> None:
    one = page_of(PRE, PLAIN)
    merged = merge(PATH, PLAIN, one, by_hand.follow_elsewhere(one))
    assert record.read(PATH, merged) == PRE
