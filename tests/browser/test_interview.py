"""Interviews in Chromium by keyboard alone: routes, corrections, break-off, refusal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import col, select

from cati.store.contacts import Contacts
from cati.store.fieldwork import read_field, set_rules
from cati.store.tables import Call, Case
from foundation.database import Store, utc_now
from foundation.personal import FieldCipher
from survey.store.tables import AnswerEvent, Wave
from tests.browser.interviewer import GUARD_MS, Interviewer
from tests.desk import a_survey

pytestmark = pytest.mark.browser


@pytest.fixture
def interviewer(
    address: str, enter: Callable[[str], Page], store: Store, cipher: FieldCipher
) -> Iterator[Interviewer]:
    """An interviewer at the desk of a survey with three cases; the page may show no error."""
    a_survey(store, Contacts(cipher, "CN", "Asia/Shanghai"), now=utc_now())
    page, errors = enter("interviewer"), []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if "Policy" in said.text else None)
    yield Interviewer(page)
    assert errors == []


def answers(store: Store) -> list[tuple[str | None, str | None, object]]:
    """Every answer stored, in order."""
    with store.read() as session:
        query = select(AnswerEvent).where(AnswerEvent.kind == "answered")
        events = session.exec(query.order_by(col(AnswerEvent.id)))
        return [(event.question, event.status, event.value) for event in events]


def outcomes(store: Store) -> list[str | None]:
    with store.read() as session:
        return [call.outcome for call in session.exec(select(Call).order_by(col(Call.id)))]


def test_a_whole_interview_is_held_by_keys_and_stored_as_it_was_answered(interviewer, store):
    interviewer.begin()
    interviewer.answer("right", "1")
    interviewer.answer("overall", "0")
    interviewer.answer("channels", "1", "2")
    interviewer.answer("visits", text="12")
    interviewer.answer("wish", text="shorter queues")
    interviewer.answer("opened", text="2019-03-01")
    interviewer.answer("recommend", "1", "0")
    interviewer.answer("thanks")
    interviewer.is_at_the_desk(told="Complete interview")
    assert answers(store) == [
        ("right", "answered", "1"),
        ("overall", "answered", "10"),
        ("channels", "answered", ["1", "2"]),
        ("visits", "answered", 12),
        ("wish", "answered", "shorter queues"),
        ("opened", "answered", "2019-03-01"),
        ("recommend", "answered", "10"),
        ("thanks", "seen", None),
    ]
    assert outcomes(store) == ["complete"]


def test_the_route_of_somebody_who_knows_little(interviewer, store):
    interviewer.begin()
    interviewer.answer("right", "1")
    interviewer.answer("overall", "r")
    interviewer.answer("channels", "1", "3")
    interviewer.answer("wish", "Alt+d")
    interviewer.answer("opened", "d")
    interviewer.answer("recommend", "d")
    interviewer.answer("thanks")
    interviewer.is_at_the_desk(told="Complete interview")
    assert answers(store)[1:6] == [
        ("overall", "ref", None),
        ("channels", "answered", ["3"]),
        ("wish", "dk", None),
        ("opened", "dk", None),
        ("recommend", "dk", None),
    ]


def test_the_route_of_a_wrong_person_ends_with_a_polite_word(interviewer, store):
    interviewer.begin()
    interviewer.answer("right", "2")
    interviewer.answer("sorry")
    interviewer.is_at_the_desk(told="Wrong person at this number")
    assert outcomes(store) == ["wrong_number"]


def test_a_busy_line_is_recorded_in_two_keys(interviewer, store):
    interviewer.take()
    interviewer.dial()
    interviewer.press("b")
    expect(interviewer.page.locator("#chosen-name")).to_have_text("Busy")
    interviewer.press("Escape", "n", "Enter")
    interviewer.is_at_the_desk(told="No answer")
    assert outcomes(store) == ["no_answer"]


def test_an_appointment_is_read_back_and_booked_by_keys(interviewer, store):
    interviewer.take()
    interviewer.dial()
    interviewer.press("F9")
    interviewer.page.keyboard.type("last tuesday")
    expect(interviewer.page.locator("[data-read]")).to_contain_text("cannot be read")
    interviewer.press("Enter")
    expect(interviewer.page.locator("#appointment")).to_be_visible()
    interviewer.press("Control+a")
    interviewer.page.keyboard.type("tomorrow 5pm")
    expect(interviewer.page.locator("[data-read]")).to_contain_text("17:00")
    interviewer.press("Enter")
    interviewer.is_at_the_desk(told="Appointment")
    assert outcomes(store) == ["appointment"]


def test_an_interview_broken_off_is_resumed_at_the_same_question(interviewer, store):
    interviewer.begin()
    interviewer.answer("right", "1")
    interviewer.answer("overall", "7")
    interviewer.sees("channels")
    interviewer.press("F8", "p", "Enter")
    interviewer.is_at_the_desk(told="Broken off, to be resumed")
    with store.write() as session:
        begun = session.exec(select(Case).where(col(Case.interview_id).is_not(None))).one()
        begun.next_at = utc_now() - timedelta(minutes=1)
    interviewer.begin()
    interviewer.sees("channels")
    expect(interviewer.page.locator("#answers li")).to_have_count(2)


def test_a_line_that_dropped_after_the_key_questions_waits_two_minutes_for_its_interviewer(
    interviewer, store
):
    with store.write() as session:
        wave = session.exec(select(Wave)).one()
        rules = read_field(session, wave.id).rules
        set_rules(session, wave.id, replace(rules, key_questions=("overall",)))
    interviewer.begin()
    interviewer.answer("right", "1")
    interviewer.answer("overall", "7")
    interviewer.sees("channels")
    interviewer.press("F8", "l", "Enter")
    interviewer.is_at_the_desk(told="The line dropped after the key questions")
    with store.read() as session:
        case = session.exec(select(Case).where(col(Case.interview_id).is_not(None))).one()
        call = session.exec(select(Call)).one()
    assert case.next_at - call.ended_at == timedelta(minutes=2)
    assert (case.for_person, case.code) == (call.by, "1.2")


def test_an_appointment_in_the_middle_is_told_as_one_with_its_time(interviewer, store):
    interviewer.begin()
    interviewer.answer("right", "1")
    interviewer.sees("overall")
    interviewer.press("F9")
    interviewer.page.keyboard.type("2030-11-25 15:00")
    expect(interviewer.page.locator("[data-read]")).to_contain_text("15:00")
    interviewer.page.get_by_label("I call back myself").check()
    interviewer.page.get_by_label("Ask for").fill("Ms Wang")
    interviewer.press("Enter")
    interviewer.is_at_the_desk(told="Appointment to go on with the interview")
    with store.write() as session:
        begun = session.exec(select(Case).where(col(Case.interview_id).is_not(None))).one()
        begun.next_at = utc_now() - timedelta(minutes=1)
    interviewer.take()
    expect(interviewer.page.locator(".history")).to_contain_text(
        "Appointment to go on with the interview · 2030-11-25 15:00 exactly"
        " · ask for Ms Wang · kept by Interviewer"
    )


def test_a_refusal_closes_the_case_in_three_keys(interviewer, store):
    interviewer.begin()
    interviewer.answer("right", "1")
    interviewer.sees("overall")
    interviewer.press("F8", "r", "Enter")
    interviewer.is_at_the_desk(told="The case is closed")
    assert outcomes(store) == ["refused_midway"]


def test_a_double_enter_skips_no_question(interviewer, store):
    interviewer.begin()
    interviewer.press("1", "Enter", "Enter", "Enter")
    interviewer.sees("overall")
    interviewer.press("5", "Enter", "Enter")
    interviewer.answer("channels", "2")
    interviewer.sees("wish")
    interviewer.page.wait_for_timeout(GUARD_MS)
    interviewer.page.keyboard.type("no")
    interviewer.press("Enter", "Enter")
    interviewer.sees("opened")
    assert [name for name, _, _ in answers(store)] == ["right", "overall", "channels", "wish"]


def test_a_note_is_not_acknowledged_by_the_enter_of_the_question_before(interviewer, store):
    interviewer.begin()
    interviewer.press("2", "Enter")
    interviewer.sees("sorry")
    interviewer.press("Enter")
    interviewer.is_saved()
    interviewer.sees("sorry")
    assert [name for name, _, _ in answers(store)] == ["right"]


def test_a_reload_lands_on_the_same_question(interviewer):
    interviewer.begin()
    interviewer.answer("right", "1")
    interviewer.answer("overall", "8")
    interviewer.sees("channels")
    interviewer.page.reload()
    interviewer.sees("channels")
    expect(interviewer.page.locator("#answers li")).to_have_count(2)
    interviewer.answer("channels", "2")
    interviewer.sees("wish")


def test_a_wrong_key_does_nothing_but_say_which_keys_there_are(interviewer, store):
    interviewer.begin()
    interviewer.press("x")
    expect(interviewer.page.locator("#said-below")).to_have_text(
        "x means nothing here. Keys: 1-2, Enter"
    )
    interviewer.press("7")
    expect(interviewer.page.locator("#said-below")).to_contain_text("7 means nothing here")
    interviewer.press("d")
    expect(interviewer.page.locator("#said-below")).to_contain_text("D means nothing here")
    expect(interviewer.page.locator("#pane input:checked")).to_have_count(0)
    assert answers(store) == []


def test_an_empty_required_answer_is_asked_for(interviewer):
    interviewer.begin()
    interviewer.page.wait_for_timeout(GUARD_MS)
    interviewer.press("Enter")
    expect(interviewer.page.locator("#said-below")).not_to_be_empty()
    interviewer.sees("right")
    interviewer.answer("right", "1")
    interviewer.sees("overall")


def test_one_digit_of_a_two_digit_list_waits_a_moment(interviewer):
    interviewer.begin()
    for question, key in (("right", "1"), ("overall", "3"), ("channels", "2")):
        interviewer.answer(question, key)
    interviewer.answer("wish", text="-")
    interviewer.answer("opened", "d")
    interviewer.sees("recommend")
    checked = interviewer.page.locator("#pane input:checked")
    interviewer.press("1")
    expect(checked).to_have_count(0)
    expect(checked).to_have_value("1")
    interviewer.press("1", "0")
    expect(checked).to_have_value("10")
    interviewer.press("0")
    expect(checked).to_have_value("0")


def test_a_digit_again_takes_a_choice_back_and_none_of_these_stands_alone(interviewer):
    interviewer.begin()
    interviewer.answer("right", "1")
    interviewer.answer("overall", "3")
    interviewer.sees("channels")
    checked = interviewer.page.locator("#pane input:checked")
    interviewer.press("1", "2")
    expect(checked).to_have_count(2)
    interviewer.press("1")
    expect(checked).to_have_value("2")
    interviewer.press("3")
    expect(checked).to_have_value("3")
    interviewer.press("d")
    expect(checked).to_have_value("dk")
    interviewer.press("ArrowUp", "ArrowUp", "Space")
    expect(checked).to_have_value("2")


def test_changing_an_answer_names_what_leaves_the_path_before_it_is_written(interviewer, store):
    interviewer.begin()
    interviewer.answer("right", "1")
    interviewer.answer("overall", "3")
    interviewer.answer("channels", "1")
    interviewer.answer("visits", text="4")
    interviewer.sees("wish")
    interviewer.press("Backspace")
    interviewer.sees("visits")
    interviewer.press("PageUp")
    interviewer.sees("channels")
    interviewer.press("1", "2", "Enter")
    dialog = interviewer.page.locator("#confirm")
    expect(dialog).to_contain_text("How many visits to the branch?: 4")
    interviewer.press("Escape")
    expect(dialog).to_be_hidden()
    assert len(answers(store)) == 4
    interviewer.press("Enter")
    expect(dialog).to_be_visible()
    interviewer.press("Enter")
    interviewer.sees("wish")
    expect(interviewer.page.locator("#answers li")).to_have_count(3)


def test_one_jumps_by_a_word_and_returns_to_the_furthest_question(interviewer):
    interviewer.begin()
    interviewer.answer("right", "1")
    interviewer.answer("overall", "3")
    interviewer.sees("channels")
    interviewer.press("Control+g")
    interviewer.page.keyboard.type("satisf")
    interviewer.press("Enter")
    interviewer.sees("overall")
    interviewer.press("Control+End")
    interviewer.sees("channels")


def test_notes_language_and_probe_have_their_keys(interviewer):
    interviewer.begin()
    interviewer.press("F2")
    interviewer.page.keyboard.type("hard of hearing, d and r and 1")
    interviewer.press("Enter")
    expect(interviewer.page.locator("#notes")).to_contain_text("right: hard of hearing")
    interviewer.press("F4")
    expect(interviewer.page.locator("#pane legend")).to_contain_text("请问是王女士")
    interviewer.press("Control+l")
    expect(interviewer.page.locator("#pane legend")).to_contain_text("Am I speaking to")
    interviewer.answer("right", "1")
    interviewer.sees("overall")
    interviewer.press("p")
    expect(interviewer.page.get_by_text("Which number comes closest?")).to_be_visible()


def test_the_answers_so_far_are_searched_and_left_by_keys(interviewer):
    interviewer.begin()
    interviewer.answer("right", "1")
    interviewer.answer("overall", "8")
    interviewer.sees("channels")
    said = interviewer.page.locator("#answers li:visible")
    interviewer.press("/")
    interviewer.page.keyboard.type("speaking")
    expect(said).to_have_count(1)
    interviewer.press("Escape")
    expect(said).to_have_count(2)
    interviewer.press("?")
    expect(interviewer.page.locator("#keys")).to_be_visible()
    interviewer.press("Escape")
    interviewer.answer("channels", "2")
    interviewer.sees("wish")


def test_the_legend_shows_only_the_keys_that_work_now(interviewer):
    interviewer.begin()
    legend = interviewer.page.locator("#legend")
    expect(legend.get_by_text("refused")).to_be_hidden()
    expect(legend.get_by_text("back", exact=True)).to_be_hidden()
    interviewer.answer("right", "1")
    interviewer.sees("overall")
    expect(legend.get_by_text("refused")).to_be_visible()
    expect(legend.get_by_text("probe")).to_be_visible()
    expect(legend.get_by_text("on and off")).to_be_hidden()


def test_keys_that_an_input_method_is_composing_are_not_ours(interviewer):
    interviewer.begin()
    interviewer.sees("right")
    composing = """() => {
        const press = (key, more) => document.activeElement.dispatchEvent(
            new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true, ...more}));
        return [press("1", {isComposing: true}), press("Enter", {keyCode: 229})];
    }"""
    assert interviewer.page.evaluate(composing) == [True, True]
    expect(interviewer.page.locator("#pane input:checked")).to_have_count(0)
    interviewer.sees("right")


def test_the_browsers_own_keys_keep_their_meaning(interviewer):
    interviewer.begin()
    kept = """() => ["F5", "F1", "F3", "F11", "F12", "Tab", "Escape"].map((key) =>
        document.activeElement.dispatchEvent(
            new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true})))"""
    assert interviewer.page.evaluate(kept) == [True] * 7
    combined = """() => ["w", "r", "t", "c", "v", "f", "p"].map((key) =>
        document.activeElement.dispatchEvent(new KeyboardEvent(
            "keydown", {key, ctrlKey: true, bubbles: true, cancelable: true})))"""
    assert interviewer.page.evaluate(combined) == [True] * 7


def test_the_mouse_works_too(interviewer):
    interviewer.begin()
    interviewer.page.get_by_text("Yes", exact=True).click()
    interviewer.page.get_by_role("button", name="Next").click()
    interviewer.sees("overall")
    interviewer.page.locator("label.option.short").first.click()
    interviewer.page.get_by_role("button", name="Next").click()
    interviewer.sees("channels")
    interviewer.page.get_by_role("button", name="Back").click()
    interviewer.sees("overall")
    size = interviewer.page.locator("label.option").first.bounding_box()
    assert size["height"] >= 44


def test_one_digit_goes_on_at_once_for_those_who_want_it(interviewer):
    interviewer.begin()
    interviewer.press("?")
    interviewer.page.get_by_label("go on at once after a one-digit answer").press("Space")
    interviewer.press("Escape", "1")
    interviewer.sees("overall")


def test_nothing_is_cut_off_at_twice_the_size(interviewer):
    interviewer.page.set_viewport_size({"width": 683, "height": 384})
    interviewer.begin()
    interviewer.answer("right", "1")
    interviewer.sees("overall")
    widths = interviewer.page.evaluate(
        "() => [document.documentElement.scrollWidth, window.innerWidth]"
    )
    assert widths[0] <= widths[1]
