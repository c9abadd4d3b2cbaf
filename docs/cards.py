"""Takes the pictures of docs/reference/cards.md, and writes that page: ``python docs/cards.py``.

Wrong answers of every kind are written into a kit that ``gradmark release`` makes. Its own ``check`` shows a card of each in
JupyterLab, which Chromium photographs: light and dark, as wide as a desktop and as a phone. It takes two minutes, and needs a
Python with JupyterLab and numpy and without Gradmark (``--python PATH``), as students have one.

``cards()`` makes the same cards without a notebook; tests/web holds the pictures against them.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import json
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from subprocess import DEVNULL
from typing import Any, NamedTuple

CHECKOUT = Path(__file__).parents[1]
IMAGES = Path(__file__).parent / "images" / "cards"
PAGE = Path(__file__).parent / "reference" / "cards.md"
CHROMIUM = "/usr/bin/chromium"
DRAWN_BY = "156"
"""The version of Chromium that drew the pictures: another one may draw letters a little otherwise."""
PORT = 8917
SIZES = {"desktop": (1100, 800), "phone": (390, 844)}
THEMES = ("light", "dark")
CONNECTED = "window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.connectionStatus === 'connected'"
COLOURS = 96
"""So many colours has a picture: text, its smoothed edges, and the shades of a card."""


class Answer(NamedTuple):
    """An answer to an exercise, and what its card shows: ``title`` is a heading, ``alt`` a sentence for who does not see it.

    ``source`` is what a student wrote: whole functions, or a class with some of its methods. ``slip`` is a text of the module
    with what stands there instead.
    """

    exercise: str
    title: str
    alt: str
    source: str
    slip: tuple[str, str] | None = None


ANSWERS = {
    "one-output": Answer(
        "layers.affine_backward",
        "One output of three is wrong, by a constant factor",
        "The card says that db is averaged over the batch, and that dx and dw are right; db is shown, expected beside got.",
        """
def affine_forward(x, w, b):
    return x.reshape(len(x), -1) @ w + b, (x, w, b)


def affine_backward(dout, cache):
    x, w, b = cache
    dx = (dout @ w.T).reshape(x.shape)
    dw = x.reshape(len(x), -1).T @ dout
    return dx, dw, dout.mean(axis=0)
""",
    ),
    "sign": Answer(
        "layers.tanh_backward",
        "A sign is wrong",
        "The card says that it is a sign, and shows the smallest input with its dx, expected beside got.",
        """
def tanh_forward(x):
    out = np.tanh(x)
    return out, out


def tanh_backward(dout, cache):
    return dout * (1 + cache**2)
""",
    ),
    "overflow": Answer(
        "layers.softmax_forward",
        "Right for ordinary inputs, and an overflow for large ones",
        "The card says that exp overflows, and shows large logits, the right probabilities and those that came, NaN among them.",
        """
def softmax_forward(x):
    out = np.exp(x) / np.exp(x).sum(axis=1, keepdims=True)
    return out, out
""",
    ),
    "shape": Answer(
        "reverse_mode.matmul_vjp",
        "The shape is wrong",
        "The card says that the gradients are transposed, and shows db as it was expected, 4 × 2, beside what came, 2 × 4.",
        """
def matmul_vjp(g, a, b):
    return g @ b.T, g.T @ a
""",
    ),
    "raised": Answer(
        "layers.relu_forward",
        "The code raises an error",
        "The card shows the student's own line at which the error was raised, with the place of it marked.",
        """
def relu_forward(x):
    positive = x > 0
    return x * positif, x
""",
    ),
    "syntax": Answer(
        "mlp.cost",
        "The module cannot be read",
        "The card shows the line of the module that Python cannot read, with the place of it marked.",
        """
def cost(X, Y, W, V):
    hidden = 1 / (1 + np.exp(-X @ V))
    u = hidden @ W
    return np.mean(np.log(np.exp(u).sum(axis=1)) - (Y * u).sum(axis=1))
""",
        ("u = hidden @ W", "u = (hidden @ W"),
    ),
    "method": Answer(
        "forward_mode.dual_products",
        "A method of a class is wrong",
        "The card says that the tangents were multiplied with each other, and shows the product, expected beside got.",
        """
class Dual:
    def __mul__(self, other):
        a, b = self.paired(other)
        return type(self)(a.value * b.value, a.tangent * b.tangent, a.level)

    def __pow__(self, n):
        return type(self)(self.value**n, n * self.value ** (n - 1) * self.tangent, self.level)
