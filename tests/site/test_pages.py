"""The pages that installers read: pointers for links, no other link that they could take, the rest as it was."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scripts.model import About
from scripts.pages import record
from scripts.pages.markup import Page
from scripts.site import files, pages, places
from tests import golden
from tests.factories import package, packages, release
from tests.site.indexes import sealed

if TYPE_CHECKING:
    from scripts.model import Package
    from tests.site.indexes import Scratch

PAGE = "public-hello/index.html"


def test_a_link_has_all_that_installers_read(filled: Scratch) -> None:
    link = filled.anchors(PAGE)["public_hello-0.2.tar.gz"]
    file = filled.out / "public-hello" / "public_hello-0.2.tar.gz"
    metadata = sha256(file.with_name("public_hello-0.2.tar.gz.metadata").read_bytes()).hexdigest()
    assert link.attrs == {
        "data-field": "link",
        "href": f"public_hello-0.2.tar.gz#sha256={sha256(file.read_bytes()).hexdigest()}",
        "data-requires-python": ">=3.8,<4",
        "data-core-metadata": f"sha256={metadata}",  # PEP 714
        "data-dist-info-metadata": f"sha256={metadata}",  # PEP 658
        "data-upload-time": "2026-01-31T12:00:00Z",
    }
    assert 'data-requires-python="&gt;=3.8,&lt;4"' in filled.site(PAGE)  # PEP 503


def test_links_of_yanked_releases(filled: Scratch) -> None:
    links = filled.anchors(PAGE)
    assert links["public_hello-0.1.tar.gz"]["data-yanked"] == 'breaks <everything> & "more"'
    assert links["public_hello-0.3rc1.tar.gz"]["data-yanked"] == ""
    assert "data-yanked" not in links["public_hello-0.2.tar.gz"].attrs


def test_without_certain_dependencies_there_is_no_metadata(filled: Scratch) -> None:
    link = filled.anchors(PAGE)["public_hello-0.3rc1.tar.gz"]
    assert not {"data-core-metadata", "data-dist-info-metadata", "data-requires-python"} & link.attrs.keys()


def test_every_link_is_a_file_of_the_package(filled: Scratch) -> None:
    for name, versions in (("public-hello", ["0.3rc1", "0.2", "0.1"]), ("an-alias", ["1.0"])):
        stem = name.replace("-", "_")
        assert list(filled.anchors(f"{name}/index.html")) == [f"{stem}-{version}.tar.gz" for version in versions]
    assert "git+" not in filled.site(PAGE)


def test_index_html_links_each_package_by_its_name(filled: Scratch) -> None:
    assert {text: tag["href"] for text, tag in filled.anchors("index.html").items()} == {
        "an-alias": "an-alias/",
        "leaf": "leaf/",
        "public-hello": "public-hello/",
    }


def _published(text: str, found: Package) -> str:
    made = {one.version: files.of(found, one, PAGE)[0] for one in found.releases}
    return pages.package_page(Page(PAGE, text), found, made, places.Site("", "", "", frozenset()), "")


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(found=packages().map(sealed), newline=st.sampled_from(("\n", "\r\n")))
def test_all_but_the_links_and_the_dependencies_stays_to_the_byte(found: Package, newline: str) -> None:
    template = golden.page("pkg_template.html")  # one without places that publish fills in
    text = record.write(record.TEMPLATE, template.replace("\n", newline), found)
    links = re.compile(r'<a data-field="link".*?</a>', re.DOTALL)
    after = _published(text, found)
    filled = re.compile(f'{links.pattern}|<ul data-field="requires-dist">.*?</ul>', re.DOTALL)
    assert filled.sub("", after) == filled.sub("", text)
    assert len(links.findall(after)) == len(found.releases)


def test_a_page_that_people_made_their_own(filled: Scratch) -> None:
    """One line, other elements, a link that is no <a>, and a data-release that is none of ours."""
    text = filled.read(PAGE)
    text = text.replace("<h1", '<p data-release="9.9">unlike ours</p><h1', 1)
    text = re.sub(r'<a (data-field="link"[^>]*)>([^<]*)</a>', r"<span \1>\2</span>", text)
    filled.edit(PAGE, " ".join(text.split()))
    filled.publish()
    assert len(filled.anchors(PAGE)) == 3
    assert '<p data-release="9.9">unlike ours</p>' in filled.site(PAGE)


EVIL = '<a href="https://evil.example/public_hello-99.0.tar.gz">x</a>'
LINKS = {
    "a": EVIL,
    "a relative one": '<a href="public_hello-99.0.tar.gz">x</a>',
    "capitals": '<A\nHREF="public_hello-99.0.tar.gz">x</A>',
    "unquoted": "<a href=public_hello-99.0.tar.gz>x</a>",
    "without a value": "<a href>x</a>",
    "a fragment": '<a href="#tab=x">x</a>',
    "area": '<map name="x"><area href="public_hello-99.0.tar.gz"></map>',
    "base": '<base href="https://evil.example/">',
    "svg": '<svg><a xlink:href="public_hello-99.0.tar.gz"></a></svg>',
    "another attribute first": '<a title="a > b" href="public_hello-99.0.tar.gz">x</a>',
    "template": f"<template>{EVIL}</template>",
    "noscript": f"<noscript>{EVIL}</noscript>",
    "not in HTML, in Python's parser": f"<textarea>{EVIL}</textarea>",
    "title": f"<title>{EVIL}</title>",
    "xmp": f"<xmp>{EVIL}</xmp>",
    "iframe": f"<iframe>{EVIL}</iframe>",
    "noembed": f"<noembed>{EVIL}</noembed>",
    "noframes": "<noframes><a title='<' href=public_hello-99.0.tar.gz></noframes>",
    "script in svg": f"<svg><script>{EVIL}</script></svg>",
    "a comment that is none": f"<!--> {EVIL} -->",
    "a comment that ends": f"<!-- --!> {EVIL} -->",
    "a comment that ends in Python's parser": f"<!-- -- > {EVIL} -->",
    "a comment in a script": f"<script><!-- </script> {EVIL} --></script>",
    "a value that does not end": "<p title=\"><a href='public_hello-99.0.tar.gz'>x</a>",
    "a value with another quote": f'<p title=x"> {EVIL} <p title=">',
}


@pytest.mark.parametrize("markup", LINKS.values(), ids=LINKS)
def test_another_link_is_refused(filled: Scratch, markup: str) -> None:
    filled.change(PAGE, "<main>", f"<main>{markup}")
    error = filled.refused()
    assert error.startswith("public-hello/index.html: ")
    assert error.endswith(": remove it")


def test_a_second_link_of_a_release_is_refused(filled: Scratch) -> None:
    second = '<a data-field="link" href="leaf-2.0.tar.gz">leaf-2.0.tar.gz</a>'
    filled.change("leaf/index.html", "</article>", f"{second}</article>")
    assert filled.refused().startswith('leaf/index.html: <a data-field="link" href="leaf-2.0.tar.gz">')


HIDDEN = {
    "comment": f"<!-- {EVIL} -->",
    "two comments": f"<!-- - > {EVIL} --><!----> <!-- {EVIL}-->",
    "script": f"<script type='text/plain'>{EVIL}</script>",
    "template of a script": f"<script>const link = '{EVIL}' + `<a href=x>`</script>",
    "srcdoc": '<iframe srcdoc="&lt;a href=&quot;public_hello-99.0.tar.gz&quot;&gt;"></iframe>',
    "data": "<p data-readme=\"&lt;a href='public_hello-99.0.tar.gz'&gt;\">x</p>",
    "escaped": "<p>&lt;a href=public_hello-99.0.tar.gz&gt;</p>",
    "no link": '<a id="top"></a><a name="x">href</a><abbr href="x">x</abbr>',
}


@pytest.mark.parametrize("markup", HIDDEN.values(), ids=HIDDEN)
def test_what_no_installer_takes_for_a_link_stays(filled: Scratch, markup: str) -> None:
    filled.change(PAGE, "<main>", f"<main>{markup}")
    filled.publish()
    assert markup in filled.site(PAGE)


def test_what_a_project_says_becomes_no_link(scratch: Scratch) -> None:
    needs = ("a @ https://h.example/a-1.0.tar.gz",)
    about = About(summary=EVIL, author=EVIL, keywords=(EVIL,), urls=((EVIL[:64], "https://example.org"),))
    scratch.add(package(release("1.0", yanked=EVIL, requires_dist=needs), about=about))
    scratch.publish()
    assert list(scratch.anchors(PAGE)) == ["public_hello-1.0.tar.gz"]
    assert scratch.anchors(PAGE)["public_hello-1.0.tar.gz"]["data-yanked"] == EVIL


@pytest.mark.parametrize("version", ["1!2.0", "1.0+cu12", "1.0.post1.dev2"])
def test_versions_of_every_kind(scratch: Scratch, version: str) -> None:
    scratch.add(package(version))
    scratch.publish()
    ((text, link),) = scratch.anchors(PAGE).items()
    assert text == f"public_hello-{version}.tar.gz"
    assert str(link["href"]).startswith(f"{text}#sha256=")
    assert (scratch.out / "public-hello" / text).is_file()
