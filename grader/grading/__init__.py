"""The room grading."""