""",
    ),
    "path": Answer(
        "optimizers.sgd_momentum",
        "An optimizer is right at step 1 and parts at step 2",
        "The card says that the velocity is not kept, and draws the path expected and the path that came: they part at step 2.",
        """
def sgd_momentum(w, dw, config=None):
    config = {"learning_rate": 1e-2, "momentum": 0.9, "velocity": np.zeros_like(w), **(config or {})}
    velocity = config["momentum"] * config["velocity"] - config["learning_rate"] * dw
    return w + velocity, config
""",
    ),
    "formula": Answer(
        "chain_rule.second_derivative_formula",
        "A formula cannot be read",
        "The card says that the exercise is not attempted, since the formula cannot be read: a parenthesis is not closed.",
        """
def second_derivative_formula():
    return "(4*x^2 - 2 * exp(-x^2)"
""",
    ),
    "graph": Answer(
        "graphs.network_graph",
        "A step is missing in a graph",
        "The card says that c does not reach h, shows h, expected beside got, and draws the graph: from c no arc leads to h, "
        "which is the first wrong step, and what comes after it inherits the fault.",
        """
def network_graph():
    return [
        ("p", "matmul", "X", "y"),
        ("q", "add", "p", "c"),
        ("h", "tanh", "p"),
        ("r", "matmul", "W", "h"),
        ("z", "add", "r", "b"),
        ("e", "subtract", "z", "z_star"),
        ("squares", "multiply", "e", "e"),
        ("total", "sum", "squares"),
        ("L", "multiply", 0.5, "total"),
    ]
""",
    ),
    "loop": Answer(
        "linear_models.linear_loss",
        "Right values, by a loop where none is allowed",
        "The card says that the function is to work without loops, and that its line 2 has one; two public checks passed.",
        """
def linear_loss(w, b, X, y):
    off = np.array([w @ row + b for row in X]) - y
    J = np.mean(off**2)
    dw = 2 * X.T @ off / len(y)
    db = 2 * off.mean()
    return J, dw, db
""",
    ),
    "no-return": Answer(
        "chain_rule.divide_local",
        "Nothing is returned",
        "The card says what the function returned and what it is to return.",
        """
def divide_local(a, b):
    da, db = 1 / b, -a / b**2
""",
    ),
    "passed": Answer(
        "layers.sigmoid_backward",
        "Passed, as far as public checks tell",
        "The card says how many public checks passed and how many more run at grading.",
        """
def sigmoid_forward(x):
    out = np.exp(-np.logaddexp(0, -x))
    return out, out


def sigmoid_backward(dout, cache):
    return dout * cache * (1 - cache)
""",
    ),
    "untouched": Answer(
        "layers.softplus_forward",
        "Not begun",
        "The card says that the exercise is not attempted.",
        "",
    ),
}
"""Twelve wrong answers and two others, by the name of their pictures."""


# ----------------------------------------------------------------------------------------------- the answers, written down
def modules(stubs: Path) -> dict[str, str]:
    """Return the text of each module of exercises with the answers in it, by its unit; ``stubs`` is the folder of the stubs."""
    found: dict[str, str] = {}
    for answer in ANSWERS.values():
        unit = answer.exercise.partition(".")[0]
        text = found.get(unit) or (stubs / f"{unit}.py").read_text(encoding="utf-8")
        found[unit] = written(text, answer.source)
    for answer in ANSWERS.values():  # last: what cannot be read cannot be edited any more
        if answer.slip is not None:
            unit = answer.exercise.partition(".")[0]
            assert found[unit].count(answer.slip[0]) == 1, "one place is meant"
            found[unit] = found[unit].replace(*answer.slip)
    return found


def written(stub: str, source: str) -> str:
    """Return a module in which the functions and methods of ``source`` stand in the place of those with their names."""
    old, new, lines = _places(stub), _places(source), source.splitlines()
    rows = stub.splitlines()
    for name, (first, last) in sorted(new.items(), key=lambda item: -old[item[0]][0]):
        start, end = old[name]
        rows[start:end] = lines[first:last]
    return "\n".join(rows) + "\n"


def _places(text: str) -> dict[str, tuple[int, int]]:
    """Return the lines of functions and methods, by ``name`` or ``Class.name``: the first, and the one after the last."""
    found = {}
    for node in ast.parse(text).body:
        inside = node.body if isinstance(node, ast.ClassDef) else [node]
        owner = f"{node.name}." if isinstance(node, ast.ClassDef) else ""
        for part in inside:
            if isinstance(part, ast.FunctionDef):
                found[owner + part.name] = (part.lineno - 1, part.end_lineno or part.lineno)
    return found


def cards(folder: Path) -> dict[str, Any]:
    """Return the card of each answer as ``check`` makes it, by its name; ``folder`` is where their modules are written."""
    from grader.student.checks import checked
    from grader.student.public import exercise_named
    from grader.student.shown import cards as shown
    from grader.student.work import work_in

    room = folder / "exercises"
    room.mkdir(parents=True, exist_ok=True)
    for unit, text in modules(CHECKOUT / "exercises").items():
        (room / f"{unit}.py").write_text(text, encoding="utf-8")
    found = {}
    for name, answer in ANSWERS.items():
        exercise = exercise_named(answer.exercise)
        (found[name],) = shown([checked(exercise, work_in(exercise.unit, {}, folder))])
    return found


# ----------------------------------------------------------------------------------------------------------- the page
INTRODUCTION = f"""# What a card looks like

