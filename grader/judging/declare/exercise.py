"""The declaration of an exercise: its checks, mistakes and variants.

The bank (``grader.bank``) is written in these words and nothing else. An exercise names its model answer and
does not hold it: the answer is looked up in ``reference`` only when it is needed, so that the public
part works where ``reference`` is not installed.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from types import FrameType
from typing import Any, Literal, TypeVar

import numpy as np

from grader.errors import BankError
from grader.judging.declare.answers import GUARDS, Mistake, Variant
from grader.judging.declare.check import Check
from grader.judging.declare.drives import Asked, Drive, Plan, direct, forward, returned
from grader.judging.declare.inputs import Input
from grader.judging.declare.personal import Personal, bound
from grader.judging.declare.picture import PictureOf
from grader.judging.declare.places import Axes, Invariant, misdeclared

__all__ = ["DECLARED", "Exercise", "Form", "Mistake", "Variant", "model"]

F = TypeVar("F", bound=Callable[..., Any])
Form = Literal[
    "function",
    "forward pass",
    "backward pass",
    "loss",
    "object",
    "higher order",
    "graph",
    "formula",
    "vectorise",
    "training",
    "planted fault",
    "test to write",
    "prediction",
    "question",
]
"""The kinds of things that are handed in; ``grader.bank.forms`` has a helper for each."""

DECLARED: dict[str, dict[str, Exercise]] = {}
"""By module of the bank the exercises that it declared, by name: also those that no unit lists, which would be forgotten."""
OURS = "reference"
FORMS = ("grader.judging", "grader.bank.forms")
"""The modules that make declarations, of which none is where one stands."""


@dataclass(frozen=True)
class Exercise:
    """One function, class, graph, formula or answer to hand in.

    Args:
        name: unit and exercise, ``layers.relu_backward``; the model answer is ``reference.<unit>.<function>``.
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
        derived: the drive makes the outputs from what the function returns; nothing is told of them but declared mistakes.
        arranged: an adapter arranges the outputs: nothing is told of their rows, columns and other places.
        upstream: of a backward pass the inputs that are upstream gradients, one for each output of its forward pass, in order.
        tolerance: for a question with a number: the relative error that is accepted.
        form: what kind of thing is handed in (``Form``).
        picture: of an exercise whose answer is a graph, how it is shown.
        asks: the function or class that the student writes, where it is not called as the exercise is: one class may be asked
            for in several exercises.
        places: the names of each output's axes, outermost first, by output: where an answer is wrong is told in them.
        invariants: what holds of every right answer and can be seen without one; the first that an answer breaks is told.
        planted: the declared mistake whose body stands in the stub, to be found and mended.
        personal: what of it is drawn for each student, where a course has personal variants.
        values: of a variant what was drawn; nothing of the exercise as it is declared.
        homes: the packages that hold the unit's model answers, the first that has one before others; without being told that of
            the declaring bank, and ``reference``.
        where: the file and the line of the declaration, ``file:line``; found without being told.

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
    derived: bool = False
    arranged: bool = False
    upstream: tuple[str, ...] = ("dout",)
    tolerance: float | None = None
    form: Form = "function"
    picture: PictureOf | None = None
    asks: str | None = None
    places: Mapping[str, Axes] = field(default_factory=dict)
    invariants: tuple[Invariant, ...] = ()
    planted: str | None = None
    personal: Personal | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    homes: tuple[str, ...] = field(default=(), repr=False, compare=False)
    where: str = field(default="", repr=False, compare=False)
    _mistakes: list[Mistake] = field(default_factory=list, repr=False, compare=False)
    _variants: list[Variant] = field(default_factory=list, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.where:
            module, where = _declaration()
            object.__setattr__(self, "where", where)  # frozen, for all but its own making
            object.__setattr__(self, "homes", self.homes or _homes(module))
            DECLARED.setdefault(module, {})[self.name] = self
        at = f"{self.where}: {self.name}"
        if self.name.count(".") != 1:
            raise BankError(f"{at}: an exercise is named unit.function")
        if not any(check.kind == "value" for check in self.checks):
            raise BankError(f"{at}: without a value check nothing can be earned")
        names = [check.name for check in self.checks]
        if len(set(names)) != len(names):
            raise BankError(f"{at}: two checks have one name in {names}")
        for check in self.checks:
            if check.output is not None and check.output not in self.outputs:
                raise BankError(f"{at}: check {check.name} is of no output; there are {', '.join(self.outputs)}")
        if said := misdeclared(self.outputs, self.places, self.invariants):
            raise BankError(f"{at}: {said}")

    @property
    def unit(self) -> str:
        """Return the unit's name."""
        return self.name.partition(".")[0]

    @property
    def short(self) -> str:
        """Return the exercise's name without the unit's."""
        return self.name.partition(".")[2]

    @property
    def function(self) -> str:
        """Return the short name of the function or class that the student writes."""
        return self.asks or self.short

    @property
    def target(self) -> str:
        """Return the full name of the function or class that the student writes, as calls name it."""
        return f"{self.unit}.{self.function}"

    @property
    def is_of_one_student(self) -> bool:
        """Return True if it is a variant with a right answer of its own, and not only with another fault in the stub."""
        return any(name != "planted" for name in self.values)

    @property
    def points(self) -> float:
        """Return the points that the exercise is worth; a third of a point ten times over adds up to whole ones."""
        return round(sum(check.points for check in self.checks), 9)

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """Return the declared mistakes, in the order of their declaration."""
        return tuple(self._mistakes)

    @property
    def variants(self) -> tuple[Variant, ...]:
        """Return the other answers that are accepted with a note."""
        return tuple(self._variants)

    def mistake(
        self, text: str, *, carries: bool = True, from_model: bool = False, hidden: str = ""
    ) -> Callable[[F], F]:
        """Declare a wrong answer: its function's name is the mistake's, ``text`` is what the student reads (:class:`Mistake`).

        With ``from_model`` the function takes the model answer, often a class, and returns the wrong one. ``hidden`` says why the
        public checks do not show it, if they do not.
        """

        def declare(answer: F) -> F:
            wrong = _spoiled(self, answer) if from_model else answer
            code = getattr(answer, "__code__", None)
            of_a_form = code is None or answer.__module__.startswith(FORMS)  # such as the wrong choices of a question
            where = self.where if of_a_form or code is None else f"{code.co_filename}:{code.co_firstlineno}"
            if any(known.name == answer.__name__ for known in self._mistakes):
                raise BankError(f"{where}: {self.name}: two mistakes are named {answer.__name__}; name each its own")
            self._mistakes.append(Mistake(answer.__name__, text, wrong, carries, hidden, from_model, where))
            return answer

        return declare

    def code_of(self, mistake: Mistake) -> str:
        """Return the code of one of the exercise's mistakes, ``layers.relu_backward/masks_by_upstream``: the name of both.

        It is the same for every variant and seed, and in whatever order mistakes are declared; a name stands for one mistake.
        """
        return f"{self.name}/{mistake.name}"

    def accepts(self, note: str) -> Callable[[F], F]:
        """Declare another answer that passes, with the policy ``note`` written beside it."""

        def declare(answer: F) -> F:
            self._variants.append(Variant(note, answer, answer.__name__))
            return answer

        return declare

    def accepts_guard(self, answer: F) -> F:
        """Declare an answer with a guard ``eps`` that is not in the formula: it passes with each of ``GUARDS``, with a note."""
        for eps in GUARDS:
            guarded = partial(answer, eps=eps)
            self._variants.append(Variant("guard_epsilon", guarded, f"{answer.__name__} {eps:g}"))
        return answer

    def answer(self) -> Callable[..., Any]:
        """Look up the model answer.

        Raises:
            BankError: ``reference`` is not installed here, or has no such function.

        """
        return self.model(self.function)

    def model(self, function: str) -> Callable[..., Any]:
        """Look up the model answer of a function of the exercise's unit: its own, or its pair; errors as :meth:`answer`."""
        return bound(model(f"{self.unit}.{function}", self.homes), self.values)

    def with_values(self, values: Mapping[str, Any]) -> Exercise:
        """Return the exercise as the variant of these values: model answer, mistakes and their texts, and what is planted."""
        personal = self.personal or Personal()
        only = personal.wrong if self.form in ("question", "prediction") else None
        mistakes = [
            replace(m, text=personal.said(m.text, values), answer=_of_variant(m, personal, values))
            for m in self._mistakes
            if (only is None or m.name in only) and m.name not in personal.without
        ]
        planted = values.get("planted", self.planted)
        return replace(self, planted=planted, values=dict(values), _mistakes=mistakes)

    def plan(self, inputs: Mapping[str, Any], cache: Any = None) -> Plan:
        """Plan the calls that obtain the outputs at these inputs.

        Args:
            inputs: by name.
            cache: to be used in place of what the paired forward pass returns; None calls it.

        """
        return self.drive(Asked(self.unit, self.function, self.pair, self.outputs, cache, self.upstream), inputs)

    def forward_plan(self, inputs: Mapping[str, Any]) -> Plan:
        """Plan ``out`` of ``out, cache = forward(...)``, the paired forward pass on the inputs below; of all its outputs."""
        assert self.pair is not None
        return forward(Asked(self.unit, self.pair, None, returned(self.upstream)[:-1]), self.given_below(inputs))

    def given_below(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """Return the inputs without those that are upstream gradients: what the paired forward pass is called with."""
        return {name: value for name, value in inputs.items() if name not in self.upstream}

    def scalar(self, inputs: Mapping[str, Any], outs: Sequence[Any]) -> float:
        """Return the number whose gradient a backward pass is, Σ dout · out over its upstream gradients; of a loss that loss."""
        above = [inputs.get(name, 1.0) for name in self.upstream]
        return float(sum(np.sum(weight * out) for weight, out in zip(above, outs, strict=True)))


def _of_variant(mistake: Mistake, personal: Personal, values: Mapping[str, Any]) -> Callable[..., Any]:
    """Return the wrong answer of a mistake in a variant."""
    if mistake.name in personal.wrong:
        return partial(personal.wrong[mistake.name], **{name: values[name] for name in personal.parameters})
    return bound(mistake.answer, values)


def _spoiled(exercise: Exercise, spoil: Callable[..., Any]) -> Callable[..., Any]:
    """Make a wrong answer from the model answer when it is first called: the bank is read without model answers too."""

    @cache
    def made() -> Callable[..., Any]:
        wrong: Callable[..., Any] = spoil(exercise.answer())
        return wrong

    def answer(*args: Any) -> Any:
        return made()(*args)

    return answer


def model(name: str, homes: Sequence[str] = ("reference",)) -> Callable[..., Any]:
    """Look up the model answer of an exercise by its full name, in the first of the packages ``homes`` that has one.

    Raises:
        BankError: these packages are not installed here, or have no such function.

    """
    unit, _, function = name.partition(".")
    why = ""
    for home in homes:
        try:
            return getattr(importlib.import_module(f"{home}.{unit}"), function)  # type: ignore[no-any-return]
        except (ImportError, AttributeError) as error:
            why = str(error)
    raise BankError(f"{name}: no model answer reference.{unit}.{function} ({why})")


def _homes(module: str) -> tuple[str, ...]:
    """Return the packages of the model answers that a module of a bank declares: a private bank's stand beside it."""
    package, bank, _ = module.partition(".bank.")
    return (f"{package}.{OURS}", OURS) if bank and package != "grader" else (OURS,)


def _declaration() -> tuple[str, str]:
    """Return the module that is declaring an exercise, and the file and line of its declaration: where a helper is called."""
    frame = sys._getframe(2)
    while frame.f_back is not None and _named(frame).startswith(FORMS):
        frame = frame.f_back
    package = _named(frame).rpartition(".")[0]
    calling = frame
    while package and calling.f_code.co_name != "<module>" and calling.f_back and _named(calling).startswith(package):
        calling = calling.f_back
    if _named(calling).startswith(package):
        frame = calling
    return _named(frame), f"{frame.f_code.co_filename}:{frame.f_lineno}"


def _named(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", ""))
