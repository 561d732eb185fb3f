"""What a unit does with the numbers of cases and with their clock."""

from datetime import date
from functools import cache

from sqlalchemy import bindparam

from mailintake.store.part import Part, insert_for, put_row, whole, written
from mailintake.store.quick import Quick
from mailintake.store.tables import CLOCK, NUMBERS


class CaseWrites(Part):
    """Numbers of cases, and when a case must be looked at."""

    def next_number(self, year: int) -> int:
        """One statement; a unit that rolls back gives its number back, and no other unit ran meanwhile."""
        rows = _counting(self._connection.dialect.name).rows(self._connection, of_year=year)
        written(self._connection, NUMBERS, rows)
        return int(rows[0]["last"])

    def look_again(self, number: str, rules: str, on: date) -> None:
        """By these rules nothing of that open case falls due before that day; until it is written again."""
        put_row(self._connection, CLOCK, {"case_number": number, "rules": rules, "look_on": on})


@cache
def _counting(dialect: str) -> Quick:
    insert = insert_for(dialect, NUMBERS).values(year=bindparam("of_year", type_=NUMBERS.c.year.type), last=1)
    counted = insert.on_conflict_do_update(index_elements=["year"], set_={"last": NUMBERS.c.last + 1})
    return Quick(counted.returning(*whole(NUMBERS)))
