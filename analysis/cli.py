"""The command `soundings model`: fit a path model to a data file, without any database."""

from __future__ import annotations

import ctypes
import hashlib
import json
import math
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analysis.comparing import compare_command, segments_command
from analysis.files.data import read_data, read_replicates
from analysis.files.outputs import OUTPUT, write_whole
from analysis.model import messages
from analysis.model.cbsem_output import cbsem_json, cbsem_left_out, cbsem_texts
from analysis.model.imputation_output import answers_json, imputed_json
from analysis.model.imputed import fit_imputed
from analysis.model.insight_output import importance_json, mediation_json
from analysis.model.judging.output import judgement_json
from analysis.model.judging.verdict import judge
from analysis.model.output import run_json
from analysis.model.resample_output import bootstrap_json, replicates_json
from analysis.model.resampling import Replication
from analysis.model.run import fit
from analysis.model.specify import model_from_json
from analysis.modelling import COMMANDS, ESTIMATOR
from foundation.problems import Place, ProblemsError

if TYPE_CHECKING:
    from analysis.files.data import Data
    from analysis.model.run import Fit
    from analysis.model.specify import Model

MANY_CASES = 20_000
MANY_FOR_CBSEM = 100_000
MEMORY = {-8: 1, -1: 2_000_000_000, -3: 30_000_000}
"""glibc: one arena for all threads, and the sizes from which memory is handed back or mapped."""
INPUT = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def model() -> None:
    """Fit structural satisfaction models to data files."""


for command in COMMANDS:
    model.add_command(command)


model.add_command(compare_command)
model.add_command(segments_command)


@model.command("fit")
@click.argument("data", type=INPUT)
@click.option("--model", "model_file", type=INPUT, required=True, help="The model, as JSON.")
@click.option(
    "--json",
    "out",
    type=OUTPUT,
    required=True,
    help="Where the result is written.",
)
@click.option(
    "--scheme",
    type=click.Choice(["path", "centroid", "factorial"]),
    default="path",
    show_default=True,
    help="Inner weights.",
)
@click.option(
    "--metric",
    type=click.Choice(["standardised", "raw"]),
    default="standardised",
    show_default=True,
    help="Items divided by their standard deviation, or only centred.",
)
@click.option(
    "--mode", type=click.Choice(["A", "B"]), help="For all constructs; else as the model says."
)
@click.option("--consistent", is_flag=True, help="Correct for measurement error (PLSc).")
@click.option("--weights", default="", metavar="COLUMN", help="Column of case weights.")
@click.option("--replicates", type=INPUT, help="CSV file of replicate weights, one column each.")
@click.option("--jackknife", is_flag=True, help="Errors from leaving out each case in turn.")
@click.option("--replicate-scale", type=float, help="Variance factor; default 1/R.")
@click.option(
    "--missing",
    type=click.Choice(["mean", "pairwise", "complete", "imputation"]),
    default="mean",
    show_default=True,
    help="What to do about missing answers.",
)
@click.option(
    "--imputations",
    type=click.IntRange(min=2),
    default=20,
    show_default=True,
    help="Imputed data sets, with --missing imputation.",
)
@click.option("--ordinal", is_flag=True, help="Polychoric correlations of the items.")
@click.option(
    "--judge/--no-judge",
    default=None,
    help=f"Every criterion with its mark; by default up to {MANY_CASES:,} cases.",
)
@click.option("--bootstrap", type=click.IntRange(min=0), default=0, help="Number of resamples.")
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True)
@click.option(
    "--interval",
    type=click.Choice(["percentile", "bca", "studentised"]),
    default="percentile",
    show_default=True,
    help="Intervals of the bootstrap; percentiles are always written.",
)
@click.option(
    "--cbsem/--no-cbsem",
    default=None,
    help=f"A second opinion by covariance-based SEM; by default up to {MANY_FOR_CBSEM:,} cases.",
)
@ESTIMATOR
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=lambda: len(os.sched_getaffinity(0)),
    show_default="the machine's processors",
    help="How many share the resamples; the numbers do not depend on it.",
)
def fit_command(data: Path, model_file: Path, out: Path, **options: Any) -> None:
    """Fit a path model to DATA (CSV) and write every estimate as JSON."""
    keep_freed_memory()
    if options["replicate_scale"] is not None and not options["replicates"]:
        raise click.UsageError("--replicate-scale needs --replicates.")
    try:
        result = _fit(data, model_file, options)
    except ProblemsError as error:
        for problem in error.problems:
            click.echo(problem.text(), err=True)
        raise SystemExit(1) from None
    write_whole(out, json.dumps(result, indent=1, ensure_ascii=False, allow_nan=False))
    for text in [*result["problems"], *cbsem_texts(result.get("cbsem", {}))]:
        click.echo(text, err=True)


