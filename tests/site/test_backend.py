"""The backend of a pointer, hook by hook, on repositories in a folder: no installer, no network."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import tarfile
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.requirements import Requirement

from scripts.site.pointer import pointer
from tests.site import projects
from tests.site.conftest import find_python

if TYPE_CHECKING:
    from pathlib import Path

    from scripts.model import Release


def unpacked(folder: Path, name: str, project: str, release: Release) -> Path:
    """A pointer as an installer unpacks it."""
    made = pointer(name, project, release)
    folder.mkdir(exist_ok=True)
    (folder / made.file_name).write_bytes(made.content)
    with tarfile.open(folder / made.file_name) as archive:
        archive.extractall(folder, filter="data")
    return folder / made.file_name.removesuffix(".tar.gz")


def hook(sdist: Path, call: str, python: str = sys.executable, **environment: str) -> subprocess.CompletedProcess[str]:
    """One hook in a process of its own, as installers run it; it prints what it gives back."""
    (sdist.parent / "out").mkdir(exist_ok=True)
    code = f"import sys; sys.path.insert(0, 'backend'); import pointer_v1 as backend; print(backend.{call})"
    home = {**projects.GIT, "HOME": str(sdist.parent)}
    return subprocess.run(
        [python, "-c", code], cwd=sdist, env={**home, **environment}, capture_output=True, text=True, check=False
    )


def built(sdist: Path, call: str = "build_wheel('../out')", **environment: str) -> zipfile.ZipFile:
    done = hook(sdist, call, **environment)
    assert done.returncode == 0, done.stderr
    return zipfile.ZipFile(sdist.parent / "out" / done.stdout.splitlines()[-1])


def stopped(sdist: Path, call: str = "build_wheel('../out')", **environment: str) -> str:
    """The one sentence that a hook ends with."""
    done = hook(sdist, call, **environment)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return tmp_path / "repository"


@pytest.fixture
def own(tmp_path: Path, repository: Path) -> Path:
    """An unpacked pointer at a project with a backend of its own."""
    sample = projects.SAMPLES["own_backend"]
    commit = projects.commit(repository, sample.files, "v1.0")
    release = projects.release(repository.as_uri(), commit, **sample.record)
    return unpacked(tmp_path / "sdist", "own-backend", "own_backend", release)


def test_build_wheel(own: Path) -> None:
    assert built(own).namelist()[0] == "own_backend.py"
    assert not (own / "checkout").exists()


def test_python_3_8(own: Path) -> None:
    found = find_python("3.8")
    if found is None:
        pytest.skip("no Python 3.8 here")
    done = hook(own, "build_wheel('../out')", found)
    assert done.stdout == "own_backend-1.0-py3-none-any.whl\n", done.stderr


def test_hooks_fetch_once(own: Path, repository: Path) -> None:
    assert hook(own, "get_requires_for_build_wheel()").stdout == "[]\n"
    repository.rename(repository.with_name("gone"))
    built(own)
    assert "git cannot read" in stopped(own)


def test_a_fetch_that_broke_off_is_begun_again(own: Path) -> None:
    (own / "checkout").mkdir()
    (own / "checkout" / "half").touch()
    built(own)


def test_static_metadata_needs_no_repository(own: Path, repository: Path) -> None:
    repository.rename(repository.with_name("gone"))
    done = hook(own, "prepare_metadata_for_build_wheel('../out')")
    assert done.stdout == "own_backend-1.0.dist-info\n"
    written = own.parent / "out" / "own_backend-1.0.dist-info" / "METADATA"
    assert written.read_bytes() == (own / "PKG-INFO").read_bytes()


DYNAMIC: dict[str, Any] = {"dynamic": ("requires-dist", "provides-extra")}
NEEDS = "Requires-Dist: leaf\\nRequires-Dist: own_backend[x]; extra == 'y'\\nProvides-Extra: x\\nProvides-Extra: y\\n"
PREPARE = """

def prepare_metadata_for_build_wheel(metadata_directory, config_settings=None):
    import pathlib
    folder = pathlib.Path(metadata_directory, NAME + "-1.0.dist-info")
    folder.mkdir()
    lines = ["Metadata-Version: 2.1", "Name: " + NAME, "Version: 1.0", "Requires-Dist: leaf", ""]
    (folder / "METADATA").write_text("\\n".join(lines))
    (folder / "prepared").touch()
    return folder.name
