"""The room asking."""
