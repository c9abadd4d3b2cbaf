"""Computation graphs as they are drawn: what the nodes say, where they stand, and which is the first at fault."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.autodiff import Graph, GraphNode, grad, graph, logsumexp, program
from reference.autodiff.drawing.graphs import LARGEST
from reference.autodiff.drawing.layout import Layout, layered


def worked(x: Any, y: Any) -> Any:
    """The example of Bücker et al. 2006."""
    return (x * y + np.sin(x) + 4) * (3 * y**2 + 6)


WORKED = graph(worked, 2.0, 8.0)


# ------------------------------------------------------------------------------------------- nodes
def test_the_worked_example_bears_the_printed_values_and_gradients() -> None:
    shown = {node.heading: (f"{node.value:.10f}", f"{node.gradient:.10f}") for node in WORKED.nodes}
    assert list(shown) == [
        "s1 = x", "s2 = y", "s3 = s1 × s2", "s4 = sin s1", "s5 = s3 + s4", "s6 = s5 + 4", "s7 = s2²", "s8 = 3 × s7",
        "s9 = s8 + 6", "s10 = s6 × s9",
    ]  # fmt: skip
    assert shown["s1 = x"] == ("2.0000000000", "1501.6029263637")
    assert shown["s2 = y"] == ("8.0000000000", "1399.6462764876")
    assert shown["s6 = s5 + 4"] == ("20.9092974268", "198.0000000000")
    assert shown["s10 = s6 × s9"] == ("4140.0408905115", "1.0000000000")
    assert WORKED["x"] is WORKED["s1"]


def test_nodes_are_numbered_as_the_program_prints_them() -> None:
    def f(p: Any, x: Any) -> Any:
        _ = np.exp(x)  # not needed: it has no number
        return np.sum(np.tanh(x @ p["W"] + p["b"]))

    p, x = {"W": np.ones((3, 2)), "b": np.zeros(2)}, np.ones((4, 3))
    drawn, lines = graph(f, p, x), str(program(f, p, x)).splitlines()
    assert [n.name for n in drawn.nodes if n.operation] == [line.partition(" = ")[0] for line in lines[:-1]]
    assert [n.operation for n in drawn.nodes] == ["", "", "", "matmul", "add", "tanh", "sum"]
    assert [n.text for n in drawn.nodes][:3] == ["p.W", "p.b", "x"]


def test_gradients_of_arrays_are_those_of_reverse_mode() -> None:
    rng = np.random.default_rng(0)
    p = {"w": [rng.standard_normal((4, 6)), rng.standard_normal((6, 3))], "b": rng.standard_normal(6)}
    x, y = rng.standard_normal((5, 4)), np.array([0, 2, 1, 1, 0])

    def loss(p: Any, x: Any) -> Any:
        z = np.maximum(x @ p["w"][0] + p["b"], 0) @ p["w"][1]
        return np.mean(logsumexp(z) - z[np.arange(5), y])

    drawn, expected = graph(loss, p, x), grad(loss)(p, x)
    for name, slope in {"p.w[0]": expected["w"][0], "p.w[1]": expected["w"][1], "p.b": expected["b"]}.items():
        np.testing.assert_allclose(drawn[name].gradient, slope, rtol=1e-12)
    assert all(np.shape(n.gradient) == np.shape(n.value) for n in drawn.nodes)
    np.testing.assert_allclose(drawn["x"].gradient, grad(loss, 1)(p, x), rtol=1e-12)


def test_a_gradient_is_that_of_one_number_or_it_is_not_there() -> None:
    for f, x in ((np.sin, np.ones(3)), (lambda x: (x, 2 * x), 1.0), (lambda x: np.sin(x)[0:1], np.ones(3))):
        assert all(node.gradient is None for node in graph(f, x).nodes)
    assert all(node.gradient is None for node in graph(worked, 2.0, 8.0, gradients=False).nodes)


def test_what_has_no_slope_has_no_gradient_and_what_does_not_matter_has_zero() -> None:
    drawn = graph(lambda x, unused: np.sum(np.where(x > 0, x, 0.0)), np.array([-1.0, 2.0]), 3.0)
    assert {n.operation: n.gradient is None for n in drawn.nodes[2:]} == {"greater": True, "where": False, "sum": False}
    assert drawn["unused"].gradient == 0.0
    np.testing.assert_array_equal(drawn["x"].gradient, [0.0, 1.0])


def test_a_node_with_two_ways_to_the_output_adds_their_gradients() -> None:
    drawn = graph(lambda x: x / x**2, 3.0)
    assert drawn["x"].gradient == pytest.approx(-1 / 9)  # not 1/9, nor −2/9, which is one way only


@pytest.mark.parametrize(
    ("f", "formula"),
    [
        (lambda x: x[0, 1:], "s1[0, 1:]"),
        (lambda x: x.T, "s1ᵀ"),
        (lambda x: np.sum(x, axis=1), "sum(s1, axis=1)"),
        (lambda x: x * np.ones((2, 3)) * 2, "s1 × 2"),
        (lambda x: x * -2, "s1 × −2"),
        (lambda x: x * np.full((2, 3), 0.5), "s1 × array"),
        (lambda x: -x, "−s1"),
        (lambda x: x**0.5, "s1 ^ 0.5"),
        (lambda x: np.maximum(x, 0), "max(s1, 0)"),
        (lambda x: x + 1e-8, "s1 + 1e−08"),
        (lambda x: x * np.pi, "s1 × 3.142"),
        (lambda x: x**3 - x**2, "s2 − s3"),
        (lambda x: np.einsum("ij->j", x), "einsum('ij->j', s1)"),
    ],
)
def test_formulas_read_as_the_course_writes_them(f: Callable[..., Any], formula: str) -> None:
    assert graph(f, np.ones((2, 3))).nodes[-1].text == formula


def test_a_graph_by_hand_refuses_disorder() -> None:
    a, b = GraphNode("a", value=2.0), GraphNode("b", value=3.0)
    c = GraphNode("c", "multiply", ("a", "b"), "a × b", 6.0)
    assert Graph((a, b, c)).outputs == ("c",)
    assert c.heading == "c = a × b"
    with pytest.raises(ValueError, match="it is made of: 'c', which is made of a, b, does not"):
        Graph((a, c, b))
    with pytest.raises(ValueError, match=r"a name of its own .*: 'a', which is made of none, does not"):
        Graph((a, b, a))
    with pytest.raises(ValueError, match="outputs are names of nodes"):
        Graph((a, b, c), ("d",))
    with pytest.raises(ValueError, match="does not depend on its arguments"):
        graph(lambda x: 3.0, 1.0)


# ------------------------------------------------------------------------------------------ layout
@st.composite
def dags(draw: st.DrawFn) -> tuple[list[tuple[float, float]], list[tuple[int, int]]]:
    n = draw(st.integers(1, 16))
    sizes = draw(st.lists(st.tuples(st.integers(20, 150), st.integers(20, 90)), min_size=n, max_size=n))
    some = st.lists(
        st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)).filter(lambda e: e[0] != e[1]), max_size=2 * n
    )
    return [(float(w), float(h)) for w, h in sizes], [(min(e), max(e)) for e in draw(some)] if n > 1 else []


def boxes(plan: Layout, sizes: list[tuple[float, float]]) -> list[tuple[float, float, float, float]]:
    return [(x - w / 2, y - h / 2, x + w / 2, y + h / 2) for (x, y), (w, h) in zip(plan.centres, sizes, strict=True)]


@pytest.mark.slow
@settings(max_examples=150, deadline=None, database=None, derandomize=True)
@given(dags())
def test_boxes_do_not_overlap_and_edges_go_forward_around_them(dag: Any) -> None:
    sizes, edges = dag
    plan = layered(sizes, edges)
    placed = boxes(plan, sizes)
    for i, (left, top, right, bottom) in enumerate(placed):
        assert -0.1 <= left <= right <= plan.width + 0.1
        assert -0.1 <= top <= bottom <= plan.height + 0.1
        for x0, y0, x1, y1 in placed[:i]:
            assert right <= x0 or x1 <= left or bottom <= y0 - 10 or y1 <= top - 10
    for (u, v), route in zip(edges, plan.routes, strict=True):
        assert route[0] == (placed[u][2], plan.centres[u][1])
        assert route[-1][0] == placed[v][0]
        assert placed[v][1] < route[-1][1] < placed[v][3]
        assert all(a <= b + 1e-9 for (a, _), (b, _) in pairwise(route))
        for (x0, y), (x1, _) in zip(route[::2], route[1::2], strict=True):
            # Level stretches keep clear of all other boxes; curves run where none stand.
            for i, (left, top, right, bottom) in enumerate(placed):
                assert i in (u, v) or x1 <= left or right <= x0 or not top <= y <= bottom
        for (x0, _), (x1, _) in zip(route[1::2], route[2::2], strict=False):
            assert all(right <= x0 + 1e-9 or x1 - 1e-9 <= left for left, _, right, _ in placed)
    assert layered(sizes, edges) == plan


@pytest.mark.parametrize("n", [2, 7, 60])
def test_a_chain_is_straight(n: int) -> None:
    plan = layered([(80.0, 30.0 + 10 * (i % 3)) for i in range(n)], [(i, i + 1) for i in range(n - 1)])
    assert {y for route in plan.routes for _, y in route} == {plan.centres[0][1]}


def test_a_trunk_with_branches_is_straight() -> None:
    """Parameters come to it from their sides, each right before where it is used."""
    trunk = [0, 2, 4, 6]
    edges = [(0, 2), (1, 2), (2, 4), (3, 4), (4, 6), (5, 6)]
    plan = layered([(80.0, 40.0)] * 7, edges)
    assert {plan.centres[v][1] for v in trunk[1:]} == {plan.centres[2][1]}
    assert plan.centres[5][0] == plan.centres[4][0]


@pytest.mark.parametrize(
    ("edges", "fewest"),
    [
        ([(0, 3), (1, 4), (2, 5), (0, 4), (1, 5)], 0),  # a path, given twisted
        ([(0, 5), (1, 4), (2, 3)], 0),
        ([(i, 4 + j) for i in range(3) for j in range(3)], 9),  # K3,3 in two layers: 9 at least
        ([(0, 2), (0, 3), (1, 2), (1, 3)], 1),
    ],
)
def test_crossings_are_as_few_as_can_be(edges: list[tuple[int, int]], fewest: int) -> None:
    assert layered([(50.0, 30.0)] * 8, edges).crossings == fewest


def test_edges_of_the_course_s_graphs_do_not_cross() -> None:
    def steps(x: Any, y: Any) -> Any:
        return np.log(x + y) + x * (x + y) + y**2

    for drawn in (WORKED, graph(lambda a, b: (a + b) * (b + 1), 2.0, 3.0), graph(steps, 1.0, 2.0)):
        cards, edges = drawn._boxes(None)
        assert layered([card.size for card in cards], edges).crossings == 0


def test_edges_that_go_back_are_refused() -> None:
    with pytest.raises(ValueError, match=r"\(2, 1\) does not"):
        layered([(1.0, 1.0)] * 3, [(0, 1), (2, 1)])


# ---------------------------------------------------------------------------------- first at fault
def changed(of: Graph, **to: Any) -> Graph:
    """A graph with other values (``s3=...``) or gradients (``s3_bar=...``) on some nodes."""

    def node(n: GraphNode) -> GraphNode:
        return replace(n, value=to.get(n.name, n.value), gradient=to.get(f"{n.name}_bar", n.gradient))

    return Graph(tuple(map(node, of.nodes)), of.outputs, of.title, of.example)


def test_the_first_at_fault_is_the_first_and_none_of_its_descendants() -> None:
    wrong = graph(lambda x, y: (x * y + np.cos(x) + 4) * (3 * y**2 + 6), 2.0, 8.0)
    for expected in (worked, WORKED, {n.name: n.value for n in WORKED.nodes}):
        fault = wrong.first_fault(expected)
        assert fault is not None
        assert (fault.node.name, fault.quantity, fault.expected) == ("s4", "value", WORKED["s4"].value)
        assert str(fault) == "expected 0.9093"
    assert WORKED.first_fault(worked) is WORKED.first_fault(WORKED) is WORKED.first_fault({"x": 2.0}) is None


@pytest.mark.parametrize("expected", [worked, WORKED])
def test_a_wrong_value_by_hand_is_found_where_it_arose(expected: Any) -> None:
    for name in ("s4", "s7", "s10"):
        fault = changed(WORKED, **{name: 1.0}).first_fault(expected)
        assert fault is not None
        assert fault.node.name == name
    both = changed(WORKED, s3=1.0, s8=1.0).first_fault(expected)
    assert both is not None
    assert both.node.name == "s3"


@pytest.mark.parametrize("expected", [worked, WORKED])
def test_with_the_forward_right_the_last_wrong_gradient_is_where_backprop_went_wrong(expected: Any) -> None:
    # The gradient of s2 is one way's only; but that of s7, from which it comes, was wrong before.
    fault = changed(WORKED, s2_bar=396.0, s7_bar=1.0).first_fault(expected)
    assert fault is not None
    assert (fault.node.name, fault.quantity, str(fault)) == ("s7", "gradient", "expected ∂ 62.73")
    value = changed(WORKED, s3=1.0, s7_bar=1.0).first_fault(expected)
    assert value is not None
    assert value.quantity == "value"


def test_another_graph_of_the_same_function_is_not_at_fault() -> None:
    def otherwise(x: Any, y: Any) -> Any:
        return (4 + (np.sin(x) + y * x)) * (3 * (y * y + 2))

    assert graph(otherwise, 2.0, 8.0).first_fault(worked) is None
    # A gradient of its own within is no fault, one at an input is.
    own = graph(otherwise, 2.0, 8.0)
    assert changed(own, **{own.nodes[-2].name + "_bar": 7.0}).first_fault(worked) is None
    fault = changed(own, s1_bar=7.0).first_fault(worked)
    assert fault is not None
    assert fault.node.text == "x"


@pytest.mark.parametrize("expected", [worked, WORKED])
def test_the_order_in_which_steps_were_done_does_not_matter(expected: Any) -> None:
    order = ["s1", "s2", "s7", "s8", "s9", "s4", "s3", "s5", "s6", "s10"]
    assert Graph(tuple(WORKED[name] for name in order)).first_fault(expected) is None
    wrong = graph(lambda x, y: (x * y + np.cos(x) + 4) * (3 * y**2 + 6), 2.0, 8.0)
    fault = Graph(tuple(wrong[name] for name in order)).first_fault(expected)
    assert fault is not None
    assert fault.node.text == "cos s1"


def test_where_two_operands_differ_none_of_them_is_accused() -> None:
    """(2(a + b))·(c / 2) is as good as (a + b)·c: only the sum with d, which is wrong, may be named."""
    fault = graph(lambda a, b, c, d: 2 * (a + b) * (c / 2 - d), 1.0, 2.0, 3.0, 4.0).first_fault(
        lambda a, b, c, d: (a + b) * (c + d)
    )
    assert fault is not None
    assert fault.node.operation == "multiply"
    assert fault.expected == 21.0


@pytest.mark.parametrize(
    ("value", "expected", "differs"),
    [
        (1.0, 1.0 + 1e-12, False),
        (1.0, 1.0 + 1e-6, True),
        (1e-12, 2e-12, True),  # np.allclose takes these for equal
        (np.nan, np.nan, False),
        (np.inf, np.inf, False),
        (1.0, np.inf, True),
        (np.ones(3), np.ones((3, 1)), True),  # broadcasting would hide it
    ],
)
def test_what_differs_beyond_rounding(value: Any, expected: Any, differs: bool) -> None:
    assert (Graph((GraphNode("a", value=value),)).first_fault({"a": expected}) is not None) is differs


def test_rounding_of_what_cancels_is_no_fault() -> None:
    nodes = (GraphNode("a", value=1e9), GraphNode("b", value=1e9), GraphNode("c", "subtract", ("a", "b"), value=1e-7))
    assert Graph(nodes).first_fault({"c": 0.0}) is None
    assert Graph(nodes).first_fault({"c": 1.0}) is not None


def test_a_fault_in_an_array_names_the_entry() -> None:
    drawn = graph(lambda x: np.sum(2 * x), np.ones((2, 3)))
    expected = np.full((2, 3), 2.0)
    expected[1, 2] = 2.00001
    assert str(drawn.first_fault({"s2": expected})) == "expected [1, 2] = 2.00001"
    with pytest.raises(KeyError, match="no node is called 's9'"):
        drawn.first_fault({"s9": 1.0})
    with pytest.raises(ValueError, match="2 outputs are expected, this graph has 1"):
        drawn.first_fault(lambda x: (x, 2 * x))


# ---------------------------------------------------------------------------------------- pictures
def parsed(picture: str) -> ElementTree.Element:
    return ElementTree.fromstring(picture)


def test_the_picture_is_xml_that_stands_by_itself_and_says_what_it_shows() -> None:
    picture = WORKED.svg()
    root, text = parsed(picture), "".join(parsed(picture).itertext())
    assert root.get("role") == "img"
    assert [child.tag.rpartition("}")[2] for child in root][:3] == ["title", "desc", "rect"]
    for shown in ("s10 = s6 × s9", "4140", "∂ 1502", "sin s1", "gradient of s10"):
        assert shown in text
    assert not re.search(r"<script|<style|href|url\(|\bid=|@import", picture)


def test_text_stays_in_its_box() -> None:
    """Even in the widest of the common fonts, whose digits take 0.64 em, or 0.70 in bold type."""
    for card in WORKED._boxes(None)[0]:
        assert card.size[0] >= 13 * 0.64 * max(len(row.text) for row in card.rows)


def test_the_fault_is_outlined_once_and_told() -> None:
    wrong = changed(WORKED, s4=0.5)
    assert "expected" not in wrong.svg()
    picture = wrong.svg(worked)
    assert picture.count('stroke-width="2.6"') == 1
    assert "expected 0.9093" in "".join(parsed(picture).itertext())
    assert "first at fault: s4 = sin s1" in picture
    assert wrong.dot(worked).count("penwidth") == 1


HOSTILE = [
    '<script>alert("1")</script>',
    "a & b",
    "]]>",
    "\x00\x1b[31m",
    "\ud800",
    "'\"\\",
    "x\\",
    "s1&s2",
    "{%s}",
    "\u202e" * 3,
    "n\nm",
]


@pytest.mark.parametrize("label", HOSTILE)
def test_hostile_labels_are_text(label: str) -> None:
    drawn = Graph((GraphNode("a", value=1.0), GraphNode(label, label, ("a",), label, 1.0)), title=label)
    root = parsed(drawn.svg())
    assert not root.findall(".//{*}script")
    assert root.findall("{*}title")
    strings = re.findall(r'"(?:[^"\\]|\\.)*"', drawn.dot())
    # What is left of DOT without its strings is its own grammar, and nothing of the label.
    assert re.fullmatch(r"[\w\s{};=,\[\]>-]*", re.sub(r'"(?:[^"\\]|\\.)*"', "", drawn.dot()))
    assert len(strings) >= 8


def test_dot_has_the_same_labels_and_an_arrow_for_each_operand() -> None:
    text = graph(lambda x: x * x, 3.0).dot()
    assert text.count('"s1" -> "s2";') == 2
    assert '"s2" [label="s2 = s1 × s1\\n9\\n∂ 1"' in text


def test_arrays_show_as_heat_maps_of_at_most_eight_by_eight() -> None:
    small, large = (graph(np.sum, np.arange(float(n * n)).reshape(n, n) + 1) for n in (3, 40))
    assert small.svg().count("h6v6") == 2 * 9  # value and gradient
    assert large.svg().count("h6v6") == 2 * 64
    assert "(40, 40) · mean 800" in large.svg()
    broken = graph(np.sum, np.array([1.0, np.nan, np.inf]))
    assert broken.svg().count('fill="#c81e1e"') == 2
    assert graph(np.sum, np.zeros((0, 3))).svg()


@pytest.mark.slow
def test_a_graph_too_large_for_a_picture_is_refused_with_what_to_do() -> None:
    def deep(x: Any) -> Any:
        for _ in range(2_000):
            x = 0.999 * x
        return x

    drawn = graph(deep, 1.0)
    assert drawn["x"].gradient == pytest.approx(0.999**2_000)
    with pytest.raises(ValueError, match=rf"2001 nodes, of which at most {LARGEST} can be read: draw a part"):
        drawn.svg()
    assert drawn.dot().count("->") == 2_000
    assert drawn.first_fault(deep) is None
    assert list(drawn._repr_mimebundle_()) == ["text/plain"]
    assert len(str(drawn).splitlines()) == 2_002
    assert drawn._repr_mimebundle_()["text/plain"] == "<computation graph of deep, 2001 nodes: print it with str()>"


def test_a_notebook_gets_the_picture_and_a_table() -> None:
    bundle = WORKED._repr_mimebundle_()
    assert bundle["image/svg+xml"] == WORKED.svg() == graph(worked, 2.0, 8.0).svg()
    assert bundle["text/plain"].splitlines()[3] == "s3 = s1 × s2   16      198"
