"""Places in a page that people edit: where an element that carries our attributes begins and ends.

A page is never serialised again as a whole. A scan of its tags (HTML standard, section "Tokenization", as far as
it matters for finding places) gives the offsets of elements; BeautifulSoup reads and makes the elements themselves;
an edit (in `edits`) replaces the characters between two offsets, and not one more.
"""

from __future__ import annotations

import functools
import html
import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from bs4 import BeautifulSoup

from scripts.errors import BadPage

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_HOLDING = ("data-field", "data-package", "data-release")  # what they stand on holds text
# The marks that the scripts look for. An element that has none of them is the people's own.
MARKS = (*_HOLDING, "data-follow")

# A quote means something only where a value begins: <p title=it's> ends at its >.
_NAME = r"[^\s/>][^\s/>=]*+"
_VALUE = r"""(?:"[^"]*+"|'[^']*+'|[^\s"'>][^\s>]*+|(?=>))"""
_ATTRIBUTES = rf"(?P<attributes>(?:[\s/]++|{_NAME}(?:\s*+=\s*+{_VALUE})?+)*+)"
_TOKEN = re.compile(
    rf"""<!--(?:-?>|(?s:.*?)--!?>|(?s:.*))     # a comment hides what is in it
      | <(?:[!?]|/[^a-zA-Z>])[^>]*+            # a doctype, or what a browser takes for a comment
      | <(?P<close>/)?+(?P<name>[a-zA-Z][^\s/>]*+){_ATTRIBUTES}>
        (?(close)|(?:(?P<text>[^<]*+)</(?P=name)\s*+>)?+)  # a start tag, and its end where only text is between""",
    re.VERBOSE | re.ASCII,
)
ATTRIBUTE = re.compile(rf"({_NAME})(?:\s*+=\s*+({_VALUE}))?+", re.ASCII)
_ITEM = re.compile(rf"<li(?=[\s/>]){_ATTRIBUTES}>(?P<text>[^<]*)</li>", re.IGNORECASE | re.ASCII)
_MARK = re.compile("|".join(MARKS), re.IGNORECASE)
_CONFLICT = re.compile(r"<<<<<<< (?<=^.{8}).*^>>>>>>> ", re.MULTILINE | re.DOTALL)
_HREF = re.compile(r"\bhref\b", re.IGNORECASE)
_LINKS = frozenset(("a", "area", "base"))
_CODE = frozenset(("script", "style", "iframe", "xmp", "noembed", "noframes"))  # what is in them is not escaped
_TEXT_ONLY = _CODE | {"textarea", "title"}
_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
)


class Element(NamedTuple):
    """A marked element: its attributes, and the offsets of its first character, its content, and its end."""

    attributes: Mapping[str, str]
    start: int
    content: int
    content_end: int
    end: int

    def holds(self, other: Element) -> bool:
        return self.content <= other.start and other.end <= self.content_end


