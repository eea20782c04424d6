"""How an answer leaves a fake, whole or with one of its faults."""

import asyncio
import contextlib
import socket
import struct
from collections.abc import Callable

from aiohttp import web

from .faults import Fault
from .messages import HTML, JSON, Answer

GATEWAY_PAGE = b"<html>\r\n<head><title>Bad Gateway</title></head>\r\n<body><h1>Bad Gateway</h1></body>\r\n</html>\r\n"
GARBAGE = b'{"success":true,"\xff\xfe\x00'
FLOOD_BYTES = 64 * 1024 * 1024
_FLOOD_PIECE = b'"' + b"x" * 65533 + b'",'
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)

Refuse = Callable[[int | None, int | str | None], Answer]
"""Makes a refusal in the service's own words out of a status and a code."""


class Response(web.Response):
    """A response whose repr, which asyncio's debug mode logs, shows no path: ids stand in paths."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.status}>"


class StreamResponse(web.StreamResponse):
    """A response piece by piece, as silent."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.status}>"


def respond(answer: Answer) -> Response:
    """Make *answer* what aiohttp sends."""
    return Response(
        body=answer.body, status=answer.status, headers={"Content-Type": answer.content_type, **answer.headers}
    )


def sever(request: web.BaseRequest) -> None:
    """Break the connection of *request* off, so that its client sees a reset."""
    transport = request.transport
    if transport is None:
        return
    sock = transport.get_extra_info("socket")
    if sock is not None:
        with contextlib.suppress(OSError, AttributeError, TypeError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
    transport.abort()


async def play(
    fault: Fault,
    request: web.BaseRequest,
    *,
    answer: Answer | None,
    carry_out: Callable[[], Answer],
    refuse: Refuse,
) -> web.StreamResponse | None:
    """Answer *request* the way *fault* wants, whose true *answer* is known if it was carried out.

    `None` means that it gets no answer at all.
    """
    if fault.kind in {"reset", "lost answer"}:
        return None
    if fault.kind == "hang":
        await asyncio.get_running_loop().create_future()  # nothing ends it but a cancel
    if fault.kind == "flood":
        return await _flood(request)
    if fault.kind in {"status", "html", "garbage"}:
        return respond(_instead(fault, refuse))
    return await _late(fault, request, answer=answer, carry_out=carry_out)


async def _late(
    fault: Fault, request: web.BaseRequest, *, answer: Answer | None, carry_out: Callable[[], Answer]
) -> web.StreamResponse:
    if fault.kind == "drip":
        return await _drip(request, answer or carry_out(), every_s=fault.delay_s)
    if fault.kind == "truncated":
        return await _truncated(request, answer or carry_out())
    await asyncio.sleep(fault.delay_s)
    return respond(answer or carry_out())


def _instead(fault: Fault, refuse: Refuse) -> Answer:
    if fault.kind == "html":
        answer = Answer(fault.status or 502, GATEWAY_PAGE, HTML)
    elif fault.kind == "garbage":
        answer = Answer(fault.status or 200, GARBAGE, JSON)
    else:
        answer = refuse(fault.status, fault.code)
    headers = dict(answer.headers)
    if fault.retry_after is not None:
        headers["Retry-After"] = str(fault.retry_after)
    body = answer.body if fault.body is None else fault.body
    return Answer(answer.status, body, answer.content_type, headers)


async def _begin(request: web.BaseRequest, answer: Answer) -> web.StreamResponse:
    response = StreamResponse(status=answer.status, headers={"Content-Type": answer.content_type, **answer.headers})
    response.content_length = len(answer.body)
    await response.prepare(request)
    return response


async def _drip(request: web.BaseRequest, answer: Answer, *, every_s: float) -> web.StreamResponse:
    response = await _begin(request, answer)
    for index in range(len(answer.body)):
        await response.write(answer.body[index : index + 1])
        await asyncio.sleep(every_s)
    return response


async def _truncated(request: web.BaseRequest, answer: Answer) -> web.StreamResponse:
    response = await _begin(request, answer)
    await response.write(answer.body[: len(answer.body) // 2])
    if request.transport is not None:
        request.transport.close()
    return response


async def _flood(request: web.BaseRequest) -> web.StreamResponse:
    response = StreamResponse(headers={"Content-Type": JSON})
    response.enable_chunked_encoding()
    await response.prepare(request)
    await response.write(b"[")
    for _ in range(FLOOD_BYTES // len(_FLOOD_PIECE)):
        await response.write(_FLOOD_PIECE)
        await asyncio.sleep(0)
    await response.write(b"1]")
    return response
