"""A small PyPI: which projects it has, in which versions. No test asks the real one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from tests.servers.forge.wire import Answer, Request, WireServer

if TYPE_CHECKING:
    from types import TracebackType

JSON = "application/vnd.pypi.simple.v1+json"


class PyPI:
    """Serves `projects`, versions by name, as the simple API does (PEP 691).

    `fault` is answered instead when it is set; `cut` ends each connection without an answer.
    """

    def __init__(self) -> None:
        self.projects: dict[str, list[str]] = {}
        self.fault: Answer | None = None
        self.cut = False
        self.asked: list[str] = []
        self._wire = WireServer(self._answer)
        self.url = f"http://127.0.0.1:{self._wire.server_port}"

    def __enter__(self) -> Self:
        self._wire.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._wire.stop()

    def _answer(self, request: Request) -> Answer | None:
        name = request.path.removeprefix("/simple/").removesuffix("/")
        self.asked.append(name)
        if self.cut or self.fault:
            return None if self.cut else self.fault
        if name not in self.projects:
            return Answer(404, b"Not Found")
        assert request.headers["Accept"] == JSON
        body = {"meta": {"api-version": "1.1"}, "name": name, "versions": self.projects[name], "files": []}
        return Answer(200, body, {"Content-Type": JSON})
