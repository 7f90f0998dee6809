"""Long descriptions on pages of their own: what a README may show, and where its links lead."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup
from hypothesis import HealthCheck, given, settings

from scripts.site import descriptions
from tests.factories import REPOSITORY, package, release, texts

if TYPE_CHECKING:
    from pathlib import Path

    from bs4.element import Tag

    from scripts.model import Release
    from tests.site.indexes import Scratch

ONE = release("1.0")
AT = f"{REPOSITORY}/blob/{ONE.commit}"
RAW = f"{REPOSITORY}/raw/{ONE.commit}"


def rendered(text: str, file: str = "1.0.md", of: Release = ONE) -> str:
    return descriptions.page("public-hello", of.version, descriptions.read(of, file, text))


def page(text: str, file: str = "1.0.md", of: Release = ONE) -> BeautifulSoup:
    """What a description makes of its page, without what the page has of its own."""
    prose = BeautifulSoup(rendered(text, file, of), "lxml").select_one(".prose")
    assert prose is not None
    return BeautifulSoup(prose.decode_contents(), "lxml")


def element(text: str, name: str, file: str = "1.0.md", of: Release = ONE) -> Tag:
    found = page(text, file, of).find(name)
    assert found is not None
    return found


def href(address: str, of: Release = ONE) -> object:
    return element(f"[x]({address})", "a", of=of).get("href")


@pytest.mark.parametrize(
    ("address", "leads_to"),
    [
        ("docs/a.md", f"{AT}/docs/a.md"),
        ("./docs/../a.md#part", f"{AT}/a.md#part"),
        ("/docs/a.md", f"{AT}/docs/a.md"),
        ("../../../etc/passwd", f"{AT}/etc/passwd"),
        ("docs/", f"{AT}/docs"),
        ("a%20b/ü.md?plain=1", f"{AT}/a%20b/%C3%BC.md"),
        ("//other.example/x", "https://other.example/x"),
        ("https://other.example/x?a=1&b=2#c", "https://other.example/x?a=1&b=2#c"),
        ("HTTP://other.example/", "HTTP://other.example/"),
        ("mailto:a@example.org", "mailto:a@example.org"),
        ("javascript:alert(1)", None),
        ("JaVaScRiPt:alert(1)", None),
        ("data:text/html,x", None),
        ("ftp://other.example/x", None),
        ("http://[::1/x", None),
    ],
)
def test_links(address: str, leads_to: str | None) -> None:
    assert href(address) == leads_to


def test_links_inside_the_page_stay() -> None:
    soup = page("# A part\n\n[x](#a-part)")
    heading = soup.find("h2")  # the page has its own h1
    assert heading is not None
    (link,) = soup.find_all("a", string="x")
    target = str(link["href"]).removeprefix("#")
    assert soup.find(id=target) or heading.find(id=target)


def test_images_are_the_files_of_the_commit() -> None:
    assert element("![x](docs/logo.svg)", "img")["src"] == f"{RAW}/docs/logo.svg"
    attributes = {"src": f"{RAW}/logo.png", "width": "10", "alt": "", "loading": "lazy"}
    assert element('<img src="/logo.png" width="10">', "img").attrs == attributes
    assert element("![x](https://img.example/x.svg)", "img")["src"] == "https://img.example/x.svg"
    assert "src" not in element("![x](data:text/html,x)", "img").attrs


def test_links_of_a_project_in_a_folder() -> None:
    inner = release("1.0", subdirectory="packages/it's here")
    at = f"{REPOSITORY}/blob/{inner.commit}"
    assert href("docs/a.md", inner) == f"{at}/packages/it%27s%20here/docs/a.md"
    assert href("../other/a.md", inner) == f"{at}/packages/other/a.md"
    assert href("/docs/a.md", inner) == f"{at}/docs/a.md"


def test_links_of_a_repository_whose_address_ends_in_git() -> None:
    assert href("a.md", release("1.0", repository=f"{REPOSITORY}.git")) == f"{AT}/a.md"


@pytest.mark.parametrize("repository", ["ssh://git@git.example/acme/hello", "file:///srv/git/hello"])
def test_a_repository_that_is_no_web_site_has_no_pages_to_link(repository: str) -> None:
    assert href("docs/a.md", release("1.0", repository=repository)) is None
    assert href("https://other.example/", release("1.0", repository=repository)) == "https://other.example/"


def test_links_of_rst() -> None:
    text = "Title\n=====\n\n`x <docs/a.rst>`_ and Title_\n\n.. image:: /logo.png\n"
    soup = page(text, "1.0.rst")
    assert f"{AT}/docs/a.rst" in [link["href"] for link in soup.find_all("a")]
    assert element(text, "img", "1.0.rst")["src"] == f"{RAW}/logo.png"


def test_markdown_as_github_writes_it() -> None:
    soup = page("| a |\n|---|\n| b |\n\n- [x] done\n\n~~gone~~ https://example.org\n\n```python\nx = 1\n```\n")
    assert [tag.name for tag in soup.find_all(["table", "input", "del", "a", "pre"])] == ["table", "del", "a", "pre"]
    assert "\u2611 done" in soup.get_text()


HOSTILE = """
<script>alert(1)</script><style>@import 'https://evil.example'</style><link rel=stylesheet href=//evil.example>
<base href="https://evil.example/"><meta http-equiv=refresh content="0;url=https://evil.example">
<iframe src=//evil.example srcdoc="<script>alert(1)</script>"></iframe><object data=x></object><embed src=x>
<form action=//evil.example><button formaction=javascript:alert(1)>x</button></form>
<img src=x onerror=alert(1)><a href="&#106;avascript:alert(1)" onclick=alert(1) style="position:fixed">x</a>
<svg onload=alert(1)><a xlink:href="javascript:alert(1)"><text>x</text></a></svg><math><mtext></math>
<textarea></textarea><title></title></body></html><body onload=alert(1)><p data-field="name" class="x">x</p>
<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript><a name="x" id="user">x</a>
"""


@pytest.mark.parametrize("file", ["1.0.md", "1.0.rst", "1.0.txt"])
def test_a_hostile_description(file: str) -> None:
    soup = page(HOSTILE, file)
    assert not soup.find_all(["script", "style", "iframe", "object", "embed", "form", "button", "svg", "math"])
    assert not soup.find_all(["head", "title", "base", "link", "meta", "textarea"])
    for tag in soup.find_all(True):
        assert not [name for name in tag.attrs if name.startswith(("on", "data-", "form", "style", "srcdoc"))]
        for address in (tag.get("href"), tag.get("src")):
            assert address is None or str(address).startswith(("#", "https://"))


def test_rst_reads_no_file_and_writes_no_html() -> None:
    for text in (
        ".. include:: /etc/passwd\n",
        ".. raw:: html\n\n   <script>alert(1)</script>\n",
        ".. csv-table::\n   :file: /etc/passwd\n",
        ".. raw:: html\n   :url: https://evil.example/\n",
        ".. literalinclude:: /etc/passwd\n",
    ):
        shown = page(text, "1.0.rst")
        assert "root:" not in shown.get_text()
        assert not shown.find_all("script")


def test_what_cannot_be_rendered_is_shown_as_text() -> None:
    broken = "Title\n=====\n\n.. no-such-directive:: <b>\n\n&amp;"
    for text in (page(broken, "1.0.rst").get_text(), page(broken, "1.0.txt").get_text()):
        assert ".. no-such-directive:: <b>&amp;" in text


def test_settings_of_docutils_on_the_machine_do_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "Title\n=====\n\ntext -- text\n"
    before = rendered(text, "1.0.rst")
    configuration = tmp_path / "docutils.conf"
    configuration.write_text("[general]\nraw_enabled: yes\nid_prefix: x-\n[html writers]\ninitial_header_level: 3\n")
    monkeypatch.setenv("DOCUTILSCONFIG", str(configuration))
    assert rendered(text, "1.0.rst") == before


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(text=texts())
@pytest.mark.parametrize("file", ["1.0.md", "1.0.rst", "1.0.txt"])
def test_any_text_makes_a_page(file: str, text: str) -> None:
    made = rendered(text, file)
    assert made.encode().decode() == made
    assert not page(text, file).find("script")
    assert BeautifulSoup(made, "lxml").find("body", class_="document")


def test_nothing_of_a_description_is_on_the_page_that_installers_read(scratch: Scratch) -> None:
    evil = "[hello](https://evil.example/public_hello-99.0.tar.gz) <b data-field='link'>and more</b>"
    scratch.add(package(release("1.0", description="1.0.md")), **{"1.0_md": evil})
    scratch.publish()
    assert "evil.example/public_hello-99.0.tar.gz" in scratch.site("public-hello/1.0.html")
    assert "evil.example" not in scratch.site("public-hello/index.json")
    assert 'href="https://evil.example' not in scratch.site("public-hello/index.html")
    assert list(scratch.anchors("public-hello/index.html")) == ["public_hello-1.0.tar.gz"]


def test_links_are_taken_from_the_release_that_brought_the_text(scratch: Scratch) -> None:
    scratch.add(
        package(release("1.1", description="1.0.md"), release("1.0", description="1.0.md")), **{"1.0_md": "[x](a.md)"}
    )
    scratch.publish()
    assert f"{AT}/a.md" in scratch.site("public-hello/1.0.html")
    assert "<title>public-hello 1.0</title>" in scratch.site("public-hello/1.0.html")
    assert not (scratch.out / "public-hello" / "1.1.html").exists()


def test_a_description_takes_no_other_files_place(scratch: Scratch) -> None:
    scratch.add(package(release("1.0", description="index.md")), index_md="[x](https://evil.example/x)")
    assert scratch.refused().startswith("public-hello/index.html: release 1.0 names index.md, and its page would be")


def test_two_descriptions_of_one_stem(scratch: Scratch) -> None:
    found = package(release("1.1", description="1.0.rst"), release("1.0", description="1.0.md"))
    scratch.add(found, **{"1.0_md": "a", "1.0_rst": "b"})
    assert "its page would be another file's: 1.0.html" in scratch.refused()
