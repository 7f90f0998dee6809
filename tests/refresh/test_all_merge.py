"""A hundred requests from one base, merged in a random order by git: with refresh, none needs a person.

REFRESH_SEEDS and REFRESH_REQUESTS make it more.
"""

from __future__ import annotations

import os
import random
from typing import TYPE_CHECKING

import pytest

from scripts.pages import cards, record
from tests.refresh.hundred import Plan, plan
from tests.servers.forge import MergeConflict
from tests.verbs import run

if TYPE_CHECKING:
    from tests.conftest import Say
    from tests.servers.forge import Repository
    from tests.verbs import Hub

pytestmark = pytest.mark.slow
SEEDS = int(os.environ.get("REFRESH_SEEDS", "2"))
COUNT = int(os.environ.get("REFRESH_REQUESTS", "20"))  # 100 take some 5,000 merges a seed: ten minutes


def open_all(repository: Repository, made: Plan) -> list[int]:
    """Put the base on main and open a pull request for each request; their numbers."""
    base = repository.commit(made.base.files, "The index")
    numbers = []
    for change in made.requests:
        repository.commit(change.files, change.title, branch=change.branch, start=base)
        numbers.append(repository.open_pull(change.branch, change.title).number)
    return numbers


def assert_expected(repository: Repository, made: Plan) -> None:
    """The index is the expected set: packages, cards, description files, and no other file."""
    index = repository.read("index.html") or ""
    assert cards.names(index) == sorted(made.packages)
    there = set(repository.files()) - {"LICENSE", "scripts/x.py", "pkg_template.html", "index.html"}
    there = {path for path in there if not path.startswith("static/")}
    for name, expected in made.packages.items():
        page = repository.read(f"{name}/index.html") or ""
        found = record.read(f"{name}/index.html", page)
        assert [each.version for each in found.releases] == [each.version for each in expected.releases], name
        assert found == expected, name
        assert cards.put(index, found) == index, f"the card of {name} does not say what its record says"
        texts = {each.version: repository.read(f"{name}/{each.description}") for each in found.releases}
        assert texts == made.texts[name], name
        there -= {f"{name}/{file}" for file in ("index.html", *(each.description for each in found.releases))}
    assert not there


def without_refresh(hub: Hub, made: Plan) -> int:
    """How many of the requests git cannot merge when nobody helps."""
    repository = hub.github.create_repository("octo/plain")
    conflicts = 0
    for number in open_all(repository, made):
        try:
            repository.merge(number)
        except MergeConflict:
            conflicts += 1
    return conflicts


@pytest.mark.parametrize("seed", range(SEEDS))
def test_a_hundred_requests_merge(hub: Hub, seed: int, say: Say) -> None:
    """Each is brought up to date when its turn comes, over all that was merged before it."""
    made = plan(100, random.Random(seed))  # noqa: S311 - a test's own
    for number in open_all(hub.index, made):
        assert run("refresh", "--root", hub.checkout, number).said
        hub.index.merge(number, squash=number % 3 == 0)
    assert_expected(hub.index, made)
    conflicts = without_refresh(hub, made)
    say(f"refresh, seed {seed}: 100 requests merged; without refresh {conflicts} of them conflict")


@pytest.mark.parametrize("seed", range(SEEDS))
def test_all_are_brought_up_to_date_after_each_merge(hub: Hub, seed: int) -> None:
    """As the workflow does it: a branch collects a merge of main for each request that is merged before it."""
    made = plan(COUNT, random.Random(1000 + seed))  # noqa: S311 - a test's own
    for number in open_all(hub.index, made):
        assert run("refresh", "--root", hub.checkout).said
        hub.index.merge(number, squash=number % 3 == 0)
    assert_expected(hub.index, made)
