"""`python -m scripts.merge` by itself, and as a merge driver under the real git."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest

from scripts import changes
from scripts.pages import cards, record
from tests.factories import TEMPLATE, findings, package, release
from tests.memory import Files, new_index
from tests.verbs import ROOT, run

if TYPE_CHECKING:
    from pathlib import Path

DRIVER = f"{sys.executable} -m scripts.merge %O %A %B %P"
ATTRIBUTES = (ROOT / ".gitattributes").read_text("utf-8")
NAMES = ("a-first", "public-hello", "z-last")


def index_with(*names: str) -> Files:
    files = new_index()
    for name in names:
        files = files.do(changes.register, name, findings("1.0"), name)
    return files


@dataclass(frozen=True)
class Clone:
    """A clone in which people work."""

    path: Path

    def git(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(["git", *arguments], cwd=self.path, capture_output=True, text=True, check=False)

    def commit(self, files: Files) -> None:
        self.git("rm", "-rq", "--ignore-unmatch", ".")
        for path, text in {".gitattributes": ATTRIBUTES, **files.files}.items():
            (self.path / path).parent.mkdir(parents=True, exist_ok=True)
            (self.path / path).write_bytes(text.encode())
        self.git("add", "-A")
        assert self.git("commit", "-qm", "A commit").returncode == 0

    def diverge(self, base: Files, ours: Files, theirs: Files) -> None:
        """A branch `theirs` beside the main one, each with its change."""
        self.commit(base)
        self.git("checkout", "-qb", "theirs")
        self.commit(theirs)
        self.git("checkout", "-q", "main")
        self.commit(ours)

    def read(self, path: str) -> str:
        return (self.path / path).read_text("utf-8")


@pytest.fixture
def clone(tmp_path: Path, clean_environment: pytest.MonkeyPatch) -> Clone:
    (tmp_path / "clone").mkdir()
    made = Clone(tmp_path / "clone")
    clean_environment.setenv("PYTHONPATH", str(ROOT))
    for variable in ("GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"):
        clean_environment.setenv(variable, "somebody@example.org")
    made.git("init", "-q", "--initial-branch=main")
    made.git("config", "merge.index.driver", DRIVER)
    return made


def grown(base: Files) -> tuple[Files, Files]:
    """Two sides, which git alone cannot merge."""
    ours = base.do(changes.register, "b-one", findings("1.0"), "b-one")
    ours = ours.do(changes.update, "public-hello", "public-hello", findings("2.0"))
    theirs = base.do(changes.register, "b-two", findings("1.0"), "b-two")
    return ours, theirs.do(changes.yank, "public-hello", "public-hello", "1.0", "is old")


def test_git_merges_by_element(clone: Clone) -> None:
    base = index_with(*NAMES)
    clone.diverge(base, *grown(base))
    merged = clone.git("merge", "-q", "--no-edit", "theirs")
    assert (merged.returncode, merged.stderr) == (0, "")
    assert cards.names(clone.read("index.html")) == ["a-first", "b-one", "b-two", "public-hello", "z-last"]
    found = record.read("public-hello/index.html", clone.read("public-hello/index.html"))
    assert [(each.version, each.yanked) for each in found.releases] == [("2.0", None), ("1.0", "is old")]
    assert clone.git("status", "--porcelain").stdout == ""


def test_without_the_driver_git_cannot(clone: Clone) -> None:
    clone.git("config", "--unset", "merge.index.driver")
    base = index_with(*NAMES)
    clone.diverge(base, *grown(base))
    assert clone.git("merge", "-q", "--no-edit", "theirs").returncode == 1


def test_a_rebase_uses_it_too(clone: Clone) -> None:
    base = index_with(*NAMES)
    clone.diverge(base, *grown(base))
    assert clone.git("rebase", "-q", "theirs").returncode == 0
    assert "b-two" in cards.names(clone.read("index.html"))


@pytest.mark.parametrize("how", ["merge -q --no-edit", "cherry-pick", "rebase -q"])
@pytest.mark.parametrize("folder", [".", "public-hello"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_however_git_merges(clone: Clone, how: str, folder: str, ending: str) -> None:
    base = index_with(*NAMES)
    ours, theirs = grown(base)
    clone.diverge(*(ended(files, ending) for files in (base, ours, theirs)))
    merged = clone.git("-C", folder, *how.split(), "theirs")
    assert (merged.returncode, merged.stderr) == (0, "")
    assert cards.names(clone.read("index.html")) == ["a-first", "b-one", "b-two", "public-hello", "z-last"]
    found = record.read("public-hello/index.html", clone.read("public-hello/index.html"))
    assert [(each.version, each.yanked) for each in found.releases] == [("2.0", None), ("1.0", "is old")]
    for path in ("index.html", "public-hello/index.html"):
        text = (clone.path / path).read_bytes().decode()
        assert text.count("\r\n") == (text.count("\n") if ending == "\r\n" else 0)


def ended(files: Files, ending: str) -> Files:
    pages = {path: text.replace("\n", ending) for path, text in files.files.items() if path.endswith(".html")}
    return replace(files, files={**files.files, **pages})


def test_a_package_that_both_sides_have_registered(clone: Clone) -> None:
    """There is no page to start from: git hands over an empty one."""
    base = index_with("a")
    ours, theirs = (base.do(changes.register, "b", findings(version), "b") for version in ("1.0", "2.0"))
    clone.diverge(base, ours, theirs)
    merged = clone.git("merge", "-q", "--no-edit", "theirs")
    assert "both sides changed the summary on the card of b: decide" in merged.stderr  # a person may have typed one
    found = record.read("b/index.html", clone.read("b/index.html"))
    assert [each.version for each in found.releases] == ["2.0", "1.0"]


@pytest.mark.parametrize("path", ["pkg_template.html", "docs/index.html", "404.html"])
@pytest.mark.parametrize("attributes", [ATTRIBUTES, "*.html merge=index\n"])
def test_a_page_that_is_no_list_and_no_record_is_merged_as_text(clone: Clone, path: str, attributes: str) -> None:
    base = index_with("a")
    text = base.files["pkg_template.html"] if path == "pkg_template.html" else "<h1>A</h1>\n<p>b\n<p>c\n<p>d</p>\n"
    first, last = text.splitlines(keepends=True)[0], text.splitlines(keepends=True)[-1]
    edits = (text, text.replace(first, f"<!-- one -->\n{first}"), text.removesuffix(last) + f"<!-- two -->\n{last}")
    base, ours, theirs = (
        replace(base, files={**base.files, path: page, ".gitattributes": attributes}) for page in edits
    )
    clone.diverge(base, ours, theirs)
    merged = clone.git("merge", "-q", "--no-edit", "theirs")
    assert (merged.returncode, merged.stderr) == (0, "")
    assert clone.read(path) == edits[2].replace(first, f"<!-- one -->\n{first}")
    clone.git("reset", "-q", "--hard", "HEAD^")
    clash = replace(base, files={**base.files, path: text.replace(first, f"<!-- three -->\n{first}")})
    clone.commit(clash)
    clone.git("checkout", "-q", "theirs")
    clone.commit(ours)
    clone.git("checkout", "-q", "main")
    assert clone.git("merge", "-q", "--no-edit", "theirs").returncode == 1
    assert re.search(r"<<<<<<< \w+\n<!-- three -->\n=======\n<!-- one -->\n>>>>>>> theirs\n", clone.read(path))


def test_git_is_told_of_a_conflict(clone: Clone) -> None:
    base = index_with(*NAMES)
    ours = base.do(changes.yank, "public-hello", "public-hello", "1.0", "one reason")
    theirs = base.do(changes.yank, "public-hello", "public-hello", "1.0", "another reason")
    clone.diverge(base, ours, theirs)
    merged = clone.git("merge", "-q", "--no-edit", "theirs")
    assert merged.returncode == 1
    assert "error: public-hello/index.html: both sides changed release 1.0: yanked: decide" in merged.stderr
    assert clone.git("status", "--porcelain").stdout == "UU public-hello/index.html\n"
    page = clone.read("public-hello/index.html")
    assert page.count("<<<<<<< ours\n") == page.count("=======\n") == page.count(">>>>>>> theirs\n") >= 1
    assert "one reason" in page and "another reason" in page


def test_a_conflict_that_no_line_shows_is_marked_too(tmp_path: Path) -> None:
    """One side says that the project is private now, the other has a release that tells of it, far from there."""
    base = package("1.0")
    sides = [base, replace(base, private=True), base.with_release(release("2.0", description="2.0.md"))]
    pages = [record.write("public-hello/index.html", TEMPLATE, side) for side in sides]
    files = [tmp_path / name for name in ("base", "ours", "theirs")]
    for file, page in zip(files, pages, strict=True):
        file.write_text(page, "utf-8")
    assert "both sides changed release 2.0 (it tells" in run("merge", *files, "public-hello/index.html").error
    marked = files[1].read_text("utf-8")
    for kept, page in ((r"\1", pages[1]), (r"\2", pages[2])):
        assert re.sub(r"(?s)<<<<<<< ours\n(.*?)=======\n(.*?)>>>>>>> theirs\n", kept, marked) == page != marked


@pytest.mark.parametrize("path", [(), ("public-hello/index.html",)])
def test_the_result_is_written_to_ours(tmp_path: Path, path: tuple[str, ...]) -> None:
    base = index_with(*NAMES)
    ours, theirs = grown(base)
    for name, files in (("base", base), ("ours", ours), ("theirs", theirs)):
        (tmp_path / name).write_text(files.files["index.html"], "utf-8")
    assert run("merge", *(tmp_path / name for name in ("base", "ours", "theirs")), *path).status == 0
    assert cards.names((tmp_path / "ours").read_text("utf-8")) == [
        "a-first",
        "b-one",
        "b-two",
        "public-hello",
        "z-last",
    ]
    assert (tmp_path / "theirs").read_text("utf-8") == theirs.files["index.html"]


def test_what_cannot_be_merged_is_an_error(tmp_path: Path) -> None:
    page = index_with("a").files["a/index.html"]
    for name, text in (("base", page), ("ours", page.replace('data-field="name"', "")), ("theirs", page + " ")):
        (tmp_path / name).write_text(text, "utf-8")
    files = [tmp_path / name for name in ("base", "ours", "theirs")]
    assert 'no element has data-field="name"' in run("merge", *files, "a/index.html").error
    os.mkfifo(tmp_path / "pipe")  # nobody writes to it: reading would wait for ever
    for none in (tmp_path / "none", tmp_path / "none" / "none", tmp_path, tmp_path / "pipe", ""):
        for place in range(3):
            said = run("merge", *files[:place], none, *files[place + 1 :]).error
            assert said.startswith(f"{none or '.'} is not there, or no file: give BASE, OURS and THEIRS")
    assert run("merge", os.devnull, files[2], files[2]).status == 0
    (tmp_path / "theirs").write_bytes(b"\xff")
    assert "is not UTF-8" in run("merge", *files).error
    assert "PATH" in run("merge", "--help").out


def test_what_a_conflict_left_is_said_to_be_one(tmp_path: Path) -> None:
    base, ours, theirs = (index_with(*names).files["index.html"] for names in (("a",), ("a",), ("a",)))
    said = 'data-field="summary">'
    files = {"base": base, "ours": ours.replace(said, f"{said}One "), "theirs": theirs.replace(said, f"{said}Two ")}
    paths = [tmp_path / name for name in files]
    for path, text in zip(paths, files.values(), strict=True):
        path.write_text(text)
    assert "the summary on the card of a" in run("merge", *paths).error
    left = paths[1].read_text()
    assert "<<<<<<< " in left
    (tmp_path / "index.html").write_text(left)
    assert "holds a conflict that git has left" in run("check", "--root", tmp_path).error


def test_a_python_without_the_requirements_leaves_markers(clone: Clone) -> None:
    """Or somebody could take one side's page for the merge."""
    base, ours, theirs = index_with("a"), index_with("a", "b"), index_with("a", "c")
    clone.git("config", "merge.index.driver", DRIVER.replace(" -m", " -S -m"))  # no site-packages
    clone.diverge(base, ours, theirs)
    merged = clone.git("merge", "theirs")
    assert merged.returncode == 1
    assert "error: this Python has no " in merged.stderr and "Traceback" not in merged.stderr
    assert "UU index.html" in clone.git("status", "--porcelain").stdout
    assert "<<<<<<< " in clone.read("index.html") and ">>>>>>> " in clone.read("index.html")
