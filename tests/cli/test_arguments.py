"""Command lines: what is missing, unknown, or said twice; each refusal is one line."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from importlib import import_module

import pytest

from tests.verbs import ROOT, VERBS, Index, command, contents, run


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("register", "the following arguments are required: REPOSITORY"),
        ("update", "the following arguments are required: PACKAGE"),
        ("delete", "the following arguments are required: PACKAGE"),
        ("yank", "the following arguments are required: PACKAGE, VERSION"),
        ("yank hello", "the following arguments are required: VERSION"),
        ("describe", "the following arguments are required: REPOSITORY|PACKAGE, --out"),
        ("describe octo/hello", "the following arguments are required: --out"),
        ("register octo/hello more", "unrecognized arguments: more"),
        ("register octo/hello --unknown", "unrecognized arguments: --unknown"),
        ("register octo/hello --summ x", "unrecognized arguments: --summ x"),
        ("delete hello --tag v1", "unrecognized arguments: --tag v1"),
        ("yank hello 1.0 --release x", "unrecognized arguments: --release x"),
        ("register octo/hello --tag", "argument --tag: expected one argument"),
        ("register octo/hello --all-tags=1", "argument --all-tags: ignored explicit argument '1'"),
        ("register octo/hello --publish-metadata sometimes", "invalid choice: 'sometimes'"),
        ("register octo/hello --tag v1 --all-tags", "--tag and --all-tags exclude each other: give one of them"),
        ("update hello --tag v1 --all-tags", "--tag and --all-tags exclude each other: give one of them"),
        ("describe octo/hello --tag v1 --all-tags --out x", "--tag and --all-tags exclude each other"),
        ("register 'git+https://github.com/octo/hello@v1' --all-tags", "--tag and --all-tags exclude each other"),
        ("register octo/hello '--x\ny\x1b[31m'", "unrecognized arguments: --x y\\x1b[31m"),
        ("register octo/hello " + "x" * 10_000, "unrecognized arguments: xxx"),
    ],
)
def test_a_command_line_that_asks_for_nothing(index: Index, line: str, says: str) -> None:
    before = contents(index.root)
    verb, *arguments = shlex.split(line)
    error = run(verb, *arguments).error
    assert says in error
    assert error.startswith(f"python -m scripts.{verb}: ")
    assert error.endswith("(--help tells more)")
    assert contents(index.root) == before


@pytest.mark.parametrize("verb", VERBS)
def test_help_as_a_command(verb: str) -> None:
    done = command(verb, "--help")
    assert done.said.startswith(f"usage: python -m scripts.{verb} [-h]")
    assert max(map(len, done.out.splitlines())) <= 80


@pytest.mark.parametrize("verb", VERBS)
def test_help_waits_for_nothing_that_takes_long(verb: str) -> None:
    """PyGithub, lxml and others are imported by those who need them."""
    program = f"import sys; from scripts import {verb}; {verb}.parser(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    heavy = {"github", "requests", "lxml", "bs4", "packaging", "pyproject_metadata", "urllib.request"}
    assert not heavy & {*done.stdout.split()}


def test_a_status_and_one_line_as_a_command(index: Index) -> None:
    done = command("register", "--nothing", "--root", index.root)
    required = "the following arguments are required: REPOSITORY"
    assert done.error == f"python -m scripts.register: {required} (--help tells more)"


@pytest.mark.parametrize("verb", VERBS)
def test_options_that_are_empty_count_as_not_given(verb: str) -> None:
    """Forms send every field, filled in or not."""
    parser = import_module(f"scripts.{verb}").parser()
    required = {"yank": ["hello", "1.0"], "describe": ["octo/hello", "--out", "x"]}.get(verb, ["hello"])
    options = [option for option in re.findall(r"(--[a-z-]+) [A-Z{]", parser.format_usage()) if option != "--out"]
    given = parser.parse_args([*required, *(f"{option}=" for option in options)])
    assert options
    assert given == parser.parse_args(required)
