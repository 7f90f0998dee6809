"""What people do to pages by hand. Each edit keeps every marked element, so each verb must still work."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable

    from scripts.pages.markup import Element

# Looks marked, and is none: it stands in comments, scripts and texts, or outside of what holds cards and releases.
GHOSTS = """
  <!-- <section data-field="packages"> <article data-package="ghost" data-release="9.9"> <p data-field="name"> -- > -->
  <!--> <!---> <!-- a --!> <? <p data-field="packages"> ?> <! <p data-field="releases">
  <script>const card = "<article data-package='ghost'><section data-field='packages'>"; /* </article> <!-- */</script>
  <style>p::before { content: "<section data-field='releases'><article data-release='9.9'>" }</style>
  <textarea><section data-field="packages"><p data-field="name"></textarea>
  <template><article data-package="ghost" data-release="9.9"><b data-field="commit">0</b></article></template>
"""
UNTIDY = """
  <p>One <p>two<br> <ul><li>a <li>b</ul></p></p></article></section></b>
  <p title=it's class = 'x"y' data-x="a > b" hidden / checked=>don't "quote" a < b & c > d</p>
  <a name="x"></a><img alt='<p data-field="name">' src=x/><x-card data-fields="name" data-field-x="name"></x-card>
"""


def _in_body(page: str, html: str) -> str:
    page = re.sub(r"(?i)<body\b[^>]*>", lambda match: match[0] + html, page, count=1)
    return re.sub(r"(?i)</body>", lambda match: html + match[0], page, count=1)


def ghosts(page: str) -> str:
    return _in_body(page, GHOSTS)


def untidy(page: str) -> str:
    return _in_body(page, UNTIDY)


def crlf(page: str) -> str:
    return re.sub(r"\r?\n", "\r\n", page)


def tabs(page: str) -> str:
    return re.sub(r"(?m)^ +", lambda match: "\t" * (len(match[0]) // 2), page)


def no_indent(page: str) -> str:
    return re.sub(r"(?m)^[ \t]+", "", page)


def minified(page: str) -> str:
    return re.sub(r"\s*\n\s*", " ", re.sub(r">\s*\n\s*<", "><", page))


def byte_order_mark(page: str) -> str:
    return "\ufeff" + page


def old_doctype(page: str) -> str:
    return re.sub(r"(?i)<!doctype html>", '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN">', page)


def no_final_newline(page: str) -> str:
    return page.rstrip()


def upper_case(page: str) -> str:
    """Tags, and our attributes."""
    page = re.sub(r"</?[a-z][a-z0-9-]*", lambda match: match[0].upper(), page)
    return re.sub(r"\bdata-(field|package|release|follow)=", lambda match: match[0].upper(), page)


def single_quotes(page: str) -> str:
    return re.sub(r"""(?<= )([\w-]+)="([^"'<>]*)\"""", r"\1='\2'", page)


def no_quotes(page: str) -> str:
    return re.sub(r"""(?<= )([\w-]+)=(["'])([\w.-]+)\2""", r"\1=\3", page)


def spread_attributes(page: str) -> str:
    return re.sub(r"<(article|section|h1|p|dd|ul) (?=\w)", r"<\1\n      ", page)


def hidden(page: str) -> str:
    return re.sub(r"(?i)\b(data-(?:field|package|release))=", r"hidden \1=", page)


def wrapped(page: str) -> str:
    """What holds cards or releases, in two elements more."""
    container = r"(?s)<section\s+class=.?(?:packages|releases)\b.*?</section>"
    return re.sub(container, r"<div class=outer><section>\g<0></section></div>", page)


def each_wrapped(page: str) -> str:
    return re.sub(r"(?s)<article\s+class=.?(?:card|release)\b.*?</article>", r"<div><i></i>\g<0></div>", page)


def grouped(page: str) -> str:
    """Cards or releases under headings of their own."""
    return re.sub(r"(\n\s*)(<article\s)", r"\1<h2>A group</h2>\1\2", page)


def noted(page: str) -> str:
    """A comment behind each card or release."""
    return re.sub(r"(?<=</article>)(?=\r?\n)", " <!-- ask > Ann -->", page)


def trailing_spaces(page: str) -> str:
    return re.sub(r">(?=\r?\n)", ">  ", page)


def end_tag_behind(page: str) -> str:
    """The last card or release, and the end tag of what holds it, on one line."""
    return re.sub(r"(</article>|</h2>)\s+</section>", r"\1</section>", page)


def container_on_one_line(page: str) -> str:
    return re.sub(r"(<section[^>]*data-field[^>]*>)\s+(?=</section>)", r"\1", page)


def name_shown_twice(page: str) -> str:
    return re.sub(r"<h1([^>]*)>(.*?)</h1>", r"\g<0><h2\1>\2</h2>", page)


def follow_elsewhere(page: str) -> str:
    """The attribute on another element."""
    found = re.search(r"""(?i)\sdata-follow=("[^"]*"|'[^']*'|[^\s>]+)""", page)
    if not found:
        return page
    page = page[: found.start()] + page[found.end() :]
    return re.sub(r"(?i)<h1\b", lambda match: match[0] + found[0], page, count=1)


EDITS = (
    *(ghosts, untidy, crlf, tabs, no_indent, minified, byte_order_mark, old_doctype, no_final_newline),
    *(upper_case, single_quotes, no_quotes, spread_attributes, hidden),
    *(wrapped, each_wrapped, grouped, noted, trailing_spaces),
    *(end_tag_behind, container_on_one_line, name_shown_twice, follow_elsewhere),
)
Hand = tuple["Callable[[str], str]", ...]


def hands() -> st.SearchStrategy[Hand]:
    """Several edits, one after the other."""
    return st.lists(st.sampled_from(EDITS), unique=True, max_size=6).map(tuple)


def edited(page: str, by: Hand) -> str:
    for edit in by:
        page = edit(page)
    return page


def assert_only_added(before: str, after: str, element: Element) -> None:
    """`after` is `before` to the byte, but for an element of `after` and white space beside it."""
    space = len(after) - len(before) - (element.end - element.start)
    for left in range(space + 1):
        start, end = element.start - left, element.end + space - left
        if after[:start] + after[end:] == before:
            assert not after[start : element.start].strip()
            assert not after[element.end : end].strip()
            return
    raise AssertionError(f"something else changed too, beside {after[element.start : element.end]!r}")


def assert_same_outside(before: str, after: str, element: Element) -> None:
    """All that differs between the two is in the element of `before`."""
    rest = before[element.end :]
    assert after[: element.start] == before[: element.start]
    assert after.endswith(rest)
    assert len(after) >= element.start + len(rest)
