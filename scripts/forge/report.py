"""What a run says: on the terminal, and in Actions as an annotation and in the job's summary."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from scripts.errors import plain


def failure(message: str, *, more: bool = False) -> None:
    """Say in one line what went wrong: on standard error, as an error annotation and in the job's summary.

    `more` says that it is not the first one of a run, whose heading it stands under.
    """
    line = _line(message)
    print(f"error: {line}", file=sys.stderr)
    _annotate("error", line)
    summary(code(line) if more else f"### This did not work\n\n{code(line)}")


def notice(message: str) -> None:
    """Say something that people may want to know, and that is no error."""
    line = _line(message)
    print(line)
    _annotate("notice", line)


def summary(text: str) -> None:
    """Add Markdown to the job's summary (GITHUB_STEP_SUMMARY); nothing outside of Actions."""
    if path := os.environ.get("GITHUB_STEP_SUMMARY"):
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(text.rstrip() + "\n\n")


def code(text: str) -> str:
    """Text from anywhere as a Markdown code span (CommonMark, section 6.1): shown as it is, whatever it holds."""
    text = " ".join(text.split())
    fence = "`"
    while fence in text:
        fence += "`"
    pad = " " if text.startswith("`") or text.endswith("`") or not text else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def _line(message: str) -> str:
    """One line that does nothing to a terminal, and holds no command of the runner's older kind, ##[name]."""
    return plain(" ".join(message.split())).replace("##[", "##\\[")


def _annotate(kind: str, line: str) -> None:
    """A workflow command; its data is escaped as the runner's own toolkit does."""
    if os.environ.get("GITHUB_ACTIONS") == "true":
        escaped = line.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
        print(f"::{kind}::{escaped}")
