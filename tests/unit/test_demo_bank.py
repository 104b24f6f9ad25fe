"""The synthetic bank is what its stated model says, and its customers are nobody."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import numpy as np
import phonenumbers
import pytest

from cati.rules.numbers import TelephoneNumber, read_number
from cati.rules.outcomes import OUTCOMES
from demo.answers import ANSWERS, IMPROVEMENTS
from demo.callees import (
    AGREES,
    MACHINE,
    NUMBERS,
    PARTS,
    SILENCE,
    STOPS,
    TALK,
    Before,
    callee,
    dialled,
)
from demo.conversation import Conversation
from demo.population import (
    REGIONS,
    SEGMENTS,
    Population,
    answers_in,
    attitudes_in,
    draw,
    make_population,
    telephone,
)
from demo.respondents import Respondent, respondents
from demo.truth import ATTITUDES, ITEMS, NAMES, Attitude, shifts
from demo.words import CHINESE, COMPLAINTS, ENGLISH, NOTES, PRAISE
from survey.language.forms import load_form
from survey.language.model import Form

SIZE = 20_000
LIBRARY = Path(__file__).parents[2] / "survey" / "library"
NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


@cache
def bank() -> Population:
    return make_population(size=SIZE)


@cache
def form() -> Form:
    return load_form((LIBRARY / "bank-csi.md").read_bytes(), "bank-csi.md")


def person(number: int, wave: int = 1) -> Respondent:
    return respondents(bank(), wave)(number)


def talk(number: int) -> Conversation:
    held = Conversation(form(), person(number), {"bank_name": "Example Bank"}, 1, NOW)
    held.go_on(1, NOW)
    return held


def test_every_attitude_has_mean_0_and_variance_1() -> None:
    attitudes = attitudes_in(bank(), 1)
    assert attitudes.mean(axis=0) == pytest.approx(np.zeros(len(NAMES)), abs=0.03)
    assert attitudes.var(axis=0) == pytest.approx(np.ones(len(NAMES)), abs=0.04)


@pytest.mark.parametrize("wave", [1, 2])
@pytest.mark.parametrize("attitude", [a for a in ATTITUDES if a.causes], ids=lambda a: a.name)
def test_regression_among_all_customers_gives_the_stated_coefficients(
    attitude: Attitude, wave: int
) -> None:
    found = dict(zip(NAMES, attitudes_in(bank(), wave).T, strict=True))
    causes = np.column_stack([np.ones(SIZE), *(found[name] for name in attitude.causes)])
    slopes = np.linalg.lstsq(causes, found[attitude.name], rcond=None)[0][1:]
    assert slopes == pytest.approx(list(attitude.causes.values()), abs=5 / np.sqrt(SIZE))


def test_wave_2_moves_only_waiting_and_what_depends_on_it() -> None:
    moved = {name for name, shift in shifts(2).items() if shift}
    assert moved == {"waiting", "value", "satisfaction", "loyalty"}
    gained = attitudes_in(bank(), 2) - attitudes_in(bank(), 1)
    assert gained == pytest.approx(np.tile([shifts(2)[name] for name in NAMES], (SIZE, 1)))


def test_the_items_of_the_model_are_those_of_the_questionnaire() -> None:
    written = {name: [q.name for q in asked] for name, asked in form().constructs.items()}
    assert written == {a.name: [item.name for item in a.items] for a in ATTITUDES}
    assert {i.name for i in ITEMS if i.reverse} == {q.name for q in form().questions if q.reverse}


def test_every_path_of_the_truth_is_in_the_questionnaires_model() -> None:
    assert {(cause, a.name) for a in ATTITUDES for cause in a.causes} == set(form().paths)


def test_answers_are_whole_numbers_on_the_scale_and_a_reverse_item_falls_with_loyalty() -> None:
    answers = answers_in(bank(), 1)
    assert (answers.min(), answers.max()) == (1, 10)
    loyalty = attitudes_in(bank(), 1)[:, NAMES.index("loyalty")]
    switch = [i.name for i in ITEMS].index("loyal_switch")
    assert np.corrcoef(loyalty, answers[:, switch])[0, 1] < -0.5


def test_base_weights_add_up_to_the_number_of_customers() -> None:
    drawn = draw(bank(), 1)
    assert sum(1 / one.probability for one in drawn) == pytest.approx(SIZE, rel=1e-4)
    assert {one.stratum for one in drawn} == {
        f"{s.name}-{r.name}" for s in SEGMENTS for r in REGIONS
    }


def test_nobody_is_drawn_for_both_waves() -> None:
    first = frozenset(one.number for one in draw(bank(), 1))
    assert not first & {one.number for one in draw(bank(), 2, but=first)}


def test_no_subscriber_can_have_a_number_of_the_demo() -> None:
    """A Chinese subscriber number never begins with 0, although the libraries let it pass."""
    areas = {region.area_code for region in REGIONS}
    for number in range(1, SIZE, 997):
        written = telephone(bank(), number)
        assert read_number(written, "CN") == TelephoneNumber(written, "Asia/Shanghai")
        national = phonenumbers.national_significant_number(phonenumbers.parse(written))
        assert national[:2] in areas
        assert national[2] == "0"


def test_the_same_customer_says_the_same_again() -> None:
    first, second = talk(7), talk(7)
    assert [entry.event for entry in first.entries] == [entry.event for entry in second.entries]


def test_every_answer_passes_the_rules_of_its_question_to_the_end() -> None:
    outcomes = {talk(number).outcome for number in range(1, 251)}
    assert outcomes == {
        *("complete", "hard_refusal", "screened_out", "not_customer", "wrong_number")
    }


def test_every_question_but_the_items_has_an_answer_of_its_own() -> None:
    asked = {q.name for q in form().questions if q.is_asked and q.kind != "note"}
    assert asked == ANSWERS.keys() | {item.name for item in ITEMS}
    improvements = [choice.code for choice in form().choice_lists["improvements"].choices]
    assert improvements == [*IMPROVEMENTS, "9", "10"]


def test_open_answers_are_ready_in_both_languages() -> None:
    for sayings in (COMPLAINTS, PRAISE, NOTES):
        assert sayings[ENGLISH].keys() == sayings[CHINESE].keys()


def test_everything_that_can_come_of_a_dial_is_an_outcome_of_the_floor() -> None:
    tables = (NUMBERS, SILENCE, MACHINE, STOPS, *TALK.values())
    named = {name for table in tables for name in table} - {"", AGREES}
    assert named <= OUTCOMES.keys()
    assert all(sum(table.values()) == pytest.approx(1.0) for table in tables)


def test_the_same_dial_ends_the_same_and_later_ones_may_differ() -> None:
    someone = next(c for n in range(1, 50) if not (c := callee(n, 1)).line and c.reach > 0.3)

    def ends(dial: int) -> str:
        return dialled(someone, dial, part="evening", before=Before.NOTHING)

    assert ends(1) == ends(1)
    assert len({ends(dial) for dial in range(1, 30)}) > 3


def test_whether_somebody_takes_part_has_nothing_to_do_with_what_they_think() -> None:
    reached = np.array([
        dialled(callee(n, 1), 1, part=next(iter(PARTS)), before=Before.NOTHING) == AGREES
        for n in range(1, 4001)
    ])  # fmt: skip
    satisfied = attitudes_in(bank(), 1)[:4000, NAMES.index("satisfaction")]
    assert abs(np.corrcoef(reached, satisfied)[0, 1]) < 3 / np.sqrt(4000)


def documented() -> set[str]:
    """Return the rows of the tables in docs/demo.md."""
    path = Path(__file__).parents[2] / "docs" / "demo.md"
    return {line for line in path.read_text(encoding="utf-8").splitlines() if line[:1] == "|"}


def test_the_documentation_states_the_model_that_the_answers_follow() -> None:
    for attitude in ATTITUDES:
        causes = ", ".join(f"{name} {by:.2f}" for name, by in attitude.causes.items()) or "-"
        assert f"| {attitude.name} | {causes} |" in documented()
    for item in ITEMS:
        row = f"{item.mean:.1f} | {item.sd:.1f} | {item.loading:.2f} | {item.unknown:.0%}"
        assert f"| {item.name} | {row.replace('%', ' %')} |" in documented()
