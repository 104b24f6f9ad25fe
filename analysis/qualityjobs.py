"""What workers do for the pages of quality and planning. Each may be sent twice."""

from __future__ import annotations

from typing import Any

from analysis import assessing, compositescores, planned, plans, publishedcheck, quality
from analysis.store.tables import SamplePlan
from foundation.database import utc_now
from foundation.jobs import Work, as_json


def assess_quality(work: Work) -> None:
    """Judge the quality of the wave `work.subject`; figures and "done" are written together."""
    with work.store.read() as session:
        evidence = assessing.gather(session, work.subject)
    seed = work.params["seed"]
    assert isinstance(seed, int)  # noqa: S101 - our own row
    found = assessing.assess(evidence, seed=seed)
    with work.store.write() as session:
        work.finish(session)
        quality.keep(session, found, job_id=work.job_id, now=utc_now())


def answer_plan(work: Work) -> None:
    """Answer the planning question, check the tables or compute the scores `work.subject`."""
    with work.store.read() as session:
        plan = session.get_one(SamplePlan, work.subject)
    asked: Any = plan.asked
    if plan.kind == plans.PUBLISHED:
        found, told = publishedcheck.check(asked["tables"], asked["deff"])
        found["findings"] = [as_json(problem) for problem in told]
    elif plan.kind == plans.COMPOSITE:
        found, remarks = compositescores.score(asked["scheme"], asked["ratings"])
        for row in found["units"]:
            row["remarks"] = [as_json(problem) for problem in remarks[row["unit"]]]
    else:
        found = planned.answer(plan.kind, asked)
    with work.store.write() as session:
        work.finish(session)
        plans.keep(session, work.subject, found)
