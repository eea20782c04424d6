"""Requests whose app credential was checked, and the fields they bring."""

from collections.abc import Callable, Mapping
from typing import cast

import attrs

from ..messages import Answer, Incoming
from ..routes import Handler
from .codes import Complaint
from .state import TMDBState
from .tokens import looks_like_jwt
from .users import Shelf, User


@attrs.frozen
class Signed:
    """A request with a good credential; `user` is whose access token signed it, if a user's did."""

    state: TMDBState = attrs.field(repr=False)
    method: str
    ids: Mapping[str, str] = attrs.field(repr=False)
    fields: Mapping[str, object] = attrs.field(repr=False)
    user: User | None = attrs.field(repr=False)

    def text(self, name: str) -> str:
        """Return a field that must be a string; code 5 when it is not there or is something else."""
        value = self.fields.get(name)
        if not isinstance(value, str) or not value:
            raise Complaint(5)
        return value

    def account(self) -> User:
        """Return whose account this is about, by session or by access token; code 3 when it is nobody's."""
        session_id = self.fields.get("session_id")
        if session_id is None and self.user is not None:
            return self.user
        user = self.state.sessions.get(session_id) if isinstance(session_id, str) else None
        if user is None:
            raise Complaint(3, bare=True)
        return user

    def shelf(self) -> Shelf:
        """Return what a rating goes to: the account's shelf, or the guest's if a guest session is named."""
        guest_session_id = self.fields.get("guest_session_id")
        if guest_session_id is None:
            return self.account().shelf
        guest = self.state.guest(guest_session_id) if isinstance(guest_session_id, str) else None
        if guest is None:
            raise Complaint(3, bare=True)
        return guest.shelf


def v3(handle: Callable[[Signed], Answer]) -> Handler[TMDBState]:
    """Let in what v3 lets in: the read access token, a user's access token, or the api key in query or body."""

    def answer(state: TMDBState, incoming: Incoming) -> Answer:
        return _answer(state, incoming, handle, api_key_counts=True, stranger=_STRANGER)

    return answer


def v4(handle: Callable[[Signed], Answer]) -> Handler[TMDBState]:
    """Let in what v4 lets in: the read access token or a user's access token, as a bearer."""

    def answer(state: TMDBState, incoming: Incoming) -> Answer:
        return _answer(state, incoming, handle, api_key_counts=False, stranger=_STRANGER)

    return answer


def v4_write(handle: Callable[[Signed], Answer]) -> Handler[TMDBState]:
    """Let in a user's access token alone; other tokens are told that they may not write."""

    def as_user(request: Signed) -> Answer:
        if request.user is None:
            raise Complaint(36, error_message="No matching scope found.")
        return handle(request)

    def answer(state: TMDBState, incoming: Incoming) -> Answer:
        stranger = _DEAD_TOKEN if looks_like_jwt(incoming.bearer or "") else _STRANGER
        return _answer(state, incoming, as_user, api_key_counts=False, stranger=stranger)

    return answer


_STRANGER = Complaint(7).answer()
_DEAD_TOKEN = Complaint(36, error_message="Invalid token").answer()


def _answer(
    state: TMDBState,
    incoming: Incoming,
    handle: Callable[[Signed], Answer],
    *,
    api_key_counts: bool,
    stranger: Answer,
) -> Answer:
    fields, problem = _fields(incoming)
    bearer = incoming.bearer
    if bearer is not None:
        known = bearer == state.read_access_token or bearer in state.access_tokens
    else:
        known = api_key_counts and fields.get("api_key") == state.api_key
    if not known:
        return stranger
    if problem:
        return Complaint(problem).answer()
    user = state.access_tokens.get(bearer) if bearer is not None else None
    try:
        return handle(Signed(state, incoming.method, incoming.ids, fields, user))
    except Complaint as complaint:
        return complaint.answer()


def _fields(incoming: Incoming) -> tuple[Mapping[str, object], int]:
    """Read query and JSON body into one mapping, the body first; and the code of what is wrong with the body."""
    query = incoming.query
    if not incoming.body:
        return query, 0
    try:
        body = incoming.json()
    except ValueError:
        return query, 47
    if not isinstance(body, dict):
        return query, 5
    return {**query, **cast("dict[str, object]", body)}, 0
