"""The human of the README's examples: opens the approval links that she is shown, and says yes."""

from __future__ import annotations

import threading
import webbrowser
from html.parser import HTMLParser
from urllib.parse import urlencode, urlsplit
from urllib.request import ProxyHandler, build_opener


class _Form(HTMLParser):
    """Reads the hidden fields of the one form of an approval page."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the field, if this is one."""
        given = dict(attrs)
        if tag == "input" and (name := given.get("name")):
            self.fields[name] = given.get("value") or ""


class Reader(webbrowser.BaseBrowser):
    """Looks at pages below *site* only, each in a thread of its own, as a person beside the program would."""

    def __init__(self) -> None:
        super().__init__("the README's reader")
        self.site: str | None = None
        self._busy: list[threading.Thread] = []

    def open(self, url: str, new: int = 0, autoraise: bool = True) -> bool:  # noqa: FBT001, FBT002  # webbrowser's
        """Approve at *url* if it is one of the fake's pages; else leave it to another browser."""
        if not self.site or not url.startswith(f"{self.site}/"):
            return False
        person = threading.Thread(target=self._approve, args=(url,), name="the README's reader")
        self._busy.append(person)
        person.start()
        return True

    def print(self, *values: object) -> None:
        """Print, and open what is printed if it is a link."""
        print(*values)  # noqa: T201  # that is what the example says
        for value in values:
            self.open(str(value))

    def leave(self) -> None:
        """Finish what was begun, and look at nothing from now on."""
        self.site = None
        while self._busy:
            self._busy.pop().join()

    def _approve(self, url: str) -> None:
        web = build_opener(ProxyHandler({}))
        page, form = urlsplit(url), _Form()
        with web.open(url, timeout=10) as answer:
            form.feed(answer.read().decode())
        decision = urlencode({**form.fields, "decision": "approve"}).encode()
        # The answer leads back to wherever the program waits, and is followed there.
        with web.open(page._replace(fragment="").geturl(), data=decision, timeout=10):
            pass


READER = Reader()
webbrowser.register(READER.name, None, READER, preferred=True)
