"""`make screenshots`: pictures of both pages for the README, in light, in dark and as on a phone, into docs/."""

from __future__ import annotations

import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser import samples
from tests.browser.conftest import FLAGS, PyPI, chromium, served, visiting

DOCS = samples.ROOT / "docs"
SHOTS = {"light": {"width": 1200}, "dark": {"width": 1200, "dark": True}, "phone": {"width": 390}}
PAGES = {"index": "", "package": "public-hello/"}
ADDRESS = "https://acme.github.io/packages/"  # what the pictures show for the address of the site
SHOW_ADDRESS = f"document.querySelectorAll('[data-field=site-url]').forEach(each => each.textContent = '{ADDRESS}')"
LEFT_OUT = ("hostile", "a-package-with-a-name")


def main() -> int:
    DOCS.mkdir(exist_ok=True)
    packages, beside = samples.showcase()
    shown = [each for each in packages if not each.name.startswith(LEFT_OUT)]
    texts = {path: text for path, text in beside.items() if not path.startswith(LEFT_OUT)}
    pypi = PyPI({"mydependency": {"0.9": False}})
    with (
        tempfile.TemporaryDirectory() as folder,
        served(Path(folder), shown, texts) as url,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        with visiting(browser, url, pypi) as visitor:
            for page_name, path in PAGES.items():
                for looks, options in SHOTS.items():
                    page = visitor(height=844 if looks == "phone" else 860, **options).open(path)
                    page.wait_for_timeout(700)
                    page.evaluate(SHOW_ADDRESS)
                    file = DOCS / f"{page_name}-{looks}.png"
                    page.screenshot(path=file)
                    print(f"wrote {file.relative_to(samples.ROOT)}")
        browser.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
