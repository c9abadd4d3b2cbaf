"""Reports: what a student wrote can do nothing to a terminal, a page or a parser; what is wrong is said once."""

from __future__ import annotations

import io
import math
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any, get_args

import pytest
from legible import contrast, luminance
from rich.console import Console, RenderableType
from syrupy.assertion import SnapshotAssertion

from grader.export import junit_xml
from grader.report import svg
from grader.report.findings import findings
from grader.report.html import page, student_page
from grader.report.statistics import class_statistics
from grader.report.terminal import details, table
from grader.report.wording import SIGNS, WORDS, headline, note_sentence, notebook_sentence
from grader.result import (
    CheckResult,
    Counterexample,
    Diagnosis,
    GradedBy,
    ItemResult,
    ItemStatus,
    NotebookResult,
    Result,
    SubmissionInfo,
)

HOSTILE = "<script>alert(1)</script>[red]\x1b[31mX\x1b]0;title\x07\u202eevil\x00\r\n&"
BY = GradedBy(version="0.1.0", bank="ab" * 32, seed=0, isolation="process")
EXAMPLE = Counterexample(
    inputs={"x": [[0.0, -1.0], [2.0, 3.0]], "dout": [[1.0, -2.0], [-3.0, 0.5]]},
    expected={"dx": [[0.0, 0.0], [-3.0, 0.5]]},
    got={"dx": [[1.0, 0.0], [0.0, 0.5]]},
    worst={"output": "dx", "index": [1, 0], "expected": -3.0, "got": 0.0},
)
MASK = Diagnosis(mistake="masks_by_upstream", text="The mask comes from dout.", certainty="exact")


def a_check(name: str, status: Any = "passed", worth: float = 0.0, **more: Any) -> CheckResult:
    kind: Any = name.partition(":")[0]
    score = worth if status == "passed" else 0.0
    fields = {"visibility": "public", "status": status, "score": score, "max_score": worth, **more}
    return CheckResult(name=name, kind=kind, **fields)


def an_item(name: str, status: Any, *checks: CheckResult, message: str = "") -> ItemResult:
    earned, worth = sum(c.score for c in checks), sum(c.max_score for c in checks)
    return ItemResult(exercise=name, status=status, score=earned, max_score=worth, message=message, checks=list(checks))


def a_result(ident: str, *items: ItemResult, notebook: NotebookResult | None = None, **more: Any) -> Result:
    fields = {
        "assignment": "layers",
        "submission": SubmissionInfo(id=ident, source=f"{ident}/06_layers.ipynb", sha256="cd" * 32),
        "graded_by": BY,
        "notebook": notebook or NotebookResult(status="ok", seconds=0.25),
        "score": sum(i.score for i in items),
        "max_score": sum(i.max_score for i in items),
        "graded": True,
        "items": list(items),
        **more,
    }
    return Result(**fields)


def masked() -> ItemResult:
    """One mistake that fails the values, the examples, the slope and a law."""
    return an_item(
        "layers.relu_backward",
        "wrong",
        a_check("contract"),
        a_check("example", "wrong", message="dx[0, 0] is 1, it must be 0 (case 1)", diagnosis=MASK),
        a_check("value", "wrong", 2.0, message="dx[1, 0] is 0, it must be -3", diagnosis=MASK, counterexample=EXAMPLE),
        a_check("gradient", "wrong", 2.0, message="it is not the slope of relu_forward"),
        a_check("law:linear", "wrong", message="it does not hold that it is linear in dout"),
        message=MASK.text,
    )


def raising() -> ItemResult:
    trace = '\n  File "x.ipynb", line 3, in affine_backward'
    said = "affine_backward raised ValueError: size {} is different from {} (ordinary inputs, x 4×{})"
    return an_item(
        "layers.affine_backward",
        "raised",
        a_check("contract", "raised", message=said.format(3, 4, 3) + trace),
        a_check("value:dx", "raised", 1.0, message=said.format(5, 6, 5) + trace),
        a_check("value:dw", "raised", 1.0, message=said.format(3, 4, 3) + trace),
        message=said.format(3, 4, 3),
    )


