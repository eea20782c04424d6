"""The README's figures: what a run has measured, as Markdown to paste."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from .results import Results
from .spread import Spread

AT_ONCE = 64
_SHOWN = {
    "tuned": "aiohttp by hand, all tuned: settings, ready-made URLs, headers and bodies, orjson",
    "knobs": "aiohttp by hand, settings tuned: no cookie jar, no timeout",
    "plain": "aiohttp by hand, as its documentation shows",
    "ours": "**tmdb_auth_async**, scoped sessions",
    "ours, no msgspec": "**tmdb_auth_async**, scoped, without the extra `speedups`",
    "ours, borrowed client": "**tmdb_auth_async**, on a borrowed `ClientSession`",
    "ours, kept session": "**tmdb_auth_async**, `login` and `logout`",
    "ours, SQLite journal": "**tmdb_auth_async**, scoped, with the journal in SQLite",
    "themoviedb": "themoviedb",
    "tmdbapis": "tmdbapis, in threads",
    "tmdbsimple": "tmdbsimple, in threads",
    "httpx": "httpx by hand",
}
_WAYS = {
    "open_cold": "first login, nothing connected yet",
    "open_warm": "login on a connection that is open",
    "open_ready": "the same with a token at hand: `ready=1`",
    "guest": "guest session",
    "leave": "leaving the block, which waits for the delete",
    "leave_unwaited": "leaving with `wait_closed=False`",
}


def markdown(results: Results) -> str:
    """Return the three tables: what a cycle costs, what else was measured, and what a caller waits for."""
    return "\n\n".join((_cycles(results), _others(results), _trips(results))) + "\n"


def _cycles(results: Results) -> str:
    races = [(results.of(name, AT_ONCE), words) for name, words in _SHOWN.items()]
    rows = [
        (
            words,
            f"{one.cpu_us.median:,.0f}",
            _ratio(results.ratio(one.candidate, "knobs", AT_ONCE)),
            _ratio(one.cpu_ratio),
            f"{one.requests_per_s.median:,.0f}",
        )
        for one, words in races
    ]
    return _table(("client", "µs of CPU a request", "to settings tuned", "to all tuned", "requests/s"), rows)


def _others(results: Results) -> str:
    one = median(crowd.one_name.cpu_s for crowd in results.logins) * 1e3
    own = median(crowd.took.own_names.cpu_s for crowd in results.logins) * 1e3
    trips = median(crowd.one_name_trips for crowd in results.logins)
    sdk, ours = results.of("zitadel-client", 16), results.of("ours at ZITADEL", 16)
    rows = [
        (
            f"{left.did.cancelled:,} scopes cancelled at random moments, {name}: sessions left open",
            f"{left.sessions_left:,}",
        )
        for name, left in (
            ("aiohttp by hand with `try`/`finally`", results.cancels["plain"]),
            ("**tmdb_auth_async**", results.cancels["ours"]),
        )
    ]
    rows += [
        (f"new connections a cancel, {name}", f"{left.connections / left.did.cancelled:.2f}")
        for name, left in (("by hand", results.cancels["plain"]), ("**tmdb_auth_async**", results.cancels["ours"]))
    ]
    rows += [
        (
            "CPU of a scope while 10,000 others are open, to one alone",
            _ratio(results.of("ours among 10,000", 64).cpu_ratio),
        ),
        *(
            (
                f"CPU of a GET by a kept session, to {words}",
                f"{results.ratio('ours', other, AT_ONCE, what='get').median:.2f}",
            )
            for words, other in (("settings tuned", "knobs"), ("all tuned", "tuned"))
        ),
        *(
            (
                f"CPU of the cycle with {users} at once, to settings tuned",
                f"{results.ratio('ours', 'knobs', users).median:.2f}",
            )
            for users in (1, 512)
        ),
        ("memory of an open session", f"{results.bytes_a_session:.0f} bytes"),
        (
            "CPU of `import tmdb_auth_async`, to importing aiohttp, attrs and cattrs",
            _ratio(results.imports.package_ratio),
        ),
        ("CPU of importing what a login by password needs, to the same", _ratio(results.imports.login_ratio)),
        ("1,000 callers log in at once under one name", f"1 session, {trips:.1f} round trips, {one:.0f} ms of CPU"),
        ("1,000 callers log in at once, each under its own", f"1,000 sessions, {own:.0f} ms of CPU"),
        ("ZITADEL, log in, look three times, terminate: CPU of zitadel-client, to ours", _ratio(sdk.cpu_ratio)),
        ("the same: µs of CPU a request, ours", f"{ours.cpu_us.median:.0f}"),
    ]
    return _table(("what else", "measured"), rows)


def _trips(results: Results) -> str:
    http, https = results.trips["tmdb"], results.trips["tls"]
    rows = [(words, f"{http[way].median:.2f}", f"{https[way].median:.2f}") for way, words in _WAYS.items()]
    return _table(("round trips that a caller waits for", "http", "https"), rows)


def _ratio(spread: Spread) -> str:
    return f"{spread.median:.2f}" if spread.least == spread.most else f"{spread:.2f}"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    rule = "|".join(["---", *["--:"] * (len(heads) - 1)])
    return "\n".join((f"| {' | '.join(heads)} |", f"|{rule}|", *(f"| {' | '.join(row)} |" for row in rows)))
