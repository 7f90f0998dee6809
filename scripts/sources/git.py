"""The git command, run so that it never asks, never uses the caller's repository, and says in one line what failed."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scripts.errors import BadValue, Unreadable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

TIMEOUT = 300  # seconds, for one command
LOOK = 60  # seconds, for one of many looks at a repository's tags
_VARIABLE = "INDEX_GIT_TOKEN"

# What `git rev-parse --local-env-vars` lists, less the configuration: they name the caller's repository, not ours.
_CALLERS = frozenset(
    f"GIT_{name}"
    for name in (
        *("DIR", "WORK_TREE", "INDEX_FILE", "OBJECT_DIRECTORY", "ALTERNATE_OBJECT_DIRECTORIES", "COMMON_DIR"),
        *("GRAFT_FILE", "NAMESPACE", "PREFIX", "SHALLOW_FILE", "REPLACE_REF_BASE", "IMPLICIT_WORK_TREE"),
        *("INTERNAL_SUPER_PREFIX", "NO_REPLACE_OBJECTS", "QUARANTINE_PATH", "CEILING_DIRECTORIES"),
    )
)
_REFUSED = re.compile(
    "could not read username|authentication failed|access denied|permission denied|not found|does not exist"
    "|not appear to be a git repository|terminal prompts disabled|returned error: 40[134]",
    re.IGNORECASE,
)
_UNREACHED = re.compile(
    "could not resolve host|failed to connect|could not connect|connection (refused|reset|timed out)|unable to access"
    "|network is unreachable|operation timed out|early eof|hung up|the requested url returned error: 5",
    re.IGNORECASE,
)
_REDIRECTED = re.compile(r"^warning: redirecting to (\S+)$", re.MULTILINE)
_LABEL = re.compile("^(?:fatal|error|remote): *")
# What git adds to whatever a transport has said.
_TAIL = ("Could not read from remote", "Please make sure you have the correct access", "and the repository exists")


# What git asks for a password: it takes it from the environment, and keeps nothing (gitcredentials, "Custom helpers").
_HELPER = f"""!f() {{ test "$1" = get && printf "username=x-access-token\\npassword=%s\\n" "${_VARIABLE}"; }}; f"""


@dataclass(frozen=True)
class Credential:
    """A token, and the server that it is for: it is sent nowhere else, and stands in no argument and no file."""

    server: str
    token: str = field(repr=False)

    def environment(self, environment: Mapping[str, str]) -> dict[str, str]:
        """Settings for git that give the token to its server alone, added to those that `environment` makes already.

        A header would go on to wherever a redirect leads. The first, empty helper takes away all others: one of them
        might store what it sees.
        """
        key = f"credential.{self.server.rstrip('/')}.helper"
        count = int(environment.get("GIT_CONFIG_COUNT") or 0)
        made = {"GIT_CONFIG_COUNT": str(count + 2), _VARIABLE: self.token}
        for number, value in enumerate(("", _HELPER), count):
            made |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
        return made


def environment(credential: Credential | None = None) -> dict[str, str]:
    """The environment that git runs in: the caller's credentials and settings, but not the caller's repository."""
    kept = {name: value for name, value in os.environ.items() if name not in _CALLERS | {"SSH_ASKPASS", "LANGUAGE"}}
    quiet = {"GIT_TERMINAL_PROMPT": "0", "GCM_INTERACTIVE": "never", "GIT_LFS_SKIP_SMUDGE": "1", "LC_ALL": "C.UTF-8"}
    kept.setdefault("GIT_SSH_COMMAND", "ssh -oBatchMode=yes -oStrictHostKeyChecking=accept-new")
    return {**kept, **quiet, **(credential.environment(kept) if credential else {})}


@dataclass(frozen=True)
class Refs:
    """What a repository says of itself: its tags and the commits that they name, and its new address if it moved."""

    tags: Mapping[str, str]
    moved_to: str = ""


def run(*arguments: str, repository: str, cwd: Path | None = None, credential: Credential | None = None) -> str:
    """Run a git command that may ask `repository`, and give what it prints. Raises Unreadable."""
    return _run(arguments, repository, cwd, credential, TIMEOUT)[0]


def _run(
    arguments: Sequence[str], repository: str, cwd: Path | None, credential: Credential | None, timeout: int
) -> tuple[str, str]:
    """What a git command prints, and what it prints to standard error."""
    try:
        done = subprocess.run(
            ["git", *arguments],
            cwd=cwd,
            env=environment(credential),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=timeout,
            start_new_session=True,
            check=False,
        )
    except FileNotFoundError:
        raise Unreadable(repository, "git is not installed: install it") from None
    except subprocess.TimeoutExpired:
        raise Unreadable(repository, f"no answer within {timeout} seconds: run again later") from None
    printed = done.stderr.decode(errors="replace")
    if done.returncode:
        raise Unreadable(repository, _why(printed, repository), answered=bool(_REFUSED.search(printed)))
    return done.stdout.decode(errors="replace"), printed


def _why(printed: str, repository: str) -> str:
    """What git's own words mean for the person who asked."""
    if _REFUSED.search(printed):
        if repository.startswith("file:"):
            return "there is no such repository on this machine, or it may not be read: check the path"
        return (
            "there is no such repository, or this account may not read it: check the address; for a private repository"
            " set the secret PACKAGES_TOKEN (one that is there may have expired), or give git a credential"
        )
    lines = [_LABEL.sub("", line.strip())[:300] for line in printed.splitlines() if line.strip()]
    told = [line for line in lines if not line.startswith(_TAIL)] or ["nothing"]
    if _UNREACHED.search(printed):
        return f"its server cannot be reached ({told[-1]}): check the network and the address, then run again"
    return f"git says: {told[-1] if len(told) == len(lines) else told[0]}"


