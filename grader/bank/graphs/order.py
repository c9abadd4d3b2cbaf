"""A list of steps read as a graph: its inputs and outputs, an order of its steps, and their values."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.bank.graphs.drawing import VALUES, inputs, number_of, shuffled, valid
from grader.judging import Asked, Chain, Exercise, Malformed, Plan, contract, example, read_as, value

REGIMES = ("randn", "odd", "large")


def names_used(steps):
    """Return the names that some step uses, each once, in the order of their first use."""
    return list(dict.fromkeys(a for _, _, *arguments in steps for a in arguments if isinstance(a, str)))


# ------------------------------------------------------------------------------- inputs and outputs
def ends(asked: Asked, given: Any) -> Plan:
    """Plan ``inputs, outputs = f(steps)``; each is read as how often it holds each name of the graph, by alphabet."""
    steps = given["steps"]
    known = sorted({*(name for name, *_ in steps), *names_used(steps)})
    return Plan(Chain((asked.call(steps),)), read_as(both_counted, counted, known=known))


def both_counted(found: Any, known: list[str]) -> Any:
    """Read the inputs and the outputs of a graph, each as how often it holds each of the names that are ``known``."""
    if not isinstance(found, (tuple, list)) or len(found) != 2:
        raise Malformed("inputs_and_outputs must return two lists of names, inputs and outputs")
    return [counted(part, known, which) for part, which in zip(found, ("inputs", "outputs"), strict=True)]


def counted(names: Any, known: list[str], which: str) -> Any:
    """Return how often a list of names holds each of those that are ``known``.

    Raises:
        Malformed: it is no list of such names.

    """
    if not isinstance(names, (tuple, list)) or not all(isinstance(name, str) for name in names):
        raise Malformed(f"{which} must be a list of names")
    strangers = [name for name in names if name not in known]
    if strangers:
        raise Malformed(f"{which} holds {strangers[0]!r}, which is no name of this graph")
    return np.array([float(names.count(name)) for name in known])


inputs_and_outputs = Exercise(
    "graphs.inputs_and_outputs",
    {"steps": shuffled()},
    ("inputs", "outputs"),
    (contract(), example(), value(1, "inputs"), value(1, "outputs")),
    drive=ends,
    derived=True,
    regimes=REGIMES,
)


@inputs_and_outputs.mistake("An input comes once for each of its uses: it is one node, however many edges leave it.")
def lists_an_input_at_each_use(steps):
    defined = [name for name, *_ in steps]
    used = [a for _, _, *arguments in steps for a in arguments if isinstance(a, str)]
    return [a for a in used if a not in defined], [name for name in defined if name not in used]


@inputs_and_outputs.mistake("Every name that is used counts as an input here, those of steps too.")
def takes_all_arguments_for_inputs(steps):
    used = names_used(steps)
    return used, [name for name, *_ in steps if name not in used]


@inputs_and_outputs.mistake(
    "One output comes back, the last step of the list. A graph may have several, and its list may be in any order."
)
def takes_the_last_step_for_the_output(steps):
    defined = [name for name, *_ in steps]
    return [a for a in names_used(steps) if a not in defined], [steps[-1][0]]


@inputs_and_outputs.mistake("Every step counts as an output here. What becomes of a value that another step uses?")
def takes_all_steps_for_outputs(steps):
    defined = [name for name, *_ in steps]
    return [a for a in names_used(steps) if a not in defined], defined


@inputs_and_outputs.mistake(
    "Steps that use nothing but inputs and numbers are given as the inputs: they come first, and are computed all the same."
)
def takes_first_steps_for_inputs(steps):
    defined = [name for name, *_ in steps]
    first = [name for name, _, *arguments in steps if not set(map(str, arguments)) & set(defined)]
    return first, [name for name in defined if name not in names_used(steps)]


@inputs_and_outputs.mistake("Inputs and outputs are exchanged: the values come in where no step defines a name.")
def exchanges_inputs_and_outputs(steps):
    defined = [name for name, *_ in steps]
    used = names_used(steps)
    return [name for name in defined if name not in used], [a for a in used if a not in defined]


# -------------------------------------------------------------------------------- topological order
def ordered(asked: Asked, given: Any) -> Plan:
    """Plan ``order = f(steps)``: any valid order is right.

    The output has an entry for each step as it is given, 1.0 if it stands in the order once and after all that it uses, and at
    last how many other names are in the order.
    """
    return Plan(Chain((asked.call(given["steps"]),)), read_as(read_order, follows, steps=given["steps"]))


def read_order(order: Any, steps: Any) -> Any:
    """Read a list of names as how the steps stand in it (:func:`follows`)."""
    if not isinstance(order, (tuple, list)) or not all(isinstance(name, str) for name in order):
        raise Malformed("topological_order must return a list of names")
    return (follows(order, steps),)


def follows(order: Any, steps: Any) -> Any:
    """Return for each step 1.0 if it stands once and after what it uses, else 0.0; and the number of names that are no step's."""
    place: dict[str, int] = {}
    often: dict[str, int] = {}
    for number, name in enumerate(order):
        place.setdefault(name, number)
        often[name] = often.get(name, 0) + 1
    defined = {name for name, *_ in steps}

    def well(name, arguments):
        needed = [a for a in arguments if isinstance(a, str) and a in defined]
        return often.get(name) == 1 and all(place.get(a, len(order)) < place[name] for a in needed)

    stands = [float(well(name, arguments)) for name, _, *arguments in steps]
    return np.array([*stands, float(sum(name not in defined for name in order))])


