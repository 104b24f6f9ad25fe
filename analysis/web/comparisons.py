"""The researcher's comparison of groups and search for segments: ask, follow, read."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as Redirect

from accounts.store.tables import Role
from accounts.web import site
from accounts.web.policy import allow
from analysis import findings, waves
from analysis.modelviews.comparison import Comparison, comparison, methods_of, segmentation
from analysis.modelviews.sheets import Sheet
from analysis.store.tables import FindingKind, ModelFinding
from analysis.web import sections, tablefiles
from analysis.web.reports import is_busy, problems_of, progress_text
from foundation import jobs
from survey import studies
from survey.store.tables import Study, Wave

bp = Blueprint("comparisons", __name__, url_prefix="/models/waves/<int:wave_id>/compare")
METHOD_NAMES = {
    "permutation": _l("Permutation test"),
    "henseler": _l("Henseler's bootstrap test"),
    "parametric": _l("Parametric test (equal variances)"),
    "welch": _l("Welch test"),
    "design": _l("t test under the sampling design"),
}
CORRECTION_NAMES = {
    "holm": _l("Holm"),
    "bonferroni": _l("Bonferroni"),
    "benjamini-hochberg": _l("Benjamini-Hochberg"),
    "none": _l("none"),
}
KINDS = {"groups": FindingKind.COMPARISON, "segments": FindingKind.SEGMENTS}
TASKS = {"groups": findings.COMPARE_TASK, "segments": findings.SEGMENT_TASK}
MOST_SEGMENTS = 5
WHAT = f"<any({', '.join(KINDS)}):what>"
KIND = f"<any({', '.join(tablefiles.KINDS)}):kind>"


@bp.get("/groups")
@allow(Role.RESEARCHER)
def show(wave_id: int) -> str:
    """Show the newest comparison of groups, and the form that asks for another."""
    return _page(wave_id, "groups")


@bp.get("/segments")
@allow(Role.RESEARCHER)
def segments(wave_id: int) -> str:
    """Show the newest search for segments, and the form that asks for another."""
    return _page(wave_id, "segments")


@bp.post(f"/{WHAT}")
@allow(Role.RESEARCHER)
def ask(wave_id: int, what: str) -> Redirect:
    """Ask a worker; what cannot be asked for is refused."""
    wave, _study = _wave(wave_id)
    asked = _asked(wave) if what == "groups" else _segmenting()
    task = TASKS[what]
    with site.store().write() as db:
        if not is_busy(findings.newest_job(db, task, wave_id)):
            findings.request(db, task, wave_id, asked, by=site.me().id)
    flash(_("The computation was asked for."), "success")
    page = "comparisons.show" if what == "groups" else "comparisons.segments"
    return redirect(url_for(page, wave_id=wave_id))


@bp.get(f"/{WHAT}/progress")
@allow(Role.RESEARCHER)
def progress(wave_id: int, what: str) -> dict[str, Any]:
    """Tell the page's script how far the newest work of a kind is."""
    with site.store().read() as db:
        job = findings.newest_job(db, TASKS[what], wave_id) or abort(404)
    return {
        "state": job.state.value, "done": job.done, "total": job.total, "text": progress_text(job),
    }  # fmt: skip


@bp.get(f"/{WHAT}/tables.{KIND}")
@allow(Role.RESEARCHER)
def download(wave_id: int, what: str, kind: str) -> Response:
    """Download the tables of the newest finding, or the one that is named."""
    wave, _study = _wave(wave_id)
    found = _found(wave_id, what)
    if not found:
        abort(404)
    wanted = request.args.get("table", "")
    sheets = [own for own in _sheets(wave, what, found[0]) if wanted in ("", own.key)]
    if not sheets:
        abort(404)
    with site.store().write() as db:
        findings.note_download(db, wave_id, wanted or what, kind, by=site.me().id, now=site.now())
    return tablefiles.download(kind, sheets, _origin(found[0]), f"wave-{wave_id}-{what}")


