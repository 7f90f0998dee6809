"""Records into a site: the files that are published, by their paths. Pure: texts in, bytes out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scripts.errors import BadPage
from scripts.pages import cards, record
from scripts.pages.markup import Page
from scripts.site import catalogue, constraints, descriptions, files, missing, pages

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from scripts.model import Package
    from scripts.site.files import File
    from scripts.site.places import Site


@dataclass(frozen=True)
class Published:
    """A package of the site: its record, and its releases' files by version."""

    package: Package
    files: Mapping[str, File]


def package(
    path: str, name: str, text: str, beside: Mapping[str, str], site: Site
) -> tuple[Published, dict[str, bytes]]:
    """What is published in a package's folder, by file name, but for its constraints.

    `text` is the record, `beside` the texts of the files of long descriptions, `site` what all pages say. Raises
    BadPage for a record that does not hold together.
    """
    read = Page(path, text)
    found = record.read_page(read)
    if found.name != name:
        raise BadPage(path, f"records {found.name}, not {name}: the name and the folder must agree")
    written: dict[str, bytes] = {}
    published: dict[str, File] = {}
    for release in found.releases:
        published[release.version], made = files.of(found, release, path)
        written |= made
    written["index.json"] = catalogue.project(found, published).encode()
    described = {"": ""}
    for file, release in {release.description: release for release in found.releases if release.description}.items():
        if file not in beside:
            raise BadPage(path, f"release {release.version} names {file}, which is not beside it: bring it back")
        address = f"{file.rpartition('.')[0]}.html"
        if address == "index.html" or address in written:
            why = f"release {release.version} names {file}, and its page would be another file's: {address}"
            raise BadPage(path, why)
        described[file] = descriptions.read(release, file, beside[file])
        written[address] = descriptions.page(name, release.version, described[file]).encode()
    newest = descriptions.without_links(described[found.latest.description])
    written["index.html"] = pages.package_page(read, found, published, site, newest).encode()
    return Published(found, published), written


def constraints_of(published: Mapping[str, Published], base_url: str) -> Iterator[tuple[str, bytes]]:
    """NAME/constraints.txt of each package, with its name: itself and what it needs of this index."""
    index = {other: each.package for other, each in published.items()}

    def file(other: str, version: str) -> File:
        return published[other].files[version]

    for name, package in index.items():
        yield name, constraints.one(package, index, file, base_url).encode()


def top(published: Iterable[Published], text: str, site: Site) -> dict[str, bytes]:
    """The files at the top of the site, which are about all packages; `text` is that of index.html.

    constraints.txt and feed.xml hold whole addresses: they are left out where nobody knows where the site will be.
    """
    everyone = list(published)
    newest = [(each.package.name, each.files[each.package.latest.version]) for each in everyone]
    releases = [(each.package.name, release) for each in everyone for release in each.package.releases]
    addressed = {
        "constraints.txt": constraints.everything(newest, site.base_url).encode(),
        "feed.xml": catalogue.feed(releases, site.title, site.base_url).encode(),
    }
    return {
        cards.PATH: pages.front_page(cards.PATH, text, site).encode(),
        "index.json": catalogue.projects(each.package.name for each in everyone).encode(),
        "packages.json": catalogue.packages(catalogue.entry(each.package) for each in everyone).encode(),
        "404.html": missing.page(site.title, site.base_url or "/").encode(),
        ".nojekyll": b"",
        **(addressed if site.base_url else {}),
    }
