"""Single values: what the index takes, what it refuses, and that a refusal is always a BadValue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scripts import values
from scripts.errors import BadValue
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Callable

CHECKS: dict[str, Callable[[str], object]] = {
    "one line": lambda value: values.one_line("summary", value),
    "name": values.package_name,
    "version": values.version,
    "web address": lambda value: values.web_address("homepage", value),
    "subdirectory": values.subdirectory,
    "requirement": lambda value: values.requirement("dependency", value),
    "repository": values.repository,
}


def refused(check: Callable[[str], object], value: str) -> str:
    """The sentence with which a check refuses a value."""
    with pytest.raises(BadValue) as caught:
        check(value)
    return str(caught.value)


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
@given(value=st.one_of(st.text(), st.sampled_from(factories.HOSTILE)))
@example(value="")
@example(value="x" * 10_000)
@example(value="\ud800")
@example(value="a; " + "(" * 1900)  # deeper than the parser of dependencies can go
@example(value="https://[::1/x")
@example(value="https://host:port/x")
@example(value="https://host:99999/x")
@example(value="https://host/%ff")
def test_any_text_is_taken_or_refused_in_one_line(check: Callable[[str], object], value: str) -> None:
    try:
        check(value)
    except BadValue as error:
        assert str(error).isprintable()
        assert len(str(error)) < 300


@pytest.mark.parametrize(
    "value", ["a\nb", "a\rb", "a\tb", "a\0b", "a\x1bb", "a\x85b", "a\u2028b", "a\u202eb", "a\u200fb"]
)
def test_control_characters_are_no_part_of_a_line(value: str) -> None:
    assert "control character" in refused(CHECKS["one line"], value)


@pytest.mark.parametrize("value", [" a", "a ", "a  b", "a\u00a0b", "a\u3000b"])
def test_spaces_of_a_line_stand_alone(value: str) -> None:
    assert "take them out" in refused(CHECKS["one line"], value)


def test_a_line_ends_at_its_limit() -> None:
    assert values.one_line("summary", "🙂" * 512) == "🙂" * 512
    assert "longer than 512" in refused(CHECKS["one line"], "x" * 513)
    assert "longer than 10 " in refused(lambda value: values.one_line("label", value, 10), "x" * 11)


@pytest.mark.parametrize("value", factories.HOSTILE)
def test_markup_is_text_like_any_other(value: str) -> None:
    assert values.one_line("summary", value) == value


@pytest.mark.parametrize("value", ["public-hello", "Public_Hello", "PUBLIC.HELLO", "public---hello", "Public.-_hello"])
def test_every_spelling_of_a_name_is_the_same_name(value: str) -> None:
    assert values.package_name(value) == "public-hello"


@pytest.mark.parametrize(
    "value",
    [
        "",
        "-a",
        "a-",
        ".a",
        "_",
        "..",
        "../a",
        "a/b",
        "a\\b",
        "/etc",
        "a b",
        "a\n",
        "<b>",
        "ü",
        "\u212a",
        "a\u0131",
        "x" * 101,
    ],
)
def test_no_name(value: str) -> None:
    assert refused(values.package_name, value).startswith("name ")


@pytest.mark.parametrize(
    ("value", "normal"),
    [("v1.0", "1.0"), ("1.0-RC1", "1.0rc1"), ("1.0.0", "1.0.0"), ("1!2", "1!2"), ("1.0+A_b", "1.0+a.b"), ("01", "1")],
)
def test_versions_are_read_as_pep_440_does(value: str, normal: str) -> None:
    assert str(values.version(value)) == normal


@pytest.mark.parametrize("value", ["", "x", "1.x", "../1.0", "1.0\n", "1.0+\u212a", "\u0661", "1" * 101, "<b>1</b>"])
def test_no_version(value: str) -> None:
    assert refused(values.version, value).startswith("version ")


@pytest.mark.parametrize("value", factories.ADDRESSES)
def test_web_address(value: str) -> None:
    assert values.web_address("homepage", value) == value


@pytest.mark.parametrize(
    "value",
    [
        "",
        "example.org",
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://x.y",
        "//x.y",
        "https://",
        "https://a b",
        "https:///x",
    ],
)
def test_no_web_address(value: str) -> None:
    assert "https://" in refused(CHECKS["web address"], value)


@pytest.mark.parametrize(
    ("value", "shortest"),
    [
        ("", ""),
        (".", ""),
        ("./", ""),
        ("a/", "a"),
        ("./a//b/.", "a/b"),
        *zip(factories.SUBDIRECTORIES, factories.SUBDIRECTORIES, strict=True),
    ],
)
def test_subdirectory(value: str, shortest: str) -> None:
    assert values.subdirectory(value) == shortest


@pytest.mark.parametrize(
    "value",
    [
        "..",
        "a/../b",
        "../a",
        "/",
        "/etc",
        "a\\b",
        "C:\\a",
        "~/a",
        "-a",
        "a&egg=b",
        "a#b",
        "a@b",
        "a%2e",
        "a?b",
        'a"b',
        "<a>",
        "a\nb",
        "a" * 256,
    ],
)
def test_no_subdirectory(value: str) -> None:
    assert refused(values.subdirectory, value).startswith("subdirectory ")


@pytest.mark.parametrize("value", factories.REQUIREMENTS)
def test_requirement(value: str) -> None:
    assert values.requirement("dependency", value) == value


@pytest.mark.parametrize("value", ["", "-r file", "a b", "a>=1;", "a @", "a\n", "../a", "a ; python_version"])
def test_no_requirement(value: str) -> None:
    assert refused(CHECKS["requirement"], value).startswith("dependency ")


@pytest.mark.parametrize("value", factories.REPOSITORIES)
def test_repository(value: str) -> None:
    assert values.repository(value) == value


@pytest.mark.parametrize(
    "value",
    [
        *(
            "",
            "acme/hello",
            "git@github.com:acme/hello",
            "git://host/x",
            "https://host",
            "https://host/",
            "file://host/x",
        ),
        *(
            "https://user@host/x",
            "https://user:secret@host/x",
            "ssh://git:secret@host/x",
            "https://host/x?a",
            "https://host/x#a",
        ),
        *(
            "https://host/a b",
            "https://host/<b>",
            "https://host/'",
            'https://host/"',
            "https://host/a\\b",
            "https://host/`x`",
        ),
        *("https://host/%ff", "https://host:0/x", "https://host:port/x", "https://[::1/x", "ext::sh -c x", "-u/x"),
    ],
)
def test_no_repository(value: str) -> None:
    assert refused(values.repository, value).startswith("repository ")


@pytest.mark.parametrize("value", ["https://user:secret@host/x", "https://secret@host/x", "ssh://a:secret@host:x/y"])
def test_a_secret_in_an_address_is_not_said(value: str) -> None:
    assert "secret" not in refused(values.repository, value)


def test_blob_id_is_git_s_own() -> None:
    assert values.blob_id(b"hello\n") == "ce013625030ba8dba906f756967f9e9ca394464a"
    assert values.blob_id(b"") == "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"
