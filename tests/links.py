"""The links of a page as pip sees them: with the standard library's parser, wherever they stand."""

from __future__ import annotations

from html.parser import HTMLParser


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[dict[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.found.append({name: value or "" for name, value in attrs})


def links(page: str) -> list[dict[str, str]]:
    """The attributes of every anchor that has an address."""
    parser = _Links()
    parser.feed(page)
    parser.close()
    return [link for link in parser.found if "href" in link]
