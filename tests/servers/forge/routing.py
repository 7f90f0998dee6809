"""From a method and a path to the function that answers: patterns, rights, errors, pages."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeVar
from urllib.parse import quote, unquote, urlencode

from tests.servers.forge.wire import Answer, Request

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.servers.forge.repository import Repository
    from tests.servers.forge.server import GitHubServer
    from tests.servers.forge.state import Token

T = TypeVar("T")
DOCUMENTATION = "https://docs.github.com/rest"


class Refused(Exception):
    """An answer that is an error: GitHub's status, message and list of errors."""

    def __init__(self, status: int, message: str, errors: list[Any] | None = None, **headers: str) -> None:
        super().__init__(status, message)
        self.status, self.message, self.errors, self.headers = status, message, errors, headers

    def answer(self) -> Answer:
        """The error as GitHub writes it."""
        body: dict[str, Any] = {"message": self.message}
        if self.errors is not None:
            body["errors"] = self.errors
        body |= {"documentation_url": DOCUMENTATION, "status": str(self.status)}
        return Answer(self.status, body, self.headers)


def not_found(message: str = "Not Found") -> Refused:
    """What is not there, or is nobody's business."""
    return Refused(404, message)


def invalid(resource: str, field: str, code: str = "invalid", **more: Any) -> Refused:
    """422 for one field: `code` is invalid, missing_field, already_exists or another of GitHub's."""
    return Refused(422, "Validation Failed", [{"resource": resource, "field": field, "code": code} | more])


def refused_by_rule(resource: str, message: str, **more: str) -> Refused:
    """422 for a rule beyond the single field, told in a sentence."""
    return Refused(422, "Validation Failed", [{"resource": resource, "code": "custom"} | more | {"message": message}])


@dataclass(frozen=True)
class Call:
    """One API call on its way to its answer: who asks what of which repository."""

    github: GitHubServer
    request: Request
    token: Token | None
    arguments: dict[str, str]
    found: Repository | None

    @property
    def repository(self) -> Repository:
        """The repository that the path names."""
        assert self.found is not None
        return self.found

    @property
    def number(self) -> int:
        """The issue or pull request number in the path; 404 when it is none."""
        text = self.arguments["number"]
        if not text.isdecimal() or int(text) not in self.repository.threads:
            raise not_found()
        return int(text)

    @property
    def user(self) -> str:
        """The account behind the token."""
        return self.token.user if self.token else "ghost"

    @property
    def json(self) -> Any:
        """What was sent, read as JSON; GitHub's 400 when it is none."""
        try:
            return json.loads(self.request.body or b"{}")
        except ValueError:
            raise Refused(400, "Problems parsing JSON") from None

    @property
    def body(self) -> dict[str, Any]:
        """The JSON object that was sent; GitHub's 400 when it is something else."""
        sent = self.json
        if not isinstance(sent, dict):
            raise Refused(400, "Body should be a JSON object")
        return sent

    def text(self, resource: str, field: str) -> str:
        """A text that must have been sent; GitHub's 422 when it was not."""
        value = self.body.get(field)
        if not isinstance(value, str) or not value:
            raise invalid(resource, field, "missing_field")
        return value

    def page(self, items: Sequence[T], render: Callable[[T], Any]) -> Answer:
        """The page of a list that was asked for, with the `Link` header to the others."""
        query = self.request.query
        size = min(int(query.get("per_page", 30)), 100)
        page, last = int(query.get("page", 1)), max(1, -(-len(items) // size))
        links = [("prev", page - 1), ("first", 1)] if page > 1 else []
        links += [("next", page + 1), ("last", last)] if page < last else []
        url = f"{self.github.url}{self.request.path}"
        targets = [(rel, urlencode(query | {"page": str(number)}, quote_via=quote)) for rel, number in links]
        link = ", ".join(f'<{url}?{target}>; rel="{rel}"' for rel, target in targets)
        shown = items[(page - 1) * size : page * size]
        return Answer(200, [render(item) for item in shown], {"Link": link} if link else {})


@dataclass(frozen=True)
class Route:
    """One endpoint. `permissions`: any one of them is enough; none: whoever sees the repository."""

    method: str
    pattern: re.Pattern[str]
    permissions: tuple[str, ...]
    writes: bool
    handle: Callable[[Call], Answer]

    def match(self, method: str, path: str) -> dict[str, str] | None:
        """The values in the path when this is the endpoint asked for."""
        found = self.pattern.fullmatch(path) if method == self.method else None
        return {name: unquote(value) for name, value in found.groupdict().items()} if found else None

    def check(self, token: Token | None, repository: Repository) -> None:
        """Refuse whoever lacks the rights, in GitHub's words."""
        name = repository.full_name
        if repository.private and (token is None or not token.knows(name)):
            raise not_found()
        if token is None:
            if self.writes:
                raise Refused(401, "Requires authentication")
            return
        level: Literal["read", "write"] = "write" if self.writes else "read"
        free = not self.permissions or (not self.writes and not repository.private)
        if not free and not any(token.allows(name, each, level) for each in self.permissions):
            raise Refused(403, "Resource not accessible by integration")


class Routes(list[Route]):
    """The endpoints of one module, in the order in which they are tried."""

    def on(
        self, method: str, path: str, *, reads: Sequence[str] = (), writes: Sequence[str] = ()
    ) -> Callable[[Callable[[Call], Answer]], Callable[[Call], Answer]]:
        """Make a function an endpoint. In `path`, `{x}` is one segment and `{x...}` one or more.

        A path that does not begin with a slash goes on behind `/repos/{owner}/{name}`.
        """
        full = path if path.startswith("/") else f"/repos/{{owner}}/{{repo}}/{path}".rstrip("/")
        pattern = re.sub(r"\{(\w+)\.\.\.\}", r"(?P<\1>.+)", full)
        pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", pattern)

        def register(handle: Callable[[Call], Answer]) -> Callable[[Call], Answer]:
            self.append(Route(method, re.compile(pattern), tuple(writes or reads), bool(writes), handle))
            return handle

        return register
