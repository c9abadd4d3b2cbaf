"""Right and wrong answers to unit ``reverse_mode``, written from the public contract alone.

An answer that differs from a right one in some functions holds these alone.
"""

from __future__ import annotations

from functools import partial

from .entry import changed, right, wrong

__all__ = ["RIGHT_REVERSE_MODE", "WRONG_REVERSE_MODE"]

_changed, _right, _wrong = (partial(make, "reverse_mode") for make in (changed, right, wrong))

RIGHT_REVERSE_MODE = [
    _right(
        "worked_adjoint",
        "ten named adjoints",
        """
            import math

            def worked_adjoint(x, y):
                s1, s2 = x, y
                s3 = s1 * s2
                s4 = math.sin(s1)
                s5 = s3 + s4
                s6 = s5 + 4
                s7 = s2 ** 2
                s8 = 3 * s7
                s9 = s8 + 6
                s10 = s6 * s9
                b10 = 1.0
                b6 = b10 * s9
                b9 = b10 * s6
                b8 = b9
                b7 = 3 * b8
                b5 = b6
                b3 = b5
                b4 = b5
                b1 = b3 * s2 + b4 * math.cos(s1)
                b2 = b3 * s1 + b7 * 2 * s2
                return s10, b1, b2
        """,
    ),
    _right(
        "worked_adjoint",
        "expanded formulas",
        """
            def worked_adjoint(x, y):
                f = 3 * x * y**3 + 6 * x * y + 3 * y**2 * np.sin(x) + 6 * np.sin(x) + 12 * y**2 + 24
                df_dx = 3 * y**3 + 6 * y + (3 * y**2 + 6) * np.cos(x)
                df_dy = 9 * x * y**2 + 6 * x + 6 * y * np.sin(x) + 24 * y
                return f, df_dx, df_dy
        """,
    ),
    _right(
        "worked_adjoint",
        "bars in a dict, with +=",
        """
            def worked_adjoint(x, y):
                s = {1: x, 2: y}
                s[3] = s[1] * s[2]
                s[4] = np.sin(s[1])
                s[5] = s[3] + s[4]
                s[6] = s[5] + 4
                s[7] = s[2] * s[2]
                s[8] = 3 * s[7]
                s[9] = s[8] + 6
                s[10] = s[6] * s[9]
                bar = dict.fromkeys(range(1, 11), 0.0)
                bar[10] = 1.0
                bar[6] += bar[10] * s[9]
                bar[9] += bar[10] * s[6]
                bar[8] += bar[9]
                bar[7] += 3 * bar[8]
                bar[2] += bar[7] * s[2]
                bar[2] += bar[7] * s[2]
                bar[5] += bar[6]
                bar[3] += bar[5]
                bar[4] += bar[5]
                bar[1] += bar[4] * np.cos(s[1])
                bar[1] += bar[3] * s[2]
                bar[2] += bar[3] * s[1]
                return float(s[10]), float(bar[1]), float(bar[2])
        """,
    ),
    _right(
        "value_operators value_functions value_gradients value_fan_out value_second_backward value_deep_chain",
        "edges, stack of (node, done)",
        """
            class Value:
                def __init__(self, data, edges=()):
                    self.data = data
                    self.grad = 0.0
                    self.edges = edges

                def __repr__(self):
                    return f"Value({self.data}, grad={self.grad})"

                def _lift(self, other):
                    return other if isinstance(other, Value) else type(self)(other)

                def __add__(self, other):
                    other = self._lift(other)
                    return Value(self.data + other.data, ((self, 1.0), (other, 1.0)))

                def __radd__(self, other):
                    return self + self._lift(other)

                def __sub__(self, other):
                    other = self._lift(other)
                    return Value(self.data - other.data, ((self, 1.0), (other, -1.0)))

                def __rsub__(self, other):
                    return self._lift(other) - self

                def __mul__(self, other):
                    other = self._lift(other)
                    return Value(self.data * other.data, ((self, other.data), (other, self.data)))

                def __rmul__(self, other):
                    return self * self._lift(other)

                def __truediv__(self, other):
                    other = self._lift(other)
                    return Value(self.data / other.data, ((self, 1 / other.data), (other, -self.data / other.data**2)))

                def __rtruediv__(self, other):
                    return self._lift(other) / self

                def __neg__(self):
                    return Value(-self.data, ((self, -1.0),))

                def __pow__(self, n):
                    return Value(self.data**n, ((self, n * self.data ** (n - 1)),))

                def exp(self):
                    e = np.exp(self.data)
                    return Value(e, ((self, e),))

                def log(self):
                    return Value(np.log(self.data), ((self, 1 / self.data),))

                def sin(self):
                    return Value(np.sin(self.data), ((self, np.cos(self.data)),))

                def tanh(self):
                    t = np.tanh(self.data)
                    return Value(t, ((self, 1 - t * t),))

                def relu(self):
                    return Value(self.data if self.data > 0 else 0.0, ((self, 1.0 if self.data > 0 else 0.0),))

                def backward(self):
                    order, seen, stack = [], set(), [(self, False)]
                    while stack:
                        node, done = stack.pop()
                        if done:
                            order.append(node)
                        elif id(node) not in seen:
                            seen.add(id(node))
                            stack.append((node, True))
                            for parent, _ in node.edges:
                                stack.append((parent, False))
                    for node in order:
                        node.grad = 0.0
                    self.grad = 1.0
                    for node in reversed(order):
                        for parent, local in node.edges:
                            parent.grad += node.grad * local
        """,
    ),
    _right(
        "value_operators value_functions value_gradients value_fan_out value_second_backward value_deep_chain",
        "micrograd closures, iterative order",
        '''
            import math

            class Value:
                """As in micrograd, but for an order without recursion and gradients that are cleared."""

                def __init__(self, data, _children=(), _op=""):
                    self.data = data
                    self.grad = 0.0
                    self._backward = lambda: None
                    self._prev = tuple(_children)
                    self._op = _op

                def __repr__(self):
                    return f"Value(data={self.data}, grad={self.grad})"

                def __add__(self, other):
                    other = other if isinstance(other, Value) else Value(other)
                    out = Value(self.data + other.data, (self, other), "+")

                    def _backward():
                        self.grad += out.grad
                        other.grad += out.grad
                    out._backward = _backward
                    return out

                def __mul__(self, other):
                    other = other if isinstance(other, Value) else Value(other)
                    out = Value(self.data * other.data, (self, other), "*")

                    def _backward():
                        self.grad += other.data * out.grad
                        other.grad += self.data * out.grad
                    out._backward = _backward
                    return out

                def __pow__(self, n):
                    out = Value(self.data**n, (self,), f"**{n}")

                    def _backward():
                        self.grad += n * self.data ** (n - 1) * out.grad
                    out._backward = _backward
                    return out

                def _unary(self, data, slope, op):
                    out = Value(data, (self,), op)

                    def _backward():
                        self.grad += slope * out.grad
                    out._backward = _backward
                    return out

                def exp(self):
                    e = math.exp(self.data)
                    return self._unary(e, e, "exp")

                def log(self):
                    return self._unary(math.log(self.data), 1 / self.data, "log")

                def sin(self):
                    return self._unary(math.sin(self.data), math.cos(self.data), "sin")

                def tanh(self):
                    t = math.tanh(self.data)
                    return self._unary(t, 1 - t**2, "tanh")

                def relu(self):
                    return self._unary(max(0.0, self.data), float(self.data > 0), "relu")

                def __neg__(self):
                    return self * -1

                def __radd__(self, other):
                    return self + other

                def __sub__(self, other):
                    return self + (-other)

                def __rsub__(self, other):
                    return other + (-self)

                def __rmul__(self, other):
                    return self * other

                def __truediv__(self, other):
                    return self * other**-1.0

                def __rtruediv__(self, other):
                    return other * self**-1.0

                def backward(self):
                    topo, visited = [], {self}
                    stack = [(self, iter(self._prev))]
                    while stack:
                        node, children = stack[-1]
                        for child in children:
                            if child not in visited:
                                visited.add(child)
                                stack.append((child, iter(child._prev)))
                                break
                        else:
                            topo.append(node)
                            stack.pop()
                    for node in topo:
                        node.grad = 0.0
                    self.grad = 1.0
                    for node in reversed(topo):
                        node._backward()
        ''',
    ),
    _right(
        "value_operators value_functions value_gradients value_fan_out value_second_backward value_deep_chain",
        "uses are counted (Kahn)",
        """
            class Value:
                def __init__(self, data, edges=()):
                    self.data = data
                    self.grad = 0.0
                    self.edges = list(edges)

                def _wrap(self, other):
                    if isinstance(other, Value):
                        return other
                    return Value(other)

                def __add__(self, other):
                    o = self._wrap(other)
                    return Value(self.data + o.data, [(self, 1), (o, 1)])

                __radd__ = __add__

                def __neg__(self):
                    return Value(-self.data, [(self, -1)])

                def __sub__(self, other):
                    return self + (-self._wrap(other))

                def __rsub__(self, other):
                    return self._wrap(other) + (-self)

                def __mul__(self, other):
                    o = self._wrap(other)
                    return Value(self.data * o.data, [(self, o.data), (o, self.data)])

                __rmul__ = __mul__

                def __truediv__(self, other):
                    o = self._wrap(other)
                    q = self.data / o.data
                    return Value(q, [(self, 1 / o.data), (o, -q / o.data)])

                def __rtruediv__(self, other):
                    return self._wrap(other).__truediv__(self)

                def __pow__(self, n):
                    return Value(self.data ** n, [(self, n * self.data ** (n - 1))])

                def exp(self):
                    v = float(np.exp(self.data))
                    return Value(v, [(self, v)])

                def log(self):
                    return Value(float(np.log(self.data)), [(self, 1 / self.data)])

                def sin(self):
                    return Value(float(np.sin(self.data)), [(self, float(np.cos(self.data)))])

                def tanh(self):
                    e = np.exp(-2 * abs(self.data))
                    return Value(float(np.sign(self.data) * (1 - e) / (1 + e)), [(self, float(4 * e / (1 + e) ** 2))])

                def relu(self):
                    on = self.data > 0
                    return Value(self.data * on, [(self, 1 * on)])

                def backward(self):
                    uses, queue, below = {self: 0}, [self], []
                    while queue:
                        v = queue.pop()
                        below.append(v)
                        for p, _ in v.edges:
                            if p not in uses:
                                uses[p] = 0
                                queue.append(p)
                            uses[p] += 1
                    for v in below:
                        v.grad = 0.0
                    self.grad = 1.0
                    ready = [self]
                    while ready:
                        v = ready.pop()
                        for p, slope in v.edges:
                            p.grad += v.grad * slope
                            uses[p] -= 1
                            if uses[p] == 0:
                                ready.append(p)
        """,
    ),
    _right(
        "value_operators value_functions value_gradients value_fan_out value_second_backward value_deep_chain",
        "serial numbers and a heap",
        """
            import heapq
            import itertools

            class Value:
                _serial = itertools.count()

                def __init__(self, data, edges=()):
                    self.data = data
                    self.grad = 0.0
                    self.edges = edges
                    self.number = next(Value._serial)

                @staticmethod
                def _of(thing):
                    return thing if isinstance(thing, Value) else Value(thing)

                def __add__(self, other):
                    other = Value._of(other)
                    return Value(self.data + other.data, ((self, 1.0), (other, 1.0)))

                def __radd__(self, other):
                    return Value._of(other) + self

                def __sub__(self, other):
                    other = Value._of(other)
                    return Value(self.data - other.data, ((self, 1.0), (other, -1.0)))

                def __rsub__(self, other):
                    return Value._of(other) - self

                def __mul__(self, other):
                    other = Value._of(other)
                    return Value(self.data * other.data, ((self, other.data), (other, self.data)))

                def __rmul__(self, other):
                    return Value._of(other) * self

                def __truediv__(self, other):
                    other = Value._of(other)
                    return Value(self.data / other.data, ((self, 1.0 / other.data), (other, -self.data / (other.data * other.data))))

                def __rtruediv__(self, other):
                    return Value._of(other) / self

                def __neg__(self):
                    return 0.0 - self

                def __pow__(self, n):
                    return Value(self.data**n, ((self, n * self.data ** (n - 1)),))

                def exp(self):
                    return Value(np.exp(self.data), ((self, np.exp(self.data)),))

                def log(self):
                    return Value(np.log(self.data), ((self, 1.0 / self.data),))

                def sin(self):
                    return Value(np.sin(self.data), ((self, np.sin(self.data + np.pi / 2)),))

                def tanh(self):
                    t = np.tanh(self.data)
                    return Value(t, ((self, (1 - t) * (1 + t)),))

                def relu(self):
                    return Value(np.maximum(self.data, 0.0), ((self, np.heaviside(self.data, 0.0)),))

                def backward(self):
                    # a Value is always younger than its parents: the youngest first is a right order
                    got = {self.number: 1.0}
                    heap = [(-self.number, self)]
                    while heap:
                        _, v = heapq.heappop(heap)
                        v.grad = got[v.number]
                        for parent, slope in v.edges:
                            if parent.number not in got:
                                got[parent.number] = 0.0
                                heapq.heappush(heap, (-parent.number, parent))
                            got[parent.number] += v.grad * slope
        """,
    ),
    _right(
        "value_operators value_functions value_gradients value_fan_out value_second_backward value_deep_chain",
        "one tape for all, gradients in a list",
        """
            class Value:
                tape = []

                def __init__(self, data, edges=()):
                    self.data = data
                    self.grad = 0.0
                    self.place = len(Value.tape)
                    self.edges = tuple((parent.place, slope) for parent, slope in edges)
                    Value.tape.append(self)

                def __add__(self, other):
                    if not isinstance(other, Value):
                        return Value(self.data + other, ((self, 1.0),))
                    return Value(self.data + other.data, ((self, 1.0), (other, 1.0)))

                def __radd__(self, other):
                    return Value(other + self.data, ((self, 1.0),))

                def __sub__(self, other):
                    if not isinstance(other, Value):
                        return Value(self.data - other, ((self, 1.0),))
                    return Value(self.data - other.data, ((self, 1.0), (other, -1.0)))

                def __rsub__(self, other):
                    return Value(other - self.data, ((self, -1.0),))

                def __mul__(self, other):
                    if not isinstance(other, Value):
                        return Value(self.data * other, ((self, other),))
                    return Value(self.data * other.data, ((self, other.data), (other, self.data)))

                def __rmul__(self, other):
                    return Value(other * self.data, ((self, other),))

                def __truediv__(self, other):
                    if not isinstance(other, Value):
                        return Value(self.data / other, ((self, 1 / other),))
                    return Value(self.data / other.data, ((self, 1 / other.data), (other, -self.data / other.data**2)))

                def __rtruediv__(self, other):
                    return Value(other / self.data, ((self, -other / self.data**2),))

                def __neg__(self):
                    return Value(-self.data, ((self, -1.0),))

                def __pow__(self, n):
                    return Value(self.data**n, ((self, n * self.data ** (n - 1)),))

                def exp(self):
                    return Value(np.exp(self.data), ((self, np.exp(self.data)),))

                def log(self):
                    return Value(np.log(self.data), ((self, 1 / self.data),))

                def sin(self):
                    return Value(np.sin(self.data), ((self, np.cos(self.data)),))

                def tanh(self):
                    return Value(np.tanh(self.data), ((self, 1 - np.tanh(self.data) ** 2),))

                def relu(self):
                    return Value(max(self.data, 0.0), ((self, 1.0 if self.data > 0 else 0.0),))

                def backward(self):
                    grads = [None] * (self.place + 1)
                    grads[self.place] = 1.0
                    for place in range(self.place, -1, -1):
                        if grads[place] is None:
                            continue
                        node = Value.tape[place]
                        node.grad = grads[place]
                        for parent, slope in node.edges:
                            grads[parent] = (grads[parent] or 0.0) + slope * node.grad
        """,
    ),
    _right(
        "value_operators value_functions value_gradients value_fan_out value_second_backward value_deep_chain",
        "names of operations, slopes worked out on the way back",
        """
            import math

            class Value:
                def __init__(self, data, op=None, *parents):
                    self.data = data
                    self.grad = 0.0
                    self.op = op
                    self.parents = parents

                def _binary(self, other, op, swap=False):
                    other = other if isinstance(other, Value) else Value(other)
                    a, b = (other, self) if swap else (self, other)
                    if op == "+":
                        data = a.data + b.data
                    elif op == "-":
                        data = a.data - b.data
                    elif op == "*":
                        data = a.data * b.data
                    else:
                        data = a.data / b.data
                    return Value(data, op, a, b)

                def __add__(self, other): return self._binary(other, "+")
                def __radd__(self, other): return self._binary(other, "+", True)
                def __sub__(self, other): return self._binary(other, "-")
                def __rsub__(self, other): return self._binary(other, "-", True)
                def __mul__(self, other): return self._binary(other, "*")
                def __rmul__(self, other): return self._binary(other, "*", True)
                def __truediv__(self, other): return self._binary(other, "/")
                def __rtruediv__(self, other): return self._binary(other, "/", True)
                def __neg__(self): return Value(-self.data, "neg", self)

                def __pow__(self, n):
                    out = Value(self.data ** n, "pow", self)
                    out.n = n
                    return out

                def exp(self): return Value(math.exp(self.data), "exp", self)
                def log(self): return Value(math.log(self.data), "log", self)
                def sin(self): return Value(math.sin(self.data), "sin", self)
                def tanh(self): return Value(math.tanh(self.data), "tanh", self)
                def relu(self): return Value(self.data if self.data > 0 else 0.0, "relu", self)

                def _slopes(self):
                    d = [p.data for p in self.parents]
                    if self.op is None: return []
                    if self.op == "+": return [1.0, 1.0]
                    if self.op == "-": return [1.0, -1.0]
                    if self.op == "*": return [d[1], d[0]]
                    if self.op == "/": return [1 / d[1], -self.data / d[1]]
                    if self.op == "neg": return [-1.0]
                    if self.op == "pow": return [self.n * d[0] ** (self.n - 1)]
                    if self.op == "exp": return [self.data]
                    if self.op == "log": return [1 / d[0]]
                    if self.op == "sin": return [math.cos(d[0])]
                    if self.op == "tanh": return [1 - self.data ** 2]
                    return [1.0 if d[0] > 0 else 0.0]

                def backward(self):
                    # depth-first from the output; a node is written down when its last parent is done
                    order, state, stack = [], {}, [self]
                    while stack:
                        v = stack[-1]
                        if v not in state:
                            state[v] = "open"
                            stack.extend(p for p in v.parents if p not in state)
                        else:
                            stack.pop()
                            if state[v] == "open":
                                state[v] = "done"
                                order.append(v)
                    total = {v: 0.0 for v in order}
                    total[self] = 1.0
                    for v in order[::-1]:
                        v.grad = total[v]
                        for p, slope in zip(v.parents, v._slopes()):
                            total[p] += v.grad * slope
        """,
    ),
    _right(
        "exp_vjp log_vjp sin_vjp tanh_vjp power_vjp",
        "one line each",
        """
            def exp_vjp(g, x):
                return g * np.exp(x)

            def log_vjp(g, x):
                return g / x

            def sin_vjp(g, x):
                return g * np.cos(x)

            def tanh_vjp(g, x):
                return g * (1 - np.tanh(x) ** 2)

            def power_vjp(g, x, n):
                return g * n * x ** (n - 1)
        """,
    ),
    _right(
        "exp_vjp log_vjp sin_vjp tanh_vjp power_vjp",
        "loop over all entries with math",
        """
            import math

            def _entrywise(g, x, slope):
                g, x = np.asarray(g), np.asarray(x)
                dx = np.zeros(x.shape)
                for place in np.ndindex(*x.shape):
                    dx[place] = g[place] * slope(float(x[place]))
                return dx

            def exp_vjp(g, x):
                return _entrywise(g, x, np.exp)

            def log_vjp(g, x):
                return _entrywise(g, x, lambda v: 1 / v)

            def sin_vjp(g, x):
                return _entrywise(g, x, math.cos)

            def tanh_vjp(g, x):
                return _entrywise(g, x, lambda v: 1 - math.tanh(v) ** 2)

            def power_vjp(g, x, n):
                return _entrywise(g, x, lambda v: n * v ** (n - 1))
        """,
    ),
    _right(
        "tanh_vjp",
        "4e/(1+e)^2 with e = exp(-2|x|)",
        """
            def tanh_vjp(g, x):
                e = np.exp(-2 * np.abs(x))
                return g * 4 * e / (1 + e) ** 2
        """,
    ),
    _right(
        "tanh_vjp",
        "(1 - t)(1 + t)",
        """
            def tanh_vjp(g, x):
                t = np.tanh(x)
                return g * (1 - t) * (1 + t)
        """,
    ),
    _right(
        "power_vjp",
        "n = 0 apart, out / x",
        """
            def power_vjp(g, x, n):
                if n == 0:
                    return np.zeros_like(x)
                return np.multiply(g, np.power(x, float(n)) / x) * n
        """,
    ),
    _right(
        "exp_vjp sin_vjp log_vjp",
        "complicated, with einsum and a shifted sine",
        """
            def exp_vjp(g, x):
                out = np.exp(x)
                return np.einsum("...,...->...", g, out)

            def sin_vjp(g, x):
                return np.multiply(np.sin(np.pi / 2 - x), g)

            def log_vjp(g, x):
                return np.divide(1.0, x) * g
        """,
    ),
    _right(
        "unbroadcast add_vjp multiply_vjp divide_vjp maximum_vjp where_vjp",
        "extra axes first, then ones with keepdims",
        """
            def unbroadcast(g, shape):
                g = np.asarray(g)
                extra = g.ndim - len(shape)
                g = g.sum(axis=tuple(range(extra)))
                ones = tuple(i for i, n in enumerate(shape) if n == 1)
                return g.sum(axis=ones, keepdims=True)

            def add_vjp(g, a, b):
                return unbroadcast(g, a.shape), unbroadcast(g, b.shape)

            def multiply_vjp(g, a, b):
                return unbroadcast(g * b, a.shape), unbroadcast(g * a, b.shape)

            def divide_vjp(g, a, b):
                return unbroadcast(g / b, a.shape), unbroadcast(-g * a / b**2, b.shape)

            def maximum_vjp(g, a, b):
                share = (a > b) + 0.5 * (a == b)
                return unbroadcast(g * share, a.shape), unbroadcast(g * (1 - share), b.shape)

            def where_vjp(g, condition, a, b):
                return unbroadcast(np.where(condition, g, 0.0), a.shape), unbroadcast(np.where(condition, 0.0, g), b.shape)
        """,
    ),
    _right(
        "unbroadcast add_vjp multiply_vjp divide_vjp maximum_vjp where_vjp",
        "while loops, axes one at a time",
        """
            def unbroadcast(g, shape):
                while np.ndim(g) > len(shape):
                    g = np.sum(g, axis=0)
                axis = 0
                while axis < len(shape):
                    if shape[axis] == 1 and g.shape[axis] != 1:
                        g = np.sum(g, axis=axis, keepdims=True)
                    axis += 1
                return g

            def add_vjp(g, a, b):
                da = unbroadcast(g, np.shape(a))
                db = unbroadcast(g, np.shape(b))
                return da, db

            def multiply_vjp(g, a, b):
                A, B = np.broadcast_arrays(a, b)
                return unbroadcast(g * B, np.shape(a)), unbroadcast(g * A, np.shape(b))

            def divide_vjp(g, a, b):
                out = a / b
                da = g / b
                db = -da * out
                return unbroadcast(da, np.shape(a)), unbroadcast(db, np.shape(b))

            def maximum_vjp(g, a, b):
                sign = np.sign(a - b)
                return unbroadcast(g * (1 + sign) / 2, np.shape(a)), unbroadcast(g * (1 - sign) / 2, np.shape(b))

            def where_vjp(g, condition, a, b):
                return unbroadcast(g * condition, np.shape(a)), unbroadcast(g * ~condition, np.shape(b))
        """,
    ),
    _right(
        "unbroadcast add_vjp multiply_vjp divide_vjp maximum_vjp where_vjp",
        "entry by entry, each copy is added to its place",
        """
            def _home(place, shape):
                place = place[len(place) - len(shape):]
                return tuple(0 if n == 1 else i for i, n in zip(place, shape))

            def unbroadcast(g, shape):
                g = np.asarray(g)
                total = np.zeros(shape)
                for place in np.ndindex(*g.shape):
                    total[_home(place, shape)] += g[place]
                return total

            def _vjp(g, a, b, slopes):
                g, a, b = np.asarray(g), np.asarray(a), np.asarray(b)
                da, db = np.zeros(a.shape), np.zeros(b.shape)
                for place in np.ndindex(*g.shape):
                    i, j = _home(place, a.shape), _home(place, b.shape)
                    left, right = slopes(a[i], b[j], place)
                    da[i] += g[place] * left
                    db[j] += g[place] * right
                return da, db

            def add_vjp(g, a, b):
                return _vjp(g, a, b, lambda u, v, place: (1.0, 1.0))

            def multiply_vjp(g, a, b):
                return _vjp(g, a, b, lambda u, v, place: (v, u))

            def divide_vjp(g, a, b):
                return _vjp(g, a, b, lambda u, v, place: (1 / v, -u / (v * v)))

            def maximum_vjp(g, a, b):
                def slopes(u, v, place):
                    if u > v:
                        return 1.0, 0.0
                    if u < v:
                        return 0.0, 1.0
                    return 0.5, 0.5
                return _vjp(g, a, b, slopes)

            def where_vjp(g, condition, a, b):
                condition = np.asarray(condition)
                return _vjp(g, a, b, lambda u, v, place: (1.0, 0.0) if condition[place] else (0.0, 1.0))
        """,
    ),
    _right(
        "unbroadcast",
        "reshape to one length, sum all at once",
        """
            def unbroadcast(g, shape):
                g = np.asarray(g)
                padded = (1,) * (g.ndim - len(shape)) + tuple(shape)
                axes = tuple(i for i in range(g.ndim) if padded[i] == 1)
                return np.sum(g, axis=axes).reshape(shape)
        """,
    ),
    _right(
        "sum_vjp mean_vjp",
        "expand_dims and broadcast_to",
        """
            def sum_vjp(g, x, axis, keepdims):
                if axis is not None and not keepdims:
                    g = np.expand_dims(g, axis)
                return np.broadcast_to(g, x.shape).copy()

            def mean_vjp(g, x, axis, keepdims):
                dx = sum_vjp(g, x, axis, keepdims)
                return dx * (np.asarray(g).size / x.size)
        """,
    ),
    _right(
        "sum_vjp mean_vjp",
        "reshape to the kept shape, times ones",
        """
            def sum_vjp(g, x, axis, keepdims):
                shape = x.sum(axis=axis, keepdims=True).shape
                return np.reshape(g, shape) * np.ones(x.shape)

            def mean_vjp(g, x, axis, keepdims):
                if axis is None:
                    count = x.size
                elif isinstance(axis, tuple):
                    count = 1
                    for k in axis:
                        count *= x.shape[k]
                else:
                    count = x.shape[axis]
                return sum_vjp(g, x, axis, keepdims) / count
        """,
    ),
    _right(
        "sum_vjp mean_vjp",
        "loop over the entries of x",
        """
            def _dropped(x, axis):
                if axis is None:
                    return set(range(x.ndim))
                if isinstance(axis, tuple):
                    return {k % x.ndim for k in axis}
                return {axis % x.ndim}

            def sum_vjp(g, x, axis, keepdims):
                g, gone, dx = np.asarray(g), _dropped(x, axis), np.empty(x.shape)
                for place in np.ndindex(*x.shape):
                    if keepdims:
                        source = tuple(0 if k in gone else i for k, i in enumerate(place))
                    else:
                        source = tuple(i for k, i in enumerate(place) if k not in gone)
                    dx[place] = g[source]
                return dx

            def mean_vjp(g, x, axis, keepdims):
                count = 1
                for k in _dropped(x, axis):
                    count = count * x.shape[k]
                return sum_vjp(np.asarray(g) / count, x, axis, keepdims)
        """,
    ),
    _right(
        "reshape_vjp transpose_vjp",
        "reshape back, argsort",
        """
            def reshape_vjp(g, x, shape):
                return g.reshape(x.shape)

            def transpose_vjp(g, x, axes):
                return np.transpose(g, np.argsort(axes))
        """,
    ),
    _right(
        "reshape_vjp transpose_vjp",
        "flat copies, inverse by a loop",
        """
            def reshape_vjp(g, x, shape):
                dx = np.empty(x.size)
                for i, entry in enumerate(np.ravel(g)):
                    dx[i] = entry
                return np.reshape(dx, x.shape)

            def transpose_vjp(g, x, axes):
                back = [0] * len(axes)
                for i, axis in enumerate(axes):
                    back[axis] = i
                return g.transpose(back).copy()
        """,
    ),
    _right(
        "transpose_vjp reshape_vjp",
        "moveaxis, and an index array that takes the same way",
        """
            def transpose_vjp(g, x, axes):
                return np.moveaxis(g, range(x.ndim), axes)

            def reshape_vjp(g, x, shape):
                where = np.arange(x.size).reshape(x.shape).reshape(shape)
                dx = np.zeros(x.size)
                dx[where.ravel()] = g.ravel()
                return dx.reshape(x.shape)
        """,
    ),
    _right(
        "matmul_vjp take_vjp logsumexp_vjp",
        "products, add.at, softmax",
        """
            def matmul_vjp(g, a, b):
                return g @ b.T, a.T @ g

            def take_vjp(g, x, index):
                dx = np.zeros_like(x)
                np.add.at(dx, index, g)
                return dx

            def logsumexp_vjp(g, x):
                e = np.exp(x - x.max(axis=1, keepdims=True))
                return g[:, None] * e / e.sum(axis=1, keepdims=True)
        """,
    ),
    _right(
        "matmul_vjp take_vjp logsumexp_vjp",
        "einsum, one-hot product, exp of x less logsumexp",
        """
            def matmul_vjp(g, a, b):
                return np.einsum("nm,km->nk", g, b), np.einsum("nk,nm->km", a, g)

            def take_vjp(g, x, index):
                picked = (np.arange(len(x))[:, None] == index[None, :]).astype(float)
                return picked @ g

            def logsumexp_vjp(g, x):
                out = np.logaddexp.reduce(x, axis=1)
                return np.exp(x - out[:, np.newaxis]) * g[:, np.newaxis]
        """,
    ),
    _right(
        "matmul_vjp take_vjp logsumexp_vjp",
        "loops in plain Python",
        """
            import math

            def matmul_vjp(g, a, b):
                N, K = a.shape
                M = b.shape[1]
                da, db = np.zeros((N, K)), np.zeros((K, M))
                for n in range(N):
                    for m in range(M):
                        for k in range(K):
                            da[n, k] += g[n, m] * b[k, m]
                            db[k, m] += g[n, m] * a[n, k]
                return da, db

            def take_vjp(g, x, index):
                dx = np.zeros(x.shape)
                for m in range(len(index)):
                    dx[index[m]] += g[m]
                return dx

            def logsumexp_vjp(g, x):
                dx = np.zeros(x.shape)
                for n in range(x.shape[0]):
                    top = max(x[n])
                    total = sum(math.exp(v - top) for v in x[n])
                    for d in range(x.shape[1]):
                        dx[n, d] = g[n] * math.exp(x[n, d] - top) / total
                return dx
        """,
    ),
    _right(
        "logsumexp_vjp",
        "one over the sum of exponentials of differences",
        """
            def logsumexp_vjp(g, x):
                apart = x[:, None, :] - x[:, :, None]
                with np.errstate(over="ignore"):
                    return g[:, None] / np.exp(apart).sum(axis=2)
        """,
    ),
    _right(
        "take_vjp",
        "bincount by columns",
        """
            def take_vjp(g, x, index):
                N, D = x.shape
                return np.stack([np.bincount(index, weights=g[:, d], minlength=N) for d in range(D)], axis=1)
        """,
    ),
    _right(
        "quadratic_form_gradients",
        "(A + A^T) x and outer",
        """
            def quadratic_form_gradients(x, A):
                return (A + A.T) @ x, np.outer(x, x)
        """,
    ),
    _right(
        "quadratic_form_gradients",
        "double loop over the terms",
        """
            def quadratic_form_gradients(x, A):
                D = len(x)
                dx, dA = np.zeros(D), np.zeros((D, D))
                for i in range(D):
                    for j in range(D):
                        dx[i] += A[i, j] * x[j]
                        dx[j] += x[i] * A[i, j]
                        dA[i, j] = x[i] * x[j]
                return dx, dA
        """,
    ),
    _right(
        "quadratic_form_gradients",
        "matrix products of a column and a row",
        """
            def quadratic_form_gradients(x, A):
                column = x.reshape(-1, 1)
                row = column.T
                return (A @ column).ravel() + (row @ A).ravel(), column @ row
        """,
    ),
    _right(
        "adjoint_checker",
        "all 400 shapes, random tangents, shapes compared",
        """
            def adjoint_checker(vjp):
                rng = np.random.default_rng(0)
                for N in range(1, 7):
                    for D in range(1, 7):
                        for sx, sb, sg in ((0, 0, 0), (1, 1, 1), (-1, -1, -1), (1, -1, 1), (-1, 1, 1), (1, 1, -1), (-1, -1, 1), (-1, 1, -1), (1, -1, -1)):
                            draw = lambda shape, s: rng.standard_normal(shape) if s == 0 else s * (0.1 + rng.random(shape))
                            x, b, g = draw((N, D), sx), draw(D, sb), draw((N, D), sg)
                            try:
                                dx, db = vjp(g.copy(), x.copy(), b.copy())
                            except Exception:
                                return False
                            if np.shape(dx) != (N, D) or np.shape(db) != (D,):
                                return False
                            tx, tb = rng.standard_normal((N, D)), rng.standard_normal(D)
                            terms = g * (tx * b + x * tb)
                            left, right = np.sum(terms), np.sum(dx * tx) + np.sum(db * tb)
                            if not abs(left - right) <= 1e-10 * (1 + np.sum(np.abs(terms))):
                                return False
                return True
        """,
    ),
    _right(
        "adjoint_checker",
        "compares with the formula at all shapes",
        """
            def adjoint_checker(vjp):
                rng = np.random.default_rng(7)
                for N in range(1, 7):
                    for D in range(1, 7):
                        for signs in range(8):
                            x = rng.standard_normal((N, D))
                            b = rng.standard_normal(D)
                            g = rng.standard_normal((N, D))
                            for once in range(2):
                                dx, db = vjp(g, x, b)
                                dx, db = np.asarray(dx), np.asarray(db)
                                if dx.shape != x.shape or db.shape != b.shape:
                                    return False
                                if not np.allclose(dx, g * b, rtol=1e-9, atol=1e-11):
                                    return False
                                if not np.allclose(db, (g * x).sum(axis=0), rtol=1e-9, atol=1e-11):
                                    return False
                                x, b, g = np.abs(x), np.abs(b), np.abs(g)
                                if signs & 1:
                                    x = -x
                                if signs & 2:
                                    b = -b
                                if signs & 4:
                                    g = -g
                return True
        """,
    ),
    _right(
        "jacobian_by_rows",
        "rows of the identity",
        """
            def jacobian_by_rows(vjp, x, m):
                return np.stack([vjp(e, x) for e in np.eye(m)])
        """,
    ),
    _right(
        "jacobian_by_rows",
        "fills J entry by entry from the last row",
        """
            def jacobian_by_rows(vjp, x, m):
                n = len(x)
                J = np.zeros((m, n))
                for i in reversed(range(m)):
                    g = np.zeros(m)
                    g[i] = 1.0
                    row = vjp(g, x)
                    for j in range(n):
                        J[i, j] = row[j]
                return J
        """,
    ),
    _right(
        "hvp",
        "as it stands",
        """
            def hvp(gradient, x, v):
                h = 1e-5
                return (gradient(x + h * v) - gradient(x - h * v)) / (2 * h)
        """,
    ),
    _right(
        "hvp",
        "Richardson from two steps",
        """
            def hvp(gradient, x, v):
                def central(h):
                    return (np.asarray(gradient(x + h * v)) - np.asarray(gradient(x - h * v))) / (2 * h)
                h = 1e-3
                return (4 * central(h / 2) - central(h)) / 3
        """,
    ),
    _right(
        "cross_entropy_steps fused_cross_entropy",
        "step by step, with the max routed by one-hot",
        """
            def cross_entropy_steps(logits, y):
                N, C = logits.shape
                logit_maxes = logits.max(axis=1, keepdims=True)
                norm_logits = logits - logit_maxes
                counts = np.exp(norm_logits)
                counts_sum = counts.sum(axis=1, keepdims=True)
                counts_sum_inv = counts_sum ** -1
                probs = counts * counts_sum_inv
                dlogprobs = np.zeros((N, C))
                dlogprobs[np.arange(N), y] = -1.0 / N
                dprobs = dlogprobs / probs
                dcounts_sum_inv = (counts * dprobs).sum(axis=1, keepdims=True)
                dcounts_sum = -counts_sum ** -2 * dcounts_sum_inv
                dcounts = counts_sum_inv * dprobs + dcounts_sum
                dnorm_logits = counts * dcounts
                dlogit_maxes = -dnorm_logits.sum(axis=1, keepdims=True)
                dlogits = dnorm_logits.copy()
                dlogits[np.arange(N), logits.argmax(axis=1)] += dlogit_maxes[:, 0]
                return dlogprobs, dprobs, dcounts_sum_inv, dcounts_sum, dcounts, dnorm_logits, dlogit_maxes, dlogits

            def fused_cross_entropy(logits, y):
                e = np.exp(logits - logits.max(axis=1, keepdims=True))
                return (e / e.sum(axis=1, keepdims=True) - np.eye(logits.shape[1])[y]) / len(logits)
        """,
    ),
    _right(
        "cross_entropy_steps fused_cross_entropy",
        "closed forms of every step",
        """
            def cross_entropy_steps(logits, y):
                N, C = logits.shape
                hot = np.equal.outer(y, np.arange(C)).astype(float)
                counts = np.exp(logits - logits.max(axis=1, keepdims=True))
                total = np.sum(counts, axis=1, keepdims=True)
                probs = counts / total
                dlogprobs = -hot / N
                dprobs = -hot / (N * probs)
                dcounts_sum_inv = -total / N
                dcounts_sum = 1 / (N * total)
                dcounts = 1 / (N * total) - hot / (N * counts)
                dnorm_logits = (probs - hot) / N
                dlogit_maxes = np.zeros((N, 1))
                dlogits = (probs - hot) / N
                return dlogprobs, dprobs, dcounts_sum_inv, dcounts_sum, dcounts, dnorm_logits, dlogit_maxes, dlogits

            def fused_cross_entropy(logits, y):
                N = logits.shape[0]
                shifted = logits - logits.max(axis=1)[:, None]
                dlogits = np.exp(shifted - np.log(np.exp(shifted).sum(axis=1))[:, None])
                dlogits[range(N), y] -= 1
                dlogits /= N
                return dlogits
        """,
    ),
    _right(
        "cross_entropy_steps fused_cross_entropy",
        "loops over examples and classes",
        """
            import math

            def cross_entropy_steps(logits, y):
                N, C = logits.shape
                out = [np.zeros((N, C)), np.zeros((N, C)), np.zeros((N, 1)), np.zeros((N, 1)),
                       np.zeros((N, C)), np.zeros((N, C)), np.zeros((N, 1)), np.zeros((N, C))]
                for n in range(N):
                    top = max(logits[n])
                    counts = [math.exp(v - top) for v in logits[n]]
                    total = sum(counts)
                    label = y[n]
                    out[0][n, label] = -1 / N
                    out[1][n, label] = -1 / N / (counts[label] / total)
                    for c in range(C):
                        out[2][n, 0] += counts[c] * out[1][n, c]
                    out[3][n, 0] = -out[2][n, 0] / total**2
                    for c in range(C):
                        out[4][n, c] = out[1][n, c] / total + out[3][n, 0]
                        out[5][n, c] = out[4][n, c] * counts[c]
                        out[6][n, 0] -= out[5][n, c]
                    for c in range(C):
                        out[7][n, c] = out[5][n, c]
                    out[7][n, int(np.argmax(logits[n]))] += out[6][n, 0]
                return tuple(out)

            def fused_cross_entropy(logits, y):
                N, C = logits.shape
                d = np.zeros((N, C))
                for n in range(N):
                    top = max(logits[n])
                    total = sum(math.exp(v - top) for v in logits[n])
                    for c in range(C):
                        d[n, c] = (math.exp(logits[n, c] - top) / total - (c == y[n])) / N
                return d
        """,
    ),
    _right(
        "head_steps embedding_steps",
        "matrix products and add.at",
        """
            def head_steps(dlogits, hpreact, W2):
                h = np.tanh(hpreact)
                dh = dlogits @ W2.T
                return dh, h.T @ dlogits, dlogits.sum(axis=0), dh * (1 - h**2)

            def embedding_steps(dhprebn, X, C, W1):
                N, T = X.shape
                emb = C[X]
                embcat = emb.reshape(N, -1)
                dembcat = dhprebn @ W1.T
                dW1 = embcat.T @ dhprebn
                db1 = dhprebn.sum(axis=0)
                demb = dembcat.reshape(emb.shape)
                dC = np.zeros_like(C)
                np.add.at(dC, X, demb)
                return dembcat, dW1, db1, demb, dC
        """,
    ),
    _right(
        "head_steps embedding_steps",
        "einsum and loops over letters",
        """
            def head_steps(dlogits, hpreact, W2):
                h = np.tanh(hpreact)
                dh = np.einsum("nc,hc->nh", dlogits, W2)
                dW2 = np.einsum("nh,nc->hc", h, dlogits)
                db2 = np.ones(len(dlogits)) @ dlogits
                dhpreact = dh - dh * h * h
                return dh, dW2, db2, dhpreact

            def embedding_steps(dhprebn, X, C, W1):
                N, T = X.shape
                V, E = C.shape
                W3 = W1.reshape(T, E, -1)
                emb = C[X]
                demb = np.einsum("nh,teh->nte", dhprebn, W3)
                dW1 = np.einsum("nte,nh->teh", emb, dhprebn).reshape(T * E, -1)
                dC = np.zeros((V, E))
                for n in range(N):
                    for t in range(T):
                        dC[X[n, t]] += demb[n, t]
                return demb.reshape(N, T * E), dW1, np.einsum("nh->h", dhprebn), demb, dC
        """,
    ),
    _right(
        "batchnorm_steps fused_batchnorm",
        "step by step, and the line",
        """
            def batchnorm_steps(dhpreact, hprebn, gain):
                N = len(hprebn)
                bnmean = hprebn.mean(axis=0, keepdims=True)
                bndiff = hprebn - bnmean
                bndiff2 = bndiff**2
                bnvar = bndiff2.mean(axis=0, keepdims=True)
                bnvar_inv = (bnvar + 1e-5) ** -0.5
                bnraw = bndiff * bnvar_inv
                dgain = (dhpreact * bnraw).sum(axis=0)
                dbias = dhpreact.sum(axis=0)
                dbnraw = dhpreact * gain
                dbnvar_inv = (dbnraw * bndiff).sum(axis=0, keepdims=True)
                dbnvar = -0.5 * (bnvar + 1e-5) ** -1.5 * dbnvar_inv
                dbndiff2 = np.ones_like(bndiff2) / N * dbnvar
                dbndiff = dbnraw * bnvar_inv + 2 * bndiff * dbndiff2
                dbnmean = -dbndiff.sum(axis=0, keepdims=True)
                dhprebn = dbndiff + np.ones_like(hprebn) / N * dbnmean
                return dgain, dbias, dbnraw, dbnvar_inv, dbnvar, dbndiff2, dbndiff, dbnmean, dhprebn

            def fused_batchnorm(dhpreact, hprebn, gain):
                bndiff = hprebn - hprebn.mean(axis=0, keepdims=True)
                bnvar_inv = ((bndiff**2).mean(axis=0, keepdims=True) + 1e-5) ** -0.5
                bnraw = bndiff * bnvar_inv
                return gain * bnvar_inv * (dhpreact - dhpreact.mean(axis=0) - bnraw * (dhpreact * bnraw).mean(axis=0))
        """,
    ),
    _right(
        "batchnorm_steps",
        "column by column",
        """
            def _column(d, x, gain):
                N = len(x)
                diff = x - sum(x) / N
                var = sum(diff * diff) / N
                root = np.sqrt(var + 1e-5)
                raw = diff / root
                draw = gain * d
                dinv = np.dot(draw, diff)
                dvar = -dinv / (2 * root**3)
                ddiff2 = np.full(N, dvar / N)
                ddiff = draw / root + ddiff2 * 2 * diff
                dmean = -np.sum(ddiff)
                return np.dot(d, raw), np.sum(d), draw, dinv, dvar, ddiff2, ddiff, dmean, ddiff + dmean / N

            def batchnorm_steps(dhpreact, hprebn, gain):
                columns = [_column(dhpreact[:, j], hprebn[:, j], gain[j]) for j in range(len(gain))]
                gathered = []
                for k, parts in enumerate(zip(*columns)):
                    whole = np.stack([np.asarray(p) for p in parts], axis=-1)
                    gathered.append(whole.reshape(1, -1) if k in (3, 4, 7) else whole)
                return tuple(gathered)
        """,
    ),
    _right(
        "fused_batchnorm",
        "by the N x N Jacobian of each column, sums for means",
        """
            def fused_batchnorm(dhpreact, hprebn, gain):
                N, H = hprebn.shape
                dx = np.zeros((N, H))
                for j in range(H):
                    diff = hprebn[:, j] - hprebn[:, j].mean()
                    inv = 1 / np.sqrt(hprebn[:, j].var() + 1e-5)
                    raw = diff * inv
                    J = inv * (np.eye(N) - 1 / N - np.outer(raw, raw) / N)
                    dx[:, j] = gain[j] * (J.T @ dhpreact[:, j])
                return dx
        """,
    ),
    _right(
        "fused_batchnorm",
        "1/N outside, sums inside",
        """
            def fused_batchnorm(dhpreact, hprebn, gain):
                N = hprebn.shape[0]
                bndiff = hprebn - hprebn.mean(axis=0, keepdims=True)
                bnvar_inv = ((bndiff**2).mean(axis=0, keepdims=True) + 1e-5) ** -0.5
                bnraw = bndiff * bnvar_inv
                return gain * bnvar_inv / N * (N * dhpreact - dhpreact.sum(0) - bnraw * (dhpreact * bnraw).sum(0))
        """,
    ),
    _right(
        "fused_sigmoid_formula",
        "prediction minus target",
        """
            def fused_sigmoid_formula():
                return "s - y"
        """,
    ),
    _right(
        "transition_vjp",
        "keepdims",
        """
            def transition_vjp(g, counts):
                total = counts.sum(axis=1, keepdims=True)
                out = counts / total
                inner = (g * out).sum(axis=1, keepdims=True)
                return (g - inner) / total
        """,
    ),
    _right(
        "transition_vjp",
        "einsum and a new axis",
        """
            def transition_vjp(g, counts):
                total = counts.sum(axis=1)
                return g / total[:, None] - (np.einsum("ij,ij->i", g, counts) / total**2)[:, None]
        """,
    ),
    _right(
        "transition_vjp",
        "row by row with the Jacobian",
        """
            def transition_vjp(g, counts):
                V = len(counts)
                d = np.zeros((V, V))
                for i in range(V):
                    t = np.sum(counts[i])
                    J = np.eye(V) / t - np.outer(counts[i], np.ones(V)) / t**2
                    d[i] = g[i] @ J
                return d
        """,
    ),
    _right(
        "prediction_second_backward prediction_broadcast",
        "worked out and not written down",
        """
            def prediction_second_backward():
                a = b = 0
                for call in range(2):
                    b += 1 + 1
                    a += b + b
                return a

            def prediction_broadcast():
                return 6 * 7
        """,
    ),
    _right(
        "question_additions question_cheaper_mode question_needs_input question_hessian_product",
        "as asked",
        """
            def question_additions():
                return "a"

            def question_cheaper_mode():
                return {"d": "3", "c": "4", "b": "1", "a": "2"}

            def question_needs_input():
                return ["a", "d", "e"]

            def question_hessian_product():
                return "c"
        """,
    ),
    _right(
        "logsumexp_vjp fused_cross_entropy",
        "shares from pairwise differences, labels as places in a flat array",
        """
            def _shares(u):
                with np.errstate(over="ignore"):
                    return 1 / np.exp(u[:, None, :] - u[:, :, None]).sum(axis=2)

            def logsumexp_vjp(g, x):
                return (_shares(x).T * g).T

            def fused_cross_entropy(logits, y):
                out = _shares(logits)
                out.flat[np.arange(len(y)) * logits.shape[1] + y] -= 1.0
                return out / len(y)
        """,
    ),
]

