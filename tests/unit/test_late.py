"""The late policy: what each step takes, in which order, and what no policy may do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.course.late import Policy
from grader.course.lines import Places
from grader.course.model import LateTable
from grader.course.policies import read_policy
from grader.course.steps import amount, number
from grader.course.times import DAY, in_zone, lateness, span, told_date, told_span, zone_named
from grader.errors import UsageError

BERLIN = ZoneInfo("Europe/Berlin")
DRAWN = settings(max_examples=150, deadline=None, database=None, derandomize=True)
HOUR = 3600.0
USUAL: list[dict[str, Any]] = [
    {"grace": "15 min"},
    {"slip_days": 4, "most": 2},
    {"per_day": "10 %"},
    {"cap": "50 %"},
    {"closed": "7 days"},
]


def policy(*steps: dict[str, Any]) -> Policy:
    return read_policy(Places(Path("c.toml"), ""), ("late",), LateTable.model_validate({"steps": list(steps)}))


# ------------------------------------------------------------------------------------------ examples
@pytest.mark.parametrize(
    ("days", "spent", "points", "slip_days", "says"),
    [
        (0, 0, 85, 0, ""),
        (10 / 1440, 0, 85, 0, "10 minutes late: within the 15 minutes of grace, nothing is lost"),
        (0.5, 0, 85, 1, "12 hours late: 1 slip day used of 4 left, nothing is lost"),
        (3, 0, 75, 2, "3 days late: 2 slip days used of 4 left, 85 − 10 (10 % of 100 a day) = 75"),
        (3, 3, 65, 1, "3 days late: 1 slip day used of 1 left, 85 − 2 × 10 (10 % of 100 a day) = 65"),
        (3, 4, 55, 0, "3 days late: no slip days left, 85 − 3 × 10 (10 % of 100 a day) = 55"),
        (3, 9, 55, 0, "3 days late: no slip days left, 85 − 3 × 10 (10 % of 100 a day) = 55"),
        (6, 4, 35, 0, "6 days late: no slip days left, 85 − 6 × 10 (10 % of 100 a day), at most 50 % of 100 off = 35"),
        (7, 0, 35, 2, "7 days late: 2 slip days used of 4 left, 85 − 5 × 10 (10 % of 100 a day) = 35"),
        (7.001, 0, 0, 0, "7 days 1 minute late: closed 7 days after the due date, so it counts for nothing"),
    ],
)
def test_each_number_comes_with_its_sentence(days: float, spent: int, points: float, slip_days: int, says: str) -> None:
    found = policy(*USUAL).apply(85, 100, days * DAY, spent)
    assert (found.points, found.slip_days, found.sentence) == (points, slip_days, says)
    assert found.closed is (days > 7)


@pytest.mark.parametrize(
    ("steps", "late", "points"),
    [
        ([], 30 * DAY, 80),
        ([{"per_day": "10 %"}], 1, 70),  # of the maximum, 100; a day begun is a day
        ([{"per_day": "10 %", "of": "earned"}], DAY, 72),
        ([{"per_day": "10 %", "each": "full"}], DAY - 1, 80),
        ([{"per_day": "10 %", "each": "full"}], DAY, 70),
        ([{"per_day": "10 %", "each": "part"}], 1.5 * DAY, 65),
        ([{"per_day": 5}], 2 * DAY, 70),
        ([{"per_day": "5 points"}], 2 * DAY, 70),
        ([{"per_hour": "1 %"}], 90 * 60, 78),
        ([{"per_week": "20 %"}], 8 * DAY, 40),
        ([{"once": "25 %", "of": "earned"}], 1, 60),
        ([{"per_day": "30 %"}], 9 * DAY, 0),  # never below nothing
        ([{"at_most": "60 %"}], 1, 60),
        ([{"at_most": "90 %"}], 1, 80),
        ([{"per_day": "30 %"}, {"at_least": "20 %"}], 9 * DAY, 20),
        ([{"per_day": "10 %", "of": "earned"}, {"cap": "50 %"}], 9 * DAY, 40),  # the cap is of what the rate is of
        ([{"per_day": "10 %"}, {"cap": "50 %"}], 9 * DAY, 30),
        ([{"per_day": "10 %"}, {"cap": 15}], 9 * DAY, 65),
        ([{"once": "10 %"}, {"per_day": "10 %"}], 2 * DAY, 50),
        ([{"grace": "1 hour"}, {"per_hour": "1 %"}], 3 * HOUR, 78),  # what is later than the grace counts from its end
        ([{"slip_days": 2}, {"grace": "1 hour"}, {"per_day": "10 %"}], 2 * DAY + HOUR, 80),  # in the order of the steps
        ([{"slip_days": 1}, {"once": "100 %"}], DAY, 80),
        ([{"slip_days": 1}, {"once": "100 %"}], DAY + 1, 0),
        ([{"slip_days": 1}, {"at_most": "50 %"}], DAY, 80),
        ([{"slip_days": 1}, {"at_most": "50 %"}], DAY + 1, 50),
    ],
)
def test_a_policy_is_read_as_a_sentence(steps: list[dict[str, Any]], late: float, points: float) -> None:
    assert policy(*steps).apply(80, 100, late).points == pytest.approx(points)


def test_work_that_earned_nothing_or_came_too_late_uses_no_slip_day() -> None:
    usual = policy(*USUAL)
    assert usual.apply(0, 100, 2 * DAY).slip_days == 0
    assert usual.apply(50, 100, 9 * DAY).slip_days == 0
    assert usual.apply(50, 100, 2 * DAY).slip_days == 2


# ---------------------------------------------------------------------------------------- properties
AMOUNTS = st.integers(1, 100).map(lambda n: f"{n} %") | st.floats(0.5, 50).map(lambda x: round(x, 2))
RATES = st.builds(
    lambda unit, much, each: {unit: much, "each": each},
    st.sampled_from(["per_hour", "per_day", "per_week"]),
    AMOUNTS,
    st.sampled_from(["begun", "full", "part"]),
)
BOUNDS = st.builds(lambda name, n: {name: f"{n} %"}, st.sampled_from(["at_most", "at_least"]), st.integers(1, 100))
OTHERS = (
    st.builds(lambda n: {"once": f"{n} %", "of": "earned"}, st.integers(1, 100))
    | st.builds(lambda n: {"grace": f"{n} min"}, st.integers(1, 3000))
    | st.builds(lambda n, most: {"slip_days": n, "most": most}, st.integers(1, 9), st.integers(1, 5))
    | st.builds(lambda n: {"closed": f"{n} hours"}, st.integers(1, 400))
)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    steps: list[dict[str, Any]] = []
    for step in draw(st.lists(RATES | BOUNDS | OTHERS, max_size=5)):
        steps += [step] if not any(step.keys() & other.keys() - {"each", "of"} for other in steps) else []
    costs = {"per_hour", "per_day", "per_week", "once", "at_most"}
    last = max((at for at, step in enumerate(steps) if step.keys() & costs), default=-1)
    steps = [s for at, s in enumerate(steps) if at < last or not s.keys() & {"grace", "slip_days"}]
    if any(step.keys() & {"per_hour", "per_day", "per_week", "once"} for step in steps) and draw(st.booleans()):
        steps.append({"cap": draw(AMOUNTS)})
    return policy(*steps)


@DRAWN
@given(policies(), st.floats(0, 100), st.floats(0, 20 * DAY), st.floats(0, 20 * DAY), st.integers(0, 12))
def test_lateness_raises_no_number_and_takes_none_below_nothing(
    drawn: Policy, earned: float, one: float, other: float, spent: int
) -> None:
    earlier, later = (drawn.apply(earned, 100, late, spent) for late in sorted((one, other)))
    assert 0 <= later.points <= earlier.points + 1e-6
    assert earlier.points <= earned + 1e-6
    assert drawn.apply(earned, 100, 0).points == earned


@DRAWN
@given(policies(), st.floats(0, 100), st.floats(0, 100), st.floats(0, 20 * DAY))
def test_who_earned_more_never_ends_below_who_earned_less(drawn: Policy, one: float, other: float, late: float) -> None:
    less, more = (drawn.apply(earned, 100, late).points for earned in sorted((one, other)))
    assert less <= more + 1e-6


@DRAWN
@given(policies(), st.floats(0.1, 100), st.floats(1, 20 * DAY), st.integers(0, 9))
def test_slip_days_that_are_left_help_or_do_nothing(drawn: Policy, earned: float, late: float, spent: int) -> None:
    fresh, used = drawn.apply(earned, 100, late), drawn.apply(earned, 100, late, spent)
    assert used.points <= fresh.points + 1e-6
    assert bool(fresh.sentence)


# --------------------------------------------------------------------------------------------- steps
@pytest.mark.parametrize(
    ("steps", "says"),
    [
        ([{}], "late.steps[1] begins with one of grace, slip_days, per_hour"),
        ([{"most": 2}], "late.steps[1].most goes with slip_days, which is not there"),
        ([{"of": "earned"}], "late.steps[1].of goes with per_hour or per_day or per_week or once or cap"),
        (
            [{"grace": "5 min", "per_day": "10 %"}],
            "has grace and per_day: these are two steps; write {grace = ...}, {per",
        ),
        ([{"grace": "5 min", "most": 2}], "late.steps[1].most does not go with grace"),
        ([{"grace": "5 min"}, {"closed": "1 day"}], "late.steps[1].grace buys nothing, since no step after it takes"),
        (
            [{"per_day": "5 %"}, {"slip_days": 2}],
            "slip_days buys nothing, since no step after it takes anything off; where",
        ),
        ([{"grace": "5"}], "late.steps[1].grace is no span of time"),
        ([{"grace": "5 parsecs"}], "is no span of time"),
        ([{"grace": "0 min"}], "is no span of time"),
        ([{"grace": "1 h 5"}], "is no span of time"),
        ([{"closed": ""}], "is no span of time"),
        ([{"per_day": "ten"}], 'late.steps[1].per_day is no amount: write "10 %"'),
        ([{"per_day": "110 %"}], "is no amount"),
        ([{"per_day": -3}], "is no amount"),
        ([{"per_day": 0}], "is no amount"),
        ([{"per_day": 3, "of": "earned"}], "goes with a percentage, and per_day is a number of points"),
        ([{"slip_days": 0}], "late.steps[1].slip_days is a number of days, 1 or more (it is 0)"),
        ([{"slip_days": 3, "most": 0}], "late.steps[1].most is a number of days"),
        ([{"cap": "50 %"}], "late.steps[1].cap caps nothing: put it after"),
        ([{"grace": "5 min"}, {"grace": "9 min"}, {"once": 1}], "late.steps[2].grace is there twice"),
    ],
)
def test_a_step_that_does_not_fit_is_refused(steps: list[dict[str, Any]], says: str) -> None:
    with pytest.raises(UsageError) as refused:
        policy(*steps)
    assert says in str(refused.value)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("15 min", 900),
        ("15min", 900),
        ("2 hours", 7200),
        ("1 h 30 min", 5400),
        ("1.5 hours", 5400),
        ("7 days", 7 * DAY),
        ("1 week", 7 * DAY),
        ("1 day, 2 hours and 3 minutes", DAY + 7380),
        ("90 secs", 90),
    ],
)
def test_spans_are_read_as_people_write_them(text: str, seconds: float) -> None:
    assert span(text) == seconds


def test_numbers_and_spans_are_told_in_few_digits() -> None:
    assert [number(x) for x in (85, 7.5, 1 / 3, 0, -0.0001)] == ["85", "7.5", "0.33", "0", "0"]
    assert [told_span(s) for s in (0.2, 61, 3600, DAY + 60, 9 * DAY + 2 * HOUR + 5)] == [
        "less than a second",
        "1 minute 1 second",
        "1 hour",
        "1 day 1 minute",
        "9 days 2 hours",
    ]
    assert amount("12.5 %").told("100") == "12.5 % of 100"


# ---------------------------------------------------------------------------------------------- time
@pytest.mark.parametrize(
    ("due", "submitted", "days"),
    [
        # Clocks are put forward on 29 March 2026 and back on 25 October: the day has 23 hours, or 25.
        ("2026-03-28T23:59", "2026-03-29T23:59", 1.0),
        ("2026-10-24T23:59", "2026-10-25T23:59", 1.0),
        ("2026-10-24T23:59", "2026-10-25T23:58", 0.999),
        ("2026-10-20T12:00", "2026-10-27T12:00", 7.0),
        ("2026-11-20T23:59", "2026-11-20T23:59", 0.0),
    ],
)
def test_a_day_late_is_a_day_on_the_wall(due: str, submitted: str, days: float) -> None:
    moments = [datetime.fromisoformat(text).replace(tzinfo=BERLIN) for text in (due, submitted)]
    late = lateness(moments[1].astimezone(UTC), moments[0].astimezone(UTC), BERLIN)
    assert late / DAY == pytest.approx(days, abs=0.001)
    assert -(-late // DAY) == -(-days // 1)  # begun days


@DRAWN
@given(
    st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1)),
    st.floats(0, 40 * DAY),
    st.floats(0, 40 * DAY),
)
def test_what_is_handed_in_later_is_never_less_late(due: datetime, one: float, other: float) -> None:
    start = due.replace(tzinfo=UTC)
    less, more = (lateness(start + timedelta(seconds=s), start, BERLIN) for s in sorted((one, other)))
    assert 0 <= less <= more + 1e-3
    assert abs(more - max(one, other)) <= HOUR + 1


def test_times_that_the_clocks_leave_out_or_show_twice_are_refused() -> None:
    with pytest.raises(
        ValueError, match=r"does not exist: .* leave out 02:30; write 2026-03-29T01:30:00 or 2026-03-29T03:30"
    ):
        in_zone(datetime(2026, 3, 29, 2, 30), BERLIN)
    with pytest.raises(ValueError, match=r"is there twice.*2026-10-25T02:30:00\+02:00 or 2026-10-25T02:30:00\+01:00"):
        in_zone(datetime(2026, 10, 25, 2, 30), BERLIN)
    with pytest.raises(ValueError, match="has no zone: set one for the course"):
        in_zone(datetime(2026, 10, 25, 2, 30), None)
    assert told_date(in_zone(datetime(2026, 7, 1, 9), BERLIN)) == "Wed 1 July 2026, 09:00 CEST"


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("Europe/Berln", "did you mean Europe/Berlin?"),
        ("berlin", "did you mean Europe/Berlin?"),
        ("New York", "did you mean America/New_York?"),
        ("zzz", "write it as Europe/Berlin"),
        ("../../etc/passwd", "is no time zone"),
    ],
)
def test_a_zone_that_is_unknown_has_near_ones(name: str, near: str) -> None:
    with pytest.raises(ValueError, match="is no time zone") as refused:
        zone_named(name)
    assert near in str(refused.value)
