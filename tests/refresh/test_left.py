"""What refresh cannot bring up to date: requests that have nothing left to do, and conflicts. Each is said once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from scripts import changes
from scripts.model import About
from scripts.pages import cards, record
from tests.factories import described, findings, release
from tests.refresh.conftest import Place, found

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.servers.forge import PullRequest

REGISTER, UPDATE, DELETE, YANK = changes.register, changes.update, changes.delete, changes.yank
HELLO = "public-hello"


def update(place: Place, version: str, text: str = "") -> PullRequest:
    return place.request(UPDATE, HELLO, HELLO, found(version, text))


def typed(place: Place, **texts: str) -> PullRequest:
    return place.request(UPDATE, HELLO, HELLO, None, changes.Typed(**texts))


def by_hand(place: Place, edit: Callable[[str], str]) -> None:
    page = place.hub.index.read(f"{HELLO}/index.html") or ""
    assert page != edit(page)
    place.hub.index.commit({f"{HELLO}/index.html": edit(page)})


@pytest.mark.parametrize(
    ("asked", "merged", "why"),
    [
        (
            lambda place: update(place, "2.0"),
            lambda place: place.merge(DELETE, HELLO, HELLO),
            "the package public-hello is no longer on the index",
        ),
        (
            lambda place: place.request(YANK, HELLO, HELLO, "1.0"),
            lambda place: place.merge(DELETE, HELLO, HELLO, "1.0"),
            "public-hello 1.0 is no longer there",
        ),
        (
            lambda place: place.request(DELETE, HELLO, HELLO, "1.0"),
            lambda place: place.hub.index.commit(place_without(place, "1.0")),
            "public-hello 1.0 is no longer there",
        ),
        (
            lambda place: place.request(DELETE, HELLO, HELLO),
            lambda place: place.hub.index.commit(place_without(place)),
            "the package public-hello is no longer on the index",
        ),
        (
            lambda place: update(place, "2.0"),
            lambda place: place.hub.index.commit(place_with(place, "2.0")),
            "public-hello 2.0 is there already",
        ),
        (
            lambda place: update(place, "2.0"),
            lambda place: place.hub.index.commit(place_with(place, "2.0", commit="f" * 40)),
            "public-hello 2.0 is there already, pinned to ffffffffffff and not to ",
        ),
        (
            lambda place: place.request(REGISTER, "new", found("1.0"), "new"),
            lambda place: place.hub.index.commit(REGISTER(place.base.texts("new"), found("1.0"), "new").files),
            "new 1.0 is there already",
        ),
        (
            lambda place: typed(place, summary="New."),
            lambda place: place.hub.index.commit(
                UPDATE(place.base.texts(HELLO), HELLO, None, changes.Typed(summary="New.")).files
            ),
            "the index says it already",
        ),
    ],
)
def test_a_request_with_nothing_left_to_do_is_said_to_be_stale_once(
    place: Place, asked: Callable[[Place], PullRequest], merged: Callable[[Place], object], why: str
) -> None:
    pull = asked(place)
    head = pull.head_sha
    merged(place)
    assert pull.state == "open"
    assert f"nothing left to do: {why}" in place.run().said
    for _ in range(2):
        assert place.run().said
    (comment,) = pull.comments
    assert comment.body.startswith("There is nothing left to do for this request:\n\n- `")
    assert why in comment.body
    assert (pull.labels, pull.head_sha, pull.state) == (["stale"], head, "open")


def place_without(place: Place, version: str = "") -> dict[str, str | None]:
    return dict(DELETE(place.base.texts(HELLO), HELLO, version).files)


def place_with(place: Place, version: str, **facts: str) -> dict[str, str | None]:
    made = findings(described(release(version, **facts), f"# {version}\n"))
    return dict(UPDATE(place.base.texts(HELLO), HELLO, made).files)


def test_a_request_that_has_something_to_do_again_loses_the_label(place: Place) -> None:
    index = place.hub.index
    pull = place.request(YANK, HELLO, HELLO, "1.0")
    before = {path: index.read(path) for path in index.files() if path.startswith(HELLO) or path == "index.html"}
    place.merge(DELETE, HELLO, HELLO)
    assert place.run().said
    assert pull.labels == ["stale"]
    index.commit(before, "It comes back")
    assert "brought up to date" in place.run().said
    assert pull.labels == []
    index.merge(pull.number)
    found_now = record.read(f"{HELLO}/index.html", index.read(f"{HELLO}/index.html") or "").release("1.0")
    assert found_now and found_now.yanked == ""


@pytest.mark.parametrize("label", ["stale", "Stale"])
def test_a_label_that_others_put_on_is_theirs(place: Place, label: str) -> None:
    """A team may have a label of that name for requests that nobody looks at."""
    index = place.hub.index
    alive, moot = update(place, "2.0"), place.request(YANK, "a-first", "a-first", "1.0")
    for pull in (alive, moot):
        pull.labels = [index.label(label).name]
    place.merge(DELETE, "a-first", "a-first")
    for _ in range(2):
        assert place.run().said
    assert (alive.labels, alive.comments) == ([label], [])
    assert moot.labels == [label]
    assert [comment.body.partition(" for")[0] for comment in moot.comments] == ["There is nothing left to do"]


def test_a_request_that_can_no_longer_be_merged_is_not_stale_either(place: Place) -> None:
    index = place.hub.index
    pull = place.request(YANK, HELLO, HELLO, "1.0", "one")
    before = {path: index.read(path) for path in index.files() if path.startswith(HELLO) or path == "index.html"}
    place.merge(DELETE, HELLO, HELLO)
    assert place.run().said
    assert pull.labels == ["stale"]
    index.commit(before | dict(YANK(place.base.texts(HELLO), HELLO, "1.0", "two").files), "It comes back")
    assert "a conflict is left" in place.run().said
    assert pull.labels == []
    index.commit(before | dict(YANK(place.base.texts(HELLO), HELLO, "1.0", "one").files), "As it was asked")
    for _ in range(2):
        assert "nothing left to do" in place.run().said
    assert pull.labels == ["stale"]


@pytest.mark.parametrize(
    ("asked", "merged", "named"),
    [
        (
            lambda place: place.request(YANK, HELLO, HELLO, "1.0", "one"),
            lambda place: place.hub.index.commit(dict(YANK(place.base.texts(HELLO), HELLO, "1.0", "two").files)),
            "`public-hello/index.html: both sides changed release 1.0: yanked: decide which of them stands`",
        ),
        (
            lambda place: place.request(DELETE, HELLO, HELLO, "1.0"),
            lambda place: place.merge(YANK, HELLO, HELLO, "1.0"),
            "release 1.0 (taken away and changed)",
        ),
        (
            lambda place: place.request(DELETE, HELLO, HELLO),
            lambda place: place.merge(UPDATE, HELLO, HELLO, found("2.0")),
            "the package public-hello (taken away and changed)",
        ),
        (
            lambda place: typed(place, summary="One."),
            lambda place: place.hub.index.commit(
                dict(UPDATE(place.base.texts(HELLO), HELLO, None, changes.Typed(summary="Two.")).files)
            ),
            "summary",
        ),
        (
            lambda place: update(place, "2.0"),
            lambda place: by_hand(place, lambda page: page.replace('data-field="author"', "")),
            'no element has data-field="author"',
        ),
        (
            lambda place: update(place, "2.0"),
            lambda place: place.hub.index.commit({"index.html": b"\xff"}),
            "index.html: is not UTF-8",
        ),
    ],
)
def test_a_conflict_is_said_once(
    place: Place, asked: Callable[[Place], PullRequest], merged: Callable[[Place], object], named: str
) -> None:
    pull = asked(place)
    head = pull.head_sha
    merged(place)
    said = place.run().said
    assert "a conflict is left: " in said
    for _ in range(2):
        assert "a conflict is left: " in place.run().said
    (comment,) = pull.comments
    assert comment.body.startswith("This cannot be brought together with `main`")
    assert named in comment.body
    assert (pull.labels, pull.head_sha) == ([], head)


def test_the_card_follows_the_record(place: Place) -> None:
    """Two new releases: git alone would have to choose between two lines of the card."""
    index = place.hub.index
    pulls = [update(place, version) for version in ("2.0", "1.9")]
    index.merge(pulls[0].number)
    assert place.run().said
    index.merge(pulls[1].number)
    page = record.read(f"{HELLO}/index.html", index.read(f"{HELLO}/index.html") or "")
    assert [each.version for each in page.releases] == ["2.0", "1.9", "1.1", "1.0"]
    assert page.about.summary == "Says hello, 2.0."
    assert cards.put(index.read("index.html") or "", page) == index.read("index.html")


def test_a_card_that_a_person_edited_too(place: Place) -> None:
    index = place.hub.index
    pull = update(place, "2.0")
    text = (index.read("index.html") or "").replace("Says hello, 1.1.", "By hand.")
    assert text.count("By hand.") == 3
    index.commit({"index.html": text})
    assert "brought up to date" in place.run().said
    index.merge(pull.number)
    page = record.read(f"{HELLO}/index.html", index.read(f"{HELLO}/index.html") or "")
    assert index.read("index.html") == cards.put(text, page)


def test_the_last_two_releases_go_and_the_package_with_them(place: Place) -> None:
    index = place.hub.index
    pulls = [place.request(DELETE, HELLO, HELLO, version) for version in ("1.0", "1.1")]
    index.merge(pulls[0].number)
    assert "brought up to date" in place.run().said
    index.merge(pulls[1].number)
    assert cards.names(index.read("index.html") or "") == ["a-first", "z-last"]
    assert not [path for path in index.files() if path.startswith(HELLO)]


def test_a_description_stays_while_a_release_names_it(place: Place) -> None:
    """Main takes away the release whose file a request shares; the other way round too."""
    index = place.hub.index
    pull = update(place, "2.0", text="# 1.0\n")
    assert f"{HELLO}/2.0.md" not in index.files(pull.head)
    place.merge(DELETE, HELLO, HELLO, "1.0")
    assert f"{HELLO}/1.0.md" not in index.files()
    assert place.run().said
    index.merge(pull.number)
    page = record.read(f"{HELLO}/index.html", index.read(f"{HELLO}/index.html") or "")
    assert {each.version: index.read(f"{HELLO}/{each.description}") for each in page.releases} == {
        "2.0": "# 1.0\n",
        "1.1": "# 1.1\n",
    }


def test_a_description_that_no_release_names_any_more_goes(place: Place) -> None:
    index = place.hub.index
    place.merge(UPDATE, HELLO, HELLO, found("2.0", "# 1.0\n"))
    place.base = replace(place.base, files={path: index.read(path) or "" for path in index.files()})
    place.start = index.branch("main") or ""
    pulls = [place.request(DELETE, HELLO, HELLO, version) for version in ("1.0", "2.0")]
    for pull in pulls:
        assert f"{HELLO}/1.0.md" in index.files(pull.head)
    index.merge(pulls[0].number)
    assert place.run().said
    index.merge(pulls[1].number)
    assert [path for path in index.files() if path.startswith(HELLO)] == [f"{HELLO}/1.1.md", f"{HELLO}/index.html"]


def test_what_became_private_stays_so(place: Place) -> None:
    index = place.hub.index
    pull = update(place, "2.0")
    page = record.read(f"{HELLO}/index.html", index.read(f"{HELLO}/index.html") or "")
    private = replace(page, private=True, about=About())
    index.commit(
        {
            f"{HELLO}/index.html": record.write(
                f"{HELLO}/index.html", index.read(f"{HELLO}/index.html") or "", private
            ),
            "index.html": cards.put(index.read("index.html") or "", private),
        }
    )
    head = pull.head_sha
    assert "release 2.0 (it tells what the package withholds now)" in place.run().said
    assert pull.head_sha == head
    assert "Says hello" not in (index.read(f"{HELLO}/index.html") or "")
