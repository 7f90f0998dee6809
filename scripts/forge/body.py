"""The text of a pull request: what a reviewer needs to decide, and nothing that a value could forge.

Every value stands in a code span or in the destination of a link, so that no name, tag or summary is ever Markdown.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import quote

from packaging.version import Version

from scripts.forge.report import code
from scripts.model import withholds

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scripts.model import OnPyPI, Package, Release

SHOWN_RELEASES = 30  # and tags that were left out
LINKED_RELEASES = 200  # in all
LONGEST = 65_000  # characters; GitHub takes 65,536
SYNCED = "<!-- made by sync -->"  # no value can forge it: they all stand in code spans or in links


@dataclass(frozen=True)
class Review:
    """What a pull request is about: the package before and after, the releases that are new, PyPI's answer.

    `problems` are what the check of its pages found; None where they were not checked.
    """

    verb: str
    name: str
    before: Package | None
    after: Package | None
    added: tuple[Release, ...]
    left_out: tuple[tuple[str, str], ...]
    pypi: OnPyPI
    problems: tuple[str, ...] | None = None


def body(review: Review, server: str) -> str:
    """The body of a pull request, in GitHub's Markdown. `server` is the GitHub whose links are known."""
    parts = [_package(review), _warning(review)]
    if review.added:
        parts += [_releases(review, server), _changes(review)]
    parts += [_removed(review), _edits(review), _left_out(review), _checked(review), _checks(review), _made_by(review)]
    return cut("\n\n".join(part for part in parts if part) + "\n")


def cut(text: str, instead: str = "read what changes in the files") -> str:
    """The text, as far as GitHub takes it. Only whole lines go: no value reaches beyond its own."""
    if len(text) <= LONGEST:
        return text
    kept = text[:LONGEST].rpartition("\n")[0]
    return f"{kept}\n\nThe rest is too long to show: {instead}.\n"


def _made_by(review: Review) -> str:
    if review.verb == "sync":
        how = "Made by `sync`, which proposes what is new. It leaves this alone unless there is more to add; when you"
        return f"{SYNCED}\n<sub>{how} close it, these releases are not proposed again.</sub>"
    again = "Running the form again brings this branch up to date, and replaces what was pushed to it since."
    return f"<sub>Made by the form `{review.verb.removeprefix('un')}`. {again}</sub>"


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table of GitHub's Markdown; a | in a cell is escaped, in code spans too (GFM, section 4.10)."""
    lines = [" | ".join(cell.replace("|", "\\|") for cell in row) for row in rows]
    head = list(head)
    return "\n".join(f"| {line} |" for line in [" | ".join(head), " | ".join("---" for _ in head), *lines])


def _link(text: str, address: str) -> str:
    return f"[{text}](<{address}>)" if address.startswith(("http://", "https://")) else text


def _package(review: Review) -> str:
    package = review.after or review.before
    if package is None:
        return f"Package {code(review.name)}, whose record could not be read."
    rows = [
        ("Package", code(package.name)),
        ("Repository", _link(code(package.repository), package.repository)),
    ]
    if package.is_alias:
        rows.insert(1, ("Alias of the project", code(package.project)))
    if package.subdirectory:
        rows.append(("Subdirectory", code(package.subdirectory)))
    if withholds(package.private, package.publish_metadata):
        shown = "name, version, links, requires-python and build requirements only"
        rows.append(("Visibility", f"{'private' if package.private else 'public'}; published: {shown}"))
    else:
        rows.append(("Visibility", "private, with its metadata published" if package.private else "public"))
    return table(("", ""), [*rows, ("On PyPI", _pypi(review.pypi))])


def _pypi(pypi: OnPyPI) -> str:
    if not pypi.known:
        return "PyPI could not be asked: look there yourself"
    if not pypi.exists:
        return "no project of this name"
    return (
        f"a project of this name, newest {code(pypi.newest)}" if pypi.newest else "a project of this name, no release"
    )


def _warning(review: Review) -> str:
    newest = review.pypi.newest
    if review.after is None or newest is None or Version(newest) < review.after.latest.parsed_version:
        return ""
    return (
        f"> [!WARNING]\n> PyPI has a project of this name at {code(newest)}, which is not lower than"
        f" {code(review.after.latest.version)}: `pip --extra-index-url` takes the one from PyPI."
        " Register the package under another name."
    )


def _releases(review: Review, server: str) -> str:
    """A row for each new release, with the comparison to the release before it."""
    everything = review.after.releases if review.after else ()
    previous = {newer.version: older for newer, older in pairwise(everything)}
    rows = []
    for release in review.added[:SHOWN_RELEASES]:
        older = previous.get(release.version)
        rows.append(
            (
                _named(server, release) + (" pre-release" if release.is_prerelease else ""),
                _on(server, release, f"tree/{quote(release.tag)}", code(release.tag)),
                _on(server, release, f"commit/{release.commit}", code(release.commit)),
                _compare(server, older, release) if older else "first here",
            )
        )
    if (more := len(review.added) - SHOWN_RELEASES) > 0:
        rest = ", ".join(_named(server, one) for one in review.added[SHOWN_RELEASES:LINKED_RELEASES])
        rows.append((f"and {more} more", rest + (", …" if len(review.added) > LINKED_RELEASES else ""), "", ""))
    return table(("Version", "Tag", "Commit", "Compared with the release before"), rows)


