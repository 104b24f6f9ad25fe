"""PURE. Read the time of an appointment as people say it, in the respondent's zone.

Read are: `+2h`, `+30m`, `+2d 14:30`, `in 2 hours`, `18:30`, `today`, `tonight`, `tomorrow 5pm`,
`Fri 18:30`, `next Fri 18:30`, `2026-11-30 18:30`, `30分钟后`, `明天 17:00`, `今晚8点半`,
`周五 18:30`, `下周三下午3点`, `11月30日 18:30`. A weekday is the next to come, "next" and 下周 is
that day of the week after this one; a bare time is the next to come. An hour that the clock
shows twice is its first showing.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from cati.rules.hours import CallingHours, is_open
from cati.rules.messages import (
    AFTER_FIELD,
    IN_THE_PAST,
    NO_CLOCK,
    NO_SUCH_TIME,
    NO_TIME_READ,
    OUTSIDE_HOURS,
)
from foundation.problems import Place, Problem, ProblemsError

NOON, DAY_HOURS, WEEK = 12, 24, 7
LONGEST_TEXT = 60
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CHINESE_DAYS = {sign: number for number, sign in enumerate("一二三四五六日")} | {"天": 6}
_CHINESE_NUMBERS = {sign: str(number) for number, sign in enumerate("零一二三四五六七八九十")} | {
    "两": "2", "十一": "11", "十二": "12"
}  # fmt: skip
_DAY_WORDS = {"today": 0, "tonight": 0, "tomorrow": 1, "day after tomorrow": 2,
              "今天": 0, "今日": 0, "今": 0, "明天": 1, "明日": 1, "明": 1, "后天": 2}  # fmt: skip
_LATE_WORDS = ("下午", "晚上", "晚", "傍晚")

_AHEAD = re.compile(
    r"(?:\+|in )\s*(?P<count>\d{1,3})\s*(?P<unit>[mhd])"
    r"(?:in(?:ute)?s?|ours?|rs?|ays?)?(?:\s+(?P<rest>.+))?"
)
_CHINESE_AHEAD = re.compile(
    r"(?P<count>\d{1,3}|半)个?(?P<unit>分钟|小时|钟头|天)[后後](?P<rest>.*)"
)
_CHINESE_UNITS = {"分钟": "m", "小时": "h", "钟头": "h", "天": "d"}
_CLOCK = re.compile(
    r"(?P<half>上午|早上|早晨|中午|下午|晚上|傍晚|晚)?\s*(?:at )?"
    r"(?P<hour>\d{1,2})"
    r"(?:(?:[:.](?P<minute>\d{2})(?::00)?)|(?P<sign>点|时)(?:(?P<quarter>半|一刻|三刻)|(?P<past>\d{1,2})分?)?|"
    r"(?=\s*[ap]\.?m))"
    r"\s*(?P<ampm>[ap]\.?m\.?)?"
)
_QUARTERS = {"半": 30, "一刻": 15, "三刻": 45}
_ISO_DAY = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})")
_CHINESE_DATE = re.compile(r"(?:(\d{4})年)?(\d{1,2})月(\d{1,2})[日号]")
_WEEKDAY = re.compile(r"(?P<next>next |下)?(?:(?P<name>mon|tue|wed|thu|fri|sat|sun)[a-z]*|"
                      r"(?:周|星期|礼拜)(?P<sign>[一二三四五六日天]))")  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Said:
    """One text to be read, with the moment and the zone in which it was said."""

    text: str
    now: datetime
    zone: ZoneInfo

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()


def read_when(text: str, now: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment that `text` names, in UTC.

    Raises ProblemsError when it names none, or only a day.

    >>> monday = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai
    >>> read_when("tomorrow 5pm", monday, ZoneInfo("Asia/Shanghai")).isoformat()
    '2026-11-24T09:00:00+00:00'
    >>> read_when("周五 18:30", monday, ZoneInfo("Asia/Shanghai")).isoformat()
    '2026-11-27T10:30:00+00:00'
    """
    if not text.strip() or len(text) > LONGEST_TEXT:
        raise ProblemsError([NO_TIME_READ.at(Place(), text=text[:LONGEST_TEXT])])
    said = _Said(_plain(text), now.astimezone(UTC), zone)
    try:
        ahead = _ahead(said)
        return ahead if ahead is not None else _on_a_day(said)
    except (ValueError, OverflowError):
        raise ProblemsError([NO_TIME_READ.at(Place(), text=text)]) from None


