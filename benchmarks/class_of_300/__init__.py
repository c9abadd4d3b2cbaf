"""The class that ``benchmarks/class.py`` has graded, in the form that each tool asks for, and what a kind of submission costs."""
