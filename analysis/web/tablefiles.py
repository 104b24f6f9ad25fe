"""Tables of a page as files: Excel, CSV and JSON. Texts are texts, never formulas or links."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

import xlsxwriter
from flask import Response
from flask_babel import gettext

from accounts.web import language
from analysis.modelviews.sheets import Number, Reader, Sheet, as_json
from survey.formats.delimited import as_csv
from survey.formats.excel import LONGEST_CELL, OPTIONS

CSV = "text/csv; charset=utf-8"
JSON = "application/json"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS = ("xlsx", "csv", "json")
LONGEST_NAME = 31
Origin = Mapping[str, object]


def reader() -> Reader:
    """Return how texts are put into the language of this request."""
    return Reader(lambda text: str(gettext(text)), language.pick)


def download(kind: str, sheets: Sequence[Sheet], origin: Origin, name: str) -> Response:
    """Return tables as a file; a CSV file holds the first of them."""
    if kind == "xlsx":
        return _file(workbook(sheets, origin), XLSX, f"{name}.xlsx")
    if kind == "csv":
        own = sheets[0]
        head = [reader().title(column) for column in own.columns]
        content = as_csv(head, _rows(own), for_excel=True)
        return _file(content, CSV, f"{name}-{own.key}.csv")
    found = {"origin": dict(origin), **as_json(sheets, reader())}
    text = json.dumps(found, ensure_ascii=False, indent=1, allow_nan=False, default=str)
    return _file(text.encode(), JSON, f"{name}.json")


def workbook(sheets: Sequence[Sheet], origin: Origin) -> bytes:
    """Return tables as a workbook, a sheet each, with their origin on the last."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        for sheet in sheets:
            _write(book, sheet)
        last = book.add_worksheet("origin")
        for row, (key, value) in enumerate(origin.items()):
            last.write_string(row, 0, key)
            last.write_string(row, 1, str(value)[:LONGEST_CELL])
    return out.getvalue()


def _write(book: Any, sheet: Sheet) -> None:
    own = book.add_worksheet(sheet.key[:LONGEST_NAME])
    own.freeze_panes(1, 0)
    bold, texts = book.add_format({"bold": True}), reader()
    for place, column in enumerate(sheet.columns):
        own.write_string(0, place, texts.title(column), bold)
    formats: dict[int, Any] = {}
    for number, row in enumerate(sheet.rows, start=1):
        for place, cell in enumerate(row):
            if isinstance(cell, Number):
                if cell.value is not None:
                    shown = formats.setdefault(cell.digits, _format(book, cell.digits))
                    own.write_number(number, place, cell.value, shown)
            else:
                own.write_string(number, place, texts.text(cell)[:LONGEST_CELL])


def _format(book: Any, digits: int) -> Any:
    return book.add_format({"num_format": f"0.{'0' * digits}" if digits else "0"})


def _rows(sheet: Sheet) -> list[list[Any]]:
    texts = reader()
    return [[texts.plain(cell) for cell in row] for row in sheet.rows]


def _file(content: bytes, mimetype: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, mimetype=mimetype, headers=headers)
