"""Creating sessions, checking more of them, and terminating them."""

from . import wording
from .asked import Asked, Fields, message, text
from .complaints import Complaint
from .people import DELETE, WRITE, User
from .state import LiveSession, ZitadelState

_CHECKED = frozenset({"user", "password", "totp"})


def create_session(asked: Asked) -> object:
    """Create a session with every check that is asked for; when one fails nothing is stored but the failure."""
    asked.caller.require(WRITE)
    session = asked.state.new_session(asked.caller.user_id)
    _change(asked.state, session, asked.fields)
    user_agent = message(asked.fields, "userAgent")
    session.user_agent = None if user_agent is None else dict(user_agent)
    asked.state.keep(session)
    return {
        "details": wording.details(asked.state, session),
        "sessionId": session.session_id,
        "sessionToken": session.token,
    }


def set_session(asked: Asked) -> object:
    """Check more of a session or change it, under a new token; when nothing changes the token stays and is left out."""
    asked.caller.require(WRITE)
    state = asked.state
    session = state.sessions.get(text(asked.fields, "sessionId") or "")
    if session is None:
        raise Complaint("COMMAND-Flk38")
    if session.terminated:
        raise Complaint("COMMAND-Hewfq")
    if session.has_expired(state.clock.now()):
        raise Complaint("COMMAND-Hkl3d")
    if not _change(state, session, asked.fields):
        return {"details": wording.details(state, session)}
    state.keep(session)
    return {"details": wording.details(state, session), "sessionToken": session.token}


def terminate_session(asked: Asked) -> object:
    """Terminate a session: by its latest token whoever asks, without one by the caller's right to it."""
    state = asked.state
    session = state.sessions.get(text(asked.fields, "sessionId") or "")
    token = text(asked.fields, "sessionToken")
    if token is not None:
        if session is None or token != session.token:
            raise Complaint("COMMAND-sGr42")
    elif session is None or session.user is None or session.user.user_id != asked.caller.user_id:
        asked.caller.require(DELETE)
    if session is None:
        return {"details": {"resourceOwner": state.instance_id}}
    state.end(session)
    return {"details": wording.details(state, session)}


def _change(state: ZitadelState, session: LiveSession, fields: Fields) -> bool:
    """Do the checks, then the changes, and tell whether there were any; all checks pass before anything is changed."""
    checks = message(fields, "checks") or {}
    if message(fields, "challenges") or not checks.keys() <= _CHECKED:
        raise Complaint(12, "this fake checks a user, a password and a one-time code, and nothing else")
    lifetime = text(fields, "lifetime")
    lifetime_s = None if lifetime is None else wording.read_duration(lifetime)
    changed = {name: wording.read_bytes(data) for name, data in (message(fields, "metadata") or {}).items()}
    metadata = {name: data for name, data in {**session.metadata, **changed}.items() if data}
    user, passed = _checked(state, session, checks)
    if not passed and lifetime_s is None and metadata == session.metadata:
        return False
    now_s = state.now()
    session.user = user
    session.verified_at_s |= dict.fromkeys(passed, now_s)
    session.metadata = metadata
    if lifetime_s is not None:
        session.expires_at_s = now_s + lifetime_s
    return True


def _checked(state: ZitadelState, session: LiveSession, checks: Fields) -> tuple[User | None, list[str]]:
    """Return whose session it is then, and which checks were passed, in ZITADEL's order."""
    user = session.user
    passed: list[str] = []
    wanted = message(checks, "user")
    if wanted is not None:
        found = state.user(login_name=text(wanted, "loginName"), user_id=text(wanted, "userId"))
        if found is None:
            raise Complaint("QUERY-Dfbg2")
        found.check_active()
        if user is not None and found is not user:
            raise Complaint(3, "user change not possible")
        user = found
        passed.append("user")
    for kind in ("password", "totp"):
        check = message(checks, kind)
        if check is None:
            continue
        if user is None:
            raise Complaint("COMMAND-Sfw3f")
        if kind == "password":
            user.check_password(text(check, "password") or "")
        else:
            user.check_totp(text(check, "code") or "", state.clock.now())
        passed.append(kind)
    return user, passed