"""


@pytest.mark.parametrize("more", ["", PREPARE])
@pytest.mark.parametrize("name", ["own-backend", "an-alias"])
def test_metadata_that_is_not_known_is_the_projects_own(
    tmp_path: Path, repository: Path, more: str, name: str
) -> None:
    sample = projects.in_tree("own_backend", more=NEEDS, **DYNAMIC)
    backend = sample.files["tools/own_backend.py"] + more
    commit = projects.commit(repository, {**sample.files, "tools/own_backend.py": backend}, "v1.0")
    sdist = unpacked(
        tmp_path / "sdist", name, "own_backend", projects.release(repository.as_uri(), commit, **sample.record)
    )
    done = hook(sdist, "prepare_metadata_for_build_wheel('../out')")
    stem = name.replace("-", "_")
    assert done.stdout == f"{stem}-1.0.dist-info\n", done.stderr
    folder = sdist.parent / "out" / f"{stem}-1.0.dist-info"
    assert (folder / "prepared").exists() == bool(more)
    text = (folder / "METADATA").read_text()
    assert "Requires-Dist: leaf\n" in text
    assert text.split("\n")[1].replace("_", "-") == f"Name: {name}"
    assert more or f"Requires-Dist: {'an-alias' if name == 'an-alias' else 'own_backend'}[x]" in text
    built(sdist)


def test_an_alias_renames_all_that_bears_the_name(tmp_path: Path, repository: Path) -> None:
    sample = projects.in_tree("own_backend", more=NEEDS)
    extra = (
        "            info + 'entry_points.txt': '[console_scripts]\\nown = own_backend:x\\n',\n"
        "            info + 'licenses/a, \"b\"': 'free',\n"
        "            NAME + '-1.0.data/scripts/run': '#!python',\n"
        "            info + 'RECORD.jws': '{}',\n"
        "        }\n"
    )
    backend = sample.files["tools/own_backend.py"].replace("        }\n", extra, 1)
    commit = projects.commit(repository, {**sample.files, "tools/own_backend.py": backend}, "v1.0")
    record = {
        **sample.record,
        "requires_dist": ("leaf", 'own_backend[x]; extra == "y"'),
        "provides_extra": ("x", "y"),
    }
    sdist = unpacked(
        tmp_path / "sdist", "an-alias", "own_backend", projects.release(repository.as_uri(), commit, **record)
    )
    with built(sdist) as wheel:
        assert wheel.filename is not None
        assert wheel.filename.endswith("out/an_alias-1.0-py3-none-any.whl")
        assert wheel.namelist() == [
            "own_backend.py",
            "an_alias-1.0.dist-info/METADATA",
            "an_alias-1.0.dist-info/WHEEL",
            "an_alias-1.0.dist-info/entry_points.txt",
            'an_alias-1.0.dist-info/licenses/a, "b"',
            "an_alias-1.0.data/scripts/run",
            "an_alias-1.0.dist-info/RECORD",
        ]
        assert b"own = own_backend:x" in wheel.read("an_alias-1.0.dist-info/entry_points.txt")
        metadata = wheel.read("an_alias-1.0.dist-info/METADATA").decode()
        assert "Name: an-alias\n" in metadata
        assert "Requires-Dist: an-alias[x]; extra == 'y'\n" in metadata
        record_file = wheel.read("an_alias-1.0.dist-info/RECORD").decode()
        assert len(record_file.splitlines()) == len(wheel.namelist())
        assert '"an_alias-1.0.dist-info/licenses/a, ""b""",sha256=' in record_file
    assert not list((tmp_path / "sdist" / "out").glob("own_backend*"))


@pytest.mark.parametrize("promised", ["1.0.0", "1"])
def test_versions_that_pep_440_takes_for_the_same(tmp_path: Path, repository: Path, promised: str) -> None:
    sample = projects.SAMPLES["own_backend"]
    commit = projects.commit(repository, sample.files, "v1.0")
    release = projects.release(repository.as_uri(), commit, **sample.record, version=promised)
    built(unpacked(tmp_path / "sdist", "own-backend", "own_backend", release))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"version": "1.1"}, "promises Version ['1.1'], and commit COMMIT builds ['1.0']"),
        ({"requires_python": ">=3.9"}, "promises Requires-Python ['>=3.9'], and commit COMMIT builds []"),
        ({"requires_dist": ("leaf",)}, "promises Requires-Dist ['leaf'], and commit COMMIT builds []"),
    ],
)
def test_a_promise_that_the_commit_does_not_keep(
    tmp_path: Path, repository: Path, wrong: dict[str, Any], sentence: str
) -> None:
    sample = projects.SAMPLES["own_backend"]
    commit = projects.commit(repository, sample.files, "v1.0")
    release = projects.release(repository.as_uri(), commit, **{**sample.record, **wrong})
    found = stopped(unpacked(tmp_path / "sdist", "own-backend", "own_backend", release))
    assert sentence.replace("COMMIT", commit) in found
    assert found.endswith("ask the maintainers of the index to register what it builds")


