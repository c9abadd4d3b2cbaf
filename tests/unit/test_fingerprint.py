"""Fingerprints: alike answers have one, whatever their last digits; unlike ones have two; what did not come back has none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from unit.made_grades import a_result

from grader.bank import catalogue
from grader.judging import Bench, Chain, Exercise, Failure, Judge, Lost, Raised, Reply, Trial
from grader.judging.checks.fingerprint import fingerprint
from grader.shown import Rule, Rules, may_see
from grader.student import LocalAnswers

BACKWARD = catalogue().exercise("layers.affine_backward")


@pytest.fixture(scope="module")
def bench() -> Bench:
    return Bench(catalogue().unit("layers").exercises, drawn=3)


def trials(bench: Bench, answer: Callable[..., Any], exercise: Exercise = BACKWARD) -> list[Trial]:
    """Put a backward pass to the cases, with the cache that the stub documents."""
    return [
        Trial(case, tuple(answer(case.inputs["dout"], (case.inputs["x"], case.inputs["w"], case.inputs["b"]))))
        for case in bench.cases(exercise)
    ]


def right(dout: Any, cache: Any) -> tuple[Any, ...]:
    x, w, _ = cache
    return (dout @ w.T).reshape(x.shape), x.reshape(len(x), -1).T @ dout, dout.sum(axis=0)


def averages_db(dout: Any, cache: Any) -> tuple[Any, ...]:
    dx, dw, db = right(dout, cache)
    return dx, dw, db / len(dout)


def averages_db_in_another_way(dout: Any, cache: Any) -> tuple[Any, ...]:
    dx, dw, _ = right(dout, cache)
    return dx, dw, np.ones(len(dout)) / len(dout) @ dout  # other last digits


def halves_db(dout: Any, cache: Any) -> tuple[Any, ...]:
    dx, dw, db = right(dout, cache)
    return dx, dw, db / 2


def averages_dw(dout: Any, cache: Any) -> tuple[Any, ...]:
    dx, dw, db = right(dout, cache)
    return dx, dw / len(dout), db


def test_rounding_separates_nobody(bench: Bench) -> None:
    first, second = (trials(bench, answer) for answer in (averages_db, averages_db_in_another_way))
    bytes_of = [[trial.outputs[2].tobytes() for trial in each] for each in (first, second)]
    assert bytes_of[0] != bytes_of[1], "they do round differently somewhere"
    assert fingerprint(first) == fingerprint(second)


def test_all_right_answers_have_one(bench: Bench) -> None:
    def also_right(dout: Any, cache: Any) -> tuple[Any, ...]:
        dx, dw, _ = right(dout, cache)
        return dx, dw, np.ones(len(dout)) @ dout

    assert fingerprint(trials(bench, right)) == fingerprint(trials(bench, also_right))


def test_other_answers_have_others(bench: Bench) -> None:
    answers = (right, averages_db, halves_db, averages_dw)
    assert len({fingerprint(trials(bench, answer)) for answer in answers}) == len(answers)


@pytest.mark.parametrize("factor", [1 + 1e-5, -1.0, 1e3, np.nan, np.inf, -np.inf, 0.0])
def test_a_factor_on_one_output_shows(bench: Bench, factor: float) -> None:
    def scaled(dout: Any, cache: Any) -> tuple[Any, ...]:
        dx, dw, db = averages_db(dout, cache)
        with np.errstate(invalid="ignore"):  # 0 times inf
            return dx, dw, db * factor

    assert fingerprint(trials(bench, scaled)) != fingerprint(trials(bench, averages_db))


def test_round_numbers_lie_on_no_border(bench: Bench) -> None:
    """125/64 has seven digits and ends in 5: rounded to six it would be a matter of the last bit."""

    def answer(off: float) -> Callable[..., tuple[Any, ...]]:
        def constant(dout: Any, cache: Any) -> tuple[Any, ...]:
            dx, dw, db = right(dout, cache)
            return dx, dw, np.full_like(db, 125 / 64 * (1 + off))

        return constant

    found = {fingerprint(trials(bench, answer(off))) for off in (0.0, 2e-16, -2e-16, 5e-15)}
    assert len(found) == 1


def test_what_did_not_come_back_has_none(bench: Bench) -> None:
    cases = bench.cases(BACKWARD)[:3]
    raised = Failure(Raised("ValueError", "at 0x7f"), 0)
    lost = Failure(Lost("timed_out", "it ran for 2 s"), 0)
    assert fingerprint([Trial(case, failure=raised) for case in cases]) is None
    some = trials(bench, averages_db)
    assert fingerprint([*some[:2], Trial(cases[2], failure=lost)]) is None, "another run would be cut elsewhere"


def test_the_type_of_an_error_counts_and_not_its_message(bench: Bench) -> None:
    some, case = trials(bench, averages_db)[:2], bench.cases(BACKWARD)[2]

    def ending(kind: str, message: str) -> str | None:
        return fingerprint([*some, Trial(case, failure=Failure(Raised(kind, message), 0))])

    assert ending("ValueError", "at 0x7f") == ending("ValueError", "at 0x8f") is not None
    assert ending("ValueError", "") != ending("TypeError", "")


class Counting(LocalAnswers):
    """Plain functions that count how many chains of calls they are asked for."""

    asked = 0

    def put(self, chains: Sequence[Chain]) -> Iterator[tuple[Reply, ...]]:
        self.asked += len(chains)
        return super().put(chains)


def judged(bench: Bench, function: Callable[..., Any]) -> tuple[Judge, Counting]:
    answers = Counting({"relu_forward": function})
    judge = Judge(answers, bench)
    judge.verdicts(catalogue().exercise("layers.relu_forward"))
    return judge, answers


def test_nothing_more_is_asked_for_it(bench: Bench) -> None:
    judge, answers = judged(bench, lambda x: (np.abs(x), x))
    before = answers.asked
    found = judge.fingerprint(catalogue().exercise("layers.relu_forward"))
    assert found is not None
    assert len(found) == 32
    assert answers.asked == before > 0
    again, _ = judged(bench, lambda x: (np.sqrt(x * x), x))
    assert again.fingerprint(catalogue().exercise("layers.relu_forward")) == found


def test_two_answers_to_one_question_have_none(bench: Bench) -> None:
    calls: list[int] = []

    def moody(x: Any) -> Any:
        calls.append(1)
        return np.maximum(x, 0) + len(calls), x

    judge, _ = judged(bench, moody)
    assert judge.fingerprint(catalogue().exercise("layers.relu_forward")) is None


def test_what_was_never_judged_has_none(bench: Bench) -> None:
    judge, _ = judged(bench, lambda x: (x, x))
    assert judge.fingerprint(BACKWARD) is None


def test_shown_results_do_not_have_it() -> None:
    """It rests on all cases: two who compare theirs would learn how hidden checks ended."""
    result = a_result()
    item = replace(result.items[0], fingerprint="ab" * 16)
    result = replace(result, items=[item])
    shown = may_see(result, Rules({"": Rule(default="full")}), datetime.now(UTC))
    assert shown.items[0].fingerprint is None
    assert shown.items[0].checks == item.checks
