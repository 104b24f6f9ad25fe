"""Sample files: all problems at once with their places, all rows or none, balanced replicates."""

from __future__ import annotations

import csv
import io
import random
import zipfile
from collections import Counter
from dataclasses import replace

import openpyxl
import pytest
from sqlmodel import func, select

from cati import sample
from cati.rules import samplefile
from cati.rules.queue import CaseState
from cati.sample import ImportOptions
from cati.store.claims import Interviewer
from cati.store.contacts import NAME, REFERENCE, numbers_of
from cati.store.desk import HeldCase
from cati.store.tables import Case, Contact, ContactNumber, DoNotCall
from foundation.problems import ProblemsError
from survey.store.tables import Study, Wave
from tests.store.cati_floor import MONDAY, a_case, a_floor

GOOD = """id,name,phone,phone2,sex,language,stratum,psu,probability,zone,branch
K1,王芳,138 0013 8000,+977 1-4412345,f,en,North,12,0.025,,Main Street
K2,=cmd(),１３８００１３８００１,,m,,South,12,1,Asia/Urumqi,
"""
BAD = """id,name,phone,phone2,probability,zone,language
K1,A,13800138000,,0.5,,
K1,B,13800138001,,0.5,,
,C,13800138002,,0.5,,
K4,D,12345,,0.5,,
K5,E,not a phone,,0.5,,
K6,F,13800138000,,0.5,,
K7,G,13800138007,13800138007,0.5,,
K8,H,,,0.5,,
K9,I,13800138009,,0,,
K10,J,13800138010,,1.5,,
K11,K,13800138011,,"0,5",,
K12,L,13800138012,,half,,
K13,M,13800138013,,0.5,Asia/Shangai,
K14,N,13800138014,,0.5,,Klingon
K15,O,13800138015,,nan,,
K16,P,010-62345678 ext 12,,0.5,,
K17,Q,13800138017,,0.5,,,surplus
"""
WANTED = [
    (3, "id", "SMPL-008"),
    (4, "id", "SMPL-007"),
    (5, "phone", "NUM-002"),
    (6, "phone", "NUM-001"),
    (7, "phone", "SMPL-010"),
    (8, "phone2", "SMPL-010"),
    (9, "phone", "SMPL-007"),
    (10, "probability", "SMPL-014"),
    (11, "probability", "SMPL-014"),
    (12, "probability", "SMPL-013"),
    (13, "probability", "SMPL-013"),
    (14, "zone", "SMPL-015"),
    (15, "language", "SMPL-023"),
    (16, "probability", "SMPL-013"),
    (17, "phone", "NUM-003"),
    (18, "", "SMPL-018"),
]


def read(
    made, text: str | bytes, filename: str = "bank.csv", seed: int = 7, **options
) -> sample.Imported:
    data = text.encode() if isinstance(text, str) else text
    with made.store.write() as session:
        return sample.import_sample(
            session, made.contacts, made.wave_id, data, filename,
            options=ImportOptions(**options), by=None, now=MONDAY, rng=random.Random(seed),
        )  # fmt: skip


def study_of(made) -> int:
    with made.store.read() as session:
        return session.get_one(Wave, made.wave_id).study_id


def a_wave(made, study_id: int | None, number: int):
    """Return the floor of another wave, of a new study when none is named."""
    with made.store.write() as session:
        if study_id is None:
            study = Study(key="other", title={"en": "Other"})
            session.add(study)
            session.flush()
            study_id = study.id
        wave = Wave(study_id=study_id, number=number, title={"en": "Next"})
        session.add(wave)
        session.flush()
        return replace(made, wave_id=wave.id)


def problems(made, text: str | bytes, filename: str = "bank.csv") -> list[tuple]:
    with pytest.raises(ProblemsError) as error:
        read(made, text, filename)
    return [(p.place.row, p.place.column, p.message.code) for p in error.value.problems]


def workbook(*rows) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def stored(store, table) -> int:
    with store.read() as session:
        return session.exec(select(func.count()).select_from(table)).one()


def test_a_row_becomes_a_case_with_its_numbers_and_variables(store, cipher):
    made = a_floor(store, cipher)
    assert read(made, GOOD).cases == 2
    first, second = made.cases()
    with store.read() as session:
        contact = session.get_one(Contact, first.contact_id)
        numbers = numbers_of(session, first.contact_id)
    assert made.contacts.open(contact.name, NAME) == "王芳"
    assert made.contacts.open(contact.reference, REFERENCE) == "K1"
    assert [made.contacts.e164(n) for n in numbers] == ["+8613800138000", "+97714412345"]
    assert [n.zone for n in numbers] == ["Asia/Shanghai", "Asia/Katmandu"]
    assert (first.stratum, first.psu, first.selection_probability) == ("North", "12", 0.025)
    assert first.variables == {"sex": "f", "branch": "Main Street"}
    assert (first.language, first.state, first.code) == ("en", CaseState.UNRELEASED, "3.11")
    assert second.zone == "Asia/Urumqi"
    assert len({case.pseudonym for case in made.cases()}) == 2


