"""A site of 10,000 packages with 10 releases each, against dumb-pypi and its JSON list of as many files.

`python -m tests.bench.sites [PACKAGES]`: publish reads 10,000 records, checks 100,000 hashes and writes 230,000 files.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scripts.pages import cards, elements, record
from tests.bench.clock import cost
from tests.bench.measure import Result, Taken, table
from tests.factories import package, release, with_cards
from tests.installers import tools
from tests.installers.world import ENVIRONMENT, clean
from tests.site.indexes import URL, sealed
from tests.verbs import ROOT, copy_index

if TYPE_CHECKING:
    from scripts.model import Package

PACKAGES, RELEASES = 10_000, 10
NEEDS = ("requests>=2", "numpy>=1.20; python_version >= '3.9'")


def index(folder: Path, count: int) -> None:
    """An index of packages that differ in name and hashes: two records, in which those are replaced.

    Every tenth depends on another one of the index.
    """
    copy_index(folder)
    template = (folder / "pkg_template.html").read_text("utf-8")
    models = [_package(name) for name in ("the-model", "the-model-7")]
    texts = [record.write(record.TEMPLATE, template, model) for model in models]
    card = "".join(f"      {line}\n" for line in elements.card(models[0]))
    names = [f"package-{number:05}" for number in range(count)]
    for name in names:
        model, text = models[name.endswith("7")], texts[name.endswith("7")]
        page = text.replace(model.name, name)
        for before, after in zip(model.releases, _package(name).releases, strict=True):
            page = page.replace(before.sha256, after.sha256)
        (folder / name).mkdir()
        (folder / name / "index.html").write_text(page, "utf-8")
    listed = "".join(card.replace(models[0].name, name) for name in names)
    page = with_cards(listed)
    (folder / "index.html").write_text(page, "utf-8")
    assert cards.names(page) == names


def _package(name: str) -> Package:
    needs = (*NEEDS, "package-00000") if name.endswith("7") else NEEDS
    facts: dict[str, Any] = {"requires_python": ">=3.9", "requires_dist": needs, "build_requires": ("hatchling",)}
    releases = [release(f"1.{one}", build_backend="hatchling.build", **facts) for one in range(RELEASES)]
    return sealed(package(*releases, name=name, project=name))


def dumb_list(path: Path, count: int) -> None:
    with path.open("w") as file:
        for number in range(count):
            for one in range(RELEASES):
                line = {
                    "filename": f"package_{number:05}-1.{one}.tar.gz",
                    "hash": f"sha256={'a' * 64}",
                    "requires_python": ">=3.9",
                    "upload_timestamp": 1700000000,
                }
                file.write(json.dumps(line) + "\n")


def results(count: int = PACKAGES) -> list[Result]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        index(folder / "index", count)
        dumb_list(folder / "list.json", count)
        environment = clean(ENVIRONMENT, folder)
        theirs = str(tools.tool("dumb-pypi").with_name("dumb-pypi"))
        options = ["--package-list-json", str(folder / "list.json"), "--packages-url", URL]
        dumb = cost([theirs, *options, "--output-dir", str(folder / "dumb")], environment, memory=True)
        options = ["--root", str(folder / "index"), "--out", str(folder / "site"), "--base-url", URL]
        ours = cost([sys.executable, "-m", "scripts.publish", *options], environment, ROOT, memory=True)
    what = f"site of {count:,} packages with {RELEASES} releases each"
    compared = f"dumb-pypi 1.15: {dumb.seconds / ours.seconds:.1f} times as long"
    return [
        Result(what, Taken(ours.seconds, ours.processors), dumb.seconds, compared=compared),
        Result(f"  memory, of {dumb.memory:.0f} MB by dumb-pypi", round(ours.memory), 1000, "MB"),
    ]


if __name__ == "__main__":
    print(table(results(*map(int, sys.argv[1:]))))
