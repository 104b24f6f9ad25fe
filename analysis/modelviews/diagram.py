"""PURE. The path diagram of a fitted model: boxes, arrows and labels with their coordinates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from unicodedata import east_asian_width

from analysis.modelviews.layering import Layers, Stop, layered
from analysis.modelviews.sheets import Number
from analysis.modelviews.stored import Stored, arrow
from analysis.report import rounded

BOX_WIDTH, BOX_HEIGHT, LANE_HEIGHT = 136.0, 76.0, 50.0
GAP_X, GAP_Y, EDGE = 104.0, 46.0, 16.0
LINE_UNITS = 14
MOST_LINES = 2
THINNEST, THICKEST = 1.4, 5.0
LABEL_WIDTH, LABEL_HEIGHT = 96.0, 34.0
PLACES = (0.5, 0.38, 0.62, 0.28, 0.72, 0.2, 0.8)


@dataclass(frozen=True, slots=True)
class Box:
    """A construct: top left corner, lines of its label, its index and R2 as texts ("" for none)."""

    name: str
    x: float
    y: float
    lines: tuple[str, ...]
    index: str
    r2: str


@dataclass(frozen=True, slots=True)
class Edge:
    """A path: an SVG curve with its width, and where its estimate and interval stand.

    is_weak   whether its interval includes zero
    """

    source: str
    target: str
    curve: str
    width: float
    is_weak: bool
    value: str
    interval: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Diagram:
    """The whole picture; coordinates in units of its view box."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    edges: tuple[Edge, ...]


def diagram(stored: Stored, labels: Mapping[str, str]) -> Diagram:
    """Return the diagram of a fitted model; `labels` are what to call each construct."""
    run = stored.run
    arrows = [(own["from"], own["to"]) for own in run["paths"]]
    names = _names(list(stored.numbers["items"]), arrows)
    layers = layered(names, arrows)
    corner, size = arranged(layers)
    boxes = tuple(_box(stored, name, labels.get(name, name), corner[name]) for name in names)
    taken = [(box.x, box.y, box.x + BOX_WIDTH, box.y + BOX_HEIGHT) for box in boxes]
    edges = []
    for own in run["paths"]:
        edge = _edge(stored, own, _points(layers, corner, own["from"], own["to"]), taken)
        half = LABEL_WIDTH / 2
        taken.append((edge.x - half, edge.y - 16, edge.x + half, edge.y + LABEL_HEIGHT - 16))
        edges.append(edge)
    return Diagram(*size, boxes, tuple(edges))


def wrapped(text: str) -> tuple[str, ...]:
    """Return a label in at most two lines; a Chinese sign counts as two units, 14 fill a line.

    >>> wrapped("Complaints")
    ('Complaints',)
    >>> wrapped("Quality of the products and services")
    ('Quality of the ', 'products and …')
    >>> wrapped("对银行服务质量的感知")
    ('对银行服务质量', '的感知')
    """
    lines, line = list[str](), ""
    for word in _words(text):
        if line and _units(line + word.rstrip()) > LINE_UNITS:
            lines.append(line)
            line = ""
        line += word
    lines.append(line)
    shown = lines[:MOST_LINES]
    rest = "".join(lines[MOST_LINES:])
    return (*shown[:-1], _cut(shown[-1] + rest))


def _words(text: str) -> list[str]:
    """Return the parts between which a line may break: words with their space, wide signs."""
    parts, word = list[str](), ""
    for sign in text:
        if _units(sign) > 1:
            parts += [word, sign] if word else [sign]
            word = ""
        else:
            word += sign
            if sign == " ":
                parts.append(word)
                word = ""
    return [*parts, word] if word else parts


def _units(text: str) -> int:
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def _cut(line: str) -> str:
    if _units(line) <= LINE_UNITS:
        return line
    while line and _units(line) > LINE_UNITS - 1:
        line = line[:-1]
    return f"{line}…"


def _names(measured: list[str], arrows: Sequence[tuple[str, str]]) -> list[str]:
    """Return the constructs that stand in paths, those with items first, then products."""
    ends = dict.fromkeys(end for own in arrows for end in own)
    return [*(name for name in measured if name in ends), *(n for n in ends if n not in measured)]


