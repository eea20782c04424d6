"""How a call is asked: signed, sent, read, and asked again where that is safe, within one time limit."""

from .asker import Asker
from .hedged import Hedged
from .sent import Sent
from .signer import Signer
from .tries import Limiter, Tries

__all__ = ["Asker", "Hedged", "Limiter", "Sent", "Signer", "Tries"]
