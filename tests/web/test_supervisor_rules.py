"""The page of a wave's calling rules: what is in force, what it means, a change with its reason."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from accounts.store.tables import Role
from cati.rules.fieldrules import FieldRules, read_rules
from cati.store.contacts import Contacts
from cati.store.fieldwork import read_field, set_rules
from cati.web.rulesform import as_given, as_typed
from foundation.database import utc_now
from tests.desk import a_survey
from tests.web.supervised import WHY, last_audit, text

TUESDAY_NIGHT = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)  # 23:30 in Shanghai


@pytest.fixture
def wave(app, store, cipher) -> int:
    made = a_survey(store, Contacts(cipher, "CN", "Asia/Shanghai"), now=utc_now(), cases=1)
    with store.write() as session:
        set_rules(session, made, FieldRules())
    return made


@pytest.fixture
def page(wave, as_role):
    browser = as_role(Role.SUPERVISOR)
    browser.get(f"/floor/waves/{wave}/rules")
    return browser


def rules_of(store, wave: int) -> FieldRules:
    with store.read() as session:
        return read_field(session, wave).rules


def send(page, wave: int, do: str = "save", **changes: str):
    """Send the form with the rules of the house, but for what is changed: __ stands for a dot."""
    given = {name.replace("__", "."): value for name, value in changes.items()}
    form = {**as_typed(FieldRules()), **WHY, **given, "do": do}
    return page.post(f"/floor/waves/{wave}/rules", form)


def test_the_fieldwork_page_leads_to_the_rules_in_force(page, wave, store):
    assert f"/floor/waves/{wave}/rules" in page.get(f"/floor/waves/{wave}").text
    with store.write() as session:
        set_rules(session, wave, read_rules({"max_attempts": 4, "hours": {"tue": "10:30-20:00"}}))
    shown = page.get(f"/floor/waves/{wave}/rules").text
    assert 'name="max_attempts" value="4"' in shown
    assert 'name="hours.tue" value="10:30-20:00"' in shown
    assert 'name="hours.mon" value=""' in shown


def test_a_form_sent_as_it_came_changes_no_rule(page, wave, store):
    given = {
        "holidays": ["2026-10-01"], "mon": "09:00-24:00",
    }  # fmt: skip
    rules = read_rules({"hours": given, "retries": {"busy": {"when": "other", "spread": 5}}})
    assert read_rules(as_given(as_typed(rules), rules)) == rules
    assert send(page, wave).status_code in {302, 303}
    assert rules_of(store, wave) == FieldRules()


def test_a_change_is_set_under_its_reason(page, wave, store):
    reply = send(
        page, wave, max_attempts="5", hours__sun="", hours__holidays="2026-12-25, 2027-01-01",
        key_questions="visits", retries__partial_dropped__same_person_minutes="3",
    )  # fmt: skip
    assert reply.status_code in {302, 303}
    rules = rules_of(store, wave)
    assert (rules.max_attempts, rules.key_questions, rules.hours.week[6]) == (5, ("visits",), None)
    assert sorted(map(str, rules.hours.holidays)) == ["2026-12-25", "2027-01-01"]
    assert rules.retries["partial_dropped"].same_person_minutes == 3
    entry = last_audit(store)
    assert (entry.action, entry.subject) == ("rules.changed", f"wave {wave}")
    assert entry.detail == {
        "reason": WHY["reason"],
        "changed": ["hours", "key_questions", "max_attempts", "retries"],
    }


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("max_attempts", "0", "a whole number from 1 to 100"),
        ("max_dials", "many", "&#39;many&#39; cannot be the value"),
        ("hours.wed", "25:00-26:00", "cannot be the calling hours"),
        ("hours.holidays", "yesterday", "cannot be the calling hours"),
        ("key_questions", "visits nonsense", "has no question &#39;nonsense&#39;"),
        ("retries.busy.minutes", "-1", "a whole number from 0"),
        ("retries.busy.when", "never", "It takes one of"),
        ("reason", " ", "Say in a few words why"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_changes_nothing(
    *, page, wave, store, field, value, said
):
    before = last_audit(store)
    reply = send(page, wave, **{field.replace(".", "__"): value})
    assert reply.status_code == 422
    _, _, at_field = reply.text.partition(f'id="wrong-{field}">')
    assert said in at_field.partition("</p>")[0]
    assert rules_of(store, wave) == FieldRules()
    assert last_audit(store).id == before.id


def test_everything_wrong_is_said_at_once(page, wave):
    reply = send(page, wave, max_attempts="x", hours__mon="x", key_questions="x", reason="")
    wrong = ("max_attempts", "hours.mon", "key_questions", "reason")
    assert [f'id="wrong-{name}"' in reply.text for name in wrong] == [True] * len(wrong)


def test_a_preview_says_what_the_entries_would_mean_and_sets_nothing(
    page, wave, store, monkeypatch
):
    from accounts.web import site

    monkeypatch.setattr(site, "now", lambda: TUESDAY_NIGHT)
    reply = send(page, wave, "preview", hours__wed="11:00-12:00", max_attempts="5", reason="")
    shown = text(reply)
    assert "What the entries would mean, not set yet" in shown
    assert "Shanghai" in shown
    assert "Not now; next from Wed 2026-11-25 11:00 there." in shown
    assert "closed after 5 attempts, with an appointment after 6" in shown
    assert rules_of(store, wave) == FieldRules()
    everyday = {f"hours__{day}": "00:00-24:00" for day in ("mon", "tue", "wed")}
    assert "Calling is allowed now." in text(send(page, wave, "preview", **everyday))
    never = {f"hours__{d}": "" for d in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    assert "nobody is ever called" in text(send(page, wave, "preview", **never))


@pytest.mark.parametrize("role", [Role.INTERVIEWER, Role.RESEARCHER, Role.ADMIN])
def test_only_supervisors_set_rules(wave, as_role, store, role):
    browser = as_role(role)
    browser.get("/")
    assert browser.get(f"/floor/waves/{wave}/rules").status_code == 403
    assert send(browser, wave, max_attempts="5").status_code == 403
    assert rules_of(store, wave) == FieldRules()


def test_an_unknown_wave_has_no_rules(page):
    assert page.get("/floor/waves/99999/rules").status_code == 404
