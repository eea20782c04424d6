"""The demo's tour of ZITADEL: the same manager, another service."""

from __future__ import annotations

import tempfile
from pathlib import Path

from ... import SessionManager
from ...testing import FakeZitadel
from ...zitadel import PrivateKeyJWT, Zitadel, ZitadelLogin, get_session
from .diary import Diary, Guide
from .findings import Live
from .tour import LATENCY_S
from .watch import Watch

_SEED = "JBSWY3DPEHPK3PXP"  # what the fake user's one-time codes are made of


async def zitadel_tour(diary: Diary) -> int:
    """Visit a fake ZITADEL, the program signed in by a key file; return how many sessions are left there."""
    async with FakeZitadel(latency_s=LATENCY_S) as fake:
        fake.add_user("ada", "secret", totp_secret=_SEED)

        def live() -> Live:
            return Live(sessions=len(fake.sessions))

        watch = Watch(lambda: fake.requests, live=live, tell=diary.write)
        with tempfile.TemporaryDirectory() as folder:
            app = PrivateKeyJWT(fake.add_machine().write_key_file(Path(folder) / "key.json"))
            async with (
                watch.client() as client,
                SessionManager(app, service=Zitadel(fake.url), client=client) as manager,
            ):
                guide = Guide("ZITADEL", manager, watch, diary)
                by_password = ZitadelLogin("ada", password="secret")  # noqa: S106  # the fake user's
                async with guide.visit('ZitadelLogin("ada", password="…")', by_password) as session:
                    await session.ask(get_session(session.id or ""))
                by_both = ZitadelLogin("ada", password="secret", totp=lambda: fake.totp_code("ada"))  # noqa: S106  # as above
                async with guide.visit('ZitadelLogin("ada", password="…", totp=read_code)', by_both) as session:
                    await session.ask(get_session(session.id or ""))
        return live().to_close