def _page(wave_id: int, what: str) -> str:
    wave, study = _wave(wave_id)
    found = _found(wave_id, what)
    with site.store().read() as db:
        job = findings.newest_job(db, TASKS[what], wave_id)
        groupings = findings.groupings(db, wave) if what == "groups" else []
        result = waves.report_page(db, wave_id)
    newest = found[0] if found else None
    return render_template(
        "analysis/compare.html",
        wave=wave, study=study, what=what, finding=newest, method=_method(newest),
        sheets=_sheets(wave, what, newest) if newest else (),
        warnings=_said(newest),
        groupings=groupings, by=_by(newest, groupings),
        methods=METHOD_NAMES, tests=_tests(newest, what),
        corrections=CORRECTION_NAMES, most=MOST_SEGMENTS,
        is_stale=_is_stale(newest, result),
        titles=sections.TITLES, texts=tablefiles.reader(),
        job=job, is_busy=is_busy(job), job_problems=problems_of(job),
    )  # fmt: skip


def _wave(wave_id: int) -> tuple[Wave, Study]:
    with site.store().read() as db:
        wave = studies.wave(db, wave_id) or abort(404)
        return wave, studies.study(db, wave.study_id) or abort(404)


def _found(wave_id: int, what: str) -> list[ModelFinding]:
    with site.store().read() as db:
        return findings.newest(db, wave_id, KINDS[what])


def _asked(wave: Wave) -> findings.Asked:
    entered = request.form
    by, method = entered.get("by", ""), entered.get("method", "")
    correction: Any = entered.get("correction", "")
    with site.store().read() as db:
        known = {own.key for own in findings.groupings(db, wave)}
    if by not in known or method not in METHOD_NAMES or correction not in CORRECTION_NAMES:
        abort(400)
    return findings.Asked(by, method, correction, entered.get("weighted") == "yes")


def _segmenting() -> findings.Segmenting:
    entered = request.form.get("most", "")
    most = int(entered) if entered.isdecimal() else MOST_SEGMENTS
    return findings.Segmenting(most=min(max(most, 2), MOST_SEGMENTS))


def _method(finding: ModelFinding | None) -> str:
    asked = request.args.get("method", "")
    stored = str(finding.asked.get("method", "")) if finding else ""
    wanted = asked if asked in METHOD_NAMES else stored or "permutation"
    is_comparison = finding is not None and finding.kind is FindingKind.COMPARISON
    there = methods_of(finding.numbers) if finding and is_comparison else ()
    return wanted if wanted in there or not there else there[-1]


def _tests(finding: ModelFinding | None, what: str) -> dict[str, Any]:
    """Return the names of the tests that a comparison has p values of."""
    there = methods_of(finding.numbers) if finding and what == "groups" else ()
    return {key: name for key, name in METHOD_NAMES.items() if key in there}


def _sheets(wave: Wave, what: str, finding: ModelFinding) -> tuple[Sheet, ...]:
    if what == "segments":
        return segmentation(finding.numbers)
    with site.store().read() as db:
        known = {own.key: own.groups for own in findings.groupings(db, wave)}
    groups = known.get(str(finding.asked["by"]), {})
    return comparison(Comparison(finding.numbers, _method(finding), groups))


def _by(finding: ModelFinding | None, groupings: list[findings.Grouping]) -> Any:
    """Return what to call the variable of a finding, as the questionnaire does."""
    key = finding.asked.get("by") if finding else None
    found = (own.label for own in groupings if own.key == key)
    return next(found, {"und": str(key or "").partition(":")[2]})


def _said(finding: ModelFinding | None) -> list[Any]:
    stored: Any = finding.numbers["said"] if finding else []
    return [jobs.from_json(own) for own in stored]


def _is_stale(finding: ModelFinding | None, page: Any) -> bool:
    """Tell whether the wave was computed with another model or other answers since."""
    if finding is None or page is None or page.result is None:
        return False
    return bool(page.result.numbers["run"]["model_digest"] != finding.model_digest)


def _origin(finding: ModelFinding) -> dict[str, object]:
    return {
        "wave": finding.wave_id,
        "finding": finding.id,
        "computed": finding.created_at.isoformat(),
        **finding.asked,
        "model_digest": finding.model_digest,
        "data_digest": finding.data_digest,
        "code_version": finding.code_version,
    }
