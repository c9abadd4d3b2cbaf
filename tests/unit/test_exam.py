"""A mock exam: which exercises are whose, what cannot be had, the paper itself, and whose paper somebody handed in."""

from __future__ import annotations

import ast
import itertools
import json
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from functools import cache

import nbformat
import pytest
from exams import cells_of, solved

from grader.bank import catalogue
from grader.bank.forms import backward_pass, forward_pass
from grader.errors import UsageError
from grader.exam import FORMS, Exam, ExamAsked, Group, Papers, groups_of, make_exam, settings_of
from grader.judging import Unit, array
from grader.release import paper
from grader.release.prompts import as_markdown, mentioned

CLASS = [f"student{number}" for number in range(25)]


def exam_of(points: float = 40, seed: int = 7, units: object = (), forms: object = (), salt: str = "salt") -> Exam:
    bank = catalogue().units
    asked = ExamAsked(points=points, seed=seed, units=units, forms=forms)  # type: ignore[arg-type]  # lists and tables
    return make_exam(settings_of(asked, list(bank)), bank, salt)


@cache
def forty() -> Exam:
    return exam_of()


def profile(exam: Exam, student: str) -> Counter[tuple[str, str, float]]:
    """Count what a paper has: the unit, the exact form and the points of each exercise."""
    known = {e.name: e for unit in catalogue().units.values() for e in unit.exercises}
    return Counter((known[name].unit, known[name].form, known[name].points) for name in exam.of(student))


# ---------------------------------------------------------------------------------------- the draw
def test_everybody_has_exactly_these_points_from_the_same_units_in_the_same_forms() -> None:
    """Rejects a draw of each student's own, in which one has eight predictions and another a backward pass."""
    profiles = {student: profile(forty(), student) for student in CLASS}
    assert all(sum(points * n for (*_, points), n in one.items()) == 40 for one in profiles.values())
    assert all(one == profiles[CLASS[0]] for one in profiles.values())


def test_two_students_get_different_papers_and_one_always_the_same() -> None:
    """Rejects one paper for all, and a draw that depends on the time, on the process, or on who was drawn before."""
    drawn = {student: forty().of(student) for student in CLASS}
    assert len(set(drawn.values())) == len(CLASS)
    again = exam_of()
    assert {student: again.of(student) for student in reversed(CLASS)} == drawn


@pytest.mark.parametrize("other", [{"seed": 8}, {"salt": "another"}, {"salt": ""}])
def test_another_seed_or_salt_is_another_exam(other: dict[str, object]) -> None:
    """Rejects a draw from the id alone: with the bank at hand a student would know their paper beforehand."""
    changed = exam_of(**other)  # type: ignore[arg-type]
    assert changed.of("ada") != forty().of("ada")
    assert changed.mark != forty().mark


def test_the_points_are_spread_over_the_units() -> None:
    """Rejects an exam that takes all its points from wherever the draw began."""
    of_unit = Counter[str]()
    for (unit, _, points), number in profile(forty(), "ada").items():
        of_unit[unit] += points * number  # type: ignore[assignment]
    assert set(of_unit) == set(catalogue().units)
    assert max(of_unit.values()) - min(of_unit.values()) <= 4


def test_shares_are_met_exactly() -> None:
    exam = exam_of(20, units={"layers": "60%", "mlp": ""}, forms={"question": 4, "function": ""})
    found = profile(exam, "ada")
    points = {unit: sum(p * n for (u, _, p), n in found.items() if u == unit) for unit in ("layers", "mlp")}
    assert points == {"layers": 12, "mlp": 8}
    assert sum(p * n for (_, form, p), n in found.items() if form == "question") == 4
    assert {form for _, form, _ in found} <= {"question", "function", "forward pass", "backward pass", "loss"}


def test_a_backward_pass_comes_with_its_forward_pass_and_a_class_as_a_whole() -> None:
    """Rejects a backward pass alone, whose cache nobody fills, and a Dual that is to add and has no products."""
    known = {e.name: e for unit in catalogue().units.values() for e in unit.exercises}
    for seed, student in itertools.product(range(6), ("ada", "ben")):
        names = set(exam_of(60, seed).of(student))
        for name in names:
            pair = known[name].pair
            assert pair is None or f"{known[name].unit}.{pair}" in names
            asked = {e.name for e in known.values() if e.target == known[name].target}
            assert asked <= names


