"""What each form hands to the scripts: small programs stand in their place and say how they were started."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.workflows import steps
from tests.workflows.documents import FORMS, ROOT, files

if TYPE_CHECKING:
    from tests.workflows.machine import Machine, Outcome, Presser

pytestmark = pytest.mark.slow

TELL = """
import json, os, pathlib, sys
names = ("GITHUB_TOKEN", "PACKAGES_TOKEN", "GITHUB_API_URL", "GITHUB_REPOSITORY", "GITHUB_STEP_SUMMARY")
parent = pathlib.Path(f"/proc/{os.getppid()}/cmdline")
shell = b"bash" in parent.read_bytes() if parent.exists() else None
told = {"verb": pathlib.Path(sys.argv[0]).stem, "given": sys.argv[1:], "shell": shell}
print("CALL", json.dumps(told | {name: os.environ.get(name) for name in names}))
print("told", file=open(os.environ["GITHUB_STEP_SUMMARY"], "a"))
"""
DESCRIBE = """
if sys.argv[-1] == "acme/broken":
    sys.exit(1)
print("what was found", file=open(sys.argv[-3].removeprefix("--out="), "w"))
"""
VERB = """
for option in sys.argv:
    if option.startswith("--release=") and len(option) > 10:
        print("READ", open(option[10:]).read())
"""
HOSTILE = 'it\'s "a"; $(touch hacked) `touch hacked` && ${{ github.token }} -- --root=/ \\ %s * ; é\u202e'
NO_RELEASE = "no release, only the texts below"


@pytest.fixture
def told(machine: Machine) -> Machine:
    """The machine, for an index with this repository's workflows and programs that tell how they were started."""
    paths = [*files(), ROOT / "requirements.txt"]
    own = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in paths}
    stubs = {f"scripts/{verb}.py": TELL + VERB for verb in FORMS}
    machine.index.commit({**own, **stubs, "scripts/describe.py": TELL + DESCRIBE, "scripts/__init__.py": ""})
    return machine


def details(outcome: Outcome) -> list[dict[str, Any]]:
    """What each script that was started told of itself, in order."""
    return [json.loads(line) for line in re.findall("CALL (.*)", outcome.log)]


def calls(outcome: Outcome) -> dict[str, list[str]]:
    """The arguments of each script that was started, by its verb."""
    return {call["verb"]: call["given"] for call in details(outcome)}


def with_values(given: list[str]) -> list[str]:
    """The arguments without the options that are empty, which the scripts take for not given, and without folders."""
    return [re.sub(r"=/.*/", "=…/", option) for option in given if not option.endswith("=")]


def test_register(told: Machine, press: Presser) -> None:
    outcome = press(told, "register", {"repository": "acme/hello"})
    assert outcome.ok, outcome.log
    assert {verb: with_values(given) for verb, given in calls(outcome).items()} == {
        "describe": ["--publish-metadata=auto", "--out=…/release.json", "--", "acme/hello"],
        "register": ["--publish-metadata=auto", "--release=…/release.json", "--pull-request", "--", "acme/hello"],
    }
    assert "READ what was found" in outcome.log
    assert "told" in outcome.summary


def test_register_with_everything(told: Machine, press: Presser) -> None:
    texts = {name: f"a {name}" for name in ("name", "subdirectory", "summary", "author", "homepage")}
    choices = {"repository": "acme/hello", "tag": "v1", "all-tags": "true", "publish-metadata": "never"}
    outcome = press(told, "register", {**choices, **texts})
    assert {verb: set(with_values(given)) for verb, given in calls(outcome).items()} == {
        "describe": {
            *("--tag=v1", "--all-tags", "--name=a name", "--subdirectory=a subdirectory"),
            *("--publish-metadata=never", "--out=…/release.json", "--", "acme/hello"),
        },
        "register": {
            *("--tag=v1", "--all-tags", "--publish-metadata=never", "--release=…/release.json"),
            *(f"--{name}={text}" for name, text in texts.items()),
            *("--pull-request", "--", "acme/hello"),
        },
    }


