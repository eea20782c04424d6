"""What an answer means that is none: by its HTTP status, when no code of the service decides."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ..errors import AuthError, RateLimited, Refused, ServiceDown, Unreadable
from ..values import Call, Request, Response, shown_path

_TOO_MANY = 429
_ERRORS_FROM = 400
_DOWN_FROM = 500
_LONGEST_CODE = 64
REDIRECTS = range(300, 400)
"""The statuses that send elsewhere, which is never followed."""


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
    said = f": {said}" if (said := quoted(words, request)) else ""
    return ServiceDown(
        f"{say(request)}: the service is in trouble{said}; try again later",
        status=response.status,
        code=code,
        may_have_created=request.creates and response.status != 503,  # noqa: PLR2004  # Service Unavailable
        retry_after_s=retry_after_s(response),
    )


def unreadable(call: Call[Any], response: Response) -> AuthError:
    """Return the error for an answer that is a redirect, a gateway's page, or no JSON."""
    request, status = call.request, response.status
    if status in REDIRECTS:
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


def quoted(words: str, request: Request) -> str:
    """Return what the service said, with every secret of *request* struck out and ready for advice behind it."""
    from ..struck import struck  # rarely needed, slow to import

    said = struck(words, request)
    return said.removesuffix(".") if not said.endswith("..") else said


def shown(code: int, request: Request) -> int | None:
    """Return *code*, which the service's documents do not name, unless it holds a secret of *request*."""
    from ..struck import secret_in  # rarely needed, slow to import

    return None if code.bit_length() > _LONGEST_CODE or secret_in(str(abs(code)), request) else code


def say(request: Request) -> str:
    """Name *request* in words that are safe to show: the method and the path's template, without what looks secret."""
    return f"{request.method} {shown_path(request.path)}"
