"""A server on the loopback that answers as it is told, path by path."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from types import TracebackType

JSON = "application/vnd.pypi.simple.v1+json"


@dataclass(frozen=True)
class Reply:
    """`cut` ends the body after so many bytes; `hang` sends no more until the server stops: "head" or "body"."""

    body: bytes = b""
    content_type: str = JSON
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    hang: str = ""


def project(name: str, /, *filenames: str, **more: Any) -> dict[str, Any]:
    """A project's page as PyPI writes it, with these files; `more` replaces its keys."""
    files = [
        {"filename": filename, "url": f"/files/{filename}", "hashes": {}, "yanked": False} for filename in filenames
    ]
    return {"meta": {"api-version": "1.4"}, "name": name, "versions": [], "files": files, **more}


def page(data: object, **more: Any) -> Reply:
    return Reply(json.dumps(data).encode(), **more)


class Server:
    """Serves `replies`, by path; other paths are not found. Keeps each request's path and headers, in lower case."""

    def __init__(self) -> None:
        self.replies: dict[str, Reply] = {}
        self.requests: list[tuple[str, dict[str, str]]] = []
        self._stopped = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.requests.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
                outer.answer(self, outer.replies.get(self.path, Reply(b"404 Not Found", "text/plain", 404)))

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name it has there
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def answer(self, handler: BaseHTTPRequestHandler, reply: Reply) -> None:
        if reply.hang == "head":
            self._stopped.wait()
            return
        handler.send_response(reply.status)
        headers = {"Content-Type": reply.content_type, "Content-Length": str(len(reply.body)), **reply.headers}
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(reply.body[: reply.cut])
        handler.wfile.flush()
        if reply.hang:
            self._stopped.wait()

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopped.set()
        self._server.shutdown()
        self._server.server_close()
