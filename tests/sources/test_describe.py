"""What a repository holds: which tags are read, which are left out, and what a private project keeps to itself."""

from __future__ import annotations

import secrets
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scripts.errors import BadProject, BadValue, NoSuchTag, Unreadable
from scripts.model import About
from scripts.sources.describe import describe
from scripts.sources.git import Credential
from tests import samples
from tests.samples import Project, project_files, self_building, table
from tests.servers.forge import GitHubServer

if TYPE_CHECKING:
    from typing import Any

    from tests.conftest import MakeProject


def versions(project: Project, **asked: Any) -> list[str]:
    """The versions that are found, in order."""
    return [described.release.version for described in describe(project.url, **asked).found]


def tags(project: Project, **asked: Any) -> list[str]:
    return [described.release.tag for described in describe(project.url, **asked).found]


@pytest.mark.parametrize("tag", ["v1.2", "1.2", "release-1.2", "hello-1.2", "hello/v1.2", "Hello-v1.2", "v1.2.0"])
def test_tags_that_are_understood(project: MakeProject, tag: str) -> None:
    made = project("hello", "1.2", tag)
    assert tags(made) == [tag]


def test_light_and_annotated_tags(hello: Project) -> None:
    commit = hello.commit(project_files("public-hello", "0.2"))
    samples.git(hello.path, "tag", "-m", "Version 0.2", "v0.2")
    (found,) = describe(hello.url).found
    assert (found.release.tag, found.release.commit) == ("v0.2", commit)
    assert found.release.date == "2026-01-31T12:00:00Z"


def test_the_newest_release_and_a_prerelease_only_when_there_is_nothing_else(project: MakeProject) -> None:
    made = project("hello", "0.1.dev0")
    made.release("0.1rc1")
    assert versions(made) == ["0.1rc1"]
    made.release("0.9")
    made.release("0.10")
    made.release("1.0b1")
    assert versions(made) == ["0.10"]
    assert versions(made, known=["0.10"]) == ["0.9"]
    assert versions(made, known=["0.10", "0.9"]) == []
    assert versions(made, known=["0.10"], all_tags=True) == ["1.0b1", "0.9", "0.1rc1", "0.1.dev0"]


def test_a_tag_that_is_named(hello: Project) -> None:
    hello.release("0.2")
    hello.release("0.3", "nightly")
    assert versions(hello, tag="v0.1") == ["0.1"]
    assert versions(hello, tag="nightly") == ["0.3"], "a tag without a version takes the one of the metadata"


@pytest.fixture
def monorepo(tmp_path: Path, clean_environment: pytest.MonkeyPatch) -> Project:
    """A repository of two projects, each with tags of its own, and a tag for the whole."""
    made = Project(tmp_path / "everything", "everything")
    for name, version in (("alpha", "1.0"), ("beta", "2.0"), ("alpha", "1.1")):
        made.commit({f"packages/{name}/{file}": text for file, text in project_files(name, version).items()})
        made.tag(f"{name}-{version}")
    made.tag("v2026.1")
    return made


def test_several_projects_in_one_repository(monorepo: Project) -> None:
    alpha = describe(monorepo.url, subdirectory="packages/alpha", all_tags=True)
    assert [described.release.tag for described in alpha.found] == ["alpha-1.1", "alpha-1.0"]
    assert {described.release.subdirectory for described in alpha.found} == {"packages/alpha"}
    assert tags(monorepo, subdirectory="./packages/beta/") == ["beta-2.0"]
    assert tags(monorepo, subdirectory="packages/beta", tag="alpha-1.1") == ["alpha-1.1"]
    with pytest.raises(BadProject, match="name the project's folder with --subdirectory"):
        describe(monorepo.url, tag="alpha-1.1")


@pytest.mark.parametrize("subdirectory", ["../everything", "/etc", "packages/../..", "packages\\alpha", "~", "a\nb"])
def test_a_subdirectory_is_inside_the_repository(monorepo: Project, subdirectory: str) -> None:
    with pytest.raises(BadValue, match="subdirectory"):
        describe(monorepo.url, subdirectory=subdirectory)


