"""The settings that otter keeps in raw cells, as YAML."""

from __future__ import annotations

from typing import Any

import yaml

__all__ = ["settings_of"]

MOST = 10_000
"""The most characters that are read: aliases of YAML are shared, and nothing here walks what they make."""


def settings_of(text: str) -> dict[str, Any] | None:
    """Read settings; None for what is none."""
    try:
        found = yaml.safe_load(text[:MOST])
    except (yaml.YAMLError, ValueError, RecursionError, MemoryError):
        return None
    return (
        {str(key): value for key, value in found.items()} if isinstance(found, dict) else {} if found is None else None
    )
