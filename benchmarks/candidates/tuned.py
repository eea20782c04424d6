"""Written by hand on aiohttp, tuned by every public knob that helps."""

import aiohttp
import orjson
from yarl import URL

from ..target import PASSWORD, USERNAME, Target
from .protocol import USES

_OK = 200
_NO_TIMEOUT = aiohttp.ClientTimeout(total=None, sock_connect=None)


class Tuned:
    """No cookies, no timeout, no decompression, ready-made URLs, headers and bodies, no `params=`, no `json=`, orjson.

    Other limits of the connector changed nothing, and `skip_auto_headers` costs more than it saves.
    """

    def __init__(self, target: Target) -> None:
        self._target = target
        self._client: aiohttp.ClientSession
        self._kept: URL
        self._kept_body = b""
        api = f"{target.url}/3/"
        self._token_new = URL(api + "authentication/token/new", encoded=True)
        self._validate = URL(api + "authentication/token/validate_with_login", encoded=True)
        self._session_new = URL(api + "authentication/session/new", encoded=True)
        self._session = URL(api + "authentication/session", encoded=True)
        self._account = api + "account?session_id="
        self._login_body = orjson.dumps({"username": USERNAME, "password": PASSWORD})[:-1] + b',"request_token":"%b"}'

    async def start(self) -> None:
        self._client = aiohttp.ClientSession(
            headers={"Authorization": f"Bearer {self._target.token}", "Content-Type": "application/json"},
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=_NO_TIMEOUT,
            auto_decompress=False,
        )
        session_id = await self._login()
        self._kept = URL(self._account + session_id, encoded=True)
        self._kept_body = b'{"session_id":"%b"}' % session_id.encode()

    async def cycle(self) -> None:
        session_id = await self._login()
        account = URL(self._account + session_id, encoded=True)
        try:
            for _ in range(USES):
                await self._send("GET", account)
        finally:
            await self._send("DELETE", self._session, b'{"session_id":"%b"}' % session_id.encode())

    async def get(self) -> None:
        await self._send("GET", self._kept)

    async def stop(self) -> None:
        await self._send("DELETE", self._session, self._kept_body)
        await self._client.close()

    async def _login(self) -> str:
        token = orjson.loads(await self._send("GET", self._token_new))["request_token"].encode()
        await self._send("POST", self._validate, self._login_body % token)
        answer = await self._send("POST", self._session_new, b'{"request_token":"%b"}' % token)
        session_id: str = orjson.loads(answer)["session_id"]
        return session_id

    async def _send(self, method: str, url: URL, body: bytes | None = None) -> bytes:
        response = await self._client.request(method, url, data=body, allow_redirects=False)
        answer = await response.read()
        if response.status != _OK:
            raise RuntimeError(f"{method} was answered {response.status}")
        return answer


class TunedAgain(Tuned):
    """The same code once more: how far it is from itself is how far the figures can be trusted."""
