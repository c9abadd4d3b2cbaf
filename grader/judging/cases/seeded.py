"""Hypothesis, drawing from its seed alone.

Left to itself it mixes in constants from the source of every module that happens to be imported: the same seed would draw other
cases in another process, and the first draw would cost a second. Imported only where something is drawn.

While it shrinks what was found, Hypothesis draws by its own source, a few choices at most: those may still cost that second.
"""

from __future__ import annotations

from typing import Any

from hypothesis.internal.conjecture.providers import AVAILABLE_PROVIDERS, HypothesisProvider

__all__ = ["BACKEND", "SeededProvider"]

BACKEND = "gradmark"


class SeededProvider(HypothesisProvider):
    """A source of choices as Hypothesis has it, without constants."""

    def _maybe_draw_constant(self, *_: Any, **__: Any) -> None:
        return None


AVAILABLE_PROVIDERS[BACKEND] = f"{__name__}.{SeededProvider.__name__}"
