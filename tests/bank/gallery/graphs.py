"""Right and wrong answers to unit ``graphs``, written from the public contract alone.

An answer that differs from a right one in some functions holds these alone.
"""

from __future__ import annotations

from functools import partial

from .entry import right, wrong

__all__ = ["RIGHT_GRAPHS", "WRONG_GRAPHS"]

_right, _wrong = (partial(make, "graphs") for make in (right, wrong))

RIGHT_GRAPHS = [
    _right(
        "product_graph cubic_log_graph",
        "just as the formula says",
        """
            def product_graph():
                return [("s", "add", "a", "b"), ("t", "add", "b", 1), ("f", "multiply", "s", "t")]


            def cubic_log_graph():
                return [("p", "power", "x", 3), ("l", "log", "x"), ("f", "subtract", "p", "l")]
        """,
    ),
    _right(
        "product_graph cubic_log_graph",
        "multiplied out; products for the power and a negative",
        """
            def product_graph():
                return [
                    ("ab", "multiply", "a", "b"),
                    ("bb", "square", "b"),
                    ("s", "add", "a", "b"),
                    ("u", "add", "ab", "bb"),
                    ("out", "add", "u", "s"),
                ]


            def cubic_log_graph():
                return [
                    ("x2", "multiply", "x", "x"),
                    ("x3", "multiply", "x2", "x"),
                    ("log_x", "log", "x"),
                    ("minus", "negative", "log_x"),
                    ("result", "add", "x3", "minus"),
                ]
        """,
    ),
    _right(
        "product_graph cubic_log_graph",
        "detours: s·b + s; square times x, floats for whole numbers",
        """
            def product_graph():
                s = ("n1", "add", "b", "a")
                return [s, ("n2", "multiply", "n1", "b"), ("n3", "add", "n2", "n1")]


            def cubic_log_graph():
                return [("q", "square", "x"), ("c", "multiply", "x", "q"), ("r", "divide", 1.0, "x"), ("k", "log", "r"), ("f", "add", "c", "k")]
        """,
    ),
    _right(
        "stepwise_graph shared_graph",
        "in the order of the docstring",
        """
            def stepwise_graph():
                return [
                    ("s1", "add", "x", "y"),
                    ("s2", "log", "s1"),
                    ("s3", "multiply", "x", "s1"),
                    ("s4", "square", "y"),
                    ("s5", "add", "s2", "s3"),
                    ("s6", "add", "s5", "s4"),
                ]


            def shared_graph():
                return [
                    ("s", "add", "x", "y"),
                    ("e", "exp", "s"),
                    ("p", "multiply", "s", "e"),
                    ("q", "add", 1, "e"),
                    ("l", "log", "q"),
                    ("f", "add", "p", "l"),
                ]
        """,
    ),
    _right(
        "stepwise_graph shared_graph",
        "another valid order, arguments swapped, y·y and y to the 2",
        """
            def stepwise_graph():
                steps = [("s4", "power", "y", 2)]
                steps.append(("s1", "add", "y", "x"))
                steps.append(("s3", "multiply", "s1", "x"))
                steps.append(("s2", "log", "s1"))
                steps.append(("s5", "add", "s3", "s2"))
                steps.append(("s6", "add", "s4", "s5"))
                return steps


            def shared_graph():
                return [
                    ("x_plus_y", "add", "y", "x"),
                    ("exponential", "exp", "x_plus_y"),
                    ("one_more", "add", "exponential", 1.0),
                    ("logarithm", "log", "one_more"),
                    ("product", "multiply", "exponential", "x_plus_y"),
                    ("whole", "add", "logarithm", "product"),
                ]
        """,
    ),
    _right(
        "power_graph",
        "a chain of multiplications, one division in the end",
        """
            def power_graph(n):
                steps = [("p1", "multiply", 1, "x")]
                for k in range(2, abs(n) + 1):
                    steps.append((f"p{k}", "multiply", f"p{k - 1}", "x"))
                if n < 0:
                    steps.append(("f", "divide", 1, f"p{-n}"))
                return steps
        """,
    ),
    _right(
        "power_graph",
        "by repeated squaring",
        """
            def power_graph(n):
                steps, m = [], abs(n)
                result, base, count = 1, "x", 0
                while True:
                    if m % 2 == 1:
                        count += 1
                        name = f"r{count}"
                        steps.append((name, "multiply", result, base))
                        result = name
                    m //= 2
                    if m == 0:
                        break
                    count += 1
                    steps.append((f"b{count}", "multiply", base, base))
                    base = f"b{count}"
                if n < 0:
                    steps.append(("inverse", "divide", 1.0, result))
                return steps
        """,
    ),
    _right(
        "power_graph",
        "divided by x again and again for n < 0; 1 divided at n = -1 only",
        """
            def power_graph(n):
                if n == 1:
                    return [("f", "divide", "x", 1)]
                if n == -1:
                    return [("f", "divide", 1, "x")]
                operation = "multiply" if n > 0 else "divide"
                last, steps = 1, []
                for k in range(abs(n)):
                    steps.append(("v" + str(k), operation, last, "x"))
                    last = "v" + str(k)
                return steps
        """,
    ),
    _right(
        "logistic_graph hinge_graph",
        "as in the formula (logistic_graph)",
        """
            def logistic_graph():
                return [
                    ("s", "matmul", "w", "x"),
                    ("m", "negative", "s"),
                    ("e", "exp", "m"),
                    ("d", "add", 1, "e"),
                    ("f", "divide", 1, "d"),
                ]


            def hinge_graph():
                return [
                    ("s", "matmul", "w", "x"),
                    ("m", "multiply", "y", "s"),
                    ("g", "subtract", 1, "m"),
                    ("f", "maximum", 0, "g"),
                ]
        """,
    ),
    _right(
        "logistic_graph hinge_graph",
        "sum of products, power of -1; relu",
        """
            def logistic_graph():
                return [
                    ("products", "multiply", "x", "w"),
                    ("score", "sum", "products"),
                    ("minus", "multiply", -1, "score"),
                    ("e", "exp", "minus"),
                    ("below", "add", "e", 1),
                    ("f", "power", "below", -1),
                ]


            def hinge_graph():
                return [
                    ("yw", "multiply", "y", "w"),
                    ("margin", "matmul", "yw", "x"),
                    ("minus", "negative", "margin"),
                    ("gap", "add", "minus", 1.0),
                    ("loss", "relu", "gap"),
                ]
        """,
    ),
    _right(
        "logistic_graph hinge_graph",
        "the vector negated first; minus the minimum",
        """
            def logistic_graph():
                return [
                    ("minus_w", "negative", "w"),
                    ("t", "matmul", "x", "minus_w"),
                    ("e", "exp", "t"),
                    ("one", "add", 1, "e"),
                    ("l", "log", "one"),
                    ("ml", "negative", "l"),
                    ("f", "exp", "ml"),
                ]


            def hinge_graph():
                return [
                    ("s", "matmul", "x", "w"),
                    ("ys", "multiply", "s", "y"),
                    ("g", "subtract", "ys", 1),
                    ("low", "minimum", "g", 0),
                    ("f", "negative", "low"),
                ]
        """,
    ),
    _right(
        "svm_graph quadratic_graph",
        "as in the formula (svm_graph)",
        """
            def svm_graph():
                return [
                    ("ww", "matmul", "w", "w"),
                    ("half", "multiply", 0.5, "ww"),
                    ("scores", "matmul", "X", "w"),
                    ("margins", "multiply", "y", "scores"),
                    ("gaps", "subtract", 1, "margins"),
                    ("hinges", "maximum", 0, "gaps"),
                    ("total", "sum", "hinges"),
                    ("weighted", "multiply", "C", "total"),
                    ("f", "add", "half", "weighted"),
                ]


            def quadratic_graph():
                return [
                    ("Ax", "matmul", "A", "x"),
                    ("xAx", "matmul", "x", "Ax"),
                    ("bx", "matmul", "b", "x"),
                    ("s", "add", "xAx", "bx"),
                    ("f", "add", "s", "c"),
                ]
        """,
    ),
    _right(
        "svm_graph quadratic_graph",
        "C inside the sum, squares summed; x·(Ax + b) + c",
        """
            def svm_graph():
                return [
                    ("Xt", "transpose", "X"),
                    ("scores", "matmul", "w", "Xt"),
                    ("margins", "multiply", "scores", "y"),
                    ("gaps", "subtract", 1.0, "margins"),
                    ("hinges", "relu", "gaps"),
                    ("costs", "multiply", "hinges", "C"),
                    ("data", "sum", "costs"),
                    ("squares", "square", "w"),
                    ("norm", "sum", "squares"),
                    ("penalty", "divide", "norm", 2),
                    ("f", "add", "data", "penalty"),
                ]


            def quadratic_graph():
                return [
                    ("Ax", "matmul", "A", "x"),
                    ("inner", "add", "Ax", "b"),
                    ("form", "matmul", "x", "inner"),
                    ("f", "add", "c", "form"),
                ]
        """,
    ),
    _right(
        "svm_graph quadratic_graph",
        "mask-free hinges by absolute value; the outer product of x with itself",
        """
            def svm_graph():
                return [
                    ("scores", "matmul", "X", "w"),
                    ("margins", "multiply", "y", "scores"),
                    ("gaps", "subtract", 1, "margins"),
                    ("sizes", "absolute", "gaps"),
                    ("doubled", "add", "gaps", "sizes"),
                    ("two_hinges", "sum", "doubled"),
                    ("cost", "multiply", "C", "two_hinges"),
                    ("ww", "matmul", "w", "w"),
                    ("both", "add", "ww", "cost"),
                    ("f", "multiply", "both", 0.5),
                ]


            def quadratic_graph():
                return [
                    ("xx", "outer", "x", "x"),
                    ("weighted", "multiply", "A", "xx"),
                    ("form", "sum", "weighted"),
                    ("bx", "multiply", "b", "x"),
                    ("linear", "sum", "bx"),
                    ("t", "add", "linear", "c"),
                    ("f", "add", "form", "t"),
                ]
        """,
    ),
    _right(
        "network_graph network_gradients_graph",
        "the steps of the notebook",
        """
            def network_graph():
                return [
                    ("p", "matmul", "X", "y"),
                    ("q", "add", "p", "c"),
                    ("h", "tanh", "q"),
                    ("r", "matmul", "W", "h"),
                    ("z", "add", "r", "b"),
                    ("e", "subtract", "z", "z_star"),
                    ("ee", "matmul", "e", "e"),
                    ("L", "multiply", 0.5, "ee"),
                ]


            def network_gradients_graph():
                return [
                    ("p", "matmul", "X", "y"),
                    ("q", "add", "p", "c"),
                    ("h", "tanh", "q"),
                    ("r", "matmul", "W", "h"),
                    ("z", "add", "r", "b"),
                    ("e", "subtract", "z", "z_star"),
                    ("b_bar", "multiply", 1, "e"),
                    ("W_bar", "outer", "e", "h"),
                    ("Wt", "transpose", "W"),
                    ("h_bar", "matmul", "Wt", "e"),
                    ("hh", "square", "h"),
                    ("slope", "subtract", 1, "hh"),
                    ("c_bar", "multiply", "h_bar", "slope"),
                    ("X_bar", "outer", "c_bar", "y"),
                ]
        """,
    ),
    _right(
        "network_graph network_gradients_graph",
        "row vectors from the left, transposes, (1 - h)(1 + h)",
        """
            def network_graph():
                return [
                    ("Xt", "transpose", "X"),
                    ("p", "matmul", "y", "Xt"),
                    ("q", "add", "c", "p"),
                    ("h", "tanh", "q"),
                    ("Wt", "transpose", "W"),
                    ("r", "matmul", "h", "Wt"),
                    ("z", "add", "b", "r"),
                    ("minus", "negative", "z_star"),
                    ("e", "add", "z", "minus"),
                    ("squares", "square", "e"),
                    ("norm", "sum", "squares"),
                    ("L", "divide", "norm", 2.0),
                ]


            def network_gradients_graph():
                return network_graph() + [
                    ("b_bar", "add", "e", 0),
                    ("back", "matmul", "b_bar", "W"),
                    ("below", "subtract", 1, "h"),
                    ("above", "add", 1, "h"),
                    ("t", "multiply", "back", "below"),
                    ("c_bar", "multiply", "t", "above"),
                    ("X_bar", "outer", "c_bar", "y"),
                    ("Wbt", "outer", "h", "b_bar"),
                    ("W_bar", "transpose", "Wbt"),
                ]
        """,
    ),
    _right(
        "network_gradients_graph",
        "minus the other way round, slope spread over h and 1",
        """
            def network_gradients_graph():
                return [
                    ("a", "matmul", "X", "y"),
                    ("b1", "add", "a", "c"),
                    ("h", "tanh", "b1"),
                    ("d", "subtract", "z_star", "b"),
                    ("Wh", "matmul", "W", "h"),
                    ("b_bar", "subtract", "Wh", "d"),
                    ("W_bar", "outer", "b_bar", "h"),
                    ("g", "matmul", "b_bar", "W"),
                    ("gh", "multiply", "g", "h"),
                    ("ghh", "multiply", "gh", "h"),
                    ("c_bar", "subtract", "g", "ghh"),
                    ("X_bar", "outer", "c_bar", "y"),
                ]
        """,
    ),
    _right(
        "inputs_and_outputs",
        "sets",
        """
            def inputs_and_outputs(steps):
                defined = {step[0] for step in steps}
                used = {a for step in steps for a in step[2:] if isinstance(a, str)}
                return sorted(used - defined), sorted(defined - used)
        """,
    ),
    _right(
        "inputs_and_outputs",
        "lists and loops",
        """
            def inputs_and_outputs(steps):
                names = []
                for name, operation, *arguments in steps:
                    names.append(name)
                inputs, used = [], []
                for step in steps:
                    for argument in step[2:]:
                        if type(argument) != str:
                            continue
                        used.append(argument)
                        if argument not in names and argument not in inputs:
                            inputs.append(argument)
                outputs = []
                for name in names:
                    if name not in used:
                        outputs.append(name)
                return inputs, outputs
        """,
    ),
    _right(
        "topological_order evaluate deep_order deep_values",
        "Kahn with counts and users",
        """
            from collections import deque


            def topological_order(steps):
                names = {s[0] for s in steps}
                waits, users = {}, {n: [] for n in names}
                for name, _, *arguments in steps:
                    needed = [a for a in arguments if isinstance(a, str) and a in names]
                    waits[name] = len(needed)
                    for a in needed:
                        users[a].append(name)
                ready, order = deque(n for n in waits if waits[n] == 0), []
                while ready:
                    n = ready.popleft()
                    order.append(n)
                    for u in users[n]:
                        waits[u] -= 1
                        if waits[u] == 0:
                            ready.append(u)
                return order


            def evaluate(steps, inputs):
                step_of = {s[0]: s for s in steps}
                values = dict(inputs)
                functions = {
                    "add": lambda a, b: a + b,
                    "subtract": lambda a, b: a - b,
                    "multiply": lambda a, b: a * b,
                    "divide": lambda a, b: a / b,
                    "maximum": lambda a, b: max(a, b),
                    "negative": lambda a: -a,
                    "exp": np.exp,
                    "log": np.log,
                    "tanh": np.tanh,
                }
                for name in topological_order(steps):
                    _, operation, *arguments = step_of[name]
                    values[name] = functions[operation](*(values[a] if isinstance(a, str) else a for a in arguments))
                return values
        """,
    ),
    _right(
        "topological_order evaluate deep_order deep_values",
        "depth-first with a stack of its own, post-order; getattr(np)",
        """
            def topological_order(steps):
                arguments = {name: [a for a in rest if isinstance(a, str)] for name, _, *rest in steps}
                order, done = [], set()
                for root in arguments:
                    stack = [(root, False)]
                    while stack:
                        name, left = stack.pop()
                        if left:
                            if name not in done:
                                done.add(name)
                                order.append(name)
                        elif name in arguments and name not in done:
                            stack.append((name, True))
                            stack.extend((a, False) for a in arguments[name])
                return order


            def evaluate(steps, inputs):
                table = {step[0]: step[1:] for step in steps}
                values = inputs.copy()
                for name in topological_order(steps):
                    operation, arguments = table[name][0], table[name][1:]
                    values[name] = float(getattr(np, operation)(*[values[a] if type(a) is str else a for a in arguments]))
                return values
        """,
    ),
    _right(
        "topological_order evaluate deep_order deep_values",
        "graphlib; math module, one if after the other",
        """
            import graphlib
            import math


            def topological_order(steps):
                waits = {step[0]: {a for a in step[2:] if isinstance(a, str)} for step in steps}
                return [name for name in graphlib.TopologicalSorter(waits).static_order() if name in waits]


            def evaluate(steps, inputs):
                values = {}
                for name in inputs:
                    values[name] = inputs[name]
                where = {step[0]: k for k, step in enumerate(steps)}
                for name in topological_order(steps):
                    step = steps[where[name]]
                    args = []
                    for a in step[2:]:
                        if isinstance(a, str):
                            args.append(values[a])
                        else:
                            args.append(a)
                    op = step[1]
                    if op == "add":
                        v = args[0] + args[1]
                    elif op == "subtract":
                        v = args[0] - args[1]
                    elif op == "multiply":
                        v = args[0] * args[1]
                    elif op == "divide":
                        v = args[0] / args[1]
                    elif op == "maximum":
                        v = args[0] if args[0] > args[1] else args[1]
                    elif op == "negative":
                        v = -args[0]
                    elif op == "exp":
                        v = math.exp(args[0])
                    elif op == "log":
                        v = math.log(args[0])
                    else:
                        v = math.tanh(args[0])
                    values[name] = v
                return values
        """,
    ),
    _right(
        "topological_order deep_order",
        "sorted by depth, found by a wave from the inputs",
        """
            def topological_order(steps):
                names = [s[0] for s in steps]
                users, missing = {}, {}
                for s in steps:
                    needs = {a for a in s[2:] if isinstance(a, str)}
                    missing[s[0]] = needs
                    for a in needs:
                        users.setdefault(a, set()).add(s[0])
                wave = {a for needs in missing.values() for a in needs} - set(names)
                wave |= {n for n in names if not missing[n]}
                depth, level = {n: 0 for n in wave}, 0
                while wave:
                    level += 1
                    following = set()
                    for a in wave:
                        for u in users.get(a, ()):
                            missing[u].discard(a)
                            if not missing[u]:
                                depth[u] = level
                                following.add(u)
                    wave = following
                return sorted(names, key=depth.get)
        """,
    ),
    _right(
        "evaluate deep_values",
        "a stack of what is wanted, no order made beforehand",
        """
            def evaluate(steps, inputs):
                rule = {name: (op, args) for name, op, *args in steps}
                values = dict(inputs)
                for wanted in rule:
                    stack = [wanted]
                    while stack:
                        name = stack[-1]
                        if name in values:
                            stack.pop()
                            continue
                        op, args = rule[name]
                        missing = [a for a in args if isinstance(a, str) and a not in values]
                        if missing:
                            stack += missing
                        else:
                            numbers = [values[a] if isinstance(a, str) else a for a in args]
                            values[name] = getattr(np, op)(*numbers)
                            stack.pop()
                return values
        """,
    ),
    _right(
        "add_gate multiply_gate max_gate",
        "where and products",
        """
            def add_gate(bar, a, b):
                return bar.copy(), bar.copy()


            def multiply_gate(bar, a, b):
                return bar * b, bar * a


            def max_gate(bar, a, b):
                return np.where(a > b, bar, 0.0), np.where(a > b, 0.0, bar)
        """,
    ),
    _right(
        "add_gate multiply_gate max_gate",
        "halves at a tie, the bar itself handed on twice",
        """
            def add_gate(bar, a, b):
                return bar, bar


            def multiply_gate(bar, a, b):
                switched = [bar * v for v in (b, a)]
                return switched[0], switched[1]


            def max_gate(bar, a, b):
                share = 0.5 * (1 + np.sign(a - b))
                return bar * share, bar * (1 - share)
        """,
    ),
    _right(
        "add_gate multiply_gate max_gate",
        "entry by entry over the flat arrays",
        """
            def _each(bar, a, b, rule):
                bar, a, b = np.asarray(bar, dtype=float), np.asarray(a, dtype=float), np.asarray(b, dtype=float)
                left, right = np.empty(a.shape), np.empty(a.shape)
                for i in np.ndindex(a.shape):
                    left[i], right[i] = rule(bar[i], a[i], b[i])
                return left, right


            def add_gate(bar, a, b):
                return _each(bar, a, b, lambda g, s, t: (g, g))


            def multiply_gate(bar, a, b):
                return _each(bar, a, b, lambda g, s, t: (g * t, g * s))


            def max_gate(bar, a, b):
                return _each(bar, a, b, lambda g, s, t: (g, 0.0) if s >= t else (0.0, g))
        """,
    ),
    _right(
        "quotient_by_paths reciprocal_by_chain",
        "slope by slope",
        """
            def quotient_by_paths(x):
                z = x**2
                direct = 1 / z
                through = (-x / z**2) * (2 * x)
                return direct, through, direct + through


            def reciprocal_by_chain():
                return "2*x * (0 - 1/z^2)"
        """,
    ),
    _right(
        "quotient_by_paths reciprocal_by_chain",
        "simplified",
        """
            def quotient_by_paths(x):
                return 1 / (x * x), -2 / (x * x), -1 / (x * x)


            def reciprocal_by_chain():
                return "0 - (x + x) / (z*z)"
        """,
    ),
    _right(
        "reciprocal_by_chain",
        "as a product of quotients",
        """
            def reciprocal_by_chain():
                return "(2*x/z) * ((0 - 1)/z)"
        """,
    ),
    _right(
        "backpropagate deep_bars",
        "values, then the list backwards",
        """
            def backpropagate(steps, inputs):
                values = dict(inputs)
                for name, op, *args in steps:
                    values[name] = getattr(np, op)(*[values[a] if isinstance(a, str) else a for a in args])
                bars = {name: 0.0 for name in values}
                bars[steps[-1][0]] = 1.0
                for name, op, *args in reversed(steps):
                    v = [values[a] if isinstance(a, str) else a for a in args]
                    out = values[name]
                    if op == "add":
                        slopes = [1, 1]
                    elif op == "subtract":
                        slopes = [1, -1]
                    elif op == "multiply":
                        slopes = [v[1], v[0]]
                    elif op == "divide":
                        slopes = [1 / v[1], -v[0] / v[1] ** 2]
                    elif op == "maximum":
                        slopes = [1, 0] if v[0] > v[1] else [0, 1]
                    elif op == "negative":
                        slopes = [-1]
                    elif op == "exp":
                        slopes = [out]
                    elif op == "log":
                        slopes = [1 / v[0]]
                    elif op == "tanh":
                        slopes = [1 - out**2]
                    for a, s in zip(args, slopes):
                        if isinstance(a, str):
                            bars[a] += bars[name] * s
                return bars
        """,
    ),
    _right(
        "backpropagate deep_bars",
        "pulled: each node adds up over the steps that use it",
        """
            import math

            SLOPES = {
                "add": (lambda a, b: 1.0, lambda a, b: 1.0),
                "subtract": (lambda a, b: 1.0, lambda a, b: -1.0),
                "multiply": (lambda a, b: b, lambda a, b: a),
                "divide": (lambda a, b: 1 / b, lambda a, b: -a / (b * b)),
                "maximum": (lambda a, b: float(a > b), lambda a, b: float(b > a)),
                "negative": (lambda a: -1.0,),
                "exp": (math.exp,),
                "log": (lambda a: 1 / a,),
                "tanh": (lambda a: 1 - math.tanh(a) ** 2,),
            }
            VALUE = {
                "add": lambda a, b: a + b, "subtract": lambda a, b: a - b, "multiply": lambda a, b: a * b, "divide": lambda a, b: a / b,
                "maximum": max, "negative": lambda a: -a, "exp": math.exp, "log": math.log, "tanh": math.tanh,
            }


            def backpropagate(steps, inputs):
                values, edges = dict(inputs), {name: [] for name in inputs}
                for name, op, *args in steps:
                    edges[name] = []
                    numbers = [values[a] if isinstance(a, str) else a for a in args]
                    values[name] = VALUE[op](*numbers)
                    for a, slope in zip(args, SLOPES[op]):
                        if isinstance(a, str):
                            edges[a].append((name, slope(*numbers)))
                bars = {}
                order = [s[0] for s in steps][::-1] + list(inputs)
                for name in order:
                    seed = 1.0 if name == steps[-1][0] else 0.0
                    bars[name] = sum((bars[user] * slope for user, slope in edges[name]), seed)
                return bars
        """,
    ),
    _right(
        "backpropagate deep_bars",
        "a tape of edges in arrays of numbers",
        """
            def backpropagate(steps, inputs):
                index = {name: i for i, name in enumerate(list(inputs) + [s[0] for s in steps])}
                value = [float(v) for v in inputs.values()]
                tape = []
                for name, op, *args in steps:
                    a = value[index[args[0]]] if isinstance(args[0], str) else args[0]
                    b = None
                    if len(args) == 2:
                        b = value[index[args[1]]] if isinstance(args[1], str) else args[1]
                    match op:
                        case "add":
                            v, d = a + b, (1, 1)
                        case "subtract":
                            v, d = a - b, (1, -1)
                        case "multiply":
                            v, d = a * b, (b, a)
                        case "divide":
                            v = a / b
                            d = (1 / b, -v / b)
                        case "maximum":
                            v, d = (a, (1, 0)) if a > b else (b, (0, 1))
                        case "negative":
                            v, d = -a, (-1,)
                        case "exp":
                            v = np.exp(a)
                            d = (v,)
                        case "log":
                            v, d = np.log(a), (1 / a,)
                        case "tanh":
                            v = np.tanh(a)
                            d = ((1 - v) * (1 + v),)
                    value.append(v)
                    for argument, slope in zip(args, d):
                        if isinstance(argument, str):
                            tape.append((index[name], index[argument], slope))
                bar = np.zeros(len(value))
                bar[index[steps[-1][0]]] = 1
                for top, low, slope in tape[::-1]:
                    bar[low] += slope * bar[top]
                return {name: bar[i] for name, i in index.items()}
        """,
    ),
    _right(
        "mended_pair_bars",
        "+= in the loop",
        """
            def mended_pair_bars(bar, x, pairs):
                x_bar = np.zeros_like(x)
                for i, j in pairs:
                    x_bar[i] += bar * x[j]
                    x_bar[j] += bar * x[i]
                return x_bar
        """,
    ),
    _right(
        "mended_pair_bars",
        "np.add.at",
        """
            def mended_pair_bars(bar, x, pairs):
                x_bar = np.zeros_like(x)
                np.add.at(x_bar, pairs[:, 0], bar * x[pairs[:, 1]])
                np.add.at(x_bar, pairs[:, 1], bar * x[pairs[:, 0]])
                return x_bar
        """,
    ),
    _right(
        "mended_pair_bars",
        "a matrix that counts the pairs",
        """
            def mended_pair_bars(bar, x, pairs):
                count = np.zeros((len(x), len(x)))
                for i, j in pairs:
                    count[i, j] += 1
                return bar * (count + count.T) @ x
        """,
    ),
    _right(
        "mended_pair_bars",
        "bincount",
        """
            def mended_pair_bars(bar, x, pairs):
                i, j = pairs.T
                both = np.bincount(i, x[j], len(x)) + np.bincount(j, x[i], len(x))
                return bar * both
        """,
    ),
    _right(
        "accumulation_checker",
        "graphs by hand and random ones against an own pass",
        """
            def _bars(steps, inputs):
                value = dict(inputs)
                get = lambda a: value[a] if isinstance(a, str) else a
                for name, op, a, b in steps:
                    value[name] = {"add": get(a) + get(b), "subtract": get(a) - get(b), "multiply": get(a) * get(b)}[op]
                bars = dict.fromkeys(value, 0.0)
                bars[steps[-1][0]] = 1.0
                for name, op, a, b in reversed(steps):
                    left, right = {"add": (1, 1), "subtract": (1, -1), "multiply": (get(b), get(a))}[op]
                    if isinstance(a, str):
                        bars[a] += left * bars[name]
                    if isinstance(b, str):
                        bars[b] += right * bars[name]
                return bars


            def accumulation_checker(backward):
                graphs = [
                    [("b", "add", "a", "a"), ("c", "add", "b", "b")],
                    [("s", "add", "a", "b"), ("t", "add", "b", 1), ("f", "multiply", "s", "t")],
                    [("p", "multiply", "a", "a"), ("q", "multiply", "p", "b"), ("r", "multiply", "q", "a"), ("f", "add", "r", "a")],
                    [("u", "multiply", "a", "b"), ("dead", "subtract", "u", "a"), ("dead2", "multiply", "dead", "dead"), ("f", "subtract", 3.0, "u")],
                    [("p", "multiply", 2.0, "a"), ("q", "subtract", "p", 0.5), ("r", "multiply", "q", "p"), ("s", "subtract", "r", "q"), ("f", "subtract", "s", "s")],
                ]
                rng = np.random.default_rng(0)
                for _ in range(60):
                    names, steps = ["a", "b", "c"], []
                    for k in range(int(rng.integers(1, 13))):
                        args = [names[rng.integers(len(names))] if rng.random() < 0.85 else float(rng.normal()) for _ in range(2)]
                        steps.append((f"s{k}", str(rng.choice(["add", "subtract", "multiply"])), *args))
                        names.append(f"s{k}")
                    graphs.append(steps)
                for steps in graphs:
                    inputs = {"a": 0.7, "b": -1.3, "c": 0.4, "spare": 2.5}
                    want = _bars(steps, inputs)
                    try:
                        got = backward(list(steps), dict(inputs))
                        for name, bar in want.items():
                            if not abs(float(got[name]) - bar) <= 1e-8 * (1 + max(abs(v) for v in want.values())):
                                return False
                    except Exception:
                        return False
                return True
        """,
    ),
    _right(
        "accumulation_checker",
        "differences: a node is shifted by a number and the output watched",
        """
            def _output(steps, inputs, node, shift):
                value = dict(inputs)
                if node in value:
                    value[node] += shift
                for name, op, *args in steps:
                    a, b = (value[t] if isinstance(t, str) else t for t in args)
                    value[name] = a + b if op == "add" else a - b if op == "subtract" else a * b
                    if name == node:
                        value[name] += shift
                return value[steps[-1][0]]


            def accumulation_checker(backward):
                inputs = {"x": 1.5, "y": -0.75, "z": 2.0, "unused": 1.0}
                graphs = [
                    [("f", "multiply", "x", "y")],
                    [("b", "add", "x", "x"), ("c", "add", "b", "b"), ("d", "add", "c", "c")],
                    [("a", "multiply", "x", "x"), ("f", "multiply", "a", "a")],
                    [("a", "multiply", "x", "y"), ("b", "subtract", "a", "z"), ("c", "multiply", "b", "a"), ("d", "add", "c", "x"), ("f", "multiply", "d", "a")],
                    [("a", "subtract", 1, "x"), ("b", "multiply", "a", 3.0), ("c", "multiply", 2.0, "b"), ("d", "add", "c", 1.0), ("e", "add", 0.5, "d"), ("g", "subtract", "e", 2), ("f", "multiply", "g", "a")],
                    [("a", "add", "x", "y"), ("lost", "multiply", "a", "x"), ("also_lost", "add", "lost", "z"), ("b", "multiply", "a", "a"), ("f", "subtract", "b", "a")],
                    [("p", "add", "x", "y"), ("q", "multiply", "p", "z"), ("r", "multiply", "q", "z"), ("s", "multiply", "r", "p"), ("t", "subtract", "p", "s"), ("u", "multiply", "t", "q"), ("f", "add", "u", "x")],
                    [("f1", "multiply", "x", "y"), ("f2", "multiply", "f1", "z"), ("f3", "subtract", "f1", "f2"), ("f4", "multiply", "f3", "f3"), ("f5", "subtract", "f4", "f2"), ("f6", "multiply", "f5", "f1")],
                ]
                for steps in graphs:
                    try:
                        bars = backward(steps, dict(inputs))
                    except Exception:
                        return False
                    for node in list(inputs) + [s[0] for s in steps]:
                        if node not in bars:
                            return False
                        slope = (_output(steps, inputs, node, 1e-4) - _output(steps, inputs, node, -1e-4)) / 2e-4
                        if not abs(bars[node] - slope) < 1e-5 * (1 + abs(slope)):
                            return False
                return True
        """,
    ),
    _right(
        "prediction_without_order prediction_second_backward",
        "numbers",
        """
            def prediction_without_order():
                return 8


            def prediction_second_backward():
                return 12
        """,
    ),
    _right(
        "question_same_function question_orders question_flow question_paths",
        "answers computed where possible",
        """
            def question_same_function():
                return list("ac")


            def question_orders():
                needs = {"q": "p", "r": "p", "s": "qr", "t": "r"}
                orders = {"a": "prtqs", "b": "pqsrt", "c": "qprst", "d": "pqrts", "e": "ptrqs"}
                return [k for k in sorted(orders) if all(orders[k].index(n) > orders[k].index(m) for n in needs for m in needs[n])]


            def question_flow():
                return dict(zip("dcba", "1243"))


            def question_paths():
                paths = 1
                for _ in range(30):
                    paths += paths
                return paths
        """,
    ),
    _right(
        "network_graph",
        "tanh from a sigmoid",
        """
            def network_graph():
                return [
                    ("Xt", "transpose", "X"), ("p", "matmul", "y", "Xt"), ("q", "add", "c", "p"), ("twice", "add", "q", "q"),
                    ("g", "sigmoid", "twice"), ("g2", "multiply", "g", 2), ("h", "subtract", "g2", 1), ("Wt", "transpose", "W"),
                    ("r", "matmul", "h", "Wt"), ("z", "add", "b", "r"), ("e", "subtract", "z", "z_star"), ("half", "divide", "e", 2),
                    ("L", "matmul", "e", "half"),
                ]
        """,
    ),
]

