"""How sessions are kept under names: opened once for all who ask, and anew when the service has ended them."""

from .keeping import Keeping

__all__ = ["Keeping"]
