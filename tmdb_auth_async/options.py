"""What may be given as an option: asked what it can do, where it is given, and never shown."""

from __future__ import annotations

from typing import Any, NoReturn

from .errors import NotConfigured


def check_positive(name: str, number: object) -> None:
    """Raise `NotConfigured` unless *number*, which is called *name*, is one and more than 0."""
    if not isinstance(number, int | float) or isinstance(number, bool) or not number > 0:
        message = f"{name} must be a number, more than 0"
        raise NotConfigured(message)


def check_count(name: str, number: object) -> None:
    """Raise `NotConfigured` unless *number*, which is called *name*, is a whole one and not negative."""
    if not isinstance(number, int) or isinstance(number, bool) or number < 0:
        message = f"{name} must be a whole number and not negative"
        raise NotConfigured(message)


def check_text(name: str, text: object) -> None:
    """Raise `NotConfigured` unless *text*, which is called *name*, is one that can be sent."""
    if not isinstance(text, str):
        message = f"{name} must be a text, not a {type(text).__name__}"
        raise NotConfigured(message)
    if not is_unicode(text):
        message = (
            f"{name} holds bytes that are no UTF-8, as an environment variable in another encoding does:"
            " write it in UTF-8 there"
        )
        raise NotConfigured(message)


def is_unicode(text: str) -> bool:
    """Say whether *text* can be encoded: a lone surrogate, as Python makes of a byte that is no UTF-8, cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def check_service(service: object) -> None:
    """Raise `NotConfigured` for what is no service."""
    if not isinstance(getattr(service, "url", None), str) or not _brings(service, "complaint", "is_dead"):
        _refuse("service must be TMDB, TMDB.at(url) or another service as a value", service)


def check_store(store: object) -> None:
    """Raise `NotConfigured` for what keeps nothing."""
    if not _brings(store, "load", "save", "hold") or not hasattr(store, "durable"):
        _refuse("store must be a store, such as SQLiteStore(path) of tmdb_auth_async.stores", store)


def check_client(client: object) -> None:
    """Raise `NotConfigured` for what sends nothing the way that aiohttp does."""
    if not _brings(client, "request") or not hasattr(client, "closed"):
        _refuse("client must be an aiohttp.ClientSession; leave it out to have one made", client)


def check_strategy(strategy: object) -> None:
    """Raise `NotConfigured` for what opens no session, or closes none."""
    if not hasattr(strategy, "open") or not hasattr(strategy, "close") or isinstance(strategy, type):
        _refuse("a session is opened by a strategy, such as RequestTokenLogin(Password(username, password))", strategy)


def check_name(name: object) -> None:
    """Raise `NotConfigured` for what no session is kept under."""
    if not isinstance(name, str):
        _refuse("the name that a session is kept under must be a text", name)


def check_session(value: object) -> None:
    """Raise `NotConfigured` for what a strategy opened that signs nothing: it would be used as the program itself."""
    if not _brings(value, "sign"):
        refusal = _refusal("what opens a session must return a value with the method sign(request)", value)
        refusal.halfway = True  # something was opened, and is closed: a chain does not go on as if nothing had been
        raise refusal


# attrs takes a field for what its validator takes, hence `Any` below.


def check_source(_: object, __: object, strategy: Any) -> None:
    """Raise `NotConfigured` for what is no strategy, as attrs' validators do."""
    check_strategy(strategy)


def check_approval(strategy: object, _: object, approval: Any) -> None:
    """Raise `NotConfigured` for what approves nothing, as attrs' validators do."""
    if not _brings(approval, "approve"):
        name = type(strategy).__name__
        _refuse(f"{name} needs an approval, such as Browser(), Link(show) or Redirect(url)", approval)


def check_function(owner: object, field: Any, function: Any) -> None:
    """Raise `NotConfigured` for what cannot be called, as attrs' validators do."""
    if not callable(function):
        _refuse(f"{type(owner).__name__} needs a function as its {field.name}", function)


def _brings(thing: object, *methods: str) -> bool:
    return not isinstance(thing, type) and all(callable(getattr(thing, method, None)) for method in methods)


def _refuse(wanted: str, given: object) -> NoReturn:
    raise _refusal(wanted, given)


def _refusal(wanted: str, given: object) -> NotConfigured:
    kind = f"the class {given.__name__}: call it" if isinstance(given, type) else f"a {type(given).__name__}"
    return NotConfigured(f"{wanted}, not {kind}")
