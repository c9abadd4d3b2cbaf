"""The choice of questions for one student: wrong answers first, then what passed by a policy, then right work."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, islice

from grader.judging import Bench, Exercise
from grader.result import CheckResult, Counterexample, ItemResult, Result
from grader.viva.questions import Question, Sheet
from grader.viva.right import lines_on, what_if

__all__ = ["sheet"]

MOST, MOST_WRONG = 6, 4
"""The most questions: a printed page, and some ten minutes."""
POLICIES = {
    "subgradient": (
        "At a kink your gradient is not the model answer's, and right all the same. Where is the kink? Which values are right?",
        "Any value between the two one-sided slopes is a subgradient; they name the point and both slopes.",
    ),
    "guard_epsilon": (
        "There is a small constant in your code that is not in the formula. What does it guard against, and what does it cost?",
        "Division by 0 or the logarithm of 0; every value is off by about its size.",
    ),
    "precision": (
        "Your formula loses digits for large or small inputs, where another keeps them. For which inputs, and which is the other?",
        "Cancellation, or log(1 + e^x) for large |x|; log1p, or the largest entry taken out first.",
    ),
    "mutation": (
        "Your function changes one of its arguments. Which line does so, and what happens to a caller who still needs it?",
        "An operation in place (+=, out=, item assignment) on an argument; a copy first.",
    ),
    "follow_through": (
        "This backward pass is right for your own forward pass, which is wrong. How do the two hang together?",
        "The backward pass differentiates what the forward pass computes: they name the fault in the forward pass.",
    ),
}
_CHOICES = ("question", "prediction")
"""The forms of exercises that have no code to speak of."""


def sheet(
    student: str,
    results: Sequence[Result],
    exercises: Mapping[str, Exercise],
    benches: Mapping[str, Bench],
    texts: Mapping[str, str] | None = None,
) -> Sheet:
    """Return the viva sheet of one student.

    Of several questions on right work those come first that the student's name draws, so that neighbours get others; the same
    student always gets the same.

    Args:
        student: their name or id.
        results: of their submission, whole.
        exercises: by full name.
        benches: by unit, the workbench of its exercises.
        texts: by full name their function's text, where it is at hand.

    """
    texts = texts or {}
    items = [item for result in results for item in result.items]
    wrong = list(islice(_wrong(items, exercises, texts), MOST_WRONG))
    policies = list(_policies(items, texts))
    right = _right(student, items, exercises, benches, texts)
    questions = tuple(islice(chain(wrong, policies[:2], right), MOST))
    return Sheet(
        student,
        ", ".join(dict.fromkeys(result.assignment or "" for result in results)),
        sum(result.score for result in results),
        sum(result.max_score for result in results),
        questions,
    )


def _wrong(
    items: Sequence[ItemResult], exercises: Mapping[str, Exercise], texts: Mapping[str, str]
) -> Iterator[Question]:
    """Yield a question for each exercise with a fault: code before choices, faults with a diagnosis and small inputs first."""
    found = []
    for item in items:
        failed = [check for check in item.checks if check.status != "passed"]
        if item.status not in ("wrong", "partial", "raised", "timed_out", "crashed") or not failed:
            continue
        check = min(failed, key=_telling)
        choice = item.exercise in exercises and exercises[item.exercise].form in _CHOICES
        found.append(((choice, *_telling(check), item.exercise), item, check))
    for (choice, *_), item, check in sorted(found, key=lambda entry: entry[0]):
        yield _on_choice(item, check) if choice else _on_fault(item, check, texts.get(item.exercise, ""))


def _on_choice(item: ItemResult, check: CheckResult) -> Question:
    asks = (
        f"Your answer to {item.exercise.partition('.')[2]} is not right. What spoke for it, and what speaks against it?"
    )
    return Question(item.exercise, "wrong", asks, check.diagnosis.text if check.diagnosis is not None else item.message)


def _telling(check: CheckResult) -> tuple[bool, bool, int]:
    example = check.counterexample
    return check.diagnosis is None, example is None, 0 if example is None else len(str(example.inputs))


def _on_fault(item: ItemResult, check: CheckResult, text: str) -> Question:
    name = item.exercise.partition(".")[2]
    example = check.counterexample
    told = check.diagnosis.text if check.diagnosis is not None else (item.message or check.message).partition("\n")[0]
    if example is None or not example.expected:
        inputs = example.inputs if example is not None else {}
        asks = f"{name} did not pass. What does it do, line by line, and where does it leave what was asked?"
        return Question(item.exercise, "wrong", asks, told, inputs, lines=lines_on(text, ""))
    output = _output(example)
    values = {f"{output}, right": example.expected[output], f"{output}, yours": example.got.get(output, "nothing")}
    asks = (
        f"At the inputs below, work out by hand what {name} should return as {output}. What does your code return, and which line"
        " makes the difference?"
    )
    return Question(item.exercise, "wrong", asks, told, example.inputs, values, lines_on(text, output))


def _output(example: Counterexample) -> str:
    said = example.worst.get("output")
    return said if isinstance(said, str) and said in example.expected else next(iter(example.expected))


def _policies(items: Sequence[ItemResult], texts: Mapping[str, str]) -> Iterator[Question]:
    told: set[str] = set()
    for item in items:
        for note in (note for check in item.checks for note in check.notes):
            if note in POLICIES and note not in told:
                told.add(note)
                asks, expect = POLICIES[note]
                yield Question(item.exercise, "policy", asks, expect, lines=lines_on(texts.get(item.exercise, ""), ""))


def _right(
    student: str,
    items: Sequence[ItemResult],
    exercises: Mapping[str, Exercise],
    benches: Mapping[str, Bench],
    texts: Mapping[str, str],
) -> Iterator[Question]:
    """Yield a question an exercise on what passed, in an order that the student's name draws; those with their text first."""
    passed = [exercises[item.exercise] for item in items if item.status == "passed" and item.exercise in exercises]
    asked = [e for e in passed if e.form not in _CHOICES and e.unit in benches]
    asked.sort(key=lambda e: (e.name not in texts, _drawn(student, e.name)))
    for exercise in asked:
        questions = list(islice(what_if(exercise, benches[exercise.unit], texts.get(exercise.name, "")), 4))
        if questions:
            yield questions[_drawn(student, exercise.name) % len(questions)]


def _drawn(student: str, name: str) -> int:
    return zlib.crc32(f"{student}\0{name}".encode("utf-8", "replace"))
