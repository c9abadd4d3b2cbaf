"""Levels: what is not shown of a check is nowhere in the student's page, and what is left is told as if there were no more."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import pytest
from results import a_result

from grader.report import details, student_page
from grader.report.findings import findings
from grader.report.follow_through import kept
from grader.report.html import page
from grader.result import (
    CheckResult,
    Counterexample,
    Diagnosis,
    ItemResult,
    NotebookResult,
    Result,
    SubmissionInfo,
    fault_line,
)
from grader.shown import KINDS, LEVELS, Rule, Rules, may_see, unseen_points

NOW = datetime(2026, 12, 1, tzinfo=UTC)
SECRETS = (
    "secret-check",
    "SECRETMESSAGE",
    "secret_mistake",
    "SECRETDIAGNOSIS",
    "secret_input",
    "98765",
    "SECRETNOTE",
    "31337",
)


def a_check(name: str, status: Any = "passed", worth: float = 0.0, **more: Any) -> CheckResult:
    kind: Any = name.partition(":")[0]
    fields = {"kind": kind, "visibility": "public", "status": status, "max_score": worth, **more}
    return CheckResult(name=name, **{"score": worth if status == "passed" else 0.0, **fields})


def an_item(name: str, status: Any, *checks: CheckResult, **more: Any) -> ItemResult:
    worth, score = sum(c.max_score for c in checks), sum(c.score for c in checks)
    fields = {"message": fault_line(checks), "checks": list(checks), **more}
    return ItemResult(exercise=name, status=status, score=score, max_score=worth, **fields)


def secret(name: str = "gradient:secret-check", status: Any = "wrong", worth: float = 3.0) -> CheckResult:
    """A check of which every part can be recognised."""
    return a_check(
        name,
        status,
        worth,
        message="SECRETMESSAGE of it: 98765\n  and SECRETMESSAGE below",
        notes=["SECRETNOTE"],
        counterexample=Counterexample(
            inputs={"secret_input": [[98765.0]]},
            expected={"dx": [[31337.0]]},
            got={"dx": [[98765.0]]},
            worst={"output": "dx", "index": [0, 0]},
            graph={"inputs": {"secret_input": 98765.0}, "steps": [], "wrong": "secret_input"},
        ),
        diagnosis=Diagnosis(mistake="secret_mistake", text="SECRETDIAGNOSIS: 31337.", certainty="exact"),
    )


def one(level: Any = None, **kinds: Any) -> Rules:
    return Rules({"": Rule(kinds, level)})


def test_without_rules_everything_is_shown_and_is_the_same() -> None:
    whole = a_result(an_item("layers.f", "wrong", secret()))
    assert may_see(whole, Rules(), NOW) is whole
    assert may_see(whole, one("full"), NOW) == whole
    shown = student_page(whole)
    assert all(text in shown for text in SECRETS if text not in ("secret_mistake",))


@pytest.mark.parametrize(
    "rules", [one(gradient="hidden"), one(gradient="after_release")], ids=["hidden", "after_release"]
)
@pytest.mark.parametrize("status", ["wrong", "passed", "raised", "grader_error", "not_attempted"])
def test_of_a_hidden_check_nothing_is_in_the_page(rules: Rules, status: Any) -> None:
    """Not in the headline of its exercise either, nor in the exercise's status and points."""
    whole = a_result(
        an_item("layers.f", "partial", secret(status=status), a_check("value", "passed", 4.0)),
        an_item("layers.vanishing", status, secret(status=status, worth=2.0)),
    )
    assert "SECRETDIAGNOSIS" in whole.items[0].message or status == "passed"
    seen = may_see(whole, rules, NOW)
    (item,) = seen.items
    assert (item.status, item.score, item.max_score, item.message) == ("passed", 4.0, 4.0, "")
    shown = student_page(seen)
    assert [text for text in (*SECRETS, "vanishing") if text in shown or text in repr(seen)] == []
    assert "5 of these 9 points are from checks that are not shown." in shown
    assert (seen.score, seen.max_score, unseen_points(seen)) == (whole.score, 9.0, 5.0)


