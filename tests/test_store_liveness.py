"""Who lives: processes, boots, containers and leases."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import attrs
import pytest

from tmdb_auth_async.stores.liveness import Identity, identity, is_dead

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="looks at Linux's /proc")
BOOT = "1825d909-e241-4110-882b-80a275f3fac3"
US = Identity(machine="id host", boot=BOOT, space=f"{BOOT} pid:[1] time:[2]", pid=10, started="500")


def proc(tmp_path: Path, pid: int, started: str, state: str = "S", name: str = "python3") -> Path:
    """Make a /proc in which one process runs."""
    folder = tmp_path / str(pid)
    folder.mkdir()
    fields = " ".join(str(number) for number in range(4, 22))
    (folder / "stat").write_text(f"{pid} ({name}) {state} {fields} {started} 23 24\n", encoding="utf-8")
    return tmp_path


def dead(owner: Identity, proc: Path, *, lease_s: float) -> bool:
    """Ask whether *owner* is dead, whose lease ends in so many seconds."""
    return is_dead(owner, lease_until=time.time() + lease_s, us=US, proc=proc)


def test_a_running_process_lives_whatever_its_lease(tmp_path: Path) -> None:
    """An owner that is seen to run is alive, even one whose event loop stood still for longer than its lease."""
    assert not dead(US, proc(tmp_path, 10, "500"), lease_s=-100)


def test_a_process_that_is_gone_is_dead_at_once(tmp_path: Path) -> None:
    """No lease keeps an owner whose process is over."""
    with subprocess.Popen([sys.executable, "-c", ""]) as over:
        over.wait()
    assert dead(attrs.evolve(US, pid=over.pid), tmp_path, lease_s=100)


def test_another_process_of_the_same_number_is_another(tmp_path: Path) -> None:
    """A process number that was given away again does not keep its first owner alive."""
    assert dead(US, proc(tmp_path, 10, "501"), lease_s=100)


@pytest.mark.parametrize("state", ["Z", "X"])
def test_a_process_that_nobody_reaped_is_dead(tmp_path: Path, state: str) -> None:
    """A zombie owns nothing."""
    assert dead(US, proc(tmp_path, 10, "500", state), lease_s=100)


def test_a_process_may_have_any_name(tmp_path: Path) -> None:
    """Brackets and spaces in the name of a program shift no field."""
    assert not dead(US, proc(tmp_path, 10, "500", name="a) Z 1 (b"), lease_s=-100)


@LINUX
def test_a_process_that_cannot_be_seen_has_its_lease(tmp_path: Path) -> None:
    """Where /proc hides a process that exists, the lease decides."""
    hidden = attrs.evolve(US, pid=os.getpid())
    assert not dead(hidden, tmp_path, lease_s=100)
    assert dead(hidden, tmp_path, lease_s=-1)


@pytest.mark.parametrize("pid", [2**63 - 1, "abc", b"1", "a\0b", None, -1], ids=repr)
def test_a_number_that_no_process_has_leaves_the_lease(tmp_path: Path, pid: Any) -> None:
    """What somebody wrote into a store in place of a process's number names none that could be looked up."""
    damaged = attrs.evolve(US, pid=pid)
    assert not dead(damaged, tmp_path, lease_s=100)
    assert dead(damaged, tmp_path, lease_s=-1)


def test_a_reboot_ends_every_process_of_the_machine(tmp_path: Path) -> None:
    """An owner of this machine and another boot is dead, whoever has its number now."""
    before = attrs.evolve(US, boot="another", space="another pid:[1] time:[2]")
    assert dead(before, proc(tmp_path, 10, "500"), lease_s=100)


@pytest.mark.parametrize(
    "there",
    [
        attrs.evolve(US, space=f"{BOOT} pid:[7] time:[2]", machine=""),
        attrs.evolve(US, space=f"{BOOT} pid:[1] time:[7]", machine=""),
        attrs.evolve(US, space="another pid:[1] time:[2]", boot="another", machine=""),
        attrs.evolve(US, space="another pid:[1] time:[2]", boot="another", machine="id elsewhere"),
        attrs.evolve(US, space="", boot="", machine="", started=""),
    ],
    ids=["container here", "other clock", "container elsewhere", "other machine", "no /proc"],
)
def test_who_is_elsewhere_has_its_lease(tmp_path: Path, there: Identity) -> None:
    """A process number means nothing in another container or machine: there the lease decides."""
    assert not dead(there, proc(tmp_path, 11, "1"), lease_s=100)
    assert dead(there, proc(tmp_path, 12, "1"), lease_s=-1)


@LINUX
def test_this_process_knows_itself() -> None:
    """A process sees itself alive, and a child that it started as another."""
    us = identity()
    assert us.pid == os.getpid()
    assert us.space
    assert us.started
    assert not is_dead(us, lease_until=0)
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        other = attrs.evolve(us, pid=child.pid)
        assert is_dead(other, lease_until=time.time() + 100)  # it started at another time than we did


def test_no_proc_leaves_the_lease(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no /proc a process knows nothing of itself but its number."""
    monkeypatch.setattr("tmdb_auth_async.stores.liveness.PROC", tmp_path)
    us = identity()
    assert us == Identity(machine="", boot="", space="", pid=os.getpid(), started="")
    assert not is_dead(us, lease_until=time.time() + 100, us=us, proc=tmp_path)
    assert is_dead(us, lease_until=time.time() - 1, us=us, proc=tmp_path)
