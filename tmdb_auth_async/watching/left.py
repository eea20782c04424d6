"""What is open at a fake, and which line opened it, in words."""

from ..testing.fake_tmdb.fake import FakeTMDB
from .openers import Openers

_UNKNOWN = (
    "a request that no manager of this process got the answer to: by hand, lost on the way, or of another process"
)


def left_open(fake: FakeTMDB, openers: Openers) -> list[str]:
    """Say in a few lines what is open at *fake*, and who opened it; in none when nothing is."""
    kinds = [("session", fake.sessions), ("access token", fake.access_tokens)]
    lines = [f"  {kind} opened by {openers.place_of(one) or _UNKNOWN}" for kind, live in kinds for one in live]
    return [f"This test leaves open at the fake TMDB: {len(lines)}.", *sorted(lines)] if lines else []
