"""What traces requests sees their templates: on a borrowed client, on our own, by OpenTelemetry and by hand."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import aiohttp
import attrs
import pytest
from opentelemetry.instrumentation.aiohttp_client import AioHttpClientInstrumentor, create_trace_config
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from tmdb_auth_async import TMDB, ApiKey, AuthError, BearerToken, Guest, Password, RequestTokenLogin, SessionManager
from tmdb_auth_async.errors import Unreachable
from tmdb_auth_async.testing import FakeTMDB, FakeZitadel
from tmdb_auth_async.zitadel import Zitadel, ZitadelLogin

from .scripted import Cut, Scripted

PASSWORD = "canary-password-8f3a"


@attrs.frozen
class Spans:
    """The spans that were made, as texts of all that they hold."""

    exporter: InMemorySpanExporter
    provider: TracerProvider

    def texts(self) -> list[str]:
        """Return each span as JSON: its name, its attributes and its events."""
        return [span.to_json() for span in self.exporter.get_finished_spans()]

    def urls(self) -> set[str]:
        """Return the URLs of the requests."""
        spans = self.exporter.get_finished_spans()
        return {str(span.attributes["http.url"]) for span in spans if span.attributes}


@pytest.fixture
def spans() -> Iterator[Spans]:
    """Collect spans in memory."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    yield Spans(exporter, provider)
    provider.shutdown()


async def use(fake: FakeTMDB, client: aiohttp.ClientSession | None = None, *, api_key: bool = False) -> set[str]:
    """Do what puts secrets into URLs, headers and bodies, meet a refusal and a break; return the secrets."""
    fake.add_user("ada", PASSWORD)
    app = ApiKey(fake.api_key) if api_key else BearerToken(fake.read_access_token)
    secrets = {fake.api_key, fake.read_access_token, PASSWORD}
    async with SessionManager(app, service=TMDB.at(fake.url), client=client, retries=0) as manager:
        async with manager.session(RequestTokenLogin(Password("ada", PASSWORD))) as ada:
            await ada.get("/3/account", params={"language": "en"})
            secrets |= fake.sessions
        async with manager.session(Guest()) as guest:
            secrets |= fake.guest_sessions
            await guest.get("/3/guest_session/{guest_session_id}/rated/movies")
            await manager.get(f"/3/guest_session/{guest.id}/rated/movies")
            fake.fail("reset", method="POST")
            with pytest.raises(AuthError):
                await guest.post("/3/movie/550/rating", json={"value": 8.5})
            with pytest.raises(AuthError):
                await manager.get(f"/3/nothing/{guest.id}")
    return secrets


def is_silent(texts: list[str], secrets: set[str]) -> None:
    """Check that none of *texts* holds one of *secrets*, though there is something to hold one."""
    assert len(secrets) >= 5
    assert len(texts) >= 9
    assert not [text for text in texts for secret in secrets if secret in text]


@pytest.mark.parametrize("api_key", [False, True], ids=["bearer", "api key"])
async def test_opentelemetry_on_a_borrowed_client_sees_no_secret(spans: Spans, *, api_key: bool) -> None:
    """Span names, attributes and recorded exceptions hold methods and templates: no query, no id, no credential."""
    tracing = create_trace_config(tracer_provider=spans.provider)
    async with FakeTMDB() as fake, aiohttp.ClientSession(trace_configs=[tracing]) as client:
        secrets = await use(fake, client, api_key=api_key)
        is_silent(spans.texts(), secrets)
        assert f"{fake.url}/3/account" in spans.urls()
        assert f"{fake.url}/3/guest_session/{{guest_session_id}}/rated/movies" in spans.urls()


async def test_opentelemetry_on_every_client_sees_no_secret(spans: Spans) -> None:
    """The instrumentor that changes every `ClientSession`, ours included, is told as little."""
    instrumentor = AioHttpClientInstrumentor()
    instrumentor.instrument(tracer_provider=spans.provider)
    try:
        async with FakeTMDB() as fake:
            secrets = await use(fake, api_key=True)
        async with FakeZitadel() as zitadel:
            zitadel.add_user("ada", PASSWORD)
            async with (
                SessionManager(BearerToken(zitadel.token), service=Zitadel(zitadel.url)) as manager,
                manager.session(ZitadelLogin("ada", password=PASSWORD)) as ada,
            ):
                await ada.get("/v2/sessions/{session_id}")
                secrets |= {zitadel.token, *zitadel.sessions}
    finally:
        instrumentor.uninstrument()
    is_silent(spans.texts(), secrets)
    assert f"{zitadel.url}/v2/sessions/{{session_id}}" in spans.urls()


