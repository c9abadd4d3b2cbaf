"""What one submission has left of its time, by the clock and of the processor, over all the kernels that it takes."""

from __future__ import annotations

import time
from dataclasses import replace

from grader.runtime.kernels.kernel import Kernel
from grader.runtime.limits import Limits

__all__ = ["Budget"]


class Budget:
    """Begins to be spent when it is made."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._until = time.monotonic() + limits.submission_seconds
        self._spent = 0.0
        self._kernel: Kernel | None = None

    def charge(self, kernel: Kernel) -> None:
        """From now on, count what this kernel uses."""
        self._kernel = kernel

    def settle(self, used: float) -> None:
        """The kernel has ended; this is what it used of the processor, in seconds."""
        self._spent += used
        self._kernel = None

    def seconds(self) -> float:
        """What is left by the clock."""
        return self._until - time.monotonic()

    def cpu_seconds(self) -> float:
        """What is left of the processor."""
        used = self._spent + (0.0 if self._kernel is None else self._kernel.cpu_seconds())
        return self._limits.submission_cpu_seconds - used

    def over(self) -> str | None:
        """What to say when nothing is left; None while there is something."""
        if self.seconds() <= 0:
            return f"the time for the whole submission ({self._limits.submission_seconds:g} s) has passed"
        if self.cpu_seconds() <= 0:
            most = self._limits.submission_cpu_seconds
            return f"the processor time for the whole submission ({most:g} s) is used up"
        return None

    def of_a_notebook(self) -> Limits:
        """The limits for running the cells, none above what is left."""
        return replace(
            self._limits,
            notebook_seconds=min(self._limits.notebook_seconds, max(0.0, self.seconds())),
            submission_cpu_seconds=self.cpu_seconds(),
        )

    def of_a_call(self) -> tuple[float, float]:
        """Seconds by the clock and of the processor for one call, none above what is left."""
        clock, cpu = (
            min(self._limits.call_seconds, self.seconds()),
            min(self._limits.call_cpu_seconds, self.cpu_seconds()),
        )
        return max(clock, LEAST), max(cpu, LEAST)


LEAST = 1e-3
"""A timer that is set to zero seconds would never go off."""
