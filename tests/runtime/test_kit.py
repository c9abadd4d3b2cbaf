"""What students hand in of a kit: the whole of it with answers, zipped or not, or the one notebook that holds everything."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from answers import model_answers
from nbformat.v4 import new_code_cell
from sampled import one_in

from grader.bank import catalogue
from grader.grading.many import Options, grade_paths
from grader.release import make_kit, single_file, write_folder
from grader.result import Result
from grader.runtime import Limits

RELU = "def relu_forward(x):\n    return np.maximum(x, 0), x\n\n\ndef relu_backward(dout, cache):\n    return dout * (cache > 0)\n"
TRAP = 'raise SystemExit("this is the grader that was handed in")\n'
"""What stands in every module of a grader/ that is handed in: whoever ran it would not get far."""


def graded(path: Path) -> Result:
    (result,) = grade_paths([path], Options(jobs=1, limits=Limits(), assignment="layers"))
    return result


def statuses(result: Result) -> dict[str, str]:
    return {item.exercise.partition(".")[2]: item.status for item in result.items}


def zipped(folder: Path) -> Path:
    path = folder.with_suffix(".zip")
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(folder.rglob("*")):
            archive.write(file, f"{folder.name}/{file.relative_to(folder).as_posix()}")
    return path


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a kit with all answers, whose own grader ends every process that imports it."""
    folder = tmp_path_factory.mktemp("kit") / "ada"
    write_folder(make_kit(["layers"], student="ada"), folder)
    (folder / "exercises" / "layers.py").write_text(model_answers("layers"))
    for module in (folder / "grader").rglob("*.py"):
        module.write_text(TRAP)
    return folder


def test_a_whole_kit_is_graded_as_if_no_grader_were_in_it(kit: Path) -> None:
    for path in (kit, zipped(kit)):
        result = graded(path)
        assert (result.notebook.status, result.notebook.error) == ("ok", None)
        assert [(i.exercise, i.status, i.message) for i in result.items if i.status != "passed"] == []
        assert result.score == result.max_score > 0


def test_a_kit_of_all_units_is_graded_for_the_assignment(tmp_path: Path) -> None:
    folder = tmp_path / "ada"
    write_folder(make_kit(), folder)
    module = folder / "exercises" / "layers.py"
    module.write_text(module.read_text() + "\n\n" + RELU)
    found = statuses(graded(folder))
    assert {name for name, status in found.items() if status == "passed"} == {"relu_forward", "relu_backward"}
    assert set(found.values()) == {"passed", "not_attempted"}


def filled(text: str, *cells: str) -> dict[str, Any]:
    notebook: dict[str, Any] = json.loads(text)
    notebook["cells"] += [dict(new_code_cell(cell, id=f"answer{i}")) for i, cell in enumerate(cells)]
    return notebook


def test_a_single_file_with_answers_has_their_points(tmp_path: Path) -> None:
    """Its checker, packed inside, is not unpacked here: the grader's own stand-in is what it finds."""
    path = tmp_path / "layers.ipynb"
    path.write_text(json.dumps(filled(single_file("layers", student="ada"), RELU)))
    result = graded(path)
    assert (result.notebook.status, result.notebook.error) == ("ok", None)
    found = statuses(result)
    assert {name for name, status in found.items() if status == "passed"} == {"relu_forward", "relu_backward"}
    assert set(found.values()) == {"passed", "not_attempted"}
    points = {e.function: e.points for e in catalogue().unit("layers").exercises}
    assert result.score == points["relu_forward"] + points["relu_backward"]


@pytest.mark.parametrize("unit", one_in(7, catalogue().units, start=1))  # graphs and recurrent, the longest
def test_a_single_file_with_all_answers_has_full_marks(unit: str, tmp_path: Path) -> None:
    path = tmp_path / f"{unit}.ipynb"
    path.write_text(json.dumps(filled(single_file(unit), model_answers(unit))))
    (result,) = grade_paths([path], Options(jobs=1, limits=Limits()))
    assert result.assignment == unit
    assert (result.notebook.status, result.notebook.error) == ("ok", None)
    assert [(i.exercise, i.status, i.message) for i in result.items if i.status != "passed"] == []
    assert result.score == result.max_score > 0


def test_an_untouched_single_file_is_not_attempted(tmp_path: Path) -> None:
    path = tmp_path / "layers.ipynb"
    path.write_text(single_file("layers"))
    result = graded(path)
    assert result.notebook.status == "ok"
    assert set(statuses(result).values()) == {"not_attempted"}
