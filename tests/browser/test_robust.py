"""Without JavaScript, on edited pages, with hostile text, in both themes, for a keyboard and on paper."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.browser import samples
from tests.browser.conftest import served, visiting

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Browser

    from tests.browser.conftest import PyPI, Visit

pytestmark = pytest.mark.slow

FOLLOWED = re.compile(r"https?:|mailto:|\.\.?/|#|[\w-]+/$|[\w.%+-]+\.(html|tar\.gz)|/")
FOCUSED = """
((e) => [e.tagName, e.textContent.trim().slice(0, 40), getComputedStyle(e).outlineStyle])(document.activeElement)
"""
PAGES = ["", *(f"{each.name}/" for each in samples.showcase()[0]), "404.html"]


def test_without_javascript_everything_can_be_read(visitor: Callable[..., Visit]) -> None:
    page = visitor(javascript=False).open("public-hello/")
    text = page.locator("body").inner_text()
    assert "Says hello, in as many languages" in text
    assert "Needs Python 3.9 or newer." in text  # the newest description
    assert f"pip install -c {page.url}constraints.txt public-hello" in text
    for said in ("[[tool.uv.index]]", 'priority = "explicit"', "include_packages", "mydependency>=1.0", "Ada Example"):
        assert said in text
    assert re.search(r"public-hello @ http\S+/public_hello-0\.2\.tar\.gz#sha256=[0-9a-f]{64}", text)
    assert "yanked: Breaks on Windows" in text
    assert "if PyPI has this name, it may take PyPI's" in text
    page.locator("[data-release='0.1'] summary").click()
    assert page.get_by_text("public_hello-0.1.tar.gz").is_visible()
    page.get_by_role("button", name="Our Python packages").click()  # a form: a link would be one for installers
    assert page.locator(".card").count() == 10
    assert not page.get_by_role("searchbox").is_visible()
    assert "10 packages" in page.locator("body").inner_text()


def test_without_javascript_links_say_where_they_lead(visitor: Callable[..., Visit]) -> None:
    page = visitor(javascript=False).open("public-hello/")
    shown = page.locator(".prose").inner_html()
    assert 'data-to="https://example.org/hello/docs"' in shown
    assert "href=" not in shown
    assert "<img" not in shown


@pytest.mark.parametrize("path", ["hostile/", "hostile/1.0.html", ""])
def test_hostile_text_does_nothing(visit: Visit, path: str) -> None:
    page = visit.open(path)
    assert page.evaluate("window.harmed") is None
    assert page.locator("script:not([src]), iframe, object, embed, style, [style], [onerror], [onload]").count() == 0
    for link in page.locator("a[href]").all():
        assert FOLLOWED.match(link.get_attribute("href") or "")
    if path == "hostile/":
        assert page.locator("[data-release]").count() == 1
        assert page.locator("[id='1.0']").count() == page.locator("#install").count() == 1
        assert page.locator(".prose .notice, .prose form, .prose button:not(.copy)").count() == 0
        for word in ("one", "two", "three", "four", "five"):
            assert not page.locator(f".prose a:text-is('{word}')").count()
        assert page.locator(".prose").get_by_role("link", name="hostile-99.0.tar.gz").count()  # a reader may follow it


@pytest.mark.parametrize("path", PAGES)
def test_a_page_asks_nobody_but_its_site_and_pypi(visit: Visit, path: str) -> None:
    page = visit.open(path)
    for summary in page.locator("summary").all():
        summary.click()
    page.mouse.wheel(0, 5000)
    page.wait_for_load_state("networkidle")
    assert visit.strangers == []  # and what the console said is looked at when the test ends


def test_the_theme_is_the_systems_until_it_is_switched(visitor: Callable[..., Visit]) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    visit = visitor(dark=True)
    page = visit.open()
    dark = page.evaluate(ground)
    assert page.get_by_role("button", name="Light theme").is_visible()
    page.get_by_role("button", name="Light theme").click()
    light = page.evaluate(ground)
    assert (dark, light) == ("rgb(19, 22, 29)", "rgb(255, 255, 255)")
    for path in ("public-hello/", "public-hello/0.2.html", "404.html", ""):
        assert visit.open(path).evaluate(ground) == light
    visit.page.get_by_role("button", name="Dark theme").click()
    visit.page.reload()
    assert visit.page.evaluate(ground) == dark
    assert visitor().open().evaluate(ground) == light


def test_a_package_page_by_keyboard_alone(visit: Visit) -> None:
    page = visit.open("public-hello/")
    reached = []
    for _ in range(60):
        page.keyboard.press("Tab")
        where = page.evaluate(FOCUSED)
        if where[0] == "BODY":
            break
        assert where[2] != "none", f"no focus to see on {where}"
        reached.append(where[1])
    for text in ("Our Python packages", "Dark theme", "pip", "Copy", "0.1", "Details of 0.1", "mydependency>=1.0"):
        assert text in reached


def test_a_card_shows_focus(visit: Visit) -> None:
    page = visit.open()
    page.locator(".card a").first.focus()
    assert page.evaluate("getComputedStyle(document.querySelector('.card')).outlineStyle") == "solid"


def test_print(visit: Visit) -> None:
    page = visit.open("public-hello/")
    page.emulate_media(media="print")
    assert page.locator(".prose").is_visible()
    assert page.locator(".install pre").nth(3).is_visible()  # every tool's command, not only the tab's
    assert not page.locator(".copy, .tabs, .theme").filter(visible=True).count()
    assert page.pdf().startswith(b"%PDF")


# What people may take out of the pages, and what must go on working.
CUTS = {
    "index.html": ["header.bar", ".install", "[data-search]", "[data-count]", "select", "footer", "label"],
    "public-hello/": [
        "header.bar", ".install", "[data-tabs]", "[data-extra-index]", ".notices", ".facts", ".description",
        ".released", "footer", "[data-check]", "h1", "details", "dl", "[data-field=releases]",
    ],
}  # fmt: skip


@pytest.mark.parametrize(("path", "cut"), [(path, cut) for path, cuts in CUTS.items() for cut in cuts])
def test_a_page_that_lost_something_goes_on_working(visit: Visit, pypi: PyPI, path: str, cut: str) -> None:
    """The scripts run on the page without that element; they end without a word on the console."""
    pypi.projects["public-hello"] = {"99": False}
    removal = f"document.querySelectorAll({cut!r}).forEach(element => element.remove())"
    visit.page.context.add_init_script(
        f"document.addEventListener('readystatechange', () => document.readyState == 'interactive' && {removal}, true)"
    )
    page = visit.open(path)
    page.wait_for_load_state("networkidle")
    assert not page.locator(cut).count()
    assert page.locator(".theme").is_visible()
    if path == "public-hello/" and cut not in ("h1", "[data-field=releases]"):
        page.get_by_text("This name exists on PyPI").wait_for()
        assert not page.get_by_text("--extra-index-url http").filter(visible=True).count()


def test_an_edited_command_with_the_extra_index_is_replaced_too(
    tmp_path: Path, browser: Browser, pypi: PyPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    pypi.projects["mine"] = {"9": False}
    with served(tmp_path, [samples.package("mine", samples.release("mine", "1"))]) as url:
        page_file = tmp_path / "www/mine/index.html"
        edited = page_file.read_text("utf-8").replace(" data-extra-index", "")
        page_file.write_text(edited, "utf-8")
        with visiting(browser, url, pypi) as visitor:
            page = visitor().open("mine/")
            page.locator("[data-danger]").wait_for()
            assert not page.get_by_text("--extra-index-url http").is_visible()
