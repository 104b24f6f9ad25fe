"""Small files and short texts that would unpack to endless work: refused, or passed over."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest

from analysis.files.tables import COMMAND, LONGEST_HEADING, PAGE, Limits, columns, opened, records
from analysis.model.specify import model_from_json
from cati.rules.samplefile import read_table
from foundation.problems import ProblemsError
from foundation.workbooks import filled_rows, tags_within
from survey.language import spreadsheet
from survey.language.calculations import LONGEST, concat
from survey.language.patterns import PatternRefused, matches, read_pattern
from survey.language.reader import read_workbook

SPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
READERS = [read_workbook, read_table]


def a_workbook(rows: str, shared: str = "") -> bytes:
    """Return an .xlsx file with the rows and the table of shared texts as given."""
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
        'relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{KIND}.sheet.main+xml"/>'
        f'<Override PartName="/xl/s.xml" ContentType="{KIND}.worksheet+xml"/>'
        f'<Override PartName="/xl/t.dat" ContentType="{KIND}.sharedStrings+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{SPACE}" xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="survey" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{OFFICE}/worksheet" Target="s.xml"/></Relationships>',
        "xl/s.xml": f'<worksheet xmlns="{SPACE}"><sheetData>{rows}</sheetData></worksheet>',
        "xl/t.dat": shared or f'<sst xmlns="{SPACE}"/>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in parts.items():
            file.writestr(name, text)
    return out.getvalue()


def a_cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


HEAD = f'<row r="1">{a_cell("A1", "id")}{a_cell("B1", "phone")}</row>'


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize(
    "shared",
    [
        '<!DOCTYPE t [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE t [<!ENTITY a "xxxxxxxxxx"><!ENTITY b "&a;&a;&a;&a;">]>',
    ],
)
def test_entities_are_refused_wherever_they_hide(read: Callable[[bytes, str], object], shared: str):
    texts = f'{shared}<sst xmlns="{SPACE}"><si><t>&a;</t></si></sst>'
    rows = f'{HEAD}<row r="2"><c r="A2" t="s"><v>0</v></c></row>'
    with pytest.raises(ProblemsError):
        read(a_workbook(rows, texts), "a.xlsx")


@pytest.mark.parametrize("read", READERS)
def test_a_file_of_more_tags_than_people_write_is_refused(read: Callable[[bytes, str], object]):
    with pytest.raises(ProblemsError):
        read(a_workbook(HEAD + "<row/>" * 8_100_000), "a.xlsx")


def test_the_tags_of_all_parts_count_together():
    data = a_workbook("<row/>" * 100)
    assert tags_within(data, 200)
    assert not tags_within(data, 100)


def test_rows_that_are_not_in_the_file_are_passed_over():
    import openpyxl

    rows = f'{HEAD}<row r="2"/><row r="5">{a_cell("B5", "x")}</row>'
    book = openpyxl.load_workbook(io.BytesIO(a_workbook(rows)), read_only=True)
    sheet = book.worksheets[0]
    found = list(filled_rows(sheet.iter_rows(max_row=1_048_576, max_col=300)))
    assert [number for number, _ in found] == [1, 5]
    assert found[1][1][1].value == "x"


def test_a_value_in_the_last_cell_is_a_problem_of_its_row():
    rows = f'{HEAD}<row r="1048576">{a_cell("XFD1048576", "x")}{a_cell("A1048576", "y")}</row>'
    with pytest.raises(ProblemsError, match="SMPL-024"):
        read_table(a_workbook(rows), "a.xlsx")


def test_the_limit_of_a_questionnaire_leaves_room_for_the_largest():
    # 200 full columns of 5,000 rows need more than a questionnaire has; 60 need five tags each.
    assert spreadsheet.MAX_TAGS >= 5_000 * 60 * 5


@pytest.mark.parametrize(
    "pattern", ["(((){999}){999}){999}", "((((a{0}){999}){999}){999})", "((|){9}){999}"]
)
def test_a_pattern_that_repeats_nothing_for_ever_is_refused(pattern: str):
    with pytest.raises(PatternRefused):
        read_pattern(pattern)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [(r"[^@ ]+@[^@ ]+\.[a-z]+", "a@b.cn"), ("[0-9]{1,18}", "123"), ("(ab)+", "abab")],
)
def test_patterns_that_people_write_are_read(pattern: str, text: str):
    assert matches(read_pattern(pattern), text)


def test_calculations_that_double_each_other_end():
    text = "x"
    for _ in range(64):
        text = concat(text, text)
    assert len(text) == LONGEST


@pytest.mark.parametrize(
    "text", [rb'{"note": "\ud800"}', b"[" * 100_000, b'{"a":' + b"9" * 6000 + b"}"]
)
def test_a_model_file_that_no_page_could_show_is_no_json(text: bytes):
    with pytest.raises(ProblemsError, match="JSON"):
        model_from_json(text, "m.json")


MEGABYTES = 25_000_000
ANSWERS = b",".join(b"q%d" % number for number in range(24))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (ANSWERS + b"\n" * MEGABYTES, "DATA-323"),
        (ANSWERS + b"\n" + b"1,1\n" * 6_000_000, "DATA-323"),
        (ANSWERS + b"\r" * MEGABYTES, "DATA-323"),
        (ANSWERS + b"\n" + b"," * MEGABYTES, "DATA-324"),
        (b"," * MEGABYTES + b"\n1", "DATA-322"),
        (b'"' + b"q\n" * 12_000_000, "DATA-316"),
        (b"\n" * MEGABYTES + ANSWERS, "DATA-322"),
    ],
)
def test_a_file_of_answers_that_a_page_would_read_for_minutes_is_refused(content: bytes, code: str):
    with pytest.raises(ProblemsError, match=code) as error:
        table = opened(content, "a.csv", PAGE)
        columns(table, list(table.heading), pandas=False)
    assert len(error.value.problems) == 1
    assert "%" not in str(error.value)


def test_the_limits_are_of_what_is_there_and_no_row_less():
    def read(content: bytes) -> int:
        return len(list(records(opened(content, "a.csv", Limits(rows=3, cells=6)))))

    assert read(b"a,b\n1,2\n\n3,4\n") == 3
    assert read(b"a,b\n1,2\n3,4\n5,6") == 3
    with pytest.raises(ProblemsError, match="more than 3 rows"):
        read(b"a,b\n\n\n\n\n")
    with pytest.raises(ProblemsError, match="more than 6 cells"):
        read(b"a,b,c\n1,2,3\n4,5,6\n7,8,9\n")


def test_a_line_end_within_quotation_marks_is_no_row():
    assert len(list(records(opened(b'a\n"1\n\n\n2"\n', "a.csv", Limits(rows=1, cells=1))))) == 1


def test_a_command_reads_what_a_page_does_not():
    content = b"a\n" + b"1\n" * (PAGE.rows + 1)
    assert len(columns(opened(content, "a.csv"), ["a"], pandas=False)[0]) == PAGE.rows + 1
    with pytest.raises(ProblemsError, match=r"reads 5,000,000 rows"):
        columns(opened(content, "a.csv", PAGE), ["a"], pandas=False)
    assert PAGE.rows < COMMAND.rows
    assert LONGEST_HEADING > 20_000 * 20


def test_rows_of_the_wrong_length_are_listed_once_and_then_counted():
    values, problems = columns(opened(b"a,b\n" + b"1\n" * 1000, "a.csv", PAGE), ["a"], pandas=False)
    assert len(values) == 0
    assert [problem.message.code for problem in problems] == ["DATA-314"] * 50 + ["DATA-317"]
    assert problems[-1].values == {"count": "950"}
