"""The server itself: its repositories and tokens, and the way of a request through it."""

from __future__ import annotations

import base64
import binascii
import re
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from scripts.cli.git_http import GitCall, serve_git
from tests.servers.forge import routes_git, routes_issues, routes_pulls, routes_repository
from tests.servers.forge.directory import Directory
from tests.servers.forge.faults import Cut, Fault, Faults, Hang, Refusal
from tests.servers.forge.routing import Call, Refused, Route, not_found
from tests.servers.forge.wire import Answer, Request, WireServer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import TracebackType

    from tests.servers.forge.repository import Repository
    from tests.servers.forge.state import Token

API = "/api/v3"
ROUTES: list[Route] = [*routes_git.routes, *routes_pulls.routes, *routes_issues.routes, *routes_repository.routes]
GIT_PATH = re.compile(r"/(?P<name>[^/]+/[^/]+?)(?:\.git)?/(?P<service>info/refs|git-upload-pack|git-receive-pack)")
PAGE_PATH = re.compile(r"/(?P<name>[^/]+/[^/]+?)(?:\.git)?/?")


@dataclass(frozen=True)
class Record:
    """One call that came in. `status` is None when it got no answer; `sent` counts the answer's bytes."""

    method: str
    path: str
    status: int | None
    token: str | None
    received: int
    sent: int

    def __str__(self) -> str:
        return f"{self.method} {self.path} → {self.status or 'no answer'}"


