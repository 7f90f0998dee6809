"""Dependencies as a pointer's backend compares them, against `packaging` and what build backends write."""

from __future__ import annotations

import importlib.util
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.requirements import Requirement

from tests.site import projects
from tests.site.unpacked import unpacked


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
    ("leaf>=v1.0", "leaf>=1"),
    ("leaf @ https://x.org/a;b.zip ; python_version>'2'", 'leaf@ https://x.org/a;b.zip ; python_version > "2"'),
    ('leaf; python_version >= "3.9"', "leaf ; (python_full_version>='3.9')"),
    ('leaf; python_version ~= "3.8"', "leaf; python_full_version >= '3.8' and python_full_version < '4'"),
    ('leaf; python_version != "3.8"', "leaf; python_full_version != '3.8.*'"),
    ('leaf; os.name != "x" and platform.machine!="x"', "leaf; os_name != 'x' and platform_machine!='x'"),
    ('leaf; python_version > "3" and extra == "Two_More"', "leaf; extra == 'two-more' and (python_version > '3')"),
    ('leaf; extra=="x" or extra=="y"', 'leaf; (extra=="y" or "x"==extra)'),
]
DIFFERENT = [
    ("leaf>=1", "leaf>=2"),
    ("leaf", "leef"),
    ("leaf", "leaf[a]"),
    ("leaf==1.0", "leaf==1.1"),
    ("leaf==1.0.*", "leaf==1.*"),
    ("leaf===1.0", "leaf==1.0"),
    ('leaf; python_version < "3"', "leaf"),
    ('leaf; python_version ~= "2.7"', "leaf"),
    ('leaf; sys_platform == "nowhere"', "leaf"),
    ('leaf; variant_of_tomorrow == "x"', "leaf"),
    ('leaf; extra == "x"', "leaf"),
    ('leaf; extra == "x"', 'leaf; extra == "y"'),
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


WORDS = st.builds(
    '{} {} "{}"'.format,
    st.sampled_from(["os_name", "sys_platform", "platform_machine", "platform_system", "implementation_name"]),
    st.sampled_from(["==", "!=", "in", "not in"]),
    st.sampled_from(["posix", "linux", "Linux", "win32", "x86_64", "cpython", "linux darwin"]),
)
NUMBERS = st.builds(
    '{} {} "{}.{}"'.format,
    st.sampled_from(["python_version", "python_full_version", "implementation_version"]),
    st.sampled_from(["==", "!=", "<", "<=", ">", ">=", "~="]),
    st.sampled_from(["2", "3", "4"]),
    st.sampled_from(["0", "8", "10", "{}", "12", "99", "8.1", "{}.0", "{}.99"]).map(
        lambda text: text.format(sys.version_info[1])
    ),
)
BACKWARD = st.builds(
    '"3.{}" {} python_version'.format, st.integers(0, 30), st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
)
WILD = st.builds('python_full_version {} "3.{}.*"'.format, st.sampled_from(["==", "!="]), st.integers(9, 14))
EXTRA = st.builds('extra == "{}"'.format, st.sampled_from("xy"))
MARKER = st.recursive(
    WORDS | NUMBERS | BACKWARD | WILD | EXTRA,
    lambda inner: st.builds("({} {} {})".format, inner, st.sampled_from(["and", "or"]), inner),
    max_leaves=6,
)
VERSION = st.builds(
    "{}{}".format, st.sampled_from([">=", "<", "==", "!=", "~="]), st.from_regex(r"[1-9]\.[0-9]", fullmatch=True)
)
LINE = st.builds(
    "{}{}; {}".format, st.sampled_from(["a", "b[x]", "c"]), st.lists(VERSION, max_size=2).map(",".join), MARKER
)


@given(line=LINE, extra=st.sampled_from(["", "x", "y"]))
def test_markers_hold_where_packaging_says_so(backend: Any, line: str, extra: str) -> None:
    marker = Requirement(line).marker
    assert marker is not None
    assert bool(backend.dependencies([line], extra)) == marker.evaluate({"extra": extra})


@given(lines=st.lists(LINE, max_size=4))
def test_what_packaging_writes_reads_as_what_it_read(backend: Any, lines: list[str]) -> None:
    again = [str(Requirement(line)) for line in lines]
    assert read(backend, *lines) == read(backend, *reversed(again))


def test_the_lines_of_pkg_info_survive(backend: Any) -> None:
    assert backend.PROMISE["Name"] == "proj"
    assert backend.checked(b"Metadata-Version: 2.1\nName: Proj\nVersion: 1.0\n\nName: x\n", {"Name"}).endswith(
        b"\n\nName: x\n"
    )
