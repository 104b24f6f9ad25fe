"""What a report says of stored numbers, and where the marks of its charts stand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.report import Estimate, StoredWave, build, difference, rounded
from analysis.web import charts

MINUS = "−"


def stored(value: float, margin: float = 1.0) -> dict[str, float]:
    return {"value": value, "se": margin / 2, "low": value - margin, "high": value + margin}


def a_wave(number: int = 1, index: float = 70.0, **changed: object) -> StoredWave:
    """Return a wave of a model with the drivers waiting and fees, and loyalty that follows."""
    numbers = {
        "index": "satisfaction",
        "labels": {"waiting": {"en": "Waiting"}},
        "items": {"satisfaction": ["s1", "s2"], "waiting": ["w1"], "fees": ["f1"], "loyalty": []},
        "base": 400,
        "performance": {
            "satisfaction": stored(index),
            "waiting": stored(50.0),
            "fees": stored(70.0),
            "loyalty": stored(65.0),
        },
        "impact": {"waiting": stored(0.4, 0.1), "fees": stored(0.1, 0.05)},
        "lead": {"waiting": stored(0.15, 0.2), "fees": stored(-0.15, 0.2)},
        "gap": {"waiting": stored(-10.0, 2.0), "fees": stored(10.0, 2.0)},
        **changed,
    }
    return StoredWave(number, number, {"en": f"Wave {number}"}, None, None, numbers)


def test_a_weak_and_important_driver_is_named_first():
    report = build([a_wave()])
    assert [driver.label["en"] for driver in report.act_first] == ["Waiting"]
    assert [driver.number for driver in report.drivers] == [1, 2]


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"gap": stored(-1.0, 2.0)}, id="weak only within its margin"),
        pytest.param({"lead": stored(-0.1, 0.01)}, id="less important than the average"),
        pytest.param({"impact": stored(0.05, 0.1)}, id="perhaps of no impact"),
    ],
)
def test_a_driver_that_does_not_stand_out_is_not_named(changed: dict[str, dict[str, float]]):
    numbers = a_wave().numbers
    changes = {key: {**numbers[key], "waiting": value} for key, value in changed.items()}
    assert build([a_wave(**changes)]).act_first == ()


def test_what_is_neither_headline_nor_driver_is_an_outcome():
    assert [estimate.text for _, estimate in build([a_wave()]).outcomes] == ["65.0"]


def test_the_first_wave_has_no_change():
    report = build([a_wave()])
    assert (report.change, report.course) == (None, None)
    assert len(report.trend) == 1


@pytest.mark.parametrize(
    ("now", "word"), [(73.0, "up"), (67.0, "down"), (70.4, "unclear"), (70.0, "unclear")]
)
def test_a_change_is_up_or_down_only_when_its_interval_excludes_zero(now: float, word: str):
    change = build([a_wave(1), a_wave(2, now)]).change
    assert change is not None
    assert change.word == word
    assert change.since == {"en": "Wave 1"}


def overlapping(correlation: float, **found: object) -> StoredWave:
    """Return a second wave that was found to share panel members with the first."""
    correlations = {"satisfaction": correlation, "waiting": 0.5}
    shared = {"people": 300, "units": 300, "correlation": correlations}
    first = a_wave()
    stated = {"data": first.state[0], "model": first.state[1], **shared, **found}
    return a_wave(2, 70.4, overlaps={"1": stated})


@pytest.mark.parametrize(
    ("correlation", "se"), [(0.0, 0.7071068), (0.5, 0.5), (1.0, 0.0), (-0.5, 0.8660254)]
)
def test_the_error_of_a_change_counts_what_the_waves_share(correlation: float, se: float):
    change = build([a_wave(), overlapping(correlation)]).change
    assert change is not None
    assert change.difference.se == pytest.approx(se, abs=1e-7)
    assert change.difference.high == pytest.approx(0.4 + 1.959964 * se, abs=1e-6)
    assert change.overlap is not None
    assert change.overlap.people == 300


def test_drivers_change_by_their_own_correlation():
    drivers = build([a_wave(), overlapping(0.9)]).drivers
    changes = [driver.change for driver in drivers if driver.change]
    assert [change.difference.se for change in changes] == pytest.approx([0.5, 0.7071068])


@pytest.mark.parametrize("key", ["data", "model"])
def test_what_was_shared_with_other_answers_or_another_model_does_not_count(key: str):
    change = build([a_wave(), overlapping(0.9, **{key: "other"})]).change
    assert change is not None
    assert change.overlap is None
    assert change.difference.se == pytest.approx(0.7071068)


def test_a_wave_of_other_items_is_no_wave_to_compare_with():
    other = a_wave(1, items={"satisfaction": ["another"]})
    report = build([other, a_wave(2)])
    assert report.change is None
    assert [point.number for point in report.trend] == [2]


def test_the_trend_shows_the_last_eight_waves():
    report = build([a_wave(number) for number in range(1, 11)])
    assert [point.number for point in report.trend] == list(range(3, 11))


@st.composite
def estimates(draw: st.DrawFn) -> Estimate:
    value, se = draw(st.floats(-100, 100)), draw(st.floats(0, 10))
    return Estimate(value, se, value - 2 * se, value + 2 * se)


@given(estimates(), estimates())
def test_differences_of_independent_waves_are_antisymmetric(first: Estimate, second: Estimate):
    forth, back = difference(first, second), difference(second, first)
    assert forth.value == -back.value
    assert forth.se == back.se
    assert (forth.low, forth.high) == (-back.high, -back.low)


@given(st.floats(-1e6, 1e6), st.integers(0, 4))
def test_a_rounded_number_reads_back_within_half_a_digit(value: float, digits: int):
    text = rounded(value, digits)
    assert abs(float(text.replace(MINUS, "-")) - value) <= 0.5 * 10**-digits + 1e-6
    assert text not in {f"{MINUS}0", f"{MINUS}0.0"}


def test_a_report_without_drivers_has_neither_map_nor_advice():
    report = build([a_wave(impact={}, lead={}, gap={})])
    assert report.drivers == ()
    assert report.act_first == ()
    assert (report.mean_impact, report.mean_performance) == (0.0, 0.0)


@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=9), st.floats(0, 50))
def test_an_axis_covers_its_values_at_round_ticks(values: list[float], least: float):
    axis = charts.axis(values, 200.0, 10.0, least)
    assert axis.low <= min(values)
    assert max(values) <= axis.high
    assert axis.high - axis.low >= least * (1 - 1e-9)
    assert 2 <= len(axis.ticks) <= charts.MOST_TICKS + 3
    assert len({text for _, text in axis.ticks}) == len(axis.ticks)


def test_higher_numbers_stand_higher_in_the_trend():
    trend = charts.trend(build([a_wave(1, 60.0), a_wave(2, 70.0)]))
    (first, _), (second, _) = trend.marks
    assert second.y < first.y
    assert first.top < first.y < first.bottom


def test_weak_and_important_stands_low_and_right_in_the_map():
    report = build([a_wave()])
    chart = charts.importance_map(report)
    (waiting, _), (fees, _) = chart.marks
    assert waiting.x > chart.mean_x > fees.x
    assert waiting.y > chart.mean_y > fees.y
    assert waiting.left < waiting.x < waiting.right
