"""What the supervisor looks at: the first row of the floor, the seats, what needs a decision.

Reads only; the acts are those of `cati.supervision`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlmodel import Session

from cati import supervision
from cati.rules.aapor import Group, group_of
from cati.rules.forecast import forecast_day
from cati.rules.queue import CaseState
from cati.rules.rates import (
    Dispositions,
    EligibleShare,
    RateError,
    counted,
    dispositions,
    proportional_share,
    rates,
    response_rate_error,
)
from cati.store import cuts, requests
from cati.store.board import Seat
from cati.store.cuts import Ahead, Reached
from cati.supervision import SEEN_TODAY, Progress
from survey import studies
from survey.store.tables import Study, Wave, WaveSource

MOST_PARTS = 60
"""A case variable with more values is no part of a sample but a name or a number."""

LIVE_STATES = frozenset(CaseState) - {CaseState.UNRELEASED, CaseState.CLOSED}


@dataclass(frozen=True, slots=True)
class Field:
    """One wave of telephone interviews and the study it belongs to."""

    study: Study
    wave: Wave


@dataclass(frozen=True, slots=True)
class Figures:
    """The first row of a wave: progress, the rates from it, and when the target is reached.

    `share` is the estimated eligible part e of the cases of which nobody knows, `response` RR3
    with its limits; both are None where they are not defined.
    """

    progress: Progress
    counts: Dispositions
    rates: Mapping[str, float | None]
    share: EligibleShare | None
    response: RateError | None
    today: int
    reached_on: date | None


class SeatState(StrEnum):
    """What somebody at a seat is doing."""

    CALL = "call"
    CASE = "case"
    SILENT = "silent"
    FREE = "free"
    AWAY = "away"


@dataclass(frozen=True, slots=True)
class ShownSeat:
    """A seat: who, doing what since when, and the work of the last twelve hours."""

    name: str
    state: SeatState
    since: datetime | None
    case_id: int | None
    dials: int
    completes: int


class MatterKind(StrEnum):
    """What may need a decision, the most urgent first."""

    ASKED = "asked"
    OVERDUE = "overdue"
    SILENT = "silent"
    HELD = "held"
    LATE_NOTE = "late_note"
    NO_SAMPLE = "no_sample"
    RUN_DRY = "run_dry"
    USED_UP = "used_up"
    TARGET_REACHED = "target_reached"


@dataclass(frozen=True, slots=True)
class Matter:
    """Something that needs a decision; `at` since when, `name` whose, `case_id` if of a case.

    `request_id` is that of an interviewer who asks for a supervisor.
    """

    kind: MatterKind
    wave: Wave
    case_id: int | None = None
    at: datetime | None = None
    name: str = ""
    request_id: int | None = None


@dataclass(frozen=True, slots=True)
class Cut:
    """The rates of one part of the sample and the counts they rest on.

    `weighted` are the rates by one over the selection probability; None where a case has none.
    """

    name: str
    counts: Dispositions
    rates: Mapping[str, float | None]
    weighted: Mapping[str, float | None] | None = None

    @property
    def cases(self) -> int:
        """Return how many released cases the part has."""
        return round(self.counts.eligible + self.counts.UH + self.counts.UO + self.counts.NE)


def fields(session: Session) -> list[Field]:
    """Return the waves of telephone interviews: open ones first, then the newest."""
    found = [
        Field(line.study, counted.wave)
        for line in studies.overview(session)
        for counted in line.waves
        if counted.wave.source is WaveSource.INTERVIEWS
    ]
    return sorted(found, key=lambda f: (not f.wave.is_open, -(f.wave.id or 0)))


def field(session: Session, wave_id: int) -> Field | None:
    """Return one wave of telephone interviews with its study; None when it is none."""
    wave = studies.wave(session, wave_id)
    if wave is None or wave.source is not WaveSource.INTERVIEWS:
        return None
    study = studies.study(session, wave.study_id)
    return Field(study, wave) if study else None


def figures(session: Session, wave: Wave, now: datetime, zone: ZoneInfo) -> Figures:
    """Return the first row of a wave; days are those of `zone`."""
    found = supervision.progress(session, _id(wave))
    counts = dispositions({group.value: float(n) for group, n in found.groups.items()})
    share = proportional_share(counts)
    today = now.astimezone(zone).date()
    days = [at.astimezone(zone).date() for at in cuts.completes_at(session, _id(wave))]
    first = cuts.first_call_at(session, _id(wave))
    reached_on = forecast_day(
        days, wave.target, today=today, first_day=first.astimezone(zone).date() if first else None
    )
    return Figures(
        found, counts, rates(counts, share), share, response_rate_error(counts),
        days.count(today), reached_on,
    )  # fmt: skip


def seats(
    session: Session, waves: Sequence[Wave], now: datetime, idle: timedelta
) -> list[ShownSeat]:
    """Return who works on the waves or is logged in for them, by name.

    Somebody logged in who has not been heard of for longer than `idle` counts as away.
    """
    present = cuts.present(session, now - idle)
    parts: dict[int, list[Seat]] = {}
    for wave in waves:
        for seat in supervision.seats(session, _id(wave), now):
            parts.setdefault(seat.person_id, []).append(seat)
    shown = [_seat(seats, present) for seats in parts.values()]
    shown += [
        ShownSeat(name, SeatState.FREE, None, None, 0, 0)
        for person_id, name in present.items()
        if person_id not in parts
    ]
    return sorted(shown, key=lambda seat: (seat.name.casefold(), seat.state))


def _seat(parts: Sequence[Seat], present: Collection[int]) -> ShownSeat:
    holding = next((seat for seat in parts if seat.case_id is not None), None)
    state, since = _doing(holding, parts, present)
    return ShownSeat(
        parts[0].name, state, since, holding.case_id if holding else None,
        sum(seat.dials for seat in parts), sum(seat.completes for seat in parts),
    )  # fmt: skip


def _doing(
    holding: Seat | None, parts: Sequence[Seat], present: Collection[int]
) -> tuple[SeatState, datetime | None]:
    if holding is not None and holding.silent_since:
        return SeatState.SILENT, holding.silent_since
    if holding is not None and holding.in_call_since:
        return SeatState.CALL, holding.in_call_since
    if holding is not None:
        return SeatState.CASE, holding.held_since
    last = max((seat.last_dial for seat in parts if seat.last_dial), default=None)
    return (SeatState.FREE if parts[0].person_id in present else SeatState.AWAY), last


def matters(session: Session, wave: Wave, at: Progress, now: datetime) -> list[Matter]:
    """Return what needs a decision in a wave that stands at `at`.

    The most urgent kind comes first, of one kind the oldest.
    """
    wave_id = _id(wave)
    asked = [
        Matter(MatterKind.ASKED, wave, w.case_id, w.since, w.name, w.request_id)
        for w in requests.waiting(session, wave_id)
    ]
    overdue = [
        Matter(MatterKind.OVERDUE, wave, due.case_id, due.at, due.for_person)
        for due in supervision.overdue_appointments(session, wave_id, now)
        if not due.held_by
    ]
    silent = [
        Matter(MatterKind.SILENT, wave, seat.case_id, seat.silent_since, seat.name)
        for seat in supervision.seats(session, wave_id, now)
        if seat.silent_since
    ]
    known = {matter.case_id for matter in silent}
    held = [
        Matter(MatterKind.HELD, wave, held.case_id, held.since, held.name)
        for held in supervision.held_too_long(session, wave_id, now)
        if held.case_id not in known
    ]
    late = [
        Matter(MatterKind.LATE_NOTE, wave, note.case_id, note.at, note.name)
        for note in cuts.late_notes(session, wave_id, now - SEEN_TODAY)
    ]
    silent.sort(key=lambda matter: matter.at or now)
    return asked + overdue + silent + held + late + _of_sample(at, wave)


def _of_sample(at: Progress, wave: Wave) -> list[Matter]:
    if wave.target and at.completes >= wave.target:
        return [Matter(MatterKind.TARGET_REACHED, wave)]
    if not at.cases:
        return [Matter(MatterKind.NO_SAMPLE, wave)]
    if at.states.get(CaseState.FRESH, 0):
        return []
    if at.states.get(CaseState.UNRELEASED, 0):
        return [Matter(MatterKind.RUN_DRY, wave)]
    is_over = not any(at.states.get(state, 0) for state in LIVE_STATES)
    return [Matter(MatterKind.USED_UP, wave)] if is_over else []


def appointments_ahead(session: Session, wave_id: int, now: datetime) -> list[Ahead]:
    """Return the appointments of a wave that are still to come, the earliest first."""
    return cuts.ahead(session, wave_id, now)


def replicate_states(session: Session, wave_id: int) -> dict[int, dict[CaseState, int]]:
    """Return how many cases of each replicate are in each state."""
    return cuts.replicate_states(session, wave_id)


def strata(session: Session, wave_id: int) -> dict[str, int]:
    """Return how many cases each stratum has, released or not."""
    return cuts.strata(session, wave_id)


@dataclass(frozen=True, slots=True)
class Cuts:
    """The rates of a wave by stratum, by the interviewer and by the day of the last call.

    `by_other` has those by replicate and by each case variable that parts the sample.
    """

    by_stratum: list[Cut]
    by_interviewer: list[Cut]
    by_day: list[Cut]
    by_other: dict[str, list[Cut]]


@dataclass(frozen=True, slots=True)
class _Shares:
    """The eligible share e of the whole wave, unweighted and weighted."""

    plain: EligibleShare | None
    weighted: EligibleShare | None


def rates_by_cut(session: Session, wave_id: int, zone: ZoneInfo) -> Cuts:
    """Return the rates of the released sample in every cut; days are those of `zone`.

    All use the eligible share e of the whole wave: that of a small part would be mere chance.
    Cases never called stand in the cut by stratum alone.
    """
    cases = cuts.reached(session, wave_id)
    share = _Shares(proportional_share(_counts(cases)), proportional_share(_weighted(cases)))
    called = [case for case in cases if case.at is not None]
    names = {case.person_id: case.name for case in called}
    by_person: dict[int | None, list[Reached]] = {}
    for case in called:
        by_person.setdefault(case.person_id, []).append(case)
    people = [_cut(names[person], own, share) for person, own in by_person.items()]
    return Cuts(
        _cuts([(case.stratum, case) for case in cases], share),
        sorted(people, key=lambda cut: cut.name.casefold()),
        _cuts([(c.at.astimezone(zone).date().isoformat(), c) for c in called if c.at], share),
        {name: _cuts(parted, share) for name, parted in _others(cases).items()},
    )


def _others(cases: Sequence[Reached]) -> dict[str, list[tuple[str, Reached]]]:
    """Return the cases by replicate and by case variable; one with too many values is no cut."""
    found = {"replicate": [(f"{case.replicate:03}", case) for case in cases]}
    for name in sorted({name for case in cases for name in case.variables}):
        found[name] = [(case.variables.get(name, ""), case) for case in cases]
    return {
        name: parted
        for name, parted in found.items()
        if 1 < len({part for part, _ in parted}) <= MOST_PARTS
    }


def _cuts(cases: Sequence[tuple[str, Reached]], share: _Shares) -> list[Cut]:
    parts: dict[str, list[Reached]] = {}
    for name, case in cases:
        parts.setdefault(name, []).append(case)
    return [_cut(name, parts[name], share) for name in sorted(parts)]


def _cut(name: str, cases: Sequence[Reached], share: _Shares) -> Cut:
    counts = _counts(cases)
    known = all(case.probability for case in cases)
    weighted = rates(_weighted(cases), share.weighted) if known else None
    return Cut(name, counts, rates(counts, share.plain), weighted)


def _counts(cases: Sequence[Reached]) -> Dispositions:
    return counted((group_of(case.code).value, 1) for case in cases)


def _weighted(cases: Sequence[Reached]) -> Dispositions:
    return counted((group_of(case.code).value, 1 / (case.probability or 1)) for case in cases)


def codes_by_group(codes: Mapping[str, int]) -> dict[Group, list[tuple[str, int]]]:
    """Return the counted codes under their groups, in the order of the groups."""
    return {
        group: sorted((code, n) for code, n in codes.items() if group_of(code) is group)
        for group in Group
    }


def _id(wave: Wave) -> int:
    assert wave.id is not None  # noqa: S101 - a stored wave
    return wave.id