def passing(name: str = "layers.relu_forward", *notes: str) -> ItemResult:
    return an_item(name, "passed", a_check("value", "passed", 2.0, notes=list(notes)))


def untouched(name: str = "layers.tanh_forward") -> ItemResult:
    return an_item(name, "not_attempted", a_check("value", "not_attempted", 2.0, message="not attempted"))


def broken() -> ItemResult:
    failed = a_check("value", "grader_error", 3.0, message="the grader itself failed here")
    return an_item("layers.svm_loss", "grader_error", failed, message="the grader itself failed here")


def a_class() -> list[Result]:
    cell = NotebookResult(status="failed", cell=7, error="NameError: name 'z' is not defined", seconds=0.5)
    unread = NotebookResult(status="unreadable", error="line 12, column 3: Expecting ',' delimiter")
    return [
        a_result("ada", passing(), passing("layers.relu_backward", "mutation", "subgradient")),
        a_result("blaise", passing(), masked(), raising(), untouched(), notebook=cell, notes=["imports torch"]),
        a_result("carl", masked(), untouched("layers.relu_forward")),
        a_result("emmy", passing(), broken(), needs_person=True),
        a_result("grace", notebook=unread, graded=False, assignment=None),
    ]


def printed(shown: RenderableType, width: int = 80) -> str:
    out = io.StringIO()
    Console(file=out, width=width, highlight=False, markup=False, emoji=False).print(shown)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


# ---------------------------------------------------------------------------------------- findings
def test_one_mistake_is_told_once_with_all_that_it_cost() -> None:
    (found,) = findings(masked())
    assert found.diagnosis == MASK
    assert found.checks == ("value", "example", "gradient", "law:linear")
    assert (found.lost, found.counterexample, found.also) == (4.0, EXAMPLE, ())


def test_one_error_on_several_cases_is_told_once() -> None:
    (found,) = findings(raising())
    assert found.checks == ("value:dx", "value:dw", "contract")
    assert found.detail.strip().startswith("File")


def test_two_faults_stay_two_and_what_follows_is_told_beside_the_first() -> None:
    item = an_item(
        "layers.affine_backward",
        "wrong",
        a_check("contract", "wrong", message="dx: its shape is wrong"),
        a_check("value:dx", "wrong", 1.0, message="dx[0] is 1"),
        a_check("value:db", "wrong", 1.0, message="db[0] is 2"),
    )
    first, second = findings(item)
    assert (first.message, first.also) == ("dx[0] is 1", ("contract: dx: its shape is wrong",))
    assert (second.message, second.also) == ("db[0] is 2", ())


def test_each_fault_that_a_checker_misses_is_told_under_the_one_mistake() -> None:
    """They have no numbers to show, so the words of one do not stand for those of another."""
    blind = Diagnosis(mistake="accepts_everything", text="It accepts whatever it is given.", certainty="exact")
    missed = ["it accepts a slope that is one-sided", "it accepts a slope without its sign", "it accepts a slope of 0"]
    checks = [a_check(f"value:{i}", "wrong", 1.0, message=m, diagnosis=blind) for i, m in enumerate(missed)]
    item = an_item("chain_rule.gradient_checker", "wrong", *checks, message=blind.text)
    (found,) = findings(item)
    assert [found.message, *found.also] == missed
    for shown in (printed(details(a_result("ada", item))), page([a_result("ada", item)])):
        assert all(shown.count(text) == 1 for text in [blind.text, *missed])


def test_what_the_grader_could_not_judge_is_not_lost() -> None:
    assert [f.lost for f in findings(broken())] == [0]