def tags(repository: str, credential: Credential | None = None) -> dict[str, str]:
    """The tags of a repository and the commits that they name, annotated tags followed to theirs."""
    return dict(look(repository, credential, TIMEOUT).tags)


def look(repository: str, credential: Credential | None = None, timeout: int = LOOK) -> Refs:
    """Ask a repository for its tags, once. Raises Unreadable."""
    found: dict[str, str] = {}
    command = ("ls-remote", "--tags", "--", repository)
    listed, told = _run(command, repository, None, credential, timeout)
    for line in listed.splitlines():
        commit, _, reference = line.partition("\t")
        tag = reference.removeprefix("refs/tags/")
        if tag.endswith("^{}"):
            found[tag.removesuffix("^{}")] = commit
        else:
            found.setdefault(tag, commit)
    moved = _REDIRECTED.search(told)
    return Refs(found, moved[1].rstrip("/").removesuffix(".git") if moved else "")


def fetch(repository: str, tag: str, folder: Path, credential: Credential | None = None) -> None:
    """Bring one tag, at depth 1, into a repository in `folder`, which is made if it is not there."""
    if not (folder / ".git").exists():
        run("init", "--quiet", "--", str(folder), repository=repository)
        run("remote", "add", "--", "origin", repository, repository=repository, cwd=folder)
    reference = f"+refs/tags/{tag}:refs/tags/{tag}"
    fetching = ("fetch", "--quiet", "--depth=1", "--no-tags", "--no-recurse-submodules", "origin", reference)
    run(*fetching, repository=repository, cwd=folder, credential=credential)


def check_out(repository: str, commit: str, folder: Path) -> int:
    """Put the files of a fetched commit into `folder`, and no others; gives the commit's time, in seconds of UTC."""
    run("checkout", "--quiet", "--force", "--detach", commit, repository=repository, cwd=folder)
    run("clean", "--quiet", "-dffx", repository=repository, cwd=folder)
    date = ("show", "--no-patch", "--no-show-signature", "--format=%ct", commit)
    return int(run(*date, repository=repository, cwd=folder))


def submodules(repository: str, folder: Path, credential: Credential | None = None) -> None:
    """Bring in the submodules of what is checked out in `folder`, if it has any."""
    if (folder / ".gitmodules").exists():
        update = ("submodule", "--quiet", "update", "--init", "--recursive", "--force", "--depth=1")
        run(*update, repository=repository, cwd=folder, credential=credential)


def commit_at(folder: Path, revision: str) -> str:
    """The commit that a revision of a checkout names. Raises Unreadable, and BadValue where it names none."""
    here = folder.resolve().as_uri()
    run("rev-parse", "--git-dir", repository=here, cwd=folder)
    named = ("rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}")
    try:
        return run(*named, repository=here, cwd=folder).strip()
    except Unreadable:
        why = "names no commit of this repository: fetch it, or give another branch, tag or commit"
        raise BadValue("revision", revision, why) from None


def changed(folder: Path, base: str) -> dict[str, bool]:
    """The paths below `folder` that differ from a commit, relative to it, and whether each is gone. Raises Unreadable.

    What is not committed yet counts, ignored files do not.
    """
    here = folder.resolve().as_uri()
    quiet = ("--no-ext-diff", "--no-textconv", "--no-renames", "--name-status", "-z", "--relative")
    differing = run("diff", *quiet, base, "--", repository=here, cwd=folder).split("\0")
    new = run("ls-files", "--others", "--exclude-standard", "-z", repository=here, cwd=folder)
    found = {path: status == "D" for status, path in zip(differing[::2], differing[1::2], strict=False)}
    return found | {path: False for path in new.split("\0") if path}


def show(folder: Path, base: str, path: str) -> str | None:
    """The text of a file, relative to `folder`, as it was at a commit; None where it was not there."""
    here = folder.resolve().as_uri()
    if " blob " not in run("ls-tree", base, "--", f"./{path}", repository=here, cwd=folder).partition("\t")[0]:
        return None
    return run("show", "--no-textconv", f"{base}:./{path}", repository=here, cwd=folder)


def branch(folder: Path) -> str:
    """The branch that is checked out; "HEAD" for none. Raises Unreadable."""
    return run("rev-parse", "--abbrev-ref", "HEAD", repository=folder.resolve().as_uri(), cwd=folder).strip()
