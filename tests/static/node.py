"""Functions of the pages' scripts, called in one run of node."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

STATIC = Path(__file__).parents[2] / "static"
CALLER = Path(__file__).with_name("call.mjs")


class Node:
    """A folder with a copy of static/ that node takes for ES modules, as browsers do."""

    def __init__(self, folder: Path) -> None:
        self._static = folder / "static"
        shutil.copytree(STATIC, self._static)
        (folder / "package.json").write_text('{"type": "module"}')

    def run(self, module: str, calls: list[list[Any]]) -> list[dict[str, Any]]:
        """One {"value": …} or {"error": text} for each call, which is a name and its arguments."""
        request = json.dumps({"module": str(self._static / module), "calls": calls})
        done = subprocess.run(["node", str(CALLER)], input=request.encode(), capture_output=True)
        assert done.returncode == 0, done.stderr.decode()
        results: list[dict[str, Any]] = json.loads(done.stdout)
        return results

    def values(self, module: str, calls: list[list[Any]]) -> list[Any]:
        """What each call gave; none may have failed."""
        results = self.run(module, calls)
        failed = [(call, result["error"]) for call, result in zip(calls, results, strict=True) if "error" in result]
        assert failed == []
        return [result.get("value") for result in results]
