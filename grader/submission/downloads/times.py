"""Times as platforms write them. One without a zone is none: a guess could make a hand-in late."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

__all__ = ["instant"]

WRITTEN = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)[T ](?P<time>\d\d:\d\d(?::\d\d)?)(?P<part>[.,]\d+)?"
    r"\s*(?P<zone>Z|UTC|GMT|[+-]\d\d:?\d\d|[A-Z][\w+-]*/[\w/+-]+)?"
)


def instant(said: Any) -> datetime | None:
    """Read ``2026-10-02 16:01:02.123 UTC``, with ``Z``, an offset or the name of a zone; None if it is no time, or has no zone.

    A table of Ruby's, ``{utc: ..., zone: ..., time: ...}``, is read by its first.
    """
    if isinstance(said, Mapping):
        return instant(f"{said.get('utc', '')}".removesuffix("Z").strip() + " UTC")
    match = WRITTEN.fullmatch(said.strip()) if isinstance(said, str) and len(said) < 100 else None
    if match is None or match["zone"] is None:
        return None
    part = (match["part"] or ".0")[1:7].ljust(6, "0")
    try:
        when = datetime.fromisoformat(f"{match['day']}T{match['time']}")
        return when.replace(microsecond=int(part), tzinfo=_zone(match["zone"]))
    except (ValueError, OSError, KeyError):  # no such day, or no such zone
        return None


def _zone(name: str) -> timezone | ZoneInfo:
    if name in ("Z", "UTC", "GMT"):
        return UTC
    if name[0] in "+-":
        hours, minutes = int(name[1:3]), int(name[-2:])
        return timezone((-1 if name[0] == "-" else 1) * timedelta(hours=hours, minutes=minutes))
    return ZoneInfo(name)
