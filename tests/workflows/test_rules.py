"""The rules that the workflows keep, read off their YAML."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.workflows.documents import (
    FORMS,
    NOT_RUN_HERE,
    PINS,
    STAND_INS,
    WORKFLOWS,
    Document,
    files,
    inputs,
    jobs,
    load,
    steps,
    workflows,
)

if TYPE_CHECKING:
    from pathlib import Path

MAY_WRITE = {"contents", "pull-requests", "issues"}
# What each job may write, by workflow and job where it is not `propose`.
WRITES = {("publish", "deploy"): {"pages", "id-token"}, ("audit", "audit"): {"issues"}}
CHECKOUT = {"persist-credentials": "false"}
# The only checkouts of more: the scripts of the base, and beside them what a pull request changes.
OF_PULL_REQUESTS = [
    CHECKOUT | {"ref": "${{ github.event.pull_request.base.sha }}"},
    CHECKOUT | {"path": "proposed", "fetch-depth": "2"},
]


def name_of(path: Path) -> str:
    return path.parent.name if path.stem == "action" else path.stem


each_file = pytest.mark.parametrize("path", files(), ids=name_of)
each_workflow = pytest.mark.parametrize("path", workflows(), ids=name_of)
each_form = pytest.mark.parametrize("form", FORMS)


def form_of(name: str) -> Document:
    return load(WORKFLOWS / f"{name}.yml")


@each_workflow
def test_grants_are_given_by_job(path: Path) -> None:
    document = load(path)
    assert document["permissions"] == {}
    for name, job in jobs(document).items():
        assert job.get("permissions"), f"{name} says nothing about permissions"


@each_workflow
def test_each_grant_says_what_it_is_for(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    granted = sum(len(job["permissions"]) for job in jobs(load(path)).values())
    assert len(re.findall(r"^ {6}[\w-]+: (?:read|write) # to \w", text, re.MULTILINE)) == granted


@each_workflow
def test_only_propose_may_write(path: Path) -> None:
    for name, job in jobs(load(path)).items():
        writes = {scope for scope, level in job["permissions"].items() if level != "read"}
        assert writes == (MAY_WRITE if name == "propose" else WRITES.get((name_of(path), name), set()))


@each_workflow
def test_each_job_ends_in_time(path: Path) -> None:
    for name, job in jobs(load(path)).items():
        if "uses" not in job:  # GitHub takes a timeout only where the steps are
            assert 1 <= int(job["timeout-minutes"]) <= 60, name


@each_workflow
def test_names_are_short(path: Path) -> None:
    for job in jobs(load(path)).values():
        assert 0 < len(job["name"]) <= 30
        assert job["name"][0].isupper()


@each_file
def test_actions_are_local_or_pinned(path: Path) -> None:
    document, text = load(path), path.read_text(encoding="utf-8")
    used = [part["uses"] for part in (*jobs(document).values(), *steps(document)) if "uses" in part]
    assert len(re.findall(r"\buses: ", text)) == len(used)
    for action in used:
        name, _, commit = action.partition("@")
        if not name.startswith("./.github/"):
            assert name in PINS, f"{name} is not among the pins"
            assert (commit, f"{action} # {PINS[name][1]}\n" in text) == (PINS[name][0], True), action


def test_pins_are_whole_and_in_use() -> None:
    used = {step["uses"].partition("@")[0] for path in files() for step in steps(load(path)) if "uses" in step}
    assert used - {"./.github/actions/prepare"} == PINS.keys()
    assert all(re.fullmatch("[0-9a-f]{40}", commit) for commit, _ in PINS.values())
    stand_ins = {f"actions/{folder.name}" for folder in STAND_INS.iterdir()} | {"actions/checkout"}
    assert stand_ins == PINS.keys() - NOT_RUN_HERE


@each_file
def test_no_expression_reaches_a_shell(path: Path) -> None:
    assert not [step["run"] for step in steps(load(path)) if "${{" in step.get("run", "")]


@each_file
def test_run_steps_are_one_command(path: Path) -> None:
    """The scripts have the logic; only tests.yml, which no form starts, installs what tests need."""
    for step in steps(load(path)):
        if name_of(path) != "tests":
            assert len(step.get("run", "").strip().splitlines()) <= 1
            assert not re.search(r"&&|\|\||;|\bif\b|\$\(|`|>>", step.get("run", ""))


@each_file
def test_checkout_keeps_no_credentials(path: Path) -> None:
    for step in steps(load(path)):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"] == CHECKOUT or (name_of(path) == "check" and step["with"] in OF_PULL_REQUESTS)


@each_file
def test_files_are_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 110


@each_file
def test_inputs_are_explained(path: Path) -> None:
    for name, asked in inputs(load(path)).items():
        assert 10 <= len(asked["description"]) <= 110, name
        assert asked.get("type") in ("string", "boolean", "choice"), name


@each_form
def test_choices_start_with_an_offered_one(form: str) -> None:
    for name, asked in inputs(form_of(form)).items():
        if asked["type"] == "choice":
            assert asked["default"] in asked["options"], name


@each_form
def test_forms_have_names_that_say_what_they_do(form: str) -> None:
    document = form_of(form)
    assert list(document["on"]) == ["workflow_dispatch"]
    assert document["name"] == form
    assert "inputs.package" in document["run-name"] or "inputs.repository" in document["run-name"]


@each_form
def test_every_input_is_used(form: str) -> None:
    text = (WORKFLOWS / f"{form}.yml").read_text(encoding="utf-8").partition("\njobs:")[2]
    for name in inputs(form_of(form)):
        assert re.search(rf"inputs\.{name}\b", text), f"{form} asks for {name} and does nothing with it"


@each_form
def test_proposals_are_never_cancelled(form: str) -> None:
    """One group for one request: GitHub drops the run that waits in a group when a third one comes."""
    turns = form_of(form)["concurrency"]
    assert turns["cancel-in-progress"] == "false"
    assert turns["group"].startswith(f"{form} ${{{{ inputs.")


@each_file
def test_what_may_write_restores_no_cache(path: Path) -> None:
    """A package's code can fill a cache that the next job would install from: see the action `prepare`."""
    switched_off = {"enable-cache": "false"}
    restored = [
        step
        for step in steps(load(path))
        if step.get("with") != switched_off and "cache" in f"{step.get('uses')} {[*step.get('with', {})]}"
    ]
    assert not restored or name_of(path) == "tests"


