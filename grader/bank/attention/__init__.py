"""Unit 12, attention: embeddings, masks, attention and its backward pass, heads, a transformer block, generation, training."""

from __future__ import annotations

from grader.bank.attention import (
    block,
    checking,
    dot_product,
    embedding,
    heads,
    masks,
    multi_head,
    norm,
    online,
    predictions,
    questions,
    rotary,
    sampling,
    training,
)
from grader.judging import Unit

__all__ = ["UNIT"]

UNIT = Unit.of_modules(
    "attention",
    12,
    "Attention",
    (
        embedding,
        sampling,
        masks,
        dot_product,
        predictions,
        heads,
        multi_head,
        norm,
        block,
        online,
        rotary,
        checking,
        training,
        questions,
    ),
)
