"""Findings as JSON, from the job that may run package code to the job that may write. Read back as hostile data."""

from __future__ import annotations

import json
import types
from dataclasses import asdict, fields, is_dataclass
from typing import Any, Union, get_args, get_origin, get_type_hints

from scripts.errors import BadValue
from scripts.model import Findings

LIMIT = 50_000_000  # characters


def dump(findings: Findings) -> str:
    """Findings as JSON text."""
    return json.dumps(asdict(findings), indent=1) + "\n"


def load(text: str) -> Findings:
    """Findings from JSON text: every key known, every value of its type and valid, or BadValue."""
    if len(text) > LIMIT:
        raise BadValue("release file", "", f"is longer than {LIMIT} characters: describe fewer tags")
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise BadValue("release file", text, "is no JSON: make it with describe") from None
    findings = _value(Findings, data, "release file")
    assert isinstance(findings, Findings)
    return findings


def _value(kind: Any, data: object, where: str) -> object:
    """`data` as a value of `kind`: a dataclass, a tuple, an optional, a text or a truth."""
    if is_dataclass(kind):
        return _record(kind, data, where)
    arguments = get_args(kind)
    if get_origin(kind) is tuple and isinstance(data, list):
        if arguments[-1] is Ellipsis:
            return tuple(_value(arguments[0], item, where) for item in data)
        if len(data) == len(arguments):
            return tuple(_value(each, item, where) for each, item in zip(arguments, data, strict=True))
    if get_origin(kind) in (Union, types.UnionType):
        return None if data is None else _value(arguments[0], data, where)
    if kind in (str, bool) and type(data) is kind:
        return data
    raise BadValue("release file", where, "is not what describe writes there: make it anew with describe")


def _record(kind: Any, data: object, where: str) -> object:
    hints = get_type_hints(kind)
    names = {field.name for field in fields(kind)}
    if not isinstance(data, dict) or data.keys() != names:
        raise BadValue("release file", where, "does not hold what describe writes there: make it anew with describe")
    return kind(**{name: _value(hints[name], value, f"{where}.{name}") for name, value in data.items()})
