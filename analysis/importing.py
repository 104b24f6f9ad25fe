"""The command `soundings responses`: answers collected elsewhere become a wave."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import click

from analysis import uploads, waves
from analysis.files.tables import COMMAND
from foundation import jobs, queue
from foundation.database import Store, utc_now
from foundation.problems import ProblemsError
from foundation.settings import Settings
from foundation.tables import Job, JobState

INPUT = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def responses() -> None:
    """Import answers collected elsewhere."""


@responses.command("import")
@click.argument("data", type=INPUT, metavar="FILE.csv")
@click.option("--model", "model_file", type=INPUT, required=True, help="The model, as JSON.")
@click.option("--study", "key", default="", help="Short name of the study; default: the file's.")
@click.option("--title", default="", help="Title of the study when it is made now.")
@click.option("--wave-title", default="", help="Title of the wave; default: the file's name.")
def import_command(data: Path, model_file: Path, key: str, title: str, wave_title: str) -> None:
    """Make the answers in FILE.csv a wave of a study, and compute its index.

    Columns 'stratum', 'psu' and 'probability', if there are any, are the design of the sample;
    'panel_id' names people who may have answered in other waves of the study, too.
    """
    outside = uploads.checked(
        data.read_bytes(), data.name, model_file.read_bytes(), model_file.name, limits=COMMAND
    )
    settings = Settings.from_env()
    titles = {"title": {"en": title}, "wave_title": {"en": wave_title}}
    with closing(Store(settings.store_url)) as store:
        with store.write() as session:
            wave, job = uploads.add(session, outside, key=key, by=None, now=utc_now(), **titles)
        assert wave.id is not None and job.id is not None  # noqa: S101, PT018 - stored
        click.echo(f"{len(outside.rows)} rows of {data.name} are wave {wave.number} of its study.")
        # Computed here and now, unless a running worker was faster: the job is done once.
        queue.perform_in(store, settings, job.id)
        _say(store, wave.id, job.id)


def _say(store: Store, wave_id: int, job_id: int) -> None:
    with store.read() as session:
        job, page = session.get_one(Job, job_id), waves.report_page(session, wave_id)
    if job.state is JobState.FAILED:
        raise ProblemsError(jobs.from_json(stored) for stored in job.problems or [])
    if page is None or page.report is None:
        click.echo("A worker is computing its index; the report follows.")
        return
    index, name = page.report.index, next(iter(page.report.label.values()))
    between = f"{index.low_text} to {index.high_text}"
    click.echo(f"{name}: {index.text} ({between}; {index.exact}, SE {index.exact_se})")
    click.echo(f"The report is at /reports/waves/{wave_id}.")
