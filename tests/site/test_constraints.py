"""Constraints files: every package that takes part has its line, in a version that fits."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.requirements import Requirement

from scripts.site import constraints
from tests.factories import package, release
from tests.site.indexes import URL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scripts.model import Package
    from tests.site.indexes import Scratch


def index(*made: Package) -> dict[str, Package]:
    return {one.name: one for one in made}


def named(name: str, *releases: Any, **facts: Any) -> Package:
    return package(*releases, **{"name": name, "project": name, **facts})


def chosen(wanted: str, *made: Package) -> dict[str, str]:
    """The versions that the constraints of a package name."""
    known = index(*made)
    return {name: one.version for name, one in constraints.closed(known[wanted], known).items()}


def needs(*dependencies: str, version: str = "1.0", **facts: Any) -> Any:
    return release(version, requires_dist=dependencies, **facts)


def test_a_package_alone() -> None:
    assert chosen("a", named("a", "1.0", "2.0"), named("b", "1.0")) == {"a": "2.0"}


def test_closed_under_dependencies() -> None:
    made = (named("a", needs("B.B>=1")), named("b-b", needs("c")), named("c", "1.0"), named("d", "1.0"))
    assert chosen("a", *made) == {"a": "1.0", "b-b": "1.0", "c": "1.0"}


def test_dependencies_from_elsewhere_have_no_line() -> None:
    assert chosen("a", named("a", needs("requests>=2", "b")), named("b", needs("numpy"))) == {"a": "1.0", "b": "1.0"}


@pytest.mark.parametrize(
    ("specifier", "version"),
    [
        ("b", "2.0"),
        ("b<2", "1.5"),
        ("b==1.0", "1.0"),
        ("b~=1.0", "1.5"),
        ("b!=2.0", "1.5"),
        ("b>=2.1rc1", "3.0rc1"),
        ("b>2", "3.0rc1"),  # there is nothing else
        ("b===2.1rc1", "2.1rc1"),
    ],
)
def test_older_versions_where_the_specifier_asks(specifier: str, version: str) -> None:
    made = named("b", "1.0", "1.5", "2.0", "2.1rc1", "3.0rc1")
    assert chosen("a", named("a", needs(specifier)), made) == {"a": "1.0", "b": version}


def test_one_version_that_fits_all() -> None:
    c = named("c", "1.0", "2.0", "3.0")
    made = (named("a", needs("b", "c<3")), named("b", needs("c>=2")), c)
    assert chosen("a", *made) == {"a": "1.0", "b": "1.0", "c": "2.0"}


def test_an_older_release_of_a_dependency_that_fits_the_others() -> None:
    """b 2.0 needs a c that a excludes: an installer would step back, too."""
    b = named("b", needs("c<2"), needs("c>=2", version="2.0"))
    made = (named("a", needs("b", "c<2")), b, named("c", "1.0", "2.0"))
    assert chosen("a", *made) == {"a": "1.0", "b": "1.0", "c": "1.0"}


def test_extras_take_part() -> None:
    a = named("a", release("1.0", requires_dist=("b; extra == 'x'", "c[y]"), provides_extra=("x",)))
    c = named("c", release("1.0", requires_dist=("d<2; extra == 'y'",), provides_extra=("y",)))
    assert chosen("a", a, named("b", "1.0"), c, named("d", "1.0", "2.0")) == dict.fromkeys("abcd", "1.0")


def test_markers_that_exclude_each_other() -> None:
    """Only one of the two holds: the line is the newest, and an installer says so where that does not fit."""
    a = named("a", needs("b<2; python_version<'3.9'", "b>=2; python_version>='3.9'", "c<2"))
    made = (named("b", "1.0", "2.0"), named("c", "1.0", "2.0"))
    assert chosen("a", a, *made) == {"a": "1.0", "b": "2.0", "c": "1.0"}


def test_cycles() -> None:
    made = (named("a", needs("b")), named("b", needs("a>=1", "c")), named("c", needs("b")))
    assert chosen("a", *made) == {"a": "1.0", "b": "1.0", "c": "1.0"}
    assert chosen("c", *made) == {"a": "1.0", "b": "1.0", "c": "1.0"}


def test_itself_with_extras() -> None:
    facts = {"requires_dist": ("b; extra == 'x'", "a[x]; extra == 'all'"), "provides_extra": ("x", "all")}
    assert chosen("a", named("a", release("1.0", **facts)), named("b", "1.0")) == {"a": "1.0", "b": "1.0"}


def test_an_alias_means_itself_by_its_projects_name() -> None:
    alias = named("alias", release("1.0", requires_dist=("a[x]<0; extra == 'all'", "b")), project="A")
    assert chosen("alias", alias, named("a", "5.0"), named("b", "1.0")) == {"alias": "1.0", "b": "1.0"}


def test_a_dependency_with_an_address_is_looked_up_nowhere() -> None:
    a = named("a", needs("b @ https://example.org/b-9.0.tar.gz", "c"))
    assert chosen("a", a, named("b", "1.0"), named("c", "1.0")) == {"a": "1.0", "c": "1.0"}


def test_yanked_releases() -> None:
    b = named("b", "1.0", release("2.0", yanked="bad"))
    assert chosen("a", named("a", needs("b")), b) == {"a": "1.0", "b": "1.0"}
    assert chosen("a", named("a", needs("b>=2")), b, named("c", "1.0"))["b"] == "1.0"  # an error that says so
    assert chosen("a", named("a", needs("b==2.0")), b) == {"a": "1.0", "b": "2.0"}  # PEP 592
    assert chosen("a", named("a", needs("b")), named("b", release("2.0", yanked="all are"))) == {
        "a": "1.0",
        "b": "2.0",
    }


def test_pre_releases_only_where_there_is_nothing_else() -> None:
    assert chosen("a", named("a", "1.0", "2.0rc1")) == {"a": "1.0"}
    assert chosen("a", named("a", "2.0a1", "2.0rc1")) == {"a": "2.0rc1"}
    assert chosen("a", named("a", release("2.0", yanked=""), "1.0.dev1")) == {"a": "1.0.dev1"}


def test_what_does_not_fit_is_named_all_the_same() -> None:
    """Else an installer would look b and c up elsewhere, and take whatever has their names there."""
    made = (
        named("a", needs("b>=2", "c")),
        named("b", needs("d", version="1.0")),
        named("c", "1.0"),
        named("d", "1.0"),
    )
    assert chosen("a", *made) == {"a": "1.0", "b": "1.0", "c": "1.0", "d": "1.0"}


def lines(text: str) -> list[str]:
    """The lines of a constraints file but its comments; each is what installers take for a direct reference."""
    found = [line for line in text.splitlines() if not line.startswith("#")]
    for line in found:
        if not line.startswith("-c "):
            assert re.fullmatch(r"[a-z0-9-]+ @ https://\S+\.tar\.gz#sha256=[0-9a-f]{64}", line)
            assert Requirement(line).url
    return found


def test_the_lines_are_the_files_of_the_site(filled: Scratch) -> None:
    links = {text: tag["href"] for name in ("leaf", "public-hello") for text, tag in _links(filled, name).items()}
    leaf, hello = (f"{name} @ {URL}{name}/" for name in ("leaf", "public-hello"))
    wanted = [f"{leaf}{links['leaf-1.0.tar.gz']}", f"{hello}{links['public_hello-0.2.tar.gz']}"]
    assert lines(filled.site("public-hello/constraints.txt")) == wanted
    assert lines(filled.site("leaf/constraints.txt")) == wanted[:1]
    assert lines(filled.site("constraints.txt"))[1:] == wanted
    assert filled.site("constraints.txt").startswith(f"# pip install -c {URL}constraints.txt NAME\n")


def _links(scratch: Scratch, name: str) -> Mapping[str, Any]:
    return scratch.anchors(f"{name}/index.html")


def test_dependencies_that_nobody_knows_can_be_any(scratch: Scratch) -> None:
    """What a private package needs is not published: any package of the index may take part."""
    scratch.add(named("secret", release("1.0", dynamic=("requires-dist", "provides-extra")), private=True))
    scratch.add(named("b", "1.0", "2.0"))
    scratch.add(named("c", needs("secret")))
    scratch.add(named("d", needs("secret", "b<2")))
    scratch.publish()
    everything = f"-c {URL}constraints.txt"
    assert [line.split(" @")[0] for line in lines(scratch.site("secret/constraints.txt"))] == [everything, "secret"]
    assert [line.split(" @")[0] for line in lines(scratch.site("c/constraints.txt"))] == [everything, "c", "secret"]
    mixed = lines(scratch.site("d/constraints.txt"))
    assert [line.partition(".tar.gz")[0].rpartition("/")[2] for line in mixed] == [
        "b-1.0",
        "c-1.0",
        "d-1.0",
        "secret-1.0",
    ]
    assert lines(scratch.site("b/constraints.txt"))[0].startswith("b @ ")


NAMES = ("a", "b", "c", "d")
SPECIFIERS = ("", "<2", ">=2", "==1.0", "!=3.0", ">=4", ">=2.1rc1")
MARKERS = ("", "; extra == 'x'", "; python_version < '3.9'")


@st.composite
def indexes(draw: st.DrawFn) -> dict[str, Package]:
    dependency = st.builds(
        "{}{}{}".format, st.sampled_from((*NAMES, "other")), *map(st.sampled_from, (SPECIFIERS, MARKERS))
    )
    made = []
    for name in NAMES:
        versions = draw(st.sets(st.sampled_from(("1.0", "2.0", "2.1rc1", "3.0")), min_size=1))
        releases = [
            release(
                version,
                requires_dist=tuple(draw(st.lists(dependency, max_size=3))),
                yanked=draw(st.sampled_from((None, None, None, "bad"))),
            )
            for version in sorted(versions)
        ]
        made.append(named(name, *releases))
    return index(*made)


@settings(max_examples=7 * settings().max_examples)
@given(known=indexes())
def test_any_index(known: dict[str, Package]) -> None:
    """All that takes part has a line; where one solution is there, each line fits all that asks for it."""
    for name in NAMES:
        found = constraints.closed(known[name], known)
        assert name in found
        wanted = [
            (Requirement(text), release)
            for other, release in found.items()
            for text in release.requires_dist
            if (one := Requirement(text)).name in known and one.name != other
        ]
        assert {one.name for one, _ in wanted} <= found.keys()
        assert all(release in known[other].releases for other, release in found.items())
