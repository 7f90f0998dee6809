"""A request that has restyled every page, and releases that were added, yanked and deleted meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scripts import changes
from scripts.pages import record
from tests.refresh.conftest import NAMES, Place, found

if TYPE_CHECKING:
    from tests.servers.forge import PullRequest

HELLO = "public-hello"


def restyle(place: Place) -> PullRequest:
    template = place.base.files["pkg_template.html"].replace(">Install<", ">Get it<").replace("<h2>", '<h2 class="x">')
    paths = [f"{name}/index.html" for name in NAMES]
    files = {path: record.restyle(path, place.base.files[path], template) for path in paths}
    place.hub.index.commit(files, branch="index/restyle", start=place.start)
    return place.hub.index.open_pull("index/restyle")


def test_a_restyled_page_takes_in_what_was_merged(place: Place) -> None:
    index = place.hub.index
    pull = restyle(place)
    place.merge(changes.update, HELLO, HELLO, found("2.0"))
    place.merge(changes.yank, "a-first", "a-first", "1.0", "broken")
    assert place.run().said
    index.merge(pull.number)
    pages = {name: index.read(f"{name}/index.html") or "" for name in NAMES}
    assert all(">Get it<" in page and ">Install<" not in page for page in pages.values())
    hello = record.read("x", pages[HELLO])
    assert [release.version for release in hello.releases] == ["2.0", "1.1", "1.0"]
    first = record.read("x", pages["a-first"]).release("1.0")
    assert first and first.yanked == "broken"


def test_a_request_takes_in_what_was_restyled(place: Place) -> None:
    index = place.hub.index
    pull = place.request(changes.update, HELLO, HELLO, found("2.0"))
    index.merge(restyle(place).number)
    assert place.run().said
    index.merge(pull.number)
    page = index.read(f"{HELLO}/index.html") or ""
    assert ">Get it<" in page and '<h2 class="x">' in page
    assert [release.version for release in record.read("x", page).releases] == ["2.0", "1.1", "1.0"]
