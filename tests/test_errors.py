"""What errors say: one printable line that names the thing, and what was probably meant."""

from __future__ import annotations

import pytest

from scripts import errors

NASTY = "a\n::error::x\x1b[31m\u202e<b>" + "x" * 1000
NAMES = ["public-hello", "public-help", "other\nname"]


@pytest.mark.parametrize(
    "error",
    [
        errors.BadValue("name", NASTY, "is bad: mend it"),
        errors.BadPage("index.html", f'no element has data-field="x" in <article\n  title="{NASTY}">'),
        errors.BadPage(NASTY, "is a link"),
        errors.MissingFile(NASTY),
        errors.Refused(NASTY, NASTY),
        errors.NotRegistered(NASTY, NAMES),
        errors.NotRegistered("public-hell", NAMES),
        errors.NoSuchRelease("public-hello", NASTY, NAMES),
        errors.ReservedName("tests", NASTY),
        errors.Unreadable(NASTY, NASTY),
        errors.NoSuchTag("https://github.com/acme/hello", NASTY, NAMES),
        errors.NoSuchTag("https://github.com/acme/hello", "", NAMES),
        errors.BadProject("https://github.com/acme/hello", "v1.0", NASTY),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_error_is_one_printable_line(error: errors.Error) -> None:
    assert str(error).isprintable()
    assert error.args  # so that it is told apart in a log, and can be pickled


@pytest.mark.parametrize(
    ("wanted", "known", "said"),
    [
        ("public-helo", NAMES, "; did you mean public-hello, public-help?"),
        ("zzz", ["b", "a"], "; known: a, b"),
        ("zzz", [f"n{number}" for number in range(10)], "; known: n0, n1, n2, n3, n4, n5, n6, n7, …"),
        ("zzz", [], ""),
    ],
)
def test_nearest(wanted: str, known: list[str], said: str) -> None:
    assert errors.nearest(wanted, known) == said


def test_shown_is_cut_to_its_limit() -> None:
    assert errors.shown("x" * 80) == '"' + "x" * 80 + '"'
    assert errors.shown("x" * 81) == '"' + "x" * 79 + '…"'
    assert errors.shown('a"b\n') == '"a"b\\n"'


def test_a_release_that_moved_is_said_to_have_moved() -> None:
    same = errors.ReleaseExists("hello", "1.0", "0" * 40, "0" * 40)
    moved = errors.ReleaseExists("hello", "1.0", "0" * 40, "1" * 40)
    assert str(same) == "hello 1.0 is there already: tag a new version and update to that"
    assert "pinned to 000000000000 while its tag now names 111111111111" in str(moved)


def test_another_spelling_is_named() -> None:
    assert str(errors.AlreadyRegistered("Public_Hello", "public-hello")) == (
        'public-hello (another spelling of "Public_Hello") is registered already: use update to add a release'
    )
    assert "spelling" not in str(errors.AlreadyRegistered("public-hello", "public-hello"))
