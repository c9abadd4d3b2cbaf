"""Where untrusted code runs: kernels, limits, the wire, and submissions as remote functions.

``inside/`` is what runs in the student's process; everything else here is on the trusted side.
"""
