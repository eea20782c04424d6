"""The demo from its beginning to its end."""

from __future__ import annotations

import importlib.util
import time

from .cancels import by_hand, by_manager, random_moments_s
from .diary import Diary
from .findings import Findings
from .show import Show
from .tour import tour

EXTRA = ("jwt", "cryptography")
"""What the extra `zitadel` brings."""


async def demonstrate(show: Show, *, scopes: int, seed: int) -> Findings:
    """Tour the services and cancel so many visits, all of it shown."""
    started_s = time.perf_counter()
    diary = Diary(show)
    show.say(("tmdb-auth demo", "bold"), ": no key, no network, nothing leaves this machine")
    left = await tour(diary)
    skipped = _missing()
    if skipped is None:
        from .zitadel_tour import zitadel_tour  # it needs its extra

        left += await zitadel_tour(diary)
    else:
        show.say()
        show.say(skipped)
    show.say()
    show.say("Sessions left: ", (str(left), "bold red" if left else "bold green"), " (the guest's expires by itself)")
    moments = await random_moments_s(scopes, seed=seed)
    with show.progress("try/finally", scopes) as tick:
        hand = await by_hand(moments, tick=tick)
    with show.progress("SessionManager", scopes) as tick:
        manager = await by_manager(moments, tick=tick)
    findings = Findings(
        visits=diary.visits,
        skipped=skipped,
        left=left,
        by_hand=hand,
        manager=manager,
        took_s=round(time.perf_counter() - started_s, 2),
    )
    show.outcomes(findings)
    return findings


def _missing() -> str | None:
    """Say what is missing for the visit to ZITADEL, if anything is."""
    if all(importlib.util.find_spec(library) for library in EXTRA):
        return None
    return "ZITADEL is not visited, its extra is missing: pip install 'tmdb-auth-async[zitadel]'"
