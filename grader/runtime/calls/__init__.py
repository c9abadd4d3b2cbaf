"""Remote calls: chains of calls go to a submission's agent, and their replies come back."""

from grader.runtime.calls.channel import Channel, Gone, Terms
from grader.runtime.calls.encoding import Unsendable, encoded_chains
from grader.runtime.calls.replies import Replies

__all__ = ["Channel", "Gone", "Replies", "Terms", "Unsendable", "encoded_chains"]
