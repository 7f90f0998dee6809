"""404.html: what a host shows for an address that the site does not have."""

from __future__ import annotations

from bs4 import BeautifulSoup

_PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title></title>
  <link rel="stylesheet">
</head>
<body>
  <h1>There is no such page</h1>
  <p>The package may have another name, or may have been taken away. <a></a></p>
</body>
</html>
"""


def page(title: str, base_url: str) -> str:
    """The page, which any depth of address may show: its links are absolute."""
    soup = BeautifulSoup(_PAGE, "lxml")
    assert soup.title and soup.link and soup.a
    soup.title.string = f"Not found — {title}"
    soup.link["href"] = f"{base_url}static/style.css"
    soup.a["href"], soup.a.string = base_url, f"All packages of {title}"
    return soup.decode(formatter="minimal") + "\n"
