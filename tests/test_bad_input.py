"""Bad input: one clear line, exit status 1, nothing written, no branch made. On disk and as a pull request."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests import samples
from tests.conftest import clean, propose_to, put_on_github
from tests.samples import Project, project_files
from tests.servers.forge import GitHubServer
from tests.verbs import Hub, Index, command, contents, copy_index, run

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class World:
    """An index with the package public-hello, on disk and on GitHub, and projects by what is wrong with them."""

    index: Index
    hub: Hub
    places: dict[str, str]


PROJECTS = {
    "untagged": {},
    "wordtag": {"latest": project_files("hello", "1.0")},
    "contradicts": {"v1.1": project_files("hello", "1.0")},
    "empty": {"v1.0": {"README.md": ""}},
    "broken": {
        "v1.0": {
            "pyproject.toml": '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n',
            "backend.py": "raise RuntimeError('no compiler here')\n",
        }
    },
    "badname": {"1.0": project_files("-hello", "1.0")},
    "badversion": {"latest": project_files("hello", "one")},
    "reserved": {"v1.0": project_files("Static", "1.0")},
    "longname": {"v1.0": project_files("x" * 101, "1.0")},
}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The world, which all tests here share: none of them may change it."""
    folder = tmp_path_factory.mktemp("world")
    with pytest.MonkeyPatch.context() as patch, GitHubServer(folder / "github") as github:
        clean(patch, folder / "home")
        hello = Project(folder / "projects" / "public-hello", "public-hello")
        hello.release("0.1")
        hello.release("0.2")
        index = Index(copy_index(folder / "index"))
        index.did("register", hello, "--tag", "v0.1")
        for name, tags in PROJECTS.items():
            made = Project(folder / "projects" / name, name)
            made.commit({"README.md": ""})
            for tag, files in tags.items():
                made.commit(files)
                made.tag(tag)
        link = Project(folder / "projects" / "link", "link")
        link.commit(project_files("link", "1.0"))
        (link.path / "README.md").unlink()
        (link.path / "README.md").symlink_to("/etc/passwd")
        link.commit({})
        link.tag("v1.0")
        samples.on_github(github, "octo/private", "1.0", private=True)
        places = {name: str(folder / "projects" / name) for name in ("public-hello", "nothing", "link", *PROJECTS)}
        places |= {"github": github.url, "hello": places["public-hello"], "tmp": str(folder)}
        yield World(index, put_on_github(github, index.root, folder), places)


@pytest.fixture
def asked(world: World, clean_environment: pytest.MonkeyPatch) -> World:
    """The world, with what Actions would put into the environment."""
    propose_to(clean_environment, world.hub)
    return world


