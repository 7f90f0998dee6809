"""HTTP/1.1 as the server speaks it: requests read whole, answers sent whole, connections kept open."""

from __future__ import annotations

import contextlib
import json
import socket
import sys
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

if TYPE_CHECKING:
    from collections.abc import Callable
    from email.message import Message


@dataclass(frozen=True)
class Request:
    """One request as it came in; `path` is still percent-encoded, `target` is the path with its query."""

    method: str
    target: str
    headers: Message
    body: bytes

    @property
    def path(self) -> str:
        """The target without its query."""
        return self.target.partition("?")[0]

    @property
    def query_string(self) -> str:
        """What stands behind the question mark."""
        return self.target.partition("?")[2]

    @property
    def query(self) -> dict[str, str]:
        """The query's values by name."""
        return dict(parse_qsl(self.query_string, keep_blank_values=True))


@dataclass(frozen=True)
class Answer:
    """What is sent back. A `body` that is not bytes is sent as JSON."""

    status: int
    body: Any = b""
    headers: dict[str, str] = field(default_factory=dict)

    def encoded(self) -> tuple[bytes, dict[str, str]]:
        """The body as bytes, and all headers that describe it."""
        if isinstance(self.body, bytes):
            data, kind = self.body, {}
        else:
            data = json.dumps(self.body).encode()
            kind = {"Content-Type": "application/json; charset=utf-8"}
        length = {} if self.status in (204, 304) else {"Content-Length": str(len(data))}
        return data, kind | self.headers | length


class _Handler(BaseHTTPRequestHandler):
    """Reads a request, has it answered, sends the answer. One lives as long as its connection."""

    protocol_version = "HTTP/1.1"
    server_version = "GitHub.com"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: WireServer

    def _serve(self) -> None:
        request = Request(self.command, self.path, self.headers, self._read_body())
        answer = self.server.answer(request)
        if answer is None:
            self.close_connection = True
            with contextlib.suppress(OSError):  # the client has gone first
                self.connection.shutdown(socket.SHUT_RDWR)
            return
        data, headers = answer.encoded()
        self.send_response(answer.status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD" and answer.status not in (204, 304):
            self.wfile.write(data)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = _serve  # noqa: N815

    def _read_body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = []
        while size := self._chunk_size():
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass
        return b"".join(parts)

    def _chunk_size(self) -> int:
        line = self.rfile.readline()
        if not line:
            raise ConnectionResetError("the client went away within its request")
        return int(line.partition(b";")[0], 16)

    def log_message(self, *_: object) -> None:
        """Say nothing: the server keeps a list of its calls."""


class WireServer(ThreadingHTTPServer):
    """A server on a free port of this machine that gives every request to `answer`.

    `answer` may return None: the connection is cut. What goes wrong beyond a client that went away is
    kept in `crashes`.
    """

    daemon_threads = True
    block_on_close = False
    request_queue_size = 256

    def __init__(self, answer: Callable[[Request], Answer | None]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer = answer
        self.crashes: list[BaseException] = []
        self._open: dict[socket.socket, threading.Thread] = {}
        self._thread = threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True)

    def start(self) -> None:
        """Begin to serve, in a thread."""
        self._thread.start()

    def stop(self) -> None:
        """Stop listening, close every connection and wait for the threads that served them."""
        self.shutdown()
        self.server_close()
        self._thread.join()
        for connection, thread in list(self._open.items()):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            thread.join(timeout=10)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serve one connection, known to `stop` while it lasts."""
        self._open[request] = threading.current_thread()
        try:
            super().process_request_thread(request, client_address)
        finally:
            del self._open[request]

    def handle_error(self, *_: object) -> None:
        """Keep what went wrong; a client that went away is nothing wrong."""
        error = sys.exception()
        if error is not None and not isinstance(error, ConnectionError):
            self.crashes.append(error)
