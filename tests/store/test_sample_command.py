"""The commands `soundings sample check` and `soundings sample import`, on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlmodel import select

from cati.rules.queue import CaseState
from cati.store.tables import Case
from commands import main
from foundation.database import utc_now
from survey import studies
from survey.studies import WavePlan

GOOD = "id,phone,stratum\nK1,13800138000,North\nK2,13800138001,South\nK3,13800138002,South\n"
BAD = "id,phone\nK1,12\nK1,13800138001\n,13800138002\n"


@pytest.fixture
def run(store, settings, monkeypatch, tmp_path):
    """Return a function that runs the command on a file of this content."""
    for name in ("secret_key", "field_key", "index_key"):
        monkeypatch.setenv(f"SOUNDINGS_{name.upper()}", getattr(settings, name))
    monkeypatch.setenv("DATABASE_URL", settings.database_url)
    with store.write() as session:
        study = studies.create_study(session, "bank", title={"en": "B"}, by=None, now=utc_now())
        studies.add_wave(session, study.id, WavePlan({"en": "1"}), by=None, now=utc_now())

    def invoke(verb: str, content: str, *more: str) -> Result:
        file = tmp_path / "bank.csv"
        file.write_text(content, encoding="utf-8")
        return CliRunner().invoke(main, ["sample", verb, str(file), *more])

    return invoke


TO = ("--study", "bank", "--wave", "1")


def states(store) -> list[tuple[int, CaseState]]:
    with store.read() as session:
        return sorted((case.replicate, case.state) for case in session.exec(select(Case)))


def test_a_check_alone_needs_no_store_and_counts_people_by_stratum(tmp_path: Path):
    file = tmp_path / "bank.csv"
    file.write_text(GOOD, encoding="utf-8")
    done = CliRunner().invoke(main, ["sample", "check", str(file)])
    assert (done.exit_code, done.output) == (
        0, "3 people, no errors.\n  North: 1\n  South: 2\n",
    )  # fmt: skip


@pytest.mark.parametrize("verb", ["check", "import"])
def test_every_problem_is_printed_with_its_place_and_the_code_is_1(run, store, verb):
    done = run(verb, BAD, *TO)
    assert done.exit_code == 1
    lines = done.output.splitlines()
    assert [line.split("]")[0] for line in lines] == ["[NUM-002", "[SMPL-008", "[SMPL-007"]
    assert "bank.csv, row 2, column 'phone':" in lines[0]
    assert states(store) == []


def test_a_check_against_a_wave_knows_who_is_in_it(run, store):
    run("import", GOOD, *TO)
    done = run("check", GOOD, *TO)
    assert done.exit_code == 1
    assert done.output.count("SMPL-009") == 3


def test_an_import_draws_and_releases_the_replicates_named(run, store):
    done = run("import", GOOD, *TO, "--replicates", "3", "--release", "1-2")
    assert (done.exit_code, done.output) == (0, "3 cases stored, 2 released.\n")
    assert states(store) == [
        (1, CaseState.FRESH), (2, CaseState.FRESH), (3, CaseState.UNRELEASED),
    ]  # fmt: skip


def test_all_replicates_are_released_by_one_word(run, store):
    run("import", GOOD, *TO, "--replicates", "2", "--release", "all")
    assert {state for _, state in states(store)} == {CaseState.FRESH}


@pytest.mark.parametrize(
    ("release", "code"), [("two", "SMPL-028"), ("3-1", "SMPL-028"), ("9", "SMPL-021")]
)
def test_a_release_that_cannot_be_stores_nothing(run, store, release, code):
    done = run("import", GOOD, *TO, "--release", release)
    assert (done.exit_code, code in done.output) == (1, True)
    assert states(store) == []


def test_the_same_file_again_changes_nothing(run, store):
    run("import", GOOD, *TO)
    done = run("import", GOOD, *TO)
    assert (done.exit_code, done.output.count("SMPL-026")) == (1, 1)
    assert len(states(store)) == 3


def test_the_good_rows_are_stored_when_the_others_have_a_place_to_go(run, store, tmp_path):
    rejects = tmp_path / "rejects.csv"
    done = run("import", GOOD + "K4,12,North\n", *TO, "--rejects", str(rejects))
    assert done.exit_code == 0
    assert "3 cases stored, 0 released." in done.output
    assert "K4,12,North" in rejects.read_text(encoding="utf-8-sig")


@pytest.mark.parametrize(
    ("study", "wave", "code"), [("bnak", "1", "SMPL-027"), ("bank", "7", "SMPL-020")]
)
def test_an_unknown_study_or_wave_is_named(run, study, wave, code):
    for verb in ("check", "import"):
        done = run(verb, GOOD, "--study", study, "--wave", wave)
        assert (done.exit_code, code in done.output) == (1, True)


def test_what_is_no_file_is_refused_in_words(run):
    done = run("import", "", *TO)
    assert (done.exit_code, "[SMPL-003] bank.csv" in done.output) == (1, True)
