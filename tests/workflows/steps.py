"""Runs a workflow's own steps on this machine with bash, job by job; what it does not know of YAML it refuses."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.workflows.documents import LOCAL_ACTIONS, STAND_INS, WORKFLOWS, Document, inputs, jobs, load, steps
from tests.workflows.expressions import Context, Value, condition, evaluate, interpolate
from tests.workflows.machine import Machine, Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

JOB_KEYS = {"name", "needs", "if", "permissions", "uses", "with", "secrets", "runs-on", "timeout-minutes", "steps"}
STEP_KEYS = {"name", "if", "uses", "with", "run", "env", "shell"}
# How GitHub starts bash for a step that names no shell, and for one that names bash.
SHELLS = {None: ["bash", "-e"], "bash": ["bash", "--noprofile", "--norc", "-eo", "pipefail"]}


class Refused(Exception):
    """Something in a form or a workflow that GitHub would not take, or that this runner does not do."""


def press(machine: Machine, form: str, given: Mapping[str, str], event: Context | None = None) -> Outcome:
    """Fill in a form, press its button and wait for the run to end; or let something else happen, the `event`."""
    document = load(WORKFLOWS / f"{form}.yml")
    asked = inputs(document)
    filled = {name: _filled(name, field, given.get(name)) for name, field in asked.items()}
    if unknown := given.keys() - asked.keys():
        raise Refused(f"{form} has no input {unknown}")
    outcome = Outcome()
    happened = event or {"client_payload": {"package": ""}}
    _run_jobs(_Run(machine, outcome, machine.new_folder("artifacts"), happened), form, filled, machine.secrets)
    return outcome


def pull_request(machine: Machine, head: str) -> Context:
    """The event of a pull request from a branch to the default one."""
    base = str(machine.index.branch(machine.index.default_branch))
    return {"pull_request": {"base": {"sha": base}, "head": {"ref": head}}}


@dataclass(frozen=True)
class _Run:
    machine: Machine
    outcome: Outcome
    artifacts: Path
    event: Context


def _filled(name: str, field: Document, value: str | None) -> Value:
    """The value that a form sends for one input, as GitHub checks and types it."""
    if not value and field.get("required") == "true":
        raise Refused(f"{name} must be filled in")
    value = field.get("default", "") if value is None else value
    if field["type"] == "choice" and value not in field["options"]:
        raise Refused(f"{name} has no choice {value!r}")
    return _typed(field, value)


def _typed(field: Document, value: Value) -> Value:
    return value in (True, "true") if field["type"] == "boolean" else value


def _run_jobs(run: _Run, workflow: str, given: Mapping[str, Value], secrets: Mapping[str, str]) -> bool:
    """Run every job of a workflow in the order of the file; whether all went well."""
    results: dict[str, str] = {}
    for name, job in jobs(load(WORKFLOWS / f"{workflow}.yml")).items():
        if unknown := job.keys() - JOB_KEYS:
            raise Refused(f"{workflow}: {name}: {unknown}")
        needed = {job["needs"]: results[job["needs"]]} if "needs" in job else {}
        context: Context = {
            "inputs": given,
            "secrets": secrets,
            "needs": {need: {"result": result} for need, result in needed.items()},
            "success()": all(result == "success" for result in needed.values()),
            "failure()": "failure" in needed.values(),
            "cancelled()": False,
        }
        results[name] = "skipped"
        if condition(job.get("if"), context):
            well = _call(run, job, context) if "uses" in job else _Job(run, workflow, name, job).runs(context)
            results[name] = "success" if well else "failure"
    run.outcome.results.update(results)
    return "failure" not in results.values()


def _call(run: _Run, job: Document, context: Context) -> bool:
    """Run a workflow that a job calls: it gets the inputs and secrets that are handed to it, and no others."""
    called = job["uses"].removeprefix("./.github/workflows/").removesuffix(".yml")
    document = load(WORKFLOWS / f"{called}.yml")
    handed = {name: _whole(text, context) for name, text in job["with"].items()}
    asked = inputs(document)
    if handed.keys() - asked.keys():
        raise Refused(f"{called} is handed {handed.keys() - asked.keys()}")
    given = {name: _typed(field, handed.get(name, "")) for name, field in asked.items()}
    secrets = {name: interpolate(text, context) for name, text in job["secrets"].items()}
    return _run_jobs(run, called, given, secrets)


def _whole(text: str, context: Context) -> Value:
    """The value of a text that is one expression and nothing else, with its type."""
    return evaluate(text.removeprefix("${{").removesuffix("}}"), context)


class _Job:
    """One job: its folders, its environment, and the steps that have run so far."""

    def __init__(self, run: _Run, workflow: str, name: str, job: Document) -> None:
        self.run, self.job = run, job
        machine, folder = run.machine, run.machine.new_folder(f"{workflow}-{name}")
        self.checkout, self.temp, self.summary = folder / "checkout", folder / "temp", folder / "summary.md"
        self.checkout.mkdir()
        self.temp.mkdir()
        self.summary.touch()
        self.environment = {
            **machine.environment(),
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_ACTOR": "octocat",
            "GITHUB_EVENT_NAME": "workflow_dispatch",
            "GITHUB_JOB": name,
            "GITHUB_REF": f"refs/heads/{machine.index.default_branch}",
            "GITHUB_REF_NAME": machine.index.default_branch,
            "GITHUB_RUN_ATTEMPT": "1",
            "GITHUB_RUN_ID": "1",
            "GITHUB_SHA": str(machine.index.branch(machine.index.default_branch)),
            "GITHUB_STEP_SUMMARY": str(self.summary),
            "GITHUB_WORKFLOW": workflow,
            "GITHUB_WORKSPACE": str(self.checkout),
            "RUNNER_OS": "Linux",
            "RUNNER_TEMP": str(self.temp),
            "TEST_ARTIFACTS": str(run.artifacts),
        }
        self.head = ""
        if "pull_request" in run.event:
            self.head = str(evaluate("event.pull_request.head.ref", {"event": run.event}))
        if self.head:
            self.environment["GITHUB_HEAD_REF"] = self.head

    def runs(self, context: Context) -> bool:
        """Run the steps, and whether all went well. The job's token can do what its permissions say."""
        github: Context = {"token": self.run.machine.job_token(self.job["permissions"]), "event": self.run.event}
        context = {**context, "github": github, "runner": {"temp": str(self.temp)}}
        well = self._steps(self.job["steps"], context)
        self.run.outcome.summary += self.summary.read_text(encoding="utf-8")
        return well

    def _steps(self, listed: list[Document], context: Context) -> bool:
        well = True
        for step in listed:
            if unknown := step.keys() - STEP_KEYS:
                raise Refused(f"a step has {unknown}")
            if condition(step.get("if"), {**context, "success()": well, "failure()": not well}):
                well = self._step(step, context) and well
        return well

    def _step(self, step: Document, context: Context) -> bool:
        if "run" in step:
            return self._shell(step, context)
        action = step["uses"].partition("@")[0]
        if action == "actions/checkout":
            return self._check_out(step["with"])
        if action in self.run.machine.prepared:
            return True
        if action.startswith("./"):
            folder = LOCAL_ACTIONS / action.removeprefix("./.github/actions/")
            self.run.machine.prepared.add(action)
        else:
            folder = STAND_INS / action.removeprefix("actions/")
        document = load(folder / "action.yml")
        given = {name: interpolate(text, context) for name, text in step.get("with", {}).items()}
        values = {name: given.get(name, "") for name in document["inputs"]} if "inputs" in document else given
        return self._steps(list(steps(document)), {**context, "inputs": values})

    def _check_out(self, given: Document) -> bool:
        """What actions/checkout does with `persist-credentials: false`: the files, and no token.

        Of a pull request it checks out the merge with the default branch, unless it is given another commit.
        """
        source, place = self.run.machine.index.path.as_uri(), given.get("path", ".")
        if not self.head or "ref" in given:
            return self._start(["git", "clone", "--quiet", "--depth=1", source, place], {})
        who = ("-c", "user.name=GitHub", "-c", "user.email=noreply@github.example")
        merge = ("git", "-C", place, *who, "merge", "--quiet", "--no-ff", "-m", "Merge", f"origin/{self.head}")
        return self._start(["git", "clone", "--quiet", source, place], {}) and self._start([*merge], {})

    def _shell(self, step: Document, context: Context) -> bool:
        script = self.temp.parent / "step.sh"
        script.write_text(step["run"], encoding="utf-8")
        own = {name: interpolate(text, context) for name, text in step.get("env", {}).items()}
        return self._start([*SHELLS[step.get("shell")], str(script)], own)

    def _start(self, command: list[str], own: Mapping[str, str]) -> bool:
        done = subprocess.run(
            command,
            cwd=self.checkout,
            env={**self.environment, **own},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=300,
            check=False,
        )
        self.run.outcome.log += done.stdout.decode(errors="replace")
        return done.returncode == 0
