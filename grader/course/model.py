"""The form of a course file: its tables and settings with what they mean, from which its schema and its reference page are made.

Importing this module imports pydantic; it is imported where a file is read.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = [
    "AssignmentTable",
    "CourseFile",
    "ExamTable",
    "ExceptionTable",
    "ExtensionTable",
    "KernelTable",
    "LateStep",
    "LateTable",
]

Amount = str | float


class _Table(BaseModel):
    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, use_attribute_docstrings=True, allow_inf_nan=False
    )


class KernelTable(_Table):
    """The settings of the process that runs a submission."""

    packages: list[str] = Field(default_factory=list)
    """imports that submissions may use besides numpy, matplotlib and the standard library"""


class LateStep(_Table):
    """One step of a late policy. It has one of the settings that begin a step, and beside it those that go with it."""

    grace: str | None = None
    """begins a step: up to so late is in time, and of what is later only the rest counts as late: `"15 min"`"""
    slip_days: int | None = None
    """begins a step: so many days late are free for each student in the whole course, used in the order of due dates"""
    most: int | None = None
    """goes with `slip_days`: so many at most for one assignment"""
    per_hour: Amount | None = None
    """begins a step: taken off for each hour late: `"1 %"`, or a number of points"""
    per_day: Amount | None = None
    """begins a step: taken off for each day late: `"10 %"`, or a number of points"""
    per_week: Amount | None = None
    """begins a step: taken off for each week late"""
    once: Amount | None = None
    """begins a step: taken off whatever is late at all, once"""
    each: Literal["begun", "full", "part"] | None = None
    """goes with `per_hour`, `per_day`, `per_week`: each one begun counts (so without it), each full one, or parts too"""
    of: Literal["maximum", "earned"] | None = None
    """goes with a percentage: of the assignment's maximum, or of what was earned; without it the first, of `cap` as before it"""
    cap: Amount | None = None
    """begins a step: the steps before it take off so much at most: `"50 %"`"""
    at_most: Amount | None = None
    """begins a step: whatever is late counts for so much at most: `"60 %"` of the maximum"""
    at_least: Amount | None = None
    """begins a step: lateness does not take points below this: `"20 %"` of the maximum"""
    closed: str | None = None
    """begins a step: what comes so long after the due date counts for nothing: `"7 days"`. Extensions move it, slip days do not"""


class LateTable(_Table):
    """A late policy: steps that are gone through in their order, each time that a grade is asked for."""

    steps: list[LateStep] = Field(default_factory=list)
    """the steps; none: what is late counts as what is not"""


class ExamTable(_Table):
    """An exam: each student gets exercises of their own, drawn from units by one blueprint for all (`gradmark release --exam`)."""

    points: float
    """the points of a paper on the bank's scale, met exactly"""
    seed: int = 0
    """another seed gives another exam"""
    units: list[str] | dict[str, float | str]
    """the units to draw from: a list, or a table with points for each (`8`), a percentage (`"20 %"`), or `""` for what is left"""
    forms: list[str] | dict[str, float | str] = Field(default_factory=list)
    """the forms to draw, likewise; without it all but training runs"""
    same: bool = False
    """one paper for everybody"""
    made: str = ""
    """the mark that `gradmark release --exam` printed; papers of another bank, salt or setting are then refused, and not graded"""


class AssignmentTable(_Table):
    """An assignment, by the name that is used on the command line and in the gradebook: a unit, or exercises of several units."""

    title: str = ""
    """the title, for people; without it the name"""
    unit: str | list[str] | None = None
    """a unit of the bank, or several, with all their exercises; without `unit` and `exercises` the unit of the assignment's name"""
    exercises: list[str] | dict[str, float] | None = None
    """exercises by their full names, in place of `unit`: a list, or a table with the points of each"""
    exam: ExamTable | None = None
    """an exam, in place of `unit` and `exercises`: a paper for each student"""
    points: float | None = None
    """the points of the whole, to which those of the exercises are scaled; without it they are added up"""
    over: bool = False
    """an exercise may get more than its points, by hand or by a rubric"""
    opens: datetime | None = None
    """from when on it is handed out"""
    due: datetime | None = None
    """the due date; without a zone of its own it is in that of the course. Without a due date nothing is late"""
    released: bool | datetime | None = None
    """students see what is shown after the release: yes, no, or from when on"""
    count: Literal["last", "best"] = "last"
    """the attempt that counts: the last one, or the best one after the late policy"""
    notebook: str = ""
    """the file name of the notebook that students hand in, where it is another than the unit's"""
    late: LateTable | None = None
    """the late policy of this assignment, in the place of the course's"""
    canvas: int | str = ""
    """the assignment's number in Canvas"""
    moodle: int | str = ""
    """the assignment's number in Moodle"""
    gradescope: int | str = ""
    """the assignment's number in Gradescope"""
    column: str = ""
    """the header of its column in tables for spreadsheets; without it the title"""


class ExtensionTable(_Table):
    """More time for a student. Of several for one assignment the one that ends last holds; they do not add up."""

    student: str
    """the id in the roster"""
    assignment: str | list[str] = "*"
    """the assignment, or several; without it, or with `"*"`, all of them"""
    days: float | None = None
    """so many days more, to the same time of the day"""
    until: datetime | date | None = None
    """or until when; a date alone lasts to its end"""
    reason: str = ""
    """the reason, which the student reads too"""


class ExceptionTable(_Table):
    """An exception for a student."""

    student: str
    """the id in the roster"""
    assignment: str | list[str] = "*"
    """the assignment, or several; without it, or with `"*"`, all of them"""
    excused: bool = False
    """the assignment does not count, and is no zero"""
    exempt: bool = False
    """the late policy does not apply"""
    reason: str = ""
    """the reason, which the student reads too"""


class CourseFile(_Table):
    """The settings of a course. What stands before the first table is about the course as a whole."""

    name: str = ""
    """the name of the course, for people"""
    salt: str = ""
    """a text that nobody else knows: with it the names are made that stand for students where names are hidden"""
    variants: bool = False
    """each student gets their own variant of the exercises that have some; it needs a `salt`, and has to stay once kits are out"""
    drawn: int | None = Field(default=None, ge=0, le=1000)
    """so many cases of each exercise are drawn at random, beside those that every course has; without it 30. More take longer"""
    zone: str = ""
    """the time zone of dates that have none of their own, and of days: `"Europe/Berlin"`"""
    bank: list[str] = Field(default_factory=list)
    """folders of private banks, from the course file's own folder; they are code, so the file must then be named with `--course`"""
    roster: str = ""
    """the file with those who take part, from the course file's own folder: `"roster.csv"`"""
    extensions: str = ""
    """a file with extensions, from the course file's own folder, beside those of `[[extension]]`: `"extensions.csv"`"""
    limits: dict[str, Any] = Field(default_factory=dict)
    """what a submission may use up"""
    kernel: KernelTable = Field(default_factory=KernelTable)
    """the process that runs a submission"""
    shown: dict[str, Any] = Field(default_factory=dict)
    """what students see of checks, by kind: of all, of a unit in `[shown.UNIT]`, of an exercise in `[shown.UNIT.EXERCISE]`"""
    late: LateTable = Field(default_factory=LateTable)
    """the late policy of the course"""
    assignment: dict[str, AssignmentTable] = Field(default_factory=dict)
    """the assignments: `[assignment.NAME]`; without any, each unit is one"""
    extension: list[ExtensionTable] = Field(default_factory=list)
    """extensions, one `[[extension]]` each"""
    exception: list[ExceptionTable] = Field(default_factory=list)
    """exceptions, one `[[exception]]` each"""
