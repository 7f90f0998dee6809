"""The published pages: what installers read on them, and what is filled in for people."""

from __future__ import annotations

import html.parser
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import mousebender.simple
import pypi_simple
import pytest
from bs4 import BeautifulSoup

from scripts.cli.preview import serving
from scripts.cli.publishing import publish
from scripts.errors import BadPage
from scripts.pages import cards, record
from scripts.site import descriptions
from tests.browser import samples

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

URL = "https://packages.example/"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with packages of every kind."""
    return samples.published(tmp_path_factory.mktemp("pages"), URL, *samples.showcase())


@pytest.fixture(scope="module")
def served(site: Path) -> Iterator[str]:
    with serving(site) as url:
        yield url


NAMES = [each.name for each in samples.showcase()[0]]


def soup(site: Path, path: str) -> BeautifulSoup:
    return BeautifulSoup((site / path).read_text("utf-8"), "html.parser")


@pytest.mark.parametrize("name", NAMES)
def test_installers_find_the_releases_and_nothing_else(site: Path, name: str) -> None:
    """By the parsers of two libraries, and by one that takes every href there is, whatever it stands on."""
    text = (site / name / "index.html").read_text("utf-8")
    (package,) = [each for each in samples.showcase()[0] if each.name == name]
    wanted = {release.version: release.yanked for release in package.releases}
    page = pypi_simple.ProjectPage.from_html(name, text, base_url=f"{URL}{name}/")
    assert {each.version: each.yanked_reason if each.is_yanked else None for each in page.packages} == wanted
    assert all(each.url.startswith(f"{URL}{name}/") and each.digests["sha256"] for each in page.packages)
    files = mousebender.simple.from_project_details_html(text, name)["files"]
    assert len(files) == len(wanted)
    hrefs = re.findall(r"""(?<![\w-])href\s*=\s*["']?([^"' >]+)""", text.partition("</head>")[2])
    assert sorted(hrefs) == sorted(f"{file['url']}#sha256={file['hashes']['sha256']}" for file in files)


def test_a_parser_that_knows_only_tags_finds_no_other_link(site: Path) -> None:
    """As pip reads a page: every <a> with an href, and the first <base>."""

    class Links(html.parser.HTMLParser):
        found: list[str]

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            if tag in ("a", "base", "area"):
                self.found.append(str(dict(attrs).get("href")))

    parser = Links()
    parser.found = []
    parser.feed((site / "hostile/index.html").read_text("utf-8"))
    assert [link.partition("#")[0] for link in parser.found] == ["hostile-1.0.tar.gz"]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["hostile", "public-hello"])
