"""Branches: one for each request, derived from it alone, by names that git allows."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given

from scripts import changes
from scripts.changes import Typed
from tests import factories
from tests.factories import described, findings, release
from tests.memory import new_index

VERSIONS = (
    *("1", "1.0.1", "1!1", "1.0+local", "1rc1", "1.dev0", "1.post1", "2026.1"),
    *("1+a.lock", "1!1.dev1+a.lock"),
)


def branches(name: str, version: str) -> list[str]:
    """The branch of every verb on a package with that version."""
    index = new_index()
    found = findings(described(release(version, tag="v1"), project=name))
    register = changes.register(index.texts(name), found)
    texts = index.after(register).texts(name)
    newer = findings(described("99.0", project=name), described("98.0", project=name))
    made = [
        register,
        changes.update(texts, name, None, Typed(author="Ann")),
        changes.update(texts, name, replace(newer, found=newer.found[:1])),
        changes.update(texts, name, newer),
        changes.delete(texts, name),
        changes.delete(texts, name, version),
        changes.yank(texts, name, version),
        changes.yank(texts, name, version, undo=True),
    ]
    return [change.branch for change in made]


def test_branches_of_one_package() -> None:
    assert branches("foo", "1") == [
        "index/register/foo",
        "index/update/foo-set_author",
        "index/update/foo-99.0",
        "index/update/foo-all_tags",
        "index/delete/foo",
        "index/delete/foo-1.0",
        "index/yank/foo-1.0",
        "index/unyank/foo-1.0",
    ]


def test_branches_of_different_requests_differ() -> None:
    names = ["foo", "foo-1", "foo-1-0", "foo-all", "foo-all-tags", "foo-99", "foo-99-0"]
    found = [branch for name in names for branch in branches(name, "1")]
    assert len(found) == len(set(found))
    of_versions = {branches("foo", version)[5] for version in VERSIONS}
    assert len(of_versions) == len(VERSIONS)


@given(factories.names(), factories.versions())
def test_branches_are_names_that_git_allows(name: str, version: str) -> None:
    """The rules of git-check-ref-format."""
    name += "-x"  # not one of the repository's own
    for branch in branches(name, version):
        assert branch.isascii()
        assert not set(branch) & set(" ~^:?*[\\\x7f")
        assert not any(bad in branch for bad in ("..", "@{", "//"))
        assert not any(part.startswith(".") or part.endswith((".lock", ".")) for part in branch.split("/"))
