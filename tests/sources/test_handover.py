"""What a describe job hands over, and what is refused of it: the job that reads it trusts nothing."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from scripts.errors import BadValue
from scripts.model import About, Described, Findings, Release
from scripts.sources import handover

RELEASE = Release(
    version="1.0",
    tag="v1.0",
    commit="0" * 40,
    date="2026-01-31T12:00:00Z",
    repository="https://github.com/octo/hello",
    subdirectory="packages/hello",
    requires_python=">=3.9",
    requires_dist=("mydependency>=1.0", 'click; extra == "cli"'),
    provides_extra=("cli",),
    dynamic=("requires-dist",),
    build_requires=("hatchling",),
    build_backend="hatchling.build",
    backend_path=("backend",),
)
ABOUT = About("Says <hello>", "Ädä", "MIT", "https://example.org", ("a", "b"), (("Docs", "https://example.org/d"),))
DESCRIBED = Described("Hello", RELEASE, ABOUT, "# Hello\n\n<script>\U0001f642\n", "text/markdown")
FINDINGS = Findings(RELEASE.repository, RELEASE.subdirectory, True, (DESCRIBED,), (("v0.9", "it failed"),))


def test_what_is_handed_over_is_what_was_found() -> None:
    text = handover.dump(FINDINGS)
    assert text.isascii()
    assert handover.load(text) == FINDINGS
    assert handover.load(handover.dump(Findings(RELEASE.repository, "", False))).found == ()


def refused(text: str) -> str:
    with pytest.raises(BadValue) as error:
        handover.load(text)
    assert str(error.value).isprintable()
    assert len(str(error.value)) < 1000
    return str(error.value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no JSON",
        "null",
        "[]",
        "{}",
        '"findings"',
        "1",
        "NaN",
        "[" * 100_000,
        '{"a":' * 100_000,
        '{"repository": 1' + "0" * 10_000 + "}",
        "\ufeff{}",
    ],
    ids=lambda text: f"{text[:12]!r} ({len(text)})",
)
def test_what_is_no_findings_at_all(text: str) -> None:
    assert "release file" in refused(text)


def test_what_is_too_long_is_not_even_read() -> None:
    assert "is longer than 50000000 characters" in refused("[" * (handover.LIMIT + 1))


DATA = json.loads(handover.dump(FINDINGS))
Place = tuple[str | int, ...]


def places(value: Any, above: Place = ()) -> list[Place]:
    """The way to every value in a JSON document."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [above, *(place for key, item in items for place in places(item, (*above, key)))]


def at(place: Place) -> Any:
    """The value that the findings have in a place."""
    value = DATA
    for key in place:
        value = value[key]
    return value


def with_value(place: Place, value: Any) -> str:
    """The findings as JSON, with another value in a place."""
    for length in range(len(place), 0, -1):
        whole, key = copy.copy(at(place[: length - 1])), place[length - 1]
        whole[key] = value
        value = whole
    return json.dumps(value)


@pytest.mark.parametrize("place", places(DATA), ids=lambda place: ".".join(map(str, place)))
def test_each_value_must_be_of_its_type(place: Place) -> None:
    others = [value for value in (None, 1, 1.5, True, "x", [1], {"x": 1}) if type(value) is not type(at(place))]
    if place[-1:] == ("yanked",):  # a text, or nothing
        others.remove("x")
    for value in others:
        refused(with_value(place, value))


@pytest.mark.parametrize("place", [place for place in places(DATA) if isinstance(at(place), dict)])
def test_no_key_too_few_and_none_too_many(place: Place) -> None:
    whole = at(place)
    for key in whole:
        refused(with_value(place, {other: whole[other] for other in whole if other != key}))
    for key in ("unknown", "__class__", "__post_init__", "self", ""):
        assert "does not hold what describe writes" in refused(with_value(place, {**whole, key: "x"}))


RELEASE_AT, ABOUT_AT = ("found", 0, "release"), ("found", 0, "about")
NOT_VALID: dict[Place, tuple[Any, ...]] = {
    ("repository",): ("", "octo/hello", "https://x/y<script>", "ext::sh -c x", "https://a:b@c/d"),
    ("left_out",): ([["a\nb", "why"]], [["x" * 300, "why"]], [["v1", "a\nb"]], [["v1", "\ud800"]], [["v1"]]),
    (*RELEASE_AT, "version"): ("one", "1.0.0rc", "../1.0", "1.0\n", " 1.0", "1" * 200),
    (*RELEASE_AT, "tag"): ("", "-x", "a b", "a..b", "a\x00b", "x" * 300),
    (*RELEASE_AT, "commit"): ("", "main", "0" * 39, "G" * 40, "0" * 40 + "\n"),
    (*RELEASE_AT, "date"): ("", "now", "2026-01-31", "2026-13-31T12:00:00Z"),
    (*RELEASE_AT, "repository"): ("", "octo/hello", "javascript:x", "https://a:b@c/d"),
    (*RELEASE_AT, "subdirectory"): ("../x", "/etc", "a/../b", "./a", "a\\b"),
    (*RELEASE_AT, "requires_dist"): (["a b"], ["a\nb"], [""], ["x" * 3000]),
    (*RELEASE_AT, "dynamic"): (["version"], ["Requires-Dist"], [""]),
    (*RELEASE_AT, "build_backend"): ("a b", "os.system('x')", "../x"),
    (*RELEASE_AT, "backend_path"): ([".."], ["/etc"]),
    (*RELEASE_AT, "description"): ("../x.md", "index.html", "/x.md", "x.html"),
    (*ABOUT_AT, "summary"): ("a\nb", "x" * 10_000, "\u202e", "\ud800", "\x1b[0m"),
    (*ABOUT_AT, "homepage"): ("javascript:alert(1)", "example.org", "https://"),
    (*ABOUT_AT, "urls"): (
        [["x", "javascript:alert(1)"]],
        [["x", "data:text/html,x"]],
        [["x"]],
        [["a\nb", "http://x"]],
    ),
    ("found", 0, "project"): ("", "../x", "<b>", "-x", "x" * 300),
    ("found", 0, "description"): ("\ud800", "\x00", "x" * 1_000_001),
    ("found", 0, "description_type"): ("text/html", "", "image/svg+xml"),
}


@pytest.mark.parametrize("place", NOT_VALID, ids=lambda place: ".".join(map(str, place)))
def test_each_value_must_be_valid(place: Place) -> None:
    for value in NOT_VALID[place]:
        refused(with_value(place, value))
