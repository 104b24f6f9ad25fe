"""The published mobile telephone example as an imported wave, for tests of reports and jobs."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

from sqlmodel import Session

from analysis import computing, uploads, waves
from analysis.waves import Computed
from foundation.database import Store, utc_now
from survey.formats.table import CellStatus, ResponseRow, ResponseTable, Variable
from survey.language.model import QuestionKind

GOLDEN = Path(__file__).parent / "golden" / "sem"
DATA = (GOLDEN / "mobi.csv").read_bytes()
MODEL = (GOLDEN / "mobi_model.json").read_bytes()
FEW = 300


def add_mobi(session: Session, *, key: str = "mobi", title: str = "Mobile telephone") -> int:
    """Import the example as the next wave of a study; return the wave's id. Asks for its index."""
    outside = uploads.checked(DATA, "mobi.csv", MODEL, "mobi_model.json")
    wave, _job = uploads.add(
        session, outside, key=key, title={"en": title, "zh-Hans": "移动电话"},
        wave_title={"en": "Published example"}, by=None, now=utc_now(),
    )  # fmt: skip
    assert wave.id is not None
    return wave.id


def mobi_table(change: float = 0.0) -> ResponseTable:
    """Return the example as a response table, the satisfaction items moved by `change`."""
    outside = uploads.checked(DATA, "mobi.csv", MODEL, "mobi_model.json")
    names = list(outside.rows[0])
    rows = [{name: _moved(name, row[name], change) for name in names} for row in outside.rows]
    variables = tuple(Variable(name, QuestionKind.INTEGER) for name in names)
    return ResponseTable(1, "import", variables, tuple(_row(*pair) for pair in enumerate(rows, 1)))


def _moved(name: str, value: object, change: float) -> object:
    if not isinstance(value, int | float) or not name.startswith("CUSA"):
        return value
    return min(max(value + change, 1), 10)


def _row(number: int, values: dict) -> ResponseRow:
    there = {name: value for name, value in values.items() if value is not None}
    status = {
        name: (CellStatus.BLANK if value is None else CellStatus.ANSWERED).value
        for name, value in values.items()
    }
    return ResponseRow(str(number), "complete", there, status)


@cache
def computed(change: float = 0.0) -> Computed:
    """Return what a worker computes of the example, with few resamples."""
    model = uploads.checked(DATA, "mobi.csv", MODEL, "mobi_model.json").model
    labels = {name: {"en": name, "zh-Hans": f"{name}（中文）"} for name in model.names}
    source = computing.Source(1, mobi_table(change), model, labels)
    return computing.compute(source, resamples=FEW, seed=1)


def keep_result(store: Store, wave_id: int, change: float = 0.0) -> None:
    """Store a result of the example for a wave, as its job would."""
    found = replace(computed(change), wave_id=wave_id)
    with store.write() as session:
        job = waves.newest_job(session, wave_id)
        assert job is not None
        assert job.id is not None
        job.state = type(job.state).DONE
        waves.keep(session, found, job_id=job.id, now=utc_now())
