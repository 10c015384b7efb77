"""Where each node stands when only its links count: near what it is tied to, the same every time, no overlap.

What has one link only is taken off first and put around its neighbour at the end, as most of a network are
such leaves. The others push each other away and are pulled along their links. The push is taken from a grid:
masses are spread on it and convolved with the force of one, so that a step costs by the node, not by the
pair. Positions are rounded at each step, which keeps the last bits of a machine's arithmetic out of the result.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from graph.views.models import Edge, Node

Floats = NDArray[Any]
Ints = NDArray[np.int64]

GRID = 96
STEPS = 140
SPOT_W, SPOT_H = 74, 56  # layout pixels that a node has for itself
TURN = math.pi * (3 - math.sqrt(5))
DIGITS = 4


def free_layout(nodes: Sequence[Node], edges: Sequence[Edge]) -> list[tuple[int, int]]:
    """Positions (centre, layout pixels) in the order of the nodes, whose ids are distinct."""
    if not nodes:
        return []
    pairs = _pairs(nodes, edges)
    hub = _hubs(len(nodes), pairs)
    core = np.flatnonzero(hub < 0)
    spots = np.zeros((len(nodes), 2))
    spots[core] = _forces(core, pairs, hub)
    _around_hubs(spots, hub)
    return _apart(spots)


def _pairs(nodes: Sequence[Node], edges: Sequence[Edge]) -> Ints:
    """Links as pairs of places in the list, each once, the lower first."""
    place = {node.id: at for at, node in enumerate(nodes)}
    ends = {(place[e.source], place[e.target]) for e in edges}
    both = sorted({(min(a, b), max(a, b)) for a, b in ends if a != b})
    return np.array(both, dtype=np.int64).reshape(-1, 2)


def _hubs(count: int, pairs: Ints) -> Ints:
    """The one neighbour of each leaf, -1 for all other nodes; of two that have only each other one is a leaf."""
    degree = np.bincount(pairs.ravel(), minlength=count)
    hub = np.full(count, -1, dtype=np.int64)
    for one, other in pairs.tolist():
        if degree[other] == 1:
            hub[other] = one
        elif degree[one] == 1:
            hub[one] = other
    return hub


def _order(count: int, pairs: Ints) -> Ints:
    """Rank of each node when all are walked from the most linked ones, neighbours next to each other."""
    around: list[list[int]] = [[] for _ in range(count)]
    for one, other in pairs.tolist():
        around[one].append(other)
        around[other].append(one)
    rank = np.full(count, -1, dtype=np.int64)
    at = 0
    for start in sorted(range(count), key=lambda n: (-len(around[n]), n)):
        waiting = [start] if rank[start] < 0 else []
        while waiting:
            found = []
            for key in waiting:
                if rank[key] < 0:
                    rank[key], at = at, at + 1
                    found += [other for other in around[key] if rank[other] < 0]
            waiting = found
    return rank


def _sunflower(rank: Ints) -> Floats:
    radius, angle = np.sqrt(rank + 0.5), rank * TURN
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)


def _forces(core: Ints, pairs: Ints, hub: Ints) -> Floats:
    """Positions of what is no leaf, after STEPS steps of push and pull; a node weighs as much as it carries."""
    place = np.full(len(hub), -1, dtype=np.int64)
    place[core] = np.arange(len(core))
    inner = place[pairs[(hub[pairs[:, 0]] < 0) & (hub[pairs[:, 1]] < 0)]]
    mass = 1.0 + np.bincount(place[hub[hub >= 0]], minlength=len(core))
    spots = _sunflower(_order(len(core), inner)) * math.sqrt(mass.sum() / len(core))
    kernel = _kernel()
    for step in range(STEPS if len(core) > 1 else 0):
        push = _push(spots, mass, kernel) + _pull(spots, inner, mass) - 0.6 * spots
        most = 0.12 * math.sqrt(mass.sum()) * (1 - step / STEPS) + 0.02
        length = np.maximum(np.hypot(push[:, 0], push[:, 1]), 1e-9)
        spots = np.round(spots + push * (np.minimum(length, most) / length)[:, None], DIGITS)
    return spots


def _kernel() -> NDArray[np.complex128]:
    """The push of one mass on every cell around it, as its transform: inversely as the distance."""
    offset = np.fft.fftfreq(2 * GRID, 1 / (2 * GRID))
    across, down = np.meshgrid(offset, offset, indexing="ij")
    square = across**2 + down**2 + 0.3
    return np.stack([np.fft.rfft2(across / square), np.fft.rfft2(down / square)])


def _push(spots: Floats, mass: Floats, kernel: NDArray[np.complex128]) -> Floats:
    low = spots.min(axis=0)
    cell = max(float((spots.max(axis=0) - low).max()) / (GRID - 2), 1e-6)
    at = (spots - low) / cell
    corner = np.floor(at).astype(np.int64)
    part = at - corner
    grid = np.zeros((2 * GRID, 2 * GRID))
    corners = [
        (dx, dy, (part[:, 0] if dx else 1 - part[:, 0]) * (part[:, 1] if dy else 1 - part[:, 1]))
        for dx in (0, 1)
        for dy in (0, 1)
    ]
    for dx, dy, share in corners:
        np.add.at(grid, (corner[:, 0] + dx, corner[:, 1] + dy), share * mass)
    field = np.fft.irfft2(np.fft.rfft2(grid)[None] * kernel, s=grid.shape)
    force = np.zeros_like(spots)
    for dx, dy, share in corners:
        force += share[:, None] * field[:, corner[:, 0] + dx, corner[:, 1] + dy].T
    return force / cell


def _pull(spots: Floats, pairs: Ints, mass: Floats) -> Floats:
    """Along links, more the farther: a link wants to be as long as what its ends carry needs room."""
    apart = spots[pairs[:, 1]] - spots[pairs[:, 0]]
    wanted = 1.0 + 0.5 * (np.sqrt(mass[pairs[:, 0]]) + np.sqrt(mass[pairs[:, 1]]))
    force = apart * (np.hypot(apart[:, 0], apart[:, 1]) / wanted)[:, None]
    found = np.zeros_like(spots)
    for axis in (0, 1):
        found[:, axis] += np.bincount(pairs[:, 0], force[:, axis], len(spots))
        found[:, axis] -= np.bincount(pairs[:, 1], force[:, axis], len(spots))
    return found


def _around_hubs(spots: Floats, hub: Ints) -> None:
    """Puts every leaf near its hub, one after the other on a spiral."""
    turn: dict[int, int] = {}
    for leaf in np.flatnonzero(hub >= 0).tolist():
        at = int(hub[leaf])
        n = turn[at] = turn.get(at, 0) + 1
        away = 0.8 * math.sqrt(n)
        spots[leaf] = spots[at] + [away * math.cos(n * TURN), away * math.sin(n * TURN)]


def _apart(spots: Floats) -> list[tuple[int, int]]:
    """Each node on the free spot next to its place, taken from the middle outwards."""
    centre = spots.mean(axis=0)
    away = np.round(np.hypot(*(spots - centre).T), DIGITS)
    scale = np.array([1.25, 1.25 * SPOT_W / SPOT_H])
    cells = np.round((spots - centre) * scale).astype(np.int64).tolist()
    taken: set[tuple[int, int]] = set()
    placed: list[tuple[int, int]] = [(0, 0)] * len(cells)
    start: dict[tuple[int, int], int] = {}
    for at in np.lexsort((np.arange(len(cells)), away)).tolist():
        wish = (cells[at][0], cells[at][1])
        ring, spot = _nearest(wish, taken, start.get(wish, 0))
        start[wish] = ring
        taken.add(spot)
        placed[at] = (spot[0] * SPOT_W, spot[1] * SPOT_H)
    return placed


def _nearest(wish: tuple[int, int], taken: set[tuple[int, int]], ring: int) -> tuple[int, tuple[int, int]]:
    """The free cell nearest to the one wished for, and the ring in which it lies; lower rings are known full."""
    while True:
        for dx, dy in _ring(ring):
            spot = (wish[0] + dx, wish[1] + dy)
            if spot not in taken:
                return ring, spot
        ring += 1


_RINGS: dict[int, list[tuple[int, int]]] = {}


def _ring(size: int) -> list[tuple[int, int]]:
    """Cells at a distance of `size` in the larger of both directions, the nearest first."""
    if size not in _RINGS:
        edge = range(-size, size + 1)
        cells = [(x, y) for x in edge for y in edge if max(abs(x), abs(y)) == size]
        _RINGS[size] = sorted(cells, key=lambda c: (c[0] ** 2 + c[1] ** 2, c))
    return _RINGS[size]
