"""What a store says that cannot be used, and that it shows nothing secret in saying so."""

from __future__ import annotations

import pytest

from tmdb_auth_async import AuthError, SessionStore

from .showing import shown

SESSION = "canary-session"


async def failure_of(store: SessionStore) -> AuthError:
    """Use the store in vain; return the error, which shows nothing of the session or of a password."""
    with pytest.raises(AuthError) as caught:
        await store.save("ada", SESSION)
    assert "canary" not in shown(caught.value)
    assert caught.value.__context__ is None
    return caught.value