def _named(server: str, release: Release) -> str:
    return _on(server, release, f"releases/tag/{quote(release.tag)}", code(release.version))


def _on(server: str, release: Release, path: str, text: str) -> str:
    """A link into a repository on GitHub; on another host the text alone, whose addresses are not known."""
    return _link(text, f"{release.repository}/{path}") if release.repository.startswith(f"{server}/") else text


def _compare(server: str, older: Release, newer: Release) -> str:
    return _on(server, newer, f"compare/{older.commit}...{newer.commit}", f"since {code(older.version)}")


def _changes(review: Review) -> str:
    """What an installer will see change with the newest of the new releases."""
    newest = review.added[0]
    everything = review.after.releases if review.after else ()
    older = next((release for release in everything if release.parsed_version < newest.parsed_version), None)
    python = code(newest.requires_python) if newest.requires_python else "any"
    if older and older.requires_python != newest.requires_python:
        python += f" (before: {code(older.requires_python) if older.requires_python else 'any'})"
    rows = [("Requires Python", python), ("Dependencies", _dependencies(newest, older))]
    if newest.provides_extra:
        rows.append(("Extras", ", ".join(map(code, newest.provides_extra))))
    return f"With {code(newest.version)}:\n\n" + table(("", ""), rows)


def _dependencies(newest: Release, older: Release | None) -> str:
    if "requires-dist" in newest.dynamic and not newest.requires_dist:
        return "not published; known when it is built"
    listed = ", ".join(map(code, newest.requires_dist)) or "none"
    if older is None:
        return listed
    new = [text for text in newest.requires_dist if text not in older.requires_dist]
    gone = [text for text in older.requires_dist if text not in newest.requires_dist]
    changes = [f"**new:** {', '.join(map(code, new))}"] if new else []
    changes += [f"**gone:** {', '.join(map(code, gone))}"] if gone else []
    return f"{listed} ({'; '.join(changes)})" if changes else f"{listed} (as before)"


def _removed(review: Review) -> str:
    before = review.before.releases if review.before else ()
    there = {release.version for release in (review.after.releases if review.after else ())}
    gone = [release.version for release in before if release.version not in there]
    if not gone:
        return ""
    listed = ", ".join(map(code, gone[:SHOWN_RELEASES])) + (", …" if len(gone) > SHOWN_RELEASES else "")
    return f"Taken away: {listed}. Whoever has pinned one of them can no longer install it; a yank is gentler."


def _edits(review: Review) -> str:
    """What the request changed in the words about the package, and in its yanks."""
    if review.before is None or review.after is None:
        return ""
    before, after = _facts(review.before), _facts(review.after)
    rows = [
        (fact, _said(fact, before.get(fact)), _said(fact, value))
        for fact, value in after.items()
        if before.get(fact) != value
    ]
    rows = [row for row in rows if row[0] in before or not row[0].startswith("Yanked")]
    return table(("Changed", "from", "to"), rows) if rows else ""


def _facts(package: Package) -> dict[str, str | None]:
    about = package.about
    facts: dict[str, str | None] = {"Repository": package.repository, "Visibility": _visibility(package)}
    facts |= {
        "Followed by sync": package.follow,
        "Summary": about.summary,
        "Author": about.author,
        "Homepage": about.homepage,
        "License": about.license,
    }
    return facts | {f"Yanked {release.version}": release.yanked for release in package.releases}


def _visibility(package: Package) -> str:
    return "private" if package.private else "public"


def _said(fact: str, value: str | None) -> str:
    if value is None:
        return "no"
    return code(value) if value else "yes, without a reason" if fact.startswith("Yanked") else "(empty)"


def _left_out(review: Review) -> str:
    if not review.left_out:
        return ""
    rows = [(code(tag), code(reason)) for tag, reason in review.left_out[:SHOWN_RELEASES]]
    if (more := len(review.left_out) - SHOWN_RELEASES) > 0:
        rows.append((f"and {more} more", ""))
    return "These tags could not become releases:\n\n" + table(("Tag", "Why"), rows)


def _checked(review: Review) -> str:
    """The outcome of the same check that `check` makes of a pull request."""
    if review.problems is None:
        return ""
    if not review.problems:
        return (
            "Checked: the pages read back as what is shown here, and the hashes are those of what will be published."
        )
    lines = "".join(f"\n> - {code(problem)}" for problem in review.problems)
    return f"> [!CAUTION]\n> The check found something that has to be mended before this is merged:\n>{lines}"


def _checks(review: Review) -> str:
    checks = ["only `index.html` and the folder of this package change"]
    if review.added:
        checks += [
            "the repository is the project's own, and the commit is the one that was meant to be released",
            "every new dependency is one that the team knows, on this index or on PyPI",
        ]
    if review.verb == "register":
        checks.append("the name cannot be mistaken for a public project on PyPI")
    if review.verb in ("delete", "yank"):
        checks.append("nobody depends on what goes away")
    return "What to check:\n\n" + "\n".join(f"- [ ] {check}" for check in checks)
