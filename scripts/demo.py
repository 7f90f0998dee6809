"""Show the whole way on this machine: two projects, their releases on an index, and pip installing from it."""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
import venv
from pathlib import Path
from urllib.parse import urlsplit

from scripts.cli.git_http import serving_git
from scripts.cli.preview import serving

HERE = Path(__file__).parent.parent
INDEX_FILES = ("index.html", "pkg_template.html", "static")
IDENTITY = ("-c", "user.name=Demo", "-c", "user.email=demo@example.org", "-c", "commit.gpgSign=false")

PASSWORD = "demo"  # noqa: S105 - of a server that lives as long as the demo

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
        self.index, self.site, self.home = folder / "index", folder / "site", folder / "home"
        self.environment = {
            **os.environ,
            "PIP_CACHE_DIR": str(folder / "cache"),
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "UV_CACHE_DIR": str(folder / "cache-uv"),
        }
        self.started = time.monotonic()
        self.environments = 0
        self.uv = shutil.which("uv")
        self.home.mkdir()
        self.site.mkdir()

    def step(self, title: str) -> None:
        print(f"\n[{time.monotonic() - self.started:4.1f} s] {title}", flush=True)

    def run(self, *command: str, cwd: Path = HERE, quiet: bool = False) -> str:
        """Run a command, shown as a person would type it; its output. Ends the demo when it fails."""
        done = self.start(*command, cwd=cwd, quiet=quiet)
        if done.returncode:
            raise SystemExit(f"error: the demo stopped here:\n{done.stdout}{done.stderr}")
        return done.stdout or done.stderr

    def start(self, *command: str, cwd: Path = HERE, quiet: bool = False) -> subprocess.CompletedProcess[str]:
        if not quiet:
            shown = [Path(command[0]).name, *command[1:]]
            print("  $", shlex.join(shown).replace(f"{self.folder}{os.sep}", ""), flush=True)
        return subprocess.run(
            command,
            cwd=cwd,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def say(self, lines: list[str]) -> None:
        for line in lines:
            print(f"    {line}", flush=True)

    def verb(self, name: str, *arguments: str) -> None:
        """Run one of the index's own scripts on the scratch copy."""
        printed = self.run(sys.executable, "-m", f"scripts.{name}", *arguments, "--root", str(self.index))
        self.say(printed.splitlines())

    def publish(self, url: str) -> None:
        options = ("--root", str(self.index), "--out", str(self.site), "--base-url", url)
        self.say(self.run(sys.executable, "-m", "scripts.publish", *options).splitlines())

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

    def install(self, tool: str, arguments: list[str], expected: str, module: str = "public_hello") -> None:
        """Install into a fresh environment, import what was installed, and check what it says."""
        python, command = self.fresh(tool)
        self.say(self.run(*command, *arguments).splitlines()[-1:])
        said = self.run(str(python), "-c", f"import {module}; print({module}.hi())").strip()
        if said != expected:
            raise SystemExit(f"error: the demo expected {expected!r}, and the package says {said!r}")
        self.say([said])

    def refused(self, tool: str, arguments: list[str]) -> None:
        """Try to install what cannot be installed, and show why."""
        _, command = self.fresh(tool)
        done = self.start(*command, *arguments)
        told = [line.strip() for line in done.stderr.splitlines() if "git cannot read" in line]
        if not done.returncode or not told:
            raise SystemExit(f"error: the demo expected a refusal:\n{done.stdout}{done.stderr}")
        self.say(told[:1])

    def fresh(self, tool: str) -> tuple[Path, list[str]]:
        """A fresh environment's Python, and the command that installs into it."""
        self.environments += 1
        folder = self.folder / f"environment-{self.environments}"
        venv.create(folder, with_pip=tool == "pip")
        scripts = Path(sysconfig.get_path("scripts", "venv", vars={"base": str(folder)}))
        if tool == "uv":
            return scripts / "python", [str(self.uv), "pip", "install", "--python", str(scripts / "python")]
        return scripts / "python", [str(scripts / "pip"), "install"]

    def log_in(self, repository: str) -> None:
        """Give git the password of the private repository's server, as people do: in ~/.netrc."""
        host = urlsplit(repository).hostname
        settings = [
            path for path in (Path("~/.config/pip/pip.conf"), Path("~/.pip/pip.conf")) if path.expanduser().exists()
        ]
        if settings:  # pip's own settings stay those of the person
            self.environment.setdefault("PIP_CONFIG_FILE", str(settings[0].expanduser()))
        self.environment["HOME"] = str(self.home)
        (self.home / ".netrc").write_text(f"machine {host} login demo password {PASSWORD}\n")

    def log_out(self) -> None:
        self.environment["HOME"] = str(Path.home())


def projects(demo: Demo) -> None:
    demo.step("Three sample projects, as git repositories with tags")
    demo.release("mydependency", "1.0", DEPENDENCY)
    demo.release("public-hello", "0.1", HELLO)
    demo.release("public-hello", "0.2", HELLO_WITH, '["mydependency>=1.0"]')
    demo.release("public-hello", "0.3.dev0", HELLO_WITH, '["mydependency>=1.0"]')
    demo.release("private-hello", "1.0", HELLO)


def records(demo: Demo, private: str) -> None:
    demo.step("A scratch copy of the index, and the projects on it")
    demo.index.mkdir()
    for name in INDEX_FILES:
        copy = shutil.copytree if (HERE / name).is_dir() else shutil.copy
        copy(HERE / name, demo.index / name)
    demo.verb("register", str(demo.folder / "mydependency"))
    demo.verb("register", str(demo.folder / "public-hello"), "--tag", "v0.1")
    demo.verb("update", "public-hello")
    demo.verb("update", "public-hello", "--tag", "v0.3.dev0")
    demo.log_in(private)
    demo.verb("register", private)
    demo.log_out()


def installs(demo: Demo, url: str) -> None:
    with_dependency = "hello 0.2, with my dependency"
    demo.step("pip, with the index as an extra one: the newest stable release, and what it depends on")
    demo.install("pip", ["public-hello", "--extra-index-url", url], with_dependency)
    demo.step("pip, with the index's constraints: nothing of these names is looked up anywhere else")
    demo.install("pip", ["public-hello", "-c", f"{url}public-hello/constraints.txt"], with_dependency)
    demo.step("pip, with hashes that are checked")
    requirements = demo.folder / "requirements.txt"
    requirements.write_text((demo.site / "public-hello" / "constraints.txt").read_text("utf-8"))
    demo.install("pip", ["--require-hashes", "--no-deps", "-r", str(requirements)], with_dependency)
    demo.step("pip, a version that was asked for")
    demo.install("pip", ["public-hello==0.1", "--extra-index-url", url], "hello 0.1")
    if demo.uv:
        demo.step("uv, with the index's constraints")
        demo.install("uv", ["public-hello", "-c", f"{url}public-hello/constraints.txt"], with_dependency)


def private(demo: Demo, url: str, repository: str) -> None:
    constrained = ["private-hello", "-c", f"{url}private-hello/constraints.txt"]
    demo.step("A private package, for somebody without access to its repository")
    demo.refused("pip", constrained)
    demo.step("The same, with access: a line in ~/.netrc")
    demo.log_in(repository)
    demo.install("pip", constrained, "hello 1.0", "private_hello")


def by_itself(demo: Demo) -> None:
    demo.step("A new tag is found by itself, and the index is held to its rules")
    demo.release("public-hello", "0.4", HELLO_WITH, '["mydependency>=1.0"]')
    demo.verb("sync", "public-hello")
    demo.verb("check")


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="index-demo-", ignore_cleanup_errors=True) as folder:
        demo = Demo(Path(folder).resolve())
        projects(demo)
        with serving_git(demo.folder, PASSWORD) as git_url, serving(demo.site) as url:
            repository = f"{git_url}private-hello"
            records(demo, repository)
            demo.step("The site is published, and served")
            demo.publish(url)
            installs(demo, url)
            private(demo, url, repository)
            by_itself(demo)
            demo.step("Done: what was registered is what was installed.")
            with contextlib.suppress(EOFError, KeyboardInterrupt):
                if sys.stdin.isatty() and sys.stdout.isatty():
                    print(f"\nLook at {url} and press Enter to end the demo.")
                    input()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
