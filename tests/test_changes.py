"""Registering and updating: which files change, which do not, what is withheld and what is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scripts import changes
from scripts.changes import Typed
from scripts.errors import (
    AlreadyRegistered,
    BadPage,
    BadProject,
    BadValue,
    NotRegistered,
    ReleaseExists,
    ReservedName,
)
from scripts.model import About
from scripts.pages import cards
from tests import factories
from tests.factories import described, findings, package, release, sealed
from tests.memory import NAME, PAGE, deleted, new_index, registered, registered_from, updated, updated_from, yanked

ABOUT = About("Says hello.", "Ann", "MIT", "https://example.org", ("hi",), (("Source", "https://example.org/s"),))


# Register


def test_register_writes_a_card_a_record_and_the_description() -> None:
    index = new_index()
    change = changes.register(index.texts(), findings(described("0.2", "# Hello\n", about=ABOUT)))
    assert sorted(change.files) == ["index.html", "public-hello/0.2.md", PAGE]
    assert (change.verb, change.name, change.before) == ("register", NAME, None)
    assert (change.branch, change.title) == ("index/register/public-hello", "Register public-hello 0.2")
    after = index.after(change)
    assert after.record() == change.after == package(sealed(release("0.2", description="0.2.md")), about=ABOUT)
    assert change.added == after.record().releases
    assert after.beside() == {"0.2.md": "# Hello\n"}
    assert (cards.names(after.files["index.html"]), after.card()) == ([NAME], "0.2")


def test_register_with_every_tag() -> None:
    index = new_index()
    found = (described("1.0", "one"), described("2.0rc1", "two"), described("1.1", "one"))
    change = changes.register(index.texts(), findings(*found, left_out=(("x9", "why"),)))
    after = index.after(change)
    assert after.versions() == ["2.0rc1", "1.1", "1.0"]
    assert after.card() == "1.1"
    assert after.record().about.summary == "Says hello, 1.1."
    assert after.beside() == {"1.0.md": "one", "2.0rc1.md": "two"}
    assert [each.version for each in change.added] == ["2.0rc1", "1.1", "1.0"]
    assert change.left_out == (("x9", "why"),)


def test_register_an_alias() -> None:
    after = registered(described(project="TensorFlow"), name="My.TensorFlow")
    found = after.record("my-tensorflow")
    assert (found.name, found.project, found.is_alias) == ("my-tensorflow", "TensorFlow", True)
    assert "egg=my-tensorflow-1.0" in after.files["my-tensorflow/index.html"]


def test_what_the_request_types_wins_and_stays() -> None:
    typed = Typed(summary="Mine <b>", homepage="https://mine.example")
    index = registered(described("1.0", about=ABOUT), typed=typed)
    assert index.record().about == replace(ABOUT, summary="Mine <b>", homepage="https://mine.example")
    assert index.record().typed == ("summary", "homepage")
    theirs = About("Theirs", "Theirs", "Theirs", "https://theirs.example")
    index = updated(index, described("2.0", about=theirs))
    assert index.record().about == replace(theirs, summary="Mine <b>", homepage="https://mine.example")
    index = updated(index, described("3.0", about=theirs), typed=Typed(summary="Mine again", author="Me"))
    expected = replace(theirs, summary="Mine again", author="Me", homepage="https://mine.example")
    assert index.record().about == expected
    assert index.record().typed == ("summary", "author", "homepage")


def test_the_name_is_the_newest_release_s_own_or_the_one_that_is_asked_for() -> None:
    found = findings(described("1.0", project="Old_Name"), described("2.0", project="New_Name"))
    assert changes.name_for(found) == "new-name"
    assert changes.name_for(found, "Public_Hello") == NAME


@pytest.mark.parametrize("wanted", ["public-hello", "Public_Hello", "public.hello"])
def test_register_what_is_registered(wanted: str) -> None:
    with pytest.raises(AlreadyRegistered, match=r"public-hello.* is registered already: use update"):
        changes.register(registered().texts(), findings("2.0"), wanted)


@pytest.mark.parametrize("wanted", ["scripts", "Scripts", "static", "tests", "docs", "assets", "license", "LICENSE"])
def test_register_a_name_that_the_repository_has(wanted: str) -> None:
    index = new_index()
    with pytest.raises(ReservedName, match="give another with --name"):
        changes.register(index.texts(), findings("1.0"), wanted)


def test_register_a_name_whose_folder_is_left_over() -> None:
    """A card was taken out by hand, and the folder is still there: its files are not to be overwritten."""
    left = registered().but(**{"index.html": factories.INDEX})
    with pytest.raises(ReservedName):
        changes.register(left.texts(), findings("1.0"))


@pytest.mark.parametrize("wanted", ["..", "a/b", "../x", "<b>", "a b", "x" * 101])
def test_register_no_name(wanted: str) -> None:
    with pytest.raises(BadValue, match=r"^name "):
        changes.register(new_index().texts(), findings("1.0"), wanted)


def test_register_nothing() -> None:
    with pytest.raises(BadProject, match="no release was found"):
        changes.register(new_index().texts(), findings())


def test_register_two_projects_of_one_repository() -> None:
    found = findings(described("1.0"), described("0.9", project="other"))
    with pytest.raises(BadProject, match="names the project other, not public-hello: check tag and subdirectory"):
        changes.register(new_index().texts(), found)


def test_register_two_tags_of_one_version() -> None:
    with pytest.raises(BadValue, match="stands twice"):
        changes.register(new_index().texts(), findings("1.0", "1.0"))


# Private packages


@pytest.mark.parametrize(
    ("private", "publish_metadata", "shown"),
    [(False, "auto", True), (True, "auto", False), (True, "always", True), (False, "never", False)],
)
def test_what_is_private_is_not_published(private: bool, publish_metadata: str, shown: bool) -> None:
    secret = release("1.0", requires_dist=("secret-a",), provides_extra=("secret-b",), requires_python=">=3.11")
    about = About("secret summary", "secret author", "secret license", "https://secret.example", ("secret",))
    found = findings(described(secret, "secret readme", about=about), private=private)
    index = registered_from(found, publish_metadata=publish_metadata)
    later = described(replace(secret, version="2.0"), "secret news", about=about)
    index = updated_from(index, replace(found, found=(later,)))
    text = "".join(index.files.values())
    assert ("secret" in text) is shown
    assert text.count('data-requires-python="&gt;=3.11"') == 2
    assert (index.record().private, index.record().publish_metadata) == (private, publish_metadata)
    assert ({"requires-dist", "provides-extra"} <= set(index.record().releases[0].dynamic)) is not shown


def test_what_is_typed_of_a_private_package_is_published() -> None:
    index = registered_from(
        findings(described("1.0", about=ABOUT), private=True), typed=Typed(author="Typed on purpose")
    )
    assert index.record().about == About(author="Typed on purpose")
    assert updated(index, typed=Typed(summary="Too")).record().about == About("Too", "Typed on purpose")


def test_a_repository_that_turns_private_says_nothing_new() -> None:
    index = registered(described("1.0", about=ABOUT))
    index = updated_from(index, findings(described("2.0", "secret", about=About("secret")), private=True))
    assert index.record().private
    assert index.record().about == About()
    assert "secret" not in "".join(index.files.values())


def test_a_repository_that_turns_private_takes_its_texts_back() -> None:
    index = registered(described("1.0", about=ABOUT), typed=Typed(author="Typed"))
    for found in (findings("1.0", private=True), findings("0.9", private=True)):
        assert updated_from(index, found).record().about == About(author="Typed")


# Update


def test_update_adds_what_is_not_there() -> None:
    index = registered("1.0")
    change = changes.update(index.texts(), NAME, findings("1.0", described("2.0", "two"), "0.9"))
    assert sorted(change.files) == ["index.html", "public-hello/2.0.md", PAGE]
    assert [each.version for each in change.added] == ["2.0", "0.9"]
    assert change.before == index.record()
    after = index.after(change)
    assert after.versions() == ["2.0", "1.0", "0.9"]
    assert after.card() == "2.0"
    assert change.title == "Update public-hello: add 2 releases, 2.0 last"


def test_every_verb_leaves_the_files_of_others_alone() -> None:
    index = registered(described(project="zebra"), index=registered())
    others = {path: text for path, text in index.files.items() if path not in ("index.html", PAGE)}
    for after in (updated(index, "2.0"), deleted(index), deleted(index, "1.0"), yanked(index, "1.0")):
        assert {path: after.files.get(path) for path in others} == others


def test_update_to_an_older_release_or_a_prerelease_keeps_card_and_texts() -> None:
    index = registered(described("1.0", about=ABOUT))
    change = changes.update(index.texts(), NAME, findings("0.9", "2.0rc1"))
    assert list(change.files) == [PAGE]
    assert index.after(change).record().about == ABOUT


def test_update_with_nothing_new_changes_nothing() -> None:
    index = registered(described("1.0", "text", about=ABOUT))
    change = changes.update(index.texts(), NAME, findings(described("1.0", "another text")))
    assert (change.files, change.added, change.before) == ({}, (), change.after)


def test_update_of_texts_alone() -> None:
    index = registered("1.0")
    change = changes.update(index.texts(), NAME, None, Typed(author="Ann"))
    assert list(change.files) == [PAGE]
    assert (change.branch, change.title) == ("index/update/public-hello-set_author", "Update public-hello: author")
    assert index.after(change).record().about == About(summary="Says hello, 1.0.", author="Ann")


def test_update_after_the_project_has_moved() -> None:
    moved = "https://github.com/acme/hello"
    index = registered("1.0")
    assert updated(index, repository=moved).record().repository == moved
    after = updated_from(index, findings(described(release("2.0", repository=moved)), repository=moved)).record()
    assert after.repository == moved
    assert [each.repository for each in after.releases] == [moved, factories.REPOSITORY]


@pytest.mark.parametrize("there", ["1.0", "1.0.0"])
def test_update_to_a_tag_whose_version_is_there(there: str) -> None:
    index = registered(there)
    same = findings(described(release("1.0", commit=release(there).commit)))
    with pytest.raises(ReleaseExists, match="is there already: tag a new version"):
        changes.update(index.texts(), NAME, same, tag="v1.0")
    moved = findings(described(release("1.0", commit="f" * 40)))
    with pytest.raises(ReleaseExists, match="while its tag now names ffffffffffff; a release never changes"):
        changes.update(index.texts(), NAME, moved, tag="v1.0")
    assert changes.update(index.texts(), NAME, moved).files == {}


def test_update_with_a_release_of_another_project() -> None:
    with pytest.raises(BadProject, match="names the project other"):
        updated(registered(), described("2.0", project="other"))


def test_update_an_alias_by_the_project_s_own_name() -> None:
    index = registered("1.0", name="hi")
    after = updated(index, described("2.0", project="Public.Hello"), name="hi")
    assert after.versions("hi") == ["2.0", "1.0"]


# What is not there


@pytest.mark.parametrize("wanted", ["public-helo", "Public_Helo", "public-hello-2"])
def test_a_name_that_is_not_registered_names_the_nearest(wanted: str) -> None:
    with pytest.raises(NotRegistered, match="is not registered here; did you mean public-hello"):
        changes.known_name(registered().files["index.html"], wanted)


@pytest.mark.parametrize("wanted", ["public-hello", "Public_Hello", "PUBLIC.hello"])
def test_a_name_is_known_in_any_spelling(wanted: str) -> None:
    assert changes.known_name(registered().files["index.html"], wanted) == NAME


def test_a_card_without_a_record() -> None:
    broken = registered().but(**{PAGE: None})
    with pytest.raises(BadPage, match=f"^{PAGE}: is not there, though index.html lists it"):
        updated(broken, "2.0")
    assert deleted(broken) == new_index()


def test_a_record_of_another_package() -> None:
    index = registered()
    broken = index.but(**{PAGE: index.files[PAGE].replace("public-hello", "other")})
    with pytest.raises(BadPage, match=f"^{PAGE}: records other, not public-hello"):
        updated(broken, "2.0")


@pytest.mark.parametrize(
    ("path", "mark"),
    [
        ("index.html", "packages"),
        *(("pkg_template.html", field) for field in ("name", "summary", "releases", "typed", "visibility")),
    ],
)
def test_a_mark_that_is_gone_is_named_with_its_file(path: str, mark: str) -> None:
    index = new_index()
    broken = index.but(**{path: index.files[path].replace(f' data-field="{mark}"', "")})
    with pytest.raises(BadPage, match=f'^{path}: no element has data-field="{mark}"'):
        registered(index=broken)
