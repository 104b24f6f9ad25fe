"""A million rows of 40 items from a file, by the command: one weighted estimate, 500 resamples.

Run: python -m benchmarks.model_million [rows]; some minutes, and 90 MB under var/. Prints wall
time, processor time and peak memory of each command, and compares one worker with two.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

NAMES = ("image", "expectation", "quality", "service", "value", "satisfaction", "trust", "loyalty")
EACH, SEED, PIECE = 5, 7, 100_000
PATHS = [(NAMES[i], NAMES[j]) for j in range(1, len(NAMES)) for i in range(max(j - 2, 0), j)]
CASES = {
    "one weighted estimate": (),
    "500 resamples, 1 worker": ("--bootstrap", "500", "--workers", "1"),
    "500 resamples, 2 workers": ("--bootstrap", "500", "--workers", "2"),
}


def write(folder, rows):
    """Write data of a chain of constructs, answers 1 to 10 with 1 % missing, and the model."""
    items = {name: [f"{name}{i + 1}" for i in range(EACH)] for name in NAMES}
    model = {
        "scale": {"min": 1, "max": 10},
        "constructs": [{"name": n, "mode": "A", "indicators": own} for n, own in items.items()],
        "paths": [{"from": source, "to": target} for source, target in PATHS],
    }
    (folder / "model.json").write_text(json.dumps(model))
    rng = np.random.default_rng(SEED)
    with (folder / "data.csv").open("w") as file:
        file.write(",".join([*(item for own in items.values() for item in own), "w"]) + "\n")
        for start in range(0, rows, PIECE):
            n = min(PIECE, rows - start)
            latent = np.empty((n, len(NAMES)))
            latent[:, 0] = rng.normal(size=n)
            for j in range(1, len(NAMES)):
                latent[:, j] = 0.6 * latent[:, j - 1] + 0.8 * rng.normal(size=n)
            noisy = np.repeat(latent, EACH, axis=1) + 0.7 * rng.normal(size=(n, EACH * len(NAMES)))
            cells = np.clip(np.round(6.5 + 1.6 * noisy), 1, 10).astype(int).astype(str)
            weights = np.char.mod("%.3f", rng.uniform(0.5, 2.0, n))
            file.writelines(
                ",".join([*row, w]) + "\n" for row, w in zip(cells.tolist(), weights, strict=True)
            )


def run(folder, options):
    """Run the command; return its result, wall and processor seconds, and peak memory in GB."""
    out = folder / "out.json"
    argv = [sys.executable, "-m", "commands", "model", "fit", str(folder / "data.csv")]
    argv += ["--model", str(folder / "model.json"), "--weights", "w", "--json", str(out)]
    start = time.perf_counter()
    with subprocess.Popen([*argv, *options], stderr=subprocess.DEVNULL) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit("the command failed")
    took = time.perf_counter() - start
    return json.loads(out.read_text()), took, used.ru_utime + used.ru_stime, used.ru_maxrss / 1e6


def main():
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    results = []
    Path("var").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir="var") as name:
        folder = Path(name)
        write(folder, rows)
        print(f"{rows:,} rows x {EACH * len(NAMES)} items; load {os.getloadavg()[0]:.1f}")
        for what, options in CASES.items():
            found, took, busy, memory = run(folder, options)
            results.append(found.get("bootstrap"))
            print(f"| {what} | {took:.1f} s | {busy:.1f} s | {memory:.2f} GB |", flush=True)
    print("one worker and two:", "the same numbers" if results[1] == results[2] else "DIFFERENT")


if __name__ == "__main__":
    main()
