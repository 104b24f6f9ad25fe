"""PURE. Fitting models of several stages: their columns, their parameters, what went wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.model import diagnosis
from analysis.model import extension_messages as messages
from analysis.model.chain import Chain, chain_of, through
from analysis.model.parameters import Listing, Parameter, listing
from analysis.model.scoring import ends_of
from analysis.model.stages import Product, is_plain, on_scores
from foundation.problems import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from analysis.model.estimates import Estimates
    from analysis.model.settings import Settings
    from analysis.model.specify import Model
    from foundation.problems import Problem

    FloatArray = NDArray[np.float64]

MEASURES = ("weight", "loading", "alpha", "rho_A", "rho_C", "AVE", "index", "share", "performance")


def chain_for(model: Model, values: FloatArray, weights: FloatArray | None) -> Chain | None:
    """Return the chain of a model of several stages, None for a plain one.

    `values` (n, p) are prepared cases, NaN a missing answer; `weights` (n,) or None.
    """
    if is_plain(model):
        return None
    own = np.ones(len(values)) if weights is None else weights
    there = ~np.isnan(values) * own[:, None]
    return chain_of(model, np.nansum(values * own[:, None], axis=0) / there.sum(axis=0))


def columns_for(chain: Chain, values: FloatArray) -> FloatArray:
    """Return the (n, P) columns of prepared cases.

    Where products are made, missing answers are the means of the full sample before.
    """
    if not chain.pairs:
        return values
    return chain.columns(np.where(np.isnan(values), chain.centres, values))


def chain_problems(chain: Chain, values: FloatArray, settings: Settings) -> Iterator[Problem]:
    """Yield what keeps a model of several stages from being estimated so, and a warning."""
    if settings.consistent and on_scores(chain.stages):
        yield messages.SCORES_CONSISTENT.at(Place())
    if not chain.pairs:
        return
    if settings.missing == "pairwise":
        yield messages.INTERACTION_PAIRWISE.at(Place())
    elif np.isnan(values).any():
        yield messages.INTERACTION_GAPS.at(Place())


def estimate_problems(chain: Chain, found: Estimates, settings: Settings) -> list[Problem]:
    """Return the errors and warnings of the first stage that has an error, else of all."""
    problems: list[Problem] = []
    for stage, plan, own in zip(chain.stages, chain.plans, through(found), strict=True):
        said = diagnosis.full_sample_problems(stage.model, plan, own, settings)
        if not any(problem.is_error for problem in said) and ends_of(stage.model):
            said += diagnosis.index_problems(stage.model, plan, own)
        problems += [problem for problem in said if problem not in problems]
        if any(problem.is_error for problem in problems):
            break
    return problems


def chain_listing(chain: Chain) -> Listing:
    """Return the parameters of the last stage, then the measurement that earlier ones kept."""
    last, plan = chain.stages[-1].model, chain.plans[-1]
    whole = listing(last, plan, ends_of(last))
    labels, takers = list(whole.labels), list(whole.takers)
    for own, take in [_moderation(chain), *(_kept(chain, n) for n in range(len(chain.stages) - 1))]:
        labels += own
        takers.append(take)
    return Listing(tuple(labels), tuple(takers), whole.exists)


@dataclass(frozen=True)
class _Rows:
    """Some parameters of one stage."""

    own: Listing
    number: int
    rows: list[int]

    def __call__(self, found: Estimates) -> FloatArray:
        return self.own.values(through(found)[self.number])[self.rows]


def _kept(chain: Chain, number: int) -> tuple[list[Parameter], Callable[[Estimates], FloatArray]]:
    stage = chain.stages[number]
    own = listing(stage.model, chain.plans[number], ends_of(stage.model))
    rows = [
        row
        for row, label in enumerate(own.labels)
        if label.kind in MEASURES and (label.of or label.name) in stage.kept
    ]
    shown = chain.stages[-1].model.rated
    rows = [
        row for row in rows if own.labels[row].kind != "index" or own.labels[row].name not in shown
    ]
    return [own.labels[row] for row in rows], _Rows(own, number, rows)


def _moderation(chain: Chain) -> tuple[list[Parameter], Callable[[Estimates], FloatArray]]:
    """Return by how much a path changes when its moderator is one standard deviation higher.

    The path from a product counts in standard deviations of the product; over that deviation it
    counts in products of standard deviations.
    """
    last, sources = chain.stages[-1].model, chain.stages[-1].sources
    products = {
        item: row
        for row, (item, source) in enumerate(zip(last.indicators, sources, strict=True))
        if isinstance(source, Product)
    }
    arrows = [path for path in last.paths if path.source in products]
    items = [products[path.source] for path in arrows]
    names = [(last.names.index(path.target), last.names.index(path.source)) for path in arrows]

    def take(found: Estimates) -> FloatArray:
        if not arrows:
            return np.empty((0, len(found.status)))
        paths = np.stack([found.inner.paths[target, source] for target, source in names])
        return np.asarray(paths / found.deviations[items])

    return [Parameter("moderation", path.target, path.source) for path in arrows], take
