"""The pytest plugin where its fixtures would have another event loop than the test, or none: that is said at once."""

from __future__ import annotations

import pytest

pytest_plugins = ("pytester",)

TEST = """
import pytest

from tmdb_auth_async import Password, RequestTokenLogin


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request):
    return request.param


@pytest.mark.MARK
async def test_it(tmdb_manager, fake_zitadel):
    async with tmdb_manager.session(RequestTokenLogin(Password("ada", "secret"))) as ada:
        assert (await ada.get("/3/account"))["username"] == "ada"


@pytest.mark.MARK
async def test_the_other(fake_zitadel):
    assert fake_zitadel.url
"""
FIXTURES, TESTS = "asyncio_default_fixture_loop_scope", "asyncio_default_test_loop_scope"


def _run(pytester: pytest.Pytester, mark: str, *options: str) -> pytest.RunResult:
    pytester.makepyfile(TEST.replace("MARK", mark))
    pytester.makeini("[pytest]\nfilterwarnings = error\n")
    return pytester.runpytest_subprocess("-p", "no:cacheprovider", *options, timeout=60)


@pytest.mark.parametrize(
    ("mark", "fixtures", "tests", "ours", "its"),
    [
        ('asyncio(loop_scope="session")', "function", "function", "function", "session"),
        ('asyncio(loop_scope="module")', "fixture-scope", "function", "function", "module"),
        ("asyncio", "function", "session", "function", "session"),
        ("asyncio", "session", "function", "session", "function"),
    ],
)
def test_a_test_in_another_event_loop_fails_at_once(
    pytester: pytest.Pytester, mark: str, fixtures: str, tests: str, ours: str, its: str
) -> None:
    """It would wait for a fake that does not run; the error says what to set."""
    found = _run(pytester, mark, "-o", f"{FIXTURES}={fixtures}", "-o", f"{TESTS}={tests}")
    found.assert_outcomes(errors=2)
    for fixture in ("fake_tmdb", "fake_zitadel"):
        words = f"{fixture} is served in the event loop of the {ours}, and this test runs in that of the {its}, *"
        found.stdout.fnmatch_lines([words])
    found.stdout.fnmatch_lines([f'*set {FIXTURES} = {its}, or mark * @pytest.mark.asyncio(loop_scope="{ours}")'])


@pytest.mark.parametrize(
    ("mark", "fixtures", "tests"),
    [('asyncio(loop_scope="session")', "session", "function"), ("asyncio", "module", "module")],
)
def test_what_the_error_says_helps(pytester: pytest.Pytester, mark: str, fixtures: str, tests: str) -> None:
    """Where fixtures and test have the same event loop, of whatever scope, the fixtures do what they are for."""
    _run(pytester, mark, "-o", f"{FIXTURES}={fixtures}", "-o", f"{TESTS}={tests}").assert_outcomes(passed=2)


def test_without_a_plugin_for_asyncio_that_is_said(pytester: pytest.Pytester) -> None:
    """A test that no plugin runs gets no fake, in words."""
    pytester.makepyfile("def test_it(tmdb_manager): ...\n\n\ndef test_the_other(fake_zitadel): ...\n")
    found = pytester.runpytest_subprocess("-p", "no:cacheprovider", "-p", "no:asyncio", "-p", "no:anyio", timeout=60)
    found.assert_outcomes(errors=2)
    for fixture in ("fake_tmdb", "fake_zitadel"):
        words = f"{fixture} needs pytest-asyncio: install it, or mark the test @pytest.mark.anyio"
        found.stdout.fnmatch_lines([words])


def test_under_trio_that_is_said(pytester: pytest.Pytester) -> None:
    """Of a test that anyio runs under both, asyncio's is served, and the other learns why it is not."""
    found = _run(pytester, "anyio", "-p", "no:asyncio")
    found.assert_outcomes(passed=2, errors=2)
    found.stdout.fnmatch_lines(['fake_tmdb needs asyncio: let the fixture anyio_backend return "asyncio"'])
