"""A package page: commands, tabs, copying, releases, deep links, facts."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browser.conftest import Visit

pytestmark = pytest.mark.slow


def command(page: Page) -> str:
    """The first command in sight."""
    return page.locator(".install pre:visible").first.inner_text()


def test_the_first_command_is_the_safe_one(visit: Visit) -> None:
    page = visit.open("public-hello/")
    assert command(page) == f"pip install -c {visit.url}public-hello/constraints.txt public-hello"
    second = page.locator(".install pre:visible").nth(1).inner_text()
    assert second == f"pip install --extra-index-url {visit.url} public-hello"


def test_each_tool_has_its_tab(visit: Visit) -> None:
    page = visit.open("public-hello/")
    shown = {}
    for tab in page.get_by_role("tab").all():
        tab.click()
        assert page.get_by_role("tabpanel").count() == 1
        shown[tab.inner_text()] = command(page)
    assert list(shown) == ["pip", "uv", "Poetry", "PDM", "requirements.txt"]
    assert 'explicit = true\n\n[tool.uv.sources]\npublic-hello = { index = "our-index" }' in shown["uv"]
    assert 'mydependency = { index = "our-index" }' in shown["uv"]
    assert 'dependencies = ["public-hello>=0.2", "mydependency>=1.0"]' in shown["uv"]
    assert 'priority = "explicit"' in shown["Poetry"]
    assert 'public-hello = { version = ">=0.2", source = "our-index" }' in shown["Poetry"]
    assert 'include_packages = ["public-hello", "mydependency"]' in shown["PDM"]
    line = rf"public-hello @ {visit.url}public-hello/public_hello-0\.2\.tar\.gz#sha256=[0-9a-f]{{64}}"
    assert re.fullmatch(line, shown["requirements.txt"])


def test_the_configuration_is_toml_that_says_what_it_should(visit: Visit) -> None:
    page = visit.open("public-hello/")
    page.get_by_role("tab", name="uv").click()
    uv = tomllib.loads(command(page))
    assert uv["tool"]["uv"]["index"] == [{"name": "our-index", "url": visit.url, "explicit": True}]
    page.get_by_role("tab", name="PDM").click()
    ours, pypi = tomllib.loads(command(page))["tool"]["pdm"]["source"]
    assert ours["include_packages"] == pypi["exclude_packages"]


def test_uv_takes_the_configuration_as_it_is(visit: Visit, tmp_path: Path) -> None:
    page = visit.open("mydependency/")
    page.get_by_role("tab", name="uv").click()
    project = command(page).replace("[project]", '[project]\nname = "x"\nversion = "0"\nrequires-python = ">=3.9"')
    (tmp_path / "pyproject.toml").write_text(project, "utf-8")
    lock = [sys.executable, "-m", "uv", "lock", "--no-cache", "--project", str(tmp_path)]
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("UV_", "PIP_"))}
    done = subprocess.run(lock, env=kept, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (locked,) = [
        each for each in tomllib.loads((tmp_path / "uv.lock").read_text("utf-8"))["package"] if "sdist" in each
    ]
    assert (locked["name"], locked["version"]) == ("mydependency", "1.1")
    assert locked["source"]["registry"].rstrip("/") == visit.url.rstrip("/")


def test_the_policy_keeps_other_scripts_out(visit: Visit) -> None:
    page = visit.open("public-hello/")
    policy = page.locator("meta[http-equiv=Content-Security-Policy]").get_attribute("content") or ""
    allowed = {part.split()[0]: part.split()[1:] for part in policy.split("; ")}
    assert allowed.pop("connect-src") == ["'self'", "https://pypi.org"]
    assert set(sum(allowed.values(), [])) == {"'none'", "'self'"}  # noqa: RUF017 - a handful
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.in = 1'}))"
    )
    assert page.evaluate("window.in") is None
    (word,) = visit.errors
    assert "Content Security Policy" in word
    visit.errors.clear()


def test_the_tool_that_was_chosen_is_remembered(visit: Visit) -> None:
    visit.open("public-hello/").get_by_role("tab", name="uv").click()
    page = visit.open("mydependency/")
    assert page.get_by_role("tab", selected=True).inner_text() == "uv"


def test_tabs_by_keyboard(visit: Visit) -> None:
    page = visit.open("public-hello/")
    page.get_by_role("tab", name="pip").focus()
    for key, expected in (("ArrowRight", "uv"), ("End", "requirements.txt"), ("ArrowRight", "pip"), ("Home", "pip")):
        page.keyboard.press(key)
        assert page.get_by_role("tab", selected=True).inner_text() == expected
        assert page.evaluate("document.activeElement.textContent") == expected


def test_copying(visit: Visit) -> None:
    page = visit.open("public-hello/")
    page.locator(".install .copyable:visible button").first.click()
    page.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == command(page)


def test_copying_where_it_is_not_allowed_selects_the_text(visit: Visit) -> None:
    page = visit.open("public-hello/")
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no')); }")
    page.locator(".install .copyable:visible button").first.click()
    page.get_by_text("Press Ctrl+C").wait_for()
    assert page.evaluate("getSelection().toString()").strip() == command(page)


def test_selecting_a_release_changes_everything(visit: Visit) -> None:
    page = visit.open("public-hello/")
    assert "Needs Python 3.9" in page.locator(".prose").inner_text()
    page.get_by_role("link", name="0.1", exact=True).click()
    page.get_by_text("It knows only English").wait_for()
    assert page.url.endswith("/public-hello/#0.1")
    assert page.title() == "public-hello 0.1"
    assert page.locator("h1").inner_text() == "public-hello 0.1"
    assert page.locator(".facts [data-field=shown-requires-python]").inner_text() == ">=3.8"
    assert page.locator(".facts [data-field=shown-requires-dist]").inner_text() == "idna"
    assert page.get_by_label("Release", exact=True).input_value() == "0.1"
    assert page.locator("[data-release][aria-current]").get_attribute("data-release") == "0.1"
    safe = rf'pip install "public-hello @ {visit.url}public-hello/public_hello-0\.1\.tar\.gz#sha256=[0-9a-f]{{64}}"'
    assert re.fullmatch(safe, command(page))
    assert page.locator("[data-extra-index] pre").inner_text().endswith(" public-hello==0.1")
    page.get_by_role("tab", name="uv").click()
    assert '"public-hello==0.1"' in command(page)
    assert page.evaluate("scrollY") == 0


def test_a_release_of_before_that_needs_something_of_this_index(visit: Visit) -> None:
    page = visit.open("public-hello/#0.3.dev0")
    assert command(page).startswith(f'pip install -c {visit.url}mydependency/constraints.txt "public-hello @ ')


def test_a_link_to_a_release(visit: Visit) -> None:
    page = visit.open("public-hello/#0.1.1")
    assert page.locator("h1").inner_text() == "public-hello 0.1.1"
    assert page.get_by_text("Reason: Breaks on Windows").is_visible()
    assert "This is 0.1.1. The newest release is 0.2." in page.locator(".notices").inner_text()
    page.locator(".notices").get_by_role("link", name="0.2").click()
    assert page.locator("h1").inner_text() == "public-hello 0.2"
    assert "#" not in page.url
    page.go_back()
    page.wait_for_url("**/#0.1.1")
    assert page.locator("h1").inner_text() == "public-hello 0.1.1"


def test_choosing_a_release_from_the_list(visit: Visit) -> None:
    page = visit.open("forecasting-models/")
    page.get_by_label("Release", exact=True).select_option("1.7")
    assert page.locator("h1").inner_text() == "forecasting-models 1.7"
    page.get_by_label("Release", exact=True).select_option("1.38")
    assert page.locator("h1").inner_text() == "forecasting-models 1.38"


@pytest.mark.parametrize("fragment", ["#nothing", "#user-content-usage", "#%", "#<b>"])
def test_other_fragments_leave_the_newest_release(visit: Visit, fragment: str) -> None:
    assert visit.open(f"public-hello/{fragment}").locator("h1").inner_text() == "public-hello 0.2"


def test_a_place_in_the_description_is_gone_to_and_the_release_stays(visit: Visit) -> None:
    page = visit.open("public-hello/#0.2")
    page.locator(".prose").get_by_role("link", name="Usage").click()
    page.wait_for_function("scrollY > 100")
    assert page.locator("h1").inner_text() == "public-hello 0.2"


def test_releases_say_what_matters(visit: Visit) -> None:
    page = visit.open("public-hello/")
    yanked = page.locator("[data-release='0.1.1']")
    assert "yanked: Breaks on Windows" in yanked.inner_text()
    assert "pre-release" in page.locator("[data-release='0.3.dev0']").inner_text()
    assert ">=3.8" in page.locator("[data-release='0.1']").inner_text()
    compare = yanked.get_by_role("link", name="changes since 0.1").get_attribute("href")
    assert compare
    assert re.fullmatch(r"https://github\.com/acme/public-hello/compare/[0-9a-f]{40}\.\.\.[0-9a-f]{40}", compare)
    commit = page.locator("[data-release='0.1'] [data-field=commit] a").get_attribute("href")
    assert commit
    assert commit.startswith("https://github.com/acme/public-hello/commit/")
    assert "1 Jun 2025" in page.locator("[data-release='0.1']").inner_text()


def test_facts_are_linked(visit: Visit) -> None:
    page = visit.open("public-hello/")
    facts = page.locator(".facts")
    links = {link.inner_text(): link.get_attribute("href") for link in facts.get_by_role("link").all()}
    assert links == {
        "mydependency>=1.0": "../mydependency/",
        "example.org/hello": "https://example.org/hello",
        "github.com/acme/public-hello": "https://github.com/acme/public-hello",
        "Documentation": "https://example.org/hello/docs",
        "Changelog": "https://example.org/hello/changes",
    }
    for text in ("Ada Example <ada@example.org>", "MIT", "fast", "greeting", "rich>=13"):
        assert text in facts.inner_text()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("private-hello", "Private. To install it you need access to its git repository"),
        ("our-tensorflow", "An alias. The project's own name is My_Cool.TensorFlow"),
        ("preview-only", "Only pre-releases."),
        ("taken-back", "Deprecated. Every release of this package has been yanked"),
    ],
)
def test_notices(visit: Visit, name: str, words: str) -> None:
    notices = visit.open(f"{name}/").locator(".notice:visible")
    assert notices.count() == 1
    assert words in notices.inner_text()


def test_a_private_package_leads_to_the_readme(visit: Visit) -> None:
    link = visit.open("private-hello/").get_by_role("link", name="How to give git access")
    assert link.get_attribute("href") == "https://github.com/acme/packages#private-packages"


def test_the_way_back(visit: Visit) -> None:
    page = visit.open("public-hello/")
    page.get_by_role("link", name="Our Python packages").click()
    page.wait_for_url(visit.url)


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
@pytest.mark.parametrize(
    "path", ["", "public-hello/", "forecasting-models/", "hostile/", "public-hello/0.2.html",
             "a-package-with-a-name-that-is-longer-than-anybody-would-want-to-type-or-read-in-a-list-of-packages/"],
)  # fmt: skip
def test_nothing_is_wider_than_the_screen(visitor: Callable[..., Visit], path: str, width: int) -> None:
    page = visitor(width=width, height=800).open(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
