"""The grounds of every kind of store, as fixtures and marks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest

from .json_keyring import JsonKeyring
from .store_grounds import Ground


@pytest.fixture(params=["memory", "sqlite", "keyring", "redis"])
def ground(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ground]:
    """Every kind of store, one after the other."""
    kind: str = request.param
    place = request.getfixturevalue("redis_server").url if kind == "redis" else str(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    before = keyring.get_keyring()
    made = Ground(kind, place)
    made.enter()
    yield made
    keyring.set_keyring(before)


durable = pytest.mark.parametrize("ground", ["sqlite", "keyring", "redis"], indirect=True)
"""For what only stores do that outlive the process."""

on_a_server_or_file = pytest.mark.parametrize("ground", ["sqlite", "redis"], indirect=True)
"""For what asks too much of a keyring."""


@pytest.fixture
def ring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[JsonKeyring]:
    """Use a keyring in a file, and a folder of this test's for user data."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    before = keyring.get_keyring()
    ring = JsonKeyring(tmp_path / "keyring.json")
    keyring.set_keyring(ring)
    yield ring
    keyring.set_keyring(before)
