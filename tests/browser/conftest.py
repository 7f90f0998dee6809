"""A real browser on a really published site, served on 127.0.0.1; what PyPI answers is the test's own."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser import samples
from tests.browser.compressed import serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Route

    from scripts.model import Package

WHERE_TO_GET_ONE = "install Chromium (Debian: apt-get install chromium; else: python -m playwright install chromium)"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
JSON_TYPE = "application/vnd.pypi.simple.v1+json"


def chromium() -> str | None:
    """The browser of the system, which Debian calls chromium; None where playwright has to bring its own."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import Error, sync_playwright

    with sync_playwright() as playwright:
        try:
            launched = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        except Error:
            pytest.skip(f"no browser here: {WHERE_TO_GET_ONE}")
        yield launched
        launched.close()


@dataclass
class PyPI:
    """What PyPI has: versions by project, each yanked or not; a project that is `None` cannot be asked for."""

    projects: dict[str, dict[str, bool] | None] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    accepted: list[str] = field(default_factory=list)

    def answer(self, route: Route) -> None:
        name = route.request.url.rstrip("/").rpartition("/")[2]
        self.asked.append(name)
        self.accepted.append(route.request.headers.get("accept", ""))
        headers = {"Access-Control-Allow-Origin": "*"}
        if name not in self.projects:
            route.fulfill(status=404, headers=headers, body="404 Not Found")
        elif (versions := self.projects[name]) is None:
            route.abort()
        else:
            files = [
                {"filename": f"{name.replace('-', '_')}-{version}.tar.gz", "url": "x", "hashes": {}, "yanked": yanked}
                for version, yanked in versions.items()
            ]
            page = {"meta": {"api-version": "1.1"}, "name": name, "files": files, "versions": list(versions)}
            route.fulfill(status=200, headers=headers, content_type=JSON_TYPE, body=json.dumps(page))


@dataclass
class Visit:
    """A tab of a browser on the site: what it asked for, and what went wrong in it."""

    url: str
    page: Page
    pypi: PyPI
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def open(self, path: str = "") -> Page:
        """Go to a page of the site, and wait until nothing is under way."""
        self.page.goto("about:blank")
        self.page.goto(self.url + path, wait_until="networkidle")
        return self.page

    @property
    def strangers(self) -> list[str]:
        """The addresses that were asked for, and are neither the site nor PyPI's simple API."""
        ours = (self.url, "https://pypi.org/simple/", "data:", "about:", "blob:")
        return [address for address in self.requests if not address.startswith(ours)]

    def asked(self, request: Request) -> None:
        """Keep what a page asks for; a description on a page of its own is the one place that shows its images."""
        if not (request.resource_type == "image" and request.frame.url.endswith(".html")):
            self.requests.append(request.url)

    def note(self, message: ConsoleMessage) -> None:
        """Keep what the console calls an error, but for the browser's own word that PyPI has no such project."""
        from_pypi = message.location.get("url", "").startswith("https://pypi.org/simple/")
        if message.type in ("error", "warning") and not (from_pypi and message.text.startswith("Failed to load")):
            self.errors.append(message.text)


Visitor = Any  # how a test asks for a tab: visitor(javascript=False, dark=True, width=390)


@pytest.fixture
def pypi() -> PyPI:
    """A PyPI that has nothing."""
    return PyPI()


@pytest.fixture
def visitor(browser: Browser, site: str, pypi: PyPI) -> Iterator[Callable[..., Visit]]:
    """Makes tabs on the site, each with a browser profile of its own; all must end without a word on the console."""
    with visiting(browser, site, pypi) as visit:
        yield visit


@pytest.fixture
def visit(visitor: Callable[..., Visit]) -> Visit:
    """A tab on the site of the showcase."""
    return visitor()


class visiting:  # noqa: N801 - reads as what it does
    """Tabs on a site, checked and closed at the end."""

    def __init__(self, browser: Browser, url: str, pypi: PyPI) -> None:
        self.browser, self.url, self.pypi = browser, url, pypi
        self.visits: list[Visit] = []

    def __enter__(self) -> Callable[..., Visit]:
        return self.make

    def make(
        self, *, javascript: bool = True, dark: bool = False, width: int = 1280, height: int = 900, **more: Any
    ) -> Visit:
        context = self.browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            java_script_enabled=javascript,
            permissions=["clipboard-read", "clipboard-write"],
            **more,
        )
        context.set_default_timeout(10_000)
        made = Visit(self.url, context.new_page(), self.pypi)
        context.on("request", made.asked)
        context.on("console", made.note)
        context.on("weberror", lambda error: made.errors.append(str(error.error)))
        context.route(lambda url: not url.startswith(self.url), self.elsewhere)
        self.visits.append(made)
        return made

    def elsewhere(self, route: Route, request: Request) -> None:
        """Nothing leaves this machine: PyPI's answers are the test's, and nobody else answers."""
        if request.url.startswith("https://pypi.org/simple/"):
            self.pypi.answer(route)
        elif request.resource_type == "image":
            route.fulfill(status=200, content_type="image/svg+xml", body="<svg xmlns='http://www.w3.org/2000/svg'/>")
        else:
            route.abort()

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        for made in self.visits:
            made.page.context.close()
        if kind is None:
            for made in self.visits:
                assert made.errors == []
                assert made.strangers == []


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site with packages of every kind."""
    with served(tmp_path_factory.mktemp("showcase"), *samples.showcase()) as url:
        yield url


class served:  # noqa: N801 - reads as what it does
    """A published site, served; gives its address."""

    def __init__(self, folder: Path, packages: list[Package], beside: dict[str, str] | None = None) -> None:
        self.folder, self.packages, self.beside = folder, packages, beside or {}
        (folder / "www").mkdir()
        self.server = serving(folder / "www")

    def __enter__(self) -> str:
        url = self.server.__enter__()
        site = samples.published(self.folder, url, self.packages, self.beside)
        shutil.copytree(site, self.folder / "www", dirs_exist_ok=True)
        return url

    def __exit__(self, *exception: Any) -> None:
        self.server.__exit__(*exception)
