"""Commands: `soundings estimate`, statistics of a data file by plan, and `soundings size`."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import numpy as np
import pandas as pd

from analysis.files.outputs import OUTPUT, write_whole
from analysis.precision.plan import read_weighting
from analysis.precision.steps import weighting_step
from analysis.precision.weighted import weighted
from analysis.sampling import estimates
from analysis.sampling.adjusted import adjusted
from analysis.sampling.columns import Columns, FloatArray
from analysis.sampling.design import Design
from analysis.sampling.estimators import means_of
from analysis.sampling.kinds import compute
from analysis.sampling.messages import BAD_DATA
from analysis.sampling.plan import Case, Plan, Table, plan_design, read_plan
from analysis.sampling.plan_messages import BAD_PLAN
from analysis.sampling.planvalues import objects
from analysis.sampling.results import Result, Task, described
from analysis.sampling.sizecases import answer
from analysis.weighting.effect import effective_base, kish_effect
from foundation.problems import Place, ProblemsError

EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)
SEPARATORS = (",", ";", "\t")


@click.command()
@click.argument("data", type=EXISTING)
@click.option("--plan", "plan_path", type=EXISTING, required=True, help="What to estimate (JSON).")
@click.option("--json", "out", type=OUTPUT, help="Result file.")
@click.option("--seed", default=1, show_default=True, help="Seed of bootstrap replicates.")
def estimate(data: Path, plan_path: Path, out: Path | None, seed: int) -> None:
    """Estimate the cases of a plan from DATA, with errors that respect the sampling design."""
    try:
        plan = read_plan(_json(plan_path))
        columns = read_columns(data)
    except ProblemsError as error:
        raise click.ClickException(str(error)) from None
    results = run_plan(plan, columns, folders=(plan_path.parent, data.parent), seed=seed)
    _write({"cases": results}, out)


@click.command()
@click.argument("file", type=EXISTING)
@click.option("--json", "out", type=OUTPUT, help="Result file.")
def size(file: Path, out: Path | None) -> None:
    """Answer the planning case in FILE: sample sizes, margins of error, allocation."""
    try:
        content = _json(file)
        if isinstance(content, dict) and isinstance(content.get("cases"), list):
            result = {"cases": {_id(case): _answer(case) for case in content["cases"]}}
        else:
            result = answer(content if isinstance(content, dict) else {})
    except ProblemsError as error:
        raise click.ClickException(str(error)) from None
    _write(result, out)


def _id(case: Any) -> str:
    return str(case.get("id", "")) if isinstance(case, dict) else ""


def _answer(case: Any) -> Result:
    try:
        return answer(case if isinstance(case, dict) else {})
    except ProblemsError as error:
        return {"error": str(error)}


def run_plan(plan: Plan, columns: Columns, *, folders: tuple[Path, ...], seed: int = 1) -> Result:
    """Return the result of every case; a case that cannot be computed carries `error`."""
    designs: dict[str | None, Design | ProblemsError] = {}

    def table(name: str) -> FloatArray:
        return _table(name, folders)

    results: Result = {}
    for case in plan.cases:
        if case.design not in designs:
            try:
                designs[case.design] = _design(plan, case.design, columns, table, seed)
            except ProblemsError as error:
                designs[case.design] = error
        results[case.id] = _result(case, columns, designs[case.design])
    return results


def _design(plan: Plan, name: str | None, columns: Columns, table: Table, seed: int) -> Design:
    design = plan_design(plan, name, columns, table=table, seed=seed)
    fields = (plan.designs.get(name) if name is not None else None) or {}
    listed = objects(fields, "weighting")
    if not listed:
        return design
    wanted = read_weighting({"steps": listed, "targets": fields.get("targets")})
    found = weighted(wanted, columns, design)
    return replace(found.design, remarks=(*found.design.remarks, *found.remarks))


def _weighted(task: Task) -> Result:
    """Return the weights after one step, what they cost, and the means of `vars` if asked."""
    design = adjusted(task.design, weighting_step(task.stat, task.columns))
    result: Result = {
        "weights": [float(weight) for weight in design.weights],
        "weights_sum": float(design.weights.sum()),
        "kish_deff": kish_effect(design.weights),
        "n_eff": effective_base(design.weights),
    }
    if "vars" in task.stat:
        values, wanted = task.matrix()
        result |= {"mean": described(estimates.estimate(design, means_of(values, wanted)))}
    return result


WEIGHTING_KINDS = {"rake": _weighted, "poststratify": _weighted, "calibrate": _weighted}


def _result(case: Case, columns: Columns, design: Design | ProblemsError) -> Result:
    if isinstance(design, ProblemsError):
        return {"error": str(design)}
    try:
        return compute(case, columns, design, WEIGHTING_KINDS)
    except ProblemsError as error:
        return {"error": str(error)}


def read_columns(path: Path) -> Columns:
    """Return the columns of a CSV file; empty cells and NA are missing."""
    try:
        with path.open(encoding="utf-8-sig") as file:
            heading = file.readline()
        frame = pd.read_csv(
            path,
            sep=max(SEPARATORS, key=heading.count),
            encoding="utf-8-sig",
            keep_default_na=False,
            na_values=["", "NA"],
            low_memory=False,
        )
    except (UnicodeDecodeError, pd.errors.EmptyDataError, pd.errors.ParserError) as error:
        reason = str(error).strip()
        raise ProblemsError([BAD_DATA.at(Place(file=path.name), reason=reason)]) from None
    return Columns({str(name): frame[name].to_numpy() for name in frame})


def _table(name: str, folders: tuple[Path, ...]) -> FloatArray:
    for folder in folders:
        if (folder / name).is_file():
            return _numbers(folder / name)
    raise ProblemsError([BAD_PLAN.at(Place(item=name), reason=f"there is no file '{name}'.")])


def _numbers(path: Path) -> FloatArray:
    try:
        return np.asarray(pd.read_csv(path, header=None).to_numpy(dtype=np.float64))
    except ValueError as error:
        raise ProblemsError([BAD_DATA.at(Place(file=path.name), reason=str(error))]) from None


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ProblemsError([BAD_PLAN.at(Place(file=path.name), reason=str(error))]) from None


def _write(content: Result, out: Path | None) -> None:
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1)
    if out is None:
        click.echo(text)
    else:
        write_whole(out, text + "\n")
