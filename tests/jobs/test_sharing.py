"""A wave's resamples shared by workers: the result of one of them, whoever else takes part."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from rq import Worker
from sqlalchemy import update
from sqlmodel import Session, col, select
from threadpoolctl import threadpool_limits

from analysis import computing, sharing, uploads, waves
from analysis.jobs import estimate_part, estimate_wave
from analysis.model import resampling as model_resampling
from analysis.store import parts
from analysis.store.tables import ResamplePart, WaveResult
from analysis.wavefit import resampling
from foundation import jobs, queue
from foundation.database import Store, utc_now
from foundation.settings import Settings
from foundation.tables import Job, JobState
from tests import servers
from tests.unit import test_model_data as small

RESAMPLES = 300
"""Three stacks, once `small_stacks` has made them small."""


def add_wave(session: Session, seed: int = 5) -> int:
    data = small.text(small.answers(60, seed)).encode()
    outside = uploads.checked(data, "d.csv", json.dumps(small.MODEL.to_json()).encode(), "m.json")
    wave, _ = uploads.add(
        session, outside, key="s", title={"en": "S"}, wave_title={"en": "W"}, by=None,
        now=utc_now(),
    )  # fmt: skip
    session.exec(update(Job).values(state=JobState.DONE))
    assert wave.id is not None
    return wave.id


def ask(session: Session, wave_id: int, count: int, resamples: int = RESAMPLES) -> int:
    params: dict[str, object] = {"resamples": resamples, "seed": 1, "parts": count}
    job = jobs.request(session, waves.TASK, wave_id, by=None, params=params)
    assert job.id is not None
    return job.id


@pytest.fixture
def small_stacks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_resampling, "STACK", 1)


@pytest.fixture
def wave_id(store: Store) -> int:
    with store.write() as session:
        return add_wave(session)


def asked(store: Store, wave_id: int, count: int, resamples: int = RESAMPLES) -> int:
    with store.write() as session:
        return ask(session, wave_id, count, resamples)


def begun(store: Store, settings: Settings, job_id: int) -> jobs.Work:
    work = jobs.begin(store, settings, job_id)
    assert work is not None
    return work


def the_job(store: Store, job_id: int) -> Job:
    with store.read() as session:
        return session.get_one(Job, job_id)


def part_jobs(store: Store, job_id: int) -> list[Job]:
    with store.read() as session:
        return parts.jobs_of(session, job_id)


def numbers(store: Store, job_id: int) -> dict[str, object]:
    """Return the one result of a job; nothing of its parts is left."""
    with store.read() as session:
        (result,) = session.exec(select(WaveResult).where(WaveResult.job_id == job_id))
        assert list(session.exec(select(ResamplePart))) == []
        assert parts.jobs_of(session, job_id) == []
        return result.numbers


def alone(store: Store, settings: Settings, wave_id: int, resamples: int = RESAMPLES):
    job_id = asked(store, wave_id, 1, resamples)
    queue.perform_in(store, settings, job_id)
    return numbers(store, job_id)


@pytest.mark.usefixtures("small_stacks")
def test_a_single_worker_computes_all_parts_with_the_digits_of_an_unshared_wave(
    store: Store, settings: Settings, wave_id: int
):
    job_id = asked(store, wave_id, 3)
    queue.perform_in(store, settings, job_id)
    job = the_job(store, job_id)
    assert (job.state, job.done, job.total) == (JobState.DONE, RESAMPLES, RESAMPLES)
    assert numbers(store, job_id) == alone(store, settings, wave_id)


@pytest.mark.usefixtures("small_stacks")
def test_parts_of_others_are_used_and_their_progress_is_told(
    store: Store, settings: Settings, wave_id: int, monkeypatch: pytest.MonkeyPatch
):
    """The other worker takes the last part while the first one waits to look again."""
    job_id = asked(store, wave_id, 2)
    work = begun(store, settings, job_id)
    other: list[jobs.Work] = []
    told: list[int] = []
    compute = sharing._Shared.compute

    def beginning(self: sharing._Shared, number: int) -> bool:
        if not other:
            other.append(begun(store, settings, self.asked[1]))
        return compute(self, number)

    def other_works(_seconds: float) -> None:
        told.append(the_job(store, job_id).done)
        estimate_part(other[0])

    monkeypatch.setattr(sharing._Shared, "compute", beginning)
    monkeypatch.setattr(sharing.time, "sleep", other_works)
    estimate_wave(work)
    assert told == [model_resampling.stack_size(_drawn(store, wave_id).estimator)]
    assert the_job(store, job_id).state == JobState.DONE
    assert numbers(store, job_id) == alone(store, settings, wave_id)


def _drawn(store: Store, wave_id: int) -> resampling.Drawn:
    with store.read() as session:
        source = computing.gather(session, wave_id)
    return computing.prepare(source, resamples=RESAMPLES, seed=1).drawn


@pytest.mark.usefixtures("small_stacks")
def test_a_part_that_failed_elsewhere_is_computed_by_the_one_that_asked(
    store: Store, settings: Settings, wave_id: int, monkeypatch: pytest.MonkeyPatch
):
    job_id = asked(store, wave_id, 2)
    work = begun(store, settings, job_id)
    asking = sharing._asked

    def changed(*given: object) -> tuple[int, ...]:
        made = asking(*given)
        with store.write() as session:
            session.exec(update(Job).where(col(Job.id) == made[1]).values(
                params={"number": 1, "parts": 2, "digest": "of other answers"}
            ))  # fmt: skip
        queue.perform_in(store, settings, made[1])
        failed = the_job(store, made[1])
        assert failed.state == JobState.FAILED
        assert failed.problems is not None
        assert failed.problems[0]["code"] == "WAVE-221"
        return made

    monkeypatch.setattr(sharing, "_asked", changed)
    estimate_wave(work)
    assert numbers(store, job_id) == alone(store, settings, wave_id)


@pytest.mark.usefixtures("small_stacks")
def test_a_second_attempt_goes_on_with_the_parts_of_the_first(
    store: Store, settings: Settings, wave_id: int, monkeypatch: pytest.MonkeyPatch
):
    job_id = asked(store, wave_id, 2)
    first = begun(store, settings, job_id)
    deliver = sharing.deliver

    def killed(*given: object) -> None:
        deliver(*given)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(sharing, "deliver", killed)
        with pytest.raises(KeyboardInterrupt):
            estimate_wave(first)
    with store.write() as session:
        jobs.mark_sent(session, job_id, utc_now())
    before = part_jobs(store, job_id)
    assert [job.state for job in before] == [JobState.DONE, JobState.WAITING]
    computed: list[object] = []

    def counted(*given: object) -> None:
        computed.append(given[0])
        deliver(*given)

    monkeypatch.setattr(sharing, "deliver", counted)
    estimate_wave(begun(store, settings, job_id))
    assert len(computed) == 1
    assert numbers(store, job_id) == alone(store, settings, wave_id)


@pytest.mark.usefixtures("small_stacks")
def test_a_part_of_a_job_that_has_ended_does_nothing(
    store: Store, settings: Settings, wave_id: int
):
    job_id = asked(store, wave_id, 1)
    queue.perform_in(store, settings, job_id)
    with store.write() as session:
        params: dict[str, object] = {"number": 0, "parts": 2, "digest": ""}
        late = jobs.request(session, parts.TASK, job_id, by=None, params=params).id
    assert late is not None
    queue.perform_in(store, settings, late)
    assert the_job(store, late).state == JobState.DONE
    with store.read() as session:
        assert parts.delivered(session, job_id) == set()


@pytest.mark.usefixtures("small_stacks")
def test_small_waves_are_not_shared_and_large_ones_have_no_empty_part(
    store: Store, wave_id: int, monkeypatch: pytest.MonkeyPatch
):
    drawn = _drawn(store, wave_id)
    assert sharing.parts_for(drawn) == 1
    monkeypatch.setattr(sharing, "PART_WORK", drawn.work)
    assert sharing.parts_for(drawn) == 1
    monkeypatch.setattr(sharing, "PART_WORK", drawn.work - 1)
    assert sharing.parts_for(drawn) == 2
    monkeypatch.setattr(sharing, "PART_WORK", 1)
    assert sharing.parts_for(drawn) == drawn.stacks == 3


def wait_for(what: Callable[[], bool]) -> None:
    until = time.monotonic() + servers.PATIENCE_SECONDS
    while not what():
        assert time.monotonic() < until, "nothing happened"
        time.sleep(0.02)


@contextmanager
def two_workers(settings: Settings) -> Iterator[list[subprocess.Popen[bytes]]]:
    workers = [servers.start_worker(settings) for _ in range(2)]
    try:
        yield workers
    finally:
        for worker in workers:
            if worker.poll() is None:
                servers.kill(worker)


@pytest.mark.redis
def test_two_worker_processes_share_a_wave_and_one_of_them_may_die(
    store: Store, settings: Settings, wave_id: int, tmp_path: Path
):
    many = 30_000
    job_id = asked(store, wave_id, 3, many)
    with servers.redis(tmp_path), two_workers(settings) as workers:
        redis = queue.connect(settings)
        wait_for(lambda: len(Worker.all(connection=redis)) == 2)

        def others() -> list[int]:
            queue.send_due(store, redis)
            running = [job.id for job in part_jobs(store, job_id) if job.state == JobState.RUNNING]
            return [id_ for id_ in running if id_ is not None]

        wait_for(lambda: len(others()) == 2)
        held = others()
        servers.kill(workers[0])
        past = utc_now() - 2 * jobs.SILENT_AFTER
        with store.write() as session:
            session.exec(update(Job).where(col(Job.id).in_(held)).values(beat_at=past))

        def ended() -> bool:
            queue.send_due(store, redis)
            return the_job(store, job_id).state == JobState.DONE

        wait_for(ended)
        redis.close()
    # As in the workers: the last digit depends on the threads of the matrix library.
    with threadpool_limits(1, user_api="blas"):
        whole = alone(store, settings, wave_id, many)
    assert numbers(store, job_id) == whole
