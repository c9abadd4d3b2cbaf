"""The grader's own exam: implementations with known labels, each written from the public contract alone.

No entry of ``RIGHT`` may be rejected, none of ``WRONG`` accepted; ``RIGHT_WITH_NOTE`` passes and its
verdict carries a note. Right code may emit numpy warnings (an overflow on the way to the right
value), so run it where warnings are not errors.
"""

from __future__ import annotations

from .entry import Entry, Policy
from .fresh_layers import FRESH_LAYERS
from .fresh_optimizers import FRESH_OPTIMIZERS
from .right_layers import RIGHT_LAYERS
from .right_optimizers import RIGHT_OPTIMIZERS
from .right_with_note import RIGHT_WITH_NOTE
from .wrong_layers import WRONG_LAYERS
from .wrong_optimizers import WRONG_OPTIMIZERS

__all__ = ["FRESH", "RIGHT", "RIGHT_WITH_NOTE", "WRONG", "Entry", "Policy"]

RIGHT: list[Entry] = [*RIGHT_LAYERS, *RIGHT_OPTIMIZERS]
FRESH: list[Entry] = [*FRESH_LAYERS, *FRESH_OPTIMIZERS]
WRONG: list[Entry] = [*WRONG_LAYERS, *WRONG_OPTIMIZERS]
