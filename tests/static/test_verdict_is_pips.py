"""The verdict of static/pypi.js is what pip does.

Two indexes on the loopback, PyPI's as JSON and ours as HTML. `ask` and `verdict` are asked about each name, and pip is
asked to install it with the one as its index and the other as its extra index.
"""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

import pytest
from packaging.version import Version

from tests.static import files
from tests.static.simple_index import Reply, Server, page, project
from tests.static.test_verdict import PINNED, TABLE, offered

if TYPE_CHECKING:
    from random import Random

    from tests.static.node import Node

CHOICES = Path(__file__).with_name("pip_choices.py")
POOL = (
    *("0.1", "0.9", "1.0", "1.0.0", "1.0.post1", "1.0+cu1", "1.1", "1.10", "2.0", "1!0.1"),
    *("0.9a1", "1.0.dev1", "1.0rc1", "1.1a1", "2.0a1", "2.0b1"),
)


@dataclass(frozen=True)
class Case:
    """A name, the versions that the two indexes have of it (`~` marks a yanked one), and the pin of the command.

    `kinds` are those of PyPI's files and of ours.
    """

    name: str
    theirs: str
    ours: str
    pin: str = ""
    kinds: tuple[str, ...] = ("wheel", "wheel")

    @property
    def requirement(self) -> str:
        return f"{self.name}=={self.pin}" if self.pin else self.name


def put(server: Server, case: Case) -> None:
    """The pages and files of a case."""
    links: dict[str, list[dict[str, Any]]] = {"theirs": [], "ours": []}
    for side, versions, kind in zip(links, (case.theirs, case.ours), case.kinds, strict=True):
        for one in offered(versions):
            filename, body = files.make(case.name, one["version"], kind)
            url = f"/{side}/files/{quote(filename)}"
            server.replies[url] = Reply(body, "application/octet-stream")
            links[side].append({"filename": filename, "url": url, "hashes": {}, "yanked": one["yanked"]})
    if links["theirs"]:
        server.replies[f"/theirs/simple/{case.name}/"] = page(project(case.name, files=links["theirs"]))
    if links["ours"]:
        html = "<!DOCTYPE html><title>Links</title>" + "\n".join(map(anchor, links["ours"]))
        server.replies[f"/ours/simple/{case.name}/"] = Reply(html.encode(), "text/html")


def anchor(link: dict[str, Any]) -> str:
    """The link on an HTML page (PEP 592 for the attribute)."""
    yanked = ' data-yanked=""' if link["yanked"] else ""
    return f'<a href="{link["url"]}"{yanked}>{link["filename"]}</a>'


