"""PURE. Response, cooperation, refusal and contact rates from counts of final outcomes.

AAPOR, Standard Definitions (10th ed.). Groups: I complete, P partial, R refusal and break-off,
NC non-contact, O other eligible, UH unknown whether an eligible unit exists, UO unknown
otherwise, NE not eligible. Counts may be weighted. A rate whose denominator is zero is not
defined (None), never 0. Where the eligible share e of the unknown cases is estimated, its own
error widens the rates that use it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from math import hypot, isfinite, sqrt

from foundation.problems import N_, Message, Place, Problem, ProblemsError, nearest

NEGATIVE_COUNT = Message(
    "RATE-001",
    N_("the count of '%(group)s' is %(value)s."),
    N_("Counts of outcomes are numbers of at least 0."),
)
UNKNOWN_GROUP = Message(
    "RATE-002",
    N_("'%(group)s' is not a group of final outcomes."),
    N_("Did you mean '%(near)s'? The groups are I, P, R, NC, O, UH, UO and NE."),
)
BAD_SHARE = Message(
    "RATE-003",
    N_("the eligible share e is %(value)s."),
    N_("It must lie between 0 and 1; or name the method 'proportional'."),
)
NO_DISPOSITIONS = Message(
    "RATE-004",
    N_("there are no counts of outcomes: %(reason)s"),
    N_("Give 'dispositions' with the counts of I, P, R, NC, O, UH, UO and NE."),
)

NORMAL = 1.959963984540054
EXACT = {1: 12.706204736432095, 2: 4.302652729911275}
UNKNOWN = frozenset({"UH", "UO"})


@dataclass(frozen=True)
class Dispositions:
    """Counts of cases by the group of their final outcome."""

    I: float = 0.0  # noqa: E741 - the standard's own letter
    P: float = 0.0
    R: float = 0.0
    NC: float = 0.0
    O: float = 0.0  # noqa: E741 - the standard's own letter
    UH: float = 0.0
    UO: float = 0.0
    NE: float = 0.0

    @property
    def eligible(self) -> float:
        """Cases known to be eligible."""
        return self.I + self.P + self.R + self.NC + self.O

    @property
    def contacted(self) -> float:
        """Eligible cases that were reached."""
        return self.I + self.P + self.R + self.O


GROUPS = tuple(one.name for one in fields(Dispositions))


@dataclass(frozen=True)
class EligibleShare:
    """The share e of unknown cases taken as eligible, which may differ for UH and UO."""

    UH: float
    UO: float

    def __post_init__(self) -> None:
        bad = [value for value in (self.UH, self.UO) if not 0 <= value <= 1]
        if bad:
            raise ProblemsError([BAD_SHARE.at(Place(item="e"), value=value) for value in bad])


def dispositions(counts: Mapping[str, float]) -> Dispositions:
    """Return the counts by group; groups that are not named count 0.

    >>> dispositions({"I": 412, "R": 265}).eligible
    677.0
    """
    problems: list[Problem] = []
    for group, value in counts.items():
        place = Place(item=group)
        if group not in GROUPS:
            problems.append(UNKNOWN_GROUP.at(place, group=group, near=nearest(group, GROUPS)))
        elif (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not isfinite(value)
            or value < 0
        ):
            problems.append(NEGATIVE_COUNT.at(place, group=group, value=value))
    if problems:
        raise ProblemsError(problems)
    return Dispositions(**{group: float(value) for group, value in counts.items()})


def proportional_share(counts: Dispositions) -> EligibleShare | None:
    """Return e = eligible / (eligible + not eligible) for both kinds of unknown cases."""
    known = counts.eligible + counts.NE
    if known == 0:
        return None
    return EligibleShare(counts.eligible / known, counts.eligible / known)


def rates(counts: Dispositions, share: EligibleShare | None) -> dict[str, float | None]:
    """Return RR1-6, COOP1-4, REF1-3 and CON1-3 by name, None where not defined.

    Without `share` the rates that need it (RR3, RR4, REF2, CON2) are not defined, unless no
    case is unknown.
    """
    unknown = counts.UH + counts.UO
    eligible = counts.eligible
    likely = _likely_unknown(counts, share)
    every, some, known = eligible + unknown, None if likely is None else eligible + likely, eligible
    done, part = counts.I, counts.I + counts.P
    asked, decided = counts.contacted, part + counts.R
    return {
        "RR1": _ratio(done, every),
        "RR2": _ratio(part, every),
        "RR3": _ratio(done, some),
        "RR4": _ratio(part, some),
        "RR5": _ratio(done, known),
        "RR6": _ratio(part, known),
        "COOP1": _ratio(done, asked),
        "COOP2": _ratio(part, asked),
        "COOP3": _ratio(done, decided),
        "COOP4": _ratio(part, decided),
        "REF1": _ratio(counts.R, every),
        "REF2": _ratio(counts.R, some),
        "REF3": _ratio(counts.R, known),
        "CON1": _ratio(asked, every),
        "CON2": _ratio(asked, some),
        "CON3": _ratio(asked, known),
    }


def _likely_unknown(counts: Dispositions, share: EligibleShare | None) -> float | None:
    if share is not None:
        return share.UH * counts.UH + share.UO * counts.UO
    return 0.0 if counts.UH + counts.UO == 0 else None


def _ratio(above: float, below: float | None) -> float | None:
    return above / below if below else None


def counted(rows: Iterable[tuple[str, float]]) -> Dispositions:
    """Return the counts of cases from pairs of group and weight (1 for plain counts)."""
    sums: dict[str, float] = {}
    for group, weight in rows:
        sums[group] = sums.get(group, 0.0) + weight
    return dispositions(sums)


def rates_by_cut(
    rows: Iterable[tuple[str, str, float]], share: EligibleShare | None = None
) -> dict[str, dict[str, float | None]]:
    """Return the rates of each cut from rows of cut, group and weight.

    A cut is anything: an interviewer, a day, a stratum, a list. Without `share`, e is each
    cut's own proportional share.
    """
    cuts: dict[str, list[tuple[str, float]]] = {}
    for cut, group, weight in rows:
        cuts.setdefault(cut, []).append((group, weight))
    found = {}
    for cut, cases in cuts.items():
        counts = counted(cases)
        found[cut] = rates(counts, share or proportional_share(counts))
    return found


@dataclass(frozen=True)
class RateError:
    """A rate with its standard error and 95 % limits.

    se_cases, se_share  the parts of sampling cases, and of estimating e
    se                  of both together
    units               sampling units that the error is taken over; None where cases are
    """

    rate: float
    se_cases: float
    se_share: float
    se: float
    low: float
    high: float
    units: int | None = None


def _error(
    rate: float, parts: tuple[float, float], se: float, reach: float, units: int | None = None
) -> RateError:
    low, high = max(rate - reach * se, 0.0), min(rate + reach * se, 1.0)
    return RateError(rate, *parts, se, low, high, units)


def response_rate_error(counts: Dispositions, *, with_partials: bool = False) -> RateError | None:
    """Return RR3 (or RR4) with the uncertainty of its proportional e.

    e is a share of known cases, so its variance is e (1 - e) / (eligible + not eligible);
    dRR/de = -RR U / (E + e U). The cases' own part is binomial on E + e U cases. Plain counts
    only: weighted counts need the design. None where the rate is not defined.
    """
    share = proportional_share(counts)
    rate = rates(counts, share)["RR4" if with_partials else "RR3"]
    if share is None or rate is None:
        return None
    e, unknown = share.UH, counts.UH + counts.UO
    base = counts.eligible + e * unknown
    of_share = sqrt(e * (1 - e) / (counts.eligible + counts.NE)) * rate * unknown / base
    of_cases = sqrt(rate * (1 - rate) / base)
    return _error(rate, (of_cases, of_share), hypot(of_cases, of_share), NORMAL)


@dataclass(frozen=True)
class Weighed:
    """A case: the group of its outcome, its weight, its stratum and sampling unit if it has any."""

    group: str
    weight: float
    stratum: str = ""
    unit: str = ""


def weighted_rate_error(cases: Sequence[Weighed]) -> RateError | None:
    """Return the weighted RR3 with its error, weights and e counted.

    The rate is the ratio of the weights of complete cases to those of eligible ones, unknown
    ones counting e. Linearised (Cochran 1977, section 6.4) with z = w (y - R x) / sum(w x); for e
    the same of the ratio of eligible cases among the known, times dR/de. Cases of one sampling
    unit are alike: where any case names one, the error is that of the units' totals within strata
    (`_clustered`), e and rate together; else cases count as drawn independently, n/(n-1) sum z^2,
    the two parts added as if they were, too. None where not defined.
    """
    counts = counted((case.group, case.weight) for case in cases)
    share = proportional_share(counts)
    rate = rates(counts, share)["RR3"]
    if share is None or rate is None or len(cases) < 2:  # noqa: PLR2004 - one case has no spread
        return None
    own, of_e = _influences(cases, counts, rate, share.UH)
    if any(case.unit for case in cases):
        return _clustered(rate, cases, own, of_e)
    known = sum(case.group not in UNKNOWN for case in cases)
    parts = _alone(own, len(cases)), _alone(of_e, known)
    return _error(rate, parts, hypot(*parts), NORMAL)


def _influences(
    cases: Sequence[Weighed], counts: Dispositions, rate: float, e: float
) -> tuple[list[float], list[float]]:
    """Return what each case adds to the rate at a given e, and through e: (n,) each."""
    unknown = counts.UH + counts.UO
    base = counts.eligible + e * unknown
    part = {"NE": 0.0, "UH": e, "UO": e}
    slope = -rate * unknown / base / (counts.eligible + counts.NE)
    own = [c.weight * ((c.group == "I") - rate * part.get(c.group, 1.0)) / base for c in cases]
    of_e = [
        0.0 if c.group in UNKNOWN else slope * c.weight * ((c.group != "NE") - e) for c in cases
    ]
    return own, of_e


def _alone(influences: Sequence[float], n: int) -> float:
    return sqrt(n / max(n - 1, 1) * sum(z**2 for z in influences))


def _clustered(
    rate: float, cases: Sequence[Weighed], own: Sequence[float], of_e: Sequence[float]
) -> RateError | None:
    """Return the error over sampling units: sum_h n_h/(n_h - 1) sum_j (z_hj - mean_h)^2.

    z_hj are the totals of the units of stratum h. A case without a unit is one by itself. A stratum
    with one unit is taken about zero, the mean of all, which errs on the safe side. Limits are
    Student's with units less strata degrees of freedom; None when there are not two units.
    """
    both = [a + b for a, b in zip(own, of_e, strict=True)]
    names = [(c.stratum, c.unit or f"\0{at}") for at, c in enumerate(cases)]
    units, strata = len(set(names)), len({stratum for stratum, _ in set(names)})
    if units < 2:  # noqa: PLR2004 - one unit has no spread
        return None
    parts = _of_units(names, own), _of_units(names, of_e)
    reach = student(max(units - strata, 1))
    return _error(rate, parts, _of_units(names, both), reach, units)


def _of_units(names: Sequence[tuple[str, str]], influences: Sequence[float]) -> float:
    totals: dict[str, dict[str, float]] = {}
    for (stratum, unit), z in zip(names, influences, strict=True):
        within = totals.setdefault(stratum, {})
        within[unit] = within.get(unit, 0.0) + z
    return sqrt(sum(_spread(list(within.values())) for within in totals.values()))


def _spread(totals: Sequence[float]) -> float:
    n = len(totals)
    if n == 1:
        return totals[0] ** 2
    mean = sum(totals) / n
    return n / (n - 1) * sum((total - mean) ** 2 for total in totals)


def student(df: int) -> float:
    """Return the 97.5 % point of Student's t, without the libraries that web processes do not load.

    Exact for 1 and 2 degrees of freedom; above, Fisher's expansion about the normal point
    (Abramowitz, Stegun 1964, 26.7.5), within 0.005.
    """
    if df in EXACT:
        return EXACT[df]
    z = NORMAL
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + sum(term / float(df) ** power for power, term in enumerate(terms, start=1))
