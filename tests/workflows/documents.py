"""The workflow files as data: every scalar is the string that the file has."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
WORKFLOWS = ROOT / ".github" / "workflows"
LOCAL_ACTIONS = ROOT / ".github" / "actions"
STAND_INS = Path(__file__).parent / "actions"
FORMS = ("register", "update", "delete", "yank")

Document = dict[str, Any]

# Every action that a workflow may use, with the commit to pin and the version that it is. A new one is put here
# after reading it; a file that disagrees fails the tests.
PINS = {
    "actions/checkout": ("3d3c42e5aac5ba805825da76410c181273ba90b1", "v7.0.1"),
    "actions/setup-python": ("5fda3b95a4ea91299a34e894583c3862153e4b97", "v7.0.0"),
    "actions/upload-artifact": ("bbbca2ddaa5d8feaa63e36b76fdaad77386f024f", "v7.0.0"),
    "actions/download-artifact": ("3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c", "v8.0.1"),
    "actions/configure-pages": ("983d7736d9b0ae728b81ab479565c72886d7745b", "v5.0.0"),
    "actions/upload-pages-artifact": ("fc324d3547104276b827a68afc52ff2a11cc49c9", "v5.0.0"),
    "actions/deploy-pages": ("cd2ce8fcbc39b97be8ca5fce6e763baed58fa128", "v5.0.0"),
    "astral-sh/setup-uv": ("20cfd1bf945f4377ade1205e4dbc17946fc9a30d", "v10.0.1"),
}
# Actions of workflows that no test runs.
NOT_RUN_HERE = {
    "actions/configure-pages",
    "actions/upload-pages-artifact",
    "actions/deploy-pages",
    "astral-sh/setup-uv",
}


def files() -> list[Path]:
    """Every workflow and every action of this repository."""
    return sorted([*WORKFLOWS.glob("*.y*ml"), *LOCAL_ACTIONS.glob("*/action.y*ml")])


def workflows() -> list[Path]:
    """Every workflow."""
    return sorted(WORKFLOWS.glob("*.y*ml"))


def load(path: Path) -> Document:
    """One file as mappings, lists and strings: `on` stays "on", and `3.10` stays "3.10"."""
    document = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - strings only
    assert isinstance(document, dict), f"{path} is no mapping"
    return document


def jobs(document: Document) -> dict[str, Document]:
    """The jobs of a workflow by id; none for an action."""
    found: dict[str, Document] = document.get("jobs", {})
    return found


def steps(document: Document) -> Iterator[Document]:
    """Every step of a workflow or of a composite action."""
    yield from document.get("runs", {}).get("steps", [])
    for job in jobs(document).values():
        yield from job.get("steps", [])


def inputs(document: Document) -> dict[str, Document]:
    """The inputs of a form, of a workflow that others call, or of an action, by name."""
    triggers = document.get("on", {})
    asked = triggers.get("workflow_dispatch") or triggers.get("workflow_call") or document
    found: dict[str, Document] = asked.get("inputs", {})
    return found


def tool(name: str) -> str | None:
    """The path of a program: beside this Python, on PATH, or where `go install` puts it."""
    places = [str(Path(sys.executable).parent), os.environ.get("PATH", ""), str(Path.home() / "go" / "bin")]
    return shutil.which(name, path=os.pathsep.join(places))
