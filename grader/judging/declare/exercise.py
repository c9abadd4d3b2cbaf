"""How an exercise is declared: exercise, checks, mistakes, variants; and what the judge says: verdicts.

The bank (``grader.bank``) is written in these words and nothing else. An exercise names its model answer and
does not hold it: the answer is looked up in ``reference`` only when it is needed, so that the public
part works where ``reference`` is not installed.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from grader.errors import BankError
from grader.judging.declare.drives import Drive, direct
from grader.judging.declare.inputs import Input

__all__ = [
    "Check",
    "Counterexample",
    "Diagnosis",
    "Exercise",
    "Kind",
    "Law",
    "Mistake",
    "Status",
    "Unit",
    "Variant",
    "Verdict",
    "Visibility",
    "contract",
    "example",
    "gradient",
    "law",
    "value",
]

Status = Literal[
    "passed", "wrong", "raised", "timed_out", "crashed", "missing", "not_attempted", "skipped", "grader_error"
]
Kind = Literal["contract", "example", "value", "gradient", "law"]
Visibility = Literal["public", "hidden"]
Law = Callable[..., Any]
"""``law(run, inputs)`` yields pairs (left, right) that are equal for every right answer. ``run(**changes)`` asks
the student's function at ``inputs`` with some of them changed and returns its outputs by name."""
F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Check:
    """One predicate worth points. ``output`` restricts it to one named output."""

    name: str
    kind: Kind
    points: float = 0.0
    visibility: Visibility = "hidden"
    describe: str = ""
    output: str | None = None
    law: Law | None = None


def contract(points: float = 0.0) -> Check:
    """Shapes and dtypes are as documented, and the same question gets the same answer twice."""
    return Check("contract", "contract", points, "public", "shapes, dtype, the same answer twice")


def example(points: float = 0.0) -> Check:
    """Agrees with the worked examples that students are given."""
    return Check("example", "example", points, "public", "agrees with the worked examples")


def value(points: float, output: str | None = None) -> Check:
    """Agrees with the model answer within rounding; for one of several outputs, if ``output`` names it."""
    name = "value" if output is None else f"value:{output}"
    what = "the answer" if output is None else output
    return Check(name, "value", points, "hidden", f"{what} agrees with the model answer within rounding", output)


def gradient(points: float, output: str | None = None) -> Check:
    """Agrees with the numerical slope of the student's own forward pass (or loss); one gradient of several, if named."""
    name = "gradient" if output is None else f"gradient:{output}"
    what = "it" if output is None else output
    return Check(name, "gradient", points, "public", f"{what} agrees with the slope of your own forward pass", output)


def law(name: str, statement: str, of: Law, points: float = 0.0) -> Check:
    """A relation that every right answer satisfies; it earns nothing alone."""
    return Check(f"law:{name}", "law", points, "public", statement, law=of)


@dataclass(frozen=True)
class Mistake:
    """A named wrong answer, with what to say to the student who made it."""

    name: str
    text: str
    answer: Callable[..., Any]


@dataclass(frozen=True)
class Variant:
    """A second answer that is accepted, with a policy's name as the note."""

    note: str
    answer: Callable[..., Any]