def test_no_tag_at_all(tmp_path: Path) -> None:
    made = Project(tmp_path / "hello", "hello")
    made.commit(project_files("hello", "1.0"))
    with pytest.raises(NoSuchTag, match=r"has no tag at all: tag a release there \(git tag v1\.0; git push --tags\)"):
        describe(made.url)


def test_no_tag_that_reads_as_a_version(project: MakeProject) -> None:
    made = project("hello", "1.0", "latest")
    with pytest.raises(NoSuchTag, match=r"no tag that reads as a version: name one \(--tag\); known: latest"):
        describe(made.url)


@pytest.mark.parametrize(("wanted", "meant"), [("0.1", "v0.1"), ("v0.12", "v0.1"), ("hello", "known: v0.1")])
def test_a_tag_that_is_not_there(hello: Project, wanted: str, meant: str) -> None:
    with pytest.raises(NoSuchTag, match=f'has no tag "{wanted}"; .*{meant}'):
        describe(hello.url, tag=wanted)


def test_a_tag_that_contradicts_the_metadata(project: MakeProject) -> None:
    made = project("hello", "1.0", "v1.1")
    with pytest.raises(BadProject, match=r"at v1\.1: its metadata says version 1\.0, its tag says 1\.1: tag"):
        describe(made.url)


def test_a_name_that_only_the_metadata_tells_is_known_when_tags_are_compared(project: MakeProject) -> None:
    made = project("hello", "1.0", "hello-1.1")
    made.path.rename(made.path.with_name("elsewhere"))
    made.path = made.path.with_name("elsewhere")
    with pytest.raises(BadProject, match=r"its tag says 1\.1"):
        describe(made.url, tag="hello-1.1")


# Every tag


def test_with_all_tags_broken_ones_are_left_out_and_named(hello: Project) -> None:
    hello.commit({"pyproject.toml": None, "setup.cfg": "[metadata]"})
    hello.tag("v0.0.1")
    hello.commit({"pyproject.toml": "[project"})
    hello.tag("v0.0.2")
    hello.commit(project_files("public-hello", "0.3"))
    hello.tag("v0.2")
    hello.release("0.3")
    found = describe(hello.url, all_tags=True)
    assert [described.release.version for described in found.found] == ["0.3", "0.1"]
    assert [tag for tag, _ in found.left_out] == ["v0.2", "v0.0.2", "v0.0.1"]
    why = dict(found.left_out)
    assert "its metadata says version 0.3, its tag says 0.2" in why["v0.2"]
    assert "pyproject.toml cannot be read" in why["v0.0.2"]
    assert "there is no pyproject.toml and no setup.py" in why["v0.0.1"]


def test_whatever_a_broken_tag_says_it_does_not_break_the_others(hello: Project) -> None:
    own = table("build-system", {"requires": [], "build-backend": "backend", "backend-path": ["."]})
    loud = "print('\\x1b[31m' + 'x' * 5000 + '\\x07', flush=True)\nraise SystemExit(1)\n"
    hello.commit({"pyproject.toml": own, "backend.py": loud})
    hello.tag("v0.2")
    blob = samples.git(hello.path, "hash-object", "-w", "README.md")
    samples.git(hello.path, "tag", "v0.3", blob)
    samples.git(hello.path, "tag", "v0.4", "HEAD^{tree}")
    samples.git(hello.path, "pack-refs", "--all")
    with (hello.path / ".git/packed-refs").open("a") as refs:  # longer than a file's name can be
        refs.write(f"{samples.git(hello.path, 'rev-parse', 'HEAD')} refs/tags/v9.{'0' * 300}\n")
    found = describe(hello.url, all_tags=True)
    assert [described.release.version for described in found.found] == ["0.1"]
    assert [tag for tag, _ in found.left_out] == ["v0.4", "v0.3", "v0.2"]
    assert all("cannot be checked out" in why for _, why in found.left_out[:2])
    assert found.left_out[2][1].startswith("its build backend failed")


