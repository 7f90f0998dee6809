"""Markdown as GitHub reads it, as far as a pull request's text goes: what is live in it, and what its tables show."""

from __future__ import annotations

import re

_RUN = re.compile("`+")
_LINK = re.compile(r"\[([^\[\]]*)\]\(<([^<>]*)>\)")
_MARK = re.compile("\0(\\d+)\0")


def live(text: str) -> str:
    """What is left of a text without its code spans and the destinations of its links: there Markdown acts."""
    return "\n".join(_LINK.sub(r"[\1]", _MARK.sub("", _without_spans(line)[0])) for line in text.splitlines())


def shown(text: str) -> str:
    """A line as a reader sees it: code spans and links by their text."""
    line, inner = _without_spans(text)
    return _MARK.sub(lambda mark: inner[int(mark[1])], _LINK.sub(r"\1", line))


def links(text: str) -> dict[str, str]:
    """The destinations of a text's links, by what they show."""
    found = {}
    for row in text.splitlines():
        line, inner = _without_spans(row.replace("\\|", "|"))
        for label, destination in _LINK.findall(line):
            found[_MARK.sub(lambda mark: inner[int(mark[1])], label)] = destination  # noqa: B023 - called at once
    return found


def tables(text: str) -> list[list[list[str]]]:
    """The tables of a text (GFM, section 4.10), each as rows of cells as a reader sees them; the head first."""
    found: list[list[list[str]]] = []
    inside = False
    for line in text.splitlines():
        if not line.startswith("|"):
            inside = False
            continue
        cells = [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if set("".join(cells)) == {"-"}:
            continue
        if not inside:
            found.append([])
        inside = True
        found[-1].append([shown(cell) for cell in cells])
    return found


def facts(text: str) -> dict[str, str]:
    """The rows of the tables of two columns, as a mapping."""
    return {row[0]: row[1] for table in tables(text) for row in table if len(row) == 2}


def _without_spans(line: str) -> tuple[str, list[str]]:
    """A line with a mark in place of each code span (CommonMark, section 6.1), and what the spans show."""
    kept, inner, position = "", [], 0
    while opening := _RUN.search(line, position):
        closing = next((run for run in _RUN.finditer(line, opening.end()) if len(run[0]) == len(opening[0])), None)
        kept += line[position : opening.start()]
        if closing is None:  # a run that nothing closes is text
            kept, position = kept + opening[0], opening.end()
            continue
        text = line[opening.end() : closing.start()]
        inner.append(text[1:-1] if text[:1] == text[-1:] == " " and text.strip() else text)
        kept, position = f"{kept}\0{len(inner) - 1}\0", closing.end()
    return kept + line[position:], inner
