"""The grader's own exam: implementations with known labels, each written from the public contract alone.

No entry of ``RIGHT`` may be rejected, none of ``WRONG`` accepted; ``RIGHT_WITH_NOTE`` passes and its
verdict carries a note. Right code may emit numpy warnings (an overflow on the way to the right
value), so run it where warnings are not errors.

``RIGHT`` and ``WRONG`` are of layers and optimizers, ``RIGHT_OF_UNITS`` and ``WRONG_OF_UNITS`` of the other units, by unit, and
``NOTED_OF_UNITS`` those that pass with a note. Of the entries of ``FRESH`` and of the units ``WITH_TRUTH`` there is a list of what is true of each: nothing else may be told of them.
"""

from __future__ import annotations

from .attention import RIGHT_ATTENTION, WRONG_ATTENTION
from .chain_rule import RIGHT_CHAIN_RULE, WRONG_CHAIN_RULE
from .convolution import RIGHT_CONVOLUTION, WRONG_CONVOLUTION
from .entry import Entry, Policy
from .forward_mode import RIGHT_FORWARD_MODE, WRONG_FORWARD_MODE
from .fresh_layers import FRESH_LAYERS
from .fresh_optimizers import FRESH_OPTIMIZERS
from .graphs import RIGHT_GRAPHS, WRONG_GRAPHS
from .linear_models import RIGHT_LINEAR_MODELS, WRONG_LINEAR_MODELS
from .mlp import RIGHT_MLP, WRONG_MLP
from .recurrent import NOTED_RECURRENT, RIGHT_RECURRENT, WRONG_RECURRENT
from .regularization import NOTED_REGULARIZATION, RIGHT_REGULARIZATION, WRONG_REGULARIZATION
from .reverse_mode import RIGHT_REVERSE_MODE, WRONG_REVERSE_MODE
from .right_layers import RIGHT_LAYERS
from .right_optimizers import RIGHT_OPTIMIZERS
from .right_with_note import RIGHT_WITH_NOTE
from .wrong_layers import WRONG_LAYERS
from .wrong_optimizers import WRONG_OPTIMIZERS

__all__ = [
    "FRESH",
    "NOTED_OF_UNITS",
    "RIGHT",
    "RIGHT_OF_UNITS",
    "RIGHT_WITH_NOTE",
    "WITH_TRUTH",
    "WRONG",
    "WRONG_OF_UNITS",
    "Entry",
    "Policy",
]

RIGHT: list[Entry] = [*RIGHT_LAYERS, *RIGHT_OPTIMIZERS]
FRESH: list[Entry] = [*FRESH_LAYERS, *FRESH_OPTIMIZERS]
WRONG: list[Entry] = [*WRONG_LAYERS, *WRONG_OPTIMIZERS]
RIGHT_OF_UNITS: dict[str, list[Entry]] = {
    "chain_rule": RIGHT_CHAIN_RULE,
    "graphs": RIGHT_GRAPHS,
    "forward_mode": RIGHT_FORWARD_MODE,
    "reverse_mode": RIGHT_REVERSE_MODE,
    "linear_models": RIGHT_LINEAR_MODELS,
    "mlp": RIGHT_MLP,
    "recurrent": RIGHT_RECURRENT,
    "regularization": RIGHT_REGULARIZATION,
    "convolution": RIGHT_CONVOLUTION,
    "attention": RIGHT_ATTENTION,
}
WRONG_OF_UNITS: dict[str, list[Entry]] = {
    "chain_rule": WRONG_CHAIN_RULE,
    "graphs": WRONG_GRAPHS,
    "forward_mode": WRONG_FORWARD_MODE,
    "reverse_mode": WRONG_REVERSE_MODE,
    "linear_models": WRONG_LINEAR_MODELS,
    "mlp": WRONG_MLP,
    "recurrent": WRONG_RECURRENT,
    "regularization": WRONG_REGULARIZATION,
    "convolution": WRONG_CONVOLUTION,
    "attention": WRONG_ATTENTION,
}
NOTED_OF_UNITS: dict[str, list[Entry]] = {"recurrent": NOTED_RECURRENT, "regularization": NOTED_REGULARIZATION}
WITH_TRUTH: tuple[str, ...] = ("recurrent", "regularization", "convolution", "attention")
