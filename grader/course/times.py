"""Times of a course: due dates in their zone, spans such as ``15 min``, and how late a hand-in is by the clock on the wall."""

from __future__ import annotations

import difflib
import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo, available_timezones

__all__ = [
    "DAY",
    "days_after",
    "end_of_day",
    "in_zone",
    "lateness",
    "span",
    "told_date",
    "told_span",
    "zone_named",
]

DAY = 86_400.0
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
"""Not those of the machine's locale: our sentences are English."""
_UNITS = {
    "second": 1.0,
    "sec": 1.0,
    "s": 1.0,
    "minute": 60.0,
    "min": 60.0,
    "m": 60.0,
    "hour": 3600.0,
    "hr": 3600.0,
    "h": 3600.0,
    "day": DAY,
    "d": DAY,
    "week": 7 * DAY,
    "w": 7 * DAY,
}
_SPAN = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]+)\.?(?:\s*(?:,|and)\s*|\s*)")


def zone_named(name: str) -> ZoneInfo:
    """Return a zone of the IANA database.

    Raises:
        ValueError: there is none of this name; the message has near ones.

    """
    try:
        if name in available_timezones():
            return ZoneInfo(name)
    except (OSError, ValueError):
        pass
    known = sorted(available_timezones())
    cities = {zone.rpartition("/")[2].lower(): zone for zone in known}
    wanted = name.strip().rpartition("/")[2].lower().replace(" ", "_")
    near = difflib.get_close_matches(name, known, 1, 0.7) or [
        cities[city] for city in difflib.get_close_matches(wanted, list(cities), 1, 0.7)
    ]
    hint = f"did you mean {near[0]}?" if near else "write it as Europe/Berlin or America/New_York"
    raise ValueError(f"is no time zone: there is no {name!r}; {hint}")


def in_zone(moment: datetime, zone: tzinfo | None) -> datetime:
    """Return a time with a zone: its own, or the course's for one that has none.

    Raises:
        ValueError: the course has no zone either, or the clocks of the zone leave that time out, or show it twice.

    """
    if moment.tzinfo is not None:
        return moment
    if zone is None:
        raise ValueError(
            'has no zone: set one for the course, zone = "Europe/Berlin" at the top of the course file, '
            f"or write {moment.isoformat()}+01:00"
        )
    first, second = moment.replace(tzinfo=zone), moment.replace(tzinfo=zone, fold=1)
    if first.utcoffset() == second.utcoffset():
        return first
    before, after = (m.astimezone(UTC).astimezone(zone).replace(tzinfo=None) for m in (second, first))
    if after != moment:
        raise ValueError(
            f"does not exist: on that day the clocks of {zone} leave out {moment:%H:%M}; "
            f"write {before.isoformat()} or {after.isoformat()}"
        )
    raise ValueError(
        f"is there twice, since the clocks of {zone} are put back: write {first.isoformat()} or {second.isoformat()}"
    )


def end_of_day(day: date) -> datetime:
    """Return the last second of a day, without a zone."""
    return datetime.combine(day, time(23, 59, 59))


def days_after(moment: datetime, days: float, zone: tzinfo | None) -> datetime:
    """Return the time of the same clock reading some days later; a part of a day is taken as so many seconds.

    Args:
        moment: with its zone.
        days: how many.
        zone: of the course, in which days are counted; without one the moment's own.

    """
    local = moment.astimezone(zone) if zone is not None else moment
    whole = int(days)
    return (local + timedelta(days=whole)).astimezone(UTC) + timedelta(days=days - whole)


def lateness(submitted: datetime, due: datetime, zone: tzinfo | None) -> float:
    """Return by how many seconds a hand-in is late, 0 in time; a day is what the clock on the wall calls so.

    On the day on which clocks are put forward or back, a hand-in at the hour of the due date is late by whole days all the same.
    What is handed in later is never less late.
    """
    if submitted <= due:
        return 0.0
    days = max(0, (submitted - due).days - 1)
    while days_after(due, days + 1, zone) <= submitted:
        days += 1
    rest = (submitted.astimezone(UTC) - days_after(due, days, zone)).total_seconds()
    return days * DAY + min(max(rest, 0.0), DAY - 0.001)


def span(text: str) -> float:
    """Return the seconds of a span of time: ``15 min``, ``1 h 30 min``, ``7 days``, ``1.5 hours``.

    Raises:
        ValueError: it is none, or not more than nothing.

    """
    seconds, at, lowered = 0.0, 0, text.strip().lower()
    while at < len(lowered) and (part := _SPAN.match(lowered, at)):
        unit = part[2] if part[2] in _UNITS else part[2].removesuffix("s")
        if unit not in _UNITS:
            break
        seconds += float(part[1]) * _UNITS[unit]
        at = part.end()
    if at < len(lowered) or not lowered or not 0 < seconds < 1e9:
        raise ValueError(f'is no span of time: write "15 min", "2 hours" or "7 days" (it is {text!r})')
    return seconds


def told_span(seconds: float) -> str:
    """Return a span in words of at most two units: ``2 days 3 hours``, ``15 minutes``."""
    left, parts = round(seconds), []
    for name, size in (("day", 86_400), ("hour", 3600), ("minute", 60), ("second", 1)):
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count} {name}{'' if count == 1 else 's'}")
    return " ".join(parts[:2]) or "less than a second"


def told_date(moment: datetime, zone: tzinfo | None = None) -> str:
    """Return a time as people read it: ``Fri 20 November 2026, 23:59 CET``."""
    local = moment.astimezone(zone) if zone is not None else moment
    clock = local.strftime("%H:%M:%S" if local.second else "%H:%M")
    name = local.tzname() or ""
    return f"{_DAYS[local.weekday()]} {local.day} {_MONTHS[local.month - 1]} {local.year}, {clock} {name}".strip()