def test_a_commit_of_no_date(hello: Project) -> None:
    commit = samples.git(hello.path, "cat-file", "commit", "HEAD").replace(" 1769860800 ", " 9999999999999 ")
    made = subprocess.run(
        ["git", "hash-object", "-t", "commit", "-w", "--stdin", "--literally"],
        cwd=hello.path,
        input=f"{commit}\n".encode(),
        capture_output=True,
        check=True,
    )
    samples.git(hello.path, "tag", "v0.2", made.stdout.decode().strip())
    assert versions(hello, all_tags=True) == ["0.1"]
    with pytest.raises(BadProject, match="date"):
        describe(hello.url, tag="v0.2")


def test_nothing_but_broken_tags(project: MakeProject) -> None:
    made = project("hello", "1.0", "v1.1")
    with pytest.raises(BadProject, match=r"its tag says 1\.1"):
        describe(made.url, all_tags=True)
    assert describe(made.url, all_tags=True, known=["1.0"]).found == (), "what was left out once is no error now"


# Submodules


def test_submodules_that_are_gone_leave_out_their_tag(github: GitHubServer, project: MakeProject) -> None:
    gone = github.create_repository("octo/gone")
    gone.commit({"words.txt": ""})
    made = project("hello", "1.0")
    made.commit(self_building("hello", "1.1") | {"pyproject.toml": OWN_DYNAMIC})
    samples.git(made.path, "submodule", "--quiet", "add", gone.url, "vendored")
    made.commit({})
    made.tag("v1.1")
    assert versions(made, all_tags=True) == ["1.1", "1.0"]
    github.delete(gone)
    found = describe(made.url, all_tags=True)
    assert [described.release.version for described in found.found] == ["1.0"]
    ((tag, why),) = found.left_out
    assert (tag, why[:29]) == ("v1.1", "its submodules cannot be read")


OWN_DYNAMIC = """
[build-system]
requires = []
build-backend = "own_backend"
backend-path = ["."]

[project]
name = "hello"
dynamic = ["version"]
"""


# Private repositories


@pytest.fixture
def private(github: GitHubServer) -> tuple[str, Credential]:
    """The address of a private repository, and a credential for it."""
    described = {"description": "A secret", "dependencies": ["mydependency"], "requires_python": ">=3.9"}
    repository = samples.on_github(github, "octo/secret", "0.1", private=True, **described)
    github.add_token("reader", {"octo/secret": {"contents": "read"}})
    return repository.url, Credential(github.url, "reader")


@pytest.mark.parametrize("publish", ["auto", "never"])
def test_of_a_private_project_only_the_least_is_found(private: tuple[str, Credential], publish: str) -> None:
    url, credential = private
    findings = describe(url, credential=credential, publish_metadata=publish)
    (found,) = findings.found
    assert findings.private
    assert (found.about, found.description) == (About(), "")
    assert (found.project, found.release.version, found.release.tag) == ("secret", "0.1", "v0.1")
    assert (found.release.requires_python, found.release.build_requires) == (">=3.9", ("flit_core>=3.4",))
    assert (found.release.requires_dist, found.release.dynamic) == ((), ("requires-dist", "provides-extra"))


def test_all_of_it_is_found_when_the_request_says_so(private: tuple[str, Credential]) -> None:
    url, credential = private
    (found,) = describe(url, credential=credential, publish_metadata="always").found
    assert (found.about.summary, found.release.requires_dist) == ("A secret", ("mydependency",))
    assert found.description == "# secret 0.1\n"


def test_a_public_project_can_keep_to_itself_too(hello: Project) -> None:
    findings = describe(hello.url, publish_metadata="never")
    assert not findings.private
    assert findings.found[0].about == About()


@pytest.mark.parametrize("token", [None, "wrong", "of-another-repository"])
def test_no_access(private: tuple[str, Credential], github: GitHubServer, token: str | None) -> None:
    url, credential = private
    github.add_token("of-another-repository", {"octo/other": {"contents": "read"}})
    with pytest.raises(Unreadable, match=r"this account may not read it.*PACKAGES_TOKEN"):
        describe(url, credential=Credential(credential.server, token) if token else None)


