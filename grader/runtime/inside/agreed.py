"""Words that both sides must know: the grader imports them, a kernel loads this file by path as ``_gradmark_agreed``."""

from __future__ import annotations

__all__ = ["ENTER", "FLOODED", "IN_TURN"]

ENTER = "__import__('_gradmark_agent').serve()"
"""The source of the request that follows a notebook's last cell: it enters the agent, and returns when the grader hangs up."""
FLOODED = 87
"""The exit status of a kernel that printed more than is allowed."""
IN_TURN = "# gradmark: cells in turn\n"
"""The first line of a request for several cells, which follow as a list in JSON: they are run in turn, as far as the first that
fails or prints, and the reply says under ``done`` how many that were.
"""
