"""A plot of how times grow, as SVG: logarithmic axes, one panel for each series."""

from __future__ import annotations

import math

WIDTH, HEIGHT, LEFT, BOTTOM, GAP = 320, 220, 60, 40, 40


def plot(series):
    """Return an SVG of {title: (sizes, seconds per 1,000 resamples)}."""
    total = len(series) * (WIDTH + LEFT + GAP)
    size = f"0 0 {total} {HEIGHT + BOTTOM + GAP}"
    panels = [_panel(at * (WIDTH + LEFT + GAP), *entry) for at, entry in enumerate(series.items())]
    style = "font-family='sans-serif' font-size='12' fill='#222'"
    head = f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='{size}' {style}>"
    return "\n".join(
        [head, f"<rect width='{total}' height='100%' fill='#fff'/>", *panels, "</svg>"]
    )


def _panel(shift, title, points):
    sizes, seconds = points
    low, high = math.floor(math.log10(min(seconds))), math.ceil(math.log10(max(seconds)))
    first, last = math.log10(sizes[0]), math.log10(sizes[-1])

    def x(size):
        return LEFT + WIDTH * (math.log10(size) - first) / (last - first)

    def y(value):
        return GAP + HEIGHT * (high - math.log10(value)) / (high - low)

    marks = [f"<text x='{LEFT}' y='20'>Seconds per 1,000 resamples by {title}</text>"]
    for power in range(low, high + 1):
        at = y(10.0**power)
        marks.append(f"<path d='M{LEFT} {at:.1f}H{LEFT + WIDTH}' stroke='#ddd'/>")
        marks.append(
            f"<text x='{LEFT - 6}' y='{at + 4:.1f}' text-anchor='end'>{10.0**power:g}</text>"
        )
    for size in sizes:
        middle = f"x='{x(size):.1f}' y='{GAP + HEIGHT + 18}' text-anchor='middle'"
        marks.append(f"<text {middle}>{size:,}</text>")
    line = " ".join(f"{x(s):.1f},{y(v):.1f}" for s, v in zip(sizes, seconds, strict=True))
    marks.append(f"<polyline points='{line}' fill='none' stroke='#1f5f8b' stroke-width='2'/>")
    marks += [
        f"<circle cx='{x(s):.1f}' cy='{y(v):.1f}' r='3' fill='#1f5f8b'/>"
        for s, v in zip(sizes, seconds, strict=True)
    ]
    return f"<g transform='translate({shift} 0)'>" + "".join(marks) + "</g>"
