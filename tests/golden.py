"""The values that the pages in tests/data say, to the byte."""

from __future__ import annotations

from pathlib import Path

from scripts.model import About
from tests.factories import package, release

DATA = Path(__file__).parent / "data"
COMMIT = "9bac86dbcce7da86576912fae9dfe198a6056b21"


def page(name: str) -> str:
    """A file of tests/data, line endings as they are."""
    return (DATA / name).read_bytes().decode()


HELLO = package(
    release(
        "1!0.3.dev0+local",
        tag="hello/0.3",
        commit="f" * 64,
        repository="ssh://git@git.example:2222/acme/hello.git",
        requires_python=">=3.11,<4",
        yanked="",
    ),
    release(
        "0.2",
        commit=COMMIT,
        subdirectory="packages/it's a dir",
        requires_python=">=3.11",
        requires_dist=("mydependency>=1.0", 'tomli; python_version < "3.11" and extra == "a&b"'),
        provides_extra=("docs", "test"),
        dynamic=("requires-dist", "provides-extra"),
        build_requires=("hatchling>=1.27",),
        build_backend="backend:main",
        backend_path=(".", "tools/build"),
        description="0.2.md",
        yanked='broken on <b>Windows</b> & "elsewhere"',
    ),
    release("0.1", commit=COMMIT[::-1], description="0.1.rst"),
    name="public-hello",
    project="Hello.World",
    repository="https://github.com/acme/hello",
    subdirectory="packages/hello",
    private=True,
    publish_metadata="always",
    about=About(
        summary="Says hello to <b>everyone</b> & 🙂; </title> stays text.",
        author='Ann "A" Example, Bo <bo@example.org>',
        license="MIT OR Apache-2.0",
        homepage="https://example.org/?a=1&b=2",
        keywords=("greeting", "<i>"),
        urls=(("Source <code>", "https://example.org/source"), ("", "https://example.org/bugs")),
    ),
    typed=("summary", "homepage"),
)
CARDS = (
    package("1.0", name="a-dependency", project="a-dependency", about=About()),
    HELLO,
    package("2.0rc1", "1.9", name="zebra", project="zebra", about=About(summary="Stripes & <em>more</em>")),
)