def test_an_unexplained_fault_is_told_once_whatever_the_dimension_and_the_sign_of_what_shows_it() -> None:
    item = an_item(
        "layers.relu_backward",
        "wrong",
        a_check("example", "wrong", message="dx[0, 0, 0, 1] is -4.96102, it must be 0 (small integers, x 2×3×2×3)"),
        a_check("value", "wrong", 4.0, message="dx[1, 1] is 6, it must be 1e-05 (small integers, x 2×2)"),
    )
    (found,) = findings(item)
    assert found.checks == ("value", "example")
    timed = [a_check("value", "timed_out", 1.0, message="it used more than 2 s of processor time")]
    timed.append(a_check("example", "timed_out", message="it used more than 0.5 s of processor time"))
    assert len(findings(an_item("layers.f", "timed_out", *timed))) == 1


def test_outputs_whose_names_differ_by_a_digit_have_a_fault_each() -> None:
    off = [
        a_check(f"value:{name}", "wrong", 1.0, message=f"{name}[0] is 2, it must be 1 (small integers, x 2)")
        for name in ("dw1", "dw2")
    ]
    assert [f.checks for f in findings(an_item("mlp.f", "wrong", *off))] == [("value:dw1",), ("value:dw2",)]


def test_the_class_counts_every_submission_once() -> None:
    (layers,) = class_statistics(a_class())
    relu = next(e for e in layers.exercises if e.name == "layers.relu_backward")
    assert (relu.passed, relu.wrong, relu.total) == (1, 2, 3)
    assert [(m.name, m.count) for m in layers.common] == [("masks_by_upstream", 2)]
    assert (layers.submissions, layers.graded, layers.median) == (4, 3, 2.0)


# ----------------------------------------------------------------------------------------- wording
def test_every_status_has_a_word_and_a_sign() -> None:
    statuses = set(get_args(ItemStatus))
    assert set(WORDS) == set(SIGNS) == statuses


@pytest.mark.parametrize("status", ["ok", "failed", "timed_out", "crashed", "unreadable", "absent"])
def test_every_notebook_status_has_a_sentence(status: Any) -> None:
    assert notebook_sentence(NotebookResult(status=status, cell=3, error="E")).endswith(".")


def test_a_fault_of_the_grader_leads_the_headline() -> None:
    assert headline(a_class()[3]).startswith("needs a person")
    assert headline(a_class()[4]) == "line 12, column 3: Expecting ',' delimiter"
    assert headline(a_result("x", passing())) == ""


def test_a_policy_without_a_sentence_stands_for_itself() -> None:
    assert note_sentence("new_policy") == "new policy"


# ---------------------------------------------------------------------------------------- terminal
@pytest.mark.parametrize("width", [80, 120])
def test_the_table(snapshot: SnapshotAssertion, width: int) -> None:
    shown = printed(table(a_class()), width)
    assert max(map(len, shown.splitlines())) <= width
    assert shown == snapshot


def test_the_details_of_one(snapshot: SnapshotAssertion) -> None:
    assert printed(details(a_class()[1])) == snapshot


def test_an_ungraded_one_says_why_and_has_no_score() -> None:
    shown = printed(details(a_class()[4]))
    assert "not graded" in shown
    assert "Expecting ',' delimiter" in shown
    assert "points" not in shown


# ------------------------------------------------------------------------------------ hostile work
def hostile() -> Result:
    """Every place that a student's text can reach, with text that tries to act."""
    mark = Diagnosis(mistake=HOSTILE, text=HOSTILE, certainty="evidence")
    seen = Counterexample(
        inputs={HOSTILE: HOSTILE}, expected={HOSTILE: [[1.0]]}, got={HOSTILE: HOSTILE}, worst={"index": HOSTILE}
    )
    check = a_check("value", "wrong", 1.0, message=f"{HOSTILE}\n{HOSTILE}", notes=[HOSTILE], counterexample=seen)
    items = [
        an_item(HOSTILE, "wrong", check, a_check("example", "wrong", message="x", diagnosis=mark), message=HOSTILE),
        an_item("layers.big", "raised", a_check("value", "raised", 1.0, message="M" * 2**20), message="M" * 2**20),
    ]
    cell = NotebookResult(status="failed", cell=1, error=HOSTILE)
    info = SubmissionInfo(id=HOSTILE, source=HOSTILE, sha256=None)
    return a_result("x", *items, notebook=cell, submission=info, notes=[HOSTILE])


