"""The files of the bank that a notebook becomes: model answers, declarations, tests, course file; as texts."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass

from grader.conversion.asserts import Asserted
from grader.conversion.functions import Function, Gathered, marked
from grader.conversion.inputs import Declared, literal

__all__ = ["Asked", "bank_text", "face_text", "reference_text", "shape_of", "test_text", "unit_text"]

HELPERS = {"plain", "forward_pass", "backward_pass", "Unit", "np"}
MOST_PROSE = 600


@dataclass
class Asked:
    """An exercise: its function, its inputs, its points, and what the tests said of it."""

    function: Function
    declared: Declared
    points: float
    asserted: tuple[Asserted, ...]
    relative: float | None = None
    form: str = "plain"
    out: tuple[str, ...] = ()


def reference_text(title: str, gathered: Gathered) -> tuple[str, list[str]]:
    """Return the text of the model answers, and the functions that had no docstring and got the prose above them."""
    bare = []
    parts = [
        f'"""{_quoted(title)}.\n\nConverted from the notebook of a course; each docstring says what is asked.\n"""',
        "from __future__ import annotations",
    ]
    parts += [
        "\n".join(sorted(p for p in gathered.before if p.startswith(("import ", "from ")) and "__future__" not in p))
    ]
    parts += [p for p in gathered.before if not p.startswith(("import ", "from "))]
    parts += [_given(text) for text in gathered.given]
    for function in gathered.functions:
        text = function.text
        if ast.get_docstring(function.node) is None:
            text = _documented(function)
            bare.append(function.name)
        parts.append("\n" + marked(text))
    return "\n\n".join(part for part in parts if part.strip()) + "\n", bare


def _given(text: str) -> str:
    """Return a function that students get whole, with the mark that stubs keep it by."""
    return f"\n{GIVEN}\n{text}"


GIVEN = "### GIVEN"


def _documented(function: Function) -> str:
    """Return the text of a function with the prose above it as its docstring."""
    lines = function.text.split("\n")
    node = ast.parse(function.text).body[0]
    assert isinstance(node, ast.FunctionDef)
    first = node.body[0]
    indent = " " * first.col_offset
    prose = _prose(function.prose) or f"{function.name}, as the notebook asks it"
    at = min(first.lineno, *(d.lineno for d in getattr(first, "decorator_list", [])), 10**9) - 1
    while at > node.lineno and lines[at - 1].lstrip().startswith("#"):
        at -= 1
    docstring = f'{indent}"""{prose}"""'.split("\n")
    return "\n".join([*lines[:at], docstring[0], *(f"{indent}{x}".rstrip() for x in docstring[1:]), *lines[at:]])


def _prose(markdown: str) -> str:
    """Return the beginning of some prose as the inside of a docstring."""
    paragraphs = [p.strip() for p in re.split(r"\n\s*\n", markdown) if p.strip()]
    kept = "\n\n".join(re.sub(r"^#+\s*|\*\*", "", p) for p in paragraphs[:3])[:MOST_PROSE].strip()
    return _quoted(kept)


def _quoted(text: str) -> str:
    """Return a text that can stand between triple quotes."""
    text = "".join(c for c in text if c == "\n" or c.isprintable())
    return text.replace("\\", "\\\\").replace('"""', "'''").rstrip('"').strip()


# ------------------------------------------------------------------------------------ declarations
def face_text(unit: str) -> str:
    """Return the text of ``bank/__init__.py``."""
    return f'UNITS = ("{unit}",)\n"""The units of this bank; each is a module or package here."""\n'


def unit_text(unit: str, title: str) -> str:
    """Return the text of the unit's package, which names its modules."""
    return (
        f'"""Unit 01, {unit}."""\n\nfrom __future__ import annotations\n\nfrom grader.judging import Unit\n\n'
        f'from . import converted\n\n__all__ = ["UNIT"]\n\nUNIT = Unit.of_modules("{unit}", 1, {title!r}, (converted,))\n'
    )


