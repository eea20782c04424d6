"""What a fake is asked and what it answers, as plain values."""

import json
from collections.abc import Mapping
from urllib.parse import parse_qsl

import attrs

JSON = "application/json"
HTML = "text/html; charset=utf-8"

_encode = json.JSONEncoder(separators=(",", ":")).encode
_NOTHING: Mapping[str, str] = {}


@attrs.frozen
class Incoming:
    """A request as it arrived; whatever may hold a secret is kept out of its repr."""

    method: str
    path: str = attrs.field(repr=False)
    ids: Mapping[str, str] = attrs.field(repr=False)
    raw_query: str = attrs.field(repr=False)
    headers: Mapping[str, str] = attrs.field(repr=False)
    body: bytes = attrs.field(repr=False)

    @property
    def query(self) -> Mapping[str, str]:
        """The query's fields; of a repeated one, the last."""
        return dict(parse_qsl(self.raw_query, keep_blank_values=True)) if self.raw_query else _NOTHING

    @property
    def form(self) -> Mapping[str, str]:
        """The fields of a body that an HTML form has posted."""
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    @property
    def bearer(self) -> str | None:
        """The token of the Authorization header, if that is a bearer's."""
        scheme, _, token = self.headers.get("Authorization", "").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else None

    def json(self) -> object:
        """Decode the body; an empty one is an empty object. Raises `ValueError` when it is not JSON."""
        if not self.body:
            return {}
        try:
            return json.loads(self.body)
        except RecursionError:
            problem = "nested too deeply"
        raise ValueError(problem)


@attrs.frozen
class Answer:
    """An answer on its way out; its body may hold secrets and is kept out of its repr."""

    status: int
    body: bytes = attrs.field(repr=False)
    content_type: str = JSON
    headers: Mapping[str, str] = attrs.field(default=_NOTHING, repr=False)


def json_answer(
    body: object, *, status: int = 200, headers: Mapping[str, str] = _NOTHING, content_type: str = JSON
) -> Answer:
    """Answer with *body* as JSON."""
    return Answer(status, _encode(body).encode(), content_type, headers)
