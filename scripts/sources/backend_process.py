"""Asks a project's build backend for its metadata (PEP 517). A process of its own: it runs the project's code.

    python backend_process.py PROJECT_FOLDER FILE_FOR_METADATA

It imports nothing of this package, and is started without any secret in its environment.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import pyproject_hooks
from build import BuildBackendException, BuildException, ProjectBuilder
from build.env import DefaultIsolatedEnv


def main() -> int:
    source, out = sys.argv[1:]
    try:
        with DefaultIsolatedEnv() as environment, tempfile.TemporaryDirectory() as folder:
            builder = ProjectBuilder.from_isolated_env(environment, source, pyproject_hooks.quiet_subprocess_runner)
            environment.install(builder.build_system_requires)
            environment.install(builder.get_requires_for_build("wheel"))
            Path(out).write_bytes((Path(builder.metadata_path(folder)) / "METADATA").read_bytes())
    except subprocess.CalledProcessError as error:  # pip could not install what the build needs
        return _fail(error, error)
    except (BuildException, BuildBackendException) as error:
        return _fail(error, getattr(error, "exception", None))
    return 0


def _fail(error: Exception, cause: Exception | None) -> int:
    """Print what the program that failed has printed, or why there is no backend; else what the error says."""
    printed = b"".join(filter(None, (getattr(cause, "stdout", b""), getattr(cause, "stderr", b""))))
    print(printed.decode(errors="replace").strip() or getattr(cause, "traceback", "") or error, file=sys.stderr)
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
