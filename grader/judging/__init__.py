"""What is right: pure functions from answers to verdicts. No I/O, no kernels, no files."""
