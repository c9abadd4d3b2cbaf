"""The settings of an exam: its points, its seed, and the units and forms that it is drawn from, some with a share of the points."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from grader.errors import UsageError
from grader.exam.pool import FORMS, LEFT_OUT

__all__ = ["ExamAsked", "ExamSettings", "Shares", "exactly", "read_shares", "settings_of", "told"]

Shares = Mapping[str, float | None]
"""By name the points that are to be of it; None where that is left open."""
Asked = Sequence[str] | Mapping[str, float | str]
PERCENT = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)\s*(%?)\s*")
MOST_POINTS, FINEST = 1000.0, 1000


@dataclass(frozen=True, kw_only=True)
class ExamAsked:
    """An exam as an instructor asks for it, on the command line or in a course file; nothing is checked yet.

    Args:
        points: the total.
        seed: of the draw.
        units: names, or names with shares; without any, all that there are.
        forms: likewise; without any, all but training runs, which build on functions that a paper may not ask for.
        same: one paper for everybody.
        made: the mark of the papers as they were released; empty where nothing is said of it.

    """

    points: float
    seed: int = 0
    units: Asked = ()
    forms: Asked = ()
    same: bool = False
    made: str = ""


@dataclass(frozen=True, kw_only=True)
class ExamSettings:
    """The settings of an exam.

    Args:
        points: the total, met exactly.
        seed: another one gives another exam.
        units: whose exercises are drawn, with the points of each where they are set.
        forms: likewise, of forms.
        same: one paper for everybody.

    """

    points: float
    seed: int = 0
    units: Shares = field(default_factory=dict)
    forms: Shares = field(default_factory=dict)
    same: bool = False


def exactly(points: float) -> Fraction:
    """Return points as the number that is meant: a third of a point three times over is one."""
    return Fraction(points).limit_denominator(FINEST)


def told(points: float | Fraction) -> str:
    """Return points as people write them."""
    return f"{float(points):.6g}"


def settings_of(asked: ExamAsked, known: Sequence[str]) -> ExamSettings:
    """Check what is asked for, and fill in what is not.

    Args:
        asked: as an instructor wrote it.
        known: the names of all units, in their order.

    Raises:
        UsageError: the points are none, there is no such unit or form, or shares do not add up.

    """
    points = asked.points
    if not 0 < points <= MOST_POINTS:
        raise UsageError(
            f"an exam has more than 0 points, and at most {told(MOST_POINTS)} (what came is {told(points)})"
        )
    by_unit = read_shares("units", asked.units or list(known), points)
    for name in by_unit:
        if name not in known:
            raise UsageError(f"there is no unit {name!r}{_near(name, known)}; there are {', '.join(known)}")
    usual = [form for form in FORMS if form not in LEFT_OUT]
    by_form = {_form(name): share for name, share in read_shares("forms", asked.forms or usual, points).items()}
    return ExamSettings(
        points=points,
        seed=asked.seed,
        units={name: by_unit[name] for name in known if name in by_unit},
        forms={form: by_form[form] for form in FORMS if form in by_form},
        same=asked.same,
    )


def read_shares(what: str, asked: Asked, points: float) -> dict[str, float | None]:
    """Return what is asked for by name, with the points of each where they are set: ``8``, or ``"20 %"`` of the whole.

    Raises:
        UsageError: a share is no number, or the shares do not fit the points.

    """
    if not isinstance(asked, Mapping):
        return dict.fromkeys(asked, None)
    found: dict[str, float | None] = {name: _points(what, name, share, points) for name, share in asked.items()}
    total, whole = sum(exactly(share) for share in found.values() if share is not None), exactly(points)
    everything = None not in found.values()
    if total > whole or (everything and total != whole):
        raise UsageError(f"the shares of {what} add up to {told(total)}, and the exam has {told(whole)} points")
    return found


def _points(what: str, name: str, share: float | str, points: float) -> float | None:
    found = PERCENT.fullmatch(str(share))
    if share == "":
        return None
    if found is None or isinstance(share, bool):
        raise UsageError(
            f"{name} among the {what} has the share {share!r}: it is a number of points, or a percentage, '20 %'"
        )
    number = Fraction(found[1])
    return float(number / 100 * exactly(points) if found[2] else number)


def _form(name: str) -> str:
    plain = re.sub(r"[-_\s]+", " ", name).strip().lower()
    if plain in FORMS:
        return plain
    if plain.endswith("s") and plain[:-1] in FORMS:
        return plain[:-1]
    raise UsageError(f"there is no form {name!r}{_near(plain, FORMS)}; there are {', '.join(FORMS)}")


def _near(name: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(name, list(known), 1)
    return f", did you mean {near[0]!r}?" if near else ""
