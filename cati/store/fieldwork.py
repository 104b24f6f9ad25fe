"""The calling rules of waves, and in which of their zones people may be called now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from cati.rules.fieldrules import FieldRules, read_rules
from cati.rules.hours import is_open, next_open
from cati.store.tables import Fieldwork, WaveZone
from survey.store.tables import Wave


@dataclass(frozen=True, slots=True)
class Field:
    """One wave under fieldwork: its rules, its dates, and the zones of its cases."""

    wave_id: int
    rules: FieldRules
    zones: tuple[str, ...]
    wave: Wave

    def end(self, zone: ZoneInfo) -> datetime | None:
        """Return the moment when fieldwork ends for somebody in `zone`; None when it is open."""
        if self.wave.ends_on is None:
            return None
        return datetime.combine(self.wave.ends_on + timedelta(days=1), time(), tzinfo=zone)

    def is_on(self, now: datetime) -> bool:
        """Tell whether fieldwork is open at this moment, somewhere at least."""
        zones = self.zones or ("UTC",)
        return self.wave.is_open and any(self._runs(now, ZoneInfo(zone)) for zone in zones)

    def open_zones(self, now: datetime) -> list[str]:
        """Return the zones in which people may be called at this moment."""
        return [
            zone
            for zone in self.zones
            if self._runs(now, ZoneInfo(zone)) and is_open(now, ZoneInfo(zone), self.rules.hours)
        ]

    def next_opening(self, now: datetime) -> datetime | None:
        """Return when the first of the wave's zones opens; None when none does any more."""
        moments = [next_open(now, ZoneInfo(zone), self.rules.hours) for zone in self.zones]
        found = [
            m for m, z in zip(moments, self.zones, strict=True) if m and self._before_end(m, z)
        ]
        return min(found, default=None)

    def _before_end(self, moment: datetime, zone: str) -> bool:
        end = self.end(ZoneInfo(zone))
        return end is None or moment < end

    def _runs(self, now: datetime, zone: ZoneInfo) -> bool:
        starts, today = self.wave.starts_on, now.astimezone(zone).date()
        return (starts is None or today >= starts) and self._before_end(now, zone.key)


def read_fields(session: Session, wave_ids: Sequence[int]) -> list[Field]:
    """Return the fieldwork of waves, in the order given; unknown waves are left out."""
    waves = {w.id: w for w in session.exec(select(Wave).where(col(Wave.id).in_(wave_ids)))}
    stored = session.exec(select(Fieldwork).where(col(Fieldwork.wave_id).in_(wave_ids)))
    rules = {row.wave_id: read_rules(row.rules) for row in stored}
    zones: dict[int, list[str]] = {}
    for row in session.exec(select(WaveZone).where(col(WaveZone.wave_id).in_(wave_ids))):
        zones.setdefault(row.wave_id, []).append(row.zone)
    return [
        Field(
            wave_id,
            rules.get(wave_id, FieldRules()),
            tuple(sorted(zones.get(wave_id, []))),
            waves[wave_id],
        )
        for wave_id in dict.fromkeys(wave_ids)
        if wave_id in waves
    ]


def read_field(session: Session, wave_id: int) -> Field:
    """Return the fieldwork of one wave that exists."""
    return read_fields(session, [wave_id])[0]


def set_rules(session: Session, wave_id: int, rules: FieldRules) -> None:
    """Keep the calling rules of a wave."""
    session.merge(Fieldwork(wave_id=wave_id, rules=rules.to_json()))
    session.flush()


def note_zones(session: Session, wave_id: int, zones: set[str]) -> None:
    """Remember in which zones a wave has cases."""
    known = set(session.exec(select(WaveZone.zone).where(WaveZone.wave_id == wave_id)))
    session.add_all(WaveZone(wave_id=wave_id, zone=zone) for zone in sorted(zones - known))
    session.flush()
