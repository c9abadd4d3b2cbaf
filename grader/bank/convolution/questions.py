"""The questions at the end of the notebook on convolution, with a text for each wrong answer."""

from __future__ import annotations

from grader.bank.forms import formula, question
from grader.judging import drawn

question_parameters = question(
    "convolution.question_parameters",
    {
        1200: "The biases are missing: one for each filter.",
        416: "That is with filters of one channel: each filter has a slice for each channel of the image.",
        1201: "There is a bias for each filter, and not one for the layer.",
        940_800: "That is with weights of its own at each of the 28 · 28 positions: they are shared.",
    },
)
question_flip = question(
    "convolution.question_flip",
    {
        "a": "Turn all filters by 180°, and one computes what the other did: both have the same functions.",
        "c": "Each has a gradient of its own, and both are right.",
        "d": "They are equal for filters that are symmetric under a turn by 180°, and for no others.",
    },
)
question_shifts = question(
    "convolution.question_shifts",
    {
        "abcd": "With stride 2 a shift by one pixel moves to pixels that were passed over before.",
        "ac": "The largest of a window moves with the window.",
        "acde": "An affine layer has other weights for each pixel.",
        "ad": "What works entry by entry moves with the entries.",
        "cd": "A filter goes over all places with the same weights: at stride 1 what does it find one pixel further on?",
        "a": "What works entry by entry moves with the entries.",
        "abd": "What works entry by entry moves with the entries; and what becomes of a shift by one pixel with stride 2?",
    },
    several=True,
)
question_pool_gradients = question(
    "convolution.question_pool_gradients",
    {
        "a": "The mean moves with each of its entries: each gets a share.",
        "b": "Three of the four can move a little and the largest entry does not change: they get nothing.",
        "d": "The mean weighs all entries alike, whatever their values.",
    },
)
question_im2col_entries = question(
    "convolution.question_im2col_entries",
    {
        8192: "Those are the entries of the image: each is written once for each window that sees it.",
        9216: "The channels are missing: a window sees all of them.",
        64_800: "With pad 1 there is a window at each of the 32 · 32 pixels.",
    },
)
question_same_padding = formula(
    "convolution.question_same_padding",
    {
        "K": drawn(lambda m: 1.0 + 2 * m.rng.integers(0, 5)),
        "D": drawn(lambda m: 1.0 + m.rng.integers(0, 4)),
    },
    points=1,
    regimes=("randn", "odd"),
)


@question_same_padding.mistake("That is for neighbouring pixels: a dilated filter reaches further.")
def pads_for_neighbours():
    return "(K - 1) / 2"


@question_same_padding.mistake("That is what both sides get together.")
def pads_both_sides_at_once():
    return "D * (K - 1)"


@question_same_padding.mistake("That is half of the filter, and not half of the gaps in it: try K = 1.")
def pads_half_of_the_filter():
    return "D * K / 2"


@question_same_padding.mistake("The dilation widens the gaps between the entries: there are K − 1 of them.")
def pads_half_of_all_less_one():
    return "(D * K - 1) / 2"


question_symptoms = question(
    "convolution.question_symptoms",
    {
        "a4 b3 c2 d1": "Padding says nothing of the distance of windows, and a stride nothing of the border.",
        "a3 b2 c4 d1": "What is overwritten shows at stride 1 most of all: there windows overlap.",
        "a4 b1 c3 d2": "A square hides what exchanges its sides. Padding is hidden where there is none.",
        "a2 b4 c3 d1": "What overlaps is the windows: which of the four is lost where two of them meet?",
    },
)
question_transposed = question(
    "convolution.question_transposed",
    {
        "a": "It gives back the shape, and other numbers: the transpose of a matrix is not its inverse.",
        "b": "At stride 1 too the matrix of a convolution is not orthogonal, but for filters like a single 1.",
        "d": "What is transposed is the matrix of the convolution, and not its output.",
    },
)
