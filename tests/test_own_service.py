"""A service of a stranger's own, as the README has it: what is promised of TMDB's sessions holds for its visits."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tmdb_auth_async import LoginRefused, SessionManager, SessionNotFound
from tmdb_auth_async.stores import SQLiteStore

from .readme_club import Club, open_club
from .readme_runner import run
from .recipes import recipe


@pytest.fixture
async def club() -> AsyncIterator[Club]:
    """Serve the film club, in which nobody may be left."""
    async with open_club() as club:
        yield club


@pytest.fixture
async def theirs(club: Club, monkeypatch: pytest.MonkeyPatch) -> Any:  # the README's names, typed nowhere
    """Run the README's example, and give its names as a module's."""
    names = await run(recipe("class FilmClub"), {"club_url": club.url, "__name__": "film_club"})
    module = SimpleNamespace(**names)
    monkeypatch.setitem(sys.modules, "film_club", module)
    assert club.opened == 1
    return module


def managed(
    theirs: Any, club: Club, store: SQLiteStore | None = None, *, close_timeout_s: float = 2.0
) -> SessionManager:
    """Manage visits of *club* by what the README defines."""
    app = theirs.Basic("my_app", "app secret")
    return SessionManager(app, service=theirs.FilmClub(club.url), store=store, close_timeout_s=close_timeout_s)


async def test_its_refusals_are_errors_of_the_tree(theirs: Any, club: Club) -> None:
    """A wrong PIN is a `LoginRefused` with the club's code, and nothing is opened."""
    async with managed(theirs, club) as manager:
        with pytest.raises(LoginRefused) as caught:
            async with manager.session(theirs.Member("ada", "0000")):
                pass
    assert (caught.value.status, caught.value.code, manager.stats().opened) == (403, "pin", 0)


async def test_a_cancelled_visit_is_over(theirs: Any, club: Club) -> None:
    """A task that is cancelled inside its block leaves nobody in the club."""
    async with managed(theirs, club) as manager:
        entered = asyncio.Event()

        async def stay() -> None:
            async with manager.session(theirs.Member("ada", "1234")):
                entered.set()
                await asyncio.Event().wait()

        task = asyncio.create_task(stay())
        await entered.wait()
        assert len(club.visits) == 1
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert not club.visits


async def test_a_visit_is_kept_and_opened_anew(theirs: Any, club: Club, tmp_path: Path) -> None:
    """A durable store hands a visit to the next program, and one that the club has ended is opened once more."""
    path = tmp_path / "visits.db"
    async with managed(theirs, club, SQLiteStore(path)) as manager:
        await manager.login(theirs.Member("ada", "1234"))
    async with managed(theirs, club, SQLiteStore(path)) as manager:
        ada = await manager.login(theirs.Member("ada", "1234"))
        assert (await ada.get("/me"), club.opened) == ({"name": "ada"}, 2)
        club.visits.clear()
        assert (await ada.get("/me"), club.opened) == ({"name": "ada"}, 3)
        await manager.logout()


@pytest.mark.parametrize("meanwhile", ["still there", "thrown out"])
async def test_a_visit_that_could_not_be_closed_is_recovered(
    theirs: Any, club: Club, tmp_path: Path, meanwhile: str
) -> None:
    """What the journal still has is closed by the next manager on that store, and *over* counts as closed."""
    path = tmp_path / "visits.db"
    club.night = True
    manager = managed(theirs, club, SQLiteStore(path), close_timeout_s=0.1)
    async with manager, manager.session(theirs.Member("ada", "1234")):
        pass
    assert len(club.visits) == 1
    if meanwhile == "thrown out":
        club.visits.clear()
    club.night = False
    async with managed(theirs, club, SQLiteStore(path)) as manager:
        assert (manager.stats().recovered, club.visits) == (1, {})


async def test_a_request_as_somebody_who_left_is_refused(theirs: Any, club: Club) -> None:
    """A scoped visit that the club has ended is the error that the service makes of it."""
    async with managed(theirs, club) as manager, manager.session(theirs.Member("ada", "1234")) as ada:
        club.visits.clear()
        with pytest.raises(SessionNotFound, match="this visit is over"):
            await ada.get("/me")
