"""Questions at the end of a notebook, and predictions before a cell is run: functions without arguments that return the answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

from grader.judging import Exercise, Personal, value

__all__ = ["prediction", "question"]


def question(
    name: str,
    wrong: Mapping[Any, str],
    points: float = 1,
    *,
    several: bool = False,
    tolerance: float | None = None,
    personal: Personal | None = None,
) -> Exercise:
    """Declare a question: a function without arguments that returns a letter, letters, a number, or pairs of letters.

    Args:
        name: unit and function.
        wrong: by answer the text for a student who gives it: a letter, letters as one string, a number, or the pairs of a matching
            as ``"a2 b1"`` (the model answer is then the dict ``{"a": "1", "b": "2"}``).
        points: for the right answer.
        several: the answer is a list of letters.
        tolerance: the relative error of a number that is accepted.
        personal: what of it is drawn for each student.

    """
    return _asked(name, wrong, points, several, tolerance, "question", personal)


def prediction(
    name: str,
    wrong: Mapping[Any, str],
    points: float = 1,
    *,
    several: bool = False,
    tolerance: float | None = None,
    personal: Personal | None = None,
) -> Exercise:
    """Declare a prediction: a :func:`question` that is answered before the cell that shows the answer is run."""
    return _asked(name, wrong, points, several, tolerance, "prediction", personal)


def _asked(
    name: str,
    wrong: Mapping[Any, str],
    points: float,
    several: bool,
    tolerance: float | None,
    form: Literal["question", "prediction"],
    personal: Personal | None,
) -> Exercise:
    exercise = Exercise(name, {}, ("answer",), (value(points),), tolerance=tolerance, form=form, personal=personal)
    for answer, text in wrong.items():
        exercise.mistake(text)(_answering(answer, several))
    return exercise


def _answering(answer: Any, several: bool) -> Callable[[], Any]:
    def answers() -> Any:
        if isinstance(answer, str) and " " in answer:
            return {pair[:1]: pair[1:] for pair in answer.split()}
        return list(answer) if several else answer

    answers.__name__ = f"answers_{answer}".replace(" ", "_")
    return answers
