"""Commands whose whole output is looked at, for secrets that were planted."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import attrs

from tmdb_auth_async.testing import FakeTMDB

from .canaries import PASSWORD, USERNAME, Canaries, listening
from .cli_stage import Ended, Environment, knowing, run
from .secret_flows import served

_APPROVAL = re.compile(r"https?://\S+/(?:authenticate/|auth/access\?)\S+")
"""Where a human is sent to approve: the one address with a request token in it that a command is there to show."""

LOGIN = ("login", "--password")


@attrs.frozen
class Looked:
    """A fake, an environment that knows it and its user, and eyes on all that commands say there."""

    fake: FakeTMDB
    env: Environment
    canaries: Canaries

    async def run(self, *words: str, env: Mapping[str, str | None] | None = None) -> Ended:
        """Run a command in this process and look at what it said."""
        return self.see(await run(*words, env={**self.env, **(env or {})}), *words)

    def see(self, ended: Ended, *words: str) -> Ended:
        """Look at what a command said: the user's name is for its answer only, an approval's address never is."""
        command = f"tmdb-auth {' '.join(words)}"
        assert USERNAME not in ended.err, command
        assert not _APPROVAL.search(ended.out), command
        self.canaries.see(ended.out, f"{command}, its answer")
        self.canaries.see(_APPROVAL.sub("", ended.err), f"{command}, beside it")
        return ended


@asynccontextmanager
async def looked_at(canaries: Canaries, folder: Path) -> AsyncIterator[Looked]:
    """Serve a fake with one user, hear every log there is, and fail where a secret shows; the user's name is none."""
    canaries.secrets.discard(USERNAME)
    with listening(canaries):
        async with served() as fake:
            user: Environment = {"TMDB_USERNAME": USERNAME, "TMDB_PASSWORD": PASSWORD}
            yield Looked(fake, knowing(fake, folder) | user, canaries)
            canaries.see(repr(fake.requests), "the fake's log")
    found = canaries.found()
    assert not found, "\n".join(found)
