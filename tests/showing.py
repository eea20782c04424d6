"""Everything an exception shows, to look for secrets in."""

from __future__ import annotations

import pickle
import traceback
from collections.abc import Iterator


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield *error* and all that hangs on it: causes, contexts, members of groups."""
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        link = waiting.pop()
        if link is None or id(link) in seen:
            continue
        seen.add(id(link))
        yield link
        waiting += [link.__cause__, link.__context__]
        if isinstance(link, BaseExceptionGroup):
            waiting += link.exceptions


def shown(error: BaseException) -> str:
    """Return every text that *error* or anything in its chain shows, its pickle included."""
    parts: list[str] = []
    for link in chain(error):
        parts += [str(link), repr(link), repr(link.args), repr(vars(link)), *getattr(link, "__notes__", ())]
        parts += traceback.format_exception(link)
    parts.append(pickle.dumps(error).decode("latin-1"))
    return "\n".join(parts)
