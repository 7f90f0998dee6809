"""Values for tests: plain ones by hand, hostile ones from hypothesis."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from packaging.version import Version

from scripts import values
from scripts.errors import BadValue
from scripts.model import (
    DESCRIPTION_TYPES,
    DYNAMIC_FIELDS,
    FOLLOW,
    PUBLISH_METADATA,
    About,
    Described,
    Findings,
    Package,
    Release,
)
from scripts.site.pointer import pointer
from scripts.values import blob_id

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parent.parent
INDEX = (ROOT / "index.html").read_text("utf-8")
TEMPLATE = (ROOT / "pkg_template.html").read_text("utf-8")
REPOSITORY = "https://github.com/acme/public-hello"


# Plain values


def with_cards(cards: str) -> str:
    """This repository's index.html with cards, given as lines of text."""
    mark = '<div class="packages" data-field="packages">\n'
    assert mark in INDEX
    return INDEX.replace(mark, mark + cards)


def release(version: str = "1.0", **facts: Any) -> Release:
    """A release, valid but for what `facts` makes of it."""
    plain: dict[str, Any] = {
        "tag": f"v{version}",
        "commit": blob_id(version.encode()),
        "date": "2026-01-31T12:00:00Z",
        "repository": REPOSITORY,
    }
    return Release(version=version, **{**plain, **facts})


def sealed(made: Release, name: str = "public-hello", project: str = "public-hello") -> Release:
    """A release with the hash of its pointer sdist, as register and update keep it."""
    return replace(made, sha256=pointer(name, project, made).sha256)


def package(*releases: str | Release, **facts: Any) -> Package:
    """A package with these releases (or versions; or 1.0), valid but for what `facts` makes of it."""
    plain: dict[str, Any] = {
        "name": "public-hello",
        "project": "public-hello",
        "repository": REPOSITORY,
        "subdirectory": "",
        "private": False,
        "publish_metadata": "auto",
        "about": About(summary="Says hello."),
    }
    made = [release(each) if isinstance(each, str) else each for each in releases or ("1.0",)]
    return Package(releases=tuple(made), **{**plain, **facts})


def described(found: str | Release = "1.0", text: str = "", **facts: Any) -> Described:
    """A release as `describe` finds it, with its long description."""
    made = release(found) if isinstance(found, str) else found
    plain: dict[str, Any] = {"project": "public-hello", "about": About(summary=f"Says hello, {made.version}.")}
    return Described(release=made, description=text, **{"description_type": "text/markdown", **plain, **facts})


def findings(*found: str | Described, private: bool = False, **facts: Any) -> Findings:
    """What `describe` hands over."""
    made = tuple(described(each) if isinstance(each, str) else each for each in found)
    return Findings(**{"repository": REPOSITORY, "subdirectory": "", "private": private, "found": made, **facts})


# Hostile values

HOSTILE = (
    "<script>alert(1)</script>",
    '"><a href="https://evil.example/hello-99.0.tar.gz">hello-99.0.tar.gz</a>',
    "' onclick='alert(1)",
    "</title></textarea></p></dd></li></article></section><p data-field='name'>",
    '<article data-package="evil" data-release="99.0">',
    "<!-- -- > --!> -->",
    "]]> <![CDATA[ <?php ?>",
    "&lt;b&gt; &amp;amp; &#60; &nbsp &copy=1 &notin; &",
    "{name} {{name}} ${name} %s %(name)s \\1 \\g<0> get_version",
    "ﬁ Ⅷ ß İ \u0131 \u017f é e\u0301 Z\u0351\u036b\u0343 \u200b \ufeff \u00ad",
    "🙂 👩\u200d💻 𝄞 \U000e0041 \U0010ffff \ufffe \uffff \ufdd0 \ue000",
    "-->",
    "/>",
    "=",
    "`",
)
# Dependencies and Python versions have a grammar, which leaves less room for mischief.
REQUIREMENTS = (
    "mydependency",
    "a[b,c]>=1,<2; python_version < '3.12' and extra == \"x<y>&amp;\"",
    "a===1.0",
    'a; os_name == "</li><script>"',
    "a @ https://host.example/a-1.0.tar.gz?x=<b>&y='\"#sha256=0",
    "a @ git+https://host.example/a@v1#egg=a&subdirectory=.",
)
SPECIFIERS = ("", ">=3.11", "<4,>=3.8,!=3.9.*", "~=3.11", "===3.11")
REPOSITORIES = (
    REPOSITORY,
    "https://git.example:8443/group/sub.group/project.git",
    "ssh://git@git.example:22/acme/hello.git",
    "file:///srv/git/hello%20world",
    "https://git.example/a&copy=1;b=&lt;/(c)@d~e",
    "https://bücher.example/é/𝄞",
)
SUBDIRECTORIES = ("", "packages/hello", "it's/a b/ü/𝄞", "$HOME/`x`/{name}/(1);2=3", "a-b/--x")
BACKENDS = ("", "hatchling.build", "setuptools.build_meta:__legacy__", "_own.ünder.backend:obj.attribute")
ADDRESSES = ("https://example.org", "http://h.example:80/<b>?a=1&b=\"'#<script>", "https://bücher.example/é")
TAGS = ("v1.0", "hello/v1.0", "1.0", "release-1.0<b>\"'&amp;", "é🙂", "a.b@c", "%s{name}$x")


