"""One comparison, and the sum of many."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Mark:
    """Was one field of one step right, what the labels said, and what we said."""

    field: str
    right: bool
    expected: str = ""
    got: str = ""


def mark(field: str, right: bool, expected: object, got: object) -> Mark:
    """A mark whose two sides print on one line."""
    return Mark(field, right, _shown(expected), _shown(got))


def table(marks: Iterable[Mark]) -> list[tuple[str, int, int]]:
    """(field, right, all), in order of first appearance."""
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for one in marks:
        total[one.field] += 1
        right[one.field] += one.right
    return [(field, right[field], count) for field, count in total.items()]


def _shown(thing: object) -> str:
    if isinstance(thing, set | frozenset | list | tuple):
        return "|".join(sorted(str(item) for item in thing)) or "-"
    return str(thing) if thing not in (None, "") else "-"
