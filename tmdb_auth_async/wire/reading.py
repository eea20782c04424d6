"""Read an answer, never further than it may be long."""

from __future__ import annotations

from aiohttp import ClientResponse, hdrs

from ..unpacking import unpacker


def body_at_hand(response: ClientResponse) -> bytes | None:
    """Return the body if all of it has come with the headers, as most do, and is not packed; else `None`.

    What traces is not told of a body that is read this way.
    """
    content = response.content
    if not content.is_eof() or hdrs.CONTENT_ENCODING in response.headers:
        return None
    return content.read_nowait()


async def read_body(response: ClientResponse, most: int) -> bytes | None:
    """Read the body, or return `None` as soon as it is longer than *most* bytes."""
    length = None if response.method == hdrs.METH_HEAD else response.content_length  # there it is the length of a GET
    if length is not None and length > most:
        return None
    coding = response.headers.get(hdrs.CONTENT_ENCODING)
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
