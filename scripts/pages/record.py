"""A package page: the record of a package and its releases, read and edited in place.

`read(path, write(path, text, package)) == package` for every page that keeps its marked elements.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scripts.errors import BadPage, BadValue
from scripts.model import FOLLOW, About, Package, Release
from scripts.pages import elements
from scripts.pages.edits import (
    Edit,
    apply,
    insert_after,
    insert_before,
    insert_first,
    remove,
    replace_content,
    replace_element,
    replace_text,
    set_attribute,
)
from scripts.pages.markup import Page

if TYPE_CHECKING:
    from scripts.pages.markup import Element

TEMPLATE = "pkg_template.html"

FOLLOWED = "data-follow"  # which new releases sync proposes: an attribute of any element
_VISIBILITY = {True: "private", False: "public"}
_ABOUT = ("summary", "author", "license", "homepage")
_TEXTS = ("name", "project", "repository", "subdirectory", "visibility", "publish-metadata", *_ABOUT)


def path_of(name: str) -> str:
    """The path of a package's record."""
    return f"{name}/index.html"


def read(path: str, text: str) -> Package:
    """The package that a page records. Raises BadPage, which names what is missing or cannot be."""
    return read_page(Page(path, text))


def read_page(page: Page) -> Package:
    """The same, of a page whose places are known."""
    releases = places(page)
    facts = {field: _shown(page, field) for field in _TEXTS}
    if facts["visibility"] not in _VISIBILITY.values():
        raise BadPage(page.path, f'data-field="visibility" says {facts["visibility"]!r}: write private or public')
    try:
        return Package(
            name=facts["name"],
            project=facts["project"],
            repository=facts["repository"],
            subdirectory=facts["subdirectory"],
            private=facts["visibility"] == _VISIBILITY[True],
            publish_metadata=facts["publish-metadata"],
            about=About(
                **{field: facts[field] for field in _ABOUT},
                keywords=tuple(text for _, text in _listed(page, "keywords")),
                urls=tuple(_listed(page, "urls")),
            ),
            typed=tuple(text for _, text in _listed(page, "typed")),
            follow=_follow(page),
            releases=tuple(_release(page, element) for element in releases),
        )
    except BadValue as error:
        raise BadPage(page.path, str(error)) from error


def write(path: str, text: str, package: Package) -> str:
    """The page with what it says brought to `package`: only what differs is changed, the rest stays to the byte.

    A new page is written from the template in the same way. Raises BadPage when a marked element is gone.
    """
    page = Page(path, text)
    edits: list[Edit] = []
    for field, value in _texts(package).items():
        for element in page.fields(field):
            edits += replace_text(page, element, value)
    if package.follow != _follow(page):
        followed = page.marked(FOLLOWED) or [page.field("releases")]
        edits += [set_attribute(page, element, FOLLOWED, package.follow) for element in followed]
    for field, pairs in (
        ("keywords", [("", keyword) for keyword in package.about.keywords]),
        ("urls", list(package.about.urls)),
        ("typed", [("", field) for field in package.typed]),
    ):
        if _listed(page, field) != pairs:
            lines = [elements.lines(elements.make("li", text, data_label=label or None))[0] for label, text in pairs]
            edits.append(replace_content(page, page.field(field), lines))
    return apply(text, edits + _release_edits(page, package))


def restyle(path: str, text: str, template: str) -> str:
    """The page written anew from a template: every fact of the record is kept, all else is the template's.

    Raises BadPage when the record cannot be read, or the template lacks a marked element.
    """
    package = read(path, text)
    page = write(TEMPLATE, template, package)
    if read(path, page) != package:
        raise BadPage(
            TEMPLATE, f"cannot hold the record of {package.name}: take out what it has in the marked elements"
        )
    return page


def _texts(package: Package) -> dict[str, str]:
    """The facts of a package that are one text each, by the name of their element."""
    return {
        "name": package.name,
        "project": package.project,
        "repository": package.repository,
        "subdirectory": package.subdirectory,
        "visibility": _VISIBILITY[package.private],
        "publish-metadata": package.publish_metadata,
        **{field: getattr(package.about, field) for field in _ABOUT},
    }


