"""`python -m scripts.publish`: what it refuses, what it leaves when it is stopped, and where it says the site is."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scripts import workspace
from tests.factories import package
from tests.site.indexes import URL, Scratch, every_kind
from tests.verbs import ROOT, command, contents, run

if TYPE_CHECKING:
    from collections.abc import Callable

HELLO, LEAF, INDEX = "public-hello/index.html", "leaf/index.html", "index.html"


@pytest.fixture
def filled(tmp_path: Path, clean_environment: pytest.MonkeyPatch) -> Scratch:
    """An index with a package of every kind, and its site."""
    return every_kind(Scratch(tmp_path))


def test_what_a_run_says(filled: Scratch) -> None:
    assert filled.run().said == f"{filled.out}: 3 packages, for {URL}\n"
    assert command("publish", "--help").said.startswith("usage: python -m scripts.publish")


# Refusals: each names the file, and the old site is still there whole (`refused` looks at both).


def _replace(path: str, before: str, after: str) -> Callable[[Scratch], object]:
    return lambda scratch: scratch.change(path, before, after)


def _again(scratch: Scratch) -> None:
    """A second folder that records the same package."""
    shutil.copytree(scratch.root / "leaf", scratch.root / "leaf2")
    card = '<article data-package="leaf2"><p data-field="version"></p></article>'
    scratch.change(INDEX, "</div>\n    </section>\n  </main>", f"{card}</div>\n    </section>\n  </main>")


def _twice(scratch: Scratch) -> None:
    """A second card of the same package."""
    text = scratch.read(INDEX)
    (card,) = re.findall(r'<article class="card" data-package="leaf">.*?</article>', text, re.DOTALL)
    scratch.edit(INDEX, text.replace(card, card + card))


def _without_card(scratch: Scratch) -> None:
    text = scratch.read(INDEX)
    scratch.edit(INDEX, re.sub(r'<article class="card" data-package="leaf">.*?</article>', "", text, flags=re.DOTALL))


def _empty(scratch: Scratch) -> None:
    for name in ("leaf", "an-alias", "public-hello"):
        shutil.rmtree(scratch.root / name)
    text = scratch.read(INDEX)
    scratch.edit(INDEX, re.sub(r"<article.*</article>", "", text, flags=re.DOTALL))


def _link(path: str) -> Callable[[Scratch], object]:
    def make(scratch: Scratch) -> None:
        target = scratch.root / path
        target.parent.mkdir(exist_ok=True)
        target.unlink(missing_ok=True)
        target.symlink_to("/etc/passwd")

    return make


SHA256 = r"[0-9a-f]{64}"
BROKEN: dict[str, tuple[Callable[[Scratch], object], str]] = {
    "a mark is gone": (
        _replace(LEAF, 'data-field="commit"', ""),
        'leaf/index.html: release 1.0: commit "" is no full',
    ),
    "a fact is gone": (_replace(LEAF, 'data-field="visibility"', ""), "leaf/index.html: .*visibility"),
    "a bad commit": (_replace(LEAF, ">v1.0<", ">v 1.0..<"), "leaf/index.html: release 1.0: tag .*"),
    "another name": (_replace(LEAF, 'data-release="1.0"', 'data-release="1.1"'), "leaf/index.html: "),
    "cut off": (
        lambda one: one.edit(HELLO, one.read(HELLO)[:4000]),
        "public-hello/index.html: .*(never closed|put it back)",
    ),
    "empty": (lambda one: one.edit(HELLO, ""), "public-hello/index.html: "),
    "not UTF-8": (lambda one: (one.root / HELLO).write_bytes(b"\xff" * 9), "public-hello/index.html: is not UTF-8"),
    "gone": (lambda one: (one.root / HELLO).unlink(), "public-hello/index.html is not there"),
    "another tag": (
        _replace(LEAF, '<dd data-field="tag">v1.0</dd>', '<dd data-field="tag">v1.1</dd>'),
        f"leaf/index.html: release 1.0: its sha256 is {SHA256}, its pointer sdist has {SHA256}; .*bring it back",
    ),
    "another hash": (
        lambda one: one.edit(LEAF, re.sub(rf">{SHA256}<", f">{'0' * 64}<", one.read(LEAF))),
        f"leaf/index.html: release 1.0: its sha256 is {'0' * 64}, its pointer sdist has {SHA256}",
    ),
    "no hash": (
        lambda one: one.edit(
            "leaf/index.html",
            re.sub(r'<dt>SHA-256</dt>\s*<dd data-field="sha256">.*</dd>', "", one.read("leaf/index.html")),
        ),
        "leaf/index.html: release 1.0 has no .*delete the release and add it anew",
    ),
    "two folders": (_again, "leaf2/index.html: records leaf, not leaf2"),
    "two cards": (_twice, 'index.html: two cards have data-package="leaf"'),
    "no card": (_without_card, "index.html: lists no leaf, whose record is there: bring its card back"),
    "a card without a record": (
        lambda one: shutil.rmtree(one.root / "leaf"),
        "leaf/index.html is not there",
    ),
    "a card that is no name": (
        _replace(INDEX, 'data-package="leaf"', 'data-package="../leaf"'),
        'index.html: data-package="../leaf": name "../leaf" is no valid project name',
    ),
    "a card in another spelling": (
        _replace(INDEX, 'data-package="leaf"', 'data-package="Leaf"'),
        'index.html: data-package="Leaf" is not in normal form: write leaf',
    ),
    "a card of our own folder": (
        _replace(INDEX, 'data-package="leaf"', 'data-package="static"'),
        'index.html: data-package="static" has the name of a folder of the site',
    ),
    "no mark for cards": (
        _replace(INDEX, '<div class="packages" data-field="packages">', "<div>"),
        "index.html: .*packages",
    ),
    "no index.html": (lambda one: (one.root / INDEX).unlink(), "index.html is not there"),
    "nothing any more": (_empty, "index.html: lists no package, and the site that is there has 3: bring them back"),
    "no description": (
        lambda one: (one.root / "public-hello" / "0.1.md").unlink(),
        "public-hello/index.html: release 0.1 names 0.1.md, which is not beside it: bring it back",
    ),
    "a description that is no text": (
        lambda one: (one.root / "public-hello" / "0.1.md").write_bytes(b"\xff"),
        "public-hello/0.1.md: is not UTF-8",
    ),
    "a link to another file": (_link("static/passwd.txt"), "static/passwd.txt: is a link"),
    "a link for a page": (_link("about.html"), "about.html: is a link"),
    "a link for a record": (_link("leaf/index.html"), "leaf/index.html: is a link"),
    "a link for a description": (_link("public-hello/0.1.md"), "public-hello/.*0.1.md"),
}


@pytest.mark.parametrize(("spoil", "error"), BROKEN.values(), ids=BROKEN)
def test_a_broken_index(filled: Scratch, spoil: Callable[[Scratch], object], error: str) -> None:
    spoil(filled)
    assert re.match(error, filled.refused())


def test_an_index_that_was_always_empty(tmp_path: Path, clean_environment: pytest.MonkeyPatch) -> None:
    scratch = Scratch(tmp_path)
    for _ in range(2):
        assert scratch.run().status == 0
    assert json.loads(scratch.site("index.json"))["projects"] == []
    assert scratch.site("constraints.txt").startswith("# ")
    assert "<entry>" not in scratch.site("feed.xml")


def test_a_site_of_which_nobody_knows_what_it_held(filled: Scratch) -> None:
    _empty(filled)
    (filled.out / "index.json").write_text("[")
    assert "holds no list of packages in its index.json" in filled.refused()


@pytest.mark.parametrize("out", [".", "..", "static", "public-hello", "static/site", "leaf/new", "notes", "file"])
def test_what_is_no_site_is_not_replaced(filled: Scratch, out: str) -> None:
    """The site takes the place of all that is in its folder: the repository must not be that folder."""
    filled.edit("notes/mine.txt", "mine")
    filled.edit("file", "mine")
    before = contents(filled.folder)
    error = run("publish", "--root", filled.root, "--out", filled.root / out, "--base-url", URL).error
    assert error.startswith("--out ")
    assert contents(filled.folder) == before


def test_an_empty_folder_or_a_new_one_takes_a_site(filled: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(filled.root)
    (filled.root / "empty").mkdir()
    for out in ("empty", "_site", "new/below"):
        Path(out).parent.mkdir(exist_ok=True)
        for _ in range(2):
            assert run("publish", "--out", out, "--base-url", URL).status == 0
        assert contents(Path(out)) == contents(filled.out)


def test_a_full_disk(filled: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(workspace.Site, "write", fails)
    assert filled.refused() == f"cannot write the site to {filled.out}: No space left on device"


# The swap


@pytest.mark.slow
@pytest.mark.parametrize("call", range(4))
def test_a_run_that_is_killed_in_the_swap_loses_no_site(
    filled: Scratch, monkeypatch: pytest.MonkeyPatch, call: int
) -> None:
    """Killed before, between and after the two renames; the next run finds the old site or the new one."""
    old = contents(filled.out)
    filled.add(package("1.0", name="newer", project="newer"))
    killed = f"""
