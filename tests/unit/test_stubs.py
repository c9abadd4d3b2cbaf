"""Stubs: how they are derived, and how it is told that nothing was written in them."""

from __future__ import annotations

import ast
import re
import shutil
from pathlib import Path
from textwrap import dedent

import pytest
from answers import model_answers

from grader.bank import catalogue, stub_files, stubs
from grader.errors import BankError
from grader.submission.untouched import is_unattempted, is_untouched, stub_nodes

CHECKOUT = Path(__file__).parents[2]

SOURCE = dedent('''\
    """Unit 99, samples."""

    import numpy as np

    ### BEGIN SOLUTION
    def _secret(x):
        return np.tanh(x)


    ### END SOLUTION
    GIVEN = 1


    def half(x, w):
        """Half of it is given."""
        scale = GIVEN
        ### BEGIN SOLUTION
        out = _secret(x) * w * scale
        ### END SOLUTION
        cache = (x, w)
        return out, cache


    def whole(x):
        """All of it is asked."""

        # a telling comment
        y = _secret(x)
        return y
        # another one


    def tail(x):
        """It ends with its region."""
        ### BEGIN SOLUTION
        return x
        ### END SOLUTION


    class Value:
        """A class keeps what is outside of regions."""

        def backward(self):
            """Go back."""
            ### BEGIN SOLUTION
            self.grad = 1
            ### END SOLUTION


    def _helper(x):
        return x + 1
    ''')


# ------------------------------------------------------------------------------------- derivation
def test_a_part_of_a_unit_in_a_file_of_its_own_stands_behind_the_rest() -> None:
    parts = {"u_more": '"""More."""\nimport numpy as np\n\n\ndef g():\n    """G."""\n    return 2\n'}
    whole = stubs.assembled(
        '"""Unit."""\nimport numpy as np\n\nfrom reference.u_more import g\n\n\ndef f():\n    """F."""\n    return 1\n',
        "u",
        parts.__getitem__,
    )
    assert "u_more" not in whole
    stub = stubs.derive(whole, "u")
    assert stub.index("def f()") < stub.index("def g()")
    assert stub.count("import numpy") == 1
    assert "return" not in stub.partition("def f()")[2]


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("from functools import partial", "from functools import partial"),
        ("import numpy as n", "import numpy as n"),
        ("from math import pi, sin as tanh", "from math import pi"),
        ("Array = list", "Array = list"),
        ("COUNT: int = 3", "COUNT: int = 3"),
        ("a, b = 1, 2", "a, b = (1, 2)"),
    ],
)
def test_a_part_that_needs_what_the_unit_does_not_begin_with_is_refused(head: str, said: str) -> None:
    """Rejects a module of answers in which a name of its second file is not there: right ones failed by it."""
    unit = "import numpy as np\nfrom math import tanh\nArray = np.ndarray\n\nfrom reference.u_more import g\n\n\ndef f(): ...\n"
    with pytest.raises(
        BankError, match=rf"^reference/u_more.py: reference/u.py, .* must begin with this too: {re.escape(said)}$"
    ):
        stubs.assembled(unit, "u", lambda _: f"{head}\n\n\ndef g(): ...\n")
    assert stubs.assembled(unit, "u", lambda _: "import numpy as np\nArray = np.ndarray\n\n\ndef g(): ...\n")


def test_solutions_become_one_raise_and_the_rest_stays():
    stub = stubs.derive(SOURCE, "samples")
    assert (
        '"""Half of it is given."""\n    scale = GIVEN\n    raise NotImplementedError("samples.half: not written yet")\n'
        in stub
    )
    assert "    cache = (x, w)\n    return out, cache\n" in stub
    assert (
        '"""All of it is asked."""\n    raise NotImplementedError("samples.whole: not written yet")\n\n\ndef tail'
        in stub
    )
    assert '"""It ends with its region."""\n    raise NotImplementedError("samples.tail: not written yet")\n' in stub
    assert '        raise NotImplementedError("samples.Value.backward: not written yet")\n' in stub
    assert "import numpy as np\n\nGIVEN = 1\n" in stub
    assert stub.endswith("def _helper(x):\n    return x + 1\n")
    for leak in ("SOLUTION", "_secret", "telling", "another", "self.grad"):
        assert leak not in stub


def test_the_stub_speaks_to_the_student():
    docstring = ast.get_docstring(ast.parse(stubs.derive(SOURCE, "samples")))
    assert docstring is not None
    assert docstring.startswith("Unit 99, samples.")
    assert "yours to write" in docstring
    assert "``status()``" in docstring
    assert "gradmark" not in docstring, "a kit has no such command"


HEAD = '"""Unit."""\n\n\n'


