"""An index in memory, and what verbs make of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scripts import changes
from scripts.change_set import Texts
from scripts.pages import record
from scripts.values import blob_id
from tests.factories import INDEX, TEMPLATE, findings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from scripts.change_set import ChangeSet
    from scripts.model import Described, Findings, Package

NAME, PAGE = "public-hello", "public-hello/index.html"


@dataclass(frozen=True)
class Files:
    """The text of each file of an index, by its path. A verb's change set gives the next one."""

    files: Mapping[str, str]

    def texts(self, name: str = NAME) -> Texts:
        """What a verb gets to see of a package."""
        below = self._below(name)
        return Texts(
            index=self.files["index.html"],
            template=self.files["pkg_template.html"],
            page=below.get("index.html"),
            files={path: blob_id(text.encode()) for path, text in below.items()},
            entries=frozenset(path.partition("/")[0] for path in self.files),
        )

    def after(self, change: ChangeSet) -> Files:
        """The index with a change set's files written, all of which are others than before."""
        assert all(self.files.get(path) != text for path, text in change.files.items())
        files = {**self.files, **change.files}
        return Files({path: text for path, text in files.items() if text is not None})

    def do(self, verb: Callable[..., ChangeSet], name: str, *arguments: Any, **options: Any) -> Files:
        """The index after a verb on a package."""
        return self.after(verb(self.texts(name), *arguments, **options))

    def but(self, **files: str | None) -> Files:
        """The index with some files otherwise, given by name; None takes one away."""
        after = {**self.files, **files}
        return Files({path: text for path, text in after.items() if text is not None})

    def record(self, name: str = NAME) -> Package:
        return record.read(f"{name}/index.html", self.files[f"{name}/index.html"])

    def versions(self, name: str = NAME) -> list[str]:
        return [release.version for release in self.record(name).releases]

    def card(self, name: str = NAME) -> str:
        """The version that the card of a package shows."""
        _, _, card = self.files["index.html"].partition(f'data-package="{name}"')
        return card.partition('data-field="version">')[2].partition("<")[0]

    def beside(self, name: str = NAME) -> dict[str, str]:
        """The files beside a record."""
        return {path: text for path, text in self._below(name).items() if path != "index.html"}

    def _below(self, name: str) -> dict[str, str]:
        folder = f"{name}/"
        return {path.removeprefix(folder): text for path, text in self.files.items() if path.startswith(folder)}


def new_index() -> Files:
    """This repository's own index, without any package."""
    return Files({"index.html": INDEX, "pkg_template.html": TEMPLATE, "LICENSE": "MIT\n", "scripts/x.py": "pass\n"})


def registered(*found: Described | str, index: Files | None = None, name: str = "", **options: Any) -> Files:
    """An index with a package on it, in these releases (or 1.0); `name` makes it an alias."""
    return registered_from(findings(*(found or ("1.0",))), index=index, name=name, **options)


def registered_from(found: Findings, index: Files | None = None, name: str = "", **options: Any) -> Files:
    """The same, from findings."""
    index = index or new_index()
    return index.after(changes.register(index.texts(changes.name_for(found, name)), found, name, **options))


def updated(index: Files, *found: Described | str, name: str = NAME, **options: Any) -> Files:
    """The index after an update to these releases; without one, of what the options say."""
    return updated_from(index, findings(*found) if found else None, name=name, **options)


def updated_from(index: Files, found: Findings | None, name: str = NAME, **options: Any) -> Files:
    """The same, from findings."""
    return index.after(changes.update(index.texts(name), name, found, **options))


def deleted(index: Files, version: str = "", name: str = NAME) -> Files:
    """The index without a release, or without the package."""
    return index.after(changes.delete(index.texts(name), name, version))


def yanked(index: Files, version: str, name: str = NAME, **options: Any) -> Files:
    """The index with a release yanked."""
    return index.after(changes.yank(index.texts(name), name, version, **options))
