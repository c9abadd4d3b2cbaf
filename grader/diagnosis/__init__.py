"""The room diagnosis."""
