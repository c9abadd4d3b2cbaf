"""The room life."""
