"""Command `soundings rates`: response rates from counts of final outcomes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from cati.rules import rates as rules
from cati.rules.rates import BAD_SHARE, NO_DISPOSITIONS, Dispositions, EligibleShare
from foundation.problems import Place, ProblemsError

EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)
PROPORTIONAL = "proportional"


@click.command()
@click.argument("file", type=EXISTING)
@click.option("--json", "out", type=click.Path(dir_okay=False, path_type=Path), help="Result file.")
def rates(file: Path, out: Path | None) -> None:
    """Compute AAPOR response, cooperation, refusal and contact rates from the counts in FILE."""
    try:
        result = _all_rates(_content(file))
    except ProblemsError as error:
        raise click.ClickException(str(error)) from None
    text = json.dumps(result, indent=1, allow_nan=False)
    if out is None:
        click.echo(text)
    else:
        out.write_text(text + "\n", encoding="utf-8")


def _content(file: Path) -> Mapping[str, Any]:
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ProblemsError(
            [NO_DISPOSITIONS.at(Place(file=file.name), reason=f"{error}.")]
        ) from None
    if not isinstance(content, Mapping):
        raise ProblemsError(
            [NO_DISPOSITIONS.at(Place(file=file.name), reason="the file holds no object.")]
        )
    return content


def _all_rates(content: Mapping[str, Any]) -> dict[str, Any]:
    cases = content.get("cases")
    if isinstance(cases, list):
        return {
            "cases": {str(case.get("id", at)): case_rates(case) for at, case in enumerate(cases)}
        }
    return case_rates(content)


def case_rates(case: Mapping[str, Any]) -> dict[str, float | None]:
    """Return the rates of one case: its `dispositions` and `e`, a number, a method, or by group."""
    given = case.get("dispositions")
    if not isinstance(given, Mapping):
        raise ProblemsError([NO_DISPOSITIONS.at(Place(), reason="'dispositions' is missing.")])
    counts = rules.dispositions(given)
    return rules.rates(counts, _share(case, counts))


def _share(case: Mapping[str, Any], counts: Dispositions) -> EligibleShare | None:
    """Return the eligible share; proportional when neither a number nor another method is given."""
    e = case.get("e")
    if e is None:
        e = case.get("e_method", PROPORTIONAL)
    if isinstance(e, str) and e.startswith(PROPORTIONAL):
        return rules.proportional_share(counts)
    if isinstance(e, Mapping):
        return EligibleShare(_number(e.get("UH")), _number(e.get("UO")))
    return EligibleShare(_number(e), _number(e))


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ProblemsError([BAD_SHARE.at(Place(item="e"), value=value)])
    return float(value)
