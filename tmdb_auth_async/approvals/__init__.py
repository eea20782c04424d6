"""How a human says yes to a request token."""

from .browser import Browser
from .link import ApprovalLink, Link
from .password import Password
from .redirect import Redirect

__all__ = ["ApprovalLink", "Browser", "Link", "Password", "Redirect"]
