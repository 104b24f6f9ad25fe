"""The page of tables: a request with all its problems, tables, the same numbers in files."""

from __future__ import annotations

import csv
import html
import io
import re

import openpyxl
import pytest
from flask import Flask
from sqlmodel import select

from accounts.store.tables import AuditEntry, Role
from analysis import tabulating
from analysis.store.tables import Tabulation
from foundation.database import Store
from foundation.settings import Settings
from foundation.tables import JobState
from tests.weighed import FORMULA, add_wave, work_off

REQUEST = {"rows": ["CUSA1", "region"], "banner": ["sex", "region"], "correction": "bonferroni"}


@pytest.fixture
def address(app: Flask, store: Store) -> str:
    with store.write() as session:
        return f"/studies/waves/{add_wave(session)}/tables/"


@pytest.fixture
def researcher(as_role, address: str):
    browser = as_role(Role.RESEARCHER)
    browser.get(address)
    return browser


@pytest.fixture
def made(researcher, address: str, store: Store, settings: Settings) -> str:
    """Return the address of a computed set of tables."""
    reply = researcher.post(address, {**REQUEST, "title": "By group"})
    assert reply.status_code in {302, 303}
    assert work_off(store, settings, tabulating.TASK).state is JobState.DONE
    return reply.headers["Location"]


def text(reply) -> str:
    assert reply.status_code == 200
    return reply.get_data(as_text=True)


def figures(page: str) -> list[float]:
    """Return the figures of the lines of all tables, as they stand on a page."""
    found = re.findall(r'<span class="figure">([−0-9.]+)', page)
    return [float(one.replace("−", "-")) for one in found]


def test_every_problem_of_a_request_is_said_at_once(researcher, address: str, store: Store):
    reply = researcher.post(address, {"rows": ["nothing"], "banner": ["sexx"], "kept": "1"})
    assert reply.status_code == 422
    page = reply.get_data(as_text=True)
    for code in ("TAB-102", "TAB-106", "TAB-108"):
        assert code in page
    assert "Did you mean &#39;sex&#39;" in page
    with store.read() as session:
        assert session.exec(select(Tabulation)).all() == []


def test_tables_are_shown_with_their_bases_and_everything_behind_them(researcher, made: str):
    page = text(researcher.get(made))
    assert "250 respondents are counted" in page
    words = " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page)).split())
    assert "Respondents 250 110 140 83 84 83" in words.replace(",", "")
    assert "Weighted base 1,875" in words
    assert "Effective base" in words
    for said in (
        "Base: those who were asked and replied; all respondents.",
        "Fieldwork: no dates stated; imported answers.",
        "Weights: one over the probability of selection.",
        "Bonferroni correction within a line",
        "Means are of those who gave a number.",
    ):
        assert said in words, said
    assert "nan" not in page.lower().replace("finance", "")
    assert FORMULA in words


def test_page_workbook_and_csv_show_the_same_numbers(researcher, made: str, store: Store):
    page = figures(text(researcher.get(made)))
    book = openpyxl.load_workbook(io.BytesIO(researcher.client.get(f"{made}/tables.xlsx").data))
    assert book.sheetnames == ["1 CUSA1", "2 region"]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    from_book = [
        row[place].value
        for sheet in book
        for row in sheet.iter_rows(min_row=8)
        for place in range(1, len(row), 3)
        if isinstance(row[place].value, int | float)
    ]
    reply = researcher.get(f"{made}/tables.csv").get_data(as_text=True)
    from_csv = []
    for line in csv.reader(io.StringIO(reply.removeprefix("\ufeff"))):
        if line and line[0] not in {"", "Respondents", "Weighted base", "Effective base"}:
            from_csv += [float(cell) for cell in line[1::3] if cell]
    assert page == from_book == from_csv
    assert len(page) > 50
    assert f"'{FORMULA}" in reply
    with store.read() as session:
        noted = session.exec(select(AuditEntry).where(AuditEntry.action == "export tables")).all()
        assert [entry.detail["kind"] for entry in noted] == ["xlsx", "csv"]


def test_a_set_is_listed_and_of_no_other_wave(researcher, address: str, made: str, store: Store):
    assert "By group" in text(researcher.get(address))
    with store.write() as session:
        other = add_wave(session)
    number = made.rsplit("/", 1)[1]
    assert researcher.get(f"/studies/waves/{other}/tables/{number}").status_code == 404


def test_tables_of_other_weights_than_those_in_force_say_so(
    researcher, address: str, made: str, store: Store, settings: Settings
):
    changed = "The weights of the wave have changed"
    assert changed not in text(researcher.get(made))
    researcher.post(address.replace("tables", "weights"), {"base": "yes"})
    assert changed in text(researcher.get(made))
    researcher.post(f"{made}/compute")
    assert work_off(store, settings, tabulating.TASK).state is JobState.DONE
    page = text(researcher.get(made))
    assert changed not in page
    assert "Weights: weighting plan, version 1." in page


def test_a_filter_that_nobody_passes_says_so(
    researcher, address: str, store: Store, settings: Settings
):
    reply = researcher.post(address, {**REQUEST, "filter_by": "sex", "kept": "x"})
    assert work_off(store, settings, tabulating.TASK).state is JobState.FAILED
    page = text(researcher.get(reply.headers["Location"]))
    assert "TAB-107" in page
    assert researcher.get(f"{reply.headers['Location']}/tables.csv").status_code == 404
