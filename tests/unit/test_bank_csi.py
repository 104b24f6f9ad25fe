"""What bank-csi promises: it is clean, bilingual, measures its model, and has an end for all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cati.rules.outcomes import outcome_ending
from survey.interview.choices import offered
from survey.interview.routing import Route, route
from survey.interview.state import Answer, State, Status
from survey.language.forms import check_form, digest, load_form
from survey.language.model import Form, Group, Question, QuestionKind
from survey.language.reader import read_workbook
from survey.language.writer import to_markdown

LIBRARY = Path(__file__).parents[2] / "survey" / "library"
NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
Given = Mapping[str, str | list[str] | Status]
FITS: Given = {"works_in_trade": "2"}
DRIVERS = ("staff", "waiting", "branches", "remote", "fees")


@pytest.fixture(scope="module")
def form() -> Form:
    return load_form((LIBRARY / "bank-csi.md").read_bytes(), "bank-csi.md")


def walk(form: Form, given: Given) -> Route:
    """Answer as given and else with the first choice, to the end of the interview."""
    answers: dict[str, Answer] = {}
    while True:
        at = route(form, State(answers=answers), now=NOW)
        if at.next is None:
            return at
        answers[at.next.name] = _answer(form, at, at.next, given)


def _answer(form: Form, at: Route, question: Question, given: Given) -> Answer:
    if question.kind is QuestionKind.NOTE:
        return Answer(Status.SEEN)
    said = given.get(question.name)
    if isinstance(said, Status):
        return Answer(said)
    if said is None:
        choices = offered(form, at, question)
        said = choices[0].code if choices else "1980"
    several = question.kind is QuestionKind.SELECT_MULTIPLE
    return Answer(Status.ANSWERED, [said] if several and isinstance(said, str) else said)


def test_bank_csi_has_no_defect_and_no_warning() -> None:
    _, problems = check_form((LIBRARY / "bank-csi.md").read_bytes(), "bank-csi.md")
    assert [problem.text() for problem in problems] == []


def test_the_excel_file_and_the_markdown_table_are_twins() -> None:
    """After a change: soundings forms convert bank-csi.md bank-csi.xlsx."""
    markdown, excel = (
        read_workbook((LIBRARY / name).read_bytes(), name)
        for name in ("bank-csi.md", "bank-csi.xlsx")
    )
    cells = [
        [(sheet.name, sheet.heading, [row.cells for row in sheet.rows]) for sheet in book.sheets]
        for book in (markdown, excel)
    ]
    assert cells[0] == cells[1]
    assert digest(markdown) == digest(excel)
    assert (LIBRARY / "bank-csi.md").read_text(encoding="utf-8") == to_markdown(excel)


def test_every_text_stands_in_english_and_in_chinese(form: Form) -> None:
    assert form.languages == ("en", "zh-Hans")
    texts = [t for q in form.questions for t in (q.label, q.instruction, q.probe)]
    texts += [choice.label for found in form.choice_lists.values() for choice in found.choices]
    assert all(set(text) in ({"en", "zh-Hans"}, set()) for text in texts)


def test_chinese_sentences_use_full_width_punctuation(form: Form) -> None:
    for question in form.questions:
        assert not set(question.label.get("zh-Hans", "")) & set(",;:?!"), question.name


def test_everything_asked_takes_an_answer_or_a_reason_for_none(form: Form) -> None:
    for question in form.questions:
        if question.is_asked and question.kind is not QuestionKind.NOTE:
            assert question.required or (question.dk and question.ref), question.name


def test_every_indicator_is_asked_of_everybody_on_ten_points(form: Form) -> None:
    full = walk(form, FITS)
    for indicators in form.constructs.values():
        assert len(indicators) >= 2
        for question in indicators:
            assert question.name in full.path
            assert question.relevant is None
            assert (question.points, question.dk, question.ref) == ((1, 10), True, True)
            assert [c.code for c in form.choices(question)] == [str(n) for n in range(1, 11)]


def test_each_construct_is_a_section_of_its_own_with_a_title_in_both_languages(form: Form) -> None:
    titles = {item.name: item.label for item in form.items if isinstance(item, Group)}
    for construct, indicators in form.constructs.items():
        assert {question.groups for question in indicators} == {(construct,)}
        assert set(titles[construct]) == {"en", "zh-Hans"}


def test_only_the_question_about_leaving_is_reversed(form: Form) -> None:
    assert [q.name for q in form.questions if q.reverse] == ["loyal_switch"]


def test_each_driver_leads_to_value_and_to_satisfaction(form: Form) -> None:
    assert set(form.constructs) == {
        *("image", "expectation", *DRIVERS, "value", "satisfaction", "loyalty")
    }
    for driver in DRIVERS:
        assert {("expectation", driver), (driver, "value"), (driver, "satisfaction")} <= {
            *form.paths
        }
    assert ("satisfaction", "loyalty") in form.paths


def test_every_early_end_has_an_outcome_of_the_floor(form: Form) -> None:
    ends = {q.name: q.end_with for q in form.questions if q.end_with}
    assert ends == {
        "end_wrong_person": "wrong_number",
        "end_refusal": "hard_refusal",
        "end_not_customer": "not_customer",
        "end_trade": "screened_out",
    }
    assert all(outcome_ending(code) is not None for code in ends.values())


@pytest.mark.parametrize(
    ("given", "outcome"),
    [
        ({"right_person": "3"}, "wrong_number"),
        ({"consent": "2"}, "hard_refusal"),
        ({"still_customer": "2"}, "not_customer"),
        ({"works_in_trade": "1"}, "screened_out"),
    ],
)
def test_screening_ends_politely_before_the_first_opinion(
    form: Form, given: Given, outcome: str
) -> None:
    at = walk(form, {**FITS, **given})
    assert at.ends_with == outcome
    assert not set(at.path) & {q.name for qs in form.constructs.values() for q in qs}


def test_a_follow_up_goes_to_users_of_its_channel_alone(form: Form) -> None:
    follow_ups = {"1": "branch_visits", "3": "app_use", "5": "call_settled"}
    for code, name in follow_ups.items():
        asked = set(walk(form, {**FITS, "channels": [code]}).path) & set(follow_ups.values())
        assert asked == {name}
    assert not set(walk(form, {**FITS, "channels": ["6"]}).path) & set(follow_ups.values())


def test_those_who_complained_are_asked_how_it_went_and_the_others_how_it_would(
    form: Form,
) -> None:
    asked = {"complaint_handled", "complaint_settled", "complaint_would"}
    yes, no = (set(walk(form, {**FITS, "complained": code}).path) & asked for code in "12")
    assert yes == {"complaint_handled", "complaint_settled"}
    assert no == {"complaint_would"}
    assert not set(walk(form, {**FITS, "complained": Status.REF}).path) & asked


def test_the_most_urgent_improvement_is_one_of_those_named(form: Form) -> None:
    several = walk(form, {**FITS, "improve_all": ["1", "7"], "improve_urgent": "7"})
    choices = offered(form, several, form.question("improve_urgent"))
    assert [choice.code for choice in choices] == ["1", "7"]
    assert several.calculated["improve_first"] == "7"


def test_the_only_improvement_named_is_the_most_urgent_without_asking(form: Form) -> None:
    one = walk(form, {**FITS, "improve_all": ["5"]})
    assert "improve_urgent" not in one.path
    assert one.calculated["improve_first"] == "5"


def test_nothing_to_improve_excludes_every_other_answer(form: Form) -> None:
    exclusive = {c.code for c in form.choice_lists["improvements"].choices if c.exclusive}
    assert exclusive == {"10"}
    assert "improve_urgent" not in walk(form, {**FITS, "improve_all": ["10"]}).path


def test_a_whole_interview_asks_about_45_questions(form: Form) -> None:
    notes = {q.name for q in form.questions if q.kind is QuestionKind.NOTE}
    lengths = [
        len(set(walk(form, {**FITS, "channels": channels}).path) - notes)
        for channels in (["6"], ["3"], ["1", "3", "5"])
    ]
    assert min(lengths) >= 42
    assert max(lengths) <= 50


def test_the_name_is_only_shown_and_case_variables_are_known(form: Form) -> None:
    hidden = {q.name: q.is_personal for q in form.questions if q.kind is QuestionKind.HIDDEN}
    assert hidden == {
        "customer_name": True,
        "bank_name": False,
        "segment": False,
        "branch": False,
    }
    assert "${bank_name}" not in form.question("right_person").label["en"]