class GitHubServer(Directory):
    """A small GitHub: REST calls and smart http over real bare git repositories, kept below one folder.

    Use it as a context manager. `requests` lists the REST calls, `git_requests` what git asked;
    `faults` and `git_faults` make either fail. On a clean way out, `AssertionError` tells of calls that
    this server does not know and of errors of its own, so that no test passes over them.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.faults, self.git_faults = Faults(), Faults()
        self.requests: list[Record] = []
        self.git_requests: list[Record] = []
        self.unknown: list[str] = []
        self._stopping = threading.Event()
        self._wire = WireServer(self._answer)
        self.url = f"http://127.0.0.1:{self._wire.server_address[1]}"
        self.api_url = f"{self.url}{API}"

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._wire.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()
        if kind is None:
            crashes = [f"{type(crash).__name__}: {crash}" for crash in self._wire.crashes]
            assert not crashes, f"the test server failed: {crashes}"
            assert not self.unknown, f"calls that the test server does not know: {self.unknown}"

    def stop(self) -> None:
        """Stop serving and end every process. The repositories stay in their folder."""
        self._stopping.set()
        self._wire.stop()
        for repository in set(self.repositories.values()):
            repository.git.close()

    # The way of a request

    def _answer(self, request: Request) -> Answer | None:
        api = request.path.startswith(f"{API}/")
        path = request.target.removeprefix(API)
        if not api and not GIT_PATH.fullmatch(request.path):
            return self._web_page(request)
        faults, records, handle = (
            (self.faults, self.requests, self._rest) if api else (self.git_faults, self.git_requests, self._git_call)
        )
        fault = faults.meet(request.method, path)
        secret = _secret(request)
        try:
            answer = self._with_fault(fault, request, handle) if fault else handle(request)
        except Exception as crash:  # noqa: BLE001 - told to the client, and to the test at the end
            self._wire.crashes.append(crash)
            answer = Answer(500, {"message": f"The test server failed: {crash!r}"})
        status, size = (answer.status, len(answer.encoded()[0])) if answer else (None, 0)
        records.append(Record(request.method, path, status, secret, len(request.body), size))
        return answer

    def _with_fault(self, fault: Fault, request: Request, handle: Callable[[Request], Answer]) -> Answer | None:
        if fault.after:
            handle(request)
        match fault.what:
            case Refusal(status, body, headers):
                return Answer(status, body, headers)
            case Hang(seconds):
                self._stopping.wait(seconds)
            case Cut():
                pass
        return None

    def _token(self, request: Request) -> Token | None:
        secret = _secret(request)
        if secret is None:
            return None
        token = self.tokens.get(secret)
        if token is None or token.revoked:
            raise Refused(401, "Bad credentials")
        return token

    def _rest(self, request: Request) -> Answer:
        try:
            return self._route(request)
        except Refused as refused:
            return refused.answer()

    def _route(self, request: Request) -> Answer:
        token = self._token(request)
        path = self._without_number(request.path.removeprefix(API))
        for route in ROUTES:
            arguments = route.match(request.method, path)
            if arguments is None:
                continue
            if "repo" not in arguments:
                return route.handle(Call(self, request, token, arguments, None))
            name = f"{arguments['owner']}/{arguments['repo']}".lower()
            repository = self.repositories.get(name)
            if repository is None:
                self._redirect_moved(name, path, request.method)
                raise not_found()
            with repository.lock:
                route.check(token, repository)
                return route.handle(Call(self, request, token, arguments, repository))
        self.unknown.append(f"{request.method} {request.target}")
        raise Refused(501, f"The test server does not know {request.method} {path}")

    def _without_number(self, path: str) -> str:
        """`/repositories/<id>/…` as `/repos/<owner>/<name>/…`."""
        found = re.match(r"/repositories/(\d+)", path)
        if found is None:
            return path
        for repository in self.repositories.values():
            if repository.id == int(found[1]):
                return f"/repos/{repository.full_name}{path[found.end() :]}"
        raise not_found()

    def _redirect_moved(self, name: str, path: str, method: str) -> None:
        moved = self.moved.get(name)
        if moved is not None:
            rest = path.split("/", 4)[4:]
            location = "/".join([f"{self.api_url}/repositories/{moved.id}", *rest])
            raise Refused(301 if method == "GET" else 307, "Moved Permanently", Location=location)

    def _git_call(self, request: Request) -> Answer:
        found = GIT_PATH.fullmatch(request.path)
        assert found is not None
        try:
            token = self._token(request)
        except Refused:
            return _ask_for_credentials()
        name = found["name"].lower()
        if name in self.moved:
            target = request.target.removeprefix(f"/{found['name']}").removeprefix(".git")
            return Answer(301, b"", {"Location": f"{self.moved[name].url}.git{target}"})
        repository = self.repositories.get(name)
        may_read = repository and (not repository.private or (token and token.allows(name, "contents", "read")))
        if repository is None or not may_read:
            return Answer(404, b"Repository not found.") if token else _ask_for_credentials()
        user = token.user if token and token.allows(name, "contents", "write") else None
        call = GitCall(request.method, found["service"], request.query_string, request.headers, request.body, user)
        if call.pushes and user is None:
            denied = f"Permission to {repository.full_name}.git denied."
            return Answer(403, denied.encode()) if token else _ask_for_credentials()
        return self._push(repository, call) if call.service == "git-receive-pack" else self._serve(repository, call)

    def _serve(self, repository: Repository, call: GitCall) -> Answer:
        status, headers, body = serve_git(
            repository.path, call, self.git_environment, partial_clone=repository.partial_clone
        )
        return Answer(status, body, headers)

    def _push(self, repository: Repository, call: GitCall) -> Answer:
        with repository.lock:
            before = repository.branches()
            answer = self._serve(repository, call)
            after = repository.branches()
            for branch in before.keys() | after.keys():
                if before.get(branch) != after.get(branch):
                    repository.branch_moved(branch, after.get(branch))
        return answer

    def _web_page(self, request: Request) -> Answer:
        """What a browser without an account gets: a page for a public repository, else 404."""
        found = PAGE_PATH.fullmatch(request.path)
        repository = self.repositories.get(found["name"].lower()) if found else None
        if repository is None or repository.private:
            return Answer(404, b"Not Found")
        return Answer(200, repository.full_name.encode(), {"Content-Type": "text/plain; charset=utf-8"})


def _secret(request: Request) -> str | None:
    """The token in a request: `token …`, `Bearer …`, or the password of basic authentication."""
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return value or None
    try:
        return base64.b64decode(value).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _ask_for_credentials() -> Answer:
    return Answer(401, b"Repository not found.", {"WWW-Authenticate": 'Basic realm="GitHub"'})
