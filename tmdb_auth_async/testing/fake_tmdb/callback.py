"""Where an approval page sends its user back to."""

from urllib.parse import quote, urlencode, urlsplit, urlunsplit

_FORBIDDEN_SCHEMES = {"", "javascript", "data", "vbscript", "file"}
_MAY_STAND = "%/:=&?~#+!$,;'@()*[]"


def callback_url(redirect_to: str, fields: dict[str, str]) -> str | None:
    """Add *fields* to the query of *redirect_to*; `None` when nobody could be sent there."""
    try:
        parts = urlsplit(redirect_to)
    except ValueError:
        return None
    if parts.scheme.lower() in _FORBIDDEN_SCHEMES or any(ord(one) < ord(" ") for one in redirect_to):
        return None
    query = "&".join(part for part in (parts.query, urlencode(fields)) if part)
    return quote(urlunsplit(parts._replace(query=query)), safe=_MAY_STAND, errors="replace")
