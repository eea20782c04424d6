"""What carries a request: the only client-side user of aiohttp."""

from .middlewares import Middleware, signing_middleware
from .sending import Client, Wire
from .target import target

__all__ = ["Client", "Middleware", "Wire", "signing_middleware", "target"]