def appointment_problems(
    at: datetime,
    zone: ZoneInfo,
    hours: CallingHours,
    *,
    now: datetime,
    field_end: datetime | None = None,
    asked_for: bool = False,
) -> list[Problem]:
    """Return what speaks against an appointment at this moment.

    `asked_for`: the person asked for this time, so that it may lie outside calling hours.
    """
    local = f"{at.astimezone(zone):%Y-%m-%d %H:%M}"
    problems = []
    if at <= now:
        problems.append(IN_THE_PAST.at(Place(), when=local))
    elif not asked_for and not is_open(at, zone, hours):
        problems.append(OUTSIDE_HOURS.at(Place(), when=local))
    if field_end is not None and at > field_end:
        end = f"{field_end.astimezone(zone):%Y-%m-%d %H:%M}"
        problems.append(AFTER_FIELD.at(Place(), when=local, end=end))
    return problems


def _plain(text: str) -> str:
    plain = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text).strip().lower())
    for sign in sorted(_CHINESE_NUMBERS, key=len, reverse=True):
        plain = re.sub(f"{sign}(?=个?(点|小时|钟头|分钟|天[后後]))", _CHINESE_NUMBERS[sign], plain)
    return plain.rstrip(".。!")


def _ahead(said: _Said) -> datetime | None:
    match = _AHEAD.fullmatch(said.text) or _CHINESE_AHEAD.fullmatch(said.text)
    if match is None:
        return None
    unit = _CHINESE_UNITS.get(match["unit"], match["unit"])
    count = 0.5 if match["count"] == "半" else float(match["count"])
    rest = (match["rest"] or "").strip()
    if unit != "d":
        if rest:
            raise ValueError(rest)
        return said.now + timedelta(**{_UNITS[unit]: count})
    day = said.today + timedelta(days=int(count))
    clock = said.now.astimezone(said.zone).time().replace(fold=0)
    return _moment(said, day, _clock(said, rest) if rest else clock)


def _on_a_day(said: _Said) -> datetime:
    for read in (_word, _written_date, _weekday):
        found = read(said)
        if found is not None:
            day, rest, next_one = found
            return _next_to_come(said, day, rest, timedelta(days=next_one))
    return _next_to_come(said, said.today, said.text, timedelta(days=1))


def _next_to_come(said: _Said, day: date, rest: str, step: timedelta) -> datetime:
    clock = _clock(said, rest)
    moment = _moment(said, day, clock)
    return moment if moment > said.now or not step else _moment(said, day + step, clock)


# Each reader returns the day, what is left of the text, and in how many days it comes again.
_Found = tuple[date, str, int] | None


def _word(said: _Said) -> _Found:
    for word in sorted(_DAY_WORDS, key=len, reverse=True):
        if said.text.startswith(word):
            rest = said.text.removeprefix(word).strip()
            if word == "tonight":
                rest = f"晚{rest}"
            return said.today + timedelta(days=_DAY_WORDS[word]), rest, 0
    return None


def _written_date(said: _Said) -> _Found:
    match = _ISO_DAY.match(said.text) or _CHINESE_DATE.match(said.text)
    if match is None:
        return None
    year, month, day = match.groups()
    written = date(int(year) if year else said.today.year, int(month), int(day))
    if not year and written < said.today:
        written = written.replace(year=written.year + 1)
    rest = said.text[match.end() :].removeprefix("t").strip()
    return written, rest, 0


def _weekday(said: _Said) -> _Found:
    match = _WEEKDAY.match(said.text)
    if match is None:
        return None
    wanted = _WEEKDAYS.index(match["name"]) if match["name"] else _CHINESE_DAYS[match["sign"]]
    today = said.today
    if match["next"]:
        day = today + timedelta(days=WEEK - today.weekday() + wanted)
    else:
        day = today + timedelta(days=(wanted - today.weekday()) % WEEK)
    return day, said.text[match.end() :].strip(), WEEK


def _clock(said: _Said, text: str) -> time:
    if not text:
        raise ProblemsError([NO_CLOCK.at(Place(), text=said.text)])
    match = _CLOCK.fullmatch(text)
    if match is None:
        raise ValueError(text)
    quarter = match["quarter"]
    minute = _QUARTERS[quarter] if quarter else int(match["minute"] or match["past"] or 0)
    return time(_hour(int(match["hour"]), match["half"] or "", match["ampm"] or ""), minute)


def _hour(hour: int, half: str, ampm: str) -> int:
    if ampm and not 1 <= hour <= NOON:
        raise ValueError(ampm)
    if ampm:
        return hour % NOON + (NOON if ampm.startswith("p") else 0)
    late = half in _LATE_WORDS and hour < NOON
    midday = half == "中午" and hour < NOON // 2
    return hour + NOON if late or midday else hour


def _moment(said: _Said, day: date, clock: time) -> datetime:
    local = datetime.combine(day, clock, tzinfo=said.zone)
    moment = local.astimezone(UTC)
    if moment.astimezone(said.zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise ProblemsError([NO_SUCH_TIME.at(Place(), text=said.text, zone=said.zone.key)])
    return moment
