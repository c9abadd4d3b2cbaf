"""Code that runs beside student code, loaded there by path; here, what of it the grader's side uses too.

The wire and the agreed words are read by both sides. The scripts are started, never imported.
"""

from pathlib import Path

from grader.runtime.inside.agreed import ENTER, FLOODED, IN_TURN
from grader.runtime.inside.wire import (
    HEADER,
    Kind,
    WireError,
    apart,
    decode,
    encode,
    frame,
    joined,
    read_header,
    together,
)

__all__ = [
    "ENTER",
    "FLOODED",
    "FORK_SERVER",
    "HEADER",
    "IN_TURN",
    "PROBE",
    "WAITING_KERNEL",
    "Kind",
    "WireError",
    "apart",
    "decode",
    "encode",
    "frame",
    "joined",
    "read_header",
    "together",
]

FORK_SERVER = Path(__file__).with_name("fork_server.py")
WAITING_KERNEL = Path(__file__).with_name("waiting_kernel.py")
PROBE = Path(__file__).with_name("walls") / "probe.py"
