"""The errors, one tree of three kinds: not attempted, refused, no answer.

::

    AuthError
    ├─ NotAttempted            nothing was sent, or could be
    │  ├─ NotConfigured        no credential, bad URL, plain http to a host that is not this machine
    │  ├─ NotLoggedIn          nothing is kept under that name
    │  └─ SessionClosed        the session, or its manager, is closed
    ├─ Refused                 the service said no: .status, .code, .message
    │  ├─ AppCredentialRefused    the program's own credential is invalid or suspended
    │  ├─ LoginRefused            wrong or missing username or password
    │  ├─ AccountUnavailable      the account is disabled, unverified, locked or suspended
    │  ├─ RequestTokenInvalid     the request token is unknown, used up or expired
    │  ├─ NotApproved             nobody has approved the request token (yet)
    │  │  ├─ ApprovalDenied       the human said no
    │  │  └─ ApprovalTimedOut     the human said nothing in time
    │  ├─ PermissionDenied        the credential or session may not do this
    │  ├─ SessionNotFound         the service knows no such session
    │  └─ RateLimited             too many requests: .retry_after_s
    └─ NoAnswer                no usable answer came: .may_have_created
       ├─ Unreachable          DNS, connect, reset, TLS
       ├─ TimedOut             the time given ran out
       ├─ ServiceDown          the service or its gateway is in trouble: .status, .code
       └─ Unreadable           not JSON, too large, fields missing or of the wrong type

No error text, cause, context or note holds a secret.
"""

from __future__ import annotations


class AuthError(Exception):
    """The root of everything this library raises on purpose."""

    def __init__(self, message: str = "") -> None:
        """Say who, what, and what to do next, in *message*."""
        super().__init__(message)
        self.message = message


class NotAttempted(AuthError):
    """Nothing was sent, or could be.

    `halfway` is true where a session was made before it, which is closed: a `Chain` tries nothing else then.
    """

    halfway: bool = False


class NotConfigured(NotAttempted):
    """Something is missing or wrong in how the program is set up; the text says what to do.

    `unreadable` is true where it is one kept session that this program cannot read; a `logout` removes it.
    """

    unreadable: bool = False


class NotLoggedIn(NotAttempted):
    """No session is kept under that name: call `login` first."""


class SessionClosed(NotAttempted):
    """The session, or the manager it came from, is closed: open a new one."""


class Refused(AuthError):
    """The service said no.

    `status` is HTTP's, `code` the service's own (a number at TMDB, an id at ZITADEL),
    `None` also for a number that holds a secret of the request.
    `message` names the request by its template, then has the service's own words with
    every secret of the request struck out, or ours where it has none, then what to do.
    """

    def __init__(self, message: str = "", *, status: int | None = None, code: int | str | None = None) -> None:
        """Keep what the service said beside both its numbers."""
        super().__init__(message)
        self.status = status
        self.code = code

    def __str__(self) -> str:
        """Give the message with both numbers."""
        numbers = [f"HTTP {self.status}"] if self.status is not None else []
        numbers += [f"code {self.code}"] if self.code is not None else []
        return f"{self.message} ({', '.join(numbers)})" if numbers else self.message


class AppCredentialRefused(Refused):
    """The program's own credential is invalid or suspended: check the token or key."""


class LoginRefused(Refused):
    """Wrong or missing username or password."""


class AccountUnavailable(Refused):
    """The user's account is disabled, unverified, locked or suspended."""


class RequestTokenInvalid(Refused):
    """The request token is unknown, used up or expired: begin a new login."""


class NotApproved(Refused):
    """Nobody has approved the request token."""


class ApprovalDenied(NotApproved):
    """The human said no."""


class ApprovalTimedOut(NotApproved):
    """The human said nothing in time."""


class PermissionDenied(Refused):
    """The credential or session may not do this."""


class SessionNotFound(Refused):
    """The service knows no such session: it was deleted, or never was."""


class RateLimited(Refused):
    """Too many requests; `retry_after_s` is what the service asked for in seconds, `None` when it did not say."""

    def __init__(
        self,
        message: str = "",
        *,
        status: int | None = None,
        code: int | str | None = None,
        retry_after_s: float | None = None,
    ) -> None:
        """Keep the wait that was asked for."""
        super().__init__(message, status=status, code=code)
        self.retry_after_s = retry_after_s


class NoAnswer(AuthError):
    """No usable answer came.

    `may_have_created` says that the request was to create a session and may have done
    so: the service may hold a session that this program cannot name.
    """

    def __init__(self, message: str = "", *, may_have_created: bool = False) -> None:
        """Say what was asked and what came instead."""
        super().__init__(message)
        self.may_have_created = may_have_created

    def __str__(self) -> str:
        """Give the message and, where it is so, that a session may have been left behind."""
        return f"{self.message}; it may have created a session" if self.may_have_created else self.message


class Unreachable(NoAnswer):
    """DNS, connect, reset or TLS; `sent` is false when the request certainly never left."""

    def __init__(self, message: str = "", *, may_have_created: bool = False, sent: bool = True) -> None:
        """Say whether the request may have reached the service."""
        super().__init__(message, may_have_created=may_have_created)
        self.sent = sent


class TimedOut(NoAnswer):
    """The time given ran out before an answer came."""


class ServiceDown(NoAnswer):
    """The service or its gateway is in trouble; `status` and `code` as for `Refused`."""

    def __init__(
        self,
        message: str = "",
        *,
        status: int | None = None,
        code: int | str | None = None,
        may_have_created: bool = False,
        retry_after_s: float | None = None,
    ) -> None:
        """Keep both numbers, and the wait that was asked for if any."""
        super().__init__(message, may_have_created=may_have_created)
        self.status = status
        self.code = code
        self.retry_after_s = retry_after_s


class Unreadable(NoAnswer):
    """An answer came that is not JSON, too large, or lacks what it must hold."""