@dataclass(frozen=True)
class Exercise:
    """One function to hand in.

    Args:
        name: unit and function, ``layers.relu_backward``; the model answer is ``reference.<unit>.<function>``.
        inputs: what its cases are drawn from, by name, in the order of the call.
        outputs: names of what it returns; ``d<input>`` marks the gradient for that input.
        checks: what it is worth; points of the exercise are their sum.
        drive: how answers are obtained from inputs; the default calls the function once.
        pair: the forward pass (short name) that this backward pass belongs to.
        kinks: the function has points without a derivative, where any subgradient passes.
        regimes: the battery, if some regimes make no sense for it.
        tails: entries are judged against the largest of the array, or this if it is larger, with the note
            ``precision`` where that was needed; 0: each entry against itself.
        slack: from the inputs, what to add to the rounding bound (units as the bound, broadcast to each output), where
            equal formulas differ in their tails: ``|dout|`` for a slope that saturates.
        tolerance: for a question with a number: the relative error that is accepted.

    """

    name: str
    inputs: Mapping[str, Input]
    outputs: tuple[str, ...]
    checks: tuple[Check, ...]
    drive: Drive = direct
    pair: str | None = None
    kinks: bool = False
    regimes: tuple[str, ...] = ("randn", "odd", "large", "small", "offset", "ties")
    tails: float = 0.0
    slack: Callable[[Mapping[str, Any]], Any] | None = None
    tolerance: float | None = None
    _mistakes: list[Mistake] = field(default_factory=list, repr=False, compare=False)
    _variants: list[Variant] = field(default_factory=list, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.name.count(".") != 1:
            raise BankError(f"{self.name}: an exercise is named unit.function")
        if not any(check.kind == "value" for check in self.checks):
            raise BankError(f"{self.name}: without a value check nothing can be earned")
        names = [check.name for check in self.checks]
        if len(set(names)) != len(names):
            raise BankError(f"{self.name}: two checks have one name in {names}")
        for check in self.checks:
            if check.output is not None and check.output not in self.outputs:
                raise BankError(f"{self.name}: check {check.name} is of no output; there are {', '.join(self.outputs)}")

    @property
    def unit(self) -> str:
        """The unit's name."""
        return self.name.partition(".")[0]

    @property
    def function(self) -> str:
        """The function's own name."""
        return self.name.partition(".")[2]

    @property
    def points(self) -> float:
        """What the exercise is worth."""
        return sum(check.points for check in self.checks)

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """The declared mistakes, in the order of their declaration."""
        return tuple(self._mistakes)

    @property
    def variants(self) -> tuple[Variant, ...]:
        """Other answers that are accepted with a note."""
        return tuple(self._variants)

    def mistake(self, text: str) -> Callable[[F], F]:
        """Declare a wrong answer: the function's name is the mistake's, ``text`` is what the student reads."""

        def declare(answer: F) -> F:
            self._mistakes.append(Mistake(answer.__name__, text, answer))
            return answer

        return declare

    def accepts(self, note: str) -> Callable[[F], F]:
        """Declare another answer that passes, with the policy ``note`` written beside it."""

        def declare(answer: F) -> F:
            self._variants.append(Variant(note, answer))
            return answer

        return declare

    def answer(self) -> Callable[..., Any]:
        """The model answer.

        Raises:
            BankError: ``reference`` is not installed here, or has no such function.

        """
        return model(self.name)

    @property
    def model_text(self) -> Any:
        """The model answer if it is installed, else the student's stub of it, else None: for prompts."""
        for room in ("reference", "exercises"):
            try:
                return getattr(importlib.import_module(f"{room}.{self.unit}"), self.function)
            except (ImportError, AttributeError):
                continue
        return None

    @property
    def prompt(self) -> str:
        """What is asked: the docstring of the model answer."""
        return inspect.getdoc(self.model_text) or ""

    @property
    def signature(self) -> str:
        """``relu_backward(dout, cache)``."""
        found = self.model_text
        if found is None:
            return f"{self.function}(...)"
        names = [
            p.name if p.default is p.empty else f"{p.name}={p.default!r}"
            for p in inspect.signature(found).parameters.values()
        ]
        return f"{self.function}({', '.join(names)})"


def model(name: str) -> Callable[..., Any]:
    """The model answer of an exercise by its full name.

    Raises:
        BankError: ``reference`` is not installed here, or has no such function.

    """
    unit, _, function = name.partition(".")
    try:
        found = getattr(importlib.import_module(f"reference.{unit}"), function)
    except (ImportError, AttributeError) as error:
        raise BankError(f"{name}: no model answer reference.{unit}.{function} ({error})") from None
    return found  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Unit:
    """A chapter of the course: its exercises in the order in which they are taught."""

    name: str
    number: int
    title: str
    exercises: tuple[Exercise, ...]

    def __post_init__(self) -> None:
        names = [exercise.name for exercise in self.exercises]
        for name in names:
            if not name.startswith(self.name + "."):
                raise BankError(f"{name} is declared in unit {self.name}")
        if len(set(names)) != len(names):
            raise BankError(f"unit {self.name} declares an exercise twice")

    @property
    def points(self) -> float:
        """What the unit is worth as an assignment."""
        return sum(exercise.points for exercise in self.exercises)


@dataclass(frozen=True)
class Counterexample:
    """An input that shows the fault: by name what was put in, expected and got; ``worst`` locates one entry."""

    inputs: Mapping[str, Any] = field(default_factory=dict)
    expected: Mapping[str, Any] = field(default_factory=dict)
    got: Mapping[str, Any] = field(default_factory=dict)
    worst: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Diagnosis:
    """What explains the rejected answers: ``exact`` reproduces each of them to 1e-9."""

    mistake: str
    text: str
    certainty: Literal["exact", "evidence"] = "exact"


@dataclass(frozen=True)
class Verdict:
    """The outcome of one check."""

    check: Check
    status: Status
    message: str = ""
    notes: tuple[str, ...] = ()
    counterexample: Counterexample | None = None
    diagnosis: Diagnosis | None = None
