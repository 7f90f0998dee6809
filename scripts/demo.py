"""Show the whole way on this machine: two projects, their releases on an index, and pip installing from it."""

from __future__ import annotations

import functools
import http.server
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import venv
from pathlib import Path

HERE = Path(__file__).parent.parent
INDEX_FILES = ("index.html", "pkg_template.html", "static")
IDENTITY = ("-c", "user.name=Demo", "-c", "user.email=demo@example.org", "-c", "commit.gpgSign=false")

PROJECT = """\
[build-system]
requires = ["flit_core>=3.4"]
build-backend = "flit_core.buildapi"

[project]
name = "{name}"
version = "{version}"
description = "{summary}"
readme = "README.md"
requires-python = ">=3.8"
license = {{text = "MIT"}}
dependencies = {dependencies}
"""
DEPENDENCY = 'def name():\n    return "my dependency"\n'
HELLO = 'def hi():\n    return "hello {version}"\n'
HELLO_WITH = 'import mydependency\n\n\ndef hi():\n    return "hello {version}, with " + mydependency.name()\n'


class Demo:
    """A scratch folder with sample projects, an index, and environments to install into."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.index = folder / "index"
        self.environment = {
            **os.environ,
            "PIP_CACHE_DIR": str(folder / "cache"),
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "GIT_TERMINAL_PROMPT": "0",
        }
        self.started = time.monotonic()

    def step(self, title: str) -> None:
        print(f"\n[{time.monotonic() - self.started:4.1f} s] {title}", flush=True)

    def run(self, *command: str, cwd: Path = HERE, quiet: bool = False) -> str:
        """Run a command, shown as a person would type it; its output. Ends the demo when it fails."""
        if not quiet:
            shown = [Path(command[0]).name, *command[1:]]
            print("  $", shlex.join(shown).replace(f"{self.folder}{os.sep}", ""), flush=True)
        done = subprocess.run(
            command,
            cwd=cwd,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SystemExit(f"error: the demo stopped here:\n{done.stdout}{done.stderr}")
        return done.stdout

    def say(self, text: str) -> None:
        for line in text.strip().splitlines():
            print(f"    {line}", flush=True)

    def verb(self, name: str, *arguments: str) -> None:
        """Run one of the index's own scripts on the scratch copy."""
        self.say(self.run(sys.executable, "-m", f"scripts.{name}", *arguments, "--root", str(self.index)))

    def release(self, name: str, version: str, code: str, dependencies: str = "[]") -> None:
        """Commit a version of a sample project, and tag it."""
        project = self.folder / name
        project.mkdir(exist_ok=True)
        summary = f"A sample project, {name}."
        text = PROJECT.format(name=name, version=version, summary=summary, dependencies=dependencies)
        (project / "pyproject.toml").write_text(text)
        (project / "README.md").write_text(f"# {name}\n\nSays hello.\n")
        (project / f"{name.replace('-', '_')}.py").write_text(f'"""{summary}"""\n\n{code.format(version=version)}')
        if not (project / ".git").exists():
            self.run("git", "init", "--quiet", str(project), quiet=True)
        self.run("git", "add", "--all", cwd=project, quiet=True)
        self.run("git", *IDENTITY, "commit", "--quiet", "-m", f"Release {version}", cwd=project, quiet=True)
        self.run("git", "tag", f"v{version}", cwd=project, quiet=True)
        print(f"    {name}: tag v{version}", flush=True)

    def install(self, requirement: str, url: str, expected: str) -> None:
        """Install into a fresh environment with pip, import what was installed, and check what it says."""
        environment = self.folder / requirement.replace("=", "_")
        venv.create(environment, with_pip=True)
        scripts = environment / ("Scripts" if os.name == "nt" else "bin")
        printed = self.run(str(scripts / "pip"), "install", requirement, "--extra-index-url", url)
        self.say(printed.splitlines()[-1])
        said = self.run(str(scripts / "python"), "-c", "import public_hello; print(public_hello.hi())").strip()
        if said != expected:
            raise SystemExit(f"error: the demo expected {expected!r}, and the package says {said!r}")
        self.say(said)


def serve(folder: Path) -> http.server.ThreadingHTTPServer:
    """Serve a folder on a free port of this machine, from a thread of its own."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the name that it overrides
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def show(demo: Demo) -> http.server.ThreadingHTTPServer:
    """All steps of the demo; gives the server that is still up."""
    demo.step("Two sample projects, as git repositories with tags")
    demo.release("mydependency", "1.0", DEPENDENCY)
    demo.release("public-hello", "0.1", HELLO)
    demo.release("public-hello", "0.2", HELLO_WITH, '["mydependency>=1.0"]')
    demo.release("public-hello", "0.3.dev0", HELLO_WITH, '["mydependency>=1.0"]')

    demo.step("A scratch copy of the index, and both projects on it")
    demo.index.mkdir()
    for name in INDEX_FILES:
        copy = shutil.copytree if (HERE / name).is_dir() else shutil.copy
        copy(HERE / name, demo.index / name)
    demo.verb("register", str(demo.folder / "mydependency"))
    demo.verb("register", str(demo.folder / "public-hello"), "--tag", "v0.1")
    demo.verb("update", "public-hello")
    demo.verb("update", "public-hello", "--tag", "v0.3.dev0")

    demo.step("The index is served")
    server = serve(demo.index)
    url = f"http://127.0.0.1:{server.server_port}/"
    demo.say(url)

    demo.step("pip installs the newest stable release, and what it depends on")
    demo.install("public-hello", url, "hello 0.2, with my dependency")
    demo.step("pip installs a version that was asked for")
    demo.install("public-hello==0.1", url, "hello 0.1")
    demo.step("Done: what was registered is what was installed.")
    return server


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="index-demo-", ignore_cleanup_errors=True) as folder:
        server = show(Demo(Path(folder).resolve()))
        try:
            if sys.stdin.isatty() and sys.stdout.isatty():
                print(f"\nLook at http://127.0.0.1:{server.server_port}/ and press Enter to end the demo.")
                input()
        except (EOFError, KeyboardInterrupt):
            print()
        finally:
            server.shutdown()
            server.server_close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
