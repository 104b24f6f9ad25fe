"""PURE. When a step of measurement invariance passes, needs a look, or fails, and by which rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from analysis.model import fit_indices
from foundation.problems import N_

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Verdict = Literal["pass", "look", "fail"]

SMALL_DROP, LARGE_DROP = 0.010, 0.020
SMALL_SAMPLE, SMALL_SAMPLE_DROP = 300, 0.005
RMSEA_RISE, SMALL_SAMPLE_RISE = 0.015, 0.010
GOOD_CFI, FAIR_CFI = 0.95, 0.90
GOOD_RMSEA, FAIR_RMSEA = 0.06, 0.08

FORM = N_("CFI at least 0.95 and RMSEA at most 0.06 pass; 0.90 and 0.08 need a look")
FORM_SOURCE = "Hu, Bentler (1999), Structural Equation Modeling 6(1), 1-55"
EQUAL = N_(
    "a fall of CFI by at most %(small)s passes and by more than %(large)s fails; a rise of RMSEA "
    "by more than %(rise)s needs a look"
)
EQUAL_SOURCE = (
    "Cheung, Rensvold (2002), Structural Equation Modeling 9(2), 233-255; "
    "Chen (2007), Structural Equation Modeling 14(3), 464-504"
)


@dataclass(frozen=True, slots=True)
class Mark:
    """A verdict in a word, the rule of thumb behind it with its `values`, and who gave the rule."""

    verdict: Verdict
    rule: str
    values: Mapping[str, str]
    source: str


@dataclass(frozen=True, slots=True)
class Drift:
    """What a further restriction costs: chi-square difference test, change of fit measures.

    cfi, tli, rmsea and srmr are the later value less the earlier one.
    """

    chisq: float
    df: int
    pvalue: float | None
    cfi: float
    tli: float
    rmsea: float | None
    srmr: float

    @classmethod
    def between(
        cls, before: Mapping[str, float | None], after: Mapping[str, float | None]
    ) -> Drift:
        """Return the change from a less to a more restricted model's fit measures."""

        def change(key: str) -> float | None:
            one, two = before[key], after[key]
            return None if one is None or two is None else two - one

        chisq, df = max(change("chisq") or 0.0, 0.0), int(change("df") or 0)
        return cls(
            chisq,
            df,
            fit_indices.tail(chisq, df),
            change("cfi") or 0.0,
            change("tli") or 0.0,
            change("rmsea"),
            change("srmr") or 0.0,
        )


def mark_of(
    step: str, fit: Mapping[str, float | None], change: Drift | None, sizes: Sequence[int]
) -> Mark:
    """Return the mark of a step of invariance, from its fit or its change, and the group sizes.

    Groups of fewer than 300 get Chen's narrower limits.
    """
    if change is None:
        return Mark(_form(fit), FORM, {}, FORM_SOURCE)
    few = min(sizes) < SMALL_SAMPLE
    small = SMALL_SAMPLE_DROP if few else SMALL_DROP
    rise = SMALL_SAMPLE_RISE if few else RMSEA_RISE
    values = {"small": f"{small:.3f}", "large": f"{LARGE_DROP:.3f}", "rise": f"{rise:.3f}"}
    return Mark(_equal(change, small, rise), EQUAL, values, EQUAL_SOURCE)


def _form(fit: Mapping[str, float | None]) -> Verdict:
    cfi, error = fit["cfi"] or 0.0, fit["rmsea"] or 0.0
    if cfi >= GOOD_CFI and error <= GOOD_RMSEA:
        return "pass"
    return "look" if cfi >= FAIR_CFI and error <= FAIR_RMSEA else "fail"


def _equal(change: Drift, small: float, rise: float) -> Verdict:
    if -change.cfi > LARGE_DROP:
        return "fail"
    fine = -change.cfi <= small and (change.rmsea or 0.0) <= rise
    return "pass" if fine else "look"
