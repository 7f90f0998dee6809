"""The site is the same, byte for byte, whichever Python builds it."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from scripts.model import About
from tests.factories import package, release
from tests.installers import tools
from tests.site.indexes import URL, Scratch, every_kind
from tests.verbs import ROOT, contents

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

README = """\
# Héllo 🙂

| a | b |
|---|---|
| [x](docs/a.md) | ![y](/logo.png) |

```python
print("hello")
```
<script>alert(1)</script><b>bold</b> ~~gone~~ -- "quoted"
"""
RST = 'Héllo\n=====\n\n.. code-block:: python\n\n   print("hello")\n\n* `x <docs/a.rst>`_ -- "quoted"\n'


def test_two_builds_on_two_pythons(tmp_path: Path, clean_environment: pytest.MonkeyPatch) -> None:
    other = tools.other_python()
    if other is None:
        pytest.skip("there is no other Python here")
    scratch = every_kind(Scratch(tmp_path))
    about = About(summary="<b> & \"é\" 🙂 'x'", keywords=("ß", "]]>"))
    found = package(release("1.1", description="1.1.rst"), release("1.0", description="1.0.md"), name="a", about=about)
    scratch.add(found, **{"1.0_md": README, "1.1_rst": RST})
    scratch.publish()
    out = tmp_path / "again"
    command = [str(other), "-m", "scripts.publish", "--root", str(scratch.root), "--out", str(out), "--base-url", URL]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert contents(out) == contents(scratch.out)
