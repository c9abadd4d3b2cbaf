"""Gradmark's trusted side: what is asked, what is right, where student code runs, what is shown."""

__version__ = "0.1.0"
