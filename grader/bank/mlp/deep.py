"""Nets of any number of layers: forward and backward."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from grader.bank.forms import forward_pass
from grader.bank.mlp.units import ACTIVATIONS, activated, as_one, comes_twice, layers, listed, slope, with_ones
from grader.judging import (
    Chain,
    Earlier,
    Exercise,
    Malformed,
    Plan,
    adapter_source,
    array,
    contract,
    drawn,
    example,
    gradient,
    law,
    linear_in_upstream,
    read_as,
    value,
)

NET = {
    "x": array("N", "D"),
    "weights": layers("D"),
    "activation": drawn(lambda m: ACTIVATIONS[m.recipe.seed % 3]),
}

# --------------------------------------------------------------------------------------- forward
mlp_forward = forward_pass("mlp.mlp_forward", NET)


def passed(x, weights, activation, top=lambda z: z):
    """Return the output and the inputs of each layer, each with its ones; ``top`` is applied to the last layer."""
    inputs, out = [], x
    for layer, W in enumerate(weights):
        inputs.append(with_ones(activated(out, activation) if layer else out))
        out = inputs[-1] @ W.T
    return top(out), inputs


@mlp_forward.mistake("The last layer has a nonlinearity too: its output must be free to take any value.")
def activates_the_output(x, weights, activation):
    out, inputs = passed(x, weights, activation, lambda z: activated(z, activation))
    return out, (inputs, weights, activation)


@mlp_forward.mistake("The biases are lost: the last column of each weight meets the 1 that is appended.")
def forgets_the_biases(x, weights, activation):
    out, inputs = passed(x, [np.hstack([W[:, :-1], 0 * W[:, -1:]]) for W in weights], activation)
    return out, (inputs, weights, activation)


@mlp_forward.mistake("The 1 is put before the activations, where the bias is the last column of a weight.")
def puts_ones_first(x, weights, activation):
    out, inputs = passed(x, [np.roll(W, -1, axis=1) for W in weights], activation)
    return out, (inputs, weights, activation)


@mlp_forward.mistake("There is no nonlinearity between the layers: together they are one linear map.")
def stays_linear(x, weights, activation):
    out = x
    for W in weights:
        out = with_ones(out) @ W.T
    return out, (passed(x, weights, activation)[1], weights, activation)


@mlp_forward.mistake("The hidden units are always tanh: ``activation`` says which they are.")
def always_takes_tanh(x, weights, activation):
    out, inputs = passed(x, weights, "tanh")
    return out, (inputs, weights, "tanh")


@mlp_forward.mistake("The nonlinearity is applied to the inputs x as well, before the first layer.")
def activates_the_inputs(x, weights, activation):
    out, inputs = passed(activated(x, activation), weights, activation)
    return out, (inputs, weights, activation)


@mlp_forward.mistake("The biases of the layers above the first are lost: each layer has its own 1.")
def forgets_upper_biases(x, weights, activation):
    first, *upper = weights
    out, inputs = passed(x, [first, *(np.hstack([W[:, :-1], 0 * W[:, -1:]]) for W in upper)], activation)
    return out, (inputs, weights, activation)


@mlp_forward.mistake("The hidden units are always ReLUs: ``activation`` says which they are.")
def always_takes_relu(x, weights, activation):
    out, inputs = passed(x, weights, "relu")
    return out, (inputs, weights, "relu")


# -------------------------------------------------------------------------------------- backward
def from_one_array(forward, x, weights, activation):
    """Adapt a forward pass: the third layer is the very array that the first one is."""
    weights[2] = weights[0]
    return forward(x, weights, activation)


def back_to_one_array(backward, dout, cache):
    """Adapt a backward pass: in the documented cache the third layer is the very array that the first one is."""
    cache[1][2] = cache[1][0]
    return backward(dout, cache)


def backward_of_lists(asked, inputs):
    """Plan ``dx, dweights = f(dout, cache)``; the second output is all entries of the list, layer after layer.

    A layer that comes twice is one array at both places: each place has a gradient of its own.
    """
    shapes = [W.shape for W in inputs["weights"]]
    twice = comes_twice(inputs["weights"])
    before = []
    if asked.cache is None:
        forward = asked.forward(inputs["x"], inputs["weights"], inputs["activation"])
        before = [replace(forward, adapter=adapter_source(from_one_array)) if twice else forward]
    cache = Earlier(0, 1, ("out", "cache")) if asked.cache is None else asked.cache
    reading = read_as(read_gradients, as_one, listed, shapes=shapes, function=asked.own)
    adapter = back_to_one_array if twice and asked.cache is not None else None
    return Plan(Chain((*before, asked.call(inputs["dout"], cache, adapter=adapter))), reading)


def read_gradients(*values, shapes, function):
    """Read dx, and a list of gradients as all of their entries."""
    returned = values[-1]
    if not isinstance(returned, (tuple, list)) or len(returned) != 2:
        raise Malformed(f"{function} must return two values (dx, dweights)")
    return returned[0], as_one(returned[1], shapes, function, "dweights")


def from_above(m):
    """Draw dout in the shape of the output, which the weights settle: realised last, from the same recipe."""
    size = 64.0 if m.recipe.seed % 7 == 1 else 1.0
    return size * m.rng.standard_normal((m.size("N"), m.dims["out"]))


def sized(m):
    """Draw the weights, and note the width of the output for dout."""
    weights = layers("D").draw(m)
    m.dims["out"] = len(weights[-1])
    return weights


def saturated(inputs):
    """Return what dx would be if no hidden unit saturated: formulas of one slope part in the tails."""
    if inputs["activation"] == "relu":
        return 0.0
    size, most = np.abs(inputs["dout"]), 0.0
    for W in reversed(inputs["weights"]):
        most = max(most, float(size.sum(axis=0).max()) * max(1.0, float(np.abs(inputs["x"]).max())))
        size = size @ np.abs(W[:, :-1])
    return max(most, float(size.max()))


mlp_backward = Exercise(
    "mlp.mlp_backward",
    {**NET, "weights": drawn(sized), "dout": drawn(from_above)},
    ("dx", "all_dweights"),
    (
        contract(),
        example(),
        value(1, "dx"),
        value(3, "all_dweights"),
        gradient(1, "dx"),
        law("linear", "the backward pass is linear in dout", linear_in_upstream),
    ),
    drive=backward_of_lists,
    pair="mlp_forward",
    slack=saturated,
    form="backward pass",
)


def sent_back(dout, cache, local=slope, through=lambda W: W[:, :-1]):
    """Return dx and the gradients of the weights; ``local(h, activation)`` is the slope of hidden units."""
    inputs, weights, activation = cache
    gradients = []
    for layer in reversed(range(len(weights))):
        gradients.append(dout.T @ inputs[layer])
        dout = dout @ through(weights[layer])
        if layer:
            dout = dout * local(inputs[layer][:, :-1], activation)
    return dout, gradients[::-1]


@mlp_backward.mistake("The slopes of the hidden units are missing: the error went through them unchanged.")
def forgets_hidden_slopes(dout, cache):
    return sent_back(dout, cache, lambda h, _: np.ones_like(h))


@mlp_backward.mistake("The slope of the hidden units is taken at their activation, not at the pre-activation.")
def takes_slopes_of_activations(dout, cache):
    return sent_back(dout, cache, lambda h, name: slope(activated(h, name), name))


@mlp_backward.mistake(
    "The gradients of the weights are averaged over the examples: if a mean belongs anywhere, it came with dout."
)
def averages_the_weights(dout, cache):
    dx, gradients = sent_back(dout, cache)
    return dx, [g / len(dout) for g in gradients]


@mlp_backward.mistake("The gradients of the biases, the last columns, are 0: a bias moves the output as well.")
def forgets_bias_gradients(dout, cache):
    dx, gradients = sent_back(dout, cache)
    return dx, [np.hstack([g[:, :-1], 0 * g[:, -1:]]) for g in gradients]


@mlp_backward.mistake("dx has the slope of a hidden unit at x too: x is the input, and no activation.")
def undoes_a_slope_of_x(dout, cache):
    dx, gradients = sent_back(dout, cache)
    return dx * slope(cache[0][0][:, :-1], cache[2]), gradients


@mlp_backward.mistake("The slope of the logistic function serves for all hidden units.")
def takes_one_slope_for_all(dout, cache):
    return sent_back(dout, cache, lambda h, _: h * (1 - h))


@mlp_backward.mistake(
    "The gradients of the biases, the last columns, are averaged over the examples: they are sums as the others."
)
def averages_bias_gradients(dout, cache):
    dx, gradients = sent_back(dout, cache)
    return dx, [np.hstack([g[:, :-1], g[:, -1:] / len(dout)]) for g in gradients]


@mlp_backward.mistake("dout is multiplied by a slope of the output: the last layer has no nonlinearity.")
def undoes_a_slope_of_the_output(dout, cache):
    inputs, weights, activation = cache
    top = activated(inputs[-1] @ weights[-1].T, activation)
    return sent_back(dout * slope(top, activation), cache)


@mlp_backward.mistake(
    "The error goes down without the first columns: the bias is the last column of a weight, not the first."
)
def cuts_the_first_column(dout, cache):
    return sent_back(dout, cache, through=lambda W: W[:, 1:])


@mlp_backward.mistake("ReLUs let the error through where it is positive: they must where they are on themselves.")
def masks_by_the_error(dout, cache):
    inputs, weights, activation = cache
    gradients = []
    for layer in reversed(range(len(weights))):
        gradients.append(dout.T @ inputs[layer])
        dout = dout @ weights[layer][:, :-1]
        if layer:
            h = inputs[layer][:, :-1]
            dout = np.maximum(dout, 0) if activation == "relu" else dout * slope(h, activation)
    return dout, gradients[::-1]


@mlp_backward.mistake("Only the topmost hidden layer's slope is there: each one below has its own.")
def takes_the_topmost_slope_only(dout, cache):
    inputs, weights, activation = cache
    gradients = []
    for layer in reversed(range(len(weights))):
        gradients.append(dout.T @ inputs[layer])
        dout = dout @ weights[layer][:, :-1]
        if layer and layer == len(weights) - 1:
            dout = dout * slope(inputs[layer][:, :-1], activation)
    return dout, gradients[::-1]