`check("relu_backward")` shows a card. Here are twelve wrong answers of different kinds with theirs, and two others, as JupyterLab
shows them. More is told by `hint`, and by the [pages on mistakes](mistakes/README.md).

A card never says that all of an exercise is right: it says how many public checks passed, and how many more run at grading.
Whatever a colour says, a sign or a word says too, and a picture has a text that says what it shows. axe-core finds no fault in a
card, on light and dark, as wide as a phone and as a desktop, folded and unfolded.

The pictures were taken in JupyterLab 4.6 with Chromium {DRAWN_BY} on Debian 12, by `python docs/cards.py`. In VS Code, Colab and
Kaggle the card was not tried.

| on a desktop | on a phone |
|---|---|
"""


def page() -> str:
    """Return the text of docs/reference/cards.md."""
    window = "A notebook in JupyterLab, with the card of the first answer below, {}"
    row = " | ".join(_image("lab", size, window.format(f"on a {size}")) for size in SIZES)
    parts = [INTRODUCTION + f"| {row} |\n"]
    for name, answer in ANSWERS.items():
        phone = " and ".join(f"[{t}](../images/cards/{name}-{t}-phone.png)" for t in THEMES)
        code = f"```python\n{answer.source.replace(*answer.slip or ('', '')).strip()}\n```\n\n" if answer.source else ""
        parts.append(
            f"## {answer.title}\n\n`{answer.exercise}`, and on a phone in {phone}.\n\n{code}{_image(name, 'desktop', answer.alt)}\n"
        )
    return "\n".join(parts)


def _image(name: str, size: str, alt: str) -> str:
    """Return a picture that is dark where the reader's page is."""
    light, dark = (f"../images/cards/{name}-{theme}-{size}.png" for theme in THEMES)
    source = f'<source media="(prefers-color-scheme: dark)" srcset="{dark}">'
    return f'<picture>{source}<img alt="{alt}" src="{light}"></picture>'


# ------------------------------------------------------------------------------------------------------- in JupyterLab
def notebook() -> dict[str, Any]:
    """Return a notebook of a kit: its first cell, and a cell with a check for each answer."""
    first = (
        'import sys; sys.path[:0] = [".", ".."]  # where this kit is, from here\nfrom grader.student.notebook import *'
    )
    sources = [first, *(f'check("{answer.exercise}")' for answer in ANSWERS.values())]
    code = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": []}
    cells = [{**code, "id": f"c{number}", "source": source} for number, source in enumerate(sources)]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": kernel, "cells": cells}


@contextlib.contextmanager
def jupyterlab(python: str, kit: Path, settings: Path) -> Iterator[str]:
    """Run JupyterLab in the folder of a kit; give its address."""
    options = {
        "IdentityProvider.token": "",
        "ServerApp.password": "",
        "ServerApp.port": PORT,
        "ServerApp.port_retries": 0,
        "LabApp.user_settings_dir": settings,
        "LabApp.workspaces_dir": settings / "workspaces",
        "LabApp.expose_app_in_browser": True,
    }
    command = [python, "-m", "jupyterlab", "--no-browser", "--allow-root", *(f"--{k}={v}" for k, v in options.items())]
    with subprocess.Popen(command, cwd=kit, stdout=DEVNULL, stderr=DEVNULL) as server:  # noqa: S603 - ours
        try:
            yield _awaited(f"http://localhost:{PORT}", server)
        finally:
            server.terminate()


