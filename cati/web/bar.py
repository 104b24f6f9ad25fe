"""What the bar over a case shows, on the page of the case and in the interview."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_datetime, get_timezone_location
from flask_babel import get_locale
from flask_babel import gettext as _

from accounts.web import site
from accounts.web.shell import moment
from cati.rules.outcomes import OUTCOMES
from cati.rules.queue import DUE_FOR
from cati.store.contacts import Contacts
from cati.store.desk import Agreed, HeldCase, ShownCall


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """The bar: call, case, number, the respondent's zone, the attempt. Moments are ISO, UTC."""

    case_id: int
    fence: int
    number: str
    zone: str
    place: str
    own_zone: str
    call_since: str
    attempt: int
    most_attempts: int
    due: str
    is_overdue: bool
    now: str
    asked: str


def contacts() -> Contacts:
    """Return the reader of personal fields of this installation."""
    settings = site.site().settings
    return Contacts(site.site().cipher, settings.country, settings.zone)


def bar_of(held: HeldCase, now: datetime) -> Bar:
    """Return the bar of a held case."""
    position = held.call.number_position if held.call else held.number_position
    number = next(n for n in held.numbers if n.position == position)
    return Bar(
        case_id=held.claim.case_id,
        fence=held.claim.fence,
        number=number.masked,
        zone=number.zone,
        place=place_of(number.zone),
        own_zone=site.site().settings.zone,
        call_since=held.call.started_at.isoformat() if held.call else "",
        attempt=held.attempts + 1,
        most_attempts=max(held.max_attempts, held.attempts + 1),
        due=clock(held.due_at, held.zone) if held.due_at else "",
        is_overdue=held.due_at is not None and held.due_at + DUE_FOR <= now,
        now=now.isoformat(),
        asked=held.asked_at.isoformat() if held.asked_at else "",
    )


def place_of(zone: str) -> str:
    """Return the city that a time zone is named after, in the page's language."""
    return str(get_timezone_location(zone, locale=get_locale(), return_city=True))


def clock(at: datetime, zone: str) -> str:
    """Return a moment as it is said in a zone, with its weekday."""
    pattern = "EEE yyyy-MM-dd HH:mm"
    return format_datetime(at, pattern, tzinfo=ZoneInfo(zone), locale=get_locale())


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of the history: when, and what came of the call."""

    at: datetime
    said: str


def history_of(held: HeldCase) -> list[Happened]:
    """Return what happened before, the newest first; calls entered by mistake are left out."""
    calls = [call for call in held.calls if not call.withdrawn]
    return [Happened(call.at, _said(call)) for call in reversed(calls)]


def agreed_words(agreed: Agreed) -> str:
    """Return what was agreed in one line: when, how firmly, whom to ask for, who keeps it."""
    said = [f"{moment(agreed.at)} {_('exactly') if agreed.is_hard else _('about')}"]
    if agreed.ask_for:
        said.append(_("ask for %(name)s", name=agreed.ask_for))
    if agreed.kept_by:
        said.append(_("kept by %(name)s", name=agreed.kept_by))
    return " · ".join(said)


def _said(call: ShownCall) -> str:
    if call.outcome:
        outcome = str(_(OUTCOMES[call.outcome].label))
        return f"{outcome} · {agreed_words(call.agreed)}" if call.agreed else outcome
    return str(_("nothing recorded") if call.lost else _("this call"))
