"""What the store promises on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import IntegrityError, StatementError
from sqlmodel import Session

from foundation.database import Store
from foundation.tables import Job, JobState


def a_job(**values: object) -> Job:
    return Job(task="analysis.jobs.none", subject=1, params={}, **values)


def test_a_moment_comes_back_in_utc_with_its_zone(store: Store):
    noon_in_nepal = datetime(2026, 11, 24, 12, tzinfo=timezone(timedelta(hours=5, minutes=45)))
    with store.write() as session:
        session.add(a_job(requested_at=noon_in_nepal))
    with store.read() as session:
        stored = session.exec(select(Job)).scalars().one()
    assert stored.requested_at == noon_in_nepal
    assert stored.requested_at.utcoffset() == timedelta(0)


def test_a_moment_without_a_zone_is_refused(store: Store):
    with pytest.raises(StatementError), store.write() as session:
        session.add(a_job(requested_at=datetime(2026, 11, 24, 12)))  # noqa: DTZ001


def test_the_database_refuses_a_value_outside_an_enum(store: Store):
    with pytest.raises((IntegrityError, StatementError)), store.write() as session:
        values = "'t', 1, '{}', 'nonsense', 0, 0, 0, '2026-01-01'"
        session.execute(
            text(
                "INSERT INTO job (task, subject, params, state, done, total, attempt, requested_at)"
                f" VALUES ({values})"
            )
        )


def test_an_enum_is_stored_by_value(store: Store):
    with store.write() as session:
        session.add(a_job(state=JobState.RUNNING))
    with store.read() as session:
        assert session.execute(text("SELECT state FROM job")).scalar_one() == "running"


def test_none_in_a_json_column_is_sql_null(store: Store):
    with store.write() as session:
        session.add(a_job(problems=None))
    with store.read() as session:
        count = session.execute(text("SELECT count(*) FROM job WHERE problems IS NULL"))
        assert count.scalar_one() == 1


def test_a_block_that_raises_leaves_nothing_behind(store: Store):
    with pytest.raises(RuntimeError), store.write() as session:
        session.add(a_job())
        session.flush()
        raise RuntimeError
    with store.read() as session:
        assert session.exec(select(Job)).first() is None


def test_a_committed_answer_is_on_disk(store: Store):
    with store.engine.connect() as connection:
        if store.is_sqlite:
            full = 2
            assert connection.execute(text("PRAGMA synchronous")).scalar_one() == full
            assert connection.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"
            assert connection.execute(text("PRAGMA foreign_keys")).scalar_one() == 1
        else:
            assert connection.execute(text("SHOW synchronous_commit")).scalar_one() == "on"


def test_a_writer_that_reads_first_waits_for_another_writer_and_sees_its_change(store: Store):
    """SQLite's deferred BEGIN fails here with 'database is locked', whatever the time-out."""
    import threading

    reached, results = threading.Barrier(2), []

    def bump() -> None:
        reached.wait()
        with store.write() as session:
            job = session.get_one(Job, 1, with_for_update=True)
            job.done += 1
            results.append(job.done)

    with store.write() as session:
        session.add(a_job(id=1))
    threads = [threading.Thread(target=bump) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [1, 2]


def test_moments_compare_across_the_two_stores_types(session_moment: tuple[Session, datetime]):
    session, at = session_moment
    found = session.exec(select(Job).where(Job.requested_at <= at)).scalars().all()
    assert len(found) == 1


@pytest.fixture
def session_moment(store: Store):
    at = datetime(2026, 11, 24, 4, 30, tzinfo=UTC)
    with store.write() as session:
        session.execute(
            insert(Job).values(
                task="t",
                subject=1,
                params={},
                state=JobState.WAITING,
                done=0,
                total=0,
                attempt=0,
                requested_at=at,
            )
        )
    with store.read() as session:
        yield session, at


def test_what_is_acknowledged_is_on_disk_and_what_is_erased_is_overwritten(store: Store):
    with store.read() as session:
        if store.is_sqlite:
            names = ("synchronous", "foreign_keys", "secure_delete")
            found = [session.execute(text(f"PRAGMA {name}")).scalar_one() for name in names]
            assert found == [2, 1, 1]
        else:
            assert session.execute(text("SHOW synchronous_commit")).scalar_one() == "on"


def test_a_database_set_up_for_speed_still_writes_before_it_answers(store: Store):
    if store.is_sqlite:
        pytest.skip("a setting of PostgreSQL")
    hasty = Store(f"{store.url}&options=-csynchronous_commit%3Doff")
    with hasty.read() as session:
        assert session.execute(text("SHOW synchronous_commit")).scalar_one() == "on"
    hasty.close()
