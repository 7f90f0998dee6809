"""Lighthouse gives both pages at least 95 of 100 in each category, as a phone on a slow network sees them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.browser.conftest import FLAGS, WHERE_TO_GET_ONE, chromium

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
PROGRAM = HERE / "node_modules" / "lighthouse" / "cli" / "index.js"
LEAST = 95


@pytest.mark.timeout(300)
@pytest.mark.parametrize("path", ["", "public-hello/"], ids=["index", "package"])
def test_lighthouse(site: str, path: str, tmp_path: Path) -> None:
    node, browser = shutil.which("node"), chromium()
    if not (node and browser):
        pytest.skip(f"Lighthouse needs Node 20 or newer and a browser: {WHERE_TO_GET_ONE}")
    if not PROGRAM.exists():
        pytest.skip("Lighthouse is not here: npm ci --ignore-scripts --prefix tests/browser")
    report = tmp_path / "report.json"
    options = ["--quiet", "--output=json", f"--output-path={report}"]
    options.append(f"--chrome-flags={' '.join(['--headless=new', *FLAGS])}")
    done = subprocess.run(
        [node, PROGRAM, f"{site}{path}", *options],
        env={**os.environ, "CHROME_PATH": browser, "TMPDIR": str(tmp_path)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(report.read_text("utf-8"))
    scores = {name: round(100 * category["score"]) for name, category in found["categories"].items()}
    print(path or "index", scores)
    lost = [audit["title"] for audit in found["audits"].values() if audit["score"] is not None and audit["score"] < 1]
    assert set(scores) == {"performance", "accessibility", "best-practices", "seo"}
    assert min(scores.values()) >= LEAST, (scores, lost)
