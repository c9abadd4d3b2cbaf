"""Sources of kernels that are shared in this process: one for each settings, the latest few of them."""

from __future__ import annotations

import atexit
from collections.abc import Callable, Hashable

from grader.runtime.kernels.protocol import KernelSource

__all__ = ["Registry"]


class Registry:
    """Keeps the sources that were asked for last, closes those that it lets go, and closes all when this process ends.

    A session that still uses a source which was let go loses its kernel through no fault of its submission, and is begun again.

    Args:
        most: how many sources are kept; each may have a process, which waits for submissions.

    """

    def __init__(self, most: int = 4) -> None:
        self._most = most
        self._sources: dict[Hashable, KernelSource] = {}
        atexit.register(self.close)

    def get(self, settings: Hashable, make: Callable[[], KernelSource]) -> KernelSource:
        """Return the source for these settings; make it if there is none, and close the one that was not asked for longest."""
        source = self._sources.pop(settings, None) or make()
        self._sources[settings] = source  # in the last place: asked for last
        while len(self._sources) > self._most:
            self._sources.pop(next(iter(self._sources))).close()
        return source

    def close(self) -> None:
        """Close all sources."""
        while self._sources:
            self._sources.popitem()[1].close()
