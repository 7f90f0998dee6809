"""The hooks of a pointer's backend: what they build, what they promise, and what an alias is called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.site import projects
from tests.site.conftest import find_python
from tests.site.unpacked import built, hook, stopped, unpacked

if TYPE_CHECKING:
    from pathlib import Path


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
    (own / "checkout" / "pyproject.toml").write_text("half of it")
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


def test_a_hook_that_the_project_does_not_have(own: Path) -> None:
    assert stopped(own, "build_editable('../out')").endswith("build backend, own_backend, has no build_editable")
