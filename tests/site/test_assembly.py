"""What `publish` writes: the files of a site, from records alone."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import Any

import pytest

from scripts.site.pointer import pointer
from tests.factories import package, release
from tests.site.indexes import URL, Scratch
from tests.verbs import ROOT, contents


def test_the_files_of_a_site(filled: Scratch) -> None:
    found = contents(filled.out)
    assert [path for path in found if not path.startswith("static/")] == [
        ".nojekyll",
        "404.html",
        "an-alias/an_alias-1.0.tar.gz",
        "an-alias/an_alias-1.0.tar.gz.metadata",
        "an-alias/constraints.txt",
        "an-alias/index.html",
        "an-alias/index.json",
        "constraints.txt",
        "feed.xml",
        "index.html",
        "index.json",
        "leaf/constraints.txt",
        "leaf/index.html",
        "leaf/index.json",
        "leaf/leaf-1.0.tar.gz",
        "leaf/leaf-1.0.tar.gz.metadata",
        "packages.json",
        "public-hello/0.1.html",
        "public-hello/constraints.txt",
        "public-hello/index.html",
        "public-hello/index.json",
        "public-hello/public_hello-0.1.tar.gz",
        "public-hello/public_hello-0.1.tar.gz.metadata",
        "public-hello/public_hello-0.2.tar.gz",
        "public-hello/public_hello-0.2.tar.gz.metadata",
        "public-hello/public_hello-0.3rc1.tar.gz",
    ]
    assert {path: found[f"static/{path}"] for path in contents(ROOT / "static")} == contents(ROOT / "static")


def test_pointers_are_those_of_the_records(filled: Scratch) -> None:
    one = release("0.2", requires_python=">=3.8,<4", requires_dist=("leaf>=1",))
    made = pointer("public-hello", "public-hello", one)
    assert (filled.out / "public-hello" / made.file_name).read_bytes() == made.content
    assert filled.site(f"public-hello/{made.file_name}.metadata") == made.metadata


def test_the_page_for_what_is_not_there(filled: Scratch) -> None:
    page = filled.site("404.html")
    assert f'href="{URL}static/style.css"' in page  # any depth of address shows it
    assert f'<a href="{URL}">All packages of Our Python packages</a>' in page


def test_a_site_without_an_address(filled: Scratch) -> None:
    filled.publish("")
    found = contents(filled.out)
    assert not [path for path in found if path.endswith(("constraints.txt", "feed.xml"))]
    assert b'href="/static/style.css"' in found["404.html"]
    assert filled.run("--base-url", "").said.endswith(
        "without constraints.txt and feed.xml, which need to know where the site will be: give --base-url\n"
    )


def test_other_pages_of_the_repository_are_published(filled: Scratch) -> None:
    for path in ("about.html", "404.html", "assets/logo.svg", "favicon.ico", "robots.txt", "CNAME"):
        filled.edit(path, f"the people's own {path}")
    for path in ("README.md", ".github/x.yml", "scripts/x.py", "docs/index.html"):
        filled.edit(path, "not for the site")
    filled.publish()
    found = contents(filled.out)
    for path in ("about.html", "404.html", "assets/logo.svg", "favicon.ico", "robots.txt", "CNAME"):
        assert found[path] == f"the people's own {path}".encode()
    assert not [path for path, content in found.items() if content == b"not for the site"]
    assert "pkg_template.html" not in found


def test_two_builds_are_alike(filled: Scratch) -> None:
    before = contents(filled.out)
    filled.publish()
    assert contents(filled.out) == before


def test_a_package_that_is_gone_leaves_nothing(filled: Scratch) -> None:
    assert filled.run().status == 0
    (filled.root / "leaf" / "index.html").unlink()
    card = re.search(
        r' *<article class="card" data-package="leaf">.*?</article>\n', filled.read("index.html"), re.DOTALL
    )
    assert card
    filled.change("index.html", card[0], "")
    filled.publish()
    assert not (filled.out / "leaf").exists()
    assert "leaf" not in filled.site("constraints.txt")
    assert "1.0" not in filled.site("public-hello/constraints.txt")


@pytest.mark.slow
def test_many_packages_are_built_on_all_processors(scratch: Scratch) -> None:
    for number in range(201):
        scratch.add(package("1.0", name=f"package-{number:03}", project=f"package-{number:03}"))
    scratch.publish()
    assert len(json.loads(scratch.site("index.json"))["projects"]) == 201
    assert len(list(scratch.out.glob("*/*.tar.gz"))) == 201
    scratch.change("package-133/index.html", ">public</dd>", ">neither</dd>")
    assert scratch.refused().startswith("package-133/index.html: ")


# What the pure rooms and the verb import, with sockets, programs and other processes taken away.
ALONE = """
import sys
def refuse(event, arguments):
    if event.startswith(("socket.", "subprocess.", "os.exec", "os.posix_spawn", "os.system", "os.fork", "urllib.")):
        raise SystemExit(f"{event} {arguments}")
sys.addaudithook(refuse)
from scripts.publish import main
raise SystemExit(main(sys.argv[1:]))
"""


def test_no_network_and_no_other_program(filled: Scratch) -> None:
    before = contents(filled.out)
    arguments = ["--root", str(filled.root), "--out", str(filled.out), "--base-url", URL]
    environment: dict[str, Any] = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"}
    done = subprocess.run(
        [sys.executable, "-c", ALONE, *arguments], cwd=filled.folder, env=environment, capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert contents(filled.out) == before
