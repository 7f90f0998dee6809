"""Places in the pages that are filled when the site is published, so that they read well without JavaScript.

A template names them by `data-field`, as many times as it likes or not at all: `site-…` says something of the site,
`shown-…` something of the release that the page shows first, and an element with `when-…` is shown when that holds.
"""

from __future__ import annotations

import functools
import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from scripts.pages import elements
from scripts.pages.edits import Edit, replace_content, replace_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from scripts.model import Package, Release
    from scripts.pages.markup import Element, Page
    from scripts.site.files import File

_HIDDEN = re.compile(r"""\shidden(?:=(?:"[^"]*"|'[^']*'|[^\s>]*))?(?=[\s/>])""", re.IGNORECASE)


@dataclass(frozen=True)
class Site:
    """What the pages say of the site: where it is and where it comes from ("" for unknown), and what is on it."""

    base_url: str = ""
    title: str = ""
    repository: str = ""
    names: frozenset[str] = frozenset()

    @property
    def texts(self) -> dict[str, str]:
        return {"site-url": self.base_url, "site-title": self.title, "site-repository": self.repository}


def fill(page: Page, texts: Mapping[str, str], holds: Mapping[str, bool]) -> list[Edit]:
    """Write texts into their places, where there is something to say, and show or hide what depends on something."""
    edits = [
        edit
        for field, text in texts.items()
        if text
        for element in page.found(field)
        for edit in (_lines(page, element, text) if "\n" in text else replace_text(page, element, text))
    ]
    for field, shown in holds.items():
        edits += [edit for element in page.found(field) for edit in _shown(page, element, shown)]
    return edits


def listed(page: Page, element: Element, requirements: Iterable[str], site: Site) -> Edit:
    """A list of dependencies, those that are on this index marked with their names on it."""
    lines = [line for text in requirements for line in _item(text, _here(text, site))]
    return replace_content(page, element, lines)


@functools.lru_cache(maxsize=4096)  # most releases depend on what the one before them does
def _item(text: str, here: str | None) -> list[str]:
    return elements.lines(elements.make("li", text, data_here=here))


def of_package(package: Package, release: Release, file: File, site: Site) -> dict[str, str]:
    """The texts about a package and the release of it that its page shows first."""
    needed = {package.name: requirement(package, release)}
    for text in release.requires_dist:
        if (name := _here(text, site)) and not _of_an_extra(text):
            needed.setdefault(name, _specified(name, text))
    return {
        **site.texts,
        "shown-version": release.version,
        "shown-date": release.date,
        "shown-requires-python": release.requires_python,
        "shown-tag": release.tag,
        "shown-commit": release.commit,
        "shown-yanked": release.yanked or "",
        "shown-file": f"{file.name}#sha256={file.sha256}",
        "shown-requirement": needed[package.name],
        "shown-names": ", ".join(f'"{name}"' for name in needed),
        "shown-requirements": ", ".join(f'"{text}"' for text in needed.values()),
        "shown-uv": "\n".join(f'{name} = {{ index = "our-index" }}' for name in needed),
        "shown-poetry": "\n".join(
            f'{name} = {{ version = "{text.removeprefix(name) or "*"}", source = "our-index" }}'
            for name, text in needed.items()
        ),
    }


def requirement(package: Package, release: Release) -> str:
    """How a project asks for a release: the newest may become newer, an older one or a special one stays."""
    newest = release == package.latest and not release.is_prerelease and "+" not in release.version
    return f"{package.name}{'>=' if newest else '=='}{release.version}"


def conditions(package: Package, release: Release, described: bool) -> dict[str, bool]:
    return {
        "when-private": package.private,
        "when-alias": package.is_alias,
        "when-deprecated": package.is_deprecated,
        "when-prerelease": package.only_prereleases,
        "when-yanked": release.yanked is not None and not package.is_deprecated,
        "when-latest": True,
        "when-older": False,
        "when-described": described,
    }


def _here(text: str, site: Site) -> str | None:
    name = _name(text)
    return name if name in site.names else None


@functools.lru_cache(maxsize=4096)
def _name(requirement: str) -> str:
    return canonicalize_name(Requirement(requirement).name)


def _of_an_extra(text: str) -> bool:
    return "extra" in str(Requirement(text).marker or "")


def _specified(name: str, text: str) -> str:
    return f"{name}{Requirement(text).specifier}"


def _lines(page: Page, element: Element, text: str) -> list[Edit]:
    """A text of several lines, whose line breaks count: the place is in preformatted text."""
    if page.text[element.content : element.content_end] == text:
        return []
    return [Edit(element.content, element.content_end, html.escape(text, quote=False))]


def _shown(page: Page, element: Element, shown: bool) -> list[Edit]:
    """Take the attribute `hidden` from an element's start tag, or put it there."""
    tag = page.tag(element)
    hidden = _HIDDEN.search(tag)
    if shown and hidden:
        return [Edit(element.start, element.content, tag[: hidden.start()] + tag[hidden.end() :])]
    if not shown and not hidden:
        return [Edit(element.start, element.content, f"{tag[:-1]} hidden>")]
    return []