def test_a_hidden_check_without_points_leaves_no_trace() -> None:
    left = a_result(an_item("layers.f", "passed", a_check("value", "passed", 4.0)))
    whole = a_result(an_item("layers.f", "partial", a_check("value", "passed", 4.0), secret(worth=0.0)))
    assert student_page(may_see(whole, one(gradient="hidden"), NOW)) == student_page(left)


def test_where_nothing_is_shown_the_score_is_and_nothing_is_said_of_one_without_marks() -> None:
    whole = a_result(an_item("layers.f", "wrong", secret()))
    shown = student_page(may_see(whole, one("hidden"), NOW))
    assert "0 of 3 points" in shown
    assert "3 of these 3 points are from checks" in shown
    unread = replace(whole, graded=False, notebook=NotebookResult(status="unreadable", error="no zip"))
    assert "are from checks" not in student_page(may_see(unread, one("hidden"), NOW))


def test_a_message_has_no_counterexample() -> None:
    whole = a_result(an_item("layers.f", "wrong", secret()))
    seen = may_see(whole, one(gradient="message"), NOW)
    assert seen.items[0].checks == [replace(whole.items[0].checks[0], counterexample=None)]
    assert replace(seen.items[0], checks=[]) == replace(whole.items[0], checks=[])
    shown = student_page(seen)
    assert "secret_input" not in shown
    assert "SECRETMESSAGE" in shown
    assert "SECRETDIAGNOSIS" in shown


def test_a_score_is_a_name_a_verdict_and_points() -> None:
    whole = a_result(an_item("layers.f", "wrong", secret("gradient:dx"), a_check("law", "wrong", message="LAWMESSAGE")))
    seen = may_see(whole, one(gradient="score"), NOW)
    assert seen.items[0].checks[0] == a_check("gradient:dx", "wrong", 3.0)
    assert seen.items[0].message == "LAWMESSAGE"  # made again, of what may be told
    shown = student_page(seen)
    assert [text for text in SECRETS if text in shown] == []
    assert "gradient:dx (3 points lost)" in shown
    assert "No more is shown of this." in shown
    assert unseen_points(seen) == 0.0


def test_what_is_shown_in_full_is_not_lost_beside_values_of_which_the_score_is_shown() -> None:
    slope = Counterexample(inputs={"at_x": [1.0]}, expected={"dx": [2.0]}, got={"dx": [3.0]})
    off = a_check("gradient", "wrong", 1.0, message="dx[0] is 3, the slope there is 2", counterexample=slope)
    law = a_check("law:linear", "wrong", message="it is not linear in dout")
    item = an_item("layers.f", "wrong", secret("value", worth=2.0), off, law)
    first, *others = findings(may_see(a_result(item), one(value="score"), NOW).items[0])
    assert (first.message, first.checks, first.lost, first.also) == ("", ("value",), 2.0, ())
    assert [f.message for f in others] == [off.message, law.message]
    shown = student_page(may_see(a_result(item), one(value="score"), NOW))
    assert "at_x" in shown
    assert "1 point lost" in shown


@pytest.mark.parametrize(
    ("released", "open_"),
    [(True, True), (False, False), (None, False), (NOW, True), (datetime(2026, 12, 2, tzinfo=UTC), False)],
)
def test_after_release_everything_is_shown(released: Any, open_: bool) -> None:
    whole = a_result(an_item("layers.f", "wrong", secret()))
    rules = Rules({"": Rule({}, "after_release", not open_), "layers": Rule(released=released)})
    if released is None:
        rules = Rules({"": Rule({}, "after_release")})
    seen = may_see(whole, rules, NOW)
    assert (seen == whole) is open_
    assert ("SECRETMESSAGE" in student_page(seen)) is open_


def test_what_is_hidden_stays_hidden_after_release() -> None:
    whole = a_result(an_item("layers.f", "wrong", secret()))
    assert may_see(whole, Rules({"": Rule({}, "hidden", True)}), NOW).items == []


def test_every_level_shows_no_more_than_the_one_before() -> None:
    whole = a_result(an_item("layers.f", "wrong", secret(), a_check("value", "passed", 4.0)))
    sizes = [len(student_page(may_see(whole, one(**dict.fromkeys(KINDS, level)), NOW))) for level in LEVELS]
    assert sizes == sorted(sizes, reverse=True)
    assert len(set(sizes)) == 4  # before release as hidden