ACTING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@pytest.mark.parametrize("many", [False, True])
def test_the_terminal_shows_hostile_text_as_text(many: bool) -> None:
    shown = printed(table([hostile()] * 2) if many else details(hostile()))
    assert not ACTING.search(shown)
    assert "[red]" in shown
    assert len(shown) < 20_000


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs


def parsed(html: str) -> _Tags:
    parser = _Tags()
    parser.feed(html)
    return parser


PAGES = {
    "one": lambda: page([hostile()]),
    "many": lambda: page([hostile()] * 2),
    "student": lambda: student_page(hostile()),
}


@pytest.mark.parametrize("made", PAGES.values(), ids=PAGES)
def test_the_page_holds_no_script_and_loads_nothing(made: Callable[[], str]) -> None:
    shown = made()
    found = parsed(shown)
    assert not {"script", "link", "img", "iframe", "object", "form"} & set(found.tags)
    assert not [name for name, _ in found.attributes if name.startswith("on") or name == "src"]
    assert all(value is None or value.startswith("#") for name, value in found.attributes if name == "href")
    assert "&lt;script&gt;" in shown
    assert not ACTING.search(shown)
    assert len(shown) < 100_000


def test_the_xml_parses_and_holds_hostile_text_as_text() -> None:
    tree = ET.fromstring(junit_xml([hostile()]))
    assert "<script>" in tree[0].attrib["name"]
    assert not ACTING.search(ET.tostring(tree, encoding="unicode"))


# -------------------------------------------------------------------------------------------- page
CARET = "the formula cannot be read: this parenthesis is not closed\n  (1-x^2)/(1+x^2\n          ^"


def drawn_wrong(name: str = "s4", other: str = "b") -> ItemResult:
    """A graph of three steps of which one is wrong."""
    steps = [
        {"name": "s3", "operation": "multiply", "arguments": ["x", 2.0], "value": 6.0},
        {"name": name, "operation": "sin", "arguments": ["s3"], "value": 0.25},
        {"name": other, "operation": "add", "arguments": ["s3", name], "value": 6.25},
    ]
    graph = {"inputs": {"x": 3.0}, "steps": steps, "wrong": name, "expected": -0.279415}
    example = Counterexample(
        inputs={"x": 3.0}, expected={"out": 5.72}, got={"out": 6.25}, worst={"output": "out", "index": []}, graph=graph
    )
    check = a_check("value", "wrong", 2.0, message="out is 6.25, it must be 5.72", counterexample=example)
    return an_item("graphs.shared_graph", "wrong", check, message=check.message)


DRAWN = '<img alt="Your graph, step by step: '


def test_a_wrong_graph_is_drawn_with_its_first_wrong_step() -> None:
    shown = page([a_result("ada", drawn_wrong())])
    assert shown.count(DRAWN) == 1
    assert "s4 = sin(s3), the first wrong step: 0.25, it must be -0.279415; b = s3 + s4, inherited." in shown


def test_a_graph_with_hostile_names_is_drawn_as_text_or_not_at_all() -> None:
    shown = page([a_result("ada", drawn_wrong("<script>1", "</svg><b>"))])
    assert shown.count(DRAWN) == 1
    assert "<script" not in shown
    assert "<b>" not in shown
    assert "&lt;script&gt;1" in shown
    assert page([a_result("ada", drawn_wrong("s", "s\x1b[0m"))]).count(DRAWN) == 0  # one name, when it is cleaned


