"""The rules: every primitive with its JVP and its VJP, and the functions of numpy that are composed of them.

``elementwise`` is the one to read first: a line for each ufunc. ``structure`` and ``indexing`` move entries, ``reductions`` combine
them, ``choices`` compare and select; ``linalg`` and ``convolution`` hold the products, ``factorizations``
their undoing; ``further`` composes what is left.
"""

from reference.autodiff.rules import (  # noqa: F401 - they register
    choices,
    elementwise,
    factorizations,
    further,
    indexing,
    linalg,
    reductions,
    structure,
)
from reference.autodiff.rules.convolution import avg_pool2d, conv2d, max_pool2d, overlap_add, windows
from reference.autodiff.rules.indexing import Slot, filled_in
from reference.autodiff.rules.tools import kept, unbroadcast

__all__ = ["Slot", "avg_pool2d", "conv2d", "filled_in", "kept", "max_pool2d", "overlap_add", "unbroadcast", "windows"]
