"""Movies, which all exist, and their ratings by users and by guests."""

from ..messages import Answer
from ..routes import Route
from .codes import Complaint, done, page, tmdb_answer
from .signed import Signed, v3
from .state import TMDBState

_LOWEST, _HIGHEST = 0.5, 10.0
_LONGEST_ID = 9


def movie(request: Signed) -> Answer:
    """GET /3/movie/{movie_id}."""
    return tmdb_answer(_movie(_movie_id(request)))


def rate(request: Signed) -> Answer:
    """POST /3/movie/{movie_id}/rating, for the session or the guest session in the query."""
    movie_id, ratings = _movie_id(request), request.shelf().ratings
    value = request.fields.get("value")
    if isinstance(value, bool) or not isinstance(value, int | float) or not _LOWEST <= value <= _HIGHEST:
        raise Complaint(18)
    known = movie_id in ratings
    ratings[movie_id] = float(value)
    return done(12) if known else done(1, status=201)


def unrate(request: Signed) -> Answer:
    """DELETE /3/movie/{movie_id}/rating."""
    request.shelf().ratings.pop(_movie_id(request), None)
    return done(13)


def account_states(request: Signed) -> Answer:
    """GET /3/movie/{movie_id}/account_states."""
    movie_id, shelf = _movie_id(request), request.shelf()
    rating = shelf.ratings.get(movie_id)
    return tmdb_answer(
        {
            "id": movie_id,
            "favorite": movie_id in shelf.collected("favorite", "movie"),
            "rated": False if rating is None else {"value": rating},
            "watchlist": movie_id in shelf.collected("watchlist", "movie"),
        }
    )


def guest_ratings(request: Signed) -> Answer:
    """GET /3/guest_session/{guest_session_id}/rated/movies."""
    guest = request.state.guest(request.ids["guest_session_id"])
    if guest is None:
        raise Complaint(34)
    return tmdb_answer(page([_movie(movie_id) | {"rating": value} for movie_id, value in guest.shelf.ratings.items()]))


def configuration(_request: Signed) -> Answer:
    """GET /3/configuration."""
    images = {"base_url": "http://image.tmdb.org/t/p/", "secure_base_url": "https://image.tmdb.org/t/p/"}
    return tmdb_answer({"images": images, "change_keys": ["images", "title"]})


def _movie_id(request: Signed) -> int:
    text = request.ids["movie_id"]
    if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST_ID and int(text)):
        raise Complaint(34)
    return int(text)


def _movie(movie_id: int) -> dict[str, object]:
    return {"id": movie_id, "title": f"Movie {movie_id}"}


V3_MOVIES: tuple[Route[TMDBState], ...] = (
    Route("GET", "/3/configuration", v3(configuration)),
    Route("GET", "/3/movie/{movie_id}", v3(movie)),
    Route("POST", "/3/movie/{movie_id}/rating", v3(rate)),
    Route("DELETE", "/3/movie/{movie_id}/rating", v3(unrate)),
    Route("GET", "/3/movie/{movie_id}/account_states", v3(account_states)),
    Route("GET", "/3/guest_session/{guest_session_id}/rated/movies", v3(guest_ratings)),
)
