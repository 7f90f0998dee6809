"""What a run says, and that nothing in it is taken for a command."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scripts.forge import report
from tests.forge.markdown import live, shown

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE = "one\n::error::two\r\n##[add-mask]three\x1b[31m %0A::warning::four `five` | <b> @octocat \u202e"


def test_a_failure_is_one_line_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    report.failure("this is wrong: do that")
    assert capsys.readouterr() == ("", "error: this is wrong: do that\n")


def test_a_notice_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    report.notice("this was done")
    assert capsys.readouterr() == ("this was done\n", "")


def test_in_actions_there_are_annotations(
    capsys: pytest.CaptureFixture[str], clean_environment: pytest.MonkeyPatch
) -> None:
    clean_environment.setenv("GITHUB_ACTIONS", "true")
    report.failure("50% wrong: do that")
    report.notice("done")
    out, err = capsys.readouterr()
    assert out.splitlines() == ["::error::50%25 wrong: do that", "done", "::notice::done"]
    assert err == "error: 50% wrong: do that\n"


@pytest.mark.parametrize("say", [report.failure, report.notice])
def test_no_text_becomes_a_command_of_the_runner_or_of_the_terminal(
    capsys: pytest.CaptureFixture[str], clean_environment: pytest.MonkeyPatch, say: type
) -> None:
    clean_environment.setenv("GITHUB_ACTIONS", "true")
    say(HOSTILE)
    out, err = capsys.readouterr()
    lines = (out + err).splitlines()
    assert len([line for line in lines if line.lstrip().startswith("::")]) == 1
    assert len(lines) == 2
    assert "##[" not in out + err
    assert all(line.isprintable() for line in lines)
    assert "%250A::warning::four" in out, "a percent sign is data, too"


def test_the_summary_of_the_job(tmp_path: Path, clean_environment: pytest.MonkeyPatch) -> None:
    report.summary("nowhere to write it")
    path = tmp_path / "summary.md"
    clean_environment.setenv("GITHUB_STEP_SUMMARY", str(path))
    report.summary("One\n")
    report.summary("Zwei ✓")
    assert path.read_text("utf-8") == "One\n\nZwei ✓\n\n"


def test_a_failure_in_the_summary_is_text(tmp_path: Path, clean_environment: pytest.MonkeyPatch) -> None:
    path = tmp_path / "summary.md"
    clean_environment.setenv("GITHUB_STEP_SUMMARY", str(path))
    report.failure(HOSTILE)
    text = path.read_text("utf-8")
    assert "@octocat" in text
    assert live(text).split() == ["###", "This", "did", "not", "work"]


@pytest.mark.parametrize(
    "text", ["x", "", " ", "`", "``", "a`b``c```d", "`x`", "\\`", "x`", "a | b", "<b>", "**x**", "[x](y)", "é 🙂"]
)
def test_code_shows_a_text_as_it_is(text: str) -> None:
    assert live(report.code(text)).strip() == ""
    assert shown(report.code(text)).strip() == text.strip()
