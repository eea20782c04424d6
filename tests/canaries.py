"""Secrets that can be found again, and every place where one could show."""

from __future__ import annotations

import asyncio
import base64
import copy
import gc
import logging
import pickle
import re
import secrets
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tmdb_auth_async import AuthError
from tmdb_auth_async.testing.fake_tmdb import state as tmdb_state
from tmdb_auth_async.testing.fake_zitadel.state import ZitadelState
from tmdb_auth_async.tmdb import callback
from tmdb_auth_async.zitadel import private_key_jwt

from .showing import chain

USERNAME, PASSWORD = "canary-user-Xq7Vt2", 'canary p@ss"w/örd<9Kd'
WRONG_CODE = "904117"
"""Six digits that no clock here gives: a one-time code is found by them as a whole word."""

_ENDS = 10
"""asyncio shortens what it shows: ten characters of either end are enough to know a secret by."""


class Canaries:
    """The secrets that were planted, or handed out by a fake, and what has been shown so far."""

    def __init__(self) -> None:
        """Begin with the user's own."""
        self.secrets = {USERNAME, PASSWORD}
        self.shown: dict[str, str] = {}

    def remembering(self, function: Callable[..., str]) -> Callable[..., str]:
        """Return *function*, whose every result is a secret from now on."""

        def remembered(*args: Any, **named: Any) -> str:
            self.secrets.add(secret := function(*args, **named))
            return secret

        return remembered

    def see(self, text: str, where: str) -> None:
        """Note that *text* was shown at *where*."""
        self.shown.setdefault(text, where)

    def found(self) -> list[str]:
        """Return each text that was shown and holds a secret, with the place."""
        ends: set[str] = set()
        for secret in self.secrets:
            ends.add(secret[-_ENDS:])
            if not secret.isdecimal():  # ids that are numbers begin alike, the harmless ones too
                ends.add(secret[:_ENDS])
        ends |= {base64.b64encode(secret.encode()).decode()[: 2 * _ENDS] for secret in self.secrets}
        everything = "\n".join(self.shown)
        out = {end for end in ends if end in everything}
        out |= set(re.findall(rf"(?<![0-9a-fx]){WRONG_CODE}(?![0-9a-f])", everything))
        return [f"{where}: {text}" for text, where in self.shown.items() if any(end in text for end in out)]


def plant(monkeypatch: pytest.MonkeyPatch) -> Canaries:
    """Know every secret that a fake, or the callback's address, makes in this test."""
    planted = Canaries()
    for module, name in [(tmdb_state, "new_id"), (tmdb_state, "encode_jwt"), (callback, "token_urlsafe")]:
        monkeypatch.setattr(module, name, planted.remembering(getattr(module, name)))
    monkeypatch.setattr(secrets, "token_urlsafe", planted.remembering(secrets.token_urlsafe))
    signed = private_key_jwt._assertion  # noqa: SLF001  # what proves the key is a secret, too, and has no other seam
    monkeypatch.setattr(private_key_jwt, "_assertion", planted.remembering(signed))
    make = ZitadelState.new_session

    def new_session(state: ZitadelState, creator_id: str) -> Any:
        session = make(state, creator_id)
        planted.secrets.add(session.session_id)
        return session

    monkeypatch.setattr(ZitadelState, "new_session", new_session)
    return planted


def look_at(thing: object, canaries: Canaries) -> None:
    """Note all that *thing* shows: its reprs, its copy's, and its pickle, which may be refused."""
    where = type(thing).__name__
    for one in (thing, copy.copy(thing)):
        canaries.see(repr(one), where)
        canaries.see(f"{one!s} {one} {[one]} {one!a}", where)
    try:
        canaries.see(pickle.dumps(thing).decode("latin-1"), f"{where}, pickled")
    except (TypeError, AttributeError, pickle.PicklingError) as refusal:
        canaries.see(str(refusal), f"{where}, refusing to be pickled")


def look_at_error(error: BaseException, canaries: Canaries) -> None:
    """Note all that *error* shows, with its causes, contexts and notes, and the traceback without locals."""
    for link in chain(error):
        where = f"{type(error).__name__}, by {type(link).__name__}"
        notes = getattr(link, "__notes__", ())
        for text in (
            str(link),
            repr(link),
            repr(link.args),
            repr(vars(link)),
            *notes,
            *traceback.format_exception(link),
        ):
            canaries.see(text, where)
    if isinstance(error, AuthError):
        look_at(error, canaries)


class _Listener(logging.Handler):
    """Notes every part of every record."""

    def __init__(self, canaries: Canaries) -> None:
        super().__init__(logging.DEBUG)
        self._canaries = canaries

    def emit(self, record: logging.LogRecord) -> None:
        where = f"log {record.name} {record.levelname}"
        self._canaries.see(record.getMessage(), where)
        for part in (record.msg, record.args, record.exc_text, record.stack_info, record.threadName):
            self._canaries.see(repr(part), where)
        if record.exc_info and record.exc_info[1] is not None:
            look_at_error(record.exc_info[1], self._canaries)


def _note(warning: warnings.WarningMessage, canaries: Canaries) -> None:
    canaries.see(f"{warning.message} {warning.source!r}", "a warning")


@contextmanager
def listening(canaries: Canaries) -> Iterator[None]:
    """Hear every logger there is at DEBUG, whatever its own level was, and every warning."""
    listener = _Listener(canaries)
    named = [one for one in logging.Logger.manager.loggerDict.values() if isinstance(one, logging.Logger)]
    before = [(logger, logger.level, logger.propagate) for logger in (logging.root, *named)]
    for logger, _, _ in before:
        logger.setLevel(logging.DEBUG)
        logger.propagate = True
    handlers = logging.root.handlers[:]
    logging.root.handlers[:] = [listener]  # pytest's own would keep a copy of all that asyncio tells
    try:
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            yield
            for _ in range(3):  # a warning keeps alive what it warns of, which has more to warn of
                gc.collect()
                while warned:
                    _note(warned.pop(), canaries)
    finally:
        logging.root.handlers[:] = handlers
        for logger, level, propagate in before:
            logger.setLevel(level)
            logger.propagate = propagate


async def _showing_all(canaries: Canaries, flow: Any) -> None:
    """Run *flow* with asyncio telling of every step of every task, and look at all futures that are left."""
    loop = asyncio.get_running_loop()
    loop.slow_callback_duration = 0
    await flow
    for task in asyncio.all_tasks():
        canaries.see(repr(task), "a task")
    for one in gc.get_objects():
        if isinstance(one, asyncio.Future):
            canaries.see(repr(one), "a future")


def run(canaries: Canaries, flow: Any) -> None:
    """Run the coroutine *flow* in asyncio's debug mode, hear all that is said, and fail where a secret shows."""
    with listening(canaries), asyncio.Runner(debug=True) as runner:
        runner.run(_showing_all(canaries, flow))
    assert any("Executing" in text for text in canaries.shown)
    found = canaries.found()
    assert not found, "\n".join(found)
