"""Sessions and lifetimes, as far as no process matters: what is put at once, what a loss costs, what is counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import numpy as np
import pytest
from fake_kernel import FakeKernel, FakeSource, die, lose_server

from grader.errors import KernelError
from grader.judging import Call, Chain, Earlier, Lost, Raised, Refused, Reply, Returned
from grader.runtime import Isolation, Limits, Session
from grader.runtime.life import session as sessions
from grader.runtime.life.lifetime import MOST_LOSSES
from grader.submission import Submission

X = np.array([1.0, -2.0])
NONE = Isolation("none", ())
LIMITS = Limits()
CACHE = Earlier(0, 1, ("out", "cache"))
Open = Callable[..., tuple[Session, FakeSource]]


@pytest.fixture
def live() -> Iterator[Open]:
    """Open a session on plain functions; with it comes the source of its kernels."""
    with ExitStack() as stack:

        def make(
            limits: Limits = LIMITS, files: dict[str, bytes] | None = None, attempts: Any = None, **functions: Any
        ) -> tuple[Session, FakeSource]:
            source = FakeSource(functions)
            submission = Submission(
                "ada", "ada", None, "layers", files or {}, attempts=attempts or {}, has_module=bool(files)
            )
            return stack.enter_context(Session(submission, limits, NONE, source=source)), source

        yield make


def chain(*calls: tuple[Any, ...], keep: tuple[int, ...] = (1,)) -> Chain:
    """A chain of calls, each a name and arguments."""
    return Chain(tuple(Call(f"layers.{name}", tuple(args), keep=keep) for name, *args in calls))


def put(session: Session, *chains: Chain) -> list[tuple[Reply, ...]]:
    return list(session.put(chains))


def f(x: np.ndarray) -> tuple[np.ndarray, Any]:
    return np.maximum(x, 0), {"x": x, "opaque": object()}


def b(dout: np.ndarray, cache: Any) -> np.ndarray:
    return dout * (cache["x"] > 0)


# ------------------------------------------------------------------------------------------- chains
def test_a_kept_value_is_handed_on_whatever_it_is(live: Open) -> None:
    session, _ = live(f=f, b=b)
    pair = Chain((Call("layers.f", (X,), keep=(1,)), Call("layers.b", (np.ones(2), CACHE))))
    ((forward, backward),) = put(session, pair)
    assert isinstance(forward, Returned)
    assert isinstance(backward, Returned)
    assert forward.value[1] is None
    assert backward.value.tolist() == [1.0, 0.0]


def test_a_value_that_crossed_is_handed_on_as_a_fresh_copy(live: Open) -> None:
    seen = []

    def step(w: np.ndarray, state: list[int] | None = None) -> tuple[np.ndarray, list[int]]:
        seen.append(w)
        w += 1
        return w, [*(state or []), 1]

    session, _ = live(step=step)
    names = ("next_w", "config")
    calls = [Call("layers.step", (X,), keep=(1,))]
    calls += [Call("layers.step", (Earlier(i, 0, names), Earlier(i, 1, names)), keep=(1,)) for i in range(2)]
    ((one, two, three),) = put(session, Chain(tuple(calls)))
    assert [r.value[0].tolist() for r in (one, two, three) if isinstance(r, Returned)] == [[2, -1], [3, 0], [4, 1]]
    assert len({id(w) for w in seen}) == 3
    assert seen[0].tolist() == [2.0, -1.0], "what a later step changes is not what an earlier one returned"


@pytest.mark.parametrize("returned", [X, (X,), [X, X, X], None, {"out": X, "cache": X}, "ab"])
def test_a_chain_ends_where_an_earlier_value_is_missing(live: Open, returned: Any) -> None:
    session, source = live(f=lambda _: returned, b=b)
    pair = Chain((Call("layers.f", (X,), keep=(1,)), Call("layers.b", (X, CACHE))))
    replies = put(session, pair, chain(("f", X)), pair)
    assert [len(each) for each in replies] == [1, 1, 1]
    assert all(isinstance(reply, Returned) for each in replies for reply in each)
    assert "b" not in source.calls
    assert len(source.started) == 1


def test_a_chain_ends_with_the_first_reply_that_is_no_value(live: Open) -> None:
    def no(_: Any) -> None:
        raise ValueError("no")

    session, source = live(f=f, no=no, odd=lambda _: object())
    first, second, third = put(session, chain(("no", X), ("f", X)), chain(("odd", X), ("f", X)), chain(("f", X)))
    assert isinstance(first[-1], Raised)
    assert isinstance(second[-1], Refused)
    assert isinstance(third[-1], Returned)
    assert (len(first), len(second)) == (1, 1)
    assert source.calls == ["no", "<lambda>", "f"]


def test_long_and_many_chains_come_back_in_order(live: Open) -> None:
    session, source = live(same=lambda x: x)
    chains = [chain(*[("same", float(100 * i + j)) for j in range(1 + 40 * (i % 3))]) for i in range(9)]
    replies = put(session, *chains)
    assert [[r.value for r in each if isinstance(r, Returned)] for each in replies] == [
        [call.args[0] for call in each.calls] for each in chains
    ]
    assert len(source.calls) == sum(len(each.calls) for each in chains), "each call is made once"


def test_a_chain_without_calls_has_no_replies(live: Open) -> None:
    session, _ = live(f=f)
    assert put(session, Chain(())) == [()]
    assert [len(each) for each in put(session, Chain(()), chain(("f", X)), Chain(()), Chain(()))] == [0, 1, 0, 0]


def test_a_new_exercise_seeds_once(live: Open) -> None:
    session, _ = live(draw=lambda: float(np.random.rand()))
    drawn = []
    for _ in range(2):
        session.new_exercise()
        drawn.append([r.value for (r,) in put(session, *[chain(("draw",))] * 3) if isinstance(r, Returned)])
    assert drawn[0] == drawn[1]
    assert len(set(drawn[0])) == 3


def test_a_process_that_says_nonsense_is_lost(live: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says that a chain cannot go on, though it can; or goes on, though it cannot."""
    session, source = live(f=f, b=b, one=lambda x: x)
    pair = Chain((Call("layers.f", (X,), keep=(1,)), Call("layers.b", (X, CACHE))))
    put(session, pair)
    performer = __import__("sys").modules["_gradmark_performer"]
    with monkeypatch.context() as patch:
        patch.setattr(performer, "_arguments", _raising(performer.Cut))
        ((lost,),) = put(session, pair)
    assert lost == Lost("crashed", "the process answered nonsense")
    with monkeypatch.context() as patch:
        patch.setattr(performer, "_arguments", lambda _head, args, _given: args)
        short = Chain((Call("layers.one", (X,)), Call("layers.one", (CACHE,))))
        ((first, lost),) = put(session, short)
    assert isinstance(first, Returned)
    assert lost == Lost("crashed", "the process answered nonsense")
    assert len(source.started) == 2
    assert all(kernel.ended for kernel in source.started)


