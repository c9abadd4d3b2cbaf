"""The score for a CI: the outputs of a step of GitHub Actions, with names and values that no student chooses, and a line."""

from __future__ import annotations

from collections.abc import Sequence

from grader.report import percent, points
from grader.result import Result

__all__ = ["OUTPUTS", "outputs", "score_line"]

OUTPUTS = ("score", "max_score", "percent", "graded", "needs_person", "passed", "units", "exit_code")
"""The names, which an ``action.yml`` declares."""


def outputs(results: Sequence[Result], exit_code: int, delimiter: str) -> str:
    """Return the text to append to ``$GITHUB_OUTPUT``, each output between lines of a delimiter.

    Args:
        results: those that count; their points are added up.
        exit_code: of the command.
        delimiter: a text that nobody can guess.

    """
    score, most = _sums(results)
    values = {
        "score": points(score),
        "max_score": points(most),
        "percent": points(100 * score / most) if most else "0",
        "graded": _word(bool(results) and all(r.graded for r in results)),
        "needs_person": _word(any(r.needs_person for r in results)),
        "passed": _word(exit_code == 0),
        "units": ",".join(dict.fromkeys(r.assignment for r in results if r.assignment)),
        "exit_code": str(exit_code),
    }
    assert tuple(values) == OUTPUTS
    assert not any(delimiter in value for value in values.values())
    return "".join(f"{name}<<{delimiter}\n{value}\n{delimiter}\n" for name, value in values.items())


def score_line(results: Sequence[Result]) -> str:
    """Return the line with the score: ``gradmark: 14 of 20 points (70 %)``."""
    score, most = _sums(results)
    return f"gradmark: {points(score)} of {points(most)} points ({percent(score, most)})"


def _sums(results: Sequence[Result]) -> tuple[float, float]:
    return sum(r.score for r in results), sum(r.max_score for r in results)


def _word(value: bool) -> str:
    return "true" if value else "false"