def bank_text(unit: str, exercises: Sequence[Asked]) -> str:
    """Return the text of the declarations."""
    words = sorted(
        {w for e in exercises for w in e.declared.words}
        | ({"OMITTED"} if any("OMITTED" in t for e in exercises for t in e.declared.inputs.values()) else set())
    )
    body = "\n\n".join(_declaration(unit, e) for e in exercises)
    imports = ["import numpy as np", ""] if "np." in body else []
    forms = sorted({e.form for e in exercises})
    imports += [f"from grader.bank.forms import {', '.join(forms)}"] if forms else []
    imports += [f"from grader.judging import {', '.join(words)}"] if words else []
    head = '"""The exercises, as they were converted: see CONVERSION.md. The mistakes of your students are yet to be declared."""'
    return "\n".join([head, "", "from __future__ import annotations", "", *imports, "", body, ""])


def _declaration(unit: str, asked: Asked) -> str:
    name, function = asked.function.name, asked.function
    variable = f"{name}_exercise" if name in asked.declared.words | HELPERS else name
    inputs = "".join(f"        {key!r}: {text},\n" for key, text in asked.declared.inputs.items())
    inputs = f"{{\n{inputs}    }}" if inputs else "{}"
    parts = [repr(f"{unit}.{name}"), inputs]
    if asked.form == "plain":
        parts.append(_tuple(function.returns))
    elif asked.form == "backward_pass":
        parts.append(_tuple(asked.out))
    parts.append(f"points={asked.points:g}")
    if asked.form == "backward_pass":
        parts.append(f"outputs={_tuple(function.returns)}")
    if asked.relative is not None:
        parts.append(f"tolerance={asked.relative:g}")
    return f"{variable} = {asked.form}(\n" + "".join(f"    {part},\n" for part in parts) + ")"


def _tuple(names: Sequence[str]) -> str:
    return f"({', '.join(map(repr, names))}{',' if len(names) == 1 else ''})"


# ------------------------------------------------------------------------------------------ tests
def test_text(unit: str, exercises: Sequence[Asked]) -> str:
    """Return the text of the bank's tests: its declarations can be right, the model answers have the asserted values."""
    rows = [row for e in exercises for claim in e.asserted if (row := _row(e, claim))]
    imports = "import numpy as np\nimport pytest\n" if rows else ""
    text = TESTS.format(unit=unit, imports=imports)
    if not rows:
        return text
    return text + ASSERTED.format(rows="\n".join(f"    {row}," for row in rows), unit=unit)


def _row(asked: Asked, claim: Asserted) -> str:
    args = [literal(a) for a in claim.call.args]
    named = {k: literal(v) for k, v in claim.call.named.items()}
    value = literal(claim.value)
    if not all((*args, *named.values(), value)):
        return ""
    inside = ", ".join(f"{k!r}: {v}" for k, v in named.items())
    call = f"({', '.join(args)}{',' if len(args) == 1 else ''}), {{{inside}}}"
    return f"({asked.function.name!r}, {call}, {claim.output!r}, {value})"


TESTS = '''"""Unit `{unit}`: its declarations can be right, and nothing is left to be filled in."""

from __future__ import annotations

from pathlib import Path

{imports}
from grader.bank import catalogue, refusals, unfinished

UNIT = catalogue((Path(__file__).parents[1],)).unit("{unit}")


def test_its_declarations_can_be_right() -> None:
    assert refusals(UNIT) == []


def test_nothing_is_left_to_be_filled_in() -> None:
    assert unfinished(UNIT) == []
'''
ASSERTED = """

ASSERTED = [
    # Function, arguments, arguments by name, which of its outputs (None: the one), and the value that the notebook asserted.
{rows}
]


@pytest.mark.parametrize("number", range(len(ASSERTED)))
def test_the_model_answer_has_the_value_that_was_asserted(number: int) -> None:
    name, args, named, output, value = ASSERTED[number]
    got = next(e for e in UNIT.exercises if e.function == name).answer()(*args, **named)
    got = got if output is None else got[output]
    if isinstance(value, (str, bool, type(None))):
        assert got == value
    else:
        np.testing.assert_allclose(got, value, rtol=1e-3, atol=1e-6)
"""


def shape_of(function: Function) -> str:
    """Return the head of a function, for people."""
    return f"{function.name}({ast.unparse(function.node.args)})"[:160]
