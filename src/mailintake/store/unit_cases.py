"""What a unit does with the numbers of cases and with their clock."""

from datetime import date

from mailintake.store.part import Part, insert_for, put_row, touch
from mailintake.store.tables import CLOCK, NUMBERS


class CaseWrites(Part):
    """Numbers of cases, and when a case must be looked at."""

    def next_number(self, year: int) -> int:
        """One statement; a unit that rolls back gives its number back, and no other unit ran meanwhile."""
        insert = insert_for(self._connection.dialect.name, NUMBERS)
        counted = insert.on_conflict_do_update(index_elements=["year"], set_={"last": NUMBERS.c.last + 1})
        given: int = self._connection.execute(counted.returning(NUMBERS.c.last), {"year": year, "last": 1}).scalar_one()
        touch(self._connection, NUMBERS, [{"year": year}])
        return given

    def look_again(self, number: str, rules: str, on: date) -> None:
        """By these rules nothing of that open case falls due before that day; until it is written again."""
        put_row(self._connection, CLOCK, {"case_number": number, "rules": rules, "look_on": on})
