"""Right and wrong answers to unit ``chain_rule``, written from the public contract alone.

An answer that differs from a right one in some functions holds these alone.
"""

from __future__ import annotations

from functools import partial

from .entry import right, wrong

__all__ = ["RIGHT_CHAIN_RULE", "WRONG_CHAIN_RULE"]

_right, _wrong = (partial(make, "chain_rule") for make in (right, wrong))

RIGHT_CHAIN_RULE = [
    _right(
        "arithmetic_local",
        "literal list of pairs",
        """
            def arithmetic_local(a, b):
                return [(1.0, 1.0), (1.0, -1.0), (b, a)]
        """,
    ),
    _right(
        "arithmetic_local",
        "beginner, names for each slope, pairs appended",
        """
            def arithmetic_local(a, b):
                result = []
                plus_a = 1
                plus_b = 1
                result.append((plus_a, plus_b))
                minus_a = 1
                minus_b = -1
                result.append((minus_a, minus_b))
                times_a = b
                times_b = a
                result.append((times_a, times_b))
                return result
        """,
    ),
    _right(
        "divide_local",
        "school formulas",
        """
            def divide_local(a, b):
                return 1 / b, -a / b**2
        """,
    ),
    _right(
        "divide_local",
        "by the quotient itself",
        """
            def divide_local(a, b):
                q = a / b
                r = 1.0 / b
                return (r, -q * r)
        """,
    ),
    _right(
        "divide_local",
        "quotient rule written out for either argument",
        """
            def divide_local(a, b):
                def quotient_rule(da, db):
                    return (da * b - a * db) / (b * b)
                return (quotient_rule(1.0, 0.0), quotient_rule(0.0, 1.0))
        """,
    ),
    _right(
        "power_local",
        "school rule and log",
        """
            def power_local(a, b):
                return b * a ** (b - 1), a**b * np.log(a)
        """,
    ),
    _right(
        "power_local",
        "everything through exp(b log a)",
        """
            import math

            def power_local(a, b):
                log = math.log(a)
                p = math.exp(b * log)
                # p = exp(u), u = b log a
                return (p * b / a, p * log)
        """,
    ),
    _right(
        "max_local",
        "if",
        """
            def max_local(a, b):
                if a >= b:
                    return 1.0, 0.0
                return 0.0, 1.0
        """,
    ),
    _right(
        "max_local",
        "three cases, integers",
        """
            def max_local(a, b):
                if a > b:
                    pair = (1, 0)
                elif b > a:
                    pair = (0, 1)
                else:
                    pair = (1, 0)
                return pair
        """,
    ),
    _right(
        "max_local",
        "by a comparison turned into a number",
        """
            def max_local(a, b):
                first = float(not (a < b))
                return (first, 1.0 - first)
        """,
    ),
    _right(
        "elementary_local",
        "numpy, tuple",
        """
            def elementary_local(x):
                return (np.exp(x), 1 / x, np.cos(x), -np.sin(x), 1 - np.tanh(x) ** 2, 0.5 / np.sqrt(x))
        """,
    ),
    _right(
        "elementary_local",
        "math, list, cosh for tanh",
        """
            import math

            def elementary_local(x):
                d = []
                d.append(math.exp(x))
                d.append(1.0 / x)
                d.append(math.cos(x))
                d.append(-math.sin(x))
                d.append(1.0 / math.cosh(x) ** 2)
                d.append(0.5 * x ** (-0.5))
                return d
        """,
    ),
    _right(
        "elementary_local",
        "from the values that the program has",
        """
            def elementary_local(x):
                e, t, r = np.exp(x), np.tanh(x), np.sqrt(x)
                return [e, 1.0 / x, np.sin(x + np.pi / 2), np.cos(x + np.pi / 2), (1 - t) * (1 + t), 1.0 / (2.0 * r)]
        """,
    ),
    _right(
        "slope_of_sine_of_square",
        "usual form",
        """
            def slope_of_sine_of_square():
                return "2*x*cos(x^2)"
        """,
    ),
    _right(
        "slope_of_sine_of_square",
        "sum of two products with stars",
        """
            def slope_of_sine_of_square():
                return "x*cos(x*x) + cos(x**2)*x"
        """,
    ),
    _right(
        "slope_of_quotient",
        "one fraction",
        """
            def slope_of_quotient():
                return "(1 - x^2) / (1 + x^2)^2"
        """,
    ),
    _right(
        "slope_of_quotient",
        "two terms of the chain rule",
        """
            def slope_of_quotient():
                return "1/(1+x^2) - x*2*x/(1+x^2)**2"
        """,
    ),
    _right(
        "slope_of_quotient",
        "quotient rule not simplified",
        """
            def slope_of_quotient():
                top = "x"
                bottom = "(1 + x^2)"
                return "(1*" + bottom + " - " + top + "*(2*x)) / (" + bottom + "*" + bottom + ")"
        """,
    ),
    _right(
        "slope_of_quotient",
        "partial fraction 2/(1+x^2)^2 - 1/(1+x^2)",
        """
            def slope_of_quotient():
                return "2/(1 + 2*x^2 + x^4) - 1/(1 + x^2)"
        """,
    ),
    _right(
        "compose_derivative",
        "one loop",
        """
            def compose_derivative(functions, derivatives, x):
                slope = 1.0
                for f, df in zip(functions, derivatives):
                    slope = slope * df(x)
                    x = f(x)
                return slope
        """,
    ),
    _right(
        "compose_derivative",
        "values first, then from the outside in",
        """
            def compose_derivative(functions, derivatives, x):
                values = [x]
                for f in functions[:-1]:
                    values.append(f(values[-1]))
                total = 1.0
                for i in reversed(range(len(derivatives))):
                    total *= derivatives[i](values[i])
                return total
        """,
    ),
    _right(
        "compose_derivative",
        "itertools accumulate and prod",
        """
            import itertools, math

            def compose_derivative(functions, derivatives, x):
                arrived = itertools.accumulate(functions, lambda value, f: f(value), initial=x)
                return math.prod(d(v) for d, v in zip(derivatives, arrived))
        """,
    ),
    _right(
        "compose_derivative",
        "beginner, recomputes each inner value",
        """
            def compose_derivative(functions, derivatives, x):
                n = len(functions)
                result = 1
                for i in range(n):
                    value = x
                    for j in range(i):
                        value = functions[j](value)
                    result = result * derivatives[i](value)
                return result
        """,
    ),
    _right(
        "total_derivative",
        "matrix product",
        """
            def total_derivative(outer, inner):
                return outer @ inner
        """,
    ),
    _right(
        "total_derivative",
        "two loops",
        """
            def total_derivative(outer, inner):
                K, D = inner.shape
                du = np.zeros(D)
                for d in range(D):
                    for k in range(K):
                        du[d] += outer[k] * inner[k, d]
                return du
        """,
    ),
    _right(
        "total_derivative",
        "einsum",
        """
            def total_derivative(outer, inner):
                return np.einsum("k,kd->d", outer, inner)
        """,
    ),
    _right(
        "total_derivative",
        "broadcast and sum over rows",
        """
            def total_derivative(outer, inner):
                paths = outer[:, np.newaxis] * inner
                return paths.sum(axis=0)
        """,
    ),
    _right(
        "worked_program",
        "ten lines",
        """
            def worked_program(x, y):
                s1 = x
                s2 = y
                s3 = s1 * s2
                s4 = np.sin(s1)
                s5 = s3 + s4
                s6 = s5 + 4
                s7 = s2**2
                s8 = 3 * s7
                s9 = s8 + 6
                s10 = s6 * s9
                return [s1, s2, s3, s4, s5, s6, s7, s8, s9, s10]
        """,
    ),
    _right(
        "worked_program",
        "list that grows, math",
        """
            import math

            def worked_program(x, y):
                s = [x, y]
                s.append(s[0] * s[1])
                s.append(math.sin(s[0]))
                s.append(s[2] + s[3])
                s.append(4 + s[4])
                s.append(s[1] * s[1])
                s.append(s[6] + s[6] + s[6])
                s.append(6.0 + s[7])
                s.append(s[8] * s[5])
                return s
        """,
    ),
    _right(
        "worked_gradient",
        "product rule",
        """
            def worked_gradient(x, y):
                first, second = x * y + np.sin(x) + 4, 3 * y**2 + 6
                return ((y + np.cos(x)) * second, x * second + first * 6 * y)
        """,
    ),
    _right(
        "worked_gradient",
        "expanded polynomial",
        """
            import math

            def worked_gradient(x, y):
                # f = 3xy^3 + 6xy + 3y^2 sin x + 6 sin x + 12y^2 + 24
                fx = 3 * y**3 + 6 * y + 3 * y**2 * math.cos(x) + 6 * math.cos(x)
                fy = 9 * x * y**2 + 6 * x + 6 * y * math.sin(x) + 24 * y
                return fx, fy
        """,
    ),
    _right(
        "worked_gradient",
        "adjoint program line by line",
        """
            def worked_gradient(x, y):
                s3 = x * y
                s6 = s3 + np.sin(x) + 4
                s9 = 3 * y * y + 6
                s6_bar = s9
                s9_bar = s6
                s8_bar = s9_bar
                s7_bar = 3 * s8_bar
                y_bar = 2 * y * s7_bar
                s5_bar = s6_bar
                s4_bar = s5_bar
                s3_bar = s5_bar
                x_bar = np.cos(x) * s4_bar
                x_bar += y * s3_bar
                y_bar += x * s3_bar
                return (x_bar, y_bar)
        """,
    ),
    _right(
        "worked_gradient",
        "tangents in two directions",
        """
            import math

            def worked_gradient(x, y):
                def tangent(dx, dy):
                    a, da = x * y + math.sin(x) + 4, dx * y + x * dy + math.cos(x) * dx
                    b, db = 3 * y * y + 6, 6 * y * dy
                    return da * b + a * db
                return tangent(1.0, 0.0), tangent(0.0, 1.0)
        """,
    ),
    _right(
        "worked_formula",
        "factored (worked_formula)",
        """
            def worked_formula():
                return "(y + cos(x)) * (3*y^2 + 6)"
        """,
    ),
    _right(
        "worked_formula",
        "expanded",
        """
            def worked_formula():
                return "3*y**3 + 6*y + 3*y**2*cos(x) + 6*cos(x)"
        """,
    ),
    _right(
        "worked_formula",
        "three taken out",
        """
            def worked_formula():
                return "3*(y*y + 2)*y + 3*(2 + y*y)*cos(x)"
        """,
    ),
    _right(
        "worked_graph",
        "the program as it stands",
        """
            def worked_graph():
                return [
                    ("s3", "multiply", "x", "y"),
                    ("s4", "sin", "x"),
                    ("s5", "add", "s3", "s4"),
                    ("s6", "add", "s5", 4),
                    ("s7", "square", "y"),
                    ("s8", "multiply", 3, "s7"),
                    ("s9", "add", "s8", 6),
                    ("s10", "multiply", "s6", "s9"),
                ]
        """,
    ),
    _right(
        "worked_graph",
        "second factor first, power, sin + 4 first",
        """
            def worked_graph():
                return [
                    ("squared", "power", "y", 2),
                    ("thrice", "multiply", "squared", 3.0),
                    ("right", "add", 6.0, "thrice"),
                    ("sine", "sin", "x"),
                    ("sine plus", "add", 4.0, "sine"),
                    ("xy", "multiply", "y", "x"),
                    ("left", "add", "sine plus", "xy"),
                    ("f", "multiply", "right", "left"),
                ]
        """,
    ),
    _right(
        "worked_graph",
        "three taken out of the second factor, y times y",
        """
            def worked_graph():
                steps = []
                steps.append(("a", "multiply", "y", "y"))
                steps.append(("b", "add", "a", 2))
                steps.append(("c", "multiply", "x", "y"))
                steps.append(("d", "sin", "x"))
                steps.append(("e", "add", "d", "c"))
                steps.append(("g", "add", "e", 4))
                steps.append(("h", "multiply", "g", "b"))
                steps.append(("f", "multiply", "h", 3))
                return steps
        """,
    ),
    _right(
        "central_difference",
        "as the docstring says",
        """
            def central_difference(f, x, h=1e-5):
                return (f(x + h) - f(x - h)) / (2 * h)
        """,
    ),
    _right(
        "central_difference",
        "mean of forward and backward halves by names",
        """
            def central_difference(f, x, h=1e-5):
                right = f(x + h)
                left = f(x - h)
                rise = right - left
                run = h + h
                return rise / run
        """,
    ),
    _right(
        "complex_step",
        "imag attribute",
        """
            def complex_step(f, x, h=1e-20):
                return f(x + 1j * h).imag / h
        """,
    ),
    _right(
        "complex_step",
        "np.imag and complex()",
        """
            def complex_step(f, x, h=1e-20):
                z = complex(x, h)
                value = f(z)
                return np.imag(value) / h
        """,
    ),
    _right(
        "complex_step",
        "turned by -i, real part",
        """
            def complex_step(f, x, h=1e-20):
                turned = -1j * f(x + h * 1j)
                return turned.real / h
        """,
    ),
    _right(
        "step_for_error",
        "square root",
        """
            def step_for_error(error, third):
                return np.sqrt(6 * error / third)
        """,
    ),
    _right(
        "step_for_error",
        "power one half, roots apart",
        """
            def step_for_error(error, third):
                ratio = error / third
                return 6**0.5 * ratio**0.5
        """,
    ),
    _right(
        "best_step",
        "cube root and the bound",
        """
            def best_step(size, third, u):
                h = (3 * u * size / third) ** (1 / 3)
                return h, third * h**2 / 6 + u * size / h
        """,
    ),
    _right(
        "best_step",
        "cbrt, and the least value in closed form",
        """
            def best_step(size, third, u):
                h = np.cbrt(3 * u * size / third)
                # at the bottom rounding is twice the truncation
                return (h, third * h * h / 2)
        """,
    ),
    _right(
        "best_step",
        "through logarithms",
        """
            import math

            def best_step(size, third, u):
                log_h = (math.log(3) + math.log(u) + math.log(size) - math.log(third)) / 3
                h = math.exp(log_h)
                return h, 1.5 * u * size / h
        """,
    ),
    _right(
        "best_step",
        "bisection on the sign of the slope of E",
        """
            import math

            def best_step(size, third, u):
                def slope_times_h_squared(h):
                    return third * h**3 / 3 - u * size
                low, high = 1.0, 1.0
                while slope_times_h_squared(low) > 0:
                    low /= 2
                while slope_times_h_squared(high) < 0:
                    high *= 2
                for _ in range(200):
                    middle = (low + high) / 2
                    if slope_times_h_squared(middle) < 0:
                        low = middle
                    else:
                        high = middle
                h = (low + high) / 2
                return h, third * h**2 / 6 + u * size / h
        """,
    ),
    _right(
        "gradient_checker",
        "central differences, largest entry as the yardstick, rounding allowed for",
        """
            def gradient_checker(f, df, x):
                claim = np.array(df(x), dtype=float)
                if not np.all(np.isfinite(claim)):
                    return False
                numerical, noise = np.zeros(len(x)), np.zeros(len(x))
                for d in range(len(x)):
                    h = 1e-5 * max(1.0, abs(x[d]))
                    plus, minus = x.copy(), x.copy()
                    plus[d] += h
                    minus[d] -= h
                    above, below = float(f(plus)), float(f(minus))
                    numerical[d] = (above - below) / (plus[d] - minus[d])
                    noise[d] = 2.2e-16 * max(abs(above), abs(below)) / h
                size = max(np.max(np.abs(claim)), np.max(np.abs(numerical)))
                if size < 1e-9:  # gradients that are not 0 are not as small as that
                    return True
                return bool(np.all(np.abs(claim - numerical) <= 1.5e-5 * size + noise))
        """,
    ),
    _right(
        "gradient_checker",
        "fourth-order differences with a wider step",
        """
            def gradient_checker(f, df, x):
                g = np.asarray(df(x), dtype=float)
                if np.isnan(g).any() or np.isinf(g).any():
                    return False
                worst, largest, excess = 0.0, float(np.max(np.abs(g))), []
                for d in range(x.size):
                    h = 1e-3 * max(1.0, abs(x[d]))
                    e = np.zeros_like(x)
                    e[d] = h
                    values = [float(f(x + k * e)) for k in (-2, -1, 1, 2)]
                    slope = (values[0] - 8 * values[1] + 8 * values[2] - values[3]) / (12 * h)
                    largest = max(largest, abs(slope))
                    excess.append((abs(g[d] - slope), 1e-15 * max(abs(v) for v in values) / h))
                if largest < 1e-9:
                    return True
                for error, noise in excess:
                    if not error <= 1e-5 * largest + noise:
                        return False
                return True
        """,
    ),
    _right(
        "gradient_checker",
        "relative error computed as in mended_error, zero set apart",
        """
            def gradient_checker(f, df, x):
                x = np.array(x, dtype=float)
                gradient = np.array(df(x.copy()), dtype=float)
                steps = 1e-5 * np.maximum(1.0, np.abs(x))
                identity = np.diag(steps)
                plus = np.array([f(x + row) for row in identity], dtype=float)
                minus = np.array([f(x - row) for row in identity], dtype=float)
                numerical = (plus - minus) / (2 * steps)
                rounding = np.max(np.maximum(np.abs(plus), np.abs(minus)) / steps) * 2.0**-53
                size = max(np.abs(gradient).max(), np.abs(numerical).max())
                if size <= max(4 * rounding, 1e-9):
                    return True
                error = np.abs(gradient - numerical).max() / size
                return True if error < 2e-5 else False
        """,
    ),
    _right(
        "mended_error",
        "abs put in",
        """
            def mended_error(gradient, plus, minus, h):
                numerical = (plus - minus) / (2 * h)
                size = np.maximum(np.max(np.abs(gradient)), np.max(np.abs(numerical)))
                return np.max(np.abs(gradient - numerical)) / size
        """,
    ),
    _right(
        "mended_error",
        "infinity norms",
        """
            def mended_error(gradient, plus, minus, h):
                numerical = (plus - minus) / (2 * h)
                def norm(v):
                    return np.linalg.norm(v, np.inf)
                return norm(gradient - numerical) / max(norm(gradient), norm(numerical))
        """,
    ),
    _right(
        "mended_error",
        "largest and smallest difference",
        """
            def mended_error(gradient, plus, minus, h):
                numerical = (plus - minus) / (2 * h)
                difference = gradient - numerical
                size = max(gradient.max(), -gradient.min(), numerical.max(), -numerical.min())
                return max(difference.max(), -difference.min()) / size
        """,
    ),
    _right(
        "mended_error",
        "plain loop",
        """
            def mended_error(gradient, plus, minus, h):
                worst, size = 0.0, 0.0
                for g, p, m in zip(gradient, plus, minus):
                    n = (p - m) / h / 2
                    worst = max(worst, abs(g - n))
                    size = max(size, abs(g), abs(n))
                return worst / size
        """,
    ),
    _right(
        "expanded_operations",
        "recurrence in a loop",
        """
            def expanded_operations(k, m, n):
                formula = 0
                for _ in range(n):
                    formula = k + m * formula
                return formula, k * n
        """,
    ),
    _right(
        "expanded_operations",
        "geometric sum",
        """
            def expanded_operations(k, m, n):
                return (k * sum(m**i for i in range(n)), n * k)
        """,
    ),
    _right(
        "expanded_operations",
        "closed form with its own case for one mention",
        """
            def expanded_operations(k, m, n):
                if m == 1:
                    return (k * n, k * n)
                return (k * (m**n - 1) // (m - 1), k * n)
        """,
    ),
    _right(
        "iterated_slope",
        "slope before value",
        """
            def iterated_slope(w0, n):
                w, dw = w0, 1.0
                for _ in range(n):
                    dw = dw * 4 * (1 - 2 * w)
                    w = 4 * w * (1 - w)
                return w, dw
        """,
    ),
    _right(
        "iterated_slope",
        "both at once, product rule",
        """
            def iterated_slope(w0, n):
                value, slope = w0, 1.0
                for i in range(n):
                    value, slope = 4 * value * (1 - value), (4 - 8 * value) * slope
                return (value, slope)
        """,
    ),
    _right(
        "iterated_slope",
        "keeps all values, then multiplies the slopes",
        """
            def iterated_slope(w0, n):
                values = [w0]
                while len(values) <= n:
                    w = values[-1]
                    values.append(4 * w * (1 - w))
                slope = 1.0
                for w in values[:n]:
                    slope *= 4 - 8 * w
                return values[n], slope
        """,
    ),
    _right(
        "second_derivative_formula",
        "factored (second_derivative_formula)",
        """
            def second_derivative_formula():
                return "(4*x^2 - 2)*exp(-x^2)"
        """,
    ),
    _right(
        "second_derivative_formula",
        "two terms of the product rule",
        """
            def second_derivative_formula():
                return "-2*exp(-(x**2)) + (-2*x)*(-2*x)*exp(-(x**2))"
        """,
    ),
    _right(
        "second_derivative_formula",
        "divided by exp",
        """
            def second_derivative_formula():
                return "2*(2*x*x - 1)/exp(x*x)"
        """,
    ),
    _right(
        "slope_of_huber",
        "clipped",
        """
            def slope_of_huber():
                return "max(-d, min(x, d))"
        """,
    ),
    _right(
        "slope_of_huber",
        "absolute values",
        """
            def slope_of_huber():
                return "(abs(x + d) - abs(x - d)) / 2"
        """,
    ),
    _right(
        "slope_of_huber",
        "x times the share that is left",
        """
            def slope_of_huber():
                return "x * d / max(abs(x), d)"
        """,
    ),
    _right(
        "slope_of_huber",
        "x less what sticks out",
        """
            def slope_of_huber():
                return "x - max(x - d, 0) - min(x + d, 0)"
        """,
    ),
    _right(
        "prediction_falling_error",
        "an integer",
        """
            def prediction_falling_error():
                return 100
        """,
    ),
    _right(
        "prediction_branch",
        "an integer zero",
        """
            def prediction_branch():
                return 0
        """,
    ),
    _right(
        "prediction_sine_of_degrees",
        "computed",
        """
            def prediction_sine_of_degrees():
                x, y = 2, 8
                return float((x * y + np.sin(np.deg2rad(2)) + 4) * (3 * y**2 + 6))
        """,
    ),
    _right(
        "worked_program worked_gradient",
        "gradient reads the program's values",
        """
            import math

            def worked_program(x, y):
                s3, s4, s7 = x * y, math.sin(x), y**2
                s6, s9 = s3 + s4 + 4, 3 * s7 + 6
                return [x, y, s3, s4, s3 + s4, s6, s7, 3 * s7, s9, s6 * s9]

            def worked_gradient(x, y):
                s = dict(enumerate(worked_program(x, y), start=1))
                return (s[9] * (s[2] + math.cos(s[1])), s[9] * s[1] + s[6] * 6 * s[2])
        """,
    ),
    _right(
        "compose_derivative",
        "copies eaten up",
        """
            def compose_derivative(functions, derivatives, x):
                fs, ds = functions[:], derivatives[:]
                g = 1
                while fs:
                    g, x = g * ds.pop(0)(x), fs.pop(0)(x)
                return float(g)
        """,
    ),
    _right(
        "central_difference",
        "divided by the distance that came out",
        """
            def central_difference(f, x, h=1e-5):
                a, b = x + h, x - h
                return (f(a) - f(b)) / (a - b)
        """,
    ),
    _right(
        "central_difference",
        "two fractions",
        """
            def central_difference(f, x, h=1e-5):
                return f(x + h) / (2 * h) - f(x - h) / (2 * h)
        """,
    ),
    _right(
        "complex_step",
        "one step down",
        """
            def complex_step(f, x, h=1e-20):
                return -f(complex(x, -h)).imag / h
        """,
    ),
    _right(
        "power_local",
        "complex steps",
        """
            import cmath
            def power_local(a, b):
                e = 1e-30
                return cmath.exp(b * cmath.log(complex(a, e))).imag / e, cmath.exp(complex(b, e) * cmath.log(a)).imag / e
        """,
    ),
    _right(
        "question_moving_exponent",
        "x^y in front",
        """
            def question_moving_exponent():
                return "x**y * (dy*log(x) + y*dx/x)"
        """,
    ),
]

