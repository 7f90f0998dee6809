"""Deleting and yanking: what goes, what stays because another release needs it, and what comes back."""

from __future__ import annotations

from typing import Any

import pytest

from scripts import changes
from scripts.errors import BadPage, BadUsage, BadValue, NoSuchRelease
from tests import golden
from tests.factories import described
from tests.memory import NAME, PAGE, deleted, new_index, registered, updated, yanked


@pytest.mark.parametrize("verb", [changes.delete, changes.yank])
def test_a_release_that_is_not_there_names_the_nearest(verb: Any) -> None:
    texts = registered("1.0", "1.1", "2.0").texts()
    with pytest.raises(NoSuchRelease, match=r'^public-hello has no release "1\.2"; did you mean 1\.1, 1\.0'):
        verb(texts, NAME, "1.2")
    with pytest.raises(BadValue, match=r'^version "one" is no version that PEP 440 knows'):
        verb(texts, NAME, "one")


# Delete


def test_delete_a_release() -> None:
    index = registered(described("1.0", "one"), described("2.0", "two"))
    change = changes.delete(index.texts(), NAME, "v2.0.0")
    removed = {path: text is None for path, text in change.files.items()}
    assert removed == {"index.html": False, PAGE: False, "public-hello/2.0.md": True}
    assert (change.branch, change.title) == ("index/delete/public-hello-2.0", "Delete public-hello 2.0")
    assert change.added == ()
    after = index.after(change)
    assert (after.versions(), after.card(), after.beside()) == (["1.0"], "1.0", {"1.0.md": "one"})


@pytest.mark.parametrize("wanted", ["", "1.0"])
def test_delete_a_package_or_its_last_release(wanted: str) -> None:
    index = registered(described("1.0", "one"))
    index = index.but(**{"public-hello/notes/own.txt": "people's own", "public-hello-2/x": "not this one"})
    change = changes.delete(index.texts(), NAME, wanted)
    assert (change.before, change.after) == (index.record(), None)
    assert index.after(change) == new_index().but(**{"public-hello-2/x": "not this one"})
    assert change.branch == ("index/delete/public-hello-1.0" if wanted else "index/delete/public-hello")


@pytest.mark.parametrize("page", ["empty.html", "index.html"])
def test_register_then_delete_gives_the_same_bytes(page: str) -> None:
    index = new_index().but(**{"index.html": golden.page(page).replace("public-hello", "hello-2")})
    assert deleted(registered(described("1.0", "one"), described("2.0", "two"), index=index)) == index


def test_a_description_that_another_release_names_stays() -> None:
    index = registered(described("1.0", "same"), described("2.0", "same"), described("3.0", "other"))
    assert index.beside() == {"1.0.md": "same", "3.0.md": "other"}
    index = deleted(index, "1.0")
    assert index.beside() == {"1.0.md": "same", "3.0.md": "other"}
    assert deleted(index, "2.0").beside() == {"3.0.md": "other"}


def test_a_deleted_release_comes_again_with_another_text() -> None:
    """The file that would be its own is another's by now."""
    index = deleted(registered(described("1.0", "same"), described("2.0", "same")), "1.0")
    index = updated(index, described("1.0", "new"))
    assert index.beside() == {"1.0.md": "same", "1.0_2.md": "new"}
    assert [each.description for each in index.record().releases] == ["1.0.md", "1.0_2.md"]


@pytest.mark.parametrize("version", ["1.0", "1.5", "2.0"])
def test_a_deleted_release_comes_back_as_it_was(version: str) -> None:
    found = {each: described(each, f"text of {each}") for each in ("1.0", "1.5", "2.0")}
    index = registered(*found.values())
    assert updated(deleted(index, version), found[version]) == index


@pytest.mark.parametrize("page", ["<p>", "", '<p data-field="name">'])
def test_a_record_that_cannot_be_read_can_be_deleted(page: str) -> None:
    broken = registered().but(**{PAGE: page})
    with pytest.raises(BadPage, match=f"^{PAGE}: "):
        deleted(broken, "1.0")
    assert deleted(broken) == new_index()


# Yank


def test_yank_and_undo() -> None:
    index = registered("1.0", "2.0")
    change = changes.yank(index.texts(), NAME, "v2.0", "broken <b>")
    assert sorted(change.files) == ["index.html", PAGE]
    assert (change.branch, change.title) == ("index/yank/public-hello-2.0", "Yank public-hello 2.0")
    after = index.after(change)
    assert after.card() == "1.0"
    assert 'data-yanked="broken &lt;b&gt;"' in after.files[PAGE]
    assert yanked(after, "2.0", reason="broken <b>") == after
    undo = changes.yank(after.texts(), NAME, "2.0", undo=True)
    assert (undo.branch, undo.title) == ("index/unyank/public-hello-2.0", "Undo the yank of public-hello 2.0")
    assert after.after(undo) == index
    assert changes.yank(index.texts(), NAME, "2.0", undo=True).files == {}


def test_the_last_reason_counts() -> None:
    index = yanked(yanked(registered(), "1.0"), "1.0", reason="one")
    assert [each.yanked for each in index.record().releases] == ["one"]
    index = yanked(index, "1.0", reason="two")
    assert 'data-yanked="two"' in index.files[PAGE]


def test_a_yank_without_a_reason_leaves_the_one_that_is_there() -> None:
    index = yanked(registered(), "1.0", reason="one")
    assert not changes.yank(index.texts(), NAME, "1.0").files


def test_the_card_shows_what_is_offered() -> None:
    index = registered("1.0", "2.0rc1", "1.1")
    shown = [index.card()]
    for version in ("1.1", "1.0", "2.0rc1"):
        index = yanked(index, version)
        shown.append(index.card())
    assert shown == ["1.1", "1.0", "2.0rc1", "2.0rc1"]
    assert deleted(index, "2.0rc1").card() == "1.1"


@pytest.mark.parametrize("reason", ["a\nb", "x" * 513, " x", "\x1b[31m"])
def test_no_reason(reason: str) -> None:
    with pytest.raises(BadValue, match=r"^reason "):
        yanked(registered(), "1.0", reason=reason)


def test_an_undo_has_no_reason() -> None:
    with pytest.raises(BadUsage, match="--undo takes no --reason"):
        yanked(registered(), "1.0", reason="because", undo=True)
