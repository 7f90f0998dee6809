"""The elements that the scripts make: cards, releases and their links."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup, Tag
from hypothesis import given
from hypothesis import strategies as st

from scripts.pages import elements
from tests import factories
from tests.factories import package, release

if TYPE_CHECKING:
    from scripts.model import Release

COMMIT = "9bac86dbcce7da86576912fae9dfe198a6056b21"


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, f"git+https://github.com/acme/public-hello@{COMMIT}#subdirectory=.&egg=hello-1.0"),
        (
            {"subdirectory": "it's/a b+c", "repository": "ssh://git@git.example:22/x.git"},
            f"git+ssh://git@git.example:22/x.git@{COMMIT}#subdirectory=it%27s/a%20b%2Bc&egg=hello-1.0",
        ),
        (
            {"version": "1.0rc1.dev2"},
            f"git+https://github.com/acme/public-hello@{COMMIT}#subdirectory=.&egg=hello-1.0rc1.dev2",
        ),
        ({"version": "1!2.0"}, f"git+https://github.com/acme/public-hello@{COMMIT}#subdirectory=.&release=1%212.0"),
        (
            {"version": "1.0+local"},
            f"git+https://github.com/acme/public-hello@{COMMIT}#subdirectory=.&release=1.0%2Blocal",
        ),
    ],
)
def test_a_link_names_the_commit_and_never_the_tag(facts: dict[str, str], expected: str) -> None:
    assert elements.link("hello", release(**{"commit": COMMIT, **facts})) == expected


@given(factories.releases())
def test_a_link_has_two_parts_behind_it(found: Release) -> None:
    """One part alone makes uv refuse the whole page, and so does a % that is no UTF-8."""
    address, fragment = elements.link("hello", found).split("#")
    assert fragment.startswith("subdirectory=")
    assert fragment.count("&") == fragment.count("&egg=hello-") + fragment.count("&release=") == 1
    assert address.endswith(f"@{found.commit}")


def soup(lines: list[str]) -> Tag:
    (element,) = BeautifulSoup("\n".join(lines), "html.parser").find_all(recursive=False)
    return element


def texts(element: Tag, selector: str) -> list[str]:
    return [found.get_text(strip=True) for found in element.select(selector)]


def test_a_plain_release_has_no_marks_and_only_the_facts_that_it_has() -> None:
    made = soup(elements.release_lines("hello", release()))
    assert texts(made, ".mark") == []
    assert texts(made, "dt") == ["Date", "Commit", "File", "Tag", "Repository"]
    link = made.select_one("a")
    assert link
    assert (link.get("data-requires-python"), link.get("data-yanked")) == (None, None)


@pytest.mark.parametrize(
    ("version", "yanked", "marks"),
    [
        ("1.0rc1", None, ["pre-release"]),
        ("1.0.dev0", None, ["pre-release"]),
        ("1.0.post1", None, []),
        ("1.0", "", ["yanked"]),
        ("1.0", "broken: on <b>", ["yanked: broken: on <b>"]),
        ("1.0a1", "x", ["pre-release", "yanked: x"]),
    ],
)
def test_prereleases_and_yanked_ones_are_marked(version: str, yanked: str | None, marks: list[str]) -> None:
    made = soup(elements.release_lines("hello", release(version, yanked=yanked)))
    assert texts(made, ".mark") == marks
    link = made.select_one("a")
    assert link
    assert link.get("data-yanked") == yanked


def test_a_card_links_to_the_folder_by_name() -> None:
    made = soup(elements.card(package("1.0", "2.0rc1")))
    assert [(link["href"], link.get_text()) for link in made.select("a")] == [("public-hello/", "public-hello")]
    assert texts(made, "[data-field=version]") == ["1.0"]
    assert texts(made, "[data-field=summary]") == ["Says hello."]


values = st.sampled_from((*factories.HOSTILE, ""))


@given(values, values, values)
def test_what_is_made_is_read_as_it_was_given(text: str, attribute: str, item: str) -> None:
    tag = elements.make("div", [elements.make("p", text, data_x=attribute), elements.items("list", [item])])
    made = soup(elements.lines(tag))
    paragraph = made.p
    assert paragraph
    assert (paragraph.get_text(), paragraph.attrs) == (text, {"data-x": attribute})
    assert [found.get_text() for found in made.select("ul[data-field=list] > li")] == [item]
    assert [found.name for found in made.find_all()] == ["p", "ul", "li"]


def test_an_element_with_one_line_in_it_stays_on_one() -> None:
    one = elements.make("h3", [elements.make("a", "x", href="y/")], class_="z")
    assert elements.lines(one) == ['<h3 class="z"><a href="y/">x</a></h3>']
    assert elements.lines(elements.make("ul", [one, elements.make("li", id=None)])) == [
        "<ul>",
        '  <h3 class="z"><a href="y/">x</a></h3>',
        "  <li></li>",
        "</ul>",
    ]
