"""A limit on the processor's time of one trial: a mutant may never end."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["TooLongError", "within"]


class TooLongError(BaseException):
    """The time is up. No ``Exception``: what a mutant catches is not this."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Run the body for so many seconds of the processor at most; in the main thread of a system that has such alarms.

    Raises:
        TooLongError: it took longer.

    """

    def strike(_number: int, _frame: FrameType | None) -> None:
        raise TooLongError

    before = signal.signal(signal.SIGPROF, strike)
    signal.setitimer(signal.ITIMER_PROF, seconds, 0.2)  # again and again, should the first be lost in a finaliser
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
