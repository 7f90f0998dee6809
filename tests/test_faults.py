"""Every API call of a run on GitHub fails in every way: it recovers, or stops in one line and a second run does it.

Never a second pull request or issue, never a lost one, never a branch with half a change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scripts.forge import client
from tests.scenarios import SCENARIOS, Scenario, Stage, before_call, impatient_at, state
from tests.servers.forge import (
    ALWAYS,
    BAD_CREDENTIALS,
    BAD_GATEWAY,
    CONFLICT,
    CUT,
    SERVER_ERROR,
    UNPROCESSABLE,
    Hang,
    secondary_limit,
)

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Say
    from tests.scenarios import State
    from tests.servers.forge import Repository
    from tests.servers.forge.faults import What
    from tests.verbs import Hub, Run

pytestmark = pytest.mark.slow
# What befalls a call, for how many calls from that one on, and whether the call is carried out all the same.
FAULTS: dict[str, tuple[What, int, bool]] = {
    "500": (SERVER_ERROR, 1, False),
    "502": (BAD_GATEWAY, 1, False),
    "500, and carried out": (SERVER_ERROR, 1, True),
    "no answer in time": (Hang(5), 1, False),
    "no answer in time, and carried out": (Hang(5), 1, True),
    "cut": (CUT, 1, False),
    "cut, and carried out": (CUT, 1, True),
    "403 for a moment": (secondary_limit(0), 1, False),
    "403 for long": (secondary_limit(3600), ALWAYS, False),
    "409": (CONFLICT, 1, False),
    "422": (UNPROCESSABLE, 1, False),
    "the token expires": (BAD_CREDENTIALS, ALWAYS, False),
    "500 from then on": (SERVER_ERROR, ALWAYS, False),
    "cut from then on": (CUT, ALWAYS, False),
}
SLOW = {"no answer in time", "no answer in time, and carried out"}  # tried at the calls that write
PASSES = {name for name, (_, times, _) in FAULTS.items() if times == 1} - {"409", "422"}


@pytest.fixture
def stage(hub: Hub, tmp_path: Path, clean_environment: pytest.MonkeyPatch) -> Stage:
    clean_environment.setattr(client, "RETRIES", 2)
    return Stage(hub, tmp_path, clean_environment)


def made(stage: Stage, scenario: Scenario) -> tuple[State, State, list[str]]:
    """The index before a scenario and after it, where nothing fails, and the API calls that it takes."""
    repository = stage.start(scenario)
    before = state(repository)
    stage.hub.github.requests.clear()
    stage.run(scenario.arguments).said  # noqa: B018
    calls = [f"{call.method} {call.path.partition('?')[0]}" for call in stage.hub.github.requests]
    after = state(repository)
    assert before != after
    stage.close(repository)
    return before, after, calls


def ended_well(outcome: Run) -> bool:
    """Whether a run went well; one that did not says why in a line."""
    return bool(outcome.said if outcome.status == 0 else not outcome.error)


def check_between(repository: Repository, before: State, after: State) -> None:
    """Nothing is twice, and no branch holds anything but what it held, or what it is to hold."""
    now = state(repository)
    for branch, files in now["branches"].items():
        assert files in (before["branches"].get(branch), after["branches"].get(branch)), f"half a change on {branch}"
    heads = [pull[0] for pull in now["pulls"]]
    assert len(set(heads)) == len(heads)
    assert {*heads} <= {pull[0] for pull in (*before["pulls"], *after["pulls"])}
    assert len(now["issues"]) <= 1


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_every_call_fails_in_every_way(
    stage: Stage, scenario: Scenario, monkeypatch: pytest.MonkeyPatch, say: Say
) -> None:
    before, after, calls = made(stage, scenario)
    recovered = second = 0
    for number, call in enumerate(calls, 1):
        for name, (what, times, carried_out) in FAULTS.items():
            if name in SLOW and call.startswith("GET "):
                continue
            repository = stage.start(scenario)
            stage.hub.github.faults.add(what, nth=number, times=times, after=carried_out)
            with monkeypatch.context() as patched:
                if name in SLOW:
                    impatient_at(number, patched)
                outcome = stage.run(scenario.arguments)
            stage.hub.github.faults.clear()
            where = f"{name}, at call {number}, {call}"
            well = ended_well(outcome)
            assert well or name not in PASSES, f"{where}: {outcome.err}"
            if well:
                recovered += 1
            else:
                check_between(repository, before, after)
                second += 1
                again = stage.run(scenario.arguments)
                assert again.status == 0, f"{where}: {again.err}"
            assert state(repository) == after, where
            stage.close(repository)
    say(f"{scenario.name}: {recovered + second} cases, {recovered} recovered, {second} took a second run")


SAME = [scenario for scenario in SCENARIOS if not scenario.name.startswith("audit that is")]


@pytest.mark.parametrize("scenario", SAME, ids=lambda scenario: scenario.name)
def test_two_people_press_the_same_button(
    stage: Stage, scenario: Scenario, monkeypatch: pytest.MonkeyPatch, say: Say
) -> None:
    """One run takes place as a whole between any two calls of the other."""
    _, after, calls = made(stage, scenario)
    for number in range(1, len(calls) + 1):
        repository = stage.start(scenario)
        with monkeypatch.context() as patched:
            before_call(stage.hub, number, lambda: stage.run(scenario.arguments).said, patched)
            outcome = stage.run(scenario.arguments)
        assert ended_well(outcome), f"before call {number}, {calls[number - 1]}: {outcome.err}"
        assert state(repository) == after, f"before call {number}, {calls[number - 1]}"
        stage.close(repository)
    say(f"{scenario.name} twice at a time: {len(calls)} cases")


@pytest.mark.parametrize("first", SCENARIOS[:6], ids=lambda scenario: scenario.name)
def test_two_people_press_two_buttons(
    stage: Stage, first: Scenario, monkeypatch: pytest.MonkeyPatch, say: Say
) -> None:
    cases = 0
    _, _, calls = made(stage, first)
    for second in SCENARIOS[:6]:
        if {first.name, second.name} in ({first.name}, {"update", "sync"}):  # the same request: see above
            continue
        one, other = made(stage, first)[1], made(stage, second)[1]
        for number in range(1, len(calls) + 1):
            repository = stage.start(first)
            with monkeypatch.context() as patched:
                before_call(stage.hub, number, lambda: stage.run(second.arguments).said, patched)  # noqa: B023
                assert ended_well(stage.run(first.arguments))
            now = state(repository)
            assert now["pulls"] == sorted([*one["pulls"], *other["pulls"]])
            assert now["branches"] == one["branches"] | other["branches"]
            stage.close(repository)
            cases += 1
    say(f"{first.name} and another at a time: {cases} cases")
