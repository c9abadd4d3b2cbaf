"""What grading costs beside running the notebook: a bare nbclient run, Gradmark on the same notebook, and the judge alone.

Prints a table, and as its last line ``{"benchmark": "grading", "figures": {...}}``. CPU is that of this process and its children,
start-up of the benchmark excluded; every figure is the median of the rounds, which take turns so that drift meets all alike.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
from nbclient import NotebookClient
from nbformat import read, write
from nbformat.v4 import new_code_cell, new_notebook

from grader.bank import catalogue
from grader.grading.many import Options, grade_paths
from grader.judging.asking.answers import Call, Returned
from grader.judging.cases.bench import Bench
from grader.judging.checks.judge import Judge
from grader.judging.declare.exercise import model
from grader.runtime.life.session import Session
from grader.runtime.limits import Limits
from grader.student.answers import LocalAnswers

NAMES = ("relu_forward", "relu_backward", "affine_forward", "affine_backward")
CALLS = 2000


def notebook(folder: Path) -> Path:
    """A small right notebook: ReLU and affine layer, with one cell that prints."""
    source = (Path(__file__).parents[1] / "reference" / "layers.py").read_text(encoding="utf-8")
    cells = [
        new_code_cell(source, id="answers"),
        new_code_cell("print(relu_forward(np.arange(-2.0, 3.0))[0])", id="look"),
    ]
    path = folder / "06_layers.ipynb"
    write(new_notebook(cells=cells), path)
    return path


def cpu() -> float:
    """CPU seconds of this process and of its children that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in used)


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """CPU and wall milliseconds of one piece of work."""
    before, started = cpu(), time.perf_counter()
    work()
    return 1e3 * (cpu() - before), 1e3 * (time.perf_counter() - started)


def bare(path: Path) -> None:
    """The notebook on a stock kernel by nbclient, nothing graded."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        NotebookClient(read(path, as_version=4), kernel_name="python3", timeout=60).execute()


def graded(path: Path) -> None:
    """The same notebook, executed and its thirty exercises judged."""
    (result,) = grade_paths([path], Options(jobs=1, assignment="layers"))
    assert result.score == result.max_score


def judged(functions: dict[str, Callable[..., object]], bench: Bench) -> Callable[[], object]:
    """The judge alone, on functions of this process."""
    exercises = [catalogue().exercise(f"layers.{name}") for name in NAMES]

    def work() -> None:
        judge = Judge(LocalAnswers(functions), bench)
        for exercise in exercises:
            judge.verdicts(exercise)

    return work


def call_microseconds(path: Path) -> float:
    """Wall microseconds of one call over the wire, a (4, 6) array each way."""
    from grader.bank.stubs import stub_source
    from grader.submission import collect

    units = {u.name: frozenset(e.function for e in u.exercises) for u in catalogue().units.values()}
    (submission,) = collect(path, "layers", units, {name: stub_source(name) for name in units})
    x = np.ones((4, 6))
    with Session(submission, Limits()) as session:
        started = time.perf_counter()
        for _ in range(CALLS):
            assert isinstance(session.call(Call("layers.relu_forward", (x,))), Returned)
        return 1e6 * (time.perf_counter() - started) / CALLS


def main() -> None:
    """Run all rounds and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    right = {e.function: model(e.name) for e in catalogue().unit("layers").exercises}
    wrong = {**right, "relu_backward": lambda dout, _: dout * (dout > 0), "affine_backward": wrong_affine}
    bench = Bench(catalogue().unit("layers").exercises)
    with tempfile.TemporaryDirectory() as folder:
        path = notebook(Path(folder))
        works: dict[str, Callable[[], object]] = {
            "nbclient": lambda: bare(path),
            "gradmark": lambda: graded(path),
            "judge_right": judged(right, bench),
            "judge_wrong": judged(wrong, bench),
        }
        for work in works.values():
            work()  # once uncounted: imports, cases, caches
        taken = {name: [] for name in works}  # type: dict[str, list[tuple[float, float]]]
        for _ in range(rounds):
            for name, work in works.items():
                taken[name].append(timed(work))
        call = call_microseconds(path)
    figures: dict[str, float] = {}
    for name, pairs in taken.items():
        figures[f"{name}_cpu_ms"] = round(statistics.median(p[0] for p in pairs), 1)
        figures[f"{name}_wall_ms"] = round(statistics.median(p[1] for p in pairs), 1)
        print(f"{name:12s} {figures[f'{name}_cpu_ms']:8.1f} ms CPU {figures[f'{name}_wall_ms']:8.1f} ms wall")
    figures["gradmark_over_nbclient"] = round(
        statistics.median(g[0] / n[0] for g, n in zip(taken["gradmark"], taken["nbclient"], strict=True)), 2
    )
    figures["call_us"] = round(call, 1)
    print(f"one call over the wire {call:.0f} µs; {figures['gradmark_over_nbclient']} times the CPU of nbclient")
    print(json.dumps({"benchmark": "grading", "figures": figures}))


def wrong_affine(dout: np.ndarray, cache: tuple[np.ndarray, ...]) -> tuple[np.ndarray, ...]:
    """The bias gradient averaged."""
    x, w, _ = cache
    return (dout @ w.T).reshape(x.shape), x.reshape(len(x), -1).T @ dout, dout.mean(axis=0)


if __name__ == "__main__":
    main()
