"""The house rules: imports go one way, pure rooms stay pure, modules stay small, and no trace of a machine is left."""

from __future__ import annotations

import ast
import importlib.metadata
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MADE = {
    ".git",
    ".venv",
    "_site",
    "node_modules",
    "__pycache__",
    ".hypothesis",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
}
FILES = [path for path in ROOT.rglob("*") if path.is_file() and not MADE & set(path.relative_to(ROOT).parts)]
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts): path.read_text("utf-8")
    for path in FILES
    if path.suffix == ".py"
}
SCRIPTS = {name: source for name, source in MODULES.items() if name.startswith("scripts.")}
# The frozen backends are published, not imported: they live alone in a pointer sdist.
BACKENDS = {name for name in SCRIPTS if name.startswith("scripts.site.backend.")}

# DESIGN, "Layout": each room may import of those before it, and of itself.
ROOMS = (
    *("errors", "values", "model", "workspace", "pages", "site", "sources", "forge"),
    *("change_set", "changes", "review", "cli"),
)
ENTRY_POINTS = "entry points"
# The edges know nothing of pages, and nothing of each other.
EDGES = {"workspace", "sources", "forge"}
PAGES = {"pages", "site", "change_set", "changes", "review"}
PURE = {"errors", "values", "model", *PAGES}
EFFECTS = ("os", "pathlib", "subprocess", "github", "requests", "shutil", "socket", "tempfile", "urllib.request")


def room(module: str) -> str:
    """The room of a module of scripts/; those at the top that are none are the entry points."""
    name = module.split(".")[1].replace("journal", "workspace")  # which has it for itself
    return name if name in ROOMS else ENTRY_POINTS


def imports(source: str) -> list[str]:
    """Every module or name that a module imports, at the top or in a function, for types or for use."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "an import names the whole path"
            found += [f"{node.module}.{alias.name}" for alias in node.names]
    return found


def is_of(name: str, library: str) -> bool:
    return name == library or name.startswith(f"{library}.")


def offences(module: str, source: str) -> list[str]:
    """The imports of a module that break a rule."""
    own = room(module)
    allowed = {*ROOMS, ENTRY_POINTS} if own == ENTRY_POINTS else set(ROOMS[: ROOMS.index(own) + 1])
    if own in EDGES:
        allowed -= (EDGES | PAGES) - {own}
    return [name for name in imports(source) if breaks_a_rule(name, own, allowed)]


def breaks_a_rule(name: str, own: str, allowed: set[str]) -> bool:
    if name.startswith("scripts."):
        return room(name) not in allowed
    if is_of(name, "github") and own != "forge":
        return True
    if own in PURE and any(is_of(name, effect) for effect in EFFECTS):
        return not name.startswith("pathlib.Pure")
    return is_of(name, "tests")


def test_imports_go_down_the_list() -> None:
    found = {module: offences(module, source) for module, source in SCRIPTS.items() if module not in BACKENDS}
    assert {module: broken for module, broken in found.items() if broken} == {}


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("scripts.model", "from scripts.pages import cards"),
        ("scripts.pages.cards", "from scripts import changes"),
        ("scripts.pages.cards", "import os.path"),
        ("scripts.pages.cards", "def f():\n    from pathlib import Path"),
        ("scripts.changes", "import subprocess"),
        ("scripts.values", "from urllib.request import urlopen"),
        ("scripts.sources.git", "from scripts.pages import cards"),
        ("scripts.sources.git", "from scripts.workspace import Folder"),
        ("scripts.sources.git", "if TYPE_CHECKING:\n    from scripts.forge.client import connect"),
        ("scripts.forge.body", "from scripts.change_set import ChangeSet"),
        ("scripts.workspace", "from scripts.pages.cards import names"),
        ("scripts.workspace", "from github import Github"),
        ("scripts.cli.run", "from scripts.register import main"),
        ("scripts.register", "import github"),
        ("scripts.register", "from tests import factories"),
    ],
)
def test_what_the_rules_refuse(module: str, source: str) -> None:
    assert len(offences(module, source)) == 1


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("scripts.values", "from pathlib import PurePosixPath"),
        ("scripts.pages.cards", "from scripts.pages.markup import Page\nfrom urllib.parse import quote"),
        ("scripts.forge.body", "import github\nfrom scripts.model import Package"),
        ("scripts.register", "from scripts import changes\nfrom scripts.forge.client import connect"),
    ],
)
def test_what_the_rules_allow(module: str, source: str) -> None:
    assert offences(module, source) == []


def test_every_room_of_the_list_is_known() -> None:
    there = {room(module) for module in SCRIPTS}
    assert there - {ENTRY_POINTS} <= set(ROOMS)
    assert {"errors", "model", "pages", "changes", "cli", ENTRY_POINTS} <= there


def test_no_module_is_named_after_a_library() -> None:
    libraries = sys.stdlib_module_names | importlib.metadata.packages_distributions().keys()
    libraries -= {"scripts", "tests", "site"}  # scripts/site: DESIGN's own word for what is published
    named = {module for module in MODULES if module.rpartition(".")[2] in libraries}
    assert named == set()


def test_modules_are_small() -> None:
    sizes = {module: len(source.splitlines()) for module, source in MODULES.items()}
    assert {module: size for module, size in sizes.items() if size > (300 if module in SCRIPTS else 400)} == {}


def test_modules_say_what_they_are() -> None:
    said = {module: ast.get_docstring(ast.parse(source)) or "" for module, source in SCRIPTS.items()}
    first = {module: text.partition("\n")[0] for module, text in said.items()}
    assert {module: line for module, line in first.items() if not line.endswith((".", ":", "?"))} == {}


# Traces

TRACES = {
    "a folder of somebody's machine": re.compile(r"(?<![\w.:-])/(?:home|Users|opt|mnt|work)/\w|\b[A-Z]:\\+Users"),
    "this checkout": re.compile(re.escape(str(ROOT)) + r"\b"),
    "a registry that is not PyPI": re.compile(
        r"https?://(?!(?:[\w.-]+\.)?(?:pypi\.org|pythonhosted\.org|example)\b)"
        r"[\w.-]*(?:pypi|pythonhosted|registry|artifact|nexus|mirror|proxy|packages)[\w-]*\.[\w.-]+",
    ),
    "an index that is named to pip": re.compile(r"(?m)^--(?:extra-)?index-url|^--find-links|^--trusted-host"),
}


def traces(text: str) -> list[str]:
    return [f"{what}: {match[0]}" for what, pattern in TRACES.items() for match in pattern.finditer(text)]


def test_no_file_holds_a_trace_of_a_machine() -> None:
    others = [path for path in FILES if path != Path(__file__)]
    found = {path.relative_to(ROOT).as_posix(): traces(path.read_text("utf-8", "replace")) for path in others}
    assert {path: seen for path, seen in found.items() if seen} == {}


@pytest.mark.parametrize(
    "text",
    [
        "cd /home/ann/index",
        "PATH=/opt/tools/bin",
        "C:\\Users\\ann",
        f'"{ROOT}/scripts"',
        "https://pypi.corp.net/simple",
        "http://my-mirror.net:8080/x",
        "--index-url https://x",
    ],
)
def test_what_a_trace_is(text: str) -> None:
    assert traces(text)


@pytest.mark.parametrize(
    "text", ["https://pypi.org/simple/x", "https://files.pythonhosted.org/x", "https://mirror.example/"]
)
def test_what_is_no_trace(text: str) -> None:
    assert traces(text) == []
