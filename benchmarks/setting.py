"""What a measured process sets up before anything else."""

import gc
import resource


def prepare() -> None:
    """Allow as many open files as the machine does, and hide what was imported from the garbage collector.

    A crowd needs a connection for each of its members. And what all the other candidates
    have imported must not be searched for garbage at the expense of this one.
    """
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    gc.collect()
    gc.freeze()