def _raising(error: type[Exception]) -> Callable[..., Any]:
    def refuse(*_: Any) -> Any:
        raise error

    return refuse


# ------------------------------------------------------------------------------------------- losses
def test_a_loss_ends_its_chain_and_the_next_one_is_answered(live: Open) -> None:
    session, source = live(f=f, die=die)
    ((*known, lost),) = put(session, chain(("f", 1.0), ("die",), ("f", 2.0)))
    assert len(known) <= 1, "an answer waits a moment for the next one, and is lost with the process"
    assert lost == Lost("crashed", "its process ended itself with status 7")
    ((after,),) = put(session, chain(("f", X)))
    assert isinstance(after, Returned)
    assert len(source.started) == 2
    assert source.started[0].ended


def test_a_loss_among_many_is_found_one_by_one_and_not_counted(live: Open) -> None:
    session, source = live(Limits(restarts=1), f=f, die=die)
    replies = put(session, chain(("f", X)), chain(("f", X), ("die",)), chain(("f", X)))
    assert [type(each[-1]) for each in replies] == [Returned, Lost, Returned]
    assert source.calls == ["f", "f", "die", "f", "f", "die", "f"], "at once, then one by one in a new process"
    assert session._life.restarts == 1
    put(session, chain(("f", X)), chain(("f", X)))
    assert len(source.started) == 3


def test_restarts_are_counted(live: Open) -> None:
    session, source = live(Limits(restarts=2), die=die)
    lost = [put(session, chain(("die",)))[0][0] for _ in range(5)]
    assert {reply.reason for reply in lost[:3] if isinstance(reply, Lost)} == {"its process ended itself with status 7"}
    assert lost[3] == lost[4] == Lost("crashed", "its process was lost 2 times, and not started again")
    assert len(source.started) == 3


def test_a_loss_through_our_fault_is_made_good_by_asking_again(live: Open) -> None:
    lost = iter([True, False])
    session, source = live(Limits(restarts=0), f=f, shaky=lambda x: lose_server() if next(lost) else x * 2)
    ((first, second),) = put(session, chain(("f", X), ("shaky", 2.0)))
    assert isinstance(first, Returned)
    assert isinstance(second, Returned)
    assert second.value == 4.0
    assert source.calls == ["f", "<lambda>", "f", "<lambda>"]
    assert session._life.restarts == 0


