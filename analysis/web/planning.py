"""The researcher's page of plans: sizes, margins, allocation; the margins of running fields."""

from __future__ import annotations

from math import isfinite
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from accounts.store.tables import Role
from accounts.web import site
from accounts.web.policy import allow
from analysis import planfields, plans, planviews
from analysis.plans import PlanPage
from analysis.web.reports import is_busy, problems_of, progress_text
from foundation.problems import Problem, ProblemsError

bp = Blueprint("planning", __name__, url_prefix="/planning")
Page = str | tuple[str, int] | Response
MARGIN = 2.0
LARGEST_MARGIN = 50.0


@bp.get("/")
@allow(Role.RESEARCHER)
def show() -> str:
    """Show the questions, the fields that run, and the newest answers."""
    name = request.args.get("kind", planfields.FIRST)
    return _page(planfields.KINDS.get(name) or abort(404))


@bp.post("/")
@allow(Role.RESEARCHER)
def ask() -> Page:
    """Check what was typed, and ask a worker for the answer."""
    kind = planfields.KINDS.get(request.form.get("kind", "")) or abort(404)
    try:
        asked = planfields.read(kind, request.form)
    except ProblemsError as error:
        return _page(kind, problems=error.problems), 422
    typed = {entry.name: request.form.get(entry.name, "") for entry in kind.entries}
    with site.store().write() as db:
        plan = plans.ask(db, kind.name, {**asked, "typed": typed}, by=site.me().id, now=site.now())
    return redirect(url_for("planning.plan", plan_id=plan.id))


@bp.get("/<int:plan_id>")
@allow(Role.RESEARCHER)
def plan(plan_id: int) -> str:
    """Show one question with its answer."""
    with site.store().read() as db:
        page = plans.page(db, plan_id) or abort(404)
    return _page(planfields.KINDS[page.plan.kind], page=page)


@bp.get("/<int:plan_id>/progress")
@allow(Role.RESEARCHER)
def progress(plan_id: int) -> dict[str, Any]:
    """Tell the page's script whether the answer is there."""
    with site.store().read() as db:
        page = plans.page(db, plan_id) or abort(404)
    job = page.job or abort(404)
    return {"state": job.state.value, "done": 0, "total": 0, "text": progress_text(job)}


def _page(
    kind: planfields.Kind, *, page: PlanPage | None = None, problems: tuple[Problem, ...] = ()
) -> str:
    with site.store().read() as db:
        fields = plans.fields(
            db, wanted=_margin(), now=site.now(), zone=ZoneInfo(site.site().settings.zone)
        )
        recent = plans.recent(db)
    answer = page.plan.answer if page else None
    return render_template(
        "analysis/planning.html", kinds=planfields.KINDS, kind=kind, page=page, recent=recent,
        problems=problems, entered=_entered(kind, page, bool(problems)), fields=fields,
        margin=_margin(), is_busy=bool(page) and is_busy(page.job if page else None),
        job_problems=problems_of(page.job if page else None),
        figures=planviews.figures(kind.name, answer) if answer else (),
        table=planviews.strata_table(answer) if answer else None,
    )  # fmt: skip


def _entered(kind: planfields.Kind, page: PlanPage | None, failed: bool) -> Any:
    if failed:
        return request.form
    if page is not None:
        return page.plan.asked["typed"]
    return {entry.name: entry.start for entry in kind.entries}


def _margin() -> float:
    """Return the margin wanted of running fields, as asked for in the address."""
    value = request.args.get("margin", MARGIN, float)
    return value if isfinite(value) and 0 < value <= LARGEST_MARGIN else MARGIN