def test_another_name_than_the_projects(tmp_path: Path, repository: Path) -> None:
    sample = projects.SAMPLES["own_backend"]
    commit = projects.commit(repository, sample.files, "v1.0")
    release = projects.release(repository.as_uri(), commit, **sample.record)
    assert "promises Name ['other'], and" in stopped(unpacked(tmp_path / "sdist", "other", "other", release))


def test_a_tag_that_moved(own: Path, repository: Path) -> None:
    pinned = projects.git(repository, "rev-parse", "HEAD")
    moved = projects.commit(repository, {"more": "more"})
    projects.git(repository, "tag", "--force", "v1.0")
    sentence = stopped(own)
    assert f"the tag v1.0 of {repository.as_uri()} now names {moved}, and was registered as {pinned}" in sentence


def test_a_tag_of_something_else_than_a_commit(own: Path, repository: Path) -> None:
    projects.git(repository, "tag", "--force", "v1.0", "HEAD:pyproject.toml")
    assert "now names no commit, and was" in stopped(own)


def test_a_tag_that_is_gone(own: Path, repository: Path) -> None:
    """The commit is enough, and the tag is made again for backends that read the version from it."""
    projects.git(repository, "tag", "--delete", "v1.0")
    projects.commit(repository, {"more": "more"})
    hook(own, "get_requires_for_build_wheel()")
    assert projects.git(own / "checkout", "describe", "--tags", "--long").startswith("v1.0-0-g")
    built(own)


def test_a_tag_and_a_commit_that_are_gone(own: Path, repository: Path) -> None:
    projects.git(repository, "tag", "--delete", "v1.0")
    projects.git(repository, "checkout", "--quiet", "--orphan", "new")
    projects.git(repository, "commit", "--quiet", "--message", "new")
    projects.git(repository, "branch", "--delete", "--force", "main")
    projects.git(repository, "-c", "gc.reflogExpire=now", "reflog", "expire", "--expire=now", "--all")
    projects.git(repository, "gc", "--quiet", "--prune=now")
    assert "no longer has the tag v1.0, nor gives out the commit" in stopped(own)


@pytest.mark.parametrize("tag", ["release/1.0", "v1.0;touch${IFS}x", "v1.0-ü", "v1.0--upload-pack=x"])
def test_tags_of_all_kinds(tmp_path: Path, repository: Path, tag: str) -> None:
    sample = projects.SAMPLES["own_backend"]
    commit = projects.commit(repository, sample.files, tag)
    release = projects.release(repository.as_uri(), commit, **{**sample.record, "tag": tag})
    built(unpacked(tmp_path / "sdist", "own-backend", "own_backend", release))


@pytest.mark.parametrize(
    ("key", "value"),
    [("repository", "ext::sh -c touch% pwned"), ("repository", "--upload-pack=touch pwned"), ("commit", "--output=x")],
)
def test_a_forged_pointer_runs_nothing(own: Path, key: str, value: str) -> None:
    facts = json.loads((own / "pointer.json").read_text())
    (own / "pointer.json").write_text(json.dumps({**facts, key: value}))
    assert "pointer.json names no git repository and commit" in stopped(own)


def test_a_repository_that_is_not_there(own: Path, repository: Path) -> None:
    repository.rename(repository.with_name("gone"))
    sentence = stopped(own, LANG="de_DE.UTF-8")
    assert sentence.startswith(f"own-backend 1.0: git cannot read {repository.as_uri()} (fatal: ")
    assert all(word in sentence for word in ("~/.netrc", "credential helper", "insteadOf", "Docker", "CI"))


def test_a_login_in_a_rewritten_address_is_not_shown(own: Path, repository: Path) -> None:
    settings = own.parent / "settings"
    settings.write_text(f'[url "http://me:hush@127.0.0.1:1/x"]\n\tinsteadOf = {repository.as_uri()}\n')
    sentence = stopped(own, GIT_CONFIG_GLOBAL=str(settings))
    assert "http://127.0.0.1:1/x" in sentence
    assert "hush" not in sentence


def test_without_git(own: Path) -> None:
    assert stopped(own, PATH="/nowhere").endswith("there is no git on the PATH: install git")


