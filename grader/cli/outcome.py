"""The outcome of a run: which results count, and the exit code that they give."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.result import Result

__all__ = ["counting", "exit_code", "left_out_line"]


def counting(results: Sequence[Result]) -> tuple[list[Result], list[Result]]:
    """Divide results into those that count, and those of units that nobody touched, beside others of the same submission.

    A repository may hold the stubs of all units while its author works on one: the others are no failure of theirs. Of a submission
    in which nothing at all is attempted every result counts.
    """
    begun = {_submission(result) for result in results if not _untouched(result)}
    left_out = [_untouched(result) and _submission(result) in begun for result in results]
    return (
        [result for result, out in zip(results, left_out, strict=True) if not out],
        [result for result, out in zip(results, left_out, strict=True) if out],
    )


def _untouched(result: Result) -> bool:
    return result.graded and not result.needs_person and "nothing_attempted" in result.notes


def _submission(result: Result) -> str:
    return result.submission.sha256 or result.submission.id


def left_out_line(left_out: Sequence[Result]) -> str:
    """Return which results were left out, in a sentence: units of one submission by name, of several their number."""
    units = ", ".join(dict.fromkeys(result.assignment or "?" for result in left_out))
    submissions = len({_submission(result) for result in left_out})
    where = "" if submissions == 1 else f" in {submissions} submissions"
    return f"not begun, and left out of the score that decides{where}: {units}"


def exit_code(results: Sequence[Result], fail_under: float | None) -> int:
    """Return the exit code of the worst outcome among results: 4 before 3 before 1 before 0."""
    if any(r.needs_person for r in results):
        return 4
    if not all(r.graded for r in results):
        return 3
    # Seven of ten is not below 70 per cent, whatever floats make of it.
    if fail_under is not None and any(100 * r.score < fail_under * r.max_score - 1e-9 for r in results):
        return 1
    return 0
