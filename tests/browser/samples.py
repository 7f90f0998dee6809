"""An index full of packages of every kind, as the forms would have written it, published into a folder."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scripts.cli.publishing import publish
from scripts.model import About, Package, Release
from scripts.pages import cards, elements, record
from scripts.site.pages import front_page
from scripts.site.places import Site
from scripts.site.pointer import pointer
from scripts.values import blob_id
from tests.browser import readmes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ROOT = Path(__file__).parent.parent.parent
FILES = ("index.html", "pkg_template.html", "static")
REPOSITORY = "https://github.com/acme/packages"  # of the index itself


def release(name: str, version: str, date: str = "2026-01-31", **facts: Any) -> Release:
    plain: dict[str, Any] = {
        "tag": f"v{version}",
        "commit": blob_id(f"{name} {version}".encode()),
        "date": f"{date}T12:00:00Z",
        "repository": f"https://github.com/acme/{name}",
        "requires_python": ">=3.9",
        "build_requires": ("hatchling>=1.27",),
        "build_backend": "hatchling.build",
    }
    return Release(version=version, **{**plain, **facts})


def package(name: str, *releases: Release, **facts: Any) -> Package:
    """A package with these releases, each with the hash of its pointer sdist."""
    about = {field: facts.pop(field) for field in list(facts) if field in About.__dataclass_fields__}
    plain: dict[str, Any] = {
        "project": name,
        "repository": releases[0].repository,
        "subdirectory": "",
        "private": False,
        "publish_metadata": "auto",
    }
    made = Package(name=name, releases=releases, about=About(**about), **{**plain, **facts})
    for each in made.releases:
        digest = pointer(made.name, made.project, each).sha256
        made = made.with_release(replace(each, sha256=digest))
    return made


def index(packages: Iterable[Package]) -> str:
    """index.html with the cards of packages, as the forms write it one by one."""
    ordered = sorted(packages, key=lambda each: each.name)
    lines = [f"        {line}\n" for each in ordered for line in elements.card(each)]
    begin, mark, end = (ROOT / cards.PATH).read_text("utf-8").partition('data-field="packages">\n')
    return "".join([begin, mark, *lines, end])


def front(folder: Path, url: str, packages: list[Package]) -> Path:
    """The front page of a site, and what it is made of, without the packages' own pages."""
    site = Site(url, "Our Python packages", REPOSITORY, frozenset(each.name for each in packages))
    shutil.copytree(ROOT / "static", folder / "static")
    (folder / cards.PATH).write_text(front_page(cards.PATH, index(packages), site), "utf-8")
    return folder


def write(root: Path, packages: Iterable[Package], beside: Mapping[str, str]) -> None:
    """Write an index of packages into a folder; `beside` are the texts of descriptions by their paths."""
    for name in FILES:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, root / name)
    template = (root / record.TEMPLATE).read_text("utf-8")
    (root / cards.PATH).write_text(index(packages), "utf-8")
    for each in packages:
        path = f"{each.name}/index.html"
        (root / each.name).mkdir()
        (root / path).write_text(record.write(path, template, each), "utf-8")
    for path, text in beside.items():
        (root / path).write_text(text, "utf-8")


def published(folder: Path, url: str, packages: Iterable[Package], beside: Mapping[str, str]) -> Path:
    """The site of such an index, which will be served at `url`."""
    root, site = folder / "index", folder / "site"
    root.mkdir(parents=True)
    write(root, packages, beside)
    publish(root, site, url, REPOSITORY)
    return site


def showcase() -> tuple[list[Package], dict[str, str]]:
    """Packages of every kind, and their descriptions by their paths."""
    beside = {"public-hello/0.2.md": readmes.README, "public-hello/0.1.rst": readmes.OLD}
    return _packages(), {**beside, "hostile/1.0.md": readmes.HOSTILE}


