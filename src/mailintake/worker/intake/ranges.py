"""Sets of UIDs as text: "1-500,503" instead of five hundred numbers."""

from collections.abc import Iterable
from itertools import groupby


def joined(numbers: Iterable[int]) -> str:
    """The shortest list of ranges for those numbers."""
    runs = groupby(enumerate(sorted(set(numbers))), key=lambda pair: pair[1] - pair[0])
    spans = [[number for _, number in run] for _, run in runs]
    return ",".join(f"{s[0]}-{s[-1]}" if len(s) > 1 else str(s[0]) for s in spans)


def parse(text: str) -> set[int]:
    """The numbers of such a list. ValueError when it is none."""
    found: set[int] = set()
    for span in filter(None, text.split(",")):
        low, _, high = span.partition("-")
        found.update(range(int(low), int(high or low) + 1))
    return found