def arranged(layers: Layers) -> tuple[dict[Stop, tuple[float, float]], tuple[float, float]]:
    """Return the top left corner of every stop, and the size of the picture."""
    heights = [sum(_height(stop) + GAP_Y for stop in layer) - GAP_Y for layer in layers.layers]
    tallest = max(heights, default=0.0)
    corner: dict[Stop, tuple[float, float]] = {}
    for number, layer in enumerate(layers.layers):
        y = EDGE + (tallest - heights[number]) / 2
        for stop in layer:
            corner[stop] = (EDGE + number * (BOX_WIDTH + GAP_X), round(y, 1))
            y += _height(stop) + GAP_Y
    width = len(layers.layers) * (BOX_WIDTH + GAP_X) - GAP_X + 2 * EDGE
    return corner, (width, tallest + 2 * EDGE)


def _height(stop: Stop) -> float:
    return BOX_HEIGHT if isinstance(stop, str) else LANE_HEIGHT


def _box(stored: Stored, name: str, label: str, corner: tuple[float, float]) -> Box:
    index = stored.numbers["performance"].get(name)
    r2 = stored.run["r2"].get(name)
    return Box(
        name, *corner, wrapped(label),
        rounded(index["value"], 1) if index else "",
        Number(r2, 2).text if r2 is not None else "",
    )  # fmt: skip


Point = tuple[float, float]
Rectangle = tuple[float, float, float, float]


def _points(
    layers: Layers, corner: Mapping[Stop, tuple[float, float]], source: str, target: str
) -> list[Point]:
    """Return where an arrow leaves, passes and arrives."""
    found = list[Point]()
    for stop in layers.route(source, target):
        x, y = corner[stop]
        middle = y + _height(stop) / 2
        if stop == source:
            found.append((x + BOX_WIDTH, middle))
        elif stop == target:
            found.append((x - 4, middle))
        else:
            found += [(x, middle), (x + BOX_WIDTH, middle)]
    return found


def _edge(
    stored: Stored, own: Mapping[str, Any], points: list[Point], taken: list[Rectangle]
) -> Edge:
    error = arrow(stored.numbers["errors"]["paths"], own["from"], own["to"])
    value, interval, weak = float(own["value"]), "", False
    if error:
        low, high = error["ci95_percentile"]
        interval, weak = f"{rounded(low, 2)} … {rounded(high, 2)}", low <= 0 <= high
    strength = min(abs(value), 1.0)
    width = THINNEST if weak else round(THINNEST + 0.4 + strength * (THICKEST - THINNEST), 1)
    x, y = _free(points, taken)
    return Edge(
        own["from"], own["to"], _curve(points), width, weak, rounded(value, 2), interval, x, y
    )


@dataclass(frozen=True, slots=True)
class Curve:
    """An arrow without numbers, and its middle."""

    curve: str
    x: float
    y: float


def curve_of(
    layers: Layers, corner: Mapping[Stop, tuple[float, float]], source: str, target: str
) -> Curve:
    """Return how to draw an arrow between two boxes that have their place."""
    points = _points(layers, corner, source, target)
    x, y = _along(points[0], points[1], 0.5)
    return Curve(_curve(points), x, y)


def _curve(points: list[Point]) -> str:
    """Return the points as smooth curves, which leave and arrive level."""
    text = f"M{points[0][0]:g},{points[0][1]:g}"
    for (x, y), (u, v) in pairwise(points):
        middle = (x + u) / 2
        text += f" C{middle:g},{y:g} {middle:g},{v:g} {u:g},{v:g}"
    return text


def _free(points: list[Point], taken: list[Rectangle]) -> Point:
    """Return where along an arrow its label covers least of boxes and other labels."""
    gaps = list(pairwise(points))
    places = [_along(*gap, share) for share in PLACES for gap in gaps]
    return min(places, key=lambda place: _covered(place, taken))


def _along(start: Point, end: Point, share: float) -> Point:
    """Return a point of the curve between two points: a cubic with level ends."""
    (x, y), (u, v) = start, end
    eased = share * share * (3 - 2 * share)
    middle = (x + u) / 2
    across = (
        (1 - share) ** 3 * x + 3 * (1 - share) ** 2 * share * middle
        + 3 * (1 - share) * share**2 * middle + share**3 * u
    )  # fmt: skip
    return round(across, 1), round(y + eased * (v - y), 1)


def _covered(place: Point, taken: list[Rectangle]) -> float:
    left, top = place[0] - LABEL_WIDTH / 2, place[1] - 16
    right, bottom = left + LABEL_WIDTH, top + LABEL_HEIGHT
    return sum(
        max(0.0, min(right, d) - max(left, b)) * max(0.0, min(bottom, e) - max(top, c))
        for b, c, d, e in taken
    )
