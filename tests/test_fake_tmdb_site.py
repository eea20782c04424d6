"""The fake's approval pages are real ones: a form, two buttons, and the way back."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import pytest

from tmdb_auth_async.testing import FakeTMDB

from .fake_asking import Reply, ask, v3_token, v4_token

BACK = "https://app.example/back"


class _Page(HTMLParser):
    """What a browser makes of a page: its form, hidden fields, buttons and choices."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.action = ""
        self.fields: dict[str, str] = {}
        self.buttons: dict[str, bool] = {}
        self.options = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what matters about a tag."""
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.action = found["action"]
        elif tag == "input":
            self.fields[found["name"]] = found["value"]
        elif tag == "button":
            self.buttons[found["value"]] = "disabled" not in found
        elif tag == "option":
            self.options += 1


async def _press(fake: FakeTMDB, page: _Page, button: str, **chosen: str) -> Reply:
    form = {**page.fields, "decision": button, **chosen}
    return await ask(fake, "POST", page.action, data=form, bearer=None)


async def _open(fake: FakeTMDB, path: str, **query: str) -> _Page:
    reply = await ask(fake, "GET", path, query=query, bearer=None)
    assert (reply.status, reply.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    return _Page(reply.text)


@pytest.mark.parametrize(("button", "end"), [("approve", "/authenticate/allow"), ("deny", "/authenticate/deny")])
async def test_a_v3_answer_without_a_return_ends_on_a_page(fake_tmdb: FakeTMDB, button: str, end: str) -> None:
    """Approve and Deny each lead to a page of TMDB's own, and decide the token."""
    fake_tmdb.add_user("ada", "secret")
    token = await v3_token(fake_tmdb)
    page = await _open(fake_tmdb, f"/authenticate/{token}")
    assert page.buttons == {"approve": True, "deny": True}
    reply = await _press(fake_tmdb, page, button)
    assert (reply.status, reply.headers["Location"]) == (303, end)
    assert (await ask(fake_tmdb, "GET", end, bearer=None)).status == 200
    session = await ask(fake_tmdb, "POST", "/3/authentication/session/new", json={"request_token": token})
    assert session.status == (200 if button == "approve" else 404)


@pytest.mark.parametrize("button", ["approve", "deny"])
async def test_a_v3_answer_goes_back_with_what_was_decided(fake_tmdb: FakeTMDB, button: str) -> None:
    """redirect_to gets the token and the decision behind the query that it has already."""
    fake_tmdb.add_user("ada", "secret")
    token = await v3_token(fake_tmdb)
    page = await _open(fake_tmdb, f"/authenticate/{token}", redirect_to=f"{BACK}?state=a%26b&x=#top")
    back = urlsplit((await _press(fake_tmdb, page, button)).headers["Location"])
    assert f"{back.scheme}://{back.netloc}{back.path}#{back.fragment}" == f"{BACK}#top"
    assert parse_qs(back.query, keep_blank_values=True) == {
        "state": ["a&b"],
        "x": [""],
        "request_token": [token],
        f"{'approved' if button == 'approve' else 'denied'}": ["true"],
    }


@pytest.mark.parametrize("button", ["approve", "deny"])
async def test_a_v4_answer_goes_back_with_nothing(fake_tmdb: FakeTMDB, button: str) -> None:
    """The v4 page returns to the address in the token, and adds nothing to depend on."""
    fake_tmdb.add_user("ada", "secret")
    token = await v4_token(fake_tmdb, f"{BACK}?state=1")
    page = await _open(fake_tmdb, "/auth/access", request_token=token)
    assert (await _press(fake_tmdb, page, button)).headers["Location"] == f"{BACK}?state=1"
    access = await ask(fake_tmdb, "POST", "/4/auth/access_token", json={"request_token": token})
    assert access.status == (200 if button == "approve" else 401)


async def test_a_v4_answer_without_a_return_ends_on_a_page(fake_tmdb: FakeTMDB) -> None:
    """Without redirect_to the v4 page leads to one that says it is done."""
    fake_tmdb.add_user("ada", "secret")
    page = await _open(fake_tmdb, "/auth/access", request_token=await v4_token(fake_tmdb))
    assert (await _press(fake_tmdb, page, "approve")).headers["Location"] == "/auth/access/allow"
    assert (await ask(fake_tmdb, "GET", "/auth/access/allow", bearer=None)).status == 200


async def test_one_of_several_users_approves(fake_tmdb: FakeTMDB) -> None:
    """With several users the page asks which one is there."""
    fake_tmdb.add_user("ada", "secret")
    fake_tmdb.add_user("grace", "secret")
    token = await v3_token(fake_tmdb)
    page = await _open(fake_tmdb, f"/authenticate/{token}")
    assert page.options == 2
    await _press(fake_tmdb, page, "approve", username="grace")
    session = await ask(fake_tmdb, "POST", "/3/authentication/session/new", json={"request_token": token})
    account = await ask(fake_tmdb, "GET", "/3/account", query={"session_id": session.body["session_id"]})
    assert account.body["username"] == "grace"


async def test_without_a_user_only_deny_can_be_pressed(fake_tmdb: FakeTMDB) -> None:
    """A fake without users says so, and an approval forced upon it is refused."""
    token = await v3_token(fake_tmdb)
    page = await _open(fake_tmdb, f"/authenticate/{token}")
    assert page.buttons == {"approve": False, "deny": True}
    assert (await _press(fake_tmdb, page, "approve")).status == 400
    assert (await _press(fake_tmdb, page, "approve", username="nobody")).status == 400
    assert fake_tmdb.request_tokens == {token}


async def test_a_request_is_answered_once(fake_tmdb: FakeTMDB) -> None:
    """Unknown, expired and denied requests, and those of the other API, lead to a page that says so."""
    fake_tmdb.add_user("ada", "secret")
    token, denied, v4 = await v3_token(fake_tmdb), await v3_token(fake_tmdb), await v4_token(fake_tmdb)
    page = await _open(fake_tmdb, f"/authenticate/{token}")
    fake_tmdb.deny(denied)
    for path in (f"/authenticate/{denied}", f"/authenticate/{v4}", "/authenticate/0", "/auth/access"):
        assert (await ask(fake_tmdb, "GET", path, bearer=None)).status == 404
    other = await ask(fake_tmdb, "GET", "/auth/access", query={"request_token": token}, bearer=None)
    assert other.status == 404
    fake_tmdb.advance(seconds=3600)
    assert (await _press(fake_tmdb, page, "approve")).status == 404


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
    page = await _open(fake_tmdb, path)
    page.fields["redirect_to"] = redirect_to
    assert (await _press(fake_tmdb, page, "approve")).headers["Location"] == "/authenticate/allow"


@pytest.mark.parametrize("redirect_to", ["myapp://back", "https://ü.example/ä?ö=\ud83d\ude00", "http://127.0.0.1:1/x"])
async def test_any_other_address_is_returned_to(fake_tmdb: FakeTMDB, redirect_to: str) -> None:
    """Apps' own schemes, loopback and addresses beyond ASCII are fine, half a character included."""
    fake_tmdb.add_user("ada", "secret")
    token = await v4_token(fake_tmdb, redirect_to)
    page = await _open(fake_tmdb, "/auth/access", request_token=token)
    location = (await _press(fake_tmdb, page, "approve")).headers["Location"]
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
