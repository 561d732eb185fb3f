"""What a unit does with cases."""

from sqlalchemy import Table, bindparam, delete

from mailintake.model.case import Case
from mailintake.model.codec import encode
from mailintake.store.part import Part, add_rows, insert_for, put_row, touch
from mailintake.store.tables import CASE_MESSAGES, CASES, IDENTIFIERS, NUMBERS, PARTICIPANTS
from mailintake.store.types import key_of

_FORGET = tuple(
    delete(table).where(table.c.case_number == bindparam("number")) for table in (PARTICIPANTS, IDENTIFIERS)
)


class CaseWrites(Part):
    """Cases and their numbers."""

    def next_number(self, year: int) -> int:
        """One statement; a unit that rolls back gives its number back, and no other unit ran meanwhile."""
        insert = insert_for(self._connection.dialect.name, NUMBERS)
        counted = insert.on_conflict_do_update(index_elements=["year"], set_={"last": NUMBERS.c.last + 1})
        given: int = self._connection.execute(counted.returning(NUMBERS.c.last), {"year": year, "last": 1}).scalar_one()
        touch(self._connection, NUMBERS, [{"year": year}])
        return given

    def save_case(self, case: Case) -> None:
        """The whole value, and the lookup tables in step with it. Mails never leave a case."""
        row = {
            "number": case.number,
            "procedure": case.procedure.value,
            "variant": case.variant,
            "state": case.state.value,
            "company": case.company,
            "opened_at": case.opened_at,
            "last_received_at": case.last_received_at,
            "rule_version": case.rule_version,
            "body": encode(case),
        }
        put_row(self._connection, CASES, row)
        for forget in _FORGET:
            self._connection.execute(forget, {"number": case.number})
        addresses = {p.addr.lower() for p in case.participants}
        people = [{"addr": addr, "domain": addr.rpartition("@")[2]} for addr in addresses]
        self._link(case, PARTICIPANTS, people)
        self._link(case, IDENTIFIERS, [{"identifier": key} for key in identifiers_of(case)])
        self._link(case, CASE_MESSAGES, [{"sha256": sha256} for sha256 in case.messages])

    def _link(self, case: Case, table: Table, rows: list[dict[str, str]]) -> None:
        add_rows(self._connection, table, [{"case_number": case.number, **row} for row in rows])


def identifiers_of(case: Case) -> set[str]:
    """Everything a person of the case may be called by in a mail, as types.key_of() writes it."""
    named = ((a.name, a.name_pinyin, a.passport_no, a.old_passport_no, a.card_no) for a in case.applicants)
    return {key for names in named for name in names if (key := key_of(name))}
