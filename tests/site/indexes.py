"""Indexes in a folder for the tests of `publish`: records of packages that no verb had to make."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from bs4 import BeautifulSoup

from scripts.cli.publishing import publish
from scripts.model import About
from scripts.pages import cards, record
from scripts.site.pointer import pointer
from tests.factories import package, release
from tests.verbs import Run, contents, copy_index, run

if TYPE_CHECKING:
    from pathlib import Path

    from bs4.element import Tag

    from scripts.model import Package, Release

URL = "https://octo.github.io/index/"


def sealed(found: Package) -> Package:
    """The package as `register` leaves it: each release has the hash of its pointer sdist."""

    def seal(one: Release) -> Release:
        return replace(one, sha256=pointer(found.name, found.project, one).sha256)

    return replace(found, releases=tuple(map(seal, found.releases)))


@dataclass
class Scratch:
    """An index and its site, in two folders beside each other."""

    folder: Path
    root: Path = field(init=False)
    out: Path = field(init=False)

    def __post_init__(self) -> None:
        self.root, self.out = copy_index(self.folder / "index"), self.folder / "site"

    def add(self, found: Package, **beside: str) -> Package:
        """Put a package on the index. `beside` are its long descriptions: a_md="…" is the file a.md."""
        made = sealed(found)
        self.edit("index.html", cards.put(self.read("index.html"), made))
        template = self.read("pkg_template.html")
        self.edit(f"{made.name}/index.html", record.write(record.TEMPLATE, template, made))
        for name, text in beside.items():
            self.edit(f"{made.name}/{'.'.join(name.rsplit('_', 1))}", text)
        return made

    def read(self, path: str) -> str:
        return (self.root / path).read_text("utf-8")

    def edit(self, path: str, text: str) -> None:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_bytes(text.encode())

    def change(self, path: str, before: str, after: str) -> None:
        """Replace a text that stands once in a file of the index."""
        text = self.read(path)
        assert text.count(before) == 1, f"{before!r} stands {text.count(before)} times in {path}"
        self.edit(path, text.replace(before, after))

    def publish(self, base_url: str = URL) -> None:
        publish(self.root, self.out, base_url)

    def run(self, *arguments: object) -> Run:
        return run("publish", "--root", self.root, "--out", self.out, "--base-url", URL, *arguments)

    def refused(self, *arguments: object) -> str:
        """The one line of a run that must fail, and that must leave the site and nothing beside it."""
        before = contents(self.folder)
        error = self.run(*arguments).error
        assert contents(self.folder) == before
        return error

    def site(self, path: str) -> str:
        return (self.out / path).read_text("utf-8")

    def anchors(self, path: str) -> dict[str, Tag]:
        """The links of a page of the site, by their text."""
        return {tag.get_text(): tag for tag in BeautifulSoup(self.site(path), "lxml").find_all("a")}


def every_kind(scratch: Scratch) -> Scratch:
    """An index with a package of every kind, and its site."""
    scratch.add(
        package(
            release("0.2", requires_python=">=3.8,<4", requires_dist=("leaf>=1",), description="0.1.md"),
            release("0.1", date="2025-12-31T23:59:59Z", yanked='breaks <everything> & "more"', description="0.1.md"),
            release("0.3rc1", dynamic=("requires-dist",), yanked=""),
        ),
        **{"0.1_md": "# Hello\n"},
    )
    scratch.add(package("1.0", name="leaf", project="leaf"))
    scratch.add(package("1.0", name="an-alias", project="Leaf", private=True, about=About()))
    scratch.publish()
    return scratch
