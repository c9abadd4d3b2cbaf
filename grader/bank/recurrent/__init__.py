"""Unit 09, recurrent networks: steps and sequences, gates, how far gradients reach, training and decoding."""

from __future__ import annotations

from grader.bank.recurrent import (
    checking,
    decoding,
    gru,
    horizon,
    judgement,
    learning,
    loss,
    lstm,
    lstm_sequences,
    peephole_sequences,
    peepholes,
    questions,
    rnn,
    rnn_sequences,
    truncation,
)
from grader.judging import Unit

__all__ = ["UNIT"]

UNIT = Unit.of_modules(
    "recurrent",
    9,
    "Recurrent networks",
    (
        rnn,
        rnn_sequences,
        loss,
        checking,
        truncation,
        horizon,
        judgement,
        lstm,
        lstm_sequences,
        peepholes,
        peephole_sequences,
        gru,
        learning,
        decoding,
        questions,
    ),
)
