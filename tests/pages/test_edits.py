"""Edits: what is put in or taken away, and that not one more character changes."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from hypothesis import example, given
from hypothesis import strategies as st

from scripts.errors import BadPage
from scripts.pages import edits
from scripts.pages.edits import Edit
from scripts.pages.markup import Page
from tests import factories
from tests.pages.by_hand import assert_only_added

NEW = ["<i data-package=new>", "  <b>new</b>", "</i>"]
# What may stand between two elements.
GAPS = (
    "",
    " ",
    "\n",
    "\n  ",
    "\r\n\t",
    "\n\n    \n  ",
    "  \n  ",
    " <!-- a > b -->\n  ",
    "<!-- a -->",
    "text\n",
    "\n  text ",
    "</u>\n",
)
gaps = st.sampled_from(GAPS)


@st.composite
def lists(draw: st.DrawFn, least: int = 0) -> str:
    """A page with a container that holds elements, laid out in any way."""
    ids = range(draw(st.integers(least, 3)))
    inside = "".join(f"<i data-package={number}>{draw(gaps)}</i>{draw(gaps)}" for number in ids)
    return f"{draw(gaps)}<div data-field=packages>{draw(gaps)}{inside}</div>{draw(gaps)}"


def inserted(before: str, edit: Edit) -> str:
    """The page with NEW in it, where an edit puts it; taken out again, the page is as it was before."""
    after = edits.apply(before, [edit])
    page = Page("x", after)
    (new,) = [element for element in page.marked("data-package") if element.attributes["data-package"] == "new"]
    assert one_line(after[new.start : new.end]) == one_line("\n".join(NEW))
    assert page.field("packages").holds(new)
    assert_only_added(before, after, new)
    assert edits.apply(after, [edits.remove(after, new)]) == before
    return after


def one_line(text: str) -> str:
    return "".join(line.strip() for line in text.splitlines())


def order(page: str) -> list[str]:
    return [element.attributes["data-package"] for element in Page("x", page).marked("data-package")]


@given(lists(least=1), st.data())
def test_inserted_beside_another_and_removed_again(page: str, data: st.DataObject) -> None:
    elements = Page("x", page).marked("data-package")
    place = data.draw(st.integers(0, len(elements) - 1))
    before = inserted(page, edits.insert_before(page, elements[place], NEW))
    assert order(before).index("new") == place
    after = inserted(page, edits.insert_after(page, elements[place], NEW))
    assert order(after).index("new") == place + 1


@given(lists())
def test_inserted_first_and_removed_again(page: str) -> None:
    inserted(page, edits.insert_first(page, Page("x", page).field("packages"), NEW))


@given(lists(least=1), st.data())
def test_removed_and_nothing_else(page: str, data: st.DataObject) -> None:
    element = data.draw(st.sampled_from(Page("x", page).marked("data-package")))
    after = edits.apply(page, [edits.remove(page, element)])
    assert_only_added(after, page, element)


@given(lists(least=1), st.data())
def test_replaced_and_nothing_else(page: str, data: st.DataObject) -> None:
    element = data.draw(st.sampled_from(Page("x", page).marked("data-package")))
    after = edits.apply(page, [edits.replace_element(page, element, NEW)])
    assert after.startswith(page[: element.start])
    assert after.endswith(page[element.end :])
    new = after[element.start : len(after) - len(page) + element.end]
    assert one_line(new) == one_line("\n".join(NEW))


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("<div data-field=packages>\n</div>\n", "<div data-field=packages>\n  NEW\n</div>\n"),
        ("\t<div data-field=packages>\n\t</div>", "\t<div data-field=packages>\n\t\tNEW\n\t</div>"),
        ("<div data-field=packages>\r\n</div>", "<div data-field=packages>\r\n  NEW\r\n</div>"),
        ("  <div data-field=packages></div>\n", "  <div data-field=packages>\n    NEW</div>\n"),
        (
            "<div data-field=packages><p>none</p>\n\n  </div>",
            "<div data-field=packages><p>none</p>\n\n    NEW\n  </div>",
        ),
    ],
)
def test_the_first_one_is_indented_in_its_container(page: str, expected: str) -> None:
    edit = edits.insert_first(page, Page("x", page).field("packages"), ["NEW"])
    assert edits.apply(page, [edit]) == expected


@pytest.mark.parametrize(
    ("page", "before", "after"),
    [
        ("\n\t<i data-package=a></i>\n", "\n\tNEW\n\t<i data-package=a></i>\n", "\n\t<i data-package=a></i>\n\tNEW\n"),
        (
            "\r\n <i data-package=a></i>\r\n",
            "\r\n NEW\r\n <i data-package=a></i>\r\n",
            "\r\n <i data-package=a></i>\r\n NEW\r\n",
        ),
        ("<b><i data-package=a></i></b>", "<b>NEW<i data-package=a></i></b>", "<b><i data-package=a></i>NEW</b>"),
        (
            "\n <i data-package=a></i></b>",
            "\n NEW\n <i data-package=a></i></b>",
            "\n <i data-package=a></i>\n NEW</b>",
        ),
        (
            "\r\n<i data-package=a></i></b>",
            "\r\nNEW\r\n<i data-package=a></i></b>",
            "\r\n<i data-package=a></i>\r\nNEW</b>",
        ),
        (  # a comment stays with the element that it stands behind
            "\n <i data-package=a></i> <!-- a -->\n",
            "\n NEW\n <i data-package=a></i> <!-- a -->\n",
            "\n <i data-package=a></i> <!-- a -->\n NEW\n",
        ),
    ],
)
def test_the_next_one_is_laid_out_as_the_one_beside_it(page: str, before: str, after: str) -> None:
    element = Page("x", page).marked("data-package")[0]
    assert edits.apply(page, [edits.insert_before(page, element, ["NEW"])]) == before
    assert edits.apply(page, [edits.insert_after(page, element, ["NEW"])]) == after
    for changed in (before, after):
        filled = changed.replace("NEW", "<b data-package=b></b>")
        (new,) = [each for each in Page("x", filled).elements if each.attributes["data-package"] == "b"]
        assert edits.apply(filled, [edits.remove(filled, new)]) == page


def test_a_tag_that_somebody_spread_over_lines_can_go_on_one() -> None:
    spread = ["<i", "  data-package=b", ">", "  a text", "  <b>c</b>", "  <b>d</b>", "</i>"]
    joined = "<i data-package=b > a text <b>c</b><b>d</b></i>"
    page = "<b></b><i data-package=a></i><b></b>"
    element = Page("x", page).marked("data-package")[0]
    assert edits.apply(page, [edits.replace_element(page, element, spread)]) == f"<b></b>{joined}<b></b>"
    assert edits.apply(page, [edits.insert_before(page, element, spread)]) == page.replace("<i", f"{joined}<i")
    assert edits.apply(page, [edits.insert_after(page, element, spread)]) == page.replace("</i>", f"</i>{joined}")


@given(st.text("abc", max_size=20), st.data())
def test_edits_are_made_in_the_order_of_their_places(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), min_size=4, max_size=4)))
    made = [Edit(cuts[0], cuts[1], "X"), Edit(cuts[2], cuts[3], "Y")]
    expected = text[: cuts[0]] + "X" + text[cuts[1] : cuts[2]] + "Y" + text[cuts[3] :]
    assert edits.apply(text, made) == expected
    assert edits.apply(text, []) == text
    if made[0].start != made[1].start:
        assert edits.apply(text, made[::-1]) == expected


@pytest.mark.parametrize(
    ("text", "newline"),
    [("", "\n"), ("a\nb", "\n"), ("a\r\nb", "\r\n"), ("a\r\nb\nc\nd", "\n"), ("a\r\nb\r\nc\n", "\r\n")],
)
def test_the_line_ending_of_a_page_is_the_one_of_most_lines(text: str, newline: str) -> None:
    assert edits.newline_of(text) == newline


@pytest.mark.parametrize("tag", ["p", "title", "textarea", "td", "option"])
@given(value=factories.lines())
@example(value="</p></title></textarea></td></option>")
def test_a_text_goes_in_as_text_and_comes_out_as_it_was(tag: str, value: str) -> None:
    text = f"<main><{tag} class=x data-field=summary> old <!-- x --></{tag}></main>"
    page = Page("x", text)
    after = edits.apply(text, edits.replace_text(page, page.field("summary"), value))
    again = Page("x", after)
    assert again.shown(again.field("summary")) == value
    assert edits.replace_text(again, again.field("summary"), value) == []
    element = BeautifulSoup(after, "lxml").select_one("[data-field]")
    assert element
    assert element.get_text() == value
    assert (element.find(), element.attrs) == (None, {"class": ["x"], "data-field": "summary"})


def test_a_text_that_is_there_in_other_words_stays() -> None:
    text = "<p data-field=summary>\n  A &lt;b&gt;  <em>small</em>&#32;page\n</p>"
    page = Page("x", text)
    assert edits.replace_text(page, page.field("summary"), "A <b> small page") == []


@pytest.mark.parametrize(
    "text",
    [
        "<h1 data-field=name><b data-field=name></b></h1>",
        "<h1 data-field=name>a <b data-field=summary></b></h1>",
        "<h1 data-field=name><i data-release=1></i></h1>",
    ],
)
def test_a_text_does_not_take_marks_away(text: str) -> None:
    page = Page("pkg_template.html", text)
    with pytest.raises(BadPage, match=r"^pkg_template.html: <[bi] .* stands in <h1 data-field=name>: move it out"):
        edits.replace_text(page, page.fields("name")[0], "hello")
    with pytest.raises(BadPage, match="stands in"):
        edits.replace_content(page, page.fields("name")[0], ["<li>hello</li>"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  <ul data-field=a></ul>", "  <ul data-field=a>\n    <li>1</li>\n    <li>2</li>\n  </ul>"),
        (
            "<b><ul data-field=a>\r\n<li>0</li>\r\n</ul>",
            "<b><ul data-field=a>\r\n  <li>1</li>\r\n  <li>2</li>\r\n</ul>",
        ),
    ],
)
def test_the_items_of_a_list_are_replaced(text: str, expected: str) -> None:
    page = Page("x", text)
    filled = edits.apply(text, [edits.replace_content(page, page.field("a"), ["<li>1</li>", "<li>2</li>"])])
    assert filled == expected
    page = Page("x", filled)
    emptied = edits.apply(filled, [edits.replace_content(page, page.field("a"), [])])
    assert "<ul data-field=a></ul>" in emptied


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("<p data-field=a>", '<p data-follow="b" data-field=a>'),  # it has none
        ("<p\n  data-field=a>", '<p data-follow="b"\n  data-field=a>'),
        ('<p data-follow="x" data-field=a>', '<p data-follow="b" data-field=a>'),
        ("<p data-field=a data-follow='x\"y' class=c>", "<p data-field=a data-follow='b' class=c>"),
        ("<p data-field=a data-follow=x>", "<p data-field=a data-follow=b>"),
        ("<P DATA-FIELD=a DATA-FOLLOW=x >", "<P DATA-FIELD=a DATA-FOLLOW=b >"),
        ("<p data-field=a data-follow>", '<p data-field=a data-follow="b">'),
        ("<p data-field=a data-follow=>", '<p data-field=a data-follow="b">'),
        ("<p data-follow= data-field=a>", "<p data-follow= b>"),  # so says the standard: the value is data-field=a
        ("<p data-field=a\n\tdata-follow = 'x'\n\tid=i>", "<p data-field=a\n\tdata-follow = 'b'\n\tid=i>"),
        ("<p data-field=a data-follow=x data-follow=y>", "<p data-field=a data-follow=b data-follow=y>"),
        ("<p data-field=a title='data-follow=x > y'>", "<p data-follow=\"b\" data-field=a title='data-follow=x > y'>"),
        ("<p data-field=a data-follow-up=x>", '<p data-follow="b" data-field=a data-follow-up=x>'),
    ],
)
def test_an_attribute_is_set_and_nothing_else(tag: str, expected: str) -> None:
    before, behind = "<!-- data-follow=x -->\r\n<b>é</b> ", "text <i data-follow=z></i></p>\r\n"
    text = before + tag + behind
    page = Page("x", text)
    after = edits.apply(text, [edits.set_attribute(page, page.elements[0], "data-follow", "b")])
    assert after == before + expected + behind
    (element, other) = Page("x", after).marked("data-follow")
    assert (element.attributes["data-follow"], other.attributes["data-follow"]) == ("b", "z")
    again = edits.set_attribute(Page("x", after), element, "data-follow", "b")
    assert edits.apply(after, [again]) == after


@given(value=factories.lines())
@example(value="\"><script>'&quot;")
def test_the_value_of_an_attribute_goes_in_as_text(value: str) -> None:
    text = "<p data-follow=old data-field=a>x</p>"
    page = Page("x", text)
    after = edits.apply(text, [edits.set_attribute(page, page.elements[0], "data-follow", value)])
    assert Page("x", after).elements[0].attributes == {"data-follow": value, "data-field": "a"}
    element = BeautifulSoup(after, "lxml").p
    assert element and element["data-follow"] == value
