"""Records brought together: the facts of the package one by one, and each release as one element."""

from __future__ import annotations

import html
from dataclasses import fields
from typing import TYPE_CHECKING

from scripts.errors import MergeConflict
from scripts.model import FOLLOW, About, Package
from scripts.pages import elements, record
from scripts.pages.edits import Edit, apply, remove, replace_element, set_attribute
from scripts.pages.markup import Page
from scripts.pages.merging.facts import merge_facts
from scripts.pages.merging.parts import lines_of, pick, squeezed
from scripts.pages.merging.threeway import Differ, merge_lines

if TYPE_CHECKING:
    from scripts.model import Release
    from scripts.pages.markup import Element
    from scripts.pages.merging.parts import Lines

_FACTS = {field.name.replace("_", "-") for kind in (Package, About) for field in fields(kind)} | {"visibility"}


class MergedRecord:
    """The facts of three records. Raises MergeConflict, BadPage."""

    def __init__(self, path: str, base: str | None, ours: str, theirs: str) -> None:
        self.path = path
        before = record.read(path, base) if base else None
        sides = [record.read(path, text) for text in (ours, theirs)]
        package = merge_facts(path, before, *sides)
        if package is None:
            raise MergeConflict(path, ["every release (together they take all away: delete the package)"])
        self.package = package
        self.releases: dict[str, Lines] = {}
        pages = [Page(path, text) if text else None for text in (base, ours, theirs)]
        conflicts = []
        for release in package.releases:
            three = [_lines(page, release.version) for page in pages]
            try:
                lines = pick(*three)
            except Differ:
                lines = self._both_changed(ours, sides, release, three)
            if lines is None:
                conflicts.append(f"release {release.version}")
            else:
                self.releases[release.version] = lines
        if conflicts:
            raise MergeConflict(path, conflicts)

    def without_parts(self, text: str) -> str:
        page = Page(self.path, text)
        releases = record.places(page)
        facts = [
            element
            for name in _FACTS - {"releases"}
            for element in page.found(name)
            if _is_plain(text[element.content : element.content_end], page, element)
        ]
        empty = [Edit(element.content, element.content_end, "") for element in facts]
        # Its value is a fact; which element it stands on is the people's.
        follow = [set_attribute(page, element, record.FOLLOWED, FOLLOW[0]) for element in page.marked(record.FOLLOWED)]
        return apply(text, [remove(text, element) for element in releases] + empty + follow)

    def bring(self, text: str) -> str:
        text = record.write(self.path, text, self.package)
        page = Page(self.path, text)
        edits = []
        for element in record.places(page):
            lines = self.releases[element.attributes["data-release"]]
            if lines_of(page, element) != lines:
                edits.append(replace_element(text, element, list(lines)))
        return apply(text, edits)

    def _both_changed(
        self, ours: str, sides: list[Package], release: Release, three: list[Lines | None]
    ) -> Lines | None:
        """A release that is written differently on all three: made anew, unless somebody wrote in it by hand."""
        name, version = self.package.name, release.version
        made = [elements.release_lines(name, there) if (there := side.release(version)) else [] for side in sides]
        if all(
            lines and squeezed(tuple(as_made)) == squeezed(lines)
            for as_made, lines in zip(made, three[1:], strict=True)
        ):
            return tuple(elements.release_lines(name, release))
        try:
            lines = tuple(merge_lines(*("\n".join(lines or ()) for lines in three)).split("\n"))
        except Differ:
            return None
        page = Page(self.path, ours)
        element = _element(page, version)
        if element is None:
            return None
        trial = record.read(self.path, apply(ours, [replace_element(ours, element, list(lines))]))
        return lines if trial.release(version) == release else None


def _element(page: Page, version: str) -> Element | None:
    return next((each for each in record.places(page) if each.attributes["data-release"] == version), None)


def _lines(page: Page | None, version: str) -> Lines | None:
    element = _element(page, version) if page else None
    return lines_of(page, element) if page and element else None


def _is_plain(content: str, page: Page, element: Element) -> bool:
    """Whether an element holds its fact as the scripts write it, and nothing that somebody made of it."""
    if "<" not in content:
        return content.strip() in ("", html.escape(page.shown(element), quote=False))
    pairs = [(attributes.get("data-label"), text) for attributes, text in page.items(element)]
    made = (elements.lines(elements.make("li", text, data_label=label)) for label, text in pairs)
    return squeezed(tuple(content.splitlines())) == "".join(line for lines in made for line in lines)
