"""Builds a package from the git commit that this source distribution points at (PEP 517, PEP 660).

The folder above this file holds no code of the package. `pointer.json` names a git repository, a tag, a commit and
the project's own build backend; `PKG-INFO` is what the package index promises of the result. The hooks, at the
end of this file, fetch that commit with git and the login that git has, call the project's backend in the environment
that the installer made for it, and compare what was built with what was promised. Needs Python 3.8 and git, no more.
"""

from __future__ import annotations

import ast
import base64
import functools
import hashlib
import importlib
import json
import operator
import os
import platform
import re
import shutil
import subprocess
import sys
import zipfile
from email.parser import HeaderParser
from pathlib import Path
from typing import Any

SDIST = Path(__file__).resolve().parent.parent
CHECKOUT = SDIST / "checkout"
POINTER = json.loads((SDIST / "pointer.json").read_text("utf-8"))
PROMISE = HeaderParser().parsestr((SDIST / "PKG-INFO").read_text("utf-8"))
DYNAMIC = set(PROMISE.get_all("Dynamic", []))  # what it does not promise


class Stop(SystemExit):
    """Ends the build with one sentence. It is an exit and no error: so installers show it without a traceback."""

    def __init__(self, why: str) -> None:
        super().__init__(f"{PROMISE['Name']} {PROMISE['Version']}: {why}")


def normalized(name: str) -> str:
    return re.sub("[-_.]+", "-", name).lower()


NAME, PROJECT = normalized(PROMISE["Name"]), normalized(POINTER["project"])  # they differ for an alias
STEM = NAME.replace("-", "_")  # how the names of its files begin
HERE = {"os_name": os.name, "sys_platform": sys.platform, "implementation_name": sys.implementation.name}
for fact in ("machine", "python_implementation", "release", "system", "version"):
    HERE["platform_" + fact] = getattr(platform, fact)()
HERE.update(python_version="{}.{}".format(*sys.version_info), python_full_version=platform.python_version())
HERE["implementation_version"] = "{}.{}.{}".format(*sys.implementation.version)


def git(folder: Path, *arguments: str) -> Any:
    """Runs git so that it never asks: no terminal, no standard input, no window. Its words are in English."""
    settings = {"GIT_TERMINAL_PROMPT": "0", "GCM_INTERACTIVE": "never", "LC_ALL": "C"}
    options: Any = {
        "cwd": folder,
        "env": {**os.environ, **settings, "GIT_CEILING_DIRECTORIES": str(SDIST)},  # never a repository around us
        "stdin": subprocess.DEVNULL,
        "encoding": "utf-8",
        "start_new_session": True,  # without a terminal, ssh cannot ask either
    }
    command = ["git", "-c", "core.hooksPath=" + os.devnull, "-c", "core.fsmonitor=false", *arguments]
    return subprocess.run(command, capture_output=True, errors="replace", **options)


def forget_callers() -> None:
    """Drops variables in which the installer, and a git that runs it as a hook (GIT_DIR!), speak of themselves."""
    local = git(SDIST, "rev-parse", "--local-env-vars").stdout.split()
    more = "GIT_NAMESPACE$|GIT_QUARANTINE_PATH$|GIT_DEFAULT_HASH$|_PYPROJECT_HOOKS_|PEP517_"
    for name in list(os.environ):
        if re.match(more, name) or (name in local and not name.startswith("GIT_CONFIG_")):
            del os.environ[name]


def checkout() -> Path:
    """The folder of the commit. Each hook runs in a process of its own: the first one fetches, the others find it."""
    if not (CHECKOUT / ".git" / "fetched").exists():
        shutil.rmtree(CHECKOUT, ignore_errors=True)
        CHECKOUT.mkdir(exist_ok=True)
        fetch(POINTER["repository"], POINTER["tag"], POINTER["commit"])
        refuse_lfs_pointers()
        (CHECKOUT / ".git" / "fetched").touch()
    return CHECKOUT


