"""Long descriptions as pages of their own: rendered and sanitised as PyPI does, links absolute at the commit."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING
from urllib.parse import quote, urljoin, urlsplit

import readme_renderer.markdown
import readme_renderer.rst
import readme_renderer.txt
from bs4 import BeautifulSoup

if TYPE_CHECKING:
    from scripts.model import Release

# Neither the machine's docutils.conf nor the project's may change a page, or let it read files.
readme_renderer.rst.SETTINGS["_disable_config"] = True

_SHELL = """\
<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src https: data:; style-src 'self'">
  <title></title>
  <base target="_blank">
  <link rel="stylesheet" href="../static/style.css">
</head>
<body class="description">
</body>
</html>
"""


def render(name: str, release: Release, file: str, text: str) -> str:
    """The page of a long description, from the text of `file`, whose ending says how it is written.

    `release` is the first that names the file: what its links mean is taken from that commit.
    """
    page = BeautifulSoup(_SHELL, "lxml")
    assert page.title and page.body
    page.title.string = f"{name} {release.version}"
    body = BeautifulSoup(_html(file, text), "lxml")
    _absolute(body, release)
    for child in list(body.body.children) if body.body else []:
        page.body.append(child.extract())
    return page.decode(formatter="minimal") + "\n"


def _html(file: str, text: str) -> str:
    """Sanitised HTML; what cannot be rendered in its own format is shown as the text that it is."""
    rendered = None
    if file.endswith(".md"):
        rendered = readme_renderer.markdown.render(text)
    elif file.endswith(".rst"):
        rendered = readme_renderer.rst.render(text)
    return rendered or readme_renderer.txt.render(text) or ""


def _absolute(body: BeautifulSoup, release: Release) -> None:
    """Point relative links at the repository's pages of the commit, and relative images at its files."""
    for tag, attribute, view in (("a", "href", "blob"), ("img", "src", "raw")):
        for element in body.find_all(tag):
            address = str(element.get(attribute, ""))
            if not address or address.startswith("#"):
                continue
            if resolved := _resolve(address, release, view):
                element[attribute] = resolved
            else:
                del element[attribute]


def _resolve(address: str, release: Release, view: str) -> str:
    """An absolute web address; "" where there is none, as for a file of a repository that is no web site."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    if parts.scheme or parts.netloc:
        return urljoin("https:", address) if parts.scheme in ("", "http", "https", "mailto") else ""
    if not release.repository.startswith(("http://", "https://")):
        return ""
    folder = "" if parts.path.startswith("/") else release.subdirectory
    path = posixpath.normpath(posixpath.join("/", folder, parts.path.lstrip("/")))
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    return f"{release.repository.removesuffix('.git')}/{view}/{release.commit}{quote(path, safe='/%')}{fragment}"
