"""What a repository holds, read now or handed over by a describe job."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from scripts import values
from scripts.cli.index import credential, handed_over
from scripts.errors import BadUsage, BadValue
from scripts.sources.describe import describe

if TYPE_CHECKING:
    import argparse
    from collections.abc import Collection

    from scripts.model import Findings


def find(
    arguments: argparse.Namespace,
    repository: str,
    *,
    tag: str,
    subdirectory: str,
    names: Collection[str],
    known: Collection[str] = (),
    publish_metadata: str,
) -> Findings:
    """The findings for a request: from its --release file, which must be about the same, or from the repository."""
    if not arguments.release:
        if arguments.pull_request and os.environ.get("GITHUB_ACTIONS") == "true":
            # A job that may write runs no package code (DESIGN, decision 8), whatever a form asks for.
            why = (
                "in Actions, --pull-request takes releases from describe alone: give its --release file, or only texts"
            )
            raise BadUsage("--pull-request", why)
        return describe(
            repository,
            tag=tag,
            all_tags=arguments.all_tags,
            subdirectory=subdirectory,
            names=names,
            known=known,
            publish_metadata=publish_metadata,
            credential=credential(repository),
        )
    findings = handed_over(arguments.release)
    releases = [described.release for described in findings.found]
    for asked, said in (
        (repository, findings.repository),
        (values.subdirectory(subdirectory), findings.subdirectory),
        *((repository, release.repository) for release in releases),
        *((findings.subdirectory, release.subdirectory) for release in releases),
        *((tag, release.tag) for release in releases if tag),
    ):
        if asked != said:
            raise BadValue("release file", said, f"is not what was asked for, {asked}: make it anew with describe")
    if len(releases) > 1 and not arguments.all_tags:
        raise BadValue("release file", f"{len(releases)} releases", "is not what was asked for, one release")
    return findings
