"""Draws the pictures of docs/explanation with the engine: ``python docs/pictures.py``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from reference.autodiff import Graph, graph, logsumexp

IMAGES = Path(__file__).parent / "images"


def f(x: Any, y: Any) -> Any:
    """The worked example of Bücker et al. 2006."""
    return (x * y + np.sin(x) + 4) * (3 * y**2 + 6)


def in_degrees(x: Any, y: Any) -> Any:
    """The same by a pocket calculator that was left in degrees."""
    return (x * y + np.sin(x * np.pi / 180) + 4) * (3 * y**2 + 6)


def network(W: Any, b: Any, V: Any, X: Any, Y: Any) -> Any:
    """Two layers and the softmax loss, on one-hot labels Y."""
    u = np.maximum(X @ W + b, 0) @ V
    return np.mean(logsumexp(u) - np.sum(u * Y, axis=1))


def pictures() -> dict[str, str]:
    """Every picture by the name of its file."""
    rng = np.random.default_rng(0)
    shapes = ((3, 4), (4,), (4, 2), (5, 3))
    layers: Graph = graph(network, *map(rng.standard_normal, shapes), np.eye(2)[[0, 1, 1, 0, 1]])
    return {
        "graph-worked-example.svg": graph(f, 2.0, 8.0).svg(),
        "graph-fault.svg": graph(in_degrees, 2.0, 8.0).svg(f),
        "graph-network.svg": layers.svg(),
    }


if __name__ == "__main__":
    for name, text in pictures().items():
        (IMAGES / name).write_text(text, encoding="utf-8")
