"""sync: new tags become requests, once, whatever else is open; what a person turned down stays so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.samples import add_release, on_github, project_files
from tests.verbs import Hub, Index, contents, run

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import MakeProject
    from tests.servers.forge import PullRequest

BRANCH = "index/update/public-hello"


def test_sync_edits_the_files(index: Index, project: MakeProject) -> None:
    hello, other = project("public-hello", "0.1"), project("other", "1.0")
    index.did("register", hello)
    index.did("register", other)
    assert index.did("sync") == []
    hello.release("0.2")
    hello.release("0.3")
    hello.release("0.4rc1")
    assert index.did("sync") == ["index.html", "public-hello/0.2.md", "public-hello/0.3.md", "public-hello/index.html"]
    assert index.versions("public-hello") == ["0.3", "0.2", "0.1"]
    assert index.versions("other") == ["1.0"]


def test_what_is_followed(index: Index, project: MakeProject) -> None:
    hello = project("public-hello", "0.1")
    index.did("register", hello)
    hello.release("0.2rc1")
    index.did("update", "public-hello", "--follow", "none")
    assert index.package("public-hello").follow == "none"
    assert index.did("sync") == []
    assert "is not followed" in index.run("sync", "public-hello").said
    index.did("update", "public-hello", "--follow", "pre")
    index.did("sync", "public-hello")
    assert index.versions("public-hello") == ["0.2rc1", "0.1"]


def test_a_page_from_before_there_was_follow(index: Index, project: MakeProject) -> None:
    """A page that does not say it is followed; it says so once somebody asks for something else."""
    template = index.root / "pkg_template.html"
    template.write_text(template.read_text().replace(' data-follow="stable"', ""))
    hello = project("public-hello", "0.1")
    index.did("register", hello)
    assert "data-follow=" not in index.read("public-hello/index.html")
    assert index.package("public-hello").follow == "stable"
    hello.release("0.2")
    index.did("sync")
    assert index.versions("public-hello") == ["0.2", "0.1"]
    index.did("update", "public-hello", "--follow", "none")
    assert '<section data-follow="none" class="releases"' in index.read("public-hello/index.html")


def test_the_attribute_may_stand_anywhere(index: Index, project: MakeProject) -> None:
    hello = project("public-hello", "0.1")
    index.did("register", hello)
    hello.release("0.2rc1")
    page = index.root / "public-hello" / "index.html"
    text = page.read_text().replace(' data-follow="stable"', "")
    page.write_text(text.replace("<main", "<main DATA-Follow = pre "))
    index.did("sync")
    assert index.versions("public-hello") == ["0.2rc1", "0.1"]
    index.did("update", "public-hello", "--follow", "none")
    assert "<main DATA-Follow = none " in page.read_text()
    page.write_text(page.read_text().replace("DATA-Follow = none", "data-follow=never"))
    assert "is none of stable, pre, none" in index.run("sync", "public-hello").error
    page.write_text(page.read_text().replace("<dl", "<dl data-follow=pre", 1))
    assert "data-follow says never and pre: leave one" in index.run("sync", "public-hello").error


@pytest.mark.parametrize("tag", ["<meta data-follow=none>", '<meta name="index" data-follow="none" />'])
def test_it_may_stand_on_an_element_that_holds_nothing(index: Index, project: MakeProject, tag: str) -> None:
    hello = project("public-hello", "0.1")
    index.did("register", hello)
    hello.release("0.2")
    page = index.root / "public-hello" / "index.html"
    page.write_text(page.read_text().replace(' data-follow="stable"', "").replace("</head>", f"{tag}</head>"))
    assert index.did("sync") == []
    index.did("update", "public-hello", "--follow", "stable")
    assert tag.replace("none", "stable") in page.read_text().partition("</head>")[0]


def test_one_that_fails_does_not_stop_the_others(index: Index, project: MakeProject, tmp_path: Path) -> None:
    hello, other, broken = project("public-hello", "0.1"), project("other", "1.0"), project("broken", "1.0")
    for each in (hello, other, broken):
        index.did("register", each)
    hello.release("0.2")
    other.path.rename(tmp_path / "away")
    page = index.root / "broken" / "index.html"
    page.write_text(page.read_text().replace('data-field="project"', ""))
    outcome = index.run("sync")
    assert outcome.status == 1
    assert [line.partition(":")[2].split()[0] for line in sorted(outcome.err.splitlines())] == ["broken:", "other:"]
    assert index.versions("public-hello") == ["0.2", "0.1"]


def test_a_build_sees_no_secret(
    index: Index, project: MakeProject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.samples import self_building

    spy, other = project("a-spy", "1.0"), project("other", "1.0")
    index.did("register", spy)
    index.did("register", other)
    seen = tmp_path / "seen"
    files = self_building("a-spy", "2.0")
    files["pyproject.toml"] = files["pyproject.toml"].replace('"version" = "2.0"', '"dynamic" = ["version"]')
    files["own_backend.py"] += f"\nimport os\nopen({str(seen)!r}, 'a').write(repr(sorted(os.environ)))\n"
    spy.commit(files)
    spy.tag("v2.0")
    other.release("1.1")
    monkeypatch.setenv("PACKAGES_TOKEN", "secret")
    index.did("sync")
    assert index.versions("a-spy") == ["2.0", "1.0"]
    assert "PACKAGES_TOKEN" not in seen.read_text()


@pytest.fixture
def hello(hub: Hub) -> Hub:
    """An index on GitHub with public-hello 0.1, whose repository is octo/public-hello."""
    on_github(hub.github, "octo/public-hello", "0.1")
    hub.index.delete_branch_on_merge = True
    hub.merged("register", "octo/public-hello")
    return hub


def released(hub: Hub, *versions: str) -> None:
    for version in versions:
        add_release(hub.github.repository("octo/public-hello"), version)


def pull_checkout(hub: Hub) -> None:
    """Bring the checkout to what the default branch says, as a new run's checkout would be."""
    for path in hub.index.files():
        target = hub.checkout / path
        target.parent.mkdir(exist_ok=True)
        target.write_text(hub.index.read(path) or "")


