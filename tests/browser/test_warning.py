"""The promise: a name that PyPI has is seen before anybody is hurt. PyPI's answers are served by the test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import JSON_TYPE

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.conftest import PyPI, Visit

pytestmark = pytest.mark.slow

DANGER, CAUTION = ".notice.danger", ".notice.caution:has-text('PyPI')"


def extra(page: Page) -> bool:
    """Whether the command that asks both indexes is in sight."""
    return page.get_by_text("--extra-index-url http").is_visible()


def safe(page: Page) -> bool:
    return page.locator(".install pre:visible").first.inner_text().startswith("pip install -c ")


def test_pypi_is_asked_for_json_and_for_nothing_else(visit: Visit, pypi: PyPI) -> None:
    visit.open("public-hello/")
    assert pypi.asked == ["public-hello"]
    assert pypi.accepted == [JSON_TYPE]


def test_a_name_that_pypi_has_not(visit: Visit) -> None:
    page = visit.open("public-hello/")
    assert "PyPI has no project of this name, as of now." in page.locator("[data-check]").inner_text()
    assert extra(page)
    assert safe(page)
    assert not page.locator(f"{DANGER}, {CAUTION}").count()


@pytest.mark.parametrize("version", ["0.2", "0.2.0", "0.2.post1", "0.2+local", "0.10", "1!0.1", "99"])
def test_danger(visit: Visit, pypi: PyPI, version: str) -> None:
    pypi.projects["public-hello"] = {version: False}
    page = visit.open("public-hello/")
    assert page.locator(DANGER).count() == 2
    instead = page.locator("[data-danger]").inner_text()
    verb = "may" if version in ("0.2", "0.2.0") else "would"
    assert f"Not with --extra-index-url: pip {verb} install public-hello" in instead
    assert "somebody else's code" in instead
    assert "This name exists on PyPI." in page.locator(".notices").inner_text()
    assert not extra(page)
    assert safe(page)
    for tab in page.get_by_role("tab").all():
        tab.click()
        assert page.locator(".notices .danger").is_visible()
        assert page.locator(".install pre:visible").count() >= 1


@pytest.mark.parametrize(
    "versions",
    [
        {"0.1": False}, {"0.1": False, "0.3": True}, {"0.1": False, "1.0rc1": False}, {"0.2.dev0": False},
        {"0.2rc1": False},
    ],
    ids=["lower", "higher but yanked", "higher but a pre-release", "dev", "rc"],
)  # fmt: skip
def test_caution(visit: Visit, pypi: PyPI, versions: dict[str, bool]) -> None:
    pypi.projects["public-hello"] = versions
    page = visit.open("public-hello/")
    assert page.locator(CAUTION).count() == 1
    assert "Today pip takes ours" in page.locator("[data-check]").inner_text()
    assert not page.locator(DANGER).count()
    assert extra(page)
    assert safe(page)


def test_a_project_without_anything_to_install(visit: Visit, pypi: PyPI) -> None:
    pypi.projects["public-hello"] = {}
    page = visit.open("public-hello/")
    assert "PyPI has this name, and nothing to install under it" in page.locator("[data-check]").inner_text()


def test_pypi_out_of_reach_is_never_called_safe(visit: Visit, pypi: PyPI) -> None:
    pypi.projects["public-hello"] = None
    page = visit.open("public-hello/")
    said = page.locator("[data-check]")
    assert "PyPI could not be asked" in said.inner_text()
    assert "PyPI has no project" not in page.locator("body").inner_text()
    assert said.get_attribute("class") == "caution"
    pypi.projects["public-hello"] = {"99": False}
    page.get_by_role("button", name="Ask again").click()
    page.locator("[data-danger]").wait_for()


@pytest.mark.parametrize("status", [403, 429, 500, 503])
def test_an_answer_that_is_none_is_not_taken_for_one(visit: Visit, status: int) -> None:
    visit.page.context.route("https://pypi.org/**", lambda route: route.fulfill(status=status, body="Go away"))
    assert "PyPI could not be asked" in visit.open("public-hello/").locator("[data-check]").inner_text()


def test_while_pypi_is_asked_nothing_is_called_safe(visit: Visit) -> None:
    visit.page.context.route("https://pypi.org/**", lambda _: None)  # no answer at all
    visit.page.goto(f"{visit.url}public-hello/")
    visit.page.get_by_text("Asking PyPI whether it has this name").wait_for()


def test_the_warning_is_of_the_release_that_is_shown(visit: Visit, pypi: PyPI) -> None:
    """With ==0.1 pip passes over PyPI's higher versions, and may take its 0.1."""
    pypi.projects["public-hello"] = {"0.1": False}
    page = visit.open("public-hello/")
    assert not page.locator(DANGER).count()
    page.get_by_label("Release", exact=True).select_option("0.1")
    page.locator("[data-danger]").wait_for()
    assert not extra(page)
    page.get_by_label("Release", exact=True).select_option("0.2")
    page.locator(CAUTION).wait_for()
    assert extra(page)
    assert not page.locator(DANGER).count()


def test_cards_in_view_are_asked_for(visit: Visit, pypi: PyPI) -> None:
    pypi.projects |= {"public-hello": {"99": False}, "hostile": {"0.1": False}, "no-summary": None}
    page = visit.open()
    page.locator("[data-package=hostile] .badge.caution").wait_for()
    page.locator("[data-package=taken-back]").scroll_into_view_if_needed()
    page.locator("[data-package=public-hello] .badge.danger").wait_for()
    badge = page.locator("[data-package=public-hello] .badges").inner_text()
    assert "name exists on PyPI: 99" in badge
    assert page.get_by_text("PyPI could not be asked for one name").is_visible()
    assert page.locator("[data-package=mydependency] .badge").count() == 0
    page.wait_for_timeout(600)
    assert sorted(pypi.asked) == sorted(set(pypi.asked))


def test_cards_out_of_view_are_not_asked_for(visitor: Callable[..., Visit], pypi: PyPI) -> None:
    page = visitor(height=500).open()
    page.wait_for_timeout(600)
    assert "taken-back" not in pypi.asked
    page.locator("[data-package=taken-back]").scroll_into_view_if_needed()
    page.wait_for_timeout(800)
    assert "taken-back" in pypi.asked
