"""Where marked elements are on a page, whatever people wrote around them."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from scripts.errors import BadPage
from scripts.pages.markup import Page
from tests import factories


def found(text: str) -> list[str]:
    """The source of each marked element, in the order of the page."""
    return [text[element.start : element.end] for element in Page("x.html", text).elements]


@pytest.mark.parametrize(
    "element",
    [
        '<p data-field="name"></p>',
        "<p data-field='name'>x</p>",
        "<p data-field=name>x</p>",
        "<P DATA-FIELD=name>x</P>",
        "<p hidden data-field = name class='a>b'>x</p >",
        "<p\n  class='x'\n\tdata-field='name'\n>x</p\n>",
        "<p data-field=name/>x</p>",
        "<p/data-field='name'/class>x</p>",
        "<p title=it's data-field=name>don't</p>",
        "<p title= 'a' =x data-field=name>x</p>",
        "<p data-field>x</p>",
        "<p data-field=>x</p>",
        "<div data-field=a><div><div></div></div></div>",
        "<div data-field=a><p>unclosed <li> <!-- </div> --> <script>'</div>'</script></div>",
        "<title data-field=name>a <b> c</title>",
        "<textarea data-field=name></p></textarea>",
        "<x-y data-field=name><x></x></x-y>",
        "<x-é data-field=name></x-é>",
    ],
)
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", ""),
        ("<p>a<p>b<li>", "</p></li>"),
        ("</p></div>don't", "isn't"),
        ("<!-- a -->", "<!-- b"),
        ('<i x=a\u00a0y=">', '">'),
    ],
)
def test_an_element_is_found_to_the_byte(before: str, element: str, after: str) -> None:
    assert found(before + element + after) == [element]


@pytest.mark.parametrize(
    "text",
    [
        "<!-- <p data-field=name></p> -->",
        "<!-- <p data-field=name></p>",
        "<!-- --!><!-- <p data-field=name></p> --!>",
        "<? <p data-field=name> ?>",
        "<! <p data-field=name>",
        "</ <p data-field=name>",
        "<script><p data-field=name></p></script>",
        "<SCRIPT >'</scripty>' <p data-field=name></p></Script >",
        "<style><p data-field=name></p></style>",
        "<title><p data-field=name></p></title>",
        "<textarea><p data-field=name></p></textarea>",
        "<iframe><p data-field=name></p></iframe>",
        "<script><p data-field=name></p>",
        "<a title='<p data-field=name></p>'></a>",
        '<a title="<p data-field=name></p>"></a>',
        "<a title='x' alt=\"<p data-field=name></p>\">",
        "<p data-fields=name data-field-x=name x-data-field=name title=data-field></p>",
        "&lt;p data-field=name&gt;&lt;/p&gt; data-field=name",
        "< p data-field=name></p>",
    ],
)
def test_what_looks_marked_is_not(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "comment", ["<!-->", "<!--->", "<!---->", "<!-- a -->", "<!-- a --!>", "<!doctype html '>", "<?x?>", "</>"]
)
def test_a_comment_ends_where_browsers_end_it(comment: str) -> None:
    assert found(f"{comment}<b data-field=name></b><!-- -->") == ["<b data-field=name></b>"]


PIECES = (
    *(
        "<!-- x -->",
        "<!-->",
        "<!--->",
        "<!-- <b data-field=no></b> -->",
        "<!-- a --!>",
        "<?x <i data-field=no>?>",
        "<!x>",
    ),
    *("<script>'<b data-field=no>'</script>", "<style>a<b data-field=no></style>", "<title><b data-field=no></title>"),
    *(
        "<textarea><b data-field=no></textarea>",
        "<i title=it's>",
        "<i title='<b data-field=no>'>",
        '<i x="a>b">',
        "<i x=a'b>",
    ),
    *(
        "</i>",
        "a < b",
        "a > b",
        "&lt;b data-field=no&gt;",
        "don't",
        '"',
        "'",
        "-->",
        "<br>",
        "<p>",
        "</p>",
        "<i =x>",
        "<i x= 'a'>",
    ),
)


@given(st.lists(st.one_of(st.sampled_from(PIECES), st.just("")), max_size=12), st.data())
def test_the_same_elements_are_marked_as_for_a_parser(pieces: list[str], data: st.DataObject) -> None:
    text, marks = "", 0
    for piece in pieces:
        text += piece
        if data.draw(st.booleans()):
            marks += 1
            text += f"<b class='x' data-field={marks}>{marks}</b>"
    soup = BeautifulSoup(f"<body>{text}</body>", "lxml")
    page = Page("x.html", text)
    assert [element.attributes["data-field"] for element in page.elements] == [
        tag["data-field"] for tag in soup.select("[data-field]")
    ]
    assert [page.shown(element) for element in page.elements] == [str(number + 1) for number in range(marks)]


def test_fields_belong_to_the_card_or_release_that_they_are_in() -> None:
    page = Page(
        "x.html",
        "<p data-field=name>page</p><i data-package=a><p data-field=name>a</p>"
        "<i data-release=1><p data-field=name>1</p></i>"
        "<p data-field=name>a again</p></i><p data-field=name>page again</p>",
    )
    card, release = page.marked("data-package")[0], page.marked("data-release")[0]
    assert [page.shown(field) for field in page.fields("name")] == ["page", "page again"]
    assert [page.shown(field) for field in page.fields("name", within=card)] == ["a", "a again"]
    assert [page.shown(field) for field in page.fields("name", within=release)] == ["1"]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("a &amp; b &lt;c&gt; &#x1F642; &eacute;", "a & b <c> 🙂 é"),
        ("  a\n\tb&nbsp;c ", "a b c"),
        ("a<!-- b --> <b>c</b><br>d", "a cd"),
        ("a<script>b</script><style>c</style>d", "ad"),
        ("a &ampx; b", "a &x; b"),
    ],
)
@pytest.mark.parametrize("tag", ["p", "td", "dd", "template", "rt", "noscript", "option", "svg", "x-y"])
def test_the_text_of_an_element(tag: str, html: str, text: str) -> None:
    page = Page("x.html", f"<{tag} data-field=name>{html}</{tag}>")
    assert page.shown(page.field("name")) == text


@pytest.mark.parametrize("tag", ["title", "textarea"])
def test_the_text_of_an_element_that_holds_only_text(tag: str) -> None:
    page = Page("x.html", f"<{tag} data-field=name>a &amp; b\n c &gt;</{tag}>")
    assert page.shown(page.field("name")) == "a & b c >"


@pytest.mark.parametrize(
    ("html", "items"),
    [
        ("", []),
        ("<li>a</li><li>b</li>", [("", "a"), ("", "b")]),
        ("\n <LI data-label='x'>a &amp; b</LI>\n", [("x", "a & b")]),
        ('<li data-label="a>b">c</li>', [("a>b", "c")]),
        ("<li data-label='&lt;li>'>a</li>", [("<li>", "a")]),
        ("<!-- <li>no</li> --><li>a</li>", [("", "a")]),
        ("<li>a<li data-label=x>b", [("", "a"), ("x", "b")]),
        ("<li><b>a</b> b</li> and <li class=c></li>", [("", "a b"), ("", "")]),
        ("<link><li>a</li>", [("", "a")]),
    ],
)
def test_the_items_of_a_list(html: str, items: list[tuple[str, str]]) -> None:
    page = Page("x.html", f"<ul data-field=names>{html}</ul>")
    found = page.items(page.field("names"))
    assert [(attributes.get("data-label", ""), text) for attributes, text in found] == items


@given(st.lists(st.tuples(factories.lines(64), factories.lines(64)), max_size=3))
def test_attributes_and_texts_are_read_as_a_parser_reads_them(items: list[tuple[str, str]]) -> None:
    soup = BeautifulSoup("<ul data-field=names></ul>", "lxml")
    for label, text in items:
        tag = soup.new_tag("li", attrs={"data-label": label})
        tag.string = text
        soup.select_one("ul").append(tag)  # type: ignore[union-attr]
    page = Page("x.html", str(soup))
    found = page.items(page.field("names"))
    assert [(attributes["data-label"], text) for attributes, text in found] == items


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<p data-field=name>", "x.html: <p data-field=name> is never closed: add its end tag"),
        ("<div\n data-field=name><div></div>", "x.html: <div data-field=name> is never closed: add its end tag"),
        ("<br data-field=name>", "x.html: <br data-field=name> can hold no text: put its mark on another element"),
        (
            "<script data-field=name></script>",
            "x.html: <script data-field=name> can hold no text: put its mark on another element",
        ),
    ],
)
def test_a_mark_that_cannot_be_used_is_named(text: str, said: str) -> None:
    with pytest.raises(BadPage) as caught:
        Page("x.html", text)
    assert str(caught.value) == said


def test_a_mark_that_is_gone_is_named() -> None:
    page = Page("x.html", "<i\n data-package=a></i>")
    with pytest.raises(BadPage) as caught:
        page.fields("summary", within=page.marked("data-package")[0])
    assert str(caught.value).startswith(
        'x.html: no element has data-field="summary" in <i data-package=a>: put it back'
    )


def test_a_mark_that_must_be_one_is_counted() -> None:
    page = Page("x.html", "<i data-field=a></i><i data-field=a></i>")
    with pytest.raises(BadPage, match="stands on 2 elements"):
        page.field("a")
