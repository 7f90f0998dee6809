"""What the evaluator gives, and that it refuses what it does not know."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.workflows.expressions import Unknown, condition, evaluate, interpolate

if TYPE_CHECKING:
    from tests.workflows.expressions import Context

CONTEXT: Context = {
    "inputs": {"package": "hello", "all-tags": True, "undo": False, "name": "", "what": "one"},
    "github": {"token": "t"},
    "needs": {"describe": {"result": "skipped"}},
    "success()": False,
    "failure()": False,
    "cancelled()": False,
}


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("inputs.package", "hello"),
        (" inputs.all-tags ", True),
        ("inputs.all-tags && 'yes' || ''", "yes"),
        ("inputs.undo && 'yes' || ''", ""),
        ("inputs.name || inputs.package", "hello"),
        ("inputs.what == 'ONE'", True),
        ("inputs.what != 'one, or two' && 'a' || 'b'", "a"),
        ("needs.describe.result == 'success' && 'yes' || ''", ""),
        ("!cancelled() && !failure()", True),
        ("github.token", "t"),
    ],
)
def test_value(expression: str, value: str | bool) -> None:
    assert evaluate(expression, CONTEXT) == value


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "inputs",
        "inputs.other",
        "secrets.TOKEN",
        "inputs.package.more",
        "contains(inputs.package, 'h')",
        "inputs.package == ",
        "inputs.package 'x'",
        "inputs.all-tags == 'true'",
        "inputs['package']",
        "1 < 2",
    ],
)
def test_refused(expression: str) -> None:
    with pytest.raises(Unknown):
        evaluate(expression, CONTEXT)


def test_text_with_holes() -> None:
    assert interpolate("a ${{ inputs.package }} b ${{ inputs.undo }}", CONTEXT) == "a hello b false"
    assert interpolate("nothing $HERE", CONTEXT) == "nothing $HERE"


def test_condition_asks_for_success_unless_it_says_otherwise() -> None:
    assert not condition(None, CONTEXT)
    assert not condition("inputs.what == 'one'", CONTEXT)
    assert condition("${{ !cancelled() && !failure() }}", CONTEXT)
    assert condition("inputs.what == 'one'", {**CONTEXT, "success()": True})
