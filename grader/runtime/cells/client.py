"""The client of a kernel's cells: nbclient, with a bound on what a notebook prints, and without what nobody waits for."""

from __future__ import annotations

from typing import Any

from nbclient.client import NotebookClient
from nbformat import NotebookNode

from grader.runtime.cells.outputs import output_of
from grader.runtime.kernels import Kernel

__all__ = ["Client"]


class Client(NotebookClient):
    """nbclient, counting what a notebook prints as it comes.

    Attributes:
        kernel: in which it executes.
        room: the bytes that may still be printed.
        messages: the messages in which that may still come.
        flooded: why the kernel was ended, when it had printed more.
        done: how many cells the last request has run, as the kernel says.

    """

    room = messages = 0
    flooded = ""
    kernel: Kernel
    done: object = 1

    def take_reply(self, execute_reply: dict[str, Any], **_: Any) -> None:
        """Note how many cells a request has run."""
        self.done = execute_reply["content"].get("done", 1)

    async def _async_poll_kernel_alive(self) -> None:
        """Do nothing: a dead kernel is noticed by its exit, not by asking every second."""

    def process_message(self, msg: dict[str, Any], cell: NotebookNode, cell_index: int) -> Any:
        """Take a message of the kernel; end the kernel when it has printed more than it may."""
        self.room -= _size(msg.get("content")) + _size(msg.get("buffers"))
        self.messages -= 1
        if self.room < 0 or self.messages < 0:
            if not self.flooded:
                self.flooded = (
                    "it printed more than is allowed"
                    if self.room < 0
                    else "its output came in more pieces than are allowed; does it print or plot in a loop?"
                )
                self.kernel.kill()
            return None
        if str(msg.get("msg_type")).startswith("comm_"):
            return None  # widgets: nobody is there to move one, and what they send would be kept
        return super().process_message(msg, cell, cell_index)

    def output(self, outs: list[Any], msg: dict[str, Any], display_id: str | None, cell_index: int) -> Any:
        """Keep an output, as nbclient does, in the form that ``output_of`` gives it."""
        if self.clear_before_next_output:
            outs.clear()
            self.clear_display_id_mapping(cell_index)
            self.clear_before_next_output = False
        found = output_of(str(msg["msg_type"]), msg["content"])
        if found is not None:
            if display_id:
                self._display_id_map.setdefault(display_id, {}).setdefault(cell_index, []).append(len(outs))
            outs.append(found)
        return found


def _size(content: Any) -> int:
    """Estimate how many bytes a message's content takes."""
    total, waiting = 0, [content]
    while waiting:
        item = waiting.pop()
        total += len(item) if isinstance(item, (str, bytes, memoryview)) else 8
        if isinstance(item, dict):
            waiting.extend(item.values())
            waiting.extend(item.keys())
        elif isinstance(item, (list, tuple)):
            waiting.extend(item)
    return total
