"""axe-core finds nothing, on every page, in both themes, as people first see it and with everything unfolded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser import samples

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.conftest import PyPI, Visit

pytestmark = pytest.mark.slow

PAGES = [
    "", *(f"{each.name}/" for each in samples.showcase()[0]), "public-hello/#0.1.1", "404.html",
    "public-hello/0.1.html", "public-hello/0.2.html", "hostile/1.0.html",
]  # fmt: skip


def violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {node['target']} {node['html'][:120]}" for each in found for node in each["nodes"]]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_axe(visitor: Callable[..., Visit], pypi: PyPI, path: str, dark: bool) -> None:
    pypi.projects |= {"public-hello": {"99": False}, "mydependency": {"0.1": False}, "no-summary": None}
    page = visitor(dark=dark, bypass_csp=True).open(path)
    page.wait_for_timeout(400)
    assert violations(page) == []
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    for tab in page.get_by_role("tab").all()[1:]:
        tab.click()
    assert violations(page) == []


def test_axe_on_a_phone(visitor: Callable[..., Visit]) -> None:
    for path in ("", "public-hello/"):
        assert violations(visitor(width=360, bypass_csp=True).open(path)) == []


def test_axe_without_javascript_of_the_page(visitor: Callable[..., Visit]) -> None:
    """axe is JavaScript itself: the page's own is kept from loading."""
    visit = visitor(bypass_csp=True)
    visit.page.route("**/static/*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    for path in ("", "public-hello/", "private-hello/"):
        assert violations(visit.open(path)) == []
