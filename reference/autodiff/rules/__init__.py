"""The rules of numpy's functions: few primitives with their derivatives, and all others composed of them.

Importing this package enters every rule in the registry of ``core``.
"""

from reference.autodiff.rules import choices, elementwise, linalg, reductions, structure  # noqa: F401 - entered in the registry
from reference.autodiff.rules.convolution import avg_pool2d, conv2d, max_pool2d, overlap_add, windows
from reference.autodiff.rules.indexing import Slot, filled_in
from reference.autodiff.rules.linear import kept

__all__ = ["Slot", "avg_pool2d", "conv2d", "filled_in", "kept", "max_pool2d", "overlap_add", "windows"]
