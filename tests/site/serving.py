"""A web server for tests: package pages, and git repositories by git's own `http-backend`, some behind a login."""

from __future__ import annotations

import base64
import threading
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scripts.cli.git_http import GitCall, serve_git
from tests.site.projects import GIT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

USER, PASSWORD = "someone", "a-secret"


class Handler(SimpleHTTPRequestHandler):
    """`/git/…` and, with a login, `/private/…` are the repositories in the folder `git`; all else are files."""

    root: Path
    protocol_version = "HTTP/1.0"

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, directory=str(self.root), **kwargs)  # type: ignore[arg-type]

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Keeps the tests' output quiet."""

    def do_GET(self) -> None:
        where = self.path.split("/")[1]
        if where not in ("git", "private"):
            super().do_GET()
        elif where == "private" and self.headers["Authorization"] != _basic():
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="private"')
            self.end_headers()
        else:
            self._git()

    def do_POST(self) -> None:
        self.do_GET()

    def _git(self) -> None:
        address = urlsplit(self.path)
        _, _, name, service = address.path.split("/", 3)
        call = GitCall(self.command, service, address.query, self.headers, self._body(), None)
        status, headers, body = serve_git(self.root / "git" / name, call, GIT)
        self.send_response(status)
        for field, value in headers.items():
            self.send_header(field, value)
        self.end_headers()
        self.wfile.write(body)

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        return body


def _basic() -> str:
    return "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()


@contextmanager
def served(root: Path) -> Iterator[str]:
    """Serves a folder on a free port of this machine; gives its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Rooted", (Handler,), {"root": root}))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
