"""The comparison of two gradings, and ``gradmark diff``: fixed, new, same; times and places make no difference."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from small_class import BACKWARD, FORWARD, MASK, Run, a_check, a_result, an_item, attempts, masked, right, write_class

from grader.compared import Graded, compare, compare_items
from grader.gradebook import Gradebook
from grader.result import ItemResult, NotebookResult, Result, as_json, document

WRONG = an_item(BACKWARD, a_check("value:dx", "wrong", 4, message="dx is off"))
NAMED = an_item(BACKWARD, a_check("value:dx", "wrong", 4, mistake=MASK))
HALF = an_item(BACKWARD, a_check("value:dx", "passed", 2), a_check("value:dw", "wrong", 2))
PASSED = an_item(BACKWARD, a_check("value:dx", "passed", 4))
BROKEN = replace(WRONG, status="grader_error")
SCALED = an_item(BACKWARD, a_check("value:dx", "passed", 8))
REWORDED = an_item(BACKWARD, a_check("value:dx", "wrong", 4, message="dx differs"))


@pytest.mark.parametrize(
    ("old", "new", "kind", "said"),
    [
        (WRONG, PASSED, "fixed", "wrong → passed; 0/4 → 4/4"),
        (PASSED, WRONG, "new", "passed → wrong; 4/4 → 0/4"),
        (HALF, PASSED, "fixed", "partial → passed"),
        (PASSED, HALF, "new", "check value:dw is new"),
        (WRONG, WRONG, "same", ""),
        (WRONG, NAMED, "other", "diagnosis none → masks_by_upstream"),
        (WRONG, REWORDED, "other", "told otherwise"),
        # Worth more now, and as right as it was: nobody got better.
        (PASSED, SCALED, "other", "4/4 → 8/8"),
        # A fault of ours is no fault of a student's.
        (PASSED, BROKEN, "needs_person", "passed → grader_error"),
        (BROKEN, PASSED, "fixed", "grader_error → passed"),
        (BROKEN, WRONG, "new", "grader_error → wrong"),
        (BROKEN, BROKEN, "same", ""),
        (None, WRONG, "came", "not graded → wrong, 0/4"),
        (PASSED, None, "left", "passed, 4/4 → not graded"),
    ],
)
def test_the_kind_of_a_change(old: ItemResult | None, new: ItemResult | None, kind: str, said: str) -> None:
    found, why = compare_items(old, new)
    assert found == kind
    assert said in why


def graded(*results: Result) -> list[Graded]:
    return [Graded(student=r.submission.id, part="layers", result=r) for r in results]


def test_what_varies_between_runs_makes_no_difference() -> None:
    old = a_result("ada", *masked())
    new = replace(
        old,
        notebook=NotebookResult(status="ok", seconds=9.0),
        graded_by=replace(old.graded_by, bank="cd" * 32, version="9"),
        submission=replace(old.submission, source="elsewhere/ada.py"),
    )
    assert compare(graded(old), graded(new)).differ == ()


def test_results_are_paired_by_whose_they_are_and_not_by_their_place() -> None:
    old = [a_result("ada", *right()), a_result("ben", *masked())]
    assert compare(graded(*old), graded(*reversed(old))).count == {"same": 4}


def test_two_results_of_one_student_and_part_cannot_be_paired() -> None:
    with pytest.raises(ValueError, match="two results are of ada"):
        compare(graded(a_result("ada"), a_result("ada")), [])


def test_a_submission_that_could_not_be_graded_before_is_told_as_a_whole() -> None:
    unreadable = a_result("ada", graded=False, notebook=NotebookResult(status="unreadable", error="no JSON"))
    change, *others = compare(graded(unreadable), graded(a_result("ada", *right()))).changes
    assert (change.exercise, change.kind) == ("", "fixed")
    assert "unreadable: no JSON → graded (6/6)" in change.why
    assert [other.kind for other in others] == ["came", "came"]


# ------------------------------------------------------------------------------------------ command
def write(path: Path, *results: Result) -> str:
    path.write_text(document(results), encoding="utf-8")
    return str(path)


def test_diff_tells_what_is_fixed_and_what_is_new_and_its_exit_code_says_if_anything_is(
    run: Run, tmp_path: Path
) -> None:
    old = write(tmp_path / "old.json", a_result("ada", *right()), a_result("ben", *masked()))
    new = write(tmp_path / "new.json", a_result("ben", *right()), a_result("ada", *masked()))
    code, out, _ = run("diff", old, new)
    assert code == 1
    assert "1 fixed, 1 new, 2 same" in out
    assert "+4" in out
    assert "-4" in out
    assert run("diff", old, old)[:2] == (0, "4 same\n")


def test_diff_as_json_has_every_change_with_both_sides(run: Run, tmp_path: Path) -> None:
    old = write(tmp_path / "old.json", a_result("ben", *masked()))
    new = write(tmp_path / "new.json", a_result("ben", *right()))
    code, out, _ = run("diff", old, new, "--json")
    found: Any = json.loads(out)
    assert (code, found["count"]) == (1, {"fixed": 1, "same": 1})
    (change,) = found["changes"]
    assert (change["student"], change["exercise"], change["gained"]) == ("ben", BACKWARD, 4)
    assert (change["before"]["mistakes"], change["after"]["status"]) == ([MASK], "passed")


def test_diff_takes_results_folders_and_gradebooks_alike(run: Run, tmp_path: Path) -> None:
    book = write_class(tmp_path)
    folder = tmp_path / "out"
    folder.mkdir()
    for attempt in attempts():
        (folder / f"{attempt.student}.json").write_text(as_json(attempt.results[0]))
    document_ = write(tmp_path / "all.json", *(a.results[0] for a in attempts()))
    assert run("diff", str(folder), document_)[:2] == (0, "6 same\n")
    other = tmp_path / "other.db"
    with Gradebook.open(other, create=True) as opened:
        opened.record([*attempts()[:2], replace(attempts()[2], results=(a_result("s3", *right()),))], by="x")
    code, out, _ = run("diff", str(book), str(other))
    assert code == 1
    assert "2 fixed, 4 same" in out


@pytest.mark.parametrize(
    ("name", "text"),
    [("no.json", None), ("bad.json", "{"), ("other.json", '{"a": 1}'), ("deep.json", "[" * 100_000)],
)
def test_what_holds_no_results_is_refused_in_one_line(run: Run, tmp_path: Path, name: str, text: str | None) -> None:
    if text is not None:
        (tmp_path / name).write_text(text)
    code, _, err = run("diff", name, name)
    assert code == 2
    assert name in err
    assert "Traceback" not in err


def test_hostile_names_do_nothing_to_the_terminal(run: Run, tmp_path: Path) -> None:
    old = a_result("\x1b[31m[red]ada", an_item(FORWARD, a_check("value:out", "wrong", 2, message="\x1b]0;x\x07")))
    new = a_result("\x1b[31m[red]ada", right()[0])
    _, out, _ = run("diff", write(tmp_path / "a.json", old), write(tmp_path / "b.json", new))
    assert "\x1b" not in out
    assert "[red]ada" in out