LONG = "x" * 10_000
REFUSED: list[tuple[str, list[str], str]] = [
    ("no such repository", ["register", "{nothing}"], "there is no such repository"),
    ("no such repository on GitHub", ["register", "octo/nothing"], "there is no such repository"),
    ("no access", ["register", "octo/private"], "this account may not read it: check the address; for a private"),
    ("no network", ["register", "http://127.0.0.1:9/octo/hello"], "its server cannot be reached"),
    ("no tag at all", ["register", "{untagged}"], "has no tag at all: tag a release there"),
    ("no version tag", ["register", "{wordtag}"], "no tag that reads as a version: name one (--tag); known: latest"),
    ("a tag that is not there", ["register", "{hello}", "--tag", "v0.3"], '"v0.3"; did you mean v0.2, v0.1?'),
    ("to update", ["update", "public-hello", "--tag", "0.2"], 'no tag "0.2"; did you mean v0.2'),
    ("a contradiction", ["register", "{contradicts}"], "its metadata says version 1.0, its tag says 1.1"),
    ("no project", ["register", "{empty}"], "there is no pyproject.toml and no setup.py"),
    ("a build that fails", ["register", "{broken}"], "RuntimeError: no compiler here"),
    ("a link out of it", ["register", "{link}"], "README.md is a link that leads out of the repository"),
    ("a project's bad name", ["register", "{badname}"], "[project] in pyproject.toml is not valid"),
    ("a project's bad version", ["register", "{badversion}", "--tag", "latest"], "toml is not valid"),
    ("a project's long name", ["register", "{longname}"], "longer than 100 characters"),
    (
        "a reserved name",
        ["register", "{hello}", "--name", "static"],
        "the name static is taken by this repository's own",
    ),
    ("in any spelling", ["register", "{hello}", "--name", "Static"], "give another with --name"),
    ("of a project", ["register", "{reserved}"], "the name static is taken"),
    ("of our folders", ["register", "{hello}", "--name", "scripts"], "the name scripts is taken"),
    ("what is registered", ["register", "{hello}"], "public-hello is registered already: use update to add a release"),
    ("in another spelling", ["register", "{hello}", "--name", "Public_Hello"], 'another spelling of "Public_Hello"'),
    ("update of nothing", ["update", "public-hallo"], "is not registered here; did you mean public-hello?"),
    ("delete of nothing", ["delete", "publichello"], "is not registered here; did you mean public-hello?"),
    ("yank of nothing", ["yank", "hello", "0.1"], '"hello" is not registered here'),
    ("a version that is there", ["update", "public-hello", "--tag", "v0.1"], "public-hello 0.1 is there already"),
    ("delete of no version", ["delete", "public-hello", "--version", "0.2"], 'no release "0.2"; did you mean 0.1?'),
    ("yank of no version", ["yank", "public-hello", "1.1"], 'no release "1.1"; did you mean 0.1?'),
    ("no version", ["delete", "public-hello", "--version", "latest"], '"latest" is no version that PEP 440 knows'),
    ("no version to yank", ["yank", "public-hello", "../0.1"], "is no version that PEP 440 knows"),
    ("both", ["yank", "public-hello", "0.1", "--undo", "--reason", "x"], "--undo takes no --reason"),
    ("no such choice", ["register", "{hello}", "--publish-metadata", "sometimes"], "invalid choice"),
    ("no release file", ["register", "{hello}", "--release", "{tmp}/none"], "cannot be read: make it with describe"),
    ("to another place", ["update", "public-hello", "--repository", "{nothing}"], "there is no such repository"),
    (
        "a subdirectory that is not there",
        ["register", "{hello}", "--subdirectory", "no/where"],
        "there is no folder no/where",
    ),
    ("of a credential", ["register", "https://octo:hunter2@github.com/octo/hello"], "a user or a password"),
]
# The same with values that nobody means well by.
HOSTILE: list[tuple[str, list[str], str]] = [
    *(
        (f"a name: {value[:20]!r}", ["register", "{hello}", f"--name={value}"], 'name "')
        for value in (
            "..",
            "../x",
            "/etc",
            "a/b",
            "a b",
            "<b>",
            '"x"',
            "a\nb",
            "\x1b[31m",
            LONG,
            "-x",
            "é",
            "\ud800",
            ".",
        )
    ),
    *(
        (f"{verb} of {value[:20]!r}", [verb, value, *more], 'name "')
        for value in ("..", "../x", "/etc", "<b>", "a\nb", "\x1b[31m", LONG, "\ud800", "")
        for verb, *more in (("update",), ("delete",), ("yank", "0.1"))
    ),
    *(
        (f"a subdirectory: {value[:20]!r}", ["register", "{hello}", "--subdirectory", value], 'subdirectory "')
        for value in ("..", "../x", "/etc", "a/../../b", "a\\b", "<b>", '"x"', "a\nb", "\x1b[31m", LONG, "~", "\ud800")
    ),
    *(
        (f"a tag: {value[:20]!r}", ["register", "{hello}", f"--tag={value}"], "has no tag")
        for value in ("../v0.1", "--upload-pack=x", "<b>", "a\nb", "\x1b[31m", LONG, "\ud800")
    ),
    *(
        (f"a repository: {value[:20]!r}", ["register", value], 'repository "')
        for value in ("", "hello", "a\nb", "\x1b[31m", LONG, "https://github.com/<b>", "octo/..", "ext::sh", "\ud800")
    ),
    *(
        (f"{option}: {value[:20]!r}", [*request, f"--{option}={value}"], f'{option} "')
        for value in (
            "a\nb",
            "a\r\n::error::b",
            "a\tb",
            "\x1b[31m",
            "a\x00b",
            "\x7f",
            "\u202e",
            "\ud800",
            LONG,
            " a",
            "a  b",
        )
        for option, *request in (
            ("summary", "update", "public-hello"),
            ("author", "update", "public-hello"),
            ("homepage", "update", "public-hello"),
            ("reason", "yank", "public-hello", "0.1"),
        )
    ),
    *(
        (f"a homepage: {value[:20]!r}", ["update", "public-hello", "--homepage", value], "is no web address")
        for value in ("example.org", "javascript:alert(1)", "data:text/html,x", "https://", "file:///etc/passwd")
    ),
]


def rows(chosen: list[tuple[str, list[str], str]]) -> pytest.MarkDecorator:
    """A test for each of these rows."""
    return pytest.mark.parametrize(("line", "says"), [pytest.param(*row[1:], id=row[0]) for row in chosen])


def error_of(asked: World, verb: str, *arguments: str, pull_request: bool = False) -> str:
    """The line with which a request is refused, after a look at what it may have left behind."""
    hub, root = asked.hub, asked.index.root
    files, paths = contents(root), sorted(root.rglob("*"))
    hub.github.requests.clear()
    given = [argument.format(**asked.places) if "{" in argument else argument for argument in arguments]
    line = (hub if pull_request else asked.index).run(verb, *given).error
    assert "hunter2" not in line
    assert (contents(root), sorted(root.rglob("*"))) == (files, paths)
    assert hub.branches() == []
    assert {call.method for call in hub.github.requests} <= {"GET"}
    return line


@rows(REFUSED + HOSTILE)
def test_on_disk(asked: World, line: list[str], says: str) -> None:
    assert says in error_of(asked, *line)


