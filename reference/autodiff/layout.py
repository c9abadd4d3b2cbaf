"""Where the boxes of a graph stand: in layers from left to right, with few crossings and straight lines; sizes and numbers only.

An edge that passes a layer gets a *bend* there, which takes room as a box does, so that no edge runs through a box; the edges of
one source share their bends. Layers are ordered; between two layers, edges are chosen that can be straight together; what these
join is a *piece*, which moves as one to the middle of its neighbours.

Source: Sugiyama, Tagawa & Toda 1981 (layers, barycentres), Gansner et al. 1993 (swaps), Brandes & Köpf 2001 (pieces); here the
edges that are straight are the heaviest set of any two layers, found as a longest common subsequence is.
"""

from __future__ import annotations

from bisect import bisect, insort
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean, median

__all__ = ["Layout", "Point", "layered"]

Point = tuple[float, float]
Edges = Sequence[tuple[int, int]]
Rows = list[list[int]]
Held = tuple[int, float]
"""A piece, and how far another must stay from it."""
SWEEPS = 24


@dataclass(frozen=True)
class Layout:
    """Centres of boxes, and for each edge its points: level in each layer (two points), with a curve to the next layer.

    In pixels, x to the right and y down. ``crossings``: how often edges cross, of those with shared bends one for all.
    """

    centres: tuple[Point, ...]
    routes: tuple[tuple[Point, ...], ...]
    width: float
    height: float
    crossings: int


def layered(sizes: Sequence[Point], edges: Edges, gap: Point = (38, 20)) -> Layout:
    """Lay out boxes of ``sizes`` (width, height) that ``edges`` join; ``gap``: the least room between layers, and in one.

    Raises:
        ValueError: an edge does not go from a lower number to a higher one.

    """
    for u, v in edges:
        if not 0 <= u < v < len(sizes):
            raise ValueError(
                f"edges go from lower to higher numbers of {len(sizes)} boxes, {(u, v)} does not: sort first"
            )
    boxes = len(sizes)
    layer = _layers(*_neighbours(boxes, edges))
    bends: dict[tuple[int, int], int] = {}
    paths = []
    for u, v in edges:
        passed = [(u, at) for at in range(layer[u] + 1, layer[v])]
        paths.append([u, *(bends.setdefault(place, boxes + len(bends)) for place in passed), v])
    rows: Rows = [[] for _ in range(max(layer, default=-1) + 1)]
    for v, at in enumerate([*layer, *(at for _, at in bends)]):
        rows[at].append(v)
    before, after = _neighbours(
        boxes + len(bends), list(dict.fromkeys(link for path in paths for link in pairwise(path)))
    )
    rows, crossings = _ordered(rows, before, after)
    heights = [h for _, h in sizes] + [0.0] * len(bends)

    def apart(a: int, b: int) -> float:
        return (heights[a] + heights[b]) / 2 + gap[1] * (1.0 if max(a, b) < boxes else 0.6)

    y = _levels(rows, _pieces(rows, before, after, boxes), after, apart)
    top = min((level - h / 2 for level, h in zip(y, heights, strict=True)), default=0.0)
    y = [round(level - top, 2) for level in y]
    height = max((level + h / 2 for level, h in zip(y, heights, strict=True)), default=0.0)

    sides: list[Point] = []
    x = 0.0
    for row in rows:
        sides.append((x, x + max(sizes[v][0] for v in row if v < boxes)))
        # The steeper the edges, the more room they get.
        steep = max((abs(y[u] - y[v]) for u in row for v in after[u]), default=0.0)
        x = sides[-1][1] + min(gap[0] + steep / 6, 3 * gap[0])
    centres = tuple((sum(sides[at]) / 2, y[v]) for v, at in enumerate(layer))
    routes = []
    for path, port in zip(paths, _ports(paths, y, heights), strict=True):
        first, last = path[0], path[-1]
        points = [(x, y[v]) for at, v in enumerate(path, layer[first]) for x in sides[at]]
        points[0] = (centres[first][0] + sizes[first][0] / 2, y[first])
        points[-2:] = [(sides[layer[last]][0], port), (centres[last][0] - sizes[last][0] / 2, port)]
        routes.append(tuple(points))
    return Layout(centres, tuple(routes), sides[-1][1] if sides else 0.0, height, crossings)


def _neighbours(n: int, edges: Edges) -> tuple[Rows, Rows]:
    """For each box what leads to it, and what it leads to."""
    before: Rows = [[] for _ in range(n)]
    after: Rows = [[] for _ in range(n)]
    for u, v in edges:
        before[v].append(u)
        after[u].append(v)
    return before, after


def _layers(before: Rows, after: Rows) -> list[int]:
    """The longest path that leads to a box; what is made for one user, from boxes that none leads to, stands right before it."""
    layer, loose = [0] * len(before), [True] * len(before)
    for v, sources in enumerate(before):
        layer[v] = max((layer[u] + 1 for u in sources), default=0)
        loose[v] = all(not before[u] or (loose[u] and len(after[u]) == 1) for u in sources)
    for v in reversed(range(len(after))):
        if loose[v] and after[v]:
            layer[v] = min(layer[w] for w in after[v]) - 1
    return layer


