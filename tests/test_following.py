"""Which releases are new to a package, and on which branches they are proposed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from scripts import changes
from scripts.values import version
from tests import factories

if TYPE_CHECKING:
    from scripts.model import Package


def versions(*texts: str) -> Package:
    return factories.package(*(factories.release(text) for text in texts))


@pytest.mark.parametrize(
    ("here", "follow", "tags", "new"),
    [
        ("1.0", "stable", "0.9 1.0 1.1 2.0rc1", "1.1"),
        ("1.0 0.5", "stable", "0.5 0.7 1.0", ""),
        ("1.0", "stable", "1.0 1.1rc1", ""),
        ("1.0", "pre", "1.0 1.1rc1", "1.1rc1"),
        ("1.0", "pre", "0.9 1.0rc9 1.1rc1 1.1", "1.1 1.1rc1"),
        ("1.0 2.0rc1", "stable", "1.1 1.0 2.0rc1 2.0rc2", "1.1"),
        ("1.0 2.0rc1", "pre", "1.1 1.5rc1 2.0rc2", "2.0rc2 1.1"),
        ("1.0rc1", "stable", "0.9 1.0rc0 1.0rc2", "1.0rc2"),
        ("1.0rc1", "stable", "0.9 1.0rc2 1.0", "1.0"),
        ("1.0", "none", "1.1 2.0", ""),
        ("1.0", "stable", "1.0.0 1.0.post1", "1.0.post1"),
        ("1.0", "stable", "1!0.1 1.1", "1!0.1 1.1"),
    ],
)
def test_what_is_new(here: str, follow: str, tags: str, new: str) -> None:
    package = replace(versions(*here.split()), follow=follow)
    assert [str(found) for found in package.newer(map(version, tags.split()))] == new.split()


def test_the_branches_of_requests_are_their_own() -> None:
    """No package's name can make one package's branch that of another."""
    release = factories.release("1")
    assert changes.update_branch("foo", release) == "index/update/foo-1.0"
    assert changes.new_releases_branch("foo") == "index/update/foo-new_releases"
