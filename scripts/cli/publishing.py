"""An index in a folder into a site in another: all records read, built and written, and put in place whole."""

from __future__ import annotations

import json
import os
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING

from scripts.errors import BadPage, BadValue, Refused
from scripts.model import DESCRIPTION_TYPES
from scripts.pages import cards, record
from scripts.pages.record import path_of
from scripts.site import assembly, places
from scripts.values import package_name
from scripts.workspace import Folder, Site

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from scripts.site.assembly import Published

# What of the repository's top is part of the site, beside index.html and the packages' folders.
ASSETS = ("static", "assets", "CNAME", "robots.txt", "favicon.ico", "favicon.svg")
_DESCRIPTIONS = tuple(f".{ending}" for ending in DESCRIPTION_TYPES.values())
BATCH = 100  # packages that one process builds at a time


def publish(root: Path, out: Path, base_url: str, repository: str = "") -> int:
    """Build the site of the index at `root`, whose repository has that address, into `out`; how many packages.

    Raises Error, and leaves the site that is there as it is, where the index is broken or the disk fails.
    """
    folder = Folder(root)
    text = folder.read(cards.PATH)
    names = cards.names(text)
    _check_names(names)
    _check_place(folder, names, out)
    try:
        with Site(out) as site:
            _check_whole(folder, names, out)
            _write(site, folder, text, places.Site(base_url, cards.title(text), repository, frozenset(names)))
    except OSError as error:
        raise Refused(f"cannot write the site to {out}", f"{error.strerror or error}") from error
    return len(names)


def _write(site: Site, folder: Folder, text: str, about: places.Site) -> None:
    """Write all files of a site; `text` is index.html."""
    published = {each.package.name: each for each in _packages(folder.root, site.out, cards.names(text), about)}
    for name, lines in assembly.constraints_of(published, about.base_url) if about.base_url else ():
        site.write(name, {"constraints.txt": lines})
    site.write("", assembly.top(published.values(), text, about))
    own = sorted(entry for entry in folder.entries() if entry.endswith(".html"))
    for asset in (*ASSETS, *own):
        path = folder.root / asset
        if path.exists() and asset not in (cards.PATH, record.TEMPLATE):
            _check_real(folder, path)
            site.copy(path, asset)


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
        text = folder.read(path_of(name))
        beside = {file: folder.read(f"{name}/{file}") for file in folder.names(name) if file.endswith(_DESCRIPTIONS)}
        published, files = assembly.package(path_of(name), name, text, beside, about)
        site.write(name, files)
        done.append(published)
    return done


def _check_names(names: Sequence[str]) -> None:
    """Refuse cards of what can be no package: people edit index.html by hand."""
    for name in names:
        try:
            right = package_name(name)
        except BadValue as error:
            raise BadPage(cards.PATH, f'data-package="{name}": {error}') from error
        if right != name:
            raise BadPage(cards.PATH, f'data-package="{name}" is not in normal form: write {right}')
        if name in ASSETS:
            raise BadPage(cards.PATH, f'data-package="{name}" has the name of a folder of the site: take it away')


def _check_place(folder: Folder, names: Sequence[str], out: Path) -> None:
    """Refuse to put the site in the place of anything but a site, or into what it is made of."""
    place = out.resolve()
    inside = place.relative_to(folder.root).parts[:1] if place.is_relative_to(folder.root) else ()
    taken = place.exists() and not (place.is_dir() and (_is_site(place) or not any(place.iterdir())))
    if taken or folder.root.is_relative_to(place) or {*inside} & {*ASSETS, *names}:
        mend = "is no place for a site, which takes the place of all that is there: name a folder that is new"
        raise BadValue("--out", str(out), mend)


def _is_site(place: Path) -> bool:
    return (place / ".nojekyll").is_file() and (place / "index.json").is_file()


def _check_real(folder: Folder, path: Path) -> None:
    """Refuse symbolic links, which would publish whatever they lead to on the machine that builds the site."""
    for each in (path, *path.rglob("*")):
        if each.is_symlink():
            where = each.relative_to(folder.root).as_posix()
            raise BadPage(where, "is a link: put a real file in its place")


def _check_whole(folder: Folder, names: Sequence[str], out: Path) -> None:
    """Refuse an index that has lost something: a record without its card, or everything."""
    listed = set(names)
    for entry in sorted(folder.entries() - listed):
        if (folder.root / entry / "index.html").is_file() and "data-release" in folder.read(f"{entry}/index.html"):
            raise BadPage("index.html", f"lists no {entry}, whose record is there: bring its card back, or delete it")
    if not listed and (out / "index.json").is_file():
        try:
            before = json.loads((out / "index.json").read_text("utf-8"))["projects"]
        except (ValueError, TypeError, KeyError):
            raise BadValue("--out", str(out), "holds no list of packages in its index.json: remove it") from None
        if before:
            why = f"lists no package, and the site that is there has {len(before)}: bring them back, or remove {out}"
            raise BadPage("index.html", why)