@rows(REFUSED + HOSTILE[::4])
def test_as_a_pull_request(asked: World, line: list[str], says: str) -> None:
    assert says in error_of(asked, *line, pull_request=True)


@pytest.mark.slow
@rows((REFUSED + HOSTILE)[::9])
def test_as_a_command(asked: World, line: list[str], says: str) -> None:
    given = [argument.format(**asked.places) if "{" in argument else argument for argument in line]
    if not any("\0" in argument or "\ud800" in argument for argument in given):
        done = command(*given, "--root", asked.index.root)
        assert says in done.error
        assert done.error == asked.index.run(*given).error


# The place where it runs


@pytest.mark.parametrize("verb", ["register", "update", "delete"])
def test_git_is_not_installed(asked: World, clean_environment: pytest.MonkeyPatch, tmp_path: Path, verb: str) -> None:
    clean_environment.setenv("PATH", str(tmp_path))
    if verb == "delete":  # which needs none
        index = replace(asked.index, root=Path(shutil.copytree(asked.index.root, tmp_path / "index")))
        assert index.run("delete", "public-hello").said
        return
    request = {"register": ["{nothing}"], "update": ["public-hello"]}[verb]
    assert "git is not installed: install it" in error_of(asked, verb, *request)


@pytest.mark.parametrize("verb", ["register", "update", "delete", "yank"])
@pytest.mark.parametrize("root", ["nowhere", "empty", "file"])
def test_a_root_that_is_no_index(asked: World, tmp_path: Path, verb: str, root: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").touch()
    request = {"register": [asked.places["hello"]], "yank": ["public-hello", "0.1"]}.get(verb, ["public-hello"])
    said = run(verb, *request, "--root", tmp_path / root).error
    assert ("index.html is not there" if root == "empty" else '"' + str(tmp_path / root) + '" is no folder') in said
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty", "file", "home"]
    assert list((tmp_path / "empty").iterdir()) == []


def test_no_template(asked: World, tmp_path: Path) -> None:
    root = Path(shutil.copytree(asked.index.root, tmp_path / "index"))
    (root / "pkg_template.html").unlink()
    before = contents(root)
    said = run("register", asked.places["hello"], "--name", "other", "--root", root).error
    assert "pkg_template.html is not there: bring it back from git's history" in said
    assert contents(root) == before


@pytest.mark.parametrize(
    ("file", "mark", "request_"),
    [
        ("index.html", 'data-field="packages"', ["register", "{hello}", "--name", "other"]),
        ("index.html", 'data-field="packages"', ["delete", "public-hello"]),
        ("index.html", 'data-field="version"', ["update", "public-hello"]),
        ("pkg_template.html", 'data-field="releases"', ["register", "{hello}", "--name", "other"]),
        ("pkg_template.html", 'data-field="summary"', ["register", "{hello}", "--name", "other"]),
        ("public-hello/index.html", 'data-field="releases"', ["update", "public-hello"]),
        ("public-hello/index.html", 'data-field="repository"', ["yank", "public-hello", "0.1"]),
        ("public-hello/index.html", 'data-field="commit"', ["delete", "public-hello", "--version", "0.1"]),
    ],
)
@pytest.mark.parametrize("pull_request", [False, True])
def test_a_marked_element_that_is_gone_is_named_with_its_file(
    asked: World,
    clean_environment: pytest.MonkeyPatch,
    tmp_path: Path,
    file: str,
    mark: str,
    request_: list[str],
    pull_request: bool,
) -> None:
    root = Path(shutil.copytree(asked.index.root, tmp_path / "index"))
    page = (root / file).read_text("utf-8")
    assert mark in page
    (root / file).write_text(page.replace(mark, ""), "utf-8")
    with GitHubServer(tmp_path / "github") as github:
        hub = put_on_github(github, root, tmp_path)
        propose_to(clean_environment, hub)
        said = error_of(replace(asked, index=Index(root), hub=hub), *request_, pull_request=pull_request)
    assert said.startswith(f"{file}: ")
    assert mark.partition('"')[2].strip('"') in said


# What is no bad input

HTML = "<script>alert('1')</script> & \"quotes\" ]]> --> {{x}} ${y} `z` %s \\ é 🙂"


def test_html_and_quotes_come_out_as_text(index: Index, hello: Project) -> None:
    index.did("register", hello, "--summary", HTML, "--author", HTML)
    index.did("yank", "public-hello", "0.1", "--reason", HTML)
    made = index.package("public-hello")
    assert (made.about.summary, made.about.author, made.releases[0].yanked) == (HTML, HTML, HTML)
    assert "<script>" not in index.read("index.html") + index.read("public-hello/index.html")


def test_the_longest_texts_that_are_taken(index: Index, hello: Project) -> None:
    text, address = "é" * 512, "https://example.org/" + "x" * 1980
    index.did("register", hello, "--summary", text, "--author", text, "--homepage", address, "--name", "x" * 100)
    about = index.package("x" * 100).about
    assert (about.summary, about.author, about.homepage) == (text, text, address)
