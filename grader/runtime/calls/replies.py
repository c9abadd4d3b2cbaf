"""The replies of one exchange, grouped by the chains that they answer."""

from __future__ import annotations

from collections.abc import Sequence

from grader.judging import Call, Chain, Earlier, Lost, Reply, Returned
from grader.runtime.calls.channel import Gone

__all__ = ["Replies"]


class Replies:
    """Replies to chains as they come, call by call.

    ``whole`` are the replies of the chains that are done with, ``begun`` those of the chain that is under way.
    """

    def __init__(self, chains: Sequence[Chain]) -> None:
        self.chains = chains
        self.whole: list[tuple[Reply, ...]] = []
        self.begun: list[Reply] = []
        self._pass_empty_chains()

    def next_call(self) -> Call:
        """Return the call that the next reply answers."""
        return self.chains[len(self.whole)].calls[len(self.begun)]

    def are_whole(self) -> bool:
        """Return True if every chain is done with."""
        return len(self.whole) == len(self.chains)

    def add(self, reply: Reply | None) -> None:
        """Note the reply to the next call; None says that the chain cannot go on.

        Raises:
            Gone: it can go on, or it cannot and went on nevertheless; the process talks nonsense.

        """
        takes = reply is None or bool(self.begun)  # the first call of a chain takes nothing from others
        if takes and (reply is not None) != self._can_go_on():
            raise Gone("crashed", "the process answered nonsense")
        if reply is not None:
            self.begun.append(reply)
        if not isinstance(reply, Returned) or len(self.begun) == len(self.chains[len(self.whole)].calls):
            self._finish()

    def lose(self, lost: Lost) -> None:
        """End the chain that is under way with this loss, if one is under way."""
        if self.begun:
            self.begun.append(lost)
            self._finish()

    def _finish(self) -> None:
        self.whole.append(tuple(self.begun))
        self.begun = []
        self._pass_empty_chains()

    def _pass_empty_chains(self) -> None:
        """Be done with chains that have no calls."""
        while not self.are_whole() and not self.chains[len(self.whole)].calls:
            self.whole.append(())

    def _can_go_on(self) -> bool:
        """Return True if the earlier calls returned all that the next one takes."""
        call = self.next_call()
        return all(self._is_there(arg) for arg in call.args if isinstance(arg, Earlier))

    def _is_there(self, earlier: Earlier) -> bool:
        reply = self.begun[earlier.call]
        value = reply.value if isinstance(reply, Returned) else None
        return isinstance(value, (tuple, list)) and len(value) == len(earlier.names)
