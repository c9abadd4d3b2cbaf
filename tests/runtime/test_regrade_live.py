"""A regrade with real kernels: what was graded wrongly is graded right, and what is known is not graded again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from samples import LIMITS

from grader.bank import catalogue
from grader.batch import AgainSink, Asked, BookSink, Local, find_work, pieces_again, run
from grader.course import read_course, read_plans
from grader.gradebook import Gradebook
from grader.grades import Attempt
from grader.grading import Settings
from grader.marking import regraded
from grader.result import ItemResult
from grader.runtime import resolve
from grader.submission import find

pytestmark = pytest.mark.slow

COURSE = 'roster = "roster.csv"\n[assignment.hw1]\nexercises = ["layers.relu_forward", "layers.relu_backward"]\n'
RIGHT = """\
import numpy as np

def relu_forward(x):
    return np.maximum(x, 0), x

def relu_backward(dout, cache):
    return dout * (cache > 0)
"""
WRONG = RIGHT.replace("cache > 0", "dout > 0")


def accused(attempt: Attempt) -> Attempt:
    """Return an attempt as a bank graded it that rejects every backward pass."""

    def item(of: ItemResult) -> ItemResult:
        if of.exercise == "layers.relu_forward":
            return of
        checks = [replace(check, status="wrong", score=0.0) for check in of.checks]
        return replace(of, status="wrong", score=0.0, checks=checks)

    results = tuple(replace(r, items=[item(of) for of in r.items]) for r in attempt.results)
    return replace(attempt, results=tuple(replace(r, score=sum(i.score for i in r.items)) for r in results))


def test_what_a_bank_rejected_wrongly_is_right_after_a_regrade(tmp_path: Path) -> None:
    (tmp_path / "gradmark.toml").write_text(COURSE)
    (tmp_path / "roster.csv").write_text("id,login\ns1,ada\ns2,ben\n")
    for login, text in (("ada", RIGHT), ("ben", WRONG)):
        (tmp_path / "subs" / login / "exercises").mkdir(parents=True)
        (tmp_path / "subs" / login / "exercises" / "layers.py").write_text(text)
    course, subs = read_course(tmp_path / "gradmark.toml"), [tmp_path / "subs"]
    local = Local(Settings(resolve("auto"), limits=LIMITS, executed=False), jobs=1)
    with Gradebook.open(tmp_path / "gradebook.db", create=True) as book:
        run(find_work(Asked(paths=subs, course=course)).pieces, local, BookSink(book, "ta"))
        now = {a.student: a for a in book.attempts()}
        book.replace([accused(a) for a in now.values()], by="ta", why="as an older bank would")
        attempts, plans = book.attempts(), read_plans(course, catalogue())
        sink = AgainSink(book)
        (pieces,) = pieces_again(attempts, find(subs).hand_ins, plans, catalogue()).values()
        assert run(pieces, local, sink).exercises == 0  # the batch left its items in the cache, of this very bank
        pairs = {pair.before.student: pair for pair in regraded(attempts, sink.results, "never-lower")}
        assert [(c.exercise, c.kind) for c in pairs["s1"].changes] == [("layers.relu_backward", "fixed")]
        assert [r.items for r in pairs["s1"].after.results] == [r.items for r in now["s1"].results]
        assert pairs["s1"].after.results[0].score == 6
        (change,) = pairs["s2"].changes
        assert (change.kind, change.gained) == ("other", 0)  # as wrong as before, and told otherwise
