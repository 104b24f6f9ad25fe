"""Commands `soundings sample check` and `soundings sample import`."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import click
from sqlmodel import Session

from cati import sample as samples
from cati.rules.messages import BAD_REPLICATES, NO_STUDY, NO_WAVE
from cati.rules.samplefile import read_table
from cati.rules.samplerows import Known, read_people
from cati.sample import ImportOptions
from cati.store.contacts import Contacts
from foundation.database import Store, utc_now
from foundation.personal import FieldCipher
from foundation.problems import Place, Problem, ProblemsError
from foundation.settings import Settings
from survey import studies

EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)
WRITABLE = click.Path(dir_okay=False, path_type=Path)
ALL = "all"
MOST_REPLICATES = 100


@click.group()
def sample() -> None:
    """Check samples and import them into a wave."""


@sample.command()
@click.argument("file", type=EXISTING)
@click.option("--study", help="Short name of a study: check against one of its waves too.")
@click.option("--wave", type=int, help="Number of the wave in the study.")
@click.option("--country", default="CN", show_default=True, envvar="SOUNDINGS_COUNTRY",
              help="Region of numbers without a country code.")  # fmt: skip
def check(file: Path, *, study: str | None, wave: int | None, country: str) -> None:
    """Name everything wrong with the sample in FILE; store nothing."""
    if (study is None) != (wave is None):
        raise click.UsageError("--study and --wave belong together.")
    if study is None or wave is None:
        people, problems = read_people(read_table(file.read_bytes(), file.name), Known(country, ""))
    else:
        settings = Settings.from_env()
        with closing(Store(settings.store_url)) as store, store.read() as session:
            _table, people, problems = samples.check_sample(
                session, _contacts(settings), wave_named(session, study, wave),
                file.read_bytes(), file.name,
            )  # fmt: skip
    if any(problem.is_error for problem in problems):
        raise ProblemsError(problems)
    _warn(problems)
    click.echo(f"{len(people)} people, no errors.")
    for stratum, count in sorted(Counter(person.stratum for person in people).items()):
        click.echo(f"  {stratum or '(no stratum)'}: {count}")


@sample.command("import")
@click.argument("file", type=EXISTING)
@click.option("--study", required=True, help="Short name of the study.")
@click.option("--wave", required=True, type=int, help="Number of the wave in the study.")
@click.option("--replicates", default=1, show_default=True,
              type=click.IntRange(1, MOST_REPLICATES),
              help="Parts to be released one by one.")  # fmt: skip
@click.option("--release", default="", metavar="REPLICATES",
              help="Replicates to release at once: 'all', or for example 1-3,5.")  # fmt: skip
@click.option("--rejects", type=WRITABLE,
              help="Store the rows without fault; write the others to this CSV file.")  # fmt: skip
def import_(
    file: Path, *, study: str, wave: int, replicates: int, release: str, rejects: Path | None
) -> None:
    """Store the people in FILE as cases of a wave: all of them, or none when one row is wrong."""
    settings = Settings.from_env()
    options = ImportOptions(replicates, good_only=rejects is not None)
    with closing(Store(settings.store_url)) as store, store.write() as session:
        wave_id, now = wave_named(session, study, wave), utc_now()
        done = samples.import_sample(
            session, _contacts(settings), wave_id, file.read_bytes(), file.name,
            options=options, by=None, now=now, rng=random.SystemRandom(),
        )  # fmt: skip
        numbers = _numbers(session, wave_id, release)
        released = samples.release(session, wave_id, numbers, by=None, now=now) if numbers else 0
    _warn([problem for problem in done.problems if rejects or not problem.is_error])
    click.echo(f"{done.cases} cases stored, {released} released.")
    if rejects is not None and done.rejected:
        rejects.write_bytes(done.rejects)
        click.echo(f"{done.rejected} rows were not stored; {rejects} holds them.")


def wave_named(session: Session, study: str, number: int) -> int:
    """Return the id of a wave by its study's short name and its number; ProblemsError without."""
    lines = {line.study.key: line for line in studies.overview(session)}
    if study not in lines:
        raise ProblemsError([NO_STUDY.at(Place(), key=study, known=", ".join(sorted(lines)))])
    waves = {counted.wave.number: counted.wave.id for counted in lines[study].waves}
    wave_id = waves.get(number)
    if wave_id is None:
        raise ProblemsError([NO_WAVE.at(Place(), wave=number)])
    return wave_id


def _contacts(settings: Settings) -> Contacts:
    cipher = FieldCipher(settings.field_key, settings.index_key)
    return Contacts(cipher, settings.country, settings.zone)


def _warn(problems: Sequence[Problem]) -> None:
    for problem in problems:
        click.echo(problem.text(), err=True)


def _numbers(session: Session, wave_id: int, text: str) -> list[int]:
    """Return the replicates that `text` names; 'all' is every one that waits."""
    if text.strip() == ALL:
        found = samples.replicates(session, wave_id)
        return [replicate.number for replicate in found if replicate.released < replicate.cases]
    try:
        return sorted({n for part in text.split(",") if part.strip() for n in _range(part)})
    except ValueError:
        raise ProblemsError([BAD_REPLICATES.at(Place(), text=text)]) from None


def _range(part: str) -> range:
    first, _, last = part.partition("-")
    found = range(int(first), int(last or first) + 1)
    if not 0 < len(found) <= MOST_REPLICATES:
        raise ValueError(part)
    return found
