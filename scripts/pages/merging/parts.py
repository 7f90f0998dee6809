"""The parts of a page that are merged as one: each card of index.html, each release of a record."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol

from scripts.pages.merging.threeway import Differ, three_way

if TYPE_CHECKING:
    from scripts.pages.markup import Element, Page

Lines = tuple[str, ...]


class Merged(Protocol):
    """The merged parts of a page. Both methods raise BadPage."""

    def without_parts(self, text: str) -> str:
        """What is people's own in a page: its text without the parts and facts."""

    def bring(self, text: str) -> str:
        """The page with the merged parts and facts in place of its own; the rest stays to the byte."""


def lines_of(page: Page, element: Element) -> Lines:
    """An element as lines, without the indentation of the page around it."""
    indent = page.text[page.text.rfind("\n", 0, element.start) + 1 : element.start]
    first, *others = re.split(r"\r?\n", page.text[element.start : element.end])  # not at a form feed, as splitlines
    return first, *(line if indent.strip() else line.removeprefix(indent) for line in others)


def squeezed(lines: Lines) -> str:
    """A part without the white space at the ends of its lines, which means nothing."""
    return "".join(line.strip() for line in lines)


def pick(base: Lines | None, ours: Lines | None, theirs: Lines | None) -> Lines | None:
    """The side that was changed; white space counts only where nothing else was. Raises Differ."""
    try:
        return three_way(base, ours, theirs)
    except Differ:
        if ours is None or theirs is None:
            raise
        chosen = three_way(squeezed(base) if base else "", squeezed(ours), squeezed(theirs))
        return ours if chosen == squeezed(ours) else theirs
