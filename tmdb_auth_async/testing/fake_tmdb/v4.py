"""The authentication endpoints of v4, and the lists that only a user's access token opens."""

from ..messages import Answer
from ..routes import Route
from .codes import Complaint, done, page, tmdb_answer
from .signed import Signed, v4, v4_write
from .state import V4, TMDBState

_FIRST_LIST_ID = 8000000


def create_request_token(request: Signed) -> Answer:
    """POST /4/auth/request_token; where to send the user back to is optional."""
    redirect_to = request.text("redirect_to") if request.fields.get("redirect_to") is not None else None
    return done(1, request_token=request.state.new_v4_request_token(redirect_to).token)


def create_access_token(request: Signed) -> Answer:
    """POST /4/auth/access_token: 41 before the approval, 33 when there can be none any more."""
    token = request.state.request_tokens.get(request.text("request_token"))
    if token is None or token.version != V4 or not request.state.is_live(token):
        raise Complaint(33)
    user = request.state.use(token)
    if user is None:
        raise Complaint(41)
    return done(1, access_token=request.state.new_access_token(user, token.jti), account_id=user.object_id)


def delete_access_token(request: Signed) -> Answer:
    """DELETE /4/auth/access_token; the sessions that were made of the token stay."""
    access_token = request.text("access_token")
    if access_token == request.state.read_access_token:
        raise Complaint(36, error_message="No matching scope found.")
    if request.state.access_tokens.pop(access_token, None) is None:
        raise Complaint(34)
    return done(13)


def create_list(request: Signed) -> Answer:
    """POST /4/list: a write, which the read access token may not do."""
    lists = request.account().lists
    list_id = _FIRST_LIST_ID + sum(len(user.lists) for user in request.state.users.values())
    lists.append({"id": list_id, "name": request.text("name")})
    return done(1, status=201, id=list_id)


def account_lists(request: Signed) -> Answer:
    """GET /4/account/{account_object_id}/lists, for its owner only."""
    if request.user is None or request.user.object_id != request.ids["account_object_id"]:
        raise Complaint(39)
    return tmdb_answer(page(request.user.lists))


V4_ROUTES: tuple[Route[TMDBState], ...] = (
    Route("POST", "/4/auth/request_token", v4(create_request_token)),
    Route("POST", "/4/auth/access_token", v4(create_access_token)),
    Route("DELETE", "/4/auth/access_token", v4(delete_access_token)),
    Route("POST", "/4/list", v4_write(create_list)),
    Route("GET", "/4/account/{account_object_id}/lists", v4(account_lists)),
)
