"""The room cells."""
