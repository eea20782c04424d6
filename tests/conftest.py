"""What every test may ask for, beside the fixtures of the package's own pytest plugin."""

from .redis_server import own_redis, redis_server
from .store_fixtures import ground

__all__ = ["ground", "own_redis", "redis_server"]
