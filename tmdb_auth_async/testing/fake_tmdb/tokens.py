"""What TMDB's tokens look like: hexadecimal ids, and JWTs signed with HS256."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from secrets import token_hex


def _encode(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()


_HEADER = _encode(b'{"alg":"HS256"}')
_DOTS = 2


def new_id(length: int) -> str:
    """Make *length* hexadecimal digits that nobody can guess."""
    return token_hex(length // 2)


def encode_jwt(claims: dict[str, object], key: bytes) -> str:
    """Sign *claims* with *key*."""
    signed = f"{_HEADER}.{_encode(json.dumps(claims, separators=(',', ':')).encode())}"
    return f"{signed}.{_encode(hmac.digest(key, signed.encode(), hashlib.sha256))}"


def looks_like_jwt(token: str) -> bool:
    """Tell a JWT, whoever signed it, from anything else."""
    return token.count(".") == _DOTS and token.startswith("eyJ")


def in_tmdb_words(moment_s: float) -> str:
    """Write a time the way TMDB does, such as `2025-12-24 12:53:34 UTC`."""
    return datetime.fromtimestamp(moment_s, tz=UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