def test_a_person_keeps_a_panel_id_in_all_waves_of_a_study_and_in_no_other(store, cipher):
    made = a_floor(store, cipher)
    second, elsewhere = a_wave(made, study_of(made), 2), a_wave(made, None, 1)
    for seed, floor in enumerate([made, second, elsewhere]):
        read(floor, GOOD, seed=seed)
    found = [
        {case.panel_id for case in made.cases() if case.wave_id == floor.wave_id}
        for floor in (made, second, elsewhere)
    ]
    assert len(found[0]) == 2
    assert found[0] == found[1]
    assert not found[0] & found[2]
    assert "K1" not in str(found)


def test_every_bad_row_is_named_with_its_column_and_nothing_is_stored(store, cipher):
    made = a_floor(store, cipher)
    assert problems(made, BAD) == WANTED
    assert stored(store, Case) == stored(store, Contact) == stored(store, ContactNumber) == 0


def test_the_good_rows_alone_may_be_stored_and_the_others_come_back_as_a_file(store, cipher):
    made = a_floor(store, cipher)
    done = read(made, BAD, good_only=True)
    assert (done.cases, done.rejected) == (1, 16)
    assert stored(store, Case) == 1
    rows = list(csv.DictReader(io.StringIO(done.rejects.decode("utf-8-sig"))))
    assert [int(row["row"]) for row in rows] == [row for row, _, _ in WANTED]
    assert "[NUM-002]" in rows[2]["problem"]


def test_a_rejected_row_cannot_bring_a_formula_into_the_file_of_rejects(store, cipher):
    made = a_floor(store, cipher)
    done = read(made, "id,name,phone\n=1+1,@cmd,12\n", good_only=True)
    assert b"'=1+1" in done.rejects
    assert b"'@cmd" in done.rejects


def test_who_is_in_the_wave_already_is_refused(store, cipher):
    made = a_floor(store, cipher)
    read(made, GOOD)
    more = GOOD + "K3,Li,13800138003,,,,,,,,\n"
    assert problems(made, more) == [
        (2, "id", "SMPL-009"), (2, "phone", "SMPL-011"), (2, "phone2", "SMPL-011"),
        (3, "id", "SMPL-009"), (3, "phone", "SMPL-011"),
    ]  # fmt: skip


@pytest.mark.parametrize("good_only", [False, True])
def test_the_same_file_again_changes_nothing_and_says_so(store, cipher, good_only):
    made = a_floor(store, cipher)
    read(made, GOOD)
    with pytest.raises(ProblemsError) as error:
        read(made, GOOD, good_only=good_only)
    assert [problem.message.code for problem in error.value.problems] == ["SMPL-026"]
    assert stored(store, Case) == 2


def test_a_number_on_the_do_not_call_list_is_refused(store, cipher):
    made = a_floor(store, cipher)
    with store.write() as session:
        listed = made.contacts.number_hash("+97714412345")
        session.add(DoNotCall(number_hash=listed, at=MONDAY))
    assert problems(made, GOOD) == [(2, "phone2", "SMPL-012")]


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        ("id,name", [(None, "", "SMPL-004")]),
        ("name,fone", [(None, "", "SMPL-004"), (None, "", "SMPL-022")]),
        ("id,phone,phone", [(1, "", "SMPL-005")]),
        ("id,phone,", [(1, "3", "SMPL-006")]),
    ],
)
def test_an_unclear_header_is_refused_before_the_rows_are_read(store, cipher, header, wanted):
    assert problems(a_floor(store, cipher), f"{header}\n1,2,3\n") == wanted


def test_a_column_name_that_is_almost_known_is_pointed_out(store, cipher):
    made = a_floor(store, cipher)
    done = read(made, "id,phone,probabilty\n1,13800138000,0.5\n")
    assert [p.message.code for p in done.problems] == ["SMPL-019"]
    assert made.cases()[0].variables == {"probabilty": "0.5"}


def test_an_excel_file_is_read_as_a_csv_file_is(store, cipher):
    made = a_floor(store, cipher)
    read(made, workbook(("ID", "Phone", "probability"), (7, 13800138000, 0.5)), "bank.xlsx")
    case = made.cases()[0]
    with store.read() as session:
        contact = session.get_one(Contact, case.contact_id)
    assert made.contacts.open(contact.reference, REFERENCE) == "7"
    assert case.selection_probability == 0.5


