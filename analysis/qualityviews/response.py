"""PURE. Unit response: rates, their evenness, effort, refusals that were converted."""

from __future__ import annotations

from analysis.qualityviews.parts import (
    Figure,
    Numbers,
    Said,
    Section,
    Table,
    base,
    interval,
    percent,
    percents,
    points,
    se,
    signed,
    unknown,
)
from analysis.report import rounded
from foundation.problems import N_

FORMULAS = {
    "RR1": "I / (I + P + R + NC + O + UH + UO)",
    "RR2": "(I + P) / (I + P + R + NC + O + UH + UO)",
    "RR3": "I / (I + P + R + NC + O + e (UH + UO))",
    "RR4": "(I + P) / (I + P + R + NC + O + e (UH + UO))",
    "RR5": "I / (I + P + R + NC + O)",
    "RR6": "(I + P) / (I + P + R + NC + O)",
    "COOP1": "I / (I + P + R + O)",
    "REF1": "R / (I + P + R + NC + O + UH + UO)",
    "CON1": "(I + P + R + O) / (I + P + R + NC + O + UH + UO)",
}
LEVEL = 0.05


def section(numbers: Numbers) -> Section:
    """Return the section on unit response."""
    tables = [_rates_table(numbers["response"]), _strata(numbers["strata"])]
    tables.append(_effort_table(numbers["effort"]))
    return Section(
        "response",
        N_("Unit response"),
        N_("Who was not reached or did not want to answer may think differently."),
        (
            _rate(numbers["response"]),
            _weighted(numbers["response"]),
            _share(numbers["response"]),
            _even(numbers["strata"]),
            _late(numbers["effort"]),
            _converted(numbers["converted"]),
        ),
        tuple(table for table in tables if table),
    )


def _cases(response: Numbers) -> float:
    return float(sum(response["counts"].values()))


def _rate(response: Numbers) -> Figure:
    what = Said(N_("Response rate RR3"))
    if "why" in response or response["error"] is None:
        found = response if "why" in response else _without_error(response)
        return unknown(what, found, FORMULAS["RR3"])
    error = response["error"]
    text = N_("Of 100 eligible people %(share)s answered. The interval holds the error of e.")
    if error["units"] is not None:
        text = N_(
            "Of 100 eligible people %(share)s answered. The interval holds the error of e, and is "
            "taken over %(units)s sampling units."
        )
    share = rounded(100 * error["rate"], 0)
    said = Said(text, {"share": share, "units": str(error["units"])})
    limits = percents(error)
    return Figure(
        what, percent(error["rate"]), limits, base(_cases(response)), FORMULAS["RR3"], said
    )


def _weighted(response: Numbers) -> Figure:
    what = Said(N_("Response rate RR3, weighted"))
    formula = N_("as RR3, each case by one over its selection probability")
    weighted = response.get("weighted")
    if "why" in response:
        return unknown(what, response, formula)
    if weighted is None:
        return unknown(what, {"why": "no_weights"}, formula)
    if weighted["error"] is None:
        return unknown(what, _without_error(weighted), formula)
    error = weighted["error"]
    said = Said(N_("The rate of the population; it differs where strata were drawn unevenly."))
    if error["units"] is not None:
        text = N_(
            "The rate of the population. Cases of one sampling unit are alike: the interval is "
            "taken over the %(units)s units."
        )
        said = Said(text, {"units": str(error["units"])})
    limits = percents(error)
    return Figure(what, percent(error["rate"]), limits, base(_cases(response)), formula, said)


def _without_error(found: Numbers) -> Numbers:
    rate = found["rates"]["RR3"]
    return {"why": "no_rate"} if rate is None else {"why": "one_unit", "rate": percent(rate)}


