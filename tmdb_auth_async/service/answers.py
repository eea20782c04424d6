"""Read an answer into the type that its call wants, or raise what it means."""

from __future__ import annotations

from typing import Any, TypeVar

from ..errors import AuthError, Refused, SessionNotFound, Unreadable
from ..signed import Signed
from ..values import JSON, JSON_ANSWER, Call, Response
from .decoding import decoded
from .protocol import Service
from .reader import Reader
from .trouble import REDIRECTS, fallback, say, unreadable

T = TypeVar("T")

_NOT_FOUND = 404
_ERRORS_FROM = 400
_WITHOUT_BODY = (204, 205)


def read_answer(service: Service, call: Call[T], response: Response, sent: Signed | None = None) -> T:
    """Return what *response* answers to *call*; raises `Refused` or `NoAnswer`.

    *sent* is the request as it was signed: a refusal may quote it, and what is secret in it is struck out.
    """
    if sent is not None and response.status >= _ERRORS_FROM:
        return read_answer(service, call.sending(sent.whole()), response)
    body: JSON = None
    is_json = True
    try:
        body = decoded(response.body)
    except (ValueError, RecursionError):
        is_json = False
    failure: AuthError | None = None
    if is_json or "html" not in response.content_type.lower():
        failure = service.complaint(call, response, body)
    if failure is None and is_json and response.status < REDIRECTS.start:
        return _structured(service.reader, call, body)
    if failure is None and not is_json and _is_bare(service, call, response):
        return _structured(service.reader, call, None)
    if failure is None and (not is_json or response.status in REDIRECTS):
        failure = unreadable(call, response)
    elif failure is None and response.status >= _ERRORS_FROM and service.reader.status_decides:
        failure = fallback(call, response)
    if failure is None:
        return _structured(service.reader, call, body)
    if sent is not None:
        return read_answer(service, call.sending(sent.whole()), response)
    raise failure


def already_gone(service: Service, call: Call[T], refusal: Refused) -> T:
    """Return what a delete that is repeated is answered by, when *refusal* says that there is nothing to delete.

    An earlier try has done it then. Raises *refusal* when it says something else.
    """
    untyped = call.answer is JSON_ANSWER and refusal.status == _NOT_FOUND
    if call.request.method != "DELETE" or not (untyped or isinstance(refusal, SessionNotFound)):
        raise refusal
    try:
        return _structured(service.reader, call, {})
    except Unreadable:
        pass
    raise refusal


def _is_bare(service: Service, call: Call[Any], response: Response) -> bool:
    """Say whether a call was done and is answered by nothing, as is right (RFC 9110, 9.3.2, 15.3.5).

    One that wants a value is not, unless it deletes at a service whose HTTP status tells that this is done.
    """
    if response.body or response.status >= REDIRECTS.start:
        return False
    untyped = call.answer is JSON_ANSWER
    if untyped and response.status in _WITHOUT_BODY:
        return True
    if "html" in response.content_type.lower():
        return False
    method = call.request.method
    return method == "HEAD" if untyped else method == "DELETE" and service.reader.status_decides


def _member(body: JSON, name: str, absent: JSON) -> JSON:
    """Return the part *name* of *body*; what is null counts as *absent*."""
    if body is not None and not isinstance(body, dict):
        raise TypeError
    found = None if body is None else body.get(name)
    return absent if found is None else found


def _structured(reader: Reader, call: Call[T], body: JSON) -> T:
    if call.answer is JSON_ANSWER:
        return body  # type: ignore[return-value]  # an untyped call is answered by what the JSON holds
    try:
        if call.member is not None:
            body = _member(body, call.member, reader.absent)
        return reader.read(body, call.answer)
    except Exception:  # noqa: BLE001, S110  # whatever cattrs makes of a stranger's body; its text would show the body
        pass
    wanted = getattr(call.answer, "__name__", "the answer")
    raise Unreadable(
        f"{say(call.request)}: the answer is not a {wanted}: a field is missing or of the wrong type",
        may_have_created=call.request.creates,
    )
