"""Who holds a file: the same bytes come with many mails, and go only with the last of them."""

from collections.abc import Iterable

from sqlalchemy import Connection, Text, cast, or_, select

from mailintake.model.understanding import Disposition
from mailintake.store.reads import parts_of
from mailintake.store.tables import FACTS, MESSAGES, OUTBOX, READINGS

_TOGETHER = 40  # hashes that are looked for in one walk through the readings


def held_in_mails(connection: Connection, files: Iterable[str], but: Iterable[str] = ()) -> frozenset[str]:
    """Which of these files readings of mails name, those mails left out. No index leads from a file to its mails: all
    readings are gone through."""
    wanted, left_out, found = sorted(set(files)), frozenset(but), set[str]()
    body = cast(READINGS.c.body, Text)
    for start in range(0, len(wanted), _TOGETHER):
        part = wanted[start : start + _TOGETHER]
        asked = select(READINGS.c.sha256, body).where(or_(*(body.contains(sha256) for sha256 in part)))
        for sha256, text in connection.execute(asked, execution_options={"yield_per": 100}):
            if sha256 not in left_out:
                found |= {one for one in part if one in text}
    return frozenset(found)


def held_in_rows(connection: Connection, files: Iterable[str]) -> frozenset[str]:
    """Which of these files are mails or letters of ours, or were measured and not forgotten since."""
    wanted, found = sorted(set(files)), set[str]()
    there = MESSAGES.c.disposition.is_distinct_from(Disposition.ERASED.value)
    for part in parts_of(wanted):
        for asked in (
            select(MESSAGES.c.sha256).where(MESSAGES.c.sha256.in_(part), there),
            select(FACTS.c.sha256).where(FACTS.c.sha256.in_(part)),
            *(select(column).where(column.in_(part)) for column in (OUTBOX.c.sha256, OUTBOX.c.before_sha256)),
        ):
            found |= set(connection.execute(asked).scalars())
    return frozenset(found)
