"""The pages as installers read them: each release's link becomes that of its pointer sdist."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scripts.errors import BadPage
from scripts.pages import elements, record
from scripts.pages.edits import Edit, apply, replace_content, replace_element
from scripts.pages.markup import Page
from scripts.site import places

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scripts.model import Package, Release
    from scripts.pages.markup import Element
    from scripts.site.files import File
    from scripts.site.places import Site

# What every parser takes for hidden. On other places they disagree: Python's own reads on in a <textarea>, and in a
# comment behind "-- >"; an HTML5 parser in a <script> that is in an <svg>.
_COMMENT = re.compile(r"<!--(?!-?>)(?:(?!--).)*-->", re.DOTALL)
_SCRIPT = re.compile(r"<script(?:\s[^<>]*)?>(?:(?!</script|<!--|<script).)*</script\s*>", re.DOTALL | re.IGNORECASE)
_FOREIGN = re.compile(r"<(?:svg|math)\b", re.IGNORECASE)
_LINK = re.compile(r"<(?:a|area|base)(?=[\s/])", re.IGNORECASE)
_HREF = re.compile(r"[hH][rR][eE][fF](?<!\w.{4})\s*=")  # \bhref would be tried at each word


def package_page(page: Page, package: Package, files: Mapping[str, File], site: Site, description: str) -> str:
    """A package page with file links, and with what a reader of its newest release wants to know.

    `files` are by version, `description` is HTML without links. Raises BadPage for any link beside those of the
    releases: installers take every one whose end looks like a file of the package.
    """
    releases = {release.version: release for release in package.releases}
    newest = package.latest
    edits = places.fill(
        page,
        places.of_package(package, newest, files[newest.version], site),
        places.conditions(package, newest, bool(description)),
    )
    links = []
    for element in record.places(page):
        version = element.attributes["data-release"]
        link = page.fields("link", within=element)[0]
        links.append(link.start)
        edits.append(replace_element(page.text, link, file_link(releases[version], files[version])))
        edits += _dependencies(page, page.found("requires-dist", within=element), releases[version], site)
    edits += _dependencies(page, page.found("shown-requires-dist"), newest, site)
    for element in page.found("shown-provides-extra"):
        items = [line for extra in newest.provides_extra for line in elements.lines(elements.make("li", extra))]
        edits.append(replace_content(page, element, items))
    for element in page.found("readme")[:1]:
        edits.append(Edit(element.content, element.content_end, description))
    for start, tag in page.links:
        if start not in links:
            raise BadPage(page.path, f"{tag} is a link that installers may take for a file: remove it")
    if _seen_by_any(page.text) > len(page.links):
        why = "a link hides in a textarea, a title, a comment with -- in it or the like, and some installers see it"
        raise BadPage(page.path, f"{why}: remove it")
    return apply(page.text, edits)


def _seen_by_any(text: str) -> int:
    """How many links there are for the reader who sees most."""
    shown = _COMMENT.sub("", text)
    return _links(shown if _FOREIGN.search(shown) else _SCRIPT.sub("", shown))


def _links(text: str) -> int:
    """How many start tags have an href before the next < or the next >, whichever is later: one may stand in a value.

    Each place is looked for once. A regular expression would look anew from each tag, for minutes where none ends.
    """
    count, done, hrefs = 0, 0, _HREF.finditer(text)
    href, ends = next(hrefs, None), {"<": 0, ">": 0}
    for tag in _LINK.finditer(text):
        if tag.start() < done:
            continue
        for mark, place in ends.items():
            if place < tag.end():
                found = text.find(mark, tag.end())
                ends[mark] = len(text) if found < 0 else found
        while href and href.start() < tag.end():
            href = next(hrefs, None)
        if href and href.start() < max(ends.values()):
            count, done = count + 1, href.end()
    return count


def front_page(path: str, text: str, site: Site) -> str:
    """index.html with what it says of the site filled in."""
    page = Page(path, text)
    texts = {**site.texts, "site-count": str(len(site.names))}
    return apply(text, places.fill(page, texts, {"when-empty": not site.names, "when-filled": bool(site.names)}))


def _dependencies(page: Page, found: list[Element], release: Release, site: Site) -> list[Edit]:
    return [places.listed(page, element, release.requires_dist, site) for element in found]


def file_link(release: Release, file: File) -> list[str]:
    """The link of a release ("Simple repository API", HTML form); both names of the metadata, as pip 22.3 needs."""
    metadata = f"sha256={file.metadata_sha256}" if file.metadata_sha256 else None
    anchor = elements.make(
        "a",
        file.name,
        data_field="link",
        href=f"{file.name}#sha256={file.sha256}",
        data_requires_python=release.requires_python or None,
        data_core_metadata=metadata,
        data_dist_info_metadata=metadata,
        data_yanked=release.yanked,
        data_upload_time=release.date,
    )
    return elements.lines(anchor)
