"""Elements that the scripts make: a card of index.html and a release of a package page, as lines of HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag
from bs4.formatter import HTMLFormatter

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scripts.model import Package, Release


BADGES = {"private": "badge", "only pre-releases": "badge caution", "deprecated": "badge caution"}  # and their looks


class _AsWritten(HTMLFormatter):
    """Escapes what HTML must escape, and keeps attributes in the order in which they were given."""

    def __init__(self) -> None:
        super().__init__(entity_substitution=HTMLFormatter.REGISTRY["minimal"].entity_substitution)

    def attributes(self, tag: Tag) -> Iterable[tuple[str, str | None]]:
        return ((name, str(value)) for name, value in tag.attrs.items())


_SOUP = BeautifulSoup("", "lxml", multi_valued_attributes=None)
_FORMATTER = _AsWritten()


def make(name: str, content: str | list[Tag] = "", **attributes: str | None) -> Tag:
    """An element with text or with elements in it; `data_field` stands for `data-field`, None for no attribute."""
    written = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items() if value is not None}
    tag = _SOUP.new_tag(name, attrs=written)
    for child in content if isinstance(content, list) else [NavigableString(content)]:
        tag.append(child)
    return tag


def lines(tag: Tag) -> list[str]:
    """An element as HTML, one line a child that holds text, indented by two spaces a level."""
    children = [child for child in tag.children if isinstance(child, Tag)]
    if not children:
        return [tag.decode(formatter=_FORMATTER)]
    shell = make(tag.name)
    shell.attrs = tag.attrs
    opening, closing = shell.decode(formatter=_FORMATTER).rsplit("</", 1)
    inner = ["  " + line for child in children for line in lines(child)]
    if len(children) == 1 and len(inner) == 1:
        return [f"{opening}{inner[0].strip()}</{closing}"]
    return [opening, *inner, f"</{closing}"]


def card(package: Package) -> list[str]:
    """The card of a package on index.html. The text of its link is the name (PEP 503)."""
    return lines(
        make(
            "article",
            [
                make("h3", [make("a", package.name, href=f"{package.name}/")]),
                make("p", package.latest.version, class_="version", data_field="version"),
                make("p", package.about.summary, class_="summary", data_field="summary"),
                make("time", package.latest.date, data_field="date"),
                make("ul", badges(package), class_="badges", data_field="badges"),
            ],
            class_="card",
            data_package=package.name,
        )
    )


def badges(package: Package) -> list[Tag]:
    """What a card says of a package in a word, as the items of a list."""
    holds = (package.private, package.only_prereleases, package.is_deprecated)
    return [badge(text) for text, held in zip(BADGES, holds, strict=True) if held]


def badge(text: str) -> Tag:
    return make("li", text, class_=BADGES.get(text, "badge"))


def link(name: str, release: Release) -> str:
    """The address that pip installs a release from: the commit, never the tag (PEP 610's VCS form).

    The fragment has two parts, since an anchor with one alone makes uv refuse the page. A version with an epoch or a
    local part has no `egg`, since pip refuses a page where that holds `!` or `+`: pip passes over the link.
    """
    address = f"git+{release.repository}@{release.commit}#subdirectory={quote(release.subdirectory or '.')}"
    if set("!+") & set(release.version):
        return f"{address}&release={quote(release.version, safe='')}"
    return f"{address}&egg={name}-{release.version}"


def release_lines(name: str, release: Release) -> list[str]:
    """A release on the page of the package `name`, with every fact that the record keeps of it."""
    anchor = make(
        "a",
        f"{name} {release.version}",
        data_field="link",
        href=link(name, release),
        data_requires_python=release.requires_python or None,
        data_yanked=release.yanked,
    )
    marks = []
    if release.is_prerelease:
        marks.append(make("span", "pre-release", class_="mark prerelease"))
    if release.yanked is not None:
        marks.append(make("span", f"yanked: {release.yanked}".removesuffix(": "), class_="mark yanked"))
    seen, more = _facts(release)
    file = [make("dt", "File"), make("dd", [anchor])]
    return lines(
        make(
            "article",
            [
                make("h3", release.version),
                *([make("p", marks, class_="marks")] if marks else []),
                make("dl", seen),
                make("details", [make("summary", f"Details of {release.version}"), make("dl", file + more)]),
            ],
            class_="release",
            id=release.version,
            data_release=release.version,
        )
    )


def _facts(release: Release) -> tuple[list[Tag], list[Tag]]:
    """The facts of a release that are always in sight, and the others."""
    seen = (
        ("Date", "date", release.date),
        ("Requires Python", None, release.requires_python),
        ("Commit", "commit", release.commit),
    )
    more = (
        ("Tag", "tag", release.tag),
        ("Repository", "repository", release.repository),
        ("Subdirectory", "subdirectory", release.subdirectory),
        ("Depends on", "requires-dist", release.requires_dist),
        ("Extras", "provides-extra", release.provides_extra),
        ("Known only when built", "dynamic", release.dynamic),
        ("Built with", "build-requires", release.build_requires),
        ("Build backend", "build-backend", release.build_backend),
        ("Backend path", "backend-path", release.backend_path),
        ("Description", "description", release.description),
        ("SHA-256", "sha256", release.sha256),
    )
    return _terms(seen), _terms(more)


def _terms(facts: Iterable[tuple[str, str | None, str | tuple[str, ...]]]) -> list[Tag]:
    terms: list[Tag] = []
    for label, field, value in facts:
        if isinstance(value, str) and value:
            terms += [make("dt", label), make("dd", value, data_field=field)]
        elif value:
            terms += [make("dt", label), make("dd", [items(field, value)])]
    return terms


def items(field: str | None, values: Iterable[str]) -> Tag:
    return make("ul", [make("li", value) for value in values], data_field=field)
