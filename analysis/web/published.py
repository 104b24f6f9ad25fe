"""The researcher's page that checks a published table: bases, sums, intervals, claims."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from accounts.store.tables import Role
from accounts.web import site
from accounts.web.policy import allow
from analysis import plans, publishedfields
from analysis.plans import PlanPage
from analysis.web.reports import is_busy, problems_of, progress_text
from foundation import jobs
from foundation.problems import Problem, ProblemsError
from survey.web import entries

bp = Blueprint("published", __name__, url_prefix="/published")
Page = str | tuple[str, int] | Response
EXAMPLE = (
    "table;base;answers;label;percent;claim\n"
    "Satisfaction;97;single;satisfied or rather satisfied;48.4;<50\n"
    "Most urgent;97;single;efficiency;52.6;\n"
    "Most urgent;97;single;attitude;26.8;\n"
)


@bp.get("/")
@allow(Role.RESEARCHER)
def show() -> str:
    """Show where a table is typed in or uploaded, with an example."""
    return _page(None, ())


@bp.post("/")
@allow(Role.RESEARCHER)
def check() -> Page:
    """Read the tables, and ask a worker to check them."""
    try:
        tables, deff = _read()
    except ProblemsError as error:
        return _page(None, error.problems), 422
    asked = {"tables": tables, "deff": deff, "typed": request.form.get("tables", "")}
    with site.store().write() as db:
        plan = plans.ask(db, plans.PUBLISHED, asked, by=site.me().id, now=site.now())
    return redirect(url_for("published.checked", plan_id=plan.id))


@bp.get("/<int:plan_id>")
@allow(Role.RESEARCHER)
def checked(plan_id: int) -> str:
    """Show what the check of some tables found."""
    return _page(_found(plan_id), ())


@bp.get("/<int:plan_id>/progress")
@allow(Role.RESEARCHER)
def progress(plan_id: int) -> dict[str, Any]:
    """Tell the page's script whether the check is done."""
    job = _found(plan_id).job or abort(404)
    return {"state": job.state.value, "done": 0, "total": 0, "text": progress_text(job)}


def _read() -> tuple[list[dict[str, Any]], float]:
    problems: list[Problem] = []
    tables: list[dict[str, Any]] = []
    deff = 1.0
    try:
        tables = publishedfields.read_tables(*_content())
    except ProblemsError as error:
        problems += error.problems
    try:
        deff = publishedfields.read_effect(request.form.get("deff", ""))
    except ProblemsError as error:
        problems += error.problems
    if problems:
        raise ProblemsError(problems)
    return tables, deff


def _content() -> tuple[bytes | str, str]:
    if (file := request.files.get("file")) is not None and file.filename:
        return entries.uploaded("file")
    return request.form.get("tables", ""), ""


def _found(plan_id: int) -> PlanPage:
    with site.store().read() as db:
        return plans.page(db, plan_id, kind=plans.PUBLISHED) or abort(404)


def _page(page: PlanPage | None, problems: tuple[Problem, ...]) -> str:
    answer: Any = page.plan.answer if page else None
    asked: Any = page.plan.asked if page else None
    typed = request.form.get("tables") if problems else asked["typed"] if asked else EXAMPLE
    effect = request.form.get("deff", "") if problems else f"{asked['deff']:g}" if asked else ""
    return render_template(
        "analysis/published.html", page=page, problems=problems, answer=answer, typed=typed,
        effect=effect, is_busy=bool(page) and is_busy(page.job if page else None),
        job_problems=problems_of(page.job if page else None),
        findings=[jobs.from_json(one) for one in answer["findings"]] if answer else [],
    )  # fmt: skip
