"""Edits of a page: the characters between two offsets give way to others, and not one more."""

from __future__ import annotations

import functools
import html
import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scripts.errors import BadPage
from scripts.pages.markup import ATTRIBUTE

if TYPE_CHECKING:
    from scripts.pages.markup import Element, Page

_BLANK_LINE_END = re.compile(r"[ \t]*\r?\n")
_LINE_END = re.compile(r"(?:[ \t]|<!--(?:(?!-->).)*-->)*\r?\n")  # a comment there belongs to what it follows
_END_TAG = re.compile(r"[ \t]*</")
_WORD = re.compile(r"[\w.-]+", re.ASCII)  # a value that needs no quotes
_TAG_NAME = re.compile(r"<[^\s/>]+")


@dataclass(frozen=True)
class Edit:
    """Put `text` in place of what stands from `start` to `end`, offsets in characters."""

    start: int
    end: int
    text: str


def apply(text: str, edits: list[Edit]) -> str:
    """The text with all edits made, in the order of their places. Every other character stays."""
    pieces, position = [], 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        pieces += [text[position : edit.start], edit.text]
        position = max(position, edit.end)
    return "".join([*pieces, text[position:]])


@functools.lru_cache(maxsize=4)  # each edit of a page asks
def newline_of(text: str) -> str:
    """The line ending that a file uses, so that an edit keeps to it."""
    return "\r\n" if 2 * text.count("\r\n") > text.count("\n") else "\n"


def _line_indent(text: str, offset: int) -> str | None:
    """The white space between the start of the line and `offset`; None where there is anything else."""
    before = text[text.rfind("\n", 0, offset) + 1 : offset]
    return before if not before.strip() else None


def _on_one_line(lines: list[str]) -> str:
    """Lines put together; a break that may stand in a tag or in a text stays a space."""
    together = ""
    for line in (line.strip() for line in lines):
        between = "" if not together or (together.endswith(">") and line.startswith("<")) else " "
        together += between + line
    return together


def insert_before(text: str, element: Element, lines: list[str]) -> Edit:
    """Put a new element, given as lines, before another one, indented alike."""
    indent = _line_indent(text, element.start)
    if indent is None:
        return Edit(element.start, element.start, _on_one_line(lines))
    newline = newline_of(text)
    block = (newline + indent).join(lines)
    return Edit(element.start, element.start, block + newline + indent)


def insert_after(text: str, element: Element, lines: list[str]) -> Edit:
    """Put a new element, given as lines, after another one, indented alike."""
    indent = _line_indent(text, element.start)
    newline = newline_of(text)
    if indent is not None and (line_end := _LINE_END.match(text, element.end)):
        return Edit(line_end.end(), line_end.end(), "".join(indent + line + newline for line in lines))
    if indent is not None and _END_TAG.match(text, element.end):
        return Edit(element.end, element.end, "".join(newline + indent + line for line in lines))
    return Edit(element.end, element.end, _on_one_line(lines))


def insert_first(text: str, container: Element, lines: list[str]) -> Edit:
    """Put a new element, given as lines, into a container that has none of its kind: before its end tag."""
    newline = newline_of(text)
    indent = _line_indent(text, container.content_end)
    if indent is not None:  # the end tag has a line of its own
        at = container.content_end - len(indent)
        return Edit(at, at, "".join(indent + _step(indent) + line + newline for line in lines))
    indent = _indent_of_line(text, container.start)
    block = "".join(newline + indent + _step(indent) + line for line in lines)
    return Edit(container.content_end, container.content_end, block)


def replace_element(text: str, element: Element, lines: list[str]) -> Edit:
    """Put a new element, given as lines, in place of another one."""
    indent = _line_indent(text, element.start)
    together = _on_one_line(lines) if indent is None else (newline_of(text) + indent).join(lines)
    return Edit(element.start, element.end, together)


def replace_content(page: Page, container: Element, lines: list[str]) -> Edit:
    """Give a container new children, one a line; none leave it empty. Raises BadPage where that takes marks away."""
    _check_alone(page, container)
    if not lines:
        return Edit(container.content, container.content_end, "")
    newline, indent = newline_of(page.text), _indent_of_line(page.text, container.start)
    block = "".join(newline + indent + _step(indent) + line for line in lines)
    return Edit(container.content, container.content_end, block + newline + indent)


def _indent_of_line(text: str, offset: int) -> str:
    line = text[text.rfind("\n", 0, offset) + 1 : offset]
    return line[: len(line) - len(line.lstrip())]


def _step(indent: str) -> str:
    return "\t" if indent.startswith("\t") else "  "


def remove(text: str, element: Element) -> Edit:
    """Take an element away, with its line when it has its lines for itself: the opposite of every insert above."""
    indent = _line_indent(text, element.start)
    if indent is None:
        return Edit(element.start, element.end, "")
    start = element.start - len(indent)
    if line_end := _BLANK_LINE_END.match(text, element.end):
        return Edit(start, line_end.end(), "")
    if _END_TAG.match(text, element.end):
        return Edit(len(text[:start].removesuffix("\n").removesuffix("\r")), element.end, "")
    return Edit(element.start, element.end, "")


def replace_text(page: Page, element: Element, value: str) -> list[Edit]:
    """Make an element show `value`; no edit when it does already. `value` becomes text, never markup.

    Raises BadPage where that takes marks away.
    """
    if page.shown(element) == value:
        return []
    _check_alone(page, element)
    return [Edit(element.content, element.content_end, html.escape(value, quote=False))]


def set_attribute(page: Page, element: Element, name: str, value: str) -> Edit:
    """Give an element's attribute a value; where it has one, its name, its quotes and its spaces stay as they are.

    Of two of one name the first counts (HTML standard, "Attribute name state").
    """
    tag, escaped = page.tag(element), html.escape(value)
    first = _TAG_NAME.match(tag)
    place = first.end() if first else 0
    match = next((match for match in ATTRIBUTE.finditer(tag, place) if match[1].lower() == name), None)
    if not match:
        return Edit(element.start + place, element.start + place, f' {name}="{escaped}"')
    if not match[2]:
        return Edit(element.start + match.end(1), element.start + match.end(), f'="{escaped}"')
    quote = match[2][0] if match[2][0] in "\"'" else "" if _WORD.fullmatch(value) else '"'
    return Edit(element.start + match.start(2), element.start + match.end(2), f"{quote}{escaped}{quote}")


def _start(element: Element) -> int:
    return element.start


def _check_alone(page: Page, element: Element) -> None:
    """What is written into an element replaces all of its content: no other marked element may be there."""
    behind = bisect_left(page.elements, element.content, key=_start)
    for other in page.elements[behind : behind + 1]:
        if element.holds(other):
            raise BadPage(page.path, f"{page.tag(other)} stands in {page.tag(element)}: move it out of that")
