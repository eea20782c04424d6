"""What ZITADEL complains of, and the two envelopes it does so in."""

import base64
from typing import Literal

from ..messages import Answer, json_answer

Envelope = Literal["rest", "connect"]

# gRPC's code: HTTP's status, and Connect's name.
CODES: dict[int, tuple[int, str]] = {
    1: (499, "canceled"),
    2: (500, "unknown"),
    3: (400, "invalid_argument"),
    4: (504, "deadline_exceeded"),
    5: (404, "not_found"),
    6: (409, "already_exists"),
    7: (403, "permission_denied"),
    8: (429, "resource_exhausted"),
    9: (400, "failed_precondition"),
    10: (409, "aborted"),
    11: (400, "out_of_range"),
    12: (501, "unimplemented"),
    13: (500, "internal"),
    14: (503, "unavailable"),
    15: (500, "data_loss"),
    16: (401, "unauthenticated"),
}

# The words and gRPC codes of the ids that the fake knows.
WORDS: dict[str, tuple[int, str]] = {
    "AUTH-7fs1e": (16, "Errors.Token.Invalid"),
    "AUTH-AWfge": (7, "No matching permissions found"),
    "AUTHZ-cdgFk": (5, "membership not found"),
    "COMMAND-3M0fs": (3, "Password is invalid"),
    "COMMAND-3Mif9s": (9, "Multifactor OTP (OneTimePassword) isn't ready"),
    "COMMAND-Flk38": (9, "Session does not exist"),
    "COMMAND-Hewfq": (9, "Session already terminated"),
    "COMMAND-Hkl3d": (9, "Session is expired"),
    "COMMAND-JLK35": (9, "User is locked"),
    "COMMAND-SFA3t": (9, "User is locked"),
    "COMMAND-Sfw3f": (9, "UserID missing"),
    "COMMAND-asEG4": (3, "The session lifetime must be positive"),
    "COMMAND-sGr42": (7, "Session Token is invalid"),
    "EVENT-8isk2": (3, "Invalid code"),
    "GRPC-Sfefs": (3, "List Query is invalid"),
    "QUERY-Dfbg2": (5, "User could not be found"),
    "QUERY-SFeaa": (5, "Session does not exist"),
    "QUERY-dsfr3": (7, "Permission denied"),
    "SESSION-Gj4ko": (9, "User is not active"),
}

_USUAL = {status: code for code, (status, _) in sorted(CODES.items(), reverse=True)} | {500: 13, 400: 3}


class Complaint(Exception):
    """A handler's way to refuse: by an id that the fake knows, or by a gRPC code and words."""

    def __init__(self, reason: str | int, words: str = "", *, failed_attempts: int | None = None) -> None:
        number, known = WORDS[reason] if isinstance(reason, str) else (reason, words)
        super().__init__(known)
        self.number = number
        self.words = known
        self.id = reason if isinstance(reason, str) else ""
        self.failed_attempts = failed_attempts

    def answer(self, envelope: Envelope) -> Answer:
        """Make the complaint an answer."""
        status, name = CODES[self.number]
        fields: dict[str, object] = {"id": self.id, "message": self.words}
        if self.failed_attempts is not None:
            fields["failedAttempts"] = self.failed_attempts
        kind = "zitadel.v1.ErrorDetail" if self.failed_attempts is None else "zitadel.v1.CredentialsCheckError"
        message = f"{self.words} ({self.id})" if self.id else self.words
        details: list[dict[str, object]] = []
        if self.id and envelope == "rest":
            details = [{"@type": f"type.googleapis.com/{kind}", **fields}]
        elif self.id:
            value = base64.b64encode(self._protobuf()).rstrip(b"=").decode()
            details = [{"type": kind, "value": value, "debug": fields}]
        body = {"code": self.number if envelope == "rest" else name, "message": message, "details": details}
        return json_answer(body, status=status)

    def _protobuf(self) -> bytes:
        """Write the detail as protobuf does: its id, its words, and how often the login has failed."""
        message = b"".join(
            bytes((tag, len(text))) + text for tag, text in ((0x0A, self.id.encode()), (0x12, self.words.encode()))
        )
        return message if self.failed_attempts is None else message + bytes((0x18, self.failed_attempts & 0x7F))


def refusal(status: int | None, code: int | str | None) -> Answer:
    """Answer the way a fault wants: by an id or a slug, by gRPC's number, or by a status; else the service is down."""
    if isinstance(code, str) and code in WORDS:
        answer = Complaint(code).answer("rest")
    elif isinstance(code, str):
        number = _USUAL.get(status or 400, 2)
        detail = {"@type": "type.googleapis.com/zitadel.error.v2.ErrorDetail", "slug": code, "message": "Refused."}
        answer = json_answer({"code": number, "message": "Refused.", "details": [detail]}, status=CODES[number][0])
    else:
        number = _USUAL.get(status or 503, 2) if code is None else code
        usual = CODES.get(number, (400, ""))[0]
        answer = json_answer({"code": number, "message": "Refused.", "details": []}, status=usual)
    return answer if status is None else Answer(status, answer.body, answer.content_type)
