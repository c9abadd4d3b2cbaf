"""Private banks: their units and exercises stand beside ours or replace them; bad ones are refused, with exit code 2."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import banks
import pytest

from grader.bank import catalogue, stub_source
from grader.course import read_course
from grader.errors import UsageError
from grader.grading import Options, bank_digest, grade_paths
from grader.judging import Bench
from grader.runtime import shows

OVER_LAYERS = """
from grader.bank.forms import forward_pass, plain
from grader.judging import Unit, array

relu_forward = forward_pass("layers.relu_forward", {"x": array("N", "D")}, points=7)
twice = plain("layers.twice", {"x": array("N", "D")}, ("out",))
UNIT = Unit("layers", 6, "Layers", (twice, relu_forward))
"""
ANSWERS = '''
"""More layers."""

from fractions import Fraction

import numpy as np

from reference.layers import affine_forward

TWO = 2


def relu_forward(x):
    """Our own rectifier.

    x (N, D); out (N, D), cache = x.
    """
    return np.where(x > 0, x, 0.0), x


def twice(x):
    """Twice x."""
    ### BEGIN SOLUTION
    return TWO * x
    ### END SOLUTION
'''


@pytest.fixture
def over(tmp_path: Path) -> Path:
    return banks.written(tmp_path / "over", ANSWERS, OVER_LAYERS, "layers")


@pytest.fixture
def quiz(tmp_path: Path) -> Path:
    return banks.written(tmp_path / "quiz")


# ------------------------------------------------------------------------------------- the catalogue
def test_a_new_unit_stands_behind_ours_and_a_known_exercise_in_its_place(over: Path, quiz: Path) -> None:
    ours, merged = catalogue(), catalogue((over, quiz))
    assert list(merged.units) == [*ours.units, "quiz"]
    names = [e.name for e in ours.unit("layers").exercises]
    assert [e.name for e in merged.unit("layers").exercises] == [*names, "layers.twice"]
    assert merged.exercise("layers.relu_forward").points == 7
    assert merged.unit("layers").title == ours.unit("layers").title
    assert ours.exercise("layers.relu_forward").points != 7
    assert merged.unit("optimizers") is ours.unit("optimizers")


def test_model_answers_are_looked_up_in_the_bank_first(over: Path) -> None:
    merged = catalogue((over,))
    assert merged.exercise("layers.relu_forward").answer().__doc__.startswith("Our own")
    assert merged.exercise("layers.relu_backward").model("relu_forward").__doc__.startswith("Our own")
    assert merged.exercise("layers.tanh_forward").answer() is catalogue().exercise("layers.tanh_forward").answer()
    assert not catalogue().exercise("layers.relu_forward").answer().__doc__.startswith("Our own")
    exercise = merged.exercise("layers.relu_backward")
    assert len(Bench(merged.unit("layers").exercises, drawn=0).cases(exercise)) >= 12


def test_a_mistake_made_from_the_model_is_made_from_the_banks_own(tmp_path: Path) -> None:
    declared = """
    from grader.bank.forms import plain
    from grader.judging import Unit, array

    twice = plain("quiz.twice", {"x": array("N", "D")}, ("out",))


    @twice.mistake("It is one too many.", from_model=True)
    def one_too_many(twice):
        return lambda x: twice(x) + 1


    UNIT = Unit("quiz", 20, "A quiz", (twice,))
    """
    answers = '"""Q."""\n\n\ndef twice(x):\n    """Twice."""\n    return 2 * x\n'
    (exercise,) = catalogue((banks.written(tmp_path, answers, declared),)).unit("quiz").exercises
    assert exercise.mistakes[0].answer(3) == 7


def test_the_stub_of_a_merged_unit_has_all_of_it_once(over: Path) -> None:
    stub = stub_source("layers", (over,))
    compile(stub, "stub", "exec")
    assert stub.count("def relu_forward(") == stub.count("def twice(") == stub.count("def relu_backward(") == 1
    assert "Our own rectifier" in stub
    assert stub.count("import numpy as np") == 1
    assert "from fractions import Fraction" in stub
    assert "TWO = 2" in stub
    assert "TWO * x" not in stub
    assert "reference" not in stub.replace("reference/", "")
    assert "Our own" not in stub_source("layers")


def test_its_digest_is_in_each_result(quiz: Path) -> None:
    without, before = bank_digest(), bank_digest((quiz,))
    assert without != before
    bank_digest.cache_clear()
    assert bank_digest((quiz,)) == before
    path = quiz / "reference" / "quiz.py"
    path.write_text(path.read_text() + "# changed\n")
    bank_digest.cache_clear()
    assert bank_digest((quiz,)) != before
    assert bank_digest() == without


def test_a_package_may_have_parts(tmp_path: Path) -> None:
    folder = banks.written(tmp_path / "bank", '"""Q."""\n\nfrom .quiz_more import twice\n', "", "quiz")
    (folder / "reference" / "quiz_more.py").write_text(
        '"""More."""\n\n\ndef twice(x):\n    """Twice."""\n    return 2 * x\n'
    )
    (folder / "bank" / "quiz.py").unlink()
    (folder / "bank" / "quiz").mkdir()
    (folder / "bank" / "quiz" / "__init__.py").write_text(
        "from grader.judging import Unit\n\nfrom . import one\n\nUNIT = Unit.of_modules('quiz', 20, 'A quiz', (one,))\n"
    )
    (folder / "bank" / "quiz" / "one.py").write_text(
        "from grader.bank.forms import plain\nfrom grader.judging import array\n\n"
        "twice = plain('quiz.twice', {'x': array('N')}, ('out',))\n"
    )
    assert [e.name for e in catalogue((folder,)).unit("quiz").exercises] == ["quiz.twice"]
    assert "def twice(x):" in stub_source("quiz", (folder,))


# -------------------------------------------------------------------------------------- bad ones
def test_two_banks_may_share_a_unit_but_no_exercise(tmp_path: Path, quiz: Path) -> None:
    other = banks.written(
        tmp_path / "other",
        banks.ANSWERS.replace("cube", "cubed"),
        banks.DECLARATIONS.replace("cube", "cubed"),
    )
    assert len(catalogue((quiz, other)).unit("quiz").exercises) == 4
    same = banks.written(tmp_path / "same")
    with pytest.raises(
        UsageError,
        match=r"same/bank/quiz\.py:7: quiz\.cube_forward is in two private banks, here and at \S+/quiz/bank/quiz\.py:7",
    ):
        catalogue((quiz, same))


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("bank/__init__.py", None, r"bank/__init__\.py:1: there is no such file; write UNITS ="),
        ("bank/__init__.py", "", r"bank/__init__\.py:1: it has no UNITS"),
        ("bank/__init__.py", 'UNITS = ("quiz")', r"bank/__init__\.py:1: it has no UNITS"),
        (
            "bank/__init__.py",
            'UNITS = ("quiz", "more")',
            r"bank/__init__\.py:1: UNITS names 'more', and there is no bank/more\.py",
        ),
        ("bank/__init__.py", "UNITS = (", r"bank/__init__\.py:1: this does not parse"),
        ("reference/quiz.py", None, r"bank/quiz\.py:7: quiz\.cube_forward: no model answer"),
        ("reference/quiz.py", "import nump\n", r"reference/quiz\.py:1: this cannot be loaded: ModuleNotFoundError"),
        ("reference/quiz.py", "def f(:\n", r"reference/quiz\.py:1: this does not parse"),
    ],
)
def test_a_bad_bank_is_refused(quiz: Path, name: str, text: str | None, says: str) -> None:
    path = quiz / name
    path.unlink()
    if text is not None:
        path.write_text(text)
    with pytest.raises(UsageError, match=says):
        catalogue((quiz,))


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        (
            '"""Q."""\n\nimport reference\n\n\ndef f():\n    """F."""\n',
            r"reference/quiz\.py:3: students have no reference; import numpy",
        ),
        (
            '"""Q."""\n\nfrom grader.bank import UNITS\n\n\ndef f():\n    """F."""\n',
            r"reference/quiz\.py:3: students have no grader",
        ),
        ("def f():\n    return 1\n", r"reference/quiz\.py:1: the module has no docstring"),
    ],
)
def test_a_stub_that_no_student_could_import_is_refused(tmp_path: Path, answers: str, says: str) -> None:
    folder = banks.written(tmp_path / "bank", answers, "")
    with pytest.raises(UsageError, match=says):
        stub_source("quiz", (folder,))


# ------------------------------------------------------------------------------------ the course file
def test_the_course_file_names_banks_from_its_own_place(
    tmp_path: Path, quiz: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "gradmark.toml"
    file.write_text('bank = ["quiz"]\n[limits]\ncell_seconds = 60\n')
    monkeypatch.chdir("/")
    assert read_course(file).bank == (quiz,)
    assert read_course(file).bounds().cell_seconds == 60


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('# ours\nbank = ["nowhere"]', r"gradmark\.toml:2: bank: there is no folder nowhere beside the course file"),
        ('bank = [\n"quiz",\n"./quiz"]', r"gradmark\.toml:3?\d?: bank: quiz is named twice"),
        ('bank = "quiz"', r"bank: input should be a valid list"),
        ('banks = ["quiz"]', r"banks is unknown: did you mean bank\?"),
    ],
)
def test_a_bank_that_is_not_there_is_said_by_line(tmp_path: Path, quiz: Path, text: str, says: str) -> None:
    file = tmp_path / "gradmark.toml"
    file.write_text(text)
    with pytest.raises(UsageError, match=says):
        read_course(file)


def test_banks_are_code_and_come_from_a_course_file_that_is_named(
    tmp_path: Path, quiz: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever stands in a student's folder must not run the student's code by our hand."""
    (tmp_path / "gradmark.toml").write_text('bank = ["quiz"]')
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match=r"which are code: name it too, with --course gradmark\.toml"):
        read_course(None)
    assert read_course(None, [tmp_path]).bank == ()
    assert read_course(Path("gradmark.toml")).bank == (quiz,)