def test_a_law_that_passed_beside_hidden_values_that_are_wrong_is_no_pass() -> None:
    law = a_check("law", "passed", 2.0, score=0.0)
    whole = a_result(an_item("layers.f", "wrong", a_check("value", "wrong", 2.0, message="SECRETMESSAGE"), law))
    seen = may_see(whole, one(value="hidden"), NOW)
    assert (seen.items[0].status, seen.items[0].score, seen.items[0].max_score) == ("partial", 0.0, 2.0)
    shown = student_page(seen)
    assert "its points are paid once its values are right" in shown
    assert "1 passed" not in shown


def test_the_status_of_what_is_left_is_the_judges() -> None:
    timed = a_check("value", "timed_out", 1.0)
    checks = (
        timed,
        a_check("example", "raised", 1.0),
        a_check("law", "wrong", 1.0),
        a_check("gradient", "passed", 1.0),
    )
    whole = a_result(an_item("layers.f", "partial", *checks))
    assert may_see(whole, one(gradient="hidden"), NOW).items[0].status == "timed_out"
    assert may_see(whole, one(gradient="hidden", value="hidden"), NOW).items[0].status == "raised"
    assert may_see(whole, one(value="hidden"), NOW).items[0].status == "partial"


# ---------------------------------------------------------------------------------- follow-through
def a_pair(note: str = "follow_through") -> list[ItemResult]:
    paid = note == "follow_through"
    status: Any = "passed" if paid else "wrong"
    wrong = a_check("value", "wrong", 2.0, message="out[0] is 2, it must be 1")
    return [
        an_item("layers.relu_forward", "wrong", wrong),
        an_item(
            "layers.relu_backward", status, a_check("gradient", status, 4.0, notes=[note]), pair="layers.relu_forward"
        ),
    ]


def in_terminal(result: Result) -> str:
    import io

    from rich.console import Console

    out = io.StringIO()
    Console(file=out, width=400, highlight=False, markup=False, emoji=False).print(details(result))
    return out.getvalue()


PAID = "relu_forward is wrong: −2. relu_backward is right for your own forward pass and keeps its 4 points."
UNPAID = (
    "relu_forward is wrong: −2. relu_backward seems to fit it, but how it is wrong is not known here: "
    "a person says whether 4 points of it count."
)


@pytest.mark.parametrize(("note", "said"), [("follow_through", PAID), ("follows_own_forward", UNPAID)])
def test_follow_through_is_told_once_where_the_fault_is(note: str, said: str) -> None:
    pair = a_pair(note)
    result = a_result(*pair)
    assert kept(pair) == {"layers.relu_forward": [said], "layers.relu_backward": []}
    for shown in (student_page(result), page([result, result]), in_terminal(result)):
        assert shown.count(said) == (2 if "2 submissions" in shown else 1)
        assert "is not counted twice" not in shown
    if note == "follow_through":
        assert "2 submissions keep 8 points" in page([result, result])
        assert student_page(result).index(said) < student_page(result).index("1 passed")
    else:
        assert "keep" not in re.sub(r"<style>.*</style>", "", page([result, result]), flags=re.DOTALL)


def test_a_part_that_was_kept_is_told_as_a_part() -> None:
    forward, _ = a_pair()
    checks = [
        a_check("value:dx", "passed", 1.0, notes=["follow_through"]),
        a_check("value:dw", "wrong", 2.0, message="dw"),
    ]
    backward = an_item("layers.relu_backward", "partial", *checks, pair="layers.relu_forward")
    assert "keeps 1 of its 3 points." in kept([forward, backward])["layers.relu_forward"][0]


def test_a_loss_and_its_gradient_are_told_of_one_exercise() -> None:
    checks = [
        a_check("value:loss", "wrong", 1.0, message="loss"),
        a_check("gradient", "passed", 3.0, notes=["follow_through"]),
    ]
    told = kept([an_item("layers.svm_loss", "partial", *checks)])["layers.svm_loss"]
    assert told == ["The value of svm_loss is wrong: −1. The gradient is right for your own value and keeps 3 points."]


def test_without_its_forward_pass_a_backward_pass_is_told_alone() -> None:
    (told,) = kept(a_pair()[1:])["layers.relu_backward"]
    assert told == "relu_backward is right for your own forward pass, where the fault is, and keeps its 4 points."


