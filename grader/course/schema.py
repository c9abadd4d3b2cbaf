"""The JSON Schema of a course file, for editors that check and complete while it is written."""

from __future__ import annotations

from typing import Any

from grader.shown import KINDS, LEVELS

__all__ = ["course_schema"]


def course_schema() -> dict[str, Any]:
    """Return the schema. What only the bank or the roster knows, such as names of exercises, is checked when the file is read."""
    from grader.course.model import CourseFile
    from grader.course.validation import limits_model

    found = _bare(CourseFile.model_json_schema())
    limits = _bare(limits_model().model_json_schema())
    own = found["properties"]
    own["limits"] = {"description": own["limits"]["description"], **{k: v for k, v in limits.items() if k != "title"}}
    own["shown"] = {"description": own["shown"]["description"], **_rules(2)}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "gradmark.toml, the course file of Gradmark",
        **found,
    }


def _rules(depth: int) -> dict[str, Any]:
    """Return the schema of a table of ``shown``: for everything, for a unit, and at depth 0 for an exercise."""
    levels = {"enum": list(LEVELS)}
    settings: dict[str, Any] = {"default": levels, **dict.fromkeys(KINDS, levels)}
    if depth:
        settings["released"] = {"anyOf": [{"type": "boolean"}, {"type": "string", "format": "date-time"}]}
    return {
        "type": "object",
        "properties": settings,
        "additionalProperties": _rules(depth - 1) if depth else False,
    }


def _bare(part: Any) -> Any:
    """Return a schema without what pydantic adds and TOML does not have: titles made of names, and null."""
    if isinstance(part, list):
        return [_bare(one) for one in part]
    if not isinstance(part, dict):
        return part
    kept = {
        key: {name: _bare(inner) for name, inner in value.items()} if key in ("properties", "$defs") else _bare(value)
        for key, value in part.items()
        if not (key == "title" and isinstance(value, str)) and not (key == "default" and value in (None, "", [], {}))
    }
    kinds = [one for one in kept.get("anyOf", ()) if one != {"type": "null"}]
    if len(kinds) == 1:
        del kept["anyOf"]
        return {**kinds[0], **kept}
    return {**kept, "anyOf": kinds} if kinds else kept