# --------------------------------------------------------------------------- out of a student's reach
def test_a_bank_within_reach_of_a_submission_is_refused(
    tmp_path: Path, quiz: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UsageError, match="lies in what was handed in; move it elsewhere"):
        grade_paths([tmp_path], Options(banks=(quiz,)))
    monkeypatch.setattr("grader.grading.many.shows", lambda path, names: True)
    with pytest.raises(UsageError, match="lies among the libraries that submissions may read"):
        grade_paths([tmp_path / "nothing"], Options(banks=(quiz,)))


def test_the_whitelist_shows_no_bank(quiz: Path) -> None:
    import numpy as np

    assert not shows(quiz)
    assert shows(Path(np.__file__))
    assert shows(Path(sys.base_prefix) / "lib") or shows(Path("/usr/lib"))
    assert not shows(Path(__file__))


# ------------------------------------------------------------------------------------ the commands
def test_list_show_and_stubs_know_the_bank(
    quiz: Path, tmp_path: Path, run: Callable[..., tuple[int, str, str]]
) -> None:
    (tmp_path / "course.toml").write_text('bank = ["quiz"]')
    assert "cube_backward  " in run("list", "--course", "course.toml")[1]
    assert "The cube of x." in run("show", "cube", "--course", "course.toml")[1]
    assert run("show", "quiz.cube_forward")[0] == 2
    assert run("stubs", "--check", "--course", "course.toml")[:2] == (1, "stale: quiz/exercises/quiz.py\n")
    code, out, err = run("stubs", "--course", "course.toml")
    assert (code, out, err) == (0, "written: quiz/exercises/quiz.py\n", "")
    assert "raise NotImplementedError" in (quiz / "exercises" / "quiz.py").read_text()
    assert run("stubs", "--check", "--course", "course.toml") == (0, "", "")
    (tmp_path / "course.toml").write_text("")
    assert run("stubs", "--course", "course.toml")[0] == 2


