"""The limits of a submission: one frozen object, passed down."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Limits"]

MIB = 1 << 20


@dataclass(frozen=True)
class Limits:
    """Seconds, bytes and counts that a submission may use up; a submission that meets one is told so by a sentence of its own.

    Each time is limited twice: ``*_seconds`` are those of the clock, ``*_cpu_seconds`` those of the processor. Working code meets
    the second first, which is the same on a busy machine; the first is for code that waits.

    ``call_seconds`` and ``call_cpu_seconds``: of one call; a function that ran out of them gets a quarter the next
    time, and after two time-outs of a submission every call a tenth.
    ``output_messages``: how many pieces a notebook's output may come in. ``memory_bytes``: of address space beyond what an empty
    kernel has. ``disk_bytes`` and ``inodes``: of all files together, at isolation ``full``; ``file_bytes``: of one. ``processes``
    counts threads. ``restarts``: how often a submission is begun again after its process was lost.
    """

    cell_seconds: float = 40.0
    cell_cpu_seconds: float = 20.0
    notebook_seconds: float = 120.0
    call_seconds: float = 5.0
    call_cpu_seconds: float = 2.0
    submission_seconds: float = 300.0
    submission_cpu_seconds: float = 150.0
    startup_seconds: float = 60.0
    output_bytes: int = 2 * MIB
    output_messages: int = 10_000
    frame_bytes: int = 64 * MIB
    memory_bytes: int = 1024 * MIB
    file_bytes: int = 64 * MIB
    disk_bytes: int = 128 * MIB
    inodes: int = 4096
    processes: int = 128
    open_files: int = 256
    restarts: int = 8

    def of_the_process(self) -> dict[str, int]:
        """Return the limits that the operating system keeps, by the names of the sandbox's settings."""
        kept = ("memory_bytes", "file_bytes", "disk_bytes", "inodes", "processes", "open_files")
        return {**{name: getattr(self, name) for name in kept}, "cpu_seconds": self.last_cpu_second()}

    def last_cpu_second(self) -> int:
        """Return the CPU seconds after which the operating system ends a process, should the grader not have done so."""
        return int(self.submission_cpu_seconds + self.cell_cpu_seconds) + 10
