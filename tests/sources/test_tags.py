"""Which tags are releases, and which one is taken."""

from __future__ import annotations

import pytest
from packaging.version import Version

from scripts.sources.tags import default, releases, version_of


@pytest.mark.parametrize(
    ("tag", "version"),
    [
        ("1.2", "1.2"),
        ("v1.2", "1.2"),
        ("V1.2", "1.2"),
        ("release-1.2", "1.2"),
        ("release/1.2", "1.2"),
        ("Release_v1.2", "1.2"),
        ("version-1.2", "1.2"),
        ("my-project-1.2", "1.2"),
        ("my_project-v1.2", "1.2"),
        ("My.Project/v1.2", "1.2"),
        ("my-project@1.2", "1.2"),
        ("v1.2rc1", "1.2rc1"),
        ("v1.2-rc.1", "1.2rc1"),
        ("1!2.0", "1!2.0"),
        ("v1.2+local.1", "1.2+local.1"),
        ("2026.01.31", "2026.1.31"),
        ("other-1.2", None),
        ("other/v1.2", None),
        ("my-project-extra-1.2", None),
        ("my-project", None),
        ("latest", None),
        ("v", None),
        ("v1.2.x", None),
        ("2026-01-31", None),
        ("nightly-2026", None),
        ("v" + "1" * 10_000 + "x", None),
        ("-" * 10_000 + "1.0", None),
    ],
)
def test_the_version_that_a_tag_names(tag: str, version: str | None) -> None:
    assert version_of(tag, {"my-project"}) == (Version(version) if version else None)


def test_a_name_that_ends_in_a_number() -> None:
    assert version_of("py-2-1.0", {"py-2"}) == Version("1.0")
    assert version_of("py-2-1.0", {"py"}) is None


def newest_first(*tags: str, names: tuple[str, ...] = ("hello",)) -> list[str]:
    return list(releases(tags, names).values())


def test_releases_are_sorted_by_version() -> None:
    assert newest_first("v0.9", "latest", "v0.10", "v1.0.dev1", "0.2") == ["v1.0.dev1", "v0.10", "v0.9", "0.2"]


def test_in_a_repository_of_several_projects_only_the_projects_own_tags_count() -> None:
    tags = ("hello-1.0", "other-3.0", "hello/v1.1", "v2.0")
    assert newest_first(*tags) == ["hello/v1.1", "hello-1.0"]
    assert newest_first(*tags, names=("other",)) == ["other-3.0"]
    assert newest_first(*tags, names=("neither",)) == ["v2.0"]


@pytest.mark.parametrize(
    ("tags", "known", "taken"),
    [
        (["v0.1", "v0.2", "v0.3.dev0"], [], "v0.2"),
        (["v0.1", "v0.3rc1"], [], "v0.1"),
        (["v0.1a1", "v0.2.dev0"], [], "v0.2.dev0"),
        (["v0.1", "v0.2"], ["0.2"], "v0.1"),
        (["v0.1", "v0.2"], ["0.1", "0.2"], None),
        (["v0.1", "v0.2rc1"], ["0.1"], None),
        ([], [], None),
    ],
)
def test_the_tag_that_is_taken_when_none_is_named(tags: list[str], known: list[str], taken: str | None) -> None:
    assert default(releases(tags, ["hello"]), [Version(version) for version in known]) == taken
