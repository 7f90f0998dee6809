"""404.html: what a host shows for an address that the site does not have."""

from __future__ import annotations

from bs4 import BeautifulSoup

_PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'self'; script-src 'self'; \
img-src 'self'; base-uri 'none'; form-action 'none'">
  <title></title>
</head>
<body class="document">
  <main>
    <h1>There is no such page</h1>
    <p>The package may have another name, or may have been taken away.</p>
    <p><a></a></p>
  </main>
</body>
</html>
"""


def page(title: str, base_url: str) -> str:
    """The page, which any depth of address may show: its links are absolute."""
    soup = BeautifulSoup(_PAGE, "lxml")
    assert soup.title and soup.head and soup.a
    soup.title.string = f"Not found — {title}"
    for sheet in ("colours.css", "style.css"):
        soup.head.append(soup.new_tag("link", attrs={"rel": "stylesheet", "href": f"{base_url}static/{sheet}"}))
    soup.head.append(soup.new_tag("link", attrs={"rel": "icon", "href": f"{base_url}static/logo.svg"}))
    soup.head.append(soup.new_tag("script", attrs={"src": f"{base_url}static/theme.js"}))
    soup.a["href"], soup.a.string = base_url, f"All packages of {title}"
    return soup.decode(formatter="minimal") + "\n"