def _share(response: Numbers) -> Figure:
    what = Said(N_("Eligible share e of the unknown cases"))
    formula = "(I + P + R + NC + O) / (I + P + R + NC + O + NE)"
    if "why" in response or response["e"] is None:
        return unknown(what, response if "why" in response else {"why": "no_rate"}, formula)
    counts, e = response["counts"], float(response["e"])
    known = _cases(response) - counts["UH"] - counts["UO"]
    error = (e * (1 - e) / known) ** 0.5
    said = Said(
        N_("%(count)s cases are unknown; e says how many of them count as eligible."),
        {"count": f"{counts['UH'] + counts['UO']:.0f}"},
    )
    return Figure(what, rounded(e, 3), se(error, 3), base(known), formula, said)


def _even(strata: Numbers) -> Figure:
    what = Said(N_("R-indicator by stratum"))
    formula = N_("1 − 2 S(ρ), S: standard deviation of the strata's response rates")
    if "why" in strata:
        return unknown(what, strata, formula)
    said = Said(
        N_(
            "1 is even response. At worst it moves the mean of a question by %(bias)s of its "
            "standard deviation."
        ),
        {"bias": rounded(strata["most_bias"], 2)},
    )
    return Figure(
        what, rounded(strata["R"], 3), interval(strata, 3), base(strata["base"]), formula, said
    )


def _late(effort: Numbers) -> Figure:
    what = Said(N_("Answered at a later attempt, less at the first: index items, 0-100"))
    found = effort if "why" in effort else effort["late"]
    if "why" in found:
        return unknown(what, found)
    clear = Said(
        N_("Those hard to reach think differently: more attempts would move the result on.")
    )
    unclear = Said(N_("Early and late answers cannot be told apart."))
    return _difference(what, found, clear, unclear)


def _converted(found: Numbers) -> Figure:
    what = Said(N_("Refused at first, less the others: index items, 0-100"))
    if "why" in found:
        return unknown(what, found)
    clear = Said(N_("Those who were won over think differently; refusals still open may, too."))
    unclear = Said(N_("Converted refusals cannot be told apart from the others."))
    return _difference(what, found, clear, unclear)


def _difference(what: Said, found: Numbers, clear: Said, unclear: Said) -> Figure:
    n = f"n = {found['second']['n']}, {found['first']['n']}"
    said = clear if found["p"] < LEVEL else unclear
    formula = N_("difference of two means, Welch's t")
    return Figure(what, signed(found["difference"]), interval(found), n, formula, said)


def _rates_table(response: Numbers) -> Table | None:
    if "why" in response:
        return None
    weighted = (response["weighted"] or {}).get("rates", {})
    rows = [
        [name, percent(response["rates"][name]), percent(weighted.get(name)), formula]
        for name, formula in FORMULAS.items()
    ]
    counts = ", ".join(f"{name} {value:.0f}" for name, value in response["counts"].items())
    return Table(
        Said(N_("Rates after AAPOR; final outcomes so far: %(counts)s"), {"counts": counts}),
        (N_("Rate"), N_("Unweighted"), N_("Weighted"), N_("Formula")),
        rows,
    )


def _strata(strata: Numbers) -> Table | None:
    if "why" in strata:
        return None
    rows = [
        [row["name"], str(row["cases"]), str(row["completes"]), percent(row["share"]),
         percents(row), signed(row["contribution"], 3)]
        for row in strata["classes"]
    ]  # fmt: skip
    return Table(
        Said(N_("Response by stratum, cases known not to be eligible left out")),
        (N_("Stratum"), N_("Cases"), N_("Completes"), N_("Completes / cases"), N_("95 %% interval"),
         N_("Partial R-indicator")),
        rows,
    )  # fmt: skip


def _effort_table(effort: Numbers) -> Table | None:
    if "why" in effort:
        return None
    rows = [
        [str(row["up_to_attempt"]), f"{row['n']:.0f}", points(row["cumulative_mean"]),
         signed(row["difference_to_final"])]
        for row in effort["levels"]
    ]  # fmt: skip
    return Table(
        Said(N_("Level of effort: index items, mean of all interviews up to an attempt")),
        (N_("Up to attempt"), N_("Interviews"), N_("Mean, 0-100"), N_("Less the final mean")),
        rows,
    )
