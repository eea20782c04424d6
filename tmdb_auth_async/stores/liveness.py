"""Who an owner of journal rows is, and whether it still lives."""

from __future__ import annotations

import functools
import os
import platform
import time
from pathlib import Path

import attrs

PROC = Path("/proc")
FIRST_PID_SPACE = "pid:[4026531836]"
"""The process namespace of the machine itself, on every Linux; any other is a container's."""

_MACHINE_IDS = (Path("/etc/machine-id"), Path("/var/lib/dbus/machine-id"))


@attrs.frozen(kw_only=True)
class Identity:
    """A process, so that another can tell whether it lives; what is not known is empty.

    `machine` is known outside of containers only, where ids and names may be copies.
    `space` is the boot and the namespaces in which `pid` and `started`, the start in
    clock ticks after the boot, mean this process and no other.
    """

    machine: str
    boot: str
    space: str
    pid: int
    started: str


def identity() -> Identity:
    """Return who this process is; nothing but the pid is known where there is no Linux `/proc`."""
    return _identity_of(os.getpid(), PROC)


@functools.lru_cache(maxsize=1)  # by the pid, since a forked process is another
def _identity_of(pid: int, proc: Path) -> Identity:
    boot = _read(proc / "sys/kernel/random/boot_id")
    pid_space, time_space = _link(proc / "self/ns/pid"), _link(proc / "self/ns/time")
    started = _started(pid, proc) or ""
    is_ours = _link(proc / "self") == str(pid)  # else this /proc shows another namespace's processes
    space = f"{boot} {pid_space} {time_space}" if boot and pid_space and started and is_ours else ""
    machine = (
        f"{_first(_MACHINE_IDS)} {platform.node()}" if pid_space == FIRST_PID_SPACE and _first(_MACHINE_IDS) else ""
    )
    return Identity(machine=machine, boot=boot, space=space, pid=pid, started=started)


def is_dead(owner: Identity, *, lease_until: float, us: Identity | None = None, proc: Path = PROC) -> bool:
    """Tell whether *owner* is dead for certain, or has not renewed its lease, which ended at *lease_until* (Unix time).

    In our own boot and namespaces its process is looked up, and a living one is alive
    whatever its lease says; after a reboot of our own machine it is dead. Anywhere else
    the lease decides.
    """
    us = identity() if us is None else us
    if owner.space and owner.space == us.space:
        runs = _runs(owner, proc)
        if runs is not None:
            return not runs
    elif owner.machine and owner.machine == us.machine and owner.boot and us.boot and owner.boot != us.boot:
        return True
    return lease_until < time.time()


def _runs(owner: Identity, proc: Path) -> bool | None:
    """Tell whether that very process runs; `None` where it cannot be seen."""
    try:
        started = _started(owner.pid, proc)
        if started is not None:
            return started == owner.started
        os.kill(owner.pid, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError, TypeError, ValueError):  # not ours to see, or, in a damaged entry, no pid at all
        pass
    return None


def _started(pid: int, proc: Path) -> str | None:
    """Return when process *pid* started, empty for one that is over but not yet reaped, `None` for one not seen."""
    # Fields 3 and 22 of proc(5)'s stat; the second field is a name in brackets and may hold anything.
    fields = _read(proc / str(pid) / "stat").rpartition(")")[2].split()
    if len(fields) < 20:  # noqa: PLR2004  # the fields that follow the name, up to the start
        return None
    return "" if fields[0] in {"Z", "X", "x"} else fields[19]


def _first(files: tuple[Path, ...]) -> str:
    return next((text for text in map(_read, files) if text), "")


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


def _link(file: Path) -> str:
    try:
        return str(file.readlink())
    except OSError:
        return ""
