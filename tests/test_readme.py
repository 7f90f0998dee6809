"""What the README tells people to type and to copy fits what there is."""

from __future__ import annotations

import importlib
import re
import shlex
from typing import Any

import pytest
import yaml

from tests.factories import ROOT
from tests.workflows.documents import WORKFLOWS, load

README = (ROOT / "README.md").read_text("utf-8")
COMMANDS = re.findall(r"python -m scripts\.(\w+)([^`\n]*)", README)
FORMS = re.findall(r"gh workflow run (\S+)(.*)", README)
BLOCKS = re.findall(r"^```yaml\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(("verb", "rest"), COMMANDS, ids=lambda part: part.strip())
def test_a_command_is_understood(verb: str, rest: str) -> None:
    arguments = [argument.strip('"') for argument in shlex.split(rest, comments=True, posix=False)]
    if "--help" not in arguments:
        importlib.import_module(f"scripts.{verb}").parser().parse_args(arguments)


@pytest.mark.parametrize(("file", "rest"), FORMS, ids=lambda part: part.strip())
def test_a_form_has_the_fields(file: str, rest: str) -> None:
    inputs: dict[str, Any] = (load(WORKFLOWS / file)["on"]["workflow_dispatch"] or {}).get("inputs", {})
    given = dict(field.split("=", 1) for field in shlex.split(rest.replace(" -f ", " ")))
    assert given.keys() <= inputs.keys()
    for name, value in given.items():
        assert value in inputs[name].get("options", [value])
    assert {name for name, each in inputs.items() if each.get("required")} <= given.keys()


def test_a_packages_own_workflow_is_heard_by_sync() -> None:
    """The five lines send the event that sync waits for, with the field that it reads."""
    (block,) = (block for block in BLOCKS if "dispatches" in block)
    lines = block.splitlines()
    assert len(lines) == 5
    (job,) = yaml.safe_load(block).values()
    (step,) = job["steps"]
    sent = dict(field.split("=", 1) for field in shlex.split(step["run"])[4::2])
    assert sent["event_type"] in load(WORKFLOWS / "sync.yml")["on"]["repository_dispatch"]["types"]
    assert sent["client_payload[package]"]
    assert "github.event.client_payload.package" in (WORKFLOWS / "sync.yml").read_text("utf-8")


def test_every_workflow_and_every_verb_has_its_word() -> None:
    headings = set(re.findall(r"^### (\w+)$", README, re.MULTILINE))
    assert {path.stem for path in WORKFLOWS.iterdir()} - {"describe", "tests"} <= headings


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\((?!https?:|#)([^)]+)\)", README))))
def test_a_link_leads_somewhere(link: str) -> None:
    assert (ROOT / link).exists()
