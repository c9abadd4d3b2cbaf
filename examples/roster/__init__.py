"""The sample class as data: who handed in what, and what ought to become of it."""