def _accepted(check: Callable[[str], object], text: str) -> bool:
    try:
        check(text)
    except BadValue:
        return False
    return True


_characters = st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp"))


def lines(limit: int = 512, least: int = 0) -> st.SearchStrategy[str]:
    """Any text that the index takes for one line: HTML, entities, long ones, all of Unicode."""
    pieces = st.lists(st.one_of(st.sampled_from(HOSTILE), st.text(_characters, max_size=12)), max_size=4)
    long = st.sampled_from(("x", "&", '"', "<b>", "🙂")).map(lambda piece: (piece * limit)[:limit])
    made = st.one_of(st.text(_characters, max_size=20), pieces.map(" ".join), long)
    return (
        made.map(lambda text: " ".join(text.split())[:limit].strip())
        .filter(lambda text: len(text) >= least)
        .filter(lambda text: _accepted(lambda line: values.one_line("text", line, limit), text))
    )


def names() -> st.SearchStrategy[str]:
    """Normalized project names."""
    part = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=6)
    return st.lists(part, min_size=1, max_size=3).map("-".join)


def versions() -> st.SearchStrategy[str]:
    """Versions in their normal form, of every kind that PEP 440 knows."""
    small = st.integers(0, 3)

    def optional(*marks: str) -> st.SearchStrategy[str]:
        return st.one_of(st.just(""), st.builds("{}{}".format, st.sampled_from(marks), small))

    epoch = st.sampled_from(("", "", "", "1!", "2026!"))
    number = st.lists(small, min_size=1, max_size=3).map(lambda parts: ".".join(map(str, parts)))
    local = st.sampled_from(("", "", "", "+local", "+a.lock", "+ubuntu.1"))
    parts = (epoch, number, optional("a", "b", "rc"), optional(".post"), optional(".dev"), local)
    return st.tuples(*parts).map(lambda made: str(Version("".join(made))))


def _some(*choices: str) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(choices), max_size=3).map(tuple)


def releases(version: st.SearchStrategy[str] | None = None) -> st.SearchStrategy[Release]:
    """Releases with every fact that they can have, but no description, which is the index's own to name."""
    return st.builds(
        Release,
        version=versions() if version is None else version,
        tag=st.sampled_from(TAGS),
        commit=st.sampled_from(("0" * 40, "9bac86dbcce7da86576912fae9dfe198a6056b21", "f" * 64)),
        date=st.sampled_from(("1970-01-01T00:00:00Z", "2026-01-31T12:00:00Z", "9999-12-31T23:59:59Z")),
        repository=st.sampled_from(REPOSITORIES),
        subdirectory=st.sampled_from(SUBDIRECTORIES),
        requires_python=st.sampled_from(SPECIFIERS),
        requires_dist=_some(*REQUIREMENTS),
        provides_extra=_some("b", "c", "x-y"),
        dynamic=st.lists(st.sampled_from(DYNAMIC_FIELDS), unique=True).map(tuple),
        build_requires=_some(*REQUIREMENTS),
        build_backend=st.sampled_from(BACKENDS),
        backend_path=_some(".", "backend", "it's/a b"),
        yanked=st.one_of(st.none(), st.just(""), lines()),
        sha256=st.sampled_from(("", "0123456789abcdef" * 4)),
    )


def abouts() -> st.SearchStrategy[About]:
    """What a project may say of itself."""
    return st.builds(
        About,
        summary=lines(),
        author=lines(),
        license=lines(),
        homepage=st.sampled_from(("", *ADDRESSES)),
        keywords=st.lists(lines(100), max_size=3).map(tuple),
        urls=st.lists(st.tuples(lines(64), st.sampled_from(ADDRESSES)), max_size=3).map(tuple),
    )


def packages(name: st.SearchStrategy[str] | None = None) -> st.SearchStrategy[Package]:
    """Packages with every fact that they can have."""

    def of_one_version_each(found: list[Release]) -> tuple[Release, ...]:
        return tuple({each.parsed_version: each for each in found}.values())

    return st.builds(
        Package,
        name=names() if name is None else name,
        project=st.one_of(names(), st.sampled_from(("Public_Hello", "a.B-c"))),
        repository=st.sampled_from(REPOSITORIES),
        subdirectory=st.sampled_from(SUBDIRECTORIES),
        private=st.booleans(),
        publish_metadata=st.sampled_from(PUBLISH_METADATA),
        about=abouts(),
        releases=st.lists(_with_description(releases()), min_size=1, max_size=4).map(of_one_version_each),
        typed=st.sampled_from(((), ("summary",), ("summary", "homepage"), ("summary", "author", "homepage"))),
        follow=st.sampled_from(FOLLOW),
    )


def _with_description(made: st.SearchStrategy[Release]) -> st.SearchStrategy[Release]:
    def named(found: Release, ending: str) -> Release:
        return replace(found, description=f"{found.version}.{ending}" if ending else "")

    return st.builds(named, made, st.sampled_from(("", *DESCRIPTION_TYPES.values())))


def texts(limit: int = 200) -> st.SearchStrategy[str]:
    """Long descriptions: lines of any ending, tabs, HTML; all that is text."""
    readme = "# Hi\r\n\n<script>alert(1)</script>\n[x](https://evil.example/hello-99.0.tar.gz)\n\n\t\u2028\x0c\ufeff"
    anything = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=limit)
    return st.one_of(st.just(""), st.just(readme), anything)
