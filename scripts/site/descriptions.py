"""Long descriptions as HTML: rendered and sanitised as PyPI does, links absolute at the commit.

Each is published twice: as a page of its own, and, for the newest release, on the package page. There it holds no
link and no image, since installers take links for files, and a visit is nobody's business but this site's.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING
from urllib.parse import quote, urljoin, urlsplit

import readme_renderer.markdown
import readme_renderer.rst
import readme_renderer.txt
from bs4 import BeautifulSoup

if TYPE_CHECKING:
    from bs4.element import Tag

    from scripts.model import Release

# Neither the machine's docutils.conf nor the project's may change a page, or let it read files.
readme_renderer.rst.SETTINGS["_disable_config"] = True

_SHELL = """\
<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="description" content="What a Python package says of itself.">
  <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src 'self' https:; style-src 'self'; \
script-src 'self'; base-uri 'none'; form-action 'none'">
  <title></title>
  <link rel="stylesheet" href="../static/colours.css">
  <link rel="stylesheet" href="../static/style.css">
  <link rel="stylesheet" href="../static/prose.css">
  <link rel="icon" href="../static/logo.svg">
  <script src="../static/theme.js"></script>
</head>
<body class="document">
  <header class="bar"><a class="home" href="./"></a></header>
  <main>
    <h1></h1>
    <div class="prose"></div>
  </main>
</body>
</html>
"""
# Classes that the renderers give, for highlighted code and for admonitions. Others could borrow the site's own looks.
_CLASSES = re.compile(r"[a-z][a-z0-9]{0,2}|admonition(-title)?|note|tip|important|warning|caution|literal")
_PREFIX = "user-content-"
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def read(release: Release, file: str, text: str) -> str:
    """A long description as HTML, from the text of `file`, whose ending says how it is written.

    `release` is the first that names the file: what its links mean is taken from that commit.
    """
    body = BeautifulSoup(_html(file, text), "lxml")
    _absolute(body, release)
    _prefix(body)
    _headings(body)
    for tag in body.find_all(True):
        kept = [name for name in tag.get_attribute_list("class") if name and _CLASSES.fullmatch(name)]
        tag.attrs = {key: value for key, value in tag.attrs.items() if key not in ("class", "lang")}
        if kept:
            tag["class"] = " ".join(kept)
    for box in body.find_all("input"):
        box.replace_with("\u2611" if box.has_attr("checked") else "\u2610")
    for image in body.find_all("img"):
        image["alt"], image["loading"] = str(image.get("alt", "")), "lazy"
    for pre in body.find_all("pre"):
        pre["tabindex"] = "0"  # a keyboard scrolls only what it can reach
    for table in body.find_all("table"):
        table.wrap(_new(body, "div", **{"class": "scroll", "tabindex": "0", "role": "region", "aria-label": "Table"}))
    return body.body.decode_contents(formatter="minimal").strip() if body.body else ""


def page(name: str, version: str, html: str) -> str:
    """The page of a long description, links and images in it."""
    shell = BeautifulSoup(_SHELL, "lxml")
    prose = shell.select_one(".prose")
    assert shell.title and shell.h1 and shell.a and prose
    shell.title.string = shell.h1.string = f"{name} {version}"
    shell.a.string = f"← {name}"
    prose.append(BeautifulSoup(html, "html.parser"))
    for link in prose.find_all("a", href=re.compile("^http")):
        link["target"] = "_blank"
    return shell.decode(formatter="minimal") + "\n"


def without_links(html: str) -> str:
    """The same for a page that installers read: every link and image becomes a text that says where it leads.

    `data-to` and not `data-href`: there have been tools that took anything that looks like href= for a link.
    """
    body = BeautifulSoup(html, "html.parser")
    for image in body.find_all("img"):
        label = " ".join(str(image.get("alt") or "").split()) or "image"
        stand_in = _new(body, "span", **{"class": "image"})
        if image.find_parent("a") is None and image.get("src"):
            stand_in["data-to"] = str(image["src"])
        stand_in.string = label
        image.replace_with(stand_in)
    for link in body.find_all("a"):
        address = str(link.attrs.pop("href", ""))
        link.name, link.attrs = "span", {key: link.attrs[key] for key in ("id", "title") if key in link.attrs}
        if address:
            link["data-to"] = address
    return body.decode(formatter="minimal")


def _new(soup: BeautifulSoup, name: str, **attributes: str) -> Tag:
    return soup.new_tag(name, attrs=attributes)


def _html(file: str, text: str) -> str:
    """Sanitised HTML; what cannot be rendered in its own format is shown as the text that it is."""
    rendered = None
    if file.endswith(".md"):
        rendered = readme_renderer.markdown.render(text)
    elif file.endswith(".rst"):
        rendered = readme_renderer.rst.render(text)
    return rendered or readme_renderer.txt.render(text) or ""


def _prefix(body: BeautifulSoup) -> None:
    """Keep the places in a description apart from those of the page, as the renderer does for headings."""
    for tag in body.find_all(id=True):
        tag["id"] = _prefixed(str(tag["id"]))
    for link in body.find_all("a", href=re.compile("^#.")):
        link["href"] = f"#{_prefixed(str(link['href'])[1:])}"


def _prefixed(place: str) -> str:
    return place if place.startswith(_PREFIX) else f"{_PREFIX}{place}"


def _headings(body: BeautifulSoup) -> None:
    """Put the headings below the page's own, without gaps, and take out their empty links to themselves."""
    opened: list[int] = []
    for heading in body.find_all(_HEADINGS):
        for link in heading.find_all("a"):
            if not link.get_text(strip=True) and not link.find("img"):
                link.decompose()
        level = int(heading.name[1])
        while opened and opened[-1] >= level:
            opened.pop()
        opened.append(level)
        heading.name = f"h{min(len(opened) + 1, 6)}"
        if not heading.get_text(strip=True) and not heading.find("img"):
            heading.decompose()


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
