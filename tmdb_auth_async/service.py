"""How a service's answers are read: JSON to typed values, complaints to errors. The only user of cattrs."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, NoReturn, Protocol, TypeVar, cast

import attrs
from cattrs import Converter
from cattrs.gen import make_dict_structure_fn, override

from .errors import AuthError, RateLimited, Refused, ServiceDown, SessionNotFound, Unreadable
from .struck import struck
from .values import JSON, JSON_ANSWER, Call, Request, Response, shown_path

T = TypeVar("T")

_NOT_FOUND = 404
_TOO_MANY = 429
_ERRORS_FROM = 400
_DOWN_FROM = 500
_REDIRECTS = range(300, 400)


@attrs.frozen
class Spare:
    """A call whose answers may be fetched ahead, and for how many seconds each is good."""

    call: Call[Any]
    good_for_s: float


class Service(Protocol):
    """Who opens sessions: where it lives, and how its answers and complaints are read."""

    @property
    def url(self) -> str:
        """Where its API lives, without a slash at the end."""
        ...

    @property
    def website(self) -> str:
        """Where its pages for people live, without a slash at the end."""
        ...

    @property
    def reader(self) -> Reader:
        """How the members of its answers become values."""
        ...

    @property
    def spare(self) -> Spare | None:
        """What may be fetched ahead of its use, if there is such a thing."""
        ...

    def complaint(self, call: Call[Any], response: Response, body: JSON, /) -> AuthError | None:
        """Return the error that *body* stands for, or `None` when it is an answer; *body* is `None` when not JSON."""
        ...

    def is_dead(self, error: Refused, /) -> bool:
        """Say whether *error*, met by a request that a session signed, means that the session is over."""
        ...


def _refuse_constant(_: str) -> NoReturn:
    raise ValueError


_decode = json.JSONDecoder(parse_constant=_refuse_constant).decode


class Reader:
    """Reads JSON into values; `camel` for protobuf's JSON: lowerCamelCase, and what is empty is left out.

    `read_time` turns the service's way of writing a time into an aware UTC datetime.
    `status_decides` is false where an HTTP status of failure may come with an answer.
    """

    def __init__(
        self, *, read_time: Callable[[str], datetime], camel: bool = False, status_decides: bool = True
    ) -> None:
        """Prepare the converter once; hooks are compiled at first use."""
        self.status_decides = status_decides
        self._converter = Converter(detailed_validation=False)
        self._converter.register_structure_hook(str, _read_str)
        self._converter.register_structure_hook(bool, _read_bool)
        self._converter.register_structure_hook(int, _read_int)
        self._converter.register_structure_hook(bytes, _read_bytes)
        self._converter.register_structure_hook(datetime, _time_hook(read_time))
        self._camel = camel
        self._converter.register_structure_hook_factory(attrs.has, self._object_hook)
        self._hooks: dict[object, Callable[[Any, Any], Any]] = {}
        self.absent: JSON = {} if camel else None
        """What a part of a body counts as that is not there."""

    def _object_hook(self, cls: Any) -> Callable[[Any, Any], Any]:  # cattrs hands any class
        names = {field.name: override(rename=_camel(field.name)) for field in attrs.fields(cls) if self._camel}
        read = make_dict_structure_fn(cls, self._converter, **names)  # type: ignore[arg-type]  # names never clash with its options

        def hook(body: object, cls: Any) -> Any:  # as cattrs calls it
            if not isinstance(body, dict):
                raise TypeError  # a list or a text would pass for an object whose fields are all left out
            return read(cast("dict[str, Any]", body), cls)

        return hook

    def read(self, body: JSON, answer: type[T]) -> T:
        """Read *body* into *answer*; whatever is wrong with it is raised by cattrs or the hooks."""
        hook = self._hooks.get(answer)
        if hook is None:
            hook = self._hooks[answer] = self._converter.get_structure_hook(answer)
        result: T = hook(body, answer)
        return result


def read_answer(service: Service, call: Call[T], response: Response, *, sent: Request | None = None) -> T:
    """Return what *response* answers to *call*; raises `Refused` or `NoAnswer`.

    *sent* is the request as it was signed: a refusal may quote it, and what is secret in it is struck out.
    """
    body: JSON = None
    try:
        body = _decode(response.body.decode())
        is_json = True
    except (ValueError, RecursionError):
        is_json = False
    failure: AuthError | None = None
    if is_json or "html" not in response.content_type.lower():
        failure = service.complaint(call, response, body)
    if failure is None and (not is_json or response.status in _REDIRECTS):
        failure = _unreadable(call, response)
    elif failure is None and response.status >= _ERRORS_FROM and service.reader.status_decides:
        failure = fallback(call, response)
    if failure is None:
        return _structured(service.reader, call, body)
    if sent is not None and sent is not call.request:
        return read_answer(service, call.sending(sent), response)
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


def _structured(reader: Reader, call: Call[T], body: JSON) -> T:
    if call.answer is JSON_ANSWER:
        return body  # type: ignore[return-value]  # an untyped call is answered by what the JSON holds
    try:
        if call.member is not None:
            body = body.get(call.member, reader.absent) if isinstance(body, dict) else None
        return reader.read(body, call.answer)
    except Exception:  # noqa: BLE001, S110  # whatever cattrs makes of a stranger's body; its text would show the body
        pass
    wanted = getattr(call.answer, "__name__", "the answer")
    raise Unreadable(
        f"{say(call.request)}: the answer is not a {wanted}: a field is missing or of the wrong type",
        may_have_created=call.request.creates,
    )


def fallback(call: Call[Any], response: Response) -> AuthError:
    """Return the error for an answer without a known code: the HTTP status decides."""
    request, status = call.request, response.status
    if status == _TOO_MANY:
        return RateLimited(
            f"{say(request)}: too many requests; ask less often",
            status=status,
            retry_after_s=retry_after_s(response),
        )
    if status >= _DOWN_FROM:
        return down(request, response)
    return Refused(f"{say(request)}: refused without a reason", status=status)


def down(request: Request, response: Response, *, code: int | str | None = None, words: str = "") -> ServiceDown:
    """Return the error for a service in trouble; only a 503 says for sure that nothing was done."""
    said = f": {struck(words, request)}" if words else ""
    return ServiceDown(
        f"{say(request)}: the service is in trouble{said}; try again later",
        status=response.status,
        code=code,
        may_have_created=request.creates and response.status != 503,  # noqa: PLR2004  # Service Unavailable
        retry_after_s=retry_after_s(response),
    )


def _unreadable(call: Call[Any], response: Response) -> AuthError:
    request, status = call.request, response.status
    if status in _REDIRECTS:
        return Unreadable(
            f"{say(request)}: answered by a redirect (HTTP {status}), which is not followed: check the URL"
        )
    if "html" in response.content_type.lower() and status != _TOO_MANY:
        return down(request, response)
    if status >= _ERRORS_FROM:
        return fallback(call, response)
    return Unreadable(f"{say(request)}: the answer is not JSON (HTTP {status})", may_have_created=request.creates)


def retry_after_s(response: Response) -> float | None:
    """Read `Retry-After`, in seconds or as an HTTP date (RFC 9110, 10.2.3); `None` when absent or unreadable."""
    text = response.retry_after
    if not text:
        return None
    if text.isascii() and text.isdigit():
        return float(text[:9])
    from email.utils import parsedate_to_datetime  # rarely needed, slow to import

    try:
        at = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    at = at if at.tzinfo is not None else at.replace(tzinfo=UTC)
    return max(0.0, (at - datetime.now(UTC)).total_seconds())


def say(request: Request) -> str:
    """Name *request* in words that are safe to show: the method and the path's template, without what looks secret."""
    return f"{request.method} {shown_path(request.path)}"


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def _read_str(value: object, _: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    if not value.isascii():
        value.encode()  # raises on half a surrogate pair, which JSON can hold and no request can send
    return value


def _read_bool(value: object, _: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _read_int(value: object, _: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise TypeError
    return int(value)


def _read_bytes(value: object, _: object) -> bytes:
    text = _read_str(value, str).replace("-", "+").replace("_", "/")
    return b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), validate=True)


def _time_hook(read_time: Callable[[str], datetime]) -> Callable[[object, object], datetime]:
    def hook(value: object, _: object) -> datetime:
        return read_time(_read_str(value, str))

    return hook
