"""Writes the reference of the course file and its JSON Schema into docs/reference: ``python docs/course_file.py``.

Both are made of the file's form, ``grader/course/model.py``, in which each setting says what it means.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

from grader.course import course_schema
from grader.runtime import Limits

REFERENCE = Path(__file__).parent / "reference"
PAGE, SCHEMA = REFERENCE / "course-file.md", REFERENCE / "gradmark.schema.json"
TABLES = {
    # The tables of the file in the order of the page: as they are written, and where their form is.
    "[late]": "LateTable",
    "A step of `[late]`": "LateStep",
    "[assignment.NAME]": "AssignmentTable",
    "`exam` in `[assignment.NAME]`": "ExamTable",
    "[[extension]]": "ExtensionTable",
    "[[exception]]": "ExceptionTable",
    "[kernel]": "KernelTable",
}
OPENING = """<!-- derived by docs/course_file.py from grader/course/model.py -->
# The course file

`gradmark.toml` is [TOML](https://toml.io). What each setting means stands below; how to use them is told in
[a course file](../how-to/course-file.md) and [late policies](../how-to/late-policies.md). A setting that is unknown, or does not
fit, is refused with its line. `gradmark course check` tells a file in sentences.

Editors complete and check the file by [its schema](gradmark.schema.json), which `gradmark course schema` prints too. In editors
with [Taplo](https://taplo.tamasfe.dev), such as Even Better TOML, the first line of the file names it:

```toml
#:schema ./gradmark.schema.json
```
"""
KINDS = {
    "string": "text",
    "number": "number",
    "integer": "whole number",
    "boolean": "true or false",
    "object": "table",
    "array": "list",
}


def kind(part: dict[str, Any]) -> str:
    """Return the kind of value that a setting takes, in words."""
    if "anyOf" in part:
        return ", or ".join(dict.fromkeys(kind(one) for one in part["anyOf"]))
    if "enum" in part:
        return " or ".join(f'`"{value}"`' for value in part["enum"])
    if "$ref" in part:
        return "table"
    if part.get("format") == "date-time":
        return "date with time"
    if part.get("format") == "date":
        return "date"
    if part.get("type") == "array":
        inside = "tables" if "$ref" in part["items"] else "texts"
        return f"list of {inside}"
    return KINDS[part["type"]]


def rows(table: dict[str, Any]) -> Iterator[str]:
    """Yield the rows of a table of settings."""
    yield "| setting | value | meaning |\n|---|---|---|"
    needed = table.get("required", [])
    for name, part in table["properties"].items():
        value = kind(part) + (", needed" if name in needed else "")
        yield f"| `{name}` | {value} | {part.get('description', '')} |"


def page() -> str:
    """Return the page as Markdown."""
    found = course_schema()
    parts = [OPENING, "## Before the first table\n", "\n".join(rows(found))]
    for heading, name in TABLES.items():
        table = found["$defs"][name]
        shown = f"`{heading}`" if heading.startswith("[") else heading
        parts += [f"\n## {shown}\n", f"{table['description']}\n", "\n".join(rows(table))]
    parts += [
        "\n## `[limits]`\n",
        "The most that a submission may use up: seconds, bytes, counts. Each is a number above 0.\n",
        "| setting | without it |\n|---|---|",
        "\n".join(f"| `{field.name}` | {field.default:,} |" for field in fields(Limits)),
    ]
    levels = found["properties"]["shown"]["properties"]["default"]["enum"]
    kinds = [name for name in found["properties"]["shown"]["properties"] if name not in ("default", "released")]
    parts += [
        "\n## `[shown]`, `[shown.UNIT]`, `[shown.UNIT.EXERCISE]`\n",
        "What students see of checks. What the levels mean stands [in the guide](../how-to/course-file.md#what-students-see).\n",
        "| setting | value | meaning |\n|---|---|---|",
        f"| {', '.join(f'`{name}`' for name in kinds)} | {', '.join(f'`{level}`' for level in levels)} | of checks of a kind |",
        "| `default` | the same | of all others |",
        "| `released` | true or false, or date with time | when the results are released; not of a single exercise |",
    ]
    return "\n".join(parts) + "\n"


def published() -> str:
    """Return the schema as the file has it."""
    return json.dumps(course_schema(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    SCHEMA.write_text(published(), encoding="utf-8")