def test_lost_through_our_fault_too_often_needs_a_person(live: Open) -> None:
    session, source = live(lose=lose_server)
    for _ in range(2):
        with pytest.raises(KernelError, match=f"was lost {MOST_LOSSES + 1} times"):
            put(session, chain(("lose",)))
    assert len(source.started) == MOST_LOSSES + 1


def test_a_source_that_gives_no_kernel_needs_a_person(live: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    session, source = live(die=die)

    async def none(*_: Any) -> FakeKernel:
        raise KernelError("no kernel could be started")

    monkeypatch.setattr(source, "start", none)
    put(session, chain(("die",)))
    for _ in range(2):
        with pytest.raises(KernelError, match="no kernel could be started"):
            put(session, chain(("die",)))


# ------------------------------------------------------------------------------------------- budgets
def test_a_budget_that_is_spent_ends_a_chain_in_its_midst(live: Open) -> None:
    session, source = live(Limits(submission_cpu_seconds=10), f=f, spend=lambda: spent())

    def spent() -> np.ndarray:
        source.used = 11.0
        return np.zeros(10_000)  # too large to travel with others

    ((first, over),) = put(session, chain(("f", X), ("spend",), ("f", X), ("f", X)))
    assert isinstance(first, Returned)
    assert over == Lost("timed_out", "the processor time for the whole submission (10 s) is used up")
    assert put(session, chain(("f", X)), chain(("f", X))) == [(over,), (over,)]


def test_the_budget_of_the_clock_comes_before_everything(live: Open) -> None:
    session, source = live(Limits(submission_seconds=0.0), f=f)
    ((over,),) = put(session, chain(("f", X)))
    assert over == Lost("timed_out", "the time for the whole submission (0 s) has passed")
    assert source.calls == []


# -------------------------------------------------------------------------------------- faults of ours
def test_an_argument_of_ours_that_cannot_be_sent_is_said_to_be_ours(live: Open) -> None:
    session, _ = live(f=f)
    replies = session.put([chain(("f", X)), chain(("f", object())), chain(("f", X))])
    assert isinstance(next(replies)[0], Returned)
    with pytest.raises(RuntimeError, match=r"the call of layers\.f could not be put: a object object"):
        next(replies)
    assert isinstance(put(session, chain(("f", X)))[0][0], Returned)


def test_a_module_that_cannot_be_imported_says_so(live: Open) -> None:
    def broken(_: Any) -> None:
        exec(compile("1 / 0", "exercises/layers.py", "exec"), {})

    session, _ = live(files={"exercises/layers.py": b"1 / 0"}, f=broken)
    ((reply,),) = put(session, chain(("f", X)))
    assert isinstance(reply, Raised)
    assert (reply.message, reply.importing) == ("division by zero", "exercises/layers.py")


# ------------------------------------------------------------------------------------------- lookups
def test_names_that_only_exist_at_run_time_are_looked_up_once(live: Open) -> None:
    session, source = live(f=f)
    assert [session.attempt(f"layers.{name}") for name in ("f", "g", "f")] == ["attempted", "missing", "attempted"]
    assert source.calls == []


def test_what_the_text_says_is_enough(live: Open) -> None:
    session, _ = live(attempts={"f": "not_attempted", "g": "attempted"})
    assert session.attempt("layers.f") == "not_attempted"
    assert session.attempt("layers.g") == "attempted"


def test_chains_that_are_put_together_again_are_encoded_once(live: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    from grader.runtime.calls import encoding

    session, _ = live(f=f, g=f)
    again, other, made = chain(("f", X)), chain(("g", X)), []
    head = encoding._head
    monkeypatch.setattr(encoding, "_head", lambda call, place: made.append(call) or head(call, place))
    for _ in range(3):
        put(session, again, other)
    assert len(made) == 2
    put(session, other, again)  # another request
    assert len(made) == 4


def test_no_more_requests_are_kept_than_a_unit_puts_to_every_submission(live: Open) -> None:
    from grader.runtime.calls import encoding

    session, _ = live(f=f)
    for _ in range(encoding.KEPT + 3):
        put(session, chain(("f", X)))
    assert encoding._request.cache_info().currsize == encoding.KEPT


def test_at_most_so_many_calls_go_over_at_once() -> None:
    most = sessions.TOGETHER
    chains = [chain(*[("f", X)] * length) for length in (most - 24, 24, 1, most + 36, 1)]
    assert len(sessions._as_many_as_fit(chains)) == 2
    assert len(sessions._as_many_as_fit(chains[3:])) == 1
