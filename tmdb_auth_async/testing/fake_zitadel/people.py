"""Who a fake ZITADEL knows: its users, and its callers with what they may do."""

from typing import Literal

import attrs

from . import totp
from .complaints import Complaint

WRITE, DELETE, READ = "session.write", "session.delete", "session.read"


@attrs.frozen
class Caller:
    """Whoever signs a request; *permissions* are `None` for a member of nothing."""

    user_id: str
    permissions: frozenset[str] | None

    def require(self, permission: str) -> None:
        """Let the caller pass who has *permission*; others are told why not."""
        if self.permissions is None:
            raise Complaint("AUTHZ-cdgFk")
        if permission not in self.permissions:
            raise Complaint("AUTH-AWfge")

    def has(self, permission: str) -> bool:
        """Tell whether the caller has *permission*."""
        return self.permissions is not None and permission in self.permissions


@attrs.define(eq=False)
class User:
    """A human user, who is a member of nothing."""

    user_id: str
    login_name: str
    password: str = attrs.field(repr=False)
    totp_secret: str | None = attrs.field(repr=False)
    standing: Literal["active", "inactive", "locked"] = "active"
    failed_attempts: int = 0

    def check_active(self) -> None:
        """Let a user in who has not been deactivated."""
        if self.standing == "inactive":
            raise Complaint("SESSION-Gj4ko")

    def check_password(self, password: str) -> None:
        """Let the right password in, and count the wrong ones."""
        if self.standing == "locked":
            raise Complaint("COMMAND-JLK35")
        if password != self.password:
            self.failed_attempts += 1
            raise Complaint("COMMAND-3M0fs", failed_attempts=self.failed_attempts)
        self.failed_attempts = 0

    def check_totp(self, code: str, moment_s: float) -> None:
        """Let the code of *moment_s* in, or of the step before or after it."""
        if self.totp_secret is None:
            raise Complaint("COMMAND-3Mif9s")
        if self.standing == "locked":
            raise Complaint("COMMAND-SFA3t")
        if not totp.fits(self.totp_secret, code, moment_s):
            raise Complaint("EVENT-8isk2")
