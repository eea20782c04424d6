"""One-time codes by the clock: RFC 6238 with SHA-1, six digits, a step of 30 seconds."""

import base64
import binascii
import hashlib
import hmac

STEP_S = 30
_DIGITS = 6
_SKEW_STEPS = 1


def checked_secret(totp_secret: str) -> str:
    """Return a secret in base32 without spaces and padding; `ValueError` for anything else."""
    text = totp_secret.replace(" ", "").rstrip("=").upper()
    try:
        key = _key(text)
    except binascii.Error:
        key = b""
    if not key:
        raise ValueError("a totp_secret is written in base32, such as JBSWY3DPEHPK3PXP")
    return text


def code_at(totp_secret: str, moment_s: float) -> str:
    """Return the code of a time in seconds since the epoch."""
    return _code(totp_secret, int(moment_s // STEP_S))


def fits(totp_secret: str, code: str, moment_s: float) -> bool:
    """Tell whether *code* is that of *moment_s*, or of the step before or after it."""
    step = int(moment_s // STEP_S)
    steps = range(step - _SKEW_STEPS, step + _SKEW_STEPS + 1)
    return any(hmac.compare_digest(_code(totp_secret, one).encode(), code.encode()) for one in steps)


def _code(totp_secret: str, step: int) -> str:
    mac = hmac.digest(_key(totp_secret), step.to_bytes(8, "big"), hashlib.sha1)
    start = mac[-1] & 0x0F
    number = int.from_bytes(mac[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**_DIGITS:0{_DIGITS}}"


def _key(text: str) -> bytes:
    return base64.b32decode(text + "=" * (-len(text) % 8))
