"""The order in which drivers take submissions, and what becomes of those whose process dies."""

from __future__ import annotations

from concurrent.futures import BrokenExecutor, Executor, Future

from grader.grading.drivers import grade_by_many
from grader.grading.one import Settings
from grader.grading.queue import Queue
from grader.runtime import resolve
from grader.submission import Submission


def of_units(*units: str | None) -> list[Submission]:
    return [Submission(f"s{number}", f"s{number}.ipynb", None, unit) for number, unit in enumerate(units)]


def taken(queue: Queue, *turns: int) -> list[int | None]:
    return [queue.take(driver) for driver in turns]


def test_a_driver_keeps_to_its_unit_while_others_wait() -> None:
    """Rejects the order of the files, in which each driver makes the cases of every unit."""
    queue = Queue(["mlp", "layers", "mlp", "layers", "graphs", "mlp", None])
    assert taken(queue, 0, 1, 1, 0, 1, 0, 0, 0) == [0, 1, 3, 2, 4, 5, 6, None]


def test_drivers_share_a_unit_when_no_other_is_left() -> None:
    """Rejects a driver that is idle because each unit has one already."""
    queue = Queue(["mlp", "layers", "layers", "layers", "layers"])
    assert taken(queue, 0, 1, 0, 1, 0, 1) == [1, 0, 2, 3, 4, None]
    assert taken(Queue(["mlp", "mlp", "mlp"]), 0, 1, 2, 0) == [0, 1, 2, None]


def test_a_submission_that_is_put_back_is_the_next() -> None:
    """Rejects one that is lost with the driver that died on it."""
    queue = Queue(["mlp", "mlp", "mlp"])
    assert taken(queue, 0, 1) == [0, 1]
    queue.put_back(1)
    assert taken(queue, 1, 0, 1) == [1, 2, None]


def test_an_executor_that_breaks_costs_no_submission_its_result() -> None:
    """Rejects a class whose results are all lost with one process, and a submission that has none."""

    class Breaks(Executor):
        def submit(self, *_: object, **__: object) -> Future[object]:  # type: ignore[override] - asked once, for anything
            future: Future[object] = Future()
            future.set_exception(BrokenExecutor("died"))
            return future

    found = dict(grade_by_many(of_units("mlp", "layers"), Settings(resolve("none")), 1, Breaks()))
    assert {index: (g.result.assignment, g.result.needs_person, g.result.graded) for index, g in found.items()} == {
        0: ("mlp", True, False),
        1: ("layers", True, False),
    }
