"""restyle: a new template reaches every page, and every record is kept."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.browser import samples

if TYPE_CHECKING:
    from pathlib import Path

    from tests.verbs import Hub, Index

NEW = '<header class="ours">'


@pytest.fixture
def filled(index: Index) -> Index:
    """An index with packages of every kind, and a template that was edited since."""
    for name in ("index.html", "pkg_template.html"):
        (index.root / name).unlink()
    shutil.rmtree(index.root / "static")
    samples.write(index.root, *samples.showcase())
    template = index.root / "pkg_template.html"
    template.write_text(template.read_text("utf-8").replace('<header class="bar">', NEW), "utf-8")
    return index


def test_every_page_is_anew_and_every_record_as_before(filled: Index) -> None:
    before = {name: filled.package(name) for name in filled.names()}
    changed = filled.did("restyle")
    assert changed == sorted(f"{name}/index.html" for name in before)
    assert {name: filled.package(name) for name in filled.names()} == before
    assert all(NEW in filled.read(path) for path in changed)
    again = filled.run("restyle")
    assert again.said == "nothing to change: every page is as the template has it\n"


def test_changes_made_by_hand_are_gone_and_descriptions_stay(filled: Index) -> None:
    page = filled.root / "public-hello" / "index.html"
    page.write_text(page.read_text("utf-8").replace("<h2>Releases</h2>", "<h2>By hand</h2>"), "utf-8")
    assert "By hand" in filled.read("public-hello/index.html")
    assert not [path for path in filled.did("restyle") if path.endswith((".md", ".rst"))]
    assert "By hand" not in filled.read("public-hello/index.html")


def test_a_template_that_lost_a_mark_changes_nothing(filled: Index) -> None:
    template = filled.root / "pkg_template.html"
    template.write_text(template.read_text("utf-8").replace('data-field="author"', ""), "utf-8")
    before = filled.read("hostile/index.html")
    assert 'no element has data-field="author"' in filled.run("restyle").error
    assert filled.read("hostile/index.html") == before


def test_an_index_without_packages(index: Index) -> None:
    assert "nothing to change" in index.run("restyle").said


def test_a_pull_request(hub: Hub, tmp_path: Path) -> None:
    shutil.rmtree(hub.checkout)
    hub.checkout.mkdir()
    samples.write(hub.checkout, *samples.showcase())
    template = hub.checkout / "pkg_template.html"
    template.write_text(template.read_text("utf-8").replace('<header class="bar">', NEW), "utf-8")
    paths = [path for path in hub.checkout.rglob("*") if path.is_file()]
    hub.index.commit({path.relative_to(hub.checkout).as_posix(): path.read_bytes() for path in paths})
    hub.calls()
    pull = hub.proposed("restyle")
    assert pull.title == f"Restyle the pages of {len(samples.showcase()[0])} packages"
    assert hub.branches() == ["index/restyle"]
    assert NEW in (hub.index.read("public-hello/index.html", "index/restyle") or "")
    assert not [call for call in hub.calls() if "/git/blobs" in call], "what the checkout has is read from there"
    assert hub.run("restyle").said.startswith("Restyle the pages")
    assert "is up to date already" in hub.run("restyle").said
    hub.index.merge(pull.number)
