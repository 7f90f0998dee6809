"""Many requests made from one index, which do not contradict each other, and what the index must be after all of them.

What is expected is worked out here from the requests themselves: no code of the merge has a part in it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from scripts import changes
from scripts.model import About
from scripts.pages import cards, record
from tests.factories import described, findings, release
from tests.memory import Files, new_index

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

    from scripts.change_set import ChangeSet
    from scripts.model import Described, Findings, Package

VERSIONS = ("1.0", "1.1", "2.0", "2.1rc1")


@dataclass(frozen=True)
class Made:
    """A project at one version, as `describe` finds it."""

    name: str
    version: str
    text: str

    @property
    def described(self) -> Described:
        address = f"https://github.com/acme/{self.name}"
        found = release(self.version, repository=address, requires_python=">=3.11", requires_dist=("mydependency>=1",))
        about = About(
            f"{self.name} as of {self.version}.", author=f"The authors of {self.version}", keywords=("a", "b")
        )
        return described(found, self.text, project=self.name, about=about)

    @property
    def findings(self) -> Findings:
        return findings(self.described, repository=f"https://github.com/acme/{self.name}")


def index_of(names: list[str], rng: random.Random) -> Files:
    """An index with packages of four releases each, some yanked, some that share a description."""
    files = new_index()
    for name in names:
        found = []
        for number, version in enumerate(VERSIONS):
            text = f"# {name}\n" if number % 2 == 0 and rng.random() < 0.5 else f"# {name} {version}\n"
            found.append(Made(name, version, text).described)
        found_all = findings(*found, repository=f"https://github.com/acme/{name}")
        files = files.do(changes.register, name, found_all, name)
        files = files.do(changes.yank, name, name, "1.1", "is broken")
    return files


@dataclass
class Plan:
    """The requests, and the packages that there must be at the end, each with the texts of its descriptions."""

    base: Files
    requests: list[ChangeSet]
    packages: dict[str, Package]
    texts: dict[str, dict[str, str]]


class _Planner:
    def __init__(self, base: Files, rng: random.Random) -> None:
        self.base, self.rng = base, rng
        self.plan = Plan(base, [], {}, {})
        for name in cards.names(base.files[cards.PATH]):
            package = record.read(f"{name}/index.html", base.files[f"{name}/index.html"])
            self.plan.packages[name] = package
            self.plan.texts[name] = {
                each.version: base.files[f"{name}/{each.description}"] for each in package.releases if each.description
            }

    def ask(self, change: ChangeSet) -> ChangeSet:
        self.plan.requests.append(change)
        return change

    def register(self, name: str) -> None:
        made = Made(name, "1.0", f"# {name}\n")
        change = self.ask(changes.register(self.base.texts(name), made.findings, name))
        assert change.after
        self.plan.packages[name] = change.after
        self.plan.texts[name] = {"1.0": made.text}

    def drop(self, name: str) -> None:
        self.ask(changes.delete(self.base.texts(name), name))
        del self.plan.packages[name], self.plan.texts[name]

    def several(self, name: str) -> Iterator[None]:
        """Requests about one package, in the order in which they are asked for."""
        texts, rng = self.base.texts(name), self.rng
        added = [
            Made(name, version, f"# {name}\n" if rng.random() < 0.3 else f"# {name} {version}\n")
            for version in rng.sample(["0.9", "1.2", "2.0.1", "3.0", "3.1", "4.0a1"], 4)
        ]
        for made in added[: rng.randint(1, 4)]:
            self.add(made, self.ask(changes.update(texts, name, made.findings)))
            yield
        chosen = rng.sample(["yank", "undo", "delete", "summary", "author", "homepage"], 6)
        for what in chosen:
            package = self.plan.packages[name]
            if what == "yank":
                version = rng.choice(["2.0", "2.1rc1"])
                self.ask(changes.yank(texts, name, version, "a reason"))
                found = package.release(version)
                assert found
                self.plan.packages[name] = package.with_release(replace(found, yanked="a reason"))
            elif what == "undo":
                self.ask(changes.yank(texts, name, "1.1", undo=True))
                found = package.release("1.1")
                assert found
                self.plan.packages[name] = package.with_release(replace(found, yanked=None))
            elif what == "delete":
                self.ask(changes.delete(texts, name, "1.0"))
                left = tuple(each for each in package.releases if each.version != "1.0")
                self.plan.packages[name] = replace(package, releases=left)
                self.plan.texts[name].pop("1.0", None)
            else:
                value = f"https://{name}.example" if what == "homepage" else f"{what} of {name}"
                self.ask(changes.update(texts, name, None, changes.Typed(**{what: value})))
                typed = tuple(field for field in ("summary", "author", "homepage") if field in {*package.typed, what})
                about = About(**{**vars(package.about), what: value})
                self.plan.packages[name] = replace(package, typed=typed, about=about)
            yield

    def add(self, made: Made, change: ChangeSet) -> None:
        """What an update adds to what is expected; the newest release has the word about the project."""
        (new,) = change.added
        package = self.plan.packages[made.name]
        before = package.releases
        after = replace(package, releases=(*before, new))
        assert change.after
        newest_of_requests = max(
            (each for each in after.releases if each.version not in VERSIONS and not each.is_prerelease),
            key=lambda each: each.parsed_version,
            default=None,
        )
        if newest_of_requests is new and change.after.latest == new:
            after = replace(after, about=About(**{**vars(made.described.about), **_typed(package)}))
        self.plan.packages[made.name] = after
        self.plan.texts[made.name][made.version] = made.text


def _typed(package: Package) -> dict[str, str]:
    return {field: getattr(package.about, field) for field in package.typed}


def plan(count: int, rng: random.Random) -> Plan:
    """`count` requests, several on one package, in random order."""
    old = [f"old-{letter}{number}" for number, letter in enumerate("aabbccddeeffgghhiijjkkllmm"[: max(4, count // 5)])]
    planner = _Planner(index_of(old, rng), rng)
    whole = old[::4]
    for name in whole:
        planner.drop(name)
    new = [
        f"{rng.choice(['new', 'old', 'pkg'])}-{rng.choice('abcdxyz')}{number}x" for number in range(max(1, count // 5))
    ]
    for name in new:
        planner.register(name)
    rest = [name for name in old if name not in whole]
    waiting = [planner.several(name) for name in rest]
    while len(planner.plan.requests) < count:
        chosen = rng.choice(waiting)
        if next(chosen, StopIteration) is StopIteration:
            waiting.remove(chosen)
    rng.shuffle(planner.plan.requests)
    return planner.plan
