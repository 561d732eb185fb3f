"""Small facts leave `program_values` for tables and columns of their own; cases get the columns that lists read.

What stood there as strings: "uid:main:INBOX:7" is folders.mark now, "before:…" uids_before, "late:…" uids_late,
"first:…" folders.boundary; "polled:", "reconciled:", "fault:", "failing:", "letter_box:not_before", "drafts:asked_at"
are mailboxes; "sent_copy:wanted", "tried:7", "doubt:7", "resent:7", "restored:7" are outbox; "digest:…" is digests,
"sending:paused_until" pauses, "restored" restores, "events:head" event_head, "missing:…" the line for staff itself.
Leases ("lease:…") and the running numbers of imported mails follow from what is there anyway.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

from mailintake.store.types import Json, TermText, UTCDateTime

revision = "0003"
down_revision = "0002"

_SHANGHAI = ZoneInfo("Asia/Shanghai")
_PREFIXED = (
    "uid",
    "before",
    "late",
    "first",
    "missing",
    "polled",
    "reconciled",
    "fault",
    "failing",
    "tried",
    "doubt",
    "resent",
)
_LISTS = ("people", "todo", "findings", "flags", "reasons")
Values = dict[str, str]


def upgrade() -> None:
    """Tables first, then what they hold, then the old one goes."""
    connection = op.get_bind()
    values: Values = dict(row for row in connection.execute(sa.text("SELECT key, value FROM program_values")))
    _mailbox_tables()
    _other_tables()
    _columns(connection.dialect.name == "sqlite")
    _without_defaults()
    _fill_mailboxes(values)
    _fill_folders(values)
    _fill_outbox(values)
    _fill_notices(values)
    _fill_program(values)
    op.drop_table("program_values")
    op.execute(sa.text("DELETE FROM row_seals WHERE relation = 'program_values'"))


def _text(name: str, **options: Any) -> sa.Column[str]:
    return sa.Column(name, sa.String(), **{"nullable": False, **options})


def _whole(name: str, **options: Any) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), **{"nullable": False, **options})


def _big(name: str, **options: Any) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), **{"nullable": False, **options})


def _time(name: str, *, nullable: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _mailbox_tables() -> None:
    op.create_table(
        "mailboxes",
        _text("name", primary_key=True),
        _time("polled_at"),
        _time("reconciled_at"),
        _whole("on_server", nullable=True),
        _whole("recorded", nullable=True),
        _text("fault"),
        _time("failing_since"),
        _time("letters_not_before"),
        _time("drafts_asked_at"),
    )
    folders: dict[str, tuple[sa.Column[Any], ...]] = {
        "folders": (_big("mark"), _text("boundary")),
        "uids_before": (_big("first", primary_key=True), _big("last")),
        "uids_late": (_big("uid", primary_key=True), _whole("failures")),
    }
    for name, columns in folders.items():
        place = (_text("mailbox", primary_key=True), _text("folder", primary_key=True))
        op.create_table(name, *place, _big("uidvalidity", primary_key=True), *columns)


def _other_tables() -> None:
    op.create_table(
        "digests",
        _whole("sequence", primary_key=True, autoincrement=False),
        sa.Column("day", sa.Date(), nullable=False),
        _time("made_at", nullable=False),
    )
    op.create_table(
        "pauses",
        _whole("id", primary_key=True),
        _time("since", nullable=False),
        _time("until", nullable=False),
        _text("why"),
        _time("ended_at"),
    )
    op.create_table("restores", _whole("id", primary_key=True), _time("caught_up_at"))
    op.create_table(
        "event_head", _whole("id", primary_key=True, autoincrement=False), _whole("sequence"), _text("hash")
    )
    op.create_table(
        "case_clock",
        sa.Column("case_number", sa.String(), sa.ForeignKey("cases.number"), primary_key=True),
        _text("rules"),
        sa.Column("look_on", sa.Date(), nullable=False),
        sa.Index(None, "rules", "look_on"),
    )
    op.create_table(
        "case_terms",
        sa.Column("term", TermText(), primary_key=True),
        sa.Column("case_number", sa.String(), sa.ForeignKey("cases.number"), primary_key=True, index=True),
        sqlite_with_rowid=False,
    )


def _columns(sqlite: bool) -> None:
    """What cases say in columns is filled from their bodies after the last migration (store.derived)."""
    lists = {name: sa.Column(name, sa.JSON(), nullable=False, server_default="[]") for name in _LISTS}
    summary: tuple[sa.Column[Any], ...] = (
        _text("city", server_default=""),
        lists.pop("people"),
        _text("verdict", nullable=True),
        sa.Column("due", sa.Date()),
        _text("due_kind", nullable=True),
        sa.Column("provisional", sa.Boolean(), nullable=False, server_default=sa.false()),
        *lists.values(),
        _text("first_answer", nullable=True),
    )
    with op.batch_alter_table("cases", recreate="always" if sqlite else "never") as cases:
        for column in summary:
            cases.add_column(column, insert_before="body" if sqlite else None)
    with op.batch_alter_table("messages") as messages:
        messages.drop_column("claimed_until")
    with op.batch_alter_table("notices") as notices:
        notices.add_column(_text("about", server_default=""))
        notices.create_index(op.f("ix_notices_code_about"), ["code", "about"])
    with op.batch_alter_table("outbox") as outbox:
        for name in ("first_tried_at", "asked_since", "resent_at"):
            outbox.add_column(_time(name))
        for name in ("restored", "copy_wanted"):
            outbox.add_column(sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
        outbox.create_index(op.f("ix_outbox_state_sent_at"), ["state", "sent_at"])
        outbox.create_index(op.f("ix_outbox_in_answer_to"), ["in_answer_to"])
    op.create_index(
        "ix_outbox_copy_wanted",
        "outbox",
        ["id"],
        sqlite_where=sa.text("copy_wanted IS 1"),
        postgresql_where=sa.text("copy_wanted IS true"),
    )


def _without_defaults() -> None:
    """They were for the rows that were there; a program that forgets a column is to be told."""
    columns = {
        "cases": ("city", "provisional", *_LISTS),
        "notices": ("about",),
        "outbox": ("restored", "copy_wanted"),
    }
    for name, added in columns.items():
        with op.batch_alter_table(name) as table:
            for column in added:
                table.alter_column(column, server_default=None)


def _moment(told: str | None) -> datetime | None:
    return datetime.fromisoformat(told) if told else None


def _named(values: Values, family: str) -> Iterator[tuple[str, str]]:
    """(what stands behind "family:", value)."""
    for key, value in values.items():
        head, _, rest = key.partition(":")
        if head == family and rest and head in _PREFIXED:
            yield rest, value


def _table(name: str, /, **columns: Any) -> sa.TableClause:
    return sa.table(name, *(sa.column(column, kind) for column, kind in columns.items()))


def _add(table: sa.TableClause, rows: Iterable[dict[str, Any]]) -> None:
    if made := list(rows):
        op.get_bind().execute(sa.insert(table), made)


def _fill_mailboxes(values: Values) -> None:
    names = {name for family in ("polled", "reconciled", "fault", "failing") for name, _ in _named(values, family)}
    moments = ("polled_at", "reconciled_at", "failing_since", "letters_not_before", "drafts_asked_at")
    plain = {"name": sa.String(), "on_server": sa.Integer(), "recorded": sa.Integer(), "fault": sa.String()}
    rows = []
    for name in sorted(names):
        reconciled = values.get(f"reconciled:{name}", "").split()
        rows.append(
            {
                "name": name,
                "polled_at": _moment(values.get(f"polled:{name}")),
                "reconciled_at": _moment(reconciled[0] if reconciled else None),
                "on_server": int(reconciled[1]) if reconciled else None,
                "recorded": int(reconciled[2]) if reconciled else None,
                "fault": values.get(f"fault:{name}", ""),
                "failing_since": _moment(values.get(f"failing:{name}")),
                "letters_not_before": _moment(values.get("letter_box:not_before")),
                "drafts_asked_at": _moment(values.get("drafts:asked_at")),
            }
        )
    _add(_table("mailboxes", **plain, **dict.fromkeys(moments, UTCDateTime())), rows)


def _place(rest: str) -> dict[str, Any]:
    """ "main:INBOX:7"; names of mailboxes have no colon, those of folders may."""
    mailbox, _, behind = rest.partition(":")
    folder, _, uidvalidity = behind.rpartition(":")
    return {"mailbox": mailbox, "folder": folder, "uidvalidity": int(uidvalidity)}


def _fill_folders(values: Values) -> None:
    place = {"mailbox": sa.String(), "folder": sa.String(), "uidvalidity": sa.BigInteger()}
    marks = ((_place(rest), value) for rest, value in _named(values, "uid") if rest.count(":") >= 2)
    _add(
        _table("folders", **place, mark=sa.BigInteger(), boundary=sa.String()),
        (
            {**at, "mark": int(mark), "boundary": values.get(f"first:{at['mailbox']}:{at['folder']}", "")}
            for at, mark in marks
        ),
    )
    runs = (
        {**_place(rest), "first": int(run.partition("-")[0]), "last": int(run.rpartition("-")[2])}
        for rest, value in _named(values, "before")
        for run in filter(None, value.split(","))
    )
    _add(_table("uids_before", **place, first=sa.BigInteger(), last=sa.BigInteger()), runs)
    late = (
        {**_place(rest), "uid": int(one.partition(":")[0]), "failures": int(one.partition(":")[2])}
        for rest, value in _named(values, "late")
        for one in value.split()
    )
    _add(_table("uids_late", **place, uid=sa.BigInteger(), failures=sa.Integer()), late)


def _fill_outbox(values: Values) -> None:
    columns = {"tried": "first_tried_at", "doubt": "asked_since", "resent": "resent_at"}
    moments = dict.fromkeys(columns.values(), UTCDateTime())
    outbox = _table("outbox", id=sa.Integer(), restored=sa.Boolean(), copy_wanted=sa.Boolean(), **moments)
    changes: list[tuple[int, dict[str, Any]]] = [
        (int(number), {column: _moment(value)})
        for family, column in columns.items()
        for number, value in _named(values, family)
    ]
    changes += [(int(key.partition(":")[2]), {"restored": True}) for key in values if key.startswith("restored:")]
    changes += [(int(number), {"copy_wanted": True}) for number in values.get("sent_copy:wanted", "").split()]
    for number, change in changes:
        op.get_bind().execute(sa.update(outbox).where(outbox.c.id == number).values(change))


def _fill_notices(values: Values) -> None:
    """What a line is about was the beginning of its text."""
    kinds = {
        "id": sa.Integer(),
        "code": sa.String(),
        "text": sa.String(),
        "about": sa.String(),
        "case_number": sa.String(),
    }
    moments = {"at": UTCDateTime(), "closed_at": UTCDateTime()}
    notices = _table("notices", **kinds, **moments, message=sa.String(), why=sa.String())
    known = set()
    for number, code, text in op.get_bind().execute(sa.select(notices.c.id, notices.c.code, notices.c.text)).all():
        about = text
        if code in ("mailbox.fault", "message.unfetchable"):
            about = text.partition(": ")[0]
        elif code == "sending.paused":
            about = ""
        known.add((code, about))
        op.get_bind().execute(sa.update(notices).where(notices.c.id == number).values(about=about[:500]))
    for rest, told in _named(values, "missing"):
        about = ": ".join(rest.split(":", 1))
        if ("mailbox.folder_missing", about) not in known:
            row = {"code": "mailbox.folder_missing", "text": about, "about": about, "case_number": "", "message": ""}
            _add(notices, [{**row, "why": "", "at": _moment(told), "closed_at": _moment(told)}])


def _fill_program(values: Values) -> None:
    """Digests and pauses tell in the log when they were."""
    events = _table("events", at=UTCDateTime(), what=sa.String(), data=Json(), sequence=sa.Integer())
    log = op.get_bind().execute(
        sa.select(events.c.at, events.c.what, events.c.data)
        .where(events.c.what.in_(("digest.made", "sending.paused")))
        .order_by(events.c.sequence)
    )
    made: dict[int, tuple[date, datetime]] = {}
    paused: datetime | None = None
    for at, what, data in log.all():
        if what == "digest.made":
            made[int(dict(data)["sequence"])] = (at.astimezone(_SHANGHAI).date(), at)
        else:
            paused = at
    if (last := int(values.get("digest:sequence", "0"))) and last not in made:
        day = date.fromisoformat(values["digest:last_day"])
        made[last] = (day, datetime(day.year, day.month, day.day, 12, tzinfo=_SHANGHAI))
    _add(
        _table("digests", sequence=sa.Integer(), day=sa.Date(), made_at=UTCDateTime()),
        ({"sequence": number, "day": day, "made_at": at} for number, (day, at) in sorted(made.items())),
    )
    if (until := _moment(values.get("sending:paused_until"))) is not None:
        kinds = {"since": UTCDateTime(), "until": UTCDateTime(), "why": sa.String()}
        _add(_table("pauses", **kinds), [{"since": paused or until, "until": until, "why": _why()}])
    if told := values.get("restored"):
        caught_up = None if told == "pending" else _moment(told)
        _add(_table("restores", caught_up_at=UTCDateTime()), [{"caught_up_at": caught_up}])
    if head := values.get("events:head"):
        sequence, _, hash_ = head.partition(" ")
        row = {"id": 1, "sequence": int(sequence), "hash": hash_}
        _add(_table("event_head", id=sa.Integer(), sequence=sa.Integer(), hash=sa.String()), [row])


def _why() -> str:
    """What staff were told of a pause that is not over."""
    asked = "SELECT text FROM notices WHERE code = 'sending.paused' AND closed_at IS NULL ORDER BY id DESC LIMIT 1"
    return op.get_bind().execute(sa.text(asked)).scalar() or ""
