"""The end of a program by a signal, or of its loop, while sessions open, are open or close."""

import asyncio
import signal
import sys
import textwrap
from pathlib import Path

import pytest

from tmdb_auth_async.testing import FakeTMDB

SESSION = "/3/authentication/session"


PROGRAM = textwrap.dedent("""
    import asyncio, sys
    from tmdb_auth_async import *

    async def hold(manager, entered):
        async with manager.session(RequestTokenLogin(Password("ada", "secret"))):
            entered.append(None)
            if len(entered) == 200:
                print("open", flush=True)
            await asyncio.Event().wait()

    async def main(url, token, wait):
        async with SessionManager(BearerToken(token), service=TMDB.at(url), close_timeout_s=5) as manager:
            entered = []
            tasks = [asyncio.create_task(hold(manager, entered)) for _ in range(200)]
            await (asyncio.gather(*tasks) if wait == "gather" else asyncio.Event().wait())

    asyncio.run(main(*sys.argv[1:]))
""")


@pytest.mark.parametrize("wait", ["gather", "elsewhere"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_leaves_nothing_of_200_scopes(
    fake: FakeTMDB, tmp_path: Path, number: signal.Signals, wait: str
) -> None:
    """Ctrl-C and SIGTERM end the process by that signal, in time and without a leftover or a stray warning."""
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-X", "dev", program, fake.url, fake.read_access_token, wait,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    assert await process.stdout.readline() == b"open\n"
    assert len(fake.sessions) == 200
    process.send_signal(number)
    _, errors = await asyncio.wait_for(process.communicate(), timeout=6)
    assert process.returncode == -number
    assert not fake.sessions
    for stray in (b"never retrieved", b"never awaited", b"Unclosed", b"ResourceWarning", b"destroyed"):
        assert stray not in errors


OPENING = textwrap.dedent("""
    import asyncio, sys
    from tmdb_auth_async import *

    async def hold(manager):
        async with manager.session(RequestTokenLogin(Password("ada", "secret"))):
            await asyncio.Event().wait()

    async def main(url, token):
        async with SessionManager(BearerToken(token), service=TMDB.at(url), close_timeout_s=5) as manager:
            await asyncio.gather(*(hold(manager) for _ in range(10)))

    asyncio.run(main(*sys.argv[1:]))
""")


async def test_a_sigterm_amid_openings_ends_the_process_by_that_signal(fake: FakeTMDB, tmp_path: Path) -> None:
    """A program that ends because its openings were broken off still ends as SIGTERM has it, and leaves nothing."""
    program = tmp_path / "program.py"
    program.write_text(OPENING)
    gate = fake.hold("/3/authentication/session/new", carried_out=True)
    process = await asyncio.create_subprocess_exec(sys.executable, program, fake.url, fake.read_access_token)
    await fake.arrived("/3/authentication/session/new")
    process.send_signal(signal.SIGTERM)
    gate.release()
    assert await asyncio.wait_for(process.wait(), timeout=10) == -signal.SIGTERM
    assert not fake.sessions


ASLEEP = textwrap.dedent("""
    import asyncio, sys, time
    from tmdb_auth_async import *

    async def main(url, token):
        manager = await SessionManager(BearerToken(token), service=TMDB.at(url)).__aenter__()
        await manager.get("/3/configuration")
        return manager

    loop = asyncio.new_event_loop()
    manager = loop.run_until_complete(main(*sys.argv[1:]))
    print("asleep", flush=True)
    time.sleep(60)
""")


async def test_a_sigterm_while_the_loop_stands_still_is_not_lost(fake: FakeTMDB, tmp_path: Path) -> None:
    """A program that runs its loop now and then is ended by a SIGTERM that comes in between."""
    program = tmp_path / "program.py"
    program.write_text(ASLEEP)
    process = await asyncio.create_subprocess_exec(
        sys.executable, program, fake.url, fake.read_access_token, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"asleep\n"
    process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(process.wait(), timeout=10) == -signal.SIGTERM


BUSY = textwrap.dedent("""
    import asyncio, sys, time
    from tmdb_auth_async import *

    async def main(url, token):
        async with SessionManager(BearerToken(token), service=TMDB.at(url)) as manager:
            await manager.get("/3/configuration")
            print("busy", flush=True)
            time.sleep(60)

    asyncio.run(main(*sys.argv[1:]))
""")


async def test_a_loop_that_is_busy_is_ended_by_a_later_sigterm(fake: FakeTMDB, tmp_path: Path) -> None:
    """Whoever insists is heard, though nothing of the program's runs that could close anything."""
    program = tmp_path / "program.py"
    program.write_text(BUSY)
    process = await asyncio.create_subprocess_exec(
        sys.executable, program, fake.url, fake.read_access_token, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"busy\n"
    ended = asyncio.create_task(process.wait())
    for _ in range(40):
        process.send_signal(signal.SIGTERM)
        if await asyncio.wait({ended}, timeout=0.25) != (set(), {ended}):
            break
    assert await asyncio.wait_for(ended, timeout=1) == -signal.SIGTERM


LEFT = textwrap.dedent("""
    import asyncio, sys
    from tmdb_auth_async import *

    async def work(url, token, leave):
        async with SessionManager(BearerToken(token), service=TMDB.at(url), close_timeout_s=60) as manager:
            login = RequestTokenLogin(Password("ada", "secret"))
            await asyncio.gather(*(manager.session(login).__aenter__() for _ in range(12)))
            print("open", flush=True)
            await (asyncio.Event().wait() if leave == "signals" else asyncio.sleep(0))

    async def main(url, token, leave):
        working = asyncio.create_task(work(url, token, leave))
        if leave == "signals":
            await working
        await asyncio.to_thread(sys.stdin.readline)

    asyncio.run(main(*sys.argv[1:]))
""")


@pytest.mark.parametrize("leave", ["signals", "main returns"])
async def test_a_loop_that_ends_amid_closes_leaves_nothing(fake: FakeTMDB, tmp_path: Path, leave: str) -> None:
    """A second Ctrl-C, or a main that ends before its manager: asyncio cancels all tasks; closes are tried anew."""
    program = tmp_path / "program.py"
    program.write_text(LEFT)
    fake.fail("hang", times=12, path=SESSION, method="DELETE")
    process = await asyncio.create_subprocess_exec(
        sys.executable, program, fake.url, fake.read_access_token, leave,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    assert await process.stdout.readline() == b"open\n"
    if leave == "signals":
        process.send_signal(signal.SIGINT)
    await fake.arrived(SESSION, count=12, method="DELETE")
    if leave == "signals":
        process.send_signal(signal.SIGINT)
    process.stdin.write(b"\n")
    await process.stdin.drain()
    await asyncio.wait_for(process.wait(), timeout=20)
    assert not fake.sessions
