"""A path model of satisfaction and answers that follow it, for the benchmarks."""

from __future__ import annotations

import numpy as np

from analysis.model.specify import Construct, Model, Path
from analysis.scales import Scale

ITEMS = {"Image": 4, "Quality": 4, "Value": 2, "Satisfaction": 3, "Loyalty": 3}
LOADINGS = (0.9, 0.8, 0.7, 0.85)
ARROWS = {
    ("Image", "Quality"): 0.6,
    ("Image", "Satisfaction"): 0.2,
    ("Quality", "Value"): 0.6,
    ("Quality", "Satisfaction"): 0.4,
    ("Value", "Satisfaction"): 0.3,
    ("Satisfaction", "Loyalty"): 0.7,
}


def model():
    """Return the model: five constructs, sixteen items from 1 to 10."""
    return Model(
        constructs=tuple(
            Construct(name, tuple(f"{name.lower()}{at + 1}" for at in range(count)))
            for name, count in ITEMS.items()
        ),
        paths=tuple(Path(*arrow) for arrow in ARROWS),
        scale=Scale(1, 10),
    )


def answers(rng, level):
    """Return (n, 16) answers of customers whose image of the bank is centred at `level` (n,)."""
    n = len(level)
    latent = {"Image": level + rng.normal(0, 1, n)}
    for name in list(ITEMS)[1:]:
        drawn = sum(size * latent[source] for (source, to), size in ARROWS.items() if to == name)
        latent[name] = drawn + rng.normal(0, 0.6, n)
    table = [
        LOADINGS[at] * latent[name] + rng.normal(0, 0.6, n)
        for name, count in ITEMS.items()
        for at in range(count)
    ]
    return np.clip(np.round(6.2 + 1.7 * np.column_stack(table)), 1, 10)
