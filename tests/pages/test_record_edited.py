"""Package pages that people edited: every verb still works, changes nothing else, or names what is gone."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from scripts.errors import BadPage
from scripts.model import About, Package, Release
from scripts.pages import record
from scripts.pages.markup import Page
from tests import factories, golden
from tests.factories import TEMPLATE, package, release
from tests.pages import by_hand

if TYPE_CHECKING:
    from collections.abc import Callable

    from scripts.pages.markup import Element

PATH = "public-hello/index.html"
OWN_TEMPLATE, PAGE = golden.page("pkg_template.html"), golden.page("public-hello.html")
templates = pytest.mark.parametrize("template", [TEMPLATE, OWN_TEMPLATE], ids=["shipped", "own"])
each_edit = pytest.mark.parametrize("edit", by_hand.EDITS, ids=lambda edit: edit.__name__)
hellos = factories.packages(st.just("public-hello"))


def write(text: str, package: Package) -> str:
    return record.write(PATH, text, package)


def read(text: str) -> Package:
    return record.read(PATH, text)


def article(page: str, version: str) -> Element:
    found = [each for each in Page(PATH, page).marked("data-release") if each.attributes["data-release"] == version]
    return found[-1]  # before it there may be one in a <template> of the people's own


def order(page: str) -> list[str]:
    """The versions in the order of the page, as a parser reads it."""
    found = BeautifulSoup(page, "lxml").select("[data-field=releases] [data-release]")
    return [str(each["data-release"]) for each in found]


# Pages that people edited


def hello_pages() -> st.SearchStrategy[str]:
    """The page of golden.HELLO, edited by hand."""
    made = st.sampled_from((write(TEMPLATE, golden.HELLO), PAGE))
    return st.builds(by_hand.edited, made, by_hand.hands())


@each_edit
@templates
def test_each_edit_by_hand_leaves_every_verb_at_work(edit: Callable[[str], str], template: str) -> None:
    first = package("1.0", about=About(summary="<b>", keywords=("&",)))
    page = edit(write(edit(template), first))
    second = first.with_release(release("2.0", yanked="<b>"))
    added = write(page, second)
    by_hand.assert_only_added(page, added, article(added, "2.0"))
    assert read(added) == second
    assert write(added, first) == page


@given(hello_pages())
def test_a_page_that_was_edited_says_the_same(page: str) -> None:
    assert read(page) == golden.HELLO
    assert write(page, golden.HELLO) == page


@given(hello_pages(), factories.releases(st.sampled_from(("0.0.1", "0.1.post1", "0.1.5", "2!1.0"))))
def test_a_release_is_added_in_its_place_and_nothing_else(page: str, new: Release) -> None:
    after = golden.HELLO.with_release(new)
    added = write(page, after)
    by_hand.assert_only_added(page, added, article(added, new.version))
    assert read(added) == after
    assert order(added) == [each.version for each in after.releases]
    assert write(added, golden.HELLO) == page


@given(hello_pages(), st.permutations(golden.HELLO.releases))
def test_a_release_is_taken_away_and_nothing_else(page: str, releases: list[Release]) -> None:
    for gone in releases[:-1]:
        before = read(page)
        after = replace(before, releases=tuple(each for each in before.releases if each != gone))
        dropped = write(page, after)
        by_hand.assert_only_added(dropped, page, article(page, gone.version))
        assert read(dropped) == after
        page = dropped


@given(hello_pages(), st.sampled_from(golden.HELLO.releases), factories.lines())
def test_a_release_is_changed_and_nothing_else(page: str, found: Release, reason: str) -> None:
    after = golden.HELLO.with_release(replace(found, yanked=reason))
    changed = write(page, after)
    by_hand.assert_same_outside(page, changed, article(page, found.version))
    assert read(changed) == after


@templates
@given(hands=by_hand.hands(), made=hellos, reason=factories.lines())
def test_a_yank_is_undone_to_the_byte(template: str, hands: by_hand.Hand, made: Package, reason: str) -> None:
    page = write(by_hand.edited(template, hands), made)
    first = made.releases[0]
    yanked = write(page, made.with_release(replace(first, yanked=reason)))
    assert write(yanked, made) == page


@given(hello_pages(), factories.lines())
def test_a_text_is_changed_and_nothing_else(page: str, summary: str) -> None:
    changed = write(page, replace(golden.HELLO, about=replace(golden.HELLO.about, summary=summary)))
    by_hand.assert_same_outside(page, changed, Page(PATH, page).field("summary"))
    assert read(changed).about.summary == summary


@given(hello_pages())
def test_line_endings_are_kept(page: str) -> None:
    page = by_hand.crlf(page) + "\r\n"
    about = About(summary="x", keywords=("a", "b"), urls=(("c", "https://example.org"),))
    for after in (
        replace(golden.HELLO, about=about, releases=(release("3.0"), *golden.HELLO.releases)),
        replace(golden.HELLO, releases=golden.HELLO.releases[1:]),
        golden.HELLO.with_release(replace(golden.HELLO.releases[1], yanked=None)),
    ):
        assert not re.search(r"(?<!\r)\n|\r(?!\n)", write(page, after))


def test_releases_that_people_put_in_another_order_stay_there() -> None:
    page = write(TEMPLATE, package("1.0", "2.0"))
    first, second = (page[each.start : each.end] for each in Page(PATH, page).marked("data-release"))
    turned = page.replace(second, "SECOND").replace(first, second).replace("SECOND", first)
    assert order(turned) == ["1.0", "2.0"]
    assert order(write(turned, package("1.0", "2.0", "3.0"))) == ["1.0", "3.0", "2.0"]
    assert read(turned) == package("1.0", "2.0")


def test_what_people_wrote_beside_a_release_s_facts_stays_until_the_release_changes() -> None:
    page = write(TEMPLATE, package("1.0", "2.0")).replace("<dt>Tag</dt>", "<dt>The <i>tag</i></dt>")
    assert write(page, package("1.0", "2.0", "3.0")).count("The <i>tag</i>") == 2


# Marks that are gone

# Those of the record; what publish fills in (site-, shown-, when-, readme) may be left out.
FIELDS = sorted(set(re.findall(r'data-field="(?!site-|shown-|when-|readme")([\w-]+)"', TEMPLATE)))


def test_the_template_s_fields_are_known() -> None:
    assert {"name", "summary", "releases", "keywords", "typed", "repository"} <= set(FIELDS)


def error(do: Callable[[], object]) -> str:
    with pytest.raises(BadPage) as caught:
        do()
    assert str(caught.value).isprintable()
    return str(caught.value)


@pytest.mark.parametrize("field", FIELDS)
def test_a_mark_that_is_gone_is_named_with_its_file(field: str) -> None:
    mark = f' data-field="{field}"'
    said = f'no element has data-field="{field}": put it back (it may be hidden)'
    assert (
        error(lambda: record.write("pkg_template.html", TEMPLATE.replace(mark, ""), golden.HELLO))
        == f"pkg_template.html: {said}"
    )
    page = write(TEMPLATE, golden.HELLO)
    top, releases = page.split('data-field="releases"')
    without = (
        page.replace(mark, "") if field == "releases" else f'{top.replace(mark, "")}data-field="releases"{releases}'
    )
    assert error(lambda: read(without)) == f"{PATH}: {said}"
    assert error(lambda: write(without, golden.HELLO)) == f"{PATH}: {said}"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            ' data-release="0.1"',
            "",
            '<dd data-field="commit"> stands in no element with data-release: put that mark back',
        ),
        (
            '<a data-field="link" href="git+https://github.com/acme/public-hello@1',
            '<a href="x',
            'no element has data-field="link" in <article',
        ),
        (
            "public-hello@9bac86d",
            "public-hello@0bac86d",
            "release 0.2: its link does not fit its facts: make it git+https://",
        ),
        ('<dd data-field="commit">9', "<dd>9", 'release 0.2: commit "" is no full commit id'),
        ('<dd data-field="tag">v0.2', "<dd>v0.2", 'release 0.2: tag "" is no name that git allows'),
        ("0.2.md", "../0.2.md", 'release 0.2: description "../0.2.md" is no file name'),
        (
            "</article></section>",
            "</article>" + PAGE[article(PAGE, "0.2").start : article(PAGE, "0.2").end] + "</section>",
            'version "0.2" stands twice in public-hello',
        ),
        (
            "<title data-field=name>public-hello",
            "<title data-field=name>hello",
            'the elements with data-field="name" say different things',
        ),
        (">private<", ">secret<", "data-field=\"visibility\" says 'secret': write private or public"),
        (">always<", ">now<", 'publish-metadata "now" is none of auto, always, never'),
        (">Hello.World<", "><b>..</b><", 'name ".." is no valid project name'),
        ("</section>", "", '<section class="releases" data-field="releases"> is never closed'),
        ("</article>\n\t\t<article", "<article", "is never closed: add its end tag"),
        ("<li>summary</li>", "<li>license</li>", 'typed "license" is none of summary, author, homepage'),
    ],
)
def test_a_page_that_cannot_be_read_says_why(old: str, new: str, said: str) -> None:
    assert old in PAGE
    text = error(lambda: read(PAGE.replace(old, new, 1)))
    assert text.startswith(f"{PATH}: ")
    assert said in text


def test_a_template_is_no_record() -> None:
    assert error(lambda: read(TEMPLATE)).startswith(PATH)


@given(st.text(max_size=200), hello_pages(), st.data())
def test_any_damage_is_one_line_that_names_the_file(noise: str, page: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(page)))
    end = data.draw(st.integers(start, min(len(page), start + 200)))
    damaged = page[:start] + noise + page[end:]
    try:
        found = read(damaged)
        assert read(write(damaged, found)) == found
    except BadPage as caught:
        assert str(caught).isprintable()
        assert str(caught).startswith(f"{PATH}: ")
