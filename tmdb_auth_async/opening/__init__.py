"""How a session is opened, so that no cancel, fault or time limit loses what the service has made."""

from .jobs import CallJob, Job, Opens, SessionJob
from .opener import Opener
from .pool import Pool, at_hand
from .tools import Tools

__all__ = ["CallJob", "Job", "Opener", "Opens", "Pool", "SessionJob", "Tools", "at_hand"]