def _awaited(address: str, server: subprocess.Popen[bytes]) -> str:
    for _ in range(120):
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/api"):  # noqa: S310 - http
            return address
        if server.poll() is not None:
            break
        time.sleep(0.5)
    raise SystemExit("JupyterLab does not start: does this Python have it? Is the port free?")


def photographed(python: str) -> dict[str, bytes]:
    """Return the pictures of all cards and of the windows around them, by the name of their file."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, contextlib.ExitStack() as stack:
        kit, settings = Path(folder) / "kit", Path(folder) / "settings"
        release = "from grader.cli import command; command()"
        subprocess.run([sys.executable, "-c", release, "release", "--out", str(kit)], cwd=CHECKOUT, check=True)  # noqa: S603
        for unit, text in modules(kit / "exercises").items():
            (kit / "exercises" / f"{unit}.py").write_text(text, encoding="utf-8")
        (kit / "notebooks" / "cards.ipynb").write_text(json.dumps(notebook()), encoding="utf-8")
        address = stack.enter_context(jupyterlab(python, kit, settings))
        browser = stack.enter_context(sync_playwright()).chromium.launch(executable_path=CHROMIUM)
        if browser.version.partition(".")[0] != DRAWN_BY:
            raise SystemExit(f"this is Chromium {browser.version}: write its number into DRAWN_BY")
        found = {}
        for theme in THEMES:
            _settle(settings, theme)
            for size in SIZES:
                found.update(_taken(browser, address, theme, size))
        return found


def _settle(settings: Path, theme: str) -> None:
    """Choose a theme, and have all of a notebook drawn, whatever is in view."""
    chosen = {
        "apputils-extension/themes": {"theme": f"JupyterLab {theme.title()}"},
        "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
        "notebook-extension/tracker": {"windowingMode": "none"},
    }
    for name, values in chosen.items():
        path = settings / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values), encoding="utf-8")


def _taken(browser: Any, address: str, theme: str, size: str) -> dict[str, bytes]:
    """Run the notebook in a window of this size, and photograph the window and each card."""
    width, height = SIZES[size]
    page = browser.new_page(viewport={"width": width, "height": height})
    page.goto(f"{address}/doc/tree/notebooks/cards.ipynb?reset")
    page.wait_for_function(CONNECTED)
    page.wait_for_timeout(3000)  # a notebook that has just been opened may lose what it is told at once
    page.evaluate("void window.jupyterapp.commands.execute('notebook:run-all-cells')")
    for answer in ANSWERS.values():
        page.wait_for_selector(_card(answer), state="attached")
    page.evaluate("document.querySelector('.jp-WindowedPanel-outer').scrollTop = 0")
    page.wait_for_timeout(1000)
    found = {f"lab-{theme}-{size}.png": page.screenshot()}
    tall = max(page.locator(_card(answer)).bounding_box()["height"] for answer in ANSWERS.values())
    page.set_viewport_size({"width": width, "height": int(tall) + 300})  # a card is photographed in one piece
    page.wait_for_timeout(500)
    for name, answer in ANSWERS.items():
        found[f"{name}-{theme}-{size}.png"] = photograph(page.locator(_card(answer)))
    page.evaluate("window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    page.close()
    return found


def photograph(card: Any) -> bytes:
    """Return a picture of a card, as PNG. It is put on a whole pixel first, so that its lines are as sharp wherever it stands."""
    card.scroll_into_view_if_needed()
    card.evaluate("""it => {
        const { left, top } = it.getBoundingClientRect();
        it.style.position = "relative";
        it.style.left = `${Math.round(left) - left}px`;
        it.style.top = `${Math.round(top) - top}px`;
    }""")
    return bytes(card.screenshot())


def _card(answer: Answer) -> str:
    return f'.jp-OutputArea-output section[aria-label^="{answer.exercise}:"]'


def small(picture: bytes) -> bytes:
    """Return a PNG with few colours, which is a fraction as large."""
    from PIL import Image

    with Image.open(BytesIO(picture)) as image:
        few = image.convert("RGB").quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        out = BytesIO()
        few.save(out, "PNG", optimize=True)
    return out.getvalue()


def main() -> None:
    """Take all pictures."""
    parser = argparse.ArgumentParser(description="Takes the pictures of cards in JupyterLab.")
    parser.add_argument("--python", default="python3", help="a Python with JupyterLab and numpy, as students have one")
    pictures = photographed(parser.parse_args().python)
    shutil.rmtree(IMAGES, ignore_errors=True)
    IMAGES.mkdir(parents=True)
    for name, picture in pictures.items():
        (IMAGES / name).write_bytes(small(picture))
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
