"""Sentences for students on what a check found: the place, what was expected, what came."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from grader.judging import Case, Exercise, Failure, Finding, GraphPicture, Illegible, Lost, Match, Raised, Refused

__all__ = [
    "at_case",
    "counted_names",
    "entry_names",
    "failure_sentence",
    "inconstant_sentence",
    "number",
    "picture_words",
    "untried_sentence",
    "wrong_sentence",
]

REGIMES = {
    "randn": "ordinary inputs",
    "odd": "an unusual shape",
    "large": "large inputs",
    "small": "small inputs",
    "offset": "inputs far from 0",
    "ties": "integers, with ties and zeros",
    "integers": "small integers",
}
UNTRIED = {
    "missing": "there is no function {function}: was it renamed?",
    "not_attempted": "not attempted",
    "cache_needed": "write {pair} first: its cache is needed here",
    "slope_needed": "write {pair} first: this check takes its slope",
    "slope_undecided": "its slope could not be estimated at any of the inputs tried",
    "no_example": "there is no worked example of it here",
    "no_source": "the source of {function} cannot be read",
    "no_case": "there is no case to try it on",
}
NUMBERS = 6
"""More numbers than this are not written out beside a message."""
FRAME = re.compile(r"^ *File .*, line \d+, in (\w{1,60})$", re.MULTILINE)
HEIRS = 6
"""More steps than this that inherit a fault are not named."""


def at_case(case: Case) -> str:
    """Name a case: its regime and the shapes of its arrays; of a few numbers these."""
    numbers = {name: x for name, x in case.inputs.items() if type(x) in (int, float)}
    if 0 < len(numbers) == len(case.inputs) <= NUMBERS:
        return ", ".join(f"{name} = {number(x)}" for name, x in numbers.items())
    shapes = [f"{name} {_shape(v)}" for name, v in case.inputs.items() if isinstance(v, np.ndarray) and v.ndim]
    return ", ".join([_regime(case), *shapes]) if case.inputs else "the question"


def _regime(case: Case) -> str:
    """Name the regime of a case, as far as it holds of its inputs: some of them may be drawn in another way."""
    arrays = [v for v in case.inputs.values() if isinstance(v, np.ndarray)]
    numbers = [v for v in case.inputs.values() if type(v) in (int, float)]
    if case.regime == "odd" and not any(v.ndim for v in arrays):
        return REGIMES["randn"]
    whole = all(np.all(np.floor(v) == v) for v in (*arrays, *numbers) if np.asarray(v).dtype.kind == "f")
    if case.regime in ("integers", "ties") and not whole:
        return "inputs with ties and zeros" if case.regime == "ties" else REGIMES["randn"]
    return REGIMES[case.regime]


def _shape(x: Any) -> str:
    return "×".join(map(str, x.shape))


def number(x: Any) -> str:
    """Write a number with six digits, NaN and infinities by name."""
    return f"{float(x) + 0.0:.6g}"  # and never -0


def wrong_sentence(exercise: Exercise, case: Case, output: int, found: Match, beside: str = "") -> str:
    """Say what is wrong with one output of a case, and what there is to say ``beside`` it."""
    name = exercise.outputs[output]
    if case.expected is not None and isinstance(case.expected[output].value, Finding):
        return found.message or f"{name} is not as it must be"
    if not exercise.inputs:
        return "that is not the answer" + (f": {found.message}" if found.message else "")
    if found.worst is not None and found.got is not None:
        assert case.expected is not None
        expected = case.expected[output].value[found.worst]
        got = found.got[found.worst]
        if (known := counted_names(case)) and len(found.worst) == 1:
            held = f"{name} holds {known[found.worst[0]]!r} {_times(got)}, it must hold it {_times(expected)}"
            return f"{held}{beside} ({at_case(case)})"
        place = f"{name}[{', '.join(map(str, found.worst))}]" if found.worst else name
        if (names := entry_names(case)) and len(found.worst) == 1:
            place = f'{name}["{names[found.worst[0]]}"]'
        shown, wanted = number(got), number(expected)
        if shown == wanted:
            shown, wanted = repr(float(got)), repr(float(expected))
        return f"{place} is {shown}, it must be {wanted}{beside} ({at_case(case)})"
    return f"{name}: {found.message or 'it is not the right value'}{beside} ({at_case(case)})"


def entry_names(case: Case) -> tuple[str, ...]:
    """Return the names of the entries of an output that is read from a dict; none of any other."""
    return tuple(map(str, _given(case, "of")))


def counted_names(case: Case) -> tuple[str, ...]:
    """Return the names of which outputs tell how often a list holds each; none where they are of another kind."""
    return tuple(map(str, _given(case, "known")))


def _given(case: Case, what: str) -> Sequence[Any]:
    """Return the names by which a value is read into an output, if it is read so."""
    return getattr(case.plan(documented=False).read, "given", {}).get(what) or ()


def _times(number: float) -> str:
    return "once" if number == 1 else f"{number:g} times"


def picture_words(picture: GraphPicture, output: str) -> str:
    """Name the first step of a graph that is wrong, where it is not the output itself, and those that are wrong for its sake."""
    if not picture.wrong:
        return ""
    if any(step.name == output for step in picture.steps) and picture.wrong != output:
        said = f"; the first step that is wrong is {picture.wrong}"
        said += f": with it put right {output} is right too" * (output in picture.inherited)
        return said + f": {output} is wrong even with it put right" * (output in picture.still_wrong)
    last = picture.steps[-1].name  # where it is this one, nothing is known of those before it
    said = f"; the first step that is wrong is {picture.wrong}" if picture.wrong not in (output, last) else ""
    heirs = picture.inherited
    if heirs and len(heirs) <= HEIRS:
        said += f"; {', '.join(heirs)} {'inherits' if len(heirs) == 1 else 'inherit'} its fault"
    return said


def failure_sentence(exercise: Exercise, case: Case, failure: Failure) -> str:
    """Say why a case brought no outputs; a traceback follows on lines of its own."""
    where = at_case(case)
    match failure.reply:
        case Lost(_, reason):
            return f"{reason} ({where})"
        case Raised(kind, message, traceback, importing=importing) if importing:
            return f"{importing} could not be imported: {kind}: {message}\n{traceback}".strip()
        case Raised(kind, message, traceback):
            return f"{exercise.function}{_method(exercise, traceback)} raised {kind}: {message} ({where})\n{traceback}".strip()
        case Illegible(reason):
            return reason
        case Refused(reason):
            return f"{exercise.function}: {reason} ({where})"
        case sentence:
            return f"{sentence} ({where})" if exercise.inputs else str(sentence)


def _method(exercise: Exercise, traceback: str) -> str:
    """Return the method of a class in which an error was raised, by the traceback's own frames: the innermost that is one."""
    if exercise.form != "object":
        return ""
    methods = [name for name in FRAME.findall(traceback) if name.startswith("__") and name.endswith("__")]
    return f".{methods[-1]}" if methods else ""


def inconstant_sentence(exercise: Exercise, case: Case, after: str) -> str:
    """Say that the same question got another answer."""
    if after == "cache":
        return f"after another call of {exercise.pair} the same cache gave another answer: what it needs must be in the cache"
    if after == "upstream":
        above = " and ".join(exercise.upstream)
        return (
            f"the same arguments gave another answer after a call with another {above} and the same cache: "
            "something is kept from it"
        )
    return (
        f"the same arguments gave another answer later ({at_case(case)}): "
        "something is kept between calls, or drawn at random"
    )


def untried_sentence(exercise: Exercise, reason: str) -> str:
    """Say why there was nothing to put a check to."""
    return UNTRIED[reason].format(function=exercise.function, pair=exercise.pair)