def _release_edits(page: Page, package: Package) -> list[Edit]:
    """Take away the releases that the package no longer has, mend those that differ, put in the new ones."""
    there = [(_release(page, element), element) for element in places(page)]
    wanted = {release.version: release for release in package.releases}
    edits = [remove(page.text, element) for release, element in there if release.version not in wanted]
    kept = {release.version: element for release, element in there if release.version in wanted}
    for release, element in there:
        if release.version in kept and release != wanted[release.version]:
            lines = elements.release_lines(package.name, wanted[release.version])
            edits.append(replace_element(page.text, element, lines))
    for group in _runs_of_new(package, kept):
        lines = [line for release in group.releases for line in elements.release_lines(package.name, release)]
        edits.append(_insert(page, group, lines))
    return edits


@dataclass
class _Run:
    """New releases that follow each other, and the releases on the page around them."""

    releases: list[Release]
    newer: Element | None
    older: Element | None = None


def _runs_of_new(package: Package, kept: dict[str, Element]) -> list[_Run]:
    runs: list[_Run] = []
    newer: Element | None = None
    open_run: _Run | None = None
    for release in package.releases:
        if release.version in kept:
            newer = kept[release.version]
            if open_run:
                open_run.older, open_run = newer, None
        elif open_run:
            open_run.releases.append(release)
        else:
            open_run = _Run([release], newer)
            runs.append(open_run)
    return runs


def _insert(page: Page, run: _Run, lines: list[str]) -> Edit:
    if run.older:
        return insert_before(page.text, run.older, lines)
    if run.newer:
        return insert_after(page.text, run.newer, lines)
    return insert_first(page.text, page.field("releases"), lines)


def places(page: Page) -> list[Element]:
    """The elements of the releases, in the order of the page. Raises BadPage for one that has lost its mark."""
    return page.parts("data-release", page.field("releases"), "commit")


def _release(page: Page, element: Element) -> Release:
    """The release that an element records."""
    version = element.attributes["data-release"]
    link = page.fields("link", within=element)[0].attributes

    def text(field: str) -> str:
        found = page.found(field, within=element)
        return page.shown(found[0]) if found else ""

    def items(field: str) -> tuple[str, ...]:
        found = page.found(field, within=element)
        return tuple(text for _, text in page.items(found[0])) if found else ()

    try:
        release = Release(
            version=version,
            tag=text("tag"),
            commit=text("commit"),
            date=text("date"),
            repository=text("repository"),
            subdirectory=text("subdirectory"),
            requires_python=link.get("data-requires-python", ""),
            requires_dist=items("requires-dist"),
            provides_extra=items("provides-extra"),
            dynamic=items("dynamic"),
            build_requires=items("build-requires"),
            build_backend=text("build-backend"),
            backend_path=items("backend-path"),
            description=text("description"),
            yanked=link.get("data-yanked"),
            sha256=text("sha256"),
        )
    except BadValue as error:
        raise BadPage(page.path, f"release {version}: {error}") from error
    address = elements.link(_shown(page, "name"), release)
    if link.get("href") != address:
        raise BadPage(page.path, f"release {version}: its link does not fit its facts: make it {address}")
    return release


def _shown(page: Page, field: str) -> str:
    """The text of a field, which may stand in several places of a page and says the same in each."""
    texts = {page.shown(element) for element in page.fields(field)}
    if len(texts) > 1:
        raise BadPage(page.path, f'the elements with data-field="{field}" say different things: make them alike')
    return texts.pop()


def _follow(page: Page) -> str:
    """The fact `follow`; the usual one where no element has it."""
    said = {element.attributes[FOLLOWED] or FOLLOW[0] for element in page.marked(FOLLOWED)} or {FOLLOW[0]}
    if len(said) > 1:
        raise BadPage(page.path, f"{FOLLOWED} says {' and '.join(sorted(said))}: leave one")
    return said.pop()


def _listed(page: Page, field: str) -> list[tuple[str, str]]:
    """The label (or "") and the text of each item of a list."""
    return [(attributes.get("data-label", ""), text) for attributes, text in page.items(page.field(field))]
