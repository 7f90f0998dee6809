"""Packages and releases: the model refuses what is not valid, and knows which release is the latest."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scripts.errors import BadValue
from scripts.model import DYNAMIC_FIELDS, About, Package, Release, withholds
from tests import factories
from tests.factories import described, findings, package, release

RELEASE_TEXTS = [field.name for field in fields(Release) if field.type in ("str", "str | None")]
RELEASE_LISTS = [field.name for field in fields(Release) if field.type == "tuple[str, ...]"]
ABOUT_TEXTS = [field.name for field in fields(About) if field.type == "str"]
hostile = st.one_of(st.text(), st.sampled_from(factories.HOSTILE))


@pytest.mark.parametrize("field", [*RELEASE_TEXTS, *RELEASE_LISTS])
@given(value=hostile)
@example(value="../../etc/passwd")
@example(value="x" * 10_000)
@example(value="a;" + "(" * 1900)
@example(value="1.0\n")
def test_a_release_is_valid_or_refused_in_one_line(field: str, value: str) -> None:
    facts: dict[str, Any] = {field: (value,) if field in RELEASE_LISTS else value}
    try:
        made = replace(release(), **facts)
    except BadValue as error:
        assert str(error).isprintable()
    else:
        assert getattr(made, field) == facts[field]


@pytest.mark.parametrize("field", [*ABOUT_TEXTS, "keywords", "urls"])
@given(value=hostile)
@example(value="x" * 10_000)
def test_an_about_is_valid_or_refused_in_one_line(field: str, value: str) -> None:
    given: dict[str, Any] = {"keywords": (value,), "urls": ((value, "https://example.org"),)}
    try:
        About(**{field: given.get(field, value)})
    except BadValue as error:
        assert str(error).isprintable()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("version", "1.0-1"),  # not in normal form
        ("version", "v1.0"),
        ("version", "1.0/../x"),
        *(
            ("tag", tag)
            for tag in ("", "-x", "a..b", "a b", "a~1", "a^", "a:b", "a?", "a*", "a[b", "a\\b", "/a", "a/", "a//b")
        ),
        *(("tag", tag) for tag in (".a", "a/.b", "a.", "a.lock", "a.lock/b", "a@{b", "a\nb", "x" * 256)),
        *(("commit", commit) for commit in ("", "v1.0", "0" * 39, "0" * 41, "F" * 40, "0" * 40 + "\n")),
        *(
            ("date", date)
            for date in ("", "2026-01-31", "2026-1-31T1:0:0Z", "2026-02-30T12:00:00Z", "2026-01-31T12:00:00+01:00")
        ),
        ("repository", "acme/hello"),
        ("subdirectory", "a/../b"),
        ("subdirectory", "a//b"),
        *(("requires_python", text) for text in ("3.11", ">=3.x", ">= 3.11 <b>", ">=3.11\n")),
        ("requires_dist", ("a b",)),
        ("build_requires", ("-r x",)),
        ("provides_extra", ("X_y",)),  # not in normal form
        ("provides_extra", ("<b>",)),
        ("dynamic", ("name",)),
        *(("build_backend", text) for text in ("a b", "a:b:c", "1a", "a;b", "a\n", "<b>")),
        ("backend_path", ("..",)),
        ("backend_path", ("/",)),
        *(
            ("description", name)
            for name in ("index.html", "../1.0.md", "a/1.0.md", "1.0", "1.0.exe", ".md", "-1.md", "1.0.md\n")
        ),
        ("yanked", "a\nb"),
        ("yanked", "x" * 513),
    ],
)
def test_no_release(field: str, value: Any) -> None:
    with pytest.raises(BadValue) as caught:
        replace(release(), **{field: value})
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("date", ["1970-01-01T00:00:00Z", "2024-02-29T23:59:59Z"])
def test_dates_are_in_utc_to_the_second(date: str) -> None:
    assert release(date=date).date == date


def test_a_commit_may_be_a_sha256() -> None:
    assert release(commit="0" * 64)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "Public_Hello"),
        ("name", "../x"),
        ("project", "<b>"),
        ("repository", "acme/hello"),
        ("subdirectory", "/"),
        ("subdirectory", "./a"),
        ("publish_metadata", "sometimes"),
        ("typed", ("license",)),
        ("releases", ()),
    ],
)
def test_no_package(field: str, value: Any) -> None:
    with pytest.raises(BadValue) as caught:
        replace(package(), **{field: value})
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("summary", "a\nb"),
        ("author", "x" * 513),
        ("license", "a\tb"),
        ("homepage", "javascript:alert(1)"),
        ("keywords", ("x" * 101,)),
        ("urls", (("x" * 65, "https://example.org"),)),
        ("urls", (("Source", "example.org"),)),
    ],
)
def test_no_about(field: str, value: Any) -> None:
    with pytest.raises(BadValue):
        About(**{field: value})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("project", "a b"),
        ("description_type", "text/html"),
        ("description", "x" * 1_000_001),
        ("description", "a\0b"),
        ("description", "\ud800"),
    ],
)
def test_nothing_described(field: str, value: Any) -> None:
    with pytest.raises(BadValue) as caught:
        replace(described(), **{field: value})
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("left_out", [("a\nb", "why"), ("v1", "a\nb"), ("v1", "x" * 2001)])
def test_what_was_left_out_is_told_in_lines(left_out: tuple[str, str]) -> None:
    with pytest.raises(BadValue):
        findings("1.0", left_out=(left_out,))


@given(factories.packages())
def test_releases_are_kept_newest_first(made: Package) -> None:
    versions = [each.parsed_version for each in made.releases]
    assert versions == sorted(versions, reverse=True)
    assert replace(made, releases=made.releases[::-1]) == made


def test_a_version_stands_once() -> None:
    with pytest.raises(BadValue, match="stands twice"):
        package("1.0", "1.0.0")
    assert len(package("1.0", "1.0+local", "1!1.0", "1.0.post1", "1.0.dev0").releases) == 5


@pytest.mark.parametrize(
    ("versions", "yanked", "latest"),
    [
        (["1.0", "1.10", "1.9"], [], "1.10"),  # by version, not by letter
        (["1.0", "2.0rc1", "2.0.dev1"], [], "1.0"),  # stable before newer
        (["1.0", "1.1"], ["1.1"], "1.0"),
        (["1.0", "1.1rc1"], ["1.0"], "1.1rc1"),  # no stable one is offered
        (["1.0rc1", "1.0rc2"], [], "1.0rc2"),
        (["1.0", "1.1"], ["1.0", "1.1"], "1.1"),  # all are yanked
        (["1.0", "1.0.post1", "1.0+local"], [], "1.0.post1"),
        (["2026.1", "1!0.1"], [], "1!0.1"),
    ],
)
def test_latest(versions: list[str], yanked: list[str], latest: str) -> None:
    releases = [release(version, yanked="" if version in yanked else None) for version in versions]
    assert package(*releases).latest.version == latest


@pytest.mark.parametrize("wanted", ["1.0", "v1.0", "1.0.0", "1", "1.0 ".strip()])
def test_a_release_is_found_in_any_spelling_of_its_version(wanted: str) -> None:
    found = package("1.0", "1.0rc1").release(wanted)
    assert found
    assert found.version == "1.0"


def test_a_release_that_is_not_there() -> None:
    assert package("1.0").release("1.0rc1") is None
    with pytest.raises(BadValue):
        package("1.0").release("one")


def test_with_release_adds_or_takes_the_place() -> None:
    before = package("1.0", "2.0")
    assert before.with_release(release("1.5")).releases == (release("2.0"), release("1.5"), release("1.0"))
    yanked = release("1.0", yanked="broken")
    assert before.with_release(yanked).releases == (release("2.0"), yanked)


@pytest.mark.parametrize(("project", "is_alias"), [("public-hello", False), ("Public_Hello", False), ("hello", True)])
def test_an_alias_has_another_name_not_another_spelling(project: str, is_alias: bool) -> None:
    assert package(project=project).is_alias is is_alias


@pytest.mark.parametrize(
    ("private", "publish_metadata", "expected"),
    [
        (False, "auto", False),
        (True, "auto", True),
        (True, "always", False),
        (False, "never", True),
        (True, "never", True),
    ],
)
def test_private_stays_private(private: bool, publish_metadata: str, expected: bool) -> None:
    assert withholds(private, publish_metadata) is expected


@given(factories.releases(), factories.abouts(), factories.lines())
def test_what_is_withheld(found: Release, about: About, text: str) -> None:
    withheld = described(found, text, about=about).withheld()
    assert withheld == described(withheld.release, "", about=About(), description_type="text/plain")
    kept = {field: getattr(found, field) for field in RELEASE_TEXTS}
    assert {field: getattr(withheld.release, field) for field in RELEASE_TEXTS} == kept
    assert withheld.release.requires_dist == withheld.release.provides_extra == ()
    # Unknown, not none; and what was not known before still is not.
    assert set(withheld.release.dynamic) == {"requires-dist", "provides-extra"} | set(found.dynamic)
    assert set(withheld.release.dynamic) <= set(DYNAMIC_FIELDS)
