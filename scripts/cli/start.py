"""How a process starts: its secrets leave the environment before anything else runs."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable

SECRETS = ("GITHUB_TOKEN", "PACKAGES_TOKEN")
_HANDED_OVER = "INDEX_SECRETS_FD"


def start(main: Callable[[], int]) -> NoReturn:
    """Run an entry point, and exit with its status.

    A build that a verb starts is another project's code. It gets an environment without secrets, but on Linux it can
    also read the one that its parent process was started with (proc(5), /proc/pid/environ). So a process that was
    started with secrets starts itself anew without them, and hands them over through a pipe.
    """
    if descriptor := os.environ.pop(_HANDED_OVER, None):
        with os.fdopen(int(descriptor)) as pipe:
            os.environ.update(json.load(pipe))
    elif os.name == "posix" and any(name in os.environ for name in SECRETS):
        reader, writer = os.pipe()
        os.set_inheritable(reader, True)
        with os.fdopen(writer, "w") as pipe:
            json.dump({name: os.environ[name] for name in SECRETS if name in os.environ}, pipe)
        kept = {name: value for name, value in os.environ.items() if name not in SECRETS}
        command = [sys.executable, *sys.orig_argv[1:]]
        os.execve(sys.executable, command, {**kept, _HANDED_OVER: str(reader)})  # noqa: S606 - itself
    raise SystemExit(main())
