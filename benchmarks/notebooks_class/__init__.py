"""Submissions that the benchmarks hand to each grader, the commands that start it, and the meter of a tree of processes."""
