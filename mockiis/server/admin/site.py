"""HTTP of the admin API: who may ask, which route answers, and every refusal as a sentence.

A web page in somebody's browser may know the port. It is kept out by its Origin, by the Host it was led to (a name of
its own that now resolves to this machine), and because it cannot send JSON to another origin without being asked.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote

from twisted.internet import defer
from twisted.python.failure import Failure
from twisted.web.resource import Resource
from twisted.web.server import NOT_DONE_YET

from mockiis.errors import DocumentError, MockIISError
from mockiis.server.admin.asked import Answer, Asked, RefusedError
from mockiis.server.admin.controls import Controls
from mockiis.server.admin.routes import find, handler_for
from mockiis.server.failure import internal_error
from mockiis.server.http import LimitedRequest, LimitedSite, peer_of, send
from mockiis.server.listeners import Listeners
from mockiis.server.scripts import UnknownScenarioError
from mockiis.server.service import Service
from mockiis.store.error import StoreError

MAX_BODY = 1024 * 1024
MAX_SCENARIOS = 4 * MAX_BODY
IDLE_LIMIT = 300.0
"""Seconds without a request after which a connection is closed."""
_ALWAYS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
_LOOPBACK = re.compile(r"(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?", re.IGNORECASE | re.ASCII)


def admin_site(service: Service, listeners: Listeners, reactor: Any) -> LimitedSite:
    """The factory to listen with."""
    root = AdminResource(Controls(service, listeners, reactor))
    return LimitedSite(root, service.report, reactor, max_body=MAX_SCENARIOS, idle_limit=IDLE_LIMIT)


class AdminResource(Resource):
    """Answers each request. Nothing that is sent to it, and no error of ours, stops it."""

    isLeaf = True

    def __init__(self, controls: Controls) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._controls = controls

    def render(self, request: LimitedRequest) -> int:
        """Answer now, or when the handler has what it waits for. Whoever has gone is waited for no longer."""
        waiting: defer.Deferred[Any] = defer.maybeDeferred(self._answer, request)
        request.notifyFinish().addErrback(lambda _lost: waiting.cancel())
        waiting.addErrback(self._refused, request).addCallback(_write, request)
        return NOT_DONE_YET

    def _answer(self, request: LimitedRequest) -> Answer | defer.Deferred[Answer]:
        _refuse_strangers(request)
        path, _, query = request.uri.partition(b"?")
        found = find(_parts(path))
        handler = handler_for(found, request.method.decode("latin-1"))
        limit = MAX_SCENARIOS if found.path.startswith("/scenarios") else MAX_BODY
        if request.too_large or len(request.body) > limit:
            raise RefusedError(413, f"the body has more than {limit} bytes, which is the limit of {found.path}")
        content_type = (request.getHeader("content-type") or "").partition(";")[0].strip().lower()
        asked = Asked(names=found.names, query=_pairs(query), body=request.body, content_type=content_type)
        return handler(self._controls, asked)

    def _refused(self, failure: Failure, request: LimitedRequest) -> Answer | None:
        error = failure.value
        if isinstance(error, defer.CancelledError):
            return None
        if isinstance(error, MockIISError):
            return _refusal(error)
        text = internal_error(error) if isinstance(error, Exception) else "internal error"
        self._controls.service.report(peer_of(request), f"the admin API failed: {text}")
        return Answer(status=500, data={"error": text})


def _refuse_strangers(request: LimitedRequest) -> None:
    hosts = request.requestHeaders.getRawHeaders("host", [])
    if len(hosts) != 1 or not _LOOPBACK.fullmatch(hosts[0]):
        raise RefusedError(403, "the admin API is for this machine only; ask for it as 127.0.0.1 or localhost")
    origins = request.requestHeaders.getRawHeaders("origin", [])
    if any(origin.lower() != f"http://{hosts[0].lower()}" for origin in origins):
        raise RefusedError(403, "the admin API answers no web page of another origin")


def _parts(path: bytes) -> list[str]:
    """The parts of a path, each with its %xx read; a last slash does not matter."""
    try:
        parts = [unquote(part, errors="strict") for part in path.decode("ascii").split("/")[1:]]
    except UnicodeDecodeError:
        raise RefusedError(404, "the path is not UTF-8") from None
    return parts[:-1] if len(parts) > 1 and not parts[-1] else parts


def _pairs(query: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(query.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=100)
    except ValueError:
        raise RefusedError(400, "the query is not UTF-8 with %xx, or has more than 100 parts") from None


def _refusal(error: MockIISError) -> Answer:
    if isinstance(error, DocumentError):
        return Answer(status=400, data=_problems(error))
    headers: Mapping[str, str] = {}
    status = 409
    if isinstance(error, RefusedError):
        status, headers = error.status, error.headers
    elif isinstance(error, UnknownScenarioError):
        status = 404
    elif isinstance(error, StoreError):
        status = 503
    return Answer(status=status, data={"error": str(error)}, headers=headers)


def _problems(error: DocumentError) -> dict[str, Any]:
    count = len(error.problems)
    said = "an error" if count == 1 else f"{count} errors"
    problems = [
        {"file": each.file, "line": each.line, "column": each.column, "text": each.text} for each in error.problems
    ]
    return {"error": f"{error.problems[0].file} has {said}; nothing was changed", "problems": problems}


def _write(answer: Answer | None, request: LimitedRequest) -> None:
    """Write it out; None to whoever has gone."""
    if answer is None:
        return
    text = answer.text if answer.text is not None else json.dumps(answer.data, ensure_ascii=False, indent=1) + "\n"
    for name, value in {**answer.headers, **_ALWAYS}.items():
        request.responseHeaders.setRawHeaders(name, [value])
    send(request, answer.status, answer.content_type, text.encode("utf-8", "replace"))