def test_pip_finds_the_releases_and_nothing_else(served: str, name: str) -> None:
    command = [sys.executable, "-m", "pip", "index", "versions", name, "--pre", "--index-url", served]
    done = subprocess.run(
        command,
        env={**os.environ, "PIP_CONFIG_FILE": os.devnull, "PIP_FIND_LINKS": ""},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    (package,) = [each for each in samples.showcase()[0] if each.name == name]
    found = ", ".join(release.version for release in package.releases if release.yanked is None)
    assert f"Available versions: {found}\n" in done.stdout.decode()


@pytest.mark.slow
def test_uv_finds_the_releases_and_nothing_else(served: str, tmp_path: Path) -> None:
    def resolve(requirement: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "uv", "pip", "compile", "-", "--no-header", "--no-annotate", "--no-cache"]
        return subprocess.run(
            [*command, "--no-config", "--index-url", served],
            input=requirement,
            capture_output=True,
            text=True,
            check=False,
        )

    assert resolve("hostile").stdout == "hostile==1.0\n"
    assert resolve("hostile>1.0").returncode != 0


def test_the_front_page_links_packages_only(site: Path) -> None:
    index = pypi_simple.IndexPage.from_html((site / "index.html").read_text("utf-8"))
    assert sorted(index.projects) == sorted(NAMES)


def test_what_is_filled_in_for_people(site: Path) -> None:
    page = soup(site, "public-hello/index.html")
    assert {place.text for place in page.select("[data-field=site-url]")} == {URL}
    assert page.select_one("h1").get_text() == "public-hello 0.2"  # type: ignore[union-attr]
    needs = page.select("[data-field=shown-requires-dist] li")
    assert [item.get("data-here") for item in needs] == ["mydependency", None, None]
    assert [item.text for item in page.select("[data-field=shown-provides-extra] li")] == ["fast"]
    assert page.select_one("[data-field=site-repository]").text == samples.REPOSITORY  # type: ignore[union-attr]
    assert not page.select_one("[data-field=when-described]").has_attr("hidden")  # type: ignore[union-attr]
    assert page.select_one("[data-field=when-private]").has_attr("hidden")  # type: ignore[union-attr]
    private = soup(site, "private-hello/index.html")
    assert not private.select_one("[data-field=when-private]").has_attr("hidden")  # type: ignore[union-attr]
    assert private.select_one("[data-field=when-described]").has_attr("hidden")  # type: ignore[union-attr]
    front = soup(site, "index.html")
    assert {place.text for place in front.select("[data-field=site-count]")} == {str(len(NAMES))}


def test_a_published_page_is_still_the_record(site: Path) -> None:
    """Publishing changes links and fills places; every other fact stays where it was."""
    for each in samples.showcase()[0]:
        text = (site / each.name / "index.html").read_text("utf-8")
        for release in each.releases:
            assert f'data-release="{release.version}"' in text
            assert release.commit in text
            assert release.sha256 in text


def test_a_template_without_places_is_published_as_it_is(tmp_path: Path) -> None:
    """Whoever takes the places out gets the page as the record has it, with file links."""
    (tmp_path / "x").mkdir()
    root = tmp_path / "x" / "index"
    root.mkdir()
    package = samples.package("mine", samples.release("mine", "1", description="1.md"))
    samples.write(root, [package], {"mine/1.md": "[x](https://evil.example/mine-9.tar.gz)"})
    template = (root / record.TEMPLATE).read_text("utf-8")
    bare = re.sub(r' data-field="(site|shown|when)-[\w-]+"| data-field="readme"', "", template)
    (root / "mine/index.html").write_text(record.write("mine/index.html", bare, package), "utf-8")
    publish(root, tmp_path / "site", URL)
    text = (tmp_path / "site/mine/index.html").read_text("utf-8")
    assert "evil.example" not in text
    assert text.count('href="mine-1.tar.gz#sha256=') == 1
    assert record.restyle("mine/index.html", (root / "mine/index.html").read_text("utf-8"), template) == record.write(
        "mine/index.html", template, package
    )


@pytest.mark.parametrize(
    "link", ['<a href="https://x.example">x</a>', '<map><area href="x"></map>', '<base href="https://x.example/">']
)
def test_any_other_link_is_refused(tmp_path: Path, link: str) -> None:
    root = tmp_path / "index"
    root.mkdir()
    samples.write(root, [samples.package("mine", samples.release("mine", "1"))], {})
    path = root / "mine/index.html"
    path.write_text(path.read_text("utf-8").replace("<footer>", f"<footer>{link}"), "utf-8")
    with pytest.raises(BadPage, match="is a link that installers may take"):
        publish(root, tmp_path / "site", URL)


def test_descriptions_are_below_the_pages_own_headings() -> None:
    made = descriptions.read(samples.release("x", "1"), "1.md", "### Deep\n\n# Top\n\n##### Deeper\n")
    assert re.findall(r"<(h\d)", made) == ["h2", "h2", "h3"]


def test_descriptions_keep_to_their_own_places_and_looks() -> None:
    text = '<div class="notice danger" id="install">x</div>\n\n[y](#install) <span class="k">z</span>'
    made = BeautifulSoup(descriptions.read(samples.release("x", "1"), "1.md", text), "html.parser")
    assert not made.select(".notice, .danger, #install")
    assert made.select("#user-content-install")
    assert made.select("a[href='#user-content-install']")


def test_a_card_brings_its_date_and_badges_up_to_date() -> None:
    index = (samples.ROOT / "index.html").read_text("utf-8")
    before = cards.put(index, samples.package("mine", samples.release("mine", "1.0rc1")))
    assert ">only pre-releases</li>" in before
    releases = samples.release("mine", "1.0rc1"), samples.release("mine", "1.0", "2026-05-05")
    newer = samples.package("mine", *releases, private=True)
    after = cards.put(before, newer)
    assert "only pre-releases" not in after
    assert '<li class="badge">private</li>' in after
    assert "2026-05-05T12:00:00Z" in after
    assert cards.put(after, newer) == after
    edited = re.sub(r"<time.*?</time>|<ul class=\"badges\".*?</ul>", "", before, flags=re.DOTALL)
    assert cards.names(cards.put(edited, newer)) == ["mine"]