def fetch(repository: str, tag: str, commit: str) -> None:
    """Fetches the commit alone, under its tag: setuptools-scm, hatch-vcs and others take the version from that."""
    ref, get = "refs/tags/" + tag, ("fetch", "--quiet", "--no-tags", "--depth=1", "origin")
    if not re.match("(https?|ssh|file)://", repository) or not re.fullmatch("[0-9a-f]{40,64}", commit):
        raise Stop("pointer.json names no git repository and commit")
    git(CHECKOUT, "init", "--quiet", "--template=", *(["--object-format=sha256"] if len(commit) == 64 else []))
    git(CHECKOUT, "remote", "add", "--", "origin", repository)
    done = git(CHECKOUT, *get, f"+{ref}:{ref}")
    if "couldn't find remote ref" in done.stderr.lower():
        if git(CHECKOUT, *get, commit).returncode or git(CHECKOUT, "update-ref", ref, commit).returncode:
            raise Stop(f"{repository} no longer has the tag {tag}, nor gives out the commit {commit} without it")
    elif done.returncode:
        raise unreadable(repository, done)
    now = git(CHECKOUT, "rev-parse", "--quiet", "--verify", ref + "^{commit}").stdout.strip() or "no commit"
    if now != commit:
        raise Stop(
            f"the tag {tag} of {repository} now names {now}, and was registered as {commit}: a release never changes, "
            "so nothing is built; ask the maintainers of the package index which of them is right"
        )
    done = git(CHECKOUT, "checkout", "--quiet", "--detach", commit)
    if not done.returncode and (CHECKOUT / ".gitmodules").exists():
        done = git(CHECKOUT, "submodule", "update", "--quiet", "--init", "--recursive", "--depth=1")
        repository = "a submodule of " + repository
    if done.returncode:
        raise unreadable(repository, done)


def unreadable(repository: str, done: Any) -> Stop:
    """What git says, less a login that a rewritten address can hold, and what to do."""
    reasons = done.stderr.strip().split("\n\n")[0].splitlines()[-3:]
    return Stop(
        f"git cannot read {repository} ({re.sub(r'://[^/@ ]+@', '://', '; '.join(reasons))}); if it is private, "
        "give git a login that it can use without asking (a line in ~/.netrc, a credential helper, or an ssh key with "
        "url.<base>.insteadOf) where the package is installed: a Docker build or a CI job needs one too, from a secret"
    )


def refuse_lfs_pointers() -> None:
    """Without git-lfs, files come as texts that stand for them, and would land in the wheel as they are."""
    mark = b"version https://git-lfs.github.com/spec/v1\n"
    for path in (path for path in CHECKOUT.rglob("*") if path.is_file() and path.stat().st_size < 1024):
        attribute = ("check-attr", "filter", "--", path.name)
        if path.read_bytes().startswith(mark) and git(path.parent, *attribute).stdout.endswith(": lfs\n"):
            raise Stop(f"{path.relative_to(CHECKOUT)} is in git-lfs: install git-lfs and run `git lfs install`")


def plain(version: str) -> str:  # without the zeros at its end, which PEP 440 passes over
    return re.sub(r"(\.0)+(?![.\d])|(?<![\w.])v(?=\d)", "", version.strip().lower())


def specifiers(text: str) -> frozenset[str]:
    """Version specifiers in one spelling; `~=2.1` is `>=2.1,<3`, as poetry-core writes it."""
    found = set()
    for part in text.strip(" ()").split(","):
        if compatible := re.match(r"\s*~=\s*((?:\d+\.)*)(\d+)\.\d+", part):
            found.add("<" + plain(f"{compatible[1]}{int(compatible[2]) + 1}"))
        found.add(plain(part.replace("~=", ">=").replace(" ", "")))
    return frozenset(found)


def holds(marker: Any, extra: str) -> Any:
    """Whether a marker holds here: on this Python and system, with that extra ("" for none)."""
    if isinstance(marker, ast.BoolOp):
        return (all if isinstance(marker.op, ast.And) else any)([holds(part, extra) for part in marker.values])
    compare, sides = type(marker.ops[0]).__name__, (marker.left, marker.comparators[0])
    name = next((side.id for side in sides if isinstance(side, ast.Name)), "")
    known = {**HERE, "extra": extra}.get(name, "")
    left, right = (str(side.value) if isinstance(side, ast.Constant) else known for side in sides)
    if "In" in compare:
        return (left in right) is (compare == "In")
    if right.endswith(".*"):
        return f"{left}.".startswith(right[:-1]) is (compare == "Eq")
    pair: Any = [normalized(side) if name == "extra" else side for side in (left, right)]
    if name.endswith("_version"):
        pair = [[*map(int, re.findall(r"\d+", re.split("[a-z]", side)[0])), 0, 0, 0][:4] for side in pair]
    return getattr(operator, {"LtE": "le", "GtE": "ge", "NotEq": "ne"}.get(compare, compare.lower()))(*pair)


