"""Pictures of paths, errors and norms: what they show, what they say, and what they refuse to draw."""

from __future__ import annotations

import base64
import html
import math
import re
import subprocess
import sys
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from legible import contrast

from grader.bank import catalogue
from grader.diagnosis import explain
from grader.items import item_of
from grader.judging import Judge
from grader.report.pictures import Picture, img, norms, path, picture_of, step_sizes
from grader.report.plot import COLOURS, DASHES, PANELS, TEXTS, short
from grader.result import Counterexample
from grader.student.answers import LocalAnswers
from grader.student.public import public_unit

RIGHT = [[1.0, 2.0], [0.9, 1.5], [0.8, 1.1], [0.7, 0.8]]
WRONG = [[1.0, 2.0], [0.9, 1.5], [0.8, 1.2], [0.7, 1.0]]
NAN, INF = math.nan, math.inf
SVG = "{http://www.w3.org/2000/svg}"


def drawn(picture: Picture) -> ElementTree.Element:
    return ElementTree.fromstring(picture.svg)


def texts(picture: Picture) -> list[str]:
    return [element.text or "" for element in drawn(picture).iter(f"{SVG}text")]


def rings(picture: Picture) -> list[tuple[float, float]]:
    found = [e for e in drawn(picture).iter(f"{SVG}circle") if e.get("r") == "10"]
    return [(float(e.get("cx", "nan")), float(e.get("cy", "nan"))) for e in found]


# --------------------------------------------------------------------------------------------- paths
def test_the_first_step_that_parts_is_ringed_and_named() -> None:
    picture = path(RIGHT, WRONG)
    assert "The paths part at step 2: w[1] is 1.2, 1.1 is expected." in picture.alt
    assert "w[0] is" not in picture.alt
    assert len(rings(picture)) == 1
    assert {"step 2", "start", "expected", "got", "w[0]", "w[1]"} <= set(texts(picture))


def test_with_a_start_the_first_point_is_step_1() -> None:
    assert "part at step 3" in path(RIGHT, WRONG, start=[1.1, 2.5]).alt
    assert "part at step 1" in path([[1.0, 1.0]], [[1.0, 2.0]], start=[0.0, 0.0]).alt


@pytest.mark.parametrize("last", [0.7, 0.700001, 0.7 + 1e-12])
def test_equal_paths_do_not_part(last: float) -> None:
    """Nor do those that differ in the last of the six digits that a result holds: it may be one number, rounded."""
    picture = path(RIGHT, [*RIGHT[:3], [last, 0.8]])
    assert "do not part" in picture.alt
    assert rings(picture) == []


@pytest.mark.parametrize(("off", "parts"), [(2e-6, True), (1e-6, False)])
def test_two_units_in_the_last_digit_part(off: float, parts: bool) -> None:
    assert ("part at step 1" in path([0.5, 0.7], [0.5, 0.7 + off]).alt) is parts


def test_a_residue_beside_0_is_no_parting() -> None:
    assert "do not part" in path([1.0, 0.0], [1.0, 1e-17]).alt
    assert "part at step 1" in path([1e-17, 0.0], [1e-17, 1e-17]).alt


@pytest.mark.parametrize("bad", [NAN, INF, "NaN", "-Infinity", 1e200])
def test_a_point_that_is_not_finite_ends_a_path_and_is_said(bad: Any) -> None:
    picture = path(RIGHT, [*WRONG[:1], [0.9, bad], *WRONG[2:]])
    assert "part at step 1" in picture.alt
    assert "ends before step 1, which is not finite or too large" in picture.alt
    assert len(rings(picture)) == 1  # on the right path: the wrong one has no place there
    assert "then not finite" in texts(picture)
    assert "then not finite" not in texts(path(RIGHT, WRONG))
    assert not re.search(r"nan|inf[^o]", picture.svg.replace(html.escape(picture.alt), ""), re.IGNORECASE)


