"""What a unit does with cases."""

from datetime import date

from mailintake.model.case import Case
from mailintake.store.derived import columns_of, write_lookups
from mailintake.store.part import Part, add_rows, insert_for, put_row, touch
from mailintake.store.tables import CASE_MESSAGES, CASES, CLOCK, NUMBERS


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
        """The whole value, and what is made of it (store.derived) in step. Mails never leave a case."""
        put_row(self._connection, CASES, columns_of(case))
        write_lookups(self._connection, case)
        links = [{"case_number": case.number, "sha256": sha256} for sha256 in case.messages]
        add_rows(self._connection, CASE_MESSAGES, links)

    def look_again(self, number: str, rules: str, on: date) -> None:
        """By these rules nothing of that open case falls due before that day; until it is written again."""
        put_row(self._connection, CLOCK, {"case_number": number, "rules": rules, "look_on": on})
