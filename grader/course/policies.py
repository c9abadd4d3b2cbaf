"""Late policies as a course file writes them: each step is read from its settings, or refused with its line."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from grader.course.late import Policy
from grader.course.lines import Key, Places
from grader.course.steps import Amount, Cap, Closed, Floor, Grace, Rate, SlipDays, Step, amount
from grader.course.times import DAY, span

if TYPE_CHECKING:
    from grader.course.model import LateTable

__all__ = ["read_policy"]

T = TypeVar("T")
RATES = {"per_hour": 3600.0, "per_day": DAY, "per_week": 7 * DAY, "once": None}
FREE = ("grace", "slip_days")
"""Steps that take something off what counts as late, and so do nothing where lateness costs nothing after them."""
COSTS = (*RATES, "at_most")
BESIDE = {
    # What begins a step, and the settings that may stand beside it.
    "grace": (),
    "slip_days": ("most",),
    "per_hour": ("of", "each"),
    "per_day": ("of", "each"),
    "per_week": ("of", "each"),
    "once": ("of",),
    "cap": ("of",),
    "at_most": (),
    "at_least": (),
    "closed": (),
}


def read_policy(places: Places, key: Key, table: LateTable) -> Policy:
    """Read the steps of a policy.

    Args:
        places: of the course file.
        key: of the table in it: ``late``, or ``assignment.NAME.late``.
        table: as it was read.

    Raises:
        UsageError: a step does not fit, does nothing where it stands, or is there twice; with file, line and reason.

    """
    steps: list[Step] = []
    opened: dict[str, int] = {}
    last: dict[str, int] = {}
    for at, step in enumerate(table.steps):
        here = (*key, "steps", at)
        settings = step.model_dump(exclude_none=True)
        opening = _opening(places, here, settings)
        if opening in opened and opening not in ("per_hour", "per_day", "per_week", "once", "cap"):
            first = places.line(*key, "steps", opened[opening])
            raise places.refusal((*here, opening), f"is there twice, first in line {first}; keep one")
        if opening == "cap" and not any(name in RATES for name in opened):
            raise places.refusal((*here, opening), "caps nothing: put it after the step that takes something off")
        opened.setdefault(opening, at)
        last[opening] = at
        steps.append(_step(places, here, opening, settings))
    for free in FREE:
        if free in opened and max(last.get(cost, -1) for cost in COSTS) < opened[free]:
            raise places.refusal(
                (*key, "steps", opened[free], free),
                "buys nothing, since no step after it takes anything off; "
                'where nothing later is accepted, add {once = "100 %"} after it',
            )
    return Policy(tuple(steps))


def _opening(places: Places, here: Key, settings: dict[str, Any]) -> str:
    """Return the setting that begins a step.

    Raises:
        UsageError: there is none, there are several, or one beside it goes with another.

    """
    openings = [name for name in BESIDE if name in settings]
    if not openings:
        beside = next(iter(settings), "")
        owners = [name for name, others in BESIDE.items() if beside in others]
        says = (
            f"goes with {' or '.join(owners)}, which is not there"
            if owners
            else f"begins with one of {', '.join(BESIDE)}"
        )
        raise places.refusal((*here, beside) if owners else here, says)
    if len(openings) > 1:
        one, other = openings[:2]
        raise places.refusal(
            here, f"has {one} and {other}: these are two steps; write {{{one} = ...}}, {{{other} = ...}} in their order"
        )
    opening = openings[0]
    for name in settings:
        if name != opening and name not in BESIDE[opening]:
            raise places.refusal((*here, name), f"does not go with {opening}")
    return opening


def _step(places: Places, here: Key, opening: str, settings: dict[str, Any]) -> Step:
    value = settings[opening]
    key = (*here, opening)
    match opening:
        case "grace":
            return Grace(_read(places, key, span, value))
        case "closed":
            return Closed(_read(places, key, span, value))
        case "slip_days":
            most = settings.get("most")
            for name, days in (("slip_days", value), ("most", most)):
                if days is not None and days < 1:
                    raise places.refusal((*here, name), f"is a number of days, 1 or more (it is {days})")
            return SlipDays(value, most)
        case "at_most" | "at_least":
            return Floor(_read(places, key, amount, value), upper=opening == "at_most")
    found: Amount = _read(places, key, amount, value)
    of = settings.get("of")
    if of and not found.percent:
        raise places.refusal((*here, "of"), f"goes with a percentage, and {opening} is a number of points")
    if opening == "cap":
        return Cap(found, of)
    return Rate(found, RATES[opening], of or "maximum", settings.get("each", "begun"))


def _read(places: Places, key: Key, reading: Callable[[Any], T], value: Any) -> T:
    try:
        return reading(value)
    except ValueError as error:
        raise places.refusal(key, str(error)) from None