def off_the_slope() -> ItemResult:
    """A gradient that is not the slope, with its errors at some step sizes."""
    by_step = {"h": [0.1, 0.001], "expected": [1e-3, 1e-7], "got": [0.5, 0.5]}
    example = Counterexample(
        inputs={"x": [1.0]},
        expected={"dx": [1.0]},
        got={"dx": [0.5]},
        worst={"output": "dx", "index": [0]},
        step_sizes=by_step,
    )
    check = a_check("gradient", "wrong", 2.0, message="dx[0] is 0.5, the slope there is 1", counterexample=example)
    return an_item("layers.relu_backward", "wrong", check, message=check.message)


def test_the_errors_at_other_step_sizes_are_folded() -> None:
    shown = page([a_result("ada", off_the_slope())])
    summary = "<summary>How far your dx is from slopes measured with other step sizes</summary>"
    assert f'<details class="small">{summary}<img alt="The error against the step size h, from 0.001 to 0.1' in shown
    assert "your dx: least, 0.5" in shown


@pytest.mark.parametrize("diagnosis", [MASK, None])
def test_they_are_drawn_also_where_wrong_values_are_told_and_once(diagnosis: Diagnosis | None) -> None:
    """As they nearly always are: a gradient that is no slope is no right value either."""
    (slope,) = off_the_slope().checks
    values = a_check("value", "wrong", 2.0, message="dx is off", diagnosis=diagnosis, counterexample=EXAMPLE)
    item = an_item("layers.relu_backward", "wrong", values, slope)
    assert len(findings(item)) == 1
    for results in ([a_result("ada", item)], [a_result("ada", item), a_result("blaise", passing())]):
        assert page(results).count("measured with other step sizes</summary><img") == 1
    assert student_page(a_result("ada", off_the_slope())).count("measured with other step sizes</summary><img") == 1
    untold = an_item("layers.relu_backward", "wrong", values, a_check("gradient", "wrong", 2.0))
    assert "other step sizes" not in page([a_result("ada", untold)])


def illegible() -> Result:
    """A formula with a slip of the pen, a function that no cell got to define, and stubs with nothing to say of them."""
    formula = a_check("value", "not_attempted", 1.0, message=CARET)
    lost = a_check("value", "missing", 1.0, message="cell 4, which defines it, failed: <b>NameError</b>")
    gone = a_check("value", "missing", 1.0, message="there is no function huber: was it renamed?")
    return a_result(
        "ada",
        untouched(),
        an_item("chain_rule.slope_of_quotient", "not_attempted", formula, message=CARET.partition("\n")[0]),
        an_item("chain_rule.max_local", "missing", lost, message=lost.message),
        an_item("chain_rule.huber", "missing", gone, message=gone.message),
    )


def test_the_terminal_says_why_an_answer_could_not_be_read() -> None:
    shown = printed(details(illegible()), 100)
    head, formula, caret = CARET.split("\n")
    assert f"    slope_of_quotient: {head}\n    {formula}\n    {caret}" in shown
    assert "    max_local: cell 4, which defines it, failed: <b>NameError</b>" in shown
    assert "was it renamed" not in shown  # "missing" says it
    assert "tanh_forward:" not in shown


def test_the_page_says_why_an_answer_could_not_be_read() -> None:
    shown = page([illegible()])
    head, _, drawn = CARET.partition("\n")
    assert f'<span class="mono">slope_of_quotient</span>: {head}</p><pre>{drawn}</pre>' in shown
    assert "failed: &lt;b&gt;NameError&lt;/b&gt;" in shown
    assert "was it renamed" not in shown


def test_the_page_of_one_leads_with_what_is_wrong() -> None:
    shown = page([a_class()[1]])
    assert "4 of 10 points" not in shown
    assert "2 of 10 points" in shown
    assert shown.index("The mask comes from dout.") < shown.index("1 passed")
    assert shown.count("The mask comes from dout.") == 1
    assert re.search(r'<td class="worst"><strong>-3\.0</strong>', shown)
    assert shown.count("<svg") == 1
    assert "Cell 7 failed: NameError" in shown


