"""The log of what has arrived at a fake, and how a test waits for more."""

import asyncio

import attrs

from .routes import fits


@attrs.frozen
class ReceivedRequest:
    """A request that arrived: no query, no body, secret ids as `{name}`; no status while, or if never, answered."""

    method: str
    path: str
    status: int | None = None

    def is_for(self, path: str, method: str | None) -> bool:
        """Tell whether this request is one of *path*, or of that template, by *method* if one is named."""
        return (method is None or method == self.method) and fits(path, self.path)


@attrs.frozen
class _Waiter:
    path: str
    method: str | None
    count: int
    done: asyncio.Future[None]


class Traffic:
    """Keeps the requests in the order of their arrival."""

    def __init__(self) -> None:
        self.requests: list[ReceivedRequest] = []
        self._waiters: list[_Waiter] = []

    def arrive(self, method: str, path: str) -> tuple[int, ReceivedRequest]:
        """Note a request; what is returned lets `answer` find it again."""
        request = ReceivedRequest(method, path)
        self.requests.append(request)
        if self._waiters:
            self._wake()
        return len(self.requests) - 1, request

    def answer(self, noted: tuple[int, ReceivedRequest], status: int) -> None:
        """Note that a request was answered; one that a test has cleared from the list stays away."""
        index, request = noted
        if index < len(self.requests) and self.requests[index] is request:
            self.requests[index] = ReceivedRequest(request.method, request.path, status)

    def count(self, path: str, method: str | None = None) -> int:
        """Count the requests of *path* so far."""
        return sum(request.is_for(path, method) for request in self.requests)

    async def arrived(self, path: str, *, count: int, method: str | None, timeout_s: float) -> None:
        """Wait until *count* requests of *path* have arrived; raises `TimeoutError` past *timeout_s*."""
        if self.count(path, method) >= count:
            return
        waiter = _Waiter(path, method, count, asyncio.get_running_loop().create_future())
        self._waiters.append(waiter)
        try:
            async with asyncio.timeout(timeout_s):
                await waiter.done
        except TimeoutError:
            seen = self.count(path, method)
            raise TimeoutError(f"{seen} of {count} requests of {path} arrived within {timeout_s} s") from None
        finally:
            self._waiters.remove(waiter)

    def _wake(self) -> None:
        for waiter in self._waiters:
            if not waiter.done.done() and self.count(waiter.path, waiter.method) >= waiter.count:
                waiter.done.set_result(None)