@pytest.mark.parametrize(
    ("body", "line", "says"),
    [
        ("def f():\n    '''Do.'''\n    ### END SOLUTION\n", 6, "END SOLUTION without BEGIN"),
        ("def f():\n    '''Do.'''\n    ### BEGIN SOLUTION\n    return 1\n", 6, "BEGIN SOLUTION without END"),
        (
            "def f():\n    '''Do.'''\n    ### BEGIN SOLUTION\n    # BEGIN SOLUTION\n    return 1\n    ### END SOLUTION\n",
            7,
            "begins on line 6",
        ),
        (
            (
                "def f():\n    '''Do.'''\n    ### BEGIN SOLUTION\n    return 1\n\n\n"
                "def g():\n    '''Do.'''\n    ### END SOLUTION\n    return 2\n"
            ),
            6,
            "ends in another function, on line 12",
        ),
        ("### BEGIN SOLUTION\nif True:\n    ### END SOLUTION\n    x = 1\n", 12, "does not parse"),
        ("def f():\n    return 1\n", 4, "no docstring"),
        ("def f(:\n", 4, "does not parse"),
    ],
    ids=["end", "begin", "nested", "crossing", "remainder", "undocumented", "syntax"],
)
def test_what_cannot_be_derived_names_file_and_line(body: str, line: int, says: str):
    with pytest.raises(BankError, match=says) as caught:
        stubs.derive(HEAD + body, "samples")
    assert str(caught.value).startswith("reference/samples.py")
    assert f":{line}: " in str(caught.value)


def test_a_module_without_docstring_is_refused():
    with pytest.raises(BankError, match=r"reference/samples\.py:1: the module has no docstring"):
        stubs.derive("x = 1\n", "samples")


def test_a_misspelt_marker_does_not_hand_out_the_solution():
    stub = stubs.derive(
        HEAD + "def f():\n    '''Do.'''\n    #BEGIN SOLUTION\n    return 42\n    # END SOLUTION\n", "samples"
    )
    assert "42" not in stub


# ------------------------------------------------------------------------------------- committed
def test_committed_stubs_are_current():
    assert stub_files.stale(CHECKOUT) == [], "run `gradmark stubs`"


@pytest.mark.parametrize("unit", stub_files.UNITS)
def test_every_stub_raises_not_implemented(unit: str):
    """A function, or some method of a class; but for planted faults, and for what is given to students as it is."""
    planted, asked = stub_files._planted(unit), {e.function for e in catalogue().unit(unit).exercises}
    assert len(asked) >= 10
    nodes = stub_nodes(stub_files.stub_source(unit))
    assert asked <= nodes.keys()
    for name in asked - planted.keys():
        refused = [
            n for n in ast.walk(nodes[name]) if isinstance(n, ast.Raise) and "NotImplementedError" in ast.dump(n)
        ]
        said = {n.exc.args[0].value for n in refused}
        own = {f"{unit}.{name}: not written yet"}
        methods = {m.name for m in nodes[name].body if isinstance(m, ast.FunctionDef)}
        assert said == own or (said and said <= {f"{unit}.{name}.{m}: not written yet" for m in methods}), name


@pytest.mark.parametrize("unit", stub_files.UNITS)
def test_a_stub_keeps_prompt_and_signature_and_no_line_of_a_solution(unit: str):
    model, stub = (stub_nodes(text) for text in (model_answers(unit), stub_files.stub_source(unit)))
    assert [name for name in model if name in stub or not name.startswith("_")] == list(stub)
    asked = {e.function for e in catalogue().unit(unit).exercises}
    for name, node in model.items():
        if name not in stub:
            continue  # a helper in a region of its own
        assert ast.get_docstring(node) == ast.get_docstring(stub[name])
        if isinstance(node, ast.FunctionDef):
            given = node.args
            given.kwonlyargs, given.kw_defaults = [], []  # what is personal stands in the text of a stub
            assert ast.dump(given) == ast.dump(stub[name].args)
        assert is_untouched(node, stub[name]) == (name not in asked)
        assert is_unattempted(node, stub[name]) == (name not in asked)
    solutions = model_answers(unit).split("### BEGIN SOLUTION\n")[1:]
    kept = stub_files.stub_source(unit)
    for solution in solutions:
        assert solution.partition("    ### END SOLUTION")[0] not in kept


def test_stale_and_write_in_a_checkout(tmp_path: Path):
    shutil.copytree(CHECKOUT / "reference", tmp_path / "reference", ignore=shutil.ignore_patterns("__pycache__"))
    every = [tmp_path / "exercises" / f"{unit}.py" for unit in stub_files.UNITS]
    layers, optimizers = (tmp_path / "exercises" / f"{unit}.py" for unit in ("layers", "optimizers"))
    assert stub_files.stale(tmp_path) == every
    assert stub_files.write(tmp_path) == every
    assert stub_files.stale(tmp_path) == []
    assert stub_files.write(tmp_path) == []
    layers.write_text(layers.read_text(encoding="utf-8") + "# edited\n", encoding="utf-8")
    assert stub_files.stale(tmp_path) == [layers]
    assert stub_files.write(tmp_path) == [layers]
    answers = tmp_path / "reference" / "optimizers.py"
    answers.write_text(answers.read_text(encoding="utf-8").replace("Gradient descent:", "Descent:"), encoding="utf-8")
    assert stub_files.stale(tmp_path) == [optimizers]


def test_a_folder_without_model_answers_is_refused(tmp_path: Path):
    (tmp_path / "exercises").mkdir()
    (tmp_path / "exercises" / "layers.py").write_text("")
    with pytest.raises(BankError, match=r"no reference/layers\.py"):
        stub_files.stale(tmp_path)
    with pytest.raises(BankError, match="'nonsense' are not installed"):
        stub_files.stub_source("nonsense")
