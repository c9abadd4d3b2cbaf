"""Requests of students: hostile files are refused, and an assistant sees at once who is right."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from small_class import BACKWARD, Run, write_class

from grader.bank import catalogue
from grader.errors import UsageError
from grader.gradebook import Gradebook
from grader.judging import Bench, Exercise
from grader.marking import model_answer, read_request

INPUTS = {"dout": [[1.0, -2.0]], "x": [[3.0, -4.0]]}


def a_request(**changes: Any) -> dict[str, Any]:
    return {
        "schema": "gradmark/request/1",
        "exercise": "relu_backward",
        "text": "My dx is right.",
        "counterexample": {"inputs": INPUTS, "expected": {"dx": [[1.0, 0.0]]}, "got": {"dx": [[1.0, -2.0]]}},
        **changes,
    }


def write(path: Path, content: object) -> Path:
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return write_class(tmp_path)


# ------------------------------------------------------------------------------------- the file
@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "it is no JSON"),
        ("[]", "it is no object"),
        ("[" * 60_000, "nested too deeply"),
        (" " * 70_000, "larger than 64 KiB"),
        ('{"schema": 1, "schema": 2}', "a key is there twice"),
        (a_request(schema="gradmark/request/2"), "its schema is"),
        (a_request(exercise=""), "exercise is missing"),
        (a_request(text="  "), "text is missing"),
        (a_request(text="x" * 4001), "more than 4000 characters"),
        (a_request(text=["x"]), "text is no text"),
        (a_request(points=100), "it has 'points'"),
        (a_request(counterexample=[1]), "counterexample is no object"),
        (a_request(counterexample={"code": "import os"}), "counterexample has 'code'"),
        (a_request(counterexample={"inputs": {"__import__('os')": 1}}), "that is no name"),
        (a_request(counterexample={"inputs": {"x": [[[[[[[[1]]]]]]]]}}), "nested more than 6 deep"),
        (a_request(counterexample={"inputs": {"x": [0.0] * 2001}}), "more than 2000 numbers"),
        (a_request(counterexample={"inputs": {"x": 10**30}}), "beyond 2**53"),
        (a_request(counterexample={"got": {"dx": 1}}), "has no inputs"),
        ('{"schema": "gradmark/request/1", "exercise": "a", "text": "\\ud800"}', "half a character"),
    ],
    ids=range(19),
)
def test_a_file_that_is_no_request_is_refused_with_its_reason(tmp_path: Path, content: object, said: str) -> None:
    with pytest.raises(UsageError, match="is no request") as refused:
        read_request(write(tmp_path / "request.json", content))
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_the_same_request_in_toml_is_the_same(tmp_path: Path) -> None:
    toml = """
    schema = "gradmark/request/1"
    exercise = "relu_backward"
    text = "My dx is right."
    [counterexample]
    inputs = {dout = [[1.0, -2.0]], x = [[3.0, -4.0]]}
    expected = {dx = [[1.0, 0.0]]}
    got = {dx = [[1.0, -2.0]]}
    """
    assert read_request(write(tmp_path / "r.toml", toml)) == read_request(write(tmp_path / "r.json", a_request()))
    with pytest.raises(UsageError, match="can be told"):
        read_request(write(tmp_path / "r.toml", toml.replace("[[3.0, -4.0]]", "2026-11-29")))


def test_numbers_that_json_has_not_are_read(tmp_path: Path) -> None:
    text = json.dumps(a_request(counterexample={"inputs": {"x": [float("nan"), "Infinity", -float("inf")]}}))
    assert read_request(write(tmp_path / "r.json", text)).counterexample["inputs"]["x"] == [
        "NaN",
        "Infinity",
        "-Infinity",
    ]


# ---------------------------------------------------------------------------- the model answer
def exercise(name: str) -> Exercise:
    return catalogue().exercise(name)


def test_the_model_answer_tells_who_is_right() -> None:
    found = model_answer(exercise(BACKWARD), a_request()["counterexample"])
    assert found.outputs == {"dx": [[1.0, 0.0]]}
    assert found.sentences[0] == "dx: what the student expects agrees with the model answer"
    assert "returned differs from the model answer: at [0, 1] it is -2, right is 0" in found.sentences[1]


@pytest.mark.parametrize(
    ("dx", "said"),
    [
        (0.0, "agrees with the model answer"),
        (2.0, "is accepted all the same (subgradient)"),
        (1.0, "is accepted all the same (subgradient)"),
        (2.5, "differs from the model answer: at [0, 1] it is 2.5, right is 0"),
        (-0.1, "differs from the model answer"),
    ],
)
def test_at_a_kink_what_the_judge_accepts_is_said_to_be_accepted(dx: float, said: str) -> None:
    at_kink = {"inputs": {"dout": [[1.0, 2.0]], "x": [[3.0, 0.0]]}, "got": {"dx": [[1.0, dx]]}}
    (sentence,) = model_answer(exercise(BACKWARD), at_kink).sentences
    assert said in sentence


@pytest.mark.parametrize(
    "name",
    ["graphs.evaluate", "optimizers.adam", "mlp.mlp_backward", "reverse_mode.sum_vjp", "chain_rule.compose_derivative"],
)
def test_lists_objects_texts_and_what_is_left_out_can_be_told_too(name: str) -> None:
    of = exercise(name)
    case = Bench([of], drawn=0).examples(of)[0]
    assert case.expected is not None
    plain = json.loads(json.dumps(dict(case.inputs), default=lambda x: x.tolist()))
    right = {output: np.asarray(e.value).tolist() for output, e in zip(of.outputs, case.expected, strict=True)}
    found = model_answer(of, {"inputs": plain, "got": right})
    assert found.problem == ""
    assert len(found.sentences) == len(right)
    assert all("agrees" in sentence for sentence in found.sentences)


def test_the_digits_of_a_card_are_enough() -> None:
    forward = exercise("layers.softmax_forward")
    inputs = {"x": [[1.0, 2.0, 3.0]]}
    right = model_answer(forward, {"inputs": inputs}).outputs["out"]
    told = [[float(f"{x:.6g}") for x in right[0]]]
    off = [[right[0][0] * 1.01, *right[0][1:]]]
    (agrees,) = model_answer(forward, {"inputs": inputs, "got": {"out": told}}).sentences
    (differs,) = model_answer(forward, {"inputs": inputs, "got": {"out": off}}).sentences
    assert "agrees" in agrees
    assert "differs" in differs


@pytest.mark.parametrize(
    ("name", "inputs", "said"),
    [
        (BACKWARD, {"dout": [[1.0]]}, "the input 'x' of layers.relu_backward is missing"),
        (BACKWARD, {**INPUTS, "y": 1}, "has no input 'y'"),
        (BACKWARD, {**INPUTS, "x": [[1.0], [2.0, 3.0]]}, "all rows of one length"),
        (BACKWARD, {**INPUTS, "x": "import os"}, "x is an array"),
        (BACKWARD, {"dout": [[1.0, 2.0]], "x": [[1.0, 2.0, 3.0]]}, "does not take these inputs"),
        ("mlp.mlp_forward", {"x": [[1.0]], "weights": [[[1.0]]], "activation": "os.system"}, "activation is one of"),
    ],
)
def test_inputs_that_are_not_the_exercises_are_said_not_to_be(name: str, inputs: dict[str, Any], said: str) -> None:
    found = model_answer(exercise(name), {"inputs": inputs})
    assert (found.outputs, found.sentences) == ({}, ())
    assert said in found.problem


def test_a_model_answer_that_takes_too_much_memory_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    def large(*_: Any) -> Any:
        return bytearray(64 << 30)

    monkeypatch.setattr(importlib.import_module("grader.marking.answering"), "run_locally", large)
    found = model_answer(exercise(BACKWARD), a_request()["counterexample"])
    assert found.outputs == {}
    assert "MemoryError" in found.problem


@pytest.mark.slow
def test_a_model_answer_that_never_ends_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    def endless(*_: Any) -> Any:
        while True:
            pass

    monkeypatch.setattr(importlib.import_module("grader.marking.answering"), "run_locally", endless)
    found = model_answer(exercise(BACKWARD), a_request()["counterexample"], seconds=1)
    # By the processor's time or, where that is dear, by the clock.
    assert "took too much time" in found.problem or "did not come to an end" in found.problem


# ------------------------------------------------------------------------------------ the inbox
def add(run: Run, tmp_path: Path, content: object, *more: str) -> tuple[int, str, str]:
    write(tmp_path / "request.json", content)
    return run("dispute", "add", "request.json", *more)


def test_a_request_is_added_listed_shown_and_answered(run: Run, tmp_path: Path, book: Path) -> None:
    code, out, _ = add(run, tmp_path, a_request(), "--student", "ben")
    assert code == 0
    ident = out.partition(":")[0]
    assert "My dx is right." in run("dispute", "list")[1]
    code, out, _ = run("dispute", "show", ident[:4])
    assert code == 0
    assert "Ben Ng" in out
    assert "graded 0 of 8, wrong" in out
    assert "dx, the model answer:\n    [[1. 0.]]" in out
    assert "what the student expects agrees with the model answer" in out
    code, out, _ = run("dispute", "answer", ident, "--decline", "--say", "See your second entry.")
    assert (code, out) == (0, f"{ident} is declined\n")
    assert run("dispute", "list")[1] == "no request is open\n"
    assert "declined" in run("dispute", "list", "--state", "all")[1]
    assert "See your second entry." in run("dispute", "show", ident)[1]
    assert f"request {ident} on layers.relu_backward is declined: See your" in run("grades", "--student", "ben")[1]
    assert "request" not in run("grades", "--student", "ada")[1]
    code, _, err = run("dispute", "answer", ident, "--accept", "--say", "No, yes.")
    assert code == 2
    assert "answered already, declined" in err
    with Gradebook.open(book) as opened:
        assert opened.marks() == []


def test_a_student_has_one_open_request_for_an_exercise(run: Run, tmp_path: Path, book: Path) -> None:
    assert add(run, tmp_path, a_request(), "--student", "ben")[0] == 0
    code, _, err = add(run, tmp_path, a_request(text="Again!"), "--student", "ben")
    assert code == 2
    assert "has an open request for layers.relu_backward already" in err
    assert add(run, tmp_path, a_request(exercise="relu_forward", counterexample={}), "--student", "ben")[0] == 0
    # The same words of another student are another request.
    assert add(run, tmp_path, a_request(), "--student", "ada")[0] == 0
    ident = next(
        line.split()[0] for line in run("dispute", "list")[1].splitlines() if "Ben" in line and "backward" in line
    )
    run("dispute", "answer", ident, "--accept", "--say", "You are right.")
    assert "the same request is there already, accepted" in add(run, tmp_path, a_request(), "--student", "ben")[2]
    assert add(run, tmp_path, a_request(text="Again!"), "--student", "ben")[0] == 0


@pytest.mark.parametrize(
    ("changes", "more", "said"),
    [
        ({}, (), "does not say whom it is from"),
        ({"student": "s1"}, ("--student", "ben"), "it says that it is from 's1'"),
        ({}, ("--student", "nobody"), "there is no student 'nobody'"),
        ({"exercise": "relu_sideways"}, ("--student", "ben"), "there is no exercise 'relu_sideways'"),
        ({"assignment": "hw9"}, ("--student", "ben"), "there is no assignment 'hw9'"),
    ],
)
def test_a_request_of_nobody_or_about_nothing_is_refused(
    run: Run, tmp_path: Path, book: Path, changes: dict[str, Any], more: tuple[str, ...], said: str
) -> None:
    code, _, err = add(run, tmp_path, a_request(**changes), *more)
    assert code == 2
    assert said in err
    with Gradebook.open(book) as opened:
        assert opened.requests() == []


def test_a_file_names_its_student_and_is_said_to_do_so(run: Run, tmp_path: Path, book: Path) -> None:
    code, out, _ = add(run, tmp_path, a_request(student="s2"))
    assert code == 0
    assert "s2 (by the file's own word)" in out


def test_the_inbox_is_blind_where_that_is_asked_and_nothing_in_it_moves_the_terminal(
    run: Run, tmp_path: Path, book: Path
) -> None:
    text = "I, Ben Ng <ben@uni.example>, \x1b[2J want [red]points[/red]"
    _, out, _ = add(run, tmp_path, a_request(text=text), "--student", "ben")
    ident = out.partition(":")[0]
    for shown in (run("dispute", "list", "--blind")[1], run("dispute", "show", ident, "--blind")[1]):
        assert "Ben" not in shown
        assert "ben@" not in shown
        assert "\x1b" not in shown
        assert "[red]points" in shown


def test_a_request_that_is_written_can_be_added(run: Run, tmp_path: Path, book: Path) -> None:
    write(tmp_path / "example.json", a_request()["counterexample"])
    arguments = ("dispute", "new", "relu_backward", "--text", "Look.", "--counterexample", "example.json")
    assert run(*arguments)[0] == 0
    assert run("dispute", "add", "request.json", "--student", "ben")[0] == 0
    assert "is there already" in run(*arguments)[2]
    write(tmp_path / "example.json", {"inputs": {"x": "y" * 300}})
    assert run(*arguments, "--out", "other.json")[0] == 2
    assert not (tmp_path / "other.json").exists()


def test_blind_mode_hides_a_name_in_an_answer_in_texts_of_the_numbers_and_beside_grades(
    run: Run, tmp_path: Path, book: Path
) -> None:
    numbers = {"inputs": INPUTS, "got": {"dx": "as Ben Ng said"}}
    ident = add(run, tmp_path, a_request(counterexample=numbers), "--student", "ben")[1].partition(":")[0]
    run("dispute", "answer", ident, "--decline", "--say", "Ben Ng is not right.")
    for command in (("dispute", "show", ident), ("grades", "--student", "ben")):
        assert "Ben Ng" in run(*command)[1]
        assert "is not right." in run(*command, "--blind")[1]
        assert "Ben" not in run(*command, "--blind")[1]


def test_what_is_no_number_is_not_shown_as_one(run: Run, tmp_path: Path, book: Path) -> None:
    numbers = {"inputs": INPUTS, "got": {"dx": [[None, True]]}, "expected": {"dx": [["NaN", 2]]}}
    ident = add(run, tmp_path, a_request(counterexample=numbers), "--student", "ben")[1].partition(":")[0]
    out = run("dispute", "show", ident)[1]
    assert "[[null, true]]" in out
    assert "[[nan  2.]]" in out