WRONG_GRAPHS = [
    _wrong(
        "product_graph",
        "b + a for b + 1",
        "The second factor is b + a, so the graph is (a + b)².",
        """
            def product_graph():
                return [("s", "add", "a", "b"), ("f", "multiply", "s", "s")]
        """,
    ),
    _wrong(
        "product_graph",
        "sum of the factors",
        "The factors are added.",
        """
            def product_graph():
                return [("s", "add", "a", "b"), ("t", "add", "b", 1), ("f", "add", "s", "t")]
        """,
    ),
    _wrong(
        "product_graph",
        "output is not the last",
        "f is computed, but the last step is t.",
        """
            def product_graph():
                return [("s", "add", "a", "b"), ("u", "add", "b", 1), ("f", "multiply", "s", "u"), ("t", "add", "b", 1)]
        """,
    ),
    _wrong(
        "product_graph",
        "used before it is there",
        "f stands before the steps that it uses.",
        """
            def product_graph():
                return [("f", "multiply", "s", "t"), ("t", "add", "b", 1), ("s", "add", "a", "b")]
        """,
    ),
    _wrong(
        "product_graph",
        "the worked example's number",
        "A constant 6: right at a = 2, b = 1 only.",
        """
            def product_graph():
                return [("f", "multiply", 2, 3)]
        """,
    ),
    _wrong(
        "product_graph",
        "multiplied out, a term lost",
        "ab + b² + a: the term b is missing.",
        """
            def product_graph():
                return [("p", "multiply", "a", "b"), ("q", "square", "b"), ("r", "add", "p", "q"), ("f", "add", "r", "a")]
        """,
    ),
    _wrong(
        "cubic_log_graph",
        "exponent and base swapped",
        "power(3, x) is 3 to the x.",
        """
            def cubic_log_graph():
                return [("p", "power", 3, "x"), ("l", "log", "x"), ("f", "subtract", "p", "l")]
        """,
    ),
    _wrong(
        "cubic_log_graph",
        "difference the wrong way round",
        "log x − x³.",
        """
            def cubic_log_graph():
                return [("p", "power", "x", 3), ("l", "log", "x"), ("f", "subtract", "l", "p")]
        """,
    ),
    _wrong(
        "cubic_log_graph",
        "decimal logarithm",
        "The logarithm is divided by log 10: decimal, where the natural one is asked.",
        """
            def cubic_log_graph():
                return [("p", "power", "x", 3), ("l", "log", "x"), ("d", "divide", "l", 2.302585092994046), ("f", "subtract", "p", "d")]
        """,
    ),
    _wrong(
        "cubic_log_graph",
        "log of the cube",
        "The logarithm is taken of x³: right at x = 1 only.",
        """
            def cubic_log_graph():
                return [("p", "power", "x", 3), ("l", "log", "p"), ("f", "subtract", "p", "l")]
        """,
    ),
    _wrong(
        "stepwise_graph",
        "s6 right, s3 multiplied out wrongly and made good",
        "s3 holds x² and s5 the rest: s6 is right, s3 and s5 are not what is asked.",
        """
            def stepwise_graph():
                return [
                    ("s1", "add", "x", "y"),
                    ("s2", "log", "s1"),
                    ("s3", "square", "x"),
                    ("xy", "multiply", "x", "y"),
                    ("s4", "square", "y"),
                    ("t", "add", "s3", "xy"),
                    ("s5", "add", "s2", "t"),
                    ("s6", "add", "s5", "s4"),
                ]
        """,
    ),
    _wrong(
        "stepwise_graph",
        "s3 = x·y",
        "s3 multiplies x by y, not by s1.",
        """
            def stepwise_graph():
                return [
                    ("s1", "add", "x", "y"),
                    ("s2", "log", "s1"),
                    ("s3", "multiply", "x", "y"),
                    ("s4", "square", "y"),
                    ("s5", "add", "s2", "s3"),
                    ("s6", "add", "s5", "s4"),
                ]
        """,
    ),
    _wrong(
        "stepwise_graph",
        "s4 = 2y",
        "y is doubled, not squared: right at y = 2, as in the worked example, only.",
        """
            def stepwise_graph():
                return [
                    ("s1", "add", "x", "y"),
                    ("s2", "log", "s1"),
                    ("s3", "multiply", "x", "s1"),
                    ("s4", "multiply", 2, "y"),
                    ("s5", "add", "s2", "s3"),
                    ("s6", "add", "s5", "s4"),
                ]
        """,
    ),
    _wrong(
        "stepwise_graph",
        "other sums",
        "s5 = s3 + s4 and s6 = s5 + s2: the output is right, s5 is not.",
        """
            def stepwise_graph():
                return [
                    ("s1", "add", "x", "y"),
                    ("s2", "log", "s1"),
                    ("s3", "multiply", "x", "s1"),
                    ("s4", "square", "y"),
                    ("s5", "add", "s3", "s4"),
                    ("s6", "add", "s5", "s2"),
                ]
        """,
    ),
    _wrong(
        "stepwise_graph",
        "no s5",
        "The last sum is made without the name s5: a node that is asked for is missing.",
        """
            def stepwise_graph():
                return [
                    ("s1", "add", "x", "y"),
                    ("s2", "log", "s1"),
                    ("s3", "multiply", "x", "s1"),
                    ("s4", "square", "y"),
                    ("t", "add", "s2", "s3"),
                    ("s6", "add", "t", "s4"),
                ]
        """,
    ),
    _wrong(
        "shared_graph",
        "nothing shared",
        "The right value in eight steps, where six are allowed: x + y and its exponential are computed anew.",
        """
            def shared_graph():
                return [
                    ("s", "add", "x", "y"),
                    ("e", "exp", "s"),
                    ("p", "multiply", "s", "e"),
                    ("s2", "add", "x", "y"),
                    ("e2", "exp", "s2"),
                    ("q", "add", 1, "e2"),
                    ("l", "log", "q"),
                    ("f", "add", "p", "l"),
                ]
        """,
    ),
    _wrong(
        "shared_graph",
        "log of e alone",
        "The 1 is left out: log(exp(x + y)) = x + y.",
        """
            def shared_graph():
                return [("s", "add", "x", "y"), ("e", "exp", "s"), ("p", "multiply", "s", "e"), ("l", "log", "e"), ("f", "add", "p", "l")]
        """,
    ),
    _wrong(
        "shared_graph",
        "product with 1 + e",
        "(x + y) is multiplied by 1 + exp(x + y).",
        """
            def shared_graph():
                return [
                    ("s", "add", "x", "y"),
                    ("e", "exp", "s"),
                    ("t", "add", 1, "e"),
                    ("p", "multiply", "s", "t"),
                    ("l", "log", "t"),
                    ("f", "add", "p", "l"),
                ]
        """,
    ),
    _wrong(
        "shared_graph",
        "large sums approximated",
        "log(1 + e) is replaced by relu(s): right for large |x + y| only.",
        """
            def shared_graph():
                return [("s", "add", "x", "y"), ("e", "exp", "s"), ("p", "multiply", "s", "e"), ("l", "relu", "s"), ("f", "add", "p", "l")]
        """,
    ),
    _wrong(
        "power_graph",
        "one factor too many",
        "n multiplications make xⁿ⁺¹.",
        """
            def power_graph(n):
                steps, last = [], "x"
                for k in range(abs(n)):
                    steps.append((f"p{k}", "multiply", last, "x"))
                    last = f"p{k}"
                if n < 0:
                    steps.append(("f", "divide", 1, last))
                return steps
        """,
    ),
    _wrong(
        "power_graph",
        "no step for n = 1",
        "For n = 1 the list is empty.",
        """
            def power_graph(n):
                steps, last = [], "x"
                for k in range(abs(n) - 1):
                    steps.append((f"p{k}", "multiply", last, "x"))
                    last = f"p{k}"
                if n < 0:
                    steps.append(("f", "divide", 1, last))
                return steps
        """,
    ),
    _wrong(
        "power_graph",
        "sign ignored",
        "x to the |n|: the division is missing for n < 0.",
        """
            def power_graph(n):
                steps = [("p1", "multiply", 1, "x")]
                for k in range(2, abs(n) + 1):
                    steps.append((f"p{k}", "multiply", f"p{k - 1}", "x"))
                return steps
        """,
    ),
    _wrong(
        "power_graph",
        "one power step",
        "Uses the operation power, which is not allowed.",
        """
            def power_graph(n):
                return [("f", "power", "x", float(n))]
        """,
    ),
    _wrong(
        "power_graph",
        "range of a negative number",
        "range(n) is empty for n < 0: the graph is 1/(1·x) whatever n.",
        """
            def power_graph(n):
                steps, last = [("p0", "multiply", 1, "x")], "p0"
                for k in range(1, n):
                    steps.append((f"p{k}", "multiply", last, "x"))
                    last = f"p{k}"
                if n < 0:
                    steps.append(("f", "divide", 1, last))
                return steps
        """,
    ),
    _wrong(
        "power_graph",
        "one name again and again",
        "Every step is called p: no two steps may have one name.",
        """
            def power_graph(n):
                steps = [("p", "multiply", 1, "x")]
                for k in range(abs(n) - 1):
                    steps.append(("p", "multiply", "p", "x"))
                if n < 0:
                    steps.append(("f", "divide", 1, "p"))
                return steps
        """,
    ),
    _wrong(
        "logistic_graph",
        "sign lost",
        "exp(wᵀx) in place of exp(−wᵀx): the value is 1 − f.",
        """
            def logistic_graph():
                return [("s", "matmul", "w", "x"), ("e", "exp", "s"), ("d", "add", 1, "e"), ("f", "divide", 1, "d")]
        """,
    ),
    _wrong(
        "logistic_graph",
        "with sigmoid",
        "Uses the operation sigmoid, which is not allowed.",
        """
            def logistic_graph():
                return [("s", "matmul", "w", "x"), ("f", "sigmoid", "s")]
        """,
    ),
    _wrong(
        "logistic_graph",
        "with tanh",
        "½(1 + tanh(s/2)) has the right value, but tanh is not allowed.",
        """
            def logistic_graph():
                return [("s", "matmul", "w", "x"), ("h", "multiply", 0.5, "s"), ("t", "tanh", "h"), ("u", "add", 1, "t"), ("f", "multiply", 0.5, "u")]
        """,
    ),
    _wrong(
        "logistic_graph",
        "elementwise product",
        "w·x is not summed: f is a vector, right for D = 1 only.",
        """
            def logistic_graph():
                return [("s", "multiply", "w", "x"), ("m", "negative", "s"), ("e", "exp", "m"), ("d", "add", 1, "e"), ("f", "divide", 1, "d")]
        """,
    ),
    _wrong(
        "logistic_graph",
        "mean of the products",
        "The products are averaged: right for D = 1 only.",
        """
            def logistic_graph():
                return [
                    ("p", "multiply", "w", "x"),
                    ("s", "mean", "p"),
                    ("m", "negative", "s"),
                    ("e", "exp", "m"),
                    ("d", "add", 1, "e"),
                    ("f", "divide", 1, "d"),
                ]
        """,
    ),
    _wrong(
        "logistic_graph",
        "reciprocal forgotten",
        "Ends with 1 + exp(−wᵀx).",
        """
            def logistic_graph():
                return [("s", "matmul", "w", "x"), ("m", "negative", "s"), ("e", "exp", "m"), ("f", "add", 1, "e")]
        """,
    ),
    _wrong(
        "hinge_graph",
        "no maximum",
        "1 − y·wᵀx without the maximum: right where the margin is violated only.",
        """
            def hinge_graph():
                return [("s", "matmul", "w", "x"), ("m", "multiply", "y", "s"), ("f", "subtract", 1, "m")]
        """,
    ),
    _wrong(
        "hinge_graph",
        "label ignored",
        "The label is left out: right for y = 1 only.",
        """
            def hinge_graph():
                return [("s", "matmul", "w", "x"), ("g", "subtract", 1, "s"), ("f", "maximum", 0, "g")]
        """,
    ),
    _wrong(
        "hinge_graph",
        "perceptron",
        "max(0, −y·wᵀx): the margin of 1 is missing.",
        """
            def hinge_graph():
                return [("s", "matmul", "w", "x"), ("m", "multiply", "y", "s"), ("g", "negative", "m"), ("f", "maximum", 0, "g")]
        """,
    ),
    _wrong(
        "hinge_graph",
        "sign of the margin",
        "max(0, 1 + y·wᵀx).",
        """
            def hinge_graph():
                return [("s", "matmul", "w", "x"), ("m", "multiply", "y", "s"), ("g", "add", 1, "m"), ("f", "maximum", 0, "g")]
        """,
    ),
    _wrong(
        "hinge_graph",
        "squared hinge",
        "The hinge is squared.",
        """
            def hinge_graph():
                return [("s", "matmul", "w", "x"), ("m", "multiply", "y", "s"), ("g", "subtract", 1, "m"), ("r", "relu", "g"), ("f", "square", "r")]
        """,
    ),
    _wrong(
        "svm_graph",
        "no half",
        "wᵀw without the ½.",
        """
            def svm_graph():
                return [
                    ("ww", "matmul", "w", "w"),
                    ("scores", "matmul", "X", "w"),
                    ("margins", "multiply", "y", "scores"),
                    ("gaps", "subtract", 1, "margins"),
                    ("hinges", "maximum", 0, "gaps"),
                    ("total", "sum", "hinges"),
                    ("weighted", "multiply", "C", "total"),
                    ("f", "add", "ww", "weighted"),
                ]
        """,
    ),
    _wrong(
        "svm_graph",
        "mean of the hinges",
        "The hinges are averaged, not summed: right for N = 1 only.",
        """
            def svm_graph():
                return [
                    ("ww", "matmul", "w", "w"),
                    ("half", "multiply", 0.5, "ww"),
                    ("scores", "matmul", "X", "w"),
                    ("margins", "multiply", "y", "scores"),
                    ("gaps", "subtract", 1, "margins"),
                    ("hinges", "maximum", 0, "gaps"),
                    ("total", "mean", "hinges"),
                    ("weighted", "multiply", "C", "total"),
                    ("f", "add", "half", "weighted"),
                ]
        """,
    ),
    _wrong(
        "svm_graph",
        "summed before the maximum",
        "The gaps are summed first: good examples pay for bad ones.",
        """
            def svm_graph():
                return [
                    ("ww", "matmul", "w", "w"),
                    ("half", "multiply", 0.5, "ww"),
                    ("scores", "matmul", "X", "w"),
                    ("margins", "multiply", "y", "scores"),
                    ("gaps", "subtract", 1, "margins"),
                    ("total", "sum", "gaps"),
                    ("hinge", "maximum", 0, "total"),
                    ("weighted", "multiply", "C", "hinge"),
                    ("f", "add", "half", "weighted"),
                ]
        """,
    ),
    _wrong(
        "svm_graph",
        "C on both terms",
        "C multiplies the norm as well.",
        """
            def svm_graph():
                return [
                    ("ww", "matmul", "w", "w"),
                    ("half", "multiply", 0.5, "ww"),
                    ("scores", "matmul", "X", "w"),
                    ("margins", "multiply", "y", "scores"),
                    ("gaps", "subtract", 1, "margins"),
                    ("hinges", "maximum", 0, "gaps"),
                    ("total", "sum", "hinges"),
                    ("both", "add", "half", "total"),
                    ("f", "multiply", "C", "both"),
                ]
        """,
    ),
    _wrong(
        "svm_graph",
        "w from the left",
        "matmul(w, X) multiplies by the columns: fails unless N = D, and is wrong then.",
        """
            def svm_graph():
                return [
                    ("ww", "matmul", "w", "w"),
                    ("half", "multiply", 0.5, "ww"),
                    ("scores", "matmul", "w", "X"),
                    ("margins", "multiply", "y", "scores"),
                    ("gaps", "subtract", 1, "margins"),
                    ("hinges", "maximum", 0, "gaps"),
                    ("total", "sum", "hinges"),
                    ("weighted", "multiply", "C", "total"),
                    ("f", "add", "half", "weighted"),
                ]
        """,
    ),
    _wrong(
        "svm_graph",
        "half for C",
        "C is taken to be the ½ of the worked example.",
        """
            def svm_graph():
                return [
                    ("ww", "matmul", "w", "w"),
                    ("scores", "matmul", "X", "w"),
                    ("margins", "multiply", "y", "scores"),
                    ("gaps", "subtract", 1, "margins"),
                    ("hinges", "maximum", 0, "gaps"),
                    ("total", "sum", "hinges"),
                    ("both", "add", "ww", "total"),
                    ("f", "multiply", 0.5, "both"),
                ]
        """,
    ),
    _wrong(
        "quadratic_graph",
        "diagonal only",
        "xᵀAx is taken as Σ over j of (Σᵢ Aᵢⱼ)·xⱼ²: squares of x times A, so products of different entries are lost.",
        """
            def quadratic_graph():
                return [
                    ("xx", "square", "x"),
                    ("Axx", "matmul", "A", "xx"),
                    ("form", "sum", "Axx"),
                    ("bx", "matmul", "b", "x"),
                    ("s", "add", "form", "bx"),
                    ("f", "add", "s", "c"),
                ]
        """,
    ),
    _wrong(
        "quadratic_graph",
        "Ax twice",
        "‖Ax‖² in place of xᵀAx.",
        """
            def quadratic_graph():
                return [
                    ("Ax", "matmul", "A", "x"),
                    ("form", "matmul", "Ax", "Ax"),
                    ("bx", "matmul", "b", "x"),
                    ("s", "add", "form", "bx"),
                    ("f", "add", "s", "c"),
                ]
        """,
    ),
    _wrong(
        "quadratic_graph",
        "half of the form",
        "½xᵀAx: the ½ is not asked.",
        """
            def quadratic_graph():
                return [
                    ("Ax", "matmul", "A", "x"),
                    ("form", "matmul", "x", "Ax"),
                    ("half", "multiply", 0.5, "form"),
                    ("bx", "matmul", "b", "x"),
                    ("s", "add", "half", "bx"),
                    ("f", "add", "s", "c"),
                ]
        """,
    ),
    _wrong(
        "quadratic_graph",
        "bx not summed",
        "b·x elementwise: f is a vector, right for D = 1 only.",
        """
            def quadratic_graph():
                return [
                    ("Ax", "matmul", "A", "x"),
                    ("form", "matmul", "x", "Ax"),
                    ("bx", "multiply", "b", "x"),
                    ("s", "add", "form", "bx"),
                    ("f", "add", "s", "c"),
                ]
        """,
    ),
    _wrong(
        "quadratic_graph",
        "no constant (quadratic)",
        "c is forgotten.",
        """
            def quadratic_graph():
                return [("Ax", "matmul", "A", "x"), ("form", "matmul", "x", "Ax"), ("bx", "matmul", "b", "x"), ("f", "add", "form", "bx")]
        """,
    ),
    _wrong(
        "network_graph",
        "no half in the loss",
        "L = ‖e‖² without the ½.",
        """
            def net():
                return [
                    ("p", "matmul", "X", "y"),
                    ("q", "add", "p", "c"),
                    ("h", "tanh", "q"),
                    ("r", "matmul", "W", "h"),
                    ("z", "add", "r", "b"),
                    ("e", "subtract", "z", "z_star"),
                ]


            def network_graph():
                return net() + [("L", "matmul", "e", "e")]
        """,
    ),
    _wrong(
        "network_graph",
        "mean square",
        "L is half the mean of the squares: right for M = 1 only.",
        """
            def net():
                return [
                    ("p", "matmul", "X", "y"),
                    ("q", "add", "p", "c"),
                    ("h", "tanh", "q"),
                    ("r", "matmul", "W", "h"),
                    ("z", "add", "r", "b"),
                    ("e", "subtract", "z", "z_star"),
                ]


            def network_graph():
                return net() + [("ee", "square", "e"), ("m", "mean", "ee"), ("L", "multiply", 0.5, "m")]
        """,
    ),
    _wrong(
        "network_graph",
        "error the wrong way round",
        "e = z* − z: L is the same, e has the wrong sign.",
        """
            def network_graph():
                return [
                    ("p", "matmul", "X", "y"),
                    ("q", "add", "p", "c"),
                    ("h", "tanh", "q"),
                    ("r", "matmul", "W", "h"),
                    ("z", "add", "r", "b"),
                    ("e", "subtract", "z_star", "z"),
                    ("ee", "matmul", "e", "e"),
                    ("L", "multiply", 0.5, "ee"),
                ]
        """,
    ),
    _wrong(
        "network_graph",
        "biases exchanged",
        "b is added below and c above: fails unless H = M, and is wrong then.",
        """
            def network_graph():
                return [
                    ("p", "matmul", "X", "y"),
                    ("q", "add", "p", "b"),
                    ("h", "tanh", "q"),
                    ("r", "matmul", "W", "h"),
                    ("z", "add", "r", "c"),
                    ("e", "subtract", "z", "z_star"),
                    ("ee", "matmul", "e", "e"),
                    ("L", "multiply", 0.5, "ee"),
                ]
        """,
    ),
    _wrong(
        "network_graph",
        "sigmoid",
        "The hidden units are logistic, not tanh.",
        """
            def network_graph():
                return [
                    ("p", "matmul", "X", "y"),
                    ("q", "add", "p", "c"),
                    ("h", "sigmoid", "q"),
                    ("r", "matmul", "W", "h"),
                    ("z", "add", "r", "b"),
                    ("e", "subtract", "z", "z_star"),
                    ("ee", "matmul", "e", "e"),
                    ("L", "multiply", 0.5, "ee"),
                ]
        """,
    ),
    _wrong(
        "network_graph",
        "norm without the square",
        "L = ½‖e‖, the root is not taken back.",
        """
            def net():
                return [
                    ("p", "matmul", "X", "y"),
                    ("q", "add", "p", "c"),
                    ("h", "tanh", "q"),
                    ("r", "matmul", "W", "h"),
                    ("z", "add", "r", "b"),
                    ("e", "subtract", "z", "z_star"),
                ]


            def network_graph():
                return net() + [("ee", "matmul", "e", "e"), ("n", "sqrt", "ee"), ("L", "multiply", 0.5, "n")]
        """,
    ),
    _wrong(
        "network_gradients_graph",
        "outer product the wrong way round",
        "W_bar = outer(h, e) is (H, M), the transpose of what is asked.",
        """
            def net():
                return [
                    ("p", "matmul", "X", "y"),
                    ("q", "add", "p", "c"),
                    ("h", "tanh", "q"),
                    ("r", "matmul", "W", "h"),
                    ("z", "add", "r", "b"),
                    ("e", "subtract", "z", "z_star"),
                ]


            def network_gradients_graph():
                return net() + [
                    ("b_bar", "multiply", 1, "e"),
                    ("W_bar", "outer", "h", "e"),
                    ("h_bar", "matmul", "e", "W"),
                    ("hh", "square", "h"),
                    ("slope", "subtract", 1, "hh"),
                    ("c_bar", "multiply", "h_bar", "slope"),
                    ("X_bar", "outer", "c_bar", "y"),
                ]
        """,
    ),
    _wrong(
        "network_gradients_graph",
        "slope forgotten",
        "The slope of tanh is left out: c_bar and X_bar are wrong, W_bar and b_bar right.",
        """
            def net():
                return [
                    ("p", "matmul", "X", "y"),
                    ("q", "add", "p", "c"),
                    ("h", "tanh", "q"),
                    ("r", "matmul", "W", "h"),
                    ("z", "add", "r", "b"),
                    ("e", "subtract", "z", "z_star"),
                ]


            def network_gradients_graph():
                return net() + [
                    ("b_bar", "multiply", 1, "e"),
                    ("W_bar", "outer", "e", "h"),
                    ("c_bar", "matmul", "e", "W"),
                    ("X_bar", "outer", "c_bar", "y"),
                ]
        """,
    ),
    _wrong(
        "network_gradients_graph",
        "slope 1 − h",
        "The square is missing in the slope of tanh.",
        """
            def net():
                return [
                    ("p", "matmul", "X", "y"),
                    ("q", "add", "p", "c"),
                    ("h", "tanh", "q"),
                    ("r", "matmul", "W", "h"),
                    ("z", "add", "r", "b"),
                    ("e", "subtract", "z", "z_star"),
                ]


            def network_gradients_graph():
                return net() + [
                    ("b_bar", "multiply", 1, "e"),
                    ("W_bar", "outer", "e", "h"),
                    ("h_bar", "matmul", "e", "W"),
                    ("slope", "subtract", 1, "h"),
                    ("c_bar", "multiply", "h_bar", "slope"),
                    ("X_bar", "outer", "c_bar", "y"),
                ]
        """,
    ),
    _wrong(
        "network_gradients_graph",
        "slope at h",
        "1 − tanh(h)²: the tanh is taken once more.",
        """
            def net():
                return [
                    ("p", "matmul", "X", "y"),
                    ("q", "add", "p", "c"),
                    ("h", "tanh", "q"),
                    ("r", "matmul", "W", "h"),
                    ("z", "add", "r", "b"),
                    ("e", "subtract", "z", "z_star"),
                ]


            def network_gradients_graph():
                return net() + [
                    ("b_bar", "multiply", 1, "e"),
                    ("W_bar", "outer", "e", "h"),
                    ("h_bar", "matmul", "e", "W"),
                    ("th", "tanh", "h"),
                    ("hh", "square", "th"),
                    ("slope", "subtract", 1, "hh"),
                    ("c_bar", "multiply", "h_bar", "slope"),
                    ("X_bar", "outer", "c_bar", "y"),
                ]
        """,
    ),
    _wrong(
        "network_gradients_graph",
        "factor of 2",
        "The error is doubled, as if L were ‖e‖² without the ½.",
        """
            def net():
                return [
                    ("p", "matmul", "X", "y"),
                    ("q", "add", "p", "c"),
                    ("h", "tanh", "q"),
                    ("r", "matmul", "W", "h"),
                    ("z", "add", "r", "b"),
                    ("e", "subtract", "z", "z_star"),
                ]


            def network_gradients_graph():
                return net() + [
                    ("b_bar", "multiply", 2, "e"),
                    ("W_bar", "outer", "b_bar", "h"),
                    ("h_bar", "matmul", "b_bar", "W"),
                    ("hh", "square", "h"),
                    ("slope", "subtract", 1, "hh"),
                    ("c_bar", "multiply", "h_bar", "slope"),
                    ("X_bar", "outer", "c_bar", "y"),
                ]
        """,
    ),
    _wrong(
        "network_gradients_graph",
        "W not transposed",
        "matmul(W, e) for Wᵀe: fails unless M = H, and is wrong then.",
        """
            def net():
                return [
                    ("p", "matmul", "X", "y"),
                    ("q", "add", "p", "c"),
                    ("h", "tanh", "q"),
                    ("r", "matmul", "W", "h"),
                    ("z", "add", "r", "b"),
                    ("e", "subtract", "z", "z_star"),
                ]


            def network_gradients_graph():
                return net() + [
                    ("b_bar", "multiply", 1, "e"),
                    ("W_bar", "outer", "e", "h"),
                    ("h_bar", "matmul", "W", "e"),
                    ("hh", "square", "h"),
                    ("slope", "subtract", 1, "hh"),
                    ("c_bar", "multiply", "h_bar", "slope"),
                    ("X_bar", "outer", "c_bar", "y"),
                ]
        """,
    ),
    _wrong(
        "inputs_and_outputs",
        "last step is the output",
        "Only the last step of the list is taken for an output: wrong in another order, or with several outputs.",
        """
            def inputs_and_outputs(steps):
                defined = {s[0] for s in steps}
                used = {a for s in steps for a in s[2:] if isinstance(a, str)}
                return list(used - defined), [steps[-1][0]]
        """,
    ),
    _wrong(
        "inputs_and_outputs",
        "numbers among the inputs",
        "Numbers are counted as inputs.",
        """
            def inputs_and_outputs(steps):
                defined = {s[0] for s in steps}
                used = {a for s in steps for a in s[2:]}
                return list(used - defined), list(defined - used)
        """,
    ),
    _wrong(
        "inputs_and_outputs",
        "names met so far",
        "A name is an input if no step before defines it: wrong if the steps are not in order.",
        """
            def inputs_and_outputs(steps):
                seen, inputs, used = set(), [], set()
                for name, _, *arguments in steps:
                    for a in arguments:
                        if isinstance(a, str):
                            used.add(a)
                            if a not in seen and a not in inputs:
                                inputs.append(a)
                    seen.add(name)
                return inputs, [s[0] for s in steps if s[0] not in used]
        """,
    ),
    _wrong(
        "inputs_and_outputs",
        "repeated",
        "An input is listed once for each use.",
        """
            def inputs_and_outputs(steps):
                defined = [s[0] for s in steps]
                used = [a for s in steps for a in s[2:] if isinstance(a, str)]
                return [a for a in used if a not in defined], [n for n in defined if n not in used]
        """,
    ),
    _wrong(
        "inputs_and_outputs",
        "outputs first",
        "The two lists are returned the wrong way round.",
        """
            def inputs_and_outputs(steps):
                defined = {s[0] for s in steps}
                used = {a for s in steps for a in s[2:] if isinstance(a, str)}
                return list(defined - used), list(used - defined)
        """,
    ),
    _wrong(
        "inputs_and_outputs",
        "letters only",
        "Names are told from numbers by isalpha(), so that x1 or z_star are no names.",
        """
            def inputs_and_outputs(steps):
                defined = {s[0] for s in steps}
                used = {a for s in steps for a in s[2:] if str(a).isalpha()}
                return list(used - defined), list(defined - used)
        """,
    ),
    _wrong(
        "topological_order",
        "as they stand",
        "Returns the names in the order of the list: right only if it is in order already.",
        """
            def topological_order(steps):
                return [s[0] for s in steps]
        """,
    ),
    _wrong(
        "topological_order",
        "turned round",
        "Returns the list's order reversed: right for the worked example only.",
        """
            def topological_order(steps):
                return [s[0] for s in steps][::-1]
        """,
    ),
    _wrong(
        "topological_order",
        "inputs in the list",
        "The inputs' names are in the order as well.",
        """
            def topological_order(steps):
                import graphlib

                return list(graphlib.TopologicalSorter({s[0]: [a for a in s[2:] if isinstance(a, str)] for s in steps}).static_order())
        """,
    ),
    _wrong(
        "topological_order",
        "from the last step only",
        "Walks down from the last step of the list: steps that it does not need are missing.",
        """
            def topological_order(steps):
                arguments = {s[0]: [a for a in s[2:] if isinstance(a, str)] for s in steps}
                order, done, stack = [], set(), [(steps[-1][0], False)]
                while stack:
                    name, ready = stack.pop()
                    if ready:
                        if name not in done:
                            done.add(name)
                            order.append(name)
                    elif name in arguments and name not in done:
                        stack.append((name, True))
                        stack += [(a, False) for a in arguments[name]]
                return order
        """,
    ),
    _wrong(
        "topological_order",
        "released once, counted twice",
        "A step that uses one name twice is counted as waiting for two and released once: it is never ready, and it and all above it are missing.",
        """
            def topological_order(steps):
                names = {s[0] for s in steps}
                waits = {s[0]: sum(isinstance(a, str) and a in names for a in s[2:]) for s in steps}
                users = {n: set() for n in names}
                for s in steps:
                    for a in s[2:]:
                        if a in names:
                            users[a].add(s[0])
                order = [n for n in waits if waits[n] == 0]
                for n in order:
                    for u in users[n]:
                        waits[u] -= 1
                        if waits[u] == 0:
                            order.append(u)
                return order
        """,
    ),
    _wrong(
        "topological_order",
        "sorted by name",
        "Alphabetical: right for s1, s2, s3 and the like only.",
        """
            def topological_order(steps):
                return sorted(s[0] for s in steps)
        """,
    ),
    _wrong(
        "evaluate",
        "in the order of the list",
        "Takes the steps as they stand: KeyError where a step stands before its arguments.",
        """
            def evaluate(steps, inputs):
                values = dict(inputs)
                for name, op, *args in steps:
                    values[name] = getattr(np, op)(*[values[a] if isinstance(a, str) else a for a in args])
                return values
        """,
    ),
    _wrong(
        "evaluate",
        "steps only",
        "The inputs are not in what is returned.",
        """
            def topological_order(steps):
                names = {s[0] for s in steps}
                waits, users = {}, {n: [] for n in names}
                for name, _, *arguments in steps:
                    needed = [a for a in arguments if isinstance(a, str) and a in names]
                    waits[name] = len(needed)
                    for a in needed:
                        users[a].append(name)
                order = [n for n in waits if waits[n] == 0]
                for n in order:
                    for u in users[n]:
                        waits[u] -= 1
                        if waits[u] == 0:
                            order.append(u)
                return order


            def evaluate(steps, inputs):
                rule = {name: (op, args) for name, op, *args in steps}
                values = dict(inputs)
                for name in topological_order(steps):
                    op, args = rule[name]
                    values[name] = getattr(np, op)(*[values[a] if isinstance(a, str) else a for a in args])
                return {name: values[name] for name in rule}
        """,
    ),
    _wrong(
        "evaluate",
        "used inputs only",
        "Inputs that no step uses are left out.",
        """
            def topological_order(steps):
                names = {s[0] for s in steps}
                waits, users = {}, {n: [] for n in names}
                for name, _, *arguments in steps:
                    needed = [a for a in arguments if isinstance(a, str) and a in names]
                    waits[name] = len(needed)
                    for a in needed:
                        users[a].append(name)
                order = [n for n in waits if waits[n] == 0]
                for n in order:
                    for u in users[n]:
                        waits[u] -= 1
                        if waits[u] == 0:
                            order.append(u)
                return order


            def evaluate(steps, inputs):
                rule = {name: (op, args) for name, op, *args in steps}
                values = {a: inputs[a] for _, args in rule.values() for a in args if a in inputs}
                for name in topological_order(steps):
                    op, args = rule[name]
                    values[name] = getattr(np, op)(*[values[a] if isinstance(a, str) else a for a in args])
                return values
        """,
    ),
    _wrong(
        "evaluate",
        "numbers are not looked for",
        "Every argument is looked up by name: KeyError for a number.",
        """
            def topological_order(steps):
                names = {s[0] for s in steps}
                waits, users = {}, {n: [] for n in names}
                for name, _, *arguments in steps:
                    needed = [a for a in arguments if isinstance(a, str) and a in names]
                    waits[name] = len(needed)
                    for a in needed:
                        users[a].append(name)
                order = [n for n in waits if waits[n] == 0]
                for n in order:
                    for u in users[n]:
                        waits[u] -= 1
                        if waits[u] == 0:
                            order.append(u)
                return order


            def evaluate(steps, inputs):
                rule = {name: (op, args) for name, op, *args in steps}
                values = dict(inputs)
                for name in topological_order(steps):
                    op, args = rule[name]
                    values[name] = getattr(np, op)(*[values[a] for a in args])
                return values
        """,
    ),
    _wrong(
        "evaluate",
        "sorted arguments",
        "Names come before numbers in the call: wrong for 1 − x or 1 / x.",
        """
            def topological_order(steps):
                names = {s[0] for s in steps}
                waits, users = {}, {n: [] for n in names}
                for name, _, *arguments in steps:
                    needed = [a for a in arguments if isinstance(a, str) and a in names]
                    waits[name] = len(needed)
                    for a in needed:
                        users[a].append(name)
                order = [n for n in waits if waits[n] == 0]
                for n in order:
                    for u in users[n]:
                        waits[u] -= 1
                        if waits[u] == 0:
                            order.append(u)
                return order


            def evaluate(steps, inputs):
                rule = {name: (op, args) for name, op, *args in steps}
                values = dict(inputs)
                for name in topological_order(steps):
                    op, args = rule[name]
                    numbers = [values[a] for a in args if isinstance(a, str)] + [a for a in args if not isinstance(a, str)]
                    values[name] = getattr(np, op)(*numbers)
                return values
        """,
    ),
    _wrong(
        "evaluate",
        "whole division",
        "divide is //: right only where it comes out even.",
        """
            def topological_order(steps):
                names = {s[0] for s in steps}
                waits, users = {}, {n: [] for n in names}
                for name, _, *arguments in steps:
                    needed = [a for a in arguments if isinstance(a, str) and a in names]
                    waits[name] = len(needed)
                    for a in needed:
                        users[a].append(name)
                order = [n for n in waits if waits[n] == 0]
                for n in order:
                    for u in users[n]:
                        waits[u] -= 1
                        if waits[u] == 0:
                            order.append(u)
                return order


            def evaluate(steps, inputs):
                rule = {name: (op, args) for name, op, *args in steps}
                values = dict(inputs)
                for name in topological_order(steps):
                    op, args = rule[name]
                    v = [values[a] if isinstance(a, str) else a for a in args]
                    values[name] = v[0] // v[1] if op == "divide" else getattr(np, op)(*v)
                return values
        """,
    ),
    _wrong(
        "add_gate",
        "halved",
        "The bar is split between the two: addition copies it.",
        """
            def add_gate(bar, a, b):
                return bar / 2, bar / 2
        """,
    ),
    _wrong(
        "add_gate",
        "like a product",
        "The bar is multiplied by the other argument.",
        """
            def add_gate(bar, a, b):
                return bar * b, bar * a
        """,
    ),
    _wrong(
        "add_gate",
        "ones",
        "The local slopes without the bar.",
        """
            def add_gate(bar, a, b):
                return np.ones_like(a), np.ones_like(b)
        """,
    ),
    _wrong(
        "add_gate",
        "shared by size",
        "The bar goes to both in the parts a/(a + b) and b/(a + b).",
        """
            def add_gate(bar, a, b):
                return bar * a / (a + b), bar * b / (a + b)
        """,
    ),
    _wrong(
        "multiply_gate",
        "not switched",
        "Each argument gets its own value times the bar.",
        """
            def multiply_gate(bar, a, b):
                return bar * a, bar * b
        """,
    ),
    _wrong(
        "multiply_gate",
        "no bar",
        "The slopes are right and the bar is forgotten.",
        """
            def multiply_gate(bar, a, b):
                return b * 1.0, a * 1.0
        """,
    ),
    _wrong(
        "multiply_gate",
        "product divided",
        "bar·p/a is nan where a is 0.",
        """
            def multiply_gate(bar, a, b):
                p = a * b
                return bar * p / a, bar * p / b
        """,
    ),
    _wrong(
        "multiply_gate",
        "matrix product",
        "@ for *: right for no shape but some of one entry.",
        """
            def multiply_gate(bar, a, b):
                return bar @ b.T, a.T @ bar
        """,
    ),
    _wrong(
        "multiply_gate",
        "summed up",
        "The bars are summed to one number each.",
        """
            def multiply_gate(bar, a, b):
                return np.sum(bar * b), np.sum(bar * a)
        """,
    ),
    _wrong(
        "max_gate",
        "to the smaller",
        "The bar goes to the smaller argument.",
        """
            def max_gate(bar, a, b):
                return bar * (a < b), bar * (a >= b)
        """,
    ),
    _wrong(
        "max_gate",
        "copied",
        "Both arguments get the whole bar.",
        """
            def max_gate(bar, a, b):
                return bar.copy(), bar.copy()
        """,
    ),
    _wrong(
        "max_gate",
        "both at a tie",
        "At a tie both get the whole bar: the parts add up to 2.",
        """
            def max_gate(bar, a, b):
                return bar * (a >= b), bar * (b >= a)
        """,
    ),
    _wrong(
        "max_gate",
        "nobody at a tie",
        "At a tie neither gets anything: the parts add up to 0.",
        """
            def max_gate(bar, a, b):
                return bar * (a > b), bar * (b > a)
        """,
    ),
    _wrong(
        "max_gate",
        "one decision for all entries",
        "Compares sums: the whole array is routed to one side, where each entry decides for itself.",
        """
            def max_gate(bar, a, b):
                zero = np.zeros_like(bar)
                return (bar, zero) if np.sum(a) > np.sum(b) else (zero, bar)
        """,
    ),
    _wrong(
        "max_gate",
        "if of an array",
        "if a > b raises for arrays of more than one entry.",
        """
            def max_gate(bar, a, b):
                if a > b:
                    return bar, 0 * bar
                return 0 * bar, bar
        """,
    ),
    _wrong(
        "quotient_by_paths",
        "sign of the path through z",
        "The derivative of 1/z has a minus.",
        """
            def quotient_by_paths(x):
                z = x**2
                direct, through = 1 / z, x / z**2 * 2 * x
                return direct, through, direct + through
        """,
    ),
    _wrong(
        "quotient_by_paths",
        "inner slope forgotten",
        "The path through z lacks its second edge, dz/dx = 2x.",
        """
            def quotient_by_paths(x):
                z = x**2
                direct, through = 1 / z, -x / z**2
                return direct, through, direct + through
        """,
    ),
    _wrong(
        "quotient_by_paths",
        "paths multiplied",
        "The total is the product of the two paths, not their sum.",
        """
            def quotient_by_paths(x):
                z = x**2
                direct, through = 1 / z, -2 / z
                return direct, through, direct * through
        """,
    ),
    _wrong(
        "quotient_by_paths",
        "first path only",
        "The total is the direct path alone.",
        """
            def quotient_by_paths(x):
                z = x**2
                return 1 / z, -2 * x * x / z**2, 1 / z
        """,
    ),
    _wrong(
        "quotient_by_paths",
        "whole thing called direct",
        "direct is the total derivative, as if z were not held fixed.",
        """
            def quotient_by_paths(x):
                total = -1 / x**2
                return total, -2 / x**2, total
        """,
    ),
    _wrong(
        "quotient_by_paths",
        "total by differences",
        "The total is a central difference with h = 1e-2, off by far more than rounding.",
        """
            def quotient_by_paths(x):
                y = lambda t: t / t**2
                return 1 / x**2, -2 / x**2, (y(x + 1e-2) - y(x - 1e-2)) / 2e-2
        """,
    ),
    _wrong(
        "reciprocal_by_chain",
        "z put in",
        "−2/x³ has z = x² put in: right only where z = x², and z is to be left as it is.",
        """
            def reciprocal_by_chain():
                return "-2/x^3"
        """,
    ),
    _wrong(
        "reciprocal_by_chain",
        "sign lost (reciprocal)",
        "The minus is missing.",
        """
            def reciprocal_by_chain():
                return "2*x/z^2"
        """,
    ),
    _wrong(
        "reciprocal_by_chain",
        "outer slope only",
        "−1/z² is dy/dz: dz/dx = 2x is missing.",
        """
            def reciprocal_by_chain():
                return "-1/z^2"
        """,
    ),
    _wrong(
        "reciprocal_by_chain",
        "no square of z",
        "The slope of 1/z is −1/z², not −1/z.",
        """
            def reciprocal_by_chain():
                return "-2*x/z"
        """,
    ),
    _wrong(
        "reciprocal_by_chain",
        "precedence",
        "−2·x/z·z is −2x: parentheses are missing.",
        """
            def reciprocal_by_chain():
                return "-2*x/z*z"
        """,
    ),
    _wrong(
        "backpropagate",
        "= for +=",
        "A later edge overwrites what an earlier one brought: wrong wherever a node is used twice.",
        """
            def forward(steps, inputs):
                values = dict(inputs)
                for name, op, *args in steps:
                    values[name] = getattr(np, op)(*[values[a] if isinstance(a, str) else a for a in args])
                return values


            def slopes_of(op, v, out):
                if op == "add":
                    return [1, 1]
                if op == "subtract":
                    return [1, -1]
                if op == "multiply":
                    return [v[1], v[0]]
                if op == "divide":
                    return [1 / v[1], -v[0] / v[1] ** 2]
                if op == "maximum":
                    return [1, 0] if v[0] > v[1] else [0, 1]
                return [{"negative": lambda: -1, "exp": lambda: out, "log": lambda: 1 / v[0], "tanh": lambda: 1 - out**2}[op]()]


            def backpropagate(steps, inputs):
                values = forward(steps, inputs)
                bars = dict.fromkeys(values, 0.0)
                bars[steps[-1][0]] = 1.0
                for name, op, *args in reversed(steps):
                    v = [values[a] if isinstance(a, str) else a for a in args]
                    for a, s in zip(args, slopes_of(op, v, values[name])):
                        if isinstance(a, str):
                            bars[a] = bars[name] * s
                return bars
        """,
    ),
    _wrong(
        "backpropagate",
        "slopes in a dict",
        "Slopes are kept by name in a step: a + a and a·a count one edge of two.",
        """
            def forward(steps, inputs):
                values = dict(inputs)
                for name, op, *args in steps:
                    values[name] = getattr(np, op)(*[values[a] if isinstance(a, str) else a for a in args])
                return values


            def slopes_of(op, v, out):
                if op == "add":
                    return [1, 1]
                if op == "subtract":
                    return [1, -1]
                if op == "multiply":
                    return [v[1], v[0]]
                if op == "divide":
                    return [1 / v[1], -v[0] / v[1] ** 2]
                if op == "maximum":
                    return [1, 0] if v[0] > v[1] else [0, 1]
                return [{"negative": lambda: -1, "exp": lambda: out, "log": lambda: 1 / v[0], "tanh": lambda: 1 - out**2}[op]()]


            def backpropagate(steps, inputs):
                values = forward(steps, inputs)
                bars = dict.fromkeys(values, 0.0)
                bars[steps[-1][0]] = 1.0
                for name, op, *args in reversed(steps):
                    v = [values[a] if isinstance(a, str) else a for a in args]
                    for a, s in dict(zip(args, slopes_of(op, v, values[name]))).items():
                        if isinstance(a, str):
                            bars[a] += bars[name] * s
                return bars
        """,
    ),
    _wrong(
        "backpropagate",
        "= within a step, += between steps",
        "New bars are read before both are written: where a step uses a name twice, one edge is lost.",
        """
            def forward(steps, inputs):
                values = dict(inputs)
                for name, op, *args in steps:
                    values[name] = getattr(np, op)(*[values[a] if isinstance(a, str) else a for a in args])
                return values


            def slopes_of(op, v, out):
                if op == "add":
                    return [1, 1]
                if op == "subtract":
                    return [1, -1]
                if op == "multiply":
                    return [v[1], v[0]]
                if op == "divide":
                    return [1 / v[1], -v[0] / v[1] ** 2]
                if op == "maximum":
                    return [1, 0] if v[0] > v[1] else [0, 1]
                return [{"negative": lambda: -1, "exp": lambda: out, "log": lambda: 1 / v[0], "tanh": lambda: 1 - out**2}[op]()]


            def backpropagate(steps, inputs):
                values = forward(steps, inputs)
                bars = dict.fromkeys(values, 0.0)
                bars[steps[-1][0]] = 1.0
                for name, op, *args in reversed(steps):
                    v = [values[a] if isinstance(a, str) else a for a in args]
                    new = [(a, bars[a] + bars[name] * s) for a, s in zip(args, slopes_of(op, v, values[name])) if isinstance(a, str)]
                    for a, value in new:
                        bars[a] = value
                return bars
        """,
    ),
    _wrong(
        "backpropagate",
        "every end seeded",
        "Every step that no step uses gets the bar 1, not only the last one.",
        """
            def forward(steps, inputs):
                values = dict(inputs)
                for name, op, *args in steps:
                    values[name] = getattr(np, op)(*[values[a] if isinstance(a, str) else a for a in args])
                return values


            def slopes_of(op, v, out):
                if op == "add":
                    return [1, 1]
                if op == "subtract":
                    return [1, -1]
                if op == "multiply":
                    return [v[1], v[0]]
                if op == "divide":
                    return [1 / v[1], -v[0] / v[1] ** 2]
                if op == "maximum":
                    return [1, 0] if v[0] > v[1] else [0, 1]
                return [{"negative": lambda: -1, "exp": lambda: out, "log": lambda: 1 / v[0], "tanh": lambda: 1 - out**2}[op]()]


            def backpropagate(steps, inputs):
                values = forward(steps, inputs)
                used = {a for s in steps for a in s[2:] if isinstance(a, str)}
                bars = {n: 0.0 for n in values}
                for s in steps:
                    if s[0] not in used:
                        bars[s[0]] = 1.0
                for name, op, *args in reversed(steps):
                    v = [values[a] if isinstance(a, str) else a for a in args]
                    for a, s in zip(args, slopes_of(op, v, values[name])):
                        if isinstance(a, str):
                            bars[a] += bars[name] * s
                return bars
        """,
    ),
    _wrong(
        "backpropagate",
        "unused ones left out",
        "Nodes that the output does not depend on have no entry in what is returned.",
        """
            def forward(steps, inputs):
                values = dict(inputs)
                for name, op, *args in steps:
                    values[name] = getattr(np, op)(*[values[a] if isinstance(a, str) else a for a in args])
                return values


            def slopes_of(op, v, out):
                if op == "add":
                    return [1, 1]
                if op == "subtract":
                    return [1, -1]
                if op == "multiply":
                    return [v[1], v[0]]
                if op == "divide":
                    return [1 / v[1], -v[0] / v[1] ** 2]
                if op == "maximum":
                    return [1, 0] if v[0] > v[1] else [0, 1]
                return [{"negative": lambda: -1, "exp": lambda: out, "log": lambda: 1 / v[0], "tanh": lambda: 1 - out**2}[op]()]


            def backpropagate(steps, inputs):
                values = forward(steps, inputs)
                bars = {steps[-1][0]: 1.0}
                for name, op, *args in reversed(steps):
                    if name not in bars:
                        continue
                    v = [values[a] if isinstance(a, str) else a for a in args]
                    for a, s in zip(args, slopes_of(op, v, values[name])):
                        if isinstance(a, str):
                            bars[a] = bars.get(a, 0.0) + bars[name] * s
                return bars
        """,
    ),
    _wrong(
        "backpropagate",
        "inputs only (backpropagate)",
        "Only the bars of the inputs are returned.",
        """
            def forward(steps, inputs):
                values = dict(inputs)
                for name, op, *args in steps:
                    values[name] = getattr(np, op)(*[values[a] if isinstance(a, str) else a for a in args])
                return values


            def slopes_of(op, v, out):
                if op == "add":
                    return [1, 1]
                if op == "subtract":
                    return [1, -1]
                if op == "multiply":
                    return [v[1], v[0]]
                if op == "divide":
                    return [1 / v[1], -v[0] / v[1] ** 2]
                if op == "maximum":
                    return [1, 0] if v[0] > v[1] else [0, 1]
                return [{"negative": lambda: -1, "exp": lambda: out, "log": lambda: 1 / v[0], "tanh": lambda: 1 - out**2}[op]()]


            def backpropagate(steps, inputs):
                values = forward(steps, inputs)
                bars = dict.fromkeys(values, 0.0)
                bars[steps[-1][0]] = 1.0
                for name, op, *args in reversed(steps):
                    v = [values[a] if isinstance(a, str) else a for a in args]
                    for a, s in zip(args, slopes_of(op, v, values[name])):
                        if isinstance(a, str):
                            bars[a] += bars[name] * s
                return {n: bars[n] for n in inputs}
        """,
    ),
    _wrong(
        "mended_pair_bars",
        "first line only",
        "Only the first of the two assignments adds.",
        """
            def mended_pair_bars(bar, x, pairs):
                x_bar = np.zeros_like(x)
                for i, j in pairs:
                    x_bar[i] += bar * x[j]
                    x_bar[j] = bar * x[i]
                return x_bar
        """,
    ),
    _wrong(
        "mended_pair_bars",
        "second line only",
        "Only the second of the two assignments adds.",
        """
            def mended_pair_bars(bar, x, pairs):
                x_bar = np.zeros_like(x)
                for i, j in pairs:
                    x_bar[i] = bar * x[j]
                    x_bar[j] += bar * x[i]
                return x_bar
        """,
    ),
    _wrong(
        "mended_pair_bars",
        "fancy += ",
        "x_bar[indices] += adds once for an index that comes several times.",
        """
            def mended_pair_bars(bar, x, pairs):
                x_bar = np.zeros_like(x)
                x_bar[pairs[:, 0]] += bar * x[pairs[:, 1]]
                x_bar[pairs[:, 1]] += bar * x[pairs[:, 0]]
                return x_bar
        """,
    ),
    _wrong(
        "mended_pair_bars",
        "a pair with itself once",
        "For i = j the slope is 2x, but only one of two is added.",
        """
            def mended_pair_bars(bar, x, pairs):
                x_bar = np.zeros_like(x)
                for i, j in pairs:
                    x_bar[i] += bar * x[j]
                    if i != j:
                        x_bar[j] += bar * x[i]
                return x_bar
        """,
    ),
    _wrong(
        "mended_pair_bars",
        "pairs made unique",
        "A pair that comes twice counts once.",
        """
            def mended_pair_bars(bar, x, pairs):
                x_bar = np.zeros_like(x)
                for i, j in {(int(i), int(j)) for i, j in pairs}:
                    x_bar[i] += bar * x[j]
                    x_bar[j] += bar * x[i]
                return x_bar
        """,
    ),
    _wrong(
        "mended_pair_bars",
        "bar lost",
        "The bar from above is left out: right for bar = 1 only.",
        """
            def mended_pair_bars(bar, x, pairs):
                x_bar = np.zeros_like(x)
                for i, j in pairs:
                    x_bar[i] += x[j]
                    x_bar[j] += x[i]
                return x_bar
        """,
    ),
    _wrong(
        "accumulation_checker",
        "always True (accumulation)",
        "A constant answer: accepts every wrong one.",
        """
            def accumulation_checker(backward):
                return True
        """,
    ),
    _wrong(
        "accumulation_checker",
        "always False (accumulation)",
        "A constant answer: refuses every right one.",
        """
            def accumulation_checker(backward):
                return False
        """,
    ),
    _wrong(
        "accumulation_checker",
        "a tree",
        "No node is used twice: overwriting is as good as adding there.",
        """
            def bars_of(steps, inputs):
                value = dict(inputs)
                get = lambda a: value[a] if isinstance(a, str) else a
                for name, op, a, b in steps:
                    value[name] = {"add": get(a) + get(b), "subtract": get(a) - get(b), "multiply": get(a) * get(b)}[op]
                bars = dict.fromkeys(value, 0.0)
                bars[steps[-1][0]] = 1.0
                for name, op, a, b in reversed(steps):
                    left, right = {"add": (1, 1), "subtract": (1, -1), "multiply": (get(b), get(a))}[op]
                    if isinstance(a, str):
                        bars[a] += left * bars[name]
                    if isinstance(b, str):
                        bars[b] += right * bars[name]
                return bars


            def agrees(backward, steps, inputs):
                want = bars_of(steps, inputs)
                try:
                    got = backward(steps, dict(inputs))
                    return all(abs(got[name] - bar) < 1e-8 for name, bar in want.items())
                except Exception:
                    return False


            def accumulation_checker(backward):
                steps = [("s", "add", "a", "b"), ("t", "subtract", "c", "d"), ("f", "multiply", "s", "t")]
                return agrees(backward, steps, {"a": 1.5, "b": -0.5, "c": 2.0, "d": 0.25})
        """,
    ),
    _wrong(
        "accumulation_checker",
        "the notebook's doublings only",
        "b = a + a, c = b + b: dropped numbers, unused nodes and a node with two users on paths of different lengths are not seen.",
        """
            def bars_of(steps, inputs):
                value = dict(inputs)
                get = lambda a: value[a] if isinstance(a, str) else a
                for name, op, a, b in steps:
                    value[name] = {"add": get(a) + get(b), "subtract": get(a) - get(b), "multiply": get(a) * get(b)}[op]
                bars = dict.fromkeys(value, 0.0)
                bars[steps[-1][0]] = 1.0
                for name, op, a, b in reversed(steps):
                    left, right = {"add": (1, 1), "subtract": (1, -1), "multiply": (get(b), get(a))}[op]
                    if isinstance(a, str):
                        bars[a] += left * bars[name]
                    if isinstance(b, str):
                        bars[b] += right * bars[name]
                return bars


            def agrees(backward, steps, inputs):
                want = bars_of(steps, inputs)
                try:
                    got = backward(steps, dict(inputs))
                    return all(abs(got[name] - bar) < 1e-8 for name, bar in want.items())
                except Exception:
                    return False


            def accumulation_checker(backward):
                return agrees(backward, [("b", "add", "a", "a"), ("c", "add", "b", "b")], {"a": 3.0})
        """,
    ),
    _wrong(
        "accumulation_checker",
        "two users only",
        "No step uses a name twice, every node is used, no numbers: lost double edges and unused nodes pass.",
        """
            def bars_of(steps, inputs):
                value = dict(inputs)
                get = lambda a: value[a] if isinstance(a, str) else a
                for name, op, a, b in steps:
                    value[name] = {"add": get(a) + get(b), "subtract": get(a) - get(b), "multiply": get(a) * get(b)}[op]
                bars = dict.fromkeys(value, 0.0)
                bars[steps[-1][0]] = 1.0
                for name, op, a, b in reversed(steps):
                    left, right = {"add": (1, 1), "subtract": (1, -1), "multiply": (get(b), get(a))}[op]
                    if isinstance(a, str):
                        bars[a] += left * bars[name]
                    if isinstance(b, str):
                        bars[b] += right * bars[name]
                return bars


            def agrees(backward, steps, inputs):
                want = bars_of(steps, inputs)
                try:
                    got = backward(steps, dict(inputs))
                    return all(abs(got[name] - bar) < 1e-8 for name, bar in want.items())
                except Exception:
                    return False


            def accumulation_checker(backward):
                steps = [("s", "add", "a", "b"), ("t", "subtract", "b", "a"), ("u", "multiply", "s", "b"), ("f", "multiply", "t", "u")]
                return agrees(backward, steps, {"a": 1.5, "b": -0.75})
        """,
    ),
    _wrong(
        "accumulation_checker",
        "bars of the inputs only",
        "Looks only at the names in inputs: missing or wrong bars of steps, such as those of unused ones, pass.",
        """
            def bars_of(steps, inputs):
                value = dict(inputs)
                get = lambda a: value[a] if isinstance(a, str) else a
                for name, op, a, b in steps:
                    value[name] = {"add": get(a) + get(b), "subtract": get(a) - get(b), "multiply": get(a) * get(b)}[op]
                bars = dict.fromkeys(value, 0.0)
                bars[steps[-1][0]] = 1.0
                for name, op, a, b in reversed(steps):
                    left, right = {"add": (1, 1), "subtract": (1, -1), "multiply": (get(b), get(a))}[op]
                    if isinstance(a, str):
                        bars[a] += left * bars[name]
                    if isinstance(b, str):
                        bars[b] += right * bars[name]
                return bars


            def agrees(backward, steps, inputs):
                want = bars_of(steps, inputs)
                try:
                    got = backward(steps, dict(inputs))
                    return all(abs(got[name] - bar) < 1e-8 for name, bar in want.items())
                except Exception:
                    return False


            def accumulation_checker(backward):
                steps = [("s", "add", "a", "a"), ("t", "multiply", "s", "b"), ("dead", "multiply", "t", "s"), ("u", "subtract", "t", 2.0), ("v", "multiply", "u", "s"), ("f", "add", "v", "u")]
                inputs = {"a": 1.5, "b": -0.75}
                want, got = bars_of(steps, inputs), backward(steps, inputs)
                return all(abs(got[n] - want[n]) < 1e-8 for n in inputs)
        """,
    ),
    _wrong(
        "prediction_without_order",
        "the right gradient",
        "4 is the true bar of a; the recursion visits b twice and leaves 8.",
        """
            def prediction_without_order():
                return 4
        """,
    ),
    _wrong(
        "prediction_without_order",
        "a visit too many",
        "12 is what a second backward pass leaves, not this recursion.",
        """
            def prediction_without_order():
                return 12
        """,
    ),
    _wrong(
        "prediction_without_order",
        "both visits with the last bar doubled",
        "16 would need b's bar to double as well, but b is handed 2 only once.",
        """
            def prediction_without_order():
                return 16
        """,
    ),
    _wrong(
        "prediction_second_backward",
        "twice the gradient",
        "8 would be right if the bars in between were cleared: b's old bar is handed on again.",
        """
            def prediction_second_backward():
                return 8
        """,
    ),
    _wrong(
        "prediction_second_backward",
        "as if set back",
        "4 is the bar after the first run.",
        """
            def prediction_second_backward():
                return 4
        """,
    ),
    _wrong(
        "deep_order",
        "recursion, deep",
        "Depth-first by recursion, a call for each step of a path: RecursionError in a chain of 10,000.",
        """
            def topological_order(steps):
                arguments = {s[0]: [a for a in s[2:] if isinstance(a, str)] for s in steps}
                order, done = [], set()

                def visit(name):
                    if name in done or name not in arguments:
                        return
                    done.add(name)
                    for a in arguments[name]:
                        visit(a)
                    order.append(name)

                for name in arguments:
                    visit(name)
                return order
        """,
    ),
    _wrong(
        "deep_values",
        "recursion (evaluate), deep",
        "A call for each step of a path: RecursionError in a chain of 10,000.",
        """
            def evaluate(steps, inputs):
                rule = {name: (op, args) for name, op, *args in steps}
                values = dict(inputs)

                def value(a):
                    if not isinstance(a, str):
                        return a
                    if a not in values:
                        op, args = rule[a]
                        values[a] = getattr(np, op)(*[value(b) for b in args])
                    return values[a]

                for name in rule:
                    value(name)
                return values
        """,
    ),
    _wrong(
        "deep_bars",
        "along every path, by recursion, deep",
        "Adds up over all paths: right, but a chain of 10,000 steps dies, and thirty doublings take a billion calls.",
        """
            def forward(steps, inputs):
                values = dict(inputs)
                for name, op, *args in steps:
                    values[name] = getattr(np, op)(*[values[a] if isinstance(a, str) else a for a in args])
                return values


            def slopes_of(op, v, out):
                if op == "add":
                    return [1, 1]
                if op == "subtract":
                    return [1, -1]
                if op == "multiply":
                    return [v[1], v[0]]
                if op == "divide":
                    return [1 / v[1], -v[0] / v[1] ** 2]
                if op == "maximum":
                    return [1, 0] if v[0] > v[1] else [0, 1]
                return [{"negative": lambda: -1, "exp": lambda: out, "log": lambda: 1 / v[0], "tanh": lambda: 1 - out**2}[op]()]


            def backpropagate(steps, inputs):
                values = forward(steps, inputs)
                rule = {name: (op, args) for name, op, *args in steps}
                bars = dict.fromkeys(values, 0.0)

                def visit(name, amount):
                    bars[name] += amount
                    if name in rule:
                        op, args = rule[name]
                        v = [values[a] if isinstance(a, str) else a for a in args]
                        for a, s in zip(args, slopes_of(op, v, values[name])):
                            if isinstance(a, str):
                                visit(a, amount * s)

                visit(steps[-1][0], 1.0)
                return bars
        """,
    ),
    _wrong(
        "deep_order",
        "a generator that yields from itself",
        "A call for each step of a path: RecursionError in a chain of 10,000.",
        """
            def topological_order(steps):
                of = {step[0]: step for step in steps}
                seen = set()

                def behind(name):
                    if name in seen or name not in of:
                        return
                    seen.add(name)
                    for argument in of[name][2:]:
                        if isinstance(argument, str):
                            yield from behind(argument)
                    yield name

                return [name for step in steps for name in behind(step[0])]
        """,
    ),
    _wrong(
        "deep_values",
        "cached recursion",
        "A call for each step of a path: RecursionError in a chain of 10,000.",
        """
            def evaluate(steps, inputs):
                from functools import cache

                of = {step[0]: step for step in steps}
                do = {
                    "add": lambda a, b: a + b, "subtract": lambda a, b: a - b, "multiply": lambda a, b: a * b,
                    "divide": lambda a, b: a / b, "power": lambda a, b: a**b, "negative": lambda a: -a, "exp": np.exp,
                    "log": np.log, "sin": np.sin, "cos": np.cos, "tanh": np.tanh, "sqrt": np.sqrt, "square": lambda a: a * a,
                    "maximum": max, "minimum": min, "relu": lambda a: max(a, 0.0), "sigmoid": lambda a: 1 / (1 + np.exp(-a)),
                }

                @cache
                def value(name):
                    if not isinstance(name, str):
                        return name
                    if name in inputs:
                        return inputs[name]
                    _, operation, *arguments = of[name]
                    return do[operation](*map(value, arguments))

                return {**inputs, **{name: value(name) for name in of}}
        """,
    ),
    _wrong(
        "deep_bars",
        "no answer for long chains",
        "Chains of more than a thousand steps are refused.",
        """
            def backpropagate(steps, inputs):
                if len(steps) > 1000:
                    raise ValueError("too long")
                return {}
        """,
    ),
    _wrong(
        "stepwise_graph",
        "logarithm in two parts",
        "log x + log(1 + y/x): right for x > 0, and x + y > 0 is all that is promised.",
        """
            def stepwise_graph():
                return [
                    ("s1", "add", "x", "y"), ("lx", "log", "x"), ("part", "divide", "s1", "x"), ("lp", "log", "part"),
                    ("s2", "add", "lx", "lp"), ("s3", "multiply", "x", "s1"), ("s4", "square", "y"), ("s5", "add", "s2", "s3"),
                    ("s6", "add", "s5", "s4"),
                ]
        """,
    ),
    _wrong(
        "inputs_and_outputs",
        "only floats are numbers",
        "Numbers that are ints are listed among the inputs: right where all are floats.",
        """
            def inputs_and_outputs(steps):
                made = {step[0] for step in steps}
                used = {a for step in steps for a in step[2:] if not isinstance(a, float)}
                return list(used - made), list(made - used)
        """,
    ),
    _wrong(
        "topological_order",
        "what the inputs reach",
        "The search begins at the inputs: steps of numbers alone, and what uses them, are missing.",
        """
            def topological_order(steps):
                made = {step[0]: [a for a in step[2:] if isinstance(a, str)] for step in steps}
                users = {}
                for name, needs in made.items():
                    for a in set(needs):
                        users.setdefault(a, []).append(name)
                waits = {name: len(set(needs)) for name, needs in made.items()}
                known, order = [a for a in users if a not in made], []
                while known:
                    for user in users.get(known.pop(), []):
                        waits[user] -= 1
                        if not waits[user]:
                            order.append(user)
                            known.append(user)
                return order
        """,
    ),
    _wrong(
        "evaluate",
        "or for a value that is missing",
        "A value of 0 counts as missing, and the name stands in its place: an error, or nonsense.",
        """
            def evaluate(steps, inputs):
                values, waiting = dict(inputs), list(steps)
                while waiting:
                    later = []
                    for name, operation, *arguments in waiting:
                        if all(not isinstance(a, str) or a in values for a in arguments):
                            values[name] = getattr(np, operation)(*(values.get(a) or a for a in arguments))
                        else:
                            later.append((name, operation, *arguments))
                    waiting = later
                return values
        """,
    ),
    _wrong(
        "add_gate",
        "one array used twice",
        "If both arguments are one array each gets twice the bar: the two bars are added by who collects them.",
        """
            def add_gate(bar, a, b):
                if a is b:
                    return 2 * bar, 2 * bar
                return bar, bar
        """,
    ),
    _wrong(
        "multiply_gate",
        "square for one array used twice",
        "If both arguments are one array each gets the slope of the square, and both together twice of it.",
        """
            def multiply_gate(bar, a, b):
                if a is b:
                    return 2 * bar * a, 2 * bar * a
                return bar * b, bar * a
        """,
    ),
    _wrong(
        "max_gate",
        "ties by lot",
        "A random part goes to a at a tie: the parts add up to 1, but differ from call to call.",
        """
            def max_gate(bar, a, b):
                part = np.where(a == b, np.random.default_rng().random(np.shape(a)), a > b)
                return bar * part, bar * (1 - part)
        """,
    ),
    _wrong(
        "reciprocal_by_chain",
        "size of x",
        "The root of x² is |x|: right for x > 0.",
        """
            def reciprocal_by_chain():
                return "-2*(x^2)^0.5/z^2"
        """,
    ),
    _wrong(
        "backpropagate",
        "only floats are numbers",
        "What is no float is looked up by name: an error where an argument is an int.",
        """
            def backpropagate(steps, inputs):
                def slopes(operation, a, b=None):
                    return {
                        "add": lambda: (1, 1), "subtract": lambda: (1, -1), "multiply": lambda: (b, a), "divide": lambda: (1 / b, -a / b**2),
                        "maximum": lambda: (float(a > b), float(b > a)), "negative": lambda: (-1,), "exp": lambda: (np.exp(a),),
                        "log": lambda: (1 / a,), "tanh": lambda: (1 - np.tanh(a) ** 2,),
                    }[operation]()

                values = dict(inputs)
                get = lambda a: a if isinstance(a, float) else values[a]
                for name, operation, *arguments in steps:
                    values[name] = getattr(np, operation)(*map(get, arguments))
                bars = dict.fromkeys(values, 0.0)
                bars[steps[-1][0]] = 1.0
                for name, operation, *arguments in reversed(steps):
                    for a, slope in zip(arguments, slopes(operation, *map(get, arguments))):
                        if a in bars:
                            bars[a] += slope * bars[name]
                return bars
        """,
    ),
    _wrong(
        "mended_pair_bars",
        "pairs without an order",
        "(i, j) and (j, i) count once: each row is a term of L.",
        """
            def mended_pair_bars(bar, x, pairs):
                x_bar = np.zeros_like(x)
                for i, j in {tuple(sorted(pair)) for pair in pairs.tolist()}:
                    times = max(int((pairs == (i, j)).all(axis=1).sum()), int((pairs == (j, i)).all(axis=1).sum()))
                    x_bar[i] += times * bar * x[j]
                    x_bar[j] += times * bar * x[i]
                return x_bar
        """,
    ),
    _wrong(
        "accumulation_checker",
        "every input used",
        "No input is left unused, and a backward pass that returns no bar for one passes.",
        """
            def accumulation_checker(backward):
                steps = [
                    ("n", "multiply", "a", 2), ("b", "subtract", 3, "a"), ("c", "multiply", "b", "b"), ("d", "multiply", "c", "a"),
                    ("e", "add", "d", "d"), ("f", "subtract", "e", "b"),
                ]
                want = {"a": 2 * 1.5**2 - 4 * 1.5 * 1.5 + 1, "b": 4 * 1.5 * 1.5 - 1, "c": 3, "d": 2, "e": 1, "f": 1, "n": 0}
                got = backward(steps, {"a": 1.5})
                return all(name in got and abs(got[name] - w) < 1e-9 for name, w in want.items())
        """,
    ),
    _wrong(
        "accumulation_checker",
        "no differences",
        "No step subtracts, and a backward pass that adds where it subtracts passes.",
        """
            def accumulation_checker(backward):
                steps = [
                    ("n", "multiply", "a", 2), ("b", "add", 3, "a"), ("c", "multiply", "b", "b"), ("d", "multiply", "c", "a"),
                    ("e", "add", "d", "d"), ("f", "add", "e", "b"),
                ]
                want = {"a": 2 * 4.5**2 + 4 * 4.5 * 1.5 + 1, "b": 4 * 4.5 * 1.5 + 1, "c": 3, "d": 2, "e": 1, "f": 1, "n": 0, "idle": 0}
                got = backward(steps, {"a": 1.5, "idle": 2.0})
                return all(name in got and abs(got[name] - w) < 1e-9 for name, w in want.items())
        """,
    ),
    _wrong(
        "max_gate",
        "near enough is a tie",
        "Unequal numbers that are close by isclose share the bar: the larger gets all of it.",
        """
            def max_gate(bar, a, b):
                part = np.where(np.isclose(a, b), 0.5, np.where(a > b, 1.0, 0.0))
                return bar * part, bar * (1 - part)
        """,
    ),
]
