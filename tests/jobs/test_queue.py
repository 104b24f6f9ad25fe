"""The queue on a real Redis: work is done once although messages get lost and workers die."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from rq import SimpleWorker
from rq.serializers import JSONSerializer
from sqlalchemy import update
from sqlmodel import col

from foundation import jobs, queue
from foundation.database import Store, utc_now
from foundation.problems import Message, Place, ProblemsError
from foundation.settings import Settings
from foundation.tables import Job, JobState
from tests import servers

TASK = "analysis.jobs.example"
WRONG = Message("T-1", "it is wrong.", "Mend it.")


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Replace the tasks' look-up by a function that notes its calls."""
    calls: list[int] = []

    def function(work: jobs.Work) -> None:
        calls.append(work.subject)
        work.progress(1, 2)
        with work.store.write() as session:
            work.finish(session)

    monkeypatch.setattr(queue, "_function", lambda _store, _id: function)
    return calls


def ask(store: Store, subject: int = 7) -> int:
    with store.write() as session:
        job = jobs.request(session, TASK, subject, by=None, params={})
        assert job.id is not None
        return job.id


def state(store: Store, job_id: int) -> JobState:
    with store.read() as session:
        return session.get_one(Job, job_id).state


def age(store: Store, job_id: int, **columns: timedelta) -> None:
    with store.write() as session:
        past = {name: utc_now() - by for name, by in columns.items()}
        session.exec(update(Job).where(col(Job.id) == job_id).values(**past))


@pytest.mark.redis
def test_a_worker_does_what_was_asked_through_a_real_redis(
    store: Store, settings: Settings, done: list[int], tmp_path: Path, monkeypatch
):
    monkeypatch.setattr(queue, "_installation", lambda: (store, settings))
    job_id = ask(store)
    with servers.redis(tmp_path):
        redis = queue.connect(settings)
        assert queue.send_due(store, redis) == 1
        assert queue.send_due(store, redis) == 0
        worker = SimpleWorker([queue.QUEUE], connection=redis, serializer=JSONSerializer)
        worker.work(burst=True, logging_level="ERROR")
        redis.close()
    assert done == [7]
    assert state(store, job_id) == JobState.DONE


@pytest.mark.redis
def test_the_redis_of_our_own_writes_to_its_log_and_not_to_the_terminal(tmp_path: Path, capfd):
    with servers.redis(tmp_path):
        pass
    assert capfd.readouterr() == ("", "")
    assert "Redis" in (tmp_path / "redis" / "redis.log").read_text()


def test_without_redis_the_work_waits_and_nothing_breaks(store: Store, settings: Settings):
    job_id = ask(store)
    assert queue.send_due(store, queue.connect(settings)) == 0
    assert state(store, job_id) == JobState.WAITING


def test_the_same_work_is_asked_once_while_it_waits(store: Store):
    assert ask(store) == ask(store)
    assert ask(store, subject=8) != ask(store)


def test_a_message_received_twice_does_the_work_once(
    store: Store, settings: Settings, done: list[int]
):
    job_id = ask(store)
    queue.perform_in(store, settings, job_id)
    queue.perform_in(store, settings, job_id)
    assert done == [7]


def test_a_job_whose_worker_fell_silent_is_sent_again_and_the_old_worker_is_fenced(
    store: Store, settings: Settings
):
    job_id = ask(store)
    first = jobs.begin(store, settings, job_id)
    assert first is not None
    with store.read() as session:
        assert jobs.unsent(session, utc_now()) == []
    age(store, job_id, beat_at=jobs.SILENT_AFTER * 2)
    with store.write() as session:
        assert jobs.unsent(session, utc_now()) == [job_id]
        jobs.mark_sent(session, job_id, utc_now())
    second = jobs.begin(store, settings, job_id)
    assert second is not None
    with pytest.raises(jobs.SupersededError):
        first.progress(1, 2)
    with store.write() as session:
        second.finish(session)
    assert state(store, job_id) == JobState.DONE


def test_a_lost_message_is_sent_again(store: Store):
    job_id = ask(store)
    with store.write() as session:
        jobs.mark_sent(session, job_id, utc_now())
        assert jobs.unsent(session, utc_now()) == []
    age(store, job_id, sent_at=jobs.LOST_AFTER * 2)
    with store.read() as session:
        assert jobs.unsent(session, utc_now()) == [job_id]


def test_a_job_that_kills_its_worker_each_time_ends_as_failed(store: Store, settings: Settings):
    job_id = ask(store)
    for _ in range(jobs.MAX_ATTEMPTS):
        assert jobs.begin(store, settings, job_id) is not None
        with store.write() as session:
            jobs.mark_sent(session, job_id, utc_now())
    assert jobs.begin(store, settings, job_id) is None
    with store.read() as session:
        job = session.get_one(Job, job_id)
    assert job.state == JobState.FAILED
    assert jobs.from_json(job.problems[0]).message.code == "JOB-001"


def test_problems_of_the_input_end_in_the_jobs_row(store: Store, settings: Settings, monkeypatch):
    def refuse(_work: jobs.Work) -> None:
        raise ProblemsError([WRONG.at(Place(row=3))])

    monkeypatch.setattr(queue, "_function", lambda _store, _id: refuse)
    job_id = ask(store)
    queue.perform_in(store, settings, job_id)
    with store.read() as session:
        job = session.get_one(Job, job_id)
    assert job.state == JobState.FAILED
    assert jobs.from_json(job.problems[0]) == WRONG.at(Place(row=3))


def test_an_unexpected_error_is_told_without_its_trace(
    store: Store, settings: Settings, monkeypatch
):
    def burst(_work: jobs.Work) -> None:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr(queue, "_function", lambda _store, _id: burst)
    job_id = ask(store)
    with pytest.raises(ZeroDivisionError):
        queue.perform_in(store, settings, job_id)
    with store.read() as session:
        text = jobs.from_json(session.get_one(Job, job_id).problems[0]).text()
    assert "ZeroDivisionError" in text
    assert "secret" not in text


@pytest.mark.parametrize("task", ["os.system", "analysis.importing.Path", "survey.web.trial.go"])
def test_a_task_that_no_module_of_jobs_defines_is_never_called(
    store: Store, settings: Settings, task: str
):
    with store.write() as session:
        job = jobs.request(session, task, 1, by=None, params={})
        job_id = job.id
    with pytest.raises(ValueError, match="names no task"):
        queue.perform_in(store, settings, job_id)
