"""The samples of `model_speed.py` estimated by the package plspm, in an environment of its own.

Reads the model and the samples as JSON, writes the median seconds of one estimate and the paths.
Standardised: `default_scale` is NUM, since without a scale plspm divides all items by one number.
"""

from __future__ import annotations

import json
import sys
import time
from statistics import median

import pandas as pd
from plspm.config import MV, Config
from plspm.mode import Mode
from plspm.plspm import Plspm
from plspm.scale import Scale
from plspm.scheme import Scheme


def main():
    asked = json.load(sys.stdin)
    names = list(asked["constructs"])
    paths = pd.DataFrame(0, index=names, columns=names)
    for source, target in asked["paths"]:
        paths.loc[target, source] = 1
    took, busy, found = [], [], []
    for sample in asked["samples"]:
        data = pd.DataFrame(sample, columns=asked["items"])
        config = Config(paths, scaled=True, default_scale=Scale.NUM)
        for name, items in asked["constructs"].items():
            config.add_lv(name, Mode.A, *[MV(item) for item in items])
        start, used = time.perf_counter(), time.process_time()
        fitted = Plspm(data, config, Scheme.PATH, iterations=300, tolerance=1e-7)
        own = fitted.path_coefficients()
        took.append(time.perf_counter() - start)
        busy.append(time.process_time() - used)
        found.append([float(own.loc[target, source]) for source, target in asked["paths"]])
    json.dump({"took": median(took), "busy": median(busy), "paths": found}, sys.stdout)


if __name__ == "__main__":
    main()
