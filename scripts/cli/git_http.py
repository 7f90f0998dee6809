"""git over smart http, for the demo and the tests: `git http-backend`, the CGI program that git brings along."""

from __future__ import annotations

import base64
import contextlib
import http.server
import os
import subprocess
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from email.message import Message
    from pathlib import Path


@dataclass(frozen=True)
class GitCall:
    """One request to a repository: `service` is what is behind the repository in the path (`info/refs`)."""

    method: str
    service: str
    query: str
    headers: Message
    body: bytes
    user: str | None

    @property
    def pushes(self) -> bool:
        """Whether this request is part of a push."""
        return self.service == "git-receive-pack" or "service=git-receive-pack" in self.query


def serve_git(
    repository: Path, call: GitCall, environment: Mapping[str, str], *, partial_clone: bool = True
) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of git's own answer.

    `environment` is what git runs in. Any commit can be asked for by its id, as on GitHub;
    `partial_clone` says whether `git clone --filter` is honoured. A push needs `call.user`.
    """
    settings = {
        "uploadpack.allowAnySHA1InWant": "true",
        "uploadpack.allowFilter": "true" if partial_clone else "false",
        "http.receivepack": "true" if call.user else "false",
    }
    cgi = {
        "GIT_PROJECT_ROOT": str(repository.parent),
        "GIT_HTTP_EXPORT_ALL": "1",
        "PATH_INFO": f"/{repository.name}/{call.service}",
        "QUERY_STRING": call.query,
        "REQUEST_METHOD": call.method,
        "REMOTE_ADDR": "127.0.0.1",
        "REMOTE_USER": call.user or "",
        "CONTENT_TYPE": call.headers.get("Content-Type", ""),
        "CONTENT_LENGTH": str(len(call.body)),
        "HTTP_CONTENT_ENCODING": call.headers.get("Content-Encoding", ""),
        "GIT_PROTOCOL": call.headers.get("Git-Protocol", ""),
        "GIT_CONFIG_COUNT": str(len(settings)),
    }
    for number, (key, value) in enumerate(settings.items()):
        cgi |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    filled = {name: value for name, value in cgi.items() if value}
    done = subprocess.run(
        ["git", "http-backend"], input=call.body, capture_output=True, env={**environment, **filled}, check=False
    )
    head, _, body = done.stdout.partition(b"\r\n\r\n")
    headers = {}
    for line in head.decode().splitlines():
        name, _, value = line.partition(":")
        headers[name] = value.strip()
    status = headers.pop("Status", "200 OK") if head else "500"
    return int(status.split()[0]), headers, body


class _Private(http.server.BaseHTTPRequestHandler):
    """Serves the repositories of one folder to whoever has the password (RFC 7617)."""

    protocol_version = "HTTP/1.1"
    folder: Path
    password: str

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        self._answer(self._body())

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the name that it overrides
        pass

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = b""
        while size := int(self.rfile.readline().partition(b";")[0], 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def _answer(self, body: bytes) -> None:
        path, _, query = self.path.partition("?")
        name, _, service = path.strip("/").partition("/")
        given = self.headers.get("Authorization", "").removeprefix("Basic ")
        if base64.b64decode(given).decode(errors="replace").rpartition(":")[2] != self.password:
            status, headers, content = 401, {"WWW-Authenticate": 'Basic realm="private"'}, b""
        else:
            call = GitCall(self.command, service, query, self.headers, body, None)
            status, headers, content = serve_git(self.folder / name, call, dict(os.environ))
        self.send_response(status)
        for key, value in headers.items():
            self.send_header(key, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@contextlib.contextmanager
def serving_git(folder: Path, password: str) -> Iterator[str]:
    """Serve the git repositories in a folder on 127.0.0.1 to any user with this password; gives the address."""
    handler = type("Private", (_Private,), {"folder": folder, "password": password})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