def test_few_steps_get_the_secret_and_leave_no_shell_behind() -> None:
    mentions = [(name_of(path), step) for path in files() for step in steps(load(path)) if "secrets." in str(step)]
    assert [place for place, _ in mentions] == ["audit", "describe", "sync"]
    for place, step in mentions:
        assert step["env"]["PACKAGES_TOKEN"] == "${{ secrets.PACKAGES_TOKEN }}"
        assert re.match(rf"exec python -m scripts\.{place} ", step["run"])


@pytest.mark.parametrize("form", ["register", "update"])
def test_only_describe_is_handed_the_secret(form: str) -> None:
    handed = {name: job["secrets"] for name, job in jobs(form_of(form)).items() if "secrets" in job}
    assert handed == {"describe": {"PACKAGES_TOKEN": "${{ secrets.PACKAGES_TOKEN }}"}}


def test_the_write_token_goes_to_scripts_that_run_no_package_code() -> None:
    verbs = "|".join([*FORMS, "restyle", "sync"])
    own = {"audit": "exec python -m scripts.audit --issue", "refresh": "python -m scripts.refresh"}
    for path in files():
        for step in steps(load(path)):
            if "github.token" in str(step):
                proposes = re.match(rf"python -m scripts\.({verbs}) (.* )?--pull-request", step["run"])
                assert proposes or step["run"] == own[name_of(path)], step


def test_nobody_elses_code_meets_a_right_or_a_secret() -> None:
    """What a pull request changes is checked, built and installed where nothing can be written or told."""
    for name, job in jobs(form_of("check")).items():
        assert job["permissions"] == {"contents": "read"}, name
    assert not re.search(r"secrets\.|github\.token", (WORKFLOWS / "check.yml").read_text(encoding="utf-8"))
    assert list(form_of("check")["on"]) == ["pull_request"]


def test_sync_reads_in_one_job_and_writes_in_another() -> None:
    document = form_of("sync")
    assert jobs(document)["find"]["permissions"] == {"contents": "read"}
    assert jobs(document)["propose"]["needs"] == "find"
    assert list(document["on"]) == ["schedule", "workflow_dispatch", "repository_dispatch"]
    assert document["on"]["repository_dispatch"] == {"types": ["release"]}
    assert list(form_of("audit")["on"]) == ["schedule", "workflow_dispatch"]
