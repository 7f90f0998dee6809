"""A pointer sdist as bytes: what is in it, that every machine writes the same, and that other programs read it."""

from __future__ import annotations

import ast
import gzip
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tomllib
from dataclasses import replace
from email.parser import HeaderParser
from importlib import resources
from pathlib import Path

import packaging
import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.metadata import Metadata

from scripts.errors import BadValue
from scripts.model import Release
from scripts.site import pointer as module
from scripts.site.pointer import pointer, renamed
from tests.site.conftest import find_python

BACKEND_V1 = "3f7704233ff6a71fe0d41589170bd3d9354733ddf4bf8e8ec0b6127d39ab5671"
GOLDEN_V1 = "491887e48681508fefbda022b792294f1fdc40d4fccdaa965d47d01e1f46dba5"
RELEASE = Release(
    version="1.0rc1",
    tag="v1.0rc1",
    commit="0123456789abcdef0123456789abcdef01234567",
    date="2026-01-01T00:00:00Z",
    repository="https://github.com/me/hello",
    subdirectory="packages/hello",
    requires_python=">=3.8",
    requires_dist=("leaf>=1.0", 'other; extra == "more"', 'Hello_World[more]; extra == "all"'),
    provides_extra=("more", "all"),
    build_requires=("hatchling>=1.20", 'tomli; python_version < "3.11"'),
    build_backend="hatchling.build",
    backend_path=("tools",),
)
PKG_INFO = """\
Metadata-Version: 2.4
Name: hello-world
Version: 1.0rc1
Requires-Python: >=3.8
Requires-Dist: leaf>=1.0
Requires-Dist: other; extra == "more"
Requires-Dist: Hello_World[more]; extra == "all"
Provides-Extra: more
Provides-Extra: all
Dynamic: Platform
Dynamic: Supported-Platform
Dynamic: Summary
Dynamic: Description
Dynamic: Description-Content-Type
Dynamic: Keywords
Dynamic: Home-page
Dynamic: Download-URL
Dynamic: Author
Dynamic: Author-email
Dynamic: Maintainer
Dynamic: Maintainer-email
Dynamic: License
Dynamic: License-Expression
Dynamic: License-File
Dynamic: Classifier
Dynamic: Requires-External
Dynamic: Project-URL
Dynamic: Provides-Dist
Dynamic: Obsoletes-Dist
"""


def test_the_backend_never_changes() -> None:
    """Published pointers hold these bytes: what has to change is written as a v2, beside this one."""
    content = (resources.files("scripts.site.backend") / "v1.py").read_bytes()
    assert hashlib.sha256(content).hexdigest() == BACKEND_V1
    assert content.count(b"\n") <= 300


def test_the_bytes_never_change() -> None:
    assert pointer("hello-world", "Hello.World", RELEASE).sha256 == GOLDEN_V1


def test_the_backend_is_python_3_8_and_its_standard_library() -> None:
    source = (resources.files("scripts.site.backend") / "v1.py").read_text()
    tree = ast.parse(source, feature_version=(3, 8))
    imported = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in imported} <= sys.stdlib_module_names


def test_pkg_info() -> None:
    made = pointer("hello-world", "Hello.World", RELEASE)
    assert made.pkg_info == PKG_INFO
    assert made.metadata == PKG_INFO
    assert made.metadata_sha256 == hashlib.sha256(PKG_INFO.encode()).hexdigest()


def test_an_alias_asks_for_extras_of_its_own_name() -> None:
    described = HeaderParser().parsestr(pointer("my-hello", "Hello.World", RELEASE).pkg_info)
    assert described["Name"] == "my-hello"
    assert described.get_all("Requires-Dist") == [
        "leaf>=1.0",
        'other; extra == "more"',
        'my-hello[more]; extra == "all"',
    ]


@pytest.mark.parametrize(
    ("requirement", "wanted"),
    [("a.B_c[x]>1", "new[x]>1"), ("a-b-c-d[x]", "a-b-c-d[x]"), ("a_b", "a_b"), ("A-B-C", "new")],
)
def test_renamed(requirement: str, wanted: str) -> None:
    assert renamed(requirement, "A.b-C", "new") == wanted


@pytest.mark.parametrize(
    ("field", "absent"),
    [("requires-python", "Requires-Python"), ("requires-dist", "Requires-Dist"), ("provides-extra", "Provides-Extra")],
)
def test_what_is_not_known_is_dynamic(field: str, absent: str) -> None:
    made = pointer("hello-world", "hello-world", replace(RELEASE, dynamic=(field,)))
    described = HeaderParser().parsestr(made.pkg_info)
    assert absent in described.get_all("Dynamic", [])
    assert absent not in described
    assert made.metadata is None
    assert made.metadata_sha256 is None


@pytest.mark.parametrize("dynamic", [(), ("requires-dist", "provides-extra")])
def test_strict_readers_take_the_metadata(dynamic: tuple[str, ...]) -> None:
    made = pointer("hello-world", "hello-world", replace(RELEASE, dynamic=dynamic))
    read = Metadata.from_email(made.pkg_info, validate=True)
    assert (read.name, str(read.version), str(read.requires_python)) == ("hello-world", "1.0rc1", ">=3.8")


