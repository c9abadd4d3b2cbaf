"""The class of ``benchmarks/class.py``: the same for everyone, mixed as promised, and right where it says so."""

from __future__ import annotations

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
from class_of_300.pieces import UNITS, exercises
from class_of_300.questions import cells
from class_of_300.strata import Costs
from class_of_300.students import KINDS, STRATA, Submission, a_class, sampled, stratum

pytestmark = pytest.mark.slow
BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
SIZE = 300
DIGEST = """\
import hashlib, sys
sys.path.append(sys.argv[1])
from class_of_300.students import a_class
print(hashlib.sha256(b"".join(s.notebook for s in a_class(40, seed=7))).hexdigest())
"""


@pytest.fixture(scope="module")
def students() -> list[Submission]:
    return a_class(SIZE)


def executed(submission: Submission) -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "student"}
    for source in submission.sources:
        exec(compile(source, f"<{submission.name}>", "exec", dont_inherit=True), names)
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
    ours = hashlib.sha256(b"".join(s.notebook for s in a_class(40, seed=7))).hexdigest()
    for salt in ("1", "2"):
        run = subprocess.run(
            [sys.executable, "-c", DIGEST, str(BENCHMARKS)],
            env={**os.environ, "PYTHONHASHSEED": salt}, capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert run.stdout.strip() == ours
    assert a_class(40, seed=7) != a_class(40, seed=8)


def test_six_in_ten_are_right_three_wrong_one_broken_and_half_in_each_unit(students: list[Submission]) -> None:
    shares = {"right": 6, "wrong": 3, "broken": 1}
    assert Counter((s.kind, s.unit) for s in students) == {(k, u): SIZE * shares[k] // 20 for k in KINDS for u in UNITS}
    assert len({s.notebook for s in students}) == SIZE
    assert {len(s.wrong) for s in students if s.kind == "wrong"} == {1, 2, 3, 4}
    assert {s.wrong for s in students if s.kind != "wrong"} == {()}
    assert len({s.shows for s in students if s.kind == "broken"}) == 12


def test_every_notebook_that_is_not_broken_runs_and_answers_every_exercise(students: list[Submission]) -> None:
    for submission in students:
        if submission.kind != "broken":
            names = executed(submission)
            assert all(callable(names.get(name)) for name in exercises(submission.unit)), submission.name
            notebook = nbformat.reads(submission.notebook.decode(), as_version=4)
            assert [c.source for c in notebook.cells if c.cell_type == "code"] == list(submission.sources)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_the_right_are_right_and_the_wrong_at_fault_where_it_says_so(students: list[Submission]) -> None:
    at_fault = {s.name: failed(s) for s in students[:40] if s.kind != "broken"}
    assert not any(at_fault[s.name] for s in students[:40] if s.kind == "right")
    wrong = [s for s in students[:40] if s.kind == "wrong"]
    caught = [s for s in wrong if at_fault[s.name] & set(s.wrong)]
    assert len(caught) > 0.7 * len(wrong), "a test cell lets some wrong answers pass, but not most"


def test_the_sample_has_every_stratum_and_each_way_to_be_broken(students: list[Submission]) -> None:
    sample = sampled(students, 10)
    counts = {(kind, unit): len(stratum(sample, kind, unit)) for kind, unit in STRATA}
    assert all(counts["right", unit] == 9 and counts["wrong", unit] == 5 for unit in UNITS)
    assert len({s.shows for s in sample if s.kind == "broken"}) == 12


def test_what_a_class_costs_is_each_kind_by_its_share_and_the_start_once(students: list[Submission]) -> None:
    each = {f"{kind}_{unit}": 100.0 for kind, unit in STRATA}
    assert Costs(each, 0.0).of_a_class(students) == pytest.approx(100)
    assert Costs({**each, "broken_layers": 1100.0}, 600.0).of_a_class(students) == pytest.approx(100 + 1000 / 20 + 2)
