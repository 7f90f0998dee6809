"""What the pages cost: bytes, the first paint on a slow telephone, and the answer to a key press.

    python -m tests.bench.pages

Bytes are those of gzip at level 6, without headers. "Slow": 150 ms round trips, 1.6 Mbit/s down, and a processor four
times slower, which is what Lighthouse calls slow 4G.
"""

from __future__ import annotations

import contextlib
import gzip
import statistics
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.sync_api import sync_playwright

from tests.browser import readmes, samples
from tests.browser.compressed import serving
from tests.browser.conftest import FLAGS, PyPI, chromium, served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from scripts.model import Package

RUNS = 5
SLOW = {"offline": False, "latency": 150, "downloadThroughput": 1_638_400 / 8, "uploadThroughput": 750_000 / 8}


def long_description(size: int = 50_000) -> str:
    """A README of some size, in bytes, of prose, code and tables, in which no part is just like another."""
    parts, number = [readmes.README], 0
    while sum(map(len, parts)) < size:
        number += 1
        words = " ".join(f"word{(number * 7919 + step * 104729) % 9973}" for step in range(60))
        code = f"value_{number} = call({number * 31}, name='{number:x}')"
        parts.append(f"\n## Part {number}\n\n{words}.\n\n```python\n{code}\n```\n")
    return "".join(parts)[:size]


def described() -> tuple[list[Package], dict[str, str]]:
    """A package of forty releases with a description of 50 KB, and one without."""
    versions = [f"1.{minor}" for minor in range(40)]
    needs: dict[str, Any] = {
        "requires_dist": ("rich>=13", "numpy>=1.26", 'pandas; extra == "tables"'),
        "provides_extra": ("tables",),
    }
    described = [samples.release("with-one", each, description="1.0.md", **needs) for each in versions]
    return [
        samples.package("with-one", *described),
        samples.package("without", *(samples.release("without", each, **needs) for each in versions)),
    ], {"with-one/1.0.md": long_description()}


def transferred(page: Page, url: str, slow: bool = False) -> tuple[int, float]:
    """The bytes that a first visit transfers from the site, and when the first paint was, in milliseconds."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    if slow:
        session.send("Network.emulateNetworkConditions", SLOW)
        session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    sizes: list[int] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
    page.goto(url, wait_until="networkidle")
    paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    session.detach()
    return sum(sizes), float(paint)


def tab(browser: Browser) -> Page:
    context = browser.new_context(viewport={"width": 412, "height": 823})
    context.route("https://pypi.org/**", PyPI().answer)
    return context.new_page()


def first_paint(browser: Browser, url: str) -> float:
    paints = []
    for _ in range(RUNS):
        page = tab(browser)
        paints.append(transferred(page, url, slow=True)[1])
        page.context.close()
    return statistics.median(paints)


def package_page(browser: Browser) -> dict[str, tuple[float, float, str]]:
    with tempfile.TemporaryDirectory() as folder, served(Path(folder), *described()) as url:
        page = tab(browser)
        whole, _ = transferred(page, f"{url}with-one/")
        page.context.close()
        files = [(Path(folder) / "www" / name / "index.html").read_bytes() for name in ("with-one", "without")]
        description = len(gzip.compress(files[0], 6)) - len(gzip.compress(files[1], 6))
        return {
            "package page besides a description of 50 KB": ((whole - description) / 1000, 60, "KB"),
            "package page, first paint, slow": (first_paint(browser, f"{url}with-one/"), 1000, "ms"),
        }


@contextlib.contextmanager
def front(count: int) -> Iterator[str]:
    """The front page of an index of so many packages, served."""
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as url:
        samples.front(Path(folder), url, samples.many(count))
        yield url


def thousand(browser: Browser) -> dict[str, tuple[float, float, str]]:
    with front(1000) as url:
        page = tab(browser)
        whole, _ = transferred(page, url)
        page.context.close()
        return {
            "index of 1,000 packages": (whole / 1000, 100, "KB"),
            "index of 1,000 packages, first paint, slow": (first_paint(browser, url), 1000, "ms"),
        }


KEY_PRESS = """
async (texts) => {
  const field = document.querySelector("[type=search]"), times = [];
  const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  for (const text of texts) {
    await painted(); await new Promise((done) => setTimeout(done, 300));
    field.value = text;
    const start = performance.now();
    field.dispatchEvent(new Event("input", { bubbles: true }));
    document.body.offsetHeight;
    times.push(performance.now() - start);
  }
  return times;
}
"""
FRAMES = """
async () => {
  const gaps = []; let last = performance.now();
  const end = last + 3000;
  while (last < end) {
    scrollBy(0, 120);
    await new Promise(requestAnimationFrame);
    const now = performance.now(); gaps.push(now - last); last = now;
  }
  return [gaps.sort((a, b) => a - b)[Math.floor(gaps.length * .95)], scrollY];
}
"""


def ten_thousand(browser: Browser) -> dict[str, tuple[float, float, str]]:
    with front(10_000) as url:
        page = tab(browser)
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(url, wait_until="networkidle")
        texts = ["b", "bi", "bil", "bill", "billing", "billing 3", "", "s", "a", "e", "e o", "x", "models", ""]
        times = page.evaluate(KEY_PRESS, texts)
        gap, reached = page.evaluate(FRAMES)
        page.context.close()
        print(f"  (key presses: {', '.join(f'{time:.0f}' for time in times)} ms; scrolled to {reached:.0f})")
        return {
            "10,000 packages, slowest key press, script and layout": (max(times), 50, "ms"),
            "10,000 packages, scrolling, 95 % of frames within": (gap, 34, "ms"),
        }


def main() -> int:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        figures = {**package_page(browser), **thousand(browser), **ten_thousand(browser)}
        browser.close()
    for name, (figure, limit, unit) in figures.items():
        print(f"{name:55} {figure:8.1f} {unit}  (limit {limit:g}){'' if figure <= limit else '  TOO MUCH'}")
    return int(any(figure > limit for figure, limit, _ in figures.values()))


if __name__ == "__main__":
    raise SystemExit(main())
