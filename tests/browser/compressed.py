"""A site served as GitHub Pages serves it: compressed, with a type and a short time to keep it."""

from __future__ import annotations

import contextlib
import functools
import gzip
import http.server
import io
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_COMPRESSED = (".html", ".css", ".js", ".json", ".svg", ".txt", ".xml")


class _Handler(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the name that it overrides
        pass

    def send_head(self) -> io.BytesIO | None:
        path = self.translate_path(self.path)
        path = f"{path.rstrip('/')}/index.html" if self.path.partition("?")[0].endswith("/") else path
        try:
            with open(path, "rb") as file:  # noqa: PTH123 - translate_path gives a text
                content = file.read()
        except OSError:
            self.send_error(404)
            return None
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Cache-Control", "max-age=600")
        if path.endswith(_COMPRESSED):
            content = gzip.compress(content, 6)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        return io.BytesIO(content)


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve a folder on 127.0.0.1; gives the address."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Handler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
