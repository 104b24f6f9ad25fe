"""A telephone floor for tests: a wave with its questionnaire, interviewers, cases to call."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlmodel import col, select

from accounts import audit
from accounts.store.tables import Person, Role
from cati import floor
from cati.rules.fieldrules import read_rules
from cati.rules.queue import CaseState, Rank
from cati.store import fieldwork
from cati.store.claims import Claim, Interviewer, Write
from cati.store.contacts import NAME, NUMBER, Contacts
from cati.store.desk import HeldCase
from cati.store.fieldwork import note_zones
from cati.store.tables import Case, Contact, ContactNumber
from foundation.database import Store
from foundation.personal import FieldCipher
from survey import forms, interviews
from survey.interview.validate import RawAnswer
from survey.interviews import Standing, Step
from survey.language.model import QuestionKind
from survey.store.tables import Study, Wave
from tests.builders import form_source

# A Monday in November 2026, 10:00 in Shanghai.
MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
SHANGHAI = "Asia/Shanghai"
QUESTIONS = """
| survey |
| | type | name | label::English (en) | relevant | end_with | parameters |
| | hidden | branch | | | | |
| | hidden | customer | | | | source=contact |
| | select_one yesno | right | Am I speaking to the customer? | | | |
| | note | end_wrong | Sorry. | ${right} = '0' | wrong_number | |
| | integer | q1 | How many? | | | |
| | integer | q2 | And then? | | | |
| choices |
| | list_name | name | label::English (en) |
| | yesno | 1 | Yes |
| | yesno | 0 | No |
"""


@dataclass
class Floor:
    """One wave on a store, and the people who work on it."""

    store: Store
    contacts: Contacts
    wave_id: int
    people: tuple[int, ...]
    keys: itertools.count

    def key(self) -> str:
        return f"key-{next(self.keys)}"

    def take(self, who: int = 0, now: datetime = MONDAY, **more) -> HeldCase | floor.Nothing:
        with self.store.write() as session:
            interviewer = Interviewer(self.people[who], **more)
            return floor.take_next_case(
                session, self.contacts, interviewer, [self.wave_id], now
            )  # fmt: skip

    def taken(self, who: int = 0, now: datetime = MONDAY, **more) -> HeldCase:
        held = self.take(who, now, **more)
        assert isinstance(held, HeldCase), held
        return held

    def write(self, claim: Claim, now: datetime = MONDAY, key: str = "") -> Write:
        return Write(claim, key or self.key(), now)

    def dial(self, claim: Claim, now: datetime = MONDAY, key: str = "") -> floor.Dialled:
        with self.store.write() as session:
            return floor.dial(session, self.contacts, self.write(claim, now, key))

    def outcome(
        self, claim: Claim, outcome: str, now: datetime = MONDAY, key: str = ""
    ) -> floor.Recorded:
        with self.store.write() as session:
            return floor.record_outcome(session, self.write(claim, now, key), outcome)

    def book(
        self, claim: Claim, when: str, now: datetime = MONDAY, key: str = "", **more
    ) -> floor.Recorded:
        with self.store.write() as session:
            agreed = floor.Agreement(when, **more)
            return floor.book_appointment(
                session, self.contacts, self.write(claim, now, key), agreed
            )

    def begin(self, claim: Claim, now: datetime = MONDAY, key: str = "") -> int:
        with self.store.write() as session:
            return floor.begin_interview(session, self.write(claim, now, key))

    def finish(
        self, claim: Claim, how: str = "", now: datetime = MONDAY, key: str = ""
    ) -> floor.Recorded:
        with self.store.write() as session:
            return floor.finish_interview(session, self.write(claim, now, key), how)

    def answer(self, interview_id: int, question: str, text: str, now: datetime = MONDAY) -> None:
        """Answer one question: a number, or the code of a choice."""
        with self.store.write() as session:
            at = interviews.standing(session, interview_id, now=now)
            step = Step(at.state.last_seq, self.key(), self.people[0], now)
            kind = at.form.question(question).kind
            seen = RawAnswer() if kind is QuestionKind.NOTE else RawAnswer(text)
            if kind is QuestionKind.SELECT_ONE:
                seen = RawAnswer(codes=(text,))
            interviews.answer(session, interview_id, question, seen, step)

    def standing(self, interview_id: int, now: datetime = MONDAY) -> Standing:
        with self.store.read() as session:
            return interviews.standing(session, interview_id, now=now)

    def call(self, outcome: str, who: int = 0, now: datetime = MONDAY) -> floor.Recorded:
        """Take the next case, dial, and record an outcome."""
        held = self.taken(who, now)
        self.dial(held.claim, now)
        return self.outcome(held.claim, outcome, now)

    def case(self, case_id: int) -> Case:
        with self.store.read() as session:
            return session.get_one(Case, case_id)

    def cases(self) -> list[Case]:
        with self.store.read() as session:
            return list(session.exec(select(Case).order_by(col(Case.id))))

    def set(self, case_id: int, **values) -> None:
        """Put a case where a test wants it."""
        with self.store.write() as session:
            case = session.get_one(Case, case_id)
            for name, value in values.items():
                setattr(case, name, value)
            session.add(case)

    def rules(self, **values) -> None:
        with self.store.write() as session:
            fieldwork.set_rules(session, self.wave_id, read_rules(values))


def a_floor(store: Store, cipher: FieldCipher, *, interviewers: int = 3, cases: int = 0) -> Floor:
    """Return a floor with a published questionnaire and released cases in Shanghai."""
    contacts = Contacts(cipher, "CN", SHANGHAI)
    with store.write() as session:
        people = [
            Person(login=f"i{n}", name=f"Interviewer {n}", role=Role.INTERVIEWER,
                   password_hash="-")
            for n in range(interviewers)
        ]  # fmt: skip
        version = forms.publish(session, form_source(QUESTIONS), "f.md", by=None, now=MONDAY)
        study = Study(key="bank", title={"en": "Bank"})
        session.add_all([*people, study])
        session.flush()
        wave = Wave(
            study_id=study.id, number=1, title={"en": "One"}, form_version_id=version.id
        )  # fmt: skip
        session.add(wave)
        session.flush()
        made = Floor(
            store, contacts, wave.id, tuple(p.id for p in people), itertools.count()
        )  # fmt: skip
        # Nobody calls before somebody logged in: the audit trail has its first entry by then.
        audit.record(session, "floor.opened", "test", by=None, at=MONDAY)
    for number in range(cases):
        a_case(made, f"+86138{number:08}", random_number=number / max(cases, 1))
    return made


def a_case(
    made: Floor, *numbers: str, zone: str = SHANGHAI, now: datetime = MONDAY, **values
) -> int:
    """Add a case with these numbers, released and due, and return its id."""
    with made.store.write() as session:
        contact = Contact(name=made.contacts.seal("王芳", NAME))
        session.add(contact)
        session.flush()
        for position, number in enumerate(numbers):
            session.add(_number(made, contact, position, number, zone))
        given = {
            "wave_id": made.wave_id,
            "contact_id": contact.id,
            "pseudonym": f"p{contact.id}",
            "reference_hash": f"r{contact.id}",
            "variables": {"branch": "North", "sex": "f"},
            "random_number": 0.5,
            "state": CaseState.FRESH,
            "rank": int(Rank.FRESH),
            "next_at": now - timedelta(hours=1),
            "number_hash": made.contacts.number_hash(numbers[0]),
            "zone": zone,
            "code": "3.11",
        }
        case = Case(**(given | values))
        session.add(case)
        note_zones(session, made.wave_id, {zone})
        session.flush()
        return case.id


def _number(made: Floor, contact: Contact, position: int, number: str, zone: str) -> ContactNumber:
    return ContactNumber(
        contact_id=contact.id,
        position=position,
        number=made.contacts.seal(number, NUMBER),
        number_hash=made.contacts.number_hash(number),
        zone=zone,
    )
