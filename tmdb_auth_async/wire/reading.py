"""Read an answer, never further than it may be long."""

from __future__ import annotations

from aiohttp import ClientResponse

from ..unpacking import unpacker
from ..values import Response


async def read_body(response: ClientResponse, most: int) -> bytes | None:
    """Read the body, or return `None` as soon as it is longer than *most* bytes."""
    length = response.content_length
    if length is not None and length > most:
        return None
    coding = response.headers.get("Content-Encoding")
    packed = unpacker(coding) if coding else None
    if length is not None and packed is None:
        return await response.read()
    parts: list[bytes] = []
    packed_most = most + most // 256 + 1024  # what cannot be made smaller gets a little larger by packing
    async for piece in response.content.iter_any():
        part = piece if packed is None else packed.unpack(piece, most + 1)
        parts.append(part)
        most -= len(part)
        packed_most -= len(piece)
        if most < 0 or packed_most < 0:
            return None
    return b"".join(parts)


def response_of(response: ClientResponse, body: bytes) -> Response:
    """Return what of *response* matters beside its *body*."""
    headers = response.headers
    return Response(response.status, body, headers.get("Content-Type", ""), headers.get("Retry-After"))
