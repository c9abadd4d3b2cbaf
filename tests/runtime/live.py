"""Live sessions, opened and asked in one line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from samples import LIMITS

from grader.judging import Call, Chain, Reply
from grader.runtime import Limits, Session, resolve
from grader.submission import Submission

__all__ = ["X", "ask", "ask_all", "session_of"]

X = np.array([[1.0, -2.0], [0.0, 3.0]])


def session_of(submission: Submission, limits: Limits = LIMITS, level: str = "auto", **more: Any) -> Session:
    """Return the session of a submission, not yet entered; ``more`` are further arguments of ``Session``."""
    return Session(submission, limits, resolve(level), **more)


def ask(session: Session, function: str, *args: Any, **more: Any) -> Any:
    """Call a function of the unit ``layers``; ``more`` are further arguments of ``Call``. Return the reply."""
    (reply,) = ask_all(session, [Call(f"layers.{function}", args, **more)])
    return reply


def ask_all(session: Session, calls: Sequence[Call]) -> list[Reply]:
    """Put each call as a chain of its own, all at once; return the reply to each."""
    return [replies[-1] for replies in session.put([Chain((call,)) for call in calls])]
