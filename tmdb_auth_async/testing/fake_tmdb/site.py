"""TMDB's website, as far as a request token's user sees it."""

import hashlib
import hmac

from ..messages import Answer, Incoming
from ..routes import Route
from .callback import callback_url
from .pages import approval_page, notice, redirect
from .state import V3, RequestToken, TMDBState

_OVER = ("This request is over", "It has expired, or was answered already. Start again in the application.")
_ALLOWED = ("Access approved", "You can close this page and go back to the application.")
_DENIED = ("Access denied", "The application got nothing. You can close this page.")


def show_v3(state: TMDBState, incoming: Incoming) -> Answer:
    """GET /authenticate/{request_token}, with the optional redirect_to in the query."""
    token = state.request_tokens.get(incoming.ids["request_token"])
    return _show(state, incoming, token, redirect_to=incoming.query.get("redirect_to", ""))


def show_v4(state: TMDBState, incoming: Incoming) -> Answer:
    """GET /auth/access; the token in the query knows where it will send its user."""
    token = state.request_tokens.get(incoming.query.get("request_token", ""))
    return _show(state, incoming, token, redirect_to="")


def decide(state: TMDBState, incoming: Incoming) -> Answer:
    """POST of either page's form: approve or deny, then send the user back, or to a page that says so."""
    form = incoming.form
    token = state.request_tokens.get(form.get("request_token", ""))
    if token is None or not state.is_live(token):
        return notice(*_OVER, status=404)
    if not hmac.compare_digest(_csrf(state, token).encode(), form.get("csrf", "").encode("utf-8", "replace")):
        return notice("This form is not ours", "Open the approval page again and answer there.", status=403)
    approved = form.get("decision") == "approve"
    user = state.users.get(form["username"]) if "username" in form else next(iter(state.users.values()), None)
    if approved and user is None:
        return notice("Nobody to approve", "This fake has no such user: fake.add_user adds one.", status=400)
    state.decide(token.token, user if approved else None)
    return _send_back(token, form.get("redirect_to", ""), approved=approved)


def allowed(_state: TMDBState, _incoming: Incoming) -> Answer:
    """Say that it was approved."""
    return notice(*_ALLOWED)


def denied(_state: TMDBState, _incoming: Incoming) -> Answer:
    """Say that it was denied."""
    return notice(*_DENIED)


def _show(state: TMDBState, incoming: Incoming, token: RequestToken | None, *, redirect_to: str) -> Answer:
    if token is None or not state.is_live(token) or (token.version == V3) != ("request_token" in incoming.ids):
        return notice(*_OVER, status=404)
    target = redirect_to or token.redirect_to
    if target and callback_url(target, {}) is None:
        return notice(
            "This address cannot be returned to", "The application gave a redirect_to that is no URL.", status=400
        )
    return approval_page(
        action=incoming.path,
        csrf=_csrf(state, token),
        request_token=token.token,
        redirect_to=redirect_to,
        usernames=state.users,
    )


def _send_back(token: RequestToken, redirect_to: str, *, approved: bool) -> Answer:
    """Redirect as TMDB does; what its v4 pages add is not documented, so this one adds nothing there."""
    if token.version == V3:
        home, target = "/authenticate", redirect_to
        fields = {"request_token": token.token, "approved" if approved else "denied": "true"}
    else:
        home, target, fields = "/auth/access", token.redirect_to or "", {}
    return redirect((callback_url(target, fields) if target else None) or f"{home}/{'allow' if approved else 'deny'}")


def _csrf(state: TMDBState, token: RequestToken) -> str:
    return hmac.new(state.key, token.token.encode(), hashlib.sha256).hexdigest()


SITE: tuple[Route[TMDBState], ...] = (
    Route("GET", "/authenticate/{request_token}", show_v3),
    Route("POST", "/authenticate/{request_token}", decide),
    Route("GET", "/authenticate/allow", allowed),
    Route("GET", "/authenticate/deny", denied),
    Route("GET", "/auth/access", show_v4),
    Route("POST", "/auth/access", decide),
    Route("GET", "/auth/access/allow", allowed),
    Route("GET", "/auth/access/deny", denied),
)
