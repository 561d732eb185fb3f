"""What is made from a case when it is written, and made anew after every migration: columns, lookups, search terms."""

from functools import cache
from typing import Any

from sqlalchemy import Connection, Table, bindparam, select

from mailintake.model.case import OPEN, Case
from mailintake.model.codec import decode, encode
from mailintake.stages.summary import summary_of
from mailintake.store.part import add_rows, forget_rows, put_row
from mailintake.store.quick import Quick
from mailintake.store.tables import CASES, CLOCK, IDENTIFIERS, PARTICIPANTS, TERMS
from mailintake.store.terms import terms_of
from mailintake.store.types import NEVER_LOOKED, JsonText, dumps, key_of, key_text

Row = dict[str, Any]


def columns_of(case: Case) -> Row:
    """The row of that case."""
    summary = summary_of(case)
    return {
        "number": case.number,
        "procedure": summary.procedure.value,
        "variant": summary.variant,
        "state": summary.state.value,
        "company": summary.company,
        "opened_at": summary.opened_at,
        "last_received_at": summary.last_received_at,
        "rule_version": case.rule_version,
        "city": summary.city,
        "people": list(summary.people),
        "verdict": encode(summary.verdict),
        "due": summary.due,
        "due_kind": encode(summary.due_kind),
        "provisional": summary.provisional,
        "todo": list(summary.todo),
        "findings": list(summary.findings),
        "flags": encode(summary.flags),
        "reasons": list(summary.reasons),
        "first_answer": encode(summary.first_answer),
        "revision": case.revision,
        "assigned": case.assigned,
        "told_late": summary.told_late,
        "body": JsonText(dumps(encode(case))),
    }


def lookups_of(case: Case) -> dict[str, set[tuple[str, ...]]]:
    """By name of the table, what stands there about that case besides its number, as it is stored."""
    addresses = {key_text(p.addr.lower()) for p in case.participants}
    return {
        PARTICIPANTS.name: {(addr, key_text(addr.rpartition("@")[2])) for addr in addresses},
        IDENTIFIERS.name: {(key_text(key),) for key in _identifiers(case)},
        TERMS.name: {(term,) for term in terms_of(case)},
    }


def _identifiers(case: Case) -> set[str]:
    """Everything a person of the case may be called by in a mail, as types.key_of() writes it."""
    named = ((a.name, a.name_pinyin, a.passport_no, a.old_passport_no, a.card_no) for a in case.applicants)
    return {key for names in named for name in names if (key := key_of(name))}


def found_alike(before: Case, after: Case) -> bool:
    """Do two values of one case give the same lookups? These fields are all that `lookups_of` looks at."""
    return all(
        getattr(before, name) == getattr(after, name) for name in ("company", "participants", "applicants", "documents")
    )


def write_lookups(connection: Connection, case: Case, *, opened: bool = False, alike: bool = False) -> None:
    """Bring the lookup tables in step with the case; only what changed is written. The clock looks at it anew.
    `opened`: nothing can stand there yet; `alike`: what stands there is right."""
    wanted = {} if alike else lookups_of(case)
    for table in () if alike else (PARTICIPANTS, IDENTIFIERS, TERMS):
        names, asked = _lookup(table)
        found = () if opened else asked.rows(connection, number=case.number)
        there: set[tuple[str, ...]] = {tuple(row.values()) for row in found}
        gone = [dict(zip(names, row, strict=True)) for row in sorted(there - wanted[table.name])]
        new = [dict(zip(names, row, strict=True)) for row in sorted(wanted[table.name] - there)]
        forget_rows(connection, table, [{"case_number": case.number, **row} for row in gone])
        add_rows(connection, table, [{"case_number": case.number, **row} for row in new])
    if case.state in OPEN:
        put_row(connection, CLOCK, {"case_number": case.number, "rules": "", "look_on": NEVER_LOOKED})
    else:
        forget_rows(connection, CLOCK, [{"case_number": case.number}])


def forget_lookups(connection: Connection, number: str) -> None:
    """Nothing is found by a case that is gone."""
    for table in (PARTICIPANTS, IDENTIFIERS, TERMS):
        gone = _lookup(table)[1].rows(connection, number=number)
        forget_rows(connection, table, [{"case_number": number, **row} for row in gone])
    forget_rows(connection, CLOCK, [{"case_number": number}])


@cache
def _lookup(table: Table) -> tuple[tuple[str, ...], Quick]:
    """Its columns besides the case, and what asks for those of one."""
    names = tuple(column.name for column in table.columns if column.name != "case_number")
    of_case = table.c.case_number == bindparam("number")
    return names, Quick(select(*(table.c[name] for name in names)).where(of_case))


def make_anew(connection: Connection) -> None:
    """Everything above for every case, from its body alone. The clock forgets what it had counted."""
    numbers = connection.execute(select(CASES.c.number).order_by(CASES.c.number)).scalars().all()
    for number in numbers:
        body = connection.execute(select(CASES.c.body).where(CASES.c.number == number)).scalar_one()
        case = decode(Case, body)
        put_row(connection, CASES, columns_of(case) | {"body": body})  # the value stays as its program wrote it
        write_lookups(connection, case)
