"""Strict readers of the simple API read every page of the site without a warning, HTML and JSON."""

from __future__ import annotations

import json
import warnings
from hashlib import sha256
from typing import TYPE_CHECKING

import mousebender.simple
import pytest
from packaging.version import Version
from pypi_simple import IndexPage, ProjectPage, PyPISimple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.installers.world import World

pytestmark = pytest.mark.slow

HTML, JSON = "text/html", "application/vnd.pypi.simple.v1+json"
NAMES = {
    "acme-tool",
    "deleted",
    "dynamic",
    "future",
    "inner",
    "leaf",
    "moved",
    "my-cool-tensorflow",
    "mydependency",
    "needs-old",
    "private-hello",
    "public-hello",
}


@pytest.fixture(autouse=True)
def _no_warning() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def text(world: World, path: str) -> str:
    return (world.folder / "site" / path).read_text("utf-8")


def names(world: World) -> list[str]:
    return [one["name"] for one in json.loads(text(world, "index.json"))["projects"]]


def test_the_names(world: World) -> None:
    assert set(names(world)) == NAMES


def test_mousebender_reads_the_list(world: World) -> None:
    from_html = mousebender.simple.parse_project_index(text(world, "index.html"), HTML)
    from_json = mousebender.simple.parse_project_index(text(world, "index.json"), JSON)
    for found in (from_html, from_json):
        assert {one["name"] for one in found["projects"]} == NAMES


def test_mousebender_reads_each_package(world: World) -> None:
    for name in names(world):
        from_html = mousebender.simple.parse_project_details(text(world, f"{name}/index.html"), HTML, name)
        from_json = mousebender.simple.parse_project_details(text(world, f"{name}/index.json"), JSON, name)
        assert from_html["name"] == from_json["name"] == name
        assert from_html["files"]
        for html, plain in zip(from_html["files"], from_json["files"], strict=True):
            assert plain["url"] == html["url"].partition("#")[0] == html["filename"] == plain["filename"]
            assert html["hashes"] == plain["hashes"]
            assert html.get("requires-python") == plain.get("requires-python")
            assert html.get("core-metadata", False) == plain.get("core-metadata", False)
            assert html.get("yanked", False) == plain.get("yanked", False)


def test_pypi_simple_reads_the_list(world: World) -> None:
    assert set(IndexPage.from_html(text(world, "index.html")).projects) == NAMES
    assert set(IndexPage.from_json_data(json.loads(text(world, "index.json"))).projects) == NAMES


def test_pypi_simple_reads_each_package_as_pages_serves_it(world: World) -> None:
    with PyPISimple(world.site) as client:
        assert set(client.get_index_page().projects) == NAMES
        for name in NAMES:
            page = client.get_project_page(name)
            check(world, name, page)
            for package in page.packages:
                assert client.get_package_metadata_bytes(package) if package.has_metadata else True


def test_pypi_simple_reads_each_package_as_json(world: World) -> None:
    for name in NAMES:
        page = ProjectPage.from_json_data(json.loads(text(world, f"{name}/index.json")), f"{world.site}{name}/")
        assert page.versions
        check(world, name, page)
        for package in page.packages:
            file = world.folder / "site" / name / package.filename
            assert package.size == file.stat().st_size
            assert package.upload_time


def check(world: World, name: str, page: ProjectPage) -> None:
    """Each file is of the project, is an sdist with a version, and is at its address with its hash."""
    assert page.project == name
    for package in page.packages:
        assert (package.project, package.package_type) == (name.replace("-", "_"), "sdist")
        assert package.version
        assert Version(package.version)
        file = world.folder / "site" / name / package.filename
        assert package.url == f"{world.site}{name}/{package.filename}"
        assert package.digests == {"sha256": sha256(file.read_bytes()).hexdigest()}
        assert bool(package.has_metadata) is file.with_name(f"{file.name}.metadata").exists()
        if package.has_metadata:
            metadata = file.with_name(f"{file.name}.metadata").read_bytes()
            assert package.metadata_digests == {"sha256": sha256(metadata).hexdigest()}
    yanked = {package.version: package.yanked_reason for package in page.packages if package.is_yanked}
    assert yanked == ({"0.2.1": "it says good-bye"} if name == "public-hello" else {})
