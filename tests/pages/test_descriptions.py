"""Which file holds the long description of which release."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scripts.pages import descriptions
from scripts.values import blob_id
from tests.factories import described, package, release

if TYPE_CHECKING:
    from scripts.model import Package


def named(found: Package) -> dict[str, str]:
    """The description's file of each release."""
    return {release.version: release.description for release in found.releases}


def ids(files: dict[str, str]) -> dict[str, str]:
    """The files of a package's folder with their blob ids, of their texts."""
    return {name: blob_id(text.encode()) for name, text in files.items()}


def test_a_file_is_named_by_its_release_and_its_content_type() -> None:
    added = (
        described("1.0", "one", description_type="text/plain"),
        described("1!2.0rc1+local", "two", description_type="text/x-rst"),
        described("1.0.dev0", "three", description_type="text/markdown"),
        described("1.5", ""),
    )
    after, new = descriptions.assign(package(*(each.release for each in added)), added, {})
    assert new == {"1.0.txt": "one", "1!2.0rc1+local.rst": "two", "1.0.dev0.md": "three"}
    assert named(after) == {
        "1!2.0rc1+local": "1!2.0rc1+local.rst",
        "1.5": "",
        "1.0": "1.0.txt",
        "1.0.dev0": "1.0.dev0.md",
    }


def test_a_text_is_written_once_and_named_by_every_release_that_has_it() -> None:
    added = (described("2.0", "same"), described("1.0", "same"), described("1.5", "other"))
    after, new = descriptions.assign(package("1.0", "1.5", "2.0"), added, {})
    assert new == {"1.0.md": "same", "1.5.md": "other"}
    assert named(after) == {"1.0": "1.0.md", "1.5": "1.5.md", "2.0": "1.0.md"}


def test_a_text_of_another_release_is_found_again() -> None:
    before = package(release("1.0", description="1.0.md"), "2.0")
    after, new = descriptions.assign(before, (described("2.0", "same"),), ids({"1.0.md": "same"}))
    assert (new, named(after)["2.0"]) == ({}, "1.0.md")


def test_the_same_text_in_another_language_is_another_file() -> None:
    kinds = ("text/markdown", "text/x-rst", "text/markdown")
    added = tuple(described(f"{number}.0", "same", description_type=kind) for number, kind in enumerate(kinds, 1))
    after, new = descriptions.assign(package("1.0", "2.0", "3.0"), added, {})
    assert new == {"1.0.md": "same", "2.0.rst": "same"}
    assert named(after)["3.0"] == "1.0.md"


def test_a_file_that_is_taken_keeps_its_text() -> None:
    """A release was deleted and comes again with another text; another release still names its file."""
    before = package(release("2.0", description="1.0.md"), "1.0")
    files = ids({"1.0.md": "old", "1.0_2.md": "hand-made"})
    after, new = descriptions.assign(before, (described("1.0", "new"),), files)
    assert new == {"1.0_3.md": "new"}
    assert named(after) == {"2.0": "1.0.md", "1.0": "1.0_3.md"}


def test_the_people_s_own_files_are_no_descriptions() -> None:
    files = ids({"README.md": "same", "index.html": "same", "notes/1.0.md": "same"})
    after, new = descriptions.assign(package("1.0"), (described("1.0", "same"),), files)
    assert (new, named(after)) == ({"1.0.md": "same"}, {"1.0": "1.0.md"})


def test_what_is_not_added_keeps_its_description() -> None:
    before = package(release("1.0", description="1.0.md"), "2.0")
    after, _ = descriptions.assign(before, (described("2.0", "two"),), {})
    assert named(after) == {"1.0": "1.0.md", "2.0": "2.0.md"}