def sync(hub: Hub) -> str:
    pull_checkout(hub)
    return hub.run("sync").said


def waiting(hub: Hub) -> list[PullRequest]:
    return [pull for pull in hub.index.pulls if pull.state == "open"]


def heads(hub: Hub) -> list[str]:
    return [pull.head.removeprefix(BRANCH) for pull in waiting(hub)]


def test_one_release_is_the_same_request_as_an_update(hello: Hub) -> None:
    released(hello, "0.2")
    sync(hello)
    (pull,) = waiting(hello)
    assert (pull.head, pull.labels) == (f"{BRANCH}-0.2", ["index"])
    repository = hello.github.repository("octo/public-hello").url
    assert f"(<{repository}/releases/tag/v0.2>)" in (pull.body or "")
    assert "Checked: " in (pull.body or "")
    before = hello.index.branch(pull.head)
    hello.calls()
    sync(hello)
    assert len(waiting(hello)) == 1
    assert hello.index.branch(pull.head) == before
    assert not [call for call in hello.calls() if not call.startswith("GET ")]
    hello.run("update", "public-hello").said  # noqa: B018
    assert len(waiting(hello)) == 1
    hello.index.merge(pull.number)
    assert [release.version for release in hello.package("public-hello").releases] == ["0.2", "0.1"]


def test_an_older_request_of_its_own_gives_way(hello: Hub) -> None:
    released(hello, "0.2")
    sync(hello)
    released(hello, "0.3")
    sync(hello)
    assert heads(hello) == ["-new_releases"]
    assert hello.branches() == [f"{BRANCH}-new_releases"]
    released(hello, "0.4")
    sync(hello)
    (pull,) = waiting(hello)
    assert hello.branches() == [pull.head] == [f"{BRANCH}-new_releases"]
    hello.index.merge(pull.number)
    assert [release.version for release in hello.package("public-hello").releases] == ["0.4", "0.3", "0.2", "0.1"]
    sync(hello)
    assert waiting(hello) == []


def test_a_persons_request_is_left_alone(hello: Hub) -> None:
    released(hello, "0.2")
    pull_checkout(hello)
    hello.run("update", "public-hello", "--tag", "v0.2", "--summary", "My own words").said  # noqa: B018
    released(hello, "0.3")
    sync(hello)
    assert heads(hello) == ["-0.2", "-new_releases"]
    assert hello.package("public-hello", f"{BRANCH}-0.2").about.summary == "My own words"
    hello.index.merge(waiting(hello)[0].number)
    sync(hello)
    assert heads(hello) == ["-new_releases"]


