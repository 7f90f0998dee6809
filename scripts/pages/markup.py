"""Places in a page that people edit: where an element begins and ends, and how to change just that.

A page is never serialised again as a whole. A scan of its tags (HTML standard, section "Tokenization", as far as
it matters for finding places) gives the offsets of the elements that carry our attributes; BeautifulSoup reads and
makes the elements themselves; an edit replaces the characters between two offsets, and not one more.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from bs4 import BeautifulSoup

from scripts.errors import BadPage

if TYPE_CHECKING:
    from collections.abc import Iterator

# The marks that the scripts look for. An element that has none of them is the people's own.
MARKS = ("data-field", "data-package", "data-release")

_TOKEN = re.compile(
    r"""<!--(?:(?s:.*?)--!?>|(?s:.*))      # a comment hides what is in it
      | <(?P<close>/?)(?P<name>[a-zA-Z][^\s/>]*+)(?P<attributes>(?:[^>"']++|"[^"]*+"|'[^']*+')*+)>""",
    re.VERBOSE,
)
_ATTRIBUTE = re.compile(r"""([^\s"'>/=]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'=<>`]+))?""")
_ITEM = re.compile(r"<li\b(?P<attributes>[^<>]*)>(?P<text>[^<]*)</li>", re.IGNORECASE)
_MARK = re.compile("|".join(MARKS), re.IGNORECASE)
_HREF = re.compile(r"\bhref\b", re.IGNORECASE)
_LINKS = frozenset(("a", "area", "base"))
_CODE = frozenset(("script", "style", "iframe", "xmp", "noembed", "noframes"))  # what is in them is not escaped
_TEXT_ONLY = _CODE | {"textarea", "title"}
_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
)


class Element(NamedTuple):
    """A marked element: its attributes, and the offsets of its first character, its content, and its end."""

    attributes: dict[str, str]
    start: int
    content: int
    content_end: int
    end: int

    def holds(self, other: Element) -> bool:
        return self.content <= other.start and other.end <= self.content_end


class Page:
    """The text of a page, and the marked elements in it in the order in which they begin.

    `path` is for error messages; `links` are the start tags of all links, with their offsets. Raises BadPage when
    a marked element is never closed.
    """

    def __init__(self, path: str, text: str) -> None:
        self.path, self.text = path, text
        self.links: list[tuple[int, str]] = []
        self.elements = sorted(self._scan(), key=lambda element: element.start)
        self._fields = self._by_owner()

    def _scan(self) -> Iterator[Element]:
        """Every marked element. Only tags of the same name are counted to find its end (others may stay open)."""
        waiting: dict[str, list[tuple[dict[str, str], re.Match[str]] | None]] = {}
        position = 0
        while match := _TOKEN.search(self.text, position):
            position = match.end()
            if match["name"] is None:
                continue
            name = match["name"].lower()
            if match["close"]:
                opened = waiting[name].pop() if waiting.get(name) else None
                if opened:
                    yield Element(opened[0], opened[1].start(), opened[1].end(), match.start(), match.end())
                continue
            if name in _LINKS and _HREF.search(match["attributes"]):
                self.links.append((match.start(), match[0]))
            entry = self._entry(name, match)
            if name in _VOID:
                continue
            waiting.setdefault(name, []).append(entry)
            if name in _TEXT_ONLY:
                closing = re.compile(rf"</{re.escape(name)}(?=[\s/>])", re.IGNORECASE).search(self.text, position)
                position = closing.start() if closing else len(self.text)
        for entry in (entry for entries in waiting.values() for entry in entries if entry):
            raise BadPage(self.path, f"{entry[1][0]} is never closed: add its end tag")

    def _entry(self, name: str, match: re.Match[str]) -> tuple[dict[str, str], re.Match[str]] | None:
        """The attributes of a start tag that is marked, with its place; None for the people's own."""
        if not _MARK.search(match["attributes"]):
            return None
        attributes = _attributes(match["attributes"])
        if not any(mark in attributes for mark in MARKS):
            return None
        if name in _VOID or name in _CODE:
            raise BadPage(self.path, f"{match[0]} can hold no text: put its mark on another element")
        return attributes, match

    def _by_owner(self) -> dict[tuple[int | None, str], list[Element]]:
        """The elements with data-field, by where the card or release that they are in begins, and by their name."""
        fields: dict[tuple[int | None, str], list[Element]] = {}
        owners: list[Element] = []
        for element in self.elements:
            while owners and owners[-1].end <= element.start:
                owners.pop()
            if name := element.attributes.get("data-field"):
                fields.setdefault((owners[-1].start if owners else None, name), []).append(element)
            if "data-package" in element.attributes or "data-release" in element.attributes:
                owners.append(element)
        return fields

    def marked(self, mark: str) -> list[Element]:
        """The elements that have the attribute `mark`."""
        return [element for element in self.elements if mark in element.attributes]

    def found(self, name: str, within: Element | None = None) -> list[Element]:
        """The elements with `data-field="name"` that are in `within`, or in no card and no release."""
        return self._fields.get((within.start if within else None, name), [])

    def fields(self, name: str, within: Element | None = None) -> list[Element]:
        """The same, of which there must be one. Raises BadPage when there is none: somebody took the mark out."""
        elements = self.found(name, within)
        if not elements:
            owner = f" in {self.text[within.start : within.content]}" if within else ""
            raise BadPage(self.path, f'no element has data-field="{name}"{owner}: put it back (it may be hidden)')
        return elements

    def field(self, name: str) -> Element:
        """The element of a field that can stand on a page only once. Raises BadPage when it does not."""
        found = self.fields(name)
        if len(found) > 1:
            raise BadPage(self.path, f'data-field="{name}" stands on {len(found)} elements: leave it on one')
        return found[0]

    def shown(self, element: Element) -> str:
        """The text that a reader sees in an element, white space folded."""
        content = self.text[element.content : element.content_end]
        if "<" in content:
            content = BeautifulSoup(f"<div>{content}</div>", "lxml").get_text()
        else:
            content = html.unescape(content)
        return " ".join(content.split())

    def items(self, element: Element) -> list[tuple[dict[str, str], str]]:
        """The attributes and the text of each item of a list."""
        content = self.text[element.content : element.content_end]
        if _ITEM.sub("", content).strip():  # something else stands between the items, or in them
            soup = BeautifulSoup(content, "lxml", multi_valued_attributes=None)
            items = [({key: str(value) for key, value in item.attrs.items()}, item) for item in soup.find_all("li")]
            return [(attributes, " ".join(item.get_text().split())) for attributes, item in items]
        return [
            (_attributes(match["attributes"]), " ".join(html.unescape(match["text"]).split()))
            for match in _ITEM.finditer(content)
        ]


def _attributes(source: str) -> dict[str, str]:
    """The attributes of a start tag, character references resolved; of two of one name the first, as browsers do."""
    attributes: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(source):
        value = match[2] or ""
        if value[:1] in ("'", '"'):
            value = value[1:-1]
        attributes.setdefault(match[1].lower(), html.unescape(value))
    return attributes


@dataclass(frozen=True)
class Edit:
    """Put `text` in place of what stands from `start` to `end`, offsets in characters."""

    start: int
    end: int
    text: str


def apply(text: str, edits: list[Edit]) -> str:
    """The text with all edits made; they must not overlap. Every other character stays."""
    for edit in sorted(edits, key=lambda edit: edit.start, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def newline_of(text: str) -> str:
    """The line ending that a file uses, so that an edit keeps to it."""
    return "\r\n" if "\r\n" in text else "\n"


def _line_indent(text: str, offset: int) -> str | None:
    """The white space between the start of the line and `offset`; None where there is anything else."""
    before = text[text.rfind("\n", 0, offset) + 1 : offset]
    return before if not before.strip() else None


def insert_before(text: str, element: Element, lines: list[str]) -> Edit:
    """Put a new element, given as lines, before another one, indented alike."""
    indent = _line_indent(text, element.start)
    if indent is None:
        return Edit(element.start, element.start, "".join(line.strip() for line in lines))
    newline = newline_of(text)
    block = (newline + indent).join(lines)
    return Edit(element.start, element.start, block + newline + indent)


def insert_after(text: str, element: Element, lines: list[str]) -> Edit:
    """Put a new element, given as lines, after another one, indented alike."""
    indent = _line_indent(text, element.start)
    if indent is None:
        return Edit(element.end, element.end, "".join(line.strip() for line in lines))
    newline = newline_of(text)
    return Edit(element.end, element.end, "".join(newline + indent + line for line in lines))


def insert_first(text: str, container: Element, lines: list[str]) -> Edit:
    """Put a new element, given as lines, into a container that has none of its kind: before its end tag."""
    newline = newline_of(text)
    indent = _line_indent(text, container.content_end)
    if indent is not None:  # the end tag has a line of its own
        at = container.content_end - len(indent)
        return Edit(at, at, "".join(indent + _step(indent) + line + newline for line in lines))
    indent = _indent_of_line(text, container.start)
    block = newline.join(indent + _step(indent) + line for line in lines)
    return Edit(container.content_end, container.content_end, newline + block + newline + indent)


def replace_element(text: str, element: Element, lines: list[str]) -> Edit:
    """Put a new element, given as lines, in place of another one."""
    indent = _line_indent(text, element.start) or ""
    return Edit(element.start, element.end, (newline_of(text) + indent).join(lines))


def replace_content(text: str, container: Element, lines: list[str]) -> Edit:
    """Give a container new children, one a line; none leave it empty."""
    if not lines:
        return Edit(container.content, container.content_end, "")
    newline, indent = newline_of(text), _indent_of_line(text, container.start)
    block = "".join(newline + indent + _step(indent) + line for line in lines)
    return Edit(container.content, container.content_end, block + newline + indent)


def _indent_of_line(text: str, offset: int) -> str:
    line = text[text.rfind("\n", 0, offset) + 1 : offset]
    return line[: len(line) - len(line.lstrip())]


def _step(indent: str) -> str:
    return "\t" if indent.startswith("\t") else "  "


def remove(text: str, element: Element) -> Edit:
    """Take an element away, with its line when it has its lines for itself."""
    indent = _line_indent(text, element.start)
    after = re.compile(r"[ \t]*(\r?\n|\Z)").match(text, element.end)
    if indent is None or after is None:
        return Edit(element.start, element.end, "")
    return Edit(element.start - len(indent), after.end(), "")


def replace_text(page: Page, element: Element, value: str) -> list[Edit]:
    """Make an element show `value`; no edit when it does already. `value` becomes text, never markup."""
    if page.shown(element) == value:
        return []
    return [Edit(element.content, element.content_end, html.escape(value, quote=False))]
