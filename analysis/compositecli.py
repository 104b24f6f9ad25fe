"""The command `soundings composite`: scores of several sources from a file of ratings."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from analysis import compositefields, compositescheme, compositescores
from analysis.compositeviews import figure, posted, ranks
from analysis.files.outputs import OUTPUT, write_whole
from foundation.problems import Problem, ProblemsError

EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)
Json = dict[str, Any]


@click.command()
@click.argument("ratings", type=EXISTING, metavar="FILE.csv")
@click.option(
    "--scheme",
    "name",
    required=True,
    help=f"The scheme, as JSON, or one that is ready: {', '.join(compositescheme.READY)}.",
)
@click.option("--json", "out", type=OUTPUT, help="Result file.")
@click.option("--posting", is_flag=True, help="Name the first places only, in the file, too.")
def composite(ratings: Path, name: str, out: Path | None, *, posting: bool) -> None:
    """Score the units of FILE.csv (columns unit, source, score, rater) by a scheme of sources.

    Problems of the input are told all at once; nothing is written then.
    """
    scheme, read = _read(name, ratings)
    answer, remarks = compositescores.score(scheme, read)
    for row in answer["units"]:
        row["remarks"] = [problem.text() for problem in remarks[row["unit"]]]
    shown = posted(answer) if posting else answer
    if out is not None:
        write_whole(out, json.dumps(shown, ensure_ascii=False, allow_nan=False, indent=1) + "\n")
    for line in _posting(shown) if posting else _words(answer):
        click.echo(line)


def _read(name: str, ratings: Path) -> tuple[Json, list[compositefields.Rating]]:
    """Return scheme and ratings; the problems of both together."""
    problems: list[Problem] = []
    scheme: Json = {}
    read: list[compositefields.Rating] = []
    try:
        scheme = _scheme(name)
    except ProblemsError as error:
        problems += error.problems
    known = [one["name"] for one in scheme["sources"]] if scheme else None
    try:
        read = compositefields.read_ratings(ratings.read_bytes(), known, ratings.name)
    except ProblemsError as error:
        problems += error.problems
    if problems:
        raise ProblemsError(problems)
    return scheme, read


def _scheme(name: str) -> Json:
    if name in compositescheme.READY:
        return compositescheme.READY[name]
    file = Path(name)
    if not file.is_file():
        raise click.BadParameter(f"'{name}' is no file and no ready scheme.", param_hint="--scheme")
    return compositescheme.from_json(file.read_bytes(), file.name)


def _words(answer: Mapping[str, Any]) -> Iterator[str]:
    for row in answer["units"]:
        if row["rank"] is None:
            yield f" –  {row['unit']}: not shown ({_raters(row['base'])})"
        else:
            yield f"{row['rank']:>2}. {row['unit']}: {_score(row)}, group {row['letters']}"
        if row["drawn"]:
            drawn = row["drawn"]
            yield f"    drawn towards the mean: {figure(drawn['value'])} {_limits(drawn)}"
        for source, own in row["sources"].items():
            weight = "" if own["weight"] is None else f", weight {100 * own['weight']:.1f} %"
            yield f"    {source}: {figure(own['mean'])} ({_raters(own['raters'])}{weight})"
        yield from (f"    {text}" for text in row["remarks"])
    yield from _posting(posted(answer))


def _posting(found: Mapping[str, Any]) -> Iterator[str]:
    yield f"First {found['places']}, ties included:"
    for row in found["named"]:
        yield f"{row['rank']:>2}. {row['unit']}: {_score(row)}"
    yield (
        f"Others, not named: {found['others']}; of them {found['uncertain']} cannot be told from "
        f"a place among the first, and {found['unranked']} have no rank."
    )


def _score(row: Mapping[str, Any]) -> str:
    score = f"{figure(row['value'])} {_limits(row)}, SE {figure(row['se'], 2)}"
    return f"{score}, {_raters(row['base'])}, possible ranks {ranks(row)}"


def _raters(count: int) -> str:
    return f"{count} rater" if count == 1 else f"{count} raters"


def _limits(row: Mapping[str, Any]) -> str:
    return f"({figure(row['low'])} to {figure(row['high'])})"