def test_not_finite_from_the_start_on_draws_the_right_path_alone() -> None:
    picture = path(RIGHT, [[NAN, NAN]] * 4)
    assert "part at step 0: w[0] is NaN, 1 is expected" in picture.alt
    assert "ends before step 0" in picture.alt
    both = path([[NAN, NAN]], [[NAN, NAN]])
    assert "do not part" in both.alt
    assert rings(both) == []


def test_a_path_that_goes_far_away_leaves_the_picture() -> None:
    far = path(RIGHT, [[1.0, 2.0], [0.9, 9.0], [0.8, 40.0], [0.7, 1e9]])
    assert "leaves the picture at step 2" in far.alt
    turned = [int(turn) for turn in re.findall(r"rotate\((-?\d+)\)", far.svg)][1:]  # the first is the label's
    assert len(turned) == 1
    assert -120 < turned[0] < -90  # its arrow points upwards, and a little to the left
    assert "leaves" not in path(RIGHT, WRONG).alt
    for picture in (far, path(RIGHT, [[1e9, 1e9]] * 4)):
        numbers = [float(n) for n in re.findall(r"-?\d+\.\d", re.sub(r"<(title|desc)>.*?</", "", picture.svg))]
        assert all(-30 < n < 450 for n in numbers)


def test_of_many_entries_the_two_that_are_furthest_off_are_drawn() -> None:
    right = [[[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]] * 3
    wrong = [right[0], [[0.0, 1.1, 2.0], [3.0, 4.0, 5.0]], [[0.0, 1.2, 2.0], [3.0, 9.0, 5.1]]]
    picture = path(right, wrong, name="v")
    assert {"v[0, 1]", "v[1, 1]"} <= set(texts(picture))
    assert "v[1, 2]" not in picture.alt
    assert "part at step 1: v[0, 1] is 1.1, 1 is expected." in picture.alt


def test_a_parting_in_an_entry_that_is_not_drawn_is_found_too() -> None:
    right = [[0.0, 0.0, 1.0]] * 3
    wrong = [[0.0, 0.0, 1.0], [0.0, 0.0, 1.1], [7.0, 7.0, 1.0]]
    assert "part at step 1." in path(right, wrong).alt


def test_one_entry_is_drawn_over_the_steps() -> None:
    for nest in (lambda v: v, lambda v: [v], lambda v: [[v]]):
        picture = path([nest(v) for v in (3.0, 2.0, 1.0)], [nest(v) for v in (3.0, 2.0, 0.0)])
        assert "part at step 2" in picture.alt
        assert "step" in texts(picture)
        across = [e.text for e in drawn(picture).iter(f"{SVG}text") if e.get("text-anchor") == "middle"]
        assert across[:4] == ["0", "1", "2", "step"]  # whole steps: no 0.5


def test_an_entry_that_stays_where_it_is_is_no_axis() -> None:
    right, wrong = [[0.0, 3.0], [0.0, 2.0], [0.0, 1.0]], [[0.0, 3.0], [0.0, 2.5], [0.0, 1.0]]
    picture = path(right, wrong)
    assert {"step", "w[1]"} <= set(texts(picture))
    assert "w[0]" not in texts(picture)
    assert (
        "over 2 steps, drawn by w[1], the only entry that moves. The paths part at step 1: w[1] is 2.5, 2 is"
        in picture.alt
    )
    wrong[2][0] = 0.5
    assert "w[0] to the right and w[1] upwards" in path(right, wrong).alt


def test_one_step() -> None:
    assert "do not part" in path([[1.0, 2.0]], [[1.0, 2.0]]).alt
    assert "part at step 0" in path([[1.0, 2.0]], [[1.0, 3.0]]).alt
    assert "over 1 step," in path([[1.0, 2.0]], [[1.0, 2.0]], start=[0.0, 0.0]).alt


def test_paths_of_different_lengths_part_where_one_ends() -> None:
    shorter = path(RIGHT, RIGHT[:3])
    assert "part at step 3, which only one of them has" in shorter.alt
    assert "The path that came has 2 steps." in shorter.alt
    assert len(rings(shorter)) == 1
    assert "part at step 3, which only one" in path(RIGHT[:3], RIGHT).alt


@pytest.mark.parametrize(
    ("expected", "got", "start"),
    [
        ([], [], None),
        ([[]], [[]], None),
        (1.0, 1.0, None),
        (RIGHT, [[1.0]], None),
        (RIGHT, [[1.0, 2.0], [1.0]], None),
        (RIGHT, [["x", 2.0]], None),
        (RIGHT, None, None),
        (RIGHT, "an array of shape (900, 2)", None),
        (RIGHT, WRONG, [1.0]),
        (RIGHT, WRONG, "omitted"),
    ],
)
def test_what_is_no_path_is_refused(expected: Any, got: Any, start: Any) -> None:
    with pytest.raises(ValueError, match="point"):
        path(expected, got, start=start)


# ------------------------------------------------------------------------------------ errors and norms
H = [10.0**-k for k in range(1, 9)]


def test_errors_are_drawn_on_logarithmic_axes_and_their_least_is_said() -> None:
    picture = step_sizes(H, {"one-sided": [h + 1e-12 / h for h in H], "yours": [0.25] * 8})
    assert "one-sided: least, 2e−6, at h = 1e−6" in picture.alt
    assert "yours: least, 0.25" in picture.alt
    assert {"one-sided", "yours", "step size h", "error", "0.0001", "1e−6"} <= set(texts(picture))


def test_an_error_without_a_place_on_the_axis_is_left_out_and_said() -> None:
    picture = step_sizes(H, {"a": [0.0, NAN, INF, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7], "b": [0.0] * 8})
    assert "a: least, 1e−7, at h = 1e−8; 0.001 at h = 0.0001" in picture.alt
    assert "3 of 8 errors not drawn, being 0 or not finite" in picture.alt
    assert " b: nothing to draw; 8 of 8 errors" in picture.alt
    assert "b (none)" in texts(picture)


@pytest.mark.parametrize(
    ("h", "errors"),
    [
        ([], {"a": []}),
        ([0.0], {"a": [1.0]}),
        ([-1e-3], {"a": [1.0]}),
        ([NAN], {"a": [1.0]}),
        ([1e-3], {"a": [1.0, 2.0]}),
        ([1e-3], {name: [1.0] for name in "abcde"}),
    ],
)
def test_step_sizes_that_cannot_be_drawn_are_refused(h: list[float], errors: dict[str, list[float]]) -> None:
    with pytest.raises(ValueError, match=r"step size|told apart"):
        step_sizes(h, errors)


def test_norms_are_on_a_logarithmic_axis_if_they_span_decades() -> None:
    wide, narrow = norms([10.0 * 0.5**k for k in range(20)]), norms([1.0, 2.0, 99.0])
    assert "logarithmic" in wide.alt
    assert "0.001" in texts(wide)
    assert "logarithmic" not in narrow.alt
    assert "From 1 at step 0 to 99 at step 2." in narrow.alt


def test_of_a_norm_that_is_not_finite_the_rest_is_drawn_and_zeros_are_said() -> None:
    assert "at step 2 it is not finite" in norms([1.0, 2.0, NAN, 3.0]).alt
    assert "It: not finite from the first step on." in norms([INF, 1.0]).alt
    zeros = norms([1.0, 0.0, 1e-3])
    assert "1 of 3 values not drawn, being 0" in zeros.alt
    assert "not drawn" not in norms([1.0, 0.0, 0.5]).alt


def test_norms_beside_others_part_or_do_not() -> None:
    parted = norms([1.0, 2.0, 4.0], [1.0, 2.0, 3.0])
    assert "They part at step 2." in parted.alt
    assert len(rings(parted)) == 1
    assert rings(norms([1.0, 2.0], [1.0, 2.0])) == []
    assert "They do not part." in norms([1.0, 2.0], [1.0, 2.0]).alt
    assert "part at step 1" in norms([1.0, NAN], [1.0, 2.0]).alt


@pytest.mark.parametrize(("values", "expected"), [([], None), ([-1.0], None), ([1.0], [])])
def test_what_is_no_norm_is_refused(values: list[float], expected: list[float] | None) -> None:
    with pytest.raises(ValueError, match="norm"):
        norms(values, expected)


@pytest.mark.parametrize(
    ("value", "said"),
    [(1e-7, "1e−7"), (-0.25, "−0.25"), (0.0, "0"), (-0.0, "0"), (123456.0, "1.23e5"), (0.1 + 0.2, "0.3")],
)
def test_numbers_have_few_digits(value: float, said: str) -> None:
    assert short(value) == said


# ------------------------------------------------------------------------------------- for every reader
ALL = (
    path(RIGHT, WRONG),
    path([1.0, 2.0], [1.0, 3.0], name='<b>"w"&\x1b[31m'),
    step_sizes(H, {"one-sided": H, "</text><script>": H, "c & d": H, "yours": [0.1] * 8}),
    norms([1.0, 2.0], [1.0, 3.0], label="<norm>"),
    norms([10.0**-k for k in range(80)]),
)


@pytest.mark.parametrize("picture", ALL)
def test_a_picture_is_an_image_with_a_text_and_runs_nothing(picture: Picture) -> None:
    root = drawn(picture)  # it parses: all texts are escaped
    assert root.get("role") == "img"
    assert root.get("viewBox") == f"0 0 {root.get('width')} {root.get('height')}"
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert title.text
    assert description is not None
    assert description.text == picture.alt
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert tags <= {"svg", "title", "desc", "style", "rect", "path", "circle", "g", "text"}
    assert not re.search(r"\son\w+=|href|url\(|@import|\x1b", picture.svg)
    assert len(picture.svg) < 20_000


@pytest.mark.parametrize("picture", [*ALL, path([[-1.0, 0.0], [-0.95, 1.0]], [[-1.0, 0.0], [-0.9, 9e5]])])
def test_no_word_is_cut_off_by_the_edge(picture: Picture) -> None:
    for element in drawn(picture).iter(f"{SVG}text"):
        x, length = float(element.get("x", "nan")), 6.4 * len(element.text or "")
        if element.text in ("error", "gradient norm") or x == 0:
            continue  # turned upwards
        left = x - {"start": 0, "middle": length / 2, "end": length}[element.get("text-anchor", "start")]
        assert left >= 0, element.text
        assert left + length <= 420, element.text


def test_two_words_at_one_point_stand_apart() -> None:
    picture = path([[0.0, 0.0], [1.0, 1.0], [2.0, 1.0]], [[0.0, 0.0], [1.0, 0.5], [NAN, 1.0]])
    at = {e.text: (float(e.get("x", "nan")), float(e.get("y", "nan"))) for e in drawn(picture).iter(f"{SVG}text")}
    (x, y), (u, v) = at["step 1"], at["then not finite"]
    assert abs(y - v) > 12 or x + 6.4 * 6 < u or u + 6.4 * 15 < x


@pytest.mark.parametrize("picture", ALL)
def test_an_img_holds_its_drawing_and_its_text(picture: Picture) -> None:
    found = re.fullmatch(
        r'<img alt="([^"<>]*)" width="420" style="[^"]*" src="data:image/svg\+xml;base64,([^"]+)">', img(picture)
    )
    assert found is not None
    assert html.unescape(found[1]) == picture.alt
    assert base64.b64decode(found[2]).decode() == picture.svg


def test_lines_and_texts_are_legible_in_light_and_dark() -> None:
    """After WCAG 2.2: 3 : 1 for lines, 4.5 : 1 for text. On the page's own white and near black too, if the panel is not drawn."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    for ground in (*PANELS, "#ffffff", "#111111"):
        assert min(contrast(colour, ground) for colour in COLOURS) >= 3
    for panel, text in zip(PANELS, TEXTS, strict=True):
        assert contrast(panel, text) >= 4.5
    assert contrast("#F0E442", "#ffffff") < 3  # the yellow of that palette would fail


def test_nothing_rests_on_colour() -> None:
    """Without colours the series still differ, by dash and by mark."""
    assert len(set(DASHES)) == len(COLOURS)
    picture = step_sizes([0.1], {name: [0.1] for name in "abcd"})
    grey = picture.svg
    for colour in COLOURS:
        grey = grey.replace(colour, "#777777")
    samples = re.findall(r'<path d="M[\d. ]+h34"[^>]*/>(<[^>]*>)', grey)
    marks = {re.sub(r'(x|y|cx|cy)="[^"]*"|M[\d.]+ [\d.]+', "", mark) for mark in samples}
    assert len(samples) == len(marks) == 4


# ------------------------------------------------------------------------------------- counterexamples
def example(**changes: Any) -> Counterexample:
    whole = {
        "inputs": {"w": [1.0, 2.0], "dw": [[1.0, 1.0]] * 2, "config": {}},
        "expected": {"w": [[0.9, 1.9], [0.8, 1.8]]},
        "got": {"w": [[0.9, 1.9], [0.7, 1.8]]},
    }
    return Counterexample(**{**whole, **changes})


def test_of_a_path_the_picture_starts_where_the_optimizer_does() -> None:
    picture = picture_of(example())
    assert picture is not None
    assert "over 2 steps" in picture.alt
    assert "part at step 2: w[0] is 0.7, 0.8 is expected" in picture.alt
    assert picture_of(example(inputs={"w": [1.0, 2.0], "A": [[1.0]], "config": "omitted"})) is not None
    assert picture_of(example(inputs={"w": 1.0, "config": {}}, expected={"w": [1.0]}, got={"w": ["NaN"]})) is not None


@pytest.mark.parametrize(
    "changes",
    [
        {"inputs": {"w": [1.0, 2.0], "dw": [[1.0, 1.0]] * 2}},  # no rule with a state
        {"inputs": {"w": [1.0, 2.0], "dw": [1.0, 1.0], "config": {}}},  # one gradient for two points
        {"inputs": {"w": [1.0, 2.0, 3.0], "config": {}}},
        {"inputs": {"x": [1.0, 2.0], "config": {}}},  # an output that is named like no input
        {"inputs": {"w": "an array of shape (20, 30)", "config": {}}},
        {"expected": {"w": [0.9, 1.9]}, "got": {"w": [0.8, 1.9]}},  # the next point alone
        {"expected": {"w": []}, "got": {"w": []}},
        {"got": {"w": [0.9, 1.9]}},
        {"got": {"w": [[0.9, 1.9], [0.9]]}},
        {"got": {"w": "an array of shape (1000, 2)"}},
        {"got": {"w": None}},
        {"got": {}},
        {"expected": {}},
    ],
)
def test_what_is_no_path_has_no_picture(changes: dict[str, Any]) -> None:
    assert picture_of(example(**changes)) is None


RULES = ("sgd", "sgd_momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw")


def shown_of(unit: str) -> dict[str, list[Counterexample]]:
    """By exercise of a unit the counterexamples that a student is shown for its first declared mistake, all else being right."""
    bench, found, exercises = public_unit(unit).bench, {}, catalogue().unit(unit).exercises
    right = {exercise.function: exercise.answer() for exercise in exercises}
    for exercise in exercises:
        wrong = {exercise.function: exercise.mistakes[0].answer} if exercise.mistakes else {}
        answers = LocalAnswers(right | wrong)
        verdicts = Judge(answers, bench).verdicts(exercise)
        item = item_of(exercise, verdicts, explain(exercise, verdicts, answers, bench))
        found[exercise.short] = [check.counterexample for check in item.checks if check.counterexample is not None]
    return found


def test_of_the_optimizers_the_rules_with_a_state_have_a_picture_and_no_other_exercise() -> None:
    shown = shown_of("optimizers")
    pictured = {name for name, examples in shown.items() if any(map(picture_of, examples))}
    assert pictured == set(RULES)
    assert sum(bool(examples) for examples in shown.values()) > len(RULES) + 5
    for name in RULES:
        picture = next(p for p in map(picture_of, shown[name]) if p is not None)
        assert "The paths part at step" in picture.alt, name


def test_of_a_gradient_that_is_no_slope_the_errors_by_step_size_are_drawn_folded() -> None:
    """A right one's error is far below a wrong one's at the best steps, and the wrong one's stays where it is."""
    shown = shown_of("layers")["affine_backward"]
    (off,) = [e for e in shown if e.step_sizes]
    h, right, came = (off.step_sizes[key] for key in ("h", "expected", "got"))
    assert len(h) == len(right) == len(came)
    assert min(right) < 1e-9
    assert off.worst["output"] == "db"
    assert max(came) - min(came) < 1e-4 * min(came)
    assert came[4] == pytest.approx(abs(off.worst["expected"] - off.worst["got"]), rel=1e-4)
    picture = picture_of(off)
    assert picture is not None
    assert picture.folded
    assert {"a right db", "your db"} <= set(texts(picture))


def test_a_curved_function_has_errors_that_fall_with_the_square_of_the_step() -> None:
    exercise, bench = catalogue().exercise("layers.tanh_backward"), public_unit("layers").bench
    functions = {
        "tanh_forward": lambda x: (np.tanh(x), np.tanh(x)),
        "tanh_backward": lambda dout, out: dout * (1 - out),
    }
    answers = LocalAnswers(functions)
    verdicts = Judge(answers, bench).verdicts(exercise)
    item = item_of(exercise, verdicts, explain(exercise, verdicts, answers, bench))
    (off,) = [c.counterexample for c in item.checks if c.counterexample is not None and c.counterexample.step_sizes]
    right = off.step_sizes["expected"]
    assert right[0] / right[1] == pytest.approx(100, rel=0.2)
    assert min(right) < 1e-8 < max(right)


@pytest.mark.parametrize(
    "changes",
    [
        {"expected": [1.0]},  # as many errors as step sizes
        {"h": [0.1, 0.0]},
        {"h": 3},
        {"got": None},
        {"got": [[1.0], [2.0]]},
    ],
)
def test_errors_that_another_hand_wrote_have_no_picture(changes: dict[str, Any]) -> None:
    whole = {"h": [0.1, 0.01], "expected": [1e-3, 1e-5], "got": [0.5, 0.5]}
    given = {"inputs": {"x": 1.0}, "expected": {"dx": 1.0}, "got": {"dx": 0.5}}
    assert picture_of(Counterexample(**given, step_sizes=whole)) is not None
    assert picture_of(Counterexample(**given, step_sizes={**whole, **changes})) is None


def test_norms_over_time_are_drawn_beside_the_right_ones() -> None:
    named = {"expected": {"gradient_norms": [1.0, 0.5, 0.25]}, "got": {"gradient_norms": [1.0, 0.5, 0.9]}}
    picture = picture_of(Counterexample(inputs={}, **named))
    assert picture is not None
    assert "They part at step 2." in picture.alt
    for got in ([1.0, -0.5], 3.0, [[1.0]], [], None):
        assert picture_of(Counterexample(inputs={}, **{**named, "got": {"gradient_norms": got}})) is None
    other = {"expected": {"abnormal": [1.0, 0.5]}, "got": {"abnormal": [1.0, 0.9]}}
    assert picture_of(Counterexample(inputs={}, **other)) is None


# ---------------------------------------------------------------------------------------------- graphs
def a_graph(**changes: Any) -> dict[str, Any]:
    steps = [
        {"name": "s", "operation": "sin", "arguments": ["x"], "value": 0.03},
        {"name": "a", "operation": "multiply", "arguments": ["x", 2.0], "value": 6.0},
        {"name": "b", "operation": "add", "arguments": ["a", "s"], "value": [6.03] * 30},
        {"name": "out", "operation": "multiply", "arguments": ["b", "b"], "value": 36.4},
    ]
    return {"inputs": {"x": 3.0}, "steps": steps, "wrong": "s", "expected": 0.14112, **changes}


def frames(picture: Picture) -> list[tuple[str | None, bool]]:
    """The width of the frame of each value, and whether it is dashed."""
    boxes = [e for e in drawn(picture).iter(f"{SVG}rect") if e.get("stroke")]
    return [(e.get("stroke-width"), e.get("stroke-dasharray") is not None) for e in boxes]


def test_a_graph_is_drawn_with_an_arc_from_each_value_to_what_uses_it() -> None:
    picture = picture_of(Counterexample(graph=a_graph()))
    assert picture is not None
    assert not picture.folded
    assert frames(picture) == [("1", False), ("3", False), ("1", False), ("1.4", True), ("1.4", True)]
    arcs = [e for e in drawn(picture).iter(f"{SVG}path") if e.get("fill") == "none"]
    # x to s and a; s, which is wrong, to b; a to b; b, which inherits that, to out, once though it is used twice.
    assert [e.get("stroke-dasharray") is not None for e in arcs] == [False, False, False, True, True]
    assert {"x", "s = sin(x)", "b = a + s", "out = b × b", "✗ first wrong", "inherited"} <= set(texts(picture))
    assert "0.03, must be 0.14112" in texts(picture)
    assert picture.alt == (
        "Your graph, step by step: s = sin(x), the first wrong step: 0.03, it must be 0.14112; a = x × 2; "
        "b = a + s, inherited; out = b × b, inherited."
    )
    assert max(map(len, texts(picture))) <= 50


def test_a_long_graph_is_drawn_folded() -> None:
    few, many = ({f"x{i}": 1.0 for i in range(n)} for n in (20, 21))
    drawn_of = [picture_of(Counterexample(graph=a_graph(inputs=inputs))) for inputs in (few, many)]
    assert [picture.folded for picture in drawn_of if picture is not None] == [False, True]


def test_a_graph_of_which_no_step_is_known_to_be_wrong_has_plain_frames() -> None:
    picture = picture_of(Counterexample(graph=a_graph(wrong="", expected=None)))
    assert picture is not None
    assert frames(picture) == [("1", False)] * 5
    assert "wrong" not in picture.alt


@pytest.mark.parametrize(
    "changes",
    [
        {"steps": 3},
        {"steps": [{}]},
        {"inputs": [1]},
        {"steps": [{"name": 1, "arguments": 2}]},
        {"inputs": {f"x{i}": 1.0 for i in range(57)}},
        {"inputs": {"s\x1b[0m": 1.0}},  # the name of a step, when it is cleaned
    ],
)
def test_what_is_no_graph_or_one_too_large_is_not_drawn(changes: dict[str, Any]) -> None:
    assert picture_of(Counterexample(graph=a_graph(**changes))) is None


def test_a_hostile_name_in_a_graph_is_text() -> None:
    name = '</text><script>alert(1)</script>"'
    step = {"name": name, "operation": name, "arguments": ["x", name], "value": name}
    picture = picture_of(Counterexample(graph=a_graph(steps=[step], wrong=name)))
    assert picture is not None
    assert not list(drawn(picture).iter(f"{SVG}script"))


def test_pictures_are_drawn_with_numpy_and_the_standard_library_alone() -> None:
    code = (
        "import sys; import grader.report.pictures; "
        "print(sorted({m.partition('.')[0] for m in sys.modules} - set(sys.stdlib_module_names) - {'grader', '__main__'}))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {name for name in re.findall(r"'(\w+)'", run.stdout) if not name.startswith("_")} <= {"numpy"}
