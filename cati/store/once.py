"""A post that comes twice is done once: the second gets the reply of the first."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlmodel import Session, col, select

from cati.rules.messages import KEY_REUSED
from cati.store.claims import Write
from cati.store.tables import PostedOnce
from foundation.problems import Place, ProblemsError

Reply = dict[str, object]


@dataclass(frozen=True, slots=True)
class Post:
    """What a page sent: who, under which idempotency key, which act with which entries."""

    person_id: int
    key: str
    verb: str
    entries: Mapping[str, object]
    at: datetime

    @property
    def digest(self) -> str:
        """Return the hash of the act and its entries."""
        said = json.dumps([self.verb, self.entries], sort_keys=True, default=str)
        return hashlib.sha256(said.encode()).hexdigest()


def written(
    session: Session, write: Write, verb: str, entries: Mapping[str, object],
    act: Callable[[], Reply],
) -> Reply:  # fmt: skip
    """Return the reply of `act`, done once for a write under a claim."""
    said = {**entries, "case": write.claim.case_id, "fence": write.claim.fence}
    return once(session, Post(write.claim.person_id, write.key, verb, said, write.now), act)


def once(session: Session, post: Post, act: Callable[[], Reply]) -> Reply:
    """Return the reply of `act`, done the first time this post arrives and never again.

    The key is taken before the act, in its transaction: a second post that arrives meanwhile
    waits for the first. An act that fails leaves no key behind. Raises ProblemsError when the
    key was used with other entries.
    """
    if _take_key(session, post):
        reply = act()
        session.exec(
            update(PostedOnce)
            .where(col(PostedOnce.person_id) == post.person_id, col(PostedOnce.key) == post.key)
            .values(reply=reply)
        )
        return reply
    row = session.exec(
        select(PostedOnce.digest, PostedOnce.reply).where(
            PostedOnce.person_id == post.person_id, PostedOnce.key == post.key
        )
    ).one()
    if row[0] != post.digest:
        raise ProblemsError([KEY_REUSED.at(Place())])
    return dict(row[1] or {})


def _take_key(session: Session, post: Post) -> bool:
    insert = insert_sqlite if session.get_bind().dialect.name == "sqlite" else insert_postgresql
    taken = session.exec(
        insert(PostedOnce)
        .values(
            person_id=post.person_id, key=post.key, verb=post.verb, digest=post.digest, at=post.at
        )
        .on_conflict_do_nothing()
        .returning(col(PostedOnce.key))
    )
    return taken.first() is not None
