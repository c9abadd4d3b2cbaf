"""What a submission may use up: one frozen object, passed down."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Limits"]

MIB = 1 << 20


@dataclass(frozen=True)
class Limits:
    """Wall seconds, bytes and counts; each limit has its own verdict and sentence."""

    cell_seconds: float = 20.0
    notebook_seconds: float = 120.0
    call_seconds: float = 2.0
    submission_seconds: float = 300.0
    startup_seconds: float = 60.0
    output_bytes: int = 2 * MIB
    frame_bytes: int = 64 * MIB
    memory_bytes: int = 2048 * MIB
    file_bytes: int = 64 * MIB
    restarts: int = 8
