"""Annotations: at the student's own lines, the most valuable first, and nothing a student wrote is a command."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from results import a_result
from workflow_commands import Command, commands, read_outputs

from grader.export import OUTPUTS, annotated, code_quality, outputs, score_line, workflow_commands
from grader.places import Place, Places
from grader.result import CheckResult, Diagnosis, ItemResult, NotebookResult, Result
from grader.submission.located import module_places, notebook_places

HOSTILE = (
    "100% a,b:c\r\n::error file=x.py,line=1::pwned\n##[error]pwned\n::set-output name=score::100"
    "\u2028::notice::x\x0b::add-mask::a"
)


def item(name: str, status: Any = "wrong", worth: float = 2.0, said: str = "it is wrong", told: str = "") -> ItemResult:
    score = worth if status == "passed" else 0.0
    check = CheckResult(
        name="value",
        kind="value",
        visibility="hidden",
        status="wrong" if status == "partial" else status,
        score=score,
        max_score=worth,
        message="" if status == "passed" else said,
        diagnosis=Diagnosis(mistake="m", text=told, certainty="exact") if told else None,
    )
    return ItemResult(
        exercise=f"layers.{name}", status=status, score=score, max_score=worth, message=said, checks=[check]
    )


def where(**places: Place) -> dict[tuple[str, str | None], Places]:
    return {("ada", "layers"): Places(places, (Place("n.ipynb", 3, 9, 1),), Place("exercises/layers.py"))}


def told(*results: Result, places: Any = None, left_out: tuple[Result, ...] = ()) -> list[Command]:
    return commands("\n".join(workflow_commands(annotated(results, places or {}, left_out))))


def test_an_error_points_at_the_function_and_says_the_diagnosis() -> None:
    (error, notice) = told(
        a_result(item("relu_backward", said="dx[0] is 0", told="The mask comes from dout.")),
        places=where(relu_backward=Place("exercises/layers.py", 7, 9)),
    )
    assert error.name == "error"
    assert error.properties == {
        "file": "exercises/layers.py", "line": "7", "endLine": "9", "title": "layers.relu_backward: wrong (0 of 2 points)"
    }  # fmt: skip
    assert error.data == "The mask comes from dout.\ndx[0] is 0"
    assert (notice.name, notice.properties["title"]) == ("notice", "layers: 0 of 2 points")


SAID = [HOSTILE, *HOSTILE.split("\n")[1:], "\r::error::x", "##[set-output name=score]100", "%0A::error::x"]


@pytest.mark.parametrize("said", SAID)
def test_text_of_a_student_is_read_back_as_it_was_and_is_no_command(said: str) -> None:
    place = Place("a,b:c%\r\n::error::x.py", 3)
    broken = NotebookResult(status="failed", cell=1, error=said)
    found = told(a_result(item("f", said=said), item("g", "raised", told=said), notebook=broken), places=where(f=place))
    assert [c.name for c in found] == ["error", "error", "warning", "notice"]
    assert found[0].properties == {"file": place.file, "line": "3", "title": "layers.f: wrong (0 of 2 points)"}
    begins = said.strip().partition("\n")[0].strip()[:10]
    assert [begins in c.data for c in found] == [True, True, True, False]


def test_what_is_not_escaped_is_seen_by_the_runner_of_these_tests() -> None:
    assert [c.name for c in commands(HOSTILE)] == ["error", "error", "set-output"]
    assert commands("x ##[warning file=a;]b")[0].properties == {"file": "a"}
    assert commands("::stop-commands::abc\n::error::x\n::abc::\n::notice::y") == [Command("notice", {}, "y")]
    with pytest.raises(AssertionError, match="for good"):
        commands("::stop-commands::abc\n::error::x")


def test_ten_of_a_kind_are_shown_the_most_valuable_first_and_the_rest_is_counted() -> None:
    wrong = [item(f"f{n}", worth=n) for n in range(1, 15)]
    missing = [item(f"g{n}", "missing", worth=n) for n in range(1, 13)]
    found = told(a_result(*wrong, *missing))
    errors = [c.properties["title"] for c in found if c.name == "error"]
    assert errors == [f"layers.f{n}: wrong (0 of {n} points)" for n in range(14, 4, -1)]
    warnings = [c for c in found if c.name == "warning"]
    assert len(warnings) == 10
    assert warnings[0].properties["title"].startswith("layers.g12: missing")
    (more,) = [c for c in found if c.properties["title"] == "More"]
    assert more.name == "notice"
    assert more.data.startswith("4 errors and 2 warnings more than are shown here")


def test_exactly_ten_are_shown_without_a_word_on_more() -> None:
    found = told(a_result(*[item(f"f{n}") for n in range(10)]))
    assert len([c for c in found if c.name == "error"]) == 10
    assert not [c for c in found if c.properties["title"] == "More"]


def test_notices_are_at_most_ten_too() -> None:
    found = told(*[a_result(ident=f"s{n}") for n in range(30)])
    assert len([c for c in found if c.name == "notice"]) == 10


def test_work_that_was_not_begun_is_one_notice_and_no_error() -> None:
    found = told(a_result(item("a", "not_attempted"), item("b", "not_attempted"), item("c", "passed")))
    assert [c.name for c in found] == ["notice", "notice"]
    assert found[0].properties["title"] == "layers: 2 exercises not attempted"
    assert found[0].data == "4 more points are to be had: a, b"


def test_units_that_were_left_out_are_named() -> None:
    left_out = tuple(replace(a_result(item("a", "not_attempted")), assignment=unit) for unit in ("mlp", "optimizers"))
    assert (
        told(a_result(item("c", "passed")), left_out=left_out)[-1].data
        == "Left out, since nothing is attempted: mlp, optimizers"
    )


def test_a_fault_of_the_grader_is_not_told_at_a_students_line() -> None:
    found = told(
        a_result(item("f", "grader_error"), needs_person=True), places=where(f=Place("exercises/layers.py", 7))
    )
    assert "file" not in found[0].properties
    assert "needs a person" in found[0].properties["title"]


def test_what_cannot_be_graded_is_one_error() -> None:
    broken = a_result(
        item("f", "skipped"), graded=False, notebook=NotebookResult(status="unreadable", error="it is empty")
    )
    (found,) = told(broken, places=where())
    assert (found.name, found.properties["file"]) == ("error", "exercises/layers.py")
    assert "it is empty" in found.data


def test_a_cell_that_failed_is_a_warning_at_its_line() -> None:
    failed = a_result(item("f", "passed"), notebook=NotebookResult(status="failed", cell=1, error="NameError: x"))
    found = told(failed, places=where())[0]
    assert (found.name, found.properties["file"], found.properties["line"]) == ("warning", "n.ipynb", "3")
    assert "NameError" in found.data
    assert found.data.endswith("(code cell 1 of the notebook)")


# ------------------------------------------------------------------------------------------ places
MODULE = """\
import numpy as np


