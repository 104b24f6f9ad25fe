"""Commands about questionnaires: check, convert, try, publish."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

import click
from sqlmodel import Session, select

from accounts.store.tables import Person
from foundation.database import Store, utc_now
from foundation.settings import Settings
from survey import forms as form_service
from survey import trial
from survey.formats.columns import STATUS_NAMES
from survey.interview.choices import offered
from survey.interview.fills import spoken
from survey.interview.option_keys import keys_of
from survey.interview.state import Status
from survey.interview.validate import AnswerRejected, RawAnswer
from survey.language.forms import check_form, load_form
from survey.language.model import Form, Question, QuestionKind, Texts
from survey.language.reader import read_workbook
from survey.language.writer import to_markdown, to_xlsx
from survey.trial import Trial

FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
DK, REF, BACK, WHY, END = "/d", "/r", "/b", "/w", "/q"
KEYS = "Type the answer and Enter; /d don't know, /r refused, /b back, /w why asked, /q end."


@click.group()
def forms() -> None:
    """Check, convert, try and publish questionnaires."""


@forms.command()
@FILE
def check(file: Path) -> None:
    """Print everything that is wrong with a questionnaire; exit code 1 when there are errors."""
    form, problems = check_form(file.read_bytes(), file.name)
    for problem in problems:
        click.echo(f"{'error' if problem.is_error else 'warning'} {problem.text()}", err=True)
    if form is None:
        raise SystemExit(1)
    asked = sum(question.is_asked for question in form.questions)
    click.echo(f"{file.name}: {form.form_id} {form.version}, {asked} questions, no errors.")


@forms.command()
@FILE
@click.option("--to", "kind", required=True, type=click.Choice(["xlsx", "md"]))
@click.argument("out", type=click.File("wb", lazy=True))
def convert(file: Path, kind: str, out: BinaryIO) -> None:
    """Write a questionnaire as an Excel workbook or as Markdown tables to OUT."""
    workbook = read_workbook(file.read_bytes(), file.name)
    content = to_xlsx(workbook) if kind == "xlsx" else to_markdown(workbook).encode()
    out.write(content)
    click.echo(f"{out.name} written.")


@forms.command()
@FILE
@click.option("--by", "login", default="", help="Login of the researcher who publishes.")
def publish(file: Path, login: str) -> None:
    """Check a questionnaire and publish it as a version that never changes."""
    with closing(Store(Settings.from_env().store_url)) as store, store.write() as session:
        by, now = _person(session, login), utc_now()
        version = form_service.publish(session, file.read_bytes(), file.name, by=by, now=now)
        click.echo(f"{version.form_id} {version.version} is published.")


def _person(session: Session, login: str) -> int | None:
    if not login:
        return None
    person = session.exec(select(Person).where(Person.login == login.strip().lower())).first()
    if person is None:
        raise click.ClickException(f"there is no login '{login}'.")
    return person.id


@forms.command("try")
@FILE
@click.option("--language", default="", help="Language code; default: the form's own.")
@click.option("--var", "given", multiple=True, metavar="NAME=VALUE", help="A case variable.")
def try_out(file: Path, language: str, given: tuple[str, ...]) -> None:
    """Play a questionnaire in the terminal, as an interviewer would ask it; nothing is stored."""
    form = load_form(file.read_bytes(), file.name)
    at = trial.begin(form, variables=_variables(form, given), language=language, now=utc_now())
    if language and language not in form.languages:
        raise click.ClickException(f"the form speaks {', '.join(form.languages)}.")
    click.echo(KEYS)
    while at.route.current is not None:
        click.echo()
        for line in _asked(at, at.route.current):
            click.echo(line)
        typed = click.prompt(">", default="", show_default=False, prompt_suffix=" ").strip()
        if typed == END:
            return
        at = _taken(at, at.route.current, typed)
    click.echo(f"\nThe interview ends: {at.ending}.")


def _variables(form: Form, given: tuple[str, ...]) -> dict[str, str]:
    pairs = dict(pair.partition("=")[::2] for pair in given)
    known = [question.name for question in trial.variables_of(form)]
    for name in pairs:
        if name not in known:
            listed = ", ".join(known) or "none"
            raise click.ClickException(f"no case variable '{name}'; the form has {listed}.")
    return pairs


def _asked(at: Trial, question: Question) -> Iterator[str]:
    """Yield the lines of a question: what is read out, then what is for the interviewer."""

    def said(texts: Texts) -> str:
        return spoken(texts, at.form, at.route, contact=at.contact)

    total = max(at.route.expected, at.route.position)
    yield f"[{at.route.position} of about {total}] {question.name}"
    yield said(question.label)
    for mark, texts in (("", question.hint), ("* ", question.instruction), ("* ", question.probe)):
        if texts:
            yield f"{mark}{said(texts)}"
    keys = keys_of(at.form, question)
    for choice in offered(at.form, at.route, question):
        yield f"  {keys[choice.code]:>3}  {said(choice.label)}"
    answered = at.route.answers.get(question.name)
    if answered is not None and question.kind is not QuestionKind.NOTE:
        yield f"(so far: {answered.value if answered.value is not None else answered.status})"


def _taken(at: Trial, question: Question, typed: str) -> Trial:
    """Return the trial after what was typed; a refusal is told and changes nothing."""
    now = utc_now()
    if typed == BACK:
        return trial.back(at, now=now)
    if typed == WHY:
        for line in _why(at, question):
            click.echo(line)
        return at
    try:
        return trial.answer(at, question.name, _raw(at, question, typed), now=now)
    except AnswerRejected as refused:
        click.echo(f"! {refused.reason()}")
        return at


def _raw(at: Trial, question: Question, typed: str) -> RawAnswer:
    if typed in {DK, REF} and question.kind is not QuestionKind.NOTE:
        return RawAnswer(status=Status.DK if typed == DK else Status.REF)
    if question.choice_list is None:
        return RawAnswer(typed)
    codes = {key: code for code, key in keys_of(at.form, question).items()}
    words = typed.replace(",", " ").split()
    return RawAnswer(codes=tuple(codes.get(word, word) for word in words))


def _why(at: Trial, question: Question) -> Iterator[str]:
    found = trial.reasons(at, question)
    if not found:
        yield "Everybody is asked."
    for reason in found:
        of_group = f" (group {reason.group})" if reason.group else ""
        yield f"Asked because {reason.condition}{of_group}"
        for seen in reason.seen:
            value = seen.text or STATUS_NAMES.get(seen.status or "", "no answer")
            yield f"  {seen.name}: {value}"
