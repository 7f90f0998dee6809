"""A site served on this machine, for a look at it."""

from __future__ import annotations

import contextlib
import functools
import http.server
import threading
import time
from typing import TYPE_CHECKING

from scripts.cli.publishing import ASSETS, publish
from scripts.cli.run import guarded
from scripts.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class _Handler(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the name that it overrides
        pass


@contextlib.contextmanager
def serving(folder: Path, port: int = 0) -> Iterator[str]:
    """Serve a folder on 127.0.0.1, from a thread of its own; gives the address. Port 0 is any free one.

    Raises Refused where the port is taken.
    """
    handler = functools.partial(_Handler, directory=str(folder))
    try:
        server = http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)
    except (OSError, OverflowError) as error:
        raise Refused(f"cannot serve on port {port}", f"{error}: give another, or none for any free one") from error
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def serve(root: Path, out: Path, port: int) -> None:
    """Serve the site on this machine, and build it anew whenever something of the index changes."""
    with serving(out.resolve(), port) as url:
        print(f"{url} (Ctrl-C ends it)", flush=True)
        built: dict[str, tuple[int, int]] | None = None
        with contextlib.suppress(KeyboardInterrupt):
            while True:
                found = _state(root.resolve(), out.resolve())
                if found != built:
                    built = found
                    guarded(lambda: print(f"built: {publish(root, out, url)} packages", flush=True))
                time.sleep(0.5)


def _state(root: Path, out: Path) -> dict[str, tuple[int, int]]:
    """The files that a site can be made of, by their paths: when each was changed, in nanoseconds, and its size."""
    files = {}
    for top in root.iterdir():
        if top == out or top.name.startswith("."):  # also where sites are put together
            continue
        for path in (top, *top.glob("**/*" if top.name in ASSETS else "*")):
            with contextlib.suppress(OSError):  # it is gone already
                if path.is_file():
                    files[str(path)] = path.stat().st_mtime_ns, path.stat().st_size
    return files
