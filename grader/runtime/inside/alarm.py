"""The timers that interrupt a student's call. Loaded by path as ``_gradmark_alarm``; standard library only."""

from __future__ import annotations

import contextlib
import signal
from typing import Any

__all__ = ["Alarm", "OutOfTime"]

TICK = 0.05
"""Seconds between two interruptions after the first: code that swallows one meets the next."""


class OutOfTime(BaseException):
    """Raised in the midst of a call whose soft time limit has passed."""


class Alarm:
    """Raises :class:`OutOfTime` in a call that takes too long, by the clock or of the processor's time.

    ``of_the_processor``: the last interruption was for processor time.
    """

    def __init__(self) -> None:
        self.of_the_processor = False
        self._armed = self._installed = False

    def install(self) -> None:
        """Take the signals; without them, as elsewhere than in the main thread, the grader's patience is the only limit."""
        with contextlib.suppress(ValueError, AttributeError):
            signal.signal(signal.SIGALRM, self._interrupt)
            signal.signal(signal.SIGPROF, self._interrupt)
            self._installed = True

    def start(self, seconds: float, cpu_seconds: float) -> None:
        """Interrupt after so many seconds by the clock, or so many of the processor's time; both are above 0."""
        self._armed, self.of_the_processor = True, False
        self._set(seconds, cpu_seconds)

    def disarm(self) -> None:
        """Ignore a timer that goes off from now on: at the end of each call, before its answer is made."""
        self._armed = False

    def stop(self) -> None:
        """Stop both timers: after the last call that was asked for."""
        self._armed = False
        self._set(0, 0)

    def _set(self, seconds: float, cpu_seconds: float) -> None:
        if self._installed:
            signal.setitimer(signal.ITIMER_REAL, seconds, TICK)
            signal.setitimer(signal.ITIMER_PROF, cpu_seconds, TICK)

    def _interrupt(self, number: int, *_: Any) -> None:
        if self._armed:
            self.of_the_processor = number == signal.SIGPROF
            raise OutOfTime
