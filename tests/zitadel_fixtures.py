"""A program's account at the fake ZITADEL, as a fixture."""

from __future__ import annotations

import pytest

from tmdb_auth_async.testing import FakeZitadel
from tmdb_auth_async.testing.fake_zitadel.machine import Machine


@pytest.fixture
def machine(fake_zitadel: FakeZitadel) -> Machine:
    """A service account that may write and delete sessions."""
    return fake_zitadel.add_machine()
