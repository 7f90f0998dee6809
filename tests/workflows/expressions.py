"""The few expressions that the workflows use, evaluated as GitHub does; any other is refused.

GitHub's page "Evaluate expressions in workflows and actions" is the source for what a value is worth.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

Value = str | bool
Context = Mapping[str, "Value | Context"]

_HOLE = re.compile(r"\$\{\{(.*?)\}\}")
_TOKEN = re.compile(r"\s*('[^']*'|&&|\|\||==|!=|!|[a-z]+\(\)|[A-Za-z_][\w.-]*)\s*")


class Unknown(Exception):
    """An expression that this evaluator does not do: teach it, or write a plainer one."""


def interpolate(text: str, context: Context) -> str:
    """The text with every `${{ }}` filled in."""
    return _HOLE.sub(lambda hole: _text(evaluate(hole[1], context)), text)


def evaluate(expression: str, context: Context) -> Value:
    """The value of what stands between `${{` and `}}`. A status function is a key such as `failure()`."""
    tokens, at = [], 0
    while at < len(expression):
        found = _TOKEN.match(expression, at)
        if found is None:
            raise Unknown(expression)
        tokens.append(found[1])
        at = found.end()
    value, rest = _either(tokens, context)
    if rest:
        raise Unknown(expression)
    return value


def condition(text: str | None, context: Context) -> bool:
    """Whether an `if:` holds. Without a status function in it, success is asked for as well."""
    inner = (text or "success()").strip().removeprefix("${{").removesuffix("}}")
    asks_status = re.search(r"(success|failure|always|cancelled)\(\)", inner)
    return bool(evaluate(inner, context)) and bool(asks_status or evaluate("success()", context))


def _either(tokens: list[str], context: Context) -> tuple[Value, list[str]]:
    value, tokens = _both(tokens, context)
    while tokens[:1] == ["||"]:
        other, tokens = _both(tokens[1:], context)
        value = value or other
    return value, tokens


def _both(tokens: list[str], context: Context) -> tuple[Value, list[str]]:
    value, tokens = _compared(tokens, context)
    while tokens[:1] == ["&&"]:
        other, tokens = _compared(tokens[1:], context)
        value = value and other
    return value, tokens


def _compared(tokens: list[str], context: Context) -> tuple[Value, list[str]]:
    value, tokens = _single(tokens, context)
    if tokens[:1] in (["=="], ["!="]):
        other, rest = _single(tokens[1:], context)
        if not (isinstance(value, str) and isinstance(other, str)):
            raise Unknown("only strings are compared")
        return (value.lower() == other.lower()) is (tokens[0] == "=="), rest
    return value, tokens


def _single(tokens: list[str], context: Context) -> tuple[Value, list[str]]:
    if not tokens or tokens[0] in ("&&", "||", "==", "!="):
        raise Unknown(f"something is missing before {' '.join(tokens) or 'the end'}")
    first, *rest = tokens
    if first == "!":
        value, rest = _single(rest, context)
        return not value, rest
    return first[1:-1] if first.startswith("'") else _look_up(first, context), rest


def _look_up(path: str, context: Context) -> Value:
    """A value of a context. A context or name that is not there is refused, where GitHub would give an empty one."""
    found: Value | Context = context
    for part in path.split("."):
        if not isinstance(found, Mapping) or part not in found:
            raise Unknown(f"{path} is not there")
        found = found[part]
    if isinstance(found, Mapping):
        raise Unknown(f"{path} is no single value")
    return found


def _text(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else value
