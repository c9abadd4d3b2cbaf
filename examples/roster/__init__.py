"""The sample class as data: its students, their submissions, and the fair result of each."""
