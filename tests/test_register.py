"""register: a new card and a record with its first release, on disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scripts.model import About
from scripts.pages import cards
from tests import samples
from tests.samples import Project, project_files
from tests.verbs import Index, command, contents

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import MakeProject
    from tests.servers.forge import GitHubServer


def test_a_card_a_record_and_a_description(index: Index, hello: Project) -> None:
    before = contents(index.root)
    done = index.run("register", hello)
    assert done.said.splitlines() == [
        "Register public-hello 0.1",
        "  wrote index.html",
        "  wrote public-hello/0.1.md",
        "  wrote public-hello/index.html",
    ]
    after = contents(index.root)
    assert after.keys() - before.keys() == {"public-hello/0.1.md", "public-hello/index.html"}
    assert {path for path in before if before[path] != after[path]} == {"index.html"}
    assert after["public-hello/0.1.md"] == b"# public-hello 0.1\n"
    made = index.package("public-hello")
    assert (made.name, made.project, made.repository) == ("public-hello", "public-hello", hello.url)
    assert (made.private, made.publish_metadata, made.typed) == (False, "auto", ())
    assert made.about == About(summary="Says hello, as public-hello")
    (release,) = made.releases
    assert (release.version, release.tag, release.description) == ("0.1", "v0.1", "0.1.md")
    assert release.commit == samples.git(hello.path, "rev-parse", "HEAD")


def test_only_lines_are_added_to_the_list(index: Index, hello: Project) -> None:
    before = index.read("index.html")
    index.did("register", hello)
    after = index.read("index.html")
    card = after.removeprefix(before[: before.index("    </section>\n  </main>")]).removesuffix(before[-200:])
    assert 'data-package="public-hello"' in card
    assert cards.drop(after, "public-hello") == before


def test_as_a_command_from_a_checkout(index: Index, hello: Project) -> None:
    """Without --root, the index is where the command runs."""
    assert command("register", str(hello), cwd=index.root).said.startswith("Register public-hello 0.1\n")
    assert index.names() == ["public-hello"]


def test_cards_are_sorted_by_name(index: Index, project: MakeProject) -> None:
    for name in ("mydependency", "zebra", "Alpha"):
        index.did("register", project(name, "1.0"))
    assert index.names() == ["alpha", "mydependency", "zebra"]


@pytest.mark.parametrize(
    ("form", "stored"),
    [
        ("octo/public-hello", "{url}/octo/public-hello"),
        ("octo/public-hello/", "{url}/octo/public-hello"),
        ("{url}/octo/public-hello.git", "{url}/octo/public-hello"),
        ("git+{url}/octo/public-hello.git@v0.1", "{url}/octo/public-hello"),
    ],
)
def test_forms_of_a_repository(
    index: Index, github: GitHubServer, clean_environment: pytest.MonkeyPatch, form: str, stored: str
) -> None:
    samples.on_github(github, "octo/public-hello", "0.1", "0.2")
    clean_environment.setenv("GITHUB_SERVER_URL", f"{github.url}/")
    index.did("register", form.format(url=github.url))
    made = index.package("public-hello")
    assert made.repository == stored.format(url=github.url)
    assert made.latest.version == ("0.1" if form.endswith("@v0.1") else "0.2")


@pytest.mark.parametrize("form", ["file", "relative", "bare"])
def test_a_repository_on_this_machine(
    index: Index, hello: Project, tmp_path: Path, clean_environment: pytest.MonkeyPatch, form: str
) -> None:
    clean_environment.chdir(tmp_path)
    if form == "bare":
        samples.git(tmp_path, "clone", "--quiet", "--bare", str(hello), "bare.git")
    index.did("register", {"file": hello.url, "relative": "./projects/public-hello/", "bare": "./bare.git"}[form])
    assert index.package("public-hello").repository == (
        (tmp_path / "bare.git").as_uri() if form == "bare" else hello.url
    )


def test_what_is_typed_wins(index: Index, project: MakeProject) -> None:
    made = project("hello", "1.0", authors=[{"name": "Ada"}], urls={"Homepage": "https://example.org/ada"})
    typed = {"summary": "My <b>words</b> & 'quotes'", "author": "Grace", "homepage": "https://example.org/grace?a=1&b"}
    index.did("register", made, *(word for field, text in typed.items() for word in (f"--{field}", text)))
    about = index.package("hello").about
    assert {field: getattr(about, field) for field in typed} == typed
    assert index.package("hello").typed == ("summary", "author", "homepage")
    assert about.urls == (("Homepage", "https://example.org/ada"),)
    assert "<b>words" not in index.read("index.html") + index.read("hello/index.html")
    made.release("1.1", authors=[{"name": "Ada"}])
    index.did("update", "hello")
    about = index.package("hello").about
    assert {field: getattr(about, field) for field in typed} == typed, "no later release changes what was typed"


def test_an_alias_keeps_both_names(index: Index, project: MakeProject) -> None:
    index.did("register", project("Tensor.Flow", "1.0"), "--name", "My_Cool.tensorflow")
    made = index.package("my-cool-tensorflow")
    assert (made.name, made.project, made.is_alias) == ("my-cool-tensorflow", "Tensor.Flow", True)
    assert index.names() == ["my-cool-tensorflow"]
    link = "#subdirectory=.&amp;egg=my-cool-tensorflow-1.0"
    assert link in index.read("my-cool-tensorflow/index.html")


def test_an_alias_by_which_the_tags_go(index: Index, tmp_path: Path) -> None:
    made = Project(tmp_path / "repository", "project")
    made.commit(project_files("project", "1.0"))
    made.tag("alias-1.0")
    index.did("register", made, "--name", "alias")
    assert index.versions("alias") == ["1.0"]


def test_a_project_in_a_subdirectory(index: Index, tmp_path: Path) -> None:
    made = Project(tmp_path / "everything", "everything")
    for name in ("alpha", "beta"):
        made.commit({f"packages/{name}/{file}": text for file, text in project_files(name, "1.0").items()})
        made.tag(f"{name}-1.0")
    index.did("register", made, "--subdirectory", "packages/alpha/")
    index.did("register", f"git+{made.url}@beta-1.0#subdirectory=packages/beta")
    assert index.names() == ["alpha", "beta"]
    assert index.package("alpha").subdirectory == "packages/alpha"
    assert index.package("beta").releases[0].subdirectory == "packages/beta"
    assert "#subdirectory=packages/beta&amp;egg=beta-1.0" in index.read("beta/index.html")


def test_every_tag(index: Index, hello: Project) -> None:
    hello.release("0.2")
    hello.commit({"pyproject.toml": "[project"})
    hello.tag("v0.0.9")
    hello.release("0.3rc1", readme=None)
    done = index.run("register", hello, "--all-tags")
    assert "left out the tag v0.0.9: pyproject.toml cannot be read" in done.said
    assert index.versions("public-hello") == ["0.3rc1", "0.2", "0.1"]
    made = index.package("public-hello")
    assert [release.description for release in made.releases] == ["", "0.2.md", "0.1.md"]
    assert made.latest.version == "0.2"


def test_one_tag_and_a_prerelease(index: Index, hello: Project) -> None:
    hello.release("0.2.dev0")
    index.did("register", hello, "--tag", "v0.2.dev0")
    page = index.read("public-hello/index.html")
    assert index.versions("public-hello") == ["0.2.dev0"]
    assert "pre-release" in page


@pytest.mark.parametrize(
    ("files", "spared"),
    [
        ({"a/index.html": "x", "hello.txt": "y"}, ["a/index.html", "hello.txt"]),
        ({".github/workflows/x.yml": "x", "README.md": "y"}, [".github/workflows/x.yml", "README.md"]),
    ],
)
def test_nothing_else_is_touched(index: Index, hello: Project, files: dict[str, str], spared: list[str]) -> None:
    for name, text in files.items():
        (index.root / name).parent.mkdir(parents=True, exist_ok=True)
        (index.root / name).write_text(text)
    assert not set(index.did("register", hello)) & set(spared)


def test_the_pages_that_people_have_made_their_own(index: Index, hello: Project) -> None:
    ours = '<body class="ours">\r\n<!-- ours --><p>Ünser <br>text'
    for name in ("index.html", "pkg_template.html"):
        (index.root / name).write_bytes(index.read(name).replace("<body>", ours).encode())
    before = contents(index.root)
    index.did("register", hello)
    assert index.read("index.html").count(ours) == index.read("public-hello/index.html").count(ours) == 1
    index.did("delete", "public-hello")
    assert contents(index.root) == before
