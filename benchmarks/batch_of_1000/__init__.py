"""The runs that ``benchmarks/batch.py`` measures: a class on the disk, the command on it, and what a kill leaves."""
