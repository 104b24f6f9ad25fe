"""What calling rules mean at a moment: in each zone, before the first day and after the last."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from cati.rules.fieldrules import FieldRules, read_rules
from cati.ruling import ZoneNow, preview, read
from cati.store.fieldwork import Field
from foundation.problems import ProblemsError
from survey.store.tables import Wave

# A Monday, 10:00 in Shanghai and Urumqi's own clock shows 08:00.
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
SHANGHAI, URUMQI = "Asia/Shanghai", "Asia/Urumqi"


def a_field(*zones: str, **dates: date) -> Field:
    wave = Wave(study_id=1, number=1, title={}, is_open=True, **dates)
    return Field(1, FieldRules(), zones, wave)


def meant(field: Field, rules: FieldRules | None = None) -> list[ZoneNow]:
    return preview(field, rules or FieldRules(), NOW, centre=SHANGHAI)


def test_every_zone_has_its_own_clock():
    assert meant(a_field(SHANGHAI, URUMQI)) == [
        ZoneNow(SHANGHAI, True, None),
        ZoneNow(URUMQI, False, datetime(2026, 11, 23, 3, 0, tzinfo=UTC)),
    ]


def test_without_a_sample_the_zone_is_that_of_the_centre():
    assert meant(a_field()) == [ZoneNow(SHANGHAI, True, None)]


def test_the_rules_tried_out_are_not_those_of_the_wave():
    tried = read_rules({"hours": {"tue": "11:00-12:00"}})
    opens_at = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
    assert meant(a_field(SHANGHAI), tried) == [ZoneNow(SHANGHAI, False, opens_at)]


def test_nobody_is_called_before_the_first_day():
    opens_at = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
    field = a_field(SHANGHAI, starts_on=date(2026, 12, 1))
    assert meant(field) == [ZoneNow(SHANGHAI, False, opens_at)]


def test_nobody_is_called_after_the_last_day():
    tried = replace(read_rules({"hours": {"wed": "09:00-21:00"}}))
    field = a_field(SHANGHAI, ends_on=date(2026, 11, 24))
    assert meant(field, tried) == [ZoneNow(SHANGHAI, False, None)]
    on_the_day = a_field(SHANGHAI, ends_on=date(2026, 11, 25))
    assert meant(on_the_day, tried)[0].opens_at is not None


def test_a_wave_of_closed_days_alone_never_calls():
    assert meant(a_field(SHANGHAI), read_rules({"hours": {}})) == [ZoneNow(SHANGHAI, False, None)]


def test_key_questions_are_questions_of_the_wave():
    assert read({"key_questions": ["q1"]}, ["q1", "q2"]).key_questions == ("q1",)
    with pytest.raises(ProblemsError) as caught:
        read({"key_questions": ["q1", "q9"], "max_attempts": 0}, ["q1"])
    assert [p.message.code for p in caught.value.problems] == ["HOUR-003", "HOUR-006"]
