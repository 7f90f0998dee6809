"""Package pages: read and written without loss, edited in place, and HTML in a value is text."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from scripts.model import About, Package
from scripts.pages import elements, record
from scripts.pages.markup import Page
from tests import factories, golden
from tests.factories import TEMPLATE
from tests.links import links
from tests.pages import by_hand

if TYPE_CHECKING:
    from scripts.pages.markup import Element

PATH = "public-hello/index.html"
OWN_TEMPLATE, PAGE = golden.page("pkg_template.html"), golden.page("public-hello.html")
templates = pytest.mark.parametrize("template", [TEMPLATE, OWN_TEMPLATE], ids=["shipped", "own"])
each_edit = pytest.mark.parametrize("edit", by_hand.EDITS, ids=lambda edit: edit.__name__)
hellos = factories.packages(st.just("public-hello"))


def write(text: str, package: Package) -> str:
    return record.write(PATH, text, package)


def read(text: str) -> Package:
    return record.read(PATH, text)


def article(page: str, version: str) -> Element:
    found = [each for each in Page(PATH, page).marked("data-release") if each.attributes["data-release"] == version]
    return found[-1]  # before it there may be one in a <template> of the people's own


def order(page: str) -> list[str]:
    """The versions in the order of the page, as a parser reads it."""
    found = BeautifulSoup(page, "lxml").select("[data-field=releases] [data-release]")
    return [str(each["data-release"]) for each in found]


# Golden files


def test_the_golden_page_is_read() -> None:
    assert read(PAGE) == golden.HELLO


def test_the_golden_page_is_written() -> None:
    assert write(OWN_TEMPLATE, golden.HELLO) == PAGE
    assert write(PAGE, golden.HELLO) == PAGE


# Nothing is lost


@templates
@given(made=factories.packages())
def test_what_is_written_is_read(template: str, made: Package) -> None:
    page = write(template, made)
    assert read(page) == made
    assert write(page, made) == page


@templates
@given(hands=by_hand.hands(), made=st.lists(hellos, min_size=2, max_size=3))
def test_any_package_takes_the_place_of_any_other(template: str, hands: by_hand.Hand, made: list[Package]) -> None:
    page = by_hand.edited(template, hands)
    for each in made:
        page = write(page, each)
        assert read(page) == each
        assert order(page) == [release.version for release in each.releases]


# HTML in a value is text


def plain(made: Package) -> Package:
    """A package of the same shape, in which every text is a harmless one."""

    def harmless(value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(harmless(each) for each in value)
        return "x" if value else value

    releases = [
        replace(
            each,
            tag="x",
            repository=factories.REPOSITORY,
            subdirectory=harmless(each.subdirectory),
            requires_python=each.requires_python and ">=3",
            requires_dist=harmless(each.requires_dist),
            build_requires=harmless(each.build_requires),
            build_backend=harmless(each.build_backend),
            backend_path=harmless(each.backend_path),
            yanked=harmless(each.yanked),
        )
        for each in made.releases
    ]
    texts = {field.name: harmless(getattr(made.about, field.name)) for field in fields(About)}
    address = "https://x.example"
    about = About(
        **{
            **texts,
            "homepage": made.about.homepage and address,
            "urls": tuple((harmless(label), address) for label, _ in made.about.urls),
        }
    )
    return replace(made, releases=tuple(releases), about=about)


def skeleton(page: str) -> list[tuple[str, list[str]]]:
    """Every element of a page with the names of its attributes."""
    return [(element.name, list(element.attrs)) for element in BeautifulSoup(page, "lxml").find_all()]


@templates
@given(made=factories.packages())
def test_no_value_makes_an_element_or_an_attribute(template: str, made: Package) -> None:
    assert skeleton(write(template, made)) == skeleton(write(template, plain(made)))


@templates
@given(made=factories.packages())
def test_the_only_links_are_those_to_the_releases(template: str, made: Package) -> None:
    found = [
        (link["href"], link.get("data-requires-python", ""), link.get("data-yanked"))
        for link in links(write(template, made))
    ]
    assert found == [(elements.link(made.name, each), each.requires_python, each.yanked) for each in made.releases]
