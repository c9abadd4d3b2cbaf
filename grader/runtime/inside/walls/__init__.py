"""The walls around student code: scripts and modules that are loaded by path, never imported by the grader."""

__all__: list[str] = []