def dependencies(lines: list[str], extra: str, seen: frozenset[str] = frozenset()) -> set[Any]:
    """What Requires-Dist asks for here with an extra ("" for none), in one spelling: backends write it in many.

    The package's own extras count as what they stand for: hatchling writes that out, others do not.
    """
    found = set()
    for line in lines:
        match: Any = re.match(r"\s*([\w.-]+)\s*(?:\[([^]]*)\])?\s*(@\s*\S+?(?=;?\s|;?$)|[^;]*)(?:\s*;(.*))?", line)
        own, extras, version, marker = match.groups("")
        # Made into Python: `a ~= "1.2"` is `a >= "1.2" and a == "1.*"`, and `os.name` is `os_name`.
        marker = re.sub(r"""([\w.]+)\s*~=\s*(["'])(\S+)(\.\d+)\2""", r"(\1>='\3\4' and \1=='\3.*')", marker.strip())
        marker = re.sub(r"\b(os|sys|platform)\.(?=[a-z])", r"\1_", marker.replace("===", "=="))
        wanted = frozenset(map(normalized, re.findall(r"[\w.-]+", extras)))
        if marker and not holds(ast.parse(marker, mode="eval").body, extra):
            continue
        if normalized(own) != NAME:
            found.add((normalized(own), wanted, specifiers(version)))
        for other in wanted - seen if normalized(own) == NAME else ():
            found |= dependencies(lines, other, seen | wanted)
    return found


def checked(metadata: bytes, promised: set[str]) -> bytes:
    """METADATA under the package's name on the index; stops where a promised field is not as it was promised."""

    def rename(match: Any) -> str:
        return str(match[1] + PROMISE["Name"] if normalized(match[2]) == PROJECT else match[0])

    head, blank, body = metadata.decode("utf-8", "surrogateescape").replace("\r\n", "\n").partition("\n\n")
    if NAME != PROJECT:
        head = re.sub(r"(?im)^((?:Name|Requires-Dist):\s*)([\w.-]+)", rename, head)
    built = HeaderParser().parsestr(head)
    extras = ["", *(normalized(extra) for one in (PROMISE, built) for extra in one.get_all("Provides-Extra", []))]
    readings: Any = {
        "Name": lambda lines: list(map(normalized, lines)),
        "Version": lambda lines: list(map(plain, lines)),
        "Requires-Python": lambda lines: list(map(specifiers, lines)),
        "Requires-Dist": lambda lines: [dependencies(lines, extra) for extra in extras],
    }
    for field, read in readings.items():
        wants, finds = PROMISE.get_all(field, []), built.get_all(field, [])
        if field in promised - DYNAMIC and read(wants) != read(finds):
            lost, new = [line for line in wants if line not in finds], [line for line in finds if line not in wants]
            raise Stop(
                f"the package index promises {field} {lost}, and commit {POINTER['commit']} builds {new}: "
                "ask the maintainers of the index to register what it builds"
            )
    return (head + blank + body).encode("utf-8", "surrogateescape")


