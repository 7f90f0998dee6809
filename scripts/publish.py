"""Build the site from the records: the pages that installers read, and the pointer sdists that they name."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scripts.cli import arguments as cli
from scripts.cli.run import guarded
from scripts.cli.start import start

if TYPE_CHECKING:
    from collections.abc import Sequence

GITHUB = "https://github.com"


def parser() -> cli.Parser:
    parser = cli.parser("publish", __doc__)
    parser.add_argument("--out", type=Path, default=Path("_site"), metavar="DIR", help="the site (default: _site)")
    parser.add_argument(
        "--base-url", default="", metavar="URL", help="where the site will be (default: Pages' address)"
    )
    parser.add_argument("--root", type=Path, default=Path(), metavar="DIR", help="the index's folder (default: here)")
    parser.add_argument(
        "--serve",
        type=int,
        nargs="?",
        const=0,
        metavar="PORT",
        help="serve a preview, built anew when a record changes",
    )
    parser.add_argument("--try-install", metavar="URL", help="install a package from a site that is published already")
    return parser


def base_url(root: Path, given: str) -> str:
    """Where the site will be, with a / at its end: as given, or the address that GitHub Pages gives the repository.

    "" where nothing tells. Raises BadValue, which names who says it.
    """
    said_by = "--base-url"
    owner, _, name = os.environ.get("GITHUB_REPOSITORY", "").partition("/")
    if not given and (root / "CNAME").is_file():
        from scripts.workspace import Folder

        said_by, given = "CNAME", f"https://{Folder(root).read('CNAME').strip()}"
    elif not given and name and os.environ.get("GITHUB_SERVER_URL", GITHUB).rstrip("/") == GITHUB:
        host = f"{owner.lower()}.github.io"
        given = f"https://{host}" if name.lower() == host else f"https://{host}/{name}"
    if not given:
        return ""
    from scripts import values
    from scripts.errors import BadValue

    parts = urlsplit(values.web_address(said_by, given))
    if parts.query or parts.fragment or parts.username or parts.password:
        raise BadValue(said_by, given, "is more than an address: leave out what follows ? or #, and any login")
    return f"{given.rstrip('/')}/"


def repository() -> str:
    """The address of this index's own repository, as Actions says it; "" elsewhere."""
    name = os.environ.get("GITHUB_REPOSITORY", "")
    return f"{os.environ.get('GITHUB_SERVER_URL', 'https://github.com').rstrip('/')}/{name}" if name else ""


def work(argv: Sequence[str] | None) -> None:
    arguments = parser().parse_args(argv)
    from scripts.cli.preview import serve
    from scripts.cli.publishing import publish
    from scripts.cli.trial import install_from

    if arguments.try_install:
        install_from(arguments.try_install)
        return
    if arguments.serve is not None:
        serve(arguments.root, arguments.out, arguments.serve)
        return
    url = base_url(arguments.root, arguments.base_url)
    count = publish(arguments.root, arguments.out, url, repository())
    print(f"{arguments.out}: {count} packages" + (f", for {url}" if url else ""))
    if not url:
        print("  without constraints.txt and feed.xml, which need to know where the site will be: give --base-url")


def main(argv: Sequence[str] | None = None) -> int:
    return guarded(lambda: work(argv))


if __name__ == "__main__":
    start(main)
