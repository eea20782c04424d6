"""Assertions signed with a service account's key: RS256, verified for real; needs the extra `zitadel`."""

import base64
import binascii
import json
import time
from typing import cast

from .people import Caller
from .state import Verify, ZitadelState

_OLDEST_S = 60 * 60
_SKEW_S = 1
_DOTS = 2


def new_key() -> tuple[str, Verify]:
    """Make an RSA key; return the private one as PEM, and what verifies by the public one; `ImportError`."""
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import padding, rsa
    except ImportError:
        raise ImportError("a key file needs the extra zitadel: pip install 'tmdb-auth-async[zitadel]'") from None

    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = private.public_key()
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )

    def verify(signature: bytes, message: bytes) -> bool:
        try:
            public.verify(signature, message, padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature:
            return False
        return True

    return pem.decode(), verify


def asserted(state: ZitadelState, assertion: str) -> Caller | str:
    """Return who made *assertion*, or what is wrong with it.

    Its times are held against the real clock, not the fake's: whoever made it knows no other.
    """
    parts = assertion.split(".")
    try:
        header, claims = (cast("object", json.loads(_decoded(part))) for part in parts[:2])
        signature = _decoded(parts[2]) if len(parts) == _DOTS + 1 else b""
    except (ValueError, binascii.Error):
        header = claims = None
        signature = b""
    if not isinstance(header, dict) or not isinstance(claims, dict):
        return "the assertion is not a JWT"
    header, claims = cast("dict[str, object]", header), cast("dict[str, object]", claims)
    if header.get("alg") != "RS256":
        return "the assertion is not signed with RS256"
    subject = claims.get("sub")
    verify, caller = state.keys.get((str(header.get("kid")), str(subject)), (None, None))
    if verify is None or caller is None or claims.get("iss") != subject:
        return "nobody has such a key"
    if not verify(signature, ".".join(parts[:2]).encode()):
        return "the signature is wrong"
    return _wrong_claim(claims, state.url) or caller


def _wrong_claim(claims: dict[str, object], issuer: str) -> str:
    now_s = time.time()
    audience = claims.get("aud")
    if issuer not in (audience if isinstance(audience, list) else [audience]):
        return "the assertion is for somebody else"
    issued_at_s, expires_at_s = claims.get("iat"), claims.get("exp")
    if not isinstance(issued_at_s, int | float) or not now_s - _OLDEST_S <= issued_at_s <= now_s + _SKEW_S:
        return "the assertion is too old, or from the future"
    if not isinstance(expires_at_s, int | float) or expires_at_s <= now_s:
        return "the assertion has expired"
    return ""


def _decoded(part: str) -> bytes:
    return base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
