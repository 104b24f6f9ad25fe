"""The command `soundings responses import`: everything or nothing, on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlmodel import select

from analysis import waves
from analysis.uploads import checked
from commands import main
from foundation.database import Store
from foundation.problems import ProblemsError
from foundation.tables import Job
from survey import responses, studies
from survey.store.tables import DataRow
from tests.conftest import KEY
from tests.outside import DATA, MODEL

CYCLE = MODEL.replace(b'"paths": [', b'"paths": [{"from": "Loyalty", "to": "Image"}, ')


@pytest.fixture
def run(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Return a function that imports a data and a model file by the command."""
    for name in ("SECRET", "FIELD", "INDEX"):
        monkeypatch.setenv(f"SOUNDINGS_{name}_KEY", KEY)
    monkeypatch.setenv("SOUNDINGS_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", store.url)
    monkeypatch.setattr(waves, "RESAMPLES", 100)
    monkeypatch.setattr(waves.request_estimate, "__kwdefaults__", {"resamples": 100, "seed": 1})

    def call(data: bytes, model: bytes, *options: str) -> Result:
        (tmp_path / "phones.csv").write_bytes(data)
        (tmp_path / "model.json").write_bytes(model)
        files = [str(tmp_path / "phones.csv"), "--model", str(tmp_path / "model.json")]
        return CliRunner().invoke(main, ["responses", "import", *files, *options])

    return call


def test_a_file_becomes_a_computed_wave(run, store: Store):
    reply = run(DATA, MODEL, "--study", "mobi", "--title", "Mobile")
    assert reply.exit_code == 0, reply.output
    assert "Satisfaction: 72.5" in reply.output
    with store.read() as session:
        study = studies.by_key(session, "mobi")
        assert study is not None
        assert study.title == {"en": "Mobile"}
        line = studies.line(session, study.id)
        assert line is not None
        wave = line.waves[0].wave
        table = responses.table(session, wave.id)
        page = waves.report_page(session, wave.id)
    assert len(table.rows) == 250
    assert table.rows[0].values["IMAG1"] == 7
    assert page is not None
    assert page.report is not None
    assert page.report.base == 250


def test_a_second_file_is_the_next_wave(run, store: Store):
    assert run(DATA, MODEL).exit_code == 0
    assert run(DATA, MODEL).exit_code == 0
    with store.read() as session:
        (line,) = studies.overview(session)
    assert line.study.key == "phones"
    assert [counted.wave.number for counted in line.waves] == [1, 2]


@pytest.mark.parametrize(
    ("data", "model", "said"),
    [
        pytest.param(
            DATA.replace(b"IMAG1,", b"", 1).replace(b"\n10,9,10,9", b"\nten,9,10,9"),
            MODEL,
            ["[DATA-301] phones.csv", "'IMAG1'"],
            id="column of the model",
        ),
        pytest.param(
            DATA.replace(b"\n10,9,10", b"\nten,9,10", 1),
            MODEL,
            ["[DATA-302] phones.csv, row 3, column 'IMAG1'", "'ten'"],
            id="text for a number",
        ),
        pytest.param(DATA, CYCLE, ["[MODEL-211] model.json", "Loyalty"], id="cycle"),
        pytest.param(b"", b"{", ["[DATA-313] phones.csv", "[MODEL-101] model.json"], id="both"),
        pytest.param(
            DATA, MODEL.replace(b'"max": 10', b'"max": 9'), ["[DATA-303]"], id="off the scale"
        ),
    ],
)
def test_every_problem_is_told_and_nothing_is_written(
    run, store: Store, data: bytes, model: bytes, said: list[str]
):
    reply = run(data, model)
    assert reply.exit_code == 1
    assert "Traceback" not in reply.output
    for text in said:
        assert text in reply.output
    with store.read() as session:
        assert studies.overview(session) == []
        assert session.exec(select(DataRow)).first() is None
        assert session.exec(select(Job)).first() is None


def test_a_model_without_scales_gives_no_index():
    model = MODEL.replace(b'"scale"', b'"note"')
    with pytest.raises(ProblemsError) as error:
        checked(DATA, "phones.csv", model, "model.json")
    assert {problem.message.code for problem in error.value.problems} == {"WAVE-105"}
    assert {problem.place.file for problem in error.value.problems} == {"model.json"}


def test_columns_beside_the_model_are_kept_as_they_stand_and_the_design_counts():
    lines = DATA.decode().splitlines()
    heading, rows = f"{lines[0]},code,stratum", lines[1:]
    more = "\n".join(f"{row},00{n},{'ab'[n % 2]}" for n, row in enumerate(rows))
    outside = checked(f"{heading}\n{more}\n".encode(), "phones.csv", MODEL, "model.json")
    assert outside.rows[3]["code"] == "003"
    assert outside.rows[3]["stratum"] == "b"
    assert outside.rows[3]["IMAG1"] == int(rows[3].split(",")[0])
