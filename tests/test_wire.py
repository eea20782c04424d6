"""The wire: what leaves, where it goes, and what does not leave at all."""

from __future__ import annotations

import pytest
from aiohttp import ClientSession

from tmdb_auth_async import Request
from tmdb_auth_async.errors import NotConfigured, SessionClosed
from tmdb_auth_async.signed import Signed
from tmdb_auth_async.wire import Wire

from .scripted import Scripted, http
from .showing import shown
from .wire_kit import CANARY, READ, sent


async def test_a_request_leaves_as_it_was_meant() -> None:
    """Method, path, query, body and headers arrive; what came back is told as it was."""
    request = Request(
        "POST",
        "/3/movie/{movie_id}/rating",
        fills={"movie_id": "a/b?c#d é"},
        params={"a": "x y&z", "n": 5, "yes": True, "no": False, "left_out": None},
        json={"value": 8.5, "name": "é"},
        authorization="Bearer t",
    )
    answer = http(b"[1]", status=201, content_type="text/x", headers={"Retry-After": "7"})
    response, arrived = await sent(request, answer)
    assert arrived.method == "POST"
    assert arrived.target == "/3/movie/a%2Fb%3Fc%23d%20%C3%A9/rating?a=x+y%26z&n=5&yes=true&no=false"
    assert arrived.json() == {"value": 8.5, "name": "é"}
    assert (arrived.headers["content-type"], arrived.headers["authorization"]) == ("application/json", "Bearer t")
    assert (response.status, response.body, response.content_type, response.retry_after) == (201, b"[1]", "text/x", "7")


async def test_a_form_leaves_as_a_form() -> None:
    """A request with a form is what a browser would post."""
    _, arrived = await sent(Request("POST", "/oauth", form={"a": "x y", "b": "é&"}))
    assert (arrived.body, arrived.headers["content-type"]) == (
        b"a=x+y&b=%C3%A9%26",
        "application/x-www-form-urlencoded",
    )


async def test_a_bare_request_carries_nothing_of_its_own() -> None:
    """No body, no content type, no credential, no cookie."""
    _, arrived = await sent(Request("GET", "/3/x", authorization=""))
    assert arrived.body == b""
    assert not {"authorization", "cookie", "content-type"} & set(arrived.headers)


@pytest.mark.parametrize("borrowed", [False, True], ids=["owned", "borrowed"])
@pytest.mark.parametrize("first", ["Bearer a", "", None], ids=["signed first", "unsigned first", "bare first"])
async def test_each_request_carries_its_own_credential_alone(*, borrowed: bool, first: str | None) -> None:
    """Whatever signed the first request of a client is not on one that is signed by another, or by none."""
    signed = (first, "", "Bearer b", None, "Bearer a", "Bearer b", "")
    async with Scripted(http({})) as server, ClientSession() as client:
        wire = Wire(server.url, client if borrowed else None)
        for authorization in signed:
            for method, json in (("GET", None), ("POST", {"a": "b"}), ("DELETE", {"a": "b"}), ("DELETE", None)):
                await wire.send(Signed(Request(method, "/3/x", json=json, authorization=authorization)))
        await wire.aclose()
    carried = [one.headers.get("authorization") for one in server.arrived]
    assert carried == [authorization or None for authorization in signed for _ in range(4)]
    kinds = [one.headers.get("content-type") for one in server.arrived if one.body]
    assert kinds == ["application/json"] * 2 * len(signed)


@pytest.mark.parametrize("prefix", ["/tmdb", "/a/b/", "/%7Eproxy"])
async def test_a_prefix_of_the_url_stays_in_front(prefix: str) -> None:
    """A proxy at a path of its own gets every request below that path."""
    _, arrived = await sent(READ, prefix=prefix)
    assert arrived.path == f"{prefix.rstrip('/')}/3/account"


async def test_cookies_are_neither_kept_nor_sent() -> None:
    """What a CDN sets is not carried into the next request."""
    async with Scripted(http({}, headers={"Set-Cookie": "a=b; Path=/"})) as server:
        wire = Wire(server.url)
        await wire.send(Signed(READ))
        await wire.send(Signed(READ))
        await wire.aclose()
    assert "cookie" not in server.arrived[1].headers


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_not_followed(status: int) -> None:
    """Wherever it points, nothing is sent there, and the credential stays."""
    async with Scripted() as elsewhere:
        response, _ = await sent(READ, http({}, status=status, headers={"Location": f"{elsewhere.url}/3/account"}))
        assert elsewhere.connections == 0
    assert response.status == status


@pytest.mark.parametrize(
    "request_",
    [
        Request("GET", "/3/x", authorization=f"Bearer {CANARY}\r\nX-Evil: 1"),
        Request("GET\r\nX-Evil: 1", "/3/x"),
        Request("GE T", "/3/x"),
        Request("GET", "/3/x", params={"q": f"{CANARY}\ud800"}),
        Request("GET", "/3/{a}", fills={"a": f"{CANARY}\ud800"}),
        Request("GET", f"/3/{chr(0xD800)}"),
        Request("POST", "/3/x", form={"q": f"{CANARY}\ud800"}),
        Request("POST", "/3/x", json={"q": [CANARY, float("nan")]}),
    ],
    ids=["line break", "method", "space", "query", "fill", "path", "form", "nan"],
)
async def test_what_cannot_be_sent_is_not(request_: Request) -> None:
    """What aiohttp, or HTTP itself, has no way to carry is `NotConfigured`, with nothing sent and nothing shown."""
    async with Scripted() as server:
        wire = Wire(server.url)
        with pytest.raises(NotConfigured) as caught:
            await wire.send(Signed(request_))
        await wire.aclose()
        assert not server.arrived
    assert CANARY not in shown(caught.value)
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)


@pytest.mark.parametrize("url", ["http://example.com", "example.com", "https://u:p@example.com", "ftp://127.0.0.1"])
def test_a_wire_goes_nowhere_unsafe(url: str) -> None:
    """Whatever service hands the URL, plain http to another host and the like are refused."""
    with pytest.raises(NotConfigured):
        Wire(url)


async def test_a_closed_wire_sends_nothing() -> None:
    """After its end, which may be said twice, the wire is closed in words."""
    async with Scripted() as server:
        wire = Wire(server.url)
        await wire.send(Signed(READ))
        await wire.aclose()
        await wire.aclose()
        with pytest.raises(SessionClosed):
            await wire.send(Signed(READ))
        assert len(server.arrived) == 1


@pytest.mark.parametrize("status", [200, 401, 500])
async def test_every_error_of_the_wire_is_ours(status: int) -> None:
    """An answer without a body, under any status, is an answer to the wire."""
    response, _ = await sent(READ, http(b"", status=status))
    assert (response.status, response.body) == (status, b"")
