"""Commands below `soundings model`: models that ship, what-if, planning, factor models."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np

from analysis.files.data import read_data
from analysis.files.outputs import OUTPUT, write_whole
from analysis.index import scores_by_construct
from analysis.library import shipped, shipped_names
from analysis.model.cbsem import ESTIMATORS, second_opinion
from analysis.model.cbsem_output import cbsem_texts, opinion_json
from analysis.model.importance import must_be_rated
from analysis.model.insight_output import plan_json, what_if_json
from analysis.model.planning import interviews_needed
from analysis.model.run import fit, prepared_fit
from analysis.model.settings import Settings
from analysis.model.specify import model_from_json
from analysis.model.whatif import observed_range, what_if
from foundation.problems import ProblemsError

if TYPE_CHECKING:
    from collections.abc import Callable

    from analysis.files.data import Data
    from analysis.model.specify import Model

INPUT = click.Path(exists=True, dir_okay=False, path_type=Path)
MODEL = click.option("--model", "model_file", type=INPUT, required=True, help="As JSON.")
WEIGHTS = click.option("--weights", default="", metavar="COLUMN", help="Column of case weights.")
SEED = click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True)
OUT = click.option(
    "--json",
    "out",
    type=OUTPUT,
    help="Where the result is written; else it is printed.",
)


ESTIMATOR = click.option(
    "--estimator",
    type=click.Choice([name.lower() for name in ESTIMATORS]),
    default="ml",
    show_default=True,
    help="How covariance-based SEM estimates.",
)


@click.command("list")
def list_command() -> None:
    """List the models that ship."""
    for name in shipped_names():
        own = shipped(name)
        click.echo(f"{name:6} {own.title}. Source: {own.source}")


@click.command("show")
@click.argument("name")
def show_command(name: str) -> None:
    """Print a model that ships, as a model file with a wording for each item."""
    click.echo(_or_problems(lambda: shipped(name).text), nl=False)


@click.command("whatif")
@click.argument("data", type=INPUT)
@MODEL
@click.option("--driver", required=True, help="The construct that is moved.")
@click.option("--points", type=float, required=True, help="By how much, on 0-100.")
@click.option("--bootstrap", type=click.IntRange(min=2), default=2000, show_default=True)
@WEIGHTS
@SEED
@OUT
def whatif_command(data: Path, model_file: Path, out: Path | None, **options: Any) -> None:
    """Say what moving a driver by some points does to all that it leads to."""

    def result() -> list[dict[str, object]]:
        specified, own = _read(data, model_file, options["weights"])
        chance = {key: options[key] for key in ("bootstrap", "seed")}
        found = fit(specified, own.values, weights=own.weights, **chance)
        scores = scores_by_construct(found, own.values) if found.ends else {}
        scored = scores.get(options["driver"])
        reached = (0.0, 100.0) if scored is None else observed_range(scored, own.weights)
        return what_if_json(what_if(found, options["driver"], options["points"], reached))

    _write(_or_problems(result), out)


@click.command("plan")
@click.argument("data", type=INPUT)
@MODEL
@click.option("--margin", type=float, required=True, help="Half of the interval, on 0-100.")
@click.option("--construct", default="Satisfaction", show_default=True, help="Whose index.")
@click.option("--level", type=click.FloatRange(0.5, 0.999), default=0.95, show_default=True)
@click.option("--surveys", type=click.IntRange(min=100), default=1000, show_default=True)
@WEIGHTS
@SEED
@OUT
def plan_command(data: Path, model_file: Path, out: Path | None, **options: Any) -> None:
    """Say how many interviews give the index a wanted margin, from DATA of an earlier survey."""

    def result() -> dict[str, object]:
        specified, own = _read(data, model_file, options["weights"])
        estimator, found = prepared_fit(specified, own.values, own.weights, Settings())
        chance = {key: options[key] for key in ("level", "surveys", "seed")}
        wanted = options["construct"], options["margin"]
        return plan_json(interviews_needed(estimator, found, *wanted, **chance))

    _write(_or_problems(result), out)


@click.command("scores")
@click.argument("data", type=INPUT)
@MODEL
@WEIGHTS
@click.option(
    "--csv",
    "out",
    type=OUTPUT,
    help="Where the scores are written; else they are printed.",
)
def scores_command(data: Path, model_file: Path, weights: str, out: Path | None) -> None:
    """Write the score 0-100 of each respondent on each construct, one row per row of DATA."""

    def result() -> str:
        specified, own = _read(data, model_file, weights)
        found = fit(specified, own.values, weights=own.weights)
        must_be_rated(found)
        scores = scores_by_construct(found, own.values)
        stream = StringIO()
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(scores)
        writer.writerows(np.column_stack(list(scores.values())).round(6).tolist())
        return stream.getvalue()

    text = _or_problems(result)
    if out is None:
        click.echo(text, nl=False)
    else:
        write_whole(out, text)


@click.command("cfa")
@click.argument("data", type=INPUT)
@MODEL
@ESTIMATOR
@WEIGHTS
@OUT
def cfa_command(data: Path, model_file: Path, out: Path | None, **options: Any) -> None:
    """Fit the measurement model alone: all constructs covary, paths are left aside."""

    def result() -> dict[str, object]:
        read = model_from_json(model_file.read_bytes(), model_file.name, paths_optional=True)
        specified = replace(read, paths=(), interactions=(), paths_optional=True)
        own = read_data(
            data.read_bytes(), specified, filename=data.name, weights=options["weights"]
        )
        estimator = options["estimator"].upper()
        found = second_opinion(specified, own.values, own.weights, estimator=estimator)
        return opinion_json(specified, found)

    found = _or_problems(result)
    _write(found, out)
    for text in cbsem_texts(found):
        click.echo(text, err=True)


COMMANDS = (
    list_command,
    show_command,
    whatif_command,
    plan_command,
    scores_command,
    cfa_command,
)


def _read(data: Path, model_file: Path, weights: str) -> tuple[Model, Data]:
    specified = model_from_json(model_file.read_bytes(), model_file.name)
    own = read_data(data.read_bytes(), specified, filename=data.name, weights=weights)
    return specified, own


def _or_problems(made: Callable[[], Any]) -> Any:
    """Return what was made; print every problem and end with 1 when it could not be."""
    try:
        return made()
    except ProblemsError as error:
        for problem in error.problems:
            click.echo(problem.text(), err=True)
        raise SystemExit(1) from None


def _write(content: object, out: Path | None) -> None:
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1)
    if out is None:
        click.echo(text)
    else:
        write_whole(out, text + "\n")
