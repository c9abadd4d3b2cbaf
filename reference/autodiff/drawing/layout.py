"""The layout of a graph: boxes in layers from left to right, with few crossings and straight lines; sizes and numbers only.

A box stands in the layer before its first user's. An edge that passes a layer gets a *bend* there, which takes room as a box does,
so that no edge runs through a box; the edges of one source share their bends. Layers are put in order to and fro, and then, again
to and fro, on the levels that are best for their neighbours.

Source: Sugiyama, Tagawa & Toda 1981 (layers, bends, barycentres). The best levels in a given order are an isotonic regression, here
by least absolute deviations (Barlow et al. 1972: pool adjacent violators).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate, combinations, pairwise
from statistics import fmean, median
from typing import NamedTuple

__all__ = ["Edge", "Layout", "Point", "layered"]

Point = tuple[float, float]
Edge = tuple[int, int]
Rows = list[list[int]]
BESIDE, BELOW, BEND = 38, 20, 12
"""The least room between two layers, between two boxes of a layer, and that of a bend."""


class Layout(NamedTuple):
    """Centres of boxes, and for each edge its points: level in each layer (two points), with a curve to the next layer.

    In pixels, x to the right and y down. ``crossings``: the number of crossings, edges that share a bend counted once.
    """

    centres: tuple[Point, ...]
    routes: tuple[tuple[Point, ...], ...]
    width: float
    height: float
    crossings: int


def layered(sizes: Sequence[Point], edges: Sequence[Edge]) -> Layout:
    """Lay out boxes of ``sizes`` (width, height), one at least, that ``edges`` join.

    Raises:
        ValueError: an edge does not go from a lower number to a higher one.

    """
    boxes = len(sizes)
    for u, v in edges:
        if not 0 <= u < v < boxes:
            raise ValueError(f"edges go from lower to higher numbers of {boxes} boxes, {(u, v)} does not: sort first")
    depth = _longest(boxes, edges)
    rest = _longest(boxes, [(boxes - 1 - v, boxes - 1 - u) for u, v in edges])[::-1]
    layer = [max(rest) - after if before or after else 0 for before, after in zip(depth, rest, strict=True)]
    bends: dict[Edge, int] = {}
    paths = []
    for u, v in edges:
        passed = [(u, at) for at in range(layer[u] + 1, layer[v])]
        paths.append([u, *(bends.setdefault(place, boxes + len(bends)) for place in passed), v])
    layer += [at for _, at in bends]
    depth += [depth[u] for u, _ in bends]
    heights = [h for _, h in sizes] + [0.0] * len(bends)
    rows: Rows = [[v for v in range(len(layer)) if layer[v] == at] for at in range(max(layer) + 1)]
    links = dict.fromkeys(link for path in paths for link in pairwise(path))
    before = [[u for u, w in links if w == v] for v in range(len(layer))]
    after = [[w for u, w in links if u == v] for v in range(len(layer))]
    crossings, rows = _ordered(rows, before, after)
    rooms = [(h + (BELOW if v < boxes else BEND)) / 2 for v, h in enumerate(heights)]
    y = _levels(rows, before, after, rooms, depth)
    top = min(level - h / 2 for level, h in zip(y, heights, strict=True))
    y = [round(level - top, 2) for level in y]
    ports = _ports(paths, y, heights)

    sides: list[Point] = []
    x = 0.0
    for row in rows:
        sides.append((x, x + max(sizes[v][0] for v in row if v < boxes)))
        # The steeper the edges, the more room they get.
        steep = max((abs(y[u] - y[v]) for u in row for v in after[u]), default=0.0)
        x = sides[-1][1] + min(BESIDE + steep / 6, 3 * BESIDE)
    centres = tuple((fmean(sides[at]), y[v]) for v, at in enumerate(layer[:boxes]))
    routes = []
    for path, port in zip(paths, ports, strict=True):
        points = [(x, y[v]) for v in path for x in sides[layer[v]]]
        points[0] = (centres[path[0]][0] + sizes[path[0]][0] / 2, y[path[0]])
        points[-2:] = [(points[-2][0], port), (centres[path[-1]][0] - sizes[path[-1]][0] / 2, port)]
        routes.append(tuple(points))
    height = max(level + h / 2 for level, h in zip(y, heights, strict=True))
    return Layout(centres, tuple(routes), sides[-1][1], height, crossings)


def _longest(boxes: int, edges: Iterable[Edge]) -> list[int]:
    """Measure the longest path that leads to each box, in edges."""
    length = [0] * boxes
    for v, u in sorted((v, u) for u, v in edges):
        length[v] = max(length[v], length[u] + 1)
    return length


def _ordered(rows: Rows, before: Rows, after: Rows) -> tuple[int, Rows]:
    """Sort rows by the mean places of their neighbours, to and fro; return the fewest crossings, and the rows that have them."""
    place = {v: i for row in rows for i, v in enumerate(row)}
    seen = []
    for sweep in range(24):
        seen.append((_crossings(rows, after, place), [list(row) for row in rows]))
        to, sources = (1, before) if sweep % 2 == 0 else (-1, after)
        for row in rows[::to]:
            mean = {v: fmean(place[u] for u in sources[v] or [v]) for v in row}
            if sweep % 4 > 1:  # boxes that tie are turned round, so that the sweeps do not get stuck
                row.reverse()
            row.sort(key=mean.__getitem__)
            place.update((v, i) for i, v in enumerate(row))
    return min(seen, key=lambda one: one[0])


def _crossings(rows: Rows, after: Rows, place: dict[int, int]) -> int:
    ends = ([end for u in row for end in sorted(place[v] for v in after[u])] for row in rows)
    return sum(a > b for row in ends for a, b in combinations(row, 2))


def _levels(rows: Rows, before: Rows, after: Rows, rooms: Sequence[float], depth: Sequence[int]) -> list[float]:
    """Choose a level for each box and bend, as near to its neighbours on one side as the order in its row allows, to and fro.

    Only the neighbours at the end of the longest paths count, and a box at the end of a long path counts more: so trunks are
    straight, and branches bend towards them.
    """
    y = [0.0] * len(depth)
    for to, sources, others in ((-1, after, before), (1, before, after)) * 2:
        for row in rows[::to]:
            offsets = list(accumulate((rooms[a] + rooms[b] for a, b in pairwise(row)), initial=0.0))
            wishes = []
            for v, offset in zip(row, offsets, strict=True):
                near = sources[v] or others[v] or [v]
                deepest = max(depth[u] for u in near)
                wishes.append([fmean(y[u] for u in near if depth[u] == deepest) - offset] * (depth[v] + 1))
            for v, offset, level in zip(row, offsets, _rising(wishes), strict=True):
                y[v] = level + offset
    return y


def _rising(wishes: Iterable[list[float]]) -> list[float]:
    """Find numbers that nowhere fall, each as near as possible to its wishes: neighbours that would cross share one median."""
    pools: list[tuple[list[float], int]] = []
    for wish in wishes:
        pools.append((wish, 1))
        while len(pools) > 1 and median(pools[-2][0]) > median(pools[-1][0]):
            (above, m), (below, n) = pools[-2:]
            pools[-2:] = [(above + below, m + n)]
    return [level for pool, n in pools for level in [median(pool)] * n]


def _ports(paths: Rows, y: Sequence[float], heights: Sequence[float]) -> list[float]:
    """Choose the level at which each edge arrives: side by side in their order, a straight one in the middle of the box."""
    ports = [0.0] * len(paths)
    for v in {path[-1] for path in paths}:
        coming = sorted((y[path[-2]], e) for e, path in enumerate(paths) if path[-1] == v)
        middle = median([i for i, (level, _) in enumerate(coming) if level == y[v]] or range(len(coming)))
        step = min(12.0, heights[v] / (2 * len(coming)))
        for i, (_, e) in enumerate(coming):
            ports[e] = y[v] + (i - middle) * step
    return ports
