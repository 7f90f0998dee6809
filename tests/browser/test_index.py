"""index.html: search, order, keys, links to a search, the empty index."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser import samples
from tests.browser.conftest import served, visiting

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from tests.browser.conftest import PyPI, Visit

pytestmark = pytest.mark.slow


def names(page: Page) -> list[str]:
    return page.locator(".card:visible h3").all_text_contents()


def test_cards(visit: Visit) -> None:
    page = visit.open()
    assert len(names(page)) == len(samples.showcase()[0])
    card = page.locator("[data-package=private-hello]").inner_text()
    assert "1.0" in card
    assert "private" in card
    assert "deprecated" in page.locator("[data-package=taken-back]").inner_text()
    assert "only pre-releases" in page.locator("[data-package=preview-only]").inner_text()
    assert "Says hello, in as many" in page.locator("[data-package=public-hello]").inner_text()
    assert page.locator("[data-count]").inner_text() == "10 packages"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("hello", ["private-hello", "public-hello", "mydependency"]),  # names first, then summaries
        ("HELLO says", ["public-hello"]),
        ("public_hello", ["public-hello", "mydependency"]),
        ("warehouses", ["forecasting-models"]),
        ("nothing like it", []),
        ("<script>", ["hostile"]),
        (".*", []),
    ],
)
def test_search(visit: Visit, query: str, found: list[str]) -> None:
    page = visit.open()
    page.get_by_role("searchbox").press_sequentially(query)
    assert names(page) == found
    assert page.locator("[data-count]").inner_text() == f"{len(found)} of 10 packages"
    if not found:
        assert f"Nothing here has “{query}”" in page.locator(".packages").inner_text()
    page.get_by_role("searchbox").press("Escape")
    assert len(names(page)) == 10


def test_a_search_has_an_address(visit: Visit) -> None:
    page = visit.open("?q=hello")
    assert page.get_by_role("searchbox").input_value() == "hello"
    assert len(names(page)) == 3
    page.get_by_role("searchbox").fill("yanked")
    page.wait_for_url("**/?q=yanked")
    page.get_by_label("Sort by").select_option("newest")
    page.wait_for_url("**/?q=yanked&sort=newest")
    page.get_by_role("searchbox").fill("")
    page.get_by_label("Sort by").select_option("name")
    page.wait_for_url(visit.url)


def test_order(visit: Visit) -> None:
    page = visit.open()
    assert names(page) == sorted(names(page))
    page.get_by_label("Sort by").select_option("newest")
    assert names(page)[:2] == ["preview-only", "private-hello"]
    assert names(page)[-1] == "forecasting-models"


def test_keys(visit: Visit) -> None:
    page = visit.open()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type("hello/")  # a slash that is typed is a slash
    page.keyboard.press("Backspace")
    here = "document.activeElement.textContent"
    for key, expected in (
        ("ArrowDown", "private-hello"), ("ArrowDown", "public-hello"), ("ArrowDown", "mydependency"),
        ("ArrowDown", "mydependency"), ("ArrowUp", "public-hello"), ("ArrowUp", "private-hello"),
    ):  # fmt: skip
        page.keyboard.press(key)
        assert page.evaluate(here) == expected
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.wait_for_url("**/private-hello/")


def test_the_commands_have_the_address_of_the_page(visit: Visit) -> None:
    page = visit.open("index.html?q=x#y")
    assert page.locator(".install pre:visible").inner_text() == f"pip install -c {visit.url}constraints.txt NAME"


def test_an_empty_index_says_how_to_begin(tmp_path: Path, browser: Browser, pypi: PyPI) -> None:
    with served(tmp_path, []) as url, visiting(browser, url, pypi) as visitor:
        page = visitor().open()
        assert page.get_by_role("heading", name="No package is registered yet").is_visible()
        link = page.get_by_role("link", name="the form is here")
        assert link.get_attribute("href") == "https://github.com/acme/packages/actions/workflows/register.yml"
        assert not page.get_by_role("searchbox").is_visible()
        assert "Press" not in visitor(javascript=False).open().locator(".install").all_inner_texts()


def test_long_lists_are_put_on_the_page_as_one_scrolls(tmp_path: Path, browser: Browser, pypi: PyPI) -> None:
    with served(tmp_path, samples.many(400)) as url, visiting(browser, url, pypi) as visitor:
        page = visitor().open()
        assert page.locator(".card").count() < 400
        for _ in range(40):
            page.keyboard.press("End")
            page.wait_for_timeout(100)
            if page.locator(".card").count() == 400:
                break
        assert page.locator(".card").count() == 400
        page.get_by_role("searchbox").fill("billing-client-0")
        assert names(page)[0] == "billing-client-0"