def _packages() -> list[Package]:
    days = [f"2025-{1 + minor % 12:02}-{1 + minor % 28:02}" for minor in range(39)]
    return [
        _hello(),
        package(
            "mydependency", release("mydependency", "1.0"), release("mydependency", "1.1"),
            summary="What public-hello needs.",
        ),
        package(
            "private-hello",
            release("private-hello", "1.0", "2026-02-01", dynamic=("requires-dist", "provides-extra")),
            private=True,
        ),
        package(
            "forecasting-models",
            *(release("forecasting-models", f"1.{minor}", day) for minor, day in enumerate(days)),
            release("forecasting-models", "2.0rc1", "2026-03-02"),
            summary="Demand forecasts for stores and warehouses: features, models and their evaluation.",
            author="Data science, Acme", license="Proprietary", keywords=("forecast", "time series", "demand"),
        ),
        package(
            "preview-only", release("preview-only", "0.1a1"), release("preview-only", "0.1b2", "2026-03-01"),
            summary="Not out yet.",
        ),
        package(
            "taken-back", release("taken-back", "1.0", yanked="Leaks memory"), release("taken-back", "1.1", yanked=""),
            summary="Every release of it was yanked.",
        ),
        package(
            "our-tensorflow", release("our-tensorflow", "2.16+acme.1"), project="My_Cool.TensorFlow",
            summary="An alias of a project whose own name PyPI has.",
        ),
        package("no-summary", release("no-summary", "3", requires_python="")),
        package(
            "a-package-with-a-name-that-is-longer-than-anybody-would-want-to-type-or-read-in-a-list-of-packages",
            release("long", "2026.11.22.123456789.post1.dev20261122"),
            summary="A summary that goes on and on, " + "and on, " * 40 + "until it ends.",
            author="Somebody with " + "a very " * 20 + "long name",
        ),
        package(
            "hostile", release("hostile", "1.0", description="1.0.md"),
            summary='<script>alert(1)</script> <img src=x onerror="alert(1)"> & "quotes" \'too\'',
            author="<b>Bold</b> & Sons", keywords=("<i>x</i>",), urls=(("<a>", "https://example.org/?a=<b>&c"),),
        ),
    ]  # fmt: skip


def _hello() -> Package:
    return package(
        "public-hello",
        release(
            "public-hello", "0.1", "2025-06-01", description="0.1.rst",
            requires_python=">=3.8", requires_dist=("idna",),
        ),
        release("public-hello", "0.1.1", "2025-07-14", description="0.1.rst", yanked="Breaks on Windows"),
        release(
            "public-hello", "0.2", "2026-01-31", description="0.2.md",
            requires_dist=("mydependency>=1.0", "rich>=13", 'numpy; extra == "fast"'), provides_extra=("fast",),
        ),
        release("public-hello", "0.3.dev0", "2026-02-14", description="0.2.md", requires_dist=("mydependency>=1.0",)),
        summary="Says hello, in as many languages as you like.",
        author="Ada Example <ada@example.org>",
        license="MIT",
        homepage="https://example.org/hello",
        keywords=("greeting", "hello", "i18n"),
        urls=(("Documentation", "https://example.org/hello/docs"), ("Changelog", "https://example.org/hello/changes")),
    )  # fmt: skip


def many(count: int) -> list[Package]:
    """As many packages as are asked for, each with a name, a summary and a date of its own."""
    topics = [
        "billing",
        "orders",
        "search",
        "stock",
        "routes",
        "maps",
        "prices",
        "users",
        "mail",
        "reports",
        "images",
        "audio",
    ]
    kinds = ["client", "models", "pipeline", "schema", "toolkit", "service", "tests", "plugins", "cli", "theme"]
    verbs = ["Reads", "Writes", "Checks", "Plans", "Draws", "Counts", "Compares", "Sends", "Stores", "Explains"]
    made = []
    for number in range(count):
        topic, kind, verb = topics[number % 12], kinds[number // 12 % 10], verbs[number % 10]
        name = f"{topic}-{kind}-{number}"
        date = f"20{20 + number % 7}-{1 + number % 12:02}-{1 + number % 28:02}"
        made.append(
            package(
                name,
                release(name, f"{number % 5}.{number % 11}.{number % 7}", date),
                summary=f"{verb} {topic} for the {kinds[number % 7]} of team {number % 97}, and what depends on it.",
                private=number % 9 == 0,
            )
        )
    return made
