"""What two waves share: the correlation of their indices, by panel members and by branches."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from analysis import computing, uploads
from analysis.precision.index import index_errors
from analysis.precision.parts import Part
from analysis.precision.stacking import joint_strata
from analysis.requests.targets import Target
from analysis.requests.weights import WeightingEntry
from analysis.sampling.columns import Columns, labels_of
from analysis.sampling.design import declare
from analysis.sampling.replication import Replication, replicate_weights
from analysis.store.weightings import InForce
from analysis.wavefit.overlap import Shared, shared
from survey.formats.table import ResponseTable
from tests.outside import DATA, MODEL, mobi_table

INDEX = "Satisfaction"


@cache
def the_model():
    return uploads.checked(DATA, "mobi.csv", MODEL, "mobi_model.json").model


def a_wave(first: int, last: int, design, plan: WeightingEntry | None = None):
    """Return respondents of the published example as a wave; `design` gives each one's columns."""
    return wave_of(range(first, last), design, plan)


def wave_of(who, design, plan: WeightingEntry | None = None):
    table = mobi_table()
    rows = tuple(replace(table.rows[at], design=design(at)) for at in who)
    wave = ResponseTable(1, "import", table.variables, rows)
    labels = {name: {"en": name} for name in the_model().names}
    in_force = InForce(1, plan, ()) if plan else None
    source = computing.Source(1, wave, the_model(), labels, plan=in_force)
    return computing.prepare(source, resamples=10, seed=1)


def found(now, before) -> Shared:
    return shared((now.drawn, now.side), (before.drawn, before.side), seed=3)


def member(at: int) -> dict[str, object]:
    return {"panel_id": f"m{at}"}


def nobody(at: int) -> dict[str, object]:
    del at
    return {"panel_id": ""}


def test_waves_that_share_nobody_share_nothing():
    assert found(a_wave(125, 250, member), a_wave(0, 125, member)) == Shared(0, 0, {})
    assert found(a_wave(0, 125, nobody), a_wave(0, 125, nobody)) == Shared(0, 0, {})


def test_the_same_people_with_the_same_answers_move_together_wholly():
    own = found(a_wave(0, 250, member), a_wave(0, 250, member))
    assert (own.people, own.units) == (250, 250)
    assert own.correlation == pytest.approx(dict.fromkeys(the_model().names, 1.0))


def test_a_part_of_the_people_gives_the_correlation_of_overlapping_samples():
    """n12/sqrt(n1 n2) where each says the same twice (Kish 1965, section 12.4)."""
    own = found(a_wave(50, 250, member), a_wave(0, 200, member))
    assert own.people == own.units == 150
    assert own.correlation[INDEX] == pytest.approx(150 / 200, abs=0.08)


@cache
def ranks() -> np.ndarray:
    """Return the place of each respondent in the order of satisfaction."""
    values = a_wave(0, 250, nobody).sample.values
    items = [k for k, name in enumerate(the_model().indicators) if name.startswith("CUSA")]
    return np.argsort(np.argsort(np.nansum(values[:, items], axis=1), kind="stable"))


def a_branch(at: int) -> int:
    """Return one of 20 branches, by satisfaction: they differ much, within them people hardly."""
    return int(ranks()[at] * 20 // 250)


def by_branch(at: int) -> dict[str, object]:
    return {"stratum": f"s{a_branch(at) % 2}", "psu": f"{a_branch(at)}", "panel_id": f"m{at}"}


def test_branches_that_are_units_of_both_waves_bring_their_level_into_both():
    """By the jackknife of `analysis.precision.index`, which draws nothing by chance."""
    order = np.argsort(ranks())
    sides = [wave_of(order[half::2], by_branch) for half in (0, 1)]
    own = found(sides[1], sides[0])
    assert (own.people, own.units) == (0, 20)
    wave = np.repeat([1, 2], 125)
    unit = np.array([a_branch(at) for half in (0, 1) for at in order[half::2]])
    joint = joint_strata(labels_of(wave), labels_of(unit % 2), labels_of(unit))
    columns = Columns({"unit": unit, "h": joint, "w": np.ones(250)})
    design = declare(columns, ids=["unit"], strata=["h"], weights="w")
    design = design.with_replicates(
        replicate_weights(design, Replication("JKn"), rng=np.random.default_rng(1))
    )
    data = np.vstack([side.sample.values for side in sides])
    parts = [Part("1", wave == 1), Part("2", wave == 2)]
    errors = index_errors(the_model(), data, design, parts).of(INDEX).re_estimated
    wanted = errors.covariance[0, 1] / np.prod(errors.se)
    assert wanted > 0.5
    assert own.correlation[INDEX] == pytest.approx(wanted, abs=0.05)


def test_a_member_drawn_from_another_stratum_is_told_and_not_counted():
    def moved(at: int) -> dict[str, object]:
        return {"stratum": "b" if at < 40 else "a", "panel_id": f"m{at}"}

    def stayed(at: int) -> dict[str, object]:
        return {"stratum": "a" if at % 2 or at >= 40 else "c", "panel_id": f"m{at}"}

    own = found(a_wave(0, 200, moved), a_wave(0, 200, stayed))
    assert (own.people, own.units) == (200, 160)
    wholly = found(a_wave(40, 200, moved), a_wave(40, 200, stayed))
    assert own.correlation[INDEX] < wholly.correlation[INDEX] - 0.1


def sexed(at: int) -> dict[str, object]:
    return {"panel_id": f"m{at}", "sex": "fm"[at % 2]}


def test_a_weighting_plan_is_taken_anew_in_the_joint_resamples():
    plan = WeightingEntry(
        method="rake", targets=(Target("sex", "f", 0.7, "register"), Target("sex", "m", 0.3))
    )
    raked = a_wave(0, 250, sexed, plan)
    assert raked.weighed is not None
    own = found(raked, a_wave(0, 250, sexed, plan))
    assert own.correlation[INDEX] == pytest.approx(1.0)
    beside = found(raked, a_wave(0, 250, sexed))
    assert 0.8 < beside.correlation[INDEX] < 0.999
