"""Hostile submissions, bounded and on this machine only: what each level of isolation keeps from them, shown by trying.

An attack is declared once (``declare``), in the file of its family: ``forgery``, ``theft``, ``escape``, ``exhaustion``,
``accidents``. A ``stage`` plants ``canaries`` on the trusted side, grades the attack end to end, and says what it reached.
``oneprocess`` is the control of those attacks that every level stops: a grader as most are, which they beat.
"""