def test_no_two_functions_of_a_paper_share_a_name() -> None:
    """Rejects graphs' and mlp's ``question_same_function`` in one notebook, of which the one takes the other's place."""
    names = [e.function for unit in catalogue().units.values() for e in unit.exercises]
    assert "question_same_function" in names
    shared = 0
    for seed in range(12):
        exam = exam_of(14, seed, ["graphs", "reverse_mode", "mlp"], ["question", "prediction"])
        drawn = [name for group in exam.groups_for("ada") for name in group.functions]
        assert len(drawn) == len(set(drawn))
        shared += "question_same_function" in drawn
    assert shared


def test_what_builds_on_a_class_that_others_ask_for_is_not_drawn() -> None:
    """Rejects ``jvp`` on a paper without ``Dual``: it is called with the student's own."""
    names = {name for group in groups_of(catalogue().units, ["forward_mode"], FORMS) for name in group.names}
    assert "forward_mode.dual_sums" in names
    assert not names & {"forward_mode.jvp", "forward_mode.derivative", "forward_mode.jacobian_by_columns"}
    assert {
        "forward_mode.prediction_maximum",
        "forward_mode.babylonian_root",
    } <= names  # the one by hand, the other as one likes


def test_a_pair_is_one_group_whichever_is_declared_first() -> None:
    forward = forward_pass("twice.double_forward", {"x": array("N", "D")})
    backward = backward_pass("twice.double_backward", {"x": array("N", "D")}, ("N", "D"))
    for exercises in ((forward, backward), (backward, forward)):
        (group,) = groups_of({"twice": Unit("twice", 99, "Twice", exercises)}, ["twice"], FORMS)
        assert set(group.names) == {forward.name, backward.name}
    assert groups_of({"twice": Unit("twice", 99, "Twice", (backward,))}, ["twice"], FORMS) == []


# ---------------------------------------------------------------------------------- what cannot be had
@pytest.mark.parametrize(
    ("points", "units", "forms", "says"),
    [
        (39.25, (), (), "39.25 points cannot be had exactly: the nearest totals are 39 and 39.5"),
        (400, ["layers"], (), "all that there is comes to 9"),
        (3, ["layers"], ["test to write"], "3 points cannot be had: the nearest total is 4"),
        (40, ["layers", "mlp"], {"prediction": 30, "function": ""}, "30 points of form prediction cannot be had: all that"),
        (40, {"layers": 3.25, "mlp": ""}, (), "3.25 points of unit layers cannot be had exactly: the nearest totals are 3 and 4"),
        (40, {"layers": 30}, (), "the shares of units add up to 30, and the exam has 40 points"),
        (40, {"layers": "70%", "mlp": "70%"}, (), "the shares of units add up to 56"),
        (40, {"layers": "much"}, (), "layers among the units has the share 'much'"),
        (40, ["layer"], (), "there is no unit 'layer', did you mean 'layers'?"),
        (40, (), ["predictoins"], "there is no form 'predictoins', did you mean 'prediction'?"),
        (0, (), (), "more than 0 points"),
        (float("nan"), (), (), "more than 0 points"),
    ],
)  # fmt: skip
def test_what_cannot_be_had_is_refused_with_what_is_near(
    points: float, units: object, forms: object, says: str
) -> None:
    """Rejects an exam that is nearly of these points, and a search without an end."""
    with pytest.raises(UsageError) as refused:
        exam_of(points, units=units, forms=forms)
    assert says in str(refused.value)


def test_points_that_are_thirds_add_up() -> None:
    """Rejects sums of floats, by which three thirds are no point."""
    third = Group(("u.a",), frozenset({"a"}), "u", "function", (("function", Fraction(1, 3)),))
    groups = [Group((f"u.{n}",), frozenset({n}), "u", "function", third.parts) for n in "abcd"]
    from grader.exam.blueprint import blueprints
    from grader.lots import lot

    settings = settings_of(ExamAsked(points=1, units=["u"], forms=["function"]), ["u"])
    assert next(blueprints(settings, groups, lot("", "", ""))) == {third.kind: 3}


# ------------------------------------------------------------------------------------------- the paper
def test_a_paper_is_a_whole_notebook_with_stubs_in_cells_and_nothing_of_a_checker() -> None:
    text = paper(forty(), "ada", title="Mid-term")
    nbformat.validate(nbformat.reads(text, as_version=4))
    cells = cells_of(text)
    assert cells[0].startswith("# Mid-term\n\n**40 points**")
    assert "the paper of ada" in cells[0]
    code = cells_of(text, "code")
    defined = [n.name for cell in code for n in ast.parse(cell).body if isinstance(n, (ast.FunctionDef, ast.ClassDef))]
    assert sorted(defined) == sorted({f for group in forty().groups_for("ada") for f in group.functions})
    assert not any("check(" in cell or "grader" in cell for cell in code)
    assert json.loads(text)["metadata"]["gradmark"] == {"student": "ada", "exam": {"points": 40, "seed": 7}}


