"""The room declare."""
