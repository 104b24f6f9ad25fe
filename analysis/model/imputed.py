"""PURE. Fitting a path model to answers with gaps by multiple imputation."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from analysis.model import cases, imputation
from analysis.model import judging_messages as messages
from analysis.model.checks import missing_paths
from analysis.model.inference import Figure, standard_errors, student
from analysis.model.parameters import Parameter
from analysis.model.resampling import Replication
from analysis.model.rubin import Pooled, pooled
from analysis.model.run import Fit, fit
from analysis.scales import blank_codes
from foundation.problems import Place, ProblemsError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from analysis.model.specify import Model
    from foundation.problems import Problem

    FloatArray = NDArray[np.float64]

FEWEST_KNOWN = 10
FEWEST_FITS = 2


@dataclass(frozen=True)
class ImputedFit(Fit):
    """Fits of m imputed data sets as one.

    `estimates` are means over the imputations, `point` the means of the parameters; their errors
    and intervals follow Rubin's rules, with the error of each data set from its own resamples.

    Parameters
    ----------
    pool         errors, degrees of freedom and missing information of the parameters
    copies       imputed data sets that were fitted
    lost         those that could not be
    resampled    whether the data sets were resampled; without, nothing is known of errors
    """

    pool: Pooled = field(kw_only=True)
    copies: int = field(kw_only=True)
    lost: int = field(kw_only=True)
    resampled: bool = field(kw_only=True)

    def figure(self, kind: str, name: str, of: str = "", *, level: float = 0.95) -> Figure:
        """Return one parameter with its error and t interval by Rubin's rules."""
        place = self.labels.index(Parameter(kind, name, of))
        value = float(self.point[place])
        if not self.resampled:
            return Figure(value)
        se = float(self.pool.se[place])
        half = student(0.5 + level / 2.0, float(self.pool.df[place])) * se
        return Figure(value, se, value - half, value + half)


def fit_imputed(
    model: Model,
    data: FloatArray,
    *,
    weights: FloatArray | None = None,
    number: int = 20,
    bootstrap: int = 0,
    seed: int = 1,
    replicates: Replication | Literal["jackknife"] | None = None,
    **options: Any,
) -> ImputedFit:
    """Fit a path model to `number` imputed copies of (n, p) answers and pool the results.

    Each copy is resampled on its own: copy i with the seed plus i, under the replicate weights,
    or without each case in turn. Further options are those of `analysis.model.run.fit`, except
    `missing`.

    Raises
    ------
    ProblemsError: as `fit`; also when an item has too few answers to learn from, or fewer than
    two copies could be fitted.
    """
    warnings = _checked(model, data, weights)
    blanked = blank_codes(data, model.missing_codes)
    used = cases.usable_rows(blanked, weights, "mean")
    own = None if weights is None else weights[used]
    if isinstance(replicates, Replication):
        replicates = replace(replicates, weights=replicates.weights[:, used])
    options |= {"weights": own, "bootstrap": bootstrap, "replicates": replicates}
    found, reasons = list[Fit](), list[str]()
    for i, copy in enumerate(imputation.imputations(blanked[used], number, seed, own)):
        try:
            found.append(fit(model, copy, seed=seed + i, missing="complete", **options))
        except ProblemsError as error:
            reasons.append(error.problems[0].text())
    lost = list(_lost(reasons, number, len(found)))
    said = [*warnings, *(problem for one in found for problem in one.problems), *lost]
    problems = cases.raise_errors(list(_unique(said)))
    return _pooled(found, len(reasons), replace(found[0], problems=problems, seed=seed))


def _checked(model: Model, data: FloatArray, weights: FloatArray | None) -> tuple[Problem, ...]:
    """Return warnings about the answers; ProblemsError when they cannot be imputed."""
    cases.raise_errors([*missing_paths(model), *cases.shape_problems(model, data, weights)])
    values = cases.prepared(model, data)
    problems = cases.data_problems(model, values, weights, missing="mean")
    warnings = cases.raise_errors(problems)
    used = values[cases.usable_rows(values, weights, "mean")]
    known = (~np.isnan(used)).sum(axis=0)
    few = [
        messages.FEW_KNOWN.at(Place(column=item), item=item, count=count)
        for item, count in zip(model.indicators, known.tolist(), strict=True)
        if count < min(FEWEST_KNOWN, len(used))
    ]
    return (*warnings, *cases.raise_errors(few))


def _lost(reasons: Sequence[str], total: int, fitted: int) -> Iterator[Problem]:
    if fitted < FEWEST_FITS:
        reason = reasons[0] if reasons else ""
        yield messages.NO_IMPUTATIONS.at(Place(), total=total, reason=reason)
    elif reasons:
        yield messages.LOST_IMPUTATIONS.at(
            Place(), lost=len(reasons), total=total, reason=reasons[0]
        )


def _unique(problems: Sequence[Problem]) -> Iterator[Problem]:
    seen = set()
    for problem in problems:
        if problem.text() not in seen:
            seen.add(problem.text())
            yield problem


def _pooled(found: list[Fit], lost: int, first: Fit) -> ImputedFit:
    points = np.stack([one.point for one in found])
    errors = [
        np.zeros(points.shape[1])
        if one.resamples is None
        else standard_errors(one.point, one.resamples)
        for one in found
    ]
    whole = found[0].resamples
    df = first.n - 1.0 if whole is None or whole.factors is None else whole.df
    pool = pooled(points, np.stack(errors) ** 2, df)
    own = {f.name: getattr(first, f.name) for f in fields(Fit)}
    own |= {
        "estimates": averaged([one.estimates for one in found]),
        "point": pool.estimate,
        "resamples": None,
        "settings": replace(first.settings, missing="imputation"),
    }
    return ImputedFit(**own, pool=pool, copies=len(found), lost=lost, resampled=whole is not None)


def averaged(found: Sequence[Any]) -> Any:
    """Return the mean of estimates: of every number; whole numbers (status, steps) the largest."""
    one = found[0]
    if is_dataclass(one) and not isinstance(one, type):
        parts = {f.name: averaged([getattr(x, f.name) for x in found]) for f in fields(one)}
        return replace(one, **parts)
    if not isinstance(one, np.ndarray):
        return one
    stack = np.stack(found)
    return stack.mean(axis=0) if stack.dtype.kind == "f" else stack.max(axis=0)
