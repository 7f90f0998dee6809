"""check: what a person may change by hand, and what has to be as the scripts write it."""

from __future__ import annotations

import os
import re
import shutil
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scripts.cli import trial
from scripts.errors import Refused
from tests import samples
from tests.conftest import clean
from tests.servers.forge import CUT
from tests.verbs import Hub, Index, Run, copy_index, run

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import MakeProject

CARD = re.compile(r'<article class="card" data-package="other">.*?</article>', re.DOTALL)
RELEASE = re.compile(r"[ \t]*<article class=\"release\".*?</article>\n", re.DOTALL)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index with two packages, committed to git as its template would be."""
    folder = tmp_path_factory.mktemp("made")
    with pytest.MonkeyPatch.context() as environment:
        clean(environment, folder / "home")
        index = Index(copy_index(folder / "index"))
        hello, other = (samples.Project(folder / name, name) for name in ("public-hello", "other"))
        hello.release("0.1")
        index.did("register", hello)
        hello.release("0.2")
        index.did("update", "public-hello")
        other.release("1.0")
        index.did("register", other)
        samples.git(index.root, "init", "--quiet", "--initial-branch=main")
        commit(index)
    return index.root


@pytest.fixture
def checked(made: Path, tmp_path: Path, clean_environment: pytest.MonkeyPatch) -> Index:
    """A copy of it, to be changed."""
    return Index(shutil.copytree(made, tmp_path / "index"))


def commit(index: Index) -> None:
    samples.git(index.root, "add", "--all")
    samples.git(index.root, "commit", "--quiet", "-m", "As it is")


def problems(outcome: Run) -> list[str]:
    assert outcome.status == (1 if outcome.err else 0), outcome
    assert all(line.startswith("error: ") for line in outcome.err.splitlines()), outcome.err
    return [line.removeprefix("error: ") for line in outcome.err.splitlines()]


def edit(index: Index, path: str, change: Callable[[str], str]) -> None:
    before = index.read(path)
    after = change(before)
    assert after != before
    (index.root / path).write_text(after)


def both(index: Index) -> list[str]:
    """The problems of the whole index, which are those of what was changed too."""
    whole = problems(index.run("check"))
    assert problems(index.run("check", "--base", "HEAD")) == whole
    return whole


def test_what_the_scripts_write_is_well(checked: Index) -> None:
    assert "All is well" in checked.run("check").said
    assert "All is well" in checked.run("check", "--base", "HEAD").said
    checked.did("yank", "public-hello", "0.1", "--reason", "a & b")
    checked.did("delete", "other")
    assert both(checked) == []


def test_what_is_the_peoples(checked: Index) -> None:
    edit(checked, "index.html", lambda text: text.replace("<h1>", "<h1 style='color: red'>Ours: "))
    edit(checked, "index.html", lambda text: text.replace("<h3>", "<h3>★ ", 1))
    edit(checked, "index.html", lambda text: text.replace("<body>", "<body><a href='https://docs.example'>docs</a>"))
    edit(checked, "public-hello/index.html", lambda text: text.replace(">Install<", " class=x>How to install<"))
    edit(checked, "public-hello/index.html", lambda text: text.replace("\n", "\r\n"))
    edit(checked, "public-hello/index.html", lambda text: text.replace("\n      ", "\n\t\t"))
    assert both(checked) == []


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('<dd data-field="tag">v0.1</dd>', '<dd data-field="tag">v0.2</dd>', "its sha256 is"),
        ("<dt>Tag</dt>", "<dt>Tag, which is v9</dt>", "release 0.2 is not as the scripts write it"),
        ('<dd data-field="sha256">', '<dd data-field="sha256">0', "is no SHA-256"),
        ("<main", "<a href='https://e.example/public_hello-9.tar.gz'>x</a><main", "is a link that installers"),
        ("<main", "<textarea><a href='x'></textarea><main", "a link hides"),
        ('<dd data-field="visibility"', "<dd", "no element has data-field"),
        ('<dd data-field="description">0.2.md', '<dd data-field="description">0.9.md', "names 0.9.md, which is not"),
        ('data-field="summary">', 'data-field="summary">Other: ', "the card of public-hello must say"),
    ],
)
def test_a_record_that_was_edited(checked: Index, old: str, new: str, says: str) -> None:
    edit(checked, "public-hello/index.html", lambda text: text.replace(old, new, 1))
    found = both(checked)
    assert any(says in line for line in found), found
    assert all(
        line.startswith(("public-hello/index.html: ", "index.html: the card of public-hello")) for line in found
    )


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            'data-field="version">0.2<',
            'data-field="version">9.9<',
            "the card of public-hello must say version '0.2', as",
        ),
        ('data-field="summary">', 'data-field="summary">x', "other must say summary 'Says hello, as other', as its"),
        (
            '<time data-field="date">',
            '<time data-field="date">9',
            "other must say date '2026-01-31T12:00:00Z', as its",
        ),
        ('data-field="badges">', 'data-field="badges"><li>private</li>', "the card of other must say no badges"),
        ('data-package="other"', 'data-package="scripts"', "scripts"),
        ('data-package="other"', 'data-package="Other"', "not in normal form"),
        ('data-package="other"', 'data-package="public-hello"', "two cards"),
        ('data-package="other"', 'data-package="third"', "third/index.html is not there"),
    ],
)
def test_an_index_that_was_edited(checked: Index, old: str, new: str, says: str) -> None:
    edit(checked, "index.html", lambda text: text.replace(old, new, 1))
    found = both(checked)
    assert any(says in line for line in found), found


def test_records_and_cards_belong_together(checked: Index) -> None:
    edit(checked, "index.html", lambda text: CARD.sub("", text, count=1))
    assert any("lists no other" in line for line in both(checked))
    (checked.root / "public-hello" / "index.html").rename(checked.root / "other" / "index.html")
    assert any("records public-hello, not other" in line for line in both(checked))


def test_releases_stand_newest_first(checked: Index) -> None:
    def turned(text: str) -> str:
        newer, older = RELEASE.findall(text)
        return str(text.replace(newer + older, older + newer))

    edit(checked, "public-hello/index.html", turned)
    assert any("newest first" in line for line in both(checked))


def test_a_release_that_was_so_before_may_stay_so(checked: Index) -> None:
    """What an older version of the scripts wrote is not held against who changes something else."""
    edit(checked, "public-hello/index.html", lambda text: text.replace("<dt>Date</dt>", "<dt>When</dt>", 1))
    commit(checked)
    checked.did("yank", "public-hello", "0.1")
    assert problems(checked.run("check", "--base", "HEAD")) == []
    assert len(problems(checked.run("check"))) == 1


@pytest.mark.parametrize(
    "path", ["scripts/x.py", "README.md", ".github/workflows/x.yml", "other/x.py", "other/a/b.md"]
)
def test_a_request_changes_nothing_else(checked: Index, path: str) -> None:
    checked.did("yank", "public-hello", "0.1")
    (checked.root / path).parent.mkdir(parents=True, exist_ok=True)
    (checked.root / path).write_text("x")
    branch = "index/yank/public-hello-0.1"
    (found,) = problems(checked.run("check", "--base", "HEAD", "--branch", branch))
    assert found.startswith(f"{path}: no request of this index changes that")
    assert problems(checked.run("check", "--base", "HEAD")) == []
    samples.git(checked.root, "checkout", "--quiet", "-b", branch)
    assert len(problems(checked.run("check", "--base", "main"))) == 1


def on_a_request(index: Index) -> list[str]:
    return problems(index.run("check", "--base", "HEAD", "--branch", "index/update/other-2.0"))


@pytest.mark.parametrize("path", ["other/9.9.md", "other/9.9.rst", "other/\udcff.md"])
def test_a_request_adds_no_description_that_no_release_names(checked: Index, path: str) -> None:
    (checked.root / path).write_text("x")
    assert len(on_a_request(checked)) == 1
    (checked.root / path).unlink()
    (checked.root / path).symlink_to(checked.root / "other" / "1.0.md")
    assert len(on_a_request(checked)) == 1


def test_a_request_keeps_the_descriptions_that_are_named(checked: Index) -> None:
    (checked.root / "other" / "1.0.md").write_text("In other words")
    assert on_a_request(checked) == []
    (checked.root / "other" / "1.0.md").unlink()
    (checked.root / "other" / "1.0.md").symlink_to("index.html")
    assert "names 1.0.md, which is not beside it" in on_a_request(checked)[0]


def test_a_request_brings_no_other_repository(checked: Index) -> None:
    for place in ("elsewhere", "other/2.0.md"):
        samples.git(checked.root, "update-index", "--add", "--cacheinfo", f"160000,{'a' * 40},{place}")
        (checked.root / place).mkdir()  # as a checkout without submodules leaves it
        assert on_a_request(checked)[0].startswith(f"{place}: no request")
        samples.git(checked.root, "reset", "--quiet", "--hard")


def test_what_is_no_file(checked: Index) -> None:
    page = checked.root / "other" / "index.html"
    text = page.read_text()
    page.unlink()
    page.symlink_to("../public-hello/index.html")
    assert "other/index.html: is a link" in both(checked)[0]
    page.unlink()
    samples.git(checked.root, "rm", "-q", "--cached", "other/index.html")
    samples.git(checked.root, "update-index", "--add", "--cacheinfo", f"160000,{'a' * 40},other/index.html")
    samples.git(checked.root, "commit", "--quiet", "-m", "A submodule in its place")
    page.write_text(text)
    assert problems(checked.run("check", "--base", "HEAD")) == []
    (checked.root / "index.html").unlink()
    (checked.root / "index.html").mkdir()
    assert both(checked)[0].startswith("index.html is not there")


def test_a_page_of_tags_that_never_end_takes_no_time(checked: Index) -> None:
    edit(checked, "other/index.html", lambda text: text + "<a " * 300_000)
    started = time.monotonic()
    assert checked.run("check").said
    assert time.monotonic() - started < 10


def test_a_request_that_mends_a_broken_index(checked: Index) -> None:
    text = checked.read("index.html")
    edit(checked, "index.html", lambda text: text.replace("</article>", "", 1))
    commit(checked)
    assert problems(checked.run("check", "--base", "HEAD"))
    (checked.root / "index.html").write_text(text)
    assert problems(checked.run("check", "--base", "HEAD")) == []
    assert problems(checked.run("check", "--base", "HEAD", "--branch", "index/update/other-2.0")) == []


def test_a_whole_package_goes(checked: Index) -> None:
    (checked.root / "other" / "logo.png").write_text("Somebody's own")
    commit(checked)
    checked.did("delete", "other")
    request = ("check", "--base", "HEAD", "--branch", "index/delete/other")
    assert problems(checked.run(*request)) == []
    (checked.root / "other").mkdir()
    (checked.root / "other" / "logo.png").write_text("Something else")
    assert len(problems(checked.run(*request))) == 1


@pytest.mark.parametrize("revision", ["nowhere", "--output=x", "HEAD~9"])
def test_a_revision_that_is_not_there(checked: Index, revision: str) -> None:
    said = checked.run("check", f"--base={revision}").error
    assert said.startswith(f'revision "{revision}" names no commit of this repository: fetch it')
    assert not (checked.root / "x").exists()


def test_a_folder_without_git_has_no_revision(index: Index) -> None:
    assert "not a git repository" in index.run("check", "--base", "main").error


@pytest.mark.slow
def test_changed_releases_are_installed(
    index: Index, project: MakeProject, wheels: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    hello = project("public-hello", "0.1", dependencies=["mydependency"])
    index.did("register", hello)
    index.did("register", project("mydependency", "1.0"))
    samples.git(index.root, "init", "--quiet", "--initial-branch=main")
    commit(index)
    hello.release("0.2", dependencies=["mydependency"])
    index.did("update", "public-hello", "--tag", "v0.2")
    said = index.run("check", "--base", "HEAD", "--install").said
    assert said.splitlines() == ["pip installs public-hello 0.2", "uv installs public-hello 0.2"]
    hello.release("0.3", "unused")
    hello.commit({"public_hello.py": None})
    hello.tag("v0.3")
    index.did("update", "public-hello", "--tag", "v0.3")
    outcome = index.run("check", "--base", "HEAD", "--install")
    (found,) = problems(outcome)
    assert found.startswith("public-hello 0.3: pip cannot install it from the site: ")
    assert "pip installs public-hello 0.2" in outcome.out


@pytest.mark.slow
def test_what_needs_a_private_package_is_passed_over(
    hub: Hub, wheels: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    index = Index(hub.checkout)
    hub.github.add_token("reader", {"octo/secret": {"contents": "read"}})
    monkeypatch.setenv("PACKAGES_TOKEN", "reader")
    samples.on_github(hub.github, "octo/secret", "1.0", private=True)
    samples.on_github(hub.github, "octo/public-hello", "0.1", dependencies=["secret"])
    samples.git(index.root, "init", "--quiet", "--initial-branch=main")
    commit(index)
    index.did("register", "octo/secret")
    index.did("register", "octo/public-hello")
    monkeypatch.delenv("PACKAGES_TOKEN")
    needing, private = index.run("check", "--base", "HEAD", "--install").said.splitlines()
    assert needing.startswith("public-hello 0.1 may need secret, which is private: install it yourself (pip cannot")
    assert private == "secret 1.0 is private: install it yourself"
    commit(index)
    index.did("yank", "public-hello", "0.1", "--reason", "It cannot be installed")
    assert index.run("check", "--base", "HEAD", "--install").said == ""


def test_what_a_tool_prints_is_hostile() -> None:
    """Code of a package prints what it likes; what is told of it is a line, and not a long one."""
    spy = "import sys; sys.stdout.buffer.write(b'\\xff\\x1b[2J' + b'x' * 10**6 + b'\\n::error::a\\n\\n'); sys.exit(1)"
    with pytest.raises(Refused) as refused:
        trial._run("pip", [sys.executable, "-c", spy])
    assert len(str(refused.value)) < 400
    assert str(refused.value).endswith(" | ::error::a")


@pytest.mark.parametrize("tool", ["pip", "uv"])
def test_a_build_that_fails_is_told_in_its_own_words(tmp_path: Path, tool: str) -> None:
    system = {"requires": [], "build-backend": "own_backend", "backend-path": ["."]}
    (tmp_path / "pyproject.toml").write_text(samples.table("build-system", system))
    (tmp_path / "own_backend.py").write_text("raise SystemExit('Needs a compiler.')")
    install = [*([sys.executable, "-m", "pip"] if tool == "pip" else [f"{sys.prefix}/bin/uv", "pip"]), "install"]
    with pytest.raises(Refused, match=r"Needs a compiler\."):
        trial._run(tool, [*install, "--quiet", "--no-index", "--target", str(tmp_path / "out"), str(tmp_path)])


def test_a_request_says_what_was_checked(hub: Hub) -> None:
    samples.on_github(hub.github, "octo/public-hello", "0.1")
    assert "Checked: the pages read back" in (hub.proposed("register", "octo/public-hello").body or "")
    template = hub.index.read("pkg_template.html") or ""
    hub.index.commit({"pkg_template.html": template.replace("<h2>", "<a href='x.tar.gz'>x</a><h2>", 1)})
    body = hub.proposed("register", "octo/public-hello").body or ""
    assert "[!CAUTION]" in body
    assert "is a link that installers may take for a file" in body


def test_the_check_needs_no_network(hub: Hub) -> None:
    hub.github.faults.add(CUT)
    run("check", "--root", hub.checkout).said  # noqa: B018
    assert hub.github.requests == []