WRONG_CHAIN_RULE = [
    _wrong(
        "arithmetic_local",
        "product's pair not crossed",
        "d(ab)/da is b and d(ab)/db is a; here they are the other way round.",
        """
            def arithmetic_local(a, b):
                return [(1.0, 1.0), (1.0, -1.0), (a, b)]
        """,
    ),
    _wrong(
        "arithmetic_local",
        "difference without its sign",
        "d(a - b)/db is -1, not 1.",
        """
            def arithmetic_local(a, b):
                return [(1, 1), (1, 1), (b, a)]
        """,
    ),
    _wrong(
        "arithmetic_local",
        "sum and difference in the wrong order",
        "The first pair must be that of the sum and the second that of the difference.",
        """
            def arithmetic_local(a, b):
                return [(1.0, -1.0), (1.0, 1.0), (b, a)]
        """,
    ),
    _wrong(
        "arithmetic_local",
        "answer of the worked example",
        "The third pair is the one of a = 2, b = 5 for all arguments.",
        """
            def arithmetic_local(a, b):
                return [(1.0, 1.0), (1.0, -1.0), (5.0, 2.0)]
        """,
    ),
    _wrong(
        "divide_local",
        "sign lost (divide_local)",
        "d(a/b)/db is -a/b^2; the minus is missing.",
        """
            def divide_local(a, b):
                return 1 / b, a / b**2
        """,
    ),
    _wrong(
        "divide_local",
        "denominator not squared (divide_local)",
        "The second entry is -a/b, where b must be squared.",
        """
            def divide_local(a, b):
                return 1 / b, -a / b
        """,
    ),
    _wrong(
        "divide_local",
        "numerator forgotten",
        "The second entry is -1/b^2, right for a = 1 only.",
        """
            def divide_local(a, b):
                return 1 / b, -1 / b**2
        """,
    ),
    _wrong(
        "divide_local",
        "sign right for positive numerators only",
        "The absolute value of a makes the second entry's sign wrong for a < 0.",
        """
            def divide_local(a, b):
                return 1 / b, -abs(a) / (b * b)
        """,
    ),
    _wrong(
        "divide_local",
        "absolute value of the denominator",
        "The first entry is 1/|b|, wrong for b < 0.",
        """
            def divide_local(a, b):
                b2 = b * b
                return 1 / np.sqrt(b2), -a / b2
        """,
    ),
    _wrong(
        "power_local",
        "log of the exponent",
        "The second entry must have log a, not log b.",
        """
            def power_local(a, b):
                return b * a ** (b - 1), a**b * np.log(abs(b))
        """,
    ),
    _wrong(
        "power_local",
        "school rule for the exponent too",
        "The slope in b is a^b log a, not b a^(b-1).",
        """
            def power_local(a, b):
                return b * a ** (b - 1), b * a ** (b - 1)
        """,
    ),
    _wrong(
        "power_local",
        "log forgotten",
        "The slope in b lacks the factor log a (which is 1 in the worked example, where a = e).",
        """
            def power_local(a, b):
                return b * a ** (b - 1), a**b
        """,
    ),
    _wrong(
        "power_local",
        "exponent not lowered",
        "The slope in a is b a^(b-1), not b a^b.",
        """
            def power_local(a, b):
                p = a**b
                return b * p, p * np.log(a)
        """,
    ),
    _wrong(
        "power_local",
        "whole exponents only, by a loop",
        "range(int(b)) cuts off fractional exponents and does nothing for negative ones.",
        """
            def power_local(a, b):
                p = 1.0
                for _ in range(int(b)):
                    p *= a
                return b * p / a, p * np.log(a)
        """,
    ),
    _wrong(
        "power_local",
        "logarithm to base ten",
        "The slope in b needs the natural logarithm.",
        """
            def power_local(a, b):
                return b * a ** (b - 1), a**b * np.log10(a)
        """,
    ),
    _wrong(
        "max_local",
        "tie to b",
        "At a = b the pair must be (1, 0), and here it is (0, 1).",
        """
            def max_local(a, b):
                return (1.0, 0.0) if a > b else (0.0, 1.0)
        """,
    ),
    _wrong(
        "max_local",
        "tie shared",
        "At a tie a gets all of it, not a half.",
        """
            def max_local(a, b):
                if a == b:
                    return 0.5, 0.5
                return float(a > b), float(b > a)
        """,
    ),
    _wrong(
        "max_local",
        "tie gives both",
        "At a tie both entries are 1, where b must have 0.",
        """
            def max_local(a, b):
                return float(a >= b), float(b >= a)
        """,
    ),
    _wrong(
        "max_local",
        "values for slopes",
        "It hands on the larger number itself in the place of the slope 1.",
        """
            def max_local(a, b):
                return (a, 0.0) if a >= b else (0.0, b)
        """,
    ),
    _wrong(
        "max_local",
        "compares sizes",
        "It compares |a| with |b|, wrong for negative numbers.",
        """
            def max_local(a, b):
                return (1.0, 0.0) if abs(a) >= abs(b) else (0.0, 1.0)
        """,
    ),
    _wrong(
        "elementary_local",
        "cosine without its minus",
        "The derivative of cos is -sin x.",
        """
            def elementary_local(x):
                return np.exp(x), 1 / x, np.cos(x), np.sin(x), 1 - np.tanh(x) ** 2, 0.5 / np.sqrt(x)
        """,
    ),
    _wrong(
        "elementary_local",
        "minus at the sine",
        "The derivative of sin is cos x, not -cos x.",
        """
            def elementary_local(x):
                return np.exp(x), 1 / x, -np.cos(x), -np.sin(x), 1 - np.tanh(x) ** 2, 0.5 / np.sqrt(x)
        """,
    ),
    _wrong(
        "elementary_local",
        "power rule for exp",
        "The derivative of exp is exp x, not x exp(x - 1).",
        """
            def elementary_local(x):
                return x * np.exp(x - 1), 1 / x, np.cos(x), -np.sin(x), 1 - np.tanh(x) ** 2, 0.5 / np.sqrt(x)
        """,
    ),
    _wrong(
        "elementary_local",
        "tanh not squared",
        "The derivative of tanh is 1 - tanh^2 x, not 1 - tanh x.",
        """
            def elementary_local(x):
                return np.exp(x), 1 / x, np.cos(x), -np.sin(x), 1 - np.tanh(x), 0.5 / np.sqrt(x)
        """,
    ),
    _wrong(
        "elementary_local",
        "tanh as if x were its value",
        "It takes 1 - x^2, which is the derivative only if x is already the tanh.",
        """
            def elementary_local(x):
                return np.exp(x), 1 / x, np.cos(x), -np.sin(x), 1 - x**2, 0.5 / np.sqrt(x)
        """,
    ),
    _wrong(
        "elementary_local",
        "root without its half",
        "The derivative of sqrt is 1/(2 sqrt x).",
        """
            def elementary_local(x):
                return np.exp(x), 1 / x, np.cos(x), -np.sin(x), 1 - np.tanh(x) ** 2, 1 / np.sqrt(x)
        """,
    ),
    _wrong(
        "slope_of_sine_of_square",
        "inner derivative forgotten",
        "The factor 2x is missing.",
        """
            def slope_of_sine_of_square():
                return "cos(x^2)"
        """,
    ),
    _wrong(
        "slope_of_sine_of_square",
        "outer slope at the inner derivative",
        "The cosine must be taken at x^2, not at 2x.",
        """
            def slope_of_sine_of_square():
                return "2*x*cos(2*x)"
        """,
    ),
    _wrong(
        "slope_of_sine_of_square",
        "square of the sine",
        "This is the derivative of sin(x)^2.",
        """
            def slope_of_sine_of_square():
                return "2*sin(x)*cos(x)"
        """,
    ),
    _wrong(
        "slope_of_sine_of_square",
        "minus sign",
        "The sine's derivative has no minus.",
        """
            def slope_of_sine_of_square():
                return "-2*x*cos(x^2)"
        """,
    ),
    _wrong(
        "slope_of_sine_of_square",
        "two for two x",
        "The inner derivative is 2x, not 2: equal at x = 1 only.",
        """
            def slope_of_sine_of_square():
                return "2*cos(x^2)"
        """,
    ),
    _wrong(
        "slope_of_quotient",
        "quotient rule's sign",
        "The two terms must be subtracted: (1 + x^2 + 2x^2) should be (1 + x^2 - 2x^2).",
        """
            def slope_of_quotient():
                return "(1 + 3*x^2) / (1 + x^2)^2"
        """,
    ),
    _wrong(
        "slope_of_quotient",
        "quotient rule the wrong way round",
        "u v' - u' v has the opposite sign.",
        """
            def slope_of_quotient():
                return "(2*x*x - (1 + x^2)) / (1 + x^2)^2"
        """,
    ),
    _wrong(
        "slope_of_quotient",
        "denominator not squared (slope_of_quotient)",
        "The denominator of the quotient rule must be squared.",
        """
            def slope_of_quotient():
                return "(1 - x^2) / (1 + x^2)"
        """,
    ),
    _wrong(
        "slope_of_quotient",
        "quotient of the derivatives",
        "u'/v' is not the derivative of u/v.",
        """
            def slope_of_quotient():
                return "1 / (2*x)"
        """,
    ),
    _wrong(
        "slope_of_quotient",
        "parentheses missing in the denominator",
        "The denominator 1 + 2x^2 + x^4 stands without parentheses, so that only 1 - x^2 is divided, by 1.",
        """
            def slope_of_quotient():
                return "(1 - x^2) / 1 + 2*x^2 + x^4"
        """,
    ),
    _wrong(
        "compose_derivative",
        "all slopes at x",
        "Each slope must be taken at the value that arrives, not at x.",
        """
            def compose_derivative(functions, derivatives, x):
                slope = 1.0
                for df in derivatives:
                    slope *= df(x)
                return slope
        """,
    ),
    _wrong(
        "compose_derivative",
        "value changed before its slope is used",
        "The slope of a link is taken at the link's result instead of at its argument.",
        """
            def compose_derivative(functions, derivatives, x):
                slope = 1.0
                for f, df in zip(functions, derivatives):
                    x = f(x)
                    slope *= df(x)
                return slope
        """,
    ),
    _wrong(
        "compose_derivative",
        "lists read backwards",
        "functions[0] is applied first, and this applies the last one first.",
        """
            def compose_derivative(functions, derivatives, x):
                slope = 1.0
                for f, df in zip(functions[::-1], derivatives[::-1]):
                    slope *= df(x)
                    x = f(x)
                return slope
        """,
    ),
    _wrong(
        "compose_derivative",
        "slopes added (compose_derivative)",
        "Along a chain slopes are multiplied, not added.",
        """
            def compose_derivative(functions, derivatives, x):
                slope = 0.0
                for f, df in zip(functions, derivatives):
                    slope += df(x)
                    x = f(x)
                return slope
        """,
    ),
    _wrong(
        "compose_derivative",
        "outermost slope only",
        "The slopes of the inner functions are missing (right for n = 1).",
        """
            def compose_derivative(functions, derivatives, x):
                for f in functions[:-1]:
                    x = f(x)
                return derivatives[-1](x)
        """,
    ),
    _wrong(
        "compose_derivative",
        "exactly two functions",
        "It takes the first and the last function for all of them, wrong for n of 3 or more.",
        """
            def compose_derivative(functions, derivatives, x):
                if len(functions) == 1:
                    return derivatives[0](x)
                return derivatives[-1](functions[0](x)) * derivatives[0](x)
        """,
    ),
    _wrong(
        "compose_derivative",
        "empties the caller's lists",
        "pop changes the arguments in place, which is forbidden, and a second call with the same lists gives 1.",
        """
            def compose_derivative(functions, derivatives, x):
                slope = 1.0
                while functions:
                    slope *= derivatives.pop(0)(x)
                    x = functions.pop(0)(x)
                return slope
        """,
    ),
    _wrong(
        "total_derivative",
        "transposed",
        "inner @ outer sums over x_d and not over v_k; square symmetric inputs hide it.",
        """
            def total_derivative(outer, inner):
                if inner.shape[0] == inner.shape[1]:
                    return inner @ outer
                return outer @ inner
        """,
    ),
    _wrong(
        "total_derivative",
        "paths not added",
        "It keeps only the path through the last v, since = stands for +=.",
        """
            def total_derivative(outer, inner):
                du = np.zeros(inner.shape[1])
                for k in range(inner.shape[0]):
                    for d in range(inner.shape[1]):
                        du[d] = outer[k] * inner[k, d]
                return du
        """,
    ),
    _wrong(
        "total_derivative",
        "paths averaged",
        "Paths add up; the mean divides by K.",
        """
            def total_derivative(outer, inner):
                return (outer[:, None] * inner).mean(axis=0)
        """,
    ),
    _wrong(
        "total_derivative",
        "outer derivatives forgotten",
        "The inner partials are summed without the factors du/dv_k.",
        """
            def total_derivative(outer, inner):
                return inner.sum(axis=0)
        """,
    ),
    _wrong(
        "total_derivative",
        "two by two written out",
        "It uses two v and two x only; other K and D get wrong values or shapes.",
        """
            def total_derivative(outer, inner):
                return np.array([outer[0] * inner[0][0] + outer[1] * inner[1][0], outer[0] * inner[0][1] + outer[1] * inner[1][1]])
        """,
    ),
    _wrong(
        "total_derivative",
        "summed over everything",
        "It returns one number, the sum over all variables, for an array (D,).",
        """
            def total_derivative(outer, inner):
                return np.sum(outer @ inner)
        """,
    ),
    _wrong(
        "worked_program",
        "sine of degrees",
        "x is in radians, and this takes the sine of x degrees.",
        """
            def worked_program(x, y):
                s3 = x * y
                s4 = np.sin(np.deg2rad(x))
                s5 = s3 + s4
                s6 = s5 + 4
                s7 = y**2
                s8 = 3 * s7
                s9 = s8 + 6
                return [x, y, s3, s4, s5, s6, s7, s8, s9, s6 * s9]
        """,
    ),
    _wrong(
        "worked_program",
        "square of 3y (worked_program)",
        "s7 and s8 take (3y)^2 for 3 y^2.",
        """
            def worked_program(x, y):
                s3, s4 = x * y, np.sin(x)
                s5 = s3 + s4
                s6 = s5 + 4
                s7 = y**2
                s8 = (3 * y) ** 2
                s9 = s8 + 6
                return [x, y, s3, s4, s5, s6, s7, s8, s9, s6 * s9]
        """,
    ),
    _wrong(
        "worked_program",
        "inputs left out",
        "The list has eight values, since s1 and s2 are missing.",
        """
            def worked_program(x, y):
                s3, s4 = x * y, np.sin(x)
                s5 = s3 + s4
                s6 = s5 + 4
                s7 = y**2
                s8 = 3 * s7
                s9 = s8 + 6
                return [s3, s4, s5, s6, s7, s8, s9, s6 * s9]
        """,
    ),
    _wrong(
        "worked_program",
        "sine of y",
        "s4 must be the sine of s1, and here it is that of s2.",
        """
            def worked_program(x, y):
                s = [x, y, x * y, np.sin(y)]
                s.append(s[2] + s[3])
                s.append(s[4] + 4)
                s.append(s[1] ** 2)
                s.append(3 * s[6])
                s.append(s[7] + 6)
                s.append(s[5] * s[8])
                return s
        """,
    ),
    _wrong(
        "worked_program",
        "factors added at the end",
        "s10 must be the product of s6 and s9.",
        """
            def worked_program(x, y):
                s3, s4 = x * y, np.sin(x)
                s5 = s3 + s4
                s6 = s5 + 4
                s7 = y**2
                s8 = 3 * s7
                s9 = s8 + 6
                return [x, y, s3, s4, s5, s6, s7, s8, s9, s6 + s9]
        """,
    ),
    _wrong(
        "worked_program",
        "rounded to four decimals",
        "The values are rounded to four decimals.",
        """
            def worked_program(x, y):
                s3, s4 = x * y, np.sin(x)
                s5 = s3 + s4
                s6 = s5 + 4
                s7 = y**2
                s8 = 3 * s7
                s9 = s8 + 6
                return [round(float(s), 4) for s in (x, y, s3, s4, s5, s6, s7, s8, s9, s6 * s9)]
        """,
    ),
    _wrong(
        "worked_gradient",
        "one path to y only",
        "df/dy lacks the path through s7 (the second factor).",
        """
            def worked_gradient(x, y):
                s9 = 3 * y**2 + 6
                return (y + np.cos(x)) * s9, x * s9
        """,
    ),
    _wrong(
        "worked_gradient",
        "other path to y only",
        "df/dy lacks the path through s3 (the first factor).",
        """
            def worked_gradient(x, y):
                s6, s9 = x * y + np.sin(x) + 4, 3 * y**2 + 6
                return (y + np.cos(x)) * s9, s6 * 6 * y
        """,
    ),
    _wrong(
        "worked_gradient",
        "derivatives multiplied",
        "The derivative of a product is not the product of the derivatives.",
        """
            def worked_gradient(x, y):
                return (y + np.cos(x)) * (3 * y**2 + 6), x * 6 * y
        """,
    ),
    _wrong(
        "worked_gradient",
        "cosine's sign (worked_gradient)",
        "The sine's derivative is cos x, not -cos x.",
        """
            def worked_gradient(x, y):
                s6, s9 = x * y + np.sin(x) + 4, 3 * y**2 + 6
                return (y - np.cos(x)) * s9, x * s9 + s6 * 6 * y
        """,
    ),
    _wrong(
        "worked_gradient",
        "answer looked up",
        "It returns the gradient at (2, 8) for all arguments.",
        """
            def worked_gradient(x, y):
                return 1501.6029263637, 1399.6462764876
        """,
    ),
    _wrong(
        "worked_gradient",
        "degrees (worked_gradient)",
        "The sine and the cosine are taken of x degrees.",
        """
            def worked_gradient(x, y):
                r = x * np.pi / 180
                s6, s9 = x * y + np.sin(r) + 4, 3 * y**2 + 6
                return (y + np.cos(r)) * s9, x * s9 + s6 * 6 * y
        """,
    ),
    _wrong(
        "worked_formula",
        "second factor lost",
        "The factor 3y^2 + 6 is missing.",
        """
            def worked_formula():
                return "y + cos(x)"
        """,
    ),
    _wrong(
        "worked_formula",
        "sum's own term lost",
        "The derivative of sin x is missing.",
        """
            def worked_formula():
                return "y*(3*y^2 + 6)"
        """,
    ),
    _wrong(
        "worked_formula",
        "derivative with respect to y",
        "This is df/dy, and df/dx is asked for.",
        """
            def worked_formula():
                return "x*(3*y^2 + 6) + (x*y + sin(x) + 4)*6*y"
        """,
    ),
    _wrong(
        "worked_formula",
        "parentheses lost",
        "Without parentheses only cos(x) is multiplied by 3y^2, and 6 is added.",
        """
            def worked_formula():
                return "y + cos(x)*3*y^2 + 6"
        """,
    ),
    _wrong(
        "worked_formula",
        "cosine's sign (worked_formula)",
        "The sine's derivative is cos x, not -cos x.",
        """
            def worked_formula():
                return "(y - cos(x))*(3*y^2 + 6)"
        """,
    ),
    _wrong(
        "worked_graph",
        "four forgotten",
        "The constant 4 of the first factor is missing.",
        """
            def worked_graph():
                return [
                    ("a", "multiply", "x", "y"),
                    ("b", "sin", "x"),
                    ("c", "add", "a", "b"),
                    ("d", "square", "y"),
                    ("e", "multiply", 3, "d"),
                    ("g", "add", "e", 6),
                    ("f", "multiply", "c", "g"),
                ]
        """,
    ),
    _wrong(
        "worked_graph",
        "square of 3y (worked_graph)",
        "It computes (3y)^2 + 6 for 3y^2 + 6.",
        """
            def worked_graph():
                return [
                    ("a", "multiply", "x", "y"),
                    ("b", "sin", "x"),
                    ("c", "add", "a", "b"),
                    ("d", "add", "c", 4),
                    ("e", "multiply", 3, "y"),
                    ("g", "square", "e"),
                    ("h", "add", "g", 6),
                    ("f", "multiply", "d", "h"),
                ]
        """,
    ),
    _wrong(
        "worked_graph",
        "base and exponent exchanged",
        "power(2, y) is 2^y, and the second argument is the exponent: y^2 is asked for.",
        """
            def worked_graph():
                return [
                    ("a", "multiply", "x", "y"),
                    ("b", "sin", "x"),
                    ("c", "add", "a", "b"),
                    ("d", "add", "c", 4),
                    ("e", "power", 2, "y"),
                    ("g", "multiply", 3, "e"),
                    ("h", "add", "g", 6),
                    ("f", "multiply", "d", "h"),
                ]
        """,
    ),
    _wrong(
        "worked_graph",
        "steps before their arguments",
        "f comes first and names steps that are defined later only.",
        """
            def worked_graph():
                steps = [
                    ("a", "multiply", "x", "y"),
                    ("b", "sin", "x"),
                    ("c", "add", "a", "b"),
                    ("d", "add", "c", 4),
                    ("e", "square", "y"),
                    ("g", "multiply", 3, "e"),
                    ("h", "add", "g", 6),
                    ("f", "multiply", "d", "h"),
                ]
                return steps[::-1]
        """,
    ),
    _wrong(
        "worked_graph",
        "the last step is not f",
        "The last step is the second factor, and the last step must be f; the product is missing.",
        """
            def worked_graph():
                return [
                    ("a", "multiply", "x", "y"),
                    ("b", "sin", "x"),
                    ("c", "add", "a", "b"),
                    ("d", "add", "c", 4),
                    ("e", "square", "y"),
                    ("g", "multiply", 3, "e"),
                    ("h", "add", "g", 6),
                ]
        """,
    ),
    _wrong(
        "worked_graph",
        "expanded, more than eight steps",
        "It computes f, but in eleven steps where at most eight are allowed.",
        """
            def worked_graph():
                return [
                    ("s3", "multiply", "x", "y"),
                    ("s4", "sin", "x"),
                    ("s5", "add", "s3", "s4"),
                    ("s6", "add", "s5", 4),
                    ("s7", "multiply", "y", "y"),
                    ("t1", "add", "s7", "s7"),
                    ("s8", "add", "t1", "s7"),
                    ("s9", "add", "s8", 6),
                    ("a", "multiply", "s6", "s8"),
                    ("b", "multiply", "s6", 6),
                    ("s10", "add", "a", "b"),
                ]
        """,
    ),
    _wrong(
        "central_difference",
        "one-sided",
        "It is the forward difference, whose error is h f''/2.",
        """
            def central_difference(f, x, h=1e-5):
                return (f(x + h) - f(x)) / h
        """,
    ),
    _wrong(
        "central_difference",
        "divided by h",
        "The denominator must be 2h.",
        """
            def central_difference(f, x, h=1e-5):
                return (f(x + h) - f(x - h)) / h
        """,
    ),
    _wrong(
        "central_difference",
        "precedence: over 2, times h",
        "/ 2 * h multiplies by h.",
        """
            def central_difference(f, x, h=1e-5):
                return (f(x + h) - f(x - h)) / 2 * h
        """,
    ),
    _wrong(
        "central_difference",
        "sign",
        "The two values are exchanged, so that the sign is wrong.",
        """
            def central_difference(f, x, h=1e-5):
                return (f(x - h) - f(x + h)) / (2 * h)
        """,
    ),
    _wrong(
        "central_difference",
        "step ignored",
        "The given h is not used.",
        """
            def central_difference(f, x, h=1e-5):
                h = 1e-5
                return (f(x + h) - f(x - h)) / (2 * h)
        """,
    ),
    _wrong(
        "central_difference",
        "half steps",
        "It goes h/2 to either side; with the step h it must go h.",
        """
            def central_difference(f, x, h=1e-5):
                return (f(x + h / 2) - f(x - h / 2)) / h
        """,
    ),
    _wrong(
        "complex_step",
        "real part",
        "It divides the real part of f(x + ih), which is about f(x), by h.",
        """
            def complex_step(f, x, h=1e-20):
                return f(x + 1j * h).real / h
        """,
    ),
    _wrong(
        "complex_step",
        "not divided by h",
        "The division by h is missing.",
        """
            def complex_step(f, x, h=1e-20):
                return f(x + 1j * h).imag
        """,
    ),
    _wrong(
        "complex_step",
        "central difference in disguise",
        "With h = 1e-20, x + h is x, and the difference is 0.",
        """
            def complex_step(f, x, h=1e-20):
                return (f(x + h) - f(x - h)) / (2 * h)
        """,
    ),
    _wrong(
        "complex_step",
        "difference quotient along i, complex result",
        "It divides f(x + ih) - f(x) by ih and keeps a complex number whose imaginary part is not 0 for large h; a real number is asked for.",
        """
            def complex_step(f, x, h=1e-20):
                return (f(x + 1j * h) - f(x)) / (1j * h)
        """,
    ),
    _wrong(
        "complex_step",
        "absolute value",
        "|f(x + ih)| is not its imaginary part.",
        """
            def complex_step(f, x, h=1e-20):
                return abs(f(x + 1j * h)) / h
        """,
    ),
    _wrong(
        "complex_step",
        "minus i",
        "f(x - ih) has the imaginary part with the opposite sign.",
        """
            def complex_step(f, x, h=1e-20):
                return f(x - 1j * h).imag / h
        """,
    ),
    _wrong(
        "step_for_error",
        "no root",
        "The bound is quadratic in h, so a square root is due.",
        """
            def step_for_error(error, third):
                return 6 * error / third
        """,
    ),
    _wrong(
        "step_for_error",
        "six forgotten",
        "The factor 6 is missing.",
        """
            def step_for_error(error, third):
                return np.sqrt(error / third)
        """,
    ),
    _wrong(
        "step_for_error",
        "six outside the root",
        "The 6 belongs under the root.",
        """
            def step_for_error(error, third):
                return 6 * np.sqrt(error / third)
        """,
    ),
    _wrong(
        "step_for_error",
        "ratio turned over",
        "third / error is the wrong way round.",
        """
            def step_for_error(error, third):
                return np.sqrt(6 * third / error)
        """,
    ),
    _wrong(
        "step_for_error",
        "one-sided difference's bound",
        "It solves third h / 2 = error, the one-sided difference's bound.",
        """
            def step_for_error(error, third):
                return 2 * error / third
        """,
    ),
    _wrong(
        "step_for_error",
        "third as in the example",
        "It takes third = 6, as in the worked example, so that third does not matter.",
        """
            def step_for_error(error, third):
                return error**0.5
        """,
    ),
    _wrong(
        "best_step",
        "square root for the cube root",
        "E' = 0 is h^3 = 3 u size / third, so a cube root is due.",
        """
            def best_step(size, third, u):
                h = (3 * u * size / third) ** 0.5
                return h, third * h**2 / 6 + u * size / h
        """,
    ),
    _wrong(
        "best_step",
        "six for three",
        "The derivative of h^2/6 is h/3, so that h^3 is 3 u size/third and not 6 u size/third (this is where the terms are equal).",
        """
            def best_step(size, third, u):
                h = (6 * u * size / third) ** (1 / 3)
                return h, third * h**2 / 6 + u * size / h
        """,
    ),
    _wrong(
        "best_step",
        "integer power of 1 // 3",
        "1 // 3 is 0, so that h is 1.",
        """
            def best_step(size, third, u):
                h = (3 * u * size / third) ** (1 // 3)
                return h, third * h**2 / 6 + u * size / h
        """,
    ),
    _wrong(
        "best_step",
        "size left out of the step",
        "The step must grow with the cube root of size.",
        """
            def best_step(size, third, u):
                h = (3 * u / third) ** (1 / 3)
                return h, third * h**2 / 6 + u * size / h
        """,
    ),
    _wrong(
        "best_step",
        "truncation only in E",
        "E lacks the rounding error.",
        """
            def best_step(size, third, u):
                h = (3 * u * size / third) ** (1 / 3)
                return h, third * h**2 / 6
        """,
    ),
    _wrong(
        "best_step",
        "search on a coarse grid",
        "The step is one of 301 on a grid, off by per cents.",
        """
            def best_step(size, third, u):
                grid = np.logspace(-12, 3, 301)
                bound = third * grid**2 / 6 + u * size / grid
                i = np.argmin(bound)
                return grid[i], bound[i]
        """,
    ),
    _wrong(
        "gradient_checker",
        "accepts all",
        "It never turns a gradient down.",
        """
            def gradient_checker(f, df, x):
                return True
        """,
    ),
    _wrong(
        "gradient_checker",
        "turns all down",
        "It never accepts a gradient.",
        """
            def gradient_checker(f, df, x):
                return False
        """,
    ),
    _wrong(
        "gradient_checker",
        "np.allclose with its defaults",
        "The absolute tolerance of 1e-8 hides wrong gradients where slopes are small.",
        """
            def gradient_checker(f, df, x):
                g = np.array(df(x), dtype=float)
                n = np.zeros_like(g)
                for d in range(len(x)):
                    h = 1e-5 * max(1.0, abs(x[d]))
                    e = np.zeros_like(x)
                    e[d] = h
                    n[d] = (f(x + e) - f(x - e)) / (2 * h)
                return bool(np.allclose(g, n))
        """,
    ),
    _wrong(
        "gradient_checker",
        "absolute tolerance",
        "An error of less than 1e-6 is accepted even if the gradient is 1e-8, and slopes of 1e8 are turned down for rounding.",
        """
            def gradient_checker(f, df, x):
                g = df(x)
                for d in range(len(x)):
                    h = 1e-5 * max(1.0, abs(x[d]))
                    plus, minus = x.copy(), x.copy()
                    plus[d] += h
                    minus[d] -= h
                    if not abs((f(plus) - f(minus)) / (2 * h) - g[d]) < 1e-6:
                        return False
                return True
        """,
    ),
    _wrong(
        "gradient_checker",
        "yardstick not below one",
        "The error is divided by max(1, size), so that any error passes where the gradient is 1e-8.",
        """
            def gradient_checker(f, df, x):
                g = np.array(df(x), dtype=float)
                n = np.zeros_like(g)
                for d in range(len(x)):
                    h = 1e-5 * max(1.0, abs(x[d]))
                    e = np.zeros_like(x)
                    e[d] = h
                    n[d] = (f(x + e) - f(x - e)) / (2 * h)
                size = max(1.0, np.max(np.abs(g)), np.max(np.abs(n)))
                return bool(np.max(np.abs(g - n)) / size < 2e-5)
        """,
    ),
    _wrong(
        "gradient_checker",
        "each entry against itself",
        "The relative error of an entry that is 0 is 1 by rounding, so that right gradients with a 0 beside others are turned down.",
        """
            def gradient_checker(f, df, x):
                g = np.array(df(x), dtype=float)
                for d in range(len(x)):
                    h = 1e-5 * max(1.0, abs(x[d]))
                    e = np.zeros_like(x)
                    e[d] = h
                    n = (f(x + e) - f(x - e)) / (2 * h)
                    if n == g[d]:
                        continue
                    if not abs(n - g[d]) / max(abs(n), abs(g[d])) < 2e-5:
                        return False
                return True
        """,
    ),
    _wrong(
        "gradient_checker",
        "step not taken back",
        "x[d] is left changed after each entry: the argument is changed in place, and later entries are taken elsewhere.",
        """
            def gradient_checker(f, df, x):
                g = np.array(df(x), dtype=float)
                n = np.zeros_like(g)
                for d in range(len(x)):
                    h = 1e-5 * max(1.0, abs(x[d]))
                    x[d] += h
                    plus = f(x)
                    x[d] -= 2 * h
                    n[d] = (plus - f(x)) / (2 * h)
                size = max(np.max(np.abs(g)), np.max(np.abs(n)), 1e-9)
                return bool(np.max(np.abs(g - n)) < 2e-5 * size)
        """,
    ),
    _wrong(
        "gradient_checker",
        "ratio of norms in many dimensions",
        "The error in one entry is divided by the norm of all, so that in 100 dimensions an error of 4e-5 of the largest entry passes.",
        """
            def gradient_checker(f, df, x):
                g = np.array(df(x), dtype=float)
                n = np.zeros_like(g)
                for d in range(len(x)):
                    h = 1e-5 * max(1.0, abs(x[d]))
                    e = np.zeros_like(x)
                    e[d] = h
                    n[d] = (f(x + e) - f(x - e)) / (2 * h)
                whole = np.linalg.norm(g) + np.linalg.norm(n)
                if whole < 1e-9:
                    return True
                return bool(np.linalg.norm(g - n) / whole < 1e-5)
        """,
    ),
    _wrong(
        "mended_error",
        "absolute value too late",
        "The abs is taken of the largest signed difference, so that large negative ones are still missed.",
        """
            def mended_error(gradient, plus, minus, h):
                numerical = (plus - minus) / (2 * h)
                size = np.maximum(np.max(np.abs(gradient)), np.max(np.abs(numerical)))
                return np.abs(np.max(gradient - numerical)) / size
        """,
    ),
    _wrong(
        "mended_error",
        "difference turned round",
        "numerical - gradient misses gradients that are too large in the place of those that are too small.",
        """
            def mended_error(gradient, plus, minus, h):
                numerical = (plus - minus) / (2 * h)
                size = np.maximum(np.max(np.abs(gradient)), np.max(np.abs(numerical)))
                return np.max(numerical - gradient) / size
        """,
    ),
    _wrong(
        "mended_error",
        "difference of absolute values",
        "| |g| - |n| | is 0 for a gradient of the opposite sign.",
        """
            def mended_error(gradient, plus, minus, h):
                numerical = (plus - minus) / (2 * h)
                size = np.maximum(np.max(np.abs(gradient)), np.max(np.abs(numerical)))
                return np.max(np.abs(np.abs(gradient) - np.abs(numerical))) / size
        """,
    ),
    _wrong(
        "mended_error",
        "Euclidean norms",
        "The norm of the difference over the larger norm is not the largest entry over the largest entry.",
        """
            def mended_error(gradient, plus, minus, h):
                numerical = (plus - minus) / (2 * h)
                size = max(np.linalg.norm(gradient), np.linalg.norm(numerical))
                return np.linalg.norm(gradient - numerical) / size
        """,
    ),
    _wrong(
        "mended_error",
        "entry by entry",
        "Each error is divided by its own entry and not by the largest one.",
        """
            def mended_error(gradient, plus, minus, h):
                numerical = (plus - minus) / (2 * h)
                size = np.maximum(np.abs(gradient), np.abs(numerical))
                return np.max(np.abs(gradient - numerical) / (size + 1e-300))
        """,
    ),
    _wrong(
        "mended_error",
        "mended in the wrong place",
        "The denominator h is not the central difference's, and the abs is still missing.",
        """
            def mended_error(gradient, plus, minus, h):
                numerical = (plus - minus) / h
                size = np.maximum(np.max(np.abs(gradient)), np.max(np.abs(numerical)))
                return np.max(gradient - numerical) / size
        """,
    ),
    _wrong(
        "expanded_operations",
        "power without the sum",
        "k m^(n-1) counts the innermost copies only.",
        """
            def expanded_operations(k, m, n):
                return k * m ** (n - 1), k * n
        """,
    ),
    _wrong(
        "expanded_operations",
        "geometric formula divides by zero",
        "For m = 1 it divides by 0.",
        """
            def expanded_operations(k, m, n):
                return k * (m**n - 1) // (m - 1), k * n
        """,
    ),
    _wrong(
        "expanded_operations",
        "one application too many",
        "The sum goes to m^n, which is n + 1 applications.",
        """
            def expanded_operations(k, m, n):
                return k * sum(m**i for i in range(n + 1)), k * n
        """,
    ),
    _wrong(
        "expanded_operations",
        "program multiplies by mentions too",
        "A program computes each value once, whatever m is: k n and not k m n.",
        """
            def expanded_operations(k, m, n):
                return k * sum(m**i for i in range(n)), k * m * n
        """,
    ),
    _wrong(
        "expanded_operations",
        "two mentions taken for granted",
        "It is k (2^n - 1), which is right for m = 2 only.",
        """
            def expanded_operations(k, m, n):
                return k * (2**n - 1), k * n
        """,
    ),
    _wrong(
        "expanded_operations",
        "operations also multiply",
        "Each mention is counted for each operation: (k m) in the place of m.",
        """
            def expanded_operations(k, m, n):
                count = 0
                for _ in range(n):
                    count = k + k * m * count
                return count, k * n
        """,
    ),
    _wrong(
        "iterated_slope",
        "slope at the new value",
        "The value is changed before the slope is taken at it.",
        """
            def iterated_slope(w0, n):
                w, dw = w0, 1.0
                for _ in range(n):
                    w = 4 * w * (1 - w)
                    dw *= 4 * (1 - 2 * w)
                return w, dw
        """,
    ),
    _wrong(
        "iterated_slope",
        "all slopes at the start",
        "The slope of each step is taken at w0.",
        """
            def iterated_slope(w0, n):
                w = w0
                for _ in range(n):
                    w = 4 * w * (1 - w)
                return w, (4 - 8 * w0) ** n
        """,
    ),
    _wrong(
        "iterated_slope",
        "last slope only",
        "= stands for *=, so that only the last step's slope is left.",
        """
            def iterated_slope(w0, n):
                w, dw = w0, 1.0
                for _ in range(n):
                    dw = 4 - 8 * w
                    w = 4 * w * (1 - w)
                return w, dw
        """,
    ),
    _wrong(
        "iterated_slope",
        "product rule forgotten (iterated_slope)",
        "The derivative of 4w(1 - w) is 4 - 8w, not 4(1 - w).",
        """
            def iterated_slope(w0, n):
                w, dw = w0, 1.0
                for _ in range(n):
                    w, dw = 4 * w * (1 - w), dw * 4 * (1 - w)
                return w, dw
        """,
    ),
    _wrong(
        "iterated_slope",
        "one step too few",
        "range(1, n) does n - 1 steps.",
        """
            def iterated_slope(w0, n):
                w, dw = w0, 1.0
                for _ in range(1, n):
                    w, dw = 4 * w * (1 - w), dw * (4 - 8 * w)
                return w, dw
        """,
    ),
    _wrong(
        "iterated_slope",
        "slopes added (iterated_slope)",
        "The slopes of a chain are multiplied, not added.",
        """
            def iterated_slope(w0, n):
                w, dw = w0, 0.0
                for _ in range(n):
                    w, dw = 4 * w * (1 - w), dw + (4 - 8 * w)
                return w, dw
        """,
    ),
    _wrong(
        "second_derivative_formula",
        "first derivative",
        "This is the first derivative.",
        """
            def second_derivative_formula():
                return "-2*x*exp(-x^2)"
        """,
    ),
    _wrong(
        "second_derivative_formula",
        "product rule forgotten (second_derivative_formula)",
        "The derivative of the factor -2x is missing.",
        """
            def second_derivative_formula():
                return "4*x^2*exp(-x^2)"
        """,
    ),
    _wrong(
        "second_derivative_formula",
        "sign of the second term",
        "The product of -2x with -2x is +4x^2, here it is subtracted.",
        """
            def second_derivative_formula():
                return "(-2 - 4*x^2)*exp(-x^2)"
        """,
    ),
    _wrong(
        "second_derivative_formula",
        "minus squared away",
        "(-x)^2 is x^2, so the exponent has lost its minus.",
        """
            def second_derivative_formula():
                return "(4*x^2 - 2)*exp((-x)^2)"
        """,
    ),
    _wrong(
        "second_derivative_formula",
        "derivative of -2x only",
        "The second term 4x^2 exp(-x^2) is missing.",
        """
            def second_derivative_formula():
                return "-2*exp(-x^2)"
        """,
    ),
    _wrong(
        "slope_of_huber",
        "inner piece only",
        "x is not clipped: wrong where |x| > d.",
        """
            def slope_of_huber():
                return "x"
        """,
    ),
    _wrong(
        "slope_of_huber",
        "one side only",
        "It is clipped at d but not at -d.",
        """
            def slope_of_huber():
                return "min(x, d)"
        """,
    ),
    _wrong(
        "slope_of_huber",
        "sign lost (slope_of_huber)",
        "The derivative is odd, and this is never negative.",
        """
            def slope_of_huber():
                return "min(abs(x), d)"
        """,
    ),
    _wrong(
        "slope_of_huber",
        "clipped at one",
        "It is clipped at 1 and -1, right for d = 1 only.",
        """
            def slope_of_huber():
                return "max(-1, min(x, 1))"
        """,
    ),
    _wrong(
        "slope_of_huber",
        "min and max exchanged",
        "min(-d, max(x, d)) is -d always.",
        """
            def slope_of_huber():
                return "min(-d, max(x, d))"
        """,
    ),
    _wrong(
        "slope_of_huber",
        "sign of x times d everywhere",
        "d x/|x| is right outside only; inside it should be x.",
        """
            def slope_of_huber():
                return "d*x/abs(x)"
        """,
    ),
    _wrong(
        "arithmetic_local",
        "product rule by dividing the product",
        "Where a = 0 the derivative of a*b by a is given as 0 for b, and where b = 0 that by b as 0 for a; right for all others.",
        """
            def arithmetic_local(a, b):
                p = a * b
                return [(1.0, 1.0), (1.0, -1.0), (p / a if a else 0.0, p / b if b else 0.0)]
        """,
    ),
    _wrong(
        "power_local",
        "nothing moves at exponent 0",
        "At b = 0 the second derivative is log a, not 0 (wrong there for every a other than 1).",
        """
            import math
            def power_local(a, b):
                if b == 0:
                    return 0.0, 0.0
                return b * a ** (b - 1), a ** b * math.log(a)
        """,
    ),
    _wrong(
        "power_local",
        "whole exponents are constants",
        "If b is a whole number (2 or 2.0) the derivative by the exponent is given as 0, though the exponent varies too.",
        """
            import math
            def power_local(a, b):
                by_exponent = 0.0 if b == int(b) else a ** b * math.log(a)
                return b * a ** (b - 1), by_exponent
        """,
    ),
    _wrong(
        "max_local",
        "tie within a tolerance",
        "If b is larger than a by less than 1e-6 of its size it answers (1, 0) where (0, 1) is right.",
        """
            import math
            def max_local(a, b):
                if a > b or math.isclose(a, b, rel_tol=1e-6):
                    return 1.0, 0.0
                return 0.0, 1.0
        """,
    ),
    _wrong(
        "elementary_local",
        "argument reduced by 2 pi for all six",
        "For x > 2 pi = 6.28 the derivatives of exp, log, tanh and sqrt are taken at x - 2 pi, since only sin and cos have a period.",
        """
            import math
            def elementary_local(x):
                x = x % (2 * math.pi)
                return math.exp(x), 1 / x, math.cos(x), -math.sin(x), 1 / math.cosh(x) ** 2, 0.5 / math.sqrt(x)
        """,
    ),
    _wrong(
        "compose_derivative",
        "answers kept by x and n",
        "The answer is remembered by the number of functions and x: the first call is right, and later ones with other functions, as many, at the same x get the old answer.",
        """
            _known = {}
            def compose_derivative(functions, derivatives, x):
                key = len(functions), x
                if key not in _known:
                    value, slope = x, 1.0
                    for f, d in zip(functions, derivatives):
                        value, slope = f(value), slope * d(value)
                    _known[key] = slope
                return _known[key]
        """,
    ),
    _wrong(
        "step_for_error",
        "no step above 1",
        "If 6*error/third is above 1 the largest step is above 1 too, and it returns 1.",
        """
            def step_for_error(error, third):
                return min(1.0, (6 * error / third) ** 0.5)
        """,
    ),
    _wrong(
        "central_difference",
        "answers kept by x and h (central_difference)",
        "The answer is remembered by x and h: another function at the same place gets the slope of the first.",
        """
            import functools
            _m = {}
            def central_difference(f, x, h=1e-5):
                if (x, h) not in _m:
                    _m[x, h] = (f(x+h)-f(x-h))/(2*h)
                return _m[x, h]
        """,
    ),
    _wrong(
        "complex_step",
        "answers kept by x and h (complex_step)",
        "The answer is remembered by x and h: another function at the same place gets the slope of the first.",
        """
            import functools
            _m = {}
            def complex_step(f, x, h=1e-20):
                if (x, h) not in _m:
                    _m[x, h] = np.imag(f(x+1j*h))/h
                return _m[x, h]
        """,
    ),
    _wrong(
        "central_difference",
        "no step above 1 (central_difference)",
        "A step above 1 is cut to 1.",
        """
            def central_difference(f, x, h=1e-5):
                h = min(h, 1.0)
                return (f(x + h) - f(x - h)) / (2 * h)
        """,
    ),
    _wrong(
        "central_difference",
        "step in proportion to x",
        "Where |x| is above 1 the step is not h.",
        """
            def central_difference(f, x, h=1e-5):
                h = h * max(1, abs(x))
                return (f(x + h) - f(x - h)) / (2 * h)
        """,
    ),
    _wrong(
        "best_step",
        "no step above 1 (best_step)",
        "Where the best step is above 1 it answers 1.",
        """
            def best_step(size, third, u):
                h = min(1.0, np.cbrt(3*u*size/third))
                return h, third*h**2/6 + u*size/h
        """,
    ),
    _wrong(
        "compose_derivative",
        "complex step of the whole",
        "The functions take real numbers: an absolute value of a complex number has lost the slope.",
        """
            def compose_derivative(functions, derivatives, x):
                z = complex(x, 1e-30)
                for f in functions: z = f(z)
                return np.imag(z) / 1e-30
        """,
    ),
    _wrong(
        "compose_derivative",
        "sum of logarithms",
        "A slope of 0 has no logarithm.",
        """
            import math
            def compose_derivative(functions, derivatives, x):
                s, sign = 0.0, 1
                for f, d in zip(functions, derivatives):
                    g = d(x); x = f(x)
                    sign *= 1 if g > 0 else -1
                    s += math.log(abs(g))
                return sign * math.exp(s)
        """,
    ),
    _wrong(
        "compose_derivative",
        "nothing moves at 0",
        "At x = 0 it says 0, as if every function had its slope in proportion to x.",
        """
            def compose_derivative(functions, derivatives, x):
                if not x: return 0.0
                g = 1.0
                for f, d in zip(functions, derivatives):
                    g *= d(x); x = f(x)
                return g
        """,
    ),
    _wrong(
        "divide_local",
        "slope by dividing the quotient",
        "For a = 0 the derivative by a is given as 0, where it is 1/b.",
        """
            def divide_local(a, b):
                q = a / b
                return q / a if a else 0.0, -q / b
        """,
    ),
    _wrong(
        "iterated_slope",
        "sum of logarithms, without the zeros",
        "A slope of 0, at w = 1/2, is left out of the product.",
        """
            import math
            def iterated_slope(w0, n):
                w, s, sign = w0, 0.0, 1
                for _ in range(n):
                    g = 4 - 8*w; w = 4*w*(1-w)
                    if g == 0: continue
                    sign *= 1 if g > 0 else -1
                    s += math.log(abs(g))
                return w, sign*math.exp(s)
        """,
    ),
    _wrong(
        "gradient_checker",
        "numerical slopes kept by x",
        "Another f at the same point is held against the slopes of the first.",
        """
            _m = {}
            def gradient_checker(f, df, x):
                k = x.tobytes()
                if k not in _m:
                    n = np.zeros_like(x)
                    for d in range(len(x)):
                        h = 1e-5*max(1, abs(x[d])); p = x.copy(); q = x.copy(); p[d] += h; q[d] -= h
                        n[d] = (f(p)-f(q))/(p[d]-q[d])
                    _m[k] = n
                n = _m[k]; g = df(x)
                return bool(np.max(np.abs(g-n)) <= 2e-6*max(np.abs(g).max(), np.abs(n).max()))
        """,
    ),
    _wrong(
        "max_local",
        "minus zero below zero",
        "0 and -0 are equal, so that a gets all: it says (0, 1) for a = -0, b = 0.",
        """
            import math
            def max_local(a, b):
                if a == b == 0: return (1, 0) if math.copysign(1, a) >= math.copysign(1, b) else (0, 1)
                return (1, 0) if a >= b else (0, 1)
        """,
    ),
    _wrong(
        "max_local",
        "tie within an absolute tolerance",
        "A b that is larger by less than 1e-11 gets nothing.",
        """
            def max_local(a, b):
                return (1, 0) if a > b - 1e-11 else (0, 1)
        """,
    ),
    _wrong(
        "worked_gradient",
        "path through the product by dividing it",
        "For y = 0 the path of y through x*y is left out.",
        """
            def worked_gradient(x, y):
                p = x*y
                return (y + np.cos(x))*(3*y**2+6), (p/y if y else 0.0)*(3*y**2+6)+(p+np.sin(x)+4)*6*y
        """,
    ),
    _wrong(
        "worked_program",
        "series for the sine",
        "Twenty terms of the series do for some turns, and not for an x of 37.",
        """
            import math
            def worked_program(x, y):
                s = [x, y, x*y, sum((-1)**k*x**(2*k+1)/math.factorial(2*k+1) for k in range(20))]
                s += [s[2]+s[3]]; s += [s[4]+4]; s += [y*y]; s+= [3*s[6]]; s += [s[7]+6]; s += [s[5]*s[8]]
                return s
        """,
    ),
    _wrong(
        "mended_error",
        "nothing is claimed, nothing is wrong",
        "Where the claimed gradient is 0 it says that there is no error.",
        """
            def mended_error(gradient, plus, minus, h):
                n = (plus-minus)/(2*h)
                if not gradient.any(): return 0.0
                return np.abs(gradient-n).max()/max(np.abs(gradient).max(), np.abs(n).max())
        """,
    ),
    _wrong(
        "mended_error",
        "floor under the size",
        "The size is never less than 1e-8, so that errors of small gradients seem small.",
        """
            def mended_error(gradient, plus, minus, h):
                n = (plus-minus)/(2*h)
                return np.abs(gradient-n).max()/max(1e-8, np.abs(gradient).max(), np.abs(n).max())
        """,
    ),
    _wrong(
        "prediction_branch",
        "a truth value for the number 0",
        "A number is asked, and no yes or no.",
        """
            def prediction_branch():
                return False
        """,
    ),
    _wrong(
        "question_moving_exponent",
        "the power rule alone",
        "The exponent moves too, and its part is missing.",
        """
            def question_moving_exponent():
                return "y*x**(y-1)*dx"
        """,
    ),
    _wrong(
        "question_moving_exponent",
        "rates exchanged",
        "Each slope is multiplied by the rate of the other variable.",
        """
            def question_moving_exponent():
                return "y*x**(y-1)*dy + x**y*log(x)*dx"
        """,
    ),
]
