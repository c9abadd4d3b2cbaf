"""What ``benchmarks/notebooks.py`` hands to each grader, how it starts them, and what measures them."""
