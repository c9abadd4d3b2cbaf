"""Items: the result of one exercise, made of its verdicts and their explanations."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from grader.diagnosis import Explanation, Shown
from grader.judging import Exercise, GraphPicture, Verdict, item_status, points, points_of
from grader.result import CheckResult, Counterexample, ItemResult, fault_line

__all__ = ["item_of", "rounded", "shown_text"]

SHOWN_ENTRIES = 400
SHOWN_TEXT = 4000
SHOWN_NODES = 60
"""The most nodes of a graph that is drawn."""


def item_of(exercise: Exercise, verdicts: Sequence[Verdict], explanations: Sequence[Explanation] = ()) -> ItemResult:
    """Make the result of an exercise.

    Args:
        exercise: the exercise that was judged.
        verdicts: one for each of its checks.
        explanations: one for each verdict, in the same order; without any, all messages are empty.

    """
    said = explanations or [Explanation()] * len(verdicts)
    checks = [
        CheckResult(
            name=v.check.name,
            kind=v.check.kind,
            visibility=v.check.visibility,
            status=v.status,
            score=rounded(points_of(v, verdicts)),
            max_score=v.check.points,
            message=shown_text(e.message),
            notes=list(v.notes),
            counterexample=_counterexample(e.shown, {} if e.reach is None else e.reach.data()),
            diagnosis=e.diagnosis,
        )
        for v, e in zip(verdicts, said, strict=True)
    ]
    return ItemResult(
        exercise=exercise.name,
        status=item_status(verdicts),
        score=rounded(points(verdicts)),
        max_score=exercise.points,
        message=fault_line(checks),
        checks=checks,
        pair=f"{exercise.unit}.{exercise.pair}" if exercise.pair else None,
    )


def rounded(score: float) -> float:
    """Round points to six decimals, so that sums of them do not show their binary tails."""
    return round(score, 6)


def _counterexample(example: Shown | None, reach: Mapping[str, Any]) -> Counterexample | None:
    if example is None:
        return None
    return Counterexample(
        inputs={k: _plain(v) for k, v in example.inputs.items()},
        expected={k: _plain(v) for k, v in example.expected.items()},
        got={k: _plain(v) for k, v in example.got.items()},
        worst=dict(example.worst),
        graph=_graph(example.graph),
        step_sizes={k: _plain(list(v)) for k, v in example.step_sizes.items()},
        reach=dict(reach),
    )


def _graph(picture: GraphPicture | None) -> dict[str, Any]:
    """Return a graph for display; nothing of one so large that nobody could read it."""
    if picture is None or len(picture.steps) + len(picture.inputs) > SHOWN_NODES:
        return {}
    steps = [
        {"name": s.name, "operation": s.operation, "arguments": s.arguments, "value": s.value} for s in picture.steps
    ]
    shown = {"inputs": picture.inputs, "steps": steps, "wrong": picture.wrong, "expected": picture.expected}
    if picture.wrong:
        shown["inherited"] = list(picture.inherited)
    if picture.still_wrong:
        shown["still_wrong"] = list(picture.still_wrong)
    return {key: _plain(value) for key, value in shown.items()}


def _plain(x: Any, depth: int = 0) -> Any:
    """Return a value for display: nested lists of numbers rounded to 6 digits, everything capped."""
    if isinstance(x, (np.ndarray, np.generic)):
        if x.size > SHOWN_ENTRIES:
            return f"an array of shape {x.shape}"
        return _plain(x.tolist())
    if isinstance(x, bool) or x is None:
        return x
    if isinstance(x, int):
        return x if abs(x) < 2**53 else str(x)[:40]
    if isinstance(x, float):
        return float(f"{x:.6g}") if math.isfinite(x) else x
    if isinstance(x, (list, tuple)) and depth < 6:
        return [_plain(v, depth + 1) for v in x[:SHOWN_ENTRIES]]
    if isinstance(x, Mapping) and depth < 6:
        return {shown_text(str(k)): _plain(v, depth + 1) for k, v in list(x.items())[:SHOWN_ENTRIES]}
    return shown_text(str(x) if isinstance(x, str) else f"a {type(x).__name__}")


def shown_text(text: str) -> str:
    """Return a text as a result holds it: of at most 4,000 characters, and without half a surrogate pair."""
    text = text.encode("utf-8", "replace").decode()  # half a surrogate pair has no place in JSON
    return text if len(text) <= SHOWN_TEXT else text[: SHOWN_TEXT - 1] + "…"
