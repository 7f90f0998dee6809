"""update: releases that are not there yet, or other words about the package, on disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests import samples
from tests.samples import Project, project_files
from tests.verbs import Index, command, contents

if TYPE_CHECKING:
    from tests.conftest import MakeProject
    from tests.servers.forge import GitHubServer


@pytest.fixture
def registered(index: Index, hello: Project) -> Project:
    """public-hello, of which 0.1 is registered."""
    index.did("register", hello)
    return hello


def card(index: Index) -> str:
    """The version that the card of public-hello shows."""
    page = index.read("index.html").partition('data-package="public-hello"')[2]
    return page.partition('data-field="version">')[2].partition("<")[0]


def test_the_newest_release_that_is_not_there(index: Index, registered: Project) -> None:
    registered.release("0.2")
    registered.release("0.3")
    registered.release("0.4.dev0")
    assert index.did("update", "public-hello") == ["index.html", "public-hello/0.3.md", "public-hello/index.html"]
    assert (index.versions("public-hello"), card(index)) == (["0.3", "0.1"], "0.3")
    index.did("update", "public-hello")
    assert (index.versions("public-hello"), card(index)) == (["0.3", "0.2", "0.1"], "0.3")
    done = index.run("update", "public-hello")
    assert done.said == "public-hello: nothing to change, the index says it already\n"


def test_a_tag_and_a_prerelease_which_the_card_does_not_show(index: Index, registered: Project) -> None:
    registered.release("0.2rc1")
    registered.release("0.0.1")
    index.did("update", "public-hello", "--tag", "v0.2rc1")
    assert (index.versions("public-hello"), card(index)) == (["0.2rc1", "0.1"], "0.1")
    index.did("update", "public-hello", "--tag", "v0.0.1")
    assert (index.versions("public-hello"), card(index)) == (["0.2rc1", "0.1", "0.0.1"], "0.1")


def test_every_release_that_is_missing(index: Index, registered: Project) -> None:
    for version in ("0.2", "0.3rc1", "0.4"):
        registered.release(version)
    registered.commit({"pyproject.toml": "[project"})
    registered.tag("v0.0.9")
    index.did("update", "public-hello", "--tag", "v0.4")
    done = index.run("update", "public-hello", "--all-tags")
    assert "Update public-hello: add 2 releases, 0.3rc1 last" in done.said
    assert "left out the tag v0.0.9" in done.said
    assert index.versions("public-hello") == ["0.4", "0.3rc1", "0.2", "0.1"]
    again = index.run("update", "public-hello", "--all-tags")
    assert "nothing to change" in again.said
    assert "left out the tag v0.0.9" in again.said


def test_only_the_release_is_added_to_the_page(index: Index, registered: Project) -> None:
    before = index.read("public-hello/index.html").splitlines()
    registered.release("0.2")
    index.did("update", "public-hello")
    after = index.read("public-hello/index.html").splitlines()
    added = [number for number, line in enumerate(after) if line not in before]
    assert [line for line in before if line not in after] == []
    assert len(after) - len(before) < 30
    assert added[-1] - added[0] < 30


@pytest.mark.parametrize("option", ["summary", "author", "homepage"])
def test_with_only_words_only_those_change(index: Index, registered: Project, option: str) -> None:
    registered.release("0.2")
    value = "https://example.org/<b>" if option == "homepage" else "Words | of <b>mine</b> & 'yours' é"
    changed = index.did("update", "public-hello", f"--{option}", value)
    assert changed == (["index.html"] if option == "summary" else []) + ["public-hello/index.html"]
    made = index.package("public-hello")
    assert (getattr(made.about, option), made.typed) == (value, (option,))
    assert index.versions("public-hello") == ["0.1"]
    assert index.run("update", "public-hello", f"--{option}", value).said.startswith("public-hello: nothing to change")


def test_words_and_a_release_at_once(index: Index, registered: Project) -> None:
    registered.release("0.2")
    index.did("update", "public-hello", "--tag", "v0.2", "--summary", "Mine")
    assert (index.versions("public-hello"), index.package("public-hello").about.summary) == (["0.2", "0.1"], "Mine")


def test_the_project_says_something_new(index: Index, registered: Project) -> None:
    registered.release("0.2", description="Says more", authors=[{"name": "Ada"}], readme=None)
    index.did("update", "public-hello")
    about = index.package("public-hello").about
    assert (about.summary, about.author) == ("Says more", "Ada")
    assert "Says more" in index.read("index.html")
    registered.release("0.0.9", description="Said less")
    index.did("update", "public-hello", "--tag", "v0.0.9")
    assert index.package("public-hello").about.summary == "Says more", "an older release tells nothing new"


def test_a_description_that_stays_the_same_is_there_once(index: Index, registered: Project) -> None:
    registered.commit(project_files("public-hello", "0.2") | {"README.md": "# public-hello 0.1\n"})
    registered.tag("v0.2")
    assert index.did("update", "public-hello") == ["index.html", "public-hello/index.html"]
    assert [release.description for release in index.package("public-hello").releases] == ["0.1.md", "0.1.md"]


def test_a_project_that_has_moved(index: Index, registered: Project) -> None:
    registered.release("0.2")
    moved = Project(registered.path.with_name("moved"), "public-hello")
    samples.git(moved.path, "pull", "--quiet", "--tags", registered.url, "main")
    index.did("update", "public-hello", "--repository", moved.path, "--tag", "v0.2")
    made = index.package("public-hello")
    assert made.repository == moved.url
    assert [release.repository for release in made.releases] == [moved.url, registered.url]
    index.did("update", "public-hello", "--repository", registered.url)
    assert index.package("public-hello").repository == registered.url
    assert index.versions("public-hello") == ["0.2", "0.1"]


def test_a_move_to_where_nothing_is(index: Index, registered: Project) -> None:
    before = contents(index.root)
    assert "no such repository" in index.run("update", "public-hello", "--repository", f"{registered}-nowhere").error
    assert contents(index.root) == before


def test_another_spelling_of_the_name(index: Index, registered: Project) -> None:
    registered.release("0.2")
    assert command("update", "Public_Hello", cwd=index.root).said.startswith("Update public-hello: add 0.2\n")


def test_a_version_that_is_there_already(index: Index, registered: Project) -> None:
    commit = index.package("public-hello").releases[0].commit
    before = contents(index.root)
    said = index.run("update", "public-hello", "--tag", "v0.1").error
    assert said == "public-hello 0.1 is there already: tag a new version and update to that"
    registered.commit({"new": ""})
    samples.git(registered.path, "tag", "--force", "v0.1")
    said = index.run("update", "public-hello", "--tag", "v0.1").error
    assert f"pinned to {commit[:12]} while its tag now names" in said
    assert "a release never changes: tag a new version" in said
    assert index.run("update", "public-hello").said.startswith("public-hello: nothing to change")
    assert contents(index.root) == before


def test_another_project_in_the_same_repository(index: Index, registered: Project) -> None:
    registered.commit(project_files("another", "0.2"))
    registered.tag("v0.2")
    said = index.run("update", "public-hello").error
    assert "its metadata names the project another, not public-hello: check tag and subdirectory" in said


def test_an_alias_is_updated_by_its_projects_own_tags(index: Index, project: MakeProject) -> None:
    made = project("tensorflow", "1.0", "tensorflow-1.0")
    index.did("register", made, "--name", "mine")
    made.release("1.1", "tensorflow-1.1")
    made.release("1.2", "mine-1.2")
    index.did("update", "mine", "--all-tags")
    assert index.versions("mine") == ["1.2", "1.1", "1.0"]


def test_a_repository_that_became_private_publishes_nothing_more(
    index: Index, github: GitHubServer, clean_environment: pytest.MonkeyPatch
) -> None:
    repository = samples.on_github(github, "octo/public-hello", "0.1")
    clean_environment.setenv("GITHUB_SERVER_URL", github.url)
    clean_environment.setenv("PACKAGES_TOKEN", "reader")
    github.add_token("reader", {"octo/public-hello": {"contents": "read"}})
    index.did("register", "octo/public-hello")
    repository.private = True
    samples.add_release(repository, "0.2", description="A secret", dependencies=["secret-dependency"])
    index.did("update", "public-hello")
    made = index.package("public-hello")
    assert (made.private, made.about.summary) == (True, "")
    assert index.versions("public-hello") == ["0.2", "0.1"]
    assert "ecret" not in "".join(map(str, contents(index.root).values()))
