"""The parts of a manager, put together, and taken down in order."""

from __future__ import annotations

import asyncio
from functools import cached_property
from math import isinf
from typing import TYPE_CHECKING

from .asking import Asker, Hedged, Limiter, Signer, Tries
from .closer import Closer
from .deadlines import Deadlines
from .desk import Desk
from .journal import Journal
from .keeping import Keeping
from .opening import Opener, Pool, Tools
from .options import check_client, check_count, check_positive, check_service, check_store
from .ports import AppCredential, FetchedCredential, SessionStore
from .recovery import Recovery
from .service import Service
from .stores.memory import MemoryStore
from .tally import Tally
from .wire import Client, Wire

if TYPE_CHECKING:
    from .webflow import WebFlow

_CONNECT_SHARE = 0.9
"""The share of the time limit in which a connection must be there: what is sent after it helps nobody."""


class Parts:
    """What stands behind one manager; nothing is sent, opened or started before its first use."""

    def __init__(  # the manager's settings
        self,
        app: AppCredential | FetchedCredential,
        *,
        service: Service,
        store: SessionStore | None,
        client: Client | None,
        timeout_s: float,
        close_timeout_s: float,
        retries: int,
        max_rate: float | None,
        ready: int,
    ) -> None:
        """Put them together; raises `NotConfigured` for settings that cannot work."""
        check_service(service)
        if store is not None:
            check_store(store)
        if client is not None:
            check_client(client)
        check_positive("timeout_s", timeout_s)
        check_positive("close_timeout_s", close_timeout_s)
        if max_rate is not None:
            check_positive("max_rate", max_rate)
        check_count("retries", retries)
        check_count("ready", ready)
        self.close_timeout_s = close_timeout_s
        self.tally = tally = Tally()
        self._wire = wire = Wire(service.url, client, connect_s=_CONNECT_SHARE * timeout_s)
        self._signer = signer = Signer(app, service.url)
        if getattr(service, "bearers_only", False):
            signer.check_bearer()
        store = MemoryStore() if store is None else store
        self._journal = journal = Journal(store, service.url)
        limiter = None if max_rate is None or isinf(max_rate) else _limiter(max_rate)
        tries = Tries(wire, service, signer=signer, limiter=limiter)
        self._asker = asker = Asker(tries, tally=tally, timeout_s=timeout_s, retries=retries)
        closing_tries = Tries(wire, service, signer=signer, once=False)  # what is not found is closed
        after_s = min(timeout_s, close_timeout_s / 4)
        self._closing_asker = closing_asker = Asker(closing_tries, tally=tally, timeout_s=after_s, retries=0)
        self._patient_asker = patient_asker = Asker(
            closing_tries, tally=tally, timeout_s=min(timeout_s, close_timeout_s), retries=0
        )
        closer = Closer(
            closing_asker,
            Hedged(patient_asker, after_s=after_s, tally=tally),
            journal=journal,
            tally=tally,
            retries=max(1, retries),
            patience_s=close_timeout_s,
        )
        self.pool = pool = Pool(asker, service.spare, size=ready)
        opener = Opener(
            Tools(
                asker=asker,
                pool=pool,
                closer=closer,
                journal=journal,
                tally=tally,
                close_timeout_s=close_timeout_s,
                patience=Deadlines(timeout_s),
            )
        )
        self.desk = desk = Desk(service.url, asker=asker, opener=opener, closer=closer, tally=tally)
        self.recovery = recovery = Recovery(journal, closer, tally=tally, timeout_s=close_timeout_s)
        self.keeping = Keeping(
            desk, store=store, journal=journal, service=service, recovery=recovery, close_timeout_s=close_timeout_s
        )

    @cached_property
    def web(self) -> WebFlow:
        """The web logins, which not every program has."""
        from .webflow import WebFlow

        return WebFlow(self.desk)

    async def aclose(self) -> None:
        """End everything: first what opens, then what is open, last what carries and remembers it."""
        self.desk.shut = True
        deadline = asyncio.get_running_loop().time() + self.close_timeout_s
        await self.pool.aclose()
        await self.keeping.stop()
        self.keeping.let_go()
        await self.desk.close_all(deadline)
        await self.keeping.logged_out(self.close_timeout_s)
        await self._signer.aclose()
        self._asker.stop()
        self._closing_asker.stop()
        self._patient_asker.stop()
        await self._wire.aclose()
        await self._journal.aclose()


def _limiter(max_rate: float) -> Limiter:
    """Return what lets *max_rate* requests through in any second, one after the other.

    Of many a hundredth may go at once: a loop's timers are too coarse for one by one.
    """
    from aiolimiter import AsyncLimiter  # only where a rate is given

    at_once = max(1.0, max_rate / 100)
    return AsyncLimiter(at_once, at_once / (max_rate - (at_once - 1)))
