"""The commands `soundings model compare` and `soundings model segments`."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analysis.compare import messages
from analysis.compare.output import comparison_json
from analysis.compare.run import compare
from analysis.compare.segment_output import segmentation_json
from analysis.compare.segments import segments
from analysis.compare.words import comparison_words, segmentation_words
from analysis.files.data import read_data
from analysis.files.outputs import OUTPUT, write_whole
from analysis.files.texts import read_texts
from analysis.model.invariance_output import invariance_json, invariance_words
from analysis.model.settings import Settings
from analysis.model.specify import model_from_json
from foundation.problems import Problem, ProblemsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from analysis.files.data import Data
    from analysis.model.specify import Model

INPUT = click.Path(exists=True, dir_okay=False, path_type=Path)
SETTINGS = ("scheme", "metric", "consistent", "missing")


def _common(command: Callable[..., None]) -> Callable[..., None]:
    """Add the arguments and options that both commands have."""
    missing = click.Choice(["mean", "pairwise", "complete"])
    for add in reversed(
        [
            click.argument("data", type=INPUT),
            click.option(
                "--model", "model_file", type=INPUT, required=True, help="The model, as JSON."
            ),
            click.option("--json", "out", type=OUTPUT, help="Where the whole result is written."),
            click.option(
                "--scheme",
                type=click.Choice(["path", "centroid", "factorial"]),
                default="path",
                show_default=True,
            ),
            click.option(
                "--metric",
                type=click.Choice(["standardised", "raw"]),
                default="standardised",
                show_default=True,
            ),
            click.option("--consistent", is_flag=True, help="Correct for measurement error."),
            click.option("--missing", type=missing, default="mean", show_default=True),
            click.option("--weights", default="", metavar="COLUMN", help="Column of case weights."),
            click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True),
        ]
    ):
        command = add(command)
    return command


@click.command("compare")
@_common
@click.option("--by", required=True, metavar="COLUMN", help="Column that tells groups apart.")
@click.option("--people", metavar="COLUMN", help="Column of persons, who may be in many groups.")
@click.option("--permutations", type=click.IntRange(min=0), default=1000, show_default=True)
@click.option("--bootstrap", type=click.IntRange(min=0), default=1000, show_default=True)
@click.option(
    "--correction",
    type=click.Choice(["holm", "bonferroni", "benjamini-hochberg", "none"]),
    default="holm",
    show_default=True,
    help="Of p values, for many tests.",
)
def compare_command(data: Path, model_file: Path, out: Path | None, **options: Any) -> None:
    """Compare a path model between the groups of DATA (CSV): branches, waves, kinds of people."""
    _carried_out(lambda: _compare(data, model_file, options), out)


@click.command("segments")
@_common
@click.option("--most", type=click.IntRange(1, 12), default=4, show_default=True)
@click.option("--starts", type=click.IntRange(min=1), default=20, show_default=True)
def segments_command(data: Path, model_file: Path, out: Path | None, **options: Any) -> None:
    """Look in DATA (CSV) for segments of people whose paths differ (FIMIX-PLS)."""
    _carried_out(lambda: _segments(data, model_file, options), out)


Result = tuple[dict[str, object], "Iterable[str]", "Iterable[Problem]"]


def _carried_out(work: Callable[[], Result], out: Path | None) -> None:
    """Print a result in words and its warnings, and write it as JSON when there is a file."""
    try:
        result, words, problems = work()
    except ProblemsError as error:
        for problem in error.problems:
            click.echo(problem.text(), err=True)
        raise SystemExit(1) from None
    if out is not None:
        write_whole(out, json.dumps(result, indent=1, ensure_ascii=False, allow_nan=False))
    for line in words:
        click.echo(line)
    for problem in problems:
        click.echo(problem.text(), err=True)


def _compare(file: Path, model_file: Path, options: dict[str, Any]) -> Result:
    model = model_from_json(model_file.read_bytes(), model_file.name)
    content = file.read_bytes()
    columns = [options[key] for key in ("by", "people") if options[key]]
    texts, problems = _texts(content, columns, file.name)
    data = _data(content, model, file.name, options, problems)
    own = {key: options[key] for key in ("permutations", "bootstrap", "seed", "correction")}
    found = compare(
        model,
        data.values,
        texts[0],
        weights=data.weights,
        people=texts[1] if options["people"] else None,
        settings=Settings(**{key: options[key] for key in SETTINGS}),
        **own,
    )
    measured = invariance_json(model, data.values, texts[0], data.weights)
    result = {
        **_origin(file, content),
        "by": options["by"],
        **comparison_json(found),
        "measurement_invariance": measured,
    }
    words = [*comparison_words(found), *invariance_words(measured)]
    return result, words, found.problems


def _segments(file: Path, model_file: Path, options: dict[str, Any]) -> Result:
    model = model_from_json(model_file.read_bytes(), model_file.name)
    content = file.read_bytes()
    data = _data(content, model, file.name, options, ())
    found = segments(
        model,
        data.values,
        weights=data.weights,
        settings=Settings(**{key: options[key] for key in SETTINGS}),
        **{key: options[key] for key in ("most", "starts", "seed")},
    )
    result = {**_origin(file, content), **segmentation_json(found)}
    return result, segmentation_words(found), found.problems


def _texts(
    content: bytes, columns: list[str], filename: str
) -> tuple[list[list[str]], tuple[Problem, ...]]:
    """Return the columns of groups and persons, or why they cannot be read."""
    try:
        return read_texts(content, columns, messages.NO_GROUP_COLUMN, filename=filename), ()
    except ProblemsError as error:
        return [], error.problems


def _data(
    content: bytes,
    model: Model,
    filename: str,
    options: dict[str, Any],
    problems: tuple[Problem, ...],
) -> Data:
    """Return the data; ProblemsError with these problems and all of the data's own."""
    how = {"weights": options["weights"], "missing": options["missing"]}
    try:
        data = read_data(content, model, filename=filename, **how)
    except ProblemsError as error:
        further = (problem for problem in error.problems if problem not in problems)
        raise ProblemsError([*problems, *further]) from None
    if problems:
        raise ProblemsError(problems)
    return data


def _origin(file: Path, content: bytes) -> dict[str, object]:
    return {"dataset": file.name, "data_digest": hashlib.sha256(content).hexdigest()}