def first(x):
    return x


@np.vectorize
def second(x):
    return x

third = lambda x: x
if True:
    def first(y):
        return y
"""


def test_of_two_definitions_the_last_is_shown() -> None:
    found = module_places("m.py", MODULE.encode())
    assert found["first"] == Place("m.py", 14, 15)
    assert found["second"] == Place("m.py", 9, 10)
    assert found["third"] == Place("m.py", 12, 12)


def test_a_module_that_does_not_parse_is_shown_at_the_line_at_fault() -> None:
    assert module_places("m.py", b"x = 1\ndef f(:\n") == {"": Place("m.py", 2)}
    found = told(a_result(item("f", "raised")), places={("ada", "layers"): Places({"": Place("m.py", 2)})})
    assert found[0].properties["line"] == "2"


def notebook(*sources: Any, **more: Any) -> str:
    cells = [{"cell_type": "code", "metadata": {}, "outputs": [], "source": source} for source in sources]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **more}, indent=1)


@pytest.mark.parametrize("indent", [1, 4])
def test_a_function_in_a_notebook_is_shown_at_its_line_of_the_file(indent: int) -> None:
    text = notebook(
        ["x = 1\n"], ["%%time\n", "\n", "%matplotlib inline\n", "def f(x):\n", '    "def f"\n', "    return x"]
    )
    text = json.dumps(json.loads(text), indent=indent)
    found, cells = notebook_places("n.ipynb", text.encode())
    lines = text.split("\n")
    assert lines[found["f"].line - 1].strip() == '"def f(x):\\n",'
    assert lines[found["f"].end_line - 1].strip() == '"    return x"'
    assert found["f"].cell == 2
    assert lines[cells[0].line - 1].strip() == '"x = 1\\n"'


def test_outputs_and_metadata_that_look_like_a_cell_are_none() -> None:
    text = notebook(["def f(x):\n", "    return x\n"])
    read = json.loads(text)
    read["cells"][0]["outputs"] = [
        {"cells": [{"cell_type": "code", "source": ["def f(x):\n", "    pass\n"]}], "text": "def f(x): pass"}
    ]
    read["metadata"] = {"cells": [{"cell_type": "code", "source": "def g(x): pass"}]}
    read["cells"].append({"cell_type": "markdown", "metadata": {}, "source": "def h(x): pass"})
    text = json.dumps(read, indent=1)
    found, cells = notebook_places("n.ipynb", text.encode())
    assert set(found) == {"f"}
    assert len(cells) == 1
    assert text.split("\n")[found["f"].line - 1].strip() == '"def f(x):\\n",'


def test_a_source_that_is_one_string_is_one_line() -> None:
    text = notebook("a = 1\n\ndef f(x):\n    return x\n")
    found, _ = notebook_places("n.ipynb", text.encode())
    assert '"source": "a = 1' in text.split("\n")[found["f"].line - 1]
    assert found["f"].line == found["f"].end_line


NONE = ["", "[" * 3000, '{"cells": [{"cell_type": "code", "source": [', "}}}]", '{"cells": 3, "a": "\\ud800"}', '"::"']


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_notebook_has_no_places(text: str) -> None:
    assert notebook_places("n.ipynb", text.encode()) == ({}, ())


def test_all_notebooks_of_the_course_have_their_cells_where_they_are() -> None:
    for path in sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb")):
        text = path.read_text(encoding="utf-8")
        _, cells = notebook_places(path.name, text.encode())
        code = [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
        assert len(cells) == len(code)
        for place, cell in zip(cells, code, strict=True):
            if cell["source"]:
                first = json.dumps("".join(cell["source"]).split("\n")[0], ensure_ascii=False)[1:-1]
                assert first in text.split("\n")[place.line - 1]


# ----------------------------------------------------------------------------------- other formats
def test_a_code_quality_report_has_what_gitlab_asks_for() -> None:
    said = annotated(
        [a_result(item("f", said=HOSTILE), item("g", "partial"), item("h", "passed"))], where(f=Place("a.py", 7, 9))
    )
    read = json.loads(code_quality(said))
    assert [entry["severity"] for entry in read] == ["major", "minor"]
    assert read[0]["location"] == {"path": "a.py", "lines": {"begin": 7, "end": 9}}
    assert read[1]["location"] == {"path": "exercises/layers.py", "lines": {"begin": 1, "end": 1}}
    assert all(entry["description"] and entry["check_name"] for entry in read)
    assert len({entry["fingerprint"] for entry in read}) == 2
    moved = annotated([a_result(item("f", "raised"))], where(f=Place("a.py", 70, 90)))
    assert json.loads(code_quality(moved))[0]["fingerprint"] == read[0]["fingerprint"]


def test_outputs_are_read_back_and_a_name_is_none_of_a_students() -> None:
    hostile = a_result(
        item("f", "passed"), item("g"), ident="x\nscore=100\nEND\nscore<<END\n100\nEND", notes=["score=100"]
    )
    read = read_outputs(outputs([hostile], 1, "end_of_it"))
    assert tuple(read) == OUTPUTS
    assert " ".join(read.values()) == "2 4 50 true false false layers 1"


def test_outputs_of_nothing_are_no_hundred_per_cent() -> None:
    read = read_outputs(outputs([], 3, "end"))
    assert (read["percent"], read["graded"], read["passed"]) == ("0", "false", "false")


def test_the_line_with_the_score_is_the_one_that_the_template_of_gitlab_looks_for() -> None:
    import re

    template = (Path(__file__).parents[2] / "ci" / "gitlab.yml").read_text(encoding="utf-8")
    (pattern,) = re.findall(r"coverage: '/(.*)/'", template)
    found = re.search(pattern, score_line([a_result(item("f", "passed"), item("g"))]))
    assert found is not None
    assert found[1] == "50"