def test_what_is_wrong_is_one_line_and_exit_code_2(
    quiz: Path, tmp_path: Path, run: Callable[..., tuple[int, str, str]]
) -> None:
    (tmp_path / "course.toml").write_text('bank = ["quiz"]')
    path = quiz / "bank" / "quiz.py"
    path.write_text(path.read_text().replace("X)\n", "X, point=1)\n", 1))
    for arguments in (("list",), ("show", "cube"), ("stubs",), ("grade", str(tmp_path / "quiz" / "bank"))):
        code, out, err = run(*arguments, "--course", "course.toml")
        assert (code, out) == (2, "")
        assert err == "gradmark: quiz/bank/quiz.py:7: there is no option point: did you mean points?\n"


def test_stubs_of_a_bank_with_a_wrong_gradient_are_not_written(
    quiz: Path, tmp_path: Path, run: Callable[..., tuple[int, str, str]]
) -> None:
    (tmp_path / "course.toml").write_text('bank = ["quiz"]')
    path = quiz / "reference" / "quiz.py"
    path.write_text(path.read_text().replace("return 3 *", "return 2 *"))
    code, out, err = run("stubs", "--course", "course.toml")
    assert (code, out) == (2, "")
    assert err.startswith(
        "gradmark: quiz/bank/quiz.py:15: quiz.cube_backward: dx is not the derivative that the engine finds"
    )
    assert err.endswith("gradmark: 1 declared wrongly: mend that first\n")
    assert not (quiz / "exercises").exists()