def test_a_repository_that_turns_private_before_the_merge(hello: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    released(hello, "0.2")
    sync(hello)
    (pull,) = waiting(hello)
    assert hello.package("public-hello", pull.head).about.summary
    hello.github.repository("octo/public-hello").private = True
    pull_checkout(hello)
    assert "may not read it" in hello.run("sync").error
    hello.github.add_token("reader", {"octo/public-hello": {"contents": "read"}})
    monkeypatch.setenv("PACKAGES_TOKEN", "reader")
    sync(hello)
    assert waiting(hello) == [pull]
    assert "| Visibility | private; published: name" in (pull.body or "")
    package = hello.package("public-hello", pull.head)
    assert (package.private, package.about.summary, package.releases[0].description) == (True, "", "")
    assert "waits for a review" in sync(hello)


@pytest.mark.parametrize("versions", [["0.2"], ["0.2", "0.3"]])
def test_a_persons_request_for_all_tags_is_enough(hello: Hub, versions: list[str]) -> None:
    released(hello, *versions)
    pull_checkout(hello)
    hello.run("update", "public-hello", "--all-tags").said  # noqa: B018
    before = hello.branches()
    assert "waits for a review" in sync(hello)
    assert hello.branches() == before
    released(hello, "0.4")
    sync(hello)
    assert heads(hello) == [before[0].removeprefix(BRANCH), "-new_releases"]


def test_a_tag_that_holds_another_project_holds_up_no_other(hello: Hub) -> None:
    repository = hello.github.repository("octo/public-hello")
    repository.commit(project_files("evil", "0.9"))
    repository.tag("v0.9")
    said = "left out the tag v0.9: its metadata names the project evil, not public-hello"
    assert said in sync(hello)
    assert heads(hello) == []
    released(hello, "0.2")
    assert said in sync(hello)
    assert heads(hello) == ["-0.2"]
    assert "evil" in (waiting(hello)[0].body or "")


def test_a_repository_of_several_packages(index: Index, project: MakeProject) -> None:
    both = project("one", "1.0", tag="one-1.0")
    both.commit({f"two/{path}": text for path, text in project_files("two", "5.0").items()})
    both.tag("two-5.0")
    index.did("register", both, "--tag", "one-1.0")
    index.did("register", both, "--subdirectory", "two", "--tag", "two-5.0")
    assert index.did("sync") == []
    both.release("1.1", "one-1.1")
    index.did("sync")
    assert (index.versions("one"), index.versions("two")) == (["1.1", "1.0"], ["5.0"])


@pytest.mark.parametrize("name", ["Object", "5", "x" * 100_000, "a\nb", "--out=x", "::error::x", "../..", "\u2028"])
def test_a_name_that_somebody_sent(index: Index, project: MakeProject, name: str) -> None:
    """`repository_dispatch` carries whatever its sender likes: one line says that it is no package."""
    index.did("register", project("public-hello", "0.1"))
    assert run("sync", "--root", index.root, "--", name).error


def test_a_tag_that_moves_before_the_merge(hello: Hub) -> None:
    released(hello, "0.2")
    sync(hello)
    repository = hello.github.repository("octo/public-hello")
    commit = add_release(repository, "0.2")
    sync(hello)
    assert heads(hello) == ["-0.2"]
    found = hello.package("public-hello", f"{BRANCH}-0.2").release("0.2")
    assert found
    assert found.commit == commit


def test_what_was_turned_down_is_not_proposed_again(hello: Hub) -> None:
    released(hello, "0.2", "0.3")
    sync(hello)
    (pull,) = waiting(hello)
    pull.close("2026-02-01T00:00:00Z")
    assert "turned down" in sync(hello)
    assert waiting(hello) == []
    released(hello, "0.4")
    sync(hello)
    (pull,) = waiting(hello)
    assert [r.version for r in hello.package("public-hello", pull.head).releases] == ["0.4", "0.1"]
    pull.close("2026-02-01T00:00:00Z")
    hello.run("update", "public-hello").said  # noqa: B018 - a person may ask for it all the same
    assert heads(hello) == ["-0.4"]


def test_a_release_that_was_deleted_is_not_proposed_again(hello: Hub) -> None:
    released(hello, "0.2")
    sync(hello)
    hello.index.merge(waiting(hello)[0].number)
    pull_checkout(hello)
    hello.merged("delete", "public-hello", "--version", "0.2")
    assert "turned down" in sync(hello)
    assert waiting(hello) == []


def test_two_steps_as_in_the_workflow(hello: Hub, tmp_path: Path) -> None:
    released(hello, "0.2")
    pull_checkout(hello)
    before = contents(hello.checkout)
    out = tmp_path / "releases"
    run("sync", "--out", out, "--root", hello.checkout).said  # noqa: B018
    assert [path.name for path in out.iterdir()] == ["public-hello.json"]
    assert contents(hello.checkout) == before
    hello.run("sync", "--releases", out).said  # noqa: B018
    assert heads(hello) == ["-0.2"]
    assert "no packages with new releases" in hello.run("sync", "--releases", tmp_path / "nowhere").said


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("octo/public-hello", "octo/other"),
        ('"subdirectory": ""', '"subdirectory": "elsewhere"'),
        ('"project": "public-hello"', '"project": "other"'),
        ('"version": "0.2"', '"version": "0.0.1"'),
        ("{", "["),
    ],
)
def test_what_was_handed_over_is_hostile(hello: Hub, tmp_path: Path, old: str, new: str) -> None:
    released(hello, "0.2")
    pull_checkout(hello)
    out = tmp_path / "releases"
    run("sync", "--out", out, "--root", hello.checkout).said  # noqa: B018
    path = out / "public-hello.json"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))
    outcome = hello.run("sync", "--releases", out)
    assert (outcome.status, len(outcome.err.splitlines())) in ((1, 1), (0, 0))
    assert waiting(hello) == []


def test_a_package_that_is_gone_meanwhile(hello: Hub, tmp_path: Path) -> None:
    released(hello, "0.2")
    pull_checkout(hello)
    out = tmp_path / "releases"
    run("sync", "--out", out, "--root", hello.checkout).said  # noqa: B018
    hello.merged("delete", "public-hello")
    assert "not registered" in hello.run("sync", "--releases", out).error
    assert hello.branches() == []


@pytest.mark.parametrize(
    "arguments",
    [["nowhere"], ["--out", "x", "--pull-request"], ["--out", "x", "--releases", "y"], ["--releases", __file__]],
)
def test_bad_input(index: Index, arguments: list[str]) -> None:
    assert index.run("sync", *arguments).error
