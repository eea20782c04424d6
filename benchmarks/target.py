"""Where the candidates send their requests, and as whom."""

from typing import Any, Self

import attrs

USERNAME = "ada"
PASSWORD = "analytical-engine"


@attrs.frozen
class Target:
    """A fake service in another process, and the credentials it accepts; `authority` is a CA's PEM for https."""

    url: str
    token: str
    api_key: str = ""
    authority: str | None = None

    def dump(self) -> dict[str, Any]:
        """Return the target as JSON can hold it."""
        return attrs.asdict(self)

    @classmethod
    def load(cls, data: dict[str, Any]) -> Self:
        """Make the target again."""
        return cls(**data)
