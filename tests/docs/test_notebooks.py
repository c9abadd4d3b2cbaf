"""The course notebooks run to their end at any state of a student's work, and are what their text sources say.

A student's folder is made of the notebook and ``exercises/`` alone; the kernel is a stock one, run by nbclient.
"""

from __future__ import annotations

import ast
import importlib.util
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import nbformat
import pytest
from answers import model_answers
from nbclient import NotebookClient
from nbformat import NotebookNode
from sampled import one_in

from grader.bank import catalogue
from grader.judging import Exercise

ROOT = Path(__file__).parents[2]
NOTEBOOKS = {unit.name: f"{unit.number:02d}_{unit.name}" for unit in catalogue().units.values()}
WRONG = {
    "chain_rule": ("central_difference", "(f, x, h=1e-5):\n    return (f(x + h) - f(x)) / h\n"),
    "graphs": (
        "backpropagate",
        "(steps, inputs):\n    return {**dict.fromkeys(inputs, 1.0), **{name: 1.0 for name, *_ in steps}}\n",
    ),
    "forward_mode": ("babylonian_root", "(a, steps):\n    return a / 2, 0.5\n"),
    "reverse_mode": ("tanh_vjp", "(g, x):\n    return g * (1 - x**2)\n"),
    "linear_models": (
        "logistic_loss",
        "(w, b, X, y):\n    z = X @ w + b\n    return np.mean(np.logaddexp(0, z) - y * z), X.T @ (z / 4 - y + 0.5) / len(X), 0.0\n",
    ),
    "layers": ("relu_backward", "(dout, cache):\n    return dout * (cache < 0)\n"),
    "mlp": ("gradients", "(X, Y, W, V):\n    return 0.01 * W, 0.01 * V\n"),
    "optimizers": ("sgd_momentum", "(w, dw, config=None):\n    return w + 0.01 * dw, {}\n"),
    "recurrent": (
        "rnn_backward",
        "(dh, cache):\n    return dh, dh[:, 0], 0.0, 0.0, dh.sum(axis=(0, 1))\n",
    ),
    "regularization": (
        "layernorm_forward",
        "(x, gamma, beta, ln_param):\n    return gamma * x + beta, (x, gamma, np.ones((len(x), 1)))\n",
    ),
    "convolution": ("conv_backward_naive", "(dout, cache):\n    return tuple(0 * array for array in cache[:3])\n"),
    "attention": (
        "attention_mask",
        "(tokens, pad):\n    return np.ones((*tokens.shape, tokens.shape[1]), dtype=bool)\n",
    ),
}
"""In each unit a function that an experiment uses too, and a wrong one in its place, which must not stop the notebook."""

units = pytest.mark.parametrize("unit", NOTEBOOKS)


