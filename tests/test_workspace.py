"""The folder on disk: contained paths, files as they are, and all of a change or none of it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scripts import journal
from scripts.errors import BadPage, BadValue, Error, MissingFile, Refused
from scripts.values import blob_id
from scripts.workspace import Folder

if TYPE_CHECKING:
    from collections.abc import Callable

FILES = {"index.html": "index\n", "hello/index.html": "hello\r\n", "hello/1.0.md": "one", "other/index.html": "other"}
CHANGE = {
    "index.html": "new index",
    "hello/index.html": "new\r\n",
    "hello/1.0.md": None,
    "new/2.0.md": "two",
    "gone": None,
}
AFTER = {"index.html": "new index", "hello/index.html": "new\r\n", "new/2.0.md": "two", "other/index.html": "other"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "index"
    for path, text in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(text.encode())
    return root


def snapshot(root: Path) -> dict[str, tuple[str, int]]:
    """Every file with its text (or where it leads) and its mode, and every folder."""
    found = {}
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.is_symlink():
            found[name] = (f"-> {path.readlink()}", 0)
        else:
            found[name] = ("" if path.is_dir() else path.read_bytes().decode("latin-1"), path.stat().st_mode)
    return found


def texts(root: Path) -> dict[str, str]:
    files = [path for path in root.rglob("*") if path.is_file()]
    return {path.relative_to(root).as_posix(): path.read_bytes().decode() for path in files}


# Reading


def test_files_are_read_as_they_are(root: Path) -> None:
    folder = Folder(root)
    assert {path: folder.read(path) for path in FILES} == FILES
    assert folder.entries() == {"index.html", "hello", "other"}
    assert folder.files("hello") == {"index.html": blob_id(b"hello\r\n"), "1.0.md": blob_id(b"one")}
    assert folder.files("nothing") == folder.files("index.html") == {}


def test_files_below_a_folder_of_a_folder_are_listed(root: Path) -> None:
    Folder(root).write({"hello/notes/a.txt": "a"})
    assert set(Folder(root).files("hello")) == {"index.html", "1.0.md", "notes/a.txt"}


@pytest.mark.parametrize("path", ["nothing", "nothing/index.html", "index.html/x", "hello"])
def test_a_file_that_is_not_there(root: Path, path: str) -> None:
    with pytest.raises(MissingFile, match=rf"^{path} is not there: bring it back"):
        Folder(root).read(path)


def test_a_file_that_is_no_text_is_named_with_the_place(root: Path) -> None:
    (root / "index.html").write_bytes("é".encode("latin-1") + b" later")
    with pytest.raises(BadPage, match=r"^index.html: is not UTF-8 at byte 0: save it as UTF-8"):
        Folder(root).read("index.html")


def test_a_byte_order_mark_and_mixed_line_endings_are_kept(root: Path) -> None:
    text = "\ufeffa\r\nb\nc\rd\x0c\u2028e"
    Folder(root).write({"index.html": text})
    assert Folder(root).read("index.html") == text
    assert (root / "index.html").read_bytes() == text.encode()


@pytest.mark.parametrize("name", ["nothing", "index.html"])
def test_a_root_that_is_no_folder(root: Path, name: str) -> None:
    with pytest.raises(BadValue, match=r"^--root .* is no folder"):
        Folder(root / name)


def test_a_file_that_may_not_be_read(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root may read everything, so the refusal is made up."""

    def refuse(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(Refused, match=r"^cannot read index.html in .*: Permission denied"):
        Folder(root).read("index.html")


# Contained paths


@pytest.mark.parametrize(
    "path",
    ["", ".", "..", "../x", "hello/../../x", "hello/../index.html", "/", "/etc/passwd", "a\\b", "..\\x", "a\0b"],
)
@pytest.mark.parametrize("do", ["read", "files", "write"])
def test_no_path_leads_out(root: Path, path: str, do: str) -> None:
    folder, before = Folder(root), snapshot(root.parent)
    with pytest.raises(BadValue, match=r"^path .* is not inside the index"):
        folder.write({"index.html": "x", path: "x"}) if do == "write" else getattr(folder, do)(path)
    assert snapshot(root.parent) == before


@pytest.mark.parametrize(
    ("link", "target", "path"),
    [
        ("link", "../outside", "link/index.html"),
        ("link", "../outside/secret", "link"),
        ("link", "other", "link/index.html"),  # inside, but another package
        ("hello/2.0.md", "1.0.md", "hello/2.0.md"),
        ("hello/sub", "../other", "hello/sub/index.html"),
        ("link", "link", "link/x"),  # a circle
        ("link", "nowhere", "link"),
    ],
)
def test_links_are_not_followed(root: Path, link: str, target: str, path: str) -> None:
    (root.parent / "outside").mkdir()
    (root.parent / "outside" / "secret").write_text("secret")
    (root / link).symlink_to(target)
    folder, before = Folder(root), snapshot(root.parent)
    writes = {"index.html": "x", path: "x"}
    for do in (lambda: folder.read(path), lambda: folder.files(path), lambda: folder.write(writes)):
        with pytest.raises(BadPage, match=rf"^{path}: is a link or lies behind one: put a real file in its place"):
            do()
    assert snapshot(root.parent) == before


def test_links_are_not_listed(root: Path) -> None:
    (root / "hello" / "2.0.md").symlink_to("1.0.md")
    (root / "hello" / "sub").symlink_to("../other")
    assert set(Folder(root).files("hello")) == {"index.html", "1.0.md"}


def test_the_root_itself_may_be_a_link(root: Path) -> None:
    (root.parent / "link").symlink_to(root)
    Folder(root.parent / "link").write({"index.html": "x"})
    assert (root / "index.html").read_text() == "x"


# Writing


def test_a_change_is_written(root: Path) -> None:
    Folder(root).write(CHANGE)
    assert texts(root) == AFTER


def test_folders_are_made_and_empty_ones_go(root: Path) -> None:
    folder = Folder(root)
    folder.write({"a/b/c.md": "x"})
    assert (root / "a" / "b" / "c.md").read_text() == "x"
    folder.write({"a/b/c.md": None, "other/index.html": None})
    assert sorted(path.name for path in root.iterdir()) == ["hello", "index.html"]
    folder.write(dict.fromkeys(FILES))
    assert list(root.iterdir()) == []


def test_modes_are_kept_and_new_files_get_the_usual_one(root: Path) -> None:
    (root / "index.html").chmod(0o640)
    (root / "hello" / "index.html").chmod(0o755)
    usual = os.umask(0o027)
    try:
        Folder(root).write(CHANGE)
    finally:
        os.umask(usual)
    modes = {path: (root / path).stat().st_mode & 0o777 for path in ("index.html", "hello/index.html", "new/2.0.md")}
    assert modes == {"index.html": 0o640, "hello/index.html": 0o755, "new/2.0.md": 0o640}


def test_index_html_changes_after_what_it_links_and_before_what_goes(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = watch(monkeypatch)
    Folder(root).write(CHANGE)
    targets = [target.relative_to(root) for name, target in steps if name in ("replace", "unlink")]
    done = [target.as_posix() for target in targets if not target.parts[0].startswith(journal.NAME)]
    assert done == ["hello/index.html", "new/2.0.md", "index.html", "hello/1.0.md", "gone"]


# All or nothing


class Steps(list[tuple[str, Path]]):
    """The steps that change the disk, each with its file; the one of number `fails` raises an error."""

    fails = -1
    error: BaseException = OSError()

    def take(self, name: str, target: Path) -> None:
        self.append((name, target))
        if len(self) == self.fails + 1:
            raise self.error


def watch(monkeypatch: pytest.MonkeyPatch) -> Steps:
    """Note each replace, unlink, rename and chmod."""
    steps = Steps()

    def watched(name: str) -> Callable[..., object]:
        real = getattr(Path, name)

        def step(path: Path, *arguments: Path, **options: object) -> object:
            steps.take(name, arguments[0] if name in ("replace", "rename") else path)
            return real(path, *arguments, **options)

        return step

    for name in ("replace", "unlink", "rename", "chmod"):
        monkeypatch.setattr(Path, name, watched(name))
    return steps


def test_the_steps_of_a_change(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three new files and the plan are staged; that is decided, five files change, and that it is done."""
    steps = watch(monkeypatch)
    Folder(root).write(CHANGE)
    assert [name for name, _ in steps][:11] == [
        *["chmod"] * 4,
        "rename",
        *["replace"] * 3,
        *["unlink"] * 2,
        "rename",
    ]


@pytest.mark.parametrize("error", [OSError(28, "No space left"), KeyboardInterrupt()], ids=["full", "interrupted"])
@pytest.mark.parametrize("fails", range(11))
def test_when_a_step_fails_every_file_is_as_it_was(
    root: Path, monkeypatch: pytest.MonkeyPatch, fails: int, error: BaseException
) -> None:
    (root / "hello" / "1.0.md").chmod(0o600)
    before = snapshot(root)
    steps = watch(monkeypatch)
    steps.fails, steps.error = fails, error
    expected: type[BaseException] = Refused if isinstance(error, OSError) else KeyboardInterrupt
    with pytest.raises(expected) as caught:
        Folder(root).write(CHANGE)
    monkeypatch.undo()
    assert len(steps) > fails
    assert snapshot(root) == before
    if isinstance(caught.value, Refused):
        assert str(caught.value).endswith(f" in {root}: No space left; nothing was changed")


@pytest.mark.parametrize(
    ("in_the_way", "change", "named"),
    [
        ("hello/2.0.md/x", {"index.html": "x", "hello/2.0.md": "x"}, "hello/2.0.md"),  # a folder in a file's place
        ("hello/2.0.md/x", {"index.html": "x", "hello/2.0.md": None}, "hello/2.0.md"),
        # a file in a folder's place
        ("new", {"index.html": "x", "new/index.html": "x", "hello/1.0.md": None}, "new/index.html"),
    ],
)
def test_what_is_in_the_way_is_named(root: Path, in_the_way: str, change: dict[str, str | None], named: str) -> None:
    (root / in_the_way).parent.mkdir(exist_ok=True)
    (root / in_the_way).write_text("in the way")
    before = snapshot(root)
    with pytest.raises(Refused, match=rf"^cannot write {named} in .*; nothing was changed"):
        Folder(root).write(change)
    assert snapshot(root) == before


def test_a_full_disk_leaves_no_temporary_file(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = snapshot(root)
    calls = iter(range(10))

    def full(_: int) -> None:
        if next(calls) == 3:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Refused, match="No space left on device"):
        Folder(root).write(CHANGE)
    assert snapshot(root) == before


def test_every_error_is_one_line(root: Path) -> None:
    (root / "a\nb").symlink_to("index.html")
    with pytest.raises(Error) as caught:
        Folder(root).read("a\nb")
    assert str(caught.value).isprintable()
