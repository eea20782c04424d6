"""Reading sessions: one by its id, or those that a search finds."""

import operator
from collections.abc import Callable
from typing import cast

from . import wording
from .asked import Asked, Fields, message, messages, number, text
from .complaints import Complaint
from .people import READ, Caller
from .state import LiveSession

Found = Callable[[LiveSession], bool]

_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "TIMESTAMP_QUERY_METHOD_EQUALS": operator.eq,
    "TIMESTAMP_QUERY_METHOD_GREATER": operator.gt,
    "TIMESTAMP_QUERY_METHOD_GREATER_OR_EQUALS": operator.ge,
    "TIMESTAMP_QUERY_METHOD_LESS": operator.lt,
    "TIMESTAMP_QUERY_METHOD_LESS_OR_EQUALS": operator.le,
}


def get_session(asked: Asked) -> object:
    """Describe a session to its user, to its creator, to whoever has its token or may read sessions."""
    session = asked.state.sessions.get(text(asked.fields, "sessionId") or "")
    if session is None or session.terminated:
        raise Complaint("QUERY-SFeaa")
    token = text(asked.fields, "sessionToken")
    if token is not None and token != session.token:
        raise Complaint("QUERY-dsfr3")
    if token is None and not _is_theirs(session, asked.caller):
        asked.caller.require(READ)
    return {"session": wording.described(asked.state, session)}


def search_sessions(asked: Asked) -> object:
    """List the sessions that the caller may read and every query fits; expired ones among them."""
    caller = asked.caller
    queries = [_query(query, caller) for query in messages(asked.fields, "queries")]
    found = [
        session
        for session in asked.state.sessions.values()
        if not session.terminated
        and (caller.has(READ) or _is_theirs(session, caller))
        and all(query(session) for query in queries)
    ]
    paging = message(asked.fields, "query") or {}
    found.sort(key=lambda session: session.created_at_s, reverse=paging.get("asc") is not True)
    offset, limit = number(paging, "offset"), number(paging, "limit")
    page = found[offset : offset + limit if limit else None]
    body: dict[str, object] = {
        "details": {"totalResult": str(len(found)), "timestamp": wording.moment(asked.state.clock.now())}
    }
    if page:
        body["sessions"] = [wording.described(asked.state, session) for session in page]
    return body


def _is_theirs(session: LiveSession, caller: Caller) -> bool:
    return caller.user_id in {session.creator_id, session.user.user_id if session.user is not None else None}


def _query(query: Fields, caller: Caller) -> Found:
    """Read one query; one that the fake does not know is refused."""
    if (wanted := message(query, "idsQuery")) is not None:
        ids = wanted.get("ids")
        if isinstance(ids, list):
            known = cast("list[object]", ids)
            return lambda session: session.session_id in known
    elif (wanted := message(query, "userIdQuery")) is not None:
        user_id = text(wanted, "id")
        return lambda session: session.user is not None and session.user.user_id == user_id
    elif (wanted := message(query, "creatorQuery")) is not None:
        creator_id = text(wanted, "id") or caller.user_id
        return lambda session: session.creator_id == creator_id
    elif (wanted := message(query, "creationDateQuery")) is not None:
        compare = _COMPARISONS.get(text(wanted, "method") or "TIMESTAMP_QUERY_METHOD_EQUALS")
        moment_s = wording.read_moment(text(wanted, "creationDate") or "")
        if compare is not None:
            return lambda session: compare(session.created_at_s, moment_s)
    raise Complaint("GRPC-Sfefs")
