"""A request as it goes out: with what is put on it beside it, since a copy for each signature costs more."""

from __future__ import annotations

from collections.abc import Mapping

from .sealed import Sealed
from .values import Request, Scalar, SessionValue

_NONE: Mapping[str, Scalar] = {}


class Signed(Sealed):
    """A request and what it is sent with: its `Authorization`, and its query with what was added."""

    __slots__ = ("authorization", "fetched", "left", "params", "request")

    def __init__(self, request: Request) -> None:
        """Begin with what *request* carries by itself."""
        self.request = request
        self.authorization: str | None = request.authorization
        self.params: Mapping[str, Scalar] = request.params or _NONE
        self.fetched: object = None
        """The credential that was fetched to sign it, if one was."""
        self.left = False
        """Whether it may have left: until it has a lane to the service it has not."""

    def whole(self) -> Request:
        """Return the request with all of it."""
        request = self.request
        if self.authorization is request.authorization and self.params is (request.params or _NONE):
            return request
        return self.copy()

    def copy(self) -> Request:
        """Return the same as a request of its own: others may share this one, as they do who ask the same again."""
        return self.request.carrying(self.authorization, self.params or None)


class Signs:
    """The ground of a credential or session that signs in place; a stranger's has just a `sign` of its own."""

    __slots__ = ()

    def put_on(self, signed: Signed, /) -> None:
        """Put on *signed* what this signs with: nothing, unless it is told here."""

    def sign(self, request: Request, /) -> Request:
        """Return *request* with what this signs with; raises `NotConfigured` where it cannot serve."""
        signed = Signed(request)
        self.put_on(signed)
        return signed.whole()


def signed_by(signer: SessionValue, signed: Signed) -> Signed:
    """Let a session or credential sign: in place where it can, and no heir of it has a `sign` of its own."""
    if isinstance(signer, Signs) and type(signer).sign is Signs.sign:
        signer.put_on(signed)
        return signed
    return Signed(signer.sign(signed.copy()))
