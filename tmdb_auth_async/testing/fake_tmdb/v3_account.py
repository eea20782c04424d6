"""What a user's session is for: the account, its favourites and its watchlist."""

from collections.abc import Callable

from ..messages import Answer
from ..routes import Route
from .codes import Complaint, done, page, tmdb_answer
from .signed import Signed, v3
from .state import TMDBState
from .users import Collection, Media, User

_MEDIA: dict[str, Media] = {"movie": "movie", "tv": "tv"}


def account(request: Signed) -> Answer:
    """GET /3/account, or /3/account/{account_id} for the own one."""
    user = _owner(request, otherwise=39) if request.ids else request.account()
    return tmdb_answer(
        {
            "avatar": {"gravatar": {"hash": user.object_id}, "tmdb": {"avatar_path": None}},
            "id": user.account_id,
            "iso_639_1": "en",
            "iso_3166_1": "US",
            "name": "",
            "include_adult": False,
            "username": user.username,
        }
    )


def collect(collection: Collection) -> Callable[[Signed], Answer]:
    """POST /3/account/{account_id}/favorite or /watchlist: put something into the collection, or take it out."""

    def handle(request: Signed) -> Answer:
        user = _owner(request, otherwise=38)
        media = _MEDIA.get(request.text("media_type"))
        media_id, wanted = request.fields.get("media_id"), request.fields.get(collection)
        if media is None or type(media_id) is not int or not isinstance(wanted, bool):
            raise Complaint(5)
        ids = user.shelf.collected(collection, media)
        known = media_id in ids
        if wanted and not known:
            ids.append(media_id)
        elif known and not wanted:
            ids.remove(media_id)
        if not wanted:
            return done(13)
        return done(12) if known else done(1, status=201)

    return handle


def collected(collection: Collection, media: Media) -> Callable[[Signed], Answer]:
    """GET /3/account/{account_id}/favorite/movies and its siblings."""

    def handle(request: Signed) -> Answer:
        user = _owner(request, otherwise=39)
        return tmdb_answer(page([{"id": one} for one in user.shelf.collected(collection, media)]))

    return handle


def _owner(request: Signed, *, otherwise: int) -> User:
    """Return whose session asks, if the path is about the same account; else complain by *otherwise*."""
    user = request.account()
    if not user.is_called(request.ids["account_id"]):
        raise Complaint(otherwise)
    return user


V3_ACCOUNT: tuple[Route[TMDBState], ...] = (
    Route("GET", "/3/account", v3(account)),
    Route("GET", "/3/account/{account_id}", v3(account)),
    Route("POST", "/3/account/{account_id}/favorite", v3(collect("favorite"))),
    Route("POST", "/3/account/{account_id}/watchlist", v3(collect("watchlist"))),
    Route("GET", "/3/account/{account_id}/favorite/movies", v3(collected("favorite", "movie"))),
    Route("GET", "/3/account/{account_id}/favorite/tv", v3(collected("favorite", "tv"))),
    Route("GET", "/3/account/{account_id}/watchlist/movies", v3(collected("watchlist", "movie"))),
    Route("GET", "/3/account/{account_id}/watchlist/tv", v3(collected("watchlist", "tv"))),
)
