"""A process that is ended at any step of a change leaves the old files or the new ones, once the next one looks."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scripts.errors import Refused
from scripts.workspace import Folder
from tests.verbs import Index, contents, run

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import MakeProject, Say

# What Python tells of before it does it (PEP 578): all that can change a file or a folder.
EVENTS = ("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "os.link", "shutil.rmtree")
# Index, then the arguments of each verb: what it writes, changes and takes away.
VERBS = {
    "register": ("register", "{other}"),
    "update": ("update", "public-hello"),
    "yank": ("yank", "public-hello", "0.1", "--reason", "broken"),
    "delete one": ("delete", "public-hello", "--version", "0.1"),
    "delete all": ("delete", "public-hello"),
    "sync": ("sync",),
}


def changes_a_file(event: str, arguments: tuple[object, ...], root: str) -> bool:
    if event not in EVENTS or not str(arguments[0]).startswith(root):
        return False
    return event != "open" or bool(isinstance(arguments[1], str) and set(arguments[1]) & set("wax+"))


def ended_before(step: int, root: Path, work: Callable[[], object]) -> int:
    """Do some work in a process of its own that is killed before its `step`-th change; how it ended."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    count = 0

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal count
        if changes_a_file(event, arguments, str(root)):
            count += 1
            if count == step:
                os.kill(os.getpid(), signal.SIGKILL)

    status = 70
    try:
        sys.addaudithook(watch)
        work()
        status = 0
    finally:
        os._exit(status)


@pytest.mark.parametrize(
    "verb", [*(pytest.param(verb, marks=pytest.mark.slow) for verb in VERBS if verb != "yank"), "yank"]
)
def test_a_kill_at_any_step(index: Index, project: MakeProject, tmp_path: Path, verb: str, say: Say) -> None:
    hello, other = project("public-hello", "0.1"), project("other", "1.0")
    index.did("register", hello)
    hello.release("0.2", description="Another one")
    before, done = tmp_path / "before", tmp_path / "done"
    shutil.copytree(index.root, before)
    arguments = [text.format(other=other) for text in VERBS[verb]]
    shutil.copytree(before, done)
    assert run(*arguments, "--root", done).said
    old, new = contents(before), contents(done)
    assert old != new
    kept = {"old": 0, "new": 0}
    for step in range(1, 1000):
        shutil.rmtree(index.root)
        shutil.copytree(before, index.root)
        status = ended_before(step, index.root, lambda: run(*arguments, "--root", index.root))
        if status == 0:
            break
        assert status == -signal.SIGKILL
        Folder(index.root)
        now = contents(index.root)
        assert now in (old, new), f"half a change after a kill before step {step}"
        assert sorted(entry.name for entry in index.root.iterdir()) == sorted(Folder(index.root).entries())
        kept["old" if now == old else "new"] += 1
        if now == old:
            assert run(*arguments, "--root", index.root).said
            assert contents(index.root) == new
    assert contents(index.root) == new
    assert min(kept.values()) > 2
    say(f"killed before each of {sum(kept.values())} steps of {verb}: {kept}")


@pytest.mark.slow
@pytest.mark.parametrize("first", range(1, 40, 3))
def test_a_kill_while_the_next_one_mends(index: Index, project: MakeProject, tmp_path: Path, first: int) -> None:
    """The process that completes or drops what another has left can be killed in its turn."""
    hello = project("public-hello", "0.1")
    index.did("register", hello)
    old = contents(index.root)
    before = tmp_path / "before"
    shutil.copytree(index.root, before)
    index.did("delete", "public-hello")
    new = contents(index.root)
    for second in range(1, 100):
        shutil.rmtree(index.root)
        shutil.copytree(before, index.root)
        if ended_before(first, index.root, lambda: run("delete", "public-hello", "--root", index.root)) == 0:
            return
        mended = ended_before(second, index.root, lambda: Folder(index.root))
        Folder(index.root)
        assert contents(index.root) in (old, new)
        if mended == 0:
            break


@pytest.mark.parametrize("failing", range(1, 12))
def test_an_error_at_any_step_leaves_the_old_files(
    index: Index, project: MakeProject, monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    index.did("register", project("public-hello", "0.1"))
    before = contents(index.root)
    count = 0

    def rename(self: Path, target: Path, plainly: Callable[[Path, Path], Path] = Path.replace) -> Path:
        nonlocal count
        count += 1
        if count == failing:
            raise OSError(28, "No space left on device", str(self))
        return plainly(self, target)

    monkeypatch.setattr(Path, "replace", rename)
    folder = Folder(index.root)
    files = {"index.html": "new", "public-hello/index.html": None, "public-hello/0.1.md": None, "a/b/c.md": "x"}
    try:
        folder.write(files)
    except Refused as error:
        assert "No space left on device; nothing was changed" in str(error)
        assert contents(index.root) == before
    else:
        assert count < failing
        assert contents(index.root).keys() == before.keys() - files.keys() | {"index.html", "a/b/c.md"}
    assert not [path for path in index.root.iterdir() if path.name.startswith(".index")]


def test_no_files_no_change(index: Index) -> None:
    before = contents(index.root)
    Folder(index.root).write({})
    assert contents(index.root) == before


def test_the_mode_of_a_file_is_kept(index: Index) -> None:
    path = index.root / "index.html"
    path.chmod(0o640)
    Folder(index.root).write({"index.html": "new", "a/new.md": "x"})
    assert path.stat().st_mode & 0o777 == 0o640
    assert (index.root / "a" / "new.md").stat().st_mode & 0o777 == 0o666 & ~_umask()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
