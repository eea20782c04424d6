"""The fake's approval pages are real ones: a form, two buttons, and the way back."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from tmdb_auth_async.testing import FakeTMDB

from .fake_asking import ask, v3_token, v4_token
from .fake_browsing import open_page, press

BACK = "https://app.example/back"


@pytest.mark.parametrize(("button", "end"), [("approve", "/authenticate/allow"), ("deny", "/authenticate/deny")])
async def test_a_v3_answer_without_a_return_ends_on_a_page(fake_tmdb: FakeTMDB, button: str, end: str) -> None:
    """Approve and Deny each lead to a page of TMDB's own, and decide the token."""
    fake_tmdb.add_user("ada", "secret")
    token = await v3_token(fake_tmdb)
    page = await open_page(fake_tmdb, f"/authenticate/{token}")
    assert page.buttons == {"approve": True, "deny": True}
    reply = await press(fake_tmdb, page, button)
    assert (reply.status, reply.headers["Location"]) == (303, end)
    assert (await ask(fake_tmdb, "GET", end, bearer=None)).status == 200
    session = await ask(fake_tmdb, "POST", "/3/authentication/session/new", json={"request_token": token})
    assert session.status == (200 if button == "approve" else 404)


@pytest.mark.parametrize("button", ["approve", "deny"])
async def test_a_v3_answer_goes_back_with_what_was_decided(fake_tmdb: FakeTMDB, button: str) -> None:
    """redirect_to gets the token and the decision behind the query that it has already."""
    fake_tmdb.add_user("ada", "secret")
    token = await v3_token(fake_tmdb)
    page = await open_page(fake_tmdb, f"/authenticate/{token}", redirect_to=f"{BACK}?state=a%26b&x=#top")
    back = urlsplit((await press(fake_tmdb, page, button)).headers["Location"])
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
    page = await open_page(fake_tmdb, "/auth/access", request_token=token)
    assert (await press(fake_tmdb, page, button)).headers["Location"] == f"{BACK}?state=1"
    access = await ask(fake_tmdb, "POST", "/4/auth/access_token", json={"request_token": token})
    assert access.status == (200 if button == "approve" else 401)


async def test_a_v4_answer_without_a_return_ends_on_a_page(fake_tmdb: FakeTMDB) -> None:
    """Without redirect_to the v4 page leads to one that says it is done."""
    fake_tmdb.add_user("ada", "secret")
    page = await open_page(fake_tmdb, "/auth/access", request_token=await v4_token(fake_tmdb))
    assert (await press(fake_tmdb, page, "approve")).headers["Location"] == "/auth/access/allow"
    assert (await ask(fake_tmdb, "GET", "/auth/access/allow", bearer=None)).status == 200


async def test_one_of_several_users_approves(fake_tmdb: FakeTMDB) -> None:
    """With several users the page asks which one is there."""
    fake_tmdb.add_user("ada", "secret")
    fake_tmdb.add_user("grace", "secret")
    token = await v3_token(fake_tmdb)
    page = await open_page(fake_tmdb, f"/authenticate/{token}")
    assert page.options == 2
    await press(fake_tmdb, page, "approve", username="grace")
    session = await ask(fake_tmdb, "POST", "/3/authentication/session/new", json={"request_token": token})
    account = await ask(fake_tmdb, "GET", "/3/account", query={"session_id": session.body["session_id"]})
    assert account.body["username"] == "grace"


async def test_without_a_user_only_deny_can_be_pressed(fake_tmdb: FakeTMDB) -> None:
    """A fake without users says so, and an approval forced upon it is refused."""
    token = await v3_token(fake_tmdb)
    page = await open_page(fake_tmdb, f"/authenticate/{token}")
    assert page.buttons == {"approve": False, "deny": True}
    assert (await press(fake_tmdb, page, "approve")).status == 400
    assert (await press(fake_tmdb, page, "approve", username="nobody")).status == 400
    assert fake_tmdb.request_tokens == {token}