def test_the_credential_is_sent_to_its_own_server_alone(
    private: tuple[str, Credential], github: GitHubServer, tmp_path: Path
) -> None:
    """Also where the project has submodules: those of that server are read with it, others without."""
    url, credential = private
    with GitHubServer(tmp_path / "elsewhere") as elsewhere:
        for server, name in ((github, "octo/inner"), (elsewhere, "octo/outer")):
            server.create_repository(name, private=server is github).commit({"words.txt": ""})
        github.add_token("reader", {name: {"contents": "read"} for name in ("octo/secret", "octo/inner")})
        repository = github.repository("octo/secret")
        with_submodules(
            repository, {"inner": github.repository("octo/inner"), "outer": elsewhere.repository("octo/outer")}
        )
        assert describe(url, credential=credential).found[0].release.version == "0.2"
        assert {call.token for call in github.git_requests if "/octo/inner" in call.path} >= {"reader"}
        assert {call.token for call in elsewhere.git_requests} == {None}
        assert elsewhere.git_requests


def with_submodules(repository: Any, modules: dict[str, Any]) -> None:
    """Commit a release 0.2 that is built, with submodules by their folder."""
    files = self_building("secret", "0.2") | {"pyproject.toml": OWN_DYNAMIC.replace("hello", "secret")}
    files[".gitmodules"] = "".join(
        f'[submodule "{name}"]\n\tpath = {name}\n\turl = {module.url}\n' for name, module in modules.items()
    )
    repository.commit(files)
    changes = [("160000", "commit", module.branch("main"), name) for name, module in modules.items()]
    listed = repository.git.text("ls-tree", "main") + "".join(
        f"\n{mode} {kind} {sha}\t{name}" for mode, kind, sha, name in changes
    )
    made = subprocess.run(
        ["git", "mktree", "--missing"],
        cwd=repository.path,
        input=f"{listed}\n".encode(),
        capture_output=True,
        check=True,
    )
    commit = repository.write_commit(made.stdout.decode().strip(), [repository.branch("main")], "0.2", user="octocat")
    repository.move("refs/heads/main", commit)
    repository.tag("v0.2")


# What the code of a hostile project does: it waits, as a process that outlives the build, for a git that has the
# token, and it lets git itself tell, by hooks in the repository that it was checked out into.
SPY = """
import pathlib, subprocess, sys, time
LOOK = '''
import pathlib, time
end = time.monotonic() + 2
while time.monotonic() < end:
    for environment in pathlib.Path("/proc").glob("[0-9]*/environ"):
        try:
            found = environment.read_bytes()
        except OSError:
            continue
        if {wanted!r} in found:
            open({notes!r}, "ab").write(found)
'''
quiet = subprocess.DEVNULL
subprocess.Popen([sys.executable, "-c", LOOK], stdout=quiet, stderr=quiet, start_new_session=True)
hooks = subprocess.run(["git", "rev-parse", "--git-path", "hooks"], capture_output=True, text=True).stdout.strip()
for name in ("post-checkout", "reference-transaction"):
    hook = pathlib.Path(hooks, name)
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\\nenv >> {notes}\\n")
    hook.chmod(0o755)
"""


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self").exists(), reason="there is no /proc here to look into")
def test_a_build_cannot_wait_for_the_credential_of_the_next_tag(
    private: tuple[str, Credential], github: GitHubServer, tmp_path: Path
) -> None:
    """With --all-tags one tag's code runs before another tag is described: no git with the token may follow it."""
    token = secrets.token_hex(12)
    github.add_token(token, {"octo/secret": {"contents": "read"}})
    wanted = token.encode()
    notes = tmp_path / "notes"
    repository = github.repository("octo/secret")
    for version in ("0.5", "0.4", "0.3"):
        files = self_building("secret", version) | {"pyproject.toml": OWN_DYNAMIC.replace("hello", "secret")}
        spy = SPY.format(notes=str(notes), wanted=wanted)
        repository.commit(files | {"own_backend.py": spy + files["own_backend.py"]})
        repository.tag(f"v{version}")
    found = describe(private[0], credential=Credential(github.url, token), all_tags=True).found
    assert [described.release.version for described in found] == ["0.5", "0.4", "0.3", "0.1"]
    time.sleep(0.5)
    assert notes.read_bytes(), "the hooks have run"
    assert wanted not in notes.read_bytes()