def builder() -> ModuleType:
    spec = importlib.util.spec_from_file_location("notebooks_build", ROOT / "notebooks" / "build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def committed(unit: str) -> NotebookNode:
    text = (ROOT / "notebooks" / f"{NOTEBOOKS[unit]}.ipynb").read_text(encoding="utf-8")
    return read(text)


def read(text: str) -> NotebookNode:
    notebook: NotebookNode = nbformat.reads(text, as_version=4)  # type: ignore[no-untyped-call]
    return notebook


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


# ------------------------------------------------------------------------------------ the executed notebooks
@dataclass(frozen=True)
class Executed:
    """The code cells of a notebook that was run to its end."""

    cells: list[NotebookNode]

    def lines(self) -> dict[str, str]:
        """The first line of the card of each exercise that is checked, as plain text."""
        firsts = [text.partition("\n")[0] for cell in self.cells if is_check(cell) for text in cards(cell)]
        return {re.split(r"[ :]+", first)[1]: first for first in firsts}

    def experiments(self) -> list[NotebookNode]:
        return [cell for cell in self.cells if "import matplotlib" in cell.source]


def is_check(cell: NotebookNode) -> bool:
    return str(cell.source).startswith("check(")


def printed(cell: NotebookNode, stream: str = "stdout") -> str:
    return "".join(out.text for out in cell.outputs if out.output_type == "stream" and out.name == stream)


def cards(cell: NotebookNode) -> list[str]:
    """The cards that a cell shows, as plain text; each is there as HTML too."""
    bundles = [out.data for out in cell.outputs if out.output_type == "display_data"]
    assert all("text/html" in bundle for bundle in bundles)
    return [bundle["text/plain"] for bundle in bundles]


def images(cell: NotebookNode) -> list[str]:
    return [out.data["image/png"] for out in cell.outputs if "image/png" in out.get("data", {})]


def execute(unit: str, answers: str, folder: Path) -> Executed:
    """Run the unit's notebook beside the given text of ``exercises/<unit>.py``; a cell that raises fails the test."""
    for room in ("exercises", "notebooks"):
        (folder / room).mkdir()
    shutil.copy(ROOT / "exercises" / "__init__.py", folder / "exercises")
    (folder / "exercises" / f"{unit}.py").write_text(answers, encoding="utf-8")
    notebook = committed(unit)
    where = {"metadata": {"path": str(folder / "notebooks")}}
    NotebookClient(notebook, timeout=120, kernel_name="python3", resources=where).execute()
    cells = code_cells(notebook)
    assert "".join(printed(cell, "stderr") for cell in cells) == ""
    return Executed(cells)


@pytest.fixture(scope="module", params=one_in(2, NOTEBOOKS, start=1))
def with_stubs(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Executed]:
    stubs = (ROOT / "exercises" / f"{request.param}.py").read_text(encoding="utf-8")
    return request.param, execute(request.param, stubs, tmp_path_factory.mktemp("stubs"))


@pytest.fixture(scope="module", params=one_in(2, NOTEBOOKS))
def with_answers(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Executed]:
    return request.param, execute(request.param, model_answers(request.param), tmp_path_factory.mktemp("answers"))


def checked(unit: str) -> list[str]:
    """The exercises that have public checks: questions, predictions and tests to write are marked when they are handed in."""
    exercises = catalogue().unit(unit).exercises
    return [e.name for e in exercises if not is_asked(e) and any(c.visibility == "public" for c in e.checks)]


def is_asked(exercise: Exercise) -> bool:
    """Whether its docstring is printed in the notebook and nothing is checked there."""
    return exercise.form in ("question", "prediction") or exercise.function.startswith("question_")


def test_with_the_stubs_every_check_says_not_attempted(with_stubs: tuple[str, Executed]) -> None:
    unit, run = with_stubs
    asked = [e.name for e in catalogue().unit(unit).exercises if not is_asked(e)]
    assert run.lines() == {name: f"· {name}: not attempted" for name in asked}


def test_with_the_stubs_every_experiment_says_what_it_waits_for(with_stubs: tuple[str, Executed]) -> None:
    _, run = with_stubs
    assert len(run.experiments()) >= 3
    for cell in run.experiments():
        assert printed(cell).startswith("This experiment waits for ")
        assert not images(cell)


def test_with_the_model_answers_every_check_passes(with_answers: tuple[str, Executed]) -> None:
    unit, run = with_answers
    lines = run.lines()
    public = checked(unit)
    later = lines.keys() - set(public)
    assert lines == {n: f"✓ {n}: passed" for n in public} | {n: f"– {n}: not judged" for n in later}


def test_with_the_model_answers_every_experiment_shows_a_figure(with_answers: tuple[str, Executed]) -> None:
    _, run = with_answers
    for cell in run.experiments():
        assert images(cell), cell.source
        assert "waits for" not in printed(cell)


def test_each_question_is_printed_as_its_docstring_says_it(with_answers: tuple[str, Executed]) -> None:
    unit, run = with_answers
    texts = {
        n.name: ast.get_docstring(n) for n in ast.parse(model_answers(unit)).body if isinstance(n, ast.FunctionDef)
    }
    cells = {found[1]: cell for cell in run.cells if (found := re.match(r"print\(getdoc\((\w+)", cell.source))}
    assert {name: printed(cell) for name, cell in cells.items()} == {
        e.function: f"{texts[e.function]}\n" for e in catalogue().unit(unit).exercises if is_asked(e)
    }


@pytest.mark.parametrize("unit", one_in(4, WRONG))
def test_a_wrong_answer_is_shown_and_stops_nothing(unit: str, tmp_path: Path) -> None:
    function, wrong = WRONG[unit]
    run = execute(unit, f"{model_answers(unit)}\n\ndef {function}{wrong}", tmp_path)
    assert run.lines()[f"{unit}.{function}"] == f"✗ {unit}.{function}: wrong"
    assert all(images(cell) for cell in run.experiments())


# ------------------------------------------------------------------------------------ the files as they are committed
@units
def test_the_notebook_is_the_current_conversion_of_its_text(unit: str) -> None:
    source = ROOT / "notebooks" / f"{NOTEBOOKS[unit]}.md"
    built = builder().build(source.read_text(encoding="utf-8"))
    now = read(built)
    as_cells = [(cell.cell_type, cell.source) for cell in now.cells]
    assert [(cell.cell_type, cell.source) for cell in committed(unit).cells] == as_cells, "stale: run `make notebooks`"
    assert source.with_suffix(".ipynb").read_text(encoding="utf-8") == built, "stale: run `make notebooks`"


def test_every_text_source_has_a_unit_here() -> None:
    assert [source.stem for source in builder().sources()] == sorted(NOTEBOOKS.values())


def test_a_build_depends_on_the_text_alone() -> None:
    build = builder().build
    text = (ROOT / "notebooks" / "06_layers.md").read_text(encoding="utf-8")
    assert build(text) == build(text)
    assert build(text) != build(text.replace("Upstream times local", "Local times upstream"))


@units
def test_the_notebook_holds_no_outputs(unit: str) -> None:
    assert all(cell.outputs == [] and cell.execution_count is None for cell in code_cells(committed(unit)))


@units
def test_exercises_and_questions_stand_in_the_order_of_the_catalogue(unit: str) -> None:
    shown: list[str] = []
    for cell in code_cells(committed(unit)):
        if is_check(cell):
            shown += [str(node.value) for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Constant)]
        shown += [f"{unit}.{name}" for name in re.findall(r"^print\(getdoc\((\w+)", cell.source)]
    assert shown == [exercise.name for exercise in catalogue().unit(unit).exercises]
