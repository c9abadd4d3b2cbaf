"""What ``benchmarks/check.py`` does in live kernels: students' modules with right and wrong answers, a kit, and the peers."""
