"""Notebooks that are Python files, as marimo and Jupytext write them by their published rules."""

from __future__ import annotations

__all__ = ["MARIMO", "PERCENT", "marimo"]

PERCENT = '''\
# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#   kernelspec:
#     display_name: Python 3
#     name: python3
# ---

# %% [markdown]
# # Layers
#
# Some *prose*.

# %%
# %matplotlib inline
import numpy as np

# %% A title [raw]
# raw

# %% tags=["here"]
def relu_forward(x):
    """Rectifier.

# %% this is within a text
    """
    return np.maximum(x, 0), x


# %%
1 / 0

# %% [markdown]
"""
More prose, in quotes.
"""

# %%
def relu_backward(dout, cache):
    return dout * (cache > 0)
'''


def marimo(*cells: str, setup: str = "") -> str:
    """A notebook of marimo: cells are ``"args|body"``, a body that ends with its return."""
    made = ["import marimo", "", '__generated_with = "0.16.0"', 'app = marimo.App(width="medium")', ""]
    made += ["with app.setup:", *(f"    {line}" for line in setup.split("\n")), ""] if setup else []
    for cell in cells:
        if cell.startswith("@"):
            made += ["", cell, ""]
            continue
        args, _, body = cell.partition("|")
        made += ["", "@app.cell", f"def _({args}):", *(f"    {line}" if line else "" for line in body.split("\n")), ""]
    return "\n".join([*made, "", 'if __name__ == "__main__":', "    app.run()", ""])


MARIMO = marimo(
    'mo|mo.md(\n    r"""\n# Layers\n    """\n)\nreturn',
    "relu_forward, slider|# uses what is defined below\n_x = np.ones((2, 2)) * slider.value\nrelu_forward(_x)\nreturn",
    "@app.function\ndef relu_forward(x):\n    # a comment\n    return np.maximum(x, 0), x",
    "mo, shape|_x = 3\nslider = mo.ui.slider(1, 10)\ndef relu_backward(dout, cache):\n    return dout * (cache > 0)\n"
    "shape\nreturn relu_backward, slider",
    "|shape = (2, 3)\nreturn (shape,)",
    "|boom = 1 / 0\nreturn (boom,)",
    "|import marimo as mo\nreturn (mo,)",
    setup="import numpy as np",
)
