"""What programs read of a site: JSON pages, the catalogue and the feed."""

from __future__ import annotations

import json
import re
from hashlib import sha256
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from tests.factories import package, release
from tests.site.indexes import URL

if TYPE_CHECKING:
    from tests.site.indexes import Scratch

ATOM = "{http://www.w3.org/2005/Atom}"


def parsed(scratch: Scratch) -> ElementTree.Element:
    return ElementTree.fromstring(scratch.site("feed.xml"))  # noqa: S314 - our own


def test_the_catalogue_for_programs(filled: Scratch) -> None:
    listed = {one["name"]: one for one in json.loads(filled.site("packages.json"))["packages"]}
    assert list(listed) == ["an-alias", "leaf", "public-hello"]
    assert listed["public-hello"] == {
        "name": "public-hello",
        "project": "public-hello",
        "version": "0.2",
        "date": "2026-01-31T12:00:00Z",
        "summary": "Says hello.",
        "author": "",
        "license": "",
        "homepage": "",
        "keywords": [],
        "repository": "https://github.com/acme/public-hello",
        "private": False,
        "requires-python": ">=3.8,<4",
        "versions": ["0.3rc1", "0.2", "0.1"],
        "url": "public-hello/",
    }
    assert listed["an-alias"]["private"] is True


def _sha256(scratch: Scratch, path: str) -> str:
    return sha256((scratch.out / path).read_bytes()).hexdigest()


def test_the_project_list_as_json(filled: Scratch) -> None:
    assert json.loads(filled.site("index.json")) == {  # PEP 691, "Project List"
        "meta": {"api-version": "1.1"},
        "projects": [{"name": "an-alias"}, {"name": "leaf"}, {"name": "public-hello"}],
    }


def test_a_project_as_json(filled: Scratch) -> None:
    page = json.loads(filled.site("public-hello/index.json"))
    files = page.pop("files")
    assert page == {"meta": {"api-version": "1.1"}, "name": "public-hello", "versions": ["0.3rc1", "0.2", "0.1"]}
    candidate, newest, oldest = files
    file = "public-hello/public_hello-0.2.tar.gz"
    metadata = {"sha256": _sha256(filled, f"{file}.metadata")}
    assert newest == {  # PEP 691, "Project Detail"; PEP 700; PEP 714
        "filename": "public_hello-0.2.tar.gz",
        "url": "public_hello-0.2.tar.gz",
        "hashes": {"sha256": _sha256(filled, file)},
        "size": (filled.out / file).stat().st_size,
        "upload-time": "2026-01-31T12:00:00Z",
        "core-metadata": metadata,
        "dist-info-metadata": metadata,
        "yanked": False,
        "requires-python": ">=3.8,<4",
    }
    assert (oldest["yanked"], oldest["upload-time"]) == ('breaks <everything> & "more"', "2025-12-31T23:59:59Z")
    assert candidate["yanked"] is True
    assert candidate["core-metadata"] is candidate["dist-info-metadata"] is False
    assert "requires-python" not in candidate


def test_the_feed(filled: Scratch) -> None:
    feed = parsed(filled)
    assert feed.tag == f"{ATOM}feed"
    # RFC 4287, 4.1.1: exactly one id, title and updated; an author; a link to itself.
    assert [feed.findtext(f"{ATOM}{name}") for name in ("id", "title", "updated", f"author/{ATOM}name")] == [
        URL,
        "Our Python packages",
        "2026-01-31T12:00:00Z",
        "Our Python packages",
    ]
    assert [link.attrib for link in feed.findall(f"{ATOM}link")] == [{"rel": "self", "href": f"{URL}feed.xml"}]
    entries = feed.findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}title") for entry in entries] == [
        "public-hello 0.3rc1",
        "public-hello 0.2",
        "leaf 1.0",
        "an-alias 1.0",
        "public-hello 0.1",
    ]
    ids = [entry.findtext(f"{ATOM}id") or "" for entry in entries]
    assert len(set(ids)) == len(ids)
    for entry, address in zip(entries, ids, strict=True):
        link = entry.find(f"{ATOM}link")
        assert link is not None and link.get("href") == address
        assert re.fullmatch(rf"{re.escape(URL)}[a-z-]+/#[\w.]+", address)
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", entry.findtext(f"{ATOM}updated") or "")


def test_a_feed_holds_the_newest(scratch: Scratch) -> None:
    many = [release(f"1.{n}", date=f"2026-01-{n % 28 + 1:02}T00:00:00Z") for n in range(60)]
    scratch.add(package(*many))
    scratch.publish()
    dates = re.findall(r"<updated>(.*)</updated>", scratch.site("feed.xml"))[1:]
    assert len(dates) == 50
    assert dates == sorted((one.date for one in many), reverse=True)[:50]


def test_a_title_of_any_text(filled: Scratch) -> None:
    filled.change("index.html", "<title>Our Python packages</title>", "<title>A &amp; B\x0c&lt;b&gt; ]]&gt;</title>")
    filled.publish()
    assert parsed(filled).findtext(f"{ATOM}title") == "A & B <b> ]]>"
    assert "<title>Not found — A &amp; B &lt;b&gt; ]]&gt;</title>" in filled.site("404.html")