def _fit(data_file: Path, model_file: Path, options: dict[str, Any]) -> dict[str, Any]:
    """Return the result of one fit as JSON; ProblemsError when the input cannot be used."""
    specified = _model(model_file, options["mode"])
    content = data_file.read_bytes()
    data = read_data(
        content,
        specified,
        filename=data_file.name,
        weights=options["weights"],
        missing=options["missing"],
    )
    found, result = _fitted(specified, data, options)
    result["answers"] = answers_json(specified, data.values, options["missing"])
    judging = options["judge"]
    if judging or (judging is None and len(data.values) <= MANY_CASES):
        result["judgement"] = judgement_json(judge(found, data.values, data.weights))
    if options["cbsem"] is not False:
        result["cbsem"] = _second_opinion(specified, data, options)
    digest = hashlib.sha256(content).hexdigest()
    return {"dataset": data_file.name, "data_digest": digest, **result}


def _second_opinion(specified: Model, data: Data, options: dict[str, Any]) -> dict[str, object]:
    if len(data.values) > MANY_FOR_CBSEM and options["cbsem"] is None:
        return cbsem_left_out(len(data.values), MANY_FOR_CBSEM)
    estimator = options["estimator"].upper()
    return cbsem_json(specified, data.values, data.weights, estimator=estimator)


def _fitted(specified: Model, data: Data, options: dict[str, Any]) -> tuple[Fit, dict[str, Any]]:
    """Return the fit of a model and its JSON, with the errors that were asked for."""
    settings = {key: options[key] for key in ("scheme", "metric", "consistent", "ordinal")}
    settings["weights"] = data.weights
    resampling = {key: options[key] for key in ("bootstrap", "seed")}
    replication = _replication(options, len(data.values)) if options["replicates"] else None
    if options["missing"] == "imputation":
        settings |= {"number": options["imputations"], "seed": options["seed"]}
        bootstrap = options["bootstrap"]
        pooled = fit_imputed(specified, data.values, **settings, bootstrap=bootstrap)
        result = imputed_json(pooled)
        result["mediation"] = mediation_json(pooled)
        result["importance_performance"] = importance_json(pooled)
        if options["jackknife"]:
            without = fit_imputed(specified, data.values, **settings, replicates="jackknife")
            result["jackknife"] = imputed_json(without)["imputation"]
        if replication:
            again = fit_imputed(specified, data.values, **settings, replicates=replication)
            result["replicates"] = imputed_json(again)["imputation"]
        return pooled, result
    settings |= {"missing": options["missing"]}
    threads = options["workers"]
    resampling |= {"interval": options["interval"], "threads": threads}
    found = fit(specified, data.values, **settings, **resampling)
    result = run_json(found)
    result["mediation"] = mediation_json(found)
    result["importance_performance"] = importance_json(found)
    if found.resamples:
        result["bootstrap"] = bootstrap_json(found)
    if options["jackknife"]:
        deleted = fit(specified, data.values, **settings, replicates="jackknife")
        result["jackknife"] = replicates_json(deleted)
    if replication:
        replicated = fit(
            specified, data.values, **settings, replicates=replication, threads=threads
        )
        result["replicates"] = replicates_json(replicated)
    return found, result


def _model(file: Path, mode: str | None) -> Model:
    specified = model_from_json(file.read_bytes(), file.name)
    return specified.with_mode(mode) if mode else specified


def _replication(options: dict[str, Any], n: int) -> Replication:
    file = options["replicates"]
    weights = read_replicates(file.read_bytes(), n, filename=file.name)
    scale = options["replicate_scale"]
    if scale is not None and not 0 < scale < math.inf:
        place = Place(item="--replicate-scale")
        raise ProblemsError([messages.REPLICATE_SCALE.at(place, value=f"{scale:g}")])
    return Replication(weights, 1.0 / len(weights) if scale is None else scale)


def keep_freed_memory() -> None:
    """Let glibc use freed memory again instead of handing it back, page by page, to the system.

    A large file passes through memory in pieces: this takes a fifth off the time to read it.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if os.name == "posix" else None
    if mallopt is not None:
        for option, value in MEMORY.items():
            mallopt(option, value)
