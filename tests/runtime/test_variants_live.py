"""Personal variants with real kernels: a class whose members hand in each other's work, graded, cached and told."""

from __future__ import annotations

from pathlib import Path

import pytest
from samples import LIMITS

from grader.bank import Whose, catalogue, personal_stub, unit_for
from grader.batch import AgainSink, Asked, BookSink, Local, find_work, pieces_again, run
from grader.course import read_course, read_plans
from grader.gradebook import Gradebook
from grader.grading import Options, Settings, grade_paths
from grader.marking import regraded
from grader.result import ItemResult, Result
from grader.runtime import resolve
from grader.submission import find

pytestmark = pytest.mark.slow

SALT = "autumn"
ASKED = "linear_models.prediction_softmax_at_zero", "linear_models.prediction_hinge_at_zero"
COURSE = f'salt = "{SALT}"\nvariants = true\nroster = "roster.csv"\n[assignment.hw1]\nexercises = {list(ASKED)}\n'


def solved(student: str, salt: str = SALT) -> str:
    """Return the module of a student who answers right, to the variant that is theirs."""
    whose = Whose(student, salt)
    unit = unit_for("linear_models", whose)
    answers = [f"def {e.function}():\n    return {e.answer()()!r}" for e in unit.exercises if e.name in ASKED]
    return "\n\n\n".join([personal_stub("linear_models", whose), *answers])


def of(result: Result) -> list[ItemResult]:
    return [item for item in result.items if item.exercise in ASKED]


@pytest.fixture
def handed_in(tmp_path: Path) -> Path:
    """Ada answers her own; Ben hands in her bytes, Cem those of the exercise as it is declared, and Dan nothing but his stub."""
    texts = {"ada": solved("ada"), "ben": solved("ada"), "cem": solved("cem", "")}
    texts["dan"] = personal_stub("linear_models", Whose("dan", SALT))
    for student, text in texts.items():
        (tmp_path / "subs" / student / "exercises").mkdir(parents=True)
        (tmp_path / "subs" / student / "exercises" / "linear_models.py").write_text(text)
    (tmp_path / "gradmark.toml").write_text(COURSE)
    (tmp_path / "roster.csv").write_text("id,name\n" + "".join(f"{name},{name.title()}\n" for name in texts))
    return tmp_path


def test_an_answer_counts_for_whom_it_is_right_and_the_grader_is_told_whose_it_is(handed_in: Path) -> None:
    ada, ben, cem, dan = (handed_in / "subs" / name for name in ("ada", "ben", "cem", "dan"))
    options = Options("linear_models", limits=LIMITS, jobs=1, variants=SALT, roster=("ada", "ben", "cem", "dan"))
    results = grade_paths([ada, ben, cem, dan], options)
    assert [[(i.status, i.fits) for i in of(result)] for result in results] == [
        [("passed", "")] * 2,
        [("wrong", "fits the variant of ada")] * 2,
        [("wrong", "fits the exercise as it is declared, which is nobody's variant")] * 2,
        [("not_attempted", "")] * 2,
    ]
    # Named at grading time, the folder's own name says nothing of whose work it is; what stands in the files never does.
    named = Options("linear_models", limits=LIMITS, jobs=1, student="ada", variants=SALT, roster=("ada", "ben"))
    (result,) = grade_paths([ben], named)
    assert [i.status for i in of(result)] == ["passed", "passed"]
    (result,) = grade_paths(
        [ada], Options("linear_models", limits=LIMITS, jobs=1, variants=SALT, roster=("ben", "cem"))
    )
    assert "graded by the variants of 'ada', an id that is not in the roster" in result.notes
    (result,) = grade_paths([cem], Options("linear_models", limits=LIMITS, jobs=1))
    assert [i.status for i in of(result)] == ["passed", "passed"]  # a course without variants asks what is declared
    assert result.notes == []


def test_a_class_is_graded_by_variants_and_graded_again_by_the_same(handed_in: Path) -> None:
    course, subs = read_course(handed_in / "gradmark.toml"), [handed_in / "subs"]
    roster = course.variant_roster
    settings = Settings(resolve("auto"), limits=LIMITS, executed=False, variants=course.variant_salt, roster=roster)
    local = Local(settings, jobs=1)
    with Gradebook.open(handed_in / "gradebook.db", create=True) as book:
        pieces = find_work(Asked(paths=subs, course=course, assignment="hw1")).pieces
        run(pieces, local, BookSink(book, "ta"))
        scores = {a.student: sum(r.score for r in a.results) for a in book.attempts()}
        assert scores == {"ada": 2, "ben": 0, "cem": 0, "dan": 0}  # the bytes of Ada and Ben are the same
        assert run(pieces, local, BookSink(book, "ta")).graded == 0
        sink, attempts = AgainSink(book, personal=True), book.attempts()
        (again,) = pieces_again(attempts, find(subs).hand_ins, read_plans(course, catalogue()), catalogue()).values()
        assert run(again, local, sink).exercises == 0  # all items are kept, each under its student
        pairs = regraded(attempts, sink.results)
        assert {pair.before.student: sum(r.score for r in pair.after.results) for pair in pairs} == scores
        other = Settings(resolve("auto"), limits=LIMITS, executed=False, variants="spring", roster=roster)
        assert run(pieces, Local(other, jobs=1), BookSink(book, "ta")).graded == 4  # another salt, other variants
