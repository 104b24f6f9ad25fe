"""PURE. Measurement: interviewers, gaps, habits of answering, re-interviews, modes."""

from __future__ import annotations

from analysis.qualityviews.parts import (
    DASH,
    REASONS,
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

RHO = "(MSB − MSW) / (MSB + (n₀ − 1) MSW)"
GOOD_KAPPA = 0.6
LEVEL = 0.05


def interviewers(numbers: Numbers) -> Section:
    """Return the section on what interviewers add."""
    found = numbers["interviewers"]
    return Section(
        "interviewers",
        N_("Interviewers"),
        N_("Answers may lean towards the person who asks; then many interviews count as fewer."),
        tuple(_effects(found)),
        tuple(table for table in (_effect_table(found), _work_table(numbers["work"])) if table),
    )


def _effects(found: Numbers) -> list[Figure]:
    what = Said(N_("Correlation within interviewers, index items"))
    effect = Said(N_("Design effect of interviewers"))
    if "why" in found:
        return [unknown(what, found, RHO)]
    own = found["items"][0]
    if "why" in own:
        return [unknown(what, own, RHO)]
    n = f"n = {own['base']}, k = {own['interviewers']}"
    if own["rho"] < 0:
        said = Said(N_("Negative by chance: it counts as 0, no effect of interviewers is seen."))
    elif own["p"] < LEVEL:
        said = Said(N_("Interviewers differ by more than chance."))
    else:
        said = Said(N_("Interviewers cannot be told apart."))
    random = Said(
        N_("Kish 1962, with %(mean)s interviews each. It holds if cases come to them at random."),
        {"mean": rounded(own["workload"], 1)},
    )
    limits = [1 + (own["workload"] - 1) * max(own[end], 0.0) for end in ("low", "high")]
    error = interval({"low": limits[0], "high": limits[1]}, 2)
    return [
        Figure(what, rounded(own["rho"], 4), interval(own, 4), n, RHO, said),
        Figure(effect, rounded(own["deff"], 2), error, n, "1 + (m − 1) ρ", random),
    ]


def _effect_table(found: Numbers) -> Table | None:
    rows = [
        [row["name"], rounded(row["rho"], 4), interval(row, 4), rounded(row["deff"], 2),
         str(row["base"]), rounded(row["p"], 3)]
        for row in found.get("items", ())[1:]
        if "why" not in row
    ]  # fmt: skip
    heads = (N_("Item"), "ρ", N_("95 %% interval"), N_("Design effect"), N_("Base"), "p")
    return Table(Said(N_("Interviewer effect by item")), heads, rows) if rows else None


def _work_table(work: list[Numbers]) -> Table | None:
    rows = [
        [row["name"], str(row["base"]), points(row["mean"]), points(row["mean_se"]),
         percent(row["missing"]), _hundred(row["missing_se"]), points(row["variety"], 2),
         points(row["minutes"])]
        for row in work
    ]  # fmt: skip
    heads = (N_("Interviewer"), N_("Interviews"), N_("Index items, 0-100"), "SE",
             N_("Missing answers"), N_("SE, points"), N_("Variety of answers"),
             N_("Median minutes"))  # fmt: skip
    title = Said(N_("Each interviewer's work; little variety or little time asks for a listen"))
    return Table(title, heads, rows) if rows else None


def _hundred(value: float | None) -> str:
    return DASH if value is None else rounded(100 * value, 1)


def items(numbers: Numbers) -> Section:
    """Return the section on missing answers."""
    rows = sorted(numbers["items"], key=lambda row: -row["missing"]["share"])
    figures = []
    if rows:
        worst = rows[0]
        every = numbers["missing"]
        formula = N_("(don't know + refused + blank) / asked")
        figures = [
            Figure(
                Said(N_("Missing answers, all questions")), percent(every["share"]),
                se(every["se"], 1, 100), base(every["base"]), formula,
                Said(N_("The base counts answers asked for; the error counts people as clusters.")),
            ),
            Figure(
                Said(N_("Most often missing: %(name)s"), {"name": worst["name"]}),
                percent(worst["missing"]["share"]), percents(worst["missing"]),
                base(worst["asked"]), formula,
                Said(N_("Where bounds are given, the mean lies between them in any case.")),
            ),
        ]  # fmt: skip
    return Section(
        "items",
        N_("Item nonresponse"),
        N_("A question that many leave out speaks of those who answered it."),
        tuple(figures),
        (_item_table(rows),) if rows else (),
    )


def _item_table(rows: list[Numbers]) -> Table:
    cells = [
        [row["name"], str(row["asked"]), percent(row["missing"]["share"]), percents(row["missing"]),
         str(row["dk"]), str(row["ref"]), str(row["blank"]), points(row["mean"], 2),
         interval(row, 2) if "low" in row else ""]
        for row in rows
    ]  # fmt: skip
    heads = (N_("Question"), N_("Asked"), N_("Missing"), N_("95 %% interval"), N_("Don't know"),
             N_("Refused"), N_("Blank"), N_("Mean as answered"),
             N_("Bounds of the mean"))  # fmt: skip
    return Table(Said(N_("Missing answers by question")), heads, cells)


def habits(numbers: Numbers) -> Section:
    """Return the section on how respondents answered."""
    figures = [_straight(numbers["straight"]), _haste(numbers["haste"])]
    heaps = [_heap(row) for row in numbers["heaping"]]
    none = unknown(Said(N_("Round numbers")), {"why": "no_round"})
    timed = numbers["haste"].get("questions")
    return Section(
        "measurement",
        N_("Answering"),
        N_("One answer throughout, haste and round numbers are signs of little thought."),
        (*figures, *(heaps or [none])),
        (_times(timed),) if timed else (),
    )


def _straight(found: Numbers) -> Figure:
    what = Said(N_("Straight-lining"))
    formula = N_("share with one answer to all items of the battery")
    if "why" in found:
        return unknown(what, found, formula)
    said = Said(
        N_("%(items)s items on one scale; the longest run of equal answers is %(run)s on average."),
        {"items": found["items"], "run": rounded(found["longest"], 1)},
    )
    return Figure(
        what, percent(found["share"]), percents(found), base(found["base"]), formula, said
    )


def _haste(found: Numbers) -> Figure:
    what = Said(N_("Speeding"))
    formula = N_("share below half the median time; pauses of 15 minutes left out")
    if "why" in found:
        return unknown(what, found, formula)
    said = Said(
        N_(
            "The median is %(median)s minutes; %(fast)s interviews took less than half of it, "
            "%(fence)s lie below the fence of the logarithms."
        ),
        {"median": rounded(found["median"] / 60, 1), "fast": found["fast"],
         "fence": found["below_fence"]},
    )  # fmt: skip
    return Figure(
        what, percent(found["share"]), percents(found), base(found["base"]), formula, said
    )


def _heap(row: Numbers) -> Figure:
    what = Said(N_("Round numbers: %(name)s"), {"name": row["name"]})
    told = row["p"] < LEVEL
    said = Said(
        N_("Whipple's index %(index)s: multiples of 5 are preferred.")
        if told
        else N_("Whipple's index %(index)s: no preference for multiples of 5 is seen."),
        {"index": rounded(row["index"], 0)},
    )
    formula = N_("share of multiples of 5, against 20 %%")
    return Figure(what, percent(row["share"]), percents(row), base(row["base"]), formula, said)


def _times(rows: list[Numbers]) -> Table:
    cells = [[row["name"], points(row["median"]), str(row["fast"]), str(row["base"])]
             for row in rows]  # fmt: skip
    heads = (N_("Question"), N_("Median seconds"), N_("Below 0.3 of the median"), N_("Base"))
    return Table(Said(N_("Time by question")), heads, cells)


def again(numbers: Numbers) -> Section:
    """Return the section on re-interviews and modes."""
    found, mode = numbers["backcheck"], numbers["mode"]
    figures = [unknown(Said(N_("Back-check")), found, "")] if "why" in found else [
        figure for row in found["questions"] for figure in (_agreement(row), _kappa(row))
    ]  # fmt: skip
    if found.get("unmatched"):
        what = Said(N_("Back-check: rows without a first answer"))
        said = Said(N_("Their respondent or question is not in the wave, or was not answered."))
        figures.append(Figure(what, str(found["unmatched"]), "", "", "", said))
    return Section(
        "again",
        N_("Back-check and mode"),
        N_("What is asked twice shows how steady answers are; each way of asking has its own."),
        (*figures, *_modes(mode)),
    )


def _agreement(row: Numbers) -> Figure:
    what = Said(N_("Agreement: %(name)s"), {"name": row["name"]})
    formula = N_("share of equal answers in interview and re-interview")
    said = Said(N_("Answers agree by chance, too: see kappa."))
    return Figure(what, percent(row["share"]), percents(row), base(row["base"]), formula, said)


def _kappa(row: Numbers) -> Figure:
    what = Said(N_("Kappa: %(name)s"), {"name": row["name"]})
    formula = N_("(agreement − agreement by chance) / (1 − agreement by chance)")
    error = row["kappa_error"]
    if row["kappa"] is None:
        return unknown(what, error, formula)
    is_open = "why" in error
    limits = "" if is_open else interval(error, 2)
    said = Said(REASONS[error["why"]] if is_open else _beyond_chance(row["kappa"], error["low"]))
    return Figure(what, rounded(row["kappa"], 2), limits, base(row["base"]), formula, said)


def _beyond_chance(kappa: float, low: float) -> str:
    if kappa < GOOD_KAPPA:
        return N_("Little agreement beyond chance; listen to the interviews.")
    if low < GOOD_KAPPA:
        return N_(
            "Substantial agreement beyond chance, but not surely: the lower limit is under "
            "0.6. Ask more people again."
        )
    return N_("Substantial agreement beyond chance (Landis, Koch 1977).")


MODES = {
    "telephone": N_("All interviews were held by telephone: no mode effect within the wave."),
    "unknown": N_("The mode is not stated: the answers were imported without a column 'mode'."),
}


def _modes(mode: Numbers) -> list[Figure]:
    what, counts = Said(N_("Mode")), mode["modes"]
    total = sum(counts.values())
    if len(counts) == 1:
        (name,) = counts
        said = Said(MODES.get(name, N_("One mode: no mode effect within the wave.")))
        return [Figure(what, DASH if name == "unknown" else "100 %", "", base(total), "", said)]
    shares = ", ".join(f"{name} {percent(n / total)}" for name, n in counts.items())
    said = Said(N_("Means of different modes are not one figure without care."))
    figures = [Figure(what, shares, "", base(total), "", said)]
    compared = mode.get("compared")
    if compared:
        figures.append(_mode_difference(list(counts), compared))
    return figures


def _mode_difference(names: list[str], found: Numbers) -> Figure:
    what = Said(
        N_("%(second)s less %(first)s: index items, 0-100"),
        {"first": names[0], "second": names[1]},
    )
    if "why" in found:
        return unknown(what, found)
    n = f"n = {found['second']['n']}, {found['first']['n']}"
    said = Said(N_("It holds both what the mode does and who chose it."))
    formula = N_("difference of two means, Welch's t")
    return Figure(what, signed(found["difference"]), interval(found), n, formula, said)
