"""A change set: what an index says before, what a request makes of it, and the files that differ. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scripts.pages import cards, record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scripts.model import Findings, Package, Release


@dataclass(frozen=True)
class Texts:
    """The index as far as one package is concerned.

    `page` is the text of its record, None without one. `files` are those of its folder, each with its git blob id;
    `entries` the names at the top of the repository.
    """

    index: str
    template: str
    page: str | None
    files: Mapping[str, str]
    entries: frozenset[str]


@dataclass(frozen=True)
class ChangeSet:
    """The files that a request writes (None: takes away), and what a reviewer needs to know of it.

    `branch` is derived from the request alone. `before` and `after` are the package's record, None where there is
    none; `added` the releases that are new in it; `left_out` tags that could not become releases, and why; `page` the
    text of the record before.
    """

    verb: str
    name: str
    branch: str
    title: str
    files: Mapping[str, str | None]
    before: Package | None
    after: Package | None
    added: tuple[Release, ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()
    page: str | None = None


@dataclass(frozen=True)
class Request:
    """What names a change: its branch is `index/VERB/NAME` or `index/VERB/NAME-SUFFIX`."""

    verb: str
    name: str
    title: str
    suffix: str = ""

    @property
    def branch(self) -> str:
        return f"index/{self.verb}/{self.name}" + (f"-{self.suffix}" if self.suffix else "")


def branch_version(release: Release) -> str:
    """The version with a dot in it, which no name has: `foo` 1 and the package `foo-1` get different branches."""
    text, parsed = release.version, release.parsed_version
    epoch = f"{parsed.epoch}!" if parsed.epoch else ""
    if len(parsed.release) == 1:
        number = f"{epoch}{parsed.release[0]}"
        text = text.replace(number, f"{number}.0", 1)
    return f"{text[:-5]}_lock" if text.endswith(".lock") else text  # git keeps that ending for itself


def compare(
    request: Request,
    texts: Texts,
    before: Package | None,
    after: Package | None,
    beside: Mapping[str, str],
    findings: Findings | None,
) -> ChangeSet:
    """Compare what the index says with what it is to say; the files that stay the same are left out."""
    name, page = request.name, record.path_of(request.name)
    files: dict[str, str | None] = {}
    if after is None:
        files[cards.PATH] = cards.drop(texts.index, name)
        files |= dict.fromkeys(f"{name}/{file}" for file in sorted(texts.files))
    else:
        files[cards.PATH] = cards.put(texts.index, after)
        source = (record.TEMPLATE, texts.template) if texts.page is None else (page, texts.page)
        files[page] = record.write(*source, after)
        files |= {f"{name}/{file}": text for file, text in beside.items()}
        named = {release.description for release in after.releases}
        dropped = {release.description for release in before.releases} - named if before else set()
        files |= dict.fromkeys(f"{name}/{file}" for file in dropped & texts.files.keys())
    there = {cards.PATH: texts.index, page: texts.page}
    there_before = {release.version for release in before.releases} if before else set()
    return ChangeSet(
        verb=request.verb,
        name=name,
        branch=request.branch,
        title=request.title,
        files={path: text for path, text in files.items() if path not in there or there[path] != text},
        before=before,
        after=after,
        added=tuple(release for release in (after.releases if after else ()) if release.version not in there_before),
        left_out=findings.left_out if findings else (),
        page=texts.page,
    )
