"""The demo's human: opens the page it is shown and presses Approve."""

from __future__ import annotations

import time
from html.parser import HTMLParser
from urllib.parse import urljoin

import aiohttp

from ...approvals.link import ApprovalLink
from .watch import Watch


class Human:
    """Somebody at a browser, played by a *client* that is not watched; what they do is told to *watch*."""

    def __init__(self, client: aiohttp.ClientSession, watch: Watch) -> None:
        """Wait to be shown a link."""
        self._client = client
        self._watch = watch

    async def approve(self, link: ApprovalLink | str) -> None:
        """Open *link*, press Approve and follow where the page leads."""
        started_s = time.perf_counter()
        url = str(link)
        async with self._client.get(url) as page:
            page.raise_for_status()
            form = _Form(await page.text())
        self._watch.tell("(a human opens the link and approves)", took_ms=1000 * (time.perf_counter() - started_s))
        async with self._client.post(urljoin(url, form.action), data={**form.fields, "decision": "approve"}) as last:
            last.raise_for_status()
            await last.read()


class _Form(HTMLParser):
    """The form of a page: where it is sent, and its hidden fields."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.action = ""
        self.fields: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the form's action and its hidden fields."""
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.action = found.get("action", "")
        elif tag == "input" and found.get("type") == "hidden":
            self.fields[found["name"]] = found.get("value", "")
