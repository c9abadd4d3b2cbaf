"""``python -m grader.student``: the public checks in a terminal, where a kit is and nothing is installed."""

import sys

from grader.student.terminal import main

if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # a terminal that knows no ✓ shows a ?
    sys.exit(main(sys.argv[1:]))
