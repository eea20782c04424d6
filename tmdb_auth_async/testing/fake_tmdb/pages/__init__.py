"""The pages of TMDB's website that a user meets, made out of the HTML files beside this one."""

from collections.abc import Iterable
from functools import cache
from html import escape
from importlib.resources import files
from string import Template

from ...messages import HTML, Answer

_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def approval_page(*, action: str, csrf: str, request_token: str, redirect_to: str, usernames: Iterable[str]) -> Answer:
    """Ask whoever looks at it to approve or to deny."""
    names = tuple(usernames)
    content = _template("approve").substitute(
        action=escape(action),
        csrf=escape(csrf),
        request_token=escape(request_token),
        redirect_to=escape(redirect_to),
        who=_who(names),
        approvable="" if names else " disabled",
    )
    return _page("Approve access", content)


def notice(title: str, words: str, *, status: int = 200) -> Answer:
    """Tell something, on a page of its own."""
    return _page(title, _template("notice").substitute(title=escape(title), words=escape(words)), status=status)


def redirect(location: str) -> Answer:
    """Send the browser on to *location*, by GET."""
    return Answer(303, b"", HTML, {**_HEADERS, "Location": location})


def _who(names: tuple[str, ...]) -> str:
    if not names:
        return "<p>This fake has no user yet: <code>fake.add_user(username, password)</code> adds one.</p>"
    if len(names) == 1:
        return f"<p>You are logged in as <strong>{escape(names[0])}</strong>.</p>"
    options = "".join(f"<option>{escape(name)}</option>" for name in names)
    return f'<label for="username">Log in as</label>\n<select id="username" name="username">{options}</select>'


def _page(title: str, content: str, *, status: int = 200) -> Answer:
    page = _template("layout").substitute(title=escape(title), content=content)
    return Answer(status, page.encode("utf-8", "replace"), HTML, _HEADERS)


@cache
def _template(name: str) -> Template:
    return Template(files(__package__ or __name__).joinpath(f"{name}.html").read_text(encoding="utf-8"))
