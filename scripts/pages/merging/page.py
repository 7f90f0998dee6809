"""Two edits of one page brought together: by element, not by line.

A card, a release and a fact are each one element: additions, removals and changes of both sides come together, and
what one side edited by hand is kept. Only the text between the elements is merged by line, as git does it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scripts.errors import BadPage, MergeConflict
from scripts.pages.markup import Page
from scripts.pages.merging.cards import MergedCards
from scripts.pages.merging.parts import squeezed
from scripts.pages.merging.record import MergedRecord
from scripts.pages.merging.threeway import Differ, merge_lines, three_way

if TYPE_CHECKING:
    from scripts.pages.merging.parts import Merged

BETWEEN = "the text between the elements"


def merge(path: str, base: str | None, ours: str, theirs: str) -> str:
    """The page with the changes of both sides since `base` (None or "": they did not have it then).

    A page that is no list and no record, such as the template of records, is merged by line as a whole.
    Raises MergeConflict, which names what both changed, and BadPage for a page that cannot be read.
    """
    try:
        return three_way(base, ours, theirs) or ""
    except Differ:
        pass
    try:
        merged = _merged(path, base or None, ours, theirs)
        return _together(merged, base or None, ours, theirs) if merged else merge_lines(base or "", ours, theirs)
    except Differ:
        raise MergeConflict(path, [BETWEEN]) from None


def _merged(path: str, base: str | None, ours: str, theirs: str) -> Merged | None:
    """The merged elements of a page: of a list of packages, or of a record. None for a page that is neither."""
    pages = [Page(path, text) for text in (ours, theirs)]
    if any(page.found("packages") for page in pages):
        return MergedCards(path, base, ours, theirs)
    if any(page.marked("data-release") for page in pages):
        return MergedRecord(path, base, ours, theirs)
    return None


def _together(merged: Merged, base: str | None, ours: str, theirs: str) -> str:
    """The side that has edits outside of the elements, with the merged elements; by line where both have some.

    White space counts only where that goes well: taking an element out may leave a line break more or less.
    """
    rests = [merged.without_parts(text) if text else "" for text in (base, ours, theirs)]
    side = _edited(rests)
    if side is None:
        try:
            return _by_line(merged, base, ours, theirs)
        except Differ:
            side = _edited([squeezed(tuple(rest.splitlines())) for rest in rests])
    if side is None:
        raise Differ
    return merged.bring((ours, theirs)[side])


def _edited(rests: list[str]) -> int | None:
    """Which side has all of the edits, 0 for ours; None where both have some."""
    before, one, two = rests
    if two in (one, before):
        return 0
    return 1 if one == before else None


def _by_line(merged: Merged, base: str | None, ours: str, theirs: str) -> str:
    text = merge_lines(*(merged.bring(text) if text else "" for text in (base, ours, theirs)))
    try:
        kept = merged.bring(text) == text
    except BadPage:
        kept = False
    if not kept:
        raise Differ
    return text
