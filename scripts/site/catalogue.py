"""What programs read: the simple API as JSON (PEP 691, PEP 700), a catalogue of the packages, and a feed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from scripts.model import Package, Release
    from scripts.site.files import File

META = {"api-version": "1.1"}
FEED_LENGTH = 50  # entries
_ATOM = "http://www.w3.org/2005/Atom"


def projects(names: Iterable[str]) -> str:
    """index.json: the project list ("Simple repository API", JSON form)."""
    return _json({"meta": META, "projects": [{"name": name} for name in sorted(names)]})


def project(package: Package, files: Mapping[str, File]) -> str:
    """NAME/index.json: the project detail. `files` are by version."""
    listed = [_file(release, files[release.version]) for release in package.releases]
    versions = [release.version for release in package.releases]
    return _json({"meta": META, "name": package.name, "versions": versions, "files": listed})


def _file(release: Release, file: File) -> dict[str, Any]:
    metadata = {"sha256": file.metadata_sha256} if file.metadata_sha256 else False
    entry: dict[str, Any] = {
        "filename": file.name,
        "url": file.name,
        "hashes": {"sha256": file.sha256},
        "size": file.size,
        "upload-time": release.date,
        "core-metadata": metadata,
        "dist-info-metadata": metadata,
        "yanked": False if release.yanked is None else release.yanked or True,
    }
    return entry | ({"requires-python": release.requires_python} if release.requires_python else {})


def packages(entries: Iterable[Mapping[str, Any]]) -> str:
    """packages.json: what `entry` says of every package, by name."""
    return _json({"packages": sorted(entries, key=lambda entry: str(entry["name"]))})


def entry(package: Package) -> dict[str, Any]:
    """A package as the catalogue shows it."""
    latest = package.latest
    return {
        "name": package.name,
        "project": package.project,
        "version": latest.version,
        "date": latest.date,
        "summary": package.about.summary,
        "author": package.about.author,
        "license": package.about.license,
        "homepage": package.about.homepage,
        "keywords": list(package.about.keywords),
        "repository": package.repository,
        "private": package.private,
        "requires-python": latest.requires_python,
        "versions": [release.version for release in package.releases],
        "url": f"{package.name}/",
    }


def feed(newest: Iterable[tuple[str, Release]], title: str, base_url: str) -> str:
    """feed.xml: the newest releases (RFC 4287). The releases are given with the names of their packages."""
    shown = sorted(newest, key=lambda pair: (pair[1].date, pair[0]), reverse=True)[:FEED_LENGTH]
    ElementTree.register_namespace("", _ATOM)
    root = ElementTree.Element(f"{{{_ATOM}}}feed")
    _text(root, "id", base_url)
    _text(root, "title", title)
    _text(root, "updated", shown[0][1].date if shown else "1970-01-01T00:00:00Z")
    _text(ElementTree.SubElement(root, f"{{{_ATOM}}}author"), "name", title)
    ElementTree.SubElement(root, f"{{{_ATOM}}}link", rel="self", href=f"{base_url}feed.xml")
    for name, release in shown:
        one = ElementTree.SubElement(root, f"{{{_ATOM}}}entry")
        address = f"{base_url}{name}/#{release.version}"
        _text(one, "id", address)
        _text(one, "title", f"{name} {release.version}")
        _text(one, "updated", release.date)
        ElementTree.SubElement(one, f"{{{_ATOM}}}link", href=address)
    ElementTree.indent(root)
    return ElementTree.tostring(root, "unicode", xml_declaration=True) + "\n"


def _text(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, f"{{{_ATOM}}}{name}").text = text


def _json(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n"
