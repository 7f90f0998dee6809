"""Asks a project's build backend for its metadata (PEP 517). A process of its own: it runs the project's code.

    python backend_process.py PROJECT_FOLDER FILE_FOR_METADATA

It imports nothing of this package, and is started without any secret in its environment.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import pyproject_hooks
from build import BuildException, ProjectBuilder
from build.env import DefaultIsolatedEnv


def main() -> int:
    source, out = sys.argv[1:]
    try:
        with DefaultIsolatedEnv() as environment, tempfile.TemporaryDirectory() as folder:
            builder = ProjectBuilder.from_isolated_env(environment, source, pyproject_hooks.quiet_subprocess_runner)
            environment.install(builder.build_system_requires)
            environment.install(builder.get_requires_for_build("wheel"))
            Path(out).write_bytes((Path(builder.metadata_path(folder)) / "METADATA").read_bytes())
    except subprocess.CalledProcessError as error:
        printed = (error.stdout or b"") + (error.stderr or b"")
        print(printed.decode(errors="replace") if isinstance(printed, bytes) else printed, file=sys.stderr)
        return 1
    except BuildException as error:
        cause = getattr(error, "exception", None)
        printed = getattr(cause, "output", b"") or getattr(cause, "stdout", b"") or b""
        print(printed.decode(errors="replace"), error, sep="\n", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