WRONG_REVERSE_MODE = [
    _wrong(
        "worked_adjoint",
        "sine of degrees, worked_adjoint",
        "The sine and cosine are taken of x in degrees, not in radians.",
        """
            def worked_adjoint(x, y):
                s3 = x * y
                s4 = np.sin(np.deg2rad(x))
                s6 = s3 + s4 + 4
                s9 = 3 * y**2 + 6
                b6, b9 = s9, s6
                b1 = b6 * y + b6 * np.cos(np.deg2rad(x))
                b2 = b6 * x + b9 * 3 * 2 * y
                return s6 * s9, b1, b2
        """,
    ),
    _wrong(
        "worked_adjoint",
        "s1 by its first use only",
        "x is used in s3 and in s4, and the path through s4 (the cosine) is missing in the derivative for x.",
        """
            def worked_adjoint(x, y):
                s3 = x * y
                s4 = np.sin(x)
                s6 = s3 + s4 + 4
                s9 = 3 * y**2 + 6
                b6, b9 = s9, s6
                b1 = b6 * y
                b2 = b6 * x + b9 * 3 * 2 * y
                return s6 * s9, b1, b2
        """,
    ),
    _wrong(
        "worked_adjoint",
        "3 of s8 forgotten",
        "The adjoint of s7 lacks the factor 3 of s8, so the derivative for y is wrong.",
        """
            def worked_adjoint(x, y):
                s3 = x * y
                s4 = np.sin(x)
                s6 = s3 + s4 + 4
                s9 = 3 * y**2 + 6
                b6, b9 = s9, s6
                b1 = b6 * y + b6 * np.cos(x)
                b2 = b6 * x + b9 * 2 * y
                return s6 * s9, b1, b2
        """,
    ),
    _wrong(
        "worked_adjoint",
        "s2 overwritten, = for +=",
        "The adjoint of s2 is assigned twice, so what comes through s3 is lost in the derivative for y.",
        """
            def worked_adjoint(x, y):
                s3 = x * y
                s4 = np.sin(x)
                s6 = s3 + s4 + 4
                s9 = 3 * y**2 + 6
                b6, b9 = s9, s6
                b1 = b6 * y + b6 * np.cos(x)
                b2 = b6 * x
                b2 = b9 * 3 * 2 * y
                return s6 * s9, b1, b2
        """,
    ),
    _wrong(
        "worked_adjoint",
        "looked up from the worked example",
        "It returns the numbers of the example at (2, 8) wherever it is called.",
        """
            def worked_adjoint(x, y):
                return 4140.0408905115, 1501.6029263637, 1399.6462764876
        """,
    ),
    _wrong(
        "worked_adjoint",
        "one-sided differences",
        "The derivatives are one-sided differences with h = 1e-6, off by far more than rounding.",
        """
            def worked_adjoint(x, y):
                def f(x, y):
                    return (x * y + np.sin(x) + 4) * (3 * y**2 + 6)
                h = 1e-6
                return f(x, y), (f(x + h, y) - f(x, y)) / h, (f(x, y + h) - f(x, y)) / h
        """,
    ),
    _changed(
        "value_operators",
        "forgets numbers on the left",
        "There is no __radd__, __rsub__, __rmul__ and __rtruediv__, so 2.0 - a is a TypeError.",
        RIGHT_REVERSE_MODE[3],
        """
            class Value:
                def _lift(self, other):
                    return other if isinstance(other, Value) else Value(other)

                def exp(self):
                    return Value(np.exp(self.data), ((self, np.exp(self.data)),))

                def tanh(self):
                    return Value(np.tanh(self.data), ((self, 1 - np.tanh(self.data) ** 2),))

                def relu(self):
                    return Value(max(0.0, self.data), ((self, 1.0 if self.data > 0 else 0.0),))
        """,
        without="Value.__repr__ Value.__radd__ Value.__rsub__ Value.__rmul__ Value.__rtruediv__",
    ),
    _changed(
        "value_operators",
        "rsub is sub",
        "2.0 - a is computed as a - 2.0: the sign is wrong.",
        RIGHT_REVERSE_MODE[3],
        """
            class Value:
                def _lift(self, other):
                    return other if isinstance(other, Value) else Value(other)

                def __radd__(self, other):
                    return self + other

                def __rsub__(self, other):
                    return self - other

                def __rmul__(self, other):
                    return self * other

                def exp(self):
                    return Value(np.exp(self.data), ((self, np.exp(self.data)),))

                def tanh(self):
                    return Value(np.tanh(self.data), ((self, 1 - np.tanh(self.data) ** 2),))

                def relu(self):
                    return Value(max(0.0, self.data), ((self, 1.0 if self.data > 0 else 0.0),))
        """,
        without="Value.__repr__",
    ),
    _changed(
        "value_operators",
        "rtruediv is truediv",
        "2.0 / a is computed as a / 2.0.",
        RIGHT_REVERSE_MODE[3],
        """
            class Value:
                def _lift(self, other):
                    return other if isinstance(other, Value) else Value(other)

                def __radd__(self, other):
                    return self + other

                def __rmul__(self, other):
                    return self * other

                def __rtruediv__(self, other):
                    return self / other

                def exp(self):
                    return Value(np.exp(self.data), ((self, np.exp(self.data)),))

                def tanh(self):
                    return Value(np.tanh(self.data), ((self, 1 - np.tanh(self.data) ** 2),))

                def relu(self):
                    return Value(max(0.0, self.data), ((self, 1.0 if self.data > 0 else 0.0),))
        """,
        without="Value.__repr__",
    ),
    _changed(
        "value_operators",
        "floor division",
        "The quotient is rounded down, which is right only where it is a whole number.",
        RIGHT_REVERSE_MODE[3],
        """
            class Value:
                def _lift(self, other):
                    return other if isinstance(other, Value) else Value(other)

                def __radd__(self, other):
                    return self + other

                def __rmul__(self, other):
                    return self * other

                def __truediv__(self, other):
                    other = self._lift(other)
                    return Value(self.data // other.data, ((self, 1 / other.data), (other, -self.data / other.data**2)))

                def exp(self):
                    return Value(np.exp(self.data), ((self, np.exp(self.data)),))

                def tanh(self):
                    return Value(np.tanh(self.data), ((self, 1 - np.tanh(self.data) ** 2),))

                def relu(self):
                    return Value(max(0.0, self.data), ((self, 1.0 if self.data > 0 else 0.0),))
        """,
        without="Value.__repr__",
    ),
    _changed(
        "value_operators",
        "powers by repeated products",
        "The power is a product over range(n): wrong for negative n (it gives 1) and a TypeError for fractions.",
        RIGHT_REVERSE_MODE[3],
        """
            class Value:
                def _lift(self, other):
                    return other if isinstance(other, Value) else Value(other)

                def __radd__(self, other):
                    return self + other

                def __rmul__(self, other):
                    return self * other

                def __pow__(self, n):
                    out = Value(1.0)
                    for _ in range(n):
                        out = out * self
                    return out

                def exp(self):
                    return Value(np.exp(self.data), ((self, np.exp(self.data)),))

                def tanh(self):
                    return Value(np.tanh(self.data), ((self, 1 - np.tanh(self.data) ** 2),))

                def relu(self):
                    return Value(max(0.0, self.data), ((self, 1.0 if self.data > 0 else 0.0),))
        """,
        without="Value.__repr__",
    ),
    _changed(
        "value_operators",
        "takes Values only",
        "The operand on the right is taken for a Value without a look: a + 2.0 is an AttributeError.",
        RIGHT_REVERSE_MODE[3],
        """
            class Value:
                def _lift(self, other):
                    return other

                def __radd__(self, other):
                    return self + other

                def __rmul__(self, other):
                    return self * other

                def exp(self):
                    return Value(np.exp(self.data), ((self, np.exp(self.data)),))

                def tanh(self):
                    return Value(np.tanh(self.data), ((self, 1 - np.tanh(self.data) ** 2),))

                def relu(self):
                    return Value(max(0.0, self.data), ((self, 1.0 if self.data > 0 else 0.0),))
        """,
        without="Value.__repr__",
    ),
    _changed(
        "value_functions",
        "logarithm to base 10",
        "log is the logarithm to base 10, not the natural one.",
        RIGHT_REVERSE_MODE[3],
        """
            class Value:
                def _lift(self, other):
                    return other if isinstance(other, Value) else Value(other)

                def __radd__(self, other):
                    return self + other

                def __rmul__(self, other):
                    return self * other

                def exp(self):
                    return Value(np.exp(self.data), ((self, np.exp(self.data)),))

                def log(self):
                    return Value(np.log10(self.data), ((self, 1 / (self.data * np.log(10))),))

                def tanh(self):
                    return Value(np.tanh(self.data), ((self, 1 - np.tanh(self.data) ** 2),))

                def relu(self):
                    return Value(max(0.0, self.data), ((self, 1.0 if self.data > 0 else 0.0),))
        """,
        without="Value.__repr__",
    ),
    _changed(
        "value_functions",
        "sine of degrees, value_functions",
        "sin takes its number for degrees.",
        RIGHT_REVERSE_MODE[3],
        """
            class Value:
                def _lift(self, other):
                    return other if isinstance(other, Value) else Value(other)

                def __radd__(self, other):
                    return self + other

                def __rmul__(self, other):
                    return self * other

                def exp(self):
                    return Value(np.exp(self.data), ((self, np.exp(self.data)),))

                def sin(self):
                    return Value(np.sin(np.radians(self.data)), ((self, np.radians(1) * np.cos(np.radians(self.data))),))

                def tanh(self):
                    return Value(np.tanh(self.data), ((self, 1 - np.tanh(self.data) ** 2),))

                def relu(self):
                    return Value(max(0.0, self.data), ((self, 1.0 if self.data > 0 else 0.0),))
        """,
        without="Value.__repr__",
    ),
    _changed(
        "value_functions",
        "relu is abs",
        "relu of a negative number is its absolute value, not 0.",
        RIGHT_REVERSE_MODE[3],
        """
            class Value:
                def _lift(self, other):
                    return other if isinstance(other, Value) else Value(other)

                def __radd__(self, other):
                    return self + other

                def __rmul__(self, other):
                    return self * other

                def exp(self):
                    return Value(np.exp(self.data), ((self, np.exp(self.data)),))

                def tanh(self):
                    return Value(np.tanh(self.data), ((self, 1 - np.tanh(self.data) ** 2),))

                def relu(self):
                    return Value(abs(self.data), ((self, 1.0 if self.data > 0 else -1.0),))
        """,
        without="Value.__repr__",
    ),
    _changed(
        "value_functions",
        "leaky relu",
        "relu of a negative number is a hundredth of it, not 0.",
        RIGHT_REVERSE_MODE[3],
        """
            class Value:
                def _lift(self, other):
                    return other if isinstance(other, Value) else Value(other)

                def __radd__(self, other):
                    return self + other

                def __rmul__(self, other):
                    return self * other

                def exp(self):
                    return Value(np.exp(self.data), ((self, np.exp(self.data)),))

                def tanh(self):
                    return Value(np.tanh(self.data), ((self, 1 - np.tanh(self.data) ** 2),))

                def relu(self):
                    return Value(self.data if self.data > 0 else 0.01 * self.data, ((self, 1.0 if self.data > 0 else 0.01),))
        """,
        without="Value.__repr__",
    ),
    _changed(
        "value_functions",
        "tanh with one exponent halved",
        "tanh is computed as (e^x - 1)/(e^x + 1), which is tanh(x/2).",
        RIGHT_REVERSE_MODE[3],
        """
            class Value:
                def _lift(self, other):
                    return other if isinstance(other, Value) else Value(other)

                def __radd__(self, other):
                    return self + other

                def __rmul__(self, other):
                    return self * other

                def exp(self):
                    return Value(np.exp(self.data), ((self, np.exp(self.data)),))

                def tanh(self):
                    e = np.exp(self.data)
                    t = (e - 1) / (e + 1)
                    return Value(t, ((self, (1 - t**2) / 2),))

                def relu(self):
                    return Value(max(0.0, self.data), ((self, 1.0 if self.data > 0 else 0.0),))
        """,
        without="Value.__repr__",
    ),
    _changed(
        "value_functions",
        "e to three digits",
        "exp is 2.718 ** x, right to three digits only.",
        RIGHT_REVERSE_MODE[3],
        """
            class Value:
                def _lift(self, other):
                    return other if isinstance(other, Value) else Value(other)

                def __radd__(self, other):
                    return self + other

                def __rmul__(self, other):
                    return self * other

                def exp(self):
                    return Value(2.718**self.data, ((self, 2.718**self.data),))

                def tanh(self):
                    return Value(np.tanh(self.data), ((self, 1 - np.tanh(self.data) ** 2),))

                def relu(self):
                    return Value(max(0.0, self.data), ((self, 1.0 if self.data > 0 else 0.0),))
        """,
        without="Value.__repr__",
    ),
    _changed(
        "value_gradients",
        "quotient's sign",
        "The slope of a / b for b is +a/b^2, its sign is wrong.",
        RIGHT_REVERSE_MODE[3],
        """
            class Value:
                def _lift(self, other):
                    return other if isinstance(other, Value) else Value(other)

                def __radd__(self, other):
                    return self + other

                def __rmul__(self, other):
                    return self * other

                def __truediv__(self, other):
                    other = self._lift(other)
                    return Value(self.data / other.data, ((self, 1 / other.data), (other, self.data / other.data**2)))

                def exp(self):
                    return Value(np.exp(self.data), ((self, np.exp(self.data)),))

                def tanh(self):
                    return Value(np.tanh(self.data), ((self, 1 - np.tanh(self.data) ** 2),))

                def relu(self):
                    return Value(max(0.0, self.data), ((self, 1.0 if self.data > 0 else 0.0),))
        """,
        without="Value.__repr__",
    ),
    _changed(
        "value_gradients",
        "quotient without the square",
        "The slope of a / b for b is -a/b, the square is missing.",
        RIGHT_REVERSE_MODE[3],
        """
            class Value:
                def _lift(self, other):
                    return other if isinstance(other, Value) else Value(other)

                def __radd__(self, other):
                    return self + other

                def __rmul__(self, other):
                    return self * other

                def __truediv__(self, other):
                    other = self._lift(other)
                    return Value(self.data / other.data, ((self, 1 / other.data), (other, -self.data / other.data)))

                def exp(self):
                    return Value(np.exp(self.data), ((self, np.exp(self.data)),))

                def tanh(self):
                    return Value(np.tanh(self.data), ((self, 1 - np.tanh(self.data) ** 2),))

                def relu(self):
                    return Value(max(0.0, self.data), ((self, 1.0 if self.data > 0 else 0.0),))
        """,
        without="Value.__repr__",
    ),
    _changed(
        "value_gradients",
        "sin' is sin",
        "The slope of the sine is taken for the sine.",
        RIGHT_REVERSE_MODE[3],
        """
            class Value:
                def _lift(self, other):
                    return other if isinstance(other, Value) else Value(other)

                def __radd__(self, other):
                    return self + other

                def __rmul__(self, other):
                    return self * other

                def exp(self):
                    return Value(np.exp(self.data), ((self, np.exp(self.data)),))

                def sin(self):
                    return Value(np.sin(self.data), ((self, np.sin(self.data)),))

                def tanh(self):
                    return Value(np.tanh(self.data), ((self, 1 - np.tanh(self.data) ** 2),))

                def relu(self):
                    return Value(max(0.0, self.data), ((self, 1.0 if self.data > 0 else 0.0),))
        """,
        without="Value.__repr__",
    ),
    _changed(
        "value_gradients",
        "product gives each factor its own number",
        "A product hands each factor its own number and not the other one's.",
        RIGHT_REVERSE_MODE[3],
        """
            class Value:
                def _lift(self, other):
                    return other if isinstance(other, Value) else Value(other)

                def __radd__(self, other):
                    return self + other

                def __mul__(self, other):
                    other = self._lift(other)
                    return Value(self.data * other.data, ((self, self.data), (other, other.data)))

                def __rmul__(self, other):
                    return self * other

                def exp(self):
                    return Value(np.exp(self.data), ((self, np.exp(self.data)),))

                def tanh(self):
                    return Value(np.tanh(self.data), ((self, 1 - np.tanh(self.data) ** 2),))

                def relu(self):
                    return Value(max(0.0, self.data), ((self, 1.0 if self.data > 0 else 0.0),))
        """,
        without="Value.__repr__",
    ),
    _changed(
        "value_gradients",
        "upstream ignored, value_gradients",
        "Parents get the local gradient alone, not times what came from above.",
        RIGHT_REVERSE_MODE[3],
        """
            class Value:
                def _lift(self, other):
                    return other if isinstance(other, Value) else Value(other)

                def __radd__(self, other):
                    return self + other

                def __rmul__(self, other):
                    return self * other

                def exp(self):
                    return Value(np.exp(self.data), ((self, np.exp(self.data)),))

                def tanh(self):
                    return Value(np.tanh(self.data), ((self, 1 - np.tanh(self.data) ** 2),))

                def relu(self):
                    return Value(max(0.0, self.data), ((self, 1.0 if self.data > 0 else 0.0),))

                def backward(self):
                    order, seen, stack = [], set(), [(self, False)]
                    while stack:
                        node, done = stack.pop()
                        if done:
                            order.append(node)
                        elif id(node) not in seen:
                            seen.add(id(node))
                            stack.append((node, True))
                            for parent, _ in node.edges:
                                stack.append((parent, False))
                    for node in order:
                        node.grad = 0.0
                    self.grad = 1.0
                    for node in reversed(order):
                        for parent, local in node.edges:
                            parent.grad += local
        """,
        without="Value.__repr__",
    ),
    _changed(
        "value_gradients",
        "power without n",
        "The slope of a**n is a**(n-1) without the factor n.",
        RIGHT_REVERSE_MODE[3],
        """
            class Value:
                def _lift(self, other):
                    return other if isinstance(other, Value) else Value(other)

                def __radd__(self, other):
                    return self + other

                def __rmul__(self, other):
                    return self * other

                def __pow__(self, n):
                    return Value(self.data**n, ((self, self.data ** (n - 1)),))

                def exp(self):
                    return Value(np.exp(self.data), ((self, np.exp(self.data)),))

                def tanh(self):
                    return Value(np.tanh(self.data), ((self, 1 - np.tanh(self.data) ** 2),))

                def relu(self):
                    return Value(max(0.0, self.data), ((self, 1.0 if self.data > 0 else 0.0),))
        """,
        without="Value.__repr__",
    ),
    _changed(
        "value_fan_out",
        "hands on at every visit",
        "A Value hands its whole gradient on at every visit, so b = a + a, c = b + b gives more than 4 for a.",
        RIGHT_REVERSE_MODE[3],
        """
            class Value:
                def _lift(self, other):
                    return other if isinstance(other, Value) else Value(other)

                def __radd__(self, other):
                    return self + other

                def __rmul__(self, other):
                    return self * other

                def exp(self):
                    return Value(np.exp(self.data), ((self, np.exp(self.data)),))

                def tanh(self):
                    return Value(np.tanh(self.data), ((self, 1 - np.tanh(self.data) ** 2),))

                def relu(self):
                    return Value(max(0.0, self.data), ((self, 1.0 if self.data > 0 else 0.0),))

                def backward(self):
                    seen, todo = set(), [self]
                    while todo:
                        v = todo.pop()
                        v.grad = 0.0
                        if id(v) not in seen:
                            seen.add(id(v))
                            todo.extend(p for p, _ in v.edges)
                    self.grad = 1.0
                    stack = [self]
                    while stack:
                        v = stack.pop()
                        for p, local in v.edges:
                            p.grad += v.grad * local
                            stack.append(p)
        """,
        without="Value.__repr__",
    ),
    _changed(
        "value_fan_out",
        "= for +=",
        "What comes back from a second use replaces what came from the first, instead of being added.",
        RIGHT_REVERSE_MODE[3],
        """
            class Value:
                def _lift(self, other):
                    return other if isinstance(other, Value) else Value(other)

                def __radd__(self, other):
                    return self + other

                def __rmul__(self, other):
                    return self * other

                def exp(self):
                    return Value(np.exp(self.data), ((self, np.exp(self.data)),))

                def tanh(self):
                    return Value(np.tanh(self.data), ((self, 1 - np.tanh(self.data) ** 2),))

                def relu(self):
                    return Value(max(0.0, self.data), ((self, 1.0 if self.data > 0 else 0.0),))

                def backward(self):
                    order, seen, stack = [], set(), [(self, False)]
                    while stack:
                        node, done = stack.pop()
                        if done:
                            order.append(node)
                        elif id(node) not in seen:
                            seen.add(id(node))
                            stack.append((node, True))
                            for parent, _ in node.edges:
                                stack.append((parent, False))
                    for node in order:
                        node.grad = 0.0
                    self.grad = 1.0
                    for node in reversed(order):
                        for parent, local in node.edges:
                            parent.grad = node.grad * local
        """,
        without="Value.__repr__",
    ),
    _changed(
        "value_fan_out",
        "order not reversed",
        "It goes through the Values from the leaves on, which hand on zeros.",
        RIGHT_REVERSE_MODE[3],
        """
            class Value:
                def _lift(self, other):
                    return other if isinstance(other, Value) else Value(other)

                def __radd__(self, other):
                    return self + other

                def __rmul__(self, other):
                    return self * other

                def exp(self):
                    return Value(np.exp(self.data), ((self, np.exp(self.data)),))

                def tanh(self):
                    return Value(np.tanh(self.data), ((self, 1 - np.tanh(self.data) ** 2),))

                def relu(self):
                    return Value(max(0.0, self.data), ((self, 1.0 if self.data > 0 else 0.0),))

                def backward(self):
                    order, seen, stack = [], set(), [(self, False)]
                    while stack:
                        node, done = stack.pop()
                        if done:
                            order.append(node)
                        elif id(node) not in seen:
                            seen.add(id(node))
                            stack.append((node, True))
                            for parent, _ in node.edges:
                                stack.append((parent, False))
                    for node in order:
                        node.grad = 0.0
                    self.grad = 1.0
                    for node in order:
                        for parent, local in node.edges:
                            parent.grad += node.grad * local
        """,
        without="Value.__repr__",
    ),
    _changed(
        "value_fan_out",
        "breadth first",
        "The order is breadth first from the output: a Value that is used near the output and further below hands on before all has come.",
        RIGHT_REVERSE_MODE[3],
        """
            class Value:
                def _lift(self, other):
                    return other if isinstance(other, Value) else Value(other)

                def __radd__(self, other):
                    return self + other

                def __rmul__(self, other):
                    return self * other

                def exp(self):
                    return Value(np.exp(self.data), ((self, np.exp(self.data)),))

                def tanh(self):
                    return Value(np.tanh(self.data), ((self, 1 - np.tanh(self.data) ** 2),))

                def relu(self):
                    return Value(max(0.0, self.data), ((self, 1.0 if self.data > 0 else 0.0),))

                def backward(self):
                    order, seen = [self], {id(self)}
                    for v in order:
                        for p, _ in v.edges:
                            if id(p) not in seen:
                                seen.add(id(p))
                                order.append(p)
                    for v in order:
                        v.grad = 0.0
                    self.grad = 1.0
                    for v in order:
                        for p, local in v.edges:
                            p.grad += v.grad * local
        """,
        without="Value.__repr__",
    ),
    _changed(
        "value_fan_out",
        "reversed pre-order",
        "Values are written down when they are first met, before their parents, and gone through in that order: depth first, a shared Value hands on too early.",
        RIGHT_REVERSE_MODE[3],
        """
            class Value:
                def _lift(self, other):
                    return other if isinstance(other, Value) else Value(other)

                def __radd__(self, other):
                    return self + other

                def __rmul__(self, other):
                    return self * other

                def exp(self):
                    return Value(np.exp(self.data), ((self, np.exp(self.data)),))

                def tanh(self):
                    return Value(np.tanh(self.data), ((self, 1 - np.tanh(self.data) ** 2),))

                def relu(self):
                    return Value(max(0.0, self.data), ((self, 1.0 if self.data > 0 else 0.0),))

                def backward(self):
                    order, seen, stack = [], set(), [self]
                    while stack:
                        v = stack.pop()
                        if id(v) in seen:
                            continue
                        seen.add(id(v))
                        order.append(v)
                        stack.extend(p for p, _ in v.edges)
                    for v in order:
                        v.grad = 0.0
                    self.grad = 1.0
                    for v in order:
                        for p, local in v.edges:
                            p.grad += v.grad * local
        """,
        without="Value.__repr__",
    ),
    _changed(
        "value_fan_out",
        "first path only",
        "A Value that has been reached once takes no more: only its first use counts.",
        RIGHT_REVERSE_MODE[3],
        """
            class Value:
                def _lift(self, other):
                    return other if isinstance(other, Value) else Value(other)

                def __radd__(self, other):
                    return self + other

                def __rmul__(self, other):
                    return self * other

                def exp(self):
                    return Value(np.exp(self.data), ((self, np.exp(self.data)),))

                def tanh(self):
                    return Value(np.tanh(self.data), ((self, 1 - np.tanh(self.data) ** 2),))

                def relu(self):
                    return Value(max(0.0, self.data), ((self, 1.0 if self.data > 0 else 0.0),))

                def backward(self):
                    self.grad = 1.0
                    reached, queue = {id(self)}, [self]
                    while queue:
                        v = queue.pop(0)
                        for p, local in v.edges:
                            if id(p) not in reached:
                                reached.add(id(p))
                                p.grad = v.grad * local
                                queue.append(p)
        """,
        without="Value.__repr__",
    ),
    _changed(
        "value_second_backward",
        "never clears",
        "Nothing is set to 0, so a second call adds to the first one's numbers.",
        RIGHT_REVERSE_MODE[3],
        """
            class Value:
                def _lift(self, other):
                    return other if isinstance(other, Value) else Value(other)

                def __radd__(self, other):
                    return self + other

                def __rmul__(self, other):
                    return self * other

                def exp(self):
                    return Value(np.exp(self.data), ((self, np.exp(self.data)),))

                def tanh(self):
                    return Value(np.tanh(self.data), ((self, 1 - np.tanh(self.data) ** 2),))

                def relu(self):
                    return Value(max(0.0, self.data), ((self, 1.0 if self.data > 0 else 0.0),))

                def backward(self):
                    order, seen, stack = [], set(), [(self, False)]
                    while stack:
                        node, done = stack.pop()
                        if done:
                            order.append(node)
                        elif id(node) not in seen:
                            seen.add(id(node))
                            stack.append((node, True))
                            for parent, _ in node.edges:
                                stack.append((parent, False))
                    self.grad = 1.0
                    for node in reversed(order):
                        for parent, local in node.edges:
                            parent.grad += node.grad * local
        """,
        without="Value.__repr__",
    ),
    _changed(
        "value_second_backward",
        "clears the leaves only",
        "Values in between keep what the first call left, and hand it on again: 12 for 4.",
        RIGHT_REVERSE_MODE[3],
        """
            class Value:
                def _lift(self, other):
                    return other if isinstance(other, Value) else Value(other)

                def __radd__(self, other):
                    return self + other

                def __rmul__(self, other):
                    return self * other

                def exp(self):
                    return Value(np.exp(self.data), ((self, np.exp(self.data)),))

                def tanh(self):
                    return Value(np.tanh(self.data), ((self, 1 - np.tanh(self.data) ** 2),))

                def relu(self):
                    return Value(max(0.0, self.data), ((self, 1.0 if self.data > 0 else 0.0),))

                def backward(self):
                    order, seen, stack = [], set(), [(self, False)]
                    while stack:
                        node, done = stack.pop()
                        if done:
                            order.append(node)
                        elif id(node) not in seen:
                            seen.add(id(node))
                            stack.append((node, True))
                            for parent, _ in node.edges:
                                stack.append((parent, False))
                    for node in order:
                        if not node.edges:
                            node.grad = 0.0
                    self.grad = 1.0
                    for node in reversed(order):
                        for parent, local in node.edges:
                            parent.grad += node.grad * local
        """,
        without="Value.__repr__",
    ),
    _changed(
        "value_second_backward",
        "clears all but the leaves",
        "The leaves add up over calls, as in PyTorch; here the derivative has to be replaced.",
        RIGHT_REVERSE_MODE[3],
        """
            class Value:
                def _lift(self, other):
                    return other if isinstance(other, Value) else Value(other)

                def __radd__(self, other):
                    return self + other

                def __rmul__(self, other):
                    return self * other

                def exp(self):
                    return Value(np.exp(self.data), ((self, np.exp(self.data)),))

                def tanh(self):
                    return Value(np.tanh(self.data), ((self, 1 - np.tanh(self.data) ** 2),))

                def relu(self):
                    return Value(max(0.0, self.data), ((self, 1.0 if self.data > 0 else 0.0),))

                def backward(self):
                    order, seen, stack = [], set(), [(self, False)]
                    while stack:
                        node, done = stack.pop()
                        if done:
                            order.append(node)
                        elif id(node) not in seen:
                            seen.add(id(node))
                            stack.append((node, True))
                            for parent, _ in node.edges:
                                stack.append((parent, False))
                    for node in order:
                        if node.edges:
                            node.grad = 0.0
                    self.grad = 1.0
                    for node in reversed(order):
                        for parent, local in node.edges:
                            parent.grad += node.grad * local
        """,
        without="Value.__repr__",
    ),
    _wrong(
        "value_second_backward",
        "clears every Value there is",
        "It sets .grad to 0 of all Values that were ever made, and those on which this one does not rest lose theirs.",
        """
            class Value:
                everything = []

                def __init__(self, data, edges=()):
                    self.data = data
                    self.grad = 0.0
                    self.edges = edges
                    Value.everything.append(self)

                def _lift(self, other):
                    return other if isinstance(other, Value) else Value(other)

                def __add__(self, other):
                    other = self._lift(other)
                    return Value(self.data + other.data, ((self, 1.0), (other, 1.0)))

                def __radd__(self, other):
                    return self + other

                def __sub__(self, other):
                    other = self._lift(other)
                    return Value(self.data - other.data, ((self, 1.0), (other, -1.0)))

                def __rsub__(self, other):
                    return self._lift(other) - self

                def __mul__(self, other):
                    other = self._lift(other)
                    return Value(self.data * other.data, ((self, other.data), (other, self.data)))

                def __rmul__(self, other):
                    return self * other

                def __truediv__(self, other):
                    other = self._lift(other)
                    return Value(self.data / other.data, ((self, 1 / other.data), (other, -self.data / other.data**2)))

                def __rtruediv__(self, other):
                    return self._lift(other) / self

                def __neg__(self):
                    return Value(-self.data, ((self, -1.0),))

                def __pow__(self, n):
                    return Value(self.data**n, ((self, n * self.data ** (n - 1)),))

                def exp(self):
                    return Value(np.exp(self.data), ((self, np.exp(self.data)),))

                def log(self):
                    return Value(np.log(self.data), ((self, 1 / self.data),))

                def sin(self):
                    return Value(np.sin(self.data), ((self, np.cos(self.data)),))

                def tanh(self):
                    return Value(np.tanh(self.data), ((self, 1 - np.tanh(self.data) ** 2),))

                def relu(self):
                    return Value(max(0.0, self.data), ((self, 1.0 if self.data > 0 else 0.0),))

                def backward(self):
                    order, seen, stack = [], set(), [(self, False)]
                    while stack:
                        node, done = stack.pop()
                        if done:
                            order.append(node)
                        elif id(node) not in seen:
                            seen.add(id(node))
                            stack.append((node, True))
                            for parent, _ in node.edges:
                                stack.append((parent, False))
                    for node in Value.everything:
                        node.grad = 0.0
                    self.grad = 1.0
                    for node in reversed(order):
                        for parent, local in node.edges:
                            parent.grad += node.grad * local
        """,
    ),
    _changed(
        "value_second_backward",
        "works once",
        "Once an output's backward has run, its Values are marked as done and a second call changes nothing, so another output's derivatives in shared Values are missing.",
        RIGHT_REVERSE_MODE[3],
        """
            class Value:
                def __init__(self, data, edges=()):
                    self.data = data
                    self.grad = 0.0
                    self.edges = edges
                    self.done = False

                def _lift(self, other):
                    return other if isinstance(other, Value) else Value(other)

                def __radd__(self, other):
                    return self + other

                def __rmul__(self, other):
                    return self * other

                def exp(self):
                    return Value(np.exp(self.data), ((self, np.exp(self.data)),))

                def tanh(self):
                    return Value(np.tanh(self.data), ((self, 1 - np.tanh(self.data) ** 2),))

                def relu(self):
                    return Value(max(0.0, self.data), ((self, 1.0 if self.data > 0 else 0.0),))

                def backward(self):
                    order, seen, stack = [], set(), [(self, False)]
                    while stack:
                        node, done = stack.pop()
                        if done:
                            order.append(node)
                        elif id(node) not in seen:
                            seen.add(id(node))
                            stack.append((node, True))
                            for parent, _ in node.edges:
                                stack.append((parent, False))
                    order = [node for node in order if not node.done]
                    for node in order:
                        node.grad = 0.0
                        node.done = True
                    self.grad = 1.0
                    for node in reversed(order):
                        for parent, local in node.edges:
                            parent.grad += node.grad * local
        """,
        without="Value.__repr__",
    ),
    _changed(
        "value_second_backward",
        "forgets the tape",
        "backward throws the edges away when it has used them, so another output that rests on the same Values no longer reaches their parents.",
        RIGHT_REVERSE_MODE[3],
        """
            class Value:
                def _lift(self, other):
                    return other if isinstance(other, Value) else Value(other)

                def __radd__(self, other):
                    return self + other

                def __rmul__(self, other):
                    return self * other

                def exp(self):
                    return Value(np.exp(self.data), ((self, np.exp(self.data)),))

                def tanh(self):
                    return Value(np.tanh(self.data), ((self, 1 - np.tanh(self.data) ** 2),))

                def relu(self):
                    return Value(max(0.0, self.data), ((self, 1.0 if self.data > 0 else 0.0),))

                def backward(self):
                    order, seen, stack = [], set(), [(self, False)]
                    while stack:
                        node, done = stack.pop()
                        if done:
                            order.append(node)
                        elif id(node) not in seen:
                            seen.add(id(node))
                            stack.append((node, True))
                            for parent, _ in node.edges:
                                stack.append((parent, False))
                    for node in order:
                        node.grad = 0.0
                    self.grad = 1.0
                    for node in reversed(order):
                        for parent, local in node.edges:
                            parent.grad += node.grad * local
                        node.edges = ()
        """,
        without="Value.__repr__",
    ),
    _changed(
        "value_deep_chain",
        "recursive order",
        "The depth-first search calls itself and dies at Python's recursion limit, after about a thousand operations.",
        RIGHT_REVERSE_MODE[3],
        """
            class Value:
                def _lift(self, other):
                    return other if isinstance(other, Value) else Value(other)

                def __radd__(self, other):
                    return self + other

                def __rmul__(self, other):
                    return self * other

                def exp(self):
                    return Value(np.exp(self.data), ((self, np.exp(self.data)),))

                def tanh(self):
                    return Value(np.tanh(self.data), ((self, 1 - np.tanh(self.data) ** 2),))

                def relu(self):
                    return Value(max(0.0, self.data), ((self, 1.0 if self.data > 0 else 0.0),))

                def backward(self):
                    topo, visited = [], set()

                    def build(v):
                        if v not in visited:
                            visited.add(v)
                            for p, _ in v.edges:
                                build(p)
                            topo.append(v)
                    build(self)
                    for v in topo:
                        v.grad = 0.0
                    self.grad = 1.0
                    for v in reversed(topo):
                        for p, local in v.edges:
                            p.grad += v.grad * local
        """,
        without="Value.__repr__",
    ),
    _changed(
        "value_deep_chain",
        "recursion error swallowed",
        "The recursive search hides its RecursionError, so that deep chains leave wrong gradients in silence.",
        RIGHT_REVERSE_MODE[3],
        """
            class Value:
                def _lift(self, other):
                    return other if isinstance(other, Value) else Value(other)

                def __radd__(self, other):
                    return self + other

                def __rmul__(self, other):
                    return self * other

                def exp(self):
                    return Value(np.exp(self.data), ((self, np.exp(self.data)),))

                def tanh(self):
                    return Value(np.tanh(self.data), ((self, 1 - np.tanh(self.data) ** 2),))

                def relu(self):
                    return Value(max(0.0, self.data), ((self, 1.0 if self.data > 0 else 0.0),))

                def backward(self):
                    topo, visited = [], set()

                    def build(v):
                        if v not in visited:
                            visited.add(v)
                            try:
                                for p, _ in v.edges:
                                    build(p)
                            except RecursionError:
                                pass
                            topo.append(v)
                    build(self)
                    for v in topo:
                        v.grad = 0.0
                    self.grad = 1.0
                    for v in reversed(topo):
                        for p, local in v.edges:
                            p.grad += v.grad * local
        """,
        without="Value.__repr__",
    ),
    _changed(
        "value_deep_chain",
        "at most a thousand layers",
        "Gradients go back layer by layer, for a thousand rounds at most: what lies deeper gets nothing.",
        RIGHT_REVERSE_MODE[3],
        """
            class Value:
                def _lift(self, other):
                    return other if isinstance(other, Value) else Value(other)

                def __radd__(self, other):
                    return self + other

                def __rmul__(self, other):
                    return self * other

                def exp(self):
                    return Value(np.exp(self.data), ((self, np.exp(self.data)),))

                def tanh(self):
                    return Value(np.tanh(self.data), ((self, 1 - np.tanh(self.data) ** 2),))

                def relu(self):
                    return Value(max(0.0, self.data), ((self, 1.0 if self.data > 0 else 0.0),))

                def backward(self):
                    layer, seen, stack = {self: 1.0}, set(), [self]
                    while stack:
                        v = stack.pop()
                        if v not in seen:
                            seen.add(v)
                            v.grad = 0.0
                            stack.extend(p for p, _ in v.edges)
                    for _ in range(1000):
                        below = {}
                        for v, g in layer.items():
                            v.grad += g
                            for p, local in v.edges:
                                below[p] = below.get(p, 0.0) + g * local
                        layer = below
        """,
        without="Value.__repr__",
    ),
    _changed(
        "value_deep_chain",
        "recursive handing on",
        "The order is iterative, but the Values are cleared by a method that calls itself along the graph.",
        RIGHT_REVERSE_MODE[3],
        """
            class Value:
                def _lift(self, other):
                    return other if isinstance(other, Value) else Value(other)

                def __radd__(self, other):
                    return self + other

                def __rmul__(self, other):
                    return self * other

                def exp(self):
                    return Value(np.exp(self.data), ((self, np.exp(self.data)),))

                def tanh(self):
                    return Value(np.tanh(self.data), ((self, 1 - np.tanh(self.data) ** 2),))

                def relu(self):
                    return Value(max(0.0, self.data), ((self, 1.0 if self.data > 0 else 0.0),))

                def zero(self):
                    self.grad = 0.0
                    for parent, _ in self.edges:
                        parent.zero()

                def backward(self):
                    order, seen, stack = [], set(), [(self, False)]
                    while stack:
                        node, done = stack.pop()
                        if done:
                            order.append(node)
                        elif id(node) not in seen:
                            seen.add(id(node))
                            stack.append((node, True))
                            for parent, _ in node.edges:
                                stack.append((parent, False))
                    self.zero()
                    self.grad = 1.0
                    for node in reversed(order):
                        for parent, local in node.edges:
                            parent.grad += node.grad * local
        """,
        without="Value.__repr__",
    ),
    _wrong(
        "exp_vjp",
        "x for exp x",
        "The slope of e^x is e^x, not x.",
        """
            def exp_vjp(g, x):
                return g * x
        """,
    ),
    _wrong(
        "exp_vjp",
        "upstream ignored, exp_vjp",
        "The upstream gradient g is ignored.",
        """
            def exp_vjp(g, x):
                return np.exp(x)
        """,
    ),
    _wrong(
        "log_vjp",
        "times x",
        "It multiplies by x where it should divide.",
        """
            def log_vjp(g, x):
                return g * x
        """,
    ),
    _wrong(
        "log_vjp",
        "base 10",
        "The slope is that of the logarithm to base 10.",
        """
            def log_vjp(g, x):
                return g / (x * np.log(10))
        """,
    ),
    _wrong(
        "log_vjp",
        "guarded by a small number",
        "The 1e-6 that is added to x changes the result from the sixth digit on.",
        """
            def log_vjp(g, x):
                return g / (x + 1e-6)
        """,
    ),
    _wrong(
        "sin_vjp",
        "minus cosine",
        "The sign is wrong: it is the slope of minus the sine.",
        """
            def sin_vjp(g, x):
                return -g * np.cos(x)
        """,
    ),
    _wrong(
        "sin_vjp",
        "cosine of degrees",
        "The cosine is taken of x in degrees.",
        """
            def sin_vjp(g, x):
                return g * np.cos(x * np.pi / 180)
        """,
    ),
    _wrong(
        "sin_vjp",
        "sqrt(1 - sin^2)",
        "The root of 1 - sin^2 is the absolute value of the cosine: the sign is wrong where the cosine is negative.",
        """
            def sin_vjp(g, x):
                return g * np.sqrt(1 - np.sin(x) ** 2)
        """,
    ),
    _wrong(
        "sin_vjp",
        "central difference",
        "The slope is a difference with h = 1e-3, off by 1e-7 and more than rounding.",
        """
            def sin_vjp(g, x):
                h = 1e-3
                return g * (np.sin(x + h) - np.sin(x - h)) / (2 * h)
        """,
    ),
    _wrong(
        "tanh_vjp",
        "x taken for the output",
        "It takes x for tanh x in 1 - t^2.",
        """
            def tanh_vjp(g, x):
                return g * (1 - x**2)
        """,
    ),
    _wrong(
        "tanh_vjp",
        "square forgotten, tanh_vjp",
        "The slope is 1 - t^2, not 1 - t.",
        """
            def tanh_vjp(g, x):
                return g * (1 - np.tanh(x))
        """,
    ),
    _wrong(
        "tanh_vjp",
        "tanh from e^2x",
        "tanh is computed as (e^2x - 1)/(e^2x + 1), which is inf/inf = nan for x = 1500.",
        """
            def tanh_vjp(g, x):
                e = np.exp(2 * x)
                t = (e - 1) / (e + 1)
                return g * (1 - t**2)
        """,
    ),
    _wrong(
        "power_vjp",
        "n forgotten",
        "The factor n is missing.",
        """
            def power_vjp(g, x, n):
                return g * x ** (n - 1)
        """,
    ),
    _wrong(
        "power_vjp",
        "exponent not lowered",
        "The exponent of the slope is n, not n - 1.",
        """
            def power_vjp(g, x, n):
                return g * n * x**n
        """,
    ),
    _wrong(
        "power_vjp",
        "zero for n <= 0",
        "For n = 0 the slope is 0, but not for negative n.",
        """
            def power_vjp(g, x, n):
                if n <= 0:
                    return np.zeros_like(x)
                return g * n * x ** (n - 1)
        """,
    ),
    _wrong(
        "power_vjp",
        "whole n only",
        "n is cut to a whole number, so fractional exponents come out wrong.",
        """
            def power_vjp(g, x, n):
                n = int(n)
                return g * n * x ** float(n - 1)
        """,
    ),
    _wrong(
        "unbroadcast",
        "mean over the copies",
        "It averages over the copies where it has to sum.",
        """
            def unbroadcast(g, shape):
                g = np.asarray(g)
                g = g.mean(axis=tuple(range(g.ndim - len(shape))))
                return g.mean(axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True)
        """,
    ),
    _wrong(
        "unbroadcast",
        "keepdims lost",
        "Axes of length 1 are summed away, so (4, 1) comes back as (4,).",
        """
            def unbroadcast(g, shape):
                g = np.asarray(g)
                g = g.sum(axis=tuple(range(g.ndim - len(shape))))
                return g.sum(axis=tuple(i for i, n in enumerate(shape) if n == 1))
        """,
    ),
    _wrong(
        "unbroadcast",
        "front axes only",
        "Axes that are missing at the front are summed, axes of length 1 are not.",
        """
            def unbroadcast(g, shape):
                g = np.asarray(g)
                g = g.sum(axis=tuple(range(g.ndim - len(shape))))
                return g
        """,
    ),
    _wrong(
        "unbroadcast",
        "axes of length 1 only",
        "Axes of length 1 are summed, axes that are missing at the front are not.",
        """
            def unbroadcast(g, shape):
                for axis, n in enumerate(shape):
                    if n == 1:
                        g = g.sum(axis=axis, keepdims=True)
                return g
        """,
    ),
    _wrong(
        "unbroadcast",
        "missing axes taken from the back",
        "Missing axes are summed at the end of g, where numpy adds them at the front: a wrong shape, or for squares the sums of the wrong axis.",
        """
            def unbroadcast(g, shape):
                g = np.asarray(g)
                while g.ndim > len(shape):
                    g = g.sum(axis=-1)
                return g.sum(axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True)
        """,
    ),
    _wrong(
        "unbroadcast",
        "first copy",
        "It returns one of the copies, not their sum.",
        """
            def unbroadcast(g, shape):
                g = np.asarray(g)
                while g.ndim > len(shape):
                    g = g[0]
                for axis, n in enumerate(shape):
                    if n == 1:
                        g = np.take(g, [0], axis=axis)
                return g
        """,
    ),
    _wrong(
        "add_vjp",
        "no sums at all",
        "g goes back to both as it is, in the wrong shape where one was broadcast.",
        """
            def add_vjp(g, a, b):
                return g, g
        """,
    ),
    _wrong(
        "add_vjp",
        "only b may be small",
        "Only db is summed; a may be the one that was broadcast.",
        """
            def unbroadcast(g, shape):
                g = np.asarray(g)
                g = g.sum(axis=tuple(range(g.ndim - len(shape))))
                return g.sum(axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True)

            def add_vjp(g, a, b):
                return g, unbroadcast(g, b.shape)
        """,
    ),
    _wrong(
        "add_vjp",
        "b is a row",
        "db is the sum over axis 0, whatever the shape of b: right for a row under a matrix only.",
        """
            def add_vjp(g, a, b):
                return g, g.sum(axis=0)
        """,
    ),
    _wrong(
        "add_vjp",
        "upstream shared out",
        "Each of the two gets half of g; a sum hands all of it to both.",
        """
            def unbroadcast(g, shape):
                g = np.asarray(g)
                g = g.sum(axis=tuple(range(g.ndim - len(shape))))
                return g.sum(axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True)

            def add_vjp(g, a, b):
                return unbroadcast(g / 2, a.shape), unbroadcast(g / 2, b.shape)
        """,
    ),
    _wrong(
        "multiply_vjp",
        "sums first, multiplies then",
        "g is summed before it is multiplied, but each copy has a partner of its own: a shape error, or wrong numbers.",
        """
            def unbroadcast(g, shape):
                g = np.asarray(g)
                g = g.sum(axis=tuple(range(g.ndim - len(shape))))
                return g.sum(axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True)

            def multiply_vjp(g, a, b):
                return unbroadcast(unbroadcast(g, a.shape) * b, a.shape), unbroadcast(unbroadcast(g, b.shape) * a, b.shape)
        """,
    ),
    _wrong(
        "multiply_vjp",
        "each by itself",
        "da is g times a and db is g times b; it has to be the other factor.",
        """
            def unbroadcast(g, shape):
                g = np.asarray(g)
                g = g.sum(axis=tuple(range(g.ndim - len(shape))))
                return g.sum(axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True)

            def multiply_vjp(g, a, b):
                return unbroadcast(g * a, a.shape), unbroadcast(g * b, b.shape)
        """,
    ),
    _wrong(
        "multiply_vjp",
        "upstream ignored for b",
        "db is the sum of a without g.",
        """
            def unbroadcast(g, shape):
                g = np.asarray(g)
                g = g.sum(axis=tuple(range(g.ndim - len(shape))))
                return g.sum(axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True)

            def multiply_vjp(g, a, b):
                return unbroadcast(g * b, a.shape), unbroadcast(a * np.ones_like(g), b.shape)
        """,
    ),
    _wrong(
        "divide_vjp",
        "sign of db",
        "db = -g a / b^2; the sign is missing.",
        """
            def unbroadcast(g, shape):
                g = np.asarray(g)
                g = g.sum(axis=tuple(range(g.ndim - len(shape))))
                return g.sum(axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True)

            def divide_vjp(g, a, b):
                return unbroadcast(g / b, a.shape), unbroadcast(g * a / b**2, b.shape)
        """,
    ),
    _wrong(
        "divide_vjp",
        "square forgotten, divide_vjp",
        "db is divided by b and not by b^2.",
        """
            def unbroadcast(g, shape):
                g = np.asarray(g)
                g = g.sum(axis=tuple(range(g.ndim - len(shape))))
                return g.sum(axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True)

            def divide_vjp(g, a, b):
                return unbroadcast(g / b, a.shape), unbroadcast(-g * a / b, b.shape)
        """,
    ),
    _wrong(
        "divide_vjp",
        "|b| for b",
        "1/b is taken through the logarithm of |b|, so da has the wrong sign where b is negative (db is right).",
        """
            def unbroadcast(g, shape):
                g = np.asarray(g)
                g = g.sum(axis=tuple(range(g.ndim - len(shape))))
                return g.sum(axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True)

            def divide_vjp(g, a, b):
                inverse = np.exp(-np.log(np.abs(b)))
                return unbroadcast(g * inverse, a.shape), unbroadcast(-g * a * inverse**2, b.shape)
        """,
    ),
    _wrong(
        "maximum_vjp",
        "ties to a",
        "Where both are equal, a gets all of g and b nothing; each should get half.",
        """
            def unbroadcast(g, shape):
                g = np.asarray(g)
                g = g.sum(axis=tuple(range(g.ndim - len(shape))))
                return g.sum(axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True)

            def maximum_vjp(g, a, b):
                return unbroadcast(g * (a >= b), a.shape), unbroadcast(g * (a < b), b.shape)
        """,
    ),
    _wrong(
        "maximum_vjp",
        "ties to both",
        "Where both are equal, each gets all of g; it should be half.",
        """
            def unbroadcast(g, shape):
                g = np.asarray(g)
                g = g.sum(axis=tuple(range(g.ndim - len(shape))))
                return g.sum(axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True)

            def maximum_vjp(g, a, b):
                return unbroadcast(g * (a >= b), a.shape), unbroadcast(g * (b >= a), b.shape)
        """,
    ),
    _wrong(
        "maximum_vjp",
        "ties to nobody",
        "Where both are equal, neither gets anything.",
        """
            def unbroadcast(g, shape):
                g = np.asarray(g)
                g = g.sum(axis=tuple(range(g.ndim - len(shape))))
                return g.sum(axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True)

            def maximum_vjp(g, a, b):
                return unbroadcast(g * (a > b), a.shape), unbroadcast(g * (b > a), b.shape)
        """,
    ),
    _wrong(
        "maximum_vjp",
        "nearly equal is a tie",
        "np.isclose takes numbers for equal that differ by up to a part in 1e5.",
        """
            def unbroadcast(g, shape):
                g = np.asarray(g)
                g = g.sum(axis=tuple(range(g.ndim - len(shape))))
                return g.sum(axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True)

            def maximum_vjp(g, a, b):
                tie = np.isclose(a, b)
                left = np.where(tie, 0.5, a > b)
                return unbroadcast(g * left, a.shape), unbroadcast(g * (1 - left), b.shape)
        """,
    ),
    _wrong(
        "where_vjp",
        "swapped",
        "a gets g where the condition is False, and b where it is True.",
        """
            def unbroadcast(g, shape):
                g = np.asarray(g)
                g = g.sum(axis=tuple(range(g.ndim - len(shape))))
                return g.sum(axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True)

            def where_vjp(g, condition, a, b):
                return unbroadcast(g * ~condition, a.shape), unbroadcast(g * condition, b.shape)
        """,
    ),
    _wrong(
        "where_vjp",
        "condition ignored",
        "Both get all of g, whatever the condition says.",
        """
            def unbroadcast(g, shape):
                g = np.asarray(g)
                g = g.sum(axis=tuple(range(g.ndim - len(shape))))
                return g.sum(axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True)

            def where_vjp(g, condition, a, b):
                return unbroadcast(g, a.shape), unbroadcast(g, b.shape)
        """,
    ),
    _wrong(
        "where_vjp",
        "not summed",
        "The masked g comes back in its own shape, where a or b may be smaller.",
        """
            def where_vjp(g, condition, a, b):
                return np.where(condition, g, 0), np.where(condition, 0, g)
        """,
    ),
    _wrong(
        "where_vjp",
        "negated by minus one",
        "condition - 1 is -1 where False: db has the wrong sign.",
        """
            def unbroadcast(g, shape):
                g = np.asarray(g)
                g = g.sum(axis=tuple(range(g.ndim - len(shape))))
                return g.sum(axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True)

            def where_vjp(g, condition, a, b):
                c = condition.astype(float)
                return unbroadcast(g * c, a.shape), unbroadcast(g * (c - 1), b.shape)
        """,
    ),
    _wrong(
        "sum_vjp",
        "ones",
        "It returns ones: the upstream gradient is ignored.",
        """
            def sum_vjp(g, x, axis, keepdims):
                return np.ones_like(x)
        """,
    ),
    _wrong(
        "sum_vjp",
        "left to broadcasting",
        "The summed axis is not put back, so numpy lines g up with the last axes: an error, or wrong rows where x is square.",
        """
            def sum_vjp(g, x, axis, keepdims):
                return np.ones_like(x) * g
        """,
    ),
    _wrong(
        "sum_vjp",
        "whole axes only, no tuples",
        "Without keepdims a tuple of axes is a TypeError: only a single axis is put back.",
        """
            def sum_vjp(g, x, axis, keepdims):
                if axis is None or keepdims:
                    return g * np.ones_like(x)
                shape = list(x.shape)
                shape[axis] = 1
                return np.reshape(g, shape) * np.ones_like(x)
        """,
    ),
    _wrong(
        "sum_vjp",
        "negative axes off by one",
        "axis -1 is put back before the last axis that is left, not behind it, so that negative axes give wrong rows or an error.",
        """
            def sum_vjp(g, x, axis, keepdims):
                if axis is None or keepdims:
                    return g * np.ones_like(x)
                g = np.asarray(g)
                axes = axis if isinstance(axis, tuple) else (axis,)
                for k in sorted(axes):
                    place = k if k >= 0 else g.ndim + k
                    g = np.expand_dims(g, place)
                return g * np.ones_like(x)
        """,
    ),
    _wrong(
        "sum_vjp",
        "each term its share",
        "Each term gets g in proportion to its size in the sum; the size does not matter.",
        """
            def whole(g, x, axis, keepdims):
                if axis is not None and not keepdims:
                    g = np.expand_dims(g, axis)
                return g * np.ones_like(x)

            def sum_vjp(g, x, axis, keepdims):
                return whole(g, x, axis, keepdims) * x / x.sum(axis=axis, keepdims=True)
        """,
    ),
    _wrong(
        "mean_vjp",
        "not divided",
        "The VJP of the sum is returned, not divided by the number of terms.",
        """
            def sum_vjp(g, x, axis, keepdims):
                if axis is not None and not keepdims:
                    g = np.expand_dims(g, axis)
                return g * np.ones_like(x)

            def mean_vjp(g, x, axis, keepdims):
                return sum_vjp(g, x, axis, keepdims)
        """,
    ),
    _wrong(
        "mean_vjp",
        "divided by x.size",
        "It divides by the number of all entries, not of those along the axis.",
        """
            def sum_vjp(g, x, axis, keepdims):
                if axis is not None and not keepdims:
                    g = np.expand_dims(g, axis)
                return g * np.ones_like(x)

            def mean_vjp(g, x, axis, keepdims):
                return sum_vjp(g, x, axis, keepdims) / x.size
        """,
    ),
    _wrong(
        "mean_vjp",
        "divided by len(x)",
        "It divides by the length of axis 0 whatever the axis is.",
        """
            def sum_vjp(g, x, axis, keepdims):
                if axis is not None and not keepdims:
                    g = np.expand_dims(g, axis)
                return g * np.ones_like(x)

            def mean_vjp(g, x, axis, keepdims):
                return sum_vjp(g, x, axis, keepdims) / len(x)
        """,
    ),
    _wrong(
        "mean_vjp",
        "first axis of a tuple",
        "Of a tuple of axes only the first counts in the divisor.",
        """
            def sum_vjp(g, x, axis, keepdims):
                if axis is not None and not keepdims:
                    g = np.expand_dims(g, axis)
                return g * np.ones_like(x)

            def mean_vjp(g, x, axis, keepdims):
                if axis is None:
                    n = x.size
                else:
                    n = x.shape[axis[0] if isinstance(axis, tuple) else axis]
                return sum_vjp(g, x, axis, keepdims) / n
        """,
    ),
    _wrong(
        "reshape_vjp",
        "Fortran order",
        "The entries are put back in column order, not in numpy's usual one.",
        """
            def reshape_vjp(g, x, shape):
                return g.reshape(x.shape, order='F')
        """,
    ),
    _wrong(
        "reshape_vjp",
        "as it comes",
        "g is returned in the shape of out, not of x.",
        """
            def reshape_vjp(g, x, shape):
                return g.reshape(shape)
        """,
    ),
    _wrong(
        "reshape_vjp",
        "transposed first",
        "g is transposed before it is reshaped: the shape is right and the entries are not.",
        """
            def reshape_vjp(g, x, shape):
                return g.T.reshape(x.shape)
        """,
    ),
    _wrong(
        "transpose_vjp",
        "the same permutation",
        "It applies the permutation once more where its inverse is due: right only if it is its own inverse.",
        """
            def transpose_vjp(g, x, axes):
                return np.transpose(g, axes)
        """,
    ),
    _wrong(
        "transpose_vjp",
        "all axes reversed",
        "g.T reverses all axes, which undoes nothing but a full reversal.",
        """
            def transpose_vjp(g, x, axes):
                return g.T
        """,
    ),
    _wrong(
        "transpose_vjp",
        "reshape for transpose",
        "A reshape gives the shape of x and puts the entries in wrong places.",
        """
            def transpose_vjp(g, x, axes):
                return g.reshape(x.shape)
        """,
    ),
    _wrong(
        "take_vjp",
        "+= with repeated rows",
        "dx[index] += g adds only once for a row that repeats.",
        """
            def take_vjp(g, x, index):
                dx = np.zeros_like(x)
                dx[index] += g
                return dx
        """,
    ),
    _wrong(
        "take_vjp",
        "assigned",
        "dx[index] = g keeps the last of several uses of a row.",
        """
            def take_vjp(g, x, index):
                dx = np.zeros_like(x)
                dx[index] = g
                return dx
        """,
    ),
    _wrong(
        "take_vjp",
        "averaged over repeats",
        "What comes back to a row is divided by how often it was taken.",
        """
            def take_vjp(g, x, index):
                dx = np.zeros_like(x)
                np.add.at(dx, index, g)
                return dx / np.maximum(np.bincount(index, minlength=len(x)), 1)[:, None]
        """,
    ),
    _wrong(
        "take_vjp",
        "gathers where it should scatter",
        "It gathers rows of g where it has to scatter them: right only if index is a permutation.",
        """
            def take_vjp(g, x, index):
                return g[np.argsort(index)]
        """,
    ),
    _wrong(
        "matmul_vjp",
        "transposes swapped",
        "da = a.T @ g and db = g @ b.T are exchanged; with squares no shape complains.",
        """
            def matmul_vjp(g, a, b):
                return a.T @ g, g @ b.T
        """,
    ),
    _wrong(
        "matmul_vjp",
        "no transposes",
        "The transposes are missing: a shape error, or wrong numbers for squares.",
        """
            def matmul_vjp(g, a, b):
                return g @ b, a @ g
        """,
    ),
    _wrong(
        "matmul_vjp",
        "wrong side",
        "db = g.T @ a is the transpose of what is asked.",
        """
            def matmul_vjp(g, a, b):
                return g @ b.T, g.T @ a
        """,
    ),
    _wrong(
        "matmul_vjp",
        "upstream ignored, matmul_vjp",
        "It takes ones for g.",
        """
            def matmul_vjp(g, a, b):
                g = np.ones((a.shape[0], b.shape[1]))
                return g @ b.T, a.T @ g
        """,
    ),
    _wrong(
        "matmul_vjp",
        "db averaged over rows",
        "db is divided by N, as if out were a mean over examples.",
        """
            def matmul_vjp(g, a, b):
                return g @ b.T, a.T @ g / len(a)
        """,
    ),
    _wrong(
        "logsumexp_vjp",
        "overflows",
        "exp(1500) is infinite and inf/inf is nan; nothing is taken out first.",
        """
            def logsumexp_vjp(g, x):
                e = np.exp(x)
                return g[:, None] * e / e.sum(axis=1, keepdims=True)
        """,
    ),
    _wrong(
        "logsumexp_vjp",
        "one maximum for all rows",
        "The largest entry of the whole array is taken out, so a row of -1500 beside one of 1500 underflows to 0/0.",
        """
            def logsumexp_vjp(g, x):
                e = np.exp(x - x.max())
                return g[:, None] * e / e.sum(axis=1, keepdims=True)
        """,
    ),
    _wrong(
        "logsumexp_vjp",
        "along the wrong axis",
        "The shares add up to 1 along the columns, not along the rows.",
        """
            def logsumexp_vjp(g, x):
                e = np.exp(x - x.max(axis=0))
                return g[:, None] * e / e.sum(axis=0)
        """,
    ),
    _wrong(
        "logsumexp_vjp",
        "upstream ignored, logsumexp_vjp",
        "The softmax alone, without g.",
        """
            def logsumexp_vjp(g, x):
                e = np.exp(x - x.max(axis=1, keepdims=True))
                return e / e.sum(axis=1, keepdims=True)
        """,
    ),
    _wrong(
        "logsumexp_vjp",
        "clipped",
        "Entries are clipped to +-500, so that differences between larger ones are lost.",
        """
            def logsumexp_vjp(g, x):
                e = np.exp(np.clip(x, -500, 500))
                return g[:, None] * e / e.sum(axis=1, keepdims=True)
        """,
    ),
    _wrong(
        "quadratic_form_gradients",
        "2Ax",
        "2Ax is right for symmetric A only.",
        """
            def quadratic_form_gradients(x, A):
                return 2 * A @ x, np.outer(x, x)
        """,
    ),
    _wrong(
        "quadratic_form_gradients",
        "one path",
        "x occurs twice; the path through x^T is missing.",
        """
            def quadratic_form_gradients(x, A):
                return A @ x, np.outer(x, x)
        """,
    ),
    _wrong(
        "quadratic_form_gradients",
        "dA is a number",
        "x @ x is the inner product, a number, not the table of all products.",
        """
            def quadratic_form_gradients(x, A):
                return A @ x + A.T @ x, x @ x.T
        """,
    ),
    _wrong(
        "quadratic_form_gradients",
        "A symmetric by assumption",
        "dA counts each pair of entries twice off the diagonal, as for a symmetric A; all entries are free.",
        """
            def quadratic_form_gradients(x, A):
                o = np.outer(x, x)
                return (A + A.T) @ x, 2 * o - np.diag(np.diag(o))
        """,
    ),
    _wrong(
        "adjoint_checker",
        "accepts all",
        "It accepts every candidate.",
        """
            def adjoint_checker(vjp):
                return True
        """,
    ),
    _wrong(
        "adjoint_checker",
        "refuses all",
        "It refuses every candidate, the right ones too.",
        """
            def adjoint_checker(vjp):
                return False
        """,
    ),
    _wrong(
        "adjoint_checker",
        "g of ones",
        "With g all ones, a candidate that ignores g passes.",
        """
            def adjoint_checker(vjp):
                rng = np.random.default_rng(0)
                for N, D in [(N, D) for N in range(1, 7) for D in range(1, 7)]:
                    for _ in range(3):
                        x, b, g = rng.standard_normal((N, D)), rng.standard_normal(D), np.ones((N, D))
                        dx, db = vjp(g, x, b)
                        if np.shape(dx) != (N, D) or np.shape(db) != (D,):
                            return False
                        tx, tb = rng.standard_normal((N, D)), rng.standard_normal(D)
                        terms = g * (tx * b + x * tb)
                        left, right = np.sum(terms), np.sum(dx * tx) + np.sum(db * tb)
                        if not abs(left - right) <= 1e-9 * (1 + np.sum(np.abs(terms))):
                            return False
                return True
        """,
    ),
    _wrong(
        "adjoint_checker",
        "squares only",
        "It tries square x only, and a candidate that is right in squares passes.",
        """
            def adjoint_checker(vjp):
                rng = np.random.default_rng(0)
                for N, D in [(N, N) for N in range(1, 7)]:
                    for _ in range(3):
                        x, b, g = rng.standard_normal((N, D)), rng.standard_normal(D), rng.standard_normal((N, D))
                        dx, db = vjp(g, x, b)
                        if np.shape(dx) != (N, D) or np.shape(db) != (D,):
                            return False
                        tx, tb = rng.standard_normal((N, D)), rng.standard_normal(D)
                        terms = g * (tx * b + x * tb)
                        left, right = np.sum(terms), np.sum(dx * tx) + np.sum(db * tb)
                        if not abs(left - right) <= 1e-9 * (1 + np.sum(np.abs(terms))):
                            return False
                return True
        """,
    ),
    _wrong(
        "adjoint_checker",
        "one row",
        "It tries N = 1 only, where a db that was never summed over rows, averaged, or taken from the first row has the right numbers.",
        """
            def adjoint_checker(vjp):
                rng = np.random.default_rng(0)
                for N, D in [(1, D) for D in range(1, 7)]:
                    for _ in range(3):
                        x, b, g = rng.standard_normal((N, D)), rng.standard_normal(D), rng.standard_normal((N, D))
                        dx, db = vjp(g, x, b)
                        tx, tb = rng.standard_normal((N, D)), rng.standard_normal(D)
                        terms = g * (tx * b + x * tb)
                        left, right = np.sum(terms), np.sum(dx * tx) + np.sum(db * tb)
                        if not abs(left - right) <= 1e-9 * (1 + np.sum(np.abs(terms))):
                            return False
                return True
        """,
    ),
    _wrong(
        "adjoint_checker",
        "positive numbers only",
        "x, b and g are positive, and a candidate that is wrong for negative ones passes.",
        """
            def adjoint_checker(vjp):
                rng = np.random.default_rng(0)
                for N, D in [(N, D) for N in range(1, 7) for D in range(1, 7)]:
                    for _ in range(3):
                        x, b, g = rng.random((N, D)), rng.random(D), rng.random((N, D))
                        dx, db = vjp(g, x, b)
                        if np.shape(dx) != (N, D) or np.shape(db) != (D,):
                            return False
                        tx, tb = rng.standard_normal((N, D)), rng.standard_normal(D)
                        terms = g * (tx * b + x * tb)
                        left, right = np.sum(terms), np.sum(dx * tx) + np.sum(db * tb)
                        if not abs(left - right) <= 1e-9 * (1 + np.sum(np.abs(terms))):
                            return False
                return True
        """,
    ),
    _wrong(
        "adjoint_checker",
        "one shape only",
        "It tries the shape (4, 3) alone, and a candidate that is wrong for some other shapes only, say for one row, passes.",
        """
            def adjoint_checker(vjp):
                rng = np.random.default_rng(0)
                for N, D in [(4, 3)]:
                    for _ in range(3):
                        x, b, g = rng.standard_normal((N, D)), rng.standard_normal(D), rng.standard_normal((N, D))
                        dx, db = vjp(g, x, b)
                        if np.shape(dx) != (N, D) or np.shape(db) != (D,):
                            return False
                        tx, tb = rng.standard_normal((N, D)), rng.standard_normal(D)
                        terms = g * (tx * b + x * tb)
                        left, right = np.sum(terms), np.sum(dx * tx) + np.sum(db * tb)
                        if not abs(left - right) <= 1e-9 * (1 + np.sum(np.abs(terms))):
                            return False
                return True
        """,
    ),
    _wrong(
        "jacobian_by_rows",
        "transposed",
        "The rows are written into columns, the result is the transpose of J.",
        """
            def jacobian_by_rows(vjp, x, m):
                return np.stack([vjp(e, x) for e in np.eye(m)], axis=1)
        """,
    ),
    _wrong(
        "jacobian_by_rows",
        "as many sweeps as inputs",
        "It makes a sweep for each input, with unit vectors of the length of x: right for m = n only.",
        """
            def jacobian_by_rows(vjp, x, m):
                return np.stack([vjp(e, x) for e in np.eye(len(x))])
        """,
    ),
    _wrong(
        "jacobian_by_rows",
        "one not taken back",
        "g keeps the ones of the rows before, so each row is the sum of all rows up to it.",
        """
            def jacobian_by_rows(vjp, x, m):
                g = np.zeros(m)
                J = np.zeros((m, len(x)))
                for i in range(m):
                    g[i] = 1.0
                    J[i] = vjp(g, x)
                return J
        """,
    ),
    _wrong(
        "jacobian_by_rows",
        "one sweep with ones",
        "One sweep with g = 1 gives the sum of the rows, which is put into every row.",
        """
            def jacobian_by_rows(vjp, x, m):
                return np.tile(vjp(np.ones(m), x), (m, 1))
        """,
    ),
    _wrong(
        "jacobian_by_rows",
        "last row forgotten",
        "The loop stops one row early and leaves zeros in the last one.",
        """
            def jacobian_by_rows(vjp, x, m):
                J = np.zeros((m, len(x)))
                for i in range(m - 1):
                    J[i] = vjp(np.eye(m)[i], x)
                return J
        """,
    ),
    _wrong(
        "hvp",
        "one-sided difference",
        "A one-sided difference with h = 1e-5 is off by about 1e-5 of the third derivative, where the central one has 1e-10.",
        """
            def hvp(gradient, x, v):
                h = 1e-5
                return (gradient(x + h * v) - gradient(x)) / h
        """,
    ),
    _wrong(
        "hvp",
        "divided by h",
        "The central difference is divided by h and not by 2h: twice what is asked.",
        """
            def hvp(gradient, x, v):
                h = 1e-5
                return (gradient(x + h * v) - gradient(x - h * v)) / h
        """,
    ),
    _wrong(
        "hvp",
        "v normalised",
        "v is divided by its length and the length is not put back (and v = 0 gives nan).",
        """
            def hvp(gradient, x, v):
                h = 1e-5
                v = v / np.linalg.norm(v)
                return (gradient(x + h * v) - gradient(x - h * v)) / (2 * h)
        """,
    ),
    _wrong(
        "hvp",
        "diagonal of the Hessian",
        "All entries are moved by h at once and the result multiplied by v: right for v of equal entries, or a diagonal Hessian, only.",
        """
            def hvp(gradient, x, v):
                h = 1e-5
                return (gradient(x + h) - gradient(x - h)) / (2 * h) * v
        """,
    ),
    _wrong(
        "hvp",
        "gradient times gradient",
        "The Hessian is taken for the gradient times its transpose.",
        """
            def hvp(gradient, x, v):
                g = gradient(x)
                return g * (g @ v)
        """,
    ),
    _wrong(
        "cross_entropy_steps",
        "counts by one path",
        "counts goes into probs and into counts_sum; the second path is missing in dcounts, and in all that follows.",
        """
            def cross_entropy_steps(logits, y):
                N, C = logits.shape
                logit_maxes = logits.max(axis=1, keepdims=True)
                norm_logits = logits - logit_maxes
                counts = np.exp(norm_logits)
                counts_sum = counts.sum(axis=1, keepdims=True)
                counts_sum_inv = counts_sum ** -1
                probs = counts * counts_sum_inv
                dlogprobs = np.zeros((N, C))
                dlogprobs[np.arange(N), y] = -1.0 / N
                dprobs = dlogprobs / probs
                dcounts_sum_inv = (counts * dprobs).sum(axis=1, keepdims=True)
                dcounts_sum = -counts_sum ** -2 * dcounts_sum_inv
                dcounts = counts_sum_inv * dprobs
                dnorm_logits = counts * dcounts
                dlogit_maxes = -dnorm_logits.sum(axis=1, keepdims=True)
                dlogits = dnorm_logits + (logits == logit_maxes) * dlogit_maxes
                return dlogprobs, dprobs, dcounts_sum_inv, dcounts_sum, dcounts, dnorm_logits, dlogit_maxes, dlogits
        """,
    ),
    _wrong(
        "cross_entropy_steps",
        "sum and not mean",
        "The loss is a mean, and 1/N is missing in all eight gradients.",
        """
            def cross_entropy_steps(logits, y):
                N, C = logits.shape
                logit_maxes = logits.max(axis=1, keepdims=True)
                norm_logits = logits - logit_maxes
                counts = np.exp(norm_logits)
                counts_sum = counts.sum(axis=1, keepdims=True)
                counts_sum_inv = counts_sum ** -1
                probs = counts * counts_sum_inv
                dlogprobs = np.zeros((N, C))
                dlogprobs[np.arange(N), y] = -1.0
                dprobs = dlogprobs / probs
                dcounts_sum_inv = (counts * dprobs).sum(axis=1, keepdims=True)
                dcounts_sum = -counts_sum ** -2 * dcounts_sum_inv
                dcounts = counts_sum_inv * dprobs + dcounts_sum
                dnorm_logits = counts * dcounts
                dlogit_maxes = -dnorm_logits.sum(axis=1, keepdims=True)
                dlogits = dnorm_logits + (logits == logit_maxes) * dlogit_maxes
                return dlogprobs, dprobs, dcounts_sum_inv, dcounts_sum, dcounts, dnorm_logits, dlogit_maxes, dlogits
        """,
    ),
    _wrong(
        "cross_entropy_steps",
        "sign of the inverse",
        "The slope of 1/s is -1/s^2; the sign is missing in dcounts_sum.",
        """
            def cross_entropy_steps(logits, y):
                N, C = logits.shape
                logit_maxes = logits.max(axis=1, keepdims=True)
                norm_logits = logits - logit_maxes
                counts = np.exp(norm_logits)
                counts_sum = counts.sum(axis=1, keepdims=True)
                counts_sum_inv = counts_sum ** -1
                probs = counts * counts_sum_inv
                dlogprobs = np.zeros((N, C))
                dlogprobs[np.arange(N), y] = -1.0 / N
                dprobs = dlogprobs / probs
                dcounts_sum_inv = (counts * dprobs).sum(axis=1, keepdims=True)
                dcounts_sum = counts_sum ** -2 * dcounts_sum_inv
                dcounts = counts_sum_inv * dprobs + dcounts_sum
                dnorm_logits = counts * dcounts
                dlogit_maxes = -dnorm_logits.sum(axis=1, keepdims=True)
                dlogits = dnorm_logits + (logits == logit_maxes) * dlogit_maxes
                return dlogprobs, dprobs, dcounts_sum_inv, dcounts_sum, dcounts, dnorm_logits, dlogit_maxes, dlogits
        """,
    ),
    _wrong(
        "cross_entropy_steps",
        "labels as columns",
        "dlogprobs[:, y] fills the columns of all labels in every row.",
        """
            def cross_entropy_steps(logits, y):
                N, C = logits.shape
                logit_maxes = logits.max(axis=1, keepdims=True)
                norm_logits = logits - logit_maxes
                counts = np.exp(norm_logits)
                counts_sum = counts.sum(axis=1, keepdims=True)
                counts_sum_inv = counts_sum ** -1
                probs = counts * counts_sum_inv
                dlogprobs = np.zeros((N, C))
                dlogprobs[:, y] = -1.0 / N
                dprobs = dlogprobs / probs
                dcounts_sum_inv = (counts * dprobs).sum(axis=1, keepdims=True)
                dcounts_sum = -counts_sum ** -2 * dcounts_sum_inv
                dcounts = counts_sum_inv * dprobs + dcounts_sum
                dnorm_logits = counts * dcounts
                dlogit_maxes = -dnorm_logits.sum(axis=1, keepdims=True)
                dlogits = dnorm_logits + (logits == logit_maxes) * dlogit_maxes
                return dlogprobs, dprobs, dcounts_sum_inv, dcounts_sum, dcounts, dnorm_logits, dlogit_maxes, dlogits
        """,
    ),
    _wrong(
        "cross_entropy_steps",
        "not summed to (N, 1)",
        "dcounts_sum_inv stays (N, C) where counts_sum_inv, which was broadcast, is (N, 1).",
        """
            def cross_entropy_steps(logits, y):
                N, C = logits.shape
                logit_maxes = logits.max(axis=1, keepdims=True)
                norm_logits = logits - logit_maxes
                counts = np.exp(norm_logits)
                counts_sum = counts.sum(axis=1, keepdims=True)
                counts_sum_inv = counts_sum ** -1
                probs = counts * counts_sum_inv
                dlogprobs = np.zeros((N, C))
                dlogprobs[np.arange(N), y] = -1.0 / N
                dprobs = dlogprobs / probs
                dcounts_sum_inv = counts * dprobs
                dcounts_sum = -counts_sum ** -2 * dcounts_sum_inv
                dcounts = counts_sum_inv * dprobs + dcounts_sum
                dnorm_logits = counts * dcounts
                dlogit_maxes = -dnorm_logits.sum(axis=1, keepdims=True)
                dlogits = dnorm_logits + (logits == logit_maxes) * dlogit_maxes
                return dlogprobs, dprobs, dcounts_sum_inv, dcounts_sum, dcounts, dnorm_logits, dlogit_maxes, dlogits
        """,
    ),
    _wrong(
        "cross_entropy_steps",
        "order of the forward pass",
        "The eight are returned in the order of the forward pass, with dlogits first and not last.",
        """
            def cross_entropy_steps(logits, y):
                N, C = logits.shape
                logit_maxes = logits.max(axis=1, keepdims=True)
                norm_logits = logits - logit_maxes
                counts = np.exp(norm_logits)
                counts_sum = counts.sum(axis=1, keepdims=True)
                counts_sum_inv = counts_sum ** -1
                probs = counts * counts_sum_inv
                dlogprobs = np.zeros((N, C))
                dlogprobs[np.arange(N), y] = -1.0 / N
                dprobs = dlogprobs / probs
                dcounts_sum_inv = (counts * dprobs).sum(axis=1, keepdims=True)
                dcounts_sum = -counts_sum ** -2 * dcounts_sum_inv
                dcounts = counts_sum_inv * dprobs + dcounts_sum
                dnorm_logits = counts * dcounts
                dlogit_maxes = -dnorm_logits.sum(axis=1, keepdims=True)
                dlogits = dnorm_logits + (logits == logit_maxes) * dlogit_maxes
                return dlogits, dlogit_maxes, dnorm_logits, dcounts, dcounts_sum, dcounts_sum_inv, dprobs, dlogprobs
        """,
    ),
    _wrong(
        "head_steps",
        "slope at the input",
        "1 - hpreact^2 takes the input of the tanh for its output.",
        """
            def head_steps(dlogits, hpreact, W2):
                h = np.tanh(hpreact)
                dh = dlogits @ W2.T
                dW2 = h.T @ dlogits
                db2 = dlogits.sum(axis=0)
                dhpreact = dh * (1 - hpreact**2)
                return dh, dW2, db2, dhpreact
        """,
    ),
    _wrong(
        "head_steps",
        "db2 averaged",
        "db2 is the mean over the batch; b2 was added to every row, so it is the sum.",
        """
            def head_steps(dlogits, hpreact, W2):
                h = np.tanh(hpreact)
                dh = dlogits @ W2.T
                dW2 = h.T @ dlogits
                db2 = dlogits.mean(axis=0)
                dhpreact = dh * (1 - h**2)
                return dh, dW2, db2, dhpreact
        """,
    ),
    _wrong(
        "head_steps",
        "dW2 with hpreact",
        "dW2 is built from the input of the tanh and not from h.",
        """
            def head_steps(dlogits, hpreact, W2):
                h = np.tanh(hpreact)
                dh = dlogits @ W2.T
                dW2 = hpreact.T @ dlogits
                db2 = dlogits.sum(axis=0)
                dhpreact = dh * (1 - h**2)
                return dh, dW2, db2, dhpreact
        """,
    ),
    _wrong(
        "head_steps",
        "dhpreact without what is above",
        "dhpreact is the slope of the tanh alone.",
        """
            def head_steps(dlogits, hpreact, W2):
                h = np.tanh(hpreact)
                dh = dlogits @ W2.T
                dW2 = h.T @ dlogits
                db2 = dlogits.sum(axis=0)
                dhpreact = 1 - h**2
                return dh, dW2, db2, dhpreact
        """,
    ),
    _wrong(
        "batchnorm_steps",
        "bndiff by one path",
        "bndiff goes into bnraw and into bndiff2; the path through the variance is missing.",
        """
            def batchnorm_steps(dhpreact, hprebn, gain):
                N = len(hprebn)
                bnmean = hprebn.mean(axis=0, keepdims=True)
                bndiff = hprebn - bnmean
                bndiff2 = bndiff**2
                bnvar = bndiff2.mean(axis=0, keepdims=True)
                bnvar_inv = (bnvar + 1e-5) ** -0.5
                bnraw = bndiff * bnvar_inv
                dgain = (dhpreact * bnraw).sum(axis=0)
                dbias = dhpreact.sum(axis=0)
                dbnraw = dhpreact * gain
                dbnvar_inv = (dbnraw * bndiff).sum(axis=0, keepdims=True)
                dbnvar = -0.5 * (bnvar + 1e-5) ** -1.5 * dbnvar_inv
                dbndiff2 = np.ones_like(bndiff2) / N * dbnvar
                dbndiff = dbnraw * bnvar_inv
                dbnmean = -dbndiff.sum(axis=0, keepdims=True)
                dhprebn = dbndiff + np.ones_like(hprebn) / N * dbnmean
                return dgain, dbias, dbnraw, dbnvar_inv, dbnvar, dbndiff2, dbndiff, dbnmean, dhprebn
        """,
    ),
    _wrong(
        "batchnorm_steps",
        "no path through the mean, batchnorm_steps",
        "dhprebn is dbndiff alone; the path through bnmean is missing.",
        """
            def batchnorm_steps(dhpreact, hprebn, gain):
                N = len(hprebn)
                bnmean = hprebn.mean(axis=0, keepdims=True)
                bndiff = hprebn - bnmean
                bndiff2 = bndiff**2
                bnvar = bndiff2.mean(axis=0, keepdims=True)
                bnvar_inv = (bnvar + 1e-5) ** -0.5
                bnraw = bndiff * bnvar_inv
                dgain = (dhpreact * bnraw).sum(axis=0)
                dbias = dhpreact.sum(axis=0)
                dbnraw = dhpreact * gain
                dbnvar_inv = (dbnraw * bndiff).sum(axis=0, keepdims=True)
                dbnvar = -0.5 * (bnvar + 1e-5) ** -1.5 * dbnvar_inv
                dbndiff2 = np.ones_like(bndiff2) / N * dbnvar
                dbndiff = dbnraw * bnvar_inv + 2 * bndiff * dbndiff2
                dbnmean = -dbndiff.sum(axis=0, keepdims=True)
                dhprebn = dbndiff.copy()
                return dgain, dbias, dbnraw, dbnvar_inv, dbnvar, dbndiff2, dbndiff, dbnmean, dhprebn
        """,
    ),
    _wrong(
        "batchnorm_steps",
        "variance over N - 1",
        "The variance is divided by N - 1, in the forward pass and back (and N = 1 divides by 0).",
        """
            def batchnorm_steps(dhpreact, hprebn, gain):
                N = len(hprebn)
                bnmean = hprebn.mean(axis=0, keepdims=True)
                bndiff = hprebn - bnmean
                bndiff2 = bndiff**2
                bnvar = bndiff2.sum(axis=0, keepdims=True) / (N - 1)
                bnvar_inv = (bnvar + 1e-5) ** -0.5
                bnraw = bndiff * bnvar_inv
                dgain = (dhpreact * bnraw).sum(axis=0)
                dbias = dhpreact.sum(axis=0)
                dbnraw = dhpreact * gain
                dbnvar_inv = (dbnraw * bndiff).sum(axis=0, keepdims=True)
                dbnvar = -0.5 * (bnvar + 1e-5) ** -1.5 * dbnvar_inv
                dbndiff2 = np.ones_like(bndiff2) / (N - 1) * dbnvar
                dbndiff = dbnraw * bnvar_inv + 2 * bndiff * dbndiff2
                dbnmean = -dbndiff.sum(axis=0, keepdims=True)
                dhprebn = dbndiff + np.ones_like(hprebn) / N * dbnmean
                return dgain, dbias, dbnraw, dbnvar_inv, dbnvar, dbndiff2, dbndiff, dbnmean, dhprebn
        """,
    ),
    _wrong(
        "batchnorm_steps",
        "power -0.5 kept",
        "The slope of v^-0.5 is -0.5 v^-1.5; the exponent is not lowered.",
        """
            def batchnorm_steps(dhpreact, hprebn, gain):
                N = len(hprebn)
                bnmean = hprebn.mean(axis=0, keepdims=True)
                bndiff = hprebn - bnmean
                bndiff2 = bndiff**2
                bnvar = bndiff2.mean(axis=0, keepdims=True)
                bnvar_inv = (bnvar + 1e-5) ** -0.5
                bnraw = bndiff * bnvar_inv
                dgain = (dhpreact * bnraw).sum(axis=0)
                dbias = dhpreact.sum(axis=0)
                dbnraw = dhpreact * gain
                dbnvar_inv = (dbnraw * bndiff).sum(axis=0, keepdims=True)
                dbnvar = -0.5 * (bnvar + 1e-5) ** -0.5 * dbnvar_inv
                dbndiff2 = np.ones_like(bndiff2) / N * dbnvar
                dbndiff = dbnraw * bnvar_inv + 2 * bndiff * dbndiff2
                dbnmean = -dbndiff.sum(axis=0, keepdims=True)
                dhprebn = dbndiff + np.ones_like(hprebn) / N * dbnmean
                return dgain, dbias, dbnraw, dbnvar_inv, dbnvar, dbndiff2, dbndiff, dbnmean, dhprebn
        """,
    ),
    _wrong(
        "batchnorm_steps",
        "gradients of rows as tables",
        "dbnmean is not summed to (1, H); it stays (N, H).",
        """
            def batchnorm_steps(dhpreact, hprebn, gain):
                N = len(hprebn)
                bnmean = hprebn.mean(axis=0, keepdims=True)
                bndiff = hprebn - bnmean
                bndiff2 = bndiff**2
                bnvar = bndiff2.mean(axis=0, keepdims=True)
                bnvar_inv = (bnvar + 1e-5) ** -0.5
                bnraw = bndiff * bnvar_inv
                dgain = (dhpreact * bnraw).sum(axis=0)
                dbias = dhpreact.sum(axis=0)
                dbnraw = dhpreact * gain
                dbnvar_inv = (dbnraw * bndiff).sum(axis=0, keepdims=True)
                dbnvar = -0.5 * (bnvar + 1e-5) ** -1.5 * dbnvar_inv
                dbndiff2 = np.ones_like(bndiff2) / N * dbnvar
                dbndiff = dbnraw * bnvar_inv + 2 * bndiff * dbndiff2
                dbnmean = -dbndiff
                dhprebn = dbndiff + dbnmean.mean(axis=0)
                return dgain, dbias, dbnraw, dbnvar_inv, dbnvar, dbndiff2, dbndiff, dbnmean, dhprebn
        """,
    ),
    _wrong(
        "batchnorm_steps",
        "gain forgotten, batchnorm_steps",
        "dbnraw is dhpreact, not times gain: wrong unless gain is 1.",
        """
            def batchnorm_steps(dhpreact, hprebn, gain):
                N = len(hprebn)
                bnmean = hprebn.mean(axis=0, keepdims=True)
                bndiff = hprebn - bnmean
                bndiff2 = bndiff**2
                bnvar = bndiff2.mean(axis=0, keepdims=True)
                bnvar_inv = (bnvar + 1e-5) ** -0.5
                bnraw = bndiff * bnvar_inv
                dgain = (dhpreact * bnraw).sum(axis=0)
                dbias = dhpreact.sum(axis=0)
                dbnraw = dhpreact * 1.0
                dbnvar_inv = (dbnraw * bndiff).sum(axis=0, keepdims=True)
                dbnvar = -0.5 * (bnvar + 1e-5) ** -1.5 * dbnvar_inv
                dbndiff2 = np.ones_like(bndiff2) / N * dbnvar
                dbndiff = dbnraw * bnvar_inv + 2 * bndiff * dbndiff2
                dbnmean = -dbndiff.sum(axis=0, keepdims=True)
                dhprebn = dbndiff + np.ones_like(hprebn) / N * dbnmean
                return dgain, dbias, dbnraw, dbnvar_inv, dbnvar, dbndiff2, dbndiff, dbnmean, dhprebn
        """,
    ),
    _wrong(
        "embedding_steps",
        "+= with repeated letters",
        "dC[X] += demb adds only once for each letter that repeats.",
        """
            def embedding_steps(dhprebn, X, C, W1):
                N, T = X.shape
                emb = C[X]
                embcat = emb.reshape(N, -1)
                dembcat = dhprebn @ W1.T
                dW1 = embcat.T @ dhprebn
                db1 = dhprebn.sum(axis=0)
                demb = dembcat.reshape(emb.shape)
                dC = np.zeros_like(C)
                dC[X] += demb
                return dembcat, dW1, db1, demb, dC
        """,
    ),
    _wrong(
        "embedding_steps",
        "each example overwrites",
        "dC[X[n]] = demb[n] keeps the last use of each letter.",
        """
            def embedding_steps(dhprebn, X, C, W1):
                N, T = X.shape
                emb = C[X]
                embcat = emb.reshape(N, -1)
                dembcat = dhprebn @ W1.T
                dW1 = embcat.T @ dhprebn
                db1 = dhprebn.sum(axis=0)
                demb = dembcat.reshape(emb.shape)
                dC = np.zeros_like(C)
                for n in range(N):
                    dC[X[n]] = demb[n]
                return dembcat, dW1, db1, demb, dC
        """,
    ),
    _wrong(
        "embedding_steps",
        "repeats within an example",
        "The loop over examples adds dC[X[n]] += demb[n], which loses a letter that occurs twice in the same example.",
        """
            def embedding_steps(dhprebn, X, C, W1):
                N, T = X.shape
                emb = C[X]
                embcat = emb.reshape(N, -1)
                dembcat = dhprebn @ W1.T
                dW1 = embcat.T @ dhprebn
                db1 = dhprebn.sum(axis=0)
                demb = dembcat.reshape(emb.shape)
                dC = np.zeros_like(C)
                for n in range(N):
                    dC[X[n]] += demb[n]
                return dembcat, dW1, db1, demb, dC
        """,
    ),
    _wrong(
        "embedding_steps",
        "places and entries mixed up",
        "demb is reshaped to (N, E, T) and transposed, so entries land in wrong places.",
        """
            def embedding_steps(dhprebn, X, C, W1):
                N, T = X.shape
                emb = C[X]
                embcat = emb.reshape(N, -1)
                dembcat = dhprebn @ W1.T
                dW1 = embcat.T @ dhprebn
                db1 = dhprebn.sum(axis=0)
                demb = dembcat.reshape(N, C.shape[1], T).transpose(0, 2, 1)
                dC = np.zeros_like(C)
                np.add.at(dC, X, demb)
                return dembcat, dW1, db1, demb, dC
        """,
    ),
    _wrong(
        "embedding_steps",
        "bias averaged",
        "db1 is the mean over the batch, not the sum.",
        """
            def embedding_steps(dhprebn, X, C, W1):
                N, T = X.shape
                emb = C[X]
                embcat = emb.reshape(N, -1)
                dembcat = dhprebn @ W1.T
                dW1 = embcat.T @ dhprebn
                db1 = dhprebn.mean(axis=0)
                demb = dembcat.reshape(emb.shape)
                dC = np.zeros_like(C)
                np.add.at(dC, X, demb)
                return dembcat, dW1, db1, demb, dC
        """,
    ),
    _wrong(
        "fused_cross_entropy",
        "not averaged",
        "1/N of the mean is missing.",
        """
            def fused_cross_entropy(logits, y):
                N = len(logits)
                e = np.exp(logits - logits.max(axis=1, keepdims=True))
                d = e / e.sum(axis=1, keepdims=True)
                d[np.arange(N), y] -= 1
                return d
        """,
    ),
    _wrong(
        "fused_cross_entropy",
        "target minus prediction",
        "The sign is wrong: it is target minus prediction.",
        """
            def fused_cross_entropy(logits, y):
                N = len(logits)
                e = np.exp(logits - logits.max(axis=1, keepdims=True))
                d = e / e.sum(axis=1, keepdims=True)
                d[np.arange(N), y] -= 1
                return -d / N
        """,
    ),
    _wrong(
        "fused_cross_entropy",
        "softmax over the batch",
        "The softmax runs over the examples and not over the classes.",
        """
            def fused_cross_entropy(logits, y):
                N = len(logits)
                e = np.exp(logits - logits.max(axis=0, keepdims=True))
                d = e / e.sum(axis=0, keepdims=True)
                d[np.arange(N), y] -= 1
                return d / N
        """,
    ),
    _wrong(
        "fused_cross_entropy",
        "one taken off whole columns",
        "d[:, y] -= 1 takes 1 off the columns of all labels, in every row.",
        """
            def fused_cross_entropy(logits, y):
                N = len(logits)
                e = np.exp(logits - logits.max(axis=1, keepdims=True))
                d = e / e.sum(axis=1, keepdims=True)
                d[:, y] -= 1
                return d / N
        """,
    ),
    _wrong(
        "fused_cross_entropy",
        "divided by the number of entries",
        "It is divided by N C and not by N.",
        """
            def fused_cross_entropy(logits, y):
                N = len(logits)
                e = np.exp(logits - logits.max(axis=1, keepdims=True))
                d = e / e.sum(axis=1, keepdims=True)
                d[np.arange(N), y] -= 1
                return d / d.size
        """,
    ),
    _wrong(
        "fused_batchnorm",
        "no path through the variance",
        "The term with bnraw, the path through the variance, is missing.",
        """
            def fused_batchnorm(dhpreact, hprebn, gain):
                bndiff = hprebn - hprebn.mean(axis=0, keepdims=True)
                bnvar_inv = ((bndiff**2).mean(axis=0, keepdims=True) + 1e-5) ** -0.5
                bnraw = bndiff * bnvar_inv
                return gain * bnvar_inv * (dhpreact - dhpreact.mean(axis=0))
        """,
    ),
    _wrong(
        "fused_batchnorm",
        "no path through the mean, fused_batchnorm",
        "The term with the mean of dhpreact is missing.",
        """
            def fused_batchnorm(dhpreact, hprebn, gain):
                bndiff = hprebn - hprebn.mean(axis=0, keepdims=True)
                bnvar_inv = ((bndiff**2).mean(axis=0, keepdims=True) + 1e-5) ** -0.5
                bnraw = bndiff * bnvar_inv
                return gain * bnvar_inv * (dhpreact - bnraw * (dhpreact * bnraw).mean(axis=0))
        """,
    ),
    _wrong(
        "fused_batchnorm",
        "over N - 1",
        "The last term is divided by N - 1, as with Karpathy's unbiased variance; here the variance divides by N.",
        """
            def fused_batchnorm(dhpreact, hprebn, gain):
                bndiff = hprebn - hprebn.mean(axis=0, keepdims=True)
                bnvar_inv = ((bndiff**2).mean(axis=0, keepdims=True) + 1e-5) ** -0.5
                bnraw = bndiff * bnvar_inv
                return gain * bnvar_inv * (dhpreact - dhpreact.mean(axis=0) - bnraw * (dhpreact * bnraw).sum(axis=0) / max(len(hprebn) - 1, 1))
        """,
    ),
    _wrong(
        "fused_batchnorm",
        "gain forgotten, fused_batchnorm",
        "The factor gain is missing.",
        """
            def fused_batchnorm(dhpreact, hprebn, gain):
                bndiff = hprebn - hprebn.mean(axis=0, keepdims=True)
                bnvar_inv = ((bndiff**2).mean(axis=0, keepdims=True) + 1e-5) ** -0.5
                bnraw = bndiff * bnvar_inv
                return bnvar_inv * (dhpreact - dhpreact.mean(axis=0) - bnraw * (dhpreact * bnraw).mean(axis=0))
        """,
    ),
    _wrong(
        "fused_batchnorm",
        "means over the features",
        "The two means are taken over the features of a row, not over the batch.",
        """
            def fused_batchnorm(dhpreact, hprebn, gain):
                bndiff = hprebn - hprebn.mean(axis=0, keepdims=True)
                bnvar_inv = ((bndiff**2).mean(axis=0, keepdims=True) + 1e-5) ** -0.5
                bnraw = bndiff * bnvar_inv
                return gain * bnvar_inv * (dhpreact - dhpreact.mean(axis=1, keepdims=True) - bnraw * (dhpreact * bnraw).mean(axis=1, keepdims=True))
        """,
    ),
    _wrong(
        "fused_batchnorm",
        "constants all the way",
        "Mean and variance are taken for constants: gain * bnvar_inv * dhpreact.",
        """
            def fused_batchnorm(dhpreact, hprebn, gain):
                bndiff = hprebn - hprebn.mean(axis=0, keepdims=True)
                bnvar_inv = ((bndiff**2).mean(axis=0, keepdims=True) + 1e-5) ** -0.5
                bnraw = bndiff * bnvar_inv
                return gain * bnvar_inv * dhpreact
        """,
    ),
    _wrong(
        "fused_sigmoid_formula",
        "sign",
        "Target minus prediction: the sign is wrong.",
        """
            def fused_sigmoid_formula():
                return "y - s"
        """,
    ),
    _wrong(
        "fused_sigmoid_formula",
        "an extra slope",
        "The slope of the sigmoid, which cancels, is still there.",
        """
            def fused_sigmoid_formula():
                return "(s - y) * s * (1 - s)"
        """,
    ),
    _wrong(
        "fused_sigmoid_formula",
        "derivative for s",
        "It is the derivative for s and not for u: the slope of the sigmoid is missing.",
        """
            def fused_sigmoid_formula():
                return "(1 - y) / (1 - s) - y / s"
        """,
    ),
    _wrong(
        "fused_sigmoid_formula",
        "right for y = 0 and y = 1 only",
        "y * y equals y for the labels 0 and 1, and not for a y in between.",
        """
            def fused_sigmoid_formula():
                return "s - y * y"
        """,
    ),
    _wrong(
        "transition_vjp",
        "sums over columns",
        "inner is summed over axis 0, with its axis kept: one number for a column, where each row needs its own.",
        """
            def transition_vjp(g, counts):
                total = counts.sum(axis=1, keepdims=True)
                out = counts / total
                inner = (g * out).sum(axis=0, keepdims=True)
                return (g - inner) / total
        """,
    ),
    _wrong(
        "transition_vjp",
        "inner left out",
        "The path through the sum of the row is dropped altogether.",
        """
            def transition_vjp(g, counts):
                total = counts.sum(axis=1, keepdims=True)
                out = counts / total
                inner = (g * out).sum(axis=1, keepdims=True)
                return g / total
        """,
    ),
    _wrong(
        "transition_vjp",
        "total mended and not inner",
        "total is turned into a row, and inner still lies along the columns.",
        """
            def transition_vjp(g, counts):
                total = counts.sum(axis=1, keepdims=True)
                out = counts / total
                inner = (g * out).sum(axis=1)
                return (g - inner) / total.T
        """,
    ),
    _wrong(
        "transition_vjp",
        "sign turned",
        "inner stands in a column now, but is added.",
        """
            def transition_vjp(g, counts):
                total = counts.sum(axis=1, keepdims=True)
                out = counts / total
                inner = (g * out).sum(axis=1, keepdims=True)
                return (g + inner) / total
        """,
    ),
    _wrong(
        "transition_vjp",
        "inner averaged",
        "The mean over the row, kept as a column, where the sum is due.",
        """
            def transition_vjp(g, counts):
                total = counts.sum(axis=1, keepdims=True)
                out = counts / total
                inner = (g * out).mean(axis=1, keepdims=True)
                return (g - inner) / total
        """,
    ),
    _wrong(
        "fused_sigmoid_formula",
        "not multiplied out",
        "More operations than the two that are asked for.",
        """
            def fused_sigmoid_formula():
                return "(-y / s + (1 - y) / (1 - s)) * s * (1 - s)"
        """,
    ),
    _wrong(
        "fused_sigmoid_formula",
        "two cases",
        "More operations than the two that are asked for.",
        """
            def fused_sigmoid_formula():
                return "(1 - y)*s - y*(1 - s)"
        """,
    ),
    _changed(
        "value_operators",
        "numbers are floats",
        "Only a float is made a Value: with an int, as in a + 2, it is an AttributeError.",
        RIGHT_REVERSE_MODE[3],
        """
            class Value:
                def _lift(self, other):
                    return Value(other) if isinstance(other, float) else other
        """,
    ),
    _changed(
        "value_operators",
        "power through a logarithm",
        "exp(n log a) is nan for a negative a and a whole n, and for 0.",
        RIGHT_REVERSE_MODE[3],
        """
            class Value:
                def __pow__(self, n):
                    out = np.exp(n * np.log(self.data))
                    return Value(out, ((self, n * out / self.data),))
        """,
    ),
    _changed(
        "value_gradients",
        "slope of a power through a division",
        "The slope of a ** n is n·out/a: at a = 0 it is an error, or nan.",
        RIGHT_REVERSE_MODE[3],
        """
            class Value:
                def __pow__(self, n):
                    return Value(self.data**n, ((self, n * self.data**n / self.data if n else 0.0),))
        """,
    ),
    _changed(
        "value_gradients",
        "denominator times its size",
        "b·|b| stands for b²: the gradient of a negative denominator has the wrong sign.",
        RIGHT_REVERSE_MODE[3],
        """
            class Value:
                def __truediv__(self, other):
                    other = self._lift(other)
                    a, b = self.data, other.data
                    return Value(a / b, ((self, 1 / b), (other, -a / (b * abs(b)))))
        """,
    ),
    _changed(
        "value_fan_out",
        "Values told apart by their number",
        "Of two different Values with equal data one is visited, and the other hands nothing on.",
        RIGHT_REVERSE_MODE[3],
        """
            class Value:
                def backward(self):
                    order, seen, stack = [], set(), [(self, False)]
                    while stack:
                        node, done = stack.pop()
                        if done:
                            order.append(node)
                        elif node.data not in seen:
                            seen.add(node.data)
                            stack.append((node, True))
                            stack.extend((parent, False) for parent, _ in node.edges)
                    for node in order:
                        node.grad = 0.0
                    self.grad = 1.0
                    for node in reversed(order):
                        for parent, local in node.edges:
                            parent.grad += node.grad * local
        """,
    ),
    _changed(
        "value_fan_out",
        "one slope for each operand of a difference",
        "The edges of a - b are a dict: in a - a the second one replaces the first, and -1 is left of 0.",
        RIGHT_REVERSE_MODE[3],
        """
            class Value:
                def __sub__(self, other):
                    other = self._lift(other)
                    return Value(self.data - other.data, tuple({self: 1.0, other: -1.0}.items()))
        """,
    ),
    _changed(
        "value_second_backward",
        "each output goes back once",
        "A flag ends a second call at once: after c, then b, then c again the gradients of b are left.",
        RIGHT_REVERSE_MODE[3],
        """
            class Value:
                def backward(self):
                    if getattr(self, "done", False):
                        return
                    self.done = True
                    order, seen, stack = [], set(), [(self, False)]
                    while stack:
                        node, ready = stack.pop()
                        if ready:
                            order.append(node)
                        elif id(node) not in seen:
                            seen.add(id(node))
                            stack.append((node, True))
                            stack.extend((parent, False) for parent, _ in node.edges)
                    for node in order:
                        node.grad = 0.0
                    self.grad = 1.0
                    for node in reversed(order):
                        for parent, local in node.edges:
                            parent.grad += node.grad * local
        """,
    ),
    _changed(
        "value_second_backward",
        "begins without a gradient",
        "grad is None until a backward pass reaches the Value, where it is to begin at 0.0.",
        RIGHT_REVERSE_MODE[3],
        """
            class Value:
                def __init__(self, data, edges=()):
                    self.data = data
                    self.grad = None
                    self.edges = edges
        """,
    ),
    _wrong(
        "log_vjp",
        "guarded against small x",
        "x is kept above 1e-8: smaller ones are positive too.",
        """
            def log_vjp(g, x):
                return g / np.maximum(x, 1e-8)
        """,
    ),
    _wrong(
        "power_vjp",
        "guarded against small x, power_vjp",
        "x is kept above 1e-12: smaller ones are positive too.",
        """
            def power_vjp(g, x, n):
                return g * n * np.clip(x, 1e-12, None) ** (n - 1)
        """,
    ),
    _wrong(
        "where_vjp",
        "shortcut if the condition is all True",
        "Where all are True da is g itself, which is not summed to the shape of a.",
        """
            def unbroadcast(g, shape):
                while g.ndim > len(shape):
                    g = g.sum(axis=0)
                for axis, size in enumerate(shape):
                    if size == 1:
                        g = g.sum(axis=axis, keepdims=True)
                return g

            def where_vjp(g, condition, a, b):
                if np.all(condition):
                    return g, np.zeros(b.shape)
                return unbroadcast(g * condition, a.shape), unbroadcast(g * ~condition, b.shape)
        """,
    ),
    _wrong(
        "sum_vjp",
        "axes put back in the order given",
        "The axes of a tuple are put back one after another: in (2, 0) the first is not there yet.",
        """
            def sum_vjp(g, x, axis, keepdims):
                if not keepdims and axis is not None:
                    for one in axis if isinstance(axis, tuple) else (axis,):
                        g = np.expand_dims(g, one)
                return np.ones_like(x) * g
        """,
    ),
    _wrong(
        "take_vjp",
        "one row squeezed",
        "Where a single row is taken g is squeezed, and added to every row of x.",
        """
            def take_vjp(g, x, index):
                dx = np.zeros_like(x)
                if len(index) == 1:
                    return dx + np.squeeze(g, axis=0)
                np.add.at(dx, index, g)
                return dx
        """,
    ),
    _wrong(
        "jacobian_by_rows",
        "all outputs in one call",
        "vjp takes one g of shape (m,), and is given the identity.",
        """
            def jacobian_by_rows(vjp, x, m):
                return vjp(np.eye(m), x).T
        """,
    ),
    _wrong(
        "hvp",
        "direction of length 1",
        "v is divided by its length: for v = 0 the result is nan in place of 0.",
        """
            def hvp(gradient, x, v):
                length, h = np.linalg.norm(v), 1e-5
                u = v / length
                return length * (gradient(x + h * u) - gradient(x - h * u)) / (2 * h)
        """,
    ),
]