def finished(wheel: Path, promised: set[str]) -> str:
    """The file name of a wheel, once it is checked, and renamed where the package is an alias of the project."""
    with zipfile.ZipFile(wheel) as archive:
        metadata = next(name for name in archive.namelist() if re.fullmatch(r"[^/]+\.dist-info/METADATA", name))
        text = checked(archive.read(metadata), promised)
        if NAME == PROJECT:
            return wheel.name
        contents = [(info, text if info.filename == metadata else archive.read(info)) for info in archive.infolist()]
    wheel.unlink()
    wheel = wheel.with_name(STEM + wheel.name[wheel.name.index("-") :])
    old, record = metadata.split(".dist-info/")[0], ""
    new = STEM + old[old.rindex("-") :]
    with zipfile.ZipFile(wheel, "w") as archive:
        for info, content in sorted(contents, key=lambda pair: pair[0].filename == old + ".dist-info/RECORD"):
            info.filename = re.sub(f"^{re.escape(old)}(?=[.](dist-info|data)/)", new, info.filename)
            digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")
            if info.filename == new + ".dist-info/RECORD":
                archive.writestr(info, record + info.filename + ",,\n")
            elif not info.is_dir() and not info.filename.startswith(new + ".dist-info/RECORD."):  # signatures
                record += '"{}",sha256={},{}\n'.format(info.filename.replace('"', '""'), digest, len(content))
                archive.writestr(info, content)
    return wheel.name


def project() -> Any:
    """The backend of the project, loaded as PEP 517 wants it: in the project's folder, its `backend-path` first."""
    if not shutil.which("git"):
        raise Stop("git fetches its code, and there is no git on the PATH: install git")
    forget_callers()
    os.chdir(checkout() / POINTER["subdirectory"])
    sys.path[:0] = [str(Path(path).resolve()) for path in POINTER["backend-path"]]
    module, _, attributes = POINTER["build-backend"].partition(":")
    return functools.reduce(getattr, filter(None, attributes.split(".")), importlib.import_module(module))


def build(hook: str, directory: str, settings: Any) -> Path:
    """What a hook of the project built. The metadata directory is not handed on: it is not the project's."""
    directory, backend = str(Path(directory).resolve()), project()
    if not hasattr(backend, hook):
        raise Stop(f"the project's build backend, {POINTER['build-backend']}, has no {hook}")
    return Path(directory, getattr(backend, hook)(directory, settings))


def requires(hook: str, config_settings: Any = None) -> Any:
    return getattr(project(), hook, lambda _: [])(config_settings)


get_requires_for_build_wheel = functools.partial(requires, "get_requires_for_build_wheel")
get_requires_for_build_editable = functools.partial(requires, "get_requires_for_build_editable")
get_requires_for_build_sdist = functools.partial(requires, "get_requires_for_build_sdist")


def prepare_metadata_for_build_wheel(metadata_directory: str, config_settings: Any = None) -> str:
    """The promise, where it is whole; else what the project's backend tells, or builds where it cannot tell."""
    directory, hook = Path(metadata_directory).resolve(), "prepare_metadata_for_build_wheel"
    folder = directory / f"{STEM}-{PROMISE['Version']}.dist-info"
    if not DYNAMIC & {"Requires-Python", "Requires-Dist", "Provides-Extra"}:
        folder.mkdir()
        shutil.copyfile(SDIST / "PKG-INFO", folder / "METADATA")
    elif hasattr(backend := project(), hook):
        (directory / getattr(backend, hook)(str(directory), config_settings)).rename(folder)
        (folder / "METADATA").write_bytes(checked((folder / "METADATA").read_bytes(), {"Name", "Version"}))
    else:
        with zipfile.ZipFile(SDIST / build_wheel(str(SDIST), config_settings)) as archive:
            names = [name for name in archive.namelist() if re.match(r"[^/]+\.dist-info/", name)]
            archive.extractall(directory, names)
            folder = directory / names[0].split("/")[0]
    return folder.name


def build_wheel(wheel_directory: str, config_settings: Any = None, metadata_directory: Any = None) -> str:  # noqa: ARG001
    wheel = build("build_wheel", wheel_directory, config_settings)
    os.chdir(SDIST)
    shutil.rmtree(CHECKOUT, ignore_errors=True)  # uv keeps this folder in its cache
    return finished(wheel, {"Name", "Version", "Requires-Python", "Requires-Dist"})


def build_editable(wheel_directory: str, config_settings: Any = None, metadata_directory: Any = None) -> str:  # noqa: ARG001
    return finished(build("build_editable", wheel_directory, config_settings), {"Name", "Version"})


def build_sdist(sdist_directory: str, config_settings: Any = None) -> str:
    return build("build_sdist", sdist_directory, config_settings).name
