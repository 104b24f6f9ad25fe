"""A second interviewer, who holds interviews with simulated customers through the services."""

from __future__ import annotations

import itertools
from datetime import datetime

from cati import answering, floor
from cati.answering import Post
from cati.store.claims import Interviewer, Write
from cati.store.contacts import Contacts
from cati.store.desk import HeldCase
from demo.answers import reply
from demo.conversation import raw_answer
from demo.population import make_population
from demo.respondents import Screening, respondents
from foundation.database import Store
from survey import interviews
from survey.interview.choices import offered
from survey.interviews import Standing


def interview_customers(
    store: Store, contacts: Contacts, wave_id: int, *, by: int, completes: int, now: datetime
) -> None:
    """Take case after case and complete an interview with each customer."""
    find = respondents(make_population(), 1)
    willing = (one for one in map(find, itertools.count(1)) if one.screening is Screening.FITS)
    for person in itertools.islice(willing, completes):
        _Call(store, contacts, wave_id, by, now).hold(person)


class _Call:
    """One call with an interview; every act is a transaction of its own, as on the pages."""

    def __init__(
        self, store: Store, contacts: Contacts, wave_id: int, by: int, now: datetime
    ) -> None:
        self.store, self.contacts, self.now = store, contacts, now
        with store.write() as session:
            held = floor.take_next_case(session, contacts, Interviewer(by), [wave_id], now)
        assert isinstance(held, HeldCase), held
        self.claim = held.claim
        self.keys = (f"case-{held.claim.case_id}-{number}" for number in itertools.count())

    def hold(self, person) -> None:
        with self.store.write() as session:
            floor.dial(session, self.contacts, Write(self.claim, next(self.keys), self.now))
            begun = Write(self.claim, next(self.keys), self.now)
            interview_id = floor.begin_interview(session, begun)
            at = interviews.standing(session, interview_id, now=self.now)
        while at.state.closed is None:
            at = self._answer(at, person)
        assert at.state.closed == "complete"

    def _answer(self, at: Standing, person) -> Standing:
        question = at.route.next
        said = raw_answer(reply(person, question, offered(at.form, at.route, question)))
        post = Post(at.interview_id, self.claim, next(self.keys), at.state.last_seq, self.now)
        with self.store.write() as session:
            screen = answering.answer(
                session, self.contacts, post, question.name, said, ask_first=False
            )
        return screen.at