def pip(server: Server, requirements: list[str]) -> list[tuple[str, Version] | None]:
    """Which index pip takes each requirement from, and the version; None where it finds nothing."""
    options = ["--index-url", f"{server.url}/theirs/simple/", "--extra-index-url", f"{server.url}/ours/simple/"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    done = subprocess.run(
        [sys.executable, str(CHOICES)],
        input=json.dumps({"options": options, "requirements": requirements}),
        env={**environment, "PIP_CONFIG_FILE": os.devnull, "NO_PROXY": "127.0.0.1"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return [None if url is None else origin(server, url) for url in json.loads(done.stdout)]


def origin(server: Server, url: str) -> tuple[str, Version]:
    _, side, _, filename = unquote(url.removeprefix(server.url)).split("/")
    return side, Version(filename.removesuffix(".tar.gz").split("-")[1])


def verdicts(node: Node, server: Server, cases: list[Case]) -> list[dict[str, Any]]:
    asked = node.values("pypi.js", [["ask", case.name, {"base": f"{server.url}/theirs"}] for case in cases])
    assert [answer["known"] for answer in asked] == [True] * len(cases)
    assert [answer["exists"] for answer in asked] == [bool(case.theirs) for case in cases]
    pins = [{"pin": case.pin} if case.pin else {} for case in cases]
    calls = [
        ["verdict", answer, offered(case.ours), pin] for case, answer, pin in zip(cases, asked, pins, strict=True)
    ]  # fmt: skip
    return node.values("pypi.js", calls)


def check(node: Node, cases: list[Case]) -> Counter[str]:
    """That pip does for every case what the verdict says; gives how many there were of each kind."""
    with Server() as server:
        for case in cases:
            put(server, case)
        said = verdicts(node, server, cases)
        done = pip(server, [case.requirement for case in cases])
        # Where all that counts is yanked, pip 22.0 and newer take it only if it is pinned: so pin what counts most.
        stuck = [case for case, choice in zip(cases, done, strict=True) if choice is None and highest(case)]
        pinned = dict(zip(stuck, pip(server, [f"{case.name}=={highest(case)}" for case in stuck]), strict=True))
    wrong = []
    kinds: Counter[str] = Counter()
    for case, verdict, choice in zip(cases, said, done, strict=True):
        kind, expected = outcome(case, choice or pinned.get(case))
        kinds[f"{kind}, pinned" if case in pinned else kind] += 1
        danger = verdict["level"] == "danger"
        found = verdict["level"], Version(verdict["version"]) if danger else None
        if found != expected:
            wrong.append((case, verdict, choice, pinned.get(case)))
    assert wrong == []
    return kinds


def highest(case: Case) -> Version | None:
    """The highest of those versions that count: of the final ones, if there is one among them."""
    versions = [Version(one["version"]) for one in offered(f"{case.theirs} {case.ours}")]
    versions = [version for version in versions if not case.pin or version == Version(case.pin)]
    return max([version for version in versions if not version.is_prerelease] or versions, default=None)


def outcome(case: Case, choice: tuple[str, Version] | None) -> tuple[str, tuple[str, Version | None]]:
    """What pip's choice is called, and what the verdict must be: its level, and the version that is a danger."""
    if not case.theirs:
        return "nothing on PyPI", ("clear", None)
    if choice is None:
        return "nothing", ("caution", None)
    side, version = choice
    theirs, ours = (
        [one["yanked"] for one in offered(versions) if Version(one["version"]) == version]
        for versions in (case.theirs, case.ours)
    )
    # Of two files of one version pip may take either, but for one that is yanked where the other is not.
    if theirs and ours and all(theirs) == all(ours):
        return "either", ("danger", version)
    return side, ("danger", version) if side == "theirs" else ("caution", None)


@pytest.mark.slow
def test_every_mixture(node: Node, random: Random) -> None:
    """On each side a final release or none or a yanked one, and so a pre-release; lower, equal or higher than ours."""
    marks = ["", "{}", "{}~"]
    cases: list[Case] = []
    for final, pre, our_final, our_pre in itertools.product(marks, repeat=4):
        theirs = [
            final.format(random.choice(("0.9", "1.0", "1.1"))),
            pre.format(random.choice(("0.8a1", "1.0a1", "2.0a1"))),
        ]
        ours = [our_final.format("1.0"), our_pre.format("1.0a1")]
        cases.append(Case(f"mixture{len(cases)}", " ".join(filter(None, theirs)), " ".join(filter(None, ours))))
    kinds = check(node, cases)
    assert kinds.keys() >= {"theirs", "ours", "either", "nothing on PyPI", "theirs, pinned", "ours, pinned"}


@pytest.mark.slow
def test_any_versions(node: Node, random: Random) -> None:
    def some() -> str:
        versions = random.sample(POOL, random.choice((1, 1, 2, 3)))
        return " ".join(version + "~" * (random.random() < 0.25) for version in versions)

    check(node, [Case(f"any{number}", some(), some()) for number in range(80)])


@pytest.mark.slow
def test_the_tables(node: Node) -> None:
    table = [row for row in TABLE if row[1] != "release-9"]
    cases = [Case(f"table{number}", theirs, ours) for number, (theirs, ours, _) in enumerate(table)]
    pinned = [row for row in PINNED if row[2] != "no version"]
    cases += [Case(f"pinned{number}", theirs, ours, pin) for number, (theirs, ours, pin, _) in enumerate(pinned)]
    check(node, cases)


@pytest.mark.slow
def test_why_one_version_on_both_is_a_danger(node: Node) -> None:
    """A wheel on PyPI goes before our sdist of that version. Of two files of one kind pip takes the extra index's."""
    kinds = itertools.product(("wheel", "sdist"), repeat=2)
    cases = [Case(f"hello{number}", "1.0", "1.0", kinds=pair) for number, pair in enumerate(kinds)]
    assert check(node, cases) == {"either": 4}
    with Server() as server:
        for case in cases:
            put(server, case)
        choices = pip(server, [case.name for case in cases])
    taken = [choice and choice[0] for choice in choices]
    assert taken == ["ours", "theirs", "ours", "ours"]
