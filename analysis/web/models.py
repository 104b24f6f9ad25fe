"""The researcher's model results: a workbench of sections, each with its tables and files."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, render_template, request

from accounts.store.tables import Role
from accounts.web import site
from accounts.web.language import pick
from accounts.web.policy import allow
from analysis import findings, waves
from analysis.modelviews.diagram import diagram
from analysis.modelviews.judgement import MARKS
from analysis.modelviews.stored import Stored
from analysis.waves import ReportPage
from analysis.web import sections, tablefiles
from analysis.web.reports import is_busy, problems_of
from foundation import jobs

bp = Blueprint("models", __name__, url_prefix="/models/waves/<int:wave_id>")
SECTION = f"<any({', '.join(sections.TITLES)}):section>"
KIND = f"<any({', '.join(tablefiles.KINDS)}):kind>"


@bp.get("")
@allow(Role.RESEARCHER)
def wave(wave_id: int) -> str:
    """Show the path diagram of a wave's model, or that nothing is computed yet."""
    return _page(wave_id, "diagram")


@bp.get(f"/{SECTION}")
@allow(Role.RESEARCHER)
def show(wave_id: int, section: str) -> str:
    """Show one section of a wave's model results."""
    return _page(wave_id, section)


@bp.get(f"/{SECTION}/tables.{KIND}")
@allow(Role.RESEARCHER)
def download(wave_id: int, section: str, kind: str) -> Response:
    """Download the tables of a section, or the one that is named, exactly as the page has them."""
    page, found = _read(wave_id)
    if page.result is None:
        abort(404)
    sheets = sections.section(section, Stored(page.result.numbers), found).sheets
    wanted = request.args.get("table", "")
    chosen = [sheet for sheet in sheets if wanted in ("", sheet.key)] or abort(404)
    with site.store().write() as db:
        findings.note_download(
            db, wave_id, wanted or section, kind, by=site.me().id, now=site.now()
        )
    name = f"wave-{wave_id}-{section}"
    return tablefiles.download(kind, chosen, _origin(page), name)


def _page(wave_id: int, section: str) -> str:
    page, found = _read(wave_id)
    result = page.result
    stored = Stored(result.numbers) if result else None
    return render_template(
        "analysis/model.html",
        page=page,
        section=section,
        titles=sections.TITLES,
        shown=sections.section(section, stored, found) if stored else None,
        judged=found,
        extras=_extras(section, stored, found) if stored else {},
        texts=tablefiles.reader(),
        is_busy=is_busy(page.job),
        job_problems=problems_of(page.job),
    )


def _extras(section: str, stored: Stored, found: Any) -> dict[str, Any]:
    """Return what one section shows beside its tables."""
    if section == "diagram":
        labels = {name: pick(dict(stored.label(name))) for name in stored.numbers["labels"]}
        return {"diagram": diagram(stored, labels), "labels": labels}
    if section == "judging" and found and found["judgement"]:
        choice = sections.choice_of(found["judgement"])
        return {"choice": choice, "marks": MARKS, "criteria": found["judgement"]["criteria"]}
    if section == "importance" and found:
        return {
            "target": sections.target_of(stored, found),
            "targets": {name: stored.label(name) for name in found["importance_performance"]},
        }
    if section == "opinion":
        said = stored.numbers["cbsem"].get("said", ())
        return {"said": [jobs.from_json(own) for own in said], "cbsem": stored.numbers["cbsem"]}
    return {"run": stored.run, "dropped": stored.numbers["errors"].get("dropped")}


def _read(wave_id: int) -> tuple[ReportPage, Any]:
    with site.store().read() as db:
        page = waves.report_page(db, wave_id) or abort(404)
        found = findings.judgement(db, page.result) if page.result else None
    return page, found


def _origin(page: ReportPage) -> dict[str, object]:
    result = page.result
    assert result is not None  # noqa: S101 - asked before
    return {
        "wave": page.wave.id,
        "result": result.id,
        "computed": result.created_at.isoformat(),
        "seed": result.seed,
        "resamples": result.resamples,
        "model_digest": Stored(result.numbers).run["model_digest"],
        "data_digest": result.data_digest,
        "form_digest": result.form_digest,
        "code_version": result.code_version,
    }