# ------------------------------------------------------------------------------------------- order
def _ordered(rows: Rows, before: Rows, after: Rows) -> tuple[Rows, int]:
    """Rows with few crossings, and how many: barycentres to and fro, then neighbours swapped; the best that was seen."""
    place = {v: i for row in rows for i, v in enumerate(row)}
    best, fewest = [list(row) for row in rows], _crossings(rows, after, place)
    for sweep in range(SWEEPS if fewest else 0):
        to, sources = (1, before) if sweep % 2 == 0 else (-1, after)
        for row in rows[::to]:
            mean = {v: fmean(place[u] for u in sources[v]) if sources[v] else place[v] for v in row}
            if sweep % 4 > 1:  # what ties is turned round, so that the sweeps get out of where they are
                row.reverse()
            row.sort(key=mean.__getitem__)
            place.update((v, i) for i, v in enumerate(row))
        for row in rows:
            for i in range(len(row) - 1):
                a, b = row[i : i + 2]
                sides = ((before[a], before[b]), (after[a], after[b]))
                gain = sum((place[p] > place[q]) - (place[p] < place[q]) for ps, qs in sides for p in ps for q in qs)
                if gain > 0:
                    row[i : i + 2], place[a], place[b] = [b, a], i + 1, i
        found = _crossings(rows, after, place)
        if found < fewest:
            best, fewest = [list(row) for row in rows], found
    return best, fewest


def _crossings(rows: Rows, after: Rows, place: dict[int, int]) -> int:
    total = 0
    for row in rows:
        seen: list[int] = []
        for u in row:
            ends = [place[v] for v in after[u]]
            total += sum(len(seen) - bisect(seen, end) for end in ends)
            for end in ends:
                insort(seen, end)
    return total


# -------------------------------------------------------------------------------------- coordinates
def _pieces(rows: Rows, before: Rows, after: Rows, boxes: int) -> list[int]:
    """For each box and bend the first of the piece that it belongs to.

    Long edges are straight before others; then what comes by the one longest way, and best what goes on by it: the trunk is
    straight, and branches come to it.
    """
    depth, rest = [0] * len(before), [0] * len(before)
    for v in (v for row in rows for v in row):
        depth[v] = 1 + max((depth[u] for u in before[v]), default=0)
    for v in (v for row in reversed(rows) for v in row):
        rest[v] = 1 + max((rest[w] for w in after[v]), default=0)

    def weight(u: int, v: int) -> int:
        trunk = all(depth[w] < depth[u] for w in before[v] if w != u)
        stem = all(rest[w] < rest[v] for w in after[u] if w != v)
        return 16 if min(u, v) >= boxes else 2 * trunk + 4 * (trunk and stem)

    piece = list(range(len(before)))
    for left, right in pairwise(rows):
        best = [[0] * (len(right) + 1) for _ in range(len(left) + 1)]
        for i, u in enumerate(left):
            worth = {v: weight(u, v) for v in after[u]}
            for j, v in enumerate(right):
                best[i + 1][j + 1] = max(best[i][j + 1], best[i + 1][j], best[i][j] + worth.get(v, 0))
        i, j = len(left), len(right)
        while i and j:
            if best[i][j] == best[i - 1][j]:
                i -= 1
            elif best[i][j] == best[i][j - 1]:
                j -= 1
            else:
                i, j = i - 1, j - 1
                piece[right[j]] = piece[left[i]]
    return piece


def _levels(rows: Rows, piece: list[int], after: Rows, apart: Callable[[int, int], float]) -> list[float]:
    """A level for each box and bend: pieces halfway between packed high and packed low, then moved towards their neighbours."""
    above: dict[int, list[Held]] = defaultdict(list)
    below: dict[int, list[Held]] = defaultdict(list)
    pulls: dict[int, list[int]] = defaultdict(list)
    for a, b in (pair for row in rows for pair in pairwise(row)):
        above[piece[b]].append((piece[a], apart(a, b)))
        below[piece[a]].append((piece[b], apart(a, b)))
    for p, q in ((piece[u], piece[v]) for u, vs in enumerate(after) for v in vs if piece[u] != piece[v]):
        pulls[p].append(q)
        pulls[q].append(p)
    order = [p for p in dict.fromkeys(piece) if not above[p]]
    waiting = {p: len(held) for p, held in above.items()}
    for p in order:  # which grows: a piece follows when all that stand above it are there
        for q, _ in below[p]:
            waiting[q] -= 1
            if not waiting[q]:
                order.append(q)
    high: dict[int, float] = {}
    low: dict[int, float] = {}
    for p in order:
        high[p] = max((high[q] + d for q, d in above[p]), default=0.0)
    for p in reversed(order):
        low[p] = min((low[q] - d for q, d in below[p]), default=max(high.values()))
    level = {p: (high[p] + low[p]) / 2 for p in order}
    for sweep in range(2 * SWEEPS):
        for p in order if sweep % 2 else reversed(order):
            if pulls[p]:
                wanted = max([median([level[q] for q in pulls[p]]), *(level[q] + d for q, d in above[p])])
                level[p] = min([wanted, *(level[q] - d for q, d in below[p])])
    return [level[p] for p in piece]


def _ports(paths: Rows, y: list[float], heights: list[float]) -> list[float]:
    """Where each edge arrives: side by side in the order in which they come, a straight one in the middle of the box."""
    ports = [0.0] * len(paths)
    arriving: dict[int, list[int]] = defaultdict(list)
    for e in sorted(range(len(paths)), key=lambda e: y[paths[e][-2]]):
        arriving[paths[e][-1]].append(e)
    for v, coming in arriving.items():
        straight = [i for i, e in enumerate(coming) if y[paths[e][-2]] == y[v]]
        middle = median(straight or range(len(coming)))
        step = min(12.0, heights[v] / (2 * max(middle, len(coming) - 1 - middle) + 1))
        for i, e in enumerate(coming):
            ports[e] = y[v] + (i - middle) * step
    return ports
