"""The published mobile telephone example with two facts about each person, as an imported wave."""

from __future__ import annotations

from sqlmodel import Session, col, select

from analysis import uploads
from foundation import queue
from foundation.database import Store, utc_now
from foundation.settings import Settings
from foundation.tables import Job, JobState
from tests.outside import DATA, MODEL

FORMULA = "=1+1"


def add_wave(session: Session, *, probability: bool = True) -> int:
    """Import the example: sex f or m (110 and 140), region north, south or a formula."""
    lines = DATA.decode().splitlines()
    heading = lines[0] + ",sex,region" + (",probability" if probability else "")
    rows = [
        f"{line},{'f' if at % 25 < 11 else 'm'},{('north', 'south', FORMULA)[at % 3]}"
        + (f",{0.1 if at % 2 else 0.2}" if probability else "")
        for at, line in enumerate(lines[1:])
    ]
    outside = uploads.checked(
        "\n".join([heading, *rows, ""]).encode(), "mobi.csv", MODEL, "mobi_model.json"
    )
    wave, _job = uploads.add(
        session, outside, key="mobi", title={"en": "Mobile"}, wave_title={"en": "First"},
        by=None, now=utc_now(),
    )  # fmt: skip
    assert wave.id is not None
    return wave.id


def work_off(store: Store, settings: Settings, task: str) -> Job:
    """Do the newest job of a kind as a worker would; return it."""
    with store.read() as session:
        query = select(Job).where(Job.task == task).order_by(col(Job.id).desc())
        job = session.exec(query).first()
        assert job is not None
        assert job.id is not None
    queue.perform_in(store, settings, job.id)
    with store.read() as session:
        done = session.get_one(Job, job.id)
        assert done.state in {JobState.DONE, JobState.FAILED}
        return done
