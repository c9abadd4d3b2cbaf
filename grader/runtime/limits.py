"""What a submission may use up: one frozen object, passed down."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Limits"]

MIB = 1 << 20


@dataclass(frozen=True)
class Limits:
    """Wall seconds, bytes and counts; each limit has its own verdict and sentence.

    ``memory_bytes``: of address space beyond what an empty kernel has. ``disk_bytes`` and ``inodes``: of all files together, at
    isolation ``full``; ``file_bytes``: of one. ``processes`` counts threads. ``restarts``: how often a submission is begun again
    after its process was lost.
    """

    cell_seconds: float = 20.0
    notebook_seconds: float = 120.0
    call_seconds: float = 2.0
    submission_seconds: float = 300.0
    startup_seconds: float = 60.0
    output_bytes: int = 2 * MIB
    frame_bytes: int = 64 * MIB
    memory_bytes: int = 2048 * MIB
    file_bytes: int = 64 * MIB
    disk_bytes: int = 128 * MIB
    inodes: int = 4096
    processes: int = 128
    open_files: int = 256
    restarts: int = 8

    def of_the_process(self) -> dict[str, int]:
        """Those that the operating system keeps, by the names of the sandbox's settings."""
        kept = ("memory_bytes", "file_bytes", "disk_bytes", "inodes", "processes", "open_files")
        return {**{name: getattr(self, name) for name in kept}, "cpu_seconds": int(self.submission_seconds) + 60}
