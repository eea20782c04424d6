"""How a call is asked: signed, sent, read, and asked again where that is safe, within one time limit."""

from .asker import Asker
from .sent import Sent
from .signer import Signer
from .tries import Limiter, Tries, timed_out

__all__ = ["Asker", "Limiter", "Sent", "Signer", "Tries", "timed_out"]
