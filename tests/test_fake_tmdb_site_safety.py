"""The fake's approval pages decide nothing twice, believe no forgery and lead nobody astray."""

from __future__ import annotations

import pytest

from tmdb_auth_async.testing import FakeTMDB

from .fake_asking import ask, v3_token, v4_token
from .fake_browsing import open_page, press


async def test_a_request_is_answered_once(fake_tmdb: FakeTMDB) -> None:
    """Unknown, expired and denied requests, and those of the other API, lead to a page that says so."""
    fake_tmdb.add_user("ada", "secret")
    token, denied, v4 = await v3_token(fake_tmdb), await v3_token(fake_tmdb), await v4_token(fake_tmdb)
    page = await open_page(fake_tmdb, f"/authenticate/{token}")
    fake_tmdb.deny(denied)
    for path in (f"/authenticate/{denied}", f"/authenticate/{v4}", "/authenticate/0", "/auth/access"):
        assert (await ask(fake_tmdb, "GET", path, bearer=None)).status == 404
    other = await ask(fake_tmdb, "GET", "/auth/access", query={"request_token": token}, bearer=None)
    assert other.status == 404
    fake_tmdb.advance(seconds=3600)
    assert (await press(fake_tmdb, page, "approve")).status == 404


async def test_a_form_from_elsewhere_is_refused(fake_tmdb: FakeTMDB) -> None:
    """A form without the page's own secret decides nothing."""
    fake_tmdb.add_user("ada", "secret")
    token = await v3_token(fake_tmdb)
    for forged in ({}, {"csrf": "0" * 64}, {"csrf": "ü"}):
        form = {"request_token": token, "decision": "deny", **forged}
        assert (await ask(fake_tmdb, "POST", f"/authenticate/{token}", data=form, bearer=None)).status == 403
    assert fake_tmdb.request_tokens == {token}


@pytest.mark.parametrize(
    "redirect_to",
    ["javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "/back", "https://[", "https://a/\r\nX: y"],
)
async def test_a_return_that_is_no_address_is_refused(fake_tmdb: FakeTMDB, redirect_to: str) -> None:
    """Nobody is sent to a script, to a broken URL, or into another header."""
    fake_tmdb.add_user("ada", "secret")
    token = await v3_token(fake_tmdb)
    path = f"/authenticate/{token}"
    reply = await ask(fake_tmdb, "GET", path, query={"redirect_to": redirect_to}, bearer=None)
    assert reply.status == 400
    page = await open_page(fake_tmdb, path)
    page.fields["redirect_to"] = redirect_to
    assert (await press(fake_tmdb, page, "approve")).headers["Location"] == "/authenticate/allow"


@pytest.mark.parametrize("redirect_to", ["myapp://back", "https://ü.example/ä?ö=\ud83d\ude00", "http://127.0.0.1:1/x"])
async def test_any_other_address_is_returned_to(fake_tmdb: FakeTMDB, redirect_to: str) -> None:
    """Apps' own schemes, loopback and addresses beyond ASCII are fine, half a character included."""
    fake_tmdb.add_user("ada", "secret")
    token = await v4_token(fake_tmdb, redirect_to)
    page = await open_page(fake_tmdb, "/auth/access", request_token=token)
    location = (await press(fake_tmdb, page, "approve")).headers["Location"]
    assert location.isascii()
    assert location.partition(":")[0] == redirect_to.partition(":")[0]


async def test_a_page_escapes_what_it_shows(fake_tmdb: FakeTMDB) -> None:
    """Names and addresses never become markup."""
    fake_tmdb.add_user('<script>"ada"', "secret")
    fake_tmdb.add_user("</option><b>$content", "secret")
    query = {"redirect_to": 'https://app.example/"><script>'}
    reply = await ask(fake_tmdb, "GET", f"/authenticate/{await v3_token(fake_tmdb)}", query=query, bearer=None)
    assert "<script" not in reply.text
    assert "<b>" not in reply.text
    assert "&lt;script&gt;&quot;ada&quot;" in reply.text


async def test_a_page_keeps_its_address_to_itself(fake_tmdb: FakeTMDB) -> None:
    """The address holds the request token: no referrer, no cache, no frame, no script."""
    headers = (await ask(fake_tmdb, "GET", f"/authenticate/{await v3_token(fake_tmdb)}", bearer=None)).headers
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
