"""Several strategies, of which the first that can be tried opens."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import attrs

from ..errors import AuthError, NoAnswer, NotAttempted, NotConfigured, Refused
from ..options import check_session, check_strategy
from ..ports import Ask, Strategy
from ..records import Recorded, is_durable
from ..sealed import secret, value
from ..values import Request, SessionValue


@attrs.frozen(init=False)
class Chain:
    """Try strategies in their order: past what is *not attempted*, up to what opens, is refused or gets no answer."""

    strategies: tuple[Strategy[Any], ...]

    def __init__(self, *strategies: Strategy[Any]) -> None:
        """Try *strategies*, the first one first; raises `NotConfigured` for what is none."""
        for strategy in strategies:
            check_strategy(strategy)
        object.__setattr__(self, "strategies", strategies)

    @property
    def needs_human(self) -> bool:
        """Whether any of the strategies waits for a person."""
        return any(getattr(strategy, "needs_human", False) for strategy in self.strategies)

    async def open(self, ask: Ask, /) -> ChainedSession:
        """Open by the first strategy that can be tried.

        Raises what that one raises, else `NotAttempted` (`NotConfigured` when all were
        that) saying what each of them answered.
        """
        answers: list[NotAttempted] = []
        for index, strategy in enumerate(self.strategies):
            try:
                source: SessionValue = await strategy.open(ask)
            except NotAttempted as error:
                if error.halfway:
                    raise
                answers.append(error)
            except (Refused, NoAnswer) as error:
                if answers:
                    error.add_note(f"tried before: {self._said(answers)}")
                raise
            else:
                check_session(source)
                return ChainedSession(index, source)
        raise self._none_tried(answers)

    async def close(self, ask: Ask, session: ChainedSession, /) -> None:
        """Close by the strategy that opened."""
        await self.strategies[session.opened_by].close(ask, session.source)

    def _none_tried(self, answers: list[NotAttempted]) -> AuthError:
        if not answers:
            return NotConfigured("an empty Chain opens nothing: give it strategies")
        kind = NotConfigured if all(isinstance(answer, NotConfigured) for answer in answers) else NotAttempted
        return kind(f"none of the {len(answers)} strategies could be tried: {self._said(answers)}")

    def _said(self, answers: list[NotAttempted]) -> str:
        return "; ".join(
            f"{number}. {type(strategy).__name__}: {answer.message}"
            for number, (strategy, answer) in enumerate(zip(self.strategies, answers, strict=False), start=1)
        )


@value
class ChainedSession(Recorded):
    """A session and the place in its chain of the strategy that opened it."""

    opened_by: int
    source: SessionValue = secret()

    @property
    def id(self) -> str | None:
        """The id that the session has, if any."""
        return getattr(self.source, "id", None)

    @property
    def access_token(self) -> str | None:
        """The access token that the session has, if any."""
        return getattr(self.source, "access_token", None)

    @property
    def account_id(self) -> str | None:
        """The account that the session is for, where it knows."""
        return getattr(self.source, "account_id", None)

    @property
    def expires_at(self) -> datetime | None:
        """When the session ends by itself, where it does."""
        return getattr(self.source, "expires_at", None)

    @property
    def fills(self) -> Mapping[str, str | None]:
        """What a path may have filled in."""
        own = {"session_id": self.id, "account_id": self.account_id}
        return getattr(self.source, "fills", own)

    @property
    def ends_by_itself(self) -> bool:
        """Whether there is nothing to close."""
        return getattr(self.source, "ends_by_itself", False)

    def sign(self, request: Request, /) -> Request:
        """Sign as the session does."""
        return self.source.sign(request)

    async def close(self, ask: Ask, /) -> None:
        """End the session with no strategy at hand."""
        if is_durable(self.source):
            await self.source.close(ask)
