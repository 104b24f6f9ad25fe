"""PURE. A fitted model in sentences, in the style of the American Psychological Association."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from foundation.problems import N_, Translate, untranslated

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from analysis.model.inference import Figure
    from analysis.model.judging.verdict import Judgement
    from analysis.model.run import Fit


@dataclass(frozen=True)
class Sentence:
    """A sentence with %(name)s fields, and what fills them."""

    pattern: str
    values: Mapping[str, str] = field(default_factory=dict)

    def text(self, translate: Translate = untranslated) -> str:
        """Return the sentence, through `translate`."""
        return translate(self.pattern) % self.values


def sentences(judgement: Judgement) -> list[Sentence]:
    """Return what a paper says of the model: estimation, measurement, paths, R2, fit, index."""
    fit = judgement.fit
    return [
        *_estimation(fit),
        *_measurement(judgement),
        *_paths(fit),
        *_explained(fit),
        *_fit(judgement),
        *_prediction(judgement),
        *_indices(fit),
    ]


def apa(value: float, digits: int = 2) -> str:
    """Return a number that cannot exceed one, without its leading zero.

    >>> apa(0.512), apa(-0.05), apa(1.2)
    ('.51', '-.05', '1.20')
    """
    text = f"{value:.{digits}f}"
    if abs(value) >= 1 or text.lstrip("-").startswith("1"):
        return text
    return text.replace("0.", ".", 1)


def apa_p(p: float) -> str:
    """Return a p value with its sign of comparison.

    >>> apa_p(0.0004), apa_p(0.041)
    ('< .001', '= .041')
    """
    return "< .001" if p < 0.001 else f"= {apa(p, 3)}"  # noqa: PLR2004 - the rule of the style


def _estimation(fit: Fit) -> Iterator[Sentence]:
    settings = fit.settings
    values = {
        "constructs": str(len(fit.model.names)),
        "items": str(len(fit.model.indicators)),
        "n": f"{fit.n:,}",
        "scheme": settings.scheme,
        "metric": settings.metric,
    }
    yield Sentence(
        N_(
            "A path model of %(constructs)s constructs and %(items)s items was fitted to "
            "%(n)s cases by partial least squares (scheme: %(scheme)s; items: %(metric)s)."
        ),
        values,
    )
    if settings.consistent:
        yield Sentence(N_("Estimates are consistent (PLSc)."))
    if settings.ordinal:
        yield Sentence(N_("Items were correlated by polychoric correlations."))
    if fit.resamples is not None and fit.resamples.factors is None:
        count = f"{int(fit.resamples.fine.sum()):,}"
        yield Sentence(N_("Intervals rest on %(count)s bootstrap resamples."), {"count": count})
    elif fit.resamples is not None:
        count = f"{int(fit.resamples.fine.sum()):,}"
        yield Sentence(N_("Intervals rest on %(count)s replicate weights."), {"count": count})


def _measurement(judgement: Judgement) -> Iterator[Sentence]:
    found = {kind: _values(judgement, kind) for kind in ("rho_A", "AVE", "htmt")}
    if found["rho_A"] and found["AVE"]:
        ends = {
            f"{kind}_{end}": apa(pick(found[kind].values()))
            for kind in ("rho_A", "AVE")
            for end, pick in (("low", min), ("high", max))
        }
        yield Sentence(
            N_(
                "Reliabilities (rho_A) ranged from %(rho_A_low)s to %(rho_A_high)s, the average "
                "variance extracted from %(AVE_low)s to %(AVE_high)s."
            ),
            ends,
        )
    if found["htmt"]:
        pair = max(found["htmt"], key=found["htmt"].__getitem__)
        values = {"pair": pair, "value": apa(found["htmt"][pair])}
        yield Sentence(N_("The largest HTMT was %(value)s (%(pair)s)."), values)


def _values(judgement: Judgement, kind: str) -> dict[str, float]:
    return {
        row.of: row.value
        for row in judgement.rows
        if row.criterion == kind and row.value is not None
    }


def _paths(fit: Fit) -> Iterator[Sentence]:
    for path in fit.model.paths:
        found = fit.figure("path", path.target, path.source)
        values = {"source": path.source, "target": path.target, "beta": apa(found.value)}
        if found.low is None or found.high is None:
            yield Sentence(N_("%(source)s to %(target)s: β = %(beta)s."), values)
        else:
            yield Sentence(
                N_("%(source)s to %(target)s: β = %(beta)s, 95%% CI [%(low)s, %(high)s]."),
                values | _ends(found),
            )


def _ends(found: Figure) -> dict[str, str]:
    low, high = found.low, found.high
    return {} if low is None or high is None else {"low": apa(low), "high": apa(high)}


def _explained(fit: Fit) -> Iterator[Sentence]:
    for j in fit.plan.endogenous:
        name = fit.model.names[j]
        found = fit.figure("r2", name)
        values = {"name": name, "r2": apa(found.value)}
        if found.low is None:
            yield Sentence(N_("%(name)s: R² = %(r2)s."), values)
        else:
            pattern = N_("%(name)s: R² = %(r2)s, 95%% CI [%(low)s, %(high)s].")
            yield Sentence(pattern, values | _ends(found))


def _fit(judgement: Judgement) -> Iterator[Sentence]:
    for row in judgement.rows:
        if row.criterion == "srmr" and row.value is not None:
            yield Sentence(N_("SRMR = %(value)s."), {"value": apa(row.value, 3)})
    if judgement.exact is None or not judgement.exact.distances:
        return
    for one in judgement.exact.distances:
        values = {"name": one.name, "value": f"{one.value:.3f}", "p": apa_p(one.p)}
        values["used"] = f"{judgement.exact.used:,}"
        if one.p < 0.05:  # noqa: PLR2004 - the usual level
            pattern = N_(
                "Exact fit was rejected by %(name)s = %(value)s, p %(p)s (%(used)s resamples)."
            )
        else:
            pattern = N_(
                "Exact fit was not rejected by %(name)s = %(value)s, p %(p)s (%(used)s resamples)."
            )
        yield Sentence(pattern, values)


def _prediction(judgement: Judgement) -> Iterator[Sentence]:
    found = _values(judgement, "q2_predict").values()
    if found and judgement.prediction is not None:
        good = sum(value > 0 for value in found)
        plan = judgement.prediction.plan
        values = {"good": str(good), "all": str(len(found)), "folds": str(plan.folds)}
        yield Sentence(
            N_(
                "Held out in %(folds)s folds, %(good)s of %(all)s items were predicted better than "
                "by their means (Q²predict above 0)."
            ),
            values,
        )


def _indices(fit: Fit) -> Iterator[Sentence]:
    if fit.ends is None:
        return
    for label in fit.labels:
        if label.kind != "index":
            continue
        found = fit.figure("index", label.name)
        values = {"name": label.name, "value": f"{found.value:.1f}"}
        if found.se is None or found.low is None or found.high is None:
            yield Sentence(N_("Index of %(name)s: %(value)s of 100."), values)
            continue
        values |= {"se": f"{found.se:.2f}", "low": f"{found.low:.1f}", "high": f"{found.high:.1f}"}
        yield Sentence(
            N_("Index of %(name)s: %(value)s of 100, SE = %(se)s, 95%% CI [%(low)s, %(high)s]."),
            values,
        )
