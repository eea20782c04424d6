"""Stand-ins for the services, shipped for our tests and for yours: real servers on 127.0.0.1."""

from .fake_tmdb.fake import FakeTMDB
from .fake_zitadel.fake import FakeZitadel

__all__ = ["FakeTMDB", "FakeZitadel"]
