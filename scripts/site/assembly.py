"""Records into a site: the files that are published, by their paths. Pure: texts in, bytes out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scripts.errors import BadPage
from scripts.pages import record
from scripts.pages.markup import Page
from scripts.site import catalogue, constraints, descriptions, files, missing, pages

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from scripts.model import Package
    from scripts.site.files import File


@dataclass(frozen=True)
class Published:
    """A package of the site: its record, and its releases' files by version."""

    package: Package
    files: Mapping[str, File]


def package(path: str, name: str, text: str, beside: Mapping[str, str]) -> tuple[Published, dict[str, bytes]]:
    """What is published in a package's folder, by file name, but for its constraints.

    `text` is the record, `beside` the texts of the files of long descriptions. Raises BadPage for a record that
    does not hold together.
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
    written["index.html"] = pages.package_page(read, found, published).encode()
    written["index.json"] = catalogue.project(found, published).encode()
    for file, release in {release.description: release for release in found.releases if release.description}.items():
        if file not in beside:
            raise BadPage(path, f"release {release.version} names {file}, which is not beside it: bring it back")
        page = f"{file.rpartition('.')[0]}.html"
        if page in written:
            raise BadPage(
                path, f"release {release.version} names {file}, and its page would be another file's: {page}"
            )
        written[page] = descriptions.render(name, release, file, beside[file]).encode()
    return Published(found, published), written


def constraints_of(published: Mapping[str, Published], base_url: str) -> Iterator[tuple[str, bytes]]:
    """NAME/constraints.txt of each package, with its name: itself and what it needs of this index."""
    index = {other: each.package for other, each in published.items()}

    def file(other: str, version: str) -> File:
        return published[other].files[version]

    for name, package in index.items():
        yield name, constraints.one(package, index, file, base_url).encode()


def top(published: Iterable[Published], title: str, base_url: str) -> dict[str, bytes]:
    """The files at the top of the site that are about all packages.

    constraints.txt and feed.xml hold whole addresses: they are left out where nobody knows where the site will be.
    """
    everyone = list(published)
    newest = [(each.package.name, each.files[each.package.latest.version]) for each in everyone]
    releases = [(each.package.name, release) for each in everyone for release in each.package.releases]
    addressed = {
        "constraints.txt": constraints.everything(newest, base_url).encode(),
        "feed.xml": catalogue.feed(releases, title, base_url).encode(),
    }
    return {
        "index.json": catalogue.projects(each.package.name for each in everyone).encode(),
        "packages.json": catalogue.packages(catalogue.entry(each.package) for each in everyone).encode(),
        "404.html": missing.page(title, base_url or "/").encode(),
        ".nojekyll": b"",
        **(addressed if base_url else {}),
    }