def test_the_page_of_a_class_links_to_each_submission() -> None:
    shown = page(a_class())
    found = parsed(shown)
    ids = [value for name, value in found.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    assert {f"s{i}" for i in range(1, 6)} <= set(ids)
    links = {value[1:] for name, value in found.attributes if name == "href" and value}
    assert links <= set(ids)
    assert "1 passed, 0 partly right, 2 wrong, 0 not written, 0 not judged" in shown
    assert "2×" in shown


def test_policies_are_told_in_a_sentence() -> None:
    shown = page([a_class()[0]])
    assert "changes its arguments in place" in shown
    assert "any value between the two slopes" in shown


def test_the_same_results_give_the_same_page() -> None:
    assert page(a_class()) == page(a_class())


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_text_has_contrast_of_level_aa(scheme: int) -> None:
    style = page([a_class()[0]])
    blocks = re.findall(r"--ground: .*?--fill", style, re.DOTALL)
    colours: dict[str, str] = {}
    for block in blocks[: scheme + 1]:
        for name, value in re.findall(r"--([a-z]+): (#[0-9a-f]{3,6})", block):
            colours[name] = value if len(value) == 7 else "#" + "".join(c * 2 for c in value[1:])
    assert len(blocks) == 2
    for text in ("ink", "soft", "good", "part", "bad", "odd", "focus"):
        for ground in ("ground", "panel"):
            assert contrast(colours[text], colours[ground]) >= 4.5, (text, ground)
    for ground in ("say", "mark", "tint"):
        assert contrast(colours["ink"], colours[ground]) >= 4.5, ground


# --------------------------------------------------------------------------------------------- svg
def test_the_scale_is_one_of_lightness() -> None:
    light, dark = ([luminance(c) for c in scale] for scale in (svg.LIGHT, svg.DARK))
    assert light == sorted(light, reverse=True)
    assert dark[1:] == sorted(dark[1:])


def test_the_heat_map_is_described_and_tells_errors_apart() -> None:
    drawn = svg.heatmap([[0.0, 1.0], [math.inf, 1e-9]], "a <b>", "so & so", ident="h1", worst=(0, 1))
    tree = ET.fromstring(drawn)
    space = "{http://www.w3.org/2000/svg}"
    assert [e.text for e in tree[:2]] == ["a <b>", "so & so"]
    fills = [e.attrib["fill"].split(",")[0] for e in tree.iter(f"{space}rect")]
    assert fills == ["var(--heat-0", "var(--heat-5", "var(--heat-5", "var(--heat-1", "none"]
    assert len(list(tree.iter(f"{space}path"))) == 1


# ------------------------------------------------------------------------------------------- junit
def test_junit_tells_failures_from_faults_of_the_grader() -> None:
    tree = ET.fromstring(junit_xml(a_class()))
    counts = {s.attrib["name"]: [s.attrib[k] for k in ("tests", "failures", "errors", "skipped")] for s in tree}
    assert counts == {
        "ada layers": ["3", "0", "0", "0"],
        "blaise layers": ["11", "8", "0", "1"],
        "carl layers": ["7", "4", "0", "1"],
        "emmy layers": ["3", "0", "1", "0"],
        "grace": ["1", "1", "0", "0"],
    }


def test_names_in_junit_are_unique() -> None:
    results = [*a_class(), a_class()[1], a_class()[1]]
    tree = ET.fromstring(junit_xml(results))
    suites = [s.attrib["name"] for s in tree]
    cases = [(c.attrib["classname"], c.attrib["name"]) for c in tree.iter("testcase")]
    assert len(set(suites)) == len(suites)
    assert len(set(cases)) == len(cases)


def test_junit_has_the_attributes_of_its_schema_and_class_names_that_read_well() -> None:
    tree = ET.fromstring(junit_xml(a_class()))
    assert "skipped" not in tree.attrib
    names = {case.attrib["classname"] for case in tree.iter("testcase")}
    assert "ada.layers" in names
    assert any(name.startswith("blaise.layers.") for name in names)
    assert not [name for name in names if "layers layers" in name or "layers.layers" in name or " layers" in name]
