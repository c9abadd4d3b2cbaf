"""The students who handed in the unit on optimizers and whose work runs from start to end."""

from __future__ import annotations

from roster.student import Student

__all__ = ["OPTIMIZERS"]

OPTIMIZERS = [
    Student("uma", "optimizers", "all right, in short numpy"),
    Student(
        "viktor",
        "optimizers",
        "all right, weight by weight, as a module",
        base="loops",
        form="module",
        notebook="absent",
    ),
    Student(
        "wanda",
        "optimizers",
        "all right, with objects in the config and a function made by partial, in the course's repository",
        base="objects",
        form="repository",
    ),
    Student(
        "xenia",
        "optimizers",
        "Adam without bias correction (and AdamW on top of it), RMSProp without the root",
        changes="""
            def rmsprop(w, dw, config=None):
                defaults = {"learning_rate": 1e-2, "decay_rate": 0.99, "epsilon": 1e-8, "cache": np.zeros_like(w)}
                config = {**defaults, **(config or {})}
                config["cache"] = config["decay_rate"] * config["cache"] + (1 - config["decay_rate"]) * dw**2
                return w - config["learning_rate"] * dw / (config["cache"] + config["epsilon"]), config


            def adam(w, dw, config=None):
                defaults = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}
                config = {**defaults, "m": np.zeros_like(w), "v": np.zeros_like(w), **(config or {})}
                config["m"] = config["beta1"] * config["m"] + (1 - config["beta1"]) * dw
                config["v"] = config["beta2"] * config["v"] + (1 - config["beta2"]) * dw**2
                return w - config["learning_rate"] * config["m"] / (np.sqrt(config["v"]) + config["epsilon"]), config
        """,
        answers={"question_adam_first_step()": "-0.1 / np.sqrt(0.001) * 1e-3"},
        items={
            "rmsprop": "wrong rmsprop_without_root",
            "adam": "wrong corrects_nothing",
            "adamw": "wrong adamw_corrects_nothing",
            "question_adam_first_step": "wrong answers_-0.0031622776601683794",
        },
    ),
    Student(
        "yusuf",
        "optimizers",
        "state that is not kept: a clock that stands still, a velocity that is forgotten; AdaGrad that fades",
        form="zip without a top folder",
        changes="""
            def sgd_momentum(w, dw, config=None):
                config = {"learning_rate": 1e-2, "momentum": 0.9, "velocity": np.zeros_like(w), **(config or {})}
                v = config["momentum"] * config["velocity"] - config["learning_rate"] * dw
                return w + v, config


            def adagrad(w, dw, config=None):
                config = {"learning_rate": 1e-2, "epsilon": 1e-8, "cache": np.zeros_like(w), **(config or {})}
                config["cache"] = 0.99 * config["cache"] + 0.01 * dw**2
                return w - config["learning_rate"] * dw / (np.sqrt(config["cache"]) + config["epsilon"]), config


            def adam(w, dw, config=None):
                defaults = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "t": 0}
                config = {**defaults, "m": np.zeros_like(w), "v": np.zeros_like(w), **(config or {})}
                t = config["t"] + 1
                config["m"] = config["beta1"] * config["m"] + (1 - config["beta1"]) * dw
                config["v"] = config["beta2"] * config["v"] + (1 - config["beta2"]) * dw**2
                m = config["m"] / (1 - config["beta1"] ** t)
                v = config["v"] / (1 - config["beta2"] ** t)
                return w - config["learning_rate"] * m / (np.sqrt(v) + config["epsilon"]), config
        """,
        items={
            "sgd_momentum": "wrong forgets_velocity",
            "adagrad": "wrong adagrad_forgets_slowly",
            "adam": "wrong stops_the_clock",
            "adamw": "wrong",
        },
    ),
    Student(
        "zoe",
        "optimizers",
        "Nesterov's gradient at w, the last batch dropped, a sum that is not scaled up, half the stable step",
        changes="""
            def nesterov(w, grad, config=None):
                return sgd_momentum(w, grad(w), config)


            def largest_stable_step(hessian):
                return 1 / np.linalg.eigvalsh(hessian).max()


            def minibatch_gradient(grads, batch, reduction="mean"):
                chosen = grads[batch]
                return chosen.mean(axis=0) if reduction == "mean" else chosen.sum(axis=0)


            def minibatches(X, y, size, rng):
                order = rng.permutation(len(X))
                for i in range(len(X) // size):
                    batch = order[i * size : (i + 1) * size]
                    yield X[batch], y[batch]
        """,
        answers={"question_stable_step()": "1 / 8", "question_newton_saddle()": '"b"'},
        items={
            "nesterov": "wrong looks_where_it_stands",
            "largest_stable_step": "wrong stops_at_one",
            "minibatch_gradient": "wrong forgets_to_scale_up",
            "minibatches": "partial drops_the_rest",
            "question_stable_step": "wrong answers_0.125",
            "question_newton_saddle": "wrong answers_b",
        },
    ),
    Student(
        "anton",
        "optimizers",
        "a wrong default, signs, factors in the wrong order, a schedule that falls at every step",
        base="objects",
        changes="""
            def sgd(w, dw, config=None):
                c = Settings(config, learning_rate=1e-3)
                return w - c.learning_rate * dw, c


            def sgd_momentum(w, dw, config=None):
                c = Settings(config, learning_rate=1e-2, momentum=0.9, velocity=0.0 * w)
                c["velocity"] = c.momentum * c.velocity - c.learning_rate * dw
                return w - c.velocity, c


            def newton_step(w, grad, hessian):
                return w + np.linalg.solve(hessian, grad)


            def preconditioned_step(w, dw, A, learning_rate):
                return w - learning_rate * A.T @ A @ dw


            def step_decay(t, base, drop, every):
                return base * drop ** (t / every)
        """,
        answers={"question_adam_first_step()": "0.001", "question_non_diagonal()": '"e"'},
        items={
            "sgd": "wrong has_another_default",
            "sgd_momentum": "wrong subtracts_velocity",
            "newton_step": "wrong newton_climbs",
            "preconditioned_step": "wrong swaps_the_factors",
            "step_decay": "wrong falls_continuously",
            "question_adam_first_step": "wrong answers_0.001",
            "question_non_diagonal": "wrong answers_e",
        },
    ),
    Student(
        "carl",
        "optimizers",
        "a function renamed, schedules that do not stop; the file has a byte-order mark",
        encoding="utf-8-sig",
        changes="""
            def inverse_time(t, base):
                return base / (1 + t)


            def cosine(t, base, total, floor=0):
                return floor + 0.5 * (base - floor) * (1 + np.cos(np.pi * t / total))


            def warmup(t, base, steps):
                return base * t / steps
        """,
        edits=(("def sgd_momentum(", "def sgd_with_momentum("),),
        experiments={
            "Learning-rate schedules": "print([round(cosine(t, 0.1, 10), 3) for t in range(11)])",
        },
        items={
            "sgd_momentum": "missing",
            "inverse_time": "wrong adds_one_to_t",
            "cosine": "wrong rises_again",
            "warmup": "wrong never_stops_warming",
        },
    ),
    Student(
        "dana",
        "optimizers",
        "half finished, with functions that do not exist yet; Adam reads a state that was never made",
        only=("sgd", "sgd_momentum", "nesterov", "adagrad", "rmsprop", "adam", "newton_step", "elongated_bowl"),
        changes="""
            def adam(w, dw, config=None):
                config = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "t": 0, **(config or {})}
                config["t"] += 1
                config["m"] = config["beta1"] * config["m"] + (1 - config["beta1"]) * dw
                config["v"] = config["beta2"] * config["v"] + (1 - config["beta2"]) * dw**2
                m = config["m"] / (1 - config["beta1"] ** config["t"])
                v = config["v"] / (1 - config["beta2"] ** config["t"])
                return w - config["learning_rate"] * m / (np.sqrt(v) + config["epsilon"]), config
        """,
        items={
            **dict.fromkeys(
                ("sgd", "sgd_momentum", "nesterov", "adagrad", "rmsprop", "newton_step", "elongated_bowl"), "passed"
            ),
            "adam": "raised",
        },
        otherwise="missing",
    ),
    Student(
        "freya",
        "optimizers",
        "the course's repository as it was handed out: nothing was written",
        form="zip",
        only=(),
        stubs=True,
        experiments={},
        otherwise="not_attempted",
    ),
    Student(
        "goran",
        "optimizers",
        "all right, but weights and configs are changed in place, and every step prints",
        changes="""
            def sgd(w, dw, config=None):
                if config is None:
                    config = {}
                config.setdefault("learning_rate", 1e-2)
                w -= config["learning_rate"] * dw
                print("sgd:", w)
                return w, config


            def sgd_momentum(w, dw, config=None):
                if config is None:
                    config = {}
                config.setdefault("learning_rate", 1e-2)
                config.setdefault("momentum", 0.9)
                v = config.get("velocity", np.zeros_like(w))
                config["velocity"] = config["momentum"] * v - config["learning_rate"] * dw
                print("velocity:", config["velocity"])
                return w + config["velocity"], config
        """,
        notes={"sgd": "mutation"},
    ),
    Student(
        "hana",
        "optimizers",
        "RMSProp in single precision, Adam with epsilon inside the root",
        base="loops",
        changes="""
            def rmsprop(w, dw, config=None):
                lr = setting(config, "learning_rate", 0.01)
                rho = setting(config, "decay_rate", 0.99)
                eps = setting(config, "epsilon", 1e-8)
                cache = rho * setting(config, "cache", 0.0) + (1 - rho) * dw**2
                next_w = w - lr * dw / (np.sqrt(cache) + eps)
                state = {"learning_rate": lr, "decay_rate": rho, "epsilon": eps, "cache": cache}
                return next_w.astype(np.float32), state


            def adam(w, dw, config=None):
                lr = setting(config, "learning_rate", 0.001)
                beta1, beta2 = setting(config, "beta1", 0.9), setting(config, "beta2", 0.999)
                eps = setting(config, "epsilon", 1e-8)
                t = setting(config, "t", 0) + 1
                m = beta1 * setting(config, "m", 0.0) + (1 - beta1) * dw
                v = beta2 * setting(config, "v", 0.0) + (1 - beta2) * dw**2
                next_w = w - lr * (m / (1 - beta1**t)) / np.sqrt(v / (1 - beta2**t) + eps)
                return next_w, {"learning_rate": lr, "beta1": beta1, "beta2": beta2, "epsilon": eps, "t": t, "m": m, "v": v}
        """,
        items={"rmsprop": "wrong dtype", "adam": "wrong guards_inside_the_root", "adamw": "wrong"},
    ),
    Student(
        "kemal",
        "optimizers",
        "a bowl at the wrong place, a mixed derivative lost, batches that are never shuffled",
        form="module in a folder",
        changes="""
            def elongated_bowl(w):
                x, y = w
                return 4 * x**2 + y**2 / 15, np.array([8 * x, 2 * y / 15]), np.diag([8, 2 / 15])


            def rotated_bowl(w):
                a, b = w[0] - w[1], w[0] + w[1] + 3 * np.sqrt(2)
                f = 2 * a**2 + b**2 / 30
                return f, np.array([4 * a + b / 15, -4 * a + b / 15]), np.diag([4 + 1 / 15, 4 + 1 / 15])


            def rounding_scales(hessian):
                return np.diag(hessian) / 2


            def minibatches(X, y, size, rng):
                for i in range(0, len(X), size):
                    yield X[i : i + size], y[i : i + size]
        """,
        notebook="absent",
        items={
            "elongated_bowl": "partial centres_at_the_origin",
            "rotated_bowl": "partial forgets_the_mixed_derivative",
            "rounding_scales": "wrong forgets_the_root",
            "minibatches": "partial does_not_shuffle",
        },
    ),
]
