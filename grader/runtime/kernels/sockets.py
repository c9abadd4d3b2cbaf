"""The ZeroMQ sockets on which cells go to a kernel."""

from __future__ import annotations

import zmq.asyncio

from grader.runtime.limits import Limits

__all__ = ["capped_context"]


def capped_context(limits: Limits) -> zmq.asyncio.Context:
    """Make a context whose sockets cannot fill this process: few messages wait, none larger than all that may be printed."""
    context = zmq.asyncio.Context()
    context.setsockopt(zmq.RCVHWM, 200)
    context.setsockopt(zmq.MAXMSGSIZE, 4 * limits.output_bytes)
    return context
