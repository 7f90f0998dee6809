"""static/pep440.js takes, orders and writes versions as the library `packaging` does."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import pytest
from packaging.version import InvalidVersion, Version

from tests.static import grammar

if TYPE_CHECKING:
    from random import Random

    from tests.static.node import Node

MODULE = "pep440.js"
LONG = 1_000_000  # characters: with time that grows as the square, a test would not end before its time limit
EQUAL = [
    ("1.0", " v1.0.0\n"),
    ("1.0-1", "1.0.post1"),
    ("1.0r", "1.0.POST0"),
    ("1.0c1", "1.0_preview_1"),
    ("1.0alpha", "1a0"),
    ("0!1", "1.00"),
    ("1+ABC-01", "1.0+abc.1"),
    (f"1.{2**53:030}", f"1.{2**53}"),
]
ASCENDING = (
    *("1.0.dev1", "1.0a1.dev1", "1.0a1", "1.0a1.post1.dev1", "1.0a1.post1", "1.0b1", "1.0rc1", "1.0rc2", "1.0rc10"),
    *("1.0", "1.0+a", "1.0+a.a", "1.0+b", "1.0+1", "1.0+1.a", "1.0+1.0", "1.0+2", "1.0+10"),
    *("1.0.post1.dev1", "1.0.post1", "1.0.1", "1.1", "1.9007199254740992", "1.9007199254740993", "1!0.1", "2!0"),
)


def read(text: str) -> Version | None:
    try:
        return Version(text)
    except InvalidVersion:
        return None


def as_data(version: Version | None) -> dict[str, Any] | None:
    """What `parse` gives for a version: numbers as texts of digits."""
    if version is None:
        return None
    return {
        "epoch": str(version.epoch),
        "release": [str(part) for part in version.release],
        "pre": None if version.pre is None else [version.pre[0], str(version.pre[1])],
        "post": None if version.post is None else str(version.post),
        "dev": None if version.dev is None else str(version.dev),
        "local": None if version.local is None else version.local.split("."),
    }


def sign(first: Version, second: Version) -> int:
    return (first > second) - (first < second)


def check_texts(node: Node, texts: list[str]) -> list[str]:
    """That each text is parsed, or refused, as `packaging` does it; gives those that are versions."""
    parsed = node.values(MODULE, [["parse", text] for text in texts])
    expected = [read(text) for text in texts]
    wrong = [
        (text, got, want)
        for text, got, want in zip(texts, parsed, expected, strict=True)
        if got != as_data(want)
    ]  # fmt: skip
    assert wrong == []
    valid = [text for text, version in zip(texts, expected, strict=True) if version]
    written = node.values(MODULE, [[name, text] for text in valid for name in ("normalize", "isPrerelease")])
    assert written == [fact for text in valid for fact in (str(Version(text)), Version(text).is_prerelease)]
    return valid


def test_versions_of_the_whole_grammar(node: Node, random: Random) -> None:
    texts = [grammar.version(random) for _ in range(8000)]
    assert check_texts(node, texts) == texts


def test_texts_near_the_grammar(node: Node, random: Random) -> None:
    texts = [grammar.damaged(random, grammar.version(random)) for _ in range(12000)]
    assert 0.1 < len(check_texts(node, texts)) / len(texts) < 0.9


@pytest.mark.slow
def test_every_text_of_up_to_four_tokens(node: Node) -> None:
    check_texts(node, ["".join(tokens) for n in range(5) for tokens in itertools.product(grammar.TOKENS, repeat=n)])


@pytest.mark.slow
def test_every_character_around_a_version(node: Node) -> None:
    """White space is Python's; of the rest only what may begin or end a version stays one."""
    characters = [chr(code) for code in range(0x10000) if not 0xD800 <= code < 0xE000]
    check_texts(node, [text for character in characters for text in (f"{character}1.0", f"1.0{character}")])


@pytest.mark.slow
def test_pairs(node: Node, random: Random) -> None:
    """In both directions, as texts and as parsed versions."""
    texts = [grammar.version(random) for _ in range(6000)]
    pairs = [(random.choice(texts), random.choice(texts)) for _ in texts]
    # Neighbours in order are the closest pairs that there are.
    pairs += itertools.pairwise(sorted(texts, key=Version))
    parsed = dict(zip(texts, node.values(MODULE, [["parse", text] for text in texts]), strict=True))
    calls = [["compare", a, b] for a, b in pairs]
    calls += [["compare", parsed[b], a] for a, b in pairs]
    expected = [sign(Version(a), Version(b)) for a, b in pairs] + [sign(Version(b), Version(a)) for a, b in pairs]
    assert node.values(MODULE, calls) == expected
    assert set(expected) == {-1, 0, 1}


def test_order_of_every_kind(node: Node) -> None:
    pairs = list(itertools.product(enumerate(ASCENDING), repeat=2))
    got = node.values(MODULE, [["compare", a, b] for (_, a), (_, b) in pairs])
    assert got == [(i > j) - (i < j) for (i, _), (j, _) in pairs]


def test_spellings_of_one_version(node: Node) -> None:
    assert node.values(MODULE, [["compare", a, b] for a, b in EQUAL]) == [0] * len(EQUAL)


def test_what_is_no_version(node: Node) -> None:
    texts: list[Any] = ["", "  ", "release-1.0", "1.0-foo", "1..0", "1.0+", "1.0+a..b", "1!", "vv1", *grammar.STRANGE]
    assert node.values(MODULE, [["parse", text] for text in [*texts, None, 1.0, [], {}]]) == [None] * (len(texts) + 4)
    errors = node.run(MODULE, [["normalize", "x" * 999], ["isPrerelease", None], ["compare", "1", "y"]])
    assert [result["error"] for result in errors] == [
        "TypeError: not a version: " + "x" * 100,
        "TypeError: not a version: null",
        "TypeError: not a version: y",
    ]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("1" * LONG, True),
        ("1" * LONG + "x", False),
        ("0" * LONG + "1", True),
        ("1." * (LONG // 2) + "1", True),
        ("1." * (LONG // 2), False),
        (" " * LONG + "1" + " " * LONG, True),
        (" " * LONG + "1" + " " * LONG + "x", False),
        ("1+" + "a." * (LONG // 2) + "a", True),
        ("1+" + "a1-" * (LONG // 3), False),
        ("1+" + "1" * LONG + "!", False),
        ("1a" * (LONG // 2), False),
        ("1-" * (LONG // 2), False),
        ("1!" * (LONG // 2), False),
        ("v" * LONG, False),
        ("1a" + "1" * LONG + ".post" + "1" * LONG + ".dev" + "1" * LONG + "\u212a", False),
    ],
    ids=lambda value: value[:8].strip() if isinstance(value, str) else "",
)
def test_long_texts_end(node: Node, text: str, valid: bool) -> None:
    [parsed] = node.values(MODULE, [["parse", text]])
    assert (parsed is not None) is valid
    if valid:
        assert node.values(MODULE, [["compare", text, text], ["compare", parsed, "1.0"]])[0] == 0
