"""Unit 09, recurrent networks: steps and sequences, gates, how far gradients reach, training and decoding."""

from __future__ import annotations

from grader.bank.recurrent import (
    cell_horizon,
    checking,
    decoding,
    gru,
    horizon,
    judgement,
    learning,
    limits,
    loss,
    lstm,
    lstm_sequences,
    peephole_sequences,
    peepholes,
    questions,
    rnn,
    rnn_sequences,
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
        checking,
        judgement,
        loss,
        horizon,
        limits,
        lstm,
        lstm_sequences,
        cell_horizon,
        peepholes,
        peephole_sequences,
        gru,
        learning,
        decoding,
        questions,
    ),
)
