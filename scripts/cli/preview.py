"""A site served on this machine, for a look at it."""

from __future__ import annotations

import contextlib
import functools
import http.server
import threading
import time
from typing import TYPE_CHECKING

from scripts.cli.publishing import publish
from scripts.cli.run import guarded

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class _Handler(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the name that it overrides
        pass


@contextlib.contextmanager
def serving(folder: Path, port: int = 0) -> Iterator[str]:
    """Serve a folder on 127.0.0.1, from a thread of its own; gives the address. Port 0 is any free one."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), functools.partial(_Handler, directory=str(folder)))
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
        seen = 0.0
        with contextlib.suppress(KeyboardInterrupt):
            while True:
                changed = _newest(root, out)
                if changed != seen:
                    seen = changed
                    guarded(lambda: print(f"built: {publish(root, out, url)} packages", flush=True))
                time.sleep(0.5)


def _newest(root: Path, out: Path) -> float:
    """When something of the index was last changed, in seconds; a file that goes changes its folder."""
    pages = [root, root / "index.html", *root.glob("*/"), *root.glob("*/*"), *root.glob("static/**/*")]
    return max(path.stat().st_mtime for path in pages if path.exists() and out not in (path, *path.parents))
