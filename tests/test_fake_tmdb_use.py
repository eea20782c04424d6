"""What the fake lets a session do: the account, its collections, ratings by users and guests."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tmdb_auth_async.testing import FakeTMDB

from .fake_asking import GUEST_NEW, ask, log_in


@pytest.fixture
async def session(fake_tmdb: FakeTMDB) -> Mapping[str, str]:
    """Log ada in; her session as a query."""
    fake_tmdb.add_user("ada", "secret")
    return {"session_id": await log_in(fake_tmdb)}


async def test_the_account_is_the_sessions(fake_tmdb: FakeTMDB, session: Mapping[str, str]) -> None:
    """An account has a number and a name, and answers under that number too; others are private."""
    account = (await ask(fake_tmdb, "GET", "/3/account", query=session)).body
    assert account["username"] == "ada"
    assert (await ask(fake_tmdb, "GET", f"/3/account/{account['id']}", query=session)).body == account
    assert (await ask(fake_tmdb, "GET", f"/3/account/{account['id'] + 1}", query=session)).told == (401, 39)


@pytest.mark.parametrize("collection", ["favorite", "watchlist"])
@pytest.mark.parametrize(("media", "medias"), [("movie", "movies"), ("tv", "tv")])
async def test_a_collection_takes_and_gives_back(
    fake_tmdb: FakeTMDB, session: Mapping[str, str], collection: str, media: str, medias: str
) -> None:
    """Put in is 201, again 12, taken out 13; the list and the movie's states follow."""
    number = (await ask(fake_tmdb, "GET", "/3/account", query=session)).body["id"]
    path = f"/3/account/{number}/{collection}"
    wanted = {"media_type": media, "media_id": 550, collection: True}
    assert (await ask(fake_tmdb, "POST", path, query=session, json=wanted)).told == (201, 1)
    assert (await ask(fake_tmdb, "POST", path, query=session, json=wanted)).told == (201, 12)
    listed = (await ask(fake_tmdb, "GET", f"{path}/{medias}", query=session)).body
    assert (listed["results"], listed["total_results"]) == ([{"id": 550}], 1)
    states = (await ask(fake_tmdb, "GET", "/3/movie/550/account_states", query=session)).body
    assert states[collection] is (media == "movie")
    unwanted = {**wanted, collection: False}
    assert (await ask(fake_tmdb, "POST", path, query=session, json=unwanted)).told == (200, 13)
    assert not (await ask(fake_tmdb, "GET", f"{path}/{medias}", query=session)).body["results"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"media_type": "book", "media_id": 1, "favorite": True},
        {"media_type": "movie", "media_id": "1", "favorite": True},
        {"media_type": "movie", "media_id": True, "favorite": True},
        {"media_type": "movie", "media_id": 1, "favorite": "yes"},
        {"media_type": ["movie"], "media_id": 1, "favorite": True},
    ],
)
async def test_what_is_no_favourite_is_refused(
    fake_tmdb: FakeTMDB, session: Mapping[str, str], body: dict[str, object]
) -> None:
    """A field that is missing or of the wrong kind is 422, code 5."""
    number = (await ask(fake_tmdb, "GET", "/3/account", query=session)).body["id"]
    assert (await ask(fake_tmdb, "POST", f"/3/account/{number}/favorite", query=session, json=body)).told == (422, 5)


async def test_nobody_writes_to_anothers_account(fake_tmdb: FakeTMDB, session: Mapping[str, str]) -> None:
    """A write to another's account is 38."""
    body = {"media_type": "movie", "media_id": 1, "favorite": True}
    assert (await ask(fake_tmdb, "POST", "/3/account/1/favorite", query=session, json=body)).told == (401, 38)


async def test_a_rating_is_given_changed_and_taken_back(fake_tmdb: FakeTMDB, session: Mapping[str, str]) -> None:
    """A first rating is 201 and 1, a second 12, a delete 13, and the movie's states follow."""
    path = "/3/movie/550/rating"
    assert (await ask(fake_tmdb, "POST", path, query=session, json={"value": 8.5})).told == (201, 1)
    assert (await ask(fake_tmdb, "POST", path, query=session, json={"value": 9})).told == (201, 12)
    states = "/3/movie/550/account_states"
    assert (await ask(fake_tmdb, "GET", states, query=session)).body["rated"] == {"value": 9.0}
    assert (await ask(fake_tmdb, "DELETE", path, query=session)).told == (200, 13)
    assert (await ask(fake_tmdb, "GET", states, query=session)).body == {
        "id": 550,
        "favorite": False,
        "rated": False,
        "watchlist": False,
    }


@pytest.mark.parametrize("value", [None, 0, 0.4, 10.5, True, "8", [8], float("nan"), 10**400])
async def test_a_rating_out_of_range_is_refused(fake_tmdb: FakeTMDB, session: Mapping[str, str], value: object) -> None:
    """A rating is a number from 0.5 to 10."""
    reply = await ask(fake_tmdb, "POST", "/3/movie/550/rating", query=session, json={"value": value})
    assert reply.told == (400, 18)


async def test_a_guest_rates_without_an_account(fake_tmdb: FakeTMDB) -> None:
    """A guest's ratings are the guest's own, and listed under the guest session."""
    guest_session_id = (await ask(fake_tmdb, "GET", GUEST_NEW)).body["guest_session_id"]
    guest = {"guest_session_id": guest_session_id}
    assert (await ask(fake_tmdb, "POST", "/3/movie/11/rating", query=guest, json={"value": 7})).status == 201
    rated = (await ask(fake_tmdb, "GET", f"/3/guest_session/{guest_session_id}/rated/movies")).body
    assert rated["results"] == [{"id": 11, "title": "Movie 11", "rating": 7.0}]
    stranger = {"guest_session_id": "0" * 32}
    assert (await ask(fake_tmdb, "POST", "/3/movie/11/rating", query=stranger, json={"value": 7})).told == (401, 3)


async def test_a_movie_and_the_configuration_need_no_session(fake_tmdb: FakeTMDB) -> None:
    """The app alone may read what is public; what is no number is no movie."""
    assert (await ask(fake_tmdb, "GET", "/3/movie/550")).body["id"] == 550
    assert "images" in (await ask(fake_tmdb, "GET", "/3/configuration")).body
    for nonsense in ("0", "abc", "-1", "٣", "1" * 5000):
        assert (await ask(fake_tmdb, "GET", f"/3/movie/{nonsense}")).told == (404, 34)