def test_inside_a_git_hook_the_callers_repository_is_left_alone(own: Path, repository: Path, tmp_path: Path) -> None:
    caller = tmp_path / "caller"
    before = projects.commit(caller, {"mine": "mine"})
    git = {
        "GIT_DIR": str(caller / ".git"),
        "GIT_WORK_TREE": str(caller),
        "GIT_INDEX_FILE": str(caller / ".git" / "index"),
        "GIT_OBJECT_DIRECTORY": str(caller / ".git" / "objects"),
        "GIT_NAMESPACE": "other",
        "GIT_DEFAULT_HASH": "sha256",
    }
    built(own, **git)
    assert projects.git(caller, "rev-parse", "HEAD") == before
    assert projects.git(caller, "status", "--porcelain") == ""
    assert projects.git(caller, "remote") == ""


def test_configuration_in_the_environment_reaches_git(own: Path, repository: Path) -> None:
    repository.rename(repository.with_name("moved"))
    settings = {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.{repository.with_name('moved').as_uri()}.insteadOf",
        "GIT_CONFIG_VALUE_0": repository.as_uri(),
    }
    built(own, **settings)


def test_a_broken_git_init_never_reaches_a_repository_around_the_sdist(own: Path, tmp_path: Path) -> None:
    projects.commit(tmp_path / "sdist", {"mine": "mine"})
    (own / "checkout").mkdir()
    fake = tmp_path / "bin"
    fake.mkdir()
    script = '#!/bin/sh\nfor word in "$@"; do [ "$word" = init ] && exit 1; done\nexec {} "$@"\n'
    real = subprocess.run(["sh", "-c", "command -v git"], capture_output=True, text=True, check=True).stdout.strip()
    (fake / "git").write_text(script.format(real))
    (fake / "git").chmod(0o755)
    assert "not a git repository" in stopped(own, PATH=f"{fake}{os.pathsep}{os.environ['PATH']}")
    assert projects.git(tmp_path / "sdist", "remote") == ""


LFS = "version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 1\n"


def test_git_lfs_that_is_missing_is_named(tmp_path: Path, repository: Path) -> None:
    sample = projects.SAMPLES["own_backend"]
    files = {**sample.files, ".gitattributes": "*.bin filter=lfs\n", "data/big one.bin": LFS}
    commit = projects.commit(repository, files, "v1.0")
    release = projects.release(repository.as_uri(), commit, **sample.record)
    sentence = stopped(unpacked(tmp_path / "sdist", "own-backend", "own_backend", release))
    assert sentence.endswith("data/big one.bin is in git-lfs: install git-lfs and run `git lfs install`")


def test_a_text_about_git_lfs_is_no_pointer(tmp_path: Path, repository: Path) -> None:
    sample = projects.SAMPLES["own_backend"]
    commit = projects.commit(repository, {**sample.files, "sample.txt": LFS}, "v1.0")
    release = projects.release(repository.as_uri(), commit, **sample.record)
    built(unpacked(tmp_path / "sdist", "own-backend", "own_backend", release))


def test_a_hook_that_the_project_does_not_have(own: Path) -> None:
    assert stopped(own, "build_editable('../out')").endswith("build backend, own_backend, has no build_editable")


