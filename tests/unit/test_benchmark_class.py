"""The class of ``benchmarks/class.py``: the same for everyone, mixed as promised, and right where it says so."""

from __future__ import annotations
import __future__

import hashlib
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest
from class_of_300.pieces import UNITS, asked
from class_of_300.questions import TESTED, cells
from class_of_300.strata import Costs
from class_of_300.students import KINDS, Submission, a_class, notebook_of, sampled, strata_of, stratum
from sampled import one_in

from grader.bank import catalogue
from grader.judging import Bench, Judge, points
from grader.student import LocalAnswers

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
SIZE = 40 * len(UNITS)
DIGEST = """\
import hashlib, sys
sys.path.append(sys.argv[1])
from class_of_300.questions import TESTED
from class_of_300.students import a_class
print(hashlib.sha256(b"".join(s.notebook for s in a_class(40, seed=7, units=TESTED))).hexdigest())
"""


@pytest.fixture(scope="module")
def students() -> list[Submission]:
    return a_class(SIZE)


def executed(submission: Submission) -> dict[str, Any]:
    """Run the cells; as in a notebook, what a cell imports from the future holds in those after it."""
    names: dict[str, Any] = {"__name__": "student"}
    flags = 0
    for source in submission.sources:
        exec(compile(source, f"<{submission.name}>", "exec", flags, dont_inherit=True), names)
        if "from __future__ import annotations" in source:
            flags = __future__.annotations.compiler_flag
    return names


def failed(submission: Submission) -> set[str]:
    """The exercises whose test cell fails."""
    found = set()
    for exercise, code in cells(submission.unit).items():
        try:
            with np.errstate(all="ignore"):
                exec(code, executed(submission))
        except Exception:
            found.add(exercise)
    return found


def test_the_same_seed_gives_the_same_bytes_in_any_process_and_another_seed_others() -> None:
    ours = hashlib.sha256(b"".join(s.notebook for s in a_class(40, seed=7, units=TESTED))).hexdigest()
    for salt in ("1",):
        run = subprocess.run(
            [sys.executable, "-c", DIGEST, str(ROOT / "benchmarks")],
            env={**os.environ, "PYTHONHASHSEED": salt}, capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert run.stdout.strip() == ours
    assert a_class(40, seed=7, units=TESTED) != a_class(40, seed=8, units=TESTED)


def test_six_in_ten_are_right_three_wrong_one_broken_and_as_many_in_each_unit(students: list[Submission]) -> None:
    shares = {"right": 6, "wrong": 3, "broken": 1}
    assert Counter((s.kind, s.unit) for s in students) == {(k, u): 4 * shares[k] for k in KINDS for u in UNITS}
    assert len({s.notebook for s in students}) == SIZE
    assert {len(s.wrong) for s in students if s.kind == "wrong"} == {1, 2, 3, 4}
    assert {s.wrong for s in students if s.kind != "wrong"} == {()}
    ways = {unit: {s.shows for s in stratum(students, "broken", unit)} for unit in UNITS}
    assert {unit: len(shown) for unit, shown in ways.items()} == {u: 4 if u in TESTED else 3 for u in UNITS}


def test_a_class_of_two_units_breaks_in_every_way_of_the_sample_class() -> None:
    two = a_class(300, units=TESTED)
    assert Counter(s.unit for s in two) == dict.fromkeys(TESTED, 150)
    assert len({s.shows for s in sampled(two, 9) if s.kind == "broken"}) == 12


def test_a_notebook_is_named_as_in_the_course() -> None:
    assert {notebook_of(unit) for unit in UNITS} <= {path.name for path in (ROOT / "notebooks").glob("*.ipynb")}


def test_every_notebook_that_is_not_broken_runs_and_answers_every_exercise(students: list[Submission]) -> None:
    for submission in students:
        if submission.kind != "broken":
            names = executed(submission)
            assert all(callable(names.get(name)) for name in asked(submission.unit)), submission.name
            notebook = nbformat.reads(submission.notebook.decode(), as_version=4)
            assert [c.source for c in notebook.cells if c.cell_type == "code"] == list(submission.sources)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_the_right_are_right_and_the_wrong_at_fault_where_it_says_so() -> None:
    students = a_class(40, units=TESTED)
    at_fault = {s.name: failed(s) for s in students if s.kind != "broken"}
    assert not any(at_fault[s.name] for s in students if s.kind == "right")
    wrong = [s for s in students if s.kind == "wrong"]
    caught = [s for s in wrong if at_fault[s.name] & set(s.wrong)]
    assert len(caught) > 0.7 * len(wrong), "a test cell lets some wrong answers pass, but not most"


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("unit", one_in(5, (unit for unit in UNITS if unit not in TESTED)))
def test_pieces_that_were_never_together_are_judged_right_together(students: list[Submission], unit: str) -> None:
    asked_for = catalogue().unit(unit).exercises
    for submission in stratum(students, "right", unit)[:1]:
        judge = Judge(LocalAnswers(executed(submission), source="\n".join(submission.sources)), Bench(asked_for))
        assert [e.name for e in asked_for if points(judge.verdicts(e)) != e.points] == [], submission.shows


def test_the_sample_has_every_stratum_and_each_way_to_be_broken(students: list[Submission]) -> None:
    sample = sampled(students, 9)
    counts = {(kind, unit): len(stratum(sample, kind, unit)) for kind, unit in strata_of(students)}
    assert all(counts["right", unit] == 3 and counts["wrong", unit] == 2 for unit in UNITS)
    for unit in UNITS:
        assert len({s.shows for s in stratum(sample, "broken", unit)}) == counts["broken", unit] == 3 + (unit in TESTED)
        assert len({s.shows for s in stratum(sample, "right", unit)}) > 1, "from the gallery alone, and with a base"


def test_what_a_class_costs_is_each_kind_by_its_share_and_the_start_once(students: list[Submission]) -> None:
    each = {f"{kind}_{unit}": 100.0 for kind, unit in strata_of(students)}
    nothing, starts = dict.fromkeys(UNITS, 0.0), dict.fromkeys(UNITS, 600.0)
    assert Costs(each, nothing).of_a_class(students) == pytest.approx(100)
    assert Costs({**each, "broken_layers": 1100.0}, starts).of_a_class(students) == pytest.approx(
        100 + 1000 * 4 / SIZE + 600 / SIZE
    )
