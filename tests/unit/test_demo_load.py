"""The demo as it is stored: it stands where the floor's rules put it, and tells the truth."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from numpy.typing import NDArray
from sqlmodel import col, select, update

from accounts import people
from accounts.store.tables import Person, Role
from analysis import quality, waves
from analysis.model.run import Fit, fit
from analysis.model.specify import Construct, Model
from analysis.model.specify import Path as Arrow
from analysis.scales import Scale
from cati import floor
from cati.rules.callbacks import Circumstances, next_action
from cati.rules.outcomes import OUTCOMES, outcome_ending
from cati.rules.queue import CaseState, rank_of
from cati.store.calls import attempts_of
from cati.store.claims import Interviewer, Write
from cati.store.contacts import Contacts
from cati.store.desk import HeldCase
from cati.store.fieldwork import read_field
from cati.store.tables import Appointment, Call, Case
from demo import staff
from demo.load import ANY_HOUR, RULES, TARGETS, load
from demo.population import answers_in, make_population
from demo.truth import ITEMS
from foundation import jobs
from foundation.database import Store
from foundation.personal import FieldCipher
from foundation.settings import Settings
from survey import forms, responses, studies
from survey.interview.routing import route
from survey.interview.state import fold
from survey.language.forms import load_form
from survey.store import events
from survey.store.tables import Interview, Study, Wave
from tests.conftest import KEY as SECRET

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
FIELD_END = datetime(2026, 8, 29, 16, 0, tzinfo=UTC)
DAY = timedelta(days=1)
RESAMPLES = 400


@dataclass
class Bank:
    """A store with the demo, and what its loader said."""

    store: Store
    settings: Settings
    cipher: FieldCipher
    logins: dict[str, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)

    @property
    def contacts(self) -> Contacts:
        return Contacts(self.cipher, self.settings.country, self.settings.zone)

    def load(self, now: datetime = NOW) -> None:
        load(
            self.store, self.settings, self.cipher,
            now=now, keep=self.logins.update, say=self._say,
        )  # fmt: skip

    def _say(self, line: str) -> None:
        self.lines.append(line)
        if len(self.lines) == 2:
            raise KeyboardInterrupt  # killed in the second wave


def a_bank(url: str, folder: Path) -> Bank:
    settings = Settings(
        data_dir=folder, database_url=url, secret_key=SECRET, field_key=SECRET, index_key=SECRET
    )
    return Bank(Store(url), settings, FieldCipher(SECRET, SECRET))


@pytest.fixture(scope="module")
def bank(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bank]:
    """Return the demo on SQLite; its loading was killed once and begun again the day after."""
    folder = tmp_path_factory.mktemp("demo")
    shutil.copy(migrated_sqlite, folder / "soundings.db")
    made = a_bank(f"sqlite:///{folder / 'soundings.db'}", folder)
    with pytest.raises(KeyboardInterrupt):
        made.load()
    made.load(NOW + timedelta(days=1))
    yield made
    made.store.close()


def test_a_load_that_was_killed_goes_on_and_repeats_nothing(bank: Bank) -> None:
    assert [line.split(",")[1].split()[1] for line in bank.lines] == ["1", "2", "2"]
    with bank.store.read() as session:
        assert [wave.number for wave in session.exec(select(Wave))] == [1, 2]
        assert len(session.exec(select(Study)).all()) == 1


def test_a_finished_load_is_never_repeated(bank: Bank) -> None:
    before = list(bank.lines)
    bank.load(NOW + timedelta(days=400))
    assert bank.lines == before


def test_each_role_gets_one_login_with_a_random_password_of_its_own(bank: Bank) -> None:
    assert set(bank.logins) == {
        *("interviewer", "interviewer2", "supervisor", "researcher", "executive", "admin")
    }
    assert len(set(bank.logins.values())) == len(bank.logins)
    with bank.store.read() as session:
        for login, password in bank.logins.items():
            person = people.authenticate(session, login, password)
            assert person is not None
            assert person.role == staff.LOGINS[login][1]
        active = select(Person.login).where(col(Person.is_active))
        assert set(session.exec(active)) == set(bank.logins)
        assert {role for _, role in staff.LOGINS.values()} == set(Role)


def test_it_says_everywhere_that_it_is_synthetic(bank: Bank) -> None:
    with bank.store.read() as session:
        study = studies.by_key(session, "example-bank")
        assert study is not None
        assert study.synthetic
        titles = [study.title, *(wave.title for wave in session.exec(select(Wave)))]
    assert all("synthetic" in title["en"] and "合成" in title["zh-Hans"] for title in titles)


def test_about_2000_cases_give_about_400_interviews_in_each_wave(bank: Bank) -> None:
    with bank.store.read() as session:
        for wave_id in TARGETS:
            cases = session.exec(select(Case).where(Case.wave_id == wave_id)).all()
            assert len(cases) == pytest.approx(2000, abs=20)
            done = responses.count_outcomes(session, wave_id)["complete"]
            assert done == pytest.approx(400, abs=40)
            assert done == sum(case.outcome == "complete" for case in cases)


def test_nearly_every_outcome_of_the_floor_occurs(bank: Bank) -> None:
    with bank.store.read() as session:
        seen = set(session.exec(select(Call.outcome)))
    by_system = {"quota_full", "listed_do_not_call", "out_of_sample"}
    rare = {"not_eligible", "partial_dropped", "appointment_midway", "partial_appointment"}
    assert set(OUTCOMES) - seen <= by_system | rare


def test_every_called_case_stands_where_the_rules_of_the_floor_put_it(bank: Bank) -> None:
    with bank.store.read() as session:
        fields = {wave_id: read_field(session, wave_id) for wave_id in TARGETS}
        for case in session.exec(select(Case).where(Case.dials > 0)):
            assert case.id is not None
            history = attempts_of(session, case.id)
            end = fields[case.wave_id].end(ZONE)
            at = Circumstances(history[-1].at, [ZONE], case.random_number, end)
            said = next_action(history, RULES, at)
            assert (case.state, case.code, case.attempts, case.dials) == (
                said.state, said.code, said.attempts, len(history)
            )  # fmt: skip
            assert (case.next_at, case.due_at, case.for_person, case.not_person) == (
                said.earliest, said.due_at, said.for_person, said.not_person
            )  # fmt: skip
            assert case.rank == rank_of(said.state, is_hard=said.is_hard)


def test_each_call_comes_when_and_from_whom_the_rules_allow(bank: Bank) -> None:
    with bank.store.read() as session:
        for case in session.exec(select(Case).where(Case.wave_id == 1, Case.dials > 1)):
            assert case.id is not None
            calls = session.exec(select(Call).where(Call.case_id == case.id)).all()
            history = attempts_of(session, case.id)
            for made, call in enumerate(sorted(calls, key=lambda c: c.seq)[1:], 1):
                at = Circumstances(history[made - 1].at, [ZONE], case.random_number, FIELD_END)
                said = next_action(history[:made], RULES, at)
                assert said.earliest is not None
                assert call.started_at >= said.earliest
                assert call.by != said.not_person
                is_free = said.for_person_until is None or call.started_at >= said.for_person_until
                assert is_free or call.by == said.for_person


def test_nobody_makes_two_calls_at_once_and_only_while_the_floor_is_open(bank: Bank) -> None:
    with bank.store.read() as session:
        calls = session.exec(select(Call).order_by(col(Call.started_at))).all()
    for key in ("by", "case_id"):
        lines: dict[int, list[Call]] = {}
        for call in calls:
            lines.setdefault(getattr(call, key), []).append(call)
        for line in lines.values():
            assert all(a.ended_at and a.ended_at <= b.started_at for a, b in pairwise(line))
    assert all(9 <= call.started_at.astimezone(ZONE).hour < 21 for call in calls)
    assert max(call.ended_at for call in calls if call.ended_at) < NOW


def test_an_appointment_is_over_once_the_case_was_called_again(bank: Bank) -> None:
    with bank.store.read() as session:
        newest = dict(session.exec(select(Case.id, Case.dials)).all())
        made = session.exec(select(Appointment, Call).join(Call)).all()
    assert len(made) > 100
    for appointment, call in made:
        assert (appointment.ended_at is None) == (call.seq == newest[call.case_id])


def test_every_interview_says_of_itself_what_its_case_ended_with(bank: Bank) -> None:
    with bank.store.read() as session:
        cases = {case.interview_id: case for case in session.exec(select(Case))}
        found = events.interviews_of_wave(session, 2)
        logs: dict[int, list[object]] = {}
        for interview_id, event in events.events_of_wave(session, 2):
            logs.setdefault(interview_id, []).append(event)
        form = forms.read(session, found[0].form_version_id)
    ended: Counter[str] = Counter()
    for interview in found:
        state = fold(logs[interview.id or 0])  # type: ignore[arg-type]
        assert (state.closed, state.last_seq) == (interview.outcome, interview.last_seq)
        at = route(form, state, now=interview.closed_at or NOW)
        if at.next is None:
            assert interview.outcome == (at.ends_with or "complete")
            said = outcome_ending(interview.outcome)
            assert said is not None
            assert cases[interview.id].outcome == said.name
        ended[interview.outcome or "open"] += 1
    assert ended["open"] > 0
    assert ended["complete"] > 300


def test_an_interview_looks_like_one_that_the_floor_opens(bank: Bank) -> None:
    now = NOW + timedelta(days=3)
    with bank.store.read() as session:
        me = session.exec(select(Person.id).where(Person.login == "interviewer2")).one()
        assert me is not None
        session.exec(update(Case).where(col(Case.dials) > 0).values(next_at=now + DAY))
        held = floor.take_next_case(session, bank.contacts, Interviewer(me), [2], now)
        assert isinstance(held, HeldCase)
        floor.dial(session, bank.contacts, Write(held.claim, "dial", now))
        opened = floor.begin_interview(session, Write(held.claim, "begin", now))
        for interview in [session.get_one(Interview, i) for i in (opened, 1, opened - 1)]:
            case = session.exec(select(Case).where(Case.interview_id == interview.id)).one()
            assert interview.respondent == case.pseudonym
            assert interview.design == {
                "stratum": case.stratum,
                "psu": "",
                "selection_probability": case.selection_probability,
                "panel_id": case.panel_id,
            }
            assert case.panel_id
            log = [e for i, e in events.events_of_wave(session, case.wave_id) if i == interview.id]
            names = ("bank_name", "segment", "branch")
            assert log[0].value == {
                "variables": {name: case.variables[name] for name in names},
                "language": case.language,
            }


@pytest.mark.parametrize("hours", [0, 5, 11, 19, 24 * 365])
def test_an_interviewer_who_logs_in_at_any_hour_gets_a_case_and_may_dial(
    bank: Bank, hours: int
) -> None:
    now = NOW + timedelta(hours=hours)
    with bank.store.read() as session:
        me = session.exec(select(Person.id).where(Person.login == "interviewer")).one()
        assert me is not None
        held = floor.take_next_case(session, bank.contacts, Interviewer(me), [2], now)
        assert isinstance(held, HeldCase)
        dialled = floor.dial(session, bank.contacts, Write(held.claim, "try", now))
        assert dialled.e164.startswith("+86")
        fresh = select(Case).where(Case.wave_id == 2, Case.state == CaseState.FRESH)
        assert len(session.exec(fresh).all()) > 150


def test_the_open_wave_alone_may_be_called_at_any_hour(bank: Bank) -> None:
    with bank.store.read() as session:
        past, present = (read_field(session, wave_id) for wave_id in TARGETS)
    assert not past.wave.is_open
    assert past.rules.hours != ANY_HOUR
    assert present.wave.is_open
    assert present.wave.ends_on is None
    assert present.rules.hours == ANY_HOUR


def test_an_estimate_is_asked_for_once_for_each_wave(bank: Bank) -> None:
    with bank.store.read() as session:
        asked = [jobs.latest(session, waves.TASK, wave_id) for wave_id in TARGETS]
        judged = [jobs.latest(session, quality.REPORT_FIRST, wave_id) for wave_id in TARGETS]
    assert all(asked)
    assert all(judged)


@cache
def census(wave: int) -> Fit:
    """Return what asking every customer would find."""
    return fit(_model(), answers_in(make_population(), wave).astype(float))


@cache
def _model() -> Model:
    path = Path(__file__).parents[2] / "survey" / "library" / "bank-csi.md"
    form = load_form(path.read_bytes(), path.name)
    constructs = {name: tuple(q.name for q in asked) for name, asked in form.constructs.items()}
    return Model(
        tuple(Construct(name, items) for name, items in constructs.items()),
        tuple(Arrow(cause, effect) for cause, effect in form.paths),
        scale=Scale(1, 10),
        reversed_items=frozenset(item.name for item in ITEMS if item.reverse),
    )


def survey_of(bank: Bank, wave: int) -> Fit:
    """Return what the stored interviews of a wave find, each weighted by its chance."""
    with bank.store.read() as session:
        rows = [row for row in responses.table(session, wave).rows if row.outcome == "complete"]
    asked = _model().indicators
    answers = [[row.values.get(item, np.nan) for item in asked] for row in rows]
    data: NDArray[np.float64] = np.array(answers, dtype=float)
    weights = np.array([1 / float(str(row.design["selection_probability"])) for row in rows])
    return fit(_model(), data, weights=weights, bootstrap=RESAMPLES, seed=1)


@pytest.fixture(scope="module")
def found(bank: Bank) -> dict[int, Fit]:
    return {wave: survey_of(bank, wave) for wave in TARGETS}


def test_the_documentation_states_what_a_census_would_find() -> None:
    path = Path(__file__).parents[2] / "docs" / "demo.md"
    rows = [line.split("|")[1:-1] for line in path.read_text(encoding="utf-8").splitlines()]
    stated = {tuple(cell.strip() for cell in row) for row in rows}
    for name in _model().names:
        first, second = (census(wave).figure("index", name).value for wave in TARGETS)
        assert any(row[:3] == (name, f"{first:.1f}", f"{second:.1f}") for row in stated)
    for arrow in _model().paths:
        path_value = census(1).figure("path", arrow.target, arrow.source).value
        assert (arrow.source, arrow.target, f"{path_value:.2f}") in stated


@pytest.mark.parametrize("wave", TARGETS)
def test_estimates_agree_with_a_census_within_their_intervals(
    found: dict[int, Fit], wave: int
) -> None:
    model = _model()
    named = [("index", name) for name in model.names]
    named += [("path", arrow.target, arrow.source) for arrow in model.paths]  # type: ignore[misc]
    inside = []
    for name in named:
        truth, estimate = census(wave).figure(*name), found[wave].figure(*name)
        assert estimate.low is not None
        assert estimate.high is not None
        inside.append(estimate.low <= truth.value <= estimate.high)
    assert inside[model.names.index("satisfaction")]
    # Of 30 intervals at 95 %, four or more miss in fewer than one sample in fifteen.
    assert sum(inside) >= len(inside) - 4


def test_the_improvement_of_waiting_and_of_satisfaction_is_found(found: dict[int, Fit]) -> None:
    for name in ("waiting", "satisfaction"):
        true = census(2).figure("index", name).value - census(1).figure("index", name).value
        before, after = (found[wave].figure("index", name) for wave in TARGETS)
        assert before.se is not None
        assert after.se is not None
        change, se = after.value - before.value, float(np.hypot(before.se, after.se))
        assert change > 1.96 * se
        assert change == pytest.approx(true, abs=1.96 * se)


def test_no_other_driver_is_held_to_have_changed(found: dict[int, Fit]) -> None:
    for name in ("image", "expectation", "staff", "branches", "remote", "fees"):
        before, after = (found[wave].figure("index", name) for wave in TARGETS)
        assert abs(after.value - before.value) < 1.96 * np.hypot(before.se or 0, after.se or 0)


@pytest.mark.parametrize(
    "store_url", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True
)
def test_it_loads_on_postgresql_alike(store_url: str, tmp_path: Path, bank: Bank) -> None:
    other = a_bank(store_url, tmp_path)
    other.lines = ["", ""]
    other.load()
    codes = select(Case.wave_id, Case.code, Case.pseudonym).order_by(col(Case.pseudonym))
    with bank.store.read() as here, other.store.read() as there:
        assert list(here.exec(codes)) == list(there.exec(codes))
    other.store.close()
