"""Remote calls: chains of calls go to a submission's agent, and their replies come back."""

from grader.runtime.calls.channel import Channel, Gone, Terms
from grader.runtime.calls.encoding import Request, Unsendable, request_of
from grader.runtime.calls.replies import Replies

__all__ = ["Channel", "Gone", "Replies", "Request", "Terms", "Unsendable", "request_of"]
