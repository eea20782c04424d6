"""The people with a TMDB account, and what they have rated and collected."""

from typing import Literal

import attrs

Collection = Literal["favorite", "watchlist"]
Media = Literal["movie", "tv"]


@attrs.define(eq=False)
class Shelf:
    """What an account or a guest session has put on its shelf, by TMDB's ids."""

    ratings: dict[int, float] = attrs.Factory(dict[int, float])
    _collected: dict[tuple[Collection, Media], list[int]] = attrs.Factory(dict[tuple[Collection, Media], list[int]])

    def collected(self, collection: Collection, media: Media) -> list[int]:
        """Return the ids in a collection, in the order in which they came; the list itself, to be changed."""
        return self._collected.setdefault((collection, media), [])


@attrs.define(eq=False)
class User:
    """A TMDB account: `account_id` is v3's number, `object_id` v4's 24 hexadecimal digits."""

    username: str
    password: str = attrs.field(repr=False)
    account_id: int
    object_id: str = attrs.field(repr=False)
    disabled: bool = False
    email_verified: bool = True
    two_factor: bool = False
    shelf: Shelf = attrs.field(factory=Shelf, repr=False)
    lists: list[dict[str, object]] = attrs.field(factory=list[dict[str, object]], repr=False)

    def is_called(self, account_id: str) -> bool:
        """Tell whether *account_id*, as a path has it, is this account's."""
        return account_id in {str(self.account_id), self.object_id}
