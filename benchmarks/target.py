"""Where the candidates send their requests, and as whom."""

import attrs

USERNAME = "ada"
PASSWORD = "analytical-engine"


@attrs.frozen
class Target:
    """A fake service in another process, and the credentials it accepts; `authority` is a CA's file for https."""

    url: str
    token: str
    api_key: str = ""
    authority: str | None = None

    def at(self, port: int) -> "Target":
        """Return the same service by another port."""
        return attrs.evolve(self, url=f"{self.url.rpartition(':')[0]}:{port}")
