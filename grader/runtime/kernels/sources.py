"""The choice of a source of kernels: forked ones where there is fork, plain ones that wait for their submission elsewhere."""

from __future__ import annotations

import sys
from contextlib import suppress

from grader.errors import KernelError
from grader.runtime.isolation import LEVELS, distributions
from grader.runtime.kernels.protocol import KernelSource
from grader.runtime.kernels.registry import Registry
from grader.runtime.limits import Limits

__all__ = ["begin", "source_of"]

SOURCES = Registry()
"""The sources of this process, by limits, level and packages."""


def source_of(limits: Limits, level: str, packages: tuple[str, ...] = ()) -> KernelSource:
    """Return the source of this process for these settings.

    Raises:
        UsageError: a package is not installed, or is the grader.

    """
    if sys.platform != "linux":
        distributions(packages)  # a plain kernel sees all that is installed: what is not must be said
    return SOURCES.get((limits, level, packages), lambda: _new_source(limits, level, packages))


def _new_source(limits: Limits, level: str, packages: tuple[str, ...]) -> KernelSource:
    if sys.platform == "linux":
        from grader.runtime.kernels.fork_source import ForkedKernelSource

        return ForkedKernelSource(limits, level, packages)
    from grader.runtime.kernels.waiting_source import WaitingKernelSource

    return WaitingKernelSource(limits, level)


def begin(limits: Limits, requested: str, packages: tuple[str, ...] = ()) -> None:
    """Start the source for a level of isolation, or for ``auto``, ahead of the first submission.

    A level that comes up is tried by that; of one that does not, ``resolve`` says why, and nothing is said here.
    """
    if sys.platform == "linux" and requested in ("auto", *LEVELS):
        with suppress(KernelError):
            source_of(limits, LEVELS[0] if requested == "auto" else requested, packages).begin()
