"""The time that one submission has left, by the clock and of the processor, over all the kernels that it takes."""

from __future__ import annotations

import time
from dataclasses import replace

from grader.runtime.kernels import Kernel
from grader.runtime.limits import Limits

__all__ = ["Budget"]

LEAST = 1e-3
"""Seconds that a call has at least: a timer that is set to zero would never go off."""


class Budget:
    """Seconds by the clock, counted from when the budget is made, and seconds of the processor, as kernels use them."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._until = time.monotonic() + limits.submission_seconds
        self._spent = 0.0
        self._kernel: Kernel | None = None

    def charge(self, kernel: Kernel) -> None:
        """Count what this kernel uses from now on."""
        self._kernel = kernel

    def settle(self, used: float) -> None:
        """Count no further what the kernel uses: it has ended, and used so many seconds of the processor."""
        self._spent += used
        self._kernel = None

    def seconds(self) -> float:
        """Return the seconds that are left by the clock."""
        return self._until - time.monotonic()

    def cpu_seconds(self) -> float:
        """Return the seconds of the processor that are left."""
        used = self._spent + (0.0 if self._kernel is None else self._kernel.cpu_seconds())
        return self._limits.submission_cpu_seconds - used

    def over(self) -> str | None:
        """Return a sentence on what is used up, or None while something is left of both."""
        if self.seconds() <= 0:
            return f"the time for the whole submission ({self._limits.submission_seconds:g} s) has passed"
        if self.cpu_seconds() <= 0:
            most = self._limits.submission_cpu_seconds
            return f"the processor time for the whole submission ({most:g} s) is used up"
        return None

    def notebook_limits(self) -> Limits:
        """Return the limits for running the cells, none above what is left."""
        return replace(
            self._limits,
            notebook_seconds=min(self._limits.notebook_seconds, max(0.0, self.seconds())),
            submission_cpu_seconds=self.cpu_seconds(),
        )

    def call_limits(self, share: float = 1.0, longest: float = 0.0) -> tuple[float, float]:
        """Return the seconds by the clock and of the processor that one call may take, none above what is left.

        Args:
            share: the part of its limits that the call gets.
            longest: the seconds that its exercise allows, where these are more than the usual limits.

        """
        clock = min(share * max(self._limits.call_seconds, 2 * longest), self.seconds())
        cpu = min(share * max(self._limits.call_cpu_seconds, longest), self.cpu_seconds())
        return max(clock, LEAST), max(cpu, LEAST)
