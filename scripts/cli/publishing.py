"""An index in a folder into a site in another: all records read, built and written, and put in place whole."""

from __future__ import annotations

import json
import os
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING

from scripts.change_set import path_of
from scripts.errors import BadPage
from scripts.model import DESCRIPTION_TYPES
from scripts.pages import cards
from scripts.site import build, places
from scripts.workspace import Folder, Site

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from scripts.site.build import Published

# What of the repository's top is part of the site, beside index.html and the packages' folders.
ASSETS = ("static", "assets", "CNAME", "robots.txt", "favicon.ico", "favicon.svg")
_DESCRIPTIONS = tuple(f".{ending}" for ending in DESCRIPTION_TYPES.values())
BATCH = 100  # packages that one process builds at a time


def publish(root: Path, out: Path, base_url: str, repository: str = "") -> int:
    """Build the site of the index at `root`, whose repository has that address, into `out`; how many packages."""
    folder = Folder(root)
    text = folder.read(cards.PATH)
    names = cards.names(text)
    _check_whole(folder, names, out)
    about = places.Site(base_url, cards.title(text), repository, frozenset(names))
    with Site(out) as site:
        published = {each.package.name: each for each in _packages(root, out, names, about)}
        for name in published:
            if base_url:
                site.write(name, {"constraints.txt": build.constraints_of(published, name, base_url)})
        site.write("", build.top(published.values(), text, about))
        for asset in ASSETS:
            if (root / asset).exists():
                site.copy(root / asset, asset)
    return len(names)


def _packages(root: Path, out: Path, names: Sequence[str], about: places.Site) -> list[Published]:
    """Build and write all packages, on all processors where there are many."""
    batches = [(root, out, names[start : start + BATCH], about) for start in range(0, len(names), BATCH)]
    if len(batches) < 2:
        return [each for batch in batches for each in _batch(batch)]
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        return [each for done in pool.map(_batch, batches) for each in done]


def _batch(work: tuple[Path, Path, Sequence[str], places.Site]) -> list[Published]:
    """Build some packages and write their folders."""
    root, out, names, about = work
    folder, site = Folder(root), Site(out)
    done = []
    for name in names:
        beside = {file: folder.read(f"{name}/{file}") for file in folder.names(name) if file.endswith(_DESCRIPTIONS)}
        published, files = build.package(path_of(name), name, folder.read(path_of(name)), beside, about)
        site.write(name, files)
        done.append(published)
    return done


def _check_whole(folder: Folder, names: Sequence[str], out: Path) -> None:
    """Refuse an index that has lost something: a record without its card, or everything."""
    listed = set(names)
    for entry in sorted(folder.entries() - listed):
        if (folder.root / entry / "index.html").is_file() and "data-release" in folder.read(f"{entry}/index.html"):
            raise BadPage("index.html", f"lists no {entry}, whose record is there: bring its card back, or delete it")
    if not listed and (out / "index.json").exists():
        before = json.loads((out / "index.json").read_text("utf-8")).get("projects")
        if before:
            why = f"lists no package, and the site that is there has {len(before)}: bring them back, or remove {out}"
            raise BadPage("index.html", why)
