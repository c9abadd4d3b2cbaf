"""The card that a student sees: what it says, that it is safe whatever their code says, and that it reads without colour."""

from __future__ import annotations

import math
import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, get_args

import pytest
from legible import RGB, contrast, rgb

from grader.bank import catalogue
from grader.items import item_of
from grader.report import Card, HowCalled, Picture, card, how_called, overview
from grader.report.card_parts import BLUE, GREY, ON_BLUE, ON_GREY, ON_ORANGE, ORANGE, SHADES
from grader.report.wording import SIGNS, WORDS, check_words
from grader.result import CheckResult, Counterexample, Diagnosis, ItemResult
from grader.statuses import ItemStatus
from grader.student import check_path

HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(1)>\x1b[31mX\x07\u202eevil\x00&'
WRITTEN = {
    "layers.relu_backward": """
def relu_forward(x):
    return np.maximum(x, 0), x
def relu_backward(dout, cache):
    return dout * (dout > 0)
""",
    "layers.affine_backward": """
def affine_forward(x, w, b):
    return x.reshape(len(x), -1) @ w + b, (x, w, b)
def affine_backward(dout, cache):
    x, w, b = cache
    return (dout @ w.T).reshape(x.shape), x.reshape(len(x), -1).T @ dout, dout.mean(axis=0)
""",
    "layers.relu_forward": """
def relu_forward(x):
    positive = x > 0
    return x[positif], x
""",
    "layers.softmax_forward": """
def softmax_forward(x):
    e = np.exp(x)
    return e / e.sum(axis=-1, keepdims=True), None
""",
    "layers.tanh_backward": "def tanh_backward(dout, cache):\n    raise NotImplementedError\n",
    "layers.tanh_forward": "def tanh_forward(x):\n    return '<script>alert(1)</script>', x\n",
    "layers.sigmoid_forward": "def tanh_forward(x):\n    return np.tanh(x), x\n",
}
RIGHT = """
def relu_forward(x):
    return np.maximum(x, 0), x
def relu_backward(dout, cache):
    return dout * (cache > 0)
"""


def judged(tmp_path: Path, exercise: str, source: str) -> ItemResult:
    """The item that the public checks make of source code."""
    path = tmp_path / f"{exercise.partition('.')[0]}.py"
    path.write_text(f"import numpy as np\n{source}", encoding="utf-8")
    return next(found.item for found in check_path(path) if found.exercise.name == exercise)


def written(tmp_path: Path, exercise: str) -> ItemResult:
    return judged(tmp_path, exercise, WRITTEN[exercise])


def a_check(name: str = "example", status: Any = "wrong", **more: Any) -> CheckResult:
    kind: Any = name.partition(":")[0]
    return CheckResult(name=name, kind=kind, visibility="public", status=status, score=0, max_score=0, **more)


def an_item(*checks: CheckResult, status: Any = "wrong", exercise: str = "layers.f", message: str = "") -> ItemResult:
    return ItemResult(exercise=exercise, status=status, score=0, max_score=1, message=message, checks=list(checks))


def shown(expected: Any, got: Any, index: list[int] | None = None, **inputs: Any) -> ItemResult:
    worst = {} if index is None else {"output": "out", "index": index}
    given = inputs or {"x": [1.0]}
    example = Counterexample(inputs=given, expected={"out": expected}, got={"out": got}, worst=worst)
    return an_item(a_check(message="out is off", counterexample=example))


class Page(HTMLParser):
    """The elements of a card: (tag, attributes, text inside)."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None], list[str]]] = []
        self.open: list[tuple[str, dict[str, str | None], list[str]]] = []
        self.feed(html)
        self.close()
        assert not self.open, "every element is closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element: tuple[str, dict[str, str | None], list[str]] = (tag, dict(attrs), [])
        self.elements.append(element)
        if tag not in ("br", "img", "wbr"):
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        for _, _, inside in self.open:
            inside.append(data)

    def texts(self, tag: str) -> list[str]:
        return ["".join(inside) for name, _, inside in self.elements if name == tag]

    @property
    def text(self) -> str:
        return "".join(self.elements[0][2])


ALLOWED = {
    *("section", "p", "span", "strong", "div", "table", "caption", "thead", "tbody", "tr", "th", "td", "br", "wbr", "pre"),
    *("details", "summary", "figure", "figcaption", "img"),
}  # fmt: skip
ATTRIBUTES = {"style", "aria-label", "aria-hidden", "role", "scope", "tabindex", "alt", "src"}


def is_safe(made: Card, lines: int = 12) -> Page:
    """Hold a card to what every card is: few elements, nothing that acts or loads, twelve short lines of text."""
    page = Page(made.html)
    for tag, attributes, _ in page.elements:
        assert tag in ALLOWED
        assert set(attributes) <= ATTRIBUTES, tag
        assert "url(" not in (attributes.get("style") or "")
        assert attributes.get("src", "data:image/svg+xml;base64,") or ""
        assert (attributes.get("src") or "data:image/svg+xml;base64,").startswith("data:image/svg+xml;base64,")
        assert attributes.get("tabindex") in (None, "0")
        assert tag != "img" or attributes["alt"]
    rows = made.text.split("\n")
    assert len(rows) <= lines
    assert max(map(len, rows)) <= 100
    for text in (made.html, made.text):
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", text)
    return page


# ------------------------------------------------------------------------------------------ from real wrong answers
@pytest.mark.parametrize("exercise", WRITTEN)
def test_every_verdict_is_said_in_words_with_its_sign(tmp_path: Path, exercise: str) -> None:
    item = written(tmp_path, exercise)
    made = card(item, later=3)
    page = is_safe(made)
    assert made.text.startswith(f"{SIGNS[item.status]} {exercise}: {WORDS[item.status]}\n")
    assert page.texts("p")[0] == f"{SIGNS[item.status]} {exercise}: {WORDS[item.status]}"
    assert "; 3 more run at grading" in made.text
    assert "; 3 more run at grading" in page.text
    assert page.elements[0][1]["aria-label"] == f"{exercise}: {WORDS[item.status]}"


def test_a_right_answer_is_not_said_to_have_passed_all(tmp_path: Path) -> None:
    item = judged(tmp_path, "layers.relu_backward", RIGHT)
    assert (
        card(item, later=3).text
        == "✓ layers.relu_backward: passed\n  public checks 4 of 4 passed; 3 more run at grading"
    )
    assert card(item, later=1).text.endswith("4 of 4 passed; 1 more runs at grading")
    assert card(item).text.endswith("public checks 4 of 4 passed")
    assert "all passed" not in card(item, later=3).html.lower()


def test_one_fault_is_told_once_with_its_diagnosis_first(tmp_path: Path) -> None:
    made = card(written(tmp_path, "layers.relu_backward"), later=3)
    page = is_safe(made)
    for text in (made.text, page.text):
        assert text.count("The mask comes from dout.") == 1
        assert text.count("it must be") == 1
        # The slope fails for the same reason: it is in the list of checks, and told nowhere else.
        assert "the slope of relu_forward there is" not in text
    assert made.text.index("The mask") < made.text.index("it must be")
    rows = [row for row in page.texts("tr") if "passed" in row or "wrong" in row]
    assert rows == [
        "shapes and types, and the same answer twice✓ passed",
        "the worked examples✗ wrong",
        "the slope of your own forward pass✗ wrong",
        "linear in dout✗ wrong",
    ]


def test_which_outputs_are_right_is_said_where_the_checks_tell(tmp_path: Path) -> None:
    item = written(tmp_path, "layers.affine_backward")
    for text in (" ".join(card(item).text.split()), Page(card(item).html).text):
        assert "dx and dw are right in every case tried, only db is wrong" in text
        assert text.count("only db is wrong") == 1, "it is told once"
    plain = replace(item, checks=[replace(check, message=check.message.partition(";")[0]) for check in item.checks])
    assert "dx and dw are right here, only db is wrong." in card(plain).text
    assert "right here" not in card(written(tmp_path, "layers.relu_backward")).text
    given = card(shown([1.0], [2.0], [0]), right=["loss"], wrong=["dw"])
    assert "loss is right here, only dw and out are wrong." in given.text


def test_an_output_is_not_called_right_where_something_raised() -> None:
    checks = (a_check("gradient:dx", "passed"), a_check("gradient:dw", "wrong"), a_check("example", "raised"))
    assert "right here" not in card(an_item(*checks)).text
    assert "dx is right here, only dw is wrong." in card(an_item(*checks[:2])).text


def test_what_raised_shows_the_students_own_line(tmp_path: Path) -> None:
    made = card(written(tmp_path, "layers.relu_forward"))
    page = is_safe(made)
    assert "line 5 of layers.py, in relu_forward" in page.text
    assert page.texts("pre")[0].startswith("return x[positif], x")
    assert "line 5 of layers.py, in relu_forward:\n    return x[positif], x" in made.text
    assert str(tmp_path) not in made.text


def test_the_own_line_is_not_one_of_a_library() -> None:
    trace = (
        "raised\n"
        '  File "/home/a/ipykernel_12/34.py", line 3, in f\n    return np.linalg.inv(x)\n'
        '  File "/usr/lib/python3/site-packages/numpy/linalg.py", line 615, in inv\n    ainv = _umath_linalg.inv(a)'
    )
    made = card(an_item(a_check("contract", "raised", message=trace), status="raised"))
    assert "line 3 of your notebook, in f:\n    return np.linalg.inv(x)" in made.text
    assert "615" not in made.text
    assert "line 615" in made.html  # folded: the whole way
    only_theirs = "raised\n  File '/x', not a frame"
    assert "not a frame" in card(an_item(a_check("contract", "raised", message=only_theirs), status="raised")).html


def test_work_not_begun_is_told_in_two_or_three_lines(tmp_path: Path) -> None:
    made = card(written(tmp_path, "layers.tanh_backward"), later=3)
    assert made.text == "· layers.tanh_backward: not attempted\n  4 public checks; 3 more run at grading"
    assert "<details" not in made.html
    assert "there is no function sigmoid_forward" in card(written(tmp_path, "layers.sigmoid_forward")).text


@pytest.mark.parametrize("status", get_args(ItemStatus))
def test_every_status_has_a_card_and_a_row(status: Any) -> None:
    fault = "wrong" if status == "partial" else status
    item = an_item(a_check("contract", fault, message="" if status == "passed" else "it says so"), status=status)
    page = is_safe(card(item, later=1))
    assert WORDS[item.status] in page.text
    row = is_safe(overview("layers", [(item, 1)])).text
    assert SIGNS[item.status] in row
    assert WORDS[item.status] in row


def test_an_item_without_public_checks_says_so() -> None:
    assert "no public checks; 2 checks at grading" in card(an_item(status="skipped"), later=2).text


# ------------------------------------------------------------------------------------------------ hostile text
def test_nothing_from_a_student_acts() -> None:
    example = Counterexample(
        inputs={HOSTILE: [1.0], "x": HOSTILE, "y": {HOSTILE: [HOSTILE]}},
        expected={HOSTILE: HOSTILE, "out": [1.0]},
        got={HOSTILE: HOSTILE, "out": HOSTILE},
        worst={"output": HOSTILE, "index": [HOSTILE]},
        graph={
            "inputs": {HOSTILE: HOSTILE},
            "steps": [{"name": HOSTILE, "operation": HOSTILE, "arguments": [HOSTILE, 2.0], "value": HOSTILE}],
            "wrong": HOSTILE,
            "expected": HOSTILE,
        },
    )
    trace = f'{HOSTILE}\n  File "{HOSTILE}", line 3, in {HOSTILE}\n    {HOSTILE}\n{HOSTILE * 500}'
    diagnosis = Diagnosis(mistake=HOSTILE, text=HOSTILE, certainty="exact")
    checks = [
        a_check(f"value:{HOSTILE}", message=HOSTILE, counterexample=example, diagnosis=diagnosis, notes=[HOSTILE]),
        a_check(f"gradient:{HOSTILE}", message=HOSTILE),
        a_check(f"law:{HOSTILE}", message=HOSTILE),
        a_check("example", "raised", message=trace, counterexample=example),
    ]
    item = an_item(*checks, exercise=HOSTILE, message=HOSTILE)
    picture = Picture("<svg xmlns='x'/>", HOSTILE, HOSTILE)
    page = is_safe(card(item, right=[HOSTILE], wrong=[HOSTILE], pictures=[picture]))
    assert "<script>alert(1)</script>" in page.text  # as text, to be read
    assert "alert" in page.texts("pre")[0]
    is_safe(overview(HOSTILE, [(item, 1)]))


def test_a_vast_message_stays_twelve_lines() -> None:
    checks = [
        a_check(message="long " * 9000),
        a_check("value", "raised", message="\n".join(["row"] * 900), notes=["n" * 900]),
    ]
    is_safe(card(an_item(*checks, exercise="u." + "f" * 5000), later=10**6))


# --------------------------------------------------------------------------------------------------- the values
def framed(page: Page) -> list[str]:
    return ["".join(text) for tag, attributes, text in page.elements if tag == "td" and "border:2px" in str(attributes)]


def shades(page: Page) -> list[str]:
    """The background of each entry of the table that holds what came."""
    styles = [str(a["style"]) for tag, a, _ in page.elements if tag == "td" and "right" in str(a.get("style"))]
    return [style.partition("rgba(213,94,0,")[2].partition(")")[0] for style in styles]


def test_the_worst_entry_is_framed_in_what_came_and_in_what_was_expected() -> None:
    made = card(shown([[0.0, 1.0], [2.0, 3.0]], [[0.0, 1.0], [2.5, 7.0]], [1, 1]))
    page = is_safe(made)
    assert framed(page) == ["▸3.0◂", "▸7.0◂"]
    assert "▸3.0◂" in made.text
    assert "out[1, 1], the worst for its size" in page.text
    assert "2 of 4 entries are off, by 4 at most" in page.text


def test_cells_are_shaded_by_how_far_they_are_off() -> None:
    page = is_safe(card(shown([[0.0, 0.0, 0.0]], [[0.0, 1.0, 5.0]], [0, 2])))
    found = shades(page)[-3:]
    assert found[0] == ""
    assert 0 < float(found[1]) < float(found[2])
    # Beside NaN an error of 1e-200 is the smallest there is.
    page = is_safe(card(shown([[1e-200, 1.0]], [[0.0, math.nan]], [0, 1])))
    small, lost = map(float, shades(page)[-2:])
    assert small < lost
    assert "2 of 2 entries are off: 1 not finite, the others by 1e-200 at most" in page.text


def test_an_array_of_three_axes_has_an_index_a_row() -> None:
    value = [[[float(8 * i + 2 * j + k) for k in range(2)] for j in range(4)] for i in range(4)]
    got = [[[-x for x in row] for row in plane] for plane in value]
    page = is_safe(card(shown(value, got, [3, 3, 1])))
    assert "4 × 4 × 2" in page.text
    assert "rows 8–15 of 16 are shown" in page.text
    assert "[3, 3]" in page.texts("th")
    assert "▸-31◂" in framed(page)


def test_a_window_of_a_wide_array_has_the_numbers_of_its_own_columns() -> None:
    page = is_safe(card(shown([[0.0] * 30], [[*[0.0] * 25, 9.0, *[0.0] * 4]], [0, 25])))
    heads = [text for text in page.texts("th") if text.isdigit()]
    assert "25" in heads
    assert "28" in heads
    assert "20" not in heads
    assert float(shades(page)[-4]) > 0  # the entry in column 25, with columns 26 to 28 behind it
    assert shades(page)[-3:] == ["", "", ""]


@pytest.mark.parametrize(
    ("expected", "got", "says"),
    [
        (["NaN", 1.0], [0.0, "Infinity"], ("NaN", "inf")),
        ([math.nan, -math.inf], [0.0, 1.0], ("NaN", "-inf")),
        ("left", "right", ("left", "right")),
        (1.0, None, ("1", "None")),
        ([], [1.0], ("[]", "1")),
        ([[1.0], [2.0]], [1.0, 2.0], ("2 × 1", "2")),
        ([True, False], [True, True], ("False", "True")),
        ("an array of shape (90, 90)", [1.0], ("(90, 90)", "1")),
    ],
)
def test_values_of_every_kind_are_shown(expected: Any, got: Any, says: tuple[str, str]) -> None:
    page = is_safe(card(shown(expected, got)))
    assert all(said in page.text for said in says)


def test_tables_have_captions_and_headings() -> None:
    page = is_safe(card(shown([[0.0, 1.0]], [[0.0, 2.0]], [0, 1], x=[[1.0, 2.0]])))
    assert page.texts("caption") == ["x, 1 × 2", "expected out, 1 × 2", "got out, 1 × 2"]
    scopes = {attributes.get("scope") for tag, attributes, _ in page.elements if tag == "th"}
    assert scopes == {"col", "row"}
    wide = is_safe(card(shown([[0.123] * 8], [[0.456] * 8], [0, 1])))
    boxes = [
        a for tag, a, _ in wide.elements if tag == "div" and "overflow-x" in str(a.get("style")) and "tabindex" in a
    ]
    assert [box["aria-label"] for box in boxes] == ["expected out", "got out"]


def test_no_counterexample_no_values() -> None:
    made = card(an_item(a_check(message="it is not right")))
    assert is_safe(made).texts("caption") == []
    assert "Reproduce" not in made.html


def a_graph() -> ItemResult:
    steps = [
        {"name": "s", "operation": "sin", "arguments": ["x"], "value": 0.03},
        {"name": "a", "operation": "multiply", "arguments": ["x", 2.0], "value": 6.0},
        {"name": "b", "operation": "add", "arguments": ["a", "s"], "value": 6.03},
        {"name": "out", "operation": "square", "arguments": ["b"], "value": 36.4},
    ]
    graph = {"inputs": {"x": 3.0}, "steps": steps, "wrong": "s", "expected": 0.14112}
    example = Counterexample(inputs={"x": 3.0}, expected={"out": 37.7}, got={"out": 36.4}, graph=graph)
    return an_item(a_check(message="out is 36.4, it must be 37.7", counterexample=example), exercise="graphs.f")


def test_a_graph_is_a_table_of_steps_with_its_first_wrong_one() -> None:
    made = card(a_graph())
    rows = is_safe(made).texts("tr")
    assert "ssin(x)0.03▸ the first wrong step: it must be 0.14112" in rows
    assert "ax × 26" in rows
    assert "ba + s6.03inherited: it uses a wrong step" in rows
    assert "outb²36.4inherited: it uses a wrong step" in rows
    assert "s = sin(x) is 0.03, it must be 0.14112" in made.text


@pytest.mark.parametrize(
    "graph", [{"steps": 3}, {"steps": [{}]}, {"inputs": [1]}, {"steps": [{"name": 1, "arguments": 2}]}]
)
def test_what_is_no_graph_is_not_shown(graph: dict[str, Any]) -> None:
    example = Counterexample(inputs={"x": 3.0}, expected={"out": 1.0}, got={"out": 2.0}, graph=graph)
    assert "step by step" not in card(an_item(a_check(counterexample=example))).html


def test_a_picture_may_be_folded_under_its_caption() -> None:
    page = is_safe(card(a_graph(), pictures=[Picture("<svg xmlns='x'/>", "errors", "By step size", folded=True)]))
    assert "By step size" in page.texts("summary")
    assert page.texts("figcaption") == []


def test_a_picture_is_an_image_with_its_text() -> None:
    page = is_safe(card(a_graph(), pictures=[Picture("<svg xmlns='x'/>", "two paths", "Yours and the right one")]))
    (image,) = [attributes for tag, attributes, _ in page.elements if tag == "img"]
    assert image["alt"] == "two paths"
    assert page.texts("figcaption") == ["Yours and the right one"]


# ---------------------------------------------------------------------------------------------- to see it again
def test_the_lines_of_python_show_the_fault_again(tmp_path: Path) -> None:
    item = written(tmp_path, "layers.relu_backward")
    code = Page(card(item, later=3).html).texts("pre")[0]
    scope: dict[str, Any] = {}
    exec(f"import numpy as np\n{WRITTEN['layers.relu_backward']}", scope)
    exec(code, scope)
    example = next(check.counterexample for check in item.checks if check.counterexample)
    assert scope["dx"] == pytest.approx(scope["np"].array(example.got["dx"]), rel=1e-4)
    assert code.split("\n")[-1] == f"# expected: dx = np.array({example.expected['dx']})"


def test_a_list_of_arrays_is_built_as_one_and_a_list_of_shapes_is_not() -> None:
    html = card(shown([1.0], [2.0], [0], weights=[[[1.0, 2.0]], [[3.0], [4.0]]], shapes=[[2, 3], [4]])).html
    assert "weights = [np.array([[1.0, 2.0]]), np.array([[3.0], [4.0]])]\nshapes = [[2, 3], [4]]" in html


def test_how_a_function_is_called_comes_from_its_exercise() -> None:
    exercise = catalogue().exercise
    assert how_called(exercise("layers.affine_backward")) == HowCalled(
        "backward", "affine_backward", "affine_forward", ("dx", "dw", "db")
    )
    two = how_called(exercise("recurrent.lstm_step_backward"))
    assert two is not None
    assert two.upstream == ("dnext_h", "dnext_c")
    adam = how_called(exercise("optimizers.adam"))
    assert adam is not None
    assert adam.kind == "trajectory"
    assert how_called(exercise("graphs.network_graph")) is None
    assert how_called(exercise("forward_mode.jvp")) is None


def test_a_call_is_left_out_where_it_is_not_known_or_cannot_be_written() -> None:
    item = shown([1.0], [2.0], [0], x=[1.0], y="an array of shape (90, 90)")
    called = HowCalled("direct", "f", outputs=("out",))
    assert "f(" not in card(item, called=called).html
    item = shown([1.0], [2.0], [0], x=[1.0], config="omitted")
    assert "out = f(x)" in card(item, called=called).html
    assert "f(x)" not in card(item).html
    assert "# expected: out = np.array([1.0])" in card(item).html


# ------------------------------------------------------------------------------------------------------ the rest
def test_check_names_are_plain_words() -> None:
    words = [
        check_words(a_check(n))
        for n in ("value:dx", "value", "gradient:db", "gradient", "law:shift_invariant", "source")
    ]
    assert words == [
        "the values of dx",
        "the values",
        "db against the slope of your own forward pass",
        "the slope of your own forward pass",
        "shift invariant",
        "no loop in its source",
    ]
    for exercise in catalogue().unit("layers").exercises:
        assert not any(":" in words for words in map(check_words, item_of_none(exercise).checks))


def item_of_none(exercise: Any) -> ItemResult:
    """The item of an exercise with a passed verdict for each check."""
    from grader.judging import Verdict

    return item_of(exercise, [Verdict(check, "passed") for check in exercise.checks])


def test_a_bundle_has_both_forms_and_a_card_prints_as_text() -> None:
    made = card(a_graph())
    assert made._repr_mimebundle_() == {"text/html": made.html, "text/plain": made.text}
    assert made._repr_mimebundle_(include=["text/plain"]) == {"text/plain": made.text}
    assert made._repr_mimebundle_(exclude=["text/html"]) == {"text/plain": made.text}
    assert str(made) == repr(made) == made.text


def test_an_overview_has_a_row_an_exercise(tmp_path: Path) -> None:
    items = [(written(tmp_path, name), 3) for name in WRITTEN] + [(judged(tmp_path, "layers.relu_forward", RIGHT), 1)]
    made = overview("layers", items)
    page = is_safe(made, lines=1 + len(items))
    assert len(page.texts("tr")) == 1 + len(items)
    assert "layers: 1 of 8 exercises passed the public checks; 22 more run at grading" in made.text
    assert "✗ layers.relu_backward    wrong            The mask comes from dout." in made.text
    assert "relu_forward✓ passedpublic checks 2 of 2 passed; 1 more runs at grading" in page.texts("tr")


def over(top: RGB, alpha: float, ground: RGB) -> RGB:
    return tuple(alpha * t + (1 - alpha) * g for t, g in zip(top, ground, strict=True))  # type: ignore[return-value]  # likewise


THEMES = {  # ground and text of JupyterLab light and dark, VS Code dark, Colab dark
    "light": ("#ffffff", "#212121"),
    "dark": ("#111111", "#ffffff"),
    "vscode": ("#1e1e1e", "#cccccc"),
    "colab": ("#383838", "#d5d5d5"),
}


@pytest.mark.parametrize("theme", THEMES)
def test_contrast_is_enough_in_light_and_dark(theme: str) -> None:
    """WCAG 2.2: 4.5 for text, 3 for what is drawn."""
    ground, ink = map(rgb, THEMES[theme])
    assert all(contrast(rgb(border), ground) >= 3 for border in (BLUE, ORANGE, GREY))
    assert all(contrast(rgb(under), (255, 255, 255)) >= 4.5 for under in (ON_BLUE, ON_ORANGE, ON_GREY))
    assert contrast(over(ink, 0.8, ground), ground) >= 4.5
    for shade in SHADES[1:]:
        alpha = float(shade.rpartition(",")[2].rstrip(")"))
        assert contrast(ink, over(rgb(ORANGE), alpha, ground)) >= 4.5
    assert contrast(ink, over((86, 180, 233), 0.15, ground)) >= 4.5


def test_a_card_needs_nothing_that_a_student_has_not() -> None:
    code = (
        "import sys\nfrom grader.report import card, overview, Card, Picture\n"
        "bad = {'rich', 'jinja2', 'markupsafe', 'pydantic', 'orjson', 'reference', 'grader.bank'} & set(sys.modules)\n"
        "assert not bad, bad\nassert callable(card) and callable(overview)\n"
        "import grader.report.cards\nfrom grader.report import card as again\nassert again is card"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
