"""Schedules: the learning rate as a function of the step."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import plain
from grader.judging import Input, drawn, optional, scalar

BASE = {"base": scalar(0.01, 1.0)}
RATE = ("rate",)
FAR = 97
EVERY = ("randn", "odd", "small", "ties")


def step(low: int = 0, high: int = 24) -> Input:
    """Specify the step t, an int in [low, high], so that every boundary is met; in regime ``odd`` a multiple, far behind all."""
    return drawn(lambda m: int(m.rng.integers(low, high + 1)) * (FAR if m.recipe.style == "odd" else 1))


def near_base(inputs):
    """Return the base rate as slack: a cosine near its end is 0 up to rounding of the base rate."""
    return inputs["base"]


# -------------------------------------------------------------------------------------- constant
constant = plain("optimizers.constant", {"t": step(), **BASE}, RATE, 1, regimes=EVERY)


@constant.mistake("The rate falls with t: this one stays.")
def is_not_constant(t, base):
    return base / (t + 1)


@constant.mistake("The rate grows with t: this one stays.")
def grows_with_t(t, base):
    return base * t


@constant.mistake("Another rate than the one asked for comes back.")
def is_always_one(t, base):
    return 1.0


@constant.mistake("base is ignored: the rate is always 0.01.")
def is_always_a_hundredth(t, base):
    return 0.01


# ------------------------------------------------------------------------------------ step decay
def every(m):
    """Return after how many steps the rate falls."""
    return 2 + m.recipe.seed // 2 % 4


def near_a_fall(m):
    """Draw the step t: for odd seeds one at which the rate falls."""
    return every(m) * int(m.rng.integers(1, 4)) if m.recipe.seed % 2 else step().draw(m)


STEP = {"t": drawn(near_a_fall), **BASE, "drop": scalar(0.1, 0.9), "every": drawn(every)}
step_decay = plain("optimizers.step_decay", STEP, RATE, 1, regimes=EVERY)


@step_decay.mistake("The rate falls at every step: it falls once every so many steps, by whole numbers.")
def falls_continuously(t, base, drop, every):
    return base * drop ** (t / every)


@step_decay.mistake("It falls one step late: with t counted from 0, the first fall is at t = every.")
def falls_late(t, base, drop, every):
    return base * drop ** (max(t - 1, 0) // every)


@step_decay.mistake("It falls one step early: with t counted from 0, the first fall is at t = every.")
def falls_early(t, base, drop, every):
    return base * drop ** ((t + 1) // every)


@step_decay.mistake("The drop is taken away each time, where it multiplies.")
def subtracts_the_drop(t, base, drop, every):
    return base * (1 - drop) ** (t // every)


@step_decay.mistake("It falls once and never again.")
def falls_once(t, base, drop, every):
    return base * drop if t >= every else base


# ---------------------------------------------------------------------------------- inverse time
inverse_time = plain("optimizers.inverse_time", {"t": step(1), **BASE}, RATE, 1, regimes=EVERY)


@inverse_time.mistake("t counts from 1 here, and 1 is added to it once more.")
def adds_one_to_t(t, base):
    return base / (t + 1)


@inverse_time.mistake(
    "The rate falls with the root of t: then the squares of the rates do not add up to something finite."
)
def falls_with_the_root(t, base):
    return base / np.sqrt(t)


@inverse_time.mistake(
    "The rate falls with the square of t: then the rates add up to something finite, and it may stop short."
)
def falls_with_the_square(t, base):
    return base / t**2


# ---------------------------------------------------------------------------------------- cosine
def total(m):
    """Return the number of steps until the rate is at its floor."""
    return 3 + m.recipe.seed % 6


def near_the_end(m):
    """Draw the step t: for every fourth seed the last one, or one behind it."""
    return total(m) + int(m.rng.integers(0, 4)) if m.recipe.seed % 4 == 1 else step(0, 12).draw(m)


COSINE = {
    "t": drawn(near_the_end), **BASE, "total": drawn(total),
    "floor": optional(drawn(lambda m: round(float(m.rng.uniform(0, 0.01)), 4) if m.recipe.seed % 3 != 1 else 0.0)),
}  # fmt: skip
cosine = plain("optimizers.cosine", COSINE, RATE, 2, regimes=EVERY, slack=near_base)


@cosine.mistake("After the last step the rate rises again: it must stay at the floor.")
def rises_again(t, base, total, floor=0.0):
    return floor + (base - floor) * (1 + np.cos(np.pi * t / total)) / 2


@cosine.mistake("The floor is added on top, so the rate starts above base.")
def adds_the_floor(t, base, total, floor=0.0):
    return floor + base * (1 + np.cos(np.pi * min(t, total) / total)) / 2


@cosine.mistake("The floor is ignored.")
def has_no_floor(t, base, total, floor=0.0):
    return base * (1 + np.cos(np.pi * min(t, total) / total)) / 2


@cosine.mistake("Half a period is missing: at the last step the cosine must be −1.")
def stops_half_way(t, base, total, floor=0.0):
    return floor + (base - floor) * (1 + np.cos(np.pi * min(t, total) / total / 2)) / 2


@cosine.mistake("It is a straight line: the cosine starts and ends flat.")
def goes_straight(t, base, total, floor=0.0):
    return floor + (base - floor) * (1 - min(t, total) / total)


@cosine.mistake("A whole period: in the middle the rate is at its floor, and at the end it is back at base.")
def runs_a_whole_period(t, base, total, floor=0.0):
    return floor + (base - floor) * (1 + np.cos(2 * np.pi * min(t, total) / total)) / 2


@cosine.mistake("After the last step the rate is 0: it must stay at the floor.")
def drops_to_zero(t, base, total, floor=0.0):
    return floor + (base - floor) * (1 + np.cos(np.pi * t / total)) / 2 if t <= total else 0.0


# --------------------------------------------------------------------------------------- warm-up
WARMUP = {"t": step(0, 12), **BASE, "steps": drawn(lambda m: int(m.rng.integers(2, 9)))}
warmup = plain("optimizers.warmup", WARMUP, RATE, 1, regimes=EVERY)


@warmup.mistake("After the warm-up the rate goes on growing: it must stay at base.")
def never_stops_warming(t, base, steps):
    return base * t / steps


@warmup.mistake("t counts from 0 here: the first step has rate 0, and 1 was added to t.")
def starts_warm(t, base, steps):
    return base * min(1.0, (t + 1) / steps)


@warmup.mistake("During the warm-up the rate is 0: it grows in a straight line.")
def waits(t, base, steps):
    return base if t >= steps else 0.0


@warmup.mistake("The ramp is squared: it grows in a straight line.")
def warms_up_by_the_square(t, base, steps):
    return base * min(1.0, t / steps) ** 2


@warmup.mistake("max where min is due: the rate starts at base and grows beyond it.")
def takes_the_larger(t, base, steps):
    return base * max(1.0, t / steps)