async def test_the_context_travels_with_the_request(spans: Spans) -> None:
    """What a tracer puts into the headers at the start is sent, beside the credential, and the request is served."""
    sent: list[dict[str, str]] = []

    async def seen(
        _: aiohttp.ClientSession, __: SimpleNamespace, params: aiohttp.TraceRequestHeadersSentParams
    ) -> None:
        sent.append(dict(params.headers))

    headers = aiohttp.TraceConfig()
    headers.on_request_headers_sent.append(seen)
    tracing = create_trace_config(tracer_provider=spans.provider)
    async with FakeTMDB() as fake, aiohttp.ClientSession(trace_configs=[tracing, headers]) as client:
        await use(fake, client)
    assert all("traceparent" in one and one["Authorization"].startswith("Bearer ") for one in sent)


@pytest.mark.parametrize("api_key", [False, True], ids=["bearer", "api key"])
async def test_a_plain_trace_config_is_told_of_templates(*, api_key: bool) -> None:
    """Start, end and failure of a request name neither its query nor its credential, nor does its response."""
    told: list[str] = []

    async def note(_: aiohttp.ClientSession, __: SimpleNamespace, params: Any) -> None:
        told.append(f"{params!r} {params.url} {params.headers!r}")
        if (response := getattr(params, "response", None)) is not None:
            told.append(f"{response!r} {response.url}")

    tracing = aiohttp.TraceConfig()
    for signal in (tracing.on_request_start, tracing.on_request_end, tracing.on_request_exception):
        signal.append(note)
    async with FakeTMDB() as fake, aiohttp.ClientSession(trace_configs=[tracing]) as client:
        secrets = await use(fake, client, api_key=api_key)
    is_silent(told, secrets)


@pytest.mark.parametrize("answer", [b"{0}\r\n\r\n", b"HTTP/1.1 200 OK\r\n{0}\r\n\r\n"], ids=["status line", "header"])
async def test_what_cannot_be_read_is_told_without_what_was_sent(spans: Spans, answer: bytes) -> None:
    """A failure that traces are told of holds neither the true request nor an answer that quotes it."""
    told: list[str] = []

    async def note(_: aiohttp.ClientSession, __: SimpleNamespace, params: aiohttp.TraceRequestExceptionParams) -> None:
        told.append(f"{params!r} {params.exception!r} {params.exception} {vars(params.exception)}")

    tracing = aiohttp.TraceConfig()
    tracing.on_request_exception.append(note)
    echo = Cut(answer.replace(b"{0}", b"GET /3/account?api_key=canary-key"))
    traces = [tracing, create_trace_config(tracer_provider=spans.provider)]
    async with Scripted(echo) as server, aiohttp.ClientSession(trace_configs=traces) as client:
        app = ApiKey("canary-key")
        async with SessionManager(app, service=TMDB.at(server.url), client=client, retries=0) as manager:
            with pytest.raises(Unreachable):
                await manager.get("/3/account")
    assert told
    assert not [text for text in (*told, *spans.texts()) if "canary" in text]


async def test_a_borrowed_clients_middleware_sees_the_true_request() -> None:
    """Tracing hides nothing from who must see it: a middleware of the client's own works as without."""
    seen: list[str] = []

    async def middleware(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
        seen.append(request.url.path_qs)
        return await handler(request)

    for traces in ([], [aiohttp.TraceConfig()]):
        async with FakeTMDB() as fake:
            client = aiohttp.ClientSession(trace_configs=traces, middlewares=(middleware,))
            async with (
                client,
                SessionManager(ApiKey(fake.api_key), service=TMDB.at(fake.url), client=client) as manager,
            ):
                await manager.get("/3/configuration")
                assert seen.pop() == f"/3/configuration?api_key={fake.api_key}"
