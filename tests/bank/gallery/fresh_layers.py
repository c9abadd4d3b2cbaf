"""Fresh wrong answers to the unit layers, written from the public contract by one who had not seen the judge.

What is told of them is measured (``benchmarks/diagnosis.py``) and held against what is true of each (``truth.py``).
"""

from __future__ import annotations

from functools import partial

from .entry import Entry, wrong

__all__ = ["FRESH_LAYERS"]

_fresh = partial(wrong, "layers")

FRESH_LAYERS: list[Entry] = [
    _fresh(
        "affine_forward",
        "bias left out (fresh)",
        "The bias b is never added: out is X w alone.",
        """
        def affine_forward(x, w, b):
            N = x.shape[0]
            X = x.reshape(N, -1)
            out = np.matmul(X, w)
            cache = (x, w, b)
            return out, cache
        """,
    ),
    _fresh(
        "affine_forward",
        "only matrices (fresh)",
        ("x is not flattened, so x.dot(w) raises for inputs with more than two axes (two-axis inputs are right)."),
        """
        def affine_forward(x, w, b):
            out = x.dot(w) + b
            cache = (x, w, b)
            return out, cache
        """,
    ),
    _fresh(
        "affine_forward",
        "Fortran flatten (fresh)",
        (
            "Each example is flattened in column-major (Fortran) order, so entries of X meet the wrong rows of w "
            "when x has more than two axes."
        ),
        """
        def affine_forward(x, w, b):
            rows = [example.flatten(order="F") for example in x]
            out = np.stack(rows) @ w + b
            return out, (x, w, b)
        """,
    ),
    _fresh(
        "affine_forward",
        "bias inside the inner loop (fresh)",
        "The bias is added inside the loop over the D inputs, so b is added D times instead of once.",
        """
        def affine_forward(x, w, b):
            N = len(x)
            D, M = w.shape
            X = x.reshape(N, D)
            out = np.zeros((N, M))
            for n in range(N):
                for m in range(M):
                    for d in range(D):
                        out[n, m] += X[n, d] * w[d, m] + b[m]
            return out, (x, w, b)
        """,
    ),
    _fresh(
        "affine_forward",
        "bias as a column (fresh)",
        (
            "b is made a column (M, 1), so it is added along the rows: it raises when N differs from M (and N and "
            "M are not 1), and when N = M example n gets b[n]."
        ),
        """
        def affine_forward(x, w, b):
            X = x.reshape(x.shape[0], np.prod(x.shape[1:]))
            out = X @ w + b.reshape(-1, 1)
            return out, (x, w, b)
        """,
    ),
    _fresh(
        "affine_forward",
        "relu fused in (fresh)",
        "A ReLU is applied on top: negative entries of X w + b come out as 0.",
        """
        def affine_forward(x, w, b):
            X = np.reshape(x, (x.shape[0], -1))
            score = X @ w + b
            out = np.maximum(score, 0)  # activation
            cache = (x, w, b)
            return out, cache
        """,
    ),
    _fresh(
        "affine_forward",
        "integer buffer (fresh)",
        "The output buffer is created with an integer dtype, so every entry is truncated towards 0.",
        """
        def affine_forward(x, w, b):
            N, M = x.shape[0], w.shape[1]
            out = np.zeros((N, M), dtype=int)
            for n in range(N):
                out[n] = x[n].ravel() @ w + b
            return out, (x, w, b)
        """,
    ),
    _fresh(
        "affine_forward",
        "all axes merged from the wrong end (fresh)",
        (
            "x is reshaped to (-1, last axis size) instead of (N, -1), so inputs with more than two axes raise "
            "(shape mismatch with w)."
        ),
        """
        def affine_forward(x, w, b):
            flat = x.reshape(-1, x.shape[-1])
            out = flat @ w
            out = out + b[None, :]
            return out, (x, w, b)
        """,
    ),
    _fresh(
        "affine_backward",
        "dw and db averaged (fresh)",
        "dw and db are divided by the number N of examples, although nothing is to be averaged; dx is right.",
        """
        def affine_forward(x, w, b):
            out = x.reshape(x.shape[0], -1).dot(w) + b
            return out, (x, w, b)


        def affine_backward(dout, cache):
            x, w, b = cache
            m = x.shape[0]
            X = x.reshape(m, -1)
            dw = X.T.dot(dout) / m
            db = dout.sum(axis=0) / m
            dx = dout.dot(w.T).reshape(x.shape)
            return dx, dw, db
        """,
    ),
    _fresh(
        "affine_backward",
        "db summed over units (fresh)",
        (
            "db sums dout over axis 1 (the M units) instead of axis 0 (the N examples), so it has N entries, one "
            "for each example."
        ),
        """
        def affine_forward(x, w, b):
            out = x.reshape(x.shape[0], -1).dot(w) + b
            return out, (x, w, b)


        def affine_backward(dout, cache):
            x, w, b = cache
            dx = (dout @ w.T).reshape(*x.shape)
            dw = x.reshape(x.shape[0], -1).T @ dout
            db = np.sum(dout, axis=1)
            return dx, dw, db
        """,
    ),
    _fresh(
        "affine_backward",
        "dx left flat (fresh)",
        "dx is not reshaped to the shape of x: it has shape (N, D) also when x has more axes.",
        """
        def affine_forward(x, w, b):
            out = x.reshape(x.shape[0], -1).dot(w) + b
            return out, (x, w, b)


        def affine_backward(dout, cache):
            x, w, b = cache
            X = x.reshape(len(x), -1)
            dx = np.einsum("nm,dm->nd", dout, w)
            dw = np.einsum("nd,nm->dm", X, dout)
            db = np.einsum("nm->m", dout)
            return dx, dw, db
        """,
    ),
    _fresh(
        "affine_backward",
        "last example only (fresh)",
        (
            "In the loop over examples dw and db are assigned instead of accumulated, so both hold the "
            "contribution of the last example only."
        ),
        """
        def affine_forward(x, w, b):
            out = x.reshape(x.shape[0], -1).dot(w) + b
            return out, (x, w, b)


        def affine_backward(dout, cache):
            x, w, b = cache
            dx = np.zeros_like(x)
            dw = np.zeros_like(w)
            db = np.zeros_like(b)
            for i in range(x.shape[0]):
                dx[i] = w.dot(dout[i]).reshape(x[i].shape)
                dw = np.outer(x[i], dout[i])
                db = dout[i]
            return dx, dw, db
        """,
    ),
    _fresh(
        "affine_backward",
        "returned in another order (fresh)",
        "The gradients are returned as (dw, db, dx) instead of (dx, dw, db).",
        """
        def affine_forward(x, w, b):
            out = x.reshape(x.shape[0], -1).dot(w) + b
            return out, (x, w, b)


        def affine_backward(dout, cache):
            x, w, b = cache
            N = x.shape[0]
            dw = x.reshape(N, -1).T @ dout
            db = dout.sum(0)
            dx = (dout @ w.T).reshape(x.shape)
            return dw, db, dx
        """,
    ),
    _fresh(
        "affine_backward",
        "grad buffers never zeroed (fresh)",
        (
            "dw and db are accumulated in module-level buffers that are never zeroed for a new call, so from the "
            "second call on with the same shapes they contain the sums of all earlier calls."
        ),
        """
        def affine_forward(x, w, b):
            out = x.reshape(x.shape[0], -1).dot(w) + b
            return out, (x, w, b)


        _grads = {}


        def affine_backward(dout, cache):
            x, w, b = cache
            key = w.shape
            if key not in _grads:
                _grads[key] = [np.zeros(w.shape), np.zeros(b.shape)]
            _grads[key][0] = _grads[key][0] + x.reshape(len(x), -1).T @ dout
            _grads[key][1] = _grads[key][1] + dout.sum(axis=0)
            dx = (dout @ w.T).reshape(x.shape)
            return dx, _grads[key][0], _grads[key][1]
        """,
    ),
    _fresh(
        "affine_backward",
        "weight decay in dw (fresh)",
        "An L2 penalty gradient 0.01·w is added to dw, which is not part of the layer.",
        """
        def affine_forward(x, w, b):
            out = x.reshape(x.shape[0], -1).dot(w) + b
            return out, (x, w, b)


        REG = 1e-2


        def affine_backward(dout, cache):
            x, w, b = cache
            x_rows = x.reshape(x.shape[0], -1)
            dw = x_rows.T @ dout
            dw += REG * w
            db = np.sum(dout, axis=0)
            dx = np.dot(dout, w.T).reshape(x.shape)
            return dx, dw, db
        """,
    ),
    _fresh(
        "affine_backward",
        "db is the upstream of the first row (fresh)",
        "db is just dout[0], the first example's upstream gradient, instead of the sum over all examples.",
        '''
        def affine_forward(x, w, b):
            out = x.reshape(x.shape[0], -1).dot(w) + b
            return out, (x, w, b)


        def affine_backward(dout, cache):
            """d(out)/d(b) is the identity, so db is what comes from above."""
            x, w, _ = cache
            dx = (dout @ w.T).reshape(x.shape)
            dw = x.reshape(x.shape[0], -1).T @ dout
            db = dout[0]
            return dx, dw, db
        ''',
    ),
    _fresh(
        "affine_backward",
        "cache keeps the flat x (fresh)",
        (
            "The forward pass caches x already flattened, so the backward pass returns dx of shape (N, D) for "
            "inputs with more axes."
        ),
        """
        def affine_forward(x, w, b):
            x = x.reshape(x.shape[0], -1)
            out = x @ w + b
            return out, (x, w, b)


        def affine_backward(dout, cache):
            x, w, b = cache
            dx = (dout @ w.T).reshape(x.shape)
            dw = x.reshape(x.shape[0], -1).T @ dout
            db = dout.sum(axis=0)
            return dx, dw, db
        """,
    ),
    _fresh(
        "affine_backward",
        "dw transposed (fresh)",
        "dw is computed as doutᵀ X, so it comes out transposed, (M, D) instead of (D, M).",
        """
        def affine_forward(x, w, b):
            out = x.reshape(x.shape[0], -1).dot(w) + b
            return out, (x, w, b)


        def affine_backward(dout, cache):
            x, w, b = cache
            X = x.reshape(x.shape[0], -1)
            dx = (dout @ w.T).reshape(x.shape)
            return dx, dout.T @ X, dout.sum(axis=0)
        """,
    ),
    _fresh(
        "affine_backward",
        "dx averaged over the batch (fresh)",
        "dx is divided by the number N of examples; dw and db are right.",
        """
        def affine_forward(x, w, b):
            out = x.reshape(x.shape[0], -1).dot(w) + b
            return out, (x, w, b)


        def affine_backward(dout, cache):
            x, w, b = cache
            N = dout.shape[0]
            delta = dout / N
            dx = (delta @ w.T).reshape(x.shape)
            dw = x.reshape(N, -1).T @ dout
            db = dout.sum(0)
            return dx, dw, db
        """,
    ),
    _fresh(
        "affine_backward",
        "db keeps a row axis (fresh)",
        "db is returned with shape (1, M) (keepdims=True) instead of (M,).",
        """
        def affine_forward(x, w, b):
            out = x.reshape(x.shape[0], -1).dot(w) + b
            return out, (x, w, b)


        def affine_backward(dout, cache):
            x, w, b = cache
            X = x.reshape(x.shape[0], -1)
            dw = np.dot(X.T, dout)
            db = np.sum(dout, axis=0, keepdims=True)
            dx = np.dot(dout, w.T).reshape(x.shape)
            return dx, dw, db
        """,
    ),
    _fresh(
        "linear_forward",
        "scaled like attention (fresh)",
        "The product is divided by √D, a scaling that belongs to attention, not to a linear layer.",
        """
        def linear_forward(x, w):
            out = x @ w / np.sqrt(x.shape[-1])
            return out, (x, w)
        """,
    ),
    _fresh(
        "linear_forward",
        "torch weight layout (fresh)",
        "w is transposed as in PyTorch's (M, D) layout: x wᵀ raises when D ≠ M and is wrong when w is square.",
        """
        def linear_forward(x, w):
            # like torch.nn.functional.linear
            out = x @ w.T
            cache = (x, w)
            return out, cache
        """,
    ),
    _fresh(
        "linear_forward",
        "loop stops short (fresh)",
        "The loop over the inputs runs to D − 1, so the last input feature is left out of the sum.",
        """
        def linear_forward(x, w):
            N, D = x.shape
            M = w.shape[1]
            out = np.zeros((N, M))
            for d in range(D - 1):
                out += np.outer(x[:, d], w[d])
            return out, (x, w)
        """,
    ),
    _fresh(
        "linear_forward",
        "phantom bias of one (fresh)",
        "A constant bias of 1 is added to every output.",
        """
        def linear_forward(x, w):
            ones = np.ones((x.shape[0], 1))
            X = np.hstack([x, ones])
            W = np.vstack([w, np.ones((1, w.shape[1]))])
            return X @ W, (x, w)
        """,
    ),
    _fresh(
        "linear_forward",
        "columns of w normalised (fresh)",
        (
            "Each column of w is normalised to length 1 before the product (cosine layer), so out is off by the "
            "column norms."
        ),
        """
        def linear_forward(x, w):
            unit = w / np.linalg.norm(w, axis=0)
            out = np.einsum("nd,dm->nm", x, unit)
            return out, (x, w)
        """,
    ),
    _fresh(
        "linear_backward",
        "w not transposed (fresh)",
        "dx uses dout @ w without the transpose: it raises when w is not square and is wrong when it is.",
        """
        def linear_forward(x, w):
            return np.dot(x, w), (x, w)


        def linear_backward(dout, cache):
            x, w = cache
            dw = x.T @ dout
            dx = dout @ w
            return dx, dw
        """,
    ),
    _fresh(
        "linear_backward",
        "outer product of sums (fresh)",
        (
            "dw is the outer product of the column sums of x and dout, instead of the sum over examples of the "
            "outer products; it is right only for N = 1."
        ),
        """
        def linear_forward(x, w):
            return np.dot(x, w), (x, w)


        def linear_backward(dout, cache):
            x, w = cache
            dx = dout.dot(w.T)
            dw = np.outer(x.sum(axis=0), dout.sum(axis=0))
            return dx, dw
        """,
    ),
    _fresh(
        "linear_backward",
        "swapped on return (fresh)",
        "The two gradients are returned in the order (dw, dx) instead of (dx, dw).",
        """
        def linear_forward(x, w):
            return np.dot(x, w), (x, w)


        def linear_backward(dout, cache):
            (x, w) = cache
            grad_w = np.dot(x.T, dout)
            grad_x = np.dot(dout, w.T)
            return grad_w, grad_x
        """,
    ),
    _fresh(
        "linear_backward",
        "mean weight gradient (fresh)",
        "dw is the mean over the examples instead of the sum (divided by N); dx is right.",
        """
        def linear_forward(x, w):
            return np.dot(x, w), (x, w)


        def linear_backward(dout, cache):
            x, w = cache
            dx = np.array([w @ g for g in dout])
            dw = np.mean([np.outer(xi, g) for xi, g in zip(x, dout)], axis=0)
            return dx, dw
        """,
    ),
    _fresh(
        "linear_backward",
        "dx forgets upstream (fresh)",
        (
            "dx is the sum over the outputs of w (upstream gradient taken as 1), the same for each example: dout "
            "is left out of dx."
        ),
        """
        def linear_forward(x, w):
            return np.dot(x, w), (x, w)


        def linear_backward(dout, cache):
            x, w = cache
            dx = np.ones_like(dout) @ w.T
            dw = x.T @ dout
            return dx, dw
        """,
    ),
    _fresh(
        "linear_backward",
        "loop skips the first row (fresh)",
        "The loop that accumulates dw starts at example 1, so the first example (index 0) is left out of dw.",
        """
        def linear_forward(x, w):
            return np.dot(x, w), (x, w)


        def linear_backward(dout, cache):
            x, w = cache
            dw = np.zeros_like(w)
            for n in range(1, len(x)):
                dw += x[n][:, None] * dout[n][None, :]
            dx = dout @ w.T
            return dx, dw
        """,
    ),
    _fresh(
        "linear_backward",
        "minus sign from descent (fresh)",
        "Both gradients are returned with a minus sign, as if they were the descent direction.",
        """
        def linear_forward(x, w):
            return np.dot(x, w), (x, w)


        def linear_backward(dout, cache):
            x, w = cache
            step = -dout
            return step @ w.T, x.T @ step
        """,
    ),
    _fresh(
        "linear_jacobian",
        "w itself (fresh)",
        "w is returned as it is, (D, M): the Jacobian is its transpose (M, D).",
        """
        def linear_jacobian(w):
            return w.copy()
        """,
    ),
    _fresh(
        "linear_jacobian",
        "reshape for transpose (fresh)",
        ("w is reshaped to (M, D) instead of transposed: the shape is right, the entries are at the wrong places."),
        """
        def linear_jacobian(w):
            D, M = w.shape
            J = w.reshape(M, D)
            return J
        """,
    ),
    _fresh(
        "linear_jacobian",
        "diagonal only (fresh)",
        "Only the entries with i = j are filled in; all others, which are w[j, i], stay 0.",
        """
        def linear_jacobian(w):
            D, M = w.shape
            J = np.zeros((M, D))
            for k in range(min(D, M)):
                J[k, k] = w[k, k]
            return J
        """,
    ),
    _fresh(
        "linear_jacobian",
        "Kronecker batch (fresh)",
        (
            "The Jacobian of a whole batch of M rows is built with a Kronecker product, of shape (M·M, M·D), "
            "instead of that of one row."
        ),
        """
        def linear_jacobian(w):
            M = w.shape[1]
            return np.kron(np.eye(M), w.T)
        """,
    ),
    _fresh(
        "linear_jacobian",
        "finite differences from ones, summed (fresh)",
        (
            "The finite differences are summed over the outputs, giving a vector of D entries (the gradient of "
            "the sum) instead of an (M, D) matrix."
        ),
        """
        def linear_jacobian(w):
            D, M = w.shape
            J = np.zeros(D)
            for j in range(D):
                e = np.zeros(D)
                e[j] = 1.0
                J[j] = np.sum(e @ w)
            return J
        """,
    ),
    _fresh(
        "relu_forward",
        "np.max for np.maximum (fresh)",
        (
            "np.max(x, 0) is used for np.maximum(x, 0): it takes the maximum along axis 0 instead of the "
            "elementwise maximum with 0."
        ),
        """
        def relu_forward(x):
            out = np.max(x, 0)
            cache = x
            return out, cache
        """,
    ),
    _fresh(
        "relu_forward",
        "mask as output (fresh)",
        "The mask x > 0 (ones and zeros) is returned in place of the positive values.",
        """
        def relu_forward(x):
            active = (x > 0).astype(float)
            return active, x
        """,
    ),
    _fresh(
        "relu_forward",
        "ReLU6 (fresh)",
        "The output is capped at 6 (ReLU6), so values of x above 6 are wrong; all others are right.",
        """
        def relu_forward(x):
            out = np.clip(x, 0, 6)
            return out, x
        """,
    ),
    _fresh(
        "relu_forward",
        "absolute value (fresh)",
        "Negative entries are reflected (the absolute value is taken) instead of set to 0.",
        """
        def relu_forward(x):
            out = np.sqrt(x * x)
            cache = x
            return out, cache
        """,
    ),
    _fresh(
        "relu_forward",
        "flattened by boolean index (fresh)",
        (
            "Boolean indexing drops the entries that are not positive and returns a flat array of the positive "
            "ones only."
        ),
        """
        def relu_forward(x):
            out = x[x > 0]
            return out, x
        """,
    ),
    _fresh(
        "relu_forward",
        "leaky left over (fresh)",
        "Negative entries give 0.01·x (leaky ReLU) instead of 0.",
        """
        def relu_forward(x):
            out = np.maximum(0.01 * x, x)
            return out, x
        """,
    ),
    _fresh(
        "relu_backward",
        "mask on the gradient (fresh)",
        "The mask is taken from dout > 0 instead of x > 0, so it hands on the positive upstream gradients.",
        """
        def relu_forward(x):
            out = np.where(x > 0, x, 0.0)
            cache = x
            return out, cache


        def relu_backward(dout, cache):
            x = cache
            dx = np.maximum(dout, 0)
            return dx
        """,
    ),
    _fresh(
        "relu_backward",
        "guided backprop (fresh)",
        (
            "The gradient is passed only where both x > 0 and dout > 0 (guided backpropagation), so negative "
            "upstream gradients at active units are lost."
        ),
        """
        def relu_forward(x):
            out = np.where(x > 0, x, 0.0)
            cache = x
            return out, cache


        def relu_backward(dout, cache):
            x = cache
            dx = dout.copy()
            dx[x <= 0] = 0
            dx[dout <= 0] = 0
            return dx
        """,
    ),
    _fresh(
        "relu_backward",
        "times the output (fresh)",
        ("dout is multiplied by max(0, x) instead of by the slope 1, so active entries are too large by the factor x."),
        """
        def relu_forward(x):
            out = np.where(x > 0, x, 0.0)
            cache = x
            return out, cache


        def relu_backward(dout, cache):
            return dout * np.maximum(0, cache)
        """,
    ),
    _fresh(
        "relu_backward",
        "mask upside down (fresh)",
        "The mask is inverted: dout is handed on where x < 0 and zeroed where x > 0.",
        """
        def relu_forward(x):
            out = np.where(x > 0, x, 0.0)
            cache = x
            return out, cache


        def relu_backward(dout, cache):
            x = cache
            grad = np.array(dout)
            grad[x > 0] = 0
            return grad
        """,
    ),
    _fresh(
        "relu_backward",
        "upstream forgotten (fresh)",
        "Only the slope (0 or 1) is returned; dout is not multiplied in.",
        """
        def relu_forward(x):
            out = np.where(x > 0, x, 0.0)
            cache = x
            return out, cache


        def relu_backward(dout, cache):
            x = cache
            dx = np.zeros_like(x)
            dx[x > 0] = 1
            return dx
        """,
    ),
    _fresh(
        "relu_backward",
        "mask kept in a global (fresh)",
        (
            "The mask is kept in a module global of the last forward pass instead of read from the cache, so the "
            "backward pass of an earlier forward pass uses the wrong mask (or raises on its shape)."
        ),
        """
        _mask = None


        def relu_forward(x):
            global _mask
            _mask = x > 0
            return x * _mask, x


        def relu_backward(dout, cache):
            return dout * _mask
        """,
    ),
    _fresh(
        "relu_backward",
        "threshold at one (fresh)",
        (
            "The mask is x ≥ 1 (x is truncated to an integer first) instead of x > 0, so the gradient is lost for "
            "inputs between 0 and 1."
        ),
        """
        def relu_forward(x):
            out = np.where(x > 0, x, 0.0)
            cache = x
            return out, cache


        def relu_backward(dout, cache):
            x = cache
            return np.where(x.astype(int) > 0, dout, 0.0)
        """,
    ),
    _fresh(
        "relu_backward",
        "whole rows (fresh)",
        (
            "The mask is taken per row (last axis) with any(): if one entry of a row is positive the whole row of "
            "dout is handed on."
        ),
        """
        def relu_forward(x):
            out = np.where(x > 0, x, 0.0)
            cache = x
            return out, cache


        def relu_backward(dout, cache):
            x = cache
            alive = (x > 0).any(axis=-1, keepdims=True)
            return dout * alive
        """,
    ),
    _fresh(
        "relu_jacobian",
        "vector of slopes (fresh)",
        "The slopes are returned as a vector (D,) instead of as the diagonal of a (D, D) matrix.",
        """
        def relu_jacobian(x):
            return np.where(x > 0, 1.0, 0.0)
        """,
    ),
    _fresh(
        "relu_jacobian",
        "outer product of masks (fresh)",
        (
            "The outer product of the mask with itself is returned: it has ones off the diagonal wherever two "
            "units are both active."
        ),
        """
        def relu_jacobian(x):
            m = (x > 0).astype(float)
            return np.outer(m, m)
        """,
    ),
    _fresh(
        "relu_jacobian",
        "values on the diagonal (fresh)",
        "The diagonal holds max(0, x), the outputs, instead of the slopes 0 and 1.",
        """
        def relu_jacobian(x):
            J = np.zeros((x.size, x.size))
            for i in range(x.size):
                J[i, i] = max(0.0, x[i])
            return J
        """,
    ),
    _fresh(
        "relu_jacobian",
        "sign of x (fresh)",
        "Inactive units get −1 (the sign of x) on the diagonal instead of 0.",
        """
        def relu_jacobian(x):
            return np.diag(np.sign(x))
        """,
    ),
    _fresh(
        "relu_jacobian",
        "masked columns full (fresh)",
        (
            "Every row holds the whole mask (ones times mask by broadcasting), so the off-diagonal entries of "
            "active columns are 1 instead of 0."
        ),
        """
        def relu_jacobian(x):
            D = len(x)
            J = np.ones((D, D))
            J = J * (x > 0)
            return J
        """,
    ),
    _fresh(
        "relu_jacobian",
        "forward difference, large step (fresh)",
        (
            "The slopes come from a forward difference with step 0.5, so inputs between −0.5 and 0 get a slope "
            "strictly between 0 and 1 instead of 0."
        ),
        """
        def relu_jacobian(x):
            h = 0.5
            D = x.shape[0]
            J = np.zeros((D, D))
            for j in range(D):
                e = np.zeros(D)
                e[j] = h
                J[:, j] = (np.maximum(0, x + e) - np.maximum(0, x)) / h
            return J
        """,
    ),
    _fresh(
        "leaky_relu_forward",
        "sum of both branches (fresh)",
        "alpha·x is added for positive inputs too, so these give (1 + alpha)·x instead of x.",
        """
        def leaky_relu_forward(x, alpha=0.01):
            out = np.maximum(0, x) + alpha * x
            return out, (x, alpha)
        """,
    ),
    _fresh(
        "leaky_relu_forward",
        "alpha hard-coded (fresh)",
        "The slope 0.01 is hard-coded, so any other alpha is ignored; the default is right.",
        """
        def leaky_relu_forward(x, alpha=0.01):
            out = np.where(x > 0, x, 0.01 * x)
            return out, (x, alpha)
        """,
    ),
    _fresh(
        "leaky_relu_forward",
        "ELU (fresh)",
        "Negative inputs give alpha·(e^x − 1), the ELU, instead of alpha·x.",
        """
        def leaky_relu_forward(x, alpha=0.01):
            out = np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0)))
            return out, (x, alpha)
        """,
    ),
    _fresh(
        "leaky_relu_forward",
        "minimum for maximum (fresh)",
        ("np.minimum(x, alpha·x) is taken, so the slopes are swapped: alpha·x for positive x and x for negative x."),
        """
        def leaky_relu_forward(x, alpha=0.01):
            out = np.minimum(x, alpha * x)
            return out, (x, alpha)
        """,
    ),
    _fresh(
        "leaky_relu_forward",
        "default 0.1 (fresh)",
        "The default of alpha is 0.1 instead of 0.01; a given alpha is used rightly.",
        """
        def leaky_relu_forward(x, alpha=0.1):
            out = x.copy()
            out[x < 0] = out[x < 0] * alpha
            return out, (x, alpha)
        """,
    ),
    _fresh(
        "leaky_relu_forward",
        "alpha as a floor (fresh)",
        (
            "The output is max(x, alpha): negative inputs give the constant alpha, and so do positive inputs "
            "below alpha."
        ),
        """
        def leaky_relu_forward(x, alpha=0.01):
            return np.maximum(x, alpha), (x, alpha)
        """,
    ),
    _fresh(
        "leaky_relu_forward",
        "positive leak (fresh)",
        "Negative inputs give −alpha·x, that is alpha·|x|: the sign of the leak is wrong.",
        """
        def leaky_relu_forward(x, alpha=0.01):
            positive = x * (x > 0)
            negative = -alpha * x * (x <= 0)
            return positive + negative, (x, alpha)
        """,
    ),
    _fresh(
        "leaky_relu_backward",
        "plain ReLU gradient (fresh)",
        "The gradient for negative inputs is 0, as for the plain ReLU, instead of alpha·dout.",
        """
        def leaky_relu_forward(x, alpha=0.01):
            out = np.where(x > 0, x, x * alpha)
            return out, (x, alpha)


        def leaky_relu_backward(dout, cache):
            x, alpha = cache
            return dout * (x > 0)
        """,
    ),
    _fresh(
        "leaky_relu_backward",
        "upstream overwritten (fresh)",
        "Where x is negative dx is set to alpha itself instead of alpha·dout.",
        """
        def leaky_relu_forward(x, alpha=0.01):
            out = np.where(x > 0, x, x * alpha)
            return out, (x, alpha)


        def leaky_relu_backward(dout, cache):
            x, alpha = cache
            dx = dout.copy()
            dx[x < 0] = alpha
            return dx
        """,
    ),
    _fresh(
        "leaky_relu_backward",
        "mask on dout (fresh)",
        "The branch is chosen by the sign of dout instead of the sign of x.",
        """
        def leaky_relu_forward(x, alpha=0.01):
            out = np.where(x > 0, x, x * alpha)
            return out, (x, alpha)


        def leaky_relu_backward(dout, cache):
            x, alpha = cache
            return np.where(dout > 0, dout, alpha * dout)
        """,
    ),
    _fresh(
        "leaky_relu_backward",
        "alpha 0.01 inside (fresh)",
        ("The slope 0.01 is hard-coded in the backward pass, so another alpha is ignored; the default is right."),
        """
        def leaky_relu_forward(x, alpha=0.01):
            out = np.where(x > 0, x, x * alpha)
            return out, (x, alpha)


        def leaky_relu_backward(dout, cache):
            x, _ = cache
            slope = np.ones_like(x)
            slope[x <= 0] = 0.01
            return dout * slope
        """,
    ),
    _fresh(
        "leaky_relu_backward",
        "alpha squared (fresh)",
        "alpha is multiplied in twice for negative inputs, so they get alpha²·dout.",
        """
        def leaky_relu_forward(x, alpha=0.01):
            out = np.where(x > 0, x, x * alpha)
            return out, (x, alpha)


        def leaky_relu_backward(dout, cache):
            x, alpha = cache
            dx = np.where(x > 0, dout, alpha * dout)
            dx[x <= 0] *= alpha
            return dx
        """,
    ),
    _fresh(
        "leaky_relu_backward",
        "derivative alpha x (fresh)",
        "For negative inputs dout is multiplied by alpha·x, the output, instead of by its slope alpha.",
        """
        def leaky_relu_forward(x, alpha=0.01):
            out = np.where(x > 0, x, x * alpha)
            return out, (x, alpha)


        def leaky_relu_backward(dout, cache):
            x, alpha = cache
            return dout * (1.0 * (x > 0) + alpha * x * (x <= 0))
        """,
    ),
    _fresh(
        "sigmoid_forward",
        "sign in the exponent (fresh)",
        "e^x is used for e^−x, which gives 1 − σ(x) = σ(−x).",
        """
        def sigmoid_forward(x):
            with np.errstate(over="ignore"):
                out = 1 / (1 + np.exp(x))
            return out, out
        """,
    ),
    _fresh(
        "sigmoid_forward",
        "other closed form (fresh)",
        "e^x / (1 + e^x) is inf/inf = nan for large positive logits such as 1500; moderate logits are right.",
        """
        def sigmoid_forward(x):
            e = np.exp(x)
            out = e / (1.0 + e)
            cache = out
            return out, cache
        """,
    ),
    _fresh(
        "sigmoid_forward",
        "clipped at ten (fresh)",
        (
            "x is clipped to [−10, 10] before the exponential, so beyond that the result stays at 4.5e-5 or its "
            "complement."
        ),
        """
        def sigmoid_forward(x):
            z = np.clip(x, -10, 10)  # avoid overflow
            out = 1 / (1 + np.exp(-z))
            return out, out
        """,
    ),
    _fresh(
        "sigmoid_forward",
        "tanh without the half (fresh)",
        "The identity with tanh lacks the half in its argument: (1 + tanh x)/2 is σ(2x).",
        """
        def sigmoid_forward(x):
            out = 0.5 * (1 + np.tanh(x))
            return out, out
        """,
    ),
    _fresh(
        "sigmoid_forward",
        "hard sigmoid (fresh)",
        "The piecewise linear hard sigmoid clip(0.2·x + 0.5, 0, 1) is returned, only an approximation.",
        """
        def sigmoid_forward(x):
            out = np.clip(0.2 * x + 0.5, 0.0, 1.0)
            return out, out
        """,
    ),
    _fresh(
        "sigmoid_forward",
        "stable split gone wrong (fresh)",
        ("The branch for negative x is 1 / (1 + e^x) instead of e^x / (1 + e^x), so negative inputs give σ(|x|)."),
        """
        def sigmoid_forward(x):
            out = np.empty_like(x)
            pos = x >= 0
            out[pos] = 1 / (1 + np.exp(-x[pos]))
            e = np.exp(x[~pos])
            out[~pos] = 1 / (1 + e)
            return out, out
        """,
    ),
    _fresh(
        "sigmoid_forward",
        "two axes only (fresh)",
        "The loops unpack x.shape into two numbers, so any x that has not exactly two axes raises.",
        """
        import math


        def sigmoid_forward(x):
            N, D = x.shape
            out = np.zeros((N, D))
            for i in range(N):
                for j in range(D):
                    v = x[i, j]
                    out[i, j] = 1 / (1 + math.exp(-v)) if v > 0 else math.exp(v) / (1 + math.exp(v))
            return out, out
        """,
    ),
    _fresh(
        "sigmoid_backward",
        "sigmoid of the output (fresh)",
        "The cached output is taken for the input and passed through the sigmoid once more before s(1 − s).",
        """
        def sigmoid_forward(x):
            z = np.exp(-np.abs(x))
            out = np.where(x < 0, z / (1 + z), 1 / (1 + z))
            return out, out


        def sigmoid_backward(dout, cache):
            x = cache
            s = 1 / (1 + np.exp(-x))
            return dout * s * (1 - s)
        """,
    ),
    _fresh(
        "sigmoid_backward",
        "derivative of tanh (fresh)",
        "The slope is taken as 1 − s², that of tanh, instead of s(1 − s).",
        """
        def sigmoid_forward(x):
            z = np.exp(-np.abs(x))
            out = np.where(x < 0, z / (1 + z), 1 / (1 + z))
            return out, out


        def sigmoid_backward(dout, cache):
            s = cache
            dx = dout * (1 - s ** 2)
            return dx
        """,
    ),
    _fresh(
        "sigmoid_backward",
        "no chain rule (fresh)",
        "Only the local slope s(1 − s) is returned; the upstream gradient is not multiplied in.",
        """
        def sigmoid_forward(x):
            z = np.exp(-np.abs(x))
            out = np.where(x < 0, z / (1 + z), 1 / (1 + z))
            return out, out


        def sigmoid_backward(dout, cache):
            out = cache
            local = out - out * out
            return local
        """,
    ),
    _fresh(
        "sigmoid_backward",
        "input in the cache (fresh)",
        "The forward pass caches x instead of the output, and the backward pass puts x into s(1 − s).",
        """
        def sigmoid_forward(x):
            out = 0.5 * (1 + np.tanh(x / 2))
            cache = x
            return out, cache


        def sigmoid_backward(dout, cache):
            s = cache
            return dout * s * (1 - s)
        """,
    ),
    _fresh(
        "sigmoid_backward",
        "s − 1 (fresh)",
        "The factor is (s − 1) instead of (1 − s), so the sign of the gradient is wrong.",
        """
        def sigmoid_forward(x):
            z = np.exp(-np.abs(x))
            out = np.where(x < 0, z / (1 + z), 1 / (1 + z))
            return out, out


        def sigmoid_backward(dout, cache):
            sigma = cache
            return dout * sigma * (sigma - 1.0)
        """,
    ),
    _fresh(
        "sigmoid_backward",
        "slope kept from vanishing (fresh)",
        "The slope is held at 0.01 at least, so saturated entries get too large a gradient.",
        """
        def sigmoid_forward(x):
            z = np.exp(-np.abs(x))
            out = np.where(x < 0, z / (1 + z), 1 / (1 + z))
            return out, out


        def sigmoid_backward(dout, cache):
            slope = cache * (1 - cache)
            slope = np.maximum(slope, 1e-2)  # against vanishing gradients
            return dout * slope
        """,
    ),
    _fresh(
        "sigmoid_backward",
        "precedence slip (fresh)",
        "The brackets are missing: dout·s·1 − s is computed, that is dout·s − s.",
        """
        def sigmoid_forward(x):
            z = np.exp(-np.abs(x))
            out = np.where(x < 0, z / (1 + z), 1 / (1 + z))
            return out, out


        def sigmoid_backward(dout, cache):
            s = cache
            return dout * s * 1 - s
        """,
    ),
    _fresh(
        "sigmoid_backward",
        "batch mean (fresh)",
        "The gradient is divided by the number of rows, although nothing is averaged in the layer.",
        """
        def sigmoid_forward(x):
            z = np.exp(-np.abs(x))
            out = np.where(x < 0, z / (1 + z), 1 / (1 + z))
            return out, out


        def sigmoid_backward(dout, cache):
            s = cache
            return np.multiply(dout, s * (1 - s)) / s.shape[0]
        """,
    ),
    _fresh(
        "tanh_forward",
        "definition as it stands (fresh)",
        (
            "The definition is evaluated as it stands, so e^x overflows and inf/inf gives nan at ±1500; moderate "
            "inputs are right."
        ),
        """
        def tanh_forward(x):
            p, q = np.exp(x), np.exp(-x)
            out = (p - q) / (p + q)
            return out, out
        """,
    ),
    _fresh(
        "tanh_forward",
        "sigmoid rescaled (fresh)",
        "2σ(x) − 1 is tanh(x/2): the factor 2 in the argument is missing.",
        """
        def tanh_forward(x):
            e = np.exp(-np.abs(x))
            s = np.where(x >= 0, 1, e) / (1 + e)
            out = 2 * s - 1
            return out, out
        """,
    ),
    _fresh(
        "tanh_forward",
        "denominator with minus (fresh)",
        "Numerator and denominator are exchanged: the hyperbolic cotangent 1/tanh(x) is returned.",
        """
        def tanh_forward(x):
            e = np.exp(-2 * np.abs(x))
            out = np.sign(x) * (1 + e) / (1 - e)
            return out, out
        """,
    ),
    _fresh(
        "tanh_forward",
        "series (fresh)",
        ("The Taylor series is cut off after x⁵ (and clipped to ±1), so it is only right near 0 and where tanh is ±1."),
        """
        def tanh_forward(x):
            out = x - x**3 / 3 + 2 * x**5 / 15
            out = np.clip(out, -1, 1)
            return out, out
        """,
    ),
    _fresh(
        "tanh_forward",
        "sign lost (fresh)",
        "The stable form with |x| is not given its sign back, so negative inputs give positive outputs.",
        """
        def tanh_forward(x):
            t = np.exp(-2 * np.abs(x))
            out = (1 - t) / (1 + t)
            return out, out
        """,
    ),
    _fresh(
        "tanh_forward",
        "exponential of 2x (fresh)",
        "(e^{2x} − 1)/(e^{2x} + 1) is nan for large positive x, where e^{2x} overflows; the rest is right.",
        """
        def tanh_forward(x):
            with np.errstate(all="ignore"):
                e = np.exp(2 * x)
                out = (e - 1) / (e + 1)
            return out, out
        """,
    ),
    _fresh(
        "tanh_backward",
        "tanh of tanh (fresh)",
        "tanh is applied to the cached output again before 1 − t².",
        """
        def tanh_forward(x):
            out = np.tanh(x)
            return out, out


        def tanh_backward(dout, cache):
            t = np.tanh(cache)
            return dout * (1 - t * t)
        """,
    ),
    _fresh(
        "tanh_backward",
        "sigmoid's slope (fresh)",
        "The slope is t(1 − t), that of the sigmoid, instead of 1 − t².",
        """
        def tanh_forward(x):
            out = np.tanh(x)
            return out, out


        def tanh_backward(dout, cache):
            t = cache
            dx = dout * t * (1 - t)
            return dx
        """,
    ),
    _fresh(
        "tanh_backward",
        "square outside (fresh)",
        "The square is put outside: (1 − t)² instead of 1 − t².",
        """
        def tanh_forward(x):
            out = np.tanh(x)
            return out, out


        def tanh_backward(dout, cache):
            t = cache
            return dout * np.square(1 - t)
        """,
    ),
    _fresh(
        "tanh_backward",
        "plus sign (fresh)",
        "The slope is 1 + t² instead of 1 − t².",
        """
        def tanh_forward(x):
            out = np.tanh(x)
            return out, out


        def tanh_backward(dout, cache):
            t = cache
            return (1 + t**2) * dout
        """,
    ),
    _fresh(
        "tanh_backward",
        "brackets missing (fresh)",
        "Brackets are missing: dout·1 − t² is computed instead of dout·(1 − t²).",
        """
        def tanh_forward(x):
            out = np.tanh(x)
            return out, out


        def tanh_backward(dout, cache):
            t = cache
            grad = dout * 1 - t ** 2
            return grad
        """,
    ),
    _fresh(
        "tanh_backward",
        "square forgotten (fresh)",
        "The slope is 1 − t: the square of t is forgotten.",
        """
        def tanh_forward(x):
            out = np.tanh(x)
            return out, out


        def tanh_backward(dout, cache):
            out = cache
            dx = np.empty_like(out)
            for idx in np.ndindex(out.shape):
                dx[idx] = dout[idx] * (1 - out[idx])
            return dx
        """,
    ),
    _fresh(
        "tanh_backward",
        "upstream squared in (fresh)",
        "The upstream gradient is inside the square: 1 − (dout·t)² is returned.",
        """
        def tanh_forward(x):
            out = np.tanh(x)
            return out, out


        def tanh_backward(dout, cache):
            return 1 - (dout * cache) ** 2
        """,
    ),
    _fresh(
        "softplus_forward",
        "log1p of exp (fresh)",
        "log1p(e^x) overflows to inf for logits such as 1500; small and moderate logits are right.",
        """
        def softplus_forward(x):
            return np.log1p(np.exp(x)), x
        """,
    ),
    _fresh(
        "softplus_forward",
        "digits lost on the left (fresh)",
        (
            "log(1 + e^{−|x|}) is used without log1p, so for very negative x (below about −37) the result is "
            "exactly 0 and before that digits are lost."
        ),
        """
        def softplus_forward(x):
            out = np.maximum(x, 0) + np.log(1 + np.exp(-np.abs(x)))
            return out, x
        """,
    ),
    _fresh(
        "softplus_forward",
        "early linear switch (fresh)",
        "Above x = 3 the output is replaced by x itself, which is off by up to 0.05.",
        """
        def softplus_forward(x):
            small = np.minimum(x, 3.0)
            out = np.where(x > 3, x, np.log1p(np.exp(small)))
            return out, x
        """,
    ),
    _fresh(
        "softplus_forward",
        "base two (fresh)",
        ("np.logaddexp2 is used: exponential and logarithm both have base 2, log2(1 + 2^x) instead of log(1 + e^x)."),
        """
        def softplus_forward(x):
            out = np.logaddexp2(0, x)
            return out, x
        """,
    ),
    _fresh(
        "softplus_forward",
        "sign of the exponent (fresh)",
        "log(1 + e^{−x}) is returned, which is softplus(−x).",
        """
        def softplus_forward(x):
            out = np.maximum(-x, 0) + np.log1p(np.exp(-np.abs(x)))
            return out, x
        """,
    ),
    _fresh(
        "softplus_forward",
        "max term missing (fresh)",
        ("The term max(x, 0) is left out: only log(1 + e^{−|x|}) is returned, so positive inputs are short of x."),
        """
        def softplus_forward(x):
            correction = np.log1p(np.exp(-abs(x)))
            return correction, x
        """,
    ),
    _fresh(
        "softplus_backward",
        "e^x over one plus e^x (fresh)",
        ("e^x / (1 + e^x) is nan at large positive logits such as 1500, where e^x overflows; the rest is right."),
        """
        def softplus_forward(x):
            out = np.logaddexp(0, x)
            return out, x


        def softplus_backward(dout, cache):
            x = cache
            e = np.exp(x)
            return dout * e / (1 + e)
        """,
    ),
    _fresh(
        "softplus_backward",
        "reflected sigmoid (fresh)",
        "The slope is σ(−x) instead of σ(x).",
        """
        def softplus_forward(x):
            out = np.logaddexp(0, x)
            return out, x


        def softplus_backward(dout, cache):
            x = cache
            slope = 0.5 * (1 + np.tanh(-x / 2))
            return slope * dout
        """,
    ),
    _fresh(
        "softplus_backward",
        "second derivative (fresh)",
        "σ(x)(1 − σ(x)), the second derivative of softplus, is used for its slope σ(x).",
        """
        def softplus_forward(x):
            out = np.logaddexp(0, x)
            return out, x


        def softplus_backward(dout, cache):
            x = cache
            s = 0.5 * (1 + np.tanh(x / 2))
            return dout * s * (1 - s)
        """,
    ),
    _fresh(
        "softplus_backward",
        "treated as ReLU (fresh)",
        "The slope is the step function of the ReLU instead of σ(x).",
        """
        def softplus_forward(x):
            out = np.logaddexp(0, x)
            return out, x


        def softplus_backward(dout, cache):
            # softplus is a smooth relu
            return np.where(cache > 0, dout, 0)
        """,
    ),
    _fresh(
        "softplus_backward",
        "inner derivative missing (fresh)",
        "The outer derivative 1/(1 + e^x) is not multiplied by the inner derivative e^x.",
        """
        def softplus_forward(x):
            out = np.logaddexp(0, x)
            return out, x


        def softplus_backward(dout, cache):
            x = cache
            inner = 1 + np.exp(np.minimum(x, 700))
            return dout / inner
        """,
    ),
    _fresh(
        "softplus_backward",
        "slope without upstream (fresh)",
        "Only σ(x) is returned; dout is not multiplied in.",
        """
        def softplus_forward(x):
            out = np.logaddexp(0, x)
            return out, x


        def softplus_backward(dout, cache):
            x = cache
            return np.exp(-np.logaddexp(0, -x))
        """,
    ),
    _fresh(
        "softplus_backward",
        "output taken for input (fresh)",
        "The forward pass caches its output, and the backward pass takes the sigmoid of the output.",
        """
        def softplus_forward(x):
            out = np.maximum(0, x) + np.log1p(np.exp(-np.abs(x)))
            return out, out


        def softplus_backward(dout, cache):
            x = cache
            z = np.exp(-np.abs(x))
            sig = np.where(x >= 0, 1 / (1 + z), z / (1 + z))
            return dout * sig
        """,
    ),
    _fresh(
        "logsumexp_forward",
        "no shift (fresh)",
        (
            "The exponentials are not shifted, so logits of 1500 overflow to inf and rows of −1500 underflow to "
            "log 0 = −inf; moderate logits are right."
        ),
        """
        def logsumexp_forward(x):
            out = np.log(np.sum(np.exp(x), axis=1))
            return out, (x, out)
        """,
    ),
    _fresh(
        "logsumexp_forward",
        "one maximum for all rows (fresh)",
        (
            "The maximum of the whole matrix is used as the shift of each row, so a row far below it (by more "
            "than about 745) underflows to log 0 = −inf."
        ),
        """
        def logsumexp_forward(x):
            m = x.max()
            out = m + np.log(np.exp(x - m).sum(axis=1))
            return out, (x, out)
        """,
    ),
    _fresh(
        "logsumexp_forward",
        "shift never added back (fresh)",
        ("The row maximum is subtracted and never added back, so each entry is short by the maximum of its row."),
        """
        def logsumexp_forward(x):
            shifted = x - x.max(axis=1, keepdims=True)
            out = np.log(np.exp(shifted).sum(axis=1))
            return out, (x, out)
        """,
    ),
    _fresh(
        "logsumexp_forward",
        "down the columns (fresh)",
        "The sum goes over axis 0 (the examples) instead of the last axis, so out has D entries.",
        """
        def logsumexp_forward(x):
            top = x.max(axis=0)
            out = top + np.log(np.sum(np.exp(x - top), axis=0))
            cache = (x, out)
            return out, cache
        """,
    ),
    _fresh(
        "logsumexp_forward",
        "mean of exponentials (fresh)",
        "The mean of the exponentials is taken instead of their sum, so out is short by log D.",
        """
        def logsumexp_forward(x):
            m = x.max(axis=-1, keepdims=True)
            avg = np.mean(np.exp(x - m), axis=-1)
            out = np.log(avg) + m.squeeze(-1)
            return out, (x, out)
        """,
    ),
    _fresh(
        "logsumexp_forward",
        "column kept (fresh)",
        "The result has shape (N, 1) instead of (N,).",
        """
        def logsumexp_forward(x):
            c = np.amax(x, axis=1, keepdims=True)
            out = c + np.log(np.sum(np.exp(x - c), axis=1, keepdims=True))
            return out, (x, out[:, 0])
        """,
    ),
    _fresh(
        "logsumexp_forward",
        "starts at zero (fresh)",
        (
            "The running log-sum is started at 0 instead of at −∞ (or the first entry), so an extra e^0 is "
            "counted: log(1 + Σ e^x)."
        ),
        """
        def logsumexp_forward(x):
            N, D = x.shape
            out = np.zeros(N)
            for d in range(D):
                out = np.logaddexp(out, x[:, d])
            return out, (x, out)
        """,
    ),
    _fresh(
        "logsumexp_forward",
        "maximum as answer (fresh)",
        "Only the row maximum is returned, the limit for large logits; the log of the sum is dropped.",
        """
        def logsumexp_forward(x):
            # for large logits log-sum-exp is just the max, and this cannot overflow
            out = np.max(x, axis=1)
            return out, (x, out)
        """,
    ),
    _fresh(
        "logsumexp_backward",
        "plain broadcast of dout (fresh)",
        (
            "dout (N,) is multiplied to the (N, D) softmax without a new axis: it raises unless N = D (or one is "
            "1), and for N = D it scales columns instead of rows."
        ),
        """
        def logsumexp_forward(x):
            m = np.max(x, axis=1)
            out = m + np.log(np.sum(np.exp(x - m[:, np.newaxis]), axis=1))
            return out, (x, out)


        def logsumexp_backward(dout, cache):
            x, out = cache
            p = np.exp(x - out[:, None])
            return dout * p
        """,
    ),
    _fresh(
        "logsumexp_backward",
        "unshifted softmax (fresh)",
        "The softmax is e^x / Σ e^x without a shift, so logits of 1500 give inf/inf = nan.",
        """
        def logsumexp_forward(x):
            m = np.max(x, axis=1)
            out = m + np.log(np.sum(np.exp(x - m[:, np.newaxis]), axis=1))
            return out, (x, out)


        def logsumexp_backward(dout, cache):
            x, _ = cache
            e = np.exp(x)
            return dout[:, None] * e / e.sum(axis=1, keepdims=True)
        """,
    ),
    _fresh(
        "logsumexp_backward",
        "softmax's own backward (fresh)",
        (
            "The Jacobian product of the softmax is copied, s·(g − Σ g s) with g = dout broadcast over the row, "
            "which is 0 everywhere."
        ),
        """
        def logsumexp_forward(x):
            m = np.max(x, axis=1)
            out = m + np.log(np.sum(np.exp(x - m[:, np.newaxis]), axis=1))
            return out, (x, out)


        def logsumexp_backward(dout, cache):
            x, out = cache
            s = np.exp(x - out[:, None])
            g = np.repeat(dout[:, None], x.shape[1], axis=1)
            return s * (g - np.sum(g * s, axis=1, keepdims=True))
        """,
    ),
    _fresh(
        "logsumexp_backward",
        "only the largest (fresh)",
        ("The gradient goes to the largest entry of each row only (as for max), instead of to all by their softmax."),
        """
        def logsumexp_forward(x):
            m = np.max(x, axis=1)
            out = m + np.log(np.sum(np.exp(x - m[:, np.newaxis]), axis=1))
            return out, (x, out)


        def logsumexp_backward(dout, cache):
            x, out = cache
            dx = np.zeros_like(x)
            for n in range(x.shape[0]):
                dx[n, np.argmax(x[n])] = dout[n]
            return dx
        """,
    ),
    _fresh(
        "logsumexp_backward",
        "softmax over the batch (fresh)",
        "The softmax is normalised over axis 0 (the examples) instead of over the row.",
        """
        def logsumexp_forward(x):
            m = np.max(x, axis=1)
            out = m + np.log(np.sum(np.exp(x - m[:, np.newaxis]), axis=1))
            return out, (x, out)


        def logsumexp_backward(dout, cache):
            x, out = cache
            e = np.exp(x - x.max(axis=0))
            p = e / e.sum(axis=0)
            return dout.reshape(-1, 1) * p
        """,
    ),
    _fresh(
        "logsumexp_backward",
        "divided by the batch (fresh)",
        "dx is divided by N, although nothing is averaged.",
        """
        def logsumexp_forward(x):
            m = np.max(x, axis=1)
            out = m + np.log(np.sum(np.exp(x - m[:, np.newaxis]), axis=1))
            return out, (x, out)


        def logsumexp_backward(dout, cache):
            x, out = cache
            N = len(out)
            p = np.exp(x - out.reshape(N, 1))
            return p * (dout / N)[:, None]
        """,
    ),
    _fresh(
        "logsumexp_backward",
        "upstream ignored (fresh)",
        "Only the softmax is returned; dout is not multiplied in.",
        """
        def logsumexp_forward(x):
            m = np.max(x, axis=1)
            out = m + np.log(np.sum(np.exp(x - m[:, np.newaxis]), axis=1))
            return out, (x, out)


        def logsumexp_backward(dout, cache):
            x, out = cache
            return np.exp(x - out[..., np.newaxis])
        """,
    ),
    _fresh(
        "softmax_forward",
        "unshifted (fresh)",
        ("The exponentials are not shifted by the row maximum, so large logits such as 1500 give inf/inf = nan."),
        """
        def softmax_forward(x):
            e = np.exp(x)
            p = e / np.sum(e, axis=1, keepdims=True)
            return p, p
        """,
    ),
    _fresh(
        "softmax_forward",
        "normalised by columns (fresh)",
        (
            "The exponentials are divided by the sum over axis 0 (the examples), so the columns add up to 1 "
            "instead of the rows."
        ),
        """
        def softmax_forward(x):
            e = np.exp(x - np.max(x, axis=0))
            p = e / e.sum(axis=0)
            return p, p
        """,
    ),
    _fresh(
        "softmax_forward",
        "normalised over everything (fresh)",
        "The sum goes over the whole matrix, so all entries together add up to 1 instead of each row.",
        """
        def softmax_forward(x):
            e = np.exp(x - x.max(axis=1, keepdims=True))
            out = e / e.sum()
            return out, out
        """,
    ),
    _fresh(
        "softmax_forward",
        "global maximum (fresh)",
        (
            "The maximum of the whole matrix is subtracted from every row, so a row that lies far below it (more "
            "than about 745) underflows to 0/0 = nan."
        ),
        """
        def softmax_forward(x):
            shifted = x - np.max(x)
            e = np.exp(shifted)
            out = e / e.sum(axis=-1, keepdims=True)
            return out, out
        """,
    ),
    _fresh(
        "softmax_forward",
        "mean as shift (fresh)",
        (
            "The row mean is subtracted instead of the row maximum, so a row whose largest logit lies more than "
            "about 709 above its mean overflows to nan."
        ),
        """
        def softmax_forward(x):
            centred = x - x.mean(axis=1, keepdims=True)
            e = np.exp(centred)
            out = e / e.sum(axis=1, keepdims=True)
            return out, out
        """,
    ),
    _fresh(
        "softmax_forward",
        "log probabilities (fresh)",
        "The log-softmax is returned instead of the softmax.",
        """
        def softmax_forward(x):
            z = x - x.max(axis=1, keepdims=True)
            out = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
            return out, out
        """,
    ),
    _fresh(
        "softmax_forward",
        "safe denominator (fresh)",
        "0.01 is added to the denominator against a division by 0, so the rows add up to less than 1.",
        """
        EPS = 1e-2


        def softmax_forward(x):
            e = np.exp(x - x.max(1, keepdims=True))
            out = e / (e.sum(1, keepdims=True) + EPS)
            return out, out
        """,
    ),
    _fresh(
        "softmax_forward",
        "sum without keepdims (fresh)",
        (
            "The row sums have shape (N,) and are broadcast along the columns: it raises unless N = D (or one is "
            "1), and for N = D it divides by the wrong sums."
        ),
        """
        def softmax_forward(x):
            e = np.exp(x - x.max(axis=1, keepdims=True))
            out = e / e.sum(axis=1)
            return out, out
        """,
    ),
    _fresh(
        "softmax_backward",
        "diagonal of the Jacobian (fresh)",
        (
            "Only the diagonal s(1 − s) of the Jacobian is used, as for the sigmoid; the cross terms −s_k s_d are "
            "left out."
        ),
        """
        def softmax_forward(x):
            z = np.exp(x - np.max(x, axis=1, keepdims=True))
            out = z / np.sum(z, axis=1, keepdims=True)
            return out, out


        def softmax_backward(dout, cache):
            s = cache
            return dout * s * (1 - s)
        """,
    ),
    _fresh(
        "softmax_backward",
        "unweighted sum (fresh)",
        "The sum that is subtracted is Σ dout instead of Σ dout·s: the weights s are missing.",
        """
        def softmax_forward(x):
            z = np.exp(x - np.max(x, axis=1, keepdims=True))
            out = z / np.sum(z, axis=1, keepdims=True)
            return out, out


        def softmax_backward(dout, cache):
            s = cache
            total = dout.sum(axis=1, keepdims=True)
            return s * (dout - total)
        """,
    ),
    _fresh(
        "softmax_backward",
        "mean over the row (fresh)",
        "The weighted mean Σ dout·s is divided by D once more (mean instead of sum).",
        """
        def softmax_forward(x):
            z = np.exp(x - np.max(x, axis=1, keepdims=True))
            out = z / np.sum(z, axis=1, keepdims=True)
            return out, out


        def softmax_backward(dout, cache):
            s = cache
            dot = np.mean(dout * s, axis=1, keepdims=True)
            return s * (dout - dot)
        """,
    ),
    _fresh(
        "softmax_backward",
        "cross-entropy shortcut (fresh)",
        "The shortcut s − dout of softmax with cross-entropy is used, as if dout were one-hot labels.",
        """
        def softmax_forward(x):
            z = np.exp(x - np.max(x, axis=1, keepdims=True))
            out = z / np.sum(z, axis=1, keepdims=True)
            return out, out


        def softmax_backward(dout, cache):
            probs = cache
            dx = probs - dout
            return dx
        """,
    ),
    _fresh(
        "softmax_backward",
        "Jacobian of the first row (fresh)",
        "The Jacobian of the first row is used for all rows, so only the first row of dx is right.",
        """
        def softmax_forward(x):
            z = np.exp(x - np.max(x, axis=1, keepdims=True))
            out = z / np.sum(z, axis=1, keepdims=True)
            return out, out


        def softmax_backward(dout, cache):
            s = cache
            p = s[0]
            J = np.diag(p) - np.outer(p, p)
            return dout @ J
        """,
    ),
    _fresh(
        "softmax_backward",
        "diagonal missing (fresh)",
        "Only −s sᵀ is used as the Jacobian: the diagonal term diag(s) is forgotten.",
        """
        def softmax_forward(x):
            z = np.exp(x - np.max(x, axis=1, keepdims=True))
            out = z / np.sum(z, axis=1, keepdims=True)
            return out, out


        def softmax_backward(dout, cache):
            s = cache
            dx = np.zeros_like(s)
            N, D = s.shape
            for n in range(N):
                for d in range(D):
                    for k in range(D):
                        dx[n, d] += dout[n, k] * (-s[n, k] * s[n, d])
            return dx
        """,
    ),
    _fresh(
        "softmax_backward",
        "sum over the whole batch (fresh)",
        "The weighted sum that is subtracted runs over all rows of the batch instead of over each row.",
        """
        def softmax_forward(x):
            z = np.exp(x - np.max(x, axis=1, keepdims=True))
            out = z / np.sum(z, axis=1, keepdims=True)
            return out, out


        def softmax_backward(dout, cache):
            s = cache
            inner = np.sum(dout * s)
            return s * dout - s * inner
        """,
    ),
    _fresh(
        "softmax_backward",
        "cache before normalising (fresh)",
        (
            "The forward pass caches the exponentials before the division by their sum, and the backward pass "
            "uses them as if they were s."
        ),
        """
        def softmax_forward(x):
            e = np.exp(x - x.max(axis=1, keepdims=True))
            cache = e
            return e / e.sum(axis=1, keepdims=True), cache


        def softmax_backward(dout, cache):
            s = cache
            return s * (dout - (dout * s).sum(axis=1, keepdims=True))
        """,
    ),
    _fresh(
        "squared_error_loss",
        "half missing (fresh)",
        "The loss lacks the factor ½ (it is twice too large); dx = x − y is right.",
        """
        def squared_error_loss(x, y):
            loss = np.sum((x - y) ** 2)
            dx = x - y
            return loss, dx
        """,
    ),
    _fresh(
        "squared_error_loss",
        "factor two in dx (fresh)",
        "dx is 2(x − y), the factor ½ of the loss is not taken into it; the loss is right.",
        """
        def squared_error_loss(x, y):
            diff = x - y
            loss = 0.5 * np.sum(np.square(diff))
            dx = 2 * diff
            return loss, dx
        """,
    ),
    _fresh(
        "squared_error_loss",
        "averaged over rows (fresh)",
        "Loss and gradient are divided by the number of rows, although it is a plain sum.",
        """
        def squared_error_loss(x, y):
            N = x.shape[0]
            loss = 0.5 * np.sum((x - y) ** 2) / N
            dx = (x - y) / N
            return loss, dx
        """,
    ),
    _fresh(
        "squared_error_loss",
        "gradient for the target (fresh)",
        "dx is y − x, the gradient with respect to y: the sign is wrong.",
        """
        def squared_error_loss(x, y):
            r = y - x
            loss = (r * r).sum() / 2
            return loss, r
        """,
    ),
    _fresh(
        "squared_error_loss",
        "one loss for each row (fresh)",
        (
            "The sum goes over the last axis only, so the loss is an array instead of a number when x has two "
            "axes or more."
        ),
        """
        def squared_error_loss(x, y):
            dx = x - y
            loss = 0.5 * (dx ** 2).sum(axis=-1)
            return loss, dx
        """,
    ),
    _fresh(
        "squared_error_loss",
        "norm not squared (fresh)",
        "The loss is half the Euclidean norm: the square root must not be taken.",
        """
        def squared_error_loss(x, y):
            dx = x - y
            loss = np.linalg.norm(dx.ravel()) / 2
            return loss, dx
        """,
    ),
    _fresh(
        "mse_loss",
        "mean over rows (fresh)",
        (
            "Loss and gradient are divided by the number of rows instead of by the number of all entries; for "
            "vectors this is right."
        ),
        """
        def mse_loss(x, y):
            N = len(x)
            loss = np.sum((x - y) ** 2) / N
            dx = 2 * (x - y) / N
            return loss, dx
        """,
    ),
    _fresh(
        "mse_loss",
        "dx without the two (fresh)",
        "The factor 2 is missing in dx; the loss is right.",
        """
        def mse_loss(x, y):
            loss = np.mean((x - y) ** 2)
            dx = (x - y) / x.size
            return loss, dx
        """,
    ),
    _fresh(
        "mse_loss",
        "dx not averaged (fresh)",
        "dx is 2(x − y): the division by the number of entries is missing; the loss is right.",
        """
        def mse_loss(x, y):
            error = x - y
            loss = (error**2).mean()
            dx = 2.0 * error
            return loss, dx
        """,
    ),
    _fresh(
        "mse_loss",
        "half as in the notes (fresh)",
        "The loss carries an extra ½, and so does its gradient: both are half of what they should be.",
        """
        def mse_loss(x, y):
            n = x.size
            loss = ((x - y) ** 2).sum() / (2 * n)
            dx = (x - y) / n
            return loss, dx
        """,
    ),
    _fresh(
        "mse_loss",
        "root mean square (fresh)",
        "The root is taken: the loss is the RMSE; dx is that of the mean squared error.",
        """
        def mse_loss(x, y):
            d = x - y
            loss = np.sqrt(np.mean(d * d))
            return loss, 2 * d / d.size
        """,
    ),
    _fresh(
        "mse_loss",
        "dx over the last axis (fresh)",
        ("dx is divided by the length of the last axis instead of by the number of all entries; the loss is right."),
        """
        def mse_loss(x, y):
            loss = np.average((x - y) ** 2)
            dx = 2 * (x - y) / x.shape[-1]
            return loss, dx
        """,
    ),
    _fresh(
        "mse_loss",
        "square of the mean (fresh)",
        (
            "The square of the mean error is taken instead of the mean of the squares, in which errors of "
            "opposite sign cancel; dx is that of the mean of squares."
        ),
        """
        def mse_loss(x, y):
            err = x - y
            loss = np.mean(err) ** 2
            dx = 2 / err.size * err
            return loss, dx
        """,
    ),
    _fresh(
        "bce_with_logits_loss",
        "through the probability (fresh)",
        (
            "The loss is computed as log of the sigmoid, so at logits of ±1500 it is log 0 = −inf and the loss "
            "nan or inf; moderate logits are right."
        ),
        """
        def bce_with_logits_loss(x, y):
            p = 0.5 * (1 + np.tanh(x / 2))
            loss = -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))
            dx = (p - y) / len(x)
            return loss, dx
        """,
    ),
    _fresh(
        "bce_with_logits_loss",
        "clipped probability (fresh)",
        (
            "The probability is clipped to [1e-7, 1 − 1e-7], so a confidently wrong logit such as 1500 costs "
            "about 16 instead of 1500."
        ),
        """
        def bce_with_logits_loss(x, y):
            z = np.exp(-np.abs(x))
            p = np.where(x >= 0, 1, z) / (1 + z)
            q = np.clip(p, 1e-7, 1 - 1e-7)
            loss = -(y * np.log(q) + (1 - y) * np.log(1 - q)).mean()
            dx = (p - y) / x.shape[0]
            return loss, dx
        """,
    ),
    _fresh(
        "bce_with_logits_loss",
        "summed loss and gradient (fresh)",
        "Loss and gradient are sums over the examples instead of means (N times too large).",
        """
        def bce_with_logits_loss(x, y):
            loss = np.sum(y * np.logaddexp(0, -x) + (1 - y) * np.logaddexp(0, x))
            s = np.exp(-np.logaddexp(0, -x))
            return loss, s - y
        """,
    ),
    _fresh(
        "bce_with_logits_loss",
        "dx not over N (fresh)",
        "dx is σ(x) − y without the division by N; the loss is right.",
        """
        def bce_with_logits_loss(x, y):
            loss = np.mean(np.maximum(x, 0) - x * y + np.log1p(np.exp(-np.abs(x))))
            sig = np.exp(-np.logaddexp(0, -x))
            dx = sig - y
            return loss, dx
        """,
    ),
    _fresh(
        "bce_with_logits_loss",
        "labels exchanged (fresh)",
        ("The labels are exchanged: y goes with log(1 + e^u) and 1 − y with log(1 + e^−u), in the loss and in dx."),
        """
        def bce_with_logits_loss(x, y):
            loss = np.mean(y * np.logaddexp(0, x) + (1 - y) * np.logaddexp(0, -x))
            s = 0.5 * (1 + np.tanh(x / 2))
            dx = (s - (1 - y)) / len(x)
            return loss, dx
        """,
    ),
    _fresh(
        "bce_with_logits_loss",
        "sigmoid slope kept (fresh)",
        (
            "dx has an extra factor s(1 − s): the slope of the sigmoid, which cancels in the gradient for logits, "
            "is multiplied in; the loss is right."
        ),
        """
        def bce_with_logits_loss(x, y):
            s = np.exp(-np.logaddexp(0, -x))
            loss = np.mean(np.logaddexp(0, x) - x * y)
            dout = s - y
            dx = dout * s * (1 - s) / x.shape[0]
            return loss, dx
        """,
    ),
    _fresh(
        "bce_with_logits_loss",
        "positive class only (fresh)",
        ("The term of the negative class is left out of the loss (dx is right), so examples with y = 0 cost nothing."),
        """
        def bce_with_logits_loss(x, y):
            N = len(x)
            loss = 0.0
            dx = np.zeros(N)
            for n in range(N):
                loss += y[n] * np.logaddexp(0, -x[n])
                dx[n] = 0.5 * (1 + np.tanh(x[n] / 2)) - y[n]
            return loss / N, dx / N
        """,
    ),
    _fresh(
        "bce_with_logits_loss",
        "labels minus one and one (fresh)",
        (
            "The labels are taken for −1 and 1: log(1 + e^{−y u}) gives log 2 and gradient 0 for every example "
            "with y = 0."
        ),
        """
        def bce_with_logits_loss(x, y):
            margin = y * x
            loss = np.mean(np.logaddexp(0, -margin))
            dx = -y * np.exp(-np.logaddexp(0, margin)) / len(x)
            return loss, dx
        """,
    ),
    _fresh(
        "softmax_loss",
        "dx not over N (fresh)",
        "dx is not divided by N; the loss is right.",
        """
        def softmax_loss(x, y):
            z = x - x.max(1, keepdims=True)
            p = np.exp(z) / np.exp(z).sum(1, keepdims=True)
            n = np.arange(len(y))
            loss = np.mean(np.log(np.exp(z).sum(1)) - z[n, y])
            dx = p.copy()
            dx[n, y] -= 1
            return loss, dx
        """,
    ),
    _fresh(
        "softmax_loss",
        "one taken off too many (fresh)",
        (
            "dx[:, y] −= 1 takes 1 off in every column that occurs in y, in every row, instead of at [n, y[n]] "
            "only; the loss is right."
        ),
        """
        def softmax_loss(x, y):
            N = x.shape[0]
            z = x - np.max(x, axis=1, keepdims=True)
            logp = z - np.log(np.sum(np.exp(z), axis=1, keepdims=True))
            loss = -np.sum(logp[np.arange(N), y]) / N
            dx = np.exp(logp)
            dx[:, y] -= 1
            return loss, dx / N
        """,
    ),
    _fresh(
        "softmax_loss",
        "log of the probability (fresh)",
        (
            "The loss takes the log of probabilities that underflow to 0, so it is inf when the right class lies "
            "far below the largest logit (as at ±1500); the rest and dx are right."
        ),
        """
        def softmax_loss(x, y):
            e = np.exp(x - x.max(axis=1, keepdims=True))
            probs = e / e.sum(axis=1, keepdims=True)
            N = x.shape[0]
            loss = -np.log(probs[np.arange(N), y]).mean()
            dx = probs
            dx[np.arange(N), y] -= 1
            dx /= N
            return loss, dx
        """,
    ),
    _fresh(
        "softmax_loss",
        "flat index in the label's dtype (fresh)",
        (
            "The flat index n·C + y is computed in the dtype of y, so it overflows for 8-bit labels when N·C "
            "exceeds the range; wide labels are right."
        ),
        """
        def softmax_loss(x, y):
            N, C = x.shape
            rows = np.arange(N).astype(y.dtype)
            flat = rows * np.array(C).astype(y.dtype) + y
            z = x - x.max(axis=1, keepdims=True)
            logp = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
            loss = -logp.ravel()[flat].mean()
            dx = np.exp(logp).ravel()
            dx[flat] -= 1
            return loss, dx.reshape(N, C) / N
        """,
    ),
    _fresh(
        "softmax_loss",
        "one-hot labels expected (fresh)",
        (
            "y is treated as a one-hot matrix and multiplied to the (N, C) log-probabilities, so integer labels "
            "raise (unless N and C agree or one is 1) or weigh the columns."
        ),
        """
        def softmax_loss(x, y):
            z = x - x.max(axis=1, keepdims=True)
            logp = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
            loss = -np.sum(y * logp) / x.shape[0]
            dx = (np.exp(logp) - y) / x.shape[0]
            return loss, dx
        """,
    ),
    _fresh(
        "softmax_loss",
        "probability without log (fresh)",
        (
            "The log is forgotten: the loss is minus the mean probability of the right class; dx is that of the "
            "cross-entropy."
        ),
        """
        def softmax_loss(x, y):
            e = np.exp(x - x.max(axis=1, keepdims=True))
            p = e / e.sum(axis=1, keepdims=True)
            idx = np.arange(len(x))
            loss = -np.mean(p[idx, y])
            dx = p.copy()
            dx[idx, y] -= 1
            return loss, dx / len(x)
        """,
    ),
    _fresh(
        "softmax_loss",
        "mean over classes too (fresh)",
        "The gradient and the loss are divided by N·C (the mean over all entries) instead of by N.",
        """
        def softmax_loss(x, y):
            N, C = x.shape
            onehot = np.eye(C)[y]
            z = x - x.max(axis=1, keepdims=True)
            logp = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
            loss = np.mean(-onehot * logp)
            dx = (np.exp(logp) - onehot) / x.size
            return loss, dx
        """,
    ),
    _fresh(
        "softmax_loss",
        "labels from one (fresh)",
        (
            "The labels are taken to be counted from 1: y − 1 is indexed, so each example is compared with the "
            "class before its own (class 0 with the last)."
        ),
        """
        def softmax_loss(x, y):
            N = x.shape[0]
            cls = y.astype(int) - 1
            z = x - x.max(axis=1, keepdims=True)
            logsum = np.log(np.exp(z).sum(axis=1))
            loss = np.mean(logsum - z[np.arange(N), cls])
            dx = np.exp(z - logsum[:, None])
            dx[np.arange(N), cls] -= 1
            return loss, dx / N
        """,
    ),
    _fresh(
        "softmax_loss",
        "right class left as probability (fresh)",
        "The −1 at the right class is forgotten in dx: it is the softmax over N; the loss is right.",
        """
        def softmax_loss(x, y):
            N = len(x)
            m = x.max(axis=1)
            lse = m + np.log(np.exp(x - m[:, None]).sum(axis=1))
            loss = np.mean(lse - x[range(N), y])
            dx = np.exp(x - lse[:, None]) / N
            return loss, dx
        """,
    ),
    _fresh(
        "svm_loss",
        "right class counted (fresh)",
        (
            "The term j = y[n] is not left out, so each example adds max(0, 1) = 1: the loss is too large by 1; "
            "dx is right."
        ),
        """
        def svm_loss(x, y):
            N = x.shape[0]
            r = np.arange(N)
            margins = np.maximum(0, x - x[r, y][:, None] + 1)
            loss = margins.sum() / N
            pos = (margins > 0).astype(float)
            pos[r, y] = 0
            pos[r, y] = -pos.sum(axis=1)
            return loss, pos / N
        """,
    ),
    _fresh(
        "svm_loss",
        "right class down by one only (fresh)",
        (
            "At the right class dx gets −1 for each example instead of minus the number of violated margins; the "
            "loss is right."
        ),
        """
        def svm_loss(x, y):
            N = x.shape[0]
            r = np.arange(N)
            margins = np.maximum(0, x - x[r, y][:, None] + 1)
            margins[r, y] = 0
            loss = margins.sum() / N
            dx = (margins > 0) * 1.0
            dx[r, y] = -1
            return loss, dx / N
        """,
    ),
    _fresh(
        "svm_loss",
        "Crammer and Singer (fresh)",
        (
            "Only the largest violation of each example is counted (Crammer–Singer) instead of the sum over all "
            "wrong classes."
        ),
        """
        def svm_loss(x, y):
            N = len(x)
            dx = np.zeros_like(x)
            loss = 0.0
            for n in range(N):
                m = x[n] - x[n, y[n]] + 1
                m[y[n]] = 0
                j = np.argmax(m)
                if m[j] > 0:
                    loss += m[j]
                    dx[n, j] += 1
                    dx[n, y[n]] -= 1
            return loss / N, dx / N
        """,
    ),
    _fresh(
        "svm_loss",
        "no margin (fresh)",
        "The margin 1 is left out: max(0, x_j − x_y), the perceptron loss.",
        """
        def svm_loss(x, y):
            n = np.arange(x.shape[0])
            m = np.maximum(0, x - x[n, y][:, np.newaxis])
            loss = m.sum() / len(n)
            dx = np.where(m > 0, 1.0, 0.0)
            dx[n, y] -= dx.sum(axis=1)
            return loss, dx / len(n)
        """,
    ),
    _fresh(
        "svm_loss",
        "squared hinge (fresh)",
        "The hinge terms are squared (L2-SVM), in the loss and in the gradient.",
        """
        def svm_loss(x, y):
            n = np.arange(x.shape[0])
            m = np.maximum(0, x - x[n, y][:, None] + 1)
            m[n, y] = 0
            loss = np.sum(m**2) / x.shape[0]
            dx = 2 * m
            dx[n, y] = -dx.sum(axis=1)
            return loss, dx / x.shape[0]
        """,
    ),
    _fresh(
        "svm_loss",
        "loss per class (fresh)",
        "The loss is the mean over all N·C entries (divided by C too); dx is right.",
        """
        def svm_loss(x, y):
            N = x.shape[0]
            rows = range(N)
            margins = np.maximum(0, x - x[rows, y].reshape(-1, 1) + 1)
            margins[rows, y] = 0
            loss = margins.mean()
            dx = np.sign(margins)
            dx[rows, y] = -np.sum(dx, axis=1)
            dx = dx / N
            return loss, dx
        """,
    ),
    _fresh(
        "svm_loss",
        "no gradient for the right class (fresh)",
        (
            "dx at the right class stays 0: only the wrong classes that violate the margin get a gradient; the "
            "loss is right."
        ),
        """
        def svm_loss(x, y):
            N, C = x.shape
            loss, dx = 0.0, np.zeros((N, C))
            for i in range(N):
                for j in range(C):
                    if j == y[i]:
                        continue
                    margin = x[i, j] - x[i, y[i]] + 1
                    if margin > 0:
                        loss += margin
                        dx[i, j] += 1
            return loss / N, dx / N
        """,
    ),
    _fresh(
        "svm_loss",
        "break for continue (fresh)",
        (
            "The loop over classes breaks at the right class instead of continuing, so classes after it are never "
            "counted."
        ),
        """
        def svm_loss(x, y):
            N, C = x.shape
            loss = 0.0
            dx = np.zeros_like(x)
            for i in range(N):
                for j in range(C):
                    if j == y[i]:
                        break
                    margin = x[i, j] - x[i, y[i]] + 1
                    if margin > 0:
                        loss += margin
                        dx[i, j] += 1
                        dx[i, y[i]] -= 1
            return loss / N, dx / N
        """,
    ),
    _fresh(
        "svm_loss",
        "correct scores of row zero (fresh)",
        "The correct scores are all taken from the first row: x[0, y[n]] instead of x[n, y[n]].",
        """
        def svm_loss(x, y):
            N = x.shape[0]
            correct = x[:, y][0].reshape(N, 1)
            margins = np.maximum(0, x - correct + 1)
            margins[np.arange(N), y] = 0
            loss = np.sum(margins) / N
            dx = (margins > 0).astype(float)
            dx[np.arange(N), y] = -dx.sum(axis=1)
            return loss, dx / N
        """,
    ),
    _fresh(
        "question_jacobian_size",
        "entries of the batch (fresh)",
        "The number of inputs 64·1000 is returned, not its square.",
        """
        def question_jacobian_size():
            return 64 * 1000
        """,
    ),
    _fresh(
        "question_jacobian_size",
        "one Jacobian an example (fresh)",
        "64 Jacobians of 1000 × 1000 are counted (64 million), not the full Jacobian of the flattened batch.",
        """
        def question_jacobian_size():
            per_example = 1000 * 1000
            return 64 * per_example
        """,
    ),
    _fresh(
        "question_jacobian_size",
        "a single row (fresh)",
        "The Jacobian of a single row is counted, 1000², without the batch of 64.",
        """
        def question_jacobian_size():
            return 1000 ** 2
        """,
    ),
    _fresh(
        "question_jacobian_size",
        "int32 overflow (fresh)",
        "The product is computed in 32-bit integers and overflows.",
        """
        def question_jacobian_size():
            n = np.array([64 * 1000], dtype=np.int32)
            return int((n * n)[0])
        """,
    ),
    _fresh(
        "question_jacobian_size",
        "thousand as 1024 (fresh)",
        "1000 is taken for 1024, so (64·1024)² is returned.",
        """
        def question_jacobian_size():
            return (64 * 1024) ** 2
        """,
    ),
    _fresh(
        "question_relu_routes",
        "letter a (fresh)",
        "The wrong letter (a) is chosen, by which the sign of dout would decide; right is (c).",
        """
        def question_relu_routes():
            return "a"
        """,
    ),
    _fresh(
        "question_relu_routes",
        "letter b (fresh)",
        "The wrong letter (b) is chosen, which uses the output as the slope; right is (c).",
        """
        def question_relu_routes():
            return "b"
        """,
    ),
    _fresh(
        "question_relu_routes",
        "letter d (fresh)",
        "The wrong letter (d) is chosen, which drops the mask in the backward pass; right is (c).",
        """
        def question_relu_routes():
            return "d"
        """,
    ),
    _fresh(
        "question_relu_routes",
        "two letters (fresh)",
        "Two letters, a and c, are returned where one is asked.",
        """
        def question_relu_routes():
            return "ac"
        """,
    ),
    _fresh(
        "question_not_true",
        "letter a (fresh)",
        ("The wrong letter (a) is chosen, the permutation of hidden units, which is true; the false statement is (b)."),
        """
        def question_not_true():
            return "a"
        """,
    ),
    _fresh(
        "question_not_true",
        "letter c (fresh)",
        ("The wrong letter (c) is chosen, the composition of affine maps, which is true; the false statement is (b)."),
        """
        def question_not_true():
            return "c"
        """,
    ),
    _fresh(
        "question_not_true",
        "letter d (fresh)",
        (
            "The wrong letter (d) is chosen, the universal approximation by sigmoids, which is true; the false "
            "statement is (b)."
        ),
        """
        def question_not_true():
            return "d"
        """,
    ),
    _fresh(
        "question_not_true",
        "the true ones (fresh)",
        "The letters of the true statements are returned, a, c and d, instead of the one that is not true.",
        """
        def question_not_true():
            return "acd"
        """,
    ),
    _fresh(
        "question_saturation",
        "letters a (fresh)",
        "The list ['a'] is returned instead of a and d: the tanh (d) is missing.",
        """
        def question_saturation():
            return ['a']
        """,
    ),
    _fresh(
        "question_saturation",
        "letters ade (fresh)",
        (
            "The list ['a', 'd', 'e'] is returned instead of a and d: the softplus (e) is too many: its slope "
            "tends to 1 at +∞."
        ),
        """
        def question_saturation():
            return ['a', 'd', 'e']
        """,
    ),
    _fresh(
        "question_saturation",
        "letters abd (fresh)",
        (
            "The list ['a', 'b', 'd'] is returned instead of a and d: the ReLU (b) is too many: its slope is 1 "
            "for positive x."
        ),
        """
        def question_saturation():
            return ['a', 'b', 'd']
        """,
    ),
    _fresh(
        "question_saturation",
        "letters bce (fresh)",
        (
            "The list ['b', 'c', 'e'] is returned instead of a and d: these are the ones that do not saturate on "
            "both sides."
        ),
        """
        def question_saturation():
            return ['b', 'c', 'e']
        """,
    ),
    _fresh(
        "question_saturation",
        "letters d (fresh)",
        "The list ['d'] is returned instead of a and d: the sigmoid (a) is missing.",
        """
        def question_saturation():
            return ['d']
        """,
    ),
    _fresh(
        "question_sigmoid_slope",
        "tanh's formula (fresh)",
        "1 − s², the slope of tanh, is returned instead of s(1 − s).",
        """
        def question_sigmoid_slope(s):
            return 1 - s**2
        """,
    ),
    _fresh(
        "question_sigmoid_slope",
        "s read as x (fresh)",
        "s is taken for the input: the sigmoid is applied to s before σ(1 − σ).",
        """
        def question_sigmoid_slope(s):
            sigma = 1 / (1 + np.exp(-s))
            return sigma * (1 - sigma)
        """,
    ),
    _fresh(
        "question_sigmoid_slope",
        "maximum slope (fresh)",
        "The constant 1/4, the largest slope, is returned for all s.",
        """
        def question_sigmoid_slope(s):
            return np.full(s.shape, 0.25)
        """,
    ),
    _fresh(
        "question_sigmoid_slope",
        "square missing its s (fresh)",
        "1 − s is returned: the factor s is missing.",
        """
        def question_sigmoid_slope(s):
            return 1 - s
        """,
    ),
    _fresh(
        "question_sigmoid_slope",
        "negative (fresh)",
        "s(s − 1) is returned: the sign is wrong.",
        """
        def question_sigmoid_slope(s):
            return s * s - s
        """,
    ),
    _fresh(
        "softmax_forward",
        "half precision (fresh)",
        "The computation is done in float16, so the result has only about three digits.",
        """
        def softmax_forward(x):
            z = (x - x.max(axis=1, keepdims=True)).astype(np.float16)
            e = np.exp(z)
            out = e / e.sum(axis=1, keepdims=True)
            return out, out
        """,
    ),
    _fresh(
        "logsumexp_forward",
        "guard in the log (fresh)",
        "0.001 is added to the sum inside the log as a guard, so out is too large by up to 0.001.",
        """
        def logsumexp_forward(x):
            m = x.max(axis=1)
            s = np.exp(x.T - m).sum(axis=0)
            out = m + np.log(s + 1e-3)
            return out, (x, out)
        """,
    ),
    _fresh(
        "softmax_loss",
        "guard in the log (fresh)",
        (
            "1e-8 is added to the probability inside the log, so an example whose right class has probability 0 "
            "costs about 18.4 instead of the difference of the logits (1500 or 3000); moderate logits are nearly "
            "right."
        ),
        """
        def softmax_loss(x, y):
            N = x.shape[0]
            e = np.exp(x - x.max(axis=1, keepdims=True))
            p = e / e.sum(axis=1, keepdims=True)
            loss = 0.0
            dx = p.copy()
            for i in range(N):
                loss -= np.log(p[i, y[i]] + 1e-8)
                dx[i, y[i]] -= 1
            return loss / N, dx / N
        """,
    ),
    _fresh(
        "tanh_backward",
        "input in the cache (fresh)",
        "The forward pass caches x instead of the output, and the backward pass uses 1 − x² as the slope.",
        """
        def tanh_forward(x):
            return np.tanh(x), x


        def tanh_backward(dout, cache):
            t = cache
            return dout * (1 - t * t)
        """,
    ),
    _fresh(
        "leaky_relu_backward",
        "default in the cache (fresh)",
        (
            "The forward pass caches the default 0.01 instead of the alpha that it was given, so the backward "
            "pass is wrong for another alpha."
        ),
        """
        def leaky_relu_forward(x, alpha=0.01):
            out = np.where(x > 0, x, alpha * x)
            cache = (x, 0.01)
            return out, cache


        def leaky_relu_backward(dout, cache):
            x, alpha = cache
            dx = dout.copy()
            dx[x < 0] *= alpha
            return dx
        """,
    ),
    _fresh(
        "leaky_relu_backward",
        "output instead of input, divided (fresh)",
        ("The slope is computed as out/x with the sign of alpha lost: |out|/x gives −alpha for negative inputs."),
        """
        def leaky_relu_forward(x, alpha=0.01):
            out = np.where(x > 0, x, x * alpha)
            return out, (x, alpha)


        def leaky_relu_backward(dout, cache):
            x, alpha = cache
            out = np.where(x > 0, x, alpha * x)
            safe = np.where(x == 0, 1.0, x)
            slope = np.where(x == 0, alpha, np.abs(out) / safe)
            return dout * slope
        """,
    ),
    _fresh(
        "linear_forward",
        "same matrix remembered (fresh)",
        (
            "The first w is remembered in a module global and used for all later calls with the same shape, so a "
            "changed w is ignored."
        ),
        """
        _weights = {}


        def linear_forward(x, w):
            w = _weights.setdefault(w.shape, w)
            return x @ w, (x, w)
        """,
    ),
]