@pytest.mark.parametrize(
    ("given", "options"),
    [
        ({}, []),
        ({"tag": "v2"}, ["--tag=v2"]),
        ({"what": "every release that is missing"}, ["--all-tags"]),
        ({"what": "every release that is missing", "tag": "v2"}, ["--tag=v2", "--all-tags"]),
    ],
)
def test_update(told: Machine, press: Presser, given: dict[str, str], options: list[str]) -> None:
    outcome = press(told, "update", {"package": "hello", "repository": "acme/moved", "summary": "new", **given})
    moved, release = "--repository=acme/moved", "--release=…/release.json"
    assert {verb: with_values(found) for verb, found in calls(outcome).items()} == {
        "describe": [*options, moved, "--out=…/release.json", "--", "hello"],
        "update": [*options, moved, "--summary=new", release, "--pull-request", "--", "hello"],
    }


def test_update_of_texts_describes_nothing(told: Machine, press: Presser) -> None:
    outcome = press(told, "update", {"package": "hello", "what": NO_RELEASE, "summary": "new", "tag": "v1"})
    assert outcome.ok, outcome.log
    assert {verb: with_values(found) for verb, found in calls(outcome).items()} == {
        "update": ["--tag=v1", "--summary=new", "--pull-request", "--", "hello"],
    }


@pytest.mark.parametrize("form", ["register", "update"])
def test_what_cannot_be_described_is_not_proposed(told: Machine, press: Presser, form: str) -> None:
    outcome = press(told, form, {"repository" if form == "register" else "package": "acme/broken"})
    assert not outcome.ok
    assert calls(outcome).keys() == {"describe"}


def test_delete(told: Machine, press: Presser) -> None:
    whole = press(told, "delete", {"package": "hello"})
    assert calls(whole) == {"delete": ["--version=", "--pull-request", "--", "hello"]}
    one = press(told, "delete", {"package": "hello", "version": "1.0"})
    assert calls(one) == {"delete": ["--version=1.0", "--pull-request", "--", "hello"]}


def test_yank(told: Machine, press: Presser) -> None:
    yanked = press(told, "yank", {"package": "hello", "version": "1.0", "reason": "- broken"})
    assert calls(yanked) == {"yank": ["--reason=- broken", "--pull-request", "--", "hello", "1.0"]}
    undone = press(told, "yank", {"package": "hello", "version": "1.0", "undo": "true"})
    assert calls(undone) == {"yank": ["--reason=", "--undo", "--pull-request", "--", "hello", "1.0"]}


def test_each_token_goes_to_its_own_step(told: Machine) -> None:
    read, write = details(steps.press(told, "register", {"repository": "acme/hello"}))
    assert (read["PACKAGES_TOKEN"], read["GITHUB_TOKEN"], read["shell"]) == (*told.secrets.values(), None, False)
    assert write["PACKAGES_TOKEN"] is None
    assert write["GITHUB_TOKEN"] == told.job_tokens[-1]
    assert (write["GITHUB_API_URL"], write["GITHUB_REPOSITORY"]) == (told.github.api_url, "acme/index")


def test_values_reach_the_scripts_as_they_are(told: Machine, press: Presser) -> None:
    outcome = press(told, "yank", {"package": HOSTILE, "version": "--undo", "reason": HOSTILE})
    assert calls(outcome) == {"yank": [f"--reason={HOSTILE}", "--pull-request", "--", HOSTILE, "--undo"]}
    assert not list(told.folder.rglob("hacked"))


@pytest.mark.parametrize(
    ("form", "given"),
    [
        ("register", {}),
        ("register", {"repository": "a/b", "publish-metadata": "sometimes"}),
        ("yank", {"package": "hello", "version": ""}),
        ("delete", {"package": "hello", "tag": "v1"}),
    ],
)
def test_forms_refuse_what_github_would(told: Machine, form: str, given: dict[str, str]) -> None:
    with pytest.raises(steps.Refused):
        steps.press(told, form, given)
