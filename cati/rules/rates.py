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
from math import isfinite, sqrt

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
    """A rate with its standard error and 95 % limits: of sampling cases, of e, and of both."""

    rate: float
    se_cases: float
    se_share: float
    low: float
    high: float

    @property
    def se(self) -> float:
        """Standard error of both together."""
        return sqrt(self.se_cases**2 + self.se_share**2)


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
    reach = NORMAL * sqrt(of_share**2 + of_cases**2)
    return RateError(rate, of_cases, of_share, max(rate - reach, 0.0), min(rate + reach, 1.0))


@dataclass(frozen=True)
class Weighed:
    """A case with the group of its outcome and its weight."""

    group: str
    weight: float


def weighted_rate_error(cases: Sequence[Weighed]) -> RateError | None:
    """Return the weighted RR3 with its error, weights and e counted.

    The rate is the ratio of the weights of complete cases to those of eligible ones, unknown
    ones counting e. Linearised (Cochran 1977, section 6.4):
    n/(n-1) sum (w (y - R x))^2 / (sum w x)^2, cases taken as drawn independently; for e the same
    of the ratio of eligible cases among the known, times (dR/de)^2. None where not defined.
    """
    counts = counted((case.group, case.weight) for case in cases)
    share = proportional_share(counts)
    rate = rates(counts, share)["RR3"]
    if share is None or rate is None or len(cases) < 2:  # noqa: PLR2004 - one case has no spread
        return None
    e, unknown = share.UH, counts.UH + counts.UO
    part = {"NE": 0.0, "UH": e, "UO": e}
    pairs = [(c.weight, (c.group == "I") - rate * part.get(c.group, 1.0)) for c in cases]
    known = [(c.weight, (c.group != "NE") - e) for c in cases if c.group not in {"UH", "UO"}]
    base = counts.eligible + e * unknown
    of_cases = _linearised(pairs, base)
    of_share = _linearised(known, counts.eligible + counts.NE) * rate * unknown / base
    reach = NORMAL * sqrt(of_share**2 + of_cases**2)
    return RateError(rate, of_cases, of_share, max(rate - reach, 0.0), min(rate + reach, 1.0))


def _linearised(pairs: Sequence[tuple[float, float]], base: float) -> float:
    n = len(pairs)
    return sqrt(n / max(n - 1, 1) * sum((w * z) ** 2 for w, z in pairs)) / base
