"""The room walls."""