class Page:
    """The text of a page, and the marked elements in it in the order in which they begin.

    `path` is for error messages; `links` are the start tags of all links, with their offsets. Raises BadPage when
    a marked element is never closed, and for a conflict that a merge has left in it.
    """

    def __init__(self, path: str, text: str) -> None:
        self.path, self.text = path, text
        if _CONFLICT.search(text):
            raise BadPage(path, "holds a conflict that git has left: decide between the lines at <<<<<<< and >>>>>>>")
        self.links: list[tuple[int, str]] = []
        self.elements = sorted(self._scan(), key=lambda element: element.start)
        self._fields = self._by_owner()

    def _scan(self) -> Iterator[Element]:
        """Every marked element. Only tags of the same name are counted to find its end (others may stay open)."""
        waiting: dict[str, list[tuple[Mapping[str, str], re.Match[str]] | None]] = {}
        position = 0
        last = self.text.rfind(">") + 1  # behind it no tag ends, and each < would be tried to the end of the page
        while match := _TOKEN.search(self.text, position, last):
            position = match.end()
            close, name, source, text = match.group("close", "name", "attributes", "text")
            if name is None:
                continue
            name = name.lower()
            if close:
                opened = waiting[name].pop() if waiting.get(name) else None
                if opened:
                    yield Element(opened[0], opened[1].start(), opened[1].end(), match.start(), match.end())
                continue
            if name in _LINKS and _HREF.search(source):
                self.links.append((match.start(), match[0]))
            entry = self._entry(name, match) if "-" in source else None
            if text is not None or name in _VOID:
                if entry:
                    inside = (position, position) if text is None else match.span("text")
                    yield Element(entry[0], match.start(), *inside, position)
            else:
                waiting.setdefault(name, []).append(entry)
                position = self._content(name, position)
        for entry in (entry for entries in waiting.values() for entry in entries if entry):
            raise BadPage(self.path, f"{entry[1][0]} is never closed: add its end tag")

    def _content(self, name: str, position: int) -> int:
        """Where tags count again, behind a start tag: at the end tag of an element in which there is only text."""
        if name not in _TEXT_ONLY:
            return position
        closing = re.compile(rf"</{re.escape(name)}(?=[\s/>])", re.IGNORECASE).search(self.text, position)
        return closing.start() if closing else len(self.text)

    def _entry(self, name: str, match: re.Match[str]) -> tuple[Mapping[str, str], re.Match[str]] | None:
        """The attributes of a start tag that is marked, with its place; None for the people's own."""
        if not _MARK.search(match["attributes"]):
            return None
        attributes = _attributes(match["attributes"])
        if not any(mark in attributes for mark in MARKS):
            return None
        if name in _CODE or (name in _VOID and any(mark in attributes for mark in _HOLDING)):
            tag = self.text[match.start() : match.end("attributes") + 1]
            raise BadPage(self.path, f"{tag} can hold no text: put its mark on another element")
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

    def parts(self, mark: str, container: Element, fact: str) -> list[Element]:
        """The elements with `mark` in a container, each of which has a field `fact`.

        Raises BadPage where one stands in another (an edit of that would take it along), or has lost its mark.
        """
        found = [element for element in self.marked(mark) if container.holds(element)]
        for first, second in pairwise(found):
            if second.start < first.end:
                raise BadPage(self.path, f"{self.tag(second)} stands in {self.tag(first)}: add its end tag")
        for field in self.found(fact):
            if container.holds(field):
                raise BadPage(self.path, f"{self.tag(field)} stands in no element with {mark}: put that mark back")
        return found

    def found(self, name: str, within: Element | None = None) -> list[Element]:
        """The elements with `data-field="name"` that are in `within`, or in no card and no release."""
        return self._fields.get((within.start if within else None, name), [])

    def fields(self, name: str, within: Element | None = None) -> list[Element]:
        """The same, of which there must be one. Raises BadPage when there is none: somebody took the mark out."""
        elements = self.found(name, within)
        if not elements:
            owner = f" in {self.tag(within)}" if within else ""
            raise BadPage(self.path, f'no element has data-field="{name}"{owner}: put it back (it may be hidden)')
        return elements

    def field(self, name: str) -> Element:
        """The element of a field that can stand on a page only once. Raises BadPage when it does not."""
        found = self.fields(name)
        if len(found) > 1:
            raise BadPage(self.path, f'data-field="{name}" stands on {len(found)} elements: leave it on one')
        return found[0]

    def tag(self, element: Element) -> str:
        """The start tag of an element."""
        return self.text[element.start : element.content]

    def shown(self, element: Element) -> str:
        """The text that a reader sees in an element, white space folded."""
        content = self.text[element.content : element.content_end]
        if "<" in content:
            content = BeautifulSoup(f"<div>{content}</div>", "lxml").get_text()
        else:
            content = html.unescape(content)
        return " ".join(content.split())

    def items(self, element: Element) -> list[tuple[Mapping[str, str], str]]:
        """The attributes and the text of each item of a list."""
        content = self.text[element.content : element.content_end]
        if _ITEM.sub("", content).strip():  # something else stands between the items, or in them
            soup = BeautifulSoup(content, "lxml", multi_valued_attributes=None)
            return [
                ({key: str(value) for key, value in item.attrs.items()}, " ".join(item.get_text().split()))
                for item in soup.find_all("li")
            ]
        return [
            (_attributes(match["attributes"]), " ".join(html.unescape(match["text"]).split()))
            for match in _ITEM.finditer(content)
        ]


@functools.lru_cache(maxsize=1024)  # most tags of a page are like those before
def _attributes(source: str) -> Mapping[str, str]:
    """The attributes of a start tag, character references resolved; of two of one name the first, as browsers do."""
    attributes: dict[str, str] = {}
    for match in ATTRIBUTE.finditer(source):
        value = match[2] or ""
        if value[:1] in ("'", '"'):
            value = value[1:-1]
        attributes.setdefault(match[1].lower(), html.unescape(value))
    return attributes
