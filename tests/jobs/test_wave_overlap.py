"""A wave that a worker computes knows whom it shares with the waves its report is compared to."""

from __future__ import annotations

from sqlmodel import col, select

from analysis import waves
from analysis.report import Change
from foundation import queue
from foundation.database import Store
from foundation.settings import Settings
from foundation.tables import Job
from survey.store.tables import DataRow
from tests.outside import add_mobi

FEW = 200


def rows_of(session, wave_id: int) -> list[DataRow]:
    query = select(DataRow).where(DataRow.wave_id == wave_id).order_by(col(DataRow.number))
    return list(session.exec(query))


def a_panel_wave(store: Store, *, first: int) -> int:
    """Import the published example as the next wave; its people are numbered from `first`."""
    with store.write() as session:
        wave_id = add_mobi(session)
        for row in rows_of(session, wave_id):
            row.answers = {**row.answers, "panel_id": f"m{first + row.number}"}
    return wave_id


def compute(store: Store, settings: Settings, wave_id: int) -> None:
    with store.write() as session:
        job = waves.request_estimate(session, wave_id, by=None, resamples=FEW, seed=1)
    queue.perform_in(store, settings, job.id or 0)


def the_change(store: Store, wave_id: int) -> Change:
    with store.read() as session:
        page = waves.report_page(session, wave_id)
    assert page is not None
    assert page.report is not None
    assert page.report.change is not None
    return page.report.change


def test_panel_members_make_the_error_of_a_change_smaller(store: Store, settings: Settings):
    panel = [a_panel_wave(store, first=first) for first in (0, 0, 1000)]
    # The first wave last: whom the second shares with it does not wait for its result.
    for wave_id in (panel[1], panel[0], panel[2]):
        compute(store, settings, wave_id)
    same, fresh = (the_change(store, wave_id) for wave_id in panel[1:])
    assert same.overlap is not None
    assert (same.overlap.people, same.overlap.units) == (250, 250)
    # The same people said the same.
    assert same.difference.se < 1e-6
    assert fresh.overlap is not None
    assert (fresh.overlap.people, fresh.overlap.units) == (0, 0)
    assert fresh.difference.se > 1


def test_an_earlier_wave_that_was_computed_again_with_other_answers_does_not_count(
    store: Store, settings: Settings
):
    earlier, later = (a_panel_wave(store, first=0) for _ in range(2))
    for wave_id in (earlier, later):
        compute(store, settings, wave_id)
    with store.write() as session:
        row = rows_of(session, earlier)[0]
        row.answers = {**row.answers, "CUSA1": 1}
    assert the_change(store, later).overlap is not None
    compute(store, settings, earlier)
    assert the_change(store, later).overlap is None
    compute(store, settings, later)
    assert the_change(store, later).overlap is not None


def test_a_wave_that_cannot_be_computed_any_more_keeps_no_other_from_it(
    store: Store, settings: Settings
):
    earlier, later = (a_panel_wave(store, first=0) for _ in range(2))
    compute(store, settings, earlier)
    with store.write() as session:
        for row in rows_of(session, earlier)[5:]:
            session.delete(row)
    compute(store, settings, later)
    assert the_change(store, later).overlap is None
    with store.read() as session:
        jobs = session.exec(select(Job).where(Job.subject == later)).all()
    assert not any(job.problems for job in jobs)