def test_a_sha256_repository(tmp_path: Path, repository: Path) -> None:
    repository.mkdir()
    projects.git(repository, "init", "--quiet", "--object-format=sha256")
    sample = projects.SAMPLES["own_backend"]
    commit = projects.commit(repository, sample.files, "v1.0")
    assert len(commit) == 64
    release = projects.release(repository.as_uri(), commit, **sample.record)
    built(unpacked(tmp_path / "sdist", "own-backend", "own_backend", release))


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The backend as a module, from an unpacked pointer."""
    release = projects.release("file:///x", "0" * 40)
    sdist = unpacked(tmp_path_factory.mktemp("module"), "proj", "proj", release)
    spec = importlib.util.spec_from_file_location("pointer_v1", sdist / "backend" / "pointer_v1.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SAME = [
    ("leaf>=1.0,<2", "leaf (<2.0, >=1)"),
    ("Leaf_Lib", "leaf-lib"),
    ("leaf[a,b]", "leaf[B, A]"),
    ("leaf~=2.1", "leaf (>=2.1,<3.0)"),
    ("leaf~=1.4.2", "leaf>=1.4.2,<1.5"),
    ('leaf; python_version < "3.9"', "leaf ; (python_version<'3.9')"),
    ('leaf; python_version ~= "3.9"', "leaf; python_version ~= '3.9'"),
    ('leaf; python_version < "3" and extra == "Two_More"', "leaf; extra == 'two-more' and (python_version < '3')"),
    ("leaf @ https://x.org/a;b.zip ; os_name == 'nt'", 'leaf@ https://x.org/a;b.zip ; os_name == "nt"'),
    ('leaf; (os_name=="a" or os_name=="b") and extra=="x"', 'leaf; extra=="x" and (os_name=="b" or (os_name=="a"))'),
]
DIFFERENT = [
    ("leaf>=1", "leaf>=2"),
    ("leaf", "leef"),
    ("leaf", "leaf[a]"),
    ("leaf==1.0", "leaf==1.1"),
    ("leaf==1.0.*", "leaf==1.*"),
    ('leaf; python_version < "3.9"', "leaf"),
    ('leaf; python_version < "3.9"', 'leaf; python_version <= "3.9"'),
    ('leaf; extra == "x"', "leaf"),
    ('leaf; extra == "x"', 'leaf; extra == "y"'),
    ('leaf; os_name == "a" and os_name == "b"', 'leaf; os_name == "a" or os_name == "b"'),
    ("leaf @ https://x.org/a.zip", "leaf @ https://x.org/b.zip"),
]


def read(backend: Any, *lines: str) -> list[Any]:
    return [backend.dependencies(list(lines), extra) for extra in ("", "x", "y", "two-more", "all")]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_one_dependency_in_two_spellings(backend: Any, one: str, other: str) -> None:
    assert read(backend, one) == read(backend, other)
    assert read(backend, one) != read(backend)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_two_dependencies(backend: Any, one: str, other: str) -> None:
    assert read(backend, one) != read(backend, other)


def test_extras_written_out_are_extras_referred_to(backend: Any) -> None:
    """hatchling writes them out; poetry-core joins those that share a dependency."""
    short = ['a; extra == "x"', 'b; extra == "y"', 'Proj[x,y]; extra == "all"']
    assert read(backend, *short) == read(
        backend, 'a; extra == "x"', 'b; extra == "y"', 'a; extra == "all"', 'b; extra == "all"'
    )
    assert read(backend, *short) == read(
        backend, 'a; extra == "x" or extra == "all"', 'b; extra == "y" or extra == "all"'
    )
    assert read(backend, *short) != read(backend, *short[:2], 'proj[x]; extra == "all"')


def test_extras_that_refer_to_each_other_end(backend: Any) -> None:
    circle = ['proj[y]; extra == "x"', 'proj[x]; extra == "y"', 'a; extra == "y"']
    assert backend.dependencies(circle, "x") == backend.dependencies(['a; extra == "x"'], "x")


VARIABLES = st.sampled_from(["os_name", "sys_platform", "platform_machine"])
LEAF = st.builds('{} {} "{}"'.format, VARIABLES, st.sampled_from(["==", "!=", "in", "not in"]), st.sampled_from("abc"))
EXTRA = st.builds('extra == "{}"'.format, st.sampled_from("xy"))
MARKER = st.recursive(
    LEAF | EXTRA,
    lambda inner: st.builds("({} {} {})".format, inner, st.sampled_from(["and", "or"]), inner),
    max_leaves=6,
)
VERSION = st.builds(
    "{}{}".format, st.sampled_from([">=", "<", "==", "!=", "~="]), st.from_regex(r"[1-9]\.[0-9]", fullmatch=True)
)
LINE = st.builds(
    "{}{}; {}".format,
    st.sampled_from(["a", "b[x]", "proj[x]", "proj[y]"]),
    st.lists(VERSION, max_size=2).map(",".join),
    MARKER,
)


@given(lines=st.lists(LINE, max_size=4))
def test_what_packaging_writes_reads_as_what_it_read(backend: Any, lines: list[str]) -> None:
    again = [str(Requirement(line)) for line in lines]
    assert read(backend, *lines) == read(backend, *reversed(again))


@given(lines=st.lists(LINE, min_size=1, max_size=4))
def test_a_condition_that_holds_where_packaging_says_so(backend: Any, lines: list[str]) -> None:
    """Of requirements whose markers ask for an extra alone, those that count are those that packaging counts."""
    for line in lines:
        requirement = Requirement(line)
        marker = requirement.marker
        if (
            marker is None
            or requirement.name == "proj"
            or any(one in line for one in ("os_name", "sys_", "platform_"))
        ):
            continue
        for extra in ("", "x", "y"):
            assert bool(backend.dependencies([line], extra)) == marker.evaluate({"extra": extra})


def test_the_lines_of_pkg_info_survive(backend: Any) -> None:
    assert backend.PROMISE["Name"] == "proj"
    assert backend.checked(b"Metadata-Version: 2.1\nName: Proj\nVersion: 1.0\n\nName: x\n", {"Name"}).endswith(
        b"\n\nName: x\n"
    )