@pytest.mark.parametrize("note", ["follow_through", "follows_own_forward"])
def test_that_a_hidden_forward_pass_is_wrong_is_not_told_by_its_backward_pass(note: str) -> None:
    rules = Rules({"layers.relu_forward": Rule({}, "hidden")})
    seen = may_see(a_result(*a_pair(note)), rules, NOW)
    assert [check.notes for item in seen.items for check in item.checks] == [[]]
    for shown in (student_page(seen), in_terminal(seen)):
        assert "forward" not in shown.replace("relu_forward_", "")
    loss = [
        a_check("value", "wrong", 1.0, message="loss"),
        a_check("gradient", "wrong", 3.0, notes=[note], message="slope"),
    ]
    seen = may_see(a_result(an_item("layers.svm_loss", "wrong", *loss)), one(value="hidden"), NOW)
    assert seen.items[0].checks[0].notes == []


def test_nor_by_that_of_a_result_which_does_not_name_its_forward_pass() -> None:
    """As results did not before they had ``pair``."""
    forward, backward = a_pair()
    old = a_result(forward, replace(backward, pair=None))
    seen = may_see(old, Rules({"layers.relu_forward": Rule({}, "hidden")}), NOW)
    assert [check.notes for item in seen.items for check in item.checks] == [[]]


def test_that_a_forward_pass_is_wrong_may_be_told_where_its_verdict_is() -> None:
    seen = may_see(a_result(*a_pair()), Rules({"layers.relu_forward": Rule({}, "score")}), NOW)
    assert PAID in student_page(seen)


# -------------------------------------------------------------------------------------------- page
class _Outline(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def outline(html: str) -> list[tuple[str, dict[str, str | None]]]:
    parser = _Outline()
    parser.feed(html)
    return parser.tags


def wide() -> ItemResult:
    rows = [[123456.789 * (i + j + 1) for j in range(8)] for i in range(8)]
    example = Counterexample(inputs={"x": [[1.0, 2.0]]}, expected={"dx": rows}, got={"dx": rows})
    trace = "f raised ValueError: x\n" + "\n".join(f"  line {i}" for i in range(30))
    return an_item("layers.f", "raised", a_check("value", "raised", 1.0, message=trace, counterexample=example))


@pytest.mark.parametrize("many", [False, True])
def test_a_page_has_a_language_a_title_one_main_and_headings_in_order(many: bool) -> None:
    result = a_result(*a_pair(), wide())
    tags = outline(page([result, result]) if many else student_page(result))
    names = [tag for tag, _ in tags]
    assert dict(tags)["html"] == {"lang": "en"}
    assert [names.count(tag) for tag in ("title", "main", "h1", "script", "link", "img")] == [1, 1, 1, 0, 0, 0]
    levels = [int(tag[1]) for tag in names if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    ids = [attributes["id"] for _, attributes in tags if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_what_scrolls_is_reached_by_keyboard_and_what_fits_is_no_stop() -> None:
    tags = outline(student_page(a_result(wide())))
    figures = [("tabindex" in attributes) for tag, attributes in tags if tag == "figure"]
    assert figures == [False, True, True]  # x, expected and got
    stops = [attributes for tag, attributes in tags if tag == "pre" and "tabindex" in attributes]
    assert [stop["aria-label"] for stop in stops] == ["Traceback"]


def test_a_students_page_is_of_one_submission() -> None:
    shown = student_page(a_result(*a_pair()))
    assert "<title>ada · layers</title>" in shown
    assert "2 of 6 points" not in shown
    assert "4 of 6 points" in shown
    assert "The notebook ran from top to bottom." in shown
    assert shown.index("out[0] is 2") < shown.index("1 passed")
    for of_the_class in ("The class in", "Back to all", "submission", "mean"):
        assert of_the_class not in re.sub(r"<style>.*</style>", "", shown, flags=re.DOTALL)


def test_a_hostile_id_is_text_in_the_title_too() -> None:
    info = SubmissionInfo(id="</title><script>x", source="x", sha256=None)
    shown = student_page(a_result(*a_pair(), submission=info))
    assert "<script" not in shown
    assert "&lt;/title&gt;&lt;script&gt;x" in shown
