"""How an error names a kept session: by its name, unless that looks like a credential."""

from __future__ import annotations

import re

_CREDENTIAL = re.compile(r"(?=[a-z_-]*[A-Z0-9])[A-Za-z0-9_-]{20,}")
"""What `secrets.token_urlsafe` makes: web services keep a visitor's session under the cookie that they gave out."""


def looks_like_credential(name: str) -> bool:
    """Say whether *name* may open something by itself, and so is not told."""
    return _CREDENTIAL.search(name) is not None


def unreadable(name: str, why: str) -> str:
    """Say *why* what is kept under *name* cannot be read, and what to do."""
    if looks_like_credential(name):
        return f"{why}; its name is not shown here, since it looks like a credential: a logout removes it"
    return f"{why}; it is kept under {name!r}, and a logout removes it"


def unknown(name: str) -> str:
    """Say that nothing is kept under *name*, and what to do."""
    if looks_like_credential(name):
        return (
            "nothing is kept under that name, which is not shown here, since it looks like a credential:"
            " log in first, with manager.login(strategy, name=...)"
        )
    return f"nothing is kept under {name!r}: log in first, with manager.login(strategy, name={name!r})"
