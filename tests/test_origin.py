"""Where requests may go: no credential leaves its service by a URL or a path."""

from __future__ import annotations

import pytest

from tmdb_auth_async import TMDB, BearerToken, SessionManager
from tmdb_auth_async.errors import NotConfigured
from tmdb_auth_async.origin import checked_call, checked_url, is_loopback
from tmdb_auth_async.values import MAX_BYTES
from tmdb_auth_async.wire import target

from .scripted import Scripted


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://api.themoviedb.org", "https://api.themoviedb.org"),
        ("https://api.themoviedb.org/", "https://api.themoviedb.org"),
        ("https://proxy.example:8443/tmdb/", "https://proxy.example:8443/tmdb"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://localhost", "http://localhost"),
        ("http://[::1]:80/a", "http://[::1]:80/a"),
        ("http://127.8.9.1", "http://127.8.9.1"),
    ],
)
def test_a_safe_url_is_taken(url: str, kept: str) -> None:
    """An https URL anywhere and http to this machine are taken; a slash at the end makes no difference."""
    assert checked_url(url) == kept
    assert (TMDB.at(url).url, TMDB.at(url).website) == (kept, kept)


@pytest.mark.parametrize("path", ["/pröxy", "/a%20b", "/ü/{a}|[b]/", "/a+b;c=1,2:@!$&'()*~"])
async def test_a_services_path_is_quoted_as_requests_are(path: str) -> None:
    """What is no path character is encoded once, in what is sent as in the URL that is kept."""
    async with Scripted() as server:
        service = TMDB.at(server.url + path)
        assert service.url == service.website == server.url + target(path.rstrip("/"))
        async with SessionManager(BearerToken("user-token"), service=service) as manager:
            await manager.get("/3/x")
        assert server.arrived[0].path == target(path.rstrip("/")) + "/3/x"


@pytest.mark.parametrize(
    "url",
    [
        "https://bücher.example",
        "https://\u0430pi.themoviedb.org/3",
        "",
        "api.themoviedb.org",
        "//api.themoviedb.org",
        "/3",
        "https://",
        "https:///3",
        "ftp://api.themoviedb.org",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "http://api.themoviedb.org",
        "http://0.0.0.0",
        "http://10.0.0.1",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
        "http://example.com#127.0.0.1",
        "https://ada:secret@api.themoviedb.org",
        "https://ada@api.themoviedb.org",
        "https://@api.themoviedb.org",
        "https://api.themoviedb.org\\@evil.example",
        "https://api.themoviedb.org\\x",
        "https://api.themoviedb.org?api_key=secret",
        "https://api.themoviedb.org?",
        "https://api.themoviedb.org#x",
        "https://api.themoviedb.org#",
        " https://api.themoviedb.org",
        "https://api.themoviedb.org\n",
        "https://api.themo viedb.org",
        "https://api.themoviedb.org:99999",
        "https://api.themoviedb.org:port",
        "https://[::1",
        None,
        5,
        b"https://api.themoviedb.org",
    ],
)
def test_an_unsafe_url_is_refused(url: str) -> None:
    """No scheme, no host, plain http elsewhere, a user, a query: `NotConfigured`, which shows no password."""
    for take in (checked_url, TMDB.at):
        with pytest.raises(NotConfigured) as caught:
            take(url)
        assert "secret" not in str(caught.value)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.1.2.3", "::1"])
def test_this_machine_is_known(host: str) -> None:
    """Loopback names and addresses are this machine."""
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["", "localhost.", "example.com", "0.0.0.0", "127.0.0.1.evil.example", "::"])  # noqa: S104  # an address to be refused
def test_no_other_machine_is_this_one(host: str) -> None:
    """Whatever only looks like loopback is not."""
    assert not is_loopback(host)


