"""Core metadata, as text that some project wrote, into what the index keeps. What is not fit to show is left out."""

from __future__ import annotations

import re
from email.utils import getaddresses
from typing import TYPE_CHECKING

from packaging.metadata import parse_email
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from scripts import values
from scripts.errors import BadValue
from scripts.model import DESCRIPTION_TYPES, About, Described, Release

if TYPE_CHECKING:
    from collections.abc import Callable

    from packaging.metadata import RawMetadata

    from scripts.sources.metadata import Metadata, Source


def described(source: Source, metadata: Metadata, commit: str, date: str) -> Described:
    """One release, from the metadata of its commit. Raises BadProject where that is not valid."""
    raw, _ = parse_email(metadata.text)
    try:
        release = Release(
            version=str(values.version(raw.get("version", ""))),
            tag=source.tag,
            commit=commit,
            date=date,
            repository=source.repository,
            subdirectory=source.subdirectory,
            requires_python=raw.get("requires_python", ""),
            requires_dist=tuple(_requirement(text) for text in raw.get("requires_dist", ())),
            provides_extra=tuple(canonicalize_name(extra) for extra in raw.get("provides_extra", ())),
            dynamic=tuple(sorted(metadata.dynamic)),
            build_requires=metadata.build_requires,
            build_backend=metadata.build_backend,
            backend_path=metadata.backend_path,
        )
        kind = raw.get("description_content_type", "text/x-rst").partition(";")[0].strip().lower()
        text = _present(raw.get("description", "")).strip("\r\n").rstrip()
        return Described(
            project=values.one_line("name", raw.get("name", ""), 100),
            release=release,
            about=_about(raw),
            description="\n".join(text.splitlines()) + "\n" if text else "",
            description_type=kind if kind in DESCRIPTION_TYPES else "text/plain",
        )
    except BadValue as error:
        raise source.error(f"its metadata is not valid: {error}") from error


def _requirement(text: str) -> str:
    try:
        return str(Requirement(text))
    except InvalidRequirement:
        return values.requirement("dependency", text)  # which says what is wrong with it


def _about(raw: RawMetadata) -> About:
    urls = {label: address for label, address in raw.get("project_urls", {}).items() if _fits(_url, label, address)}
    homepages = [address for label, address in urls.items() if re.sub(r"[\W_]", "", label).lower() == "homepage"]
    page = _present(raw.get("home_page", ""))
    keywords = [_text("keyword", keyword, 100) for keyword in raw.get("keywords", ())]
    return About(
        summary=_text("summary", raw.get("summary", "")),
        author=_text("author", _author(raw)),
        license=_text("license", _license(raw)),
        homepage=(homepages or [page if _fits(values.web_address, "homepage", page) else ""])[0],
        keywords=tuple(keyword for keyword in keywords if keyword),
        urls=tuple(urls.items()),
    )


def _author(raw: RawMetadata) -> str:
    """The authors' names; an address only where there is no name that it may belong to."""
    given = _present(raw.get("author", ""))
    listed = getaddresses([_present(raw.get("author_email", ""))])
    named = [name for name, _ in listed if name not in ("", "Unknown") and name not in given]
    return ", ".join(([given] if given else []) + named) or ", ".join(address for _, address in listed)


def _license(raw: RawMetadata) -> str:
    """The licence's SPDX expression, else what the project calls it in one line, else its classifier's last part."""
    found = raw.get("license_expression") or _present(raw.get("license", ""))
    if found and "\n" not in found:
        return found
    named = [text for text in raw.get("classifiers", ()) if text.startswith("License :: ")]
    return named[0].rpartition(" :: ")[2] if named else ""


def _present(text: str) -> str:
    """The text; "" for the word that older backends write for nothing."""
    return "" if text == "UNKNOWN" else text


def _text(field: str, text: str, limit: int = 512) -> str:
    """One clean line of it, or "" where that is not to be had."""
    line = " ".join(_present(text).split())
    return line if _fits(values.one_line, field, line, limit) else ""


def _url(label: str, address: str) -> None:
    values.one_line("project URL's label", label, 64)
    values.web_address("project URL", address)


def _fits(check: Callable[..., object], *arguments: object) -> bool:
    try:
        check(*arguments)
    except BadValue:
        return False
    return True
