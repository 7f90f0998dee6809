"""Three-way merging of single values, and of text by line as git does it."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

T = TypeVar("T")
Chunk = tuple[list[str], list[str], list[str]]
_FIRST_MARK = "<<<<<<< ours\n"


class Differ(Exception):
    """Both sides changed one thing, and not alike."""


def three_way(base: T, ours: T, theirs: T) -> T:
    """Of two values, the one that was changed; raises Differ where both were, and not alike."""
    if theirs in (ours, base):
        return ours
    if ours == base:
        return theirs
    raise Differ


def merge_lines(base: str, ours: str, theirs: str) -> str:
    """The text with the changes of both sides, line by line; raises Differ where they meet."""
    return "".join(line for chunk in _chunks(base, ours, theirs) for line in three_way(*chunk))


def marked_lines(base: str, ours: str, theirs: str) -> str:
    """The same, with git's conflict markers where the changes meet.

    Where they do not, there is a conflict all the same (or nobody would ask): then all that differs is marked.
    """
    lines: list[str] = []
    for chunk in _chunks(base, ours, theirs):
        try:
            lines += three_way(*chunk)
        except Differ:
            lines += _marked(*chunk[1:])
    if _FIRST_MARK in lines:
        return "".join(lines)
    return "".join(
        line for _, one, two in _chunks(ours, ours, theirs) for line in (one if one == two else _marked(one, two))
    )


def _marked(ours: list[str], theirs: list[str]) -> list[str]:
    return [_FIRST_MARK, *_whole(ours), "=======\n", *_whole(theirs), ">>>>>>> theirs\n"]


def _whole(lines: list[str]) -> list[str]:
    return [line if line.endswith("\n") else f"{line}\n" for line in lines]


def _chunks(base: str, ours: str, theirs: str) -> Iterator[Chunk]:
    """The three texts cut at the lines that all of them have in common, each of which is a chunk of its own."""
    old, one, two = (text.splitlines(keepends=True) for text in (base, ours, theirs))
    in_one, in_two = _matches(old, one), _matches(old, two)
    at_old = at_one = at_two = 0
    for place in sorted(in_one.keys() & in_two.keys()):
        yield old[at_old:place], one[at_one : in_one[place]], two[at_two : in_two[place]]
        yield old[place : place + 1], old[place : place + 1], old[place : place + 1]
        at_old, at_one, at_two = place + 1, in_one[place] + 1, in_two[place] + 1
    yield old[at_old:], one[at_one:], two[at_two:]


def _matches(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """Which line of `old` is which line of `new`, in the order of both."""
    shortest = min(len(old), len(new))
    start = next((at for at in range(shortest) if old[at] != new[at]), shortest)
    end = next((at for at in range(shortest - start) if old[-1 - at] != new[-1 - at]), shortest - start)
    found = {at: at for at in range(start)}
    matcher = difflib.SequenceMatcher(None, old[start : len(old) - end], new[start : len(new) - end])
    for block in matcher.get_matching_blocks():
        found |= {start + block.a + at: start + block.b + at for at in range(block.size)}
    return found | {len(old) - at: len(new) - at for at in range(1, end + 1)}
