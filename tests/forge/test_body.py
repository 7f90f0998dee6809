"""The text of a pull request, read as its reviewer reads it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from scripts.forge.body import Review, body
from scripts.model import About, OnPyPI, Package
from tests import factories
from tests.factories import package, release
from tests.forge.markdown import facts, links, live, tables

SERVER = "https://github.com"
NAME, HELLO = "public-hello", factories.REPOSITORY
ABSENT = OnPyPI(known=True)


def text(verb: str, before: Package | None, after: Package | None, **more: Any) -> str:
    """The body for a change from one record to another."""
    there = {found.version for found in before.releases} if before else set()
    added = tuple(found for found in (after.releases if after else ()) if found.version not in there)
    rest: dict[str, Any] = {"left_out": (), "pypi": ABSENT} | more
    return body(Review(verb, NAME, before, after, added, **rest), SERVER)


OLD = release("1.0", requires_python=">=3.8", requires_dist=("alpha>=1", "beta"))
NEW = release("1.1", requires_python=">=3.9", requires_dist=("beta", "gamma; extra == 'x'"), provides_extra=("x",))


def test_a_register() -> None:
    said = text("register", None, package(OLD))
    assert facts(said) == {
        "": "",
        "Package": "public-hello",
        "Repository": HELLO,
        "Visibility": "public",
        "On PyPI": "no project of this name",
        "Requires Python": ">=3.8",
        "Dependencies": "alpha>=1, beta",
    }
    assert tables(said)[1] == [
        ["Version", "Tag", "Commit", "Compared with the release before"],
        ["1.0", "v1.0", OLD.commit, "first here"],
    ]
    assert links(said) == {
        HELLO: HELLO,
        "1.0": f"{HELLO}/releases/tag/v1.0",
        "v1.0": f"{HELLO}/tree/v1.0",
        OLD.commit: f"{HELLO}/commit/{OLD.commit}",
    }
    assert said.count("- [ ] ") == 4
    assert "the name cannot be mistaken for a public project" in said
    assert "Made by the form `register`" in said


def test_an_update_says_what_changed_since_the_release_before() -> None:
    said = text("update", package(OLD), package(NEW, OLD))
    assert tables(said)[1][1] == ["1.1", "v1.1", NEW.commit, "since 1.0"]
    assert links(said)["since 1.0"] == f"{HELLO}/compare/{OLD.commit}...{NEW.commit}"
    found = facts(said)
    assert found["Requires Python"] == ">=3.9 (before: >=3.8)"
    assert found["Dependencies"] == "beta, gamma; extra == 'x' (**new:** gamma; extra == 'x'; **gone:** alpha>=1)"
    assert found["Extras"] == "x"


def test_a_release_between_others_is_compared_with_the_one_below_it() -> None:
    between = release("1.0.5", requires_python=">=3.8", requires_dist=OLD.requires_dist)
    said = text("update", package(NEW, OLD), package(NEW, between, OLD))
    assert links(said)["since 1.0"] == f"{HELLO}/compare/{OLD.commit}...{between.commit}"
    assert facts(said)["Dependencies"] == "alpha>=1, beta (as before)"
    assert facts(said)["Requires Python"] == ">=3.8"


def test_many_releases_at_once() -> None:
    many = [release(f"1.{number}") for number in range(300)]
    said = text("register", None, package(*many[:40]))
    rows = tables(said)[1]
    assert len(rows) == 1 + 30 + 1
    assert rows[1][0] == "1.39"
    assert rows[-1][:2] == ["and 10 more", ", ".join(f"1.{number}" for number in reversed(range(10)))]
    assert links(said)["1.0"] == f"{HELLO}/releases/tag/v1.0"
    said = text("register", None, package(*many))
    assert tables(said)[1][-1][1].endswith(", 1.101, 1.100, …")
    assert said.count("/releases/tag/") == 200


def test_a_prerelease_is_marked() -> None:
    assert tables(text("update", package(OLD), package(release("2.0rc1"), OLD)))[1][1][0] == "2.0rc1 pre-release"


def test_an_alias_a_subdirectory_and_no_limits() -> None:
    said = facts(text("register", None, package(release("1.0"), project="Own.Name", subdirectory="packages/hello")))
    assert (said["Alias of the project"], said["Subdirectory"]) == ("Own.Name", "packages/hello")
    assert (said["Requires Python"], said["Dependencies"]) == ("any", "none")


@pytest.mark.parametrize(
    ("pypi", "latest", "says", "warns"),
    [
        (OnPyPI(known=True), "1.0", "no project of this name", False),
        (OnPyPI(known=True, exists=True), "1.0", "a project of this name, no release", False),
        (OnPyPI(known=True, exists=True, newest="0.9"), "1.0", "a project of this name, newest 0.9", False),
        (OnPyPI(known=True, exists=True, newest="1.0.0"), "1.0", "a project of this name, newest 1.0.0", True),
        (OnPyPI(known=True, exists=True, newest="1.10"), "1.9", "a project of this name, newest 1.10", True),
        (OnPyPI(known=False), "1.0", "PyPI could not be asked: look there yourself", False),
    ],
)
def test_the_name_on_pypi(pypi: OnPyPI, latest: str, says: str, warns: bool) -> None:
    said = text("register", None, package(release(latest)), pypi=pypi)
    assert facts(said)["On PyPI"] == says
    assert ("> [!WARNING]" in said) == warns


def test_what_is_published_of_a_private_project() -> None:
    hidden = release("1.0", dynamic=("requires-dist", "provides-extra"))
    said = facts(text("register", None, package(hidden, private=True)))
    only = "published: name, version, links, requires-python and build requirements only"
    assert said["Visibility"] == f"private; {only}"
    assert said["Dependencies"] == "not published; known when it is built"
    said = facts(text("register", None, package(OLD, private=True, publish_metadata="always")))
    assert said["Visibility"] == "private, with its metadata published"
    said = facts(text("register", None, package(hidden, publish_metadata="never")))
    assert said["Visibility"] == f"public; {only}"


def test_a_repository_elsewhere_has_no_links_into_it() -> None:
    elsewhere = "https://git.example.org/hello"
    made = package(release("1.0", repository=elsewhere), repository=elsewhere)
    assert links(text("register", None, made)) == {elsewhere: elsewhere}
    local = package(release("1.0", repository="file:///srv/hello"), repository="file:///srv/hello")
    assert links(text("register", None, local)) == {}


def test_a_server_of_ones_own() -> None:
    address = "https://github.example.com/octo/hello"
    said = package(release("1.0", repository=address), repository=address)
    review = Review("register", "public-hello", None, said, said.releases, (), ABSENT)
    assert links(body(review, "https://github.example.com"))["v1.0"] == f"{address}/tree/v1.0"


def test_a_tag_that_is_no_plain_path() -> None:
    made = package(release("1.0", tag="hello/v1.0#é%"))
    assert links(text("register", None, made))["hello/v1.0#é%"] == f"{HELLO}/tree/hello/v1.0%23%C3%A9%25"


def test_tags_that_were_left_out() -> None:
    said = text(
        "register", None, package(OLD), left_out=(("v0.9", "its build failed: a | b"), ("v0.8", "no `setup.py`"))
    )
    assert tables(said)[-1] == [["Tag", "Why"], ["v0.9", "its build failed: a | b"], ["v0.8", "no `setup.py`"]]


def test_a_deleted_release_and_a_deleted_package() -> None:
    said = text("delete", package(NEW, OLD), package(NEW))
    assert "Taken away: `1.0`. Whoever has pinned one of them" in said
    assert "nobody depends on what goes away" in said
    assert "Compared with" not in said
    said = text("delete", package(NEW, OLD), None)
    assert "Taken away: `1.1`, `1.0`." in said
    assert facts(said)["Package"] == "public-hello"
    assert "whose record could not be read" in text("delete", None, None)


def test_a_yank_and_its_undoing() -> None:
    yanked = replace(OLD, yanked="broken | on <Windows>")
    said = text("yank", package(NEW, OLD), package(NEW, yanked))
    assert tables(said)[-1] == [["Changed", "from", "to"], ["Yanked 1.0", "no", "broken | on <Windows>"]]
    assert "Made by the form `yank`" in said
    said = text("unyank", package(NEW, yanked), package(NEW, OLD))
    assert tables(said)[-1][1:] == [["Yanked 1.0", "broken | on <Windows>", "no"]]
    assert "Made by the form `yank`" in said
    said = text("yank", package(NEW, OLD), package(NEW, replace(OLD, yanked="")))
    assert tables(said)[-1][1:] == [["Yanked 1.0", "no", "yes, without a reason"]]


def test_texts_that_change() -> None:
    before = package(OLD, about=About(summary="Says hello", author="Ada"))
    moved = "https://github.com/octo/moved"
    after = replace(before, about=About(summary="Says more", homepage="https://example.org"), repository=moved)
    assert tables(text("update", before, after))[-1] == [
        ["Changed", "from", "to"],
        ["Repository", HELLO, moved],
        ["Summary", "Says hello", "Says more"],
        ["Author", "Ada", "(empty)"],
        ["Homepage", "(empty)", "https://example.org"],
    ]
    private = replace(before, private=True)
    assert tables(text("update", before, private))[-1][1:] == [["Visibility", "public", "private"]]


HOSTILE = (
    "@octocat",
    "<img src=x onerror=alert(1)>",
    "<!-- hidden -->",
    "![image](https://evil.example/x.png)",
    "[link](https://evil.example)",
    "https://evil.example",
    "# heading",
    "**bold** _it_ ~~no~~",
    "`code` and ``more`` and ```",
    "` @octocat",
    "@octocat `",
    "a | b \\| c \\\\| @octocat |",
    "|" * 30,
    "\\",
    "\\`",
    "fixes #1, octo/other#2",
    "&lt;script&gt;",
    "$\\color{red}{x}$",
    "- [x] approved",
    "::error::x",
)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_no_value_is_ever_markdown(hostile: str) -> None:
    """What is live in the text is the same, whatever the values are."""

    def said(value: str) -> str:
        before = package(OLD, about=About(summary=f"before {value}", author=value))
        yanked = replace(OLD, yanked=f"because {value}")
        after = package(release("1.1"), yanked, about=About(summary=value, author=f"{value} after"))
        return text("update", before, after, left_out=(("v0.1", value), ("v0.2", f"{value} x {value}")))

    assert live(said(hostile)) == live(said("plain"))
    changed = tables(said(hostile))[-2]
    assert ["Summary", f"before {hostile}", hostile] in changed
    assert ["Author", hostile, f"{hostile} after"] in changed
    assert ["Yanked 1.0", "no", f"because {hostile}"] in changed
    assert tables(said(hostile))[-1][1:] == [["v0.1", hostile], ["v0.2", f"{hostile} x {hostile}"]]


def test_a_hostile_tag_address_and_dependency() -> None:
    address = f"{HELLO})!@octocat(https:/evil"
    hostile = {"tag": "v1`|@octocat<b>]()", "requires_dist": ("x @ https://evil.example/`|@octocat`",)}
    said = text("register", None, package(release("1.0", repository=address, **hostile), repository=address))
    assert live(said) == live(text("register", None, package(release("1.0", requires_dist=("x",)))))
    assert links(said)["v1`|@octocat<b>]()"] == f"{address}/tree/v1%60%7C%40octocat%3Cb%3E%5D%28%29"


def test_a_text_that_github_takes() -> None:
    """GitHub takes 65,536 characters. What is too much goes by whole lines, so that no value is cut in its quotes."""
    listed = tuple(f"dependency-{number} @ https://example.org/{'`|@octocat' * 150}" for number in range(60))
    releases = [release(f"1.{number}", tag=f"v1.{number}{'é' * 200}", requires_dist=listed) for number in range(50)]
    for count in range(1, 50, 7):
        said = text("register", None, package(*releases[:count]))
        assert len(said) <= 65_536
        assert "octocat" not in live(said)
        assert said.endswith("The rest is too long to show: read what changes in the files.\n")
