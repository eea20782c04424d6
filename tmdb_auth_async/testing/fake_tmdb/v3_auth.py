"""The seven authentication endpoints of v3, with every variant that clients of the live ones use."""

from ..messages import Answer
from ..routes import Route
from .codes import Complaint, tmdb_answer
from .signed import Signed, v3
from .state import V3, TMDBState
from .tokens import in_tmdb_words, looks_like_jwt


def validate_key(_request: Signed) -> Answer:
    """GET /3/authentication: the live answer has no status code, whatever the documentation says."""
    return tmdb_answer({"success": True})


def create_guest_session(request: Signed) -> Answer:
    """GET /3/authentication/guest_session/new."""
    guest_session_id, guest = request.state.new_guest_session()
    return tmdb_answer(
        {
            "success": True,
            "guest_session_id": guest_session_id,
            "expires_at": in_tmdb_words(guest.expires_at_s),
        }
    )


def create_request_token(request: Signed) -> Answer:
    """GET /3/authentication/token/new, whose header says where to approve the token."""
    token = request.state.new_v3_request_token()
    return tmdb_answer(
        {"success": True, "expires_at": in_tmdb_words(token.expires_at_s), "request_token": token.token},
        callback=f"{request.state.url}/authenticate/{token.token}",
    )


def validate_with_login(request: Signed) -> Answer:
    """POST, or GET with a query, /3/authentication/token/validate_with_login.

    An unknown token is 34 as in 2023, a dead one 33 as in 2019; two-factor accounts cannot log in this way.
    """
    username, password = request.fields.get("username"), request.fields.get("password")
    if not (isinstance(username, str) and isinstance(password, str) and username and password):
        raise Complaint(26)
    token = request.state.request_tokens.get(request.text("request_token"))
    if token is None or token.version != V3:
        raise Complaint(34)
    if not request.state.is_live(token):
        raise Complaint(33, bare=True)
    user = request.state.users.get(username)
    if user is None or user.password != password or user.two_factor:
        raise Complaint(30)
    if user.disabled:
        raise Complaint(31)
    if not user.email_verified:
        raise Complaint(32)
    request.state.decide(token.token, user)
    return tmdb_answer({"success": True, "expires_at": in_tmdb_words(token.expires_at_s), "request_token": token.token})


def create_session(request: Signed) -> Answer:
    """POST, or GET with a query, /3/authentication/session/new; by POST a token never seen is 34."""
    token = request.state.request_tokens.get(request.text("request_token"))
    if token is None and request.method == "POST":
        raise Complaint(34)
    user = request.state.use(token) if token is not None and token.version == V3 else None
    if user is None:
        raise Complaint(17, failure=True)
    return tmdb_answer({"success": True, "session_id": request.state.new_session(user)})


def convert_v4(request: Signed) -> Answer:
    """POST /3/authentication/session/convert/4: only a user's access token becomes a session."""
    access_token = request.text("access_token")
    user = request.state.access_tokens.get(access_token)
    if user is None:
        raise Complaint(36, failure=True) if looks_like_jwt(access_token) else Complaint(35)
    return tmdb_answer({"success": True, "session_id": request.state.new_session(user)})


def delete_session(request: Signed) -> Answer:
    """DELETE /3/authentication/session, the id in the body or the query."""
    if request.state.sessions.pop(request.text("session_id"), None) is None:
        raise Complaint(34)
    return tmdb_answer({"success": True})


V3_AUTH: tuple[Route[TMDBState], ...] = (
    Route("GET", "/3/authentication", v3(validate_key)),
    Route("GET", "/3/authentication/guest_session/new", v3(create_guest_session)),
    Route("GET", "/3/authentication/token/new", v3(create_request_token)),
    Route("POST", "/3/authentication/token/validate_with_login", v3(validate_with_login)),
    Route("GET", "/3/authentication/token/validate_with_login", v3(validate_with_login)),
    Route("POST", "/3/authentication/session/new", v3(create_session)),
    Route("GET", "/3/authentication/session/new", v3(create_session)),
    Route("POST", "/3/authentication/session/convert/4", v3(convert_v4)),
    Route("DELETE", "/3/authentication/session", v3(delete_session)),
)
