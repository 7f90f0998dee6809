"""The verbs as pull requests: from a request to what is merged, with GitHub as a test server over real git."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests import samples
from tests.forge.markdown import facts, links, live, tables
from tests.servers import forge
from tests.servers.forge.wire import Answer
from tests.verbs import Hub, Index, command, contents, run

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import MakeProject
    from tests.pypi import PyPI
    from tests.servers.forge import PullRequest, Repository


@pytest.fixture
def hello(hub: Hub) -> Repository:
    """octo/public-hello on the same GitHub, with one release."""
    return samples.on_github(hub.github, "octo/public-hello", "0.1", requires_python=">=3.8", dependencies=["alpha"])


def changed(hub: Hub, pull: PullRequest) -> list[str]:
    """What a pull request changes."""
    return hub.index.git.text("diff", "--name-status", "--no-renames", f"main...{pull.head}").splitlines()


def test_the_life_of_a_package(hub: Hub, hello: Repository) -> None:
    start = {path: hub.index.read(path) for path in hub.index.files() if not path.startswith("static")}

    pull = hub.proposed("register", "octo/public-hello")
    assert (pull.head, pull.title, pull.labels) == (
        "index/register/public-hello",
        "Register public-hello 0.1",
        ["index"],
    )
    assert changed(hub, pull) == ["M\tindex.html", "A\tpublic-hello/0.1.md", "A\tpublic-hello/index.html"]
    assert pull.head_sha in hub.index.verified
    hub.index.merge(pull.number)

    samples.add_release(hello, "0.2")
    pull = hub.merged("update", "public-hello")
    assert (pull.head, pull.title) == ("index/update/public-hello-0.2", "Update public-hello: add 0.2")
    assert [release.version for release in hub.package("public-hello").releases] == ["0.2", "0.1"]

    for version in ("0.3", "0.4"):
        samples.add_release(hello, version)
    pull = hub.merged("update", "public-hello", "--all-tags")
    assert pull.title == "Update public-hello: add 2 releases, 0.4 last"
    pull = hub.merged("update", "public-hello", "--summary", "In other words")
    assert (pull.head, pull.title) == ("index/update/public-hello-set_summary", "Update public-hello: summary")

    pull = hub.merged("yank", "public-hello", "0.3", "--reason", "broken")
    assert (pull.head, pull.title) == ("index/yank/public-hello-0.3", "Yank public-hello 0.3")
    pull = hub.merged("yank", "public-hello", "0.3", "--undo")
    assert (pull.head, pull.title) == ("index/unyank/public-hello-0.3", "Undo the yank of public-hello 0.3")

    pull = hub.merged("delete", "public-hello", "--version", "0.1")
    assert (pull.head, pull.title) == ("index/delete/public-hello-0.1", "Delete public-hello 0.1")
    pull = hub.proposed("delete", "public-hello")
    assert (pull.head, pull.title) == ("index/delete/public-hello", "Delete public-hello")
    assert all(line.startswith("D\t") for line in changed(hub, pull) if "public-hello" in line)
    hub.index.merge(pull.number)
    assert {path: hub.index.read(path) for path in hub.index.files() if not path.startswith("static")} == start
    assert hub.checkout.joinpath("index.html").read_text("utf-8") == start["index.html"], "the checkout is only read"


def test_the_files_under_root_stay_as_they_are(hub: Hub, hello: Repository) -> None:
    before = contents(hub.checkout)
    hub.proposed("register", "octo/public-hello")
    assert contents(hub.checkout) == before


def test_what_is_merged_is_what_is_written_on_disk(hub: Hub, hello: Repository) -> None:
    hub.merged("register", "octo/public-hello")
    Index(hub.checkout).did("register", "octo/public-hello")
    assert contents(hub.checkout) == {path: (hub.index.read(path) or "").encode() for path in hub.index.files()}


def test_a_register_takes_at_most_ten_calls(hub: Hub, hello: Repository) -> None:
    hub.proposed("register", "octo/public-hello")
    assert hub.calls() == [
        "GET ",
        "GET /branches/main",
        f"GET /git/trees/{hub.index.branch('main')}",
        "POST /git/trees",
        "POST /git/commits",
        "POST /git/refs",
        "POST /pulls",
        "POST /issues/1/labels",
    ]


def test_also_on_a_stale_checkout_and_a_second_time(hub: Hub, hello: Repository) -> None:
    pages = {name: str(hub.index.read(name)) for name in ("index.html", "pkg_template.html")}
    hub.index.commit({name: page.replace("<body>", "<body><p>new") for name, page in pages.items()})
    hub.proposed("register", "octo/public-hello")
    assert len(hub.calls()) == 10
    hub.index.commit({"pkg_template.html": pages["pkg_template.html"]})
    hub.proposed("register", "octo/public-hello")
    assert len(hub.calls()) == 10


def test_an_update_of_a_package_takes_at_most_ten_calls(hub: Hub, hello: Repository) -> None:
    hub.merged("register", "octo/public-hello")
    samples.add_release(hello, "0.2")
    hub.check_out()
    hub.calls()
    hub.proposed("update", "public-hello")
    assert len(hub.calls()) <= 10


# The text of the pull request


def test_what_a_reviewer_of_a_register_reads(hub: Hub, hello: Repository, pypi: PyPI) -> None:
    pypi.projects["public-hello"] = ["0.0.1"]
    commit = hello.branch("main") or ""
    said = hub.proposed("register", "octo/public-hello").body or ""
    assert facts(said) == {
        "": "",
        "Package": "public-hello",
        "Repository": hello.url,
        "Visibility": "public",
        "On PyPI": "a project of this name, newest 0.0.1",
        "Requires Python": ">=3.8",
        "Dependencies": "alpha",
    }
    assert tables(said)[1][1] == ["0.1", "v0.1", commit, "first here"]
    assert links(said) == {
        hello.url: hello.url,
        "0.1": f"{hello.url}/releases/tag/v0.1",
        "v0.1": f"{hello.url}/tree/v0.1",
        commit: f"{hello.url}/commit/{commit}",
    }
    assert pypi.asked == ["public-hello"]
    assert "- [ ] the repository is the project's own" in said


def test_what_a_reviewer_of_an_update_reads(hub: Hub, hello: Repository, pypi: PyPI) -> None:
    pypi.projects["public-hello"] = ["7.0"]
    first = hello.branch("main") or ""
    hub.merged("register", "octo/public-hello")
    second = samples.add_release(hello, "0.2", requires_python=">=3.9", dependencies=["beta>=1"])
    said = hub.proposed("update", "public-hello").body or ""
    assert tables(said)[1][1] == ["0.2", "v0.2", second, "since 0.1"]
    assert links(said)["since 0.1"] == f"{hello.url}/compare/{first}...{second}"
    assert facts(said)["Requires Python"] == ">=3.9 (before: >=3.8)"
    assert facts(said)["Dependencies"] == "beta>=1 (**new:** beta>=1; **gone:** alpha)"
    assert "> PyPI has a project of this name at `7.0`, which is not lower than `0.2`" in said


@pytest.mark.parametrize("silence", ["cut", "error", "nobody"])
def test_pypi_cannot_be_asked(
    hub: Hub, hello: Repository, pypi: PyPI, clean_environment: pytest.MonkeyPatch, silence: str
) -> None:
    pypi.cut = silence == "cut"
    pypi.fault = Answer(503, b"") if silence == "error" else None
    if silence == "nobody":
        clean_environment.setenv("PYPI_URL", "http://127.0.0.1:9")
    said = hub.proposed("register", "octo/public-hello").body or ""
    assert facts(said)["On PyPI"] == "PyPI could not be asked: look there yourself"


def test_tags_that_were_left_out_are_named(hub: Hub, hello: Repository) -> None:
    hello.commit({"pyproject.toml": "[project @octocat | `x` <b>"})
    hello.tag("v0.2")
    samples.add_release(hello, "0.3")
    said = hub.proposed("register", "octo/public-hello", "--all-tags").body or ""
    head, row = tables(said)[-1]
    assert (head, row[0]) == (["Tag", "Why"], "v0.2")
    assert row[1].startswith("pyproject.toml cannot be read: ")


def test_hostile_values_come_out_as_text(hub: Hub, hello: Repository) -> None:
    hostile = "@octocat | `x` ``y`` <img src=x> ![i](https://evil.example) [l](https://evil.example) #1 \\| \\"
    commit = hello.commit(
        samples.project_files(
            "public-hello",
            "0.2",
            description=hostile,
            authors=[{"name": hostile}],
            license=None,
            dependencies=["evil @ https://evil.example/`|@octocat`<b>.zip"],
        )
    )
    hello.tag("v`|@octocat<b>]()0.2", commit)
    plain = hub.merged("register", "octo/public-hello", "--tag", "v0.1").body or ""
    pull = hub.proposed(
        "update", "public-hello", "--tag", "v`|@octocat<b>]()0.2", "--homepage", "https://e.example/`|@octocat"
    )
    said = pull.body or ""
    for word in ("octocat", "img", "evil", "<b>"):
        assert word in said
        assert word not in live(said).replace(live(plain), "")
    assert ["Summary", "Says hello, as public-hello", hostile] in tables(said)[-1]
    made = hub.package("public-hello", pull.head)
    assert (made.about.summary, made.about.author) == (hostile, hostile)


# Run again


def test_run_again_with_nothing_new(hub: Hub, hello: Repository) -> None:
    hub.proposed("register", "octo/public-hello")
    before = hub.index.branches()
    again = hub.run("register", "octo/public-hello")
    assert f"pull request is up to date already: {hub.index.url}/pull/1" in again.said
    assert hub.index.branches() == before
    assert len(hub.index.pulls) == 1


def test_run_again_with_something_new(hub: Hub, hello: Repository) -> None:
    first = hub.proposed("register", "octo/public-hello").head_sha
    again = hub.run("register", "octo/public-hello", "--summary", "In other words")
    assert "pull request brought up to date" in again.said
    (pull,) = hub.index.pulls
    assert pull.head_sha != first
    assert hub.package("public-hello", pull.head).about.summary == "In other words"


@pytest.mark.parametrize(
    "request_",
    [
        ("update", "public-hello"),
        ("update", "public-hello", "--all-tags"),
        ("update", "public-hello", "--summary", "Says hello, as public-hello", "--author", "Ada"),
        ("yank", "public-hello", "0.1", "--undo"),
    ],
)
def test_no_change_no_pull_request(hub: Hub, hello: Repository, request_: tuple[str, ...]) -> None:
    hub.merged("register", "octo/public-hello", "--author", "Ada", "--summary", "Says hello, as public-hello")
    hub.index.move("refs/heads/index/register/public-hello", None)
    hub.calls()
    assert hub.run(*request_).said == "public-hello: nothing to change, the index says it already\n"
    assert {call.split()[0] for call in hub.calls()} == {"GET"}
    assert (hub.branches(), len(hub.index.pulls)) == ([], 1)


def test_mains_files_win_over_a_stale_checkout(hub: Hub, hello: Repository) -> None:
    """Between a form and its run, somebody has edited the pages, and another package has come."""
    samples.on_github(hub.github, "octo/mydependency", "1.0")
    hub.merged("register", "octo/mydependency")
    page = str(hub.index.read("index.html"))
    hub.index.commit({"index.html": page.replace(">Packages</h2>", ">Ours</h2>")})
    pull = hub.proposed("register", "octo/public-hello")
    merged = str(hub.index.read("index.html", pull.head))
    assert ">Ours</h2>" in merged
    assert merged.index('data-package="mydependency"') < merged.index('data-package="public-hello"')
    assert hub.index.git.text("rev-parse", f"{pull.head}^") == hub.index.branch("main")
    hub.index.merge(pull.number)


def test_two_packages_at_once_each_have_their_own(hub: Hub, hello: Repository) -> None:
    samples.on_github(hub.github, "octo/mydependency", "1.0")
    for name in ("public-hello", "mydependency"):
        assert hub.run("register", f"octo/{name}").said
    assert [pull.head for pull in hub.index.pulls] == ["index/register/public-hello", "index/register/mydependency"]
    hub.index.merge(1)
    assert hub.run("register", "octo/mydependency").said, "brings it up to date with what was merged"
    hub.index.merge(2)


# What GitHub refuses


def test_actions_may_not_open_pull_requests(hub: Hub, hello: Repository) -> None:
    hub.index.actions_may_open_pull_requests = False
    said = hub.run("register", "octo/public-hello").error
    assert "Allow GitHub Actions to create and approve pull requests" in said
    assert said.endswith(f"{hub.index.url}/compare/main...index/register/public-hello?expand=1")
    assert hub.branches() == ["index/register/public-hello"]
    assert hub.package("public-hello", "index/register/public-hello").latest.version == "0.1"
    by_hand = hub.index.open_pull("index/register/public-hello", "By hand")
    assert "pull request brought up to date" in hub.run("register", "octo/public-hello").said
    assert by_hand.title == "Register public-hello 0.1"
    assert by_hand.labels == ["index"]


def test_what_goes_wrong_on_the_way_is_gone_with_a_second_run(hub: Hub, hello: Repository) -> None:
    for method, path in (("POST", "/git/refs"), ("POST", "/pulls$"), ("POST", "/labels")):
        hub.github.faults.clear()
        hub.github.faults.add(forge.UNAVAILABLE, method=method, path=path, times=forge.ALWAYS)
        assert "run again later" in hub.run("register", "octo/public-hello").error
    hub.github.faults.clear()
    pull = hub.proposed("register", "octo/public-hello")
    assert (len(hub.index.pulls), pull.labels) == (1, ["index"])


# Actions and Enterprise


def test_annotations_and_the_summary_of_the_job(
    hub: Hub, hello: Repository, clean_environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    release = tmp_path / "release.json"
    assert run("describe", "octo/public-hello", "--out", release).said
    clean_environment.setenv("GITHUB_ACTIONS", "true")
    done = hub.run("register", "octo/public-hello", "--release", release)
    url = f"{hub.index.url}/pull/1"
    line = f"Register public-hello 0.1: pull request opened: {url}"
    assert done.said.splitlines() == [line, f"::notice::{line}"]
    summary = hub.summary.read_text("utf-8")
    assert summary.startswith(f"### [Register public-hello 0.1](<{url}>)\n\nThe pull request opened.\n\n")
    assert (hub.index.pulls[0].body or "").strip() in summary
    refused = hub.run("register", "octo/public-hello", "--name", "a\n::error::b")
    assert refused.status == 1
    assert refused.out.startswith("::error::name ")
    assert len(refused.out.splitlines()) == 1


def test_as_a_command(hub: Hub, hello: Repository) -> None:
    done = command("register", "octo/public-hello", "--pull-request", cwd=hub.checkout)
    assert done.said == f"Register public-hello 0.1: pull request opened: {hub.index.url}/pull/1\n"
    assert hub.token not in done.out + done.err + hub.summary.read_text("utf-8")


def test_an_index_whose_default_branch_has_another_name(hub: Hub, hello: Repository) -> None:
    hub.index.commit({"README.md": ""}, branch="trunk")
    hub.index.default_branch = "trunk"
    pull = hub.proposed("register", "octo/public-hello")
    assert pull.base == "trunk"


def test_a_project_elsewhere(hub: Hub, project: MakeProject) -> None:
    made = project("elsewhere", "1.0")
    said = hub.proposed("register", made).body or ""
    assert links(said) == {}
    assert facts(said)["Repository"] == made.url


def test_the_index_itself_was_renamed(hub: Hub, hello: Repository) -> None:
    """GitHub redirects; the environment of a run that started before still has the old name."""
    hub.github.rename(hub.index, "octo/packages")
    pull = hub.proposed("register", "octo/public-hello")
    assert pull.head == "index/register/public-hello"
