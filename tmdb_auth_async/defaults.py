"""Which service a manager talks to unless it is told."""

from __future__ import annotations

from .service import Service
from .tmdb import TMDB

SERVICE: Service = TMDB
