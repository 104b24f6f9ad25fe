"""A wave is computed once, by a real worker on a real Redis, even when a worker is killed."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlmodel import Session, col, select

from analysis import computing, waves
from analysis.jobs import estimate_wave
from analysis.store.tables import WaveResult
from foundation import jobs, queue
from foundation.database import Store, utc_now
from foundation.problems import Place
from foundation.settings import Settings
from foundation.tables import Job, JobState
from survey import studies
from survey.messages import NO_WAVE_FORM
from tests import servers
from tests.outside import add_mobi

FEW = 200
MANY = 8_000
"""So many resamples that a worker is surely in the middle when the first of them are told."""


def asked(session: Session, wave_id: int, resamples: int) -> int:
    job = waves.request_estimate(session, wave_id, by=None, resamples=resamples, seed=1)
    assert job.id is not None
    return job.id


def the_job(store: Store, job_id: int) -> Job:
    with store.read() as session:
        return session.get_one(Job, job_id)


def results(store: Store, wave_id: int) -> list[WaveResult]:
    with store.read() as session:
        return list(session.exec(select(WaveResult).where(WaveResult.wave_id == wave_id)))


def fall_silent(store: Store, job_id: int) -> None:
    past = utc_now() - 2 * jobs.SILENT_AFTER
    with store.write() as session:
        session.exec(update(Job).where(col(Job.id) == job_id).values(beat_at=past))


def wait_for(what: Callable[[], bool], worker: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + servers.PATIENCE_SECONDS
    while not what():
        assert worker.poll() is None, "the worker ended by itself"
        assert time.monotonic() < until, "nothing happened"
        time.sleep(0.02)


@pytest.mark.redis
def test_a_worker_killed_in_the_middle_leaves_one_result_after_another_took_over(
    store: Store, settings: Settings, tmp_path: Path
):
    with store.write() as session:
        wave_id = add_mobi(session)
        session.exec(update(Job).values(state=JobState.DONE))
        job_id = asked(session, wave_id, MANY)
    with servers.redis(tmp_path):
        redis = queue.connect(settings)
        assert queue.send_due(store, redis) == 1
        first = servers.start_worker(settings)
        wait_for(lambda: the_job(store, job_id).done > 0, first)
        servers.kill(first)
        killed = the_job(store, job_id)
        assert killed.state == JobState.RUNNING
        assert 0 < killed.done < MANY
        assert results(store, wave_id) == []
        assert queue.send_due(store, redis) == 0
        fall_silent(store, job_id)
        assert queue.send_due(store, redis) == 1
        second = servers.start_worker(settings)
        wait_for(lambda: the_job(store, job_id).state == JobState.DONE, second)
        servers.kill(second)
        redis.close()
    (result,) = results(store, wave_id)
    assert (result.job_id, result.resamples, result.numbers["usable"]) == (job_id, MANY, MANY)
    assert the_job(store, job_id).attempt == 2


def test_a_worker_given_up_while_it_computed_cannot_leave_a_second_result(
    store: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    with store.write() as session:
        wave_id = add_mobi(session)
        job_id = asked(session, wave_id, FEW)
    real = computing.completed

    def overtaken(*source: object, **options: object) -> waves.Computed:
        found = real(*source, **options)
        monkeypatch.setattr(computing, "completed", real)
        fall_silent(store, job_id)
        with store.write() as session:
            jobs.mark_sent(session, job_id, utc_now())
        quick = jobs.begin(store, settings, job_id)
        assert quick is not None
        estimate_wave(quick)
        return found

    slow = jobs.begin(store, settings, job_id)
    assert slow is not None
    monkeypatch.setattr(computing, "completed", overtaken)
    with pytest.raises(jobs.SupersededError):
        estimate_wave(slow)
    assert len(results(store, wave_id)) == 1


def test_the_same_wave_and_seed_give_the_same_digits(store: Store, settings: Settings):
    with store.write() as session:
        wave_id = add_mobi(session)
        first = asked(session, wave_id, FEW)
    queue.perform_in(store, settings, first)
    with store.write() as session:
        second = asked(session, wave_id, FEW)
    queue.perform_in(store, settings, second)
    one, two = results(store, wave_id)
    assert first != second
    assert one.numbers == two.numbers
    assert one.data_digest == two.data_digest


def test_a_wave_without_a_questionnaire_ends_in_a_named_problem(store: Store, settings: Settings):
    with store.write() as session:
        study = studies.create_study(session, "s", title={"en": "S"}, by=None, now=utc_now())
        plan = studies.WavePlan({"en": "W"})
        wave = studies.add_wave(session, study.id, plan, by=None, now=utc_now())
        job_id = asked(session, wave.id, FEW)
    queue.perform_in(store, settings, job_id)
    job = the_job(store, job_id)
    assert job.state == JobState.FAILED
    assert jobs.from_json(job.problems[0]) == NO_WAVE_FORM.at(Place())


def test_an_unknown_wave_is_no_wave(store: Store):
    with store.read() as session, pytest.raises(LookupError):
        computing.gather(session, 99)


def test_a_silent_job_is_older_than_a_beat():
    assert timedelta(seconds=jobs.BEAT_SECONDS) < jobs.SILENT_AFTER
