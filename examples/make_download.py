"""The maker of ``examples/canvas/``: what a teaching assistant downloads from Canvas of a small assignment, for the tutorial.

``submissions.zip`` holds the notebooks of some of the sample class under Canvas's names, ``gradebook.csv`` is its export of grades.
Both are derived from ``class/`` and ``course/roster.csv``, and committed::

    python examples/make_download.py            # write them
    python examples/make_download.py --check    # exit 1 if they are stale
"""

from __future__ import annotations

import csv
import io
import sys
import unicodedata
import zipfile
from pathlib import Path

EXAMPLES = Path(__file__).parent
WHO = ("ada", "esra", "farid", "greta", "hugo", "ines", "olga")
"""Right; six mistakes; overflows; some others; wrong forward passes; a cell that fails; a file that was cut off."""
LATE = ("greta",)
ABSENT = "nils"
"""The one in the gradebook who handed in nothing."""
DATE = (2026, 11, 20, 22, 0, 0)
TITLE = "Local gradients (48211)"


def roster() -> dict[str, dict[str, str]]:
    """Return the lines of the sample course's roster, by id."""
    with (EXAMPLES / "course" / "roster.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def sorted_name(name: str) -> str:
    """Return ``Lovelace, Ada`` of a name in either order."""
    if ", " in name:
        return name
    first, _, last = name.partition(" ")
    return f"{last}, {first}"


def canvas_name(person: dict[str, str]) -> str:
    """Return a name as Canvas begins a file's with it: family name first, in small letters without blanks."""
    return "".join(c for c in unicodedata.normalize("NFC", sorted_name(person["name"])).lower() if c.isalnum())


def submissions(people: dict[str, dict[str, str]]) -> bytes:
    """Return the zip archive."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for number, who in enumerate(WHO):
            late = "LATE_" if who in LATE else ""
            name = f"{canvas_name(people[who])}_{late}{people[who]['canvas_id']}_{9001 + number}_06_layers.ipynb"
            archive.writestr(zipfile.ZipInfo(name, DATE), (EXAMPLES / "class" / who / "06_layers.ipynb").read_bytes())
    return packed.getvalue()


def gradebook(people: dict[str, dict[str, str]]) -> bytes:
    """Return the export of grades, with the assignment's column empty."""
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(["Student", "ID", "SIS Login ID", "Section", TITLE])
    lines.writerow(["    Points Possible", "", "", "", "20"])
    for who in (*WHO, ABSENT):
        person = people[who]
        lines.writerow([sorted_name(person["name"]), person["canvas_id"], person["login"], person["section"], ""])
    return text.getvalue().encode()


def main() -> None:
    """Write both files, or check them and exit with 1 if one is stale."""
    people = roster()
    wanted = {"submissions.zip": submissions(people), "gradebook.csv": gradebook(people)}
    stale = []
    for name, data in wanted.items():
        path = EXAMPLES / "canvas" / name
        if path.is_file() and path.read_bytes() == data:
            continue
        stale.append(name)
        if "--check" not in sys.argv[1:]:
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(data)
    if stale and "--check" in sys.argv[1:]:
        sys.exit(f"stale: {', '.join(stale)}; run: python examples/make_download.py")


if __name__ == "__main__":
    main()
