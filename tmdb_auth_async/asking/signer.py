"""The app credential in force: given once, or fetched and renewed by one caller for all."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from time import monotonic
from typing import TypeVar

from ..credentials import BearerToken
from ..errors import NotConfigured, SessionClosed
from ..ports import AppCredential, Ask, FetchedCredential
from ..signed import Signed, signed_by
from ..values import Call, Request, SessionValue

T = TypeVar("T")

_MARGIN_SHARE = 0.1
_LONGEST_MARGIN_S = 60.0


class Signer:
    """Holds the credential that signs; `fixed` is `None` where it must be fetched."""

    def __init__(self, app: AppCredential | FetchedCredential, url: str) -> None:
        """Sign with *app*, or with what it fetches from the service at *url*."""
        self.fixed: AppCredential | None = None
        self._source: FetchedCredential | None = None
        if isinstance(app, FetchedCredential) and not isinstance(app, type):
            self._source = app
        elif not isinstance(app, type) and callable(getattr(app, "sign", None)):
            self.fixed = app
        else:
            message = "the app credential must be BearerToken(token), ApiKey(key) or another that signs"
            raise NotConfigured(message)
        self._bearer = _authorization(app) if type(app) is BearerToken else None
        self._url = url
        self._credential: AppCredential | None = None
        self._renew_at = self._ends_at = 0.0
        self._fetching: asyncio.Task[AppCredential] | None = None

    def check_bearer(self) -> None:
        """Raise `NotConfigured` for a credential that is known to be no bearer, such as an API key."""
        if self.fixed is not None and _authorization(self.fixed) is None:
            message = "this service takes bearers only: give BearerToken(token), or a credential of the service's own"
            raise NotConfigured(message)

    def at_once(self, request: Request, session: SessionValue | None, /) -> Signed | None:
        """Return *request* signed by *session*, and by the app unless that does; `None` where it must be fetched."""
        app = self.fixed
        if app is None:
            return None
        signed = Signed(request)
        if session is not None:
            signed = signed_by(session, signed)
        if signed.authorization is None:
            if self._bearer is None:
                return signed_by(app, signed)
            signed.authorization = self._bearer  # which it would put together anew each time
        return signed

    async def signed(self, request: Request, session: SessionValue | None, ask: Ask) -> Signed:
        """Return the same, with a credential that is fetched by way of *ask* if need be."""
        signed = _by(session, request)
        if signed.authorization is not None:
            return signed
        app = await self.current(ask)
        signed = signed_by(app, signed)
        if self.fixed is None:
            signed.fetched = app
        return signed

    def is_asked(self, request: Request, session: SessionValue | None) -> bool:
        """Say whether the app's credential signs *request*."""
        return _by(session, request).authorization is None

    async def current(self, ask: Ask) -> AppCredential:
        """Return the credential in force, fetched by way of *ask* if need be: one fetch serves every caller.

        One that nears its end is renewed meanwhile, and whatever becomes of that serves until its end.
        """
        if self.fixed is not None:
            return self.fixed
        now = monotonic()
        if self._credential is not None and now < self._renew_at:
            return self._credential
        if self._fetching is None:
            self._fetching = asyncio.get_running_loop().create_task(self._fetch(ask))
            self._fetching.add_done_callback(self._done)
        if self._credential is not None and now < self._ends_at:
            return self._credential
        fetching = self._fetching
        await asyncio.wait({fetching})
        if fetching.cancelled():
            message = "the manager was closed meanwhile: open a new one"
            raise SessionClosed(message)
        return fetching.result()

    def renews(self, refused: Signed | None) -> bool:
        """Drop the fetched credential that signed what was *refused*, if it is still in force.

        Say whether asking again makes sense: one that was fetched since is kept, and where
        none was to be had the refusal was of the fetch itself.
        """
        if refused is None:
            return False
        if self._credential is not None and refused.fetched is self._credential:
            self._credential = None
            return True
        return self._credential is not None or self._fetching is not None

    async def aclose(self) -> None:
        """Stop a fetch that is under way."""
        if self._fetching is not None:
            self._fetching.cancel()
            await asyncio.wait({self._fetching})

    async def _fetch(self, ask: Ask) -> AppCredential:
        if self._source is None:
            message = "this credential is not fetched"
            raise NotConfigured(message)
        fetched = await self._source.fetch(_Unsigned(ask), self._url)
        margin_s = min(_LONGEST_MARGIN_S, fetched.lifetime_s * _MARGIN_SHARE)
        self._ends_at = monotonic() + fetched.lifetime_s
        self._renew_at = self._ends_at - margin_s
        self._credential = fetched.credential
        return fetched.credential

    def _done(self, fetching: asyncio.Task[AppCredential]) -> None:
        self._fetching = None
        if not fetching.cancelled() and fetching.exception() is not None:
            self._renew_at = (monotonic() + self._ends_at) / 2  # as often as it gets urgent, not at every request


class _Unsigned:
    """An `Ask` for fetching a credential: what carries no authorization of its own is sent without."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def page(self, path: str, /, params: Mapping[str, str]) -> str:
        return self._ask.page(path, params)

    async def __call__(self, call: Call[T], /) -> T:
        if call.request.authorization is None:
            call = call.sending(call.request.authorized(""))
        return await self._ask(call)


def _authorization(app: AppCredential) -> str | None:
    """Return what *app* signs with as its `Authorization`, if it does."""
    return signed_by(app, Signed(Request("GET", "/"))).authorization


def _by(session: SessionValue | None, request: Request) -> Signed:
    """Return *request* signed by *session*, if there is one."""
    return Signed(request) if session is None else signed_by(session, Signed(request))