topological_order = Exercise(
    "graphs.topological_order",
    {"steps": shuffled()},
    ("follows",),
    (contract(), example(), value(3)),
    drive=ordered,
    derived=True,
    regimes=REGIMES,
)


@topological_order.mistake("The steps come back as they were given: some stand before what they use.")
def keeps_the_order_of_the_list(steps):
    return [name for name, *_ in steps]


@topological_order.mistake(
    "The order is turned around: each step stands before what it uses. Forward, values come first; it is the bars that go backward."
)
def runs_backward(steps):
    return [name for name, *_ in valid(steps)][::-1]


@topological_order.mistake("The list is turned around: what is the order worth if the steps may come in any?")
def turns_the_list_around(steps):
    return [name for name, *_ in steps][::-1]


@topological_order.mistake("The inputs stand in the order too: no step computes them.")
def lists_inputs_too(steps):
    defined = {name for name, *_ in steps}
    return [a for a in names_used(steps) if a not in defined] + [name for name, *_ in valid(steps)]


@topological_order.mistake(
    "The names are sorted by alphabet: what a step uses says where it may stand, its name does not."
)
def sorts_by_alphabet(steps):
    return sorted(name for name, *_ in steps)


@topological_order.mistake(
    "A step is listed each time that it is reached, once for each path. Who remembers that it was there before?"
)
def lists_a_step_for_each_use(steps):
    defined = {name for name, *_ in steps}
    order: list[str] = []
    for name, _, *arguments in valid(steps):
        order += [a for a in arguments if isinstance(a, str) and a in defined and a not in order[-1:]]
        order.append(name)
    return order


# ------------------------------------------------------------------------------------------- values
def by_name(asked: Asked, given: Any) -> Plan:
    """Plan ``{name: number} = f(steps, inputs)``: the output is the numbers of the inputs, then of the steps, as given."""
    return dict_plan(asked, given["steps"], given["inputs"])


def dict_plan(asked: Asked, steps: Any, inputs: Any, of: Any = None) -> Plan:
    """Plan ``{name: number} = f(steps, inputs)`` with every name in it; the output is the numbers ``of`` some, or of all."""
    names = [*inputs, *(name for name, *_ in steps)]
    reading = read_as(numbers_by_name, number_of, function=asked.own, names=names, of=of or names)
    return Plan(Chain((asked.call(steps, inputs),)), reading)


def numbers_by_name(found: Any, function: str, names: list[str], of: list[str]) -> Any:
    """Read a dict with all these names: the output is the numbers ``of`` some of them."""
    if not isinstance(found, dict):
        raise Malformed(f"{function} must return a dict from names to numbers")
    lost = [name for name in names if name not in found]
    if lost:
        more = f", and {len(lost) - 1} others" if len(lost) > 1 else ""
        raise Malformed(f"{function} returned nothing for {lost[0]!r}{more}")
    return (np.stack([number_of(found[name], f"{function}(...)[{name!r}]") for name in of]),)


evaluate = Exercise(
    "graphs.evaluate",
    {"steps": shuffled(), "inputs": inputs()},
    ("values",),
    (contract(), example(), value(3)),
    drive=by_name,
    derived=True,
    regimes=REGIMES,
)


def computed(steps, inputs, changed=None):
    """Return all values, some operations ``changed``, from which the mistakes of the forward pass are made."""
    operations = {**VALUES, **(changed or {})}
    values = dict(inputs)
    for name, operation, *arguments in valid(steps):
        values[name] = operations[operation](*(values.get(a, a) for a in arguments))
    return values


@evaluate.mistake("Subtraction has its arguments the wrong way round: the first one is what is subtracted from.")
def subtracts_the_wrong_way(steps, inputs):
    return computed(steps, inputs, {"subtract": lambda a, b: b - a})


@evaluate.mistake("Division has its arguments the wrong way round: the first one is the numerator.")
def divides_the_wrong_way(steps, inputs):
    return computed(steps, inputs, {"divide": lambda a, b: b / a})


@evaluate.mistake("The logarithm is not the natural one: log is the inverse of exp.")
def takes_another_logarithm(steps, inputs):
    return computed(steps, inputs, {"log": np.log10})


@evaluate.mistake("Quotients are cut off to whole numbers.")
def divides_to_whole_numbers(steps, inputs):
    return computed(steps, inputs, {"divide": lambda a, b: a // b})


@evaluate.mistake("The values are rounded to six places.")
def rounds_the_values(steps, inputs):
    return {name: round(float(value), 6) for name, value in computed(steps, inputs).items()}


@evaluate.mistake(
    "Names come before numbers in the call: it is the place in the step that says which argument is the first."
)
def puts_names_first(steps, inputs):
    sorted_steps = [(n, op, *sorted(args, key=lambda a: not isinstance(a, str))) for n, op, *args in steps]
    return computed(sorted_steps, inputs)


@evaluate.mistake("maximum is a maximum with 0 here: it has two arguments.")
def rectifies_for_maximum(steps, inputs):
    return computed(steps, inputs, {"maximum": lambda a, _: np.maximum(a, 0.0)})


@evaluate.mistake(
    "The steps are taken as they stand in the list, and what is not known yet counts as 0. In which order are all known in time?"
)
def takes_the_unknown_for_zero(steps, inputs):
    values = dict(inputs)
    for name, operation, *arguments in steps:
        with np.errstate(all="ignore"):
            known = [values.get(a, 0.0) if isinstance(a, str) else a for a in arguments]
            values[name] = VALUES[operation](*map(np.float64, known))
    return values
