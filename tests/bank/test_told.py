"""What is told of wrong answers: nothing that is not on the list of what is true of them, and of most of them something."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import exam
import pytest
from gallery import FRESH, WITH_TRUTH, WRONG, WRONG_OF_UNITS, Entry
from sampled import one_in

from grader.bank import catalogue
from grader.diagnosis import choice
from grader.judging import Recognised

NAMED = 0.8
NAMED_OF_UNITS = 0.85
"""The shares of the fresh gallery, and of the galleries of later units, of which something is told, and truly."""


def told(entry: Entry) -> set[str]:
    """The codes of what is told of a wrong answer."""
    (name,) = entry.exercises
    explained = exam.told_of(entry.namespace(), entry.source, catalogue().exercise(name))
    return {words.diagnosis.mistake for words in explained if words.diagnosis is not None}


LISTED: dict[str, tuple[list[Entry], float]] = {
    "layers and optimizers": (one_in(3, WRONG), 0.0),
    "fresh": (FRESH, NAMED),
    **{unit: (one_in(3, WRONG_OF_UNITS[unit]), NAMED_OF_UNITS) for unit in WITH_TRUTH},
}
"""Answers of which there is a list of what is true, and the share of them that is to be named."""


@pytest.mark.parametrize("gallery", LISTED)
def test_nothing_is_told_that_is_not_true_and_most_is_named(gallery: str) -> None:
    """Each answer is explained once, by one process: two tests of it in two would explain it twice."""
    entries, share = LISTED[gallery]
    said = {entry.ident: told(entry) for entry in entries}
    false = {entry.ident: more for entry in entries if (more := said[entry.ident] - entry.true)}
    assert false == {}
    assert len(entries) >= 50
    assert sum(map(bool, said.values())) >= share * len(entries)


CONSTANTS = {
    "breaks_invariant": Recognised(
        "breaks_x", "invariant", "evidence", {"text": "It is so; yours is not.", "kept": ()}
    ),
    "claimed": Recognised("only_single_row", "regime"),
    "depends_wrongly": Recognised("ignores_input", "dependence", values={"input": "x"}),
    "made_of_one_part": Recognised("made_of_one_input", "along", "evidence", {"input": "x", "what": "rows"}),
    "misplaced": Recognised("only_last_wrong", "place"),
    "moved_along": Recognised("one_late", "moved", values={"axis": "step"}),
    "mutant_of": Recognised("flipped_sign", "mutant"),
    "right_but_transformed": Recognised("answer_abs", "answer"),
    "right_for_other_inputs": Recognised("input_doubled", "inputs", values={"input": "x"}),
    "state_mishandled": Recognised("counter_ahead", "state", values={"key": "t"}),
    "swapped": Recognised("swapped_outputs", "outputs", values={"other": "dw"}),
    "upstream_misused": Recognised("ignores_upstream", "upstream"),
    "wrong_along": Recognised("right_at_last", "along", "evidence", {"axis": "step"}),
    "wrong_entries": Recognised("entries_above", "where", values={"input": "x", "from": 1.0, "to": 0.0}),
    "wrong_from_step": Recognised("first_step", "place"),
    "wrong_shape": Recognised("wrong_shape", "form", values={"got": "()", "right": "()"}),
    "wrong_where": Recognised("where_one_row", "where", values={"input": "x", "effect": "wrong", "hidden": False}),
}
"""What each recogniser of ``grader.diagnosis.choice`` says in the next test of everything."""


def test_each_recogniser_has_its_constant() -> None:
    """Rejects a recogniser that is added to the choice and of which the next test knows nothing."""
    own = {name for name, thing in vars(choice).items() if inspect.isfunction(thing) and thing.__name__ == name}
    recognise = {n for n in own if getattr(choice, n).__annotations__.get("return") == "Recognised | None"}
    assert {name for name in recognise if not name.startswith("_")} == set(CONSTANTS)


@pytest.mark.parametrize("name", CONSTANTS)
def test_a_recogniser_that_says_one_thing_of_everything_is_found_out(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a claim that answers "right for a batch of one" to everything would pass."""
    monkeypatch.setattr(choice, name, _always(CONSTANTS[name]))
    monkeypatch.setattr(choice, "confirmed", lambda *_: True)
    assert any(not told(entry) <= entry.true for entry in WRONG[::9])


def _always(fact: Recognised) -> Callable[..., Any]:
    return lambda *_, **__: fact


def test_why_a_function_fails_is_told_once() -> None:
    """Rejects one fault that reads as two: each check that fails has the same reason."""
    functions = {**exam.models("layers"), "affine_forward": lambda x, w, b: (x.dot(w) + b, (x, w, b))}
    explained = exam.explained(functions, catalogue().exercise("layers.affine_forward"))
    reasons = {
        words.diagnosis and words.diagnosis.mistake for verdict, words in explained if verdict.status == "raised"
    }
    assert reasons == {"where_axes_not_two"}
