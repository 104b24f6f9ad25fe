"""The researcher's page of composite scores: ratings and a scheme in, a league with errors out."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from accounts.store.tables import Role
from accounts.web import site
from accounts.web.policy import allow
from analysis import compositefields, compositemessages, compositescheme, compositeviews, plans
from analysis.compositescheme import LONGEST_NAME, OPTIONS, READY, is_name
from analysis.plans import PlanPage
from analysis.web import compositefiles
from analysis.web.reports import is_busy, problems_of, progress_text
from foundation import jobs
from foundation.problems import Place, Problem, ProblemsError
from survey.web import entries

bp = Blueprint("composites", __name__, url_prefix="/scores")
Page = str | tuple[str, int] | AnyResponse
FIRST = "teller-star"
POSTING = "podium"
Json = dict[str, Any]


@bp.get("/")
@allow(Role.RESEARCHER)
def show() -> str:
    """Show where ratings and a scheme are typed in or uploaded, with a ready scheme."""
    return _page(None, _start(READY.get(request.args.get("scheme", FIRST)) or abort(404)))


@bp.post("/")
@allow(Role.RESEARCHER)
def ask() -> Page:
    """Read scheme and ratings, and ask a worker for the scores."""
    try:
        asked = _read()
    except ProblemsError as error:
        return _page(None, request.form, error.problems), 422
    with site.store().write() as db:
        plan = plans.ask(db, plans.COMPOSITE, asked, by=site.me().id, now=site.now())
    return redirect(url_for("composites.one", plan_id=plan.id))


@bp.get("/<int:plan_id>")
@allow(Role.RESEARCHER)
def one(plan_id: int) -> str:
    """Show the scores, or how far they are."""
    page = _found(plan_id)
    asked: Any = page.plan.asked
    ratings = compositefields.as_text(asked["ratings"])
    return _page(page, _start(asked["scheme"]) | {"title": asked["title"], "ratings": ratings})


@bp.get("/<int:plan_id>/podium")
@allow(Role.RESEARCHER)
def podium(plan_id: int) -> str:
    """Show what may be posted: the first places; the others are counted, never named."""
    page = _found(plan_id)
    answer: Any = page.plan.answer or abort(404)
    return render_template(
        "analysis/podium.html", page=page, posted=compositeviews.posted(answer),
        scheme=answer["scheme"], views=compositeviews,
    )  # fmt: skip


@bp.get("/<int:plan_id>/progress")
@allow(Role.RESEARCHER)
def progress(plan_id: int) -> dict[str, Any]:
    """Tell the page's script whether the scores are there."""
    job = _found(plan_id).job or abort(404)
    return {"state": job.state.value, "done": 0, "total": 0, "text": progress_text(job)}


@bp.get("/<int:plan_id>/<any(scores, podium):what>.<any(xlsx, csv):kind>")
@allow(Role.RESEARCHER)
def download(plan_id: int, what: str, kind: str) -> Response:
    """Download the whole table, or the first places only."""
    page = _found(plan_id)
    answer: Any = page.plan.answer or abort(404)
    with site.store().write() as db:
        form = f"{what} {kind}"
        plans.note_export(db, plan_id, form=form, by=site.me().id, now=site.now())
    return compositefiles.taken(page.plan, answer, kind, is_posting=what == POSTING)


def _read() -> Json:
    """Return title, scheme and ratings; every problem of all of them together."""
    problems: list[Problem] = []
    form = request.form
    title = form.get("title", "").strip()
    if title and not is_name(title):
        place = Place(item="title")
        problems.append(compositemessages.BAD_NAME.at(place, value=title[:LONGEST_NAME],
                                                      most=LONGEST_NAME))  # fmt: skip
    scheme: Json = {}
    ratings: list[compositefields.Rating] = []
    try:
        scheme = compositescheme.from_form(form)
    except ProblemsError as error:
        problems += error.problems
    known = compositescheme.typed_names(form.get("sources", ""))
    try:
        content, file = _content()
        ratings = compositefields.read_ratings(content, known, file)
    except ProblemsError as error:
        problems += error.problems
    if problems:
        raise ProblemsError(problems)
    return {"title": title, "scheme": scheme, "ratings": ratings}


def _content() -> tuple[bytes | str, str]:
    if (file := request.files.get("file")) is not None and file.filename:
        return entries.uploaded("file")
    return request.form.get("ratings", ""), ""


def _found(plan_id: int) -> PlanPage:
    with site.store().read() as db:
        return plans.page(db, plan_id, kind=plans.COMPOSITE) or abort(404)


def _start(scheme: Any) -> Json:
    """Return a scheme as the fields of the form."""
    return {
        "title": "",
        "ratings": "",
        "sources": compositescheme.as_lines(scheme),
        "missing": scheme["missing"],
        **{name: scheme[name] for name in OPTIONS},
    }


def _page(page: PlanPage | None, entered: Any, problems: tuple[Problem, ...] = ()) -> str:
    with site.store().read() as db:
        recent = plans.recent(db, kind=plans.COMPOSITE)
    answer: Any = page.plan.answer if page else None
    return render_template(
        "analysis/composites.html", page=page, entered=entered, problems=problems, answer=answer,
        recent=recent, ready=READY, views=compositeviews, options=OPTIONS,
        remarks=_remarks(answer), is_busy=bool(page) and is_busy(page.job if page else None),
        job_problems=problems_of(page.job if page else None),
    )  # fmt: skip


def _remarks(answer: Any) -> dict[str, list[Problem]]:
    """Return what is said under each unit."""
    return {
        row["unit"]: [jobs.from_json(one) for one in row["remarks"]
                      if compositeviews.is_said_below(one)]
        for row in (answer["units"] if answer else ())
    }  # fmt: skip
