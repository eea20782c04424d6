"""Where the fake ZITADEL answers: REST, Connect on the RPC paths, and OAuth."""

from ..routes import Route
from .asked import connect, rest
from .changes import create_session, set_session, terminate_session
from .oauth import discover, give_token
from .reading import get_session, search_sessions
from .state import ZitadelState

_RPC = "/zitadel.session.v2.SessionService"

ROUTES: tuple[Route[ZitadelState], ...] = (
    Route("POST", "/v2/sessions", rest(create_session, status=201)),
    Route("POST", "/v2/sessions/search", rest(search_sessions)),
    Route("GET", "/v2/sessions/{session_id}", rest(get_session)),
    Route("PATCH", "/v2/sessions/{session_id}", rest(set_session)),
    Route("DELETE", "/v2/sessions/{session_id}", rest(terminate_session)),
    Route("POST", f"{_RPC}/CreateSession", connect(create_session)),
    Route("POST", f"{_RPC}/ListSessions", connect(search_sessions)),
    Route("POST", f"{_RPC}/GetSession", connect(get_session)),
    Route("POST", f"{_RPC}/SetSession", connect(set_session)),
    Route("POST", f"{_RPC}/DeleteSession", connect(terminate_session)),
    Route("POST", "/oauth/v2/token", give_token),
    Route("GET", "/.well-known/openid-configuration", discover),
)
