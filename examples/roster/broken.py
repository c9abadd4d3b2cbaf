"""The students whose notebook or file breaks somewhere: the rest of their work must be graded all the same."""

from __future__ import annotations

from roster.student import Student

__all__ = ["BROKEN"]

BROKEN = [
    Student(
        "ines",
        "layers",
        "an exception in cell 3, an experiment; all functions are right",
        base="loops",
        experiments={
            "Affine and linear layers": """
                x, w, b = np.ones((4, 3)), np.ones((3, 2)), np.zeros(2)
                print(affine_forward(x, w, b)[0])
                print(affine_forward(x.T, w, b)[0])  # what happens with examples in columns?
            """
        },
        notebook="failed",
        cell=3,
    ),
    Student(
        "jonas",
        "layers",
        "an experiment that never ends, since x is never updated; all functions are right but one",
        changes="""
            def tanh_backward(dout, cache):
                return dout * (1 - cache)
        """,
        experiments={
            "Losses": """
                x, y = np.zeros((2, 3)), np.ones((2, 3))
                loss, dx = mse_loss(x, y)
                while loss > 1e-6:
                    loss, dx = mse_loss(x, y)
                print(loss)
            """
        },
        notebook="timed_out",
        cell=7,
        items={"tanh_backward": "wrong forgets_the_square"},
    ),
    Student(
        "kira",
        "layers",
        "os._exit(1) in a cell; all functions are right",
        base="closures",
        experiments={
            "Smooth activations": """
                # restart with a clean memory
                import os

                os._exit(1)
            """
        },
        notebook="crashed",
        cell=5,
    ),
    Student(
        "luca",
        "layers",
        "os._exit inside one function: only that one is lost",
        changes="""
            import os


            def svm_loss(x, y):
                margins = x - x[np.arange(len(x)), y][:, None] + 1
                print(margins)
                os._exit(3)  # only until I know what is in there
        """,
        items={"svm_loss": "crashed"},
    ),
    Student(
        "olga",
        "layers",
        "a download that was cut off: the notebook is not JSON",
        kept=0.6,
        notebook="unreadable",
        otherwise="skipped",
    ),
    Student(
        "rosa",
        "layers",
        "looks for the model answers, in a cell and inside a function",
        without=("softmax_loss",),
        changes="""
            def svm_loss(x, y):
                import reference.layers

                return reference.layers.svm_loss(x, y)
        """,
        experiments={"Losses": "from reference.layers import softmax_loss"},
        notebook="failed",
        cell=7,
        items={"softmax_loss": "missing", "svm_loss": "raised"},
    ),
    Student(
        "tara",
        "layers",
        "a flood of output, and a function that was renamed",
        edits=(("def leaky_relu_forward(", "def leaky_forward("),),
        experiments={
            "Softmax": """
                for step in range(20_000):
                    print(step, softmax_forward(np.array([[step, 0.0, 1.0]]))[0])
            """
        },
        items={"leaky_relu_forward": "missing"},
    ),
    Student(
        "bella",
        "optimizers",
        "a cell uses a function that is defined further down; the file is of nbformat 3",
        base="objects",
        nbformat=3,
        experiments={
            "Gradient descent and momentum": """
                w, config = np.array([1.0, 1.0]), None
                for step in range(10):
                    value, gradient, _ = elongated_bowl(w)
                    w, config = sgd(w, gradient, config)
            """,
            "Curvature": "print(elongated_bowl(np.zeros(2))[0])",
        },
        notebook="failed",
        cell=3,
    ),
    Student(
        "emil",
        "optimizers",
        "a bisection that never ends inside one function: only that one is lost",
        changes="""
            def largest_stable_step(hessian):
                low, high = 0.0, 1e6
                values = np.linalg.eigvalsh(hessian)
                while low != high:
                    middle = (low + high) / 2
                    if np.all(np.abs(1 - middle * values) <= 1):
                        low = middle
                    else:
                        high = middle
                return low
        """,
        items={"largest_stable_step": "timed_out"},
    ),
    Student(
        "igor",
        "optimizers",
        "an upload that was cut off: the archive cannot be opened, and nothing tells which unit it is",
        form="zip",
        kept=0.5,
        told=False,
        notebook="unreadable",
        otherwise="skipped",
    ),
    Student(
        "jana",
        "optimizers",
        "a colon is missing: one cell does not parse, and its four functions are not there",
        edits=(("def rmsprop(w, dw, config=None):", "def rmsprop(w, dw, config=None)"),),
        notebook="failed",
        cell=3,
        items=dict.fromkeys(("adagrad", "rmsprop", "adam", "adamw"), "missing"),
    ),
    Student(
        "pavel",
        "optimizers",
        "an experiment raises in the course's repository, and one function asks for scipy",
        form="repository",
        changes="""
            def newton_step(w, grad, hessian):
                from scipy.linalg import cho_factor, cho_solve

                return w - cho_solve(cho_factor(hessian), grad)
        """,
        experiments={
            "A schedule": "print([warmup(t, 0.1, 5) for t in range(8)])",
            "A typo": "w, config = sgd_momentum(np.zeros(2), np.ones(2), config)",
        },
        notebook="failed",
        cell=3,
        items={"newton_step": "raised"},
    ),
]