def members(content: bytes) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        return {member.name: archive.extractfile(member).read() for member in archive}  # type: ignore[union-attr]


def test_members() -> None:
    made = pointer("hello-world", "Hello.World", RELEASE)
    files = members(made.content)
    stem = "hello_world-1.0rc1"
    assert made.file_name == f"{stem}.tar.gz"
    assert list(files) == [
        f"{stem}/{path}" for path in ("PKG-INFO", "pyproject.toml", "pointer.json", "backend/pointer_v1.py")
    ]
    assert files[f"{stem}/PKG-INFO"].decode() == PKG_INFO
    assert tomllib.loads(files[f"{stem}/pyproject.toml"].decode()) == {
        "build-system": {
            "requires": ["hatchling>=1.20", 'tomli; python_version < "3.11"'],
            "build-backend": "pointer_v1",
            "backend-path": ["backend"],
        }
    }
    assert json.loads(files[f"{stem}/pointer.json"]) == {
        "repository": "https://github.com/me/hello",
        "tag": "v1.0rc1",
        "commit": "0123456789abcdef0123456789abcdef01234567",
        "subdirectory": "packages/hello",
        "project": "Hello.World",
        "build-backend": "hatchling.build",
        "backend-path": ["tools"],
    }


@pytest.mark.parametrize(
    ("requires", "backend", "wanted_requires", "wanted_backend"),
    [
        ((), "", ["setuptools>=40.8.0"], "setuptools.build_meta:__legacy__"),
        (("setuptools", "cython"), "", ["setuptools", "cython"], "setuptools.build_meta:__legacy__"),
        ((), "own", [], "own"),
    ],
)
def test_build_system_without_all_of_its_fields(
    requires: tuple[str, ...], backend: str, wanted_requires: list[str], wanted_backend: str
) -> None:
    files = members(pointer("x", "x", replace(RELEASE, build_requires=requires, build_backend=backend)).content)
    assert tomllib.loads(files["x-1.0rc1/pyproject.toml"].decode())["build-system"]["requires"] == wanted_requires
    assert json.loads(files["x-1.0rc1/pointer.json"])["build-backend"] == wanted_backend


def test_what_may_change_later_does_not_change_the_file() -> None:
    later = replace(RELEASE, yanked="broken", description="1.0rc1.md", date="2027-01-01T00:00:00Z")
    assert pointer("hello", "hello", later).content == pointer("hello", "hello", RELEASE).content


def test_headers_are_plain() -> None:
    content = gzip.decompress(pointer("hello-world", "hello-world", RELEASE).content)
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        for member in archive:
            facts = (member.mode, member.uid, member.gid, member.uname, member.gname, member.mtime, member.isfile())
            assert facts == (0o644, 0, 0, "root", "root", 315532800, True)
    assert len(content) % 512 == 0
    assert content[-1024:] == bytes(1024)


def test_the_program_tar_reads_it(tmp_path: Path) -> None:
    if not shutil.which("tar"):
        pytest.skip("no tar here")
    made = pointer("hello-world", "hello-world", RELEASE)
    (tmp_path / made.file_name).write_bytes(made.content)
    done = subprocess.run(["tar", "-xvzf", made.file_name], cwd=tmp_path, check=True, capture_output=True, text=True)
    assert done.stderr == ""
    assert (tmp_path / "hello_world-1.0rc1/PKG-INFO").read_text() == PKG_INFO


def test_a_name_too_long_for_an_archive_is_refused() -> None:
    with pytest.raises(BadValue, match="too long"):
        pointer("n" * 100, "n", replace(RELEASE, version="1." + "1" * 80))


@given(content=st.binary(max_size=200_000))
def test_gzip_of_any_content(content: bytes) -> None:
    assert gzip.decompress(module._gzip(content)) == content


@given(
    files=st.dictionaries(st.from_regex(r"[a-z]{1,9}/[a-z./_-]{1,90}[a-z]", fullmatch=True), st.binary(max_size=2000))
)
def test_tar_of_any_files(files: dict[str, bytes]) -> None:
    assert members(module._tar(files.items())) == files


@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13", "3.14"])
def test_every_python_writes_the_same(version: str) -> None:
    found = find_python(version)
    if found is None:
        pytest.skip(f"no Python {version} here")
    code = (
        "import sys; from scripts.model import Release; from scripts.site.pointer import pointer; "
        f"sys.stdout.buffer.write(pointer('hello-world', 'Hello.World', {RELEASE!r}).content)"
    )
    paths = [str(Path(__file__).parents[2]), str(Path(packaging.__file__).parents[1])]
    done = subprocess.run(
        [found, "-c", code], env={"PYTHONPATH": os.pathsep.join(paths)}, check=True, capture_output=True
    )
    assert done.stdout == pointer("hello-world", "Hello.World", RELEASE).content
