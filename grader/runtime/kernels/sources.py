"""Where kernels come from: forked where there is fork, from a pool of plain ones elsewhere."""

from __future__ import annotations

import sys
from contextlib import suppress

from grader.errors import KernelError
from grader.runtime.isolation import LEVELS
from grader.runtime.kernels.kernel import KernelSource
from grader.runtime.limits import Limits

__all__ = ["begin", "source_of"]


def source_of(limits: Limits, level: str, packages: tuple[str, ...]) -> KernelSource:
    """The source of this process for these settings.

    Raises:
        UsageError: a package is not installed, or is the grader.

    """
    if sys.platform == "linux":
        from grader.runtime.kernels.forked import shared_source

        return shared_source(limits, level, packages)
    from grader.runtime.isolation.visible import distributions
    from grader.runtime.kernels.waiting import shared_pool

    distributions(packages)  # a plain kernel sees all that is installed: what is not must be said
    return shared_pool(limits, level)


def begin(limits: Limits, isolation: str, packages: tuple[str, ...]) -> None:
    """Start the source now. A level that comes up is tried by that; of one that does not, ``isolation.resolve`` says why."""
    if sys.platform == "linux" and isolation in ("auto", *LEVELS):
        from grader.runtime.kernels.forked import shared_source

        with suppress(KernelError):
            shared_source(limits, LEVELS[0] if isolation == "auto" else isolation, packages).begin()
