"""What static/pypi.js makes of PyPI's versions and this index's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.static.node import Node

MODULE = "pypi.js"

# PyPI's versions, ours, and the verdict; `~` marks a yanked one.
TABLE = [
    # Stable releases on both.
    ("0.9", "1.0", "caution 0.9"),
    ("1.0", "1.0", "danger 1.0"),
    ("1.0.0", "1.0", "danger 1.0.0"),
    ("1.1", "1.0", "danger 1.1"),
    ("0.9 1.1 1.0", "1.0 0.8", "danger 1.1"),
    ("0.9 0.8", "1.0 0.7", "caution 0.9"),
    ("1.10", "1.9", "danger 1.10"),
    ("1.9", "1.10", "caution 1.9"),
    ("1!0.1", "2026.11", "danger 1!0.1"),
    ("2026.11", "1!0.1", "caution 2026.11"),
    ("1.0", "1.0+cu1", "caution 1.0"),
    ("1.0+cu1", "1.0", "danger 1.0+cu1"),
    ("1.0+cu1", "1.0+cu1", "danger 1.0+cu1"),
    ("1.0.post1", "1.0", "danger 1.0.post1"),
    ("9007199254740993", "9007199254740992", "danger 9007199254740993"),
    # A pre-release counts only where neither index has a stable release.
    ("2.0a1", "1.0", "caution 2.0a1"),
    ("2.0.dev1", "1.0", "caution 2.0.dev1"),
    ("2.0rc1 0.9", "1.0", "caution 0.9"),
    ("0.1", "2.0a1", "danger 0.1"),
    ("0.1 3.0a1", "2.0a1", "danger 0.1"),
    ("2.0a1", "1.0 3.0a1", "caution 2.0a1"),
    ("2.0a2", "2.0a1", "danger 2.0a2"),
    ("2.0a1", "2.0a1", "danger 2.0a1"),
    ("2.0.dev1", "2.0a1", "caution 2.0.dev1"),
    # What is yanked counts only where nothing else is left.
    ("1.1~", "1.0", "caution 1.1"),
    ("1.0~", "1.0", "caution 1.0"),
    ("1.1~ 0.9", "1.0", "caution 0.9"),
    ("0.9", "1.0~", "danger 0.9"),
    ("0.9", "1.0~ 0.8", "danger 0.9"),
    ("1.1~", "1.0~", "danger 1.1"),
    ("1.0~", "1.0~", "danger 1.0"),
    ("0.9~", "1.0~", "caution 0.9"),
    ("2.0a1~", "1.0a1", "caution 2.0a1"),
    ("0.1a1", "2.0a1~", "danger 0.1a1"),
    # A stable release hides pre-releases even if it is yanked.
    ("0.1~", "2.0a1", "danger 0.1"),
    ("0.1~ 3.0a1", "2.0a1", "danger 0.1"),
    ("3.0a1", "0.1~ 2.0a1", "caution 3.0a1"),
    ("3.0a1", "0.1~", "caution 3.0a1"),
    ("0.1~ 3.0a1", "0.2~", "caution 0.1"),
    # One side alone.
    ("", "1.0", "clear"),
    ("", "", "clear"),
    ("1.0", "", "danger 1.0"),
    ("1.0~", "", "danger 1.0"),
    # Ours are skipped where they are no versions, as an installer does.
    ("0.1", "release-9", "danger 0.1"),
]
# The same, with the version that the command pins.
PINNED = [
    ("0.9", "1.0 0.9", "0.9", "danger 0.9"),
    ("0.9.0", "1.0 0.9", "0.9", "danger 0.9.0"),
    ("2.0", "1.0", "1.0", "caution 2.0"),
    ("1.0~", "1.0", "1.0", "caution 1.0"),
    ("1.0", "1.0~", "1.0", "danger 1.0"),
    ("1.0~", "1.0~ 2.0", "1.0", "danger 1.0"),
    ("1.0+cu1", "1.0", "1.0", "danger 1.0+cu1"),
    ("1.0+cu1", "1.0", "1", "danger 1.0+cu1"),
    ("1.0", "1.0+cu1", "1.0", "caution 1.0"),
    ("1.0", "1.0+cu1", "1.0+cu1", "caution 1.0"),
    ("1.0a1 1.0", "1.0a1", "1.0a1", "danger 1.0a1"),
    ("1.0", "1.0a1", "1.0a1", "caution 1.0"),
    ("", "1.0", "1.0", "clear"),
    ("1.1", "1.0", "no version", "danger 1.1"),
]


def offered(text: str) -> list[dict[str, Any]]:
    return [{"version": word.removesuffix("~"), "yanked": word.endswith("~")} for word in text.split()]


def answer(text: str) -> dict[str, Any]:
    return {"known": True, "exists": True, "versions": offered(text)}


def verdict(text: str) -> dict[str, str | None]:
    level, _, version = text.partition(" ")
    return {"level": level, "version": version or None}


@pytest.fixture(scope="module")
def verdicts(node: Node) -> list[Any]:
    """Those of TABLE, and then those of PINNED."""
    calls: list[list[Any]] = [["verdict", answer(theirs), offered(ours)] for theirs, ours, _ in TABLE]
    calls += [["verdict", answer(theirs), offered(ours), {"pin": pin}] for theirs, ours, pin, _ in PINNED]
    return node.values(MODULE, calls)


@pytest.mark.parametrize("number", range(len(TABLE)))
def test_verdict(verdicts: list[Any], number: int) -> None:
    assert (*TABLE[number][:2], verdicts[number]) == (*TABLE[number][:2], verdict(TABLE[number][2]))


@pytest.mark.parametrize("number", range(len(PINNED)))
def test_verdict_of_a_pinned_command(verdicts: list[Any], number: int) -> None:
    got = verdicts[len(TABLE) + number]
    assert (*PINNED[number][:3], got) == (*PINNED[number][:3], verdict(PINNED[number][3]))


def test_what_is_not_known_is_never_clear(node: Node) -> None:
    unknown = {"known": False, "exists": False, "versions": []}
    calls = [["verdict", unknown, offered(ours)] for ours in ("1.0", "", "1.0~")]
    assert node.values(MODULE, calls) == [verdict("unknown")] * 3


def test_no_such_name(node: Node) -> None:
    absent = {"known": True, "exists": False, "versions": []}
    assert node.values(MODULE, [["verdict", absent, offered("1.0")]]) == [verdict("clear")]