BAD_PATHS = [
    "",
    "account",
    "3/account",
    "?x=1",
    "//evil.example/3",
    "/%2fevil.example/3",
    "/%2F/evil.example",
    "https://evil.example/3/account",
    "http://api.themoviedb.org/3/account",
    "/../3/account",
    "/3/../4/account",
    "/3/..",
    "/3/./account",
    "/3/%2e%2e/4/account",
    "/3/%2E%2E/account",
    "/3/.%2e/account",
    "/3%2f..%2f4",
    "/3\\..\\4",
    "/3/%5c..%5caccount",
    "/\\evil.example",
    "/3/account\r\nX-Evil: 1",
    "/3/account%0d%0aX-Evil:%201",
    "/3/account\x00",
    "/3/account%00",
    "/3/account\t",
    "/3/account#x",
    "/3/account?a=1#x",
    "/3/account%23x",
    "\n/3/account",
]


@pytest.mark.parametrize("path", BAD_PATHS)
async def test_a_path_that_could_leave_the_service_is_not_sent(path: str) -> None:
    """A full URL, a climb, a line break, however it is spelt: `NotConfigured`, and nothing is sent."""
    async with (
        Scripted() as server,
        SessionManager(BearerToken("user-token"), service=TMDB.at(server.url)) as manager,
        manager.session(BearerToken("user-token")) as session,
    ):
        for one in (manager, session):
            for ask in (one.get, one.post, one.put, one.delete):
                with pytest.raises(NotConfigured):
                    await ask(path)
        assert not server.arrived


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/3/account", "/3/account"),
        ("/3/movie/603.json", "/3/movie/603.json"),
        ("/3/list/a..b", "/3/list/a..b"),
        ("/3/account/", "/3/account/"),
        ("/3/a b", "/3/a%20b"),
        ("/3/é", "/3/%C3%A9"),
        ("/3/a%20b", "/3/a%20b"),
        ("/3/a+b;c=1,2:@!$&'()*~", "/3/a+b;c=1,2:@!$&'()*~"),
        ("/3/account?page=2&q=a%20b", "/3/account?page=2&q=a+b"),
        ("/3/account?empty=", "/3/account?empty="),
        ("/3/x?q={a%20b}", "/3/x?q=%7Ba+b%7D"),
        ("/3/x?q=%7Bsession_id%7D", "/3/x?q=%7Bsession_id%7D"),
    ],
)
def test_a_path_below_the_service_is_sent_as_it_is_meant(path: str, sent: str) -> None:
    """What is no path character is encoded once, and a query in the path stays a query."""
    call = checked_call("GET", path, params=None, json=None, max_bytes=MAX_BYTES)

    assert target(call.request.path, call.request.fills, call.request.params) == sent


@pytest.mark.parametrize("path", ["/3/x?a=1&a=2", "/3/x?a=1&b=2&a=1", "/3/x?a=&a="])
def test_a_name_twice_in_a_query_is_refused(path: str) -> None:
    """Only one of the values could be sent; the error says how they become one."""
    with pytest.raises(NotConfigured, match="as one value"):
        checked_call("GET", path, params=None, json=None, max_bytes=MAX_BYTES)


@pytest.mark.parametrize("path", ["/3/x?session={session_id}", "/3/{session_id}?a=1&b={account_id}", "/3/x?{}=1"])
async def test_a_placeholder_in_a_query_is_refused(path: str) -> None:
    """A session and a manager fill in none there, and send none as it is."""
    async with (
        Scripted() as server,
        SessionManager(BearerToken("user-token"), service=TMDB.at(server.url)) as manager,
        manager.session(BearerToken("user-token")) as session,
    ):
        for one in (manager, session):
            with pytest.raises(NotConfigured, match="params="):
                await one.get(path)
        assert not server.arrived


def test_params_go_before_a_query_in_the_path() -> None:
    """The same name in both is sent once, as the params have it."""
    call = checked_call("GET", "/3/x?a=1&b=2", params={"a": 3}, json=None, max_bytes=MAX_BYTES)

    assert target(call.request.path, call.request.fills, call.request.params) == "/3/x?a=3&b=2"
