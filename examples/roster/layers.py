"""The students who handed in the unit on layers and whose work runs from start to end."""

from __future__ import annotations

from roster.student import Student

__all__ = ["LAYERS"]

LAYERS = [
    Student("ada", "layers", "all right, in short numpy"),
    Student("bruno", "layers", "all right, with loops over every entry", base="loops"),
    Student(
        "chloe",
        "layers",
        "all right, with einsum, closures and objects as caches, in the course's repository",
        base="closures",
        form="repository",
    ),
    Student(
        "dmitri",
        "layers",
        "db averaged over the batch, the upstream gradient ignored, two wrong answers to questions",
        base="closures",
        form="zip",
        changes="""
            def affine_backward(dout, cache):
                dx = np.einsum("nm,dm->nd", dout, cache.weights).reshape(cache.shape)
                dw = np.einsum("nd,nm->dm", cache.rows, dout)
                return dx, dw, dout.mean(axis=0)


            def relu_forward(x):
                return np.maximum(x, 0), x


            def relu_backward(dout, cache):
                return (cache > 0).astype(float)
        """,
        answers={"question_saturation()": '["a"]', "question_jacobian_size()": "64 * 1000 * 1000"},
        items={
            "affine_backward": "partial averages_db",
            "relu_backward": "wrong drops_upstream",
            "question_saturation": "wrong answers_a",
            "question_jacobian_size": "wrong answers_64000000",
        },
    ),
    Student(
        "esra",
        "layers",
        "the mask taken from dout, dw transposed, no coupling between the classes of a softmax",
        changes="""
            def linear_backward(dout, cache):
                x, w = cache
                return dout @ w.T, dout.T @ x


            def relu_backward(dout, cache):
                dx = dout.copy()
                dx[dout <= 0] = 0
                return dx


            def leaky_relu_backward(dout, cache):
                x, alpha = cache
                dx = dout.copy()
                dx[x <= 0] = 0
                return dx


            def sigmoid_backward(dout, cache):
                s = 1 / (1 + np.exp(-cache))
                return dout * s * (1 - s)


            def softmax_backward(dout, cache):
                return dout * cache * (1 - cache)
        """,
        answers={"question_relu_routes()": '"a"'},
        items={
            "linear_backward": "partial transposes_gradient_of_w",
            "relu_backward": "wrong masks_by_upstream",
            "leaky_relu_backward": "wrong stops_leak",
            "sigmoid_backward": "wrong squashes_twice",
            "softmax_backward": "wrong keeps_the_diagonal_only",
            "question_relu_routes": "wrong answers_a",
        },
    ),
    Student(
        "farid",
        "layers",
        "right on paper, and overflows at logits of a thousand",
        changes="""
            def tanh_forward(x):
                a, b = np.exp(x), np.exp(-x)
                t = (a - b) / (a + b)
                return t, t


            def softplus_forward(x):
                return np.log(1 + np.exp(x)), x


            def logsumexp_forward(x):
                out = np.log(np.sum(np.exp(x), axis=1))
                return out, (x, out)


            def softmax_forward(x):
                s = np.exp(x) / np.sum(np.exp(x), axis=1, keepdims=True)
                return s, s


            def softmax_loss(x, y):
                N = x.shape[0]
                p = np.exp(x) / np.sum(np.exp(x), axis=1, keepdims=True)
                loss = -np.log(p[np.arange(N), y]).mean()
                dx = p.copy()
                dx[np.arange(N), y] -= 1
                return loss, dx / N
        """,
        answers={"question_not_true()": '"d"'},
        items={
            "tanh_forward": "wrong divides_exponentials",
            "softplus_forward": "wrong softplus_overflows",
            "logsumexp_forward": "wrong overflows",
            "softmax_forward": "wrong softmax_overflows",
            "softmax_loss": "partial loss_overflows",
            "question_not_true": "wrong answers_d",
        },
    ),
    Student(
        "greta",
        "layers",
        "losses that are not averaged, a lost factor of 2 and a sign",
        changes="""
            def squared_error_loss(x, y):
                return 0.5 * np.sum((x - y) ** 2), y - x


            def mse_loss(x, y):
                return np.mean((x - y) ** 2), (x - y) / x.size


            def bce_with_logits_loss(x, y):
                loss = np.mean(y * np.logaddexp(0, -x) + (1 - y) * np.logaddexp(0, x))
                return loss, np.exp(-np.logaddexp(0, -x)) - y


            # loss and dx are both summed: dx is right for this loss
            def softmax_loss(x, y):
                rows = np.arange(len(x))
                out, _ = logsumexp_forward(x)
                dx = np.exp(x - out[:, None])
                dx[rows, y] -= 1
                return np.sum(out - x[rows, y]), dx


            def svm_loss(x, y):
                rows = np.arange(len(x))
                margins = np.maximum(0, x - x[rows, y][:, None] + 1)
                margins[rows, y] = 0
                dx = (margins > 0).astype(float)
                dx[rows, y] = -dx.sum(axis=1)
                return margins.sum() / len(x), dx
        """,
        answers={"question_sigmoid_slope(s)": "1 - s**2"},
        items={
            "squared_error_loss": "partial differentiates_by_the_target",
            "mse_loss": "partial loses_the_two",
            "bce_with_logits_loss": "partial forgets_mean_in_dx",
            "softmax_loss": "partial sums_over_examples",
            "svm_loss": "partial sums_dx",
            "question_sigmoid_slope": "wrong gives_the_slope_of_tanh",
        },
    ),
    Student(
        "hugo",
        "layers",
        "three forward passes are wrong, and their backward passes are right for them",
        changes="""
            def affine_forward(x, w, b):
                flat = x.reshape(len(x), -1)
                return flat @ w / flat.shape[1] + b, (x, w, b)


            def affine_backward(dout, cache):
                x, w, b = cache
                flat = x.reshape(len(x), -1)
                D = flat.shape[1]
                return (dout @ w.T).reshape(x.shape) / D, flat.T @ dout / D, dout.sum(axis=0)


            def leaky_relu_forward(x, alpha=0.01):
                return np.where(x > 0, x, -alpha * x), (x, alpha)


            def leaky_relu_backward(dout, cache):
                x, alpha = cache
                return dout * np.where(x > 0, 1.0, -alpha)


            def sigmoid_forward(x):
                s = np.tanh(x)
                return s, s


            def sigmoid_backward(dout, cache):
                return dout * (1 - cache**2)
        """,
        items={
            "affine_forward": "wrong averages_over_features",
            "leaky_relu_forward": "wrong leaks_upwards",
            "sigmoid_forward": "wrong is_tanh",
        },
        notes={
            "affine_backward": "follow_through",
            "leaky_relu_backward": "follow_through",
            "sigmoid_backward": "follow_through",
        },
    ),
    Student(
        "mei",
        "layers",
        "the notebook as it was handed out: nothing was written",
        only=(),
        stubs=True,
        otherwise="not_attempted",
    ),
    Student(
        "noor",
        "layers",
        "half finished: the stubs of the second half still stand",
        form="repository",
        only=(
            *("affine_forward", "affine_backward", "linear_forward", "linear_backward", "linear_jacobian"),
            *("relu_forward", "relu_backward", "relu_jacobian", "leaky_relu_forward", "leaky_relu_backward"),
            *("sigmoid_forward", "sigmoid_backward", "question_relu_routes"),
        ),
        stubs=True,
        changes="""
            def relu_backward(dout, cache):
                return dout * (cache <= 0)
        """,
        items={
            **{f"{layer}_{way}": "passed" for layer in ("affine", "linear", "leaky_relu", "sigmoid")
               for way in ("forward", "backward")},
            "linear_jacobian": "passed",
            "relu_forward": "passed",
            "relu_backward": "wrong masks_the_wrong_side",
            "relu_jacobian": "passed",
            "question_relu_routes": "passed",
        },
        otherwise="not_attempted",
    ),
    Student(
        "pablo",
        "layers",
        "all right, but arguments are changed in place; the file is in UTF-16",
        encoding="utf-16",
        changes="""
            def relu_forward(x):
                off = x <= 0
                x[off] = 0
                return x, off


            def relu_backward(dout, cache):
                dout[cache] = 0
                return dout


            def softmax_loss(x, y):
                rows = np.arange(len(x))
                x -= x.max(axis=1, keepdims=True)
                p = np.exp(x)
                total = p.sum(axis=1)
                loss = np.mean(np.log(total) - x[rows, y])
                p /= total[:, None]
                p[rows, y] -= 1
                return loss, p / len(x)
        """,
        notes={"relu_forward": "mutation", "relu_backward": "mutation", "softmax_loss": "mutation"},
    ),
    Student(
        "quinn",
        "layers",
        "single precision in one layer, a finite difference for a derivative in another",
        changes="""
            def affine_forward(x, w, b):
                out = x.reshape(len(x), -1) @ w + b
                return out.astype(np.float32), (x, w, b)


            def tanh_forward(x):
                return np.tanh(x), x


            def tanh_backward(dout, cache):
                h = 1e-5
                return dout * (np.tanh(cache + h) - np.tanh(cache - h)) / (2 * h)
        """,
        items={"affine_forward": "wrong dtype", "tanh_backward": "partial numeric"},
    ),
    Student(
        "sven",
        "layers",
        "a module with the backward passes only: judged on the caches that the stubs document",
        form="module",
        only=(
            *("affine_backward", "linear_backward", "relu_backward", "leaky_relu_backward", "sigmoid_backward"),
            *("tanh_backward", "softplus_backward", "logsumexp_backward", "softmax_backward"),
        ),
        changes="""
            def softplus_backward(dout, cache):
                s = np.exp(-np.logaddexp(0, -cache))
                return dout * s * (1 - s)
        """,
        notebook="absent",
        items={
            **{f"{layer}_backward": "passed" for layer in
               ("affine", "linear", "relu", "leaky_relu", "sigmoid", "tanh", "logsumexp", "softmax")},
            "softplus_backward": "wrong differentiates_once_more",
        },
        otherwise="missing",
    ),
]  # fmt: skip