@pytest.mark.parametrize("seed", range(4))
def test_every_name_of_a_paper_is_defined_or_asked_for(seed: int) -> None:
    """Rejects a stub whose data, type or helper was left in the unit's module."""
    exam = exam_of(60, seed, forms=list(FORMS))
    space: dict[str, object] = {}
    for cell in cells_of(paper(exam, "ada"), "code"):
        exec(compile(cell, "paper", "exec"), space)
    for group in exam.groups_for("ada"):
        assert group.functions <= space.keys()


def test_a_prompt_says_what_another_exercise_says_that_it_speaks_of() -> None:
    """Rejects "arguments as of ``mlp_forward``" on a paper that has no ``mlp_forward``."""
    exam = next(e for seed in range(99) if "mlp.layer_scales" in (e := exam_of(6, seed, ["mlp"])).of("ada"))
    said = next(
        cell for cell in cells_of(paper(exam, "ada"), "markdown") if "`layer_scales` " in cell and "###" in cell
    )
    assert "> `mlp_forward(x, weights, activation)`" in said
    assert "Multilayer perceptron with biases inside the weights" in said


def test_a_solved_paper_keeps_its_cells_and_has_no_stub_left() -> None:
    text = solved(paper(forty(), "ada"))
    assert not any("NotImplementedError" in cell for cell in cells_of(text, "code"))
    assert len(cells_of(text)) == len(cells_of(paper(forty(), "ada")))


@pytest.mark.parametrize(
    ("prompt", "shown"),
    [
        ("Return x * y * z, x_i and a ** 2.", r"Return x \* y \* z, x\_i and a \*\* 2."),
        ("**There is a fault. Find it.** Then x * 2", r"**There is a fault. Find it.** Then x \* 2"),
        ("``cost(a_b)`` and `b`", "`cost(a_b)` and `b`"),
        ("Choose.\n\n(a) one\n(b) two\nReturn a letter.", "Choose.\n\n(a) one  \n(b) two  \nReturn a letter."),
        ("(a) one   (b) two\n(c) three", "(a) one  \n(b) two  \n(c) three"),
        ("one\ntwo", "one\ntwo"),
        ("<script>alert(1)</script>", r"\<script\>alert(1)\</script\>"),
        ("# no heading", r"\# no heading"),
        ("- no list", r"\- no list"),
    ],
)
def test_a_prompt_is_shown_as_it_is_written(prompt: str, shown: str) -> None:
    assert as_markdown(prompt) == shown


def test_what_a_prompt_speaks_of() -> None:
    names = ("cost", "add_vjp", "Dual", "predict")
    assert mentioned("``cost(x)`` predicts; shapes as for add_vjp", names) == {"cost", "add_vjp"}
    assert mentioned("a cost, Duals, predict", names) == set()
    assert mentioned("f is called with a Dual", names) == {"Dual"}


# ----------------------------------------------------------------------------------------- whose it is
def functions(exam: Exam, student: str) -> list[str]:
    return [name for group in exam.groups_for(student) for name in group.targets]


def test_anothers_paper_is_told_and_the_students_own_is_not() -> None:
    papers = Papers(forty(), CLASS)
    assert papers.told("student1", functions(forty(), "student1")) == ""
    assert papers.told("student1", functions(forty(), "student2")).startswith("this is the paper of student2; of the ")


def test_a_paper_of_another_seed_is_told() -> None:
    said = Papers(forty(), CLASS).told("student1", functions(exam_of(seed=6), "student1"))
    assert said.startswith("this is the student's paper of seed 6; ")


@pytest.mark.parametrize("there", [[], ["layers.relu_forward"], ["mlp.cost", "graphs.evaluate", "optimizers.constant"]])
def test_few_functions_that_have_a_name_of_the_bank_accuse_nobody(there: Sequence[str]) -> None:
    """Rejects "this is the paper of Ben" of whoever calls a helper ``cost``."""
    assert Papers(forty(), CLASS).told("student1", there) == ""
    own = functions(forty(), "student1")
    assert Papers(forty(), CLASS).told("student1", [*own, *there]) == ""
    assert Papers(forty(), CLASS).told("student1", [*own[: len(own) // 2 + 1], *there]) == ""