def test_a_problem_in_a_workbook_names_its_sheet(store, cipher):
    made = a_floor(store, cipher)
    data = workbook(("id", "phone"), (1, "12"))
    with pytest.raises(ProblemsError) as error:
        read(made, data, "bank.xlsx")
    assert "bank.xlsx, sheet 'Sheet', row 2, column 'phone'" in error.value.problems[0].text()


def test_a_file_of_excel_in_chinese_is_read(store, cipher):
    made = a_floor(store, cipher)
    assert read(made, "id;name;phone\r\n1;王芳;13800138000\r\n".encode("gb18030")).cases == 1


def test_an_error_in_a_cell_is_named(store, cipher):
    made = a_floor(store, cipher)
    data = workbook(("id", "phone"), (1, "13800138000"), ("#N/A", "13800138001"))
    assert problems(made, data, "bank.xlsx")[0] == (3, "id", "SMPL-016")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "SMPL-003"),
        (b"id,phone\n", "SMPL-003"),
        (b"\xff\xfe\x00", "SMPL-001"),
        (b"PK\x03\x04 broken", "SMPL-001"),
        (b'id,phone\n"1,2\n', "SMPL-001"),
        (b"\x00\x01\x02\x03", "SMPL-001"),
    ],
)
def test_what_is_no_table_is_refused_in_words(store, cipher, data, code):
    assert [found[2] for found in problems(a_floor(store, cipher), data)] == [code]


def test_a_value_in_the_last_cell_of_a_sheet_is_refused_soon(store, cipher):
    book = openpyxl.Workbook()
    book.active["A1"], book.active["B1"], book.active["XFD1"] = "id", "phone", "x"
    out = io.BytesIO()
    book.save(out)
    assert problems(a_floor(store, cipher), out.getvalue(), "bank.xlsx") == [(None, "", "SMPL-025")]


def test_a_zip_that_unpacks_without_end_is_not_unpacked(store, cipher, monkeypatch):
    monkeypatch.setattr(samplefile, "MOST_UNPACKED", 1024 * 1024)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("xl/worksheets/sheet1.xml", b" " * (2 * 1024 * 1024))
    assert problems(a_floor(store, cipher), out.getvalue(), "b.xlsx")[0][2] == "SMPL-002"


def test_replicates_are_balanced_over_the_strata_and_released_one_by_one(store, cipher):
    made = a_floor(store, cipher)
    rows = [f"K{n},1380013{n:04},{'North' if n < 60 else 'South'}" for n in range(100)]
    read(made, "\n".join(["id,phone,stratum", *rows]), replicates=10)
    shares = Counter((case.replicate, case.stratum) for case in made.cases())
    assert {shares[n, "North"] for n in range(1, 11)} == {6}
    assert {shares[n, "South"] for n in range(1, 11)} == {4}
    with store.write() as session:
        assert sample.release(session, made.wave_id, [2, 5], by=None, now=MONDAY) == 20
        states = sample.replicates(session, made.wave_id)
    assert [r.number for r in states if r.released == 10] == [2, 5]
    held = made.taken()
    assert made.case(held.claim.case_id).replicate in {2, 5}
    with pytest.raises(ProblemsError) as error, store.write() as session:
        sample.release(session, made.wave_id, [1, 2, 99], by=None, now=MONDAY)
    assert [p.values["replicate"] for p in error.value.problems] == ["2", "99"]


def test_a_second_file_makes_replicates_of_its_own(store, cipher):
    made = a_floor(store, cipher)
    read(made, "id,phone\n1,13800138000\n2,13800138001\n", replicates=2)
    read(made, "id,phone\n3,13800138002\n", replicates=1)
    assert [case.replicate for case in made.cases()][2] == 3


def test_the_same_seed_draws_the_same_order(store, cipher):
    made = a_floor(store, cipher)
    read(made, GOOD)
    first = random.Random(7)
    assert [case.random_number for case in made.cases()] == [first.random(), first.random()]


def test_a_wave_that_does_not_exist_is_named(store, cipher):
    made = a_floor(store, cipher)
    made.wave_id = 4711
    assert [found[2] for found in problems(made, GOOD)] == ["SMPL-020"]


def test_new_cases_come_by_replicate_and_by_their_random_number(store, cipher):
    made = a_floor(store, cipher)
    later = a_case(made, "+8613800138000", random_number=0.9)
    first = a_case(made, "+8613800138001", random_number=0.1)
    assert isinstance(held := made.take(), HeldCase)
    assert (held.claim.case_id, Interviewer(1).converts) == (first, True)
    assert later != first