import os, pathlib, shutil, signal
calls = []
def counted(real):
    def call(*arguments, **options):
        if pathlib.Path(str(arguments[0])).parent == pathlib.Path({str(filled.folder)!r}):
            calls.append(1)
            if len(calls) == {call} + 2:  # the first one clears what a run before may have left
                os.kill(os.getpid(), signal.SIGKILL)
        return real(*arguments, **options)
    return call
pathlib.Path.rename = counted(pathlib.Path.rename)
shutil.rmtree = counted(shutil.rmtree)
from scripts.publish import main
main(["--root", {str(filled.root)!r}, "--out", {str(filled.out)!r}, "--base-url", {URL!r}])
"""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", killed], env=environment, capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    places = [place for place in filled.folder.iterdir() if (place / ".nojekyll").exists()]
    assert [contents(place) for place in places].count(old) <= 1
    assert all(contents(place) == old or (place / "newer" / "index.html").exists() for place in places)
    if call == 2:
        assert not filled.out.exists()  # between the two
    _without_card(filled)
    assert "lists no leaf" in filled.run().error
    assert filled.out.is_dir()
    assert contents(filled.out) == old or (filled.out / "newer" / "newer-1.0.tar.gz").is_file()
    assert [path.name for path in filled.folder.iterdir() if path.name.endswith(".new")] == []


def test_an_interrupted_build_leaves_the_old_site(filled: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    before = contents(filled.folder)
    monkeypatch.setattr(workspace.Site, "copy", interrupted)
    with pytest.raises(KeyboardInterrupt):
        filled.publish()
    assert contents(filled.folder) == before


# Where the site is


@pytest.mark.parametrize(
    ("environment", "cname", "given", "url"),
    [
        ({}, "", "", ""),
        ({"GITHUB_REPOSITORY": "Octo/index"}, "", "", "https://octo.github.io/index/"),
        ({"GITHUB_REPOSITORY": "Octo/Octo.github.io"}, "", "", "https://octo.github.io/"),
        (
            {"GITHUB_REPOSITORY": "Octo/index", "GITHUB_SERVER_URL": "https://github.com/"},
            "",
            "",
            "https://octo.github.io/index/",
        ),
        ({"GITHUB_REPOSITORY": "Octo/index", "GITHUB_SERVER_URL": "https://github.acme.example"}, "", "", ""),
        ({"GITHUB_REPOSITORY": "Octo/index"}, "packages.acme.example\n", "", "https://packages.acme.example/"),
        ({"GITHUB_REPOSITORY": "Octo/index"}, "packages.acme.example", "http://h:80/a/b", "http://h:80/a/b/"),
        ({}, "", "https://h.example//", "https://h.example/"),
    ],
)
def test_where_the_site_is(
    filled: Scratch, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], cname: str, given: str, url: str
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    if cname:
        filled.edit("CNAME", cname)
    said = filled.run("--base-url", given).said
    assert said.splitlines()[0] == f"{filled.out}: 3 packages" + (f", for {url}" if url else "")
    assert (filled.out / "feed.xml").exists() is bool(url)
    if url:
        assert f" @ {url}leaf/leaf-1.0.tar.gz#" in filled.site("leaf/constraints.txt")


@pytest.mark.parametrize("url", ["h.example", "ftp://h.example/", "https://h.example/?a=1", "https://u:p@h.example/"])
def test_an_address_that_is_none(filled: Scratch, url: str) -> None:
    assert filled.refused("--base-url", url).startswith(f'--base-url "{url}" is ')


def test_a_cname_that_is_none(filled: Scratch) -> None:
    filled.edit("CNAME", "two names\n")
    assert filled.refused("--base-url", "").startswith('CNAME "https://two names" is ')
    (filled.root / "CNAME").write_bytes(b"\xff")
    assert filled.refused("--base-url", "").startswith("CNAME: is not UTF-8")


def test_a_cname_that_leads_elsewhere_is_not_read(filled: Scratch, tmp_path: Path) -> None:
    """What it leads to would stand in the error, which everybody may read."""
    (tmp_path / "secret").write_text("a secret of this machine")
    (filled.root / "CNAME").symlink_to(tmp_path / "secret")
    assert filled.refused("--base-url", "") == "CNAME: is a link or lies behind one: put a real file in its place"
