"""The rules that an index keeps, whoever edits it: texts in, problems out, each a line. Pure.

What the scripts make must be as they make it: a release's element, to the byte but for its indentation, and the facts
that a card shows. All else on the pages is the people's.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scripts import values
from scripts.changes import RESERVED
from scripts.errors import BadPage, BadValue
from scripts.model import DESCRIPTION_TYPES
from scripts.pages import cards, elements, record
from scripts.pages.markup import Page
from scripts.pages.record import path_of
from scripts.site import files, pages, places

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from scripts.change_set import ChangeSet
    from scripts.model import Package
    from scripts.site.files import File

_DESCRIPTION = re.compile(rf"[^/]+\.({'|'.join(DESCRIPTION_TYPES.values())})")


def of_change(change: ChangeSet) -> list[str]:
    """What is wrong with the pages that a change writes."""
    path = path_of(change.name)
    page, index = change.files.get(path), change.files.get(cards.PATH)
    problems = of_paths({path: text is None for path, text in change.files.items()}, {change.name: change.after})
    if page is not None and change.after:
        known = {release.description for release in change.before.releases} if change.before else set()
        beside = {path.partition("/")[2] for path, text in change.files.items() if text is not None}
        problems += of_record(change.name, page, {*beside, *known}, change.page)
        if record.read(path, page) != change.after:
            problems.append(f"{path}: it does not read back as what it was written from")
    if index is not None and change.after:
        problems += of_cards(index, {change.name: change.after})
    return problems


def of_record(name: str, text: str, beside: Collection[str], before: str | None = None) -> list[str]:
    """What is wrong with a record and what lies `beside` it.

    `before` is the record before a pull request: a release that was the same there may keep its looks, as an older
    version of the scripts may have written it.
    """
    path = path_of(name)
    try:
        page = Page(path, text)
        package = record.read_page(page)
    except BadPage as error:
        return [str(error)]
    problems = []
    if package.name != name:
        problems.append(f"{path}: records {package.name}, not {name}: the name and the folder must agree")
    if record.write(path, text, package) != text:
        problems.append(f"{path}: the scripts would write it otherwise: run an update of its texts")
    shown = _elements(page)
    if list(shown) != [release.version for release in package.releases]:
        problems.append(f"{path}: the releases do not stand newest first: move them")
    known = _elements_before(path, before)
    for release in package.releases:
        element = shown[release.version]
        if element not in (known.get(release.version), _flat("\n".join(elements.release_lines(name, release)))):
            mend = "bring it back, or take it out and run update for its tag"
            problems.append(f"{path}: release {release.version} is not as the scripts write it: {mend}")
        if release.description and release.description not in beside:
            problems.append(f"{path}: release {release.version} names {release.description}, which is not beside it")
    return problems + _published(page, package)


def of_cards(text: str, packages: Mapping[str, Package]) -> list[str]:
    """What is wrong with the cards of index.html, with those of these packages in detail."""
    try:
        names = cards.names(text)
    except BadPage as error:
        return [str(error)]
    problems = [problem for name in names for problem in _of_name(name)]
    for name, package in packages.items():
        try:
            if name not in names:
                problems.append(
                    f"{cards.PATH}: lists no {name}, whose record is there: bring its card back, or delete it"
                )
            elif differing := cards.differing(text, package):
                said = " and ".join(
                    f"{fact} {value!r}" if value else f"no {fact}" for fact, value in differing.items()
                )
                problems.append(f"{cards.PATH}: the card of {name} must say {said}, as its record does")
        except BadPage as error:
            problems.append(str(error))
    return problems


def of_paths(paths: Mapping[str, bool], packages: Mapping[str, Package | None]) -> list[str]:
    """Which of the paths (each with whether it is gone) no request may change: all but index.html and its packages'.

    A package's are its record, the descriptions that it names, and those that are gone. Where it is None, since the
    request takes it away, it is whatever lay in its folder.
    """
    problems = []
    for path in sorted(paths):
        folder, _, file = path.partition("/")
        own = file and folder in packages and _may_change(file, packages[folder], paths[path])
        if path != cards.PATH and not own:
            problems.append(f"{path}: no request of this index changes that: propose it on a branch of another name")
    return problems


def _may_change(file: str, package: Package | None, gone: bool) -> bool:
    if package is None:
        return gone
    named = {release.description for release in package.releases}
    return file == "index.html" or file in named or (gone and bool(_DESCRIPTION.fullmatch(file)))


def _elements(page: Page) -> dict[str, str]:
    """The elements of a record's releases by version, each without its indentation. Raises BadPage."""
    return {
        element.attributes["data-release"]: _flat(page.text[element.start : element.end])
        for element in record.places(page)
    }


def _elements_before(path: str, text: str | None) -> dict[str, str]:
    """The same of a page as it was; none where there was none, or a broken one."""
    try:
        return _elements(Page(path, text)) if text is not None else {}
    except BadPage:
        return {}


def _flat(text: str) -> str:
    return "".join(line.strip(" \t") for line in re.split(r"\r?\n", text))


def _of_name(name: str) -> list[str]:
    try:
        right: str = values.package_name(name)
    except BadValue as error:
        return [f'{cards.PATH}: data-package="{name}": {error}']
    if right != name:
        return [f'{cards.PATH}: data-package="{name}" is not in normal form: write {right}']
    return [f'{cards.PATH}: data-package="{name}" is a folder of this repository'] if name in RESERVED else []


def _published(page: Page, package: Package) -> list[str]:
    """What would keep the record from being published: hashes that differ, and links that are no file links."""
    made: dict[str, File] = {}
    problems = []
    for release in package.releases:
        try:
            made[release.version], _ = files.of(package, release, page.path)
        except BadPage as error:
            problems.append(str(error))
    if not problems:
        try:
            pages.package_page(page, package, made, places.Site(), "")
        except BadPage as error:
            problems.append(str(error))
    return problems
